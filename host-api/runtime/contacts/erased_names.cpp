#include "contacts/erased_names.h"

#include <phonenumbers/phonenumberutil.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <random>

#include "contacts/numbers.h"

namespace hkl {
namespace {

constexpr std::string_view kErased = "erased-";
constexpr std::size_t kLetters = 16;       // of 26: 75 bits
constexpr std::size_t kFewestDigits = 7;   // of a number that is looked for within a text
constexpr std::size_t kHiddenAtLeast = 5;  // digits of a number that a token does not tell
constexpr std::size_t kMostSigns = 2;      // between two digits: ") ", " - " is rare
constexpr std::size_t kLongestPrefix = 5;  // what may stand before: "00", "810", a country

bool is_digit_char(char c) { return c >= '0' && c <= '9'; }
bool is_sign(char c) { return c == ' ' || c == '-' || c == '(' || c == ')' || c == '.' || c == '/'; }
bool is_of_address(char c) {
  return is_digit_char(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' || c == '+';
}
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

std::string random_letters() {
  std::random_device device;
  std::uniform_int_distribution<int> letter(0, 25);
  std::string text;
  for (std::size_t i = 0; i < kLetters; ++i) text += static_cast<char>('a' + letter(device));
  return text;
}

std::string filled(std::string_view beginning, char filler, std::size_t length) {
  std::string number = "+" + std::string(beginning);
  number.resize(length + 1, filler);
  return number;
}

bool is_of_region(const std::string& number, const std::string& russian, const std::string& english) {
  return region_of_number(number, "ru") == russian && region_of_number(number, "en") == english;
}

// "7495cl": the beginning, the digit that fills it up and the length, each as a
// letter, of another number of the same region; "" where there is none.
std::string region_mark(std::string_view number) {
  if (!number.starts_with('+')) return {};
  const auto digits = number.substr(1);
  const auto russian = region_of_number(number, "ru"), english = region_of_number(number, "en");
  if ((russian.empty() && english.empty()) || digits.size() > 20) return {};
  for (std::size_t told = 1; told + kHiddenAtLeast <= digits.size(); ++told)
    for (char filler = '0'; filler <= '9'; ++filler) {
      const auto other = filled(digits.substr(0, told), filler, digits.size());
      if (other == number || !is_of_region(other, russian, english)) continue;
      std::string mark(digits.substr(0, told));
      mark += static_cast<char>('a' + (filler - '0'));
      mark += static_cast<char>('a' + digits.size());
      return mark;
    }
  return {};
}

// What may stand before a number's own digits.
bool is_prefix(std::string_view before, const std::string& country) {
  if (before.empty() || before == country) return true;
  for (const std::string_view trunk : {"0", "8", "9", "90", "98"})
    if (before == trunk) return true;
  for (const std::string_view abroad : {"00", "810", "011", "9", "900", "9810"})
    if (!country.empty() && before == std::string(abroad) + country) return true;
  return false;
}

}  // namespace

std::string erased_name() { return std::string(kErased) + random_letters(); }

std::size_t size_of_sign(std::string_view text, std::size_t at) {
  if (is_sign(text[at])) return 1;
  if (text.substr(at, 2) == "\xC2\xA0") return 2;
  const auto three = text.substr(at, 3);
  if (three.size() == 3 && three.starts_with("\xE2\x80")) {
    const auto last = static_cast<unsigned char>(three[2]);
    if (last <= 0x8A || (last >= 0x90 && last <= 0x95) || last == 0xAF) return 3;
  }
  return three == "\xE2\x88\x92" ? 3 : 0;
}

std::string erased_number(std::string_view number) {
  const auto mark = region_mark(number);
  return std::string(kErased) + (mark.empty() ? "" : mark + "-") + random_letters();
}

bool is_erased(std::string_view text) { return text.starts_with(kErased) && text.size() >= kErased.size() + kLetters; }

std::string number_like(std::string_view erased) {
  if (!is_erased(erased)) return {};
  erased.remove_prefix(kErased.size());
  std::size_t told = 0;
  while (told < erased.size() && is_digit_char(erased[told])) ++told;
  if (told == 0 || told + 2 >= erased.size() || erased[told + 2] != '-') return {};
  const auto filler = erased[told] - 'a', length = erased[told + 1] - 'a';
  if (filler < 0 || filler > 9 || length < static_cast<int>(told)) return {};
  return filled(erased.substr(0, told), static_cast<char>('0' + filler), static_cast<std::size_t>(length));
}

void NameEraser::add_number(const std::string& number, const std::string& token) {
  Number one{number, "", token};
  i18n::phonenumbers::PhoneNumber parsed;
  const auto& util = *i18n::phonenumbers::PhoneNumberUtil::GetInstance();
  if (number.starts_with('+')) {
    one.digits = number.substr(1);
    if (util.Parse(number, "ZZ", &parsed) == i18n::phonenumbers::PhoneNumberUtil::NO_PARSING_ERROR) {
      one.country = std::to_string(parsed.country_code());
      one.digits.clear();  // it is appended to
      util.GetNationalSignificantNumber(parsed, &one.digits);
    }
  }
  add_whole(number, token);
  if (one.digits.size() >= kFewestDigits && std::all_of(one.digits.begin(), one.digits.end(), is_digit_char))
    numbers_.push_back(std::move(one));
}

void NameEraser::add_email(const std::string& email, const std::string& token) {
  std::string small(email);
  std::transform(small.begin(), small.end(), small.begin(), lower);
  if (!small.empty()) emails_.emplace_back(std::move(small), token);
}

void NameEraser::add_whole(const std::string& text, const std::string& token) {
  if (!text.empty()) wholes_.emplace_back(text, token);
}

void NameEraser::add_part(const std::string& text, const std::string& token) {
  if (!text.empty()) parts_.emplace_back(text, token);
}

// Whether the number's own digits begin at `at`; `found` covers what stands
// before them and belongs to it.
bool NameEraser::is_at(std::string_view text, std::size_t at, const Number& number, Found& found) {
  std::size_t i = at, matched = 0, signs = 0;
  for (; i < text.size() && matched < number.digits.size(); ++i) {
    if (text[i] == number.digits[matched]) {
      ++matched;
      signs = 0;
    } else if (const auto size = size_of_sign(text, i); matched > 0 && size > 0 && ++signs <= kMostSigns) {
      i += size - 1;
    } else {
      return false;
    }
  }
  if (matched < number.digits.size() || (i < text.size() && is_digit_char(text[i]))) return false;
  found.end = i;
  // Digits right before it: a prefix, or it is a part of something longer.
  std::size_t begin = at;
  while (begin > 0 && is_digit_char(text[begin - 1])) --begin;
  const auto before = text.substr(begin, at - begin);
  const bool is_service = begin > 0 && (text[begin - 1] == '*' || text[begin - 1] == '#');
  if (!is_service && (before.size() > kLongestPrefix || !is_prefix(before, number.country))) return false;
  if (before.empty()) {  // "+7 (495…", "8-495…"
    std::size_t end = begin, gap = 0;
    while (end > 0 && is_sign(text[end - 1]) && ++gap <= kMostSigns) --end;
    std::size_t first = end;
    while (first > 0 && is_digit_char(text[first - 1])) --first;
    const auto apart = text.substr(first, end - first);
    if (end < begin && !apart.empty() && is_prefix(apart, number.country)) begin = first;
    // "(495) …" without anything before it.
    if (begin == at && at > 0 && text[at - 1] == '(') begin = at - 1;
  }
  if (begin > 0 && text[begin - 1] == '+') --begin;
  found.begin = begin;
  found.token = &number.token;
  return true;
}

bool NameEraser::find(std::string_view text, std::size_t from, Found& found) const {
  const auto earlier = [&](const Found& other) {
    if (found.token == nullptr || other.begin < found.begin) found = other;
  };
  found.token = nullptr;
  for (const auto& number : numbers_)
    for (auto at = text.find(number.digits.front(), from); at != std::string_view::npos;
         at = text.find(number.digits.front(), at + 1)) {
      Found one;
      if (!is_at(text, at, number, one)) continue;
      one.begin = std::max(one.begin, from);
      earlier(one);
      break;
    }
  for (const auto& [part, token] : parts_)
    if (const auto at = text.find(part, from); at != std::string_view::npos) earlier({at, at + part.size(), &token});
  for (const auto& [email, token] : emails_) {
    auto begin = text.begin() + static_cast<std::ptrdiff_t>(from);
    for (;; ++begin) {
      begin = std::search(begin, text.end(), email.begin(), email.end(), [](char a, char b) { return lower(a) == b; });
      if (begin == text.end()) break;
      const auto at = static_cast<std::size_t>(begin - text.begin());
      if (at > 0 && is_of_address(text[at - 1])) continue;
      if (at + email.size() < text.size() && is_of_address(text[at + email.size()])) continue;
      earlier({at, at + email.size(), &token});
      break;
    }
  }
  return found.token != nullptr;
}

bool NameEraser::is_in(std::string_view text) const {
  Found found;
  return std::any_of(wholes_.begin(), wholes_.end(), [&](const auto& whole) { return whole.first == text; }) ||
         find(text, 0, found);
}

bool NameEraser::erase(std::string& text) const {
  for (const auto& [whole, token] : wholes_)
    if (whole == text) {
      text = token;
      return true;
    }
  Found found;
  bool is_any = false;
  for (std::size_t from = 0; find(text, from, found);) {
    is_any = true;
    text.replace(found.begin, found.end - found.begin, *found.token);
    from = found.begin + found.token->size();
  }
  return is_any;
}

bool NameEraser::erase(nlohmann::ordered_json& value) const {
  if (value.is_string()) return erase(value.get_ref<std::string&>());
  bool is_any = false;
  if (value.is_structured())
    for (auto& item : value) is_any = erase(item) || is_any;
  return is_any;
}

}  // namespace hkl
