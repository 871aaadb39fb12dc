#include "csv_lines.h"

#include "hookline/sdk/utf8.h"

namespace asterisk {
namespace {

constexpr std::size_t kLongestRecord = 64 * 1024;
// Nothing that Asterisk writes spans lines, but a text put in by the dial plan may.
constexpr int kMostLines = 8;
constexpr std::size_t kMostCells = 256;

enum class Shape { whole, unfinished, broken };

// RFC 4180 with a free separator. `unfinished`: a quote is still open.
Shape split(std::string_view line, char separator, Cells& cells) {
  std::size_t count = 0, at = 0;
  const auto next = [&]() -> std::string& {
    if (count == cells.size()) cells.emplace_back();
    cells[count].clear();
    return cells[count++];
  };
  for (;;) {
    if (count == kMostCells) return Shape::broken;
    auto& cell = next();
    if (at < line.size() && line[at] == '"') {
      ++at;
      for (;;) {
        const auto quote = line.find('"', at);
        if (quote == std::string_view::npos) return Shape::unfinished;
        cell.append(line.substr(at, quote - at));
        at = quote + 1;
        if (at == line.size() || line[at] != '"') break;
        cell += '"';
        ++at;
      }
      if (at < line.size() && line[at] != separator) return Shape::broken;
    } else {
      const auto end = std::min(line.find(separator, at), line.size());
      cell.append(line.substr(at, end - at));
      at = end;
    }
    if (at == line.size()) break;
    ++at;
  }
  cells.resize(count);
  for (auto& cell : cells) cell = as_utf8(cell);
  return Shape::whole;
}

std::string_view without_return(std::string_view line) {
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

// The last cell of a record torn off behind a quote within it: `"{"` of
// `"{""hangupcause"":16}"` has the shape of a whole one, its JSON is not closed.
bool is_torn_json(std::string_view cell) { return !cell.empty() && cell.front() == '{' && cell.back() != '}'; }

}  // namespace

std::string as_utf8(std::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const auto size = hookline::utf8_size(text, at);
    if (size == 0) {
      clean += "\xEF\xBF\xBD";
    } else if (text[at] != '\0') {
      clean += text.substr(at, size);
    }
    at += size == 0 ? 1 : size;
  }
  return clean;
}

void CsvLines::skip(std::size_t& done, std::size_t count, std::string_view why, const Handler& handler) {
  handler.skipped(count, why);
  done += count;
}

// One record from `done` on; false: there is none yet.
bool CsvLines::take_line(std::size_t& done, const Handler& handler) {
  const std::string_view rest = std::string_view(buffer_).substr(done);
  const auto first_end = rest.find('\n');
  auto end = first_end;
  for (int lines = 1; end != std::string_view::npos; ++lines, end = rest.find('\n', end + 1)) {
    const auto line = without_return(rest.substr(0, end));
    if (line.empty()) {
      done += end + 1;
      return true;
    }
    const auto shape = split(line, separator_, cells_);
    if (shape == Shape::whole) {
      cell_count_ = cells_.size();
      handler.record(cells_);
      done += end + 1;
      return true;
    }
    // Only its first line is lost: the next may be a record.
    if (shape == Shape::broken || lines == kMostLines || end > kLongestRecord) {
      skip(done, first_end + 1, "a line that is no record", handler);
      return true;
    }
  }
  return false;
}

void CsvLines::feed(std::string_view bytes, const Handler& handler) {
  if (dropped_ > 0) {
    const auto end = bytes.find('\n');
    dropped_ += std::min(end, bytes.size());
    if (end == std::string_view::npos) return;
    handler.skipped(dropped_ + 1, "a line longer than 64 KiB");
    dropped_ = 0;
    bytes.remove_prefix(end + 1);
  }
  buffer_.append(bytes);
  std::size_t done = 0;
  while (take_line(done, handler)) {
  }
  buffer_.erase(0, done);
  if (buffer_.size() <= kLongestRecord) return;
  if (const auto end = buffer_.find('\n'); end != std::string::npos) {
    // Lines of an open quote: the first is given up, the others are tried.
    std::size_t first = 0;
    skip(first, end + 1, "a line that is no record", handler);
    const std::string others = buffer_.substr(first);
    buffer_.clear();
    feed(others, handler);
  } else {
    dropped_ = buffer_.size();
    buffer_.clear();
  }
}

void CsvLines::close(const Handler& handler) {
  if (dropped_ > 0) handler.skipped(dropped_, "a line longer than 64 KiB");
  dropped_ = 0;
  while (!buffer_.empty()) {
    const auto line = without_return(std::string_view(buffer_).substr(0, buffer_.find('\n')));
    const auto size = std::min(buffer_.size(), buffer_.find('\n') + (buffer_.find('\n') == std::string::npos ? 0 : 1));
    const bool is_last = buffer_.find('\n') == std::string::npos;
    const bool is_whole = split(line, separator_, cells_) == Shape::whole &&
                          (!is_last || (line.back() == '"' && !is_torn_json(cells_.back()))) &&
                          (cell_count_ == 0 || cells_.size() == cell_count_);
    if (is_whole) {
      handler.record(cells_);
    } else if (!line.empty()) {
      handler.skipped(size, is_last ? "half a record at the end of the file" : "a line that is no record");
    }
    buffer_.erase(0, is_last ? buffer_.size() : size);
  }
}

}  // namespace asterisk
