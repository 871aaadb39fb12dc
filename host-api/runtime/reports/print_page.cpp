#include "reports/print_page.h"

namespace hkl {
namespace {

// Nothing is fetched and nothing runs: the policy says so to the browser too.
constexpr const char* kHead =
    "<meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
    "<style>\n"
    "body{font:14px/1.4 system-ui,sans-serif;margin:24px;color:#1a1a1a}\n"
    "h1{font-size:20px;margin:0 0 4px}\n"
    "ul{list-style:none;margin:0 0 16px;padding:0;color:#555;font-size:12px}\n"
    "table{border-collapse:collapse;width:100%}\n"
    "th,td{padding:4px 8px;border-bottom:1px solid #ddd;text-align:left;vertical-align:top}\n"
    "th{border-bottom:2px solid #888}\n"
    ".n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}\n"
    "tfoot td{border-top:2px solid #888;font-weight:600}\n"
    "@page{size:A4 landscape;margin:12mm}\n"
    "@media print{body{margin:0;font-size:11px}thead{display:table-header-group}"
    "tfoot{display:table-row-group}tr{break-inside:avoid}}\n"
    "</style>\n";

std::string cells(const std::vector<SheetCell>& row, const char* tag) {
  std::string text = "<tr>";
  for (const auto& cell : row) {
    text += std::string("<") + tag + (cell.is_number ? " class=\"n\">" : ">");
    text += html_text(cell.text) + "</" + tag + ">";
  }
  return text + "</tr>\n";
}

}  // namespace

std::string html_text(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    switch (c) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      case '\'':
        safe += "&#39;";
        break;
      default:
        safe += static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' ? ' ' : c;
    }
  }
  return safe;
}

std::string print_begin(const PrintHeading& heading, const std::vector<SheetCell>& heads) {
  std::string text = "<!DOCTYPE html>\n<html lang=\"" + html_text(heading.language) + "\">\n<head>\n" + kHead +
                     "<title>" + html_text(heading.title) + "</title>\n</head>\n<body>\n<h1>" +
                     html_text(heading.title) + "</h1>\n";
  if (!heading.lines.empty()) {
    text += "<ul>\n";
    for (const auto& line : heading.lines) text += "<li>" + html_text(line) + "</li>\n";
    text += "</ul>\n";
  }
  return text + "<table>\n<thead>\n" + cells(heads, "th") + "</thead>\n<tbody>\n";
}

std::string print_row(const std::vector<SheetCell>& row) { return cells(row, "td"); }

std::string print_end(const std::vector<SheetCell>& total, const std::vector<std::string>& notes) {
  std::string text = "</tbody>\n";
  if (!total.empty()) text += "<tfoot>\n" + cells(total, "td") + "</tfoot>\n";
  text += "</table>\n";
  for (const auto& note : notes) text += "<p>" + html_text(note) + "</p>\n";
  return text + "</body>\n</html>\n";
}

}  // namespace hkl
