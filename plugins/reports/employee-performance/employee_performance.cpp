// RemOnline's report on employees (metrics §6). Rows unfold to leads: --drill KEY:leads.
#include "../leads-funnel/leads_funnel.h"
#include "hookline/sdk/plugin.h"

namespace {

constexpr std::string_view kDefinition = R"json({
  "id": "employee-performance",
  "title": {"ru": "Эффективность сотрудников", "en": "Employee performance"},
  "rows": "leads",
  "options": [
    {"id": "credit", "type": "enum", "values": ["responsible", "creator", "at_close"], "default": "responsible", "title": {"ru": "Чьё обращение", "en": "Whose lead it is"}},
    %DATE%],
  "terms": [
    {"id": "whose", "expr": "if(option.credit = 'creator', creator, option.credit = 'at_close', at_close, responsible)"}],
  %PERIOD%,
  "dimensions": [
    {"id": "employee", "expr": "responsible",
     "title": {"ru": "Сотрудник", "en": "Employee"}, "empty": {"ru": "Не назначен", "en": "Not assigned"},
     "definition": {"ru": "Ответственный за обращение сейчас", "en": "Who is responsible for the lead now"},
     "cases": [
       {"when": "option.credit = 'creator'", "expr": "creator", "title": {"ru": "Кто создал", "en": "Creator"}, "empty": {"ru": "Не назначен", "en": "Not assigned"}},
       {"when": "option.credit = 'at_close'", "expr": "at_close", "title": {"ru": "Кто вёл", "en": "Had it when it closed"}, "empty": {"ru": "Не назначен", "en": "Not assigned"}}]}],
  %MEASURES%,
  "filters": [
    {"id": "type", "expr": "kind", "title": {"ru": "Тип", "en": "Type"}},
    {"id": "employee", "expr": "whose", "title": {"ru": "Сотрудник", "en": "Employee"}}]
})json";

class EmployeePerformance final : public hookline::Report<hookline::NoSettings> {
 public:
  std::string definition() override { return leads_funnel::whole(kDefinition); }
};

}  // namespace

HOOKLINE_PLUGIN(EmployeePerformance, {"employee-performance", "1.0.0", "Hookline", "Apache-2.0",
                                      "What became of the leads of each employee"})
