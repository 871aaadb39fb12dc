#include "specimen.h"

#include <algorithm>
#include <map>
#include <stdexcept>

#include "config/settings.h"
#include "hookline/lead_classifier.h"
#include "hookline/task_rule.h"
#include "plugins/instance.h"
#include "plugins/note.h"
#include "reports/inquiry_condition.h"
#include "services/calendar.h"

namespace hkl::validate {
namespace {

using nlohmann::json;

template <typename T>
T value_of(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().text);
  return std::move(*result);
}

std::string sample_text(const json& about) {
  if (about.value("secret", false)) return kSecret;
  const auto format = about.value("format", std::string());
  if (format == "duration") return "10s";
  if (format == "date-time") return "2026-03-02T10:00:00Z";
  const std::string text = "sample";
  return text.substr(0, about.value("maxLength", text.size()));
}

json sample_value(const json& about) {
  if (about.contains("default")) return about["default"];
  if (about.contains("enum") && !about["enum"].empty()) return about["enum"].front();
  const auto type = about.contains("type") && about["type"].is_string() ? about["type"].get<std::string>() : "";
  if (type == "integer" || type == "number") return about.contains("minimum") ? about["minimum"] : json(1);
  if (type == "boolean") return false;
  if (type == "array") {
    auto list = json::array();
    if (about.value("minItems", 0) > 0 && about.contains("items")) list.push_back(sample_value(about["items"]));
    return list;
  }
  if (type != "object") return sample_text(about);
  auto object = json::object();
  for (const auto& name : about.value("required", json::array())) {
    if (about.contains("properties") && about["properties"].contains(name.get<std::string>()))
      object[name.get<std::string>()] = sample_value(about["properties"][name.get<std::string>()]);
  }
  return object;
}

const std::map<std::string, Calendar>& calendars() {
  static const auto all = [] {
    Calendar office;
    office.timezone = kOfficeZone;
    for (int day = 0; day < 5; ++day) office.week[day] = {{9 * 60, 18 * 60}};
    return std::map<std::string, Calendar>{{kOffice, office}};
  }();
  return all;
}

class Condition final : public InquiryCondition {
 public:
  explicit Condition(CheckedCondition checked) : checked_(std::move(checked)) {}
  bool holds(const hkl_touch& touch, const hkl_contact* contact, std::uint64_t earlier_count) const override {
    return checked_.holds(touch, contact, earlier_count);
  }

 private:
  CheckedCondition checked_;
};

class BareFile final : public PluginFile {
 public:
  BareFile(PluginNote note, const hkl_plugin* descriptor) : note_(std::move(note)), descriptor_(descriptor) {}
  const PluginNote& note() const override { return note_; }
  const hkl_plugin& descriptor() const override { return *descriptor_; }
  const void* find_interface(const std::string& id) const override {
    return descriptor_->get_interface({id.data(), id.size()});
  }

 private:
  PluginNote note_;
  const hkl_plugin* descriptor_;
};

}  // namespace

std::shared_ptr<PluginFile> file_over(PluginNote note, const hkl_plugin* descriptor) {
  return std::make_shared<BareFile>(std::move(note), descriptor);
}

std::string image_of(const Candidate& candidate) { return value_of(read_plugin_file(candidate.file)); }
ElfFile elf_of(const Candidate& candidate) { return value_of(read_elf(image_of(candidate))); }
PluginNote note_of(const Candidate& candidate) {
  const auto elf = elf_of(candidate);
  return value_of(read_note_manifest(elf, value_of(read_note_head(candidate.file, elf))));
}
json schema_of(const Candidate& candidate) { return json::parse(note_of(candidate).settings_schema); }
MappedPlugin mapped(const Candidate& candidate) {
  return value_of(map_plugin(note_of(candidate), image_of(candidate)));
}
std::shared_ptr<PluginFile> opened(const Candidate& candidate) {
  return value_of(open_plugin(note_of(candidate), image_of(candidate)));
}

std::string sample_settings(const Candidate& candidate) {
  const auto schema = schema_of(candidate);
  auto value = candidate.settings_json.empty() ? json::object() : json::parse(candidate.settings_json);
  const auto sample = sample_value({{"type", "object"},
                                    {"required", schema.value("required", json::array())},
                                    {"properties", schema.value("properties", json::object())}});
  for (const auto& [name, one] : sample.items())
    if (!value.contains(name)) value[name] = one;
  fill_defaults(value, schema);
  return value.dump();
}

InstanceEntry entry_for(const Candidate&, const std::string& settings, Log* log) {
  InstanceEntry entry;
  entry.id = "validated";
  entry.settings_json = settings;
  entry.surroundings.component = "validated";
  entry.surroundings.timezone = "Europe/Moscow";
  entry.surroundings.phone_region = "RU";
  entry.surroundings.calendars = &calendars();
  entry.surroundings.log = [log](std::uint32_t, const std::string& line) {
    if (log != nullptr) log->lines.push_back(line);
  };
  entry.surroundings.touches = [](const std::string&, Instant, std::uint64_t, const hkl_touch_sink&) {
    return HKL_OK;  // a contact without a history
  };
  entry.surroundings.condition =
      [zone = entry.surroundings.timezone](const std::string& text) -> Result<std::unique_ptr<InquiryCondition>> {
    auto checked = CheckedCondition::of(text, zone);
    if (!checked) return fail(checked.error());
    return std::make_unique<Condition>(std::move(*checked));
  };
  entry.surroundings.wake_at = [](const std::string&, std::optional<Instant>) { return HKL_OK; };
  return entry;
}

std::string kind_of(const PluginNote& note) {
  for (const std::string kind : {HKL_PBX_ADAPTER_V1, HKL_LEAD_CLASSIFIER_V1, HKL_TASK_RULE_V1, HKL_REPORT_V1}) {
    if (std::find(note.interfaces.begin(), note.interfaces.end(), kind) != note.interfaces.end()) return kind;
  }
  return {};
}

Done live_once(const Candidate& candidate, const std::shared_ptr<PluginFile>& file, const InstanceEntry& entry) {
  const auto kind = kind_of(file->note());
  if (kind == HKL_REPORT_V1) {
    auto definition = report_definition(file, entry);
    if (!definition) return fail(definition.error());
    return {};
  }
  if (kind != HKL_PBX_ADAPTER_V1) {
    auto instance = Instance::begin(file, entry, kind, Instance::Until::started);
    if (!instance) return fail(instance.error());
    return {};
  }
  auto adapter = make_adapter(file, entry);
  if (!adapter) return fail(adapter.error());
  const auto endpoints = (*adapter)->endpoints();
  if (!endpoints) return fail(endpoints.error());
  const auto name = endpoints->empty() ? std::string() : endpoints->front().name;
  const Instant now{Millis(1772442900000)};
  AdapterOutput out;
  if (auto done = (*adapter)->opened(1, true, name, "a capture", now, out); !done) return done;
  const auto bytes = candidate.capture.empty() ? std::string("\n") : candidate.capture;
  // What the bytes are worth is the adapter's to say; only a broken contract counts.
  auto fed = (*adapter)->feed(1, bytes, now, out);
  if (!fed && fed.error().status == HKL_INTERNAL) return fed;
  auto ticked = (*adapter)->tick(now + Millis(60'000), out);
  if (!ticked && ticked.error().status == HKL_INTERNAL) return ticked;
  return (*adapter)->closed(1, now + Millis(60'000), out);
}

}  // namespace hkl::validate
