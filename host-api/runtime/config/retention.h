// `retention`: how long what is no figure is kept.
#pragma once

#include <optional>
#include <string>

#include "services/cron.h"
#include "values/instant.h"

namespace hkl {

struct ConfigReading;

// Nothing: for ever.
struct RetentionConfig {
  std::optional<Millis> record;      // bytes of `record:`, and inputs set aside
  std::optional<Millis> events;      // of calls, in the journal; the calls stay
  std::optional<Millis> recordings;  // files in `recordings.folder`
  std::string at = "03:30";          // local time at which it is seen to
  std::optional<Cron> cron;          // the same

  bool is_any() const { return record || events || recordings; }
};

RetentionConfig read_retention(const ConfigReading& reading);

}  // namespace hkl
