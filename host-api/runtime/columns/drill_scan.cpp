#include "columns/drill_scan.h"

#include <algorithm>
#include <cstring>

#include "columns/code_tests.h"
#include "columns/drill_shares.h"

namespace hkl {
namespace {

// What a column holds in the rows of a key; a text is a code from 0 on, so it is compared as a number is.
struct KeyColumn {
  std::uint32_t column;
  std::optional<std::uint32_t> code;  // none: no row has the text
  bool takes_unknown = false;         // an empty text is nothing

  std::vector<MaskFn> tests() const {
    std::vector<MaskFn> any;
    if (code) any.push_back(codes_compared(column, "=", *code));
    if (takes_unknown) any.push_back(negated(codes_known(column)));
    return any;
  }
};

// The key's columns. Dimensions that are one are taken out of the spec, as no
// group need be found for their rows: few rows of a batch have the key, and
// only those are looked at further.
struct KeyColumns {
  KeyColumns(ScanSpec& spec, const DrillRequest& request) : rest(request.key) {
    if (!request.is_by_key) {
      rest.clear();
      return;
    }
    Dictionary pool;
    Program program(*spec.table, spec.with, spec.credited, pool);
    for (std::size_t i = spec.dimensions.size(); i-- > 0;) {
      const Node& node = *spec.dimensions[i]->expr;
      if (node.type != Type::text) continue;
      const auto text = program.text(node);
      if (!text.column) continue;
      const auto wanted = rest[i].value_or("");
      columns.push_back({*text.column, text.texts->find(wanted), wanted.empty()});
      spec.dimensions.erase(spec.dimensions.begin() + static_cast<std::ptrdiff_t>(i));
      rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }
  bool has_no_row() const {
    return std::any_of(columns.begin(), columns.end(),
                       [](const KeyColumn& one) { return !one.code && !one.takes_unknown; });
  }

  std::vector<KeyColumn> columns;
  RowIds rest;  // of the dimensions that stay
};

// Rows of one run of segments, from the last to the first.
class DrillScan {
 public:
  DrillScan(const ScanSpec& spec, const KeyColumns& key, const DrillRequest& request, FoundRows& found)
      : spec_(spec),
        request_(request),
        found_(found),
        figure_(spec, key.rest, pool_),
        reader_(figure_.reader()),
        shares_(spec.shares ? std::make_unique<DrillShares>(*spec.shares, request, pool_) : nullptr) {
    for (const auto& column : key.columns) key_tests_.push_back(column.tests());
  }

  // `limit`: so many, and those that began at the same moment as the last; 0: all.
  void run(const Segment& segment, std::uint64_t limit) {
    if (segment.greatest_at < spec_.first_ms || (spec_.end_ms && segment.least_at >= *spec_.end_ms)) return;
    if (is_enough(limit) && segment.greatest_at < least_) return;
    segment.check();
    const auto time = spec_.table->time_column();
    const auto first = spec_.first_ms == kNoTime ? 0 : segment.first_from(time, spec_.first_ms);
    auto end = spec_.end_ms ? segment.first_from(time, *spec_.end_ms) : segment.rows;
    while (end > first) {
      if (is_enough(limit) && segment.at(time, end - 1) < least_) return;
      const auto from = end - first > kBatchRows ? end - static_cast<std::uint32_t>(kBatchRows) : first;
      run_batch(segment, from, end - from, limit);
      end = from;
    }
  }
  // The rows that were found, when all were run.
  void give() {
    const auto time = spec_.table->time_column(), store_row = spec_.table->row_column();
    for (const auto& [segment, row] : places_)
      found_.rows.push_back({segment->at(time, row), segment->columns[store_row].at(row).value_or(0)});
  }
  ScanWork work() {
    return {reader_.rows_read(), reader_.batch().bytes_read() + (shares_ ? shares_->bytes_read() : 0), 0};
  }

 private:
  // But for those that began at the same moment as the last. How many there are is only known when all were looked at.
  bool is_enough(std::uint64_t limit) const { return limit > 0 && !request_.is_counted && wanted_ >= limit; }

  void run_batch(const Segment& segment, std::uint32_t first, std::uint32_t count, std::uint64_t limit) {
    found_here_.clear();
    const auto chosen = of_key(reader_.choose(segment, first, count));
    if (chosen.count > 0) {
      reader_.read(segment, chosen);
      for (std::size_t i = 0; i < chosen.count; ++i)
        if (figure_.has(i)) found_here_.push_back(first + chosen.rows[i]);
    }
    if (shares_) {
      shares_->find(segment, first, first + count, found_here_);
      std::sort(found_here_.begin(), found_here_.end());
    }
    for (auto row = found_here_.rbegin(); row != found_here_.rend(); ++row) take(segment, *row, limit);
  }

  // Those that hold what the key's columns hold.
  Chosen of_key(Chosen chosen) {
    for (const auto& any : key_tests_) {
      if (chosen.count == 0) return chosen;
      any.front()(reader_.batch(), mask_);
      for (std::size_t i = 1; i < any.size(); ++i) {
        any[i](reader_.batch(), room_);
        mask_ |= room_;
      }
      chosen = passing(chosen);
    }
    return chosen;
  }

  Chosen passing(const Chosen& chosen) {
    std::size_t found = 0;
    if (chosen.is_all) {  // few pass, so most places are passed over at once
      const auto *begin = mask_.holds.data(), *end = begin + chosen.count;
      for (const auto* at = begin; at < end; ++at) {
        at = static_cast<const std::uint8_t*>(std::memchr(at, 1, static_cast<std::size_t>(end - at)));
        if (at == nullptr) break;
        rows_[found++] = static_cast<std::uint16_t>(at - begin);
      }
    } else {
      for (std::size_t i = 0; i < chosen.count; ++i)
        if (mask_.holds[chosen.rows[i]] != 0) rows_[found++] = chosen.rows[i];
    }
    return {rows_.data(), found, false};
  }

  // Rows lie far apart, and each column of one: what is not needed to go on is read of all together.
  void take(const Segment& segment, std::uint32_t row, std::uint64_t limit) {
    ++found_.count;
    const bool is_full = limit > 0 && wanted_ >= limit;
    // Of the moment that the last page ended at, some rows were given already.
    bool is_new = true;
    if (is_full || request_.not_after_ms) {
      const auto at = segment.at(spec_.table->time_column(), row);
      if (request_.not_after_ms && at > *request_.not_after_ms) return;
      if (is_full && at < least_) return;
      is_new = !request_.not_after_ms || at < *request_.not_after_ms;
    }
    places_.push_back({&segment, row});
    if (is_new && ++wanted_ == limit) least_ = segment.at(spec_.table->time_column(), row);
  }

  const ScanSpec& spec_;
  const DrillRequest& request_;
  FoundRows& found_;
  Dictionary pool_;
  FigureRows figure_;
  RowReader& reader_;
  std::unique_ptr<DrillShares> shares_;    // with credit each
  std::vector<std::uint32_t> found_here_;  // in the batch
  struct Place {
    const Segment* segment;
    std::uint32_t row;
  };
  std::vector<Place> places_;
  std::vector<std::vector<MaskFn>> key_tests_;  // of each column; any of them
  std::array<std::uint16_t, kBatchRows> rows_{};
  Mask mask_, room_;
  std::uint64_t wanted_ = 0;
  std::int64_t least_ = INT64_MIN;
};

}  // namespace

FoundRows rows_behind_figure(ScanSpec& spec, const DrillRequest& request, Table& table, ScanWork& work) {
  FoundRows found;
  const KeyColumns key(spec, request);
  if (key.has_no_row()) return found;
  const auto end = [&work](DrillScan& scan) {
    scan.give();
    work.rows += scan.work().rows;
    work.bytes += scan.work().bytes;
  };
  // The recent rows lie anywhere among the others: all of them are looked at.
  if (table.recent()->rows > 0) {
    DrillScan recent(spec, key, request, found);
    recent.run(*table.recent(), 0);
    end(recent);
  }
  DrillScan sealed(spec, key, request, found);
  for (auto segment = table.sealed().rbegin(); segment != table.sealed().rend(); ++segment)
    if ((*segment)->rows > 0) sealed.run(**segment, request.limit);
  end(sealed);
  return found;
}

}  // namespace hkl
