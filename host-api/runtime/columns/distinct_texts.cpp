#include "columns/distinct_texts.h"

#include <algorithm>
#include <atomic>
#include <bit>

#include "columns/crew.h"

namespace hkl {
namespace {

constexpr unsigned kPartsAtMost = 8;
// The marks of a range: a quarter of a megabyte at most, in bits.
constexpr unsigned kMarkBits = 21;

}  // namespace

// For each text of a range which parts it was counted for, and how many were.
class DistinctTexts::Marks {
 public:
  Marks(unsigned parts, unsigned range_bits, std::size_t groups)
      : parts_(parts),
        log_(static_cast<unsigned>(std::countr_zero(std::bit_ceil(parts)))),
        texts_(std::uint64_t{1} << range_bits),
        here_(std::max<std::size_t>(1, (texts_ << log_) / 64)),
        everywhere_(here_.size()),
        counts_(groups * parts) {}

  void begin_range() { std::fill(everywhere_.begin(), everywhere_.end(), 0); }

  void count(std::size_t group, const std::vector<NotedOf>& noted) {
    std::array<std::uint64_t, std::size_t{1} << kPartsAtMost> fresh{};  // by which parts a text is new to
    std::size_t rows = 0;
    for (const auto& [rows_of, counts] : noted) {
      rows += rows_of->size();
      if (counts == Into::groups)
        mark<false>(*rows_of, fresh);
      else
        mark<true>(*rows_of, fresh);
    }
    for (std::size_t which = 1; which < std::size_t{1} << parts_; ++which)
      for (unsigned part = 0; part < parts_; ++part)
        if ((which >> part & 1) != 0) counts_[group * parts_ + part] += fresh[which];
    // Whichever touches less.
    if (rows > here_.size())
      std::fill(here_.begin(), here_.end(), 0);
    else
      for (const auto& [rows_of, counts] : noted)
        for (const auto one : *rows_of) here_[place_of(one) / 64] = 0;
  }

  void end_range(std::array<std::uint64_t, kPartsAtMost>& all) const {
    std::uint64_t first = 0;  // the bit of part 0 of every text of a word
    for (unsigned bit = 0; bit < 64; bit += 1U << log_) first |= std::uint64_t{1} << bit;
    for (unsigned part = 0; part < parts_; ++part)
      for (const auto word : everywhere_) all[part] += static_cast<std::uint64_t>(std::popcount(word & first << part));
  }
  const std::vector<std::uint64_t>& counts() const { return counts_; }

 private:
  // Of the first of a text's bits.
  std::size_t place_of(std::uint32_t one) const { return std::size_t{(one >> parts_) & (texts_ - 1)} << log_; }

  template <bool is_of_all>
  void mark(const Noted& noted, std::array<std::uint64_t, std::size_t{1} << kPartsAtMost>& fresh) {
    const auto which_parts = (std::uint32_t{1} << parts_) - 1;
    constexpr std::size_t kAhead = 16;
    for (std::size_t i = 0; i < noted.size(); ++i) {
      const auto ahead = place_of(noted[std::min(i + kAhead, noted.size() - 1)]) / 64;
      __builtin_prefetch(&here_[ahead], 1);
      const auto place = place_of(noted[i]);
      const auto parts = std::uint64_t{noted[i] & which_parts};
      auto& word = here_[place / 64];
      ++fresh[parts & ~(word >> place % 64)];
      word |= parts << place % 64;
      if constexpr (is_of_all) everywhere_[place / 64] |= parts << place % 64;
    }
  }

  unsigned parts_, log_;
  std::uint64_t texts_;
  std::vector<std::uint64_t> here_, everywhere_;  // of the group; of any group
  std::vector<std::uint64_t> counts_;
};

DistinctTexts::DistinctTexts(std::uint32_t column, std::uint32_t texts) : column_(column), texts_(texts) {}

std::optional<unsigned> DistinctTexts::add_part() {
  const auto room = 32 - static_cast<unsigned>(std::bit_width(texts_));
  if (parts_ == std::min(kPartsAtMost, room)) return std::nullopt;
  ++parts_;
  const auto bits_of_text = static_cast<unsigned>(std::countr_zero(std::bit_ceil(parts_)));
  // Some ranges for each thread, so that none waits long for another.
  constexpr unsigned kRanges = 8;
  range_bits_ =
      std::min(kMarkBits - bits_of_text, std::max(12U, static_cast<unsigned>(std::bit_width(texts_ / kRanges))));
  return parts_ - 1;
}

void DistinctTexts::add(Batch& batch, const Chosen& chosen, const std::uint32_t* groups, const std::uint8_t* parts) {
  batch.text_codes(column_, chosen, codes_.data());
  const auto ranges = range_count();
  for (std::size_t i = 0; i < chosen.count; ++i) {
    const auto code = codes_[i];
    if (parts[i] == 0 || code == NarrowColumn::kNoCode) continue;
    const auto slot = groups[i] * ranges + (code >> range_bits_);
    if (slot >= noted_.size()) noted_.resize((std::size_t{groups[i]} + 1 + groups[i] / 2) * ranges);
    noted_[slot].push_back(code << parts_ | parts[i]);
  }
}

// With what it took over itself.
void DistinctTexts::merge(const DistinctTexts& other, std::vector<std::uint32_t> into, Into counts) {
  for (const auto& source : other.others_) {
    std::vector<std::uint32_t> through;
    for (const auto group : source.into) through.push_back(into[group]);
    others_.push_back({source.of, std::move(through), counts});
  }
  others_.push_back({&other, std::move(into), counts});
}

void DistinctTexts::count_range(std::size_t range, Marks& marks) const {
  std::vector<std::vector<NotedOf>> of_group;
  const auto take = [&](const std::vector<Noted>& noted, const std::vector<std::uint32_t>* into, Into counts) {
    for (std::size_t from = 0; from * range_count() < noted.size(); ++from) {
      const auto& rows = noted[from * range_count() + range];
      if (rows.empty()) continue;
      const auto group = into == nullptr ? from : (*into)[from];
      if (group >= of_group.size()) of_group.resize(group + 1);
      of_group[group].push_back({&rows, counts});
    }
  };
  take(noted_, nullptr, Into::groups_and_all);
  for (const auto& other : others_) take(other.of->noted_, &other.into, other.counts);
  marks.begin_range();
  for (std::size_t group = 0; group < of_group.size(); ++group)
    if (!of_group[group].empty()) marks.count(group, of_group[group]);
}

void DistinctTexts::count(Crew& crew, unsigned threads) {
  auto groups = noted_.size() / range_count();
  for (const auto& other : others_)
    for (const auto group : other.into) groups = std::max<std::size_t>(groups, group + 1);
  std::atomic<std::size_t> next{0};
  threads = std::min(threads, static_cast<unsigned>(range_count()));
  std::vector<std::array<std::uint64_t, kPartsAtMost>> all(threads);
  std::vector<Marks> marks(threads, Marks(parts_, range_bits_, groups));
  crew.work(threads, [&](unsigned thread) {
    for (auto range = next++; range < range_count(); range = next++) {
      count_range(range, marks[thread]);
      marks[thread].end_range(all[thread]);
    }
  });
  counts_.assign(groups * parts_, 0);
  for (std::size_t thread = 0; thread < threads; ++thread) {
    for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += marks[thread].counts()[i];
    for (unsigned part = 0; part < parts_; ++part) all_[part] += all[thread][part];
  }
}

std::uint64_t DistinctTexts::of_group(std::uint32_t group, unsigned part) const {
  const auto place = std::size_t{group} * parts_ + part;
  return place < counts_.size() ? counts_[place] : 0;
}

}  // namespace hkl
