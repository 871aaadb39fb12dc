// Rows of shares: with credit each, calls that have several (shares.h) as
// rows of a scan, for a short while.
//
// They lie in columns like those of a segment. What follows from the call
// stands there in the codes of its segment; employee and extension are the
// share's, and its talk and whether it is who was first come after the columns
// of the schema (program.h).
#pragma once

#include <functional>
#include <set>
#include <span>
#include <vector>

#include "columns/row_reader.h"
#include "columns/shares.h"

namespace hkl {

class ShareRows {
 public:
  // With these columns of a call, beside those of the share, and its class in `classes` (null: none).
  ShareRows(const Table& table, const std::set<std::uint32_t>& columns, const ClassSet* classes);
  ShareRows(const ShareRows&) = delete;

  // No rows, of calls of this segment.
  void begin(const Segment& segment);
  // A share of a call that lies in this row of the segment; what follows from the call is filled in afterwards.
  void add(std::uint32_t row, const Share& share);
  // Of each row added since the last time: where its call lies in the batch.
  void fill(Batch& batch);
  // Or where in other rows of the same calls.
  void fill(const ShareRows& from, std::span<const std::uint32_t> places);

  std::uint32_t size() const { return static_cast<std::uint32_t>(rows_.size()); }
  std::uint32_t row(std::size_t i) const { return rows_[i]; }  // its call's, in the segment
  const Share& share(std::size_t i) const { return shares_[i]; }
  Share& share(std::size_t i) { return shares_[i]; }
  // All of them as columns; until the next begin().
  const Segment& as_segment();

 private:
  struct Column {
    std::uint32_t index = 0;
    NarrowHead head;
    std::vector<std::uint8_t> codes;
    void begin(const NarrowHead& of);
    void take(const std::uint8_t* from, std::span<const std::uint32_t> places);
    NarrowColumn over(std::uint32_t rows);
  };
  void put_texts(std::string_view column, std::vector<std::uint32_t>& codes, std::uint32_t Share::*text);
  void put_talk();
  void put_first();

  const Table& table_;
  const ClassSet* classes_;
  std::vector<Column> columns_;
  Column class_codes_;
  std::vector<std::uint32_t> rows_;
  std::vector<Share> shares_;
  std::vector<std::uint32_t> employees_, extensions_;  // of as_segment(), as are these
  std::vector<std::uint64_t> talks_;
  std::vector<std::uint8_t> first_;
  std::vector<std::uint32_t> places_;  // room
  Segment segment_;
};

// Goes over the calls of a segment that have shares of their own.
class ShareReader {
 public:
  // `columns`: what is read of the rows that are handed over. Both others outlive this.
  ShareReader(const ShareSpecs& specs, Dictionary& pool, std::set<std::uint32_t> columns);

  // Of the shares that pass the filters: a row for each of what rows are grouped by, and one for each call, with what
  // was talked in all and whether one is first. For some calls of [first, end) after the other.
  using Take = std::function<void(ShareRows& grouped, ShareRows& once)>;
  void read(const Segment& segment, std::uint32_t first, std::uint32_t end, const Take& take);
  std::uint64_t bytes_read() const { return bytes_ + calls_.bytes_read(); }

 private:
  void add_calls(const Segment& segment, std::uint32_t first, std::uint32_t count);
  void hand_over(const Segment& segment, const Take& take);
  void ask();
  // Shares of a call as rows: those that are alike in what is asked are one.
  struct Together {
    ShareRows rows;
    bool by_employee, by_extension;
    std::vector<std::uint32_t> places{};  // where each row's first share stands
    std::uint32_t call = 0;               // where the rows of its call begin
    void add(const ShareRows& shares, std::uint32_t place);
  };

  const ShareSpecs& specs_;
  const Table& table_;
  RowReader asked_;
  std::set<std::uint32_t> columns_;
  Batch calls_;
  ShareRows shares_;
  Together grouped_, once_;
  std::vector<NarrowColumn::KnownCode> lists_;
  std::vector<Share> list_;
  std::vector<std::uint8_t> passes_;  // of shares_
  std::uint64_t bytes_ = 0;
};

}  // namespace hkl
