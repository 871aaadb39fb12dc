// How a call or a leg ended, by the word of whoever tells: one table from Q.850
// causes, SIP codes, dial states and vendors' words to finish reasons (metrics,
// "Finish reason"). Printed in plugins/pbx/finish-reasons.md. An adapter keeps
// the PBX's own word beside it (cause, result).
//
// A word has a sense, and a sense has a reason for each direction: who was
// called is the client on an outgoing call and an employee else.
#pragma once

#include <cstdint>
#include <string_view>

#include "hookline/words.h"

namespace hookline {

struct Ending {
  std::string_view sense;       // its name, as printed
  std::uint32_t outcome;        // HKL_LEG_… of a phone that ended so; 0: what is around it tells
  std::uint32_t of_employee;    // HKL_REASON_… where a phone of ours was called: in, internal
  std::uint32_t of_client;      // … where the client was: out
  std::uint32_t by_in, by_out;  // HKL_BY_…, by direction
};

namespace endings {

// Says nothing of why: a plain hang-up, or a word of what went before.
inline constexpr Ending kNothing{"nothing", 0, 0, 0, 0, 0};
inline constexpr Ending kAnswered{"answered", HKL_LEG_ANSWERED, 0, 0, 0, 0};
inline constexpr Ending kBusy{"busy", HKL_LEG_BUSY, HKL_REASON_EMPLOYEE_BUSY, HKL_REASON_CLIENT_BUSY, 0, 0};
inline constexpr Ending kNoAnswer{
    "no answer", HKL_LEG_NO_ANSWER, HKL_REASON_EMPLOYEE_NO_ANSWER, HKL_REASON_CLIENT_NO_ANSWER, 0, 0};
inline constexpr Ending kRejected{
    "rejected",      HKL_LEG_REJECTED, HKL_REASON_EMPLOYEE_REJECTED, HKL_REASON_CLIENT_REJECTED,
    HKL_BY_EMPLOYEE, HKL_BY_CLIENT};
inline constexpr Ending kUnavailable{
    "unavailable", HKL_LEG_UNAVAILABLE, HKL_REASON_EMPLOYEE_UNAVAILABLE, HKL_REASON_CLIENT_UNAVAILABLE, 0, 0};
// It rang as long as the PBX lets it, and the PBX ended it.
inline constexpr Ending kRangOut{
    "rang out",    HKL_LEG_NO_ANSWER, HKL_REASON_EMPLOYEE_NO_ANSWER, HKL_REASON_CLIENT_NO_ANSWER,
    HKL_BY_SYSTEM, HKL_BY_SYSTEM};
// Told of an incoming call whoever ended it: the client may have given up.
inline constexpr Ending kUnanswered{"unanswered", HKL_LEG_NO_ANSWER, 0, HKL_REASON_CLIENT_NO_ANSWER, 0, 0};
inline constexpr Ending kNoStaff{
    "no staff",    HKL_LEG_NO_STAFF, HKL_REASON_EMPLOYEE_UNAVAILABLE, HKL_REASON_EMPLOYEE_UNAVAILABLE,
    HKL_BY_SYSTEM, HKL_BY_SYSTEM};
// Words that name the employee whoever called.
inline constexpr Ending kEmployeeBusy{
    "employee busy", HKL_LEG_BUSY, HKL_REASON_EMPLOYEE_BUSY, HKL_REASON_EMPLOYEE_BUSY, 0, 0};
inline constexpr Ending kEmployeeNoAnswer{
    "employee no answer", HKL_LEG_NO_ANSWER, HKL_REASON_EMPLOYEE_NO_ANSWER, HKL_REASON_EMPLOYEE_NO_ANSWER, 0, 0};
// Signed out, out of hours, do not disturb.
inline constexpr Ending kOffDuty{
    "off duty",    HKL_LEG_UNAVAILABLE, HKL_REASON_EMPLOYEE_UNAVAILABLE, HKL_REASON_EMPLOYEE_UNAVAILABLE,
    HKL_BY_SYSTEM, HKL_BY_SYSTEM};
// The number leads nowhere: the route failed, whoever it was for.
inline constexpr Ending kNoSuch{
    "no such number", HKL_LEG_FAILED, HKL_REASON_EMPLOYEE_UNAVAILABLE, HKL_REASON_CLIENT_UNAVAILABLE, 0, 0};
// Whoever called gave up before an answer.
inline constexpr Ending kCancelled{
    "cancelled",   HKL_LEG_CANCELLED, HKL_REASON_CLIENT_HUNG_UP, HKL_REASON_EMPLOYEE_HUNG_UP,
    HKL_BY_CLIENT, HKL_BY_EMPLOYEE};
inline constexpr Ending kElsewhere{"elsewhere", HKL_LEG_ELSEWHERE, 0, 0, 0, 0};
inline constexpr Ending kQueueTimeout{"queue timeout",          HKL_LEG_TIMED_OUT, HKL_REASON_QUEUE_TIMEOUT,
                                      HKL_REASON_QUEUE_TIMEOUT, HKL_BY_SYSTEM,     HKL_BY_SYSTEM};
inline constexpr Ending kDialTimeout{"dial timeout",          HKL_LEG_NO_ANSWER, HKL_REASON_DIAL_TIMEOUT,
                                     HKL_REASON_DIAL_TIMEOUT, HKL_BY_SYSTEM,     HKL_BY_SYSTEM};
inline constexpr Ending kNetwork{"network",          HKL_LEG_FAILED, HKL_REASON_NETWORK,
                                 HKL_REASON_NETWORK, HKL_BY_SYSTEM,  HKL_BY_SYSTEM};
inline constexpr Ending kTechnical{"technical",          HKL_LEG_FAILED, HKL_REASON_TECHNICAL,
                                   HKL_REASON_TECHNICAL, HKL_BY_SYSTEM,  HKL_BY_SYSTEM};
inline constexpr Ending kLimit{"limit",          HKL_LEG_FAILED, HKL_REASON_LIMIT,
                               HKL_REASON_LIMIT, HKL_BY_SYSTEM,  HKL_BY_SYSTEM};
inline constexpr Ending kFinance{"finance",          HKL_LEG_FAILED, HKL_REASON_FINANCE,
                                 HKL_REASON_FINANCE, HKL_BY_SYSTEM,  HKL_BY_SYSTEM};
inline constexpr Ending kNotConfigured{"not configured",          HKL_LEG_FAILED, HKL_REASON_NOT_CONFIGURED,
                                       HKL_REASON_NOT_CONFIGURED, HKL_BY_SYSTEM,  HKL_BY_SYSTEM};
inline constexpr Ending kSecurity{"security",          HKL_LEG_FAILED, HKL_REASON_SECURITY,
                                  HKL_REASON_SECURITY, HKL_BY_SYSTEM,  HKL_BY_SYSTEM};
// The system ended it, and did not say why.
inline constexpr Ending kBySystem{"ended by the system", 0, 0, 0, HKL_BY_SYSTEM, HKL_BY_SYSTEM};

struct Row {
  std::string_view vocabulary, word;  // "5*" is every word that begins with 5 and is not told better
  Ending ending;
};

inline constexpr Row kRows[] = {
#include "hookline/sdk/endings.inc"
};

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

constexpr bool begins(std::string_view word, std::string_view with) {
  if (word.size() < with.size()) return false;
  for (std::size_t i = 0; i < with.size(); ++i)
    if (lower(word[i]) != lower(with[i])) return false;
  return true;
}

}  // namespace endings

// The ending that `word` of a vocabulary ("q850", "sip", "asterisk", "mango" …)
// tells, in any case of letters; null for a word that is not known.
constexpr const Ending* find_ending(std::string_view vocabulary, std::string_view word) {
  const endings::Row* best = nullptr;
  for (const auto& row : endings::kRows) {
    if (row.vocabulary != vocabulary) continue;
    const bool is_class = !row.word.empty() && row.word.back() == '*';
    const auto with = is_class ? row.word.substr(0, row.word.size() - 1) : row.word;
    if (!endings::begins(word, with)) continue;
    if (!is_class && word.size() == with.size()) return &row.ending;
    if (is_class && (best == nullptr || with.size() + 1 > best->word.size())) best = &row;
  }
  return best == nullptr ? nullptr : &best->ending;
}

// The same, with a plain "says nothing" for what is not known.
constexpr const Ending& ending_of(std::string_view vocabulary, std::string_view word) {
  const auto* found = find_ending(vocabulary, word);
  return found == nullptr ? endings::kNothing : *found;
}

// HKL_REASON_… of a call of that direction that ended so; HKL_REASON_NOT_TOLD
// where the word says nothing of why.
constexpr std::uint32_t reason_of(const Ending& ending, std::uint32_t direction) {
  // Who gives up a call within the house is an employee.
  if (direction == HKL_DIRECTION_INTERNAL && ending.of_employee == HKL_REASON_CLIENT_HUNG_UP) return ending.of_client;
  return direction == HKL_DIRECTION_OUT ? ending.of_client : ending.of_employee;
}

// HKL_BY_… the same way.
constexpr std::uint32_t ended_by(const Ending& ending, std::uint32_t direction) {
  if (direction == HKL_DIRECTION_OUT) return ending.by_out;
  return direction == HKL_DIRECTION_INTERNAL && ending.by_in == HKL_BY_CLIENT ? HKL_BY_EMPLOYEE : ending.by_in;
}

// Whether there is such a vocabulary.
constexpr bool has_endings(std::string_view vocabulary) {
  for (const auto& row : endings::kRows)
    if (row.vocabulary == vocabulary) return true;
  return false;
}

}  // namespace hookline
