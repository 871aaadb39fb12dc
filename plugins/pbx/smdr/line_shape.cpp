#include "line_shape.h"

#include <algorithm>
#include <regex>

namespace smdr {

using profile::Place;
using profile::text_of;

namespace {

// The library's matcher recurses for each character.
constexpr std::size_t kLongestMatched = 1000;

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t") - first + 1));
}

std::size_t column_of(const Json& value, const Place& place) {
  const auto number = profile::number_of(value);
  if (!number || *number < 1 || *number > 8192) place.fail("a column is a number from 1");
  return static_cast<std::size_t>(*number);
}

// "a, b, c" or a list.
std::vector<std::string> names_of(const Json& source, const Place& place) {
  if (source.is_array()) return place.texts(source);
  std::vector<std::string> names;
  for (const auto& name : profile::split(place.text(source), ",")) names.push_back(trimmed(name));
  return names;
}

}  // namespace

std::vector<std::string> cells_of(std::string_view line, std::string_view by, char quote) {
  std::vector<std::string> cells(1);
  bool is_quoted = false, was_quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    auto& cell = cells.back();
    if (is_quoted) {
      if (line[i] != quote) {
        cell += line[i];
      } else if (i + 1 < line.size() && line[i + 1] == quote) {
        cell += line[i++];
      } else {
        is_quoted = false;
        was_quoted = true;
      }
    } else if (quote != 0 && line[i] == quote && !was_quoted && trimmed(cell).empty()) {
      is_quoted = true;
      cell.clear();
    } else if (line.substr(i, by.size()) == by) {
      i += by.size() - 1;
      was_quoted = false;
      cells.emplace_back();
    } else {
      cell += line[i];
    }
  }
  return cells;
}

LineShape LineShape::compile(const Json& source, const profile::Vocabulary& words, const Place& place) {
  place.map(source);
  if (source.contains("columns")) return LineShape(compile_fixed(source, place));
  if (source.contains("delimited")) return LineShape(compile_delimited(source, words, place));
  if (source.contains("match")) return LineShape(compile_match(source, place));
  place.fail("say how a line is read: {columns: {…}}, {delimited: …, names: […]} or {match: …, names: […]}");
}

LineShape::Read LineShape::compile_fixed(const Json& source, const Place& place) {
  place.check_members(source, {"columns", "at_least"});
  struct Column {
    std::string name;
    std::size_t from, to;
  };
  std::vector<Column> columns;
  std::size_t at_least = 1;
  for (const auto& [name, range] : (place / "columns").map(source["columns"]).items()) {
    const auto there = place / "columns" / name;
    const auto& ends = there.list(range);
    if (ends.size() != 2) there.fail("the first and the last column are wanted, as [1, 8]");
    const Column column{name, column_of(ends[0], there[0]), column_of(ends[1], there[1])};
    if (column.from > column.to) there.fail("it ends before it begins");
    columns.push_back(column);
  }
  if (source.contains("at_least")) at_least = column_of(source["at_least"], place / "at_least");
  return [columns, at_least](const std::string& line) -> std::optional<Json> {
    if (line.size() < at_least) return std::nullopt;
    auto fields = Json::object();
    for (const auto& column : columns)
      fields[column.name] = column.from > line.size()
                                ? std::string()
                                : trimmed(std::string_view(line).substr(column.from - 1, column.to - column.from + 1));
    return fields;
  };
}

LineShape::Read LineShape::compile_delimited(const Json& source, const profile::Vocabulary& words, const Place& place) {
  place.check_members(source, {"delimited", "names", "prefix", "quote", "at_least", "may_hold_more"});
  const auto by = (place / "delimited").text(source["delimited"]);
  auto given = source.value("names", Json());
  // A source may have its own order of columns.
  if (given.is_string() && given.get_ref<const std::string&>().starts_with("$")) {
    const auto setting = given.get<std::string>().substr(1);
    if (words.settings == nullptr || !words.settings->contains(setting))
      (place / "names").fail("there is no setting \"" + setting + "\"");
    given = (*words.settings)[setting];
  }
  const auto names = names_of(given, place / "names");
  const auto prefix = text_of(source.value("prefix", Json()));
  const auto quote = text_of(source.value("quote", Json()));
  const auto loose = text_of(source.value("may_hold_more", Json()));
  const auto loose_at = static_cast<std::size_t>(std::find(names.begin(), names.end(), loose) - names.begin());
  if (!loose.empty() && loose_at == names.size()) (place / "may_hold_more").fail_unknown("column", loose, names);
  const auto least = source.contains("at_least") ? column_of(source["at_least"], place / "at_least") : names.size();
  return [=](const std::string& whole) -> std::optional<Json> {
    std::string_view line(whole);
    if (!prefix.empty() && line.starts_with(prefix)) line.remove_prefix(prefix.size());
    auto cells = cells_of(line, by, quote.empty() ? '\0' : quote[0]);
    // A text that may hold the delimiter, unquoted, took more cells than its own.
    while (!loose.empty() && cells.size() > names.size()) {
      cells[loose_at] += by + cells[loose_at + 1];
      cells.erase(cells.begin() + static_cast<std::ptrdiff_t>(loose_at) + 1);
    }
    if (cells.size() < least) return std::nullopt;
    auto fields = Json::object();
    for (std::size_t i = 0; i < names.size() && i < cells.size(); ++i) fields[names[i]] = trimmed(cells[i]);
    return fields;
  };
}

LineShape::Read LineShape::compile_match(const Json& source, const Place& place) {
  place.check_members(source, {"match", "names"});
  const auto names = names_of(source.value("names", Json()), place / "names");
  const auto pattern = (place / "match").text(source["match"]);
  try {
    const std::regex regex(pattern);
    if (regex.mark_count() != names.size())
      (place / "names")
          .fail("the expression has " + std::to_string(regex.mark_count()) + " groups and there are " +
                std::to_string(names.size()) + " names; write (?:…) for a group without one");
    return [regex, names](const std::string& line) -> std::optional<Json> {
      std::smatch found;
      if (line.size() > kLongestMatched || !std::regex_match(line, found, regex)) return std::nullopt;
      auto fields = Json::object();
      for (std::size_t i = 0; i < names.size(); ++i) fields[names[i]] = trimmed(found[i + 1].str());
      return fields;
    };
  } catch (const std::regex_error& e) {
    (place / "match").fail("\"" + pattern + "\" is no regular expression: " + e.what());
  }
}

}  // namespace smdr
