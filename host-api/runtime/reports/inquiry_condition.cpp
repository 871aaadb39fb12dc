#include "reports/inquiry_condition.h"

#include "reports/checker.h"
#include "reports/field_words.h"
#include "reports/row_evaluator.h"

namespace hkl {
namespace {

std::string text_of(const hkl_str& text) { return {text.ptr == nullptr ? "" : text.ptr, text.len}; }

Value text_value(const hkl_str& text) {
  if (text.len == 0) return {};
  return text_of(text);
}
Value text_value(std::string_view text) {
  if (text.empty()) return {};
  return std::string(text);
}
// Times and durations count seconds in the language.
Value seconds_of(std::int64_t ms) {
  if (ms == HKL_UNKNOWN_MS) return {};
  return *fraction(ms, 1000);
}
Value number_of(std::int64_t number) { return Rational{number, 1}; }

template <typename Word>
Value word_of(std::uint32_t number) {
  return number == 0 ? Value{} : text_value(word(static_cast<Word>(number)));
}

std::vector<std::string> texts_of(const hkl_strs& texts) {
  std::vector<std::string> found;
  for (std::uint64_t i = 0; i < texts.count; ++i) found.push_back(text_of(texts.items[i]));
  return found;
}

EvaluatedRow row_of(const hkl_touch& t, const hkl_contact* contact, std::uint64_t earlier_count) {
  EvaluatedRow row;
  row.values = {{"at", seconds_of(t.at_ms)},
                {"kind", word_of<InquiryKind>(t.inquiry_kind)},
                {"direction", word_of<Direction>(t.direction)},
                {"outcome", word_of<Outcome>(t.outcome)},
                {"answered", t.outcome == HKL_OUTCOME_ANSWERED},
                {"missed", t.outcome == HKL_OUTCOME_MISSED},
                {"finish_reason", word_of<Reason>(t.finish_reason)},
                {"is_over", t.is_over != 0},
                {"wait_s", seconds_of(t.wait_ms)},
                {"queue_wait_s", seconds_of(t.queue_wait_ms)},
                {"talk_s", seconds_of(t.talk_ms)},
                {"line", text_value(t.line)},
                {"line_ad_source", text_value(t.line_ad_source)},
                {"extension", text_value(t.extension)},
                {"employee", text_value(t.employee)},
                {"last_employee", text_value(t.last_employee)},
                {"queue", text_value(t.queue)},
                {"number", text_value(t.number)},
                {"email", text_value(t.email)},
                {"text", text_value(t.text)},
                {"ad_source", text_value(t.ad_source)},
                {"advertising", t.is_advertising == HKL_TRI_UNKNOWN ? Value{} : Value{t.is_advertising == HKL_TRI_YES}},
                {"channel", text_value(t.channel)},
                {"rating", t.rating == 0 ? Value{} : number_of(t.rating)},
                {"taken_at", seconds_of(t.taken_at_ms)},
                {"taken_by", text_value(t.taken_by)},
                {"responsible", text_value(t.responsible)},
                {"contact", contact == nullptr ? Value{} : text_value(contact->id)},
                {"contact_name", contact == nullptr ? Value{} : text_value(contact->name)},
                {"earlier", number_of(static_cast<std::int64_t>(earlier_count))}};
  row.sets = {{"tags", texts_of(t.tags)}};
  return row;
}

}  // namespace

const Entity& inquiry_facts() {
  static const Entity entity = [] {
    Entity e;
    e.name = "inquiry";
    e.singular = "inquiry";
    const auto add = [&](const char* name, Type type, const char* ru, const char* en,
                         std::vector<std::string_view> words = {}) {
      e.fields.push_back({name, type, "", ru, en, std::move(words)});
    };
    add("at", Type::time, "Время", "Time");
    add("kind", Type::text, "Вид", "Kind", words_until(InquiryKind::chat));
    add("direction", Type::text, "Направление", "Direction", words_until(Direction::internal));
    add("outcome", Type::text, "Статус звонка", "Outcome", words_until(Outcome::unsuccessful));
    add("answered", Type::boolean, "Состоялся", "Answered");
    add("missed", Type::boolean, "Пропущенный", "Missed");
    add("finish_reason", Type::text, "Причина завершения", "Finish reason", words_until(Reason::unknown));
    add("is_over", Type::boolean, "Закончен", "Over");
    add("wait_s", Type::duration, "Ожидание ответа", "Wait");
    add("queue_wait_s", Type::duration, "Ожидание людей", "Queue wait");
    add("talk_s", Type::duration, "Разговор", "Talk");
    add("line", Type::text, "Виртуальный номер", "Line");
    add("line_ad_source", Type::text, "Источник номера", "Line's source");
    add("extension", Type::text, "Внутренний номер", "Extension");
    add("employee", Type::text, "Сотрудник", "Employee");
    add("last_employee", Type::text, "Говорил последним", "Last employee");
    add("queue", Type::text, "Очередь", "Queue");
    add("number", Type::text, "Номер", "Number");
    add("email", Type::text, "Почта", "E-mail");
    add("text", Type::text, "Текст", "Text");
    add("ad_source", Type::text, "Рекламный источник", "Source");
    add("advertising", Type::boolean, "Рекламное", "Advertising");
    add("channel", Type::text, "Канал", "Channel");
    add("rating", Type::integer, "Оценка", "Rating");
    add("taken_at", Type::time, "Взято", "Taken at");
    add("taken_by", Type::text, "Кто взял", "Taken by");
    add("responsible", Type::text, "Ответственный", "Responsible");
    add("contact", Type::text, "Контакт", "Contact");
    add("contact_name", Type::text, "Имя контакта", "Contact's name");
    add("earlier", Type::integer, "Прежних обращений", "Earlier inquiries");
    add("tags", Type::set, "Теги", "Tags");
    e.fields.back().set = SetStore::rows;
    return e;
  }();
  return entity;
}

struct CheckedCondition::State {
  NodePtr condition;
  std::string zone;
};

CheckedCondition::CheckedCondition(std::unique_ptr<State> state) : state_(std::move(state)) {}
CheckedCondition::CheckedCondition(CheckedCondition&&) noexcept = default;
CheckedCondition::~CheckedCondition() = default;

Result<CheckedCondition> CheckedCondition::of(std::string_view text, std::string zone) {
  Scope scope;
  scope.entity = &inquiry_facts();
  auto checked = checked_condition(text, scope);
  if (!checked) return fail(checked.error());
  return CheckedCondition(std::make_unique<State>(State{std::move(*checked), std::move(zone)}));
}

bool CheckedCondition::holds(const hkl_touch& touch, const hkl_contact* contact, std::uint64_t earlier_count) const {
  const auto row = row_of(touch, contact, earlier_count);
  static const OptionValues none;
  return RowEvaluator(row, none, state_->zone).holds(*state_->condition);
}

}  // namespace hkl
