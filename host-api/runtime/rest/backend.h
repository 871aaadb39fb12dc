// What the API asks of a runtime. Each is safe from any thread; the errors are
// for people, and what the asker may not do is HKL_AUTH.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "contacts/access.h"
#include "hookline/runtime.h"
#include "reports/report.h"

namespace hkl {

// Where a recording is: at an address, or in a file.
struct Recording {
  std::string address, file;  // one of them
};

class RestBackend {
 public:
  virtual ~RestBackend() = default;

  virtual Done list(const ListQuery& query, const Asker& asker, const hkl_writer& writer) = 0;
  virtual Done look_up(const std::string& number, const Asker& asker, const hkl_writer& writer) = 0;
  virtual Done explain(const std::string& call, const std::string& format, const Asker& asker,
                       const hkl_writer& writer) = 0;
  // In the order of their ids.
  virtual std::vector<std::shared_ptr<const Report>> reports() = 0;
  virtual Result<std::shared_ptr<const Report>> report(const std::string& id) = 0;
  virtual Result<std::string> describe_report(const Report& report, const Asker& asker) = 0;
  virtual Done run_report(const std::string& id, const ReportQuery& query, const Asker& asker,
                          const hkl_writer& writer) = 0;
  // How such a question is answered, as JSON; the answer is dropped.
  virtual Done explain_report(const std::string& id, const ReportQuery& query, const Asker& asker,
                              const hkl_writer& writer) = 0;
  virtual Done list_plugins(const std::string& format, const Asker& asker, const hkl_writer& writer) = 0;
  // Keys of programs by name, with the role or the user of each; nothing of the key itself.
  virtual Done list_keys(const Asker& asker, const hkl_writer& writer) = 0;
  virtual Done list_outbox(const std::string& delivery, const std::string& format, const Asker& asker,
                           const hkl_writer& writer) = 0;
  virtual Done show_poison(const std::string& id, const std::string& format, const Asker& asker,
                           const hkl_writer& writer) = 0;
  virtual Done health(const Asker& asker, const hkl_writer& writer) = 0;

  // HKL_AUTH where the asker may not hear it, HKL_NOT_FOUND where there is none.
  virtual Result<Recording> recording(const std::string& call, std::size_t number, const Asker& asker) = 0;

  virtual Done submit_records(std::string_view ndjson, const Asker& asker, const hkl_writer* complaints,
                              hkl_tally& tally) = 0;
  virtual Result<std::string> order_call(const std::string& employee, const std::string& number,
                                         const Asker& asker) = 0;
  virtual Result<std::uint64_t> act_on_outbox(std::uint32_t action, const std::string& delivery,
                                              const Asker& asker) = 0;
  virtual Result<std::uint64_t> act_on_poison(std::uint32_t action, const std::string& id, const Asker& asker) = 0;
  // `who`: a contact's id, number or e-mail. `format`: table or json.
  virtual Done erase(const std::string& who, bool is_dry_run, const std::string& format, const Asker& asker,
                     const hkl_writer& writer) = 0;
};

}  // namespace hkl
