#include "store/journal.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace hkl {
namespace {

constexpr const char* kEvent = "event";
constexpr const char* kCall = "call";
constexpr const char* kSpent = "spent";  // an event of which only the id is left

std::string joined(std::string_view first, std::string_view second) {
  std::string text;
  text.reserve(first.size() + 1 + second.size());
  text.append(first) += '\n';
  text += second;
  return text;
}

// The reference an event is filed under: call_ref, else leg_ref; empty for
// events of the source itself. `made` holds one that is made up.
std::string_view file_ref(const Event& event, std::string& made) {
  if (event.kind >= HKL_EVENT_SOURCE_GAP && event.kind <= HKL_EVENT_SOURCE_SILENT) return {};
  if (event.kind == HKL_EVENT_PRESENCE) return made = "presence:" + event.extension;
  return event.call_ref.empty() ? event.leg_ref : event.call_ref;
}

Event event_of_row(const Query& row) {  // source, pbx, received_ms, body
  auto event = event_from_json(row.text(3));
  if (!event) throw SqlError(0, fmt::format("journal: {}", event.error().text));
  event->source = row.text(0);
  event->pbx = row.text(1);
  event->received_at = instant_of(row.integer(2));
  return std::move(*event);
}

}  // namespace

std::optional<std::int64_t> Journal::insert(std::string_view source, std::string_view event_id, std::string_view kind,
                                            std::string_view pbx, std::string_view ref, Instant at, Instant received_at,
                                            bool is_history, std::string_view body) {
  auto query = sql_.query(
      "INSERT INTO journal(source, event_id, kind, pbx, ref, at_ms, received_ms, history, body) "
      "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(source, event_id) DO NOTHING");
  query.lasting().bind(source).bind(event_id).bind(kind).bind(pbx).bind(ref);
  query.bind(ms_of(at)).bind(ms_of(received_at)).bind(std::int64_t{is_history}).bind(body);
  query.run();
  return sql_.changes() == 0 ? std::nullopt : std::optional(sql_.last_row());
}

std::optional<std::int64_t> Journal::append(const Event& event, std::string_view body) {
  std::string made;
  const auto ref = file_ref(event, made);
  auto* recent = recent_of(event.pbx, ref);
  const auto seq = insert(event.source, event.event_id, kEvent, event.pbx, ref, event.at, event.received_at,
                          (event.flags & HKL_EVENT_FLAG_HISTORY) != 0, body);
  if (seq && recent != nullptr && recent->is_all) recent->events.emplace_back(*seq, &event);
  return seq;
}

Journal::Recent* Journal::recent_of(std::string_view pbx, std::string_view ref) {
  if (ref.empty()) return nullptr;
  (name_.assign(pbx) += '\n') += ref;
  if (const auto found = recent_.find(name_); found != recent_.end()) return &found->second;
  auto& recent = recent_[name_];
  recent.is_all =
      !sql_.query("SELECT 1 FROM journal WHERE pbx = ? AND ref = ? LIMIT 1").lasting().bind(pbx).bind(ref).step();
  return &recent;
}

void Journal::note_first(const std::string& pbx, const std::string& ref) {
  if (recent_.empty()) return;  // nothing came: it is replayed, and was known before
  const auto [recent, is_new] = recent_.try_emplace(joined(pbx, ref));
  if (is_new) recent->second.is_all = true;
}

void Journal::forget_recent() { recent_.clear(); }

std::optional<std::int64_t> Journal::append(const JournalNote& note) {
  return insert(note.source, note.event_id, note.kind, note.pbx, note.ref, note.at, note.received_at, note.is_history,
                note.body);
}

CallEntries Journal::entries_of(const std::string& pbx, const std::vector<std::string>& refs) {
  CallEntries entries;
  std::vector<std::pair<std::int64_t, const Event*>> found;
  for (const auto& ref : refs) {
    if (const auto recent = recent_.find(joined(pbx, ref)); recent != recent_.end() && recent->second.is_all) {
      found.insert(found.end(), recent->second.events.begin(), recent->second.events.end());
      continue;
    }
    auto query = sql_.query("SELECT source, pbx, received_ms, body, seq, kind FROM journal WHERE pbx = ? AND ref = ?");
    query.bind(std::string_view(pbx)).bind(std::string_view(ref));
    while (query.step()) {
      const auto kind = query.text(5);
      if (kind == kEvent) found.emplace_back(query.integer(4), &entries.read.emplace_back(event_of_row(query)));
      if (kind == kCall) entries.condensed.push_back(query.text(3));
    }
  }
  std::sort(found.begin(), found.end());
  entries.events.reserve(found.size());
  for (const auto& [seq, event] : found) entries.events.push_back(event);
  return entries;
}

void Journal::spend_events(const std::string& pbx, const std::string& ref) {
  sql_.query("UPDATE journal SET kind = ?, body = '{}' WHERE pbx = ? AND ref = ? AND kind = ?")
      .bind(std::string_view(kSpent))
      .bind(std::string_view(pbx))
      .bind(std::string_view(ref))
      .bind(std::string_view(kEvent))
      .run();
}

std::vector<Event> Journal::events_of_source(const std::string& pbx) {
  std::vector<Event> events;
  const auto entries = entries_of(pbx, {std::string()});
  for (const auto* event : entries.events) events.push_back(*event);
  return events;
}

void Journal::replay(std::int64_t after_seq, const std::function<void(std::int64_t, Event&&)>& event,
                     const std::function<void(std::int64_t, JournalNote&&)>& note) {
  auto query = sql_.query(
      "SELECT source, pbx, received_ms, body, seq, kind, event_id, at_ms, history, ref FROM journal WHERE seq > ? "
      "ORDER BY seq");
  query.bind(after_seq);
  while (query.step()) {
    if (query.text(5) == kEvent) {
      event(query.integer(4), event_of_row(query));
      continue;
    }
    if (query.text(5) == kSpent) continue;
    note(query.integer(4), JournalNote{.source = query.text(0),
                                       .event_id = query.text(6),
                                       .kind = query.text(5),
                                       .at = instant_of(query.integer(7)),
                                       .received_at = instant_of(query.integer(2)),
                                       .is_history = query.integer(8) != 0,
                                       .body = query.text(3),
                                       .pbx = query.text(1),
                                       .ref = query.text(9)});
  }
}

std::int64_t Journal::last_seq() {
  auto query = sql_.query("SELECT coalesce(max(seq), 0) FROM journal");
  query.step();
  return query.integer(0);
}

std::string CallRefs::root_of(const std::string& pbx, const std::string& ref) {
  const auto [known, is_new] = recent_.try_emplace(joined(pbx, ref));
  auto& root = known->second;
  if (!is_new) return root;
  auto query = sql_.query("SELECT root FROM call_refs WHERE pbx = ? AND ref = ?");
  query.lasting().bind(std::string_view(pbx)).bind(std::string_view(ref));
  if (query.step()) root = query.text(0);
  return root;
}

std::string CallRefs::unite(const std::string& pbx, const std::vector<std::string>& refs,
                            std::vector<std::string>& gone, std::vector<std::string>* fresh) {
  // Nearly always names that are known to be one.
  if (auto known = root_of(pbx, refs.front()); !known.empty()) {
    const auto is_same = [&](const std::string& ref) { return root_of(pbx, ref) == known; };
    if (std::all_of(refs.begin() + 1, refs.end(), is_same)) return known;
  }
  std::set<std::string> roots, unknown;
  for (const auto& ref : refs) {
    auto root = root_of(pbx, ref);
    if (root.empty()) {
      unknown.insert(ref);
    } else {
      roots.insert(std::move(root));
    }
  }
  std::string root = roots.empty() ? *unknown.begin() : *roots.begin();
  if (!unknown.empty()) root = std::min(root, *unknown.begin());
  for (const auto& other : roots) {
    if (other == root) continue;
    forget_recent();
    gone.push_back(other);
    sql_.query("UPDATE call_refs SET root = ? WHERE pbx = ? AND root = ?")
        .bind(std::string_view(root))
        .bind(std::string_view(pbx))
        .bind(std::string_view(other))
        .run();
  }
  for (const auto& ref : unknown) {
    sql_.query("INSERT INTO call_refs(pbx, ref, root) VALUES(?, ?, ?)")
        .lasting()
        .bind(std::string_view(pbx))
        .bind(std::string_view(ref))
        .bind(std::string_view(root))
        .run();
    recent_[joined(pbx, ref)] = root;
    if (fresh != nullptr) fresh->push_back(ref);
  }
  return root;
}

std::vector<std::string> CallRefs::refs_of_root(const std::string& pbx, const std::string& root) {
  auto query = sql_.query("SELECT ref FROM call_refs WHERE pbx = ? AND root = ? ORDER BY ref");
  query.lasting().bind(std::string_view(pbx)).bind(std::string_view(root));
  std::vector<std::string> refs;
  while (query.step()) refs.push_back(query.text(0));
  return refs;
}

}  // namespace hkl
