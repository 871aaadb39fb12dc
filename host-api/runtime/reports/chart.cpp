#include "reports/chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "reports/locale_text.h"
#include "reports/print_page.h"
#include "reports/shown.h"

namespace hkl {
namespace {

constexpr std::size_t kMostBars = 40;
constexpr int kWidth = 900, kLabels = 220, kRight = 110, kTop = 64, kStep = 24, kBar = 16;
constexpr std::size_t kLabelColumns = 28;

bool is_length(Display display) { return display != Display::text && display != Display::time; }

// Where the report has no measure that a bar could stand for: none.
std::optional<std::size_t> charted(const Plan& plan) {
  const auto fits = [&](std::size_t i) { return is_length(plan.measures[i].measure->display); };
  for (const auto& key : plan.sort)
    for (std::size_t i = 0; i < plan.measures.size(); ++i)
      if (plan.measures[i].measure->id == key.column && fits(i)) return i;
  for (std::size_t i = 0; i < plan.measures.size(); ++i)
    if (fits(i)) return i;
  return std::nullopt;
}

// A name as long as its place; the whole of it is in the bar's title.
std::string shortened(const std::string& text) {
  std::string kept;
  for (std::size_t i = 0; i < text.size();) {
    auto end = i + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) ++end;
    const auto character = text.substr(i, end - i);
    if (display_width(kept + character) > kLabelColumns) return kept + "…";
    kept += character;
    i = end;
  }
  return kept;
}

std::string name_of(const Plan& plan, const ReportRow& row) {
  std::string name;
  for (std::size_t i = 0; i < row.shown.size(); ++i)
    if (!plan.dimensions[i]->is_hidden) name += (name.empty() ? "" : " / ") + row.shown[i];
  return name.empty() ? row.key : name;
}

double length_of(const Figure& figure) { return figure.value ? std::max(0.0, to_double(*figure.value)) : 0; }

std::string bar(const Plan& plan, const ReportRow& row, std::size_t measure, double most, int y) {
  const auto& figure = row.figures[measure];
  const auto name = name_of(plan, row);
  const auto shown = shown_figure(figure, plan.measures[measure].measure->display, plan.zone).text;
  const auto length = most > 0 ? length_of(figure) / most * (kWidth - kLabels - kRight) : 0;
  return fmt::format(
      "<g><title>{0}: {1}</title><text x=\"{2}\" y=\"{3}\" text-anchor=\"end\">{4}</text>"
      "<rect x=\"{5}\" y=\"{6}\" width=\"{7:.1f}\" height=\"{8}\" fill=\"#2f6f9f\"/>"
      "<text x=\"{9:.1f}\" y=\"{3}\">{1}</text></g>\n",
      html_text(name), html_text(shown), kLabels - 8, y + kBar - 3, html_text(shortened(name)), kLabels, y, length,
      kBar, kLabels + length + 6);
}

}  // namespace

std::string chart_svg(const Plan& plan, const ReportRows& report) {
  const auto measure = charted(plan);
  const auto count = measure ? std::min(report.rows.size(), kMostBars) : 0;
  const auto more = report.rows.size() - count;
  double most = 0;
  for (std::size_t i = 0; i < count; ++i) most = std::max(most, length_of(report.rows[i].figures[*measure]));
  const auto height = kTop + static_cast<int>(count + (more > 0 ? 1 : 0)) * kStep + 16;
  auto title = plan.title;
  if (measure) title += ": " + plan.measures[*measure].measure->title.in(plan.language);
  auto svg = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" role=\"img\" "
      "font-family=\"system-ui, sans-serif\" font-size=\"13\" fill=\"#1a1a1a\">\n<title>{2}</title>\n"
      "<rect width=\"{0}\" height=\"{1}\" fill=\"#fff\"/>\n<text x=\"16\" y=\"28\" font-size=\"17\">{2}</text>\n",
      kWidth, height, html_text(title));
  int y = kTop;
  for (std::size_t i = 0; i < count; ++i, y += kStep) svg += bar(plan, report.rows[i], *measure, most, y);
  if (more > 0)
    svg += fmt::format("<text x=\"{}\" y=\"{}\" fill=\"#555\">{} {}</text>\n", kLabels, y + kBar - 3,
                       plan.language == "ru" ? "ещё строк:" : "more rows:", more);
  return svg + "</svg>\n";
}

}  // namespace hkl
