#include "record_stream.h"

#include <algorithm>
#include <cctype>

#include "record_time.h"

namespace asterisk {

RecordStream::RecordStream(const LayoutBook& book, const hookline::Host& host, std::uint64_t connection,
                           std::string_view file, char separator)
    : book_(book), host_(host), connection_(connection), lines_(separator) {
  const auto name = file.substr(file.rfind('/') + 1);
  const hookline::NamedTexts* best = nullptr;
  for (const auto& entry : book.by_file)
    if (matches_pattern(entry.name, name) && (best == nullptr || entry.name.size() > best->name.size())) best = &entry;
  if (best != nullptr) told_ = Layout({best->texts.begin(), best->texts.end()});
}

// A line of names has the column that holds a time, and no time there.
bool RecordStream::is_header(const Cells& cells) const {
  const Layout names(cells);
  const auto place = names.place(book_.time_column);
  return place && std::all_of(cells.begin(), cells.end(), [](const std::string& cell) {
           return std::all_of(cell.begin(), cell.end(), [](char c) {
             return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == ' ';
           });
         });
}

const Layout* RecordStream::layout_for(const Cells& cells) {
  if (told_) return told_->size() == cells.size() ? &*told_ : nullptr;
  for (const auto& layout : book_.usual) {
    const auto time = layout.place(book_.time_column);
    if (layout.size() == cells.size() && time && parse_record_time(cells[*time], host_)) return &layout;
  }
  return nullptr;
}

CsvLines::Handler RecordStream::handler(const Take& take, hookline::Output& out) {
  CsvLines::Handler handler;
  handler.record = [this, &take, &out](const Cells& cells) {
    if (std::exchange(is_first_, false) && is_header(cells)) {
      told_ = Layout(cells);
      return;
    }
    if (const auto* layout = layout_for(cells)) return take(Record(*layout, cells));
    has_lost_ = true;
    out.skipped(connection_, Record(Layout(), cells).byte_count(),
                told_ ? "a record of " + std::to_string(cells.size()) + " cells where " +
                            std::to_string(told_->size()) + " columns are set"
                      : "a record of " + std::to_string(cells.size()) +
                            " cells that fits no usual layout; name its columns in the setting \"columns\"");
  };
  handler.skipped = [this, &out](std::uint64_t count, std::string_view why) {
    has_lost_ = true;
    out.skipped(connection_, count, why);
  };
  return handler;
}

void RecordStream::feed(std::string_view bytes, const Take& take, hookline::Output& out) {
  lines_.feed(bytes, handler(take, out));
}

void RecordStream::close(const Take& take, hookline::Output& out) { lines_.close(handler(take, out)); }

std::optional<std::int64_t> parse_from(std::string_view text, const hookline::Host& host) {
  if (text.empty()) return std::nullopt;
  const auto is_day = text.size() == 10;
  const auto at = parse_record_time(is_day ? std::string(text) + " 00:00:00" : std::string(text), host);
  if (!at) throw hookline::Failure(HKL_BAD_SETTINGS, "from: expected a day or a moment, such as 2026-03-01");
  return at->ms;
}

bool is_before(const std::optional<std::int64_t>& from_ms, const Record& record, std::string_view time_column,
               const hookline::Host& host) {
  if (!from_ms) return false;
  const auto at = parse_record_time(record[time_column], host);
  return at && at->ms < *from_ms;
}

void take_rows(const hookline::Rows& rows, const RecordStream::Take& take) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < rows.column_count(); ++i) names.emplace_back(rows.column(i));
  const Layout layout(std::move(names));
  Cells cells(layout.size());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    for (std::size_t i = 0; i < cells.size(); ++i) cells[i] = as_utf8(rows.value(row, i).value_or(""));
    take(Record(layout, cells));
  }
}

}  // namespace asterisk
