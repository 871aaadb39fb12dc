#include "api/profile_trial.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "api/runtime.h"
#include "canonical/event_fields.h"
#include "config/schema_check.h"
#include "config/yaml_files.h"

namespace hkl {
namespace {

using Json = nlohmann::json;
using OrderedJson = nlohmann::ordered_json;

constexpr const char* kPlugin = "webhook";

Error first_of(const std::vector<Complaint>& complaints) {
  auto text = complaints.front().str();
  if (complaints.size() > 1) text += fmt::format(" (and {} more)", complaints.size() - 1);
  return {HKL_BAD_SETTINGS, std::move(text)};
}

bool says(const Json& about, const char* member, const char* value) {
  const auto found = about.find(member);
  return found != about.end() && (found->is_string() ? found->get<std::string>() : found->dump()) == value;
}

// What the plugin is given, and how it is surrounded.
struct Source {
  Json settings = {{"secrets", Json::object()}, {"values", Json::object()}};
  std::vector<std::string> plugin_folders{default_plugin_folder()};
  std::string name, timezone = "UTC", region, public_url;
  std::vector<std::string> not_given;  // secrets without which no sender is known
};

Result<Source> source_of_config(const ProfileTrial& trial) {
  std::unique_ptr<PluginCatalogue> catalogue;
  const auto read = read_config(trial.config_path, plugin_finder(catalogue), default_plugin_folder());
  if (!read.config) return fail(first_of(read.complaints));
  std::vector<std::string> known;
  for (const auto& entry : read.config->sources) {
    if (entry.plugin == kPlugin) known.push_back(entry.name);
    if (entry.name != trial.source || entry.plugin != kPlugin) continue;
    Source source;
    source.settings = Json::parse(entry.settings_json);
    source.plugin_folders = read.config->plugin_folders;
    source.name = entry.name;
    source.timezone = entry.timezone.empty() ? read.config->timezone : entry.timezone;
    source.region = entry.region.empty() ? read.config->phone_region : entry.region;
    source.public_url = entry.public_url;
    return source;
  }
  return fail(HKL_NOT_FOUND,
              fmt::format("{}: {}", trial.config_path, no_such("source of the plugin webhook", trial.source, known)));
}

Done take_setting(Source& source, const Json& declared, const std::string& name, const std::string& text) {
  if (!declared.contains(name)) {
    std::vector<std::string> known;
    for (const auto& [other, about] : declared.items()) known.push_back(other);
    return fail(HKL_BAD_SETTINGS, no_such("setting of the profile", name, known));
  }
  const auto& about = declared[name];
  const bool is_tree = says(about, "type", "map") || says(about, "type", "list");
  Json value = text;
  if (is_tree) {
    std::vector<Complaint> complaints;
    const auto tree = parse_yaml(text, "setting " + name, complaints);
    if (!complaints.empty()) return fail(first_of(complaints));
    value = json_for(tree, {{"type", {"array", "object"}},
                            {"items", {{"type", "string"}}},
                            {"additionalProperties", {{"type", "string"}}}});
  }
  source.settings[says(about, "secret", "true") ? "secrets" : "values"][name] = std::move(value);
  return {};
}

// Whoever writes a profile has a request before he has the vendor's secret at
// hand: then everybody is let in, and the answer says so.
void let_in_without_secrets(Source& source, const Json& declared) {
  for (const auto& [name, about] : declared.items()) {
    const bool is_needed =
        says(about, "secret", "true") && !about.contains("default") && !says(about, "required", "false");
    if (!is_needed || source.settings["secrets"].contains(name)) continue;
    source.settings["secrets"][name] = "";
    source.not_given.push_back(name);
  }
  if (!source.not_given.empty() && source.settings["profile"].contains("auth"))
    source.settings["profile"]["auth"] = Json::array({{{"open", true}}});
}

Result<Source> make_source(const ProfileTrial& trial) {
  Source source;
  if (!trial.source.empty()) {
    auto configured = source_of_config(trial);
    if (!configured) return fail(configured.error());
    source = std::move(*configured);
  }
  std::vector<Complaint> complaints;
  const auto content = read_yaml_files(trial.profile, complaints);
  if (!complaints.empty()) return fail(first_of(complaints));
  if (content.kind != YamlNode::Kind::map)
    return fail(HKL_BAD_SETTINGS, trial.profile + ": a profile is a map with the keys auth, call, kinds");
  source.settings["profile"] = json_for(content, {{"type", {"string", "object", "array"}}});
  const auto& named = source.settings["profile"];
  const Json declared =
      named.contains("settings") && named["settings"].is_object() ? named["settings"] : Json::object();
  for (const auto& [name, value] : trial.settings)
    if (auto taken = take_setting(source, declared, name, value); !taken) return fail(taken.error());
  let_in_without_secrets(source, declared);
  if (!trial.timezone.empty()) source.timezone = source.settings["timezone"] = trial.timezone;
  if (!trial.region.empty()) source.region = source.settings["region"] = trial.region;
  return source;
}

Result<std::unique_ptr<Adapter>> make_trial_adapter(const ProfileTrial& trial, const Source& source,
                                                    PluginCatalogue& catalogue) {
  auto file = catalogue.open(kPlugin);
  if (!file) return fail(file.error());
  static const std::map<std::string, Calendar> kNoCalendars;
  InstanceEntry entry;
  entry.id = trial.profile;
  entry.settings_json = source.settings.dump();
  entry.surroundings.component = trial.profile;
  entry.surroundings.timezone = source.timezone;
  entry.surroundings.phone_region = source.region;
  entry.surroundings.calendars = &kNoCalendars;
  for (const auto& secret : source.settings["secrets"])
    if (secret.is_string() && !secret.get_ref<const std::string&>().empty())
      entry.surroundings.secrets.push_back(secret.get<std::string>());
  return make_adapter(*file, std::move(entry));
}

const char* verdict_word(const RequestOutcome& outcome) {
  if (outcome.reply.verdict == HKL_VERDICT_REJECT) return "reject";
  if (outcome.reply.verdict == HKL_VERDICT_IGNORE) return "ignore";
  return outcome.is_duplicate ? "duplicate" : "accept";
}

OrderedJson shown(const RequestOutcome& outcome, const std::vector<Event>& events) {
  const auto or_null = [](const std::string& text) { return text.empty() ? OrderedJson() : OrderedJson(text); };
  const auto& reply = outcome.reply;
  OrderedJson shown = {{"file", outcome.file},
                       {"verdict", verdict_word(outcome)},
                       {"status", reply.status},
                       {"content_type", or_null(reply.content_type)},
                       {"body", reply.body},
                       {"reason", or_null(reply.reason)},
                       {"where", or_null(reply.detail)},
                       {"events", OrderedJson::array()}};
  for (const auto& event : events) shown["events"].push_back(event_fields(event));
  return shown;
}

std::string as_text(const OrderedJson& request) {
  const auto text = [&](const char* name) { return request[name].is_null() ? "" : request[name].get<std::string>(); };
  auto out = fmt::format("{}: {} with {}{}\n", text("file"), text("verdict"), request["status"].dump(),
                         request["reason"].is_null() ? "" : ", " + text("reason"));
  if (!request["where"].is_null()) out += fmt::format("  by {}\n", text("where"));
  for (const auto& event : request["events"]) {
    out += fmt::format("  {}\n", event["kind"].get<std::string>());
    for (const auto& [name, value] : event.items())
      if (name != "kind")
        out += fmt::format("    {:<14} {}\n", name, value.is_string() ? value.get<std::string>() : value.dump());
  }
  if (!text("body").empty()) out += fmt::format("  answer {}\n    {}\n", text("content_type"), text("body"));
  return out;
}

// Collects what each request told, as a store would take it: an event whose id
// is known is no news.
class Trial {
 public:
  EventOutlet outlet() {
    EventOutlet outlet;
    outlet.take = [](const std::vector<Event>&) { return Done{}; };
    outlet.offer = [this](std::vector<Event> events) -> Result<Receipt> {
      return Receipt([this, events = std::move(events)]() -> Result<Stored> {
        Stored stored;
        for (const auto& event : events) ++(ids_.insert(event.event_id).second ? stored.accepted : stored.duplicates);
        told_ = events;
        return stored;
      });
    };
    return outlet;
  }
  void judged(const RequestOutcome& outcome) {
    refused_ += outcome.reply.verdict == HKL_VERDICT_REJECT ? 1 : 0;
    requests_.push_back(shown(outcome, std::exchange(told_, {})));
  }
  const OrderedJson& requests() const { return requests_; }
  std::size_t refused() const { return refused_; }

 private:
  std::set<std::string> ids_;
  std::vector<Event> told_;
  OrderedJson requests_ = OrderedJson::array();
  std::size_t refused_ = 0;
};

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

Done write_answer(const ProfileTrial& trial, const Source& source, const Trial& tried,
                  const std::vector<CaptureComplaint>& complaints, const hkl_writer& writer) {
  if (trial.is_json) {
    OrderedJson answer = {{"profile", trial.profile},
                          {"sender_checked", source.not_given.empty()},
                          {"not_given", source.not_given},
                          {"requests", tried.requests()},
                          {"complaints", OrderedJson::array()}};
    for (const auto& complaint : complaints) answer["complaints"].push_back(complaint.str());
    return write_text(writer, answer.dump(2, ' ', false, OrderedJson::error_handler_t::replace) + "\n");
  }
  std::string text;
  if (!source.not_given.empty())
    text = fmt::format("The sender is not checked, as this is not given: {}\n", joined(source.not_given));
  for (const auto& request : tried.requests()) text += as_text(request);
  for (const auto& complaint : complaints) text += complaint.str() + "\n";
  return write_text(writer, text);
}

}  // namespace

Done try_profile(const ProfileTrial& trial, const hkl_writer& writer) {
  auto source = make_source(trial);
  if (!source) return fail(source.error());
  PluginCatalogue catalogue(source->plugin_folders);
  auto adapter = make_trial_adapter(trial, *source, catalogue);
  if (!adapter) return fail(adapter.error());
  SourceSetup setup;
  setup.name = setup.pbx = source->name.empty() ? std::filesystem::path(trial.profile).stem().string() : source->name;
  setup.public_url = source->public_url;
  setup.now = [] { return std::chrono::time_point_cast<Millis>(std::chrono::system_clock::now()); };
  std::vector<CaptureFile> files;
  for (const auto& file : trial.files) files.push_back({file});
  Trial tried;
  auto fed = feed_capture(setup, **adapter, files, tried.outlet(), {}, [&](const RequestOutcome& outcome) -> Done {
    tried.judged(outcome);
    return {};
  });
  if (!fed) return fail(fed.error());
  if (auto written = write_answer(trial, *source, tried, fed->complaints, writer); !written) return written;
  if (tried.refused() == 0 && fed->refused == 0) return {};
  return fail(HKL_PARTLY, fmt::format("{} of {} requests were refused", tried.refused(), tried.requests().size()));
}

}  // namespace hkl
