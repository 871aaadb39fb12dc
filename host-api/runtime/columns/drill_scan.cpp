#include "columns/drill_scan.h"

#include <algorithm>

namespace hkl {
namespace {

// Rows of one run of segments, from the last to the first.
class DrillScan {
 public:
  DrillScan(const ScanSpec& spec, const DrillRequest& request, FoundRows& found)
      : spec_(spec), request_(request), found_(found), reader_(spec, pool_) {}

  // `limit`: so many, and those that began at the same moment as the last; 0: all.
  void run(const Segment& segment, std::uint64_t limit) {
    const auto time = spec_.table->time_column();
    const auto first = spec_.first_ms == kNoTime ? 0 : segment.first_from(time, spec_.first_ms);
    auto end = spec_.end_ms ? segment.first_from(time, *spec_.end_ms) : segment.rows;
    while (end > first) {
      if (is_enough(segment.at(time, end - 1), limit)) return;
      const auto from = end - first > kBatchRows ? end - static_cast<std::uint32_t>(kBatchRows) : first;
      run_batch(segment, from, end - from, limit);
      end = from;
    }
  }
  ScanWork work() { return {reader_.rows_read(), reader_.batch().bytes_read(), 0}; }

 private:
  // How many there are is only known when all were looked at.
  bool is_enough(std::int64_t at, std::uint64_t limit) const {
    return limit > 0 && !request_.is_counted && wanted_ >= limit && at < least_;
  }

  void run_batch(const Segment& segment, std::uint32_t first, std::uint32_t count, std::uint64_t limit) {
    const auto chosen = reader_.choose(segment, first, count);
    if (chosen.count == 0) return;
    reader_.read(segment, chosen);
    for (std::size_t i = chosen.count; i-- > 0;)
      if (passes(reader_.combinations_of_rows()[i]) && is_of_key(reader_.groups_of_rows()[i]))
        take(segment, first + chosen.rows[i], limit);
  }

  void take(const Segment& segment, std::uint32_t row, std::uint64_t limit) {
    ++found_.count;
    const auto at = segment.at(spec_.table->time_column(), row);
    if (request_.not_after_ms && at > *request_.not_after_ms) return;
    if (limit > 0 && wanted_ >= limit && at < least_) return;
    found_.rows.push_back({at, segment.columns[spec_.table->row_column()].at(row).value_or(0)});
    // Of the moment that the last page ended at, some rows were given already.
    const bool is_new = !request_.not_after_ms || at < *request_.not_after_ms;
    if (is_new && ++wanted_ == limit) least_ = at;
  }

  bool passes(std::uint32_t combination) {
    for (auto c = static_cast<std::uint32_t>(passes_.size()); c < reader_.combinations().size(); ++c) {
      const auto answers = reader_.combinations().answers(c), questions = reader_.combinations().questions(c);
      const bool is_in = std::all_of(spec_.where.begin(), spec_.where.end(),
                                     [&](const ClassExpr& where) { return where.of(answers, questions); });
      passes_.push_back(is_in && spec_.parts.front().rows.of(answers, questions) ? 1 : 0);
    }
    return passes_[combination] != 0;
  }

  bool is_of_key(std::uint32_t group) {
    if (!request_.is_by_key) return true;
    for (; known_groups_ < reader_.groups().size(); ++known_groups_)
      if (is_key(reader_.groups().ids(known_groups_))) group_ = known_groups_;
    return group_ == group;
  }

  bool is_key(const RowIds& ids) const {
    return std::equal(ids.begin(), ids.end(), request_.key.begin(), request_.key.end(),
                      [](const auto& x, const auto& y) { return x.value_or("") == y.value_or(""); });
  }

  const ScanSpec& spec_;
  const DrillRequest& request_;
  FoundRows& found_;
  Dictionary pool_;
  RowReader reader_;
  std::vector<std::uint8_t> passes_;
  std::uint32_t known_groups_ = 0;
  std::optional<std::uint32_t> group_;
  std::uint64_t wanted_ = 0;
  std::int64_t least_ = INT64_MIN;
};

}  // namespace

FoundRows rows_behind_figure(const ScanSpec& spec, const DrillRequest& request, Table& table, ScanWork& work) {
  FoundRows found;
  // The recent rows lie anywhere among the others: all of them are looked at.
  DrillScan recent(spec, request, found), sealed(spec, request, found);
  if (table.recent()->rows > 0) recent.run(*table.recent(), 0);
  for (auto segment = table.sealed().rbegin(); segment != table.sealed().rend(); ++segment)
    if ((*segment)->rows > 0) sealed.run(**segment, request.limit);
  work = recent.work();
  const auto more = sealed.work();
  work.rows += more.rows;
  work.bytes += more.bytes;
  return found;
}

}  // namespace hkl
