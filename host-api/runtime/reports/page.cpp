#include "reports/page.h"

#include <fmt/format.h>

#include <charconv>

namespace hkl {
namespace {

// Takes a whole number and the dot after it; nothing: there is none.
std::optional<std::int64_t> take_number(std::string_view& text) {
  std::int64_t number = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop == end || *stop != '.') return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(stop - text.data()) + 1);
  return number;
}

}  // namespace

std::string PageMark::text() const {
  return fmt::format("{}.{}.{}", ms ? std::to_string(*ms) : std::string("x"), tie, id);
}

Result<PageMark> PageMark::of(const std::string& text) {
  PageMark mark;
  std::string_view rest = text;
  const auto refusal = [&] {
    return fail(HKL_INVALID, fmt::format("after: \"{}\" is no place in a list; take what `next` said", text));
  };
  if (rest.starts_with("x.")) {
    rest.remove_prefix(2);
  } else {
    mark.ms = take_number(rest);
    if (!mark.ms) return refusal();
  }
  const auto tie = take_number(rest);
  if (!tie || rest.empty()) return refusal();
  mark.tie = *tie;
  mark.id = rest;
  return mark;
}

SqlText PagePlace::columns() const { return time + ", " + id + ", " + (tie.is_empty() ? SqlText("0") : tie); }

SqlText PagePlace::order() const {
  auto sql = " ORDER BY " + time + " DESC, " + id;
  if (!tie.is_empty()) sql += ", " + tie;
  return sql;
}

// What has no time stands last.
SqlText PagePlace::after(const PageMark& mark) const {
  auto beyond = id + " > " + SqlText::value(mark.id);
  if (!tie.is_empty())
    beyond = any_of({beyond, all_of({id + " = " + SqlText::value(mark.id), tie + " > " + SqlText::value(mark.tie)})});
  if (!mark.ms) return all_of({time + " IS NULL", beyond});
  const auto at = SqlText::value(*mark.ms);
  return any_of({time + " < " + at, time + " IS NULL", all_of({time + " = " + at, beyond})});
}

}  // namespace hkl
