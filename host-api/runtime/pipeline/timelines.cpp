#include "pipeline/timelines.h"

#include <algorithm>
#include <map>
#include <set>

#include "canonical/canonical.h"
#include "contacts/touch_view.h"
#include "pipeline/contact_book.h"
#include "pipeline/ids.h"
#include "pipeline/record_shelf.h"
#include "pipeline/tables.h"

namespace hkl {
namespace {

// What one contact did, owned, with its views.
struct History {
  ContactRecord contact;
  std::vector<Call> calls;
  std::vector<Touch> touches;
  std::vector<LeadRecord> leads;
  std::vector<LeadChangeRecord> changes;
  std::vector<VisitRecord> visits;
};

template <typename Record>
Record read(const char* type, const std::string& body) {
  const bool is_typed = body.starts_with(R"({"type")");
  auto record = record_from_json(is_typed ? body : std::string(R"({"type":")") + type + R"(",)" + body.substr(1));
  if (!record) throw SqlError(0, std::string(type) + " in the store: " + record.error().text);
  return std::get<Record>(std::move(record->record));
}

class Reader {
 public:
  Reader(Sql& sql, const Directory& directory, const ScanPeriod& period)
      : sql_(sql),
        journal_(sql),
        shelf_(sql, journal_),
        tables_(sql),
        book_(sql),
        ids_(sql),
        directory_(directory),
        period_(period) {}

  Done run(ReportScan& scan) {
    const auto from = period_.from_ms.value_or(INT64_MIN), to = period_.to_ms.value_or(INT64_MAX);
    auto lone = sql_.query(
        "SELECT id FROM calls WHERE contact IS NULL AND is_over = 1 AND started_ms >= ? AND started_ms < ? "
        "ORDER BY started_ms, id");
    lone.bind(from).bind(to);
    while (lone.step())
      if (auto seen = show(of_nobody(lone.text(0)), scan); !seen) return seen;
    if (auto seen = show_strangers(from, to, scan); !seen) return seen;
    auto contacts = sql_.query(
        "SELECT DISTINCT contact FROM inquiries WHERE contact IS NOT NULL AND at_ms >= ? AND at_ms < ? "
        "ORDER BY contact");
    contacts.bind(from).bind(to);
    while (contacts.step())
      if (auto seen = show(of_contact(contacts.text(0)), scan); !seen) return seen;
    return show_visitors(from, to, scan);
  }

 private:
  // Contacts of whom the period knows visits alone.
  Done show_visitors(std::int64_t from, std::int64_t to, ReportScan& scan) {
    auto rows = sql_.query(
        "SELECT DISTINCT n.contact FROM records r JOIN (SELECT name, contact FROM contact_names WHERE kind = 'visitor' "
        "UNION SELECT visitor, contact FROM calls WHERE visitor IS NOT NULL AND contact IS NOT NULL) n ON n.name = "
        "substr(r.anchor, 9) WHERE r.type = 'visit' AND r.deleted_ms IS NULL AND r.anchor LIKE 'visitor:%' AND "
        "strftime('%s', json_extract(r.body, '$.at')) * 1000 >= ?1 - 1000 AND "
        "strftime('%s', json_extract(r.body, '$.at')) * 1000 < ?2 ORDER BY n.contact");
    rows.bind(from < 0 ? 0 : from).bind(to);
    std::set<std::string> united;  // the few that others were merged into
    while (rows.step()) {
      const auto id = rows.text(0), root = book_.root(id);
      if (root != id && !united.insert(root).second) continue;
      if (root == id && united.contains(root)) continue;
      if (has_inquiry(root, from, to)) continue;
      if (book_.members(root).size() > 1) united.insert(root);
      if (auto seen = show(of_contact(root), scan); !seen) return seen;
    }
    return {};
  }

  bool has_inquiry(const std::string& contact, std::int64_t from, std::int64_t to) {
    auto row = sql_.query("SELECT 1 FROM inquiries WHERE contact = ? AND at_ms >= ? AND at_ms < ? LIMIT 1");
    return row.bind(contact).bind(from).bind(to).step();
  }

  // Visitors who are no contact's: all that is known of them are their visits.
  Done show_strangers(std::int64_t from, std::int64_t to, ReportScan& scan) {
    auto rows = sql_.query(
        "SELECT r.anchor, r.body FROM records r WHERE r.type = 'visit' AND r.deleted_ms IS NULL AND r.anchor LIKE "
        "'visitor:%' AND NOT EXISTS (SELECT 1 FROM contact_names n WHERE n.kind = 'visitor' AND n.name = "
        "substr(r.anchor, 9)) AND NOT EXISTS (SELECT 1 FROM calls k WHERE k.visitor = substr(r.anchor, 9)) ORDER BY "
        "r.anchor");
    History stranger;
    std::string anchor;
    bool is_in_period = false;
    const auto done_with = [&]() -> Done {
      auto seen = is_in_period ? show(stranger, scan) : Done{};
      stranger.visits.clear();
      is_in_period = false;
      return seen;
    };
    while (rows.step()) {
      if (rows.text(0) != anchor)
        if (auto seen = done_with(); !seen) return seen;
      anchor = rows.text(0);
      auto visit = read<VisitRecord>("visit", rows.text(1));
      if (!visit.at) continue;
      is_in_period |= ms_of(*visit.at) >= from && ms_of(*visit.at) < to;
      stranger.visits.push_back(std::move(visit));
    }
    return done_with();
  }

  History of_nobody(const std::string& call) {
    History history;
    history.calls.push_back(*tables_.call(call));
    add_visits(texts_of("SELECT visitor FROM calls WHERE id = ? AND visitor IS NOT NULL", call), history);
    add_touches("SELECT body, quality, by_hand, call, advertising FROM inquiries WHERE call = ? ORDER BY at_ms, id",
                call, history);
    return history;
  }

  History of_contact(const std::string& id) {
    History history;
    history.contact = book_.united(id);
    history.contact.id = ids_.shown("contact", id);
    history.calls = tables_.calls_of_contact(id);
    // A call that goes on is in no report (metrics §1.1.6).
    std::erase_if(history.calls, [](const Call& call) { return !call.is_over; });
    add_leads(id, history);
    add_touches("SELECT body, quality, by_hand, call, advertising FROM inquiries WHERE contact = ? ORDER BY at_ms, id",
                id, history);
    // Those it is told to have, and who called on a line that they were shown.
    auto visitors = texts_of("SELECT DISTINCT visitor FROM calls WHERE contact = ? AND visitor IS NOT NULL", id);
    visitors.insert(history.contact.visitors.begin(), history.contact.visitors.end());
    add_visits(visitors, history);
    return history;
  }

  void add_visits(const std::set<std::string>& visitors, History& history) {
    for (const auto& visitor : visitors)
      for (auto& record : shelf_.hanging_on("visitor:" + visitor))
        if (auto* visit = std::get_if<VisitRecord>(&record.record); visit != nullptr && visit->at)
          history.visits.push_back(std::move(*visit));
  }

  std::set<std::string> texts_of(const char* statement, const std::string& by) {
    std::set<std::string> found;
    auto rows = sql_.query(statement);
    rows.bind(by);
    while (rows.step()) found.insert(rows.text(0));
    return found;
  }

  void add_leads(const std::string& contact, History& history) {
    auto rows = sql_.query("SELECT body, id FROM leads WHERE contact = ? AND is_deleted = 0 ORDER BY created_ms, id");
    rows.bind(contact);
    while (rows.step()) {
      auto lead = read<LeadRecord>("lead", rows.text(0));
      const auto inside = rows.text(1);
      lead.id = ids_.shown("lead", inside);
      for (const auto& anchor : {inside, lead.id}) {
        if (&anchor != &inside && anchor == inside) break;
        for (auto& record : shelf_.hanging_on("lead:" + anchor))
          if (auto* change = std::get_if<LeadChangeRecord>(&record.record)) {
            change->lead = lead.id;
            history.changes.push_back(std::move(*change));
          }
      }
      history.leads.push_back(std::move(lead));
    }
  }

  void add_touches(const char* statement, const std::string& of, History& history) {
    std::map<std::string, const Call*> call_of_id;
    for (const auto& call : history.calls) call_of_id[call.id] = &call;
    auto rows = sql_.query(statement);
    rows.bind(of);
    while (rows.step()) {
      Touch touch;
      // A body prints what was decided; only a mark sets it when it comes in.
      touch.inquiry = read<InquiryRecord>("inquiry", rows.text(0));
      touch.inquiry.quality = from_word<Quality>(rows.text(1)).value_or(Quality{});
      touch.inquiry.by_hand = rows.integer(2) != 0;
      if (const auto advertising = rows.maybe_integer(4))
        touch.inquiry.advertising = *advertising != 0 ? Tri::yes : Tri::no;
      const auto call = call_of_id.find(rows.text(3));
      if (!rows.text(3).empty() && call == call_of_id.end()) continue;  // it goes on
      if (call != call_of_id.end()) {
        touch.call = call->second;
        touch.tags = call->second->tags;
        touch.rating = call->second->rating;
        touch.visit = call->second->visit;
      }
      for (const auto& lead : history.leads)
        if (lead.inquiry == touch.inquiry.id && lead.merged_into.empty()) touch.made_lead = lead.id;
      history.touches.push_back(std::move(touch));
    }
  }

  Done show(const History& history, ReportScan& scan) const {
    std::deque<TouchView> views;
    std::vector<const hkl_touch*> touches;
    for (const auto& touch : history.touches) {
      auto& view = views.emplace_back(touch, directory_);
      if (touch.call != nullptr && period_.counted != nullptr && !period_.counted->contains(touch.call->id))
        view.leave_out();
      touches.push_back(view.get());
    }
    const ContactView contact(history.contact);
    const LeadViews leads(history.leads, history.changes, directory_);
    const VisitViews visits(history.visits, directory_);
    hkl_timeline timeline{};
    timeline.struct_size = sizeof timeline;
    timeline.now_ms = period_.now_ms;
    timeline.contact = contact.get();
    timeline.touches = touches.data();
    timeline.touch_count = touches.size();
    timeline.leads = leads.list().data();
    timeline.lead_count = leads.list().size();
    timeline.visits = visits.list().data();
    timeline.visit_count = visits.list().size();
    return scan.contact(timeline);
  }

  Sql& sql_;
  Journal journal_;
  RecordShelf shelf_;
  Tables tables_;
  ContactBook book_;
  Ids ids_;
  const Directory& directory_;
  const ScanPeriod& period_;
};

}  // namespace

Done each_contact(Sql& sql, const Directory& directory, const ScanPeriod& period, ReportScan& scan) {
  return Reader(sql, directory, period).run(scan);
}

}  // namespace hkl
