#include "contacts/numbers.h"

#include <phonenumbers/phonenumberutil.h>

#include <algorithm>
#include <cctype>
#include <mutex>
#include <unordered_map>

#include "contacts/erased_names.h"

namespace hkl {
namespace {

using i18n::phonenumbers::PhoneNumberUtil;
using Parsed = i18n::phonenumbers::PhoneNumber;

// Shorter than any public number that a client could have: extensions, service codes.
constexpr std::size_t kShortest = 7;
constexpr std::size_t kRemembered = 200000;

std::string digits_of(std::string_view text) {
  std::string digits;
  for (const char c : text)
    if (c >= '0' && c <= '9') digits += c;
  return digits;
}

// "sip:+74951234567@host;user=phone", "tel:+7-495…", "123 (John Doe)" without what is no number.
std::string_view bare(std::string_view text) {
  for (const std::string_view scheme : {"sip:", "sips:", "tel:"})
    if (text.size() > scheme.size() && std::equal(scheme.begin(), scheme.end(), text.begin(), [](char a, char b) {
          return a == std::tolower(static_cast<unsigned char>(b));
        })) {
      text.remove_prefix(scheme.size());
      break;
    }
  text = text.substr(0, text.find('@'));
  return text.substr(0, text.find(';'));
}

// What stands behind a number: "#404", ",,12", "доб. 12", "ext 12", "x12".
std::string take_extension(std::string_view& text) {
  static constexpr std::string_view kMarks[] = {"#",    ",,",   ",",   "доб.", "доб", "ДОБ.",
                                                "Доб.", "ext.", "ext", "Ext",  "EXT", " x"};
  std::size_t cut = std::string_view::npos;
  for (const auto mark : kMarks) {
    const auto at = text.find(mark);
    if (at != std::string_view::npos && at > 0 && at < cut) cut = at;
  }
  if (cut == std::string_view::npos) return {};
  auto extension = digits_of(text.substr(cut));
  if (extension.empty() || extension.size() > 8 || digits_of(text.substr(0, cut)).size() < kShortest) return {};
  text = text.substr(0, cut);
  return extension;
}

PhoneNumber parse(std::string_view raw, const std::string& region) {
  PhoneNumber number;
  auto text = bare(raw);
  if (is_erased(text)) {  // its digits are no number
    number.e164 = text;
    return number;
  }
  number.extension = take_extension(text);
  const auto digits = digits_of(text);
  number.e164 = digits;
  if (digits.size() < kShortest) return number;
  const auto& util = *PhoneNumberUtil::GetInstance();
  const auto accept = [&](const std::string& candidate, const std::string& where) {
    Parsed parsed;
    if (util.Parse(candidate, where.empty() ? "ZZ" : where, &parsed) != PhoneNumberUtil::NO_PARSING_ERROR) return false;
    // Possible, not only assigned: plans change faster than libraries, and
    // fictional numbers of tests have no owner.
    if (!util.IsValidNumber(parsed) && !util.IsPossibleNumber(parsed)) return false;
    const bool is_valid = util.IsValidNumber(parsed);
    if (!is_valid && candidate[0] != '+' && candidate[0] != '0' && where.empty()) return false;
    util.Format(parsed, PhoneNumberUtil::E164, &number.e164);
    util.GetRegionCodeForNumber(parsed, &number.region);
    if (number.region == "ZZ" || number.region == "001") number.region.clear();
    number.is_valid = true;
    return true;
  };
  const auto plus = text.find('+');
  if (plus != std::string_view::npos) {
    accept("+" + digits, "");
    return number;
  }
  const auto valid_in = [&](const std::string& candidate, const std::string& where) {
    Parsed parsed;
    return util.Parse(candidate, where, &parsed) == PhoneNumberUtil::NO_PARSING_ERROR && util.IsValidNumber(parsed);
  };
  // As the region would dial it, or with the country in front as carriers send
  // it; a valid number before one that is only possible.
  if (!region.empty() && valid_in(digits, region)) {
    accept(digits, region);
  } else if (valid_in("+" + digits, "ZZ")) {
    accept("+" + digits, "");
  } else if (!region.empty() && digits.size() <= 11) {
    accept(digits, region);
  } else if (digits.size() >= 11) {
    accept("+" + digits, "");
  }
  return number;
}

}  // namespace

PhoneNumber normalise_number(std::string_view raw, std::string_view region) {
  // libphonenumber takes some ten microseconds, and the same numbers come
  // again with every event of a call.
  static std::mutex mutex;
  static std::unordered_map<std::string, PhoneNumber> known;
  std::string key(region);
  key += '\n';
  key += raw;
  {
    const std::lock_guard lock(mutex);
    if (const auto found = known.find(key); found != known.end()) return found->second;
  }
  auto number = parse(raw, std::string(region));
  const std::lock_guard lock(mutex);
  if (known.size() >= kRemembered) known.clear();
  known.emplace(std::move(key), number);
  return number;
}

}  // namespace hkl
