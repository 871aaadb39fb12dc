#include "api/runtime.h"

#include <Poco/Data/Session.h>
#include <dlfcn.h>
#include <fmt/format.h>

#include <filesystem>

#include "api/custom_report.h"
#include "contacts/numbers.h"
#include "pipeline/earlier_answers.h"
#include "pipeline/record_shelf.h"
#include "pipeline/silent_calls.h"
#include "reports/inquiry_condition.h"

namespace hkl {
namespace {

namespace fs = std::filesystem;

// The language of reports, as classifiers ask for it.
struct ConditionOfHost : InquiryCondition {
  explicit ConditionOfHost(CheckedCondition condition) : condition(std::move(condition)) {}
  bool holds(const hkl_touch& touch, const hkl_contact* contact, std::uint64_t earlier_count) const override {
    return condition.holds(touch, contact, earlier_count);
  }
  CheckedCondition condition;
};

constexpr const char* kFingerprint = "config_fingerprint";
constexpr const char* kCanonical = "canonical";

}  // namespace

FindPlugin plugin_finder(std::unique_ptr<PluginCatalogue>& catalogue) {
  return [&catalogue](const std::vector<std::string>& folders, const std::string& id) -> Result<PluginFacts> {
    // Built in: records from the C API, files and HTTP (DESIGN section 9).
    if (id == kCanonical) return PluginFacts{{HKL_PBX_ADAPTER_V1}, R"({"type":"object","properties":{}})"};
    if (id == kCustom) return PluginFacts{{HKL_REPORT_V1}, kCustomSettings};
    if (!catalogue) catalogue = std::make_unique<PluginCatalogue>(folders);
    auto note = catalogue->find(id);
    if (!note) return fail(note.error());
    return PluginFacts{note->interfaces, note->settings_schema};
  };
}

std::string beside_the_library(const std::string& path) {
  Dl_info info{};
  if (dladdr(reinterpret_cast<const void*>(&hkl_version), &info) == 0 || info.dli_fname == nullptr) return path;
  std::error_code ignored;
  return (fs::absolute(info.dli_fname, ignored).parent_path().parent_path() / path).lexically_normal().string();
}

std::string default_plugin_folder() { return beside_the_library("plugins"); }

Result<std::vector<std::string>> check_config(const std::string& path) {
  std::unique_ptr<PluginCatalogue> catalogue;
  const auto read = read_config(path, plugin_finder(catalogue), default_plugin_folder());
  std::vector<std::string> lines;
  for (const auto& complaint : read.complaints) lines.push_back(complaint.str());
  if (!read.config) return lines;
  for (const auto& entry : read.config->reports)
    if (entry.plugin == kCustom)
      for (const auto& complaint : read_custom_report(entry).complaints) lines.push_back(complaint.str());
  return lines;
}

Runtime::Runtime(RuntimeOptions options)
    : options_(std::move(options)),
      callbacks_(std::make_unique<Callbacks>(options_.callbacks, options_.is_pumped)),
      watch_(std::make_unique<CallWatch>([this](const std::string& line) { log(HKL_LOG_WARNING, line); })) {}

Loaded::Tools Runtime::tools() {
  return {[this](std::uint32_t level, const std::string& line) { log(level, line); },
          [this](PoisonedInput input) { set_aside(std::move(input)); }, watch_.get()};
}

Result<std::shared_ptr<Loaded>> Loaded::read(const RuntimeOptions& options, Tools tools,
                                             std::vector<std::string>& complaints) {
  std::unique_ptr<PluginCatalogue> catalogue;
  auto read = read_config(options.config_path, plugin_finder(catalogue), default_plugin_folder());
  for (const auto& complaint : read.complaints) complaints.push_back(complaint.str());
  if (!read.config) {
    const auto count = complaints.size();
    const auto first = count == 0 ? options.config_path + ": cannot be read" : complaints.front();
    return fail(HKL_BAD_SETTINGS, count > 1 ? fmt::format("{} (and {} more; `hookline config check {}` lists all)",
                                                          first, count - 1, options.config_path)
                                            : first);
  }
  auto loaded = std::make_shared<Loaded>();
  loaded->config = std::move(*read.config);
  loaded->tools = std::move(tools);
  auto& config = loaded->config;
  if (!options.store_url.empty()) config.store_url = options.store_url;
  if (!options.language.empty()) config.language = config.directory.language = options.language;
  loaded->catalogue = catalogue ? std::move(catalogue) : std::make_unique<PluginCatalogue>(config.plugin_folders);
  return loaded;
}

Result<std::unique_ptr<Runtime>> Runtime::create(RuntimeOptions options) {
  std::unique_ptr<Runtime> runtime(new Runtime(std::move(options)));
  auto& r = *runtime;
  std::vector<std::string> complaints;
  auto loaded = Loaded::read(r.options_, r.tools(), complaints);
  if (!loaded) return fail(loaded.error());
  r.loaded_ = std::move(*loaded);
  r.config_ = r.loaded_->config;
  auto asker = r.asker_of(r.options_.user, r.options_.language);
  if (!asker) return fail(asker.error().in(r.options_.config_path));
  r.asker_ = std::move(*asker);
  r.callbacks_->start();
  for (const auto& refusal : r.loaded_->catalogue->refusals()) r.log(HKL_LOG_WARNING, refusal);
  if (auto made = r.loaded_->make_reports(); !made) return fail(made.error());
  if (!r.options_.is_read_only)
    if (auto made = r.loaded_->make_rules(); !made) return fail(made.error());
  if (auto opened = r.open_store(); !opened) return fail(opened.error());
  if (r.store_)
    r.columns_ = std::make_unique<ColumnKeeper>(
        *r.store_, r.reports(), [&r](std::uint32_t level, const std::string& line) { r.log(level, line); });
  if (r.writer_)
    if (auto finished = r.finish_erasing(); !finished) r.log(HKL_LOG_WARNING, finished.error().text);
  return runtime;
}

Runtime::~Runtime() {
  stop();
  columns_.reset();
  outbox_.reset();
  if (cards_) cards_->stop_filling();
  writer_.reset();
  loaded_.reset();  // its plugins log until their end
  watch_.reset();
  callbacks_->stop();
}

Instant Runtime::now() const {
  if (options_.now) return *options_.now;
  return std::chrono::time_point_cast<Millis>(std::chrono::system_clock::now());
}

void Runtime::log(std::uint32_t level, const std::string& line) { callbacks_->log(level, line); }

HostSurroundings Loaded::surroundings(const PluginEntry& entry, const std::string& timezone,
                                      const std::string& region) const {
  HostSurroundings s;
  s.component = entry.id == entry.plugin ? entry.id : fmt::format("{} ({})", entry.id, entry.plugin);
  s.timezone = timezone.empty() ? config.timezone : timezone;
  s.phone_region = region.empty() ? config.phone_region : region;
  s.calendars = &config.calendars;
  s.secrets = entry.secrets;
  s.log = tools.log;
  s.condition = [zone = s.timezone](const std::string& text) -> Result<std::unique_ptr<InquiryCondition>> {
    auto checked = CheckedCondition::of(text, zone);
    if (!checked) return fail(checked.error());
    return std::make_unique<ConditionOfHost>(std::move(*checked));
  };
  return s;
}

InstanceEntry Loaded::instance_of(const PluginEntry& entry) const {
  InstanceEntry instance{entry.id, entry.settings_json, surroundings(entry, "", "")};
  // In a process of its own the call is ended, and that is said there.
  if (!entry.isolated) instance.gauge = tools.watch->gauge(instance.surroundings.component, entry.call_limit);
  return instance;
}

InstanceEntry Loaded::rule_of(const PluginEntry& entry) const {
  auto instance = instance_of(entry);
  instance.surroundings.wake_at = [desk = wakes, id = entry.id](const std::string& key, std::optional<Instant> at) {
    desk->asked[{id, key}] = at;
    return HKL_OK;
  };
  return instance;
}

Result<std::shared_ptr<PluginFile>> Loaded::plugin_of(const PluginEntry& entry, const std::string& name,
                                                      std::shared_ptr<IsolationCounters> trial) {
  if (!entry.isolated) return catalogue->open(entry.plugin);
  IsolationSetup setup;
  setup.entry = name;
  setup.program = beside_the_library("libexec/hookline-child");
  setup.limits = {entry.call_limit, entry.memory_mib << 20};
  if (trial) {
    setup.counters = std::move(trial);
  } else {
    setup.set_aside = tools.set_aside;
    const std::lock_guard lock(isolated_mutex);
    isolated[name] = setup.counters;
  }
  return open_isolated(*catalogue, entry.plugin, std::move(setup));
}

Done Loaded::make_rules() {
  for (const auto& entry : config.classifiers) {
    auto file = plugin_of(entry, entry.id);
    if (!file) return fail(file.error());
    auto made = make_classifier(*file, rule_of(entry));
    if (!made) return fail(made.error());
    classifiers.push_back(std::move(*made));
  }
  for (const auto& entry : config.tasks) {
    auto file = plugin_of(entry, entry.id);
    if (!file) return fail(file.error());
    auto made = make_task_rule(*file, rule_of(entry));
    if (!made) return fail(made.error());
    rules.push_back(std::move(*made));
  }
  return {};
}

DeriverParts Loaded::deriver_parts() const {
  DeriverParts parts;
  parts.configured = config.directory;
  parts.leads = config.leads;
  parts.phone_region = config.phone_region;
  for (const auto& entry : config.sources)
    if (!entry.region.empty()) parts.region_of_pbx[entry.pbx] = entry.region;
  for (const auto& classifier : classifiers) parts.classifiers.push_back(classifier.get());
  for (const auto& rule : rules) parts.rules.push_back(rule.get());
  parts.wakes = wakes;
  parts.warn = [log = tools.log](const std::string& line) { log(HKL_LOG_WARNING, line); };
  return parts;
}

Result<std::unique_ptr<Adapter>> Loaded::adapter_of(const SourceEntry& entry,
                                                    std::shared_ptr<IsolationCounters> trial) {
  auto file = plugin_of(entry, entry.name, std::move(trial));
  if (!file) return fail(file.error());
  InstanceEntry instance{entry.name, entry.settings_json, surroundings(entry, entry.timezone, entry.region)};
  instance.surroundings.component = fmt::format("{} ({})", entry.name, entry.plugin);
  if (!entry.isolated) instance.gauge = tools.watch->gauge(instance.surroundings.component, entry.call_limit);
  return make_adapter(*file, std::move(instance));
}

Done Runtime::open_store() {
  const auto folder = fs::absolute(config_.path).parent_path().string();
  auto store = Store::open(config_.store_url, folder, options_.is_read_only ? Store::Role::reader : Store::Role::owner);
  if (!store && options_.is_read_only && store.error().status == HKL_NOT_FOUND) {
    no_store_ = store.error();  // plugins and config can be asked about all the same
    return {};
  }
  if (!store) return fail(store.error());
  store_ = std::move(*store);
  try {
    warn_of_changed_config();
    if (options_.is_read_only) return {};
    auto deriver = std::make_unique<Deriver>(*store_, loaded_->deriver_parts());
    directory_ = deriver->directory();
    cards_ = std::make_unique<CardIndex>(*store_, config_.lookup_memory_mib << 20, directory_,
                                         [this](const Error& error) { log(HKL_LOG_ERROR, error.text); });
    writer_ = std::make_unique<Writer>(
        *store_, std::move(deriver),
        [this](const Changes& changes) {
          cards_->follow(changes);
          if (outbox_) outbox_->wake();
          tell_changes(HKL_CHANGE_CALL, "call", changes.calls);
          tell_changes(HKL_CHANGE_CONTACT, "contact", changes.contacts);
          tell_changes(HKL_CHANGE_INQUIRY, "inquiry", changes.inquiries);
          tell_changes(HKL_CHANGE_LEAD, "lead", changes.leads);
          tell_changes(HKL_CHANGE_TASK, "task", changes.tasks);
        },
        [this](const Error& error) { log(HKL_LOG_ERROR, error.text); }, [this] { return now(); });
  } catch (const SqlError& error) {
    return fail(error.error().in(store_->path()));
  }
  // A changed directory that an earlier process had no time for.
  return writer_->flush();
}

void Runtime::tell_changes(std::uint32_t change, const char* entity, const std::set<std::string>& ids) {
  for (const auto& id : ids) {
    changes_.tell(entity, id);
    if (callbacks_->wants_changes()) callbacks_->changed(change, id);
  }
}

// Figures follow the config they were made with until somebody asks for a
// rebuild (metrics §1.5.5); say so once, where it can be seen.
void Runtime::warn_of_changed_config() {
  const auto made_with = store_->meta(kFingerprint);
  if (!options_.is_read_only && made_with.empty()) store_->set_meta(kFingerprint, config_.fingerprint);
  if (!made_with.empty() && made_with != config_.fingerprint)
    log(HKL_LOG_WARNING,
        fmt::format("{}: changed since the figures in {} were made; `hookline rebuild` makes them anew", config_.path,
                    store_->path()));
}

const SourceEntry* Runtime::source(const std::string& name) const {
  for (const auto& entry : config_.sources)
    if (entry.name == name) return &entry;
  return nullptr;
}

bool Runtime::is_canonical(const std::string& name) const {
  const auto* entry = source(name);
  return entry == nullptr ? name == kCanonical : entry->plugin == kCanonical;
}

Done Runtime::needs_writer() const {
  if (writer_) return {};
  return fail(HKL_INVALID, "this runtime was opened to read only");
}

SourceSetup Runtime::setup_of(const SourceEntry& entry) {
  SourceSetup setup;
  setup.name = entry.name;
  setup.pbx = entry.pbx;
  setup.clock_receipt = entry.clock_receipt;
  setup.history = entry.history;
  setup.secrets = entry.secrets;
  setup.public_url = entry.public_url;
  setup.look_up = [this, entry](const std::string& number) { return known_number(entry, number); };
  setup.is_served = http_settings().has_value();
  setup.refusals_per_minute = config_.http.refusals_per_minute;
  setup.http_limits = config_.http.settings.limits;
  setup.record_folder = entry.record;
  setup.now = [] { return std::chrono::time_point_cast<Millis>(std::chrono::system_clock::now()); };
  setup.log = [this](std::uint32_t level, const std::string& line) { log(level, line); };
  return setup;
}

void Runtime::close_silent_calls(const SourceEntry& entry, Instant until) {
  bool is_any = false;
  const auto looked = writer_->run([&](Deriver&, Sql& sql) { is_any = has_silent_call(sql, entry.pbx, until); });
  if (!looked || !is_any) return;
  Event event;
  event.source = entry.name;
  event.pbx = entry.pbx;
  event.kind = HKL_EVENT_SOURCE_SILENT;
  event.event_id = fmt::format("silent:{}", ms_of(until));
  event.at = event.received_at = until;
  std::vector<Event> events;
  events.push_back(std::move(event));
  // Not taken now: it is looked again before long.
  (void)writer_->put(std::move(events), Writer::From::line, Writer::Patience::none);
}

std::function<Result<Receipt>(std::vector<Event>)> Runtime::offer(Writer::From from, Writer::Patience patience) {
  return [this, from, patience](std::vector<Event> events) -> Result<Receipt> {
    auto tally = std::make_shared<WriteTally>();
    if (auto queued = writer_->put(std::move(events), from, patience, tally); !queued) return fail(queued.error());
    return Receipt([this, from, tally]() -> Result<Stored> {
      if (auto stored = writer_->flush(from); !stored) return fail(stored.error());
      return Stored{tally->accepted, tally->duplicates};
    });
  };
}

// To the address in the config or, without one, to the CRM's callback.
Done Runtime::start_deliveries() {
  Deliver deliver;
  if (config_.crm.webhook) {
    auto sender = CrmSender::make(*config_.crm.webhook, config_.crm.links);
    if (!sender) return fail(sender.error());
    sender_ = std::move(*sender);
    deliver = [this](const Delivery& d) { return sender_->deliver(d, now()); };
  } else if (callbacks_->wants_deliveries()) {
    deliver = [this, links = config_.crm.links](const Delivery& d) {
      return callbacks_->deliver(with_links(d, links));
    };
  } else {
    return {};
  }
  outbox_ = std::make_unique<Outbox>(*store_, *writer_, std::move(deliver), [this] { return now(); });
  outbox_->start();
  return {};
}

Done Runtime::start() {
  if (auto writes = needs_writer(); !writes) return writes;
  const std::lock_guard lock(life_mutex_);
  if (is_started_) return {};
  callbacks_->start();
  if (auto delivers = start_deliveries(); !delivers) return delivers;
  for (const auto& entry : config_.sources) {
    if (entry.plugin == kCanonical) continue;
    auto running = run_source(loaded_, entry, false);
    if (!running) return fail(running.error());
    doors_->set(entry.name, (*running)->door());
    sources_[entry.name] = std::move(*running);
  }
  is_started_ = true;
  columns_->start(*writer_);
  cards_->fill([writer = writer_.get()] { writer->post([](Sql&) {}); });
  start_schedules();
  start_retention();
  open_owner_socket();
  return serve_http();
}

Result<RunningSource> Runtime::run_source(const std::shared_ptr<Loaded>& loaded, const SourceEntry& entry,
                                          bool is_heir) {
  auto identity = loaded->identity_of(entry);
  if (!identity) return fail(identity.error());
  auto adapter = loaded->adapter_of(entry);
  if (!adapter) return fail(adapter.error());
  auto setup = setup_of(entry);
  if (!is_heir) {
    auto heard = writer_->heard_until(entry.name);
    if (!heard) return fail(heard.error());
    setup.heard_until = *heard;
  }
  auto marks = writer_->marks(entry.name);
  if (!marks) return fail(marks.error());
  setup.marks = std::move(*marks);
  setup.close_after = entry.close_after;
  setup.close_silent = [this, entry](Instant until) { close_silent_calls(entry, until); };
  setup.changed = [this, name = entry.name](const SourceHealth&) { callbacks_->changed(HKL_CHANGE_SOURCE, name); };
  EventOutlet outlet;
  outlet.take = [this](std::vector<Event> events) {
    return writer_->put(std::move(events), Writer::From::line, Writer::Patience::endless);
  };
  outlet.durable = [this] { return writer_->flush(Writer::From::line); };
  outlet.mark = [this, name = entry.name](const std::string& place, std::string value) {
    return writer_->mark(name, place, std::move(value));
  };
  outlet.offer = offer(Writer::From::line, Writer::Patience::none);
  auto runner = std::make_unique<SourceRunner>(std::move(setup), std::move(*adapter), std::move(outlet));
  if (auto done = runner->start(); !done) return fail(done.error().in(entry.name));
  return RunningSource{loaded, entry, std::move(*identity), std::move(runner)};
}

void Runtime::stop() {
  // Ends last, with no lock held, as its threads may ask for one.
  std::unique_ptr<HttpServer> server;
  std::unique_ptr<OwnerSocket> socket;
  {
    const std::lock_guard lock(life_mutex_);
    server = std::move(http_);
    socket = std::move(owner_socket_);
  }
  if (server) server->close_door();
  if (socket) socket->close_door();
  std::unique_ptr<ScheduleRunner> schedules;
  {
    const std::lock_guard lock(life_mutex_);
    schedules = std::move(schedules_);
  }
  if (schedules) schedules->stop();
  std::unique_ptr<DailyWork> retention;
  {
    const std::lock_guard lock(life_mutex_);
    retention = std::move(retention_);
  }
  retention.reset();  // with no lock held that it needs
  bool has_callbacks = false;
  {
    const std::lock_guard lock(life_mutex_);
    if (columns_) columns_->stop();
    sources_.clear();  // each stores what has come
    // A delivery that waits for the CRM's answer is given up; it comes again.
    if (outbox_) outbox_->close();
    if (is_started_) callbacks_->close();
    if (sender_) sender_->cancel();
    if (outbox_) outbox_->stop();
    has_callbacks = writer_ && is_started_;
    // What the sources gave is on disk before anybody is told that we stopped;
    // a store that takes nothing has said so in the log.
    if (has_callbacks) (void)writer_->flush();
    is_started_ = false;
  }
  // With no lock held: the callback that runs now may be about to order a call
  // or to ask for the sources' health.
  if (has_callbacks) callbacks_->stop();
}

Result<std::uint64_t> Runtime::pump(Millis wait) {
  if (!options_.is_pumped) return fail(HKL_INVALID, "hkl_pump is for runtimes created with HKL_OPTION_PUMP");
  return callbacks_->pump(wait);
}

Done Runtime::rebuild(const hkl_progress* progress) {
  if (auto writes = needs_writer(); !writes) return writes;
  std::vector<std::string> differences;
  auto rebuilt = writer_->run([&](Deriver& deriver, Sql& sql) {
    // Where the config or the directory is another one, other answers are what is wanted.
    std::optional<EarlierAnswers> earlier;
    if (store_->meta(kFingerprint) == config_.fingerprint && !deriver.is_stale()) earlier.emplace(sql);
    deriver.rebuild([&](std::uint64_t done, std::uint64_t total) {
      constexpr std::string_view what = "rebuild";
      if (progress != nullptr) progress->step(progress->user, done, total, {what.data(), what.size()});
      return true;
    });
    store_->set_meta(kFingerprint, config_.fingerprint);
    if (earlier) differences = earlier->differences();
  });
  for (const auto& difference : differences) log(HKL_LOG_WARNING, difference);
  return rebuilt;
}

Result<Asker> Runtime::asker_of(const std::string& user, const std::string& language) const {
  if (user.empty()) return Asker{nullptr, language};
  auto access = config_.access.of_user(user);
  if (!access) return fail(access.error());
  return Asker{std::make_shared<const Access>(std::move(*access)), language};
}

Result<std::unique_ptr<Poco::Data::Session>> Runtime::reader() const {
  if (!store_) return fail(no_store_);
  return store_->open_reader();
}

}  // namespace hkl
