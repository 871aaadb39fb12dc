// RemOnline's report on employees (metrics §6). Rows unfold to leads: --drill KEY:leads.
#include "hookline/sdk/plugin.h"

namespace {

constexpr std::string_view kDefinition = R"json({
  "id": "employee-performance",
  "title": {"ru": "Эффективность сотрудников", "en": "Employee performance"},
  "rows": "leads",
  "options": [
    {"id": "credit", "type": "enum", "values": ["responsible", "creator", "at_close"], "default": "responsible", "title": {"ru": "Чьё обращение", "en": "Whose lead it is"}},
    {"id": "date", "type": "enum", "values": ["created", "converted", "closed"], "default": "created", "title": {"ru": "По дате", "en": "By date of"}}],
  "period": [
    {"expr": "in_period(created_at) or in_period(order_at) or in_period(sale_at)", "when": "option.date = 'converted'"},
    {"expr": "in_period(closed_at)", "when": "option.date = 'closed'"}],
  "dimensions": [
    {"id": "employee", "expr": "responsible",
     "title": {"ru": "Сотрудник", "en": "Employee"}, "empty": {"ru": "Не назначен", "en": "Not assigned"},
     "definition": {"ru": "Ответственный за обращение сейчас", "en": "Who is responsible for the lead now"},
     "cases": [
       {"when": "option.credit = 'creator'", "expr": "creator", "title": {"ru": "Кто создал", "en": "Creator"}, "empty": {"ru": "Не назначен", "en": "Not assigned"}},
       {"when": "option.credit = 'at_close'", "expr": "at_close", "title": {"ru": "Кто вёл", "en": "Had it when it closed"}, "empty": {"ru": "Не назначен", "en": "Not assigned"}}]}],
  "measures": [
    {"id": "leads", "type": "integer", "expr": "count()",
     "title": {"ru": "Обращений", "en": "Leads"},
     "definition": {"ru": "Обращения периода; объединённые и удалённые не считаются", "en": "Leads of the period; merged and deleted ones are not counted"},
     "cases": [
       {"when": "option.date = 'converted'", "expr": "count() where in_period(created_at)", "definition": {"ru": "Обращения, созданные за период", "en": "Leads created in the period"}}]},
    {"id": "orders", "type": "integer", "expr": "count() where order_at is not null",
     "title": {"ru": "В заказы", "en": "To orders"},
     "definition": {"ru": "Из них стали заказом, когда бы это ни было", "en": "Of them, those that became an order, whenever that was"},
     "cases": [
       {"when": "option.date = 'converted'", "expr": "count() where in_period(order_at)", "definition": {"ru": "Стали заказом за период", "en": "Became an order in the period"}}]},
    {"id": "sales", "type": "integer", "expr": "count() where sale_at is not null",
     "title": {"ru": "В продажи", "en": "To sales"},
     "definition": {"ru": "Из них стали продажей, когда бы это ни было", "en": "Of them, those that became a sale, whenever that was"},
     "cases": [
       {"when": "option.date = 'converted'", "expr": "count() where in_period(sale_at)", "definition": {"ru": "Стали продажей за период", "en": "Became a sale in the period"}}]},
    {"id": "converted", "type": "integer", "expr": "count() where order_at is not null or sale_at is not null",
     "title": {"ru": "Сконвертировано", "en": "Converted"},
     "definition": {"ru": "Стали заказом или продажей; ставшее и тем и другим считается раз", "en": "Became an order or a sale; one that became both counts once"},
     "cases": [
       {"when": "option.date = 'converted'", "expr": "count() where in_period(order_at) or in_period(sale_at)", "definition": {"ru": "Стали заказом или продажей за период", "en": "Became an order or a sale in the period"}}]},
    {"id": "conversion", "type": "percent", "expr": "(count() where order_at is not null or sale_at is not null) / count()",
     "title": {"ru": "Конверсия, %", "en": "Conversion, %"},
     "definition": {"ru": "Доля сконвертированных", "en": "Share of those converted"},
     "cases": [
       {"when": "option.date = 'converted'", "expr": "(count() where in_period(order_at) or in_period(sale_at)) / (count() where in_period(created_at))", "definition": {"ru": "Сконвертированные за период к созданным за период; может быть больше 100 %", "en": "Those converted in the period to those created in it; may exceed 100 %"}}]}],
  "filters": [
    {"id": "type", "expr": "kind", "title": {"ru": "Тип", "en": "Type"}},
    {"id": "employee", "expr": "responsible", "title": {"ru": "Сотрудник", "en": "Employee"}}]
})json";

class EmployeePerformance final : public hookline::Report<hookline::NoSettings> {
 public:
  std::string definition() override { return std::string(kDefinition); }
};

}  // namespace

HOOKLINE_PLUGIN(EmployeePerformance, {"employee-performance", "1.0.0", "Hookline", "Apache-2.0",
                                      "What became of the leads of each employee"})
