#include "pipeline/employee_times.h"

#include <algorithm>
#include <deque>
#include <set>
#include <vector>

#include "contacts/seen_people.h"
#include "pipeline/heard_presence.h"
#include "values/instant.h"

namespace hkl {
namespace {

struct Stretch {
  std::uint32_t kind = 0;
  std::int64_t from_ms = 0, to_ms = HKL_UNKNOWN_MS;
  std::string call;
};

class Reader {
 public:
  Reader(Sql& sql, const Directory& directory, const std::map<std::string, Calendar>& calendars,
         const ScanPeriod& period)
      : sql_(sql),
        directory_(directory),
        calendars_(calendars),
        period_(period),
        seen_(period.access, directory, instant_of(period.now_ms)),
        from_(period.from_ms.value_or(INT64_MIN)),
        to_(period.to_ms.value_or(period.now_ms)) {}

  Done run(ReportScan& scan) {
    // Both sorted by employee, as everybody() is: read once, side by side.
    auto talks = sql_.query(kTalks), presence = sql_.query(kPresence);
    talks.bind(to_).bind(from_ < INT64_MIN + kLongestAcwMs ? INT64_MIN : from_ - kLongestAcwMs);
    bool has_talk = talks.step(), has_presence = presence.step();
    const auto heard = heard_presence(sql_, directory_, to_);
    for (const auto& employee : everybody()) {
      std::vector<Stretch> stretches;
      for (; has_talk && talks.text(0) <= employee; has_talk = talks.step())
        if (talks.text(0) == employee) add_talk(talks, stretches);
      for (; has_presence && presence.text(0) <= employee; has_presence = presence.step())
        if (presence.text(0) == employee) add_presence(presence, stretches);
      if (const auto told = heard.find(employee); told != heard.end())
        for (const auto& one : told->second) add_present(one, stretches);
      if (!employee.empty()) add_shift(employee, stretches);
      leave_out(employee, stretches);
      std::stable_sort(stretches.begin(), stretches.end(), [](const Stretch& a, const Stretch& b) {
        return std::tie(a.from_ms, a.kind, a.call) < std::tie(b.from_ms, b.kind, b.call);
      });
      if (!stretches.empty())
        if (auto seen = show(employee, stretches, scan); !seen) return seen;
    }
    return {};
  }

 private:
  // A longer one was not ended by its employee (metrics §9, acw_max_s).
  static constexpr std::int64_t kLongestAcwMs = 600'000;
  // Connected from the moment there is somebody to talk with.
  static constexpr const char* kTalks =
      "SELECT coalesce(g.employee, ''), c.id, c.direction, max(g.answered_ms, c.answered_ms), min(g.ended_ms, "
      "c.ended_ms), g.talk_ms, json_extract(c.body, '$.legs[' || g.n || '].acw_s') * 1000 FROM calls c JOIN call_legs "
      "g ON g.call = c.id WHERE c.started_ms < ?1 AND c.ended_ms > ?2 AND c.is_over = 1 AND c.outcome = 'answered' AND "
      "g.outcome = 'answered' AND g.answered_ms IS NOT NULL AND (g.employee IS NOT NULL OR g.kind = 'employee') "
      "ORDER BY 1, c.started_ms, c.id, g.n";
  static constexpr const char* kPresence =
      "SELECT json_extract(body, '$.employee'), json_extract(body, '$.state'), json_extract(body, '$.from'), "
      "json_extract(body, '$.to') FROM records WHERE type = 'presence' AND deleted_ms IS NULL ORDER BY 1, 3";

  // Those known, and those whose mapping is gone; "" for legs of nobody.
  std::set<std::string> everybody() {
    std::set<std::string> ids = {""};
    for (const auto& employee : directory_.parts().employees) ids.insert(employee.id);
    auto rows = sql_.query(
        "SELECT DISTINCT g.employee FROM calls c JOIN call_legs g ON g.call = c.id WHERE c.started_ms < ? AND "
        "c.ended_ms > ? AND g.employee IS NOT NULL");
    rows.bind(to_).bind(from_);
    while (rows.step()) ids.insert(rows.text(0));
    return ids;
  }

  // Calls that do not count, and whom the asker may not see then.
  void leave_out(const std::string& employee, std::vector<Stretch>& stretches) const {
    std::erase_if(stretches, [&](const Stretch& one) {
      const bool counts = one.call.empty() || period_.counted == nullptr || period_.counted->contains(one.call);
      return !counts || !seen_.has(employee, instant_of(one.from_ms));
    });
  }

  bool touches_period(std::int64_t from, std::int64_t to) const { return from < to_ && to > from_; }

  // A leg's own talk where that is shorter: a consulted colleague's (metrics §1.4.4).
  void add_talk(const Query& row, std::vector<Stretch>& stretches) const {
    const bool is_internal = row.text(2) == "internal";
    auto from = row.integer(3);
    const auto to = row.integer(4);
    if (const auto talk = row.maybe_integer(5); talk && !is_internal && *talk < to - from) from = to - *talk;
    if (from < to && touches_period(from, to))
      stretches.push_back({is_internal ? HKL_STRETCH_INTERNAL : HKL_STRETCH_TALK, from, to, row.text(1)});
    const auto acw = std::min(row.maybe_integer(6).value_or(0), kLongestAcwMs);
    if (acw > 0 && touches_period(to, to + acw)) stretches.push_back({HKL_STRETCH_ACW, to, to + acw, row.text(1)});
  }

  // As records told; wrap-up is after-call work of no call in particular.
  void add_presence(const Query& row, std::vector<Stretch>& stretches) const {
    const auto from = parse_iso(row.text(2)), to = parse_iso(row.text(3));
    const auto state = from_word<Presence>(row.text(1)).value_or(Presence::unknown);
    const auto kind = state == Presence::online    ? HKL_STRETCH_ONLINE
                      : state == Presence::pause   ? HKL_STRETCH_PAUSE
                      : state == Presence::wrap_up ? HKL_STRETCH_ACW
                                                   : 0;
    if (kind != 0 && from) add_present({kind, ms_of(*from), to ? ms_of(*to) : HKL_UNKNOWN_MS}, stretches);
  }

  void add_present(const PresenceStretch& one, std::vector<Stretch>& stretches) const {
    if (one.from_ms < to_ && (one.to_ms == HKL_UNKNOWN_MS || one.to_ms > from_))
      stretches.push_back({one.kind, one.from_ms, one.to_ms, ""});
  }

  void add_shift(const std::string& id, std::vector<Stretch>& stretches) const {
    const auto* employee = directory_.employee(id);
    if (employee == nullptr || from_ == INT64_MIN) return;
    const auto calendar = calendars_.find(employee->calendar);
    if (calendar == calendars_.end()) return;
    for (const auto& [from, to] : open_spans(calendar->second, instant_of(from_), instant_of(to_)))
      stretches.push_back({HKL_STRETCH_SHIFT, ms_of(from), ms_of(to), ""});
  }

  static Done show(const std::string& employee, const std::vector<Stretch>& stretches, ReportScan& scan) {
    const auto view = [](const std::string& text) { return hkl_str{text.data(), text.size()}; };
    std::deque<hkl_stretch> views;
    std::vector<const hkl_stretch*> list;
    for (const auto& one : stretches)
      list.push_back(
          &views.emplace_back(hkl_stretch{sizeof(hkl_stretch), one.kind, one.from_ms, one.to_ms, view(one.call)}));
    const hkl_employee_time time{sizeof time, 0, view(employee), list.data(), list.size()};
    return scan.employee(time);
  }

  Sql& sql_;
  const Directory& directory_;
  const std::map<std::string, Calendar>& calendars_;
  const ScanPeriod& period_;
  const SeenPeople seen_;
  std::int64_t from_, to_;
};

}  // namespace

Done each_employee(Sql& sql, const Directory& directory, const std::map<std::string, Calendar>& calendars,
                   const ScanPeriod& period, ReportScan& scan) {
  return Reader(sql, directory, calendars, period).run(scan);
}

}  // namespace hkl
