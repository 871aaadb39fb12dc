// Plugins as the benches use them: opened as the runtime opens them, in this
// process or in one of their own.
#pragma once

#include <memory>
#include <string>

#include "plugins/catalogue.h"
#include "plugins/instances.h"
#include "values/instant.h"

namespace hkl {

inline const Instant kBenchNow = instant_of(1772442900000);

// Ends the program with the reason.
[[noreturn]] void give_up(const std::string& why);

std::shared_ptr<PluginFile> bench_plugin(const std::string& path, bool is_isolated);
// An entry of the YAML for it, watched as the runtime watches it.
InstanceEntry bench_entry(const std::string& settings, bool is_isolated);

// How often this thread has given up the processor to wait for somebody else,
// since the object stands.
class Waits {
 public:
  Waits();
  double since() const;

 private:
  long before_;
};

}  // namespace hkl
