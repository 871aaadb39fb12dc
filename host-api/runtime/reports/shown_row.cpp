#include "reports/shown_row.h"

#include "reports/shown_words.h"

namespace hkl {
namespace {

bool is_direction(const Node& expr) {
  const auto* field = shown_field_of(expr);
  return field != nullptr && field->name == "direction";
}

}  // namespace

std::string direction_of(const Plan& plan, const ReportRow& row) {
  for (std::size_t i = 0; i < plan.dimensions.size() && i < row.ids.size(); ++i)
    if (is_direction(*plan.dimensions[i]->expr)) return row.ids[i].value_or("");
  for (std::size_t i = 0; i < plan.measures.size() && i < row.figures.size(); ++i)
    if (is_direction(*plan.measures[i].way->expr)) return row.figures[i].text.value_or("");
  return {};
}

std::string shown_dimension(const Plan& plan, const ReportRow& row, std::size_t index) {
  const auto& dimension = *plan.dimensions[index];
  const bool is_word = index < row.ids.size() && row.ids[index] && dimension.name_of == NameOf::nobody;
  if (!is_word) return row.shown[index];
  return shown_word(dimension.words, *dimension.expr, row.shown[index], plan.language, direction_of(plan, row));
}

Figure for_people(const Plan& plan, std::size_t measure, const Figure& figure, const std::string& direction) {
  const auto& planned = plan.measures[measure];
  if (!figure.text || planned.measure->name_of != NameOf::nobody) return figure;
  auto shown = figure;
  shown.text = shown_word(planned.measure->words, *planned.way->expr, *figure.text, plan.language, direction);
  return shown;
}

}  // namespace hkl
