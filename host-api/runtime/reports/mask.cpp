#include "reports/mask.h"

#include <algorithm>
#include <array>

#include "contacts/erased_names.h"
#include "reports/access_rows.h"

namespace hkl {
namespace {

constexpr std::size_t kFewestDigits = 7;  // of a number that somebody could be called at
constexpr std::size_t kShownBefore = 4, kShownAfter = 2;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

// The end of a number that begins at `at`: digits with what people write between.
std::size_t end_of_number(std::string_view text, std::size_t at) {
  std::size_t end = at;
  for (auto i = text[at] == '+' ? at + 1 : at; i < text.size();) {
    // A stroke is of dates more often than of numbers.
    const auto size = is_digit(text[i]) ? 1 : text[i] == '/' ? 0 : size_of_sign(text, i);
    if (size == 0) break;
    i += size;
    if (is_digit(text[i - size])) end = i;
  }
  return end;
}

std::string masked_number(std::string_view number) {
  const auto digits = static_cast<std::size_t>(std::count_if(number.begin(), number.end(), is_digit));
  if (digits < kFewestDigits) return std::string(number);
  // A short number hides the more of itself.
  const auto before = digits > 9 ? kShownBefore : 1;
  std::string stars(number);
  std::size_t seen = 0;
  for (auto& c : stars) {
    if (!is_digit(c)) continue;
    ++seen;
    if (seen > before && seen + kShownAfter <= digits) c = '*';
  }
  return stars;
}

// "anna" before the @: all but the first letter.
void mask_addresses(std::string& text) {
  for (auto at = text.find('@'); at != std::string::npos; at = text.find('@', at + 1)) {
    auto begin = at;
    while (begin > 0 &&
           (is_word(text[begin - 1]) || text[begin - 1] == '.' || text[begin - 1] == '-' || text[begin - 1] == '+'))
      --begin;
    if (at - begin < 2) continue;
    text.replace(begin + 1, at - begin - 1, "***");
    at = begin + 4;
  }
}

// What is no person's: ids, words, times, the company's own.
bool stays(const std::string& key) {
  constexpr std::array<std::string_view, 24> kKeys = {
      "id",      "call",       "contact",   "inquiry", "lead",        "visit",    "request",  "source",
      "line",    "more_calls", "done_call", "aliases", "merged_into", "employee", "assignee", "responsible",
      "creator", "taken_by",   "done_by",   "rule",    "funnel",      "stage",    "delivery", "entity"};
  return key.ends_with("_at") || key == "at" || std::find(kKeys.begin(), kKeys.end(), key) != kKeys.end();
}

struct Hiding {
  bool numbers, recordings;
};

void hide_in(nlohmann::ordered_json& value, Hiding hiding) {
  if (value.is_string()) {
    if (hiding.numbers) value = masked(value.get_ref<const std::string&>());
    return;
  }
  if (value.is_array())
    for (auto& item : value) hide_in(item, hiding);
  if (!value.is_object()) return;
  for (auto& [key, member] : value.items()) {
    if (key == "recordings" && hiding.recordings) member = nlohmann::ordered_json::array();
    if (key == "recording" && hiding.recordings) member = nullptr;
    if (stays(key) && !member.is_object()) continue;  // an id, not the record of that name
    hide_in(member, hiding);
  }
}

}  // namespace

std::string masked(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const bool begins = (is_digit(text[i]) || (text[i] == '+' && i + 1 < text.size() && is_digit(text[i + 1]))) &&
                        (i == 0 || !is_word(text[i - 1]));
    const auto end = begins ? end_of_number(text, i) : i + 1;
    out += begins ? masked_number(text.substr(i, end - i)) : std::string(text.substr(i, 1));
    i = end;
  }
  mask_addresses(out);
  return out;
}

void hide(const Access* access, nlohmann::ordered_json& record) {
  const Hiding hiding{is_masked(access), access != nullptr && !access->may("recordings.hear")};
  if (hiding.numbers || hiding.recordings) hide_in(record, hiding);
}

}  // namespace hkl
