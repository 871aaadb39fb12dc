#include "columns/shares.h"

#include <charconv>

namespace hkl {
namespace {

constexpr char kMark = '#';  // before each share; no number begins so

// The number that a text begins with, which is taken off it together with the space behind it.
Maybe take_number(std::string_view& text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (!text.empty()) text.remove_prefix(1);
  return number;
}

// Seven bits a byte, the lowest first.
void put(std::string& packed, std::uint64_t number) {
  for (; number >= 0x80; number >>= 7) packed.push_back(static_cast<char>(number | 0x80));
  packed.push_back(static_cast<char>(number));
}

std::uint64_t take(std::string_view& packed) {
  std::uint64_t number = 0;
  for (unsigned shift = 0; !packed.empty(); shift += 7) {
    const auto byte = static_cast<std::uint8_t>(packed.front());
    packed.remove_prefix(1);
    number |= std::uint64_t{byte & 0x7fU} << shift;
    if (byte < 0x80) break;
  }
  return number;
}

// 0 is nothing; what is below 0, as a clock that was put back makes it, takes the odd numbers.
void put(std::string& packed, Maybe value) {
  if (!value) return put(packed, std::uint64_t{0});
  const auto turned = (static_cast<std::uint64_t>(*value) << 1) ^ (*value < 0 ? UINT64_MAX : 0);
  put(packed, turned + 1);
}

Maybe take_maybe(std::string_view& packed) {
  const auto number = take(packed);
  if (number == 0) return std::nullopt;
  const auto turned = number - 1;
  return static_cast<std::int64_t>((turned >> 1) ^ (std::uint64_t{0} - (turned & 1)));
}

}  // namespace

// A call without rows of its own here counts once and for nobody, as LEFT JOIN has it.
std::string shares_sql() {
  return "(SELECT CASE WHEN COUNT(*) = 1 AND MAX(k.employee IS c.employee AND k.extension IS c.extension AND "
         "(k.talk_ms IS NULL) = (c.talk_ms IS NULL)) THEN NULLIF(c.talk_ms - MAX(k.talk_ms), 0) "
         "WHEN COUNT(*) = 0 AND c.employee IS NULL AND c.extension IS NULL AND c.talk_ms IS NULL THEN NULL "
         "ELSE '#' || COALESCE((SELECT GROUP_CONCAT(COALESCE(LENGTH(CAST(s.employee AS BLOB)), -1) || ' ' || "
         "COALESCE(LENGTH(CAST(s.extension AS BLOB)), -1) || ' ' || COALESCE(s.talk_ms, 'x') || ' ' || "
         "COALESCE(s.employee, '') || COALESCE(s.extension, ''), '#') FROM call_credits s WHERE s.call = c.id), "
         "'-1 -1 x ') END FROM call_credits k WHERE k.call = c.id)";
}

bool tells_shares(std::string_view text) { return text.starts_with(kMark); }

std::vector<Share> read_shares(std::string_view text, const CodeOf& code_of_employee, const CodeOf& code_of_extension) {
  std::vector<Share> shares;
  const auto take_text = [&text](Maybe size, const CodeOf& code_of) -> Maybe {
    if (!size || *size < 0) return std::nullopt;
    const auto one = text.substr(0, static_cast<std::size_t>(*size));
    text.remove_prefix(one.size());
    return code_of(one);
  };
  while (tells_shares(text)) {
    text.remove_prefix(1);
    const auto employee = take_number(text), extension = take_number(text);
    Share share;
    if (text.starts_with('x'))
      text.remove_prefix(2);
    else
      share.talk_ms = take_number(text);
    share.employee = take_text(employee, code_of_employee);
    share.extension = take_text(extension, code_of_extension);
    shares.push_back(share);
  }
  return shares;
}

std::string packed_shares(const std::vector<Share>& shares) {
  std::string packed;
  for (const auto& share : shares) {
    put(packed, share.employee);
    put(packed, share.extension);
    put(packed, share.talk_ms);
  }
  return packed;
}

void unpack_shares(std::string_view packed, std::vector<Share>& into) {
  into.clear();
  while (!packed.empty()) {
    Share share;
    share.employee = take_maybe(packed);
    share.extension = take_maybe(packed);
    share.talk_ms = take_maybe(packed);
    into.push_back(share);
  }
}

}  // namespace hkl
