#include "assembly/told_people.h"

#include <algorithm>
#include <tuple>

#include "assembly/talks.h"

namespace hkl {
namespace {

Leg& phone(Call& call, const std::string& extension) {
  for (auto& leg : call.legs)
    if (leg.kind == LegKind::employee && leg.extension == extension) return leg;
  auto& leg = call.legs.emplace_back();
  leg.kind = LegKind::employee;
  leg.extension = extension;
  return leg;
}

bool is_record(const Event& e) { return e.kind == HKL_EVENT_CALL_SUMMARY || e.kind == HKL_EVENT_CALL_ENDED; }

std::optional<Instant> known_from(const Leg& leg) { return leg.started_at ? leg.started_at : leg.answered_at; }

// Two who spoke with a client that called are a transfer, also if nobody says so.
void tell_transfer(Call& call) {
  const Leg *first = nullptr, *last = nullptr;
  for (const auto& leg : call.legs) {
    if (leg.kind != LegKind::employee || leg.outcome != LegOutcome::answered || leg.extension.empty()) continue;
    if (first == nullptr) first = &leg;
    last = &leg;
  }
  if (first == last || first->extension == last->extension) return;
  const bool is_told = std::any_of(call.transfers.begin(), call.transfers.end(),
                                   [&](const Transfer& transfer) { return transfer.to == last->extension; });
  if (!is_told)
    call.transfers.push_back({TransferKind::not_told, first->extension, last->extension, known_from(*last)});
  for (auto& transfer : call.transfers)
    if (transfer.from.empty() && transfer.to == last->extension) transfer.from = first->extension;
}

}  // namespace

bool is_untimed(const Event& event) { return (event.flags & HKL_EVENT_FLAG_RECEIPT_TIME) != 0; }

bool is_about_a_call(const std::vector<const Event*>& events) {
  return std::any_of(events.begin(), events.end(), [](const Event* e) {
    return e->kind != HKL_EVENT_RECORDING && e->kind != HKL_EVENT_TAGGED && e->kind != HKL_EVENT_RATED &&
           e->kind != HKL_EVENT_CALL_REQUESTED;
  });
}

std::optional<Instant> received_first(const std::vector<const Event*>& events) {
  std::optional<Instant> first;
  for (const auto* e : events)
    if (is_untimed(*e) && e->at > Instant{} && (!first || e->at < *first)) first = e->at;
  return first;
}

void tell_people(Call& call, const std::vector<const Event*>& events, bool talked) {
  std::string last;
  for (const auto* e : events) {
    if (!is_record(*e)) continue;
    if (!e->extension.empty()) {
      auto& leg = phone(call, e->extension);
      // A dialler holds the phone already: answered with the call.
      if (talked && (e->talked == Tri::yes || call.direction == Direction::out)) leg.outcome = LegOutcome::answered;
    }
    if (e->to.empty()) continue;
    auto& leg = phone(call, e->to);
    if (e->talked != Tri::yes) continue;
    leg.outcome = LegOutcome::answered;
    last = e->to;
  }
  std::stable_sort(call.legs.begin(), call.legs.end(), [&](const Leg& a, const Leg& b) {
    const auto x = known_from(a), y = known_from(b);
    if (x && y) return *x < *y;
    if (x || y) return x.has_value();
    const bool a_is_last = !last.empty() && a.extension == last, b_is_last = !last.empty() && b.extension == last;
    return std::tuple(a_is_last, a.extension, a.number) < std::tuple(b_is_last, b.extension, b.number);
  });
  const bool is_told_live =
      std::any_of(events.begin(), events.end(), [](const Event* e) { return e->kind == HKL_EVENT_LEG_ANSWERED; });
  if (call.direction == Direction::in && is_told_live) tell_transfer(call);
}

Millis held_time(const Call& call, const std::vector<const Event*>& events) {
  std::vector<Span> spans;
  for (const auto* held : events) {
    if (held->kind != HKL_EVENT_HELD || is_untimed(*held)) continue;
    auto until = call.ended_at.value_or(held->at);
    for (const auto* e : events) {
      const bool is_same = e->leg_ref == held->leg_ref && (!e->leg_ref.empty() || e->extension == held->extension);
      const bool ends = (is_same && (e->kind == HKL_EVENT_UNHELD || e->kind == HKL_EVENT_LEG_ENDED)) ||
                        e->kind == HKL_EVENT_TRANSFERRED;
      if (ends && !is_untimed(*e) && e->at >= held->at && e->at < until) until = e->at;
    }
    spans.push_back({held->at, until});
  }
  return total(united(std::move(spans)));
}

}  // namespace hkl
