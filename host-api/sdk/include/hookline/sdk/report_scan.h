// A report that sees contacts or employees one by one and makes its rows
// itself. Contract: hookline/report.h.
//
//   class Paths final : public hookline::Report<Settings>, public hookline::ScansRecords {
//    public:
//     std::string definition() override;  // with "scan": "contacts"
//     std::unique_ptr<hookline::Scan> begin_scan(hookline::ScanParams params) override;
//   };
#pragma once

#include <memory>
#include <optional>

#include "hookline/sdk/report.h"

namespace hookline {

// What was asked for.
struct ScanParams {
  std::optional<std::int64_t> from_ms, to_ms;  // half-open
  std::int64_t now_ms = 0;
  std::string timezone, language;
  Json options;
  std::string drill_key, drill_measure;  // both empty: rows are asked for

  bool is_in_period(std::int64_t at_ms) const { return (!from_ms || *from_ms <= at_ms) && (!to_ms || at_ms < *to_ms); }
  bool yes(const std::string& option) const { return options[option].boolean(); }
  double number(const std::string& option) const { return options[option].number(); }
  const std::string& text(const std::string& option) const { return options[option].text(); }
  bool has(const std::string& option) const { return !options[option].is_null(); }
  // Whether what is behind this figure is asked for.
  bool drills(std::string_view key, std::string_view measure) const {
    return key == drill_key && measure == drill_measure;
  }

  static ScanParams parse(std::string_view text) {
    const auto json = Json::parse(text);
    ScanParams params;
    const auto bound = [](const Json& value) {
      return value.is_null() ? std::optional<std::int64_t>() : std::optional(value.integer());
    };
    params.from_ms = bound(json["from_ms"]);
    params.to_ms = bound(json["to_ms"]);
    params.now_ms = json["now_ms"].integer();
    params.timezone = json["timezone"].text();
    params.language = json["language"].text();
    params.options = json["options"];
    params.drill_key = json["drill"]["key"].text();
    params.drill_measure = json["drill"]["measure"].text();
    return params;
  }
};

// Cells; a text lives until the row is given.
inline hkl_cell null_cell() { return {HKL_CELL_NULL, 0, 0, 0, {}}; }
inline hkl_cell integer_cell(std::int64_t value) { return {HKL_CELL_INTEGER, 0, value, 0, {}}; }
inline hkl_cell decimal_cell(double value) { return {HKL_CELL_DECIMAL, 0, 0, value, {}}; }
inline hkl_cell text_cell(std::string_view text) { return {HKL_CELL_TEXT, 0, 0, 0, str(text)}; }
inline hkl_cell ratio_cell(std::int64_t above, std::int64_t below) {
  return {HKL_CELL_RATIO, 0, above, static_cast<double>(below), {}};
}
// Minor units; without a currency it is null.
inline hkl_cell money_cell(double minor, std::string_view currency) {
  return currency.empty() ? null_cell() : hkl_cell{HKL_CELL_DECIMAL, 0, 0, minor, str(currency)};
}

// The ids of a row's dimensions as one key.
inline std::string row_key(std::initializer_list<std::string_view> ids) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string key;
  for (const auto& id : ids) {
    if (&id != ids.begin()) key += '/';
    if (id.empty()) key += '-';
    if (id == "-") key += "%2D";
    if (id.empty() || id == "-") continue;
    for (const char c : id)
      if (c == '%' || c == '/' || c == ':') {
        key += '%';
        key += kDigits[static_cast<unsigned char>(c) >> 4];
        key += kDigits[static_cast<unsigned char>(c) & 15];
      } else {
        key += c;
      }
  }
  return key == "total" ? "%74otal" : key;  // which is the total row's
}

class RowSink {
 public:
  explicit RowSink(const hkl_row_sink& sink) : sink_(sink) {}
  void row(std::string_view key, const std::vector<hkl_cell>& cells) {
    if (sink_.row(sink_.user, str(key), cells.data(), cells.size()) != HKL_OK)
      throw Failure(HKL_CANCELLED, "the host took no more rows");
  }
  void behind(std::string_view key, std::string_view measure, std::string_view id, bool counts = true) {
    if (sink_.behind(sink_.user, str(key), str(measure), str(id), counts ? 1 : 0) != HKL_OK)
      throw Failure(HKL_CANCELLED, "the host took no more");
  }

 private:
  const hkl_row_sink& sink_;
};

class Scan {
 public:
  Scan() = default;
  Scan(const Scan&) = delete;
  Scan& operator=(const Scan&) = delete;
  virtual ~Scan() = default;
  virtual void contact(const hkl_timeline&) {}
  virtual void employee(const hkl_employee_time&) {}
  virtual void finish(RowSink& sink) = 0;
};

class ScansRecords {
 public:
  virtual std::unique_ptr<Scan> begin_scan(ScanParams params) = 0;

 protected:
  ~ScansRecords() = default;  // instances are deleted as InstanceBase
};

template <typename Plugin>
struct ScansRecordsTable {
  static Plugin& started(hkl_instance* self) {
    auto& plugin = static_cast<Plugin&>(LifeOf::of(self));
    needs_started(plugin);
    return plugin;
  }
  static Scan& of(hkl_scan* scan) {
    if (scan == nullptr) throw Failure(HKL_INVALID, "no scan");
    return *reinterpret_cast<Scan*>(scan);
  }
  static hkl_status begin(hkl_instance* self, hkl_str params, hkl_scan** out, hkl_error* err) noexcept {
    return guarded(err, [&] {
      if (out == nullptr) throw Failure(HKL_INVALID, "out_scan is missing");
      ScansRecords& plugin = started(self);
      *out = reinterpret_cast<hkl_scan*>(plugin.begin_scan(ScanParams::parse(view(params))).release());
    });
  }
  static hkl_status contact(hkl_instance* self, hkl_scan* scan, const hkl_timeline* timeline, hkl_error* err) noexcept {
    return guarded(err, [&] {
      started(self);
      of(scan).contact(*timeline);
    });
  }
  static hkl_status employee(hkl_instance* self, hkl_scan* scan, const hkl_employee_time* time,
                             hkl_error* err) noexcept {
    return guarded(err, [&] {
      started(self);
      of(scan).employee(*time);
    });
  }
  static hkl_status finish(hkl_instance* self, hkl_scan* scan, const hkl_row_sink* sink, hkl_error* err) noexcept {
    return guarded(err, [&] {
      started(self);
      RowSink rows(*sink);
      of(scan).finish(rows);
    });
  }
  static void end(hkl_instance*, hkl_scan* scan) noexcept {
    (void)guarded(nullptr, [&] { delete reinterpret_cast<Scan*>(scan); });
  }
  static constexpr hkl_report_scan table{sizeof(hkl_report_scan), 0, begin, contact, employee, finish, end};
};

}  // namespace hookline
