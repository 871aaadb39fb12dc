#include "reports/row_key.h"

#include <fmt/format.h>

#include <charconv>

namespace hkl {
namespace {

std::string encoded(const std::string& id) {
  if (id == "-") return "%2D";
  std::string text;
  for (const char c : id)
    if (c == '%' || c == '/' || c == ':')
      text += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    else
      text += c;
  return text;
}

Result<std::string> decoded(std::string_view text) {
  std::string id;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      id += text[i];
      continue;
    }
    unsigned value = 0;
    const auto digits = text.substr(i + 1, 2);
    const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    if (digits.size() != 2 || parsed.ec != std::errc() || parsed.ptr != digits.data() + 2)
      return fail(HKL_INVALID, fmt::format("drill: \"{}\" has a \"%\" without two hexadecimal digits", text));
    id += static_cast<char>(value);
    i += 2;
  }
  return id;
}

}  // namespace

std::string row_key(const RowIds& ids) {
  std::string key;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (i > 0) key += '/';
    key += ids[i] && !ids[i]->empty() ? encoded(*ids[i]) : "-";
  }
  // An employee whose id is "total" is not the total.
  return key == kTotalKey ? "%74otal" : key;
}

Result<RowIds> ids_of_key(std::string_view key, std::size_t dimensions) {
  RowIds ids;
  for (std::size_t begin = 0; begin <= key.size();) {
    const auto slash = std::min(key.find('/', begin), key.size());
    const auto part = key.substr(begin, slash - begin);
    if (part == "-" || part.empty()) {
      ids.emplace_back();
    } else {
      auto id = decoded(part);
      if (!id) return fail(id.error());
      ids.emplace_back(std::move(*id));
    }
    begin = slash + 1;
  }
  if (ids.size() == dimensions) return ids;
  return fail(HKL_INVALID, fmt::format("drill: the key \"{}\" has {} part{}, the rows of this report have {}", key,
                                       ids.size(), ids.size() == 1 ? "" : "s", dimensions));
}

Result<DrillAddress> parse_drill(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == text.npos || colon == 0 || colon + 1 == text.size())
    return fail(HKL_INVALID, fmt::format("drill: \"{}\" is not KEY:MEASURE, such as total:calls", text));
  return DrillAddress{std::string(text.substr(0, colon)), std::string(text.substr(colon + 1))};
}

}  // namespace hkl
