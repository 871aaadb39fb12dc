#include "reports/workbook.h"

#include <fmt/format.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <map>

namespace hkl {
namespace {

constexpr std::uint32_t kRowsOfSheet = LXW_ROW_MAX;
constexpr std::size_t kLongestText = 32767;
constexpr double kSecondsOfDay = 86400;
constexpr double kFirstDay = 25569;  // 1970-01-01, counted from 1899-12-30

Error trouble(lxw_error code) { return {HKL_RESOURCE, fmt::format("the XLSX file: {}", lxw_strerror(code))}; }

// What a spreadsheet takes into one cell, cut at a character.
std::string fitted(const std::string& text) {
  std::size_t characters = 0, end = 0;
  for (; end < text.size(); ++end) {
    const bool begins = (static_cast<unsigned char>(text[end]) & 0xC0U) != 0x80U;
    if (begins && ++characters > kLongestText) break;
  }
  return text.substr(0, end);
}

// In XML 1.0 there are no control characters but these three.
std::string without_controls(std::string text) {
  for (auto& c : text)
    if (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r') c = ' ';
  return text;
}

const char* format_of(BookColumn::Kind kind) {
  switch (kind) {
    case BookColumn::Kind::integer:
      return "0";
    case BookColumn::Kind::decimal:
      return "0.0";
    case BookColumn::Kind::percent:
      return "0.00%";
    case BookColumn::Kind::duration:
      return "[h]:mm:ss";
    case BookColumn::Kind::time:
      return "yyyy-mm-dd hh:mm:ss";
    case BookColumn::Kind::money:
      return "#,##0.00";
    case BookColumn::Kind::text:
      break;
  }
  return "@";
}

double width_of(const BookColumn& column) {
  constexpr double kNarrow = 10, kTime = 20, kText = 24, kMost = 40;
  const auto usual = column.kind == BookColumn::Kind::time   ? kTime
                     : column.kind == BookColumn::Kind::text ? kText
                                                             : kNarrow;
  // Two bytes a letter of Russian, so this is about right and never too narrow.
  return std::clamp(static_cast<double>(column.title.size()) * 0.7, usual, kMost);
}

// 31 characters, none of []:*?/\ (and no apostrophe at an end).
std::string sheet_name(std::string name, std::size_t number) {
  constexpr std::size_t kMost = 27;
  std::size_t characters = 0, end = 0;
  for (; end < name.size(); ++end) {
    if ((static_cast<unsigned char>(name[end]) & 0xC0U) != 0x80U && ++characters > kMost) break;
    if (std::string_view("[]:*?/\\'").find(name[end]) != std::string_view::npos) name[end] = ' ';
  }
  name.resize(end);
  if (name.empty()) name = "1";
  return number == 1 ? name : fmt::format("{} {}", name, number);
}

}  // namespace

struct Workbook::File {
  std::string path;
  lxw_workbook* book = nullptr;
  lxw_worksheet* sheet = nullptr;
  lxw_format *head = nullptr, *wrapped = nullptr;
  std::map<std::pair<std::string, bool>, lxw_format*> formats;  // by number format, bold

  File() {
    auto pattern = (std::filesystem::temp_directory_path() / "hookline-XXXXXX.xlsx").string();
    const int handle = ::mkstemps(pattern.data(), 5);
    if (handle < 0) return;
    ::close(handle);
    path = pattern;
    lxw_workbook_options options{};
    options.constant_memory = LXW_TRUE;
    book = workbook_new_opt(path.c_str(), &options);
    head = workbook_add_format(book);
    format_set_bold(head);
    format_set_text_wrap(head);
    format_set_align(head, LXW_ALIGN_VERTICAL_TOP);
    format_set_bottom(head, LXW_BORDER_THIN);
    wrapped = workbook_add_format(book);
    format_set_text_wrap(wrapped);
    format_set_align(wrapped, LXW_ALIGN_VERTICAL_TOP);
  }
  ~File() {
    if (book != nullptr) (void)workbook_close(book);  // frees it; the file goes with it
    if (!path.empty()) (void)::unlink(path.c_str());
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  lxw_format* format(const std::string& number, bool is_bold) {
    auto& made = formats[{number, is_bold}];
    if (made != nullptr) return made;
    made = workbook_add_format(book);
    format_set_num_format(made, number.c_str());
    if (is_bold) {
      format_set_bold(made);
      format_set_top(made, LXW_BORDER_THIN);
    }
    return made;
  }
};

Workbook::Workbook(std::vector<BookColumn> columns, BookTexts texts)
    : columns_(std::move(columns)), texts_(std::move(texts)), file_(std::make_unique<File>()) {}

Workbook::~Workbook() = default;

Done Workbook::begin_sheet() {
  if (file_->book == nullptr) return fail(HKL_RESOURCE, "the XLSX file: the temporary folder takes no file");
  file_->sheet = workbook_add_worksheet(file_->book, sheet_name(texts_.sheet, ++sheets_).c_str());
  if (file_->sheet == nullptr) return fail(HKL_RESOURCE, "the XLSX file: no sheet can be added");
  row_ = data_rows_ = 0;
  has_filter_ = false;
  for (std::size_t i = 0; i < columns_.size(); ++i)
    worksheet_set_column(file_->sheet, static_cast<lxw_col_t>(i), static_cast<lxw_col_t>(i), width_of(columns_[i]),
                         nullptr);
  worksheet_freeze_panes(file_->sheet, 1, 0);
  worksheet_repeat_rows(file_->sheet, 0, 0);
  worksheet_set_landscape(file_->sheet);
  worksheet_fit_to_pages(file_->sheet, 1, 0);
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const auto code = worksheet_write_string(file_->sheet, 0, static_cast<lxw_col_t>(i),
                                             fitted(without_controls(columns_[i].title)).c_str(), file_->head);
    if (code != LXW_NO_ERROR) return fail(trouble(code));
  }
  row_ = 1;
  return {};
}

void Workbook::end_sheet() {
  if (columns_.empty() || std::exchange(has_filter_, true)) return;
  worksheet_autofilter(file_->sheet, 0, 0, data_rows_, static_cast<lxw_col_t>(columns_.size() - 1));
}

Done Workbook::put_cell(std::size_t column, const BookCell& cell, bool is_total) {
  const auto at = static_cast<lxw_col_t>(column);
  const auto kind = columns_[column].kind;
  auto code = LXW_NO_ERROR;
  if (cell.holds == BookCell::Holds::text) {
    code = worksheet_write_string(file_->sheet, row_, at, fitted(without_controls(cell.text)).c_str(),
                                  file_->format("@", is_total));
  } else if (cell.holds == BookCell::Holds::number) {
    std::string format = format_of(kind);
    if (kind == BookColumn::Kind::money && !cell.text.empty()) format += fmt::format(" \"{}\"", cell.text);
    double number = cell.number;
    if (kind == BookColumn::Kind::duration) number /= kSecondsOfDay;
    if (kind == BookColumn::Kind::time) number = number / kSecondsOfDay + kFirstDay;
    code = worksheet_write_number(file_->sheet, row_, at, number, file_->format(format, is_total));
  } else if (is_total) {
    code = worksheet_write_blank(file_->sheet, row_, at, file_->format("@", true));
  }
  return code == LXW_NO_ERROR ? Done{} : fail(trouble(code));
}

Done Workbook::put(const std::vector<BookCell>& cells, bool is_total) {
  if (file_->sheet == nullptr || row_ == kRowsOfSheet) {
    if (file_->sheet != nullptr) end_sheet();
    if (auto begun = begin_sheet(); !begun) return begun;
  }
  for (std::size_t i = 0; i < cells.size() && i < columns_.size(); ++i)
    if (auto done = put_cell(i, cells[i], is_total); !done) return done;
  ++row_;
  return {};
}

Done Workbook::row(const std::vector<BookCell>& cells) {
  if (auto done = put(cells, false); !done) return done;
  data_rows_ = row_ - 1;
  return {};
}

Done Workbook::total(const std::vector<BookCell>& cells) {
  // The total is no row to filter; and no range that ends before the row that
  // is being written is taken any more.
  if (file_->sheet == nullptr)
    if (auto begun = begin_sheet(); !begun) return begun;
  end_sheet();
  return put(cells, true);
}

Done Workbook::write_about() {
  auto* sheet = workbook_add_worksheet(file_->book, sheet_name(texts_.about, 1).c_str());
  if (sheet == nullptr) return fail(HKL_RESOURCE, "the XLSX file: no sheet can be added");
  constexpr std::array<double, 3> kWidths = {28, 60, 44};
  for (std::size_t i = 0; i < kWidths.size(); ++i)
    worksheet_set_column(sheet, static_cast<lxw_col_t>(i), static_cast<lxw_col_t>(i), kWidths[i], nullptr);
  lxw_row_t row = 0;
  auto code = LXW_NO_ERROR;
  const auto put = [&](lxw_col_t column, const std::string& text, lxw_format* format) {
    if (text.empty() || code != LXW_NO_ERROR) return;
    code = worksheet_write_string(sheet, row, column, fitted(without_controls(text)).c_str(), format);
  };
  for (const auto& [name, value] : texts_.of) {
    put(0, name, file_->head);
    put(1, value, file_->wrapped);
    ++row;
  }
  ++row;
  put(0, texts_.column, file_->head);
  put(1, texts_.definition, file_->head);
  put(2, texts_.formula, file_->head);
  for (const auto& column : columns_) {
    ++row;
    put(0, column.title, file_->wrapped);
    put(1, column.definition, file_->wrapped);
    put(2, column.formula, file_->wrapped);
  }
  return code == LXW_NO_ERROR ? Done{} : fail(trouble(code));
}

Done Workbook::write(const hkl_writer& writer) {
  if (file_->sheet == nullptr)
    if (auto begun = begin_sheet(); !begun) return begun;
  end_sheet();
  if (auto done = write_about(); !done) return done;
  const auto code = workbook_close(std::exchange(file_->book, nullptr));
  if (code != LXW_NO_ERROR) return fail(trouble(code));
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(file_->path.c_str(), "rb"), std::fclose);
  if (!file) return fail(HKL_RESOURCE, "the XLSX file: it cannot be read back");
  std::array<std::uint8_t, 65536> piece{};
  while (const auto got = std::fread(piece.data(), 1, piece.size(), file.get()))
    if (writer.write(writer.user, {piece.data(), got}) != HKL_OK)
      return fail(HKL_CANCELLED, "the writer takes no more");
  return {};
}

}  // namespace hkl
