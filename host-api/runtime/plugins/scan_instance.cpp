#include <fmt/format.h>

#include <cmath>

#include "plugins/instance.h"
#include "plugins/texts.h"

namespace hkl {
namespace {

constexpr std::uint64_t kMostCells = 1000;

Result<ScanCell> copy_cell(const hkl_cell& given) {
  if (given.type > HKL_CELL_RATIO) return fail(HKL_INVALID, fmt::format("a cell has the unknown type {}", given.type));
  const bool is_number = given.type == HKL_CELL_DECIMAL || given.type == HKL_CELL_RATIO;
  if (is_number && !std::isfinite(given.decimal)) return fail(HKL_INVALID, "a cell is no finite number");
  auto text = take_text(given.text, "a cell");
  if (!text) return fail(text.error());
  return ScanCell{given.type, given.integer, given.decimal, std::move(*text)};
}

// What finish() is given, and what became of it. The first fault is kept: a
// plugin may pass over a refusal, and the report would not be whole.
struct Harvest {
  const ReportScan::Rows* rows = nullptr;
  std::optional<Error> fault;

  hkl_status keep(const Done& done) {
    if (done) return HKL_OK;
    if (!fault) fault = done.error();
    return done.error().status;
  }

  Done row(hkl_str key, const hkl_cell* cells, std::uint64_t count) const {
    auto taken = take_text(key, "a row's key");
    if (!taken) return fail(taken.error());
    if (count > kMostCells || (count > 0 && cells == nullptr))
      return fail(HKL_INVALID, fmt::format("the row \"{}\" has no list of cells: {} of them", *taken, count));
    std::vector<ScanCell> copied;
    for (std::uint64_t i = 0; i < count; ++i) {
      auto cell = copy_cell(cells[i]);
      if (!cell) return fail(cell.error());
      copied.push_back(std::move(*cell));
    }
    return rows->row(std::move(*taken), std::move(copied));
  }

  Done behind(hkl_str key, hkl_str measure, hkl_str id, std::uint32_t counts) const {
    auto row = take_text(key, "a row's key"), figure = take_text(measure, "a measure"), thing = take_text(id, "an id");
    for (const auto* taken : {&row, &figure, &thing})
      if (!*taken) return fail(taken->error());
    return rows->behind(*row, *figure, std::move(*thing), counts != 0);
  }
};

template <typename Work>
hkl_status harvested(void* user, Work work) noexcept {
  auto& harvest = *static_cast<Harvest*>(user);
  if (harvest.rows == nullptr) return HKL_CANCELLED;  // a sink that was kept beyond finish()
  try {
    return harvest.keep(work(harvest));
  } catch (const std::exception&) {
    return harvest.keep(fail(HKL_RESOURCE, "out of memory"));
  }
}

hkl_status take_row(void* user, hkl_str key, const hkl_cell* cells, std::uint64_t count) noexcept {
  return harvested(user, [&](const Harvest& harvest) { return harvest.row(key, cells, count); });
}

hkl_status take_behind(void* user, hkl_str key, hkl_str measure, hkl_str id, std::uint32_t counts) noexcept {
  return harvested(user, [&](const Harvest& harvest) { return harvest.behind(key, measure, id, counts); });
}

class ScanInstance final : public ReportScan {
 public:
  explicit ScanInstance(std::unique_ptr<Instance> instance)
      : instance_(std::move(instance)), table_(instance_->find<hkl_report_scan>(HKL_REPORT_SCAN_V1)) {}

  ~ScanInstance() override {
    if (scan_ == nullptr) return;
    (void)instance_->call("end", [this](hkl_instance* self, hkl_error*) {  // nobody is left to be told
      table_->end(self, scan_);
      return HKL_OK;
    });
  }
  ScanInstance(const ScanInstance&) = delete;
  ScanInstance& operator=(const ScanInstance&) = delete;

  Done begin(const std::string& params_json) {
    const auto begun = instance_->call("begin", [&](hkl_instance* self, hkl_error* err) {
      return table_->begin(self, str_of(params_json), &scan_, err);
    });
    if (begun && scan_ == nullptr) return instance_->fault("begin() made no scan");
    return begun;
  }

  Done contact(const hkl_timeline& timeline) override {
    return instance_->call(
        "contact", [&](hkl_instance* self, hkl_error* err) { return table_->contact(self, scan_, &timeline, err); });
  }

  Done employee(const hkl_employee_time& time) override {
    return instance_->call(
        "employee", [&](hkl_instance* self, hkl_error* err) { return table_->employee(self, scan_, &time, err); });
  }

  Done finish(const Rows& rows) override {
    harvest_ = {&rows, std::nullopt};
    const auto done = instance_->call(
        "finish", [this](hkl_instance* self, hkl_error* err) { return table_->finish(self, scan_, &sink_, err); });
    harvest_.rows = nullptr;
    if (harvest_.fault) return instance_->fault(harvest_.fault->text);
    return done;
  }

 private:
  Harvest harvest_;
  hkl_row_sink sink_{sizeof(hkl_row_sink), 0, &harvest_, take_row, take_behind};
  std::unique_ptr<Instance> instance_;  // dies before what it may still call
  const hkl_report_scan* table_;
  hkl_scan* scan_ = nullptr;
};

}  // namespace

Result<std::unique_ptr<ReportScan>> begin_scan(std::shared_ptr<PluginFile> file, InstanceEntry entry,
                                               const std::string& params_json) {
  auto instance = Instance::begin(std::move(file), std::move(entry), HKL_REPORT_SCAN_V1, Instance::Until::started);
  if (!instance) return fail(instance.error());
  auto scan = std::make_unique<ScanInstance>(std::move(*instance));
  if (auto begun = scan->begin(params_json); !begun) return fail(begun.error());
  return scan;
}

}  // namespace hkl
