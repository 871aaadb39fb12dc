// Plugin instances behind C++ interfaces. Every call into a plugin goes
// through here: arguments become views, statuses become values, an exception
// that crosses against the contract is caught and reported as the plugin's
// fault, and the plugin is guarded against use after a failure.
//
// An instance is used by one thread at a time; the caller sees to that.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "contacts/opinions.h"
#include "hookline/pbx_adapter.h"
#include "hookline/report.h"
#include "model/event.h"
#include "plugins/catalogue.h"
#include "plugins/host_services.h"

namespace hkl {

struct InstanceEntry {
  std::string id;  // of the entry, for messages
  std::string settings_json;
  HostSurroundings surroundings;
};

// create, configure, start; errors name the entry and the plugin.
Result<std::unique_ptr<Classifier>> make_classifier(std::shared_ptr<PluginFile> file, InstanceEntry entry);
Result<std::unique_ptr<TaskRule>> make_task_rule(std::shared_ptr<PluginFile> file, InstanceEntry entry);
// The definition document of a report plugin (JSON text).
Result<std::string> report_definition(std::shared_ptr<PluginFile> file, InstanceEntry entry);

// What an adapter wants to be fed from, owned.
struct EndpointWish {
  std::uint32_t kind = 0;
  std::string name, address, tls_ca, query, key;
  std::uint32_t port = 0;
  bool use_tls = false;
  Millis idle{0}, interval{0};
};

// What comes out of an adapter during one call of it.
struct AdapterOutput {
  struct Send {
    std::uint64_t connection;
    std::string bytes;
  };
  struct Close {
    std::uint64_t connection;
    Millis after;
    std::string why;
  };
  struct State {
    std::uint64_t connection;
    std::uint32_t state;
    std::string text;
  };
  struct Skipped {
    std::uint64_t connection;
    std::uint64_t byte_count;
    std::string why;
  };
  std::vector<Event> events;  // source and pbx are not set
  std::vector<std::string> refused_events;
  std::vector<Send> sends;
  std::vector<Close> closes;
  std::vector<State> states;
  std::vector<Skipped> skipped;
  std::optional<Instant> tick_at;
};

class Adapter {
 public:
  virtual ~Adapter() = default;
  virtual Result<std::vector<EndpointWish>> endpoints() = 0;
  // Each appends to `out`; HKL_PROTOCOL asks for a new connection.
  virtual Done opened(std::uint64_t connection, bool is_capture, const std::string& endpoint, const std::string& name,
                      Instant now, AdapterOutput& out) = 0;
  virtual Done feed(std::uint64_t connection, std::string_view bytes, Instant now, AdapterOutput& out) = 0;
  virtual Done closed(std::uint64_t connection, Instant now, AdapterOutput& out) = 0;
  virtual Done tick(Instant now, AdapterOutput& out) = 0;
  // HKL_UNSUPPORTED when the plugin cannot order calls.
  virtual Done originate(const std::string& request, const std::string& extension, const std::string& number,
                         const std::string& line, Millis ring, Instant now, AdapterOutput& out) = 0;
};
Result<std::unique_ptr<Adapter>> make_adapter(std::shared_ptr<PluginFile> file, InstanceEntry entry);

}  // namespace hkl
