#include "reports/long_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace hkl {
namespace {

// What is asked about the whole period would be asked about each part.
bool asks_of_period(const Plan& plan) {
  const auto asks = [](const Node& node) {
    constexpr std::string_view kOfPeriod[] = {"in_period", "period_days", "total", "company"};
    return std::any_of(std::begin(kOfPeriod), std::end(kOfPeriod),
                       [&](std::string_view name) { return uses_function(node, name); });
  };
  for (const auto& chosen : plan.definition->period)
    if (!chosen.when || holds(*chosen.when, plan.settings.options)) return true;
  for (const auto& condition : plan.definition->where)
    if (asks(*condition.expr)) return true;
  return (plan.where && asks(*plan.where)) ||
         std::any_of(plan.dimensions.begin(), plan.dimensions.end(), [&](const auto* d) { return asks(*d->expr); }) ||
         std::any_of(plan.measures.begin(), plan.measures.end(), [&](const auto& m) { return asks(*m.way->expr); });
}

bool is_own_time(const Node& node, const Entity& entity) {
  return node.kind == NodeKind::field && node.field->name == entity.time_field;
}

// Whether the list is in order of its rows' own time; then which way.
enum class ByTime : std::uint8_t { no, oldest_first, newest_first };
ByTime order_of(const Plan& plan) {
  if (plan.sort.empty()) return ByTime::no;
  const auto& first = plan.sort.front();
  const auto* measure = plan.measure(first.column);
  if (measure == nullptr) return ByTime::no;
  const Node& asked = *measure->way->expr;
  const bool is_time = asked.kind == NodeKind::aggregate && !asked.where && asked.children.size() == 1 &&
                       (asked.text == "min" || asked.text == "max") && is_own_time(*asked.children[0], *plan.entity);
  if (!is_time) return ByTime::no;
  return first.is_descending ? ByTime::newest_first : ByTime::oldest_first;
}

}  // namespace

Result<std::vector<Bounds>> parts_of_list(const Plan& plan, Reading& reading, const ListLimits& limits) {
  const std::vector<Bounds> whole = {{plan.from, plan.to}};
  const bool is_list =
      std::any_of(plan.dimensions.begin(), plan.dimensions.end(), [](const auto* d) { return is_single(*d); });
  if (!is_list) return whole;
  const auto rows = plan.rows(true);
  const SqlText time = plan.entity->time;
  const auto counted = reading.all("SELECT COUNT(*), COUNT(" + time + ")" + rows.from, 2);
  if (!counted) return fail(counted.error());
  const auto count = integer_of(counted->front()[0]), timed = integer_of(counted->front()[1]);
  if (!count || !timed) return fail((count ? timed : count).error());
  if (*count <= limits.rows_of_a_part) return whole;
  const auto order = order_of(plan);
  if (order == ByTime::no || *timed != *count || asks_of_period(plan)) {
    if (*count <= limits.rows_in_order) return whole;
    return fail(HKL_RESOURCE,
                fmt::format("{} rows, and in an order that needs all of them at once, for which {} are the most; sort "
                            "by the time of the {}, or take a shorter period",
                            **count, limits.rows_in_order, plan.entity->name));
  }
  // From the newest backwards, each part ends where the one before begins; rows of one moment stay together.
  std::vector<Bounds> parts;
  auto end = plan.to;
  const auto take = [&](const RowTexts& row) -> Done {
    const auto at = integer_of(row.front());
    if (!at) return fail(at.error());
    const auto begin = instant_of(**at);
    if (end && begin >= *end) return {};
    parts.push_back({begin, end});
    end = begin;
    return {};
  };
  const auto marks = "SELECT at FROM (SELECT " + time + " AS at, ROW_NUMBER() OVER (ORDER BY " + time +
                     " DESC) AS place" + rows.from + ") WHERE place % " + SqlText::value(limits.rows_of_a_part) +
                     " = 0 ORDER BY at DESC";
  if (auto done = reading.each(marks, 1, take); !done) return fail(done.error());
  parts.push_back({plan.from, end});
  if (order == ByTime::oldest_first) std::reverse(parts.begin(), parts.end());
  return parts;
}

Done compute_parts(Plan& plan, const std::vector<Bounds>& parts, const Answering& with, const TakeRow& take,
                   ReportRow& total) {
  const Bounds asked{plan.from, plan.to};
  const auto dimensions = std::exchange(plan.dimensions, {});
  auto done = compute(plan, {with.reading, with.engine, with.taken}, take, total);
  plan.dimensions = dimensions;
  if (!done) return done;
  for (const auto& part : parts) {
    plan.from = part.from;
    plan.to = part.to;
    ReportRow of_part;
    done = compute(plan, {with.reading, with.engine, nullptr}, take, of_part);
    if (!done) break;
  }
  plan.from = asked.from;
  plan.to = asked.to;
  return done;
}

}  // namespace hkl
