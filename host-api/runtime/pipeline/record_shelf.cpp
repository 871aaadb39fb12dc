#include "pipeline/record_shelf.h"

#include <fmt/format.h>

#include <algorithm>

#include "canonical/canonical.h"
#include "contacts/made_id.h"
#include "hookline/facts.h"
#include "pipeline/tables.h"

namespace hkl {
namespace {

constexpr Millis kLongestGrace{HKL_LEASE_GRACE_MAX_MS}, kLongestLease{HKL_LEASE_MAX_MS};
constexpr Millis kUntoldLease{HKL_LEASE_GRACE_MAX_MS};

CanonicalRecord parsed(const std::string& body, bool is_history) {
  auto record = record_from_json(body);
  if (!record) throw SqlError(0, fmt::format("a kept record: {}", record.error().text));
  record->is_history = is_history;
  if (auto* inquiry = std::get_if<InquiryRecord>(&record->record)) inquiry->is_history = is_history;
  if (auto* call = std::get_if<Call>(&record->record)) call->is_history = is_history;
  return std::move(*record);
}

std::string first_of(std::initializer_list<std::pair<const char*, const std::string*>> choices) {
  for (const auto& [kind, name] : choices)
    if (!name->empty()) return fmt::format("{}:{}", kind, *name);
  return {};
}

}  // namespace

std::optional<std::pair<Instant, Instant>> reach_of(const VisitRecord& visit) {
  if (visit.line.empty() || !visit.at) return std::nullopt;
  const auto until = std::min(visit.line_until.value_or(*visit.at + kUntoldLease), *visit.at + kLongestLease);
  return std::pair(*visit.at, until + kLongestGrace);
}

std::string anchor_of(const CanonicalRecord& record) {
  struct Visitor {
    const std::string& id;
    std::string operator()(const LeadRecord& r) const {
      return first_of({{"contact", &r.contact}, {"inquiry", &r.inquiry}, {"alone", &id}});
    }
    std::string operator()(const LeadChangeRecord& r) const { return first_of({{"lead", &r.lead}}); }
    std::string operator()(const InquiryRecord& r) const {
      return first_of({{"call", &r.call},
                       {"contact", &r.contact},
                       {"number", &r.number},
                       {"email", &r.email},
                       {"visitor", &r.visitor}});
    }
    std::string operator()(const VisitRecord& r) const { return first_of({{"visitor", &r.visitor}}); }
    std::string operator()(const MarkRecord& r) const { return first_of({{"inquiry", &r.inquiry}, {"call", &r.call}}); }
    std::string operator()(const TaskRecord& r) const {
      return first_of({{"contact", &r.contact}, {"lead", &r.lead}, {"call", &r.call}});
    }
    // Everybody's, or found by their own id.
    std::string operator()(const Call&) const { return {}; }
    std::string operator()(const ContactRecord&) const { return {}; }
    std::string operator()(const EmployeeRecord&) const { return {}; }
    std::string operator()(const DepartmentRecord&) const { return {}; }
    std::string operator()(const OfficeRecord&) const { return {}; }
    std::string operator()(const PresenceRecord&) const { return {}; }
    std::string operator()(const AdSourceRecord&) const { return {}; }
    std::string operator()(const LineRecord&) const { return {}; }
    std::string operator()(const FunnelRecord&) const { return {}; }
  };
  return std::visit(Visitor{record.id}, record.record);
}

std::optional<RecordShelf::Row> RecordShelf::row(const std::string& type, const std::string& id) {
  auto q = sql_.query("SELECT seq, updated_ms, body, is_history FROM records WHERE type = ? AND id = ?");
  if (!q.bind(type).bind(id).step()) return std::nullopt;
  return Row{q.integer(0), q.maybe_integer(1), q.text(2), q.integer(3) != 0};
}

RecordShelf::Taken RecordShelf::take(const CanonicalRecord& record, const std::string& source, Instant received_at) {
  const auto known = row(record.type, record.id);
  auto body = record_to_json(record);
  if (known && known->body == body) return {};
  if (known && known->updated_ms && record.updated_at && *known->updated_ms > ms_of(*record.updated_at)) return {};
  // The id names the version it replaces, so that telling A, B, A again ends
  // with A, and the same file twice ends where it began.
  const auto event_id = fmt::format("{}:{}:{}:{}", record.type, record.id, stable_hash(body), known ? known->seq : 0);
  const auto seq = journal_.append(JournalNote{.source = source,
                                               .event_id = event_id,
                                               .kind = "record",
                                               .at = record.updated_at.value_or(received_at),
                                               .received_at = received_at,
                                               .is_history = record.is_history,
                                               .body = std::move(body)});
  if (!seq) return {};
  return keep(record, *seq);
}

RecordShelf::Taken RecordShelf::keep(const CanonicalRecord& record, std::int64_t seq) {
  Taken taken{true, std::nullopt};
  if (const auto known = row(record.type, record.id)) taken.before = parsed(known->body, known->is_history);
  auto q = sql_.query(
      "INSERT OR REPLACE INTO records(type, id, updated_ms, deleted_ms, is_history, anchor, seq, body) "
      "VALUES(?, ?, ?, ?, ?, ?, ?, ?)");
  q.bind(record.type).bind(record.id);
  q.bind(record.updated_at ? std::optional(ms_of(*record.updated_at)) : std::nullopt);
  q.bind(record.deleted_at ? std::optional(ms_of(*record.deleted_at)) : std::nullopt);
  q.bind(std::int64_t{record.is_history}).bind(anchor_of(record)).bind(seq).bind(record_to_json(record)).run();
  if (absences_ != nullptr) absences_->forget();
  return taken;
}

std::vector<CanonicalRecord> RecordShelf::hanging_on(const std::string& anchor) {
  std::vector<CanonicalRecord> found;
  if (absences_ != nullptr && !absences_->has_any_on(anchor)) return found;
  auto q = sql_.query(
      "SELECT body, is_history FROM records WHERE anchor = ? AND anchor <> '' AND deleted_ms IS NULL ORDER BY type, "
      "id");
  q.bind(anchor);
  while (q.step()) found.push_back(parsed(q.text(0), q.integer(1) != 0));
  return found;
}

std::vector<VisitRecord> RecordShelf::shown(const std::string& line, Instant at) {
  std::vector<VisitRecord> found;
  if (absences_ != nullptr && !absences_->has_visits_on_lines()) return found;
  auto q = sql_.query(
      "SELECT body FROM records WHERE type = 'visit' AND deleted_ms IS NULL AND json_extract(body, '$.line') IS NOT "
      "NULL AND json_extract(body, '$.line') = ? AND json_extract(body, '$.at') >= ? AND json_extract(body, '$.at') <= "
      "? AND coalesce(json_extract(body, '$.line_until'), '9') >= ?");
  q.bind(line).bind(iso_utc(at - kLongestLease - kLongestGrace)).bind(iso_utc(at)).bind(iso_utc(at - kLongestGrace));
  while (q.step()) {
    auto visit = std::get<VisitRecord>(parsed(q.text(0), false).record);
    if (const auto reach = reach_of(visit); reach && at <= reach->second) found.push_back(std::move(visit));
  }
  return found;
}

std::vector<CanonicalRecord> RecordShelf::of_type(const std::string& type) {
  std::vector<CanonicalRecord> found;
  auto q = sql_.query("SELECT body, is_history FROM records WHERE type = ? AND deleted_ms IS NULL ORDER BY id");
  q.bind(type);
  while (q.step()) found.push_back(parsed(q.text(0), q.integer(1) != 0));
  return found;
}

std::optional<CanonicalRecord> RecordShelf::find(const std::string& type, const std::string& id) {
  const auto known = row(type, id);
  return known ? std::optional(parsed(known->body, known->is_history)) : std::nullopt;
}

}  // namespace hkl
