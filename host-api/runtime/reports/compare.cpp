#include "reports/compare.h"

#include <date/date.h>

#include <map>

#include "services/zone.h"

namespace hkl {
namespace {

bool is_midnight(const LocalTime& local) {
  return local.hour == 0 && local.minute == 0 && local.second == 0 && local.ms == 0;
}

date::year_month_day day_of(const LocalTime& local) {
  return date::year{local.year} / static_cast<unsigned>(local.month) / static_cast<unsigned>(local.day);
}

Result<Instant> midnight_of(date::year_month_day day, const std::string& zone) {
  LocalTime local;
  local.year = static_cast<int>(day.year());
  local.month = static_cast<int>(static_cast<unsigned>(day.month()));
  local.day = static_cast<int>(static_cast<unsigned>(day.day()));
  return to_utc(local, zone);
}

}  // namespace

Result<Bounds> period_before(const Plan& plan) {
  if (!plan.from || !plan.to)
    return fail(HKL_INVALID, "compare: what was before is asked of a period with both ends; give from and to");
  const auto from = to_local(*plan.from, plan.zone), to = to_local(*plan.to, plan.zone);
  if (!from) return fail(from.error());
  if (!to) return fail(to.error());
  if (!is_midnight(*from) || !is_midnight(*to)) return Bounds{*plan.from - (*plan.to - *plan.from), *plan.from};
  const auto first = day_of(*from), end = day_of(*to);
  auto begin = date::year_month_day(date::sys_days(first) - (date::sys_days(end) - date::sys_days(first)));
  if (from->day == 1 && to->day == 1) {
    const auto months = (end.year() / end.month()) - (first.year() / first.month());
    begin = (first.year() / first.month() - months) / 1;
  }
  const auto at = midnight_of(begin, plan.zone);
  if (!at) return fail(at.error());
  return Bounds{*at, *plan.from};
}

void put_before(const ReportRows& was, ReportRows& report) {
  std::map<std::string_view, const ReportRow*> known;
  for (const auto& row : was.rows) known[row.key] = &row;
  for (auto& row : report.rows)
    if (const auto found = known.find(row.key); found != known.end()) row.before = found->second->figures;
  report.total.before = was.total.figures;
}

}  // namespace hkl
