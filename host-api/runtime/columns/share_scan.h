// With credit each, the calls of a scan that have shares of their own: they
// count once in each row of the answer that a share is in, and once in the
// total. Both are scans of their own over rows of shares.
#pragma once

#include "columns/scan.h"
#include "columns/share_rows.h"

namespace hkl {

// One thread's share.
class ShareScan {
 public:
  // Texts that are no column's go to `pool`. Both outlive this.
  ShareScan(const ShareSpecs& specs, Dictionary& pool);

  // Of rows [first, end) of a segment.
  void run(const Segment& segment, std::uint32_t first, std::uint32_t end, Scan::Into into);
  void merge(ShareScan& other);
  Scan* grouped() { return grouped_.get(); }  // null: no rows are wanted
  Scan& once() { return once_; }
  std::uint64_t bytes_read() const { return reader_.bytes_read(); }

 private:
  std::unique_ptr<Scan> grouped_;
  Scan once_;
  ShareReader reader_;
};

}  // namespace hkl
