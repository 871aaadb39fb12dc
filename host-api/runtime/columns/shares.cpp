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

std::uint64_t take(const char*& at, const char* end) {
  std::uint64_t number = 0;
  for (unsigned shift = 0; at != end; shift += 7) {
    const auto byte = static_cast<std::uint8_t>(*at++);
    number |= std::uint64_t{byte & 0x7fU} << shift;
    if (byte < 0x80) break;
  }
  return number;
}

// Of a text's code; 0 is that of none, which is the greatest.
std::uint64_t numbered(std::uint32_t code) { return static_cast<std::uint32_t>(code + 1); }
std::uint32_t code_numbered(std::uint64_t number) { return static_cast<std::uint32_t>(number) - 1; }
std::uint32_t code_of(Maybe known) { return known ? static_cast<std::uint32_t>(*known) : NarrowColumn::kNoCode; }

// 0 is nothing; what is below 0, as a clock that was put back makes it, takes the even numbers.
void put_milliseconds(std::string& packed, Maybe value) {
  if (!value) return put(packed, std::uint64_t{0});
  const auto turned = (static_cast<std::uint64_t>(*value) << 1) ^ (*value < 0 ? UINT64_MAX : 0);
  put(packed, turned + 1);
}

Maybe take_milliseconds(const char*& at, const char* end) {
  const auto number = take(at, end);
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
  const auto take_text = [&text](Maybe size, const CodeOf& code_of_text) {
    if (!size || *size < 0) return NarrowColumn::kNoCode;
    const auto one = text.substr(0, static_cast<std::size_t>(*size));
    text.remove_prefix(one.size());
    return code_of_text(one);
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

void mark_first(std::vector<Share>& shares, Maybe employee, Maybe extension) {
  for (auto& share : shares)
    share.is_first = share.employee == code_of(employee) && share.extension == code_of(extension);
}

std::string packed_shares(const std::vector<Share>& shares) {
  std::string packed;
  for (const auto& share : shares) {
    put(packed, numbered(share.employee) << 1 | (share.is_first ? 1 : 0));
    put(packed, numbered(share.extension));
    put_milliseconds(packed, share.talk_ms);
  }
  return packed;
}

void unpack_shares(std::string_view packed, std::vector<Share>& into) {
  into.clear();
  const auto *at = packed.data(), *end = at + packed.size();
  while (at != end) {
    auto& share = into.emplace_back();
    const auto employee = take(at, end);
    share.is_first = (employee & 1) != 0;
    share.employee = code_numbered(employee >> 1);
    share.extension = code_numbered(take(at, end));
    share.talk_ms = take_milliseconds(at, end);
  }
}

}  // namespace hkl
