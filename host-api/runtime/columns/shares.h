// Whom a call counts for with credit `each` (metrics §1.5.3), as columns keep it.
//
// Nearly every call has one share, which is of whom it falls to with credit
// `first`: that one stands in the call's own columns, and only by how much the
// call's talk is longer than the share's is kept, where it is. All shares of
// any other call are one text of a column, which few rows have: so changed,
// recent and written rows carry their shares as they carry any text.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "columns/narrow.h"

namespace hkl {

struct Share {
  std::uint32_t employee = NarrowColumn::kNoCode, extension = NarrowColumn::kNoCode;  // codes of the columns' texts
  Maybe talk_ms;
  bool is_first = false;  // of whom the call falls to with `first`
  bool operator==(const Share& other) const = default;
};

// SQL over the alias `c` of a call: null, where its one share is that of `first`; how many milliseconds that is shorter
// than the call's talk; or all shares, to be read by read_shares().
std::string shares_sql();
// Whether a text of shares_sql() is of shares, not of milliseconds.
bool tells_shares(std::string_view text);
// `code_of_employee`, `code_of_extension`: give a text its code.
using CodeOf = std::function<std::uint32_t(std::string_view)>;
std::vector<Share> read_shares(std::string_view text, const CodeOf& code_of_employee, const CodeOf& code_of_extension);
// Marks those of whom the call itself names.
void mark_first(std::vector<Share>& shares, Maybe employee, Maybe extension);

// A column's text of them, and back; of a text that packed_shares() made.
std::string packed_shares(const std::vector<Share>& shares);
void unpack_shares(std::string_view packed, std::vector<Share>& into);

}  // namespace hkl
