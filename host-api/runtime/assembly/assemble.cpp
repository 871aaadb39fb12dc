#include "assembly/assemble.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "assembly/channel_fold.h"
#include "assembly/sightings.h"
#include "assembly/told_legs.h"
#include "assembly/witness.h"

namespace hkl {
namespace {

bool is_channel_event(const Event& event, const std::set<std::string_view>& switches) {
  if (event.kind >= HKL_EVENT_CHANNEL_BEGUN) return true;
  // These kinds are in both vocabularies; a source speaks one.
  return switches.contains(event.source) &&
         (event.kind == HKL_EVENT_HELD || event.kind == HKL_EVENT_UNHELD || event.kind == HKL_EVENT_QUEUE_ENTERED ||
          event.kind == HKL_EVENT_QUEUE_LEFT || event.kind == HKL_EVENT_TRANSFERRED ||
          event.kind == HKL_EVENT_RECORDING || event.kind == HKL_EVENT_CALL_REQUESTED);
}

// Somebody saw the whole call: what others missed of it is no loss.
SourceHistory without_gaps(SourceHistory source) {
  std::erase_if(source.events, [](const Event& event) { return event.kind == HKL_EVENT_SOURCE_GAP; });
  return source;
}

}  // namespace

std::vector<std::string> refs_of(const Event& event) {
  if (event.kind >= HKL_EVENT_SOURCE_GAP && event.kind <= HKL_EVENT_SOURCE_SILENT) return {};
  if (event.kind == HKL_EVENT_PRESENCE) return {};
  std::vector<std::string> refs;
  const auto add = [&](const std::string& ref) {
    if (!ref.empty() && std::find(refs.begin(), refs.end(), ref) == refs.end()) refs.push_back(ref);
  };
  add(event.call_ref);
  const bool is_channel = event.kind >= HKL_EVENT_CHANNEL_BEGUN;
  // In the leg vocabulary a leg's name is its vendor's and names no call.
  if (is_channel || event.call_ref.empty()) add(event.leg_ref);
  switch (event.kind) {
    case HKL_EVENT_REFS_JOINED:
    case HKL_EVENT_DIAL_BEGUN:
    case HKL_EVENT_DIAL_ENDED:
    case HKL_EVENT_CHANNEL_PAIRED:
    case HKL_EVENT_CHANNEL_UNPARKED:
    case HKL_EVENT_MEMBER_RINGING:
    case HKL_EVENT_MEMBER_CONNECTED:
      add(event.other_ref);
      break;
    default:
      break;
  }
  return refs;
}

Call assemble(const std::vector<Event>& events, const SourceHistory& source, const NormaliseNumber& normalise) {
  std::vector<const Event*> all;
  all.reserve(events.size());
  for (const auto& event : events) all.push_back(&event);
  return assemble(std::move(all), source, normalise);
}

Call assemble(std::vector<const Event*> events, const SourceHistory& source, const NormaliseNumber& normalise) {
  std::sort(events.begin(), events.end(), [](const Event* a, const Event* b) { return folds_before(*a, *b); });
  events.erase(
      std::unique(events.begin(), events.end(),
                  [](const Event* a, const Event* b) { return a->source == b->source && a->event_id == b->event_id; }),
      events.end());
  std::set<std::string_view> switches;
  for (const auto* event : events)
    if (event->kind >= HKL_EVENT_CHANNEL_BEGUN) switches.insert(event->source);
  // An order of which nothing came is no call.
  if (std::all_of(events.begin(), events.end(), [](const Event* event) {
        return event->kind == HKL_EVENT_CALL_REQUESTED || event->kind == HKL_EVENT_REFS_JOINED;
      }))
    return {};
  std::vector<const Event*> channels, told;
  for (const auto* event : events) {
    if (event->kind == HKL_EVENT_REFS_JOINED) continue;
    (is_channel_event(*event, switches) ? channels : told).push_back(event);
  }
  Call call;
  if (!channels.empty()) {
    auto seen = gather_sightings(channels, source);
    call = fold_channels(std::move(seen.board), seen.is_whole ? without_gaps(source) : source, normalise);
  }
  // Clouds tell whole seconds: a phone rings before it is picked up, and ends after that.
  std::stable_sort(told.begin(), told.end(), [](const Event* a, const Event* b) {
    return std::tie(a->at, a->seq, a->kind) < std::tie(b->at, b->seq, b->kind);
  });
  if (!told.empty()) {
    auto coarse = fold_told_legs(told, source, normalise);
    if (call.id.empty()) {
      call = std::move(coarse);
    } else {
      complete(call, coarse);
    }
  }
  if (call.id.empty()) return call;
  const auto& pbx = events.front()->pbx;
  call.source = pbx;
  call.id = pbx + ":" + call.id;
  return call;
}

}  // namespace hkl
