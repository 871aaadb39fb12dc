// The sinks of one call, where what came out of a child goes once the call has
// returned. Each member is the caller's and may be null where its function
// takes no such sink.
#pragma once

#include <string_view>

#include "hookline/pbx_http.h"
#include "hookline/report.h"
#include "hookline/task_rule.h"
#include "values/result.h"

namespace hkl::isolation {

struct Sinks {
  const hkl_pbx_sink* pbx = nullptr;
  const hkl_http_sink* http = nullptr;
  const hkl_endpoint_sink* endpoints = nullptr;
  const hkl_task_sink* tasks = nullptr;
  const hkl_writer* writer = nullptr;
  const hkl_row_sink* rows = nullptr;

  // In their order. The sinks judge each one as if the plugin had called them;
  // what they refuse they have noted. HKL_PROTOCOL: the bytes make no sense.
  // Ends early with the status of a writer or a row sink that takes no more.
  Done give(std::string_view outputs) const;
};

}  // namespace hkl::isolation
