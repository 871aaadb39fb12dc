// What lead-conversion and employee-performance have in common (metrics §6): the
// same figures of leads, by type or by employee.
#pragma once

#include <string>

#include "hookline/sdk/report_defaults.h"

namespace leads_funnel {

inline constexpr std::string_view kDate =
    R"json({"id": "date", "type": "enum", "values": ["created", "converted", "closed"], "default": "created", "title": {"ru": "По дате", "en": "By date of"}})json";

inline constexpr std::string_view kPeriod = R"json("period": [
    {"expr": "in_period(created_at) or in_period(order_at) or in_period(sale_at)", "when": "option.date = 'converted'"},
    {"expr": "in_period(closed_at)", "when": "option.date = 'closed'"}])json";

inline constexpr std::string_view kMeasures = R"json("measures": [
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
       {"when": "option.date = 'converted'", "expr": "(count() where in_period(order_at) or in_period(sale_at)) / (count() where in_period(created_at))", "definition": {"ru": "Сконвертированные за период к созданным за период; может быть больше 100 %", "en": "Those converted in the period to those created in it; may exceed 100 %"}}]}])json";

// The definition with these in place of %DATE%, %PERIOD% and %MEASURES%.
inline std::string whole(std::string_view definition) {
  return hookline::filled(definition, {{"%DATE%", kDate}, {"%PERIOD%", kPeriod}, {"%MEASURES%", kMeasures}});
}

}  // namespace leads_funnel
