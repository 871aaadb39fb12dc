// What of a row expression hangs on calendars, on the length of the period and
// on lists of an option.
#include <algorithm>

#include "reports/calendar_text.h"
#include "reports/compile.h"
#include "reports/option_definition.h"
#include "reports/sql_number.h"
#include "reports/zone_clock.h"

namespace hkl {

// A calendar that is not known was refused with the settings.
SqlNumber RowCompiler::open_time(const Node& node) const {
  const auto named = evaluate(*node.children[2], with_.options);
  const auto* name = std::get_if<std::string>(&named);
  auto from = number(*node.children[0]), to = number(*node.children[1]);
  if (!bring_together(from, to)) return kNull;
  if (name == nullptr || *name == kWallClock) return {"(" + to.sql + " - " + from.sql + ")", from.den};
  const auto* calendar = with_.calendar(*name);
  if (calendar == nullptr || from.den % 1000 != 0) return kNull;
  const auto ms = [](const SqlNumber& at) { return rounded({at.sql, at.den / 1000}, "hkl_floor"); };
  return {"hkl_open_ms(" + ms(from) + ", " + ms(to) + ", " + SqlText::value(calendar_text(*calendar)) + ")", 1000};
}

// Without a period there is no telling how many days it has.
SqlText RowCompiler::period_days(const Node& node) const {
  if (!with_.from_ms || !with_.to_ms) return "NULL";
  const auto& clock = ZoneClock::of(with_.zone);
  const auto days = [&](int weekday) {
    return with_.hours.has_day(weekday) ? clock.days_between(*with_.from_ms, *with_.to_ms, weekday) : 0;
  };
  if (with_.is_total) {
    std::int64_t all = 0;
    for (int day = 1; day <= 7; ++day) all += days(day);
    return SqlText::value(all);
  }
  Node weekday;
  weekday.kind = NodeKind::function;
  weekday.text = "weekday";
  weekday.type = Type::integer;
  weekday.children.push_back(node.children[0]->clone());
  SqlText sql = "(CASE " + this->clock(weekday);
  for (int day = 1; day <= 7; ++day)
    sql += " WHEN " + SqlText::value(std::int64_t{day}) + " THEN " + SqlText::value(days(day));
  return sql + " END)";
}

// `in (option.tags)`: the texts of the option one by one; null where there is
// no such option among them.
NodePtr RowCompiler::spread(const Node& among) const {
  const auto is_spread = [](const NodePtr& child) { return child->is_spread; };
  if (std::none_of(among.children.begin(), among.children.end(), is_spread)) return nullptr;
  auto several = std::make_unique<Node>();
  several->kind = NodeKind::among;
  several->is_negated = among.is_negated;
  several->type = Type::boolean;
  for (const auto& child : among.children) {
    if (!child->is_spread) {
      several->children.push_back(child->clone());
      continue;
    }
    const auto value = evaluate(*child, with_.options);
    for (const auto& text : texts_of(value)) {
      auto literal = std::make_unique<Node>();
      literal->type = Type::text;
      literal->value = text;
      several->children.push_back(std::move(literal));
    }
  }
  return several;
}

}  // namespace hkl
