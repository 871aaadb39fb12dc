#include "reports/report_answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "reports/book_cells.h"
#include "reports/chart.h"
#include "reports/print_page.h"
#include "reports/report_json.h"
#include "reports/shown_row.h"
#include "services/zone.h"
#include "values/output.h"

namespace hkl {
namespace {

bool is_number(Display display) { return display != Display::text && display != Display::time; }

std::string before_title(const Plan& plan, const std::string& title) {
  return title + (plan.language == "ru" ? ", до этого" : ", before");
}

std::vector<SheetCell> sheet_heads(const Plan& plan) {
  std::vector<SheetCell> heads;
  for (const auto* dimension : plan.dimensions)
    if (!dimension->is_hidden) heads.push_back({dimension->title.in(plan.language), is_whole(*dimension)});
  for (const auto& planned : plan.measures) {
    const auto title = planned.measure->title.in(plan.language);
    heads.push_back({title, is_number(planned.measure->display)});
    if (plan.compared_with) heads.push_back({before_title(plan, title), is_number(planned.measure->display)});
  }
  return heads;
}

std::vector<SheetCell> with_figures(const Plan& plan, const ReportRow& row, std::vector<SheetCell> cells,
                                    bool is_for_people) {
  const auto direction = direction_of(plan, row);
  for (std::size_t i = 0; i < plan.measures.size(); ++i) {
    const auto display = plan.measures[i].measure->display;
    const auto show = [&](const Figure& figure) {
      return is_for_people ? shown_figure(for_people(plan, i, figure, direction), display, plan.zone)
                           : exported_figure(figure, display, plan.zone);
    };
    cells.push_back(show(row.figures[i]));
    if (plan.compared_with) cells.push_back(show(row.before.empty() ? Figure() : row.before[i]));
  }
  return cells;
}

std::vector<SheetCell> sheet_row(const Plan& plan, const ReportRow& row, bool is_for_people) {
  std::vector<SheetCell> names;
  for (std::size_t i = 0; i < row.shown.size(); ++i)
    if (!plan.dimensions[i]->is_hidden)
      names.push_back({is_for_people ? shown_dimension(plan, row, i) : row.shown[i],
                       is_whole(*plan.dimensions[i]) && row.ids[i].has_value()});
  return with_figures(plan, row, std::move(names), is_for_people);
}

std::vector<SheetCell> sheet_total(const Plan& plan, const ReportRow& total, bool is_for_people) {
  const auto visible = static_cast<std::size_t>(std::count_if(
      plan.dimensions.begin(), plan.dimensions.end(), [](const auto* dimension) { return !dimension->is_hidden; }));
  auto cells = with_figures(plan, total, std::vector<SheetCell>(visible), is_for_people);
  // In a list the first column is nobody's total, so the word has its place there.
  const bool has_place = visible > 0 || (!plan.dimensions.empty() && !sheet_heads(plan)[0].is_number);
  if (has_place) cells[0] = {plan.language == "ru" ? "Итого" : "Total", false};
  return cells;
}

std::string headline(const Plan& plan) {
  const auto bound = [&](const std::optional<Instant>& at) {
    return at ? iso_local(*at, plan.zone) : std::string("…");
  };
  return fmt::format("{}\n{} – {}, {}\n\n", plan.title, bound(plan.from), bound(plan.to), plan.zone);
}

PrintHeading print_heading(const Plan& plan) {
  PrintHeading heading{plan.title, plan.language, {}};
  for (const auto& [name, value] : asked_texts(plan)) heading.lines.push_back(name + ": " + value);
  return heading;
}

std::vector<BookColumn> book_columns(const Plan& plan) {
  std::vector<BookColumn> columns;
  for (const auto* dimension : plan.dimensions)
    if (!dimension->is_hidden)
      columns.push_back({dimension->title.in(plan.language),
                         is_whole(*dimension) ? BookColumn::Kind::integer : BookColumn::Kind::text,
                         dimension->definition.in(plan.language), dimension->formula});
  for (const auto& planned : plan.measures) {
    columns.push_back({planned.measure->title.in(plan.language), book_kind(planned.measure->display),
                       planned.way->definition.in(plan.language), planned.way->formula});
    if (!plan.compared_with) continue;
    columns.push_back(columns.back());
    columns.back().title = before_title(plan, columns.back().title);
  }
  return columns;
}

std::vector<BookCell> book_row(const Plan& plan, const ReportRow& row) {
  std::vector<BookCell> cells;
  for (std::size_t i = 0; i < plan.dimensions.size(); ++i) {
    if (plan.dimensions[i]->is_hidden) continue;
    const bool has_number = i < row.ids.size() && is_whole(*plan.dimensions[i]) && row.ids[i];
    cells.push_back(has_number             ? BookCell::of_number(static_cast<double>(std::stoll(*row.ids[i])))
                    : i < row.shown.size() ? BookCell::of_text(shown_dimension(plan, row, i))
                                           : BookCell());
  }
  const auto direction = direction_of(plan, row);
  for (std::size_t i = 0; i < plan.measures.size(); ++i) {
    const auto display = plan.measures[i].measure->display;
    cells.push_back(book_cell(for_people(plan, i, row.figures[i], direction), display, plan.zone));
    if (plan.compared_with)
      cells.push_back(row.before.empty()
                          ? BookCell()
                          : book_cell(for_people(plan, i, row.before[i], direction), display, plan.zone));
  }
  return cells;
}

class JsonReport final : public ReportWriter {
 public:
  JsonReport(const Plan& plan, const hkl_writer& writer) : json_(plan), writer_(writer) {}
  Done begin() override {
    unwritten_ = json_.head();
    return {};
  }
  Done row(ReportRow& row) override {
    if (!std::exchange(is_first_, false)) unwritten_ += ',';
    json_.put_row(unwritten_, row);
    // A host may take longer to be called than a row to be written.
    constexpr std::size_t kPieceBytes = 65536;
    if (unwritten_.size() < kPieceBytes) return {};
    auto done = write_text(writer_, unwritten_);
    unwritten_.clear();
    return done;
  }
  Done end(const ReportRow& total) override {
    unwritten_ += json_.tail(total);
    return write_text(writer_, unwritten_);
  }

 private:
  ReportJson json_;
  const hkl_writer& writer_;
  std::string unwritten_;
  bool is_first_ = true;
};

class NdjsonReport final : public ReportWriter {
 public:
  NdjsonReport(const Plan& plan, const hkl_writer& writer) : json_(plan), writer_(writer) {}
  Done begin() override { return {}; }
  Done row(ReportRow& row) override { return end(row); }
  Done end(const ReportRow& total) override {
    std::string line;
    json_.put_row(line, total);
    return write_text(writer_, line + "\n");
  }

 private:
  ReportJson json_;
  const hkl_writer& writer_;
};

class CsvReport final : public ReportWriter {
 public:
  CsvReport(const Plan& plan, const hkl_writer& writer) : plan_(plan), writer_(writer) {}
  Done begin() override { return write_text(writer_, csv_line(sheet_heads(plan_))); }
  Done row(ReportRow& row) override { return write_text(writer_, csv_line(sheet_row(plan_, row, false))); }
  Done end(const ReportRow& total) override { return write_text(writer_, csv_line(sheet_total(plan_, total, false))); }

 private:
  const Plan& plan_;
  const hkl_writer& writer_;
};

class PrintReport final : public ReportWriter {
 public:
  PrintReport(const Plan& plan, const hkl_writer& writer) : plan_(plan), writer_(writer) {}
  Done begin() override { return write_text(writer_, print_begin(print_heading(plan_), sheet_heads(plan_))); }
  Done row(ReportRow& row) override { return write_text(writer_, print_row(sheet_row(plan_, row, true))); }
  Done end(const ReportRow& total) override {
    return write_text(writer_, print_end(sheet_total(plan_, total, true), plan_.notes));
  }

 private:
  const Plan& plan_;
  const hkl_writer& writer_;
};

class BookReport final : public ReportWriter {
 public:
  BookReport(const Plan& plan, const hkl_writer& writer)
      : plan_(plan),
        writer_(writer),
        columns_(book_columns(plan)),
        book_(columns_, book_texts(plan.title, plan.language, asked_texts(plan))) {}
  Done begin() override { return {}; }
  Done row(ReportRow& row) override { return book_.row(book_row(plan_, row)); }
  Done end(const ReportRow& total) override {
    auto cells = book_row(plan_, total);
    // In a list the first column is nobody's total, so the word has its place there.
    if (columns_[0].kind == BookColumn::Kind::text || columns_[0].kind == BookColumn::Kind::time)
      cells[0] = BookCell::of_text(plan_.language == "ru" ? "Итого" : "Total");
    if (auto done = book_.total(cells); !done) return done;
    return book_.write(writer_);
  }

 private:
  const Plan& plan_;
  const hkl_writer& writer_;
  std::vector<BookColumn> columns_;
  Workbook book_;
};

// A table is as wide as its widest cell, a chart as high as its highest bar.
class WholeReport final : public ReportWriter {
 public:
  WholeReport(const Plan& plan, bool is_chart, const hkl_writer& writer)
      : plan_(plan), is_chart_(is_chart), writer_(writer) {}
  Done begin() override { return {}; }
  Done row(ReportRow& row) override {
    for (std::size_t i = 0; is_chart_ && i < row.shown.size(); ++i) row.shown[i] = shown_dimension(plan_, row, i);
    if (is_chart_)
      report_.rows.push_back(std::move(row));
    else
      sheet_.rows.push_back(sheet_row(plan_, row, true));
    return {};
  }
  Done end(const ReportRow& total) override {
    report_.total = total;
    if (is_chart_) return write_text(writer_, chart_svg(plan_, report_));
    sheet_.heads = sheet_heads(plan_);
    sheet_.total = sheet_total(plan_, total, true);
    auto text = headline(plan_) + aligned(sheet_);
    for (const auto& note : plan_.notes) text += (&note == plan_.notes.data() ? "\n" : "") + note + "\n";
    return write_text(writer_, text);
  }

 private:
  const Plan& plan_;
  bool is_chart_;
  const hkl_writer& writer_;
  ReportRows report_;
  Sheet sheet_;
};

}  // namespace

std::vector<std::pair<std::string, std::string>> asked_texts(const Plan& plan) {
  const bool is_ru = plan.language == "ru";
  const auto bound = [&](const std::optional<Instant>& at) {
    return at ? iso_local(*at, plan.zone) : std::string("…");
  };
  std::vector<std::pair<std::string, std::string>> asked = {
      {is_ru ? "Период" : "Period", bound(plan.from) + " – " + bound(plan.to)},
      {is_ru ? "Часовой пояс" : "Time zone", plan.zone},
      {is_ru ? "Составлен" : "As of", iso_local(plan.now, plan.zone)}};
  const auto options = options_json(plan);
  for (const auto& [name, value] : options.items()) {
    if (value.is_null()) continue;
    std::string text = value.is_string() ? value.get<std::string>() : dumped(value);
    if (value.is_array()) {
      text.clear();
      for (const auto& one : value) text += (text.empty() ? "" : ", ") + one.get<std::string>();
    }
    asked.emplace_back(name, std::move(text));
  }
  return asked;
}

std::unique_ptr<ReportWriter> ReportWriter::of(const Plan& plan, const std::string& format, const hkl_writer& writer) {
  if (format == "json") return std::make_unique<JsonReport>(plan, writer);
  if (format == "ndjson") return std::make_unique<NdjsonReport>(plan, writer);
  if (format == "xlsx") return std::make_unique<BookReport>(plan, writer);
  if (format == "html") return std::make_unique<PrintReport>(plan, writer);
  if (format == "csv") return std::make_unique<CsvReport>(plan, writer);
  return std::make_unique<WholeReport>(plan, format == "svg", writer);
}

Done write_report(const Plan& plan, ReportRows report, const std::string& format, const hkl_writer& writer) {
  const auto written = ReportWriter::of(plan, format, writer);
  if (auto done = written->begin(); !done) return done;
  for (auto& row : report.rows)
    if (auto done = written->row(row); !done) return done;
  return written->end(report.total);
}

}  // namespace hkl
