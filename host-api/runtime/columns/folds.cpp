#include "columns/folds.h"

#include <algorithm>

namespace hkl {
namespace {

template <typename T>
T& grown(std::vector<T>& all, std::size_t index) {
  if (index >= all.size()) all.resize(std::max(index + 1, all.size() * 2));
  return all[index];
}

class Extreme final : public Fold {
 public:
  Extreme(NumberFn run, bool is_greatest) : run_(std::move(run)), is_greatest_(is_greatest) {}

  void add(Batch& batch, const std::uint16_t* rows, const std::uint32_t* groups, const std::uint8_t* passes,
           std::size_t count) override {
    run_(batch, room_);
    for (std::size_t i = 0; i < count; ++i)
      if (passes[i] != 0 && room_.known[rows[i]] != 0) take(grown(best_, groups[i]), room_.values[rows[i]]);
  }
  void merge(Fold& other, const std::vector<std::uint32_t>& into) override {
    auto& those = static_cast<Extreme&>(other).best_;
    for (std::size_t g = 0; g < those.size(); ++g)
      if (those[g]) take(grown(best_, into[g]), *those[g]);
  }
  std::optional<std::string> of_group(std::uint32_t group) override { return shown(grown(best_, group)); }
  std::optional<std::string> of_all() override {
    Maybe best;
    for (const auto& one : best_)
      if (one) take(best, *one);
    return shown(best);
  }

 private:
  void take(Maybe& best, std::int64_t value) const {
    if (!best || (is_greatest_ ? value > *best : value < *best)) best = value;
  }
  static std::optional<std::string> shown(Maybe value) {
    return value ? std::optional(std::to_string(*value)) : std::nullopt;
  }
  NumberFn run_;
  bool is_greatest_;
  Numbers room_;
  std::vector<Maybe> best_;
};

class ExtremeText final : public Fold {
 public:
  ExtremeText(TextExpr text, bool is_greatest)
      : run_(std::move(text.run)), texts_(text.texts), is_greatest_(is_greatest) {}

  void add(Batch& batch, const std::uint16_t* rows, const std::uint32_t* groups, const std::uint8_t* passes,
           std::size_t count) override {
    run_(batch, room_);
    for (std::size_t i = 0; i < count; ++i)
      if (passes[i] != 0 && room_.known[rows[i]] != 0) take(grown(best_, groups[i]), room_.values[rows[i]]);
  }
  void merge(Fold& other, const std::vector<std::uint32_t>& into) override {
    auto& those = static_cast<ExtremeText&>(other).best_;
    for (std::size_t g = 0; g < those.size(); ++g)
      if (those[g]) take(grown(best_, into[g]), *those[g]);
  }
  std::optional<std::string> of_group(std::uint32_t group) override { return shown(grown(best_, group)); }
  std::optional<std::string> of_all() override {
    Maybe best;
    for (const auto& one : best_)
      if (one) take(best, *one);
    return shown(best);
  }

 private:
  std::string_view text(std::int64_t code) const { return texts_->text(static_cast<std::uint32_t>(code)); }
  void take(Maybe& best, std::int64_t code) const {
    if (best == code) return;
    if (!best || (is_greatest_ ? text(code) > text(*best) : text(code) < text(*best))) best = code;
  }
  std::optional<std::string> shown(Maybe code) const {
    return code ? std::optional(std::string(text(*code))) : std::nullopt;
  }
  NumberFn run_;
  const Dictionary* texts_;
  bool is_greatest_;
  Numbers room_;
  std::vector<Maybe> best_;
};

// Values of any kind: noted with their group, sorted when asked.
class DistinctValues final : public Fold {
 public:
  explicit DistinctValues(NumberFn run) : run_(std::move(run)) {}

  void add(Batch& batch, const std::uint16_t* rows, const std::uint32_t* groups, const std::uint8_t* passes,
           std::size_t count) override {
    run_(batch, room_);
    for (std::size_t i = 0; i < count; ++i)
      if (passes[i] != 0 && room_.known[rows[i]] != 0) seen_.push_back({groups[i], room_.values[rows[i]]});
    if (seen_.size() > tidy_at_) tidy();
  }
  void merge(Fold& other, const std::vector<std::uint32_t>& into) override {
    for (const auto& one : static_cast<DistinctValues&>(other).seen_) seen_.push_back({into[one.first], one.second});
    is_tidy_ = false;
  }
  std::optional<std::string> of_group(std::uint32_t group) override {
    tidy();
    const auto from = std::lower_bound(seen_.begin(), seen_.end(), Seen{group, INT64_MIN});
    const auto to = std::lower_bound(from, seen_.end(), Seen{group + 1, INT64_MIN});
    return std::to_string(to - from);
  }
  std::optional<std::string> of_all() override {
    std::vector<std::int64_t> values;
    for (const auto& one : seen_) values.push_back(one.second);
    std::sort(values.begin(), values.end());
    return std::to_string(std::unique(values.begin(), values.end()) - values.begin());
  }

 private:
  using Seen = std::pair<std::uint32_t, std::int64_t>;
  void tidy() {
    if (is_tidy_ && seen_.size() == tidied_) return;
    std::sort(seen_.begin(), seen_.end());
    seen_.erase(std::unique(seen_.begin(), seen_.end()), seen_.end());
    tidy_at_ = std::max(kTidyAt, 2 * seen_.size());
    tidied_ = seen_.size();
    is_tidy_ = true;
  }
  static constexpr std::size_t kTidyAt = 1 << 20;
  NumberFn run_;
  Numbers room_;
  std::vector<Seen> seen_;
  std::size_t tidy_at_ = kTidyAt, tidied_ = 0;
  bool is_tidy_ = true;
};

// Nearest rank in whole numbers: place = ceil(p * n / 100) with p = num / den.
class PercentileOf final : public Fold {
 public:
  PercentileOf(NumberFn run, Rational percentage) : run_(std::move(run)), percentage_(percentage) {}

  void add(Batch& batch, const std::uint16_t* rows, const std::uint32_t* groups, const std::uint8_t* passes,
           std::size_t count) override {
    run_(batch, room_);
    for (std::size_t i = 0; i < count; ++i)
      if (passes[i] != 0 && room_.known[rows[i]] != 0) grown(values_, groups[i]).push_back(room_.values[rows[i]]);
  }
  void merge(Fold& other, const std::vector<std::uint32_t>& into) override {
    auto& those = static_cast<PercentileOf&>(other).values_;
    for (std::size_t g = 0; g < those.size(); ++g) {
      if (those[g].empty()) continue;
      auto& here = grown(values_, into[g]);
      here.insert(here.end(), those[g].begin(), those[g].end());
    }
  }
  std::optional<std::string> of_group(std::uint32_t group) override { return of(grown(values_, group)); }
  std::optional<std::string> of_all() override {
    std::vector<std::int64_t> all;
    for (const auto& values : values_) all.insert(all.end(), values.begin(), values.end());
    return of(all);
  }

 private:
  std::optional<std::string> of(std::vector<std::int64_t>& values) const {
    if (percentage_.num <= 0 || values.empty()) return std::nullopt;
    const auto whole = percentage_.den * 100;
    const auto place = (static_cast<std::int64_t>(values.size()) * percentage_.num + whole - 1) / whole;
    if (place < 1 || place > static_cast<std::int64_t>(values.size())) return std::nullopt;
    const auto nth = values.begin() + (place - 1);
    std::nth_element(values.begin(), nth, values.end());
    return std::to_string(*nth);
  }
  NumberFn run_;
  Rational percentage_;
  Numbers room_;
  std::vector<std::vector<std::int64_t>> values_;
};

}  // namespace

std::unique_ptr<Fold> make_fold(ColumnPart::Kind kind, const Node& value, Program& program) {
  using Kind = ColumnPart::Kind;
  if (kind == Kind::least || kind == Kind::greatest)
    return std::make_unique<Extreme>(program.number(value).run, kind == Kind::greatest);
  if (kind == Kind::least_text || kind == Kind::greatest_text)
    return std::make_unique<ExtremeText>(program.text(value), kind == Kind::greatest_text);
  if (value.type == Type::text) return std::make_unique<DistinctValues>(program.text(value).run);
  if (is_numeric(value.type)) return std::make_unique<DistinctValues>(program.number(value).run);
  if (value.type == Type::boolean) return std::make_unique<DistinctValues>(program.truth(value));
  throw NotInColumns("different sets are counted by SQL");
}

std::unique_ptr<Fold> make_percentile(const ScanSpec::Percentile& percentile, Program& program) {
  return std::make_unique<PercentileOf>(program.number(*percentile.value).run, percentile.percentage);
}

}  // namespace hkl
