#include "check.h"

#include <iterator>

namespace hkl::validate {

std::string_view name_of(Level level) {
  switch (level) {
    case Level::quick:
      return "quick";
    case Level::standard:
      return "standard";
    case Level::strict:
      break;
  }
  return "strict";
}

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return "pass";
    case Verdict::fail:
      return "fail";
    case Verdict::crash:
      return "crash";
    case Verdict::timeout:
      return "timeout";
    case Verdict::warn:
      return "warn";
    case Verdict::skip:
      break;
  }
  return "skip";
}

std::vector<Check> all_checks() {
  std::vector<Check> all;
  for (auto* group : {file_checks, loading_checks, older_host_checks, settings_checks, return_checks, life_checks,
                      passive_checks, memory_checks, fork_checks, sameness_checks, state_checks, thread_checks,
                      adapter_checks, lead_checks, task_checks, report_checks, leaving_checks, copies_checks}) {
    auto some = group();
    std::move(some.begin(), some.end(), std::back_inserter(all));
  }
  return all;
}

}  // namespace hkl::validate
