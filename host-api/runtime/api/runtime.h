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
#include <shared_mutex>
#include <string>
#include <vector>

#include "api/api_door.h"
#include "api/callbacks.h"
#include "api/change_feed.h"
#include "api/column_keeper.h"
#include "api/daily_work.h"
#include "api/owner_socket.h"
#include "cards/card_index.h"
#include "config/config.h"
#include "deliveries/crm_sender.h"
#include "endpoints/source_runner.h"
#include "endpoints/unknown_input.h"
#include "hookline/runtime.h"
#include "http/server.h"
#include "isolation/isolated_plugin.h"
#include "pipeline/outbox.h"
#include "pipeline/writer.h"
#include "plugins/catalogue.h"
#include "plugins/instances.h"
#include "reports/reading.h"
#include "reports/report.h"
#include "rest/rest.h"
#include "schedules/runner.h"
#include "store/poison_shelf.h"
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

// What is made of a config, and replaced as a whole by a reload. Outlives the
// instances that were made with it: they hold views of it.
struct Loaded {
  // What the runtime does for all that is made of a config.
  struct Tools {
    std::function<void(std::uint32_t level, const std::string& line)> log;
    std::function<void(PoisonedInput)> set_aside;
    CallWatch* watch = nullptr;
  };

  Config config;
  std::unique_ptr<PluginCatalogue> catalogue;
  Tools tools;
  std::vector<std::unique_ptr<Classifier>> classifiers;
  std::vector<std::unique_ptr<TaskRule>> rules;
  std::shared_ptr<WakeDesk> wakes = std::make_shared<WakeDesk>();  // of these two
  std::map<std::string, std::shared_ptr<const Report>> reports;
  // Begins the plugin's own scan, by report; an instance of its own for each.
  using BeginScan = std::function<Result<std::unique_ptr<ReportScan>>(const std::string& params_json)>;
  std::map<std::string, BeginScan> scans;
  std::mutex isolated_mutex;
  std::map<std::string, std::shared_ptr<IsolationCounters>> isolated;  // by entry; guarded by isolated_mutex

  // Reads and judges; the error is the first complaint, `complaints` gets all.
  static Result<std::shared_ptr<Loaded>> read(const RuntimeOptions& options, Tools tools,
                                              std::vector<std::string>& complaints);
  Done make_reports();
  Done make_rules();
  // `trial`: counts there what its plugin dies of, in place of setting it aside.
  Result<std::unique_ptr<Adapter>> adapter_of(const SourceEntry& source,
                                              std::shared_ptr<IsolationCounters> trial = nullptr);
  DeriverParts deriver_parts() const;
  // What tells a source's plugin and settings from others; a changed file of
  // the plugin is another one.
  Result<std::string> identity_of(const SourceEntry& source) const;

 private:
  HostSurroundings surroundings(const PluginEntry& entry, const std::string& timezone, const std::string& region) const;
  InstanceEntry instance_of(const PluginEntry& entry) const;
  InstanceEntry rule_of(const PluginEntry& entry) const;  // of one that may ask to be woken
  // The plugin of an entry, opened here or in processes of its own; `name`: of
  // the entry, as its poison and its counters are called.
  Result<std::shared_ptr<PluginFile>> plugin_of(const PluginEntry& entry, const std::string& name,
                                                std::shared_ptr<IsolationCounters> trial = nullptr);
};

// A source that runs, with what it was made of.
struct RunningSource {
  std::shared_ptr<Loaded> loaded;
  SourceEntry entry;
  std::string identity;
  std::unique_ptr<SourceRunner> runner;  // ends first

  SourceRunner* operator->() const { return runner.get(); }
};

// Doors of the sources' routes, as they are now. Thread-safe.
class DoorTable {
 public:
  std::shared_ptr<HookDoor> find(const std::string& source) const {
    const std::lock_guard lock(mutex_);
    const auto found = doors_.find(source);
    return found == doors_.end() ? nullptr : found->second;
  }
  void set(const std::string& source, std::shared_ptr<HookDoor> door) {
    const std::lock_guard lock(mutex_);
    doors_[source] = std::move(door);
  }
  void remove(const std::string& source) {
    const std::lock_guard lock(mutex_);
    doors_.erase(source);
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<HookDoor>> doors_;  // guarded by mutex_
};

class Runtime final : public RestBackend {
 public:
  static Result<std::unique_ptr<Runtime>> create(RuntimeOptions options);
  ~Runtime() override;

  Done start();
  void stop();
  // Reads the config again and goes on with it; the old stays when the new is
  // wrong. `told` gets all complaints, or what changed.
  Done reload(const hkl_writer* told);
  // Held shared by who asks or tells, alone while a reload swaps what they use.
  // Callbacks ask while others wait for it alone, so readers go first.
  std::shared_mutex& gate() { return gate_; }
  Result<std::uint64_t> pump(Millis wait);

  // Telling
  Done submit_event(const std::string& source, const hkl_call_event& event);
  Done submit_records(std::string_view ndjson, const Asker& asker, const hkl_writer* complaints,
                      hkl_tally& tally) override;
  Done import_files(const hkl_import& request, const hkl_progress* progress, const hkl_writer* verdicts,
                    hkl_tally& tally);
  Result<std::string> order_call(const std::string& employee, const std::string& number, const Asker& asker) override;
  Done rebuild(const hkl_progress* progress);
  Result<std::uint64_t> act_on_outbox(std::uint32_t action, const std::string& delivery, const Asker& asker) override;

  Result<std::uint64_t> act_on_poison(std::uint32_t action, const std::string& id, const Asker& asker) override;
  // `who`: id, number or e-mail of a contact. A dry run tells what would go.
  Done erase(const std::string& who, bool is_dry_run, const std::string& format, const Asker& asker,
             const hkl_writer& writer) override;
  // What `retention` says, now. `writer` may be null: the log has it.
  Done apply_retention(const std::function<bool()>& goes_on, const std::string& format, const Asker& asker,
                       const hkl_writer* writer);

  // Asking
  // Who asks by the options this was created with.
  const Asker& asker() const { return asker_; }
  // A user of the config; empty: whoever may everything. HKL_AUTH: there is no
  // such user, and so nothing that they may see.
  Result<Asker> asker_of(const std::string& user, const std::string& language) const;
  Done list(const ListQuery& query, const Asker& asker, const hkl_writer& writer) override;
  Done look_up(const std::string& number, const Asker& asker, const hkl_writer& writer) override;
  std::vector<std::shared_ptr<const Report>> reports() override;
  Result<std::shared_ptr<const Report>> report(const std::string& id) override;
  Result<std::string> describe_report(const Report& report, const Asker& asker) override;
  Done run_report(const std::string& id, const ReportQuery& query, const Asker& asker,
                  const hkl_writer& writer) override;
  // How the answer was found, in place of the answer. `query.format`: table or json.
  Done explain_report(const std::string& id, const ReportQuery& query, const Asker& asker,
                      const hkl_writer& writer) override;
  Done export_records(const std::vector<std::string>& types, const Asker& asker, const hkl_writer& writer);
  Done explain(const std::string& call, const std::string& format, const Asker& asker,
               const hkl_writer& writer) override;
  Done list_keys(const Asker& asker, const hkl_writer& writer) override;
  Done list_outbox(const std::string& delivery, const std::string& format, const Asker& asker,
                   const hkl_writer& writer) override;
  Done show_poison(const std::string& id, const std::string& format, const Asker& asker,
                   const hkl_writer& writer) override;
  Done list_plugins(const std::string& format, const Asker& asker, const hkl_writer& writer) override;
  Result<Recording> recording(const std::string& call, std::size_t number, const Asker& asker) override;
  Done health(const Asker& asker, const hkl_writer& writer) override;

 private:
  // Each holds a thread of the HTTP server.
  static constexpr std::size_t kMostListeners = 8;
  explicit Runtime(RuntimeOptions options);
  Instant now() const;
  void log(std::uint32_t level, const std::string& line);
  Loaded::Tools tools();
  void set_aside(PoisonedInput input);
  Result<std::uint64_t> replay_poison(const PoisonRecord& record);
  Done open_store();
  Done start_deliveries();
  // With `is_heir` another connection of the source still listens: nothing is missed.
  Result<RunningSource> run_source(const std::shared_ptr<Loaded>& loaded, const SourceEntry& entry, bool is_heir);
  struct SourcePlan;
  Done reload_now(std::string& told);
  Result<SourcePlan> plan_sources(const std::shared_ptr<Loaded>& next);
  Done swap_sources(const std::shared_ptr<Loaded>& next, SourcePlan& plan);
  Done begin_changed(const std::shared_ptr<Loaded>& next, SourcePlan& plan);
  void take_back(SourcePlan& plan);
  void hand_over(SourcePlan& plan);
  void note_reload(const Done& done, const std::string& told);
  ScanParts scan_parts(const std::string& id);
  const SourceEntry* source(const std::string& name) const;
  SourceSetup setup_of(const SourceEntry& source);
  // How requests of a source are stored: each with a receipt of its own.
  std::function<Result<Receipt>(std::vector<Event>)> offer(Writer::From from, Writer::Patience patience);
  // Calls of which nothing was heard since `until` are told to be over: a timer
  // that fired, so it is journalled.
  void close_silent_calls(const SourceEntry& source, Instant until);
  // What is known of a number, for answers that steer a live call.
  std::string spelled(const std::string& number, const std::string& region) const;
  Result<std::vector<CardPtr>> cards_of(const std::string& e164, bool needs_lists);
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
  // On one phone; HKL_TIMEOUT: nobody knows whether it dials.
  Done order_of(const std::string& source, const CallOrder& order);
  std::int64_t next_order(Instant at);
  std::string owner_socket_path() const;
  // By the process that owns the store, and there what another one hands over.
  Result<std::string> hand_order(const std::string& employee, const std::string& number, const Asker& asker);
  std::string answer_handed(const std::string& asked);
  void open_owner_socket();
  Result<std::unique_ptr<Poco::Data::Session>> reader() const;
  Done answer_report(const std::string& id, const ReportQuery& query, const Asker& asker, const hkl_writer& writer,
                     PathTaken* taken);
  Result<std::shared_ptr<const Directory>> directory();
  // What a saved report's name stands for, with what the query says besides.
  Result<std::string> unfold(const std::string& name, ReportQuery& query, Instant at) const;
  void start_schedules();
  void renew_schedules();
  Done finish_erasing();
  void start_retention();
  Result<MadeReport> make_scheduled(const Schedule& schedule, Instant due);
  // HKL_AUTH, or HKL_NOT_FOUND where the row is beyond what the asker sees.
  Done check_sees(std::uint32_t entity, const std::string& id, const Asker& asker);
  ReportSurroundings report_surroundings(const Directory& people, const Asker& asker) const;
  // By source, what its plugin did not understand; nothing where there is no store yet.
  Result<std::map<std::string, std::vector<UnknownKind>>> unknown_input(const std::string& plugin, const Asker& asker);
  void warn_of_changed_config();
  void tell_changes(std::uint32_t change, const char* entity, const std::set<std::string>& ids);

  RuntimeOptions options_;
  Config config_;  // of loaded_; changes under gate_
  Asker asker_;
  ChangeFeed changes_{kMostListeners, 1000};
  std::unique_ptr<Callbacks> callbacks_;
  std::unique_ptr<CallWatch> watch_;
  std::shared_ptr<Loaded> loaded_;  // guarded by gate_
  std::unique_ptr<Store> store_;    // none: opened to read only, and there is none yet
  Error no_store_;
  std::shared_mutex gate_;
  std::mutex reload_mutex_;               // one at a time
  std::shared_ptr<Loaded> rules_in_use_;  // of a failed reload that the writer could not let go of
  std::unique_ptr<CardIndex> cards_;      // owners only; the writer's thread keeps it up to date
  std::unique_ptr<Writer> writer_;        // owners only
  std::unique_ptr<CrmSender> sender_;     // with `crm.webhook`
  std::unique_ptr<ColumnKeeper> columns_;
  std::mutex readers_mutex_;  // guards idle_readers_
  struct IdleReader {
    std::unique_ptr<Poco::Data::Session> session;
    std::unique_ptr<StoreReader> reader;  // of it
  };
  std::vector<IdleReader> idle_readers_;
  std::unique_ptr<Outbox> outbox_;
  std::shared_ptr<DoorTable> doors_ = std::make_shared<DoorTable>();
  std::atomic<std::int64_t> last_order_{0};
  std::mutex life_mutex_;  // guards what lives from start() to stop(), below
  std::map<std::string, RunningSource> sources_;
  std::unique_ptr<ApiDoor> api_door_;  // of http_, so it ends after
  std::unique_ptr<HttpServer> http_;
  std::unique_ptr<OwnerSocket> owner_socket_;
  std::unique_ptr<ScheduleRunner> schedules_;
  std::unique_ptr<DailyWork> retention_;
  std::mutex privacy_mutex_;  // one erasing or expiring at a time
  bool is_started_ = false;
  std::mutex directory_mutex_;
  std::shared_ptr<const Directory> directory_;
};

// Key of the store's meta: what became of the latest reload, as JSON.
inline constexpr const char* kReload = "reload";

// The same: files that an erasing still has to remove, as JSON, until the disk
// holds nothing of the person any more.
inline constexpr const char* kScrub = "scrub";

// Judges a config; the complaints, one line each.
Result<std::vector<std::string>> check_config(const std::string& path);

// What lies beside the library's folder: where a build and an installation
// have plugins, and the program that runs one of them.
std::string beside_the_library(const std::string& path);

// Plugins by id for a config's checks: from the notes in its folders. The
// catalogue is made when it is first asked, and outlives what is returned.
FindPlugin plugin_finder(std::unique_ptr<PluginCatalogue>& catalogue);

// Where plugins lie when the config names no folder.
std::string default_plugin_folder();

}  // namespace hkl
