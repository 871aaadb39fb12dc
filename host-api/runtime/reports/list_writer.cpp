#include "reports/list_writer.h"

#include <fmt/format.h>

#include "canonical/json_text.h"
#include "values/output.h"
#include "values/words.h"

namespace hkl {
namespace {

constexpr std::string_view kFormats[] = {"table", "json", "ndjson", "csv"};

}  // namespace

Done check_format(const std::string& format) {
  for (const auto known : kFormats)
    if (format == known) return {};
  const auto nearest = nearest_word(format, kFormats, std::size(kFormats));
  return fail(HKL_INVALID, nearest.empty()
                               ? fmt::format("there is no format \"{}\"; take {}", format, fmt::join(kFormats, ", "))
                               : fmt::format("there is no format \"{}\"; did you mean \"{}\"?", format, nearest));
}

std::vector<const Field*> list_fields(const Entity& entity, const std::string& format) {
  std::vector<const Field*> fields;
  if (format != "json" && format != "ndjson")
    for (const auto& name : entity.columns) fields.push_back(entity.field(name));
  return fields;
}

ListWriter::ListWriter(const Entity& entity, const std::string& format, const ReportSurroundings& with,
                       const hkl_writer& writer, bool with_counts)
    : entity_(entity), format_(format), with_(with), writer_(writer), with_counts_(with_counts) {
  if (format == "json" || format == "ndjson") return;
  fields_ = list_fields(entity, format);
  for (const auto* field : fields_) {
    const bool is_number = is_numeric(field->type) && field->type != Type::time;
    // A file is read by machines: its heads are the names of the language.
    sheet_.heads.push_back({format == "csv" ? field->name : field->doc(with.language), is_number});
  }
  if (with_counts) sheet_.heads.push_back({format == "csv" ? "counts" : with.language == "ru" ? "Засчитан" : "Counts"});
}

Done ListWriter::put(std::string_view text) { return write_text(writer_, text); }

// What depends on the moment of asking is not stored: an open task past its
// deadline is overdue.
std::string ListWriter::body(const RowTexts& row) const {
  const auto stored = row[0].value_or("{}");
  const bool is_task = entity_.singular == "task";
  if (!is_task && !with_counts_ && format_ != "ndjson") return stored;
  auto json = OrderedJson::parse(stored);
  if (is_task && json.value("state", "") == "open" && !json["deadline_at"].is_null()) {
    const auto deadline = parse_iso(json["deadline_at"].get<std::string>());
    if (deadline && *deadline < with_.now) json["state"] = "overdue";
  }
  if (with_counts_) json["counts"] = row.back() == "1";
  if (format_ != "ndjson" || json.contains("type")) return dumped(json);
  OrderedJson typed = {{"type", entity_.singular}};
  typed.update(json);
  return dumped(typed);
}

Done ListWriter::row(const RowTexts& row) {
  const bool is_first = std::exchange(is_first_, false);
  if (format_ == "json") return put((is_first ? "[\n" : ",\n") + body(row));
  if (format_ == "ndjson") return put(body(row) + "\n");
  FieldShow show{nullptr, with_.directory, with_.timezone, with_.language, format_ == "table"};
  std::vector<SheetCell> cells;
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    show.field = fields_[i];
    cells.push_back(shown_field(show, row[i + 1]));
  }
  if (with_counts_) cells.push_back(shown_yes_no(row.back() == "1", show));
  if (format_ == "csv") {
    if (is_first)
      if (auto head = put(csv_line(sheet_.heads)); !head) return head;
    return put(csv_line(cells));
  }
  sheet_.rows.push_back(std::move(cells));
  return {};
}

Done ListWriter::end() {
  if (format_ == "json") return put(is_first_ ? "[]\n" : "\n]\n");
  if (format_ == "ndjson") return {};
  if (format_ == "csv") return is_first_ ? put(csv_line(sheet_.heads)) : Done{};
  return put(aligned(sheet_));
}

}  // namespace hkl
