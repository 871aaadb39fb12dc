#include "reports/locale_text.h"

#include <unicode/bytestream.h>
#include <unicode/casemap.h>
#include <unicode/uchar.h>
#include <unicode/ucol.h>
#include <unicode/ucurr.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cstdint>
#include <mutex>
#include <vector>

namespace hkl {

struct Collation::Collator {
  explicit Collator(std::string of) : language(std::move(of)) {
    UErrorCode code = U_ZERO_ERROR;
    handle = ucol_open(language.c_str(), &code);
  }
  ~Collator() {
    if (handle != nullptr) ucol_close(handle);
  }
  Collator(const Collator&) = delete;
  Collator& operator=(const Collator&) = delete;
  const std::string language;
  UCollator* handle = nullptr;
};

// To open one takes longer than to sort by it.
struct Collation::Idle {
  static Idle& all() {
    static Idle idle;
    return idle;
  }
  std::unique_ptr<Collator> take(const std::string& language) {
    const std::lock_guard lock(mutex);
    const auto found = std::find_if(collators.begin(), collators.end(),
                                    [&](const auto& collator) { return collator->language == language; });
    if (found == collators.end()) return nullptr;
    auto taken = std::move(*found);
    collators.erase(found);
    return taken;
  }
  void give_back(std::unique_ptr<Collator> collator) {
    constexpr std::size_t kAtMost = 8;
    const std::lock_guard lock(mutex);
    if (collators.size() == kAtMost) collators.erase(collators.begin());
    collators.push_back(std::move(collator));
  }

  std::mutex mutex;  // guards them
  std::vector<std::unique_ptr<Collator>> collators;
};

Collation::Collation(const std::string& language) : collator_(Idle::all().take(language)) {
  if (!collator_) collator_ = std::make_unique<Collator>(language);
}
Collation::~Collation() { Idle::all().give_back(std::move(collator_)); }

int Collation::compare(std::string_view a, std::string_view b) const {
  if (collator_->handle != nullptr) {
    UErrorCode code = U_ZERO_ERROR;
    const auto order = ucol_strcollUTF8(collator_->handle, a.data(), static_cast<std::int32_t>(a.size()), b.data(),
                                        static_cast<std::int32_t>(b.size()), &code);
    if (U_SUCCESS(code) && order != UCOL_EQUAL) return order == UCOL_LESS ? -1 : 1;
  }
  return a < b ? -1 : a == b ? 0 : 1;
}

std::string folded(std::string_view text) {
  std::string result;
  icu::StringByteSink<std::string> sink(&result, static_cast<std::int32_t>(text.size()));
  UErrorCode code = U_ZERO_ERROR;
  icu::CaseMap::utf8Fold(0, icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())), sink, nullptr, code);
  return U_SUCCESS(code) ? result : std::string(text);
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  const auto length = static_cast<std::int32_t>(text.size());
  for (std::int32_t i = 0; i < length;) {
    UChar32 c = 0;
    U8_NEXT(text.data(), i, length, c);
    const auto category = u_charType(c);
    if (category == U_NON_SPACING_MARK || category == U_ENCLOSING_MARK || category == U_FORMAT_CHAR) continue;
    const auto east = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
    width += east == U_EA_WIDE || east == U_EA_FULLWIDTH ? 2 : 1;
  }
  return width;
}

int currency_digits(std::string_view currency) {
  UChar code[4] = {};
  if (currency.size() != 3) return 2;
  for (std::size_t i = 0; i < 3; ++i) code[i] = static_cast<UChar>(currency[i]);
  UErrorCode error = U_ZERO_ERROR;
  const auto digits = ucurr_getDefaultFractionDigits(code, &error);
  return U_SUCCESS(error) ? digits : 2;
}

}  // namespace hkl
