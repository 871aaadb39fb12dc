// A plugin that runs in processes of its own: looks to the rest of the runtime
// like one that was opened here (catalogue.h), with tables whose functions hand
// the call on to a child. Nothing of the file runs in this process.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "isolation/link.h"
#include "plugins/catalogue.h"
#include "values/instant.h"

namespace hkl {

// An input that a plugin died of again and again.
struct PoisonedInput {
  std::string entry, plugin, version;
  std::string function;  // "feed", "rows", "request", "classify", …
  std::string subject;   // the connection or file, the inquiry, the row
  std::string reason;    // how the process ended
  std::string bytes;     // what it was given; empty where it may not be kept
};

struct IsolationCounters {
  std::atomic<std::uint64_t> deaths{0}, set_aside{0};
  std::atomic<int> pid{0};  // of the latest process; 0: none
};

struct IsolationSetup {
  std::string entry;    // of the YAML, for messages
  std::string program;  // libexec/hookline-child
  isolation::Limits limits;
  std::size_t transcript_bytes = 16u << 20;
  // Takes what is set aside; from the thread of the call, which may be the
  // writer's, so it must not wait for that. May be empty.
  std::function<void(PoisonedInput)> set_aside;
  std::shared_ptr<IsolationCounters> counters = std::make_shared<IsolationCounters>();
};

class IsolatedPlugin final : public PluginFile, public std::enable_shared_from_this<IsolatedPlugin> {
 public:
  IsolatedPlugin(PluginNote note, std::string image, IsolationSetup setup);

  const PluginNote& note() const override { return plan_.note; }
  const hkl_plugin& descriptor() const override { return descriptor_; }
  const void* find_interface(const std::string& id) const override;
  hkl_status create(hkl_str interface_id, const hkl_host* host, hkl_instance** out, hkl_error* err) const override;

  const isolation::ChildPlan& plan() const { return plan_; }
  const IsolationSetup& setup() const { return setup_; }

 private:
  isolation::ChildPlan plan_;
  IsolationSetup setup_;
  hkl_plugin descriptor_{};
};

// Reads and judges the file as PluginCatalogue::open does, and opens nothing.
Result<std::shared_ptr<PluginFile>> open_isolated(const PluginCatalogue& catalogue, const std::string& plugin,
                                                  IsolationSetup setup);

}  // namespace hkl
