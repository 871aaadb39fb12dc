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
#include "contacts/report_scan.h"
#include "hookline/pbx_http.h"
#include "hookline/report.h"
#include "http/message.h"
#include "model/event.h"
#include "plugins/call_watch.h"
#include "plugins/catalogue.h"
#include "plugins/host_services.h"

namespace hkl {

struct InstanceEntry {
  std::string id;  // of the entry, for messages
  std::string settings_json;
  HostSurroundings surroundings;
  std::shared_ptr<CallGauge> gauge = nullptr;  // of its calls; none: nobody watches them
};

// create, configure, start; errors name the entry and the plugin.
Result<std::unique_ptr<Classifier>> make_classifier(std::shared_ptr<PluginFile> file, InstanceEntry entry);
Result<std::unique_ptr<TaskRule>> make_task_rule(std::shared_ptr<PluginFile> file, InstanceEntry entry);
// The definition document of a report plugin (JSON text).
Result<std::string> report_definition(std::shared_ptr<PluginFile> file, InstanceEntry entry);
// An instance of its own for one scan of a report plugin. The scan is used by one thread.
Result<std::unique_ptr<ReportScan>> begin_scan(std::shared_ptr<PluginFile> file, InstanceEntry entry,
                                               const std::string& params_json);

// What an adapter wants to be fed from, owned.
struct EndpointWish {
  std::uint32_t kind = 0;
  std::string name, address, tls_ca, query, key, peers, first_key;
  std::uint32_t port = 0;
  bool use_tls = false;
  Millis idle{0}, interval{0}, late{0};
};

// What a database answered: values as text, row after row; nothing is an SQL null.
struct RowBatch {
  std::vector<std::string> columns;
  std::vector<std::optional<std::string>> values;
  std::size_t row_count() const { return columns.empty() ? 0 : values.size() / columns.size(); }
};

// A request on an adapter's route (hookline/pbx_http.h).
struct HookRequest {
  const HttpRequest& http;
  std::string url;   // the public address, as the sender sees it
  std::string path;  // what follows /hooks/<source>
  bool is_capture = false;
};
struct HookReply {
  std::uint32_t verdict = 0;  // HKL_VERDICT_…
  std::uint32_t status = 200;
  std::string content_type, body, reason;
  std::string detail;  // which rule of the adapter, and what it saw
};
// What a polling adapter wants to be asked for it; `at`: not before.
struct HookAsk {
  std::string method, url, body;
  HttpHeaders headers;
  Instant at{};
};
// What is known of a number, for replies that steer a live call.
struct KnownNumber {
  std::string contact, contact_name, responsible, responsible_extension, lead;
};
using LookUp = std::function<std::optional<KnownNumber>(const std::string& number)>;

// A call that is ordered: `extension` rings, then `number` is dialled.
struct CallOrder {
  std::string request, extension, number, line;
  Millis ring{0};
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
  std::optional<HookReply> reply;
  std::vector<HookAsk> asks;
  std::optional<std::string> position;
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
  // HKL_UNSUPPORTED when the plugin reads no rows.
  virtual Done rows(const std::string& endpoint, const RowBatch& batch, bool is_last, Instant now,
                    AdapterOutput& out) = 0;
  virtual Done tick(Instant now, AdapterOutput& out) = 0;
  // HKL_UNSUPPORTED when the plugin cannot order calls.
  virtual Done originate(const CallOrder& order, Instant now, AdapterOutput& out) = 0;
  virtual bool speaks_http() const { return false; }
  // Of adapters that speak HTTP: out.reply is set where it succeeds.
  virtual Done request(const HookRequest&, Instant, const LookUp&, AdapterOutput&) {
    return fail(HKL_UNSUPPORTED, "this plugin speaks no HTTP");
  }
  // What to ask lies in out.asks, how far it came in out.position.
  virtual Done poll(const std::string&, const std::string&, Instant, AdapterOutput&) {
    return fail(HKL_UNSUPPORTED, "this plugin polls nothing");
  }
  virtual Done answer(const std::string&, std::uint32_t, std::string_view, Instant, AdapterOutput&) {
    return fail(HKL_UNSUPPORTED, "this plugin polls nothing");
  }
  // Of adapters whose vendor takes orders over HTTP, instead of originate():
  // what to send lies in out.asks, one; HKL_OK of ordered(): the vendor took it.
  virtual bool orders_by_http() const { return false; }
  virtual Done order(const CallOrder&, Instant, AdapterOutput&) {
    return fail(HKL_UNSUPPORTED, "this plugin orders no calls over HTTP");
  }
  virtual Done ordered(const CallOrder&, std::uint32_t, std::string_view, Instant, AdapterOutput&) {
    return fail(HKL_UNSUPPORTED, "this plugin orders no calls over HTTP");
  }
};
Result<std::unique_ptr<Adapter>> make_adapter(std::shared_ptr<PluginFile> file, InstanceEntry entry);

}  // namespace hkl
