#include "pipeline/same_call.h"

#include <algorithm>
#include <tuple>

namespace hkl {
namespace {

// All fields are named, so that one more does not compile until it is compared too.
auto fields(const Leg& leg) {
  const auto& [kind, name, extension, employee, number, started, answered, ended, talk, hold, acw, cause, keys,
               outcome] = leg;
  return std::tie(kind, name, extension, employee, number, started, answered, ended, talk, hold, acw, cause, keys,
                  outcome);
}

auto fields(const Transfer& transfer) {
  const auto& [kind, from, to, at] = transfer;
  return std::tie(kind, from, to, at);
}

// Legs and transfers apart: they have fields of their own.
auto fields(const Call& call) {
  const auto& [id, aliases, source, direction, type, request, number, raw, name, is_withheld, line, started, offered,
               answered, ended, is_over, is_history, outcome, reason, result, hung_up_by, wait, queue_wait, talk,
               connected, clean_talk, incomplete, extension, employee, last_extension, last_employee, queue, legs,
               transfers, recordings, tags, rating, extra, own_tags, own_rating, own_visit, contact, inquiry, lead,
               visit] = call;
  return std::tie(id, aliases, source, direction, type, request, number, raw, name, is_withheld, line, started, offered,
                  answered, ended, is_over, is_history, outcome, reason, result, hung_up_by, wait, queue_wait, talk,
                  connected, clean_talk, incomplete, extension, employee, last_extension, last_employee, queue,
                  recordings, tags, rating, extra, own_tags, own_rating, own_visit, contact, inquiry, lead, visit);
}

template <typename Part>
bool are_same(const std::vector<Part>& ones, const std::vector<Part>& others) {
  return std::equal(ones.begin(), ones.end(), others.begin(), others.end(),
                    [](const Part& one, const Part& other) { return fields(one) == fields(other); });
}

}  // namespace

bool is_same(const Call& one, const Call& other) {
  return fields(one) == fields(other) && are_same(one.legs, other.legs) && are_same(one.transfers, other.transfers);
}

}  // namespace hkl
