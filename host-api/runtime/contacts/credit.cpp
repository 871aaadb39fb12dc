#include "contacts/credit.h"

#include <algorithm>

namespace hkl {
namespace {

// Phones that begin to ring within a second ring together (metrics §1.5.4).
constexpr Millis kTogether{1000};

// A leg that stands for one of our people: a phone, or an outside phone that
// is mapped to an employee.
bool is_staff(const Leg& leg, Direction direction) {
  if (leg.kind == LegKind::employee) return true;
  return leg.kind == LegKind::external && direction == Direction::in && !leg.employee.empty();
}

const std::string& name_of(const Leg& leg) { return leg.extension.empty() ? leg.number : leg.extension; }

// Where a time is not told, the order of the legs decides.
bool is_earlier(std::optional<Instant> a, std::optional<Instant> b) { return a && b && *a < *b; }

bool was_answered(const Leg& leg) { return leg.outcome == LegOutcome::answered; }
// What was picked up while nobody listened has only the time it began to ring.
std::optional<Instant> picked_up(const Leg& leg) { return leg.answered_at ? leg.answered_at : leg.started_at; }

// The phone that dialled: the first leg of ours of an outgoing or internal call.
const Leg* dialler(const Call& call) {
  const Leg* first = nullptr;
  for (const auto& leg : call.legs)
    if (leg.kind == LegKind::employee && (first == nullptr || leg.started_at < first->started_at)) first = &leg;
  return first;
}

const Leg* first_answered(const Call& call) {
  const Leg* first = nullptr;
  for (const auto& leg : call.legs)
    if (is_staff(leg, call.direction) && was_answered(leg) &&
        (first == nullptr || is_earlier(picked_up(leg), picked_up(*first))))
      first = &leg;
  return first;
}

const Leg* last_answered(const Call& call) {
  const Leg* last = nullptr;
  for (const auto& leg : call.legs)
    if (is_staff(leg, call.direction) && was_answered(leg) &&
        (last == nullptr || !is_earlier(picked_up(leg), picked_up(*last))))
      last = &leg;
  return last;
}

// Whom a call falls to; nobody when `leg` is null.
struct Credited {
  const Leg* leg = nullptr;
  bool has_several_phones = false;
};

// The one employee whose phone was tried last; nobody when phones of several
// were tried together. Several phones of one employee are still that employee.
Credited tried_last(const Call& call) {
  Credited last;
  for (const auto& leg : call.legs)
    if (is_staff(leg, call.direction) && leg.started_at &&
        (last.leg == nullptr || *leg.started_at > *last.leg->started_at))
      last.leg = &leg;
  if (last.leg == nullptr) return last;
  for (const auto& leg : call.legs) {
    const bool is_together =
        is_staff(leg, call.direction) && leg.started_at && *last.leg->started_at - *leg.started_at <= kTogether;
    if (!is_together || name_of(leg) == name_of(*last.leg)) continue;
    if (leg.employee.empty() || leg.employee != last.leg->employee) return {};
    last.has_several_phones = true;
  }
  return last;
}

// Of an internal call both ends are ours: the one who answered is not the one
// who dialled, though both phones were picked up.
const Leg* first_answered_but(const Call& call, const Leg* caller) {
  const Leg* first = nullptr;
  for (const auto& leg : call.legs)
    if (&leg != caller && leg.kind == LegKind::employee && was_answered(leg) &&
        (first == nullptr || is_earlier(picked_up(leg), picked_up(*first))))
      first = &leg;
  return first;
}

Credited credited_first(const Call& call) {
  if (call.direction == Direction::internal && call.outcome == Outcome::answered) {
    const Leg* caller = dialler(call);
    const Leg* answerer = first_answered_but(call, caller);
    return {answerer == nullptr ? caller : answerer};
  }
  if (call.direction != Direction::in) return {dialler(call)};
  if (call.outcome == Outcome::answered) return {first_answered(call)};
  return tried_last(call);
}

}  // namespace

void assign_employees(Call& call, const Directory& directory) {
  const auto at = call.started_at.value_or(Instant{});
  for (auto& leg : call.legs) {
    if (leg.kind != LegKind::employee && leg.kind != LegKind::external) continue;
    auto mapped = directory.employee_at(call.source, name_of(leg), at);
    if (!mapped.empty()) leg.employee = std::move(mapped);
  }
  const auto first = credited_first(call);
  // A record may tell who without telling legs.
  const bool tells_nothing = call.legs.empty();
  if (first.leg != nullptr) {
    call.extension = first.has_several_phones ? "" : name_of(*first.leg);
    call.employee = first.leg->employee;
  } else if (!tells_nothing) {
    call.extension.clear();
    call.employee.clear();
  } else if (!call.extension.empty()) {
    auto mapped = directory.employee_at(call.source, call.extension, at);
    if (!mapped.empty()) call.employee = std::move(mapped);
  }
  const Leg* last = last_answered(call);
  call.last_extension = last == nullptr ? call.extension : name_of(*last);
  call.last_employee = last == nullptr ? call.employee : last->employee;
}

std::vector<Credit> credits_each(const Call& call) {
  std::vector<Credit> credits;
  const auto find = [&](const Leg& leg) {
    return std::find_if(credits.begin(), credits.end(), [&](const Credit& credit) {
      return credit.employee == leg.employee && (!leg.employee.empty() || credit.extension == name_of(leg));
    });
  };
  for (const auto& leg : call.legs) {
    if (!is_staff(leg, call.direction) || !was_answered(leg)) continue;
    auto share = find(leg);
    if (share == credits.end())
      share = credits.insert(credits.end(), {leg.employee, name_of(leg), Millis(0), false, false});
    if (!leg.talk || !share->talk) {
      share->talk.reset();
    } else {
      *share->talk += *leg.talk;
    }
  }
  if (credits.empty() || call.outcome != Outcome::answered) {
    credits.assign(
        1, {call.employee, call.extension, call.outcome == Outcome::answered ? call.talk : Millis(0), true, true});
    return credits;
  }
  for (auto& credit : credits) {
    const auto is = [&](const std::string& employee, const std::string& extension) {
      return credit.employee == employee && (!employee.empty() || credit.extension == extension);
    };
    credit.is_first = is(call.employee, call.extension);
    credit.is_last = is(call.last_employee, call.last_extension);
  }
  return credits;
}

ContactRecord unite(const std::vector<ContactRecord>& parts) {
  ContactRecord whole;
  const auto add = [](std::vector<std::string>& to, const std::vector<std::string>& from) {
    for (const auto& name : from)
      if (std::find(to.begin(), to.end(), name) == to.end()) to.push_back(name);
  };
  for (const auto& part : parts) {
    if (whole.id.empty()) whole.id = part.id;
    if (whole.name.empty()) whole.name = part.name;
    add(whole.numbers, part.numbers);
    add(whole.emails, part.emails);
    add(whole.visitors, part.visitors);
  }
  return whole;
}

}  // namespace hkl
