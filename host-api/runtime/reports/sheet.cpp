#include "reports/sheet.h"

#include <algorithm>

#include "reports/locale_text.h"

namespace hkl {
namespace {

bool are_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_phone(std::string_view text) { return text.starts_with('+') && are_digits(text.substr(1)); }

// "-12", "-0.5": a text that is a number computes nothing.
bool is_plain_number(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const auto point = std::min(text.find('.'), text.size());
  return are_digits(text.substr(0, point)) && (point == text.size() || are_digits(text.substr(point + 1)));
}

// What spreadsheets take for the beginning of a formula, some in full width too
// (OWASP, "CSV Injection").
bool looks_like_formula(std::string_view text) {
  constexpr std::string_view kBegins[] = {"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"};
  const bool begins = std::any_of(std::begin(kBegins), std::end(kBegins), [&](auto b) { return text.starts_with(b); });
  return begins && !is_phone(text) && !is_plain_number(text);
}

// A line break or a control character would break the table of a terminal.
std::string one_line(std::string text) {
  for (auto& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  return text;
}

std::string padded(const SheetCell& cell, std::size_t width, bool is_last) {
  const auto text = one_line(cell.text);
  const auto used = display_width(text);
  const std::string blanks(used < width ? width - used : 0, ' ');
  if (cell.is_number) return blanks + text;
  return is_last ? text : text + blanks;
}

}  // namespace

std::string aligned(const Sheet& sheet) {
  std::vector<std::size_t> widths(sheet.heads.size());
  const auto measure = [&](const std::vector<SheetCell>& row) {
    for (std::size_t i = 0; i < row.size() && i < widths.size(); ++i)
      widths[i] = std::max(widths[i], display_width(one_line(row[i].text)));
  };
  measure(sheet.heads);
  for (const auto& row : sheet.rows) measure(row);
  measure(sheet.total);

  std::string text;
  const auto add = [&](const std::vector<SheetCell>& row) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i)
      line += (i == 0 ? "" : "  ") + padded(row[i], widths[i], i + 1 == row.size());
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  };
  const auto rule = [&] {
    for (std::size_t i = 0; i < widths.size(); ++i) {
      text += i == 0 ? "" : "  ";
      for (std::size_t n = 0; n < widths[i]; ++n) text += "─";
    }
    text += "\n";
  };
  add(sheet.heads);
  rule();
  for (const auto& row : sheet.rows) add(row);
  if (!sheet.total.empty()) {
    rule();
    add(sheet.total);
  }
  return text;
}

std::string csv_line(const std::vector<SheetCell>& cells) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) line += ',';
    std::string text = cells[i].text;
    if (!cells[i].is_number && looks_like_formula(text)) text.insert(text.begin(), '\'');
    if (text.find_first_of(",\"\r\n") == std::string::npos) {
      line += text;
      continue;
    }
    line += '"';
    for (const char c : text) line += c == '"' ? std::string("\"\"") : std::string(1, c);
    line += '"';
  }
  return line + "\r\n";
}

}  // namespace hkl
