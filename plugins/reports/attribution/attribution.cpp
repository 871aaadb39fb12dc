// Whom a conversion is owed to, by seven models (metrics §8.10).
#include <array>
#include <set>

#include "../paths/options.h"
#include "../paths/paths.h"
#include "hookline/sdk/plugin.h"
#include "hookline/sdk/report_defaults.h"
#include "models.h"

namespace {

constexpr std::string_view kConversions[] = {"target", "calls", "unique", "unique_target"};
struct Settings {
  std::int64_t window = 30;
  std::string_view conversions = "target";
  bool collapse = false;
  bool restart_after_conversion = false;
  double half_life = 7;
};

}  // namespace

HOOKLINE_SETTINGS(Settings, HOOKLINE_FIELD(window, "Days back from each call").range(1, 365),
                  HOOKLINE_FIELD(conversions, "Which inbound calls count").one_of(kConversions),
                  HOOKLINE_FIELD(collapse, "Equal neighbours are one step"),
                  HOOKLINE_FIELD(restart_after_conversion, "A conversion ends the path"),
                  HOOKLINE_FIELD(half_life, "Days after which a visit weighs half as much"))

namespace {

using attribution::kPathModels;
using paths::Conversion;

constexpr std::array<const char*, kPathModels + 1> kModels = {"first",    "last",  "last_non_direct", "linear",
                                                              "position", "decay", "markov"};
constexpr std::size_t kMarkov = kPathModels;

constexpr std::string_view kDefinition = R"json({
  "id": "attribution",
  "title": {"ru": "Атрибуция", "en": "Attribution"},
  "rows": "calls",
  "scan": "contacts",
  "leaves_out": true,
  "options": [
    %OPTIONS%,
    {"id": "half_life", "type": "number", "default": 7, "title": {"ru": "Полураспад, дней", "en": "Half-life, days"}},
    {"id": "money", "type": "bool", "default": false, "title": {"ru": "Суммы сделок", "en": "Amounts"}}],
  "dimensions": [
    {"id": "channel", "title": {"ru": "Канал", "en": "Channel"}, "empty": {"ru": "Нет данных", "en": "(none)"},
     "definition": {"ru": "Шаг путей к звонкам", "en": "A step of the ways to calls"}}],
  "measures": [
    {"id": "first", "type": "integer", "title": {"ru": "Первый", "en": "First"}, "definition": {"ru": "Всё – первому шагу", "en": "All to the first step"}},
    {"id": "last", "type": "integer", "title": {"ru": "Последний", "en": "Last"}, "definition": {"ru": "Всё – последнему шагу", "en": "All to the last step"}},
    {"id": "last_non_direct", "type": "integer", "title": {"ru": "Последний непрямой", "en": "Last non-direct"}, "definition": {"ru": "Всё – последнему непрямому; если все прямые – последнему", "en": "All to the last that is not direct; to the last if all are"}},
    {"id": "linear", "type": "decimal", "title": {"ru": "Линейная", "en": "Linear"}, "definition": {"ru": "Поровну каждому шагу", "en": "Alike to every step"}, "formula": "1 / length"},
    {"id": "position", "type": "decimal", "title": {"ru": "По позиции", "en": "Position"}, "definition": {"ru": "40 % первому, 40 % последнему, 20 % остальным", "en": "40 % to the first, 40 % to the last, 20 % to the others"}},
    {"id": "decay", "type": "decimal", "title": {"ru": "С учётом давности", "en": "Time decay"}, "definition": {"ru": "Вес уменьшается вдвое за half_life дней", "en": "A weight halves in half_life days"}, "formula": "2^(-age / half_life), normalised"},
    {"id": "markov", "type": "decimal", "title": {"ru": "Марковская", "en": "Markov"}, "definition": {"ru": "По доле конверсий, которые пропали бы без канала", "en": "By the share of conversions that would be lost without the channel"}, "formula": "removal effect / sum of removal effects, of a first-order chain"},
    {"id": "first_amount", "when": "option.money", "type": "money", "title": {"ru": "Первый, сумма", "en": "First, amount"}, "definition": {"ru": "Текущие суммы сделок, поделённые так же; сделка – один раз, с первой своей конверсией", "en": "Current amounts of the leads, spread the same way; a lead once, with its first conversion"}},
    {"id": "last_amount", "when": "option.money", "type": "money", "title": {"ru": "Последний, сумма", "en": "Last, amount"}},
    {"id": "last_non_direct_amount", "when": "option.money", "type": "money", "title": {"ru": "Последний непрямой, сумма", "en": "Last non-direct, amount"}},
    {"id": "linear_amount", "when": "option.money", "type": "money", "title": {"ru": "Линейная, сумма", "en": "Linear, amount"}},
    {"id": "position_amount", "when": "option.money", "type": "money", "title": {"ru": "По позиции, сумма", "en": "Position, amount"}},
    {"id": "decay_amount", "when": "option.money", "type": "money", "title": {"ru": "С учётом давности, сумма", "en": "Time decay, amount"}},
    {"id": "markov_amount", "when": "option.money", "type": "money", "title": {"ru": "Марковская, сумма", "en": "Markov, amount"}}]
})json";

// What a channel is owed.
struct Credit {
  std::array<double, kPathModels + 1> conversions{}, amount{};
};

// A sum of money of one currency, or of none.
struct Money {
  std::string currency;
  bool is_mixed = false;
  void see(const std::string& other) {
    is_mixed |= !currency.empty() && currency != other;
    currency = other;
  }
  hkl_cell cell(double minor) const { return is_mixed ? hookline::null_cell() : hookline::money_cell(minor, currency); }
};

class Spread final : public hookline::Scan {
 public:
  explicit Spread(hookline::ScanParams params)
      : params_(std::move(params)),
        rules_(paths::Rules::of(params_)),
        half_life_ms_(params_.number("half_life") * paths::kDayMs),
        with_money_(params_.yes("money")) {
    if (half_life_ms_ <= 0) throw hookline::Failure(HKL_INVALID, "half_life: take a number of days above 0");
  }

  void contact(const hkl_timeline& timeline) override {
    std::set<std::string> paid;  // leads whose amount is spread already
    std::int64_t last_ms = HKL_UNKNOWN_MS;
    for (auto& conversion : paths::conversions_of(timeline, rules_)) {
      last_ms = conversion.at_ms;
      if (conversion.is_left_out || !params_.is_in_period(conversion.at_ms)) continue;
      if (!paid.insert(conversion.lead).second) conversion.currency.clear();
      add(conversion);
    }
    add_what_led_nowhere(timeline, last_ms);
  }

  void finish(hookline::RowSink& sink) override {
    if (!params_.drill_key.empty()) {
      for (const auto& call : behind_) sink.behind(params_.drill_key, params_.drill_measure, call);
      return;
    }
    spread_by_chain();
    std::vector<std::pair<std::string, Credit>> rows(credits_.begin(), credits_.end());
    std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
      return a.second.conversions[attribution::last_non_direct] > b.second.conversions[attribution::last_non_direct];
    });
    for (const auto& [channel, credit] : rows) {
      const bool is_none = channel == paths::kNone;
      give(sink, hookline::row_key({channel}), is_none ? hookline::null_cell() : hookline::text_cell(channel), credit);
    }
    Credit total;
    total.conversions.fill(static_cast<double>(conversions_));
    total.amount.fill(amount_);
    give(sink, "total", hookline::null_cell(), total);
  }

 private:
  void add(const Conversion& conversion) {
    ++conversions_;
    const bool has_amount = !conversion.currency.empty();
    const double amount = has_amount ? static_cast<double>(conversion.amount) : 0;
    if (has_amount) money_.see(conversion.currency);
    amount_ += amount;
    note_behind(conversion, has_amount);
    if (conversion.steps.empty()) {
      auto& none = credits_[std::string(paths::kNone)];
      for (auto& one : none.conversions) one += 1;
      for (auto& one : none.amount) one += amount;
      return;
    }
    chain_.add(conversion.steps, true);
    chain_amount_ += amount;
    for (std::size_t model = 0; model < kPathModels; ++model) {
      const auto weight = weights(model, conversion);
      for (std::size_t i = 0; i < weight.size(); ++i) {
        auto& credit = credits_[conversion.steps[i].text];
        credit.conversions[model] += weight[i];
        credit.amount[model] += weight[i] * amount;
      }
    }
  }

  std::vector<double> weights(std::size_t model, const Conversion& conversion) const {
    return attribution::weights(static_cast<attribution::Model>(model), conversion.steps, conversion.at_ms,
                                half_life_ms_);
  }

  // Visits of the period that no conversion came of: the chain has to know them.
  void add_what_led_nowhere(const hkl_timeline& timeline, std::int64_t last_conversion_ms) {
    std::vector<paths::Step> steps;
    for (std::uint64_t i = 0; i < timeline.visit_count; ++i) {
      const auto& visit = *timeline.visits[i];
      const bool is_later = last_conversion_ms == HKL_UNKNOWN_MS || visit.at_ms > last_conversion_ms;
      if (is_later && params_.is_in_period(visit.at_ms))
        paths::append(steps, paths::step_of(visit, rules_.depth), rules_.collapse);
    }
    chain_.add(steps, false);
  }

  void spread_by_chain() {
    for (const auto& [channel, credit] : chain_.credits()) {
      if (credit <= 0) continue;
      auto& row = credits_[channel];
      row.conversions[kMarkov] += credit;
      if (chain_.conversions() > 0)
        row.amount[kMarkov] += credit / static_cast<double>(chain_.conversions()) * chain_amount_;
    }
  }

  // The conversions that gave the asked row something.
  void note_behind(const Conversion& conversion, bool has_amount) {
    if (params_.drill_key.empty()) return;
    std::string_view asked = params_.drill_measure;
    if (const auto cut = asked.find("_amount"); cut != std::string_view::npos) {
      if (!has_amount) return;
      asked = asked.substr(0, cut);
    }
    if (params_.drill_key == "total") return behind_.push_back(conversion.call);
    if (conversion.steps.empty()) {
      if (params_.drill_key == hookline::row_key({paths::kNone})) behind_.push_back(conversion.call);
      return;
    }
    const auto model = static_cast<std::size_t>(std::find(kModels.begin(), kModels.end(), asked) - kModels.begin());
    const auto weight =
        model < kPathModels ? weights(model, conversion) : std::vector<double>(conversion.steps.size(), 1);
    for (std::size_t i = 0; i < weight.size(); ++i)
      if (weight[i] > 0 && hookline::row_key({conversion.steps[i].text}) == params_.drill_key)
        return behind_.push_back(conversion.call);
  }

  void give(hookline::RowSink& sink, std::string_view key, hkl_cell name, const Credit& credit) const {
    std::vector<hkl_cell> cells = {name};
    for (std::size_t model = 0; model <= kPathModels; ++model) {
      const bool is_whole = model <= attribution::last_non_direct;  // one step has it all
      const auto value = credit.conversions[model];
      cells.push_back(is_whole ? hookline::integer_cell(std::llround(value)) : hookline::decimal_cell(value));
    }
    if (with_money_)
      for (const auto amount : credit.amount) cells.push_back(money_.cell(amount));
    sink.row(key, cells);
  }

  hookline::ScanParams params_;
  paths::Rules rules_;
  double half_life_ms_;
  bool with_money_;
  std::map<std::string, Credit> credits_;
  attribution::Markov chain_;
  Money money_;
  double amount_ = 0, chain_amount_ = 0;
  std::int64_t conversions_ = 0;
  std::vector<std::string> behind_;
};

class Attribution final : public hookline::Report<Settings>, public hookline::ScansRecords {
 public:
  std::string definition() override {
    return hookline::ReportDefaults(hookline::filled(kDefinition, {{"%OPTIONS%", paths::kOptions}}))
        .number("window", static_cast<double>(settings().window))
        .word("conversions", settings().conversions)
        .yes("collapse", settings().collapse)
        .yes("restart_after_conversion", settings().restart_after_conversion)
        .number("half_life", settings().half_life)
        .text();
  }
  std::unique_ptr<hookline::Scan> begin_scan(hookline::ScanParams params) override {
    return std::make_unique<Spread>(std::move(params));
  }
};

}  // namespace

HOOKLINE_PLUGIN(Attribution, {"attribution", "1.0.0", "Hookline", "Apache-2.0",
                              "Credit of calls to channels, by seven models, with money"})
