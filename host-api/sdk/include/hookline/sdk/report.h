// A report in one class: it only declares. Contract: hookline/report.h.
#pragma once

#include "hookline/report.h"
#include "hookline/sdk/instance.h"

namespace hookline {

class ReportBase : public InstanceBase {
 public:
  // The definition: a JSON object in the report language.
  virtual std::string definition() = 0;
};

template <typename Settings>
using Report = WithSettings<ReportBase, Settings>;

struct ReportTable {
  static hkl_status definition(hkl_instance* self, const hkl_writer* writer, hkl_error* err) noexcept {
    return guarded(err, [&] {
      auto& report = static_cast<ReportBase&>(LifeOf::of(self));
      needs_configured(report);
      const auto text = report.definition();
      if (writer->write(writer->user, bytes(text)) != HKL_OK) throw Failure(HKL_CANCELLED, "the host took no more");
    });
  }
  static constexpr hkl_report table{sizeof(hkl_report), 0, definition};
};

}  // namespace hookline
