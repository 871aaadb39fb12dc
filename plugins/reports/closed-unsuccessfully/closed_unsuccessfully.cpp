// RemOnline's list of lost leads, and their reasons (metrics §6).
#include "hookline/sdk/plugin.h"

namespace {

constexpr std::string_view kDefinition = R"json({
  "id": "closed-unsuccessfully",
  "title": {"ru": "Закрытые неуспешно", "en": "Closed unsuccessfully"},
  "rows": "leads",
  "options": [
    {"id": "show", "type": "enum", "values": ["leads", "reasons"], "default": "leads", "title": {"ru": "Показать", "en": "Show"}},
    {"id": "date", "type": "enum", "values": ["closed", "created"], "default": "closed", "title": {"ru": "По дате", "en": "By date of"}}],
  "period": [
    {"expr": "in_period(closed_at)", "when": "option.date = 'closed'"}],
  "where": [
    {"expr": "groups = 'closed_unsuccessfully'"}],
  "dimensions": [
    {"id": "reason", "expr": "stage", "when": "option.show = 'reasons'",
     "title": {"ru": "Причина", "en": "Reason"},
     "definition": {"ru": "Этап, на котором закрыто обращение", "en": "The stage in which the lead was closed"}},
    {"id": "number", "expr": "id", "when": "option.show = 'leads'", "title": {"ru": "Обращение", "en": "Lead"}}],
  "measures": [
    {"id": "created", "type": "time", "expr": "min(created_at)", "when": "option.show = 'leads'",
     "title": {"ru": "Создано", "en": "Created"},
     "definition": {"ru": "Создано", "en": "Created"}},
    {"id": "closed", "type": "time", "expr": "max(closed_at)", "when": "option.show = 'leads'",
     "title": {"ru": "Закрыто", "en": "Closed"},
     "definition": {"ru": "Закрыто", "en": "Closed"}},
    {"id": "type", "type": "text", "expr": "only(kind)", "when": "option.show = 'leads'",
     "title": {"ru": "Тип", "en": "Type"},
     "definition": {"ru": "Тип", "en": "Type"}},
    {"id": "contact", "type": "text", "expr": "only(contact)", "when": "option.show = 'leads'",
     "title": {"ru": "Контакт", "en": "Contact"},
     "definition": {"ru": "Контакт", "en": "Contact"}},
    {"id": "responsible", "type": "text", "expr": "only(responsible)", "when": "option.show = 'leads'",
     "title": {"ru": "Ответственный", "en": "Responsible"},
     "definition": {"ru": "Ответственный", "en": "Responsible"}},
    {"id": "stage", "type": "text", "expr": "only(stage)", "when": "option.show = 'leads'",
     "title": {"ru": "Этап", "en": "Stage"},
     "definition": {"ru": "Этап", "en": "Stage"}},
    {"id": "ad_source", "type": "text", "expr": "only(ad_source)", "when": "option.show = 'leads'",
     "title": {"ru": "Источник", "en": "Ad source"},
     "definition": {"ru": "Источник", "en": "Ad source"}},
    {"id": "leads", "type": "integer", "expr": "count()",
     "title": {"ru": "Обращений", "en": "Leads"},
     "definition": {"ru": "Обращения, которые сейчас закрыты неуспешно", "en": "Leads that are now closed unsuccessfully"}},
    {"id": "share", "type": "percent", "expr": "count() / total(count())", "when": "option.show = 'reasons'",
     "title": {"ru": "Доля", "en": "Share"},
     "definition": {"ru": "Доля от всех закрытых неуспешно", "en": "Share of all closed unsuccessfully"}}],
  "filters": [
    {"id": "type", "expr": "kind", "title": {"ru": "Тип", "en": "Type"}},
    {"id": "responsible", "expr": "responsible", "title": {"ru": "Ответственный", "en": "Responsible"}}],
  "sort": ["-closed", "reason"]
})json";

class ClosedUnsuccessfully final : public hookline::Report<hookline::NoSettings> {
 public:
  std::string definition() override { return std::string(kDefinition); }
};

}  // namespace

HOOKLINE_PLUGIN(ClosedUnsuccessfully, {"closed-unsuccessfully", "1.0.0", "Hookline", "Apache-2.0",
                                       "Leads that were closed without success, and why"})
