// One company with one store: what hkl_runtime is made of. The C functions of
// hookline/runtime.h are a thin skin over it (c_api.cpp).
//
// Safe from any thread unless said otherwise.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "api/callbacks.h"
#include "config/config.h"
#include "endpoints/source_runner.h"
#include "hookline/runtime.h"
#include "http/server.h"
#include "pipeline/outbox.h"
#include "pipeline/writer.h"
#include "plugins/catalogue.h"
#include "plugins/instances.h"
#include "reports/report.h"
#include "store/store.h"
#include "values/output.h"

namespace hkl {

// hkl_options, owned.
struct RuntimeOptions {
  std::string config_path, store_url, language, user, listen;
  bool is_pumped = false, is_read_only = false;
  std::optional<Instant> now;
  hkl_callbacks callbacks{};
};

class Runtime {
 public:
  static Result<std::unique_ptr<Runtime>> create(RuntimeOptions options);
  ~Runtime();

  Done start();
  void stop();
  Result<std::uint64_t> pump(Millis wait);

  // Telling
  Done submit_event(const std::string& source, const hkl_call_event& event);
  Done submit_records(std::string_view ndjson, const hkl_writer* complaints, hkl_tally& tally);
  Done import_files(const hkl_import& request, const hkl_progress* progress, const hkl_writer* verdicts,
                    hkl_tally& tally);
  Result<std::string> order_call(const std::string& employee, const std::string& number);
  Done rebuild(const hkl_progress* progress);
  Result<std::uint64_t> act_on_outbox(std::uint32_t action, const std::string& delivery);

  // Asking
  Done list(const ListQuery& query, const hkl_writer& writer);
  Done look_up(const std::string& number, const hkl_writer& writer);
  Result<std::shared_ptr<const Report>> report(const std::string& id);
  Done run_report(const std::string& id, const ReportQuery& query, const hkl_writer& writer);
  Done export_records(const std::vector<std::string>& types, const hkl_writer& writer);
  Done explain(const std::string& call, const std::string& format, const hkl_writer& writer);
  Done list_outbox(const std::string& delivery, const std::string& format, const hkl_writer& writer);
  Done list_plugins(const std::string& format, const hkl_writer& writer);
  Done health(const hkl_writer& writer);

 private:
  Runtime(RuntimeOptions options, Config config);
  Instant now() const;
  void log(std::uint32_t level, const std::string& line);
  HostSurroundings surroundings(const PluginEntry& entry, const std::string& timezone, const std::string& region);
  Result<std::unique_ptr<Adapter>> adapter_of(const SourceEntry& source);
  Done open_store();
  Done make_rules();
  Done make_reports();
  DeriverParts deriver_parts();
  const SourceEntry* source(const std::string& name) const;
  SourceSetup setup_of(const SourceEntry& source);
  // How requests of a source are stored: each with a receipt of its own.
  std::function<Result<Receipt>(std::vector<Event>)> offer(Writer::Patience patience);
  // What is known of a number, for answers that steer a live call.
  std::optional<KnownNumber> known_number(const SourceEntry& source, const std::string& number);
  bool is_canonical(const std::string& name) const;
  Done import_canonical(const hkl_import& request, const hkl_progress* progress, const hkl_writer* complaints,
                        hkl_tally& tally);
  Done import_captures(const SourceEntry& source, const hkl_import& request, const hkl_progress* progress,
                       const hkl_writer* complaints, hkl_tally& tally);
  // The config's, with what the options say; nothing: no HTTP is served.
  std::optional<HttpSettings> http_settings() const;
  Done serve_http();
  HttpRoutes http_routes();
  Done needs_writer() const;
  Result<std::unique_ptr<Poco::Data::Session>> reader() const;
  Result<std::shared_ptr<const Directory>> directory();
  void warn_of_changed_config();

  RuntimeOptions options_;
  Config config_;
  std::unique_ptr<Callbacks> callbacks_;
  std::unique_ptr<PluginCatalogue> catalogue_;
  std::unique_ptr<Store> store_;  // none: opened to read only, and there is none yet
  Error no_store_;
  std::vector<std::unique_ptr<Classifier>> classifiers_;
  std::vector<std::unique_ptr<TaskRule>> rules_;
  std::map<std::string, std::shared_ptr<const Report>> reports_;
  std::unique_ptr<Writer> writer_;  // owners only
  std::unique_ptr<Outbox> outbox_;
  std::mutex life_mutex_;  // guards the three below
  std::map<std::string, std::unique_ptr<SourceRunner>> sources_;
  std::unique_ptr<HttpServer> http_;
  bool is_started_ = false;
  std::mutex directory_mutex_;
  std::shared_ptr<const Directory> directory_;
};

// Judges a config; the complaints, one line each.
Result<std::vector<std::string>> check_config(const std::string& path);

// Where plugins lie when the config names no folder: beside the library.
std::string default_plugin_folder();

}  // namespace hkl
