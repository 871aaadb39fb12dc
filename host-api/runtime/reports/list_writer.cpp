#include "reports/list_writer.h"

#include <fmt/format.h>

#include "canonical/json_text.h"
#include "reports/access_rows.h"
#include "reports/book_cells.h"
#include "reports/mask.h"
#include "reports/print_page.h"
#include "services/zone.h"
#include "values/output.h"
#include "values/words.h"

namespace hkl {
namespace {

constexpr std::string_view kFormats[] = {"table", "json", "ndjson", "csv", "xlsx", "html", "svg"};

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
  if (format == "xlsx") {
    open_book();
    return;
  }
  for (const auto* field : fields_) {
    const bool is_number = is_numeric(field->type) && field->type != Type::time;
    // A file is read by machines: its heads are the names of the language.
    sheet_.heads.push_back({format == "csv" ? field->name : field->doc(with.language), is_number});
  }
  if (with_counts) sheet_.heads.push_back({format == "csv" ? "counts" : with.language == "ru" ? "Засчитан" : "Counts"});
}

// Records are shown whole in files for people too, with the names of the page.
void ListWriter::open_book() {
  std::vector<BookColumn> columns;
  for (const auto* field : fields_) columns.push_back(book_column(*field, with_.language));
  if (with_counts_) columns.push_back({with_.language == "ru" ? "Засчитан" : "Counts", BookColumn::Kind::text, "", ""});
  book_ = std::make_unique<Workbook>(std::move(columns), book_texts(title(), with_.language, asked()));
}

std::string ListWriter::title() const {
  const bool is_ru = with_.language == "ru";
  if (entity_.name == "legs") return is_ru ? "Плечи звонков" : "Legs";
  if (entity_.singular == "call") return is_ru ? "Звонки" : "Calls";
  if (entity_.name == "inquiries") return is_ru ? "Обращения" : "Inquiries";
  if (entity_.name == "leads") return is_ru ? "Заявки" : "Leads";
  if (entity_.name == "tasks") return is_ru ? "Задачи" : "Tasks";
  return is_ru ? "Контакты" : "Contacts";
}

std::vector<std::pair<std::string, std::string>> ListWriter::asked() const {
  const bool is_ru = with_.language == "ru";
  std::vector<std::pair<std::string, std::string>> texts = {
      {is_ru ? "Часовой пояс" : "Time zone", with_.timezone},
      {is_ru ? "Составлен" : "As of", iso_local(with_.now, with_.timezone)}};
  texts.insert(texts.end(), with_.asked.begin(), with_.asked.end());
  return texts;
}

// How the row's fields are shown; one is chosen by the caller.
FieldShow ListWriter::show_of(const RowTexts& row, bool is_for_people) const {
  FieldShow show{nullptr, with_.directory, with_.timezone, with_.language, is_for_people, {}};
  for (std::size_t i = 0; i < fields_.size(); ++i)
    if (fields_[i]->name == "direction") show.direction = row[i + 1].value_or("");
  return show;
}

Done ListWriter::put_in_book(const RowTexts& row) {
  auto show = show_of(row, true);
  std::vector<BookCell> cells;
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    show.field = fields_[i];
    auto cell = book_cell(show, row[i + 1]);
    if (is_masked(with_.access) && may_quote_people(*fields_[i])) cell.text = masked(cell.text);
    cells.push_back(std::move(cell));
  }
  if (with_counts_) cells.push_back(BookCell::of_text(shown_yes_no(row.back() == "1", show).text));
  return book_->row(cells);
}

Done ListWriter::put(std::string_view text) { return write_text(writer_, text); }

// What depends on the moment of asking is not stored: an open task past its
// deadline is overdue.
std::string ListWriter::body(const RowTexts& row) const {
  const auto stored = row[0].value_or("{}");
  const bool is_task = entity_.singular == "task";
  const bool is_typed = format_ == "ndjson";
  if (!is_task && !with_counts_ && with_.access == nullptr)
    return is_typed ? typed_json(entity_.singular, stored) : stored;
  auto json = OrderedJson::parse(stored);
  if (is_task && json.value("state", "") == "open" && !json["deadline_at"].is_null()) {
    const auto deadline = parse_iso(json["deadline_at"].get<std::string>());
    if (deadline && *deadline < with_.now) json["state"] = "overdue";
  }
  hide(with_.access, json);
  if (with_counts_) json["counts"] = row.back() == "1";
  return is_typed ? typed_json(entity_.singular, dumped(json)) : dumped(json);
}

Done ListWriter::row(const RowTexts& row) {
  const bool is_first = std::exchange(is_first_, false);
  if (format_ == "json") return put((is_first ? opening_ : ",\n") + body(row));
  if (format_ == "ndjson") return put(body(row) + "\n");
  if (book_) return put_in_book(row);
  auto show = show_of(row, format_ != "csv");
  std::vector<SheetCell> cells;
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    show.field = fields_[i];
    auto cell = shown_field(show, row[i + 1]);
    if (is_masked(with_.access) && may_quote_people(*fields_[i])) cell.text = masked(cell.text);
    cells.push_back(std::move(cell));
  }
  if (with_counts_) cells.push_back(shown_yes_no(row.back() == "1", show));
  if (format_ == "csv") {
    if (is_first)
      if (auto head = put(csv_line(sheet_.heads)); !head) return head;
    return put(csv_line(cells));
  }
  if (format_ == "html") return put((is_first ? page_begin() : "") + print_row(cells));
  sheet_.rows.push_back(std::move(cells));
  return {};
}

std::string ListWriter::page_begin() const {
  PrintHeading heading{title(), with_.language, {}};
  for (const auto& [name, value] : asked()) heading.lines.push_back(name + ": " + value);
  return print_begin(heading, sheet_.heads);
}

Done ListWriter::end_page(const std::optional<std::string>& next, std::optional<std::int64_t> total) {
  OrderedJson rest = OrderedJson::object();
  if (total) rest["total"] = *total;
  rest["next"] = next ? OrderedJson(*next) : OrderedJson();
  // Its members follow those that were written before.
  return put((is_first_ ? opening_ : "\n") + "]," + dumped(rest).substr(1) + "\n");
}

Done ListWriter::end() {
  if (format_ == "json") return put(is_first_ ? "[]\n" : "\n]\n");
  if (format_ == "ndjson") return {};
  if (format_ == "csv") return is_first_ ? put(csv_line(sheet_.heads)) : Done{};
  if (format_ == "html") return put((is_first_ ? page_begin() : "") + print_end({}));
  if (book_) return book_->write(writer_);
  return put(aligned(sheet_));
}

}  // namespace hkl
