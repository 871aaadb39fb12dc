#include "values/words.h"

#include <algorithm>
#include <array>
#include <vector>

namespace hkl {
namespace {

template <typename Enum>
struct Words;  // ::list, in the order of the numbers; [0] is ""

#define HKL_WORDS(Enum, ...)                                                     \
  template <>                                                                    \
  struct Words<Enum> {                                                           \
    static constexpr auto list = std::to_array<std::string_view>({__VA_ARGS__}); \
  };                                                                             \
  }                                                                              \
  std::string_view word(Enum value) {                                            \
    const auto n = static_cast<std::size_t>(value);                              \
    return n < Words<Enum>::list.size() ? Words<Enum>::list[n] : "";             \
  }                                                                              \
  namespace {

HKL_WORDS(Direction, "", "in", "out", "internal")
HKL_WORDS(LegKind, "", "employee", "queue", "group", "ivr", "external", "voicemail")
HKL_WORDS(LegOutcome, "", "answered", "no_answer", "busy", "elsewhere", "rejected", "unavailable", "cancelled",
          "failed", "abandoned", "timed_out", "no_staff", "refused", "moved")
HKL_WORDS(Outcome, "", "answered", "missed", "unsuccessful")
HKL_WORDS(Reason, "", "normal", "client_hung_up", "employee_hung_up", "client_no_answer", "client_busy",
          "client_rejected", "client_unavailable", "employee_no_answer", "employee_busy", "employee_unavailable",
          "employee_rejected", "dial_timeout", "queue_timeout", "network", "technical", "limit", "finance",
          "not_configured", "security", "unknown")
HKL_WORDS(By, "", "client", "employee", "system")
HKL_WORDS(TransferKind, "", "blind", "attended", "forward", "park")
HKL_WORDS(CallType, "", "line", "site_phone", "callback", "sip", "scenario", "api", "tracking_static",
          "tracking_dynamic", "external_pbx", "unknown")
HKL_WORDS(InquiryKind, "", "call", "request", "manual", "chat")
HKL_WORDS(Quality, "", "target", "non_target", "repeat", "unverified", "unsorted")
HKL_WORDS(TaskState, "", "open", "done", "cancelled")
HKL_WORDS(Presence, "", "online", "pause", "wrap_up", "offline", "unreachable")
#undef HKL_WORDS

// Damerau–Levenshtein (optimal string alignment).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i)
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  return d[a.size()][b.size()];
}

}  // namespace

template <typename Enum>
std::optional<Enum> from_word(std::string_view word) {
  const auto& list = Words<Enum>::list;
  const auto found = std::find(list.begin(), list.end(), word);
  if (found == list.end()) return std::nullopt;
  return static_cast<Enum>(found - list.begin());
}

template std::optional<Direction> from_word(std::string_view);
template std::optional<LegKind> from_word(std::string_view);
template std::optional<LegOutcome> from_word(std::string_view);
template std::optional<Outcome> from_word(std::string_view);
template std::optional<Reason> from_word(std::string_view);
template std::optional<By> from_word(std::string_view);
template std::optional<TransferKind> from_word(std::string_view);
template std::optional<CallType> from_word(std::string_view);
template std::optional<InquiryKind> from_word(std::string_view);
template std::optional<Quality> from_word(std::string_view);
template std::optional<TaskState> from_word(std::string_view);
template std::optional<Presence> from_word(std::string_view);

std::string_view nearest_word(std::string_view word, const std::string_view* known, std::size_t count) {
  if (word.size() > 100) return {};
  std::string_view best;
  // A third of the word may be wrong; more is another word.
  std::size_t limit = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (std::size_t i = 0; i < count; ++i) {
    const auto far = distance(word, known[i]);
    if (far < limit) {
      limit = far;
      best = known[i];
    }
  }
  return best;
}

}  // namespace hkl
