// Where numbers belong, by libphonenumber's offline geocoder.
#include <phonenumbers/geocoding/phonenumber_offline_geocoder.h>
#include <phonenumbers/phonenumberutil.h>

#include <map>
#include <mutex>

#include "contacts/erased_names.h"
#include "contacts/numbers.h"

namespace hkl {
namespace {

std::string looked_up(const std::string& e164, const std::string& language) {
  static const i18n::phonenumbers::PhoneNumberOfflineGeocoder geocoder;
  i18n::phonenumbers::PhoneNumber number;
  const auto* util = i18n::phonenumbers::PhoneNumberUtil::GetInstance();
  if (util->Parse(e164, "ZZ", &number) != i18n::phonenumbers::PhoneNumberUtil::NO_PARSING_ERROR) return {};
  return geocoder.GetDescriptionForNumber(number, icu::Locale(language.c_str()));
}

}  // namespace

std::string region_of_number(std::string_view e164, std::string_view language) {
  // A look-up costs some ten microseconds, and clients call more than once.
  constexpr std::size_t kRemembered = 100000;
  static std::mutex mutex;
  static std::map<std::pair<std::string, std::string>, std::string> known;  // guarded by mutex
  if (is_erased(e164)) {
    const auto like = number_like(e164);
    return like.empty() ? std::string() : region_of_number(like, language);
  }
  if (!e164.starts_with('+')) return {};
  std::pair<std::string, std::string> asked(e164, language);
  const std::lock_guard lock(mutex);
  if (known.size() > kRemembered) known.clear();
  const auto found = known.find(asked);
  if (found != known.end()) return found->second;
  auto region = looked_up(asked.first, asked.second);
  return known.emplace(std::move(asked), std::move(region)).first->second;
}

}  // namespace hkl
