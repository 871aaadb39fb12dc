#include "reports/scan_definition.h"

#include <fmt/format.h>

namespace hkl {
namespace {

NodePtr nothing_of(Type type) {
  auto node = std::make_unique<Node>();
  node->kind = NodeKind::literal;
  node->type = type;
  return node;
}

NameOf read_names(Members& member) {
  static constexpr std::pair<std::string_view, NameOf> kNames[] = {
      {"employee", NameOf::employee},   {"department", NameOf::department}, {"line", NameOf::line},
      {"ad_source", NameOf::ad_source}, {"funnel", NameOf::funnel},         {"stage", NameOf::stage}};
  const auto text = member.text("names");
  for (const auto& [name, what] : kNames)
    if (name == text) return what;
  if (!text.empty())
    member.complain("names", fmt::format("\"{}\" has no names; take employee, department, line, ad_source, funnel "
                                         "or stage",
                                         text));
  return NameOf::nobody;
}

}  // namespace

std::optional<Dimension> read_scan_dimension(Members& member, const Scope& settings) {
  Dimension dimension;
  dimension.id = member.id();
  dimension.title = member.local_text("title", true);
  dimension.definition = member.local_text("definition");
  dimension.formula = member.text("formula");
  dimension.empty = member.local_text("empty");
  dimension.name_of = read_names(member);
  const auto type = member.text("type");
  if (!type.empty() && type != "text" && type != "integer")
    member.complain("type", "a dimension is a text or an integer");
  dimension.expr = nothing_of(type == "integer" ? Type::integer : Type::text);
  dimension.when = member.condition("when", settings, false);
  member.no_others();
  if (dimension.id.empty()) return std::nullopt;
  return dimension;
}

std::optional<Measure> read_scan_measure(Members& member, const Scope& settings) {
  Measure measure;
  measure.id = member.id();
  measure.title = member.local_text("title", true);
  Way way;
  way.definition = member.local_text("definition");
  way.formula = member.text("formula");
  way.expr = nothing_of(Type::null);
  measure.when = member.condition("when", settings, false);
  const auto type = member.text("type", true);
  member.no_others();
  const auto display = display_named(type);
  if (!display && !type.empty()) member.complain("type", no_display(type));
  if (!display || measure.id.empty()) return std::nullopt;
  measure.display = *display;
  measure.ways.push_back(std::move(way));
  return measure;
}

ScanOver read_scan(Members& document) {
  const auto text = document.text("scan");
  if (text == "contacts") return ScanOver::contacts;
  if (text == "employees") return ScanOver::employees;
  if (!text.empty())
    document.complain("scan", fmt::format("\"{}\" cannot be scanned; take contacts or employees", text));
  return ScanOver::nothing;
}

bool read_takes_hours(Members& document, ScanOver scan) {
  const bool takes_hours = document.yes("takes_hours");
  if (takes_hours && scan != ScanOver::employees)
    document.complain("takes_hours", "only a report with scan: employees cuts time itself; take it away");
  return takes_hours;
}

bool read_leaves_out(Members& document, ScanOver scan, const Entity& rows) {
  const bool leaves_out = document.yes("leaves_out");
  if (leaves_out && scan != ScanOver::contacts)
    document.complain("leaves_out", "only a report with scan: contacts sees what is left out; take it away");
  const bool are_calls = &rows == &calls_entity();
  if (leaves_out && !are_calls)
    document.complain("leaves_out", fmt::format("only calls can be left out, and rows are {}", rows.name));
  return are_calls && (leaves_out || scan == ScanOver::employees);
}

}  // namespace hkl
