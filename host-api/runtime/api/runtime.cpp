#include "api/runtime.h"

#include <Poco/Data/Session.h>
#include <dlfcn.h>
#include <fmt/format.h>

#include <filesystem>

#include "contacts/numbers.h"
#include "pipeline/record_shelf.h"
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

// Plugins by id for the config's checks: from the notes in its folders.
FindPlugin finder(std::unique_ptr<PluginCatalogue>& catalogue) {
  return [&catalogue](const std::vector<std::string>& folders, const std::string& id) -> Result<PluginFacts> {
    // Built in: records from the C API, files and HTTP (DESIGN section 9).
    if (id == kCanonical) return PluginFacts{{HKL_PBX_ADAPTER_V1}, R"({"type":"object","properties":{}})"};
    if (!catalogue) catalogue = std::make_unique<PluginCatalogue>(folders);
    auto note = catalogue->find(id);
    if (!note) return fail(note.error());
    return PluginFacts{note->interfaces, note->settings_schema};
  };
}

}  // namespace

std::string default_plugin_folder() {
  Dl_info info{};
  if (dladdr(reinterpret_cast<const void*>(&hkl_version), &info) == 0 || info.dli_fname == nullptr) return "plugins";
  std::error_code ignored;
  return (fs::absolute(info.dli_fname, ignored).parent_path().parent_path() / "plugins").lexically_normal().string();
}

Result<std::vector<std::string>> check_config(const std::string& path) {
  std::unique_ptr<PluginCatalogue> catalogue;
  const auto read = read_config(path, finder(catalogue), default_plugin_folder());
  std::vector<std::string> lines;
  for (const auto& complaint : read.complaints) lines.push_back(complaint.str());
  return lines;
}

Runtime::Runtime(RuntimeOptions options, Config config)
    : options_(std::move(options)),
      config_(std::move(config)),
      callbacks_(std::make_unique<Callbacks>(options_.callbacks, options_.is_pumped)) {}

Result<std::unique_ptr<Runtime>> Runtime::create(RuntimeOptions options) {
  std::unique_ptr<PluginCatalogue> catalogue;
  auto read = read_config(options.config_path, finder(catalogue), default_plugin_folder());
  if (!read.config) {
    const auto count = read.complaints.size();
    const auto first = count == 0 ? options.config_path + ": cannot be read" : read.complaints.front().str();
    return fail(HKL_BAD_SETTINGS, count > 1 ? fmt::format("{} (and {} more; `hookline config check {}` lists all)",
                                                          first, count - 1, options.config_path)
                                            : first);
  }
  std::unique_ptr<Runtime> runtime(new Runtime(std::move(options), std::move(*read.config)));
  auto& r = *runtime;
  if (!r.options_.store_url.empty()) r.config_.store_url = r.options_.store_url;
  if (!r.options_.language.empty()) r.config_.language = r.config_.directory.language = r.options_.language;
  r.catalogue_ = catalogue ? std::move(catalogue) : std::make_unique<PluginCatalogue>(r.config_.plugin_folders);
  r.callbacks_->start();
  for (const auto& refusal : r.catalogue_->refusals()) r.log(HKL_LOG_WARNING, refusal);
  for (auto step : {&Runtime::make_reports, &Runtime::make_rules, &Runtime::open_store})
    if (auto done = (r.*step)(); !done) return fail(done.error());
  return runtime;
}

Runtime::~Runtime() {
  stop();
  outbox_.reset();
  writer_.reset();
  callbacks_->stop();
}

Instant Runtime::now() const {
  if (options_.now) return *options_.now;
  return std::chrono::time_point_cast<Millis>(std::chrono::system_clock::now());
}

void Runtime::log(std::uint32_t level, const std::string& line) { callbacks_->log(level, line); }

HostSurroundings Runtime::surroundings(const PluginEntry& entry, const std::string& timezone,
                                       const std::string& region) {
  HostSurroundings s;
  s.component = entry.id == entry.plugin ? entry.id : fmt::format("{} ({})", entry.id, entry.plugin);
  s.timezone = timezone.empty() ? config_.timezone : timezone;
  s.phone_region = region.empty() ? config_.phone_region : region;
  s.calendars = &config_.calendars;
  s.secrets = entry.secrets;
  s.log = [this](std::uint32_t level, const std::string& line) { log(level, line); };
  s.condition = [zone = s.timezone](const std::string& text) -> Result<std::unique_ptr<InquiryCondition>> {
    auto checked = CheckedCondition::of(text, zone);
    if (!checked) return fail(checked.error());
    return std::make_unique<ConditionOfHost>(std::move(*checked));
  };
  return s;
}

Done Runtime::make_reports() {
  for (const auto& entry : config_.reports) {
    auto file = catalogue_->open(entry.plugin);
    if (!file) return fail(file.error());
    auto document = report_definition(*file, {entry.id, entry.settings_json, surroundings(entry, "", "")});
    if (!document) return fail(document.error());
    auto report = parse_report(entry.id, *document);
    if (!report) return fail(report.error().in(fmt::format("report {}", entry.id)));
    reports_[entry.id] = std::move(*report);
  }
  return {};
}

Done Runtime::make_rules() {
  if (options_.is_read_only) return {};
  for (const auto& entry : config_.classifiers) {
    auto file = catalogue_->open(entry.plugin);
    if (!file) return fail(file.error());
    auto made = make_classifier(*file, {entry.id, entry.settings_json, surroundings(entry, "", "")});
    if (!made) return fail(made.error());
    classifiers_.push_back(std::move(*made));
  }
  for (const auto& entry : config_.tasks) {
    auto file = catalogue_->open(entry.plugin);
    if (!file) return fail(file.error());
    auto made = make_task_rule(*file, {entry.id, entry.settings_json, surroundings(entry, "", "")});
    if (!made) return fail(made.error());
    rules_.push_back(std::move(*made));
  }
  return {};
}

DeriverParts Runtime::deriver_parts() {
  DeriverParts parts;
  parts.configured = config_.directory;
  parts.leads = config_.leads;
  parts.phone_region = config_.phone_region;
  for (const auto& entry : config_.sources)
    if (!entry.region.empty()) parts.region_of_pbx[entry.pbx] = entry.region;
  for (const auto& classifier : classifiers_) parts.classifiers.push_back(classifier.get());
  for (const auto& rule : rules_) parts.rules.push_back(rule.get());
  parts.warn = [this](const std::string& line) { log(HKL_LOG_WARNING, line); };
  return parts;
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
    auto deriver = std::make_unique<Deriver>(*store_, deriver_parts());
    directory_ = deriver->directory();
    writer_ = std::make_unique<Writer>(
        *store_, std::move(deriver),
        [this](const Changes& changes) {
          if (outbox_) outbox_->wake();
          if (!callbacks_->wants_changes()) return;
          for (const auto& id : changes.calls) callbacks_->changed(HKL_CHANGE_CALL, id);
          for (const auto& id : changes.contacts) callbacks_->changed(HKL_CHANGE_CONTACT, id);
          for (const auto& id : changes.inquiries) callbacks_->changed(HKL_CHANGE_INQUIRY, id);
          for (const auto& id : changes.leads) callbacks_->changed(HKL_CHANGE_LEAD, id);
          for (const auto& id : changes.tasks) callbacks_->changed(HKL_CHANGE_TASK, id);
        },
        [this](const Error& error) { log(HKL_LOG_ERROR, error.text); });
  } catch (const SqlError& error) {
    return fail(error.error().in(store_->path()));
  }
  // A changed directory that an earlier process had no time for.
  return writer_->flush();
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
  setup.public_url = entry.public_url;
  setup.look_up = [this, &entry](const std::string& number) { return known_number(entry, number); };
  setup.is_served = http_settings().has_value();
  setup.refusals_per_minute = config_.http.refusals_per_minute;
  setup.http_limits = config_.http.settings.limits;
  setup.record_folder = entry.record;
  setup.now = [] { return std::chrono::time_point_cast<Millis>(std::chrono::system_clock::now()); };
  setup.log = [this](std::uint32_t level, const std::string& line) { log(level, line); };
  return setup;
}

std::function<Result<Receipt>(std::vector<Event>)> Runtime::offer(Writer::Patience patience) {
  return [this, patience](std::vector<Event> events) -> Result<Receipt> {
    auto tally = std::make_shared<WriteTally>();
    if (auto queued = writer_->put(std::move(events), patience, tally); !queued) return fail(queued.error());
    return Receipt([this, tally]() -> Result<Stored> {
      if (auto stored = writer_->flush(); !stored) return fail(stored.error());
      return Stored{tally->accepted, tally->duplicates};
    });
  };
}

Result<std::unique_ptr<Adapter>> Runtime::adapter_of(const SourceEntry& entry) {
  auto file = catalogue_->open(entry.plugin);
  if (!file) return fail(file.error());
  InstanceEntry instance{entry.name, entry.settings_json, surroundings(entry, entry.timezone, entry.region)};
  instance.surroundings.component = fmt::format("{} ({})", entry.name, entry.plugin);
  return make_adapter(*file, std::move(instance));
}

Done Runtime::start() {
  if (auto writes = needs_writer(); !writes) return writes;
  const std::lock_guard lock(life_mutex_);
  if (is_started_) return {};
  callbacks_->start();
  if (callbacks_->wants_deliveries()) {
    outbox_ = std::make_unique<Outbox>(
        *store_, *writer_, [this](const Delivery& d) { return callbacks_->deliver(d); }, [this] { return now(); });
    outbox_->start();
  }
  for (const auto& entry : config_.sources) {
    if (entry.plugin == kCanonical) continue;
    auto adapter = adapter_of(entry);
    if (!adapter) return fail(adapter.error());
    auto setup = setup_of(entry);
    auto heard = writer_->heard_until(entry.name);
    if (!heard) return fail(heard.error());
    setup.heard_until = *heard;
    auto marks = writer_->marks(entry.name);
    if (!marks) return fail(marks.error());
    setup.marks = std::move(*marks);
    setup.changed = [this, name = entry.name](const SourceHealth&) { callbacks_->changed(HKL_CHANGE_SOURCE, name); };
    EventOutlet outlet;
    outlet.take = [this](std::vector<Event> events) { return writer_->put(std::move(events)); };
    outlet.durable = [this] { return writer_->flush(); };
    outlet.mark = [this, name = entry.name](const std::string& place, std::string value) {
      return writer_->mark(name, place, std::move(value));
    };
    outlet.offer = offer(Writer::Patience::none);
    auto runner = std::make_unique<SourceRunner>(std::move(setup), std::move(*adapter), std::move(outlet));
    if (auto done = runner->start(); !done) return fail(done.error().in(entry.name));
    sources_[entry.name] = std::move(runner);
  }
  is_started_ = true;
  return serve_http();
}

void Runtime::stop() {
  // Ends last, with no lock held, as its threads may ask for one.
  std::unique_ptr<HttpServer> server;
  {
    const std::lock_guard lock(life_mutex_);
    server = std::move(http_);
  }
  if (server) server->close_door();
  const std::lock_guard lock(life_mutex_);
  sources_.clear();  // each stores what has come
  // A delivery that waits for the CRM's answer is given up; it comes again.
  if (is_started_) callbacks_->close();
  if (outbox_) outbox_->stop();
  if (writer_ && is_started_) {
    // What the sources gave is on disk before anybody is told that we stopped;
    // a store that takes nothing has said so in the log.
    (void)writer_->flush();
    callbacks_->stop();
  }
  is_started_ = false;
}

Result<std::uint64_t> Runtime::pump(Millis wait) {
  if (!options_.is_pumped) return fail(HKL_INVALID, "hkl_pump is for runtimes created with HKL_OPTION_PUMP");
  return callbacks_->pump(wait);
}

Result<std::string> Runtime::order_call(const std::string& employee, const std::string& number) {
  const auto people = directory();
  if (!people) return fail(people.error());
  const auto* who = (*people)->employee(employee);
  if (who == nullptr) return fail(HKL_NOT_FOUND, fmt::format("there is no employee \"{}\"", employee));
  const auto phone = normalise_number(number, config_.phone_region);
  if (phone.e164.empty()) return fail(HKL_INVALID, fmt::format("\"{}\" is no telephone number", number));
  const auto at = now();
  const auto request = fmt::format("hl-r-{}-{}", ms_of(at), employee);
  std::string why = fmt::format("{} has no extension now", employee);
  const std::lock_guard lock(life_mutex_);
  for (const auto& extension : who->extensions) {
    if (!extension.period.holds(at)) continue;
    for (const auto& entry : config_.sources) {
      const auto runner = sources_.find(entry.name);
      if (entry.pbx != extension.source || runner == sources_.end()) continue;
      auto ordered = runner->second->originate(request, extension.number, phone.e164, "", Millis(30000));
      if (ordered) return request;
      why = fmt::format("{}: {}", entry.name, ordered.error().text);
    }
  }
  return fail(HKL_UNSUPPORTED, why);
}

Done Runtime::rebuild(const hkl_progress* progress) {
  if (auto writes = needs_writer(); !writes) return writes;
  return writer_->run([&](Deriver& deriver, Sql&) {
    deriver.rebuild([&](std::uint64_t done, std::uint64_t total) {
      constexpr std::string_view what = "rebuild";
      if (progress != nullptr) progress->step(progress->user, done, total, {what.data(), what.size()});
      return true;
    });
    store_->set_meta(kFingerprint, config_.fingerprint);
  });
}

Result<std::unique_ptr<Poco::Data::Session>> Runtime::reader() const {
  if (!store_) return fail(no_store_);
  return store_->open_reader();
}

}  // namespace hkl
