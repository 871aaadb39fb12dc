// Recordings of calls: files of one folder, named by their call's record. A
// name is a file's name and nothing else, so none leads out of the folder; what
// is older than it is kept is gone, whether the file is still there or not.
//
// Read-only after construction, so any thread may use it.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "message.h"

namespace crm {

class Recordings {
 public:
  // keep_days 0: for ever.
  Recordings(std::string folder, int keep_days) : folder_(std::move(folder)), keep_days_(keep_days) {}

  // The call's first recording, or an answer that says why there is none.
  Reply of_call(const nlohmann::ordered_json& call) const;

 private:
  const std::string folder_;
  const int keep_days_;
};

}  // namespace crm
