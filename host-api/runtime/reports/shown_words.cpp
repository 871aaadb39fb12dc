#include "reports/shown_words.h"

#include <span>

namespace hkl {
namespace {

struct Russian {
  std::string_view word, text;
};

// Where the seeds have a name for it (metrics §4, §4.1, §7), that.
constexpr Russian kDirectionWords[] = {{"in", "Входящий"}, {"out", "Исходящий"}, {"internal", "Локальный"}};
constexpr Russian kOutcomeWords[] = {
    {"answered", "Принятый / состоявшийся"}, {"missed", "Потерянный"}, {"unsuccessful", "Несостоявшийся"}};
// Where it is known which way the call went: who rings us is taken, whom we ring is reached.
constexpr Russian kAnsweredWords[] = {{"in", "Принятый"}, {"out", "Состоявшийся"}, {"internal", "Состоявшийся"}};
constexpr Russian kReasonWords[] = {{"normal", "Обычное завершение"},
                                    {"client_hung_up", "Абонент разорвал соединение"},
                                    {"employee_hung_up", "Сотрудник отменил вызов"},
                                    {"client_no_answer", "Абонент не отвечает"},
                                    {"client_busy", "Абонент занят"},
                                    {"client_rejected", "Абонент отклонил"},
                                    {"client_unavailable", "Абонент недоступен"},
                                    {"employee_no_answer", "Сотрудник не отвечает"},
                                    {"employee_busy", "Сотрудник занят"},
                                    {"employee_unavailable", "Сотрудник неактивен"},
                                    {"employee_rejected", "Сотрудник разорвал соединение"},
                                    {"dial_timeout", "Время дозвона истекло"},
                                    {"queue_timeout", "Время в очереди истекло"},
                                    {"network", "Проблемы с сетью"},
                                    {"technical", "Технические причины"},
                                    {"limit", "Лимиты"},
                                    {"finance", "Финансовые причины"},
                                    {"not_configured", "Отсутствуют настройки"},
                                    {"security", "Безопасность"},
                                    {"unknown", "Неизвестно"}};
constexpr Russian kSideWords[] = {{"client", "Абонент"}, {"employee", "Сотрудник"}, {"system", "Система"}};
constexpr Russian kCallTypeWords[] = {{"line", "Виртуальный номер"},
                                      {"site_phone", "Телефон на сайте"},
                                      {"callback", "Обратный звонок"},
                                      {"sip", "Исходящий по SIP"},
                                      {"scenario", "Сценарий"},
                                      {"api", "API"},
                                      {"tracking_static", "Статический коллтрекинг"},
                                      {"tracking_dynamic", "Динамический коллтрекинг"},
                                      {"external_pbx", "С другой АТС"},
                                      {"unknown", "Неизвестно"}};
constexpr Russian kQualityWords[] = {{"target", "Целевой"},
                                     {"non_target", "Нецелевой"},
                                     {"repeat", "Повторный"},
                                     {"unverified", "Непроверенный"},
                                     {"unsorted", "Неразобранный"}};
constexpr Russian kInquiryWords[] = {
    {"call", "Звонок"}, {"request", "Заявка"}, {"manual", "Ручная заявка"}, {"chat", "Чат"}};
constexpr Russian kTypeWords[] = {{"call", "Звонок"},
                                  {"unanswered_call", "Неотвеченный звонок"},
                                  {"request", "С сайта"},
                                  {"manual", "Создан сотрудником"},
                                  {"chat", "Чат"}};
constexpr Russian kTakenWords[] = {{"talked", "Разговор"}, {"opened", "Открыто"}, {"assigned", "Передано"}};
constexpr Russian kTaskWords[] = {
    {"open", "Открыта"}, {"done", "Выполнена"}, {"overdue", "Просрочена"}, {"cancelled", "Отменена"}};
constexpr Russian kLegKindWords[] = {{"employee", "Сотрудник"},     {"queue", "Очередь"},
                                     {"group", "Группа"},           {"ivr", "Голосовое меню"},
                                     {"external", "Внешний номер"}, {"voicemail", "Голосовая почта"}};
constexpr Russian kLegOutcomeWords[] = {{"answered", "Ответ"},
                                        {"no_answer", "Не взял"},
                                        {"busy", "Занято"},
                                        {"elsewhere", "Взял другой"},
                                        {"rejected", "Отклонил"},
                                        {"unavailable", "Недоступен"},
                                        {"cancelled", "Клиент положил трубку"},
                                        {"failed", "Сбой"},
                                        {"abandoned", "Клиент не дождался"},
                                        {"timed_out", "Вышло время"},
                                        {"no_staff", "Никого на месте"},
                                        {"refused", "Не принят"},
                                        {"moved", "Переведён"}};

struct FieldWords {
  std::string_view field, first;  // the first of its words tells fields of one name apart
  std::span<const Russian> words;
};
constexpr FieldWords kFieldWords[] = {
    {"direction", "in", kDirectionWords},   {"called_back_direction", "in", kDirectionWords},
    {"outcome", "answered", kOutcomeWords}, {"finish_reason", "normal", kReasonWords},
    {"hung_up_by", "client", kSideWords},   {"call_type", "line", kCallTypeWords},
    {"quality", "target", kQualityWords},   {"kind", "call", kInquiryWords},
    {"created_by", "call", kInquiryWords},  {"came_as", "call", kTypeWords},
    {"taken_how", "talked", kTakenWords},   {"state", "open", kTaskWords},
    {"kind", "employee", kLegKindWords},    {"leg_outcome", "answered", kLegOutcomeWords}};

}  // namespace

std::string shown_word(const Field& field, const std::string& word, const std::string& language,
                       std::string_view direction) {
  if (language != "ru" || field.words.empty()) return word;
  if (field.name == "outcome" && word == "answered")
    for (const auto& one : kAnsweredWords)
      if (one.word == direction) return std::string(one.text);
  for (const auto& known : kFieldWords) {
    if (known.field != field.name || known.first != field.words.front()) continue;
    for (const auto& one : known.words)
      if (one.word == word) return std::string(one.text);
  }
  return word;
}

const Field* shown_field_of(const Node& of) {
  if (of.kind == NodeKind::field) return of.field;
  const bool is_only = of.kind == NodeKind::aggregate && of.text == "only" && of.children[0]->kind == NodeKind::field;
  return is_only ? of.children[0]->field : nullptr;
}

std::string shown_word(const WordTexts& own, const Node& of, const std::string& word, const std::string& language,
                       std::string_view direction) {
  if (const auto found = own.find(word); found != own.end()) return found->second.in(language);
  const auto* field = shown_field_of(of);
  return field == nullptr ? word : shown_word(*field, word, language, direction);
}

}  // namespace hkl
