// One file or capture being read: bytes in, records with their columns out.
// Finds the layout: by the file's name where the settings say so, by a line of
// column names at the file's beginning, else the usual one that fits.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "csv_lines.h"
#include "hookline/sdk/host.h"
#include "hookline/sdk/pbx_adapter.h"
#include "layout.h"

namespace asterisk {

class RecordStream {
 public:
  using Take = std::function<void(const Record&)>;
  // `book` and `host` outlive it. `file`: its name, for the patterns.
  RecordStream(const LayoutBook& book, const hookline::Host& host, std::uint64_t connection, std::string_view file,
               char separator);

  void feed(std::string_view bytes, const Take& take, hookline::Output& out);
  void close(const Take& take, hookline::Output& out);
  // Something before the record in hand was left out; says so once.
  bool take_loss() { return std::exchange(has_lost_, false); }

 private:
  CsvLines::Handler handler(const Take& take, hookline::Output& out);
  const Layout* layout_for(const Cells& cells);
  bool is_header(const Cells& cells) const;

  const LayoutBook& book_;
  const hookline::Host& host_;
  std::uint64_t connection_;
  std::optional<Layout> told_;  // by the settings or a line of names
  bool is_first_ = true, has_lost_ = false;
  CsvLines lines_;
};

// The moment in the setting `from`, in the source's zone; nothing for an empty
// one. Throws Failure for what is no time.
std::optional<std::int64_t> parse_from(std::string_view text, const hookline::Host& host);
// Whether a record's time, in its column of that name, is before `from_ms`.
bool is_before(const std::optional<std::int64_t>& from_ms, const Record& record, std::string_view time_column,
               const hookline::Host& host);

// The rows of a database batch as records; a null is an empty cell.
void take_rows(const hookline::Rows& rows, const RecordStream::Take& take);

}  // namespace asterisk
