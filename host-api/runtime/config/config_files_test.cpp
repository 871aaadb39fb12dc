#include "config/config_files_test.h"

#include "hookline/lead_classifier.h"
#include "hookline/pbx_adapter.h"
#include "hookline/report.h"
#include "hookline/task_rule.h"
#include "values/words.h"

namespace hkl {
namespace {

constexpr const char* kAmi =
    R"({"type": "object", "additionalProperties": false, "required": ["host", "username", "secret"],
 "properties": {
  "host": {"type": "string", "description": "Name or address of the Asterisk"},
  "port": {"type": "integer", "description": "Its AMI port", "default": 5038, "minimum": 1, "maximum": 65535},
  "username": {"type": "string", "description": "User of manager.conf"},
  "secret": {"type": "string", "description": "That user's secret", "secret": true, "maxLength": 20},
  "tls": {"type": "boolean", "description": "Speak TLS", "default": false},
  "extensions": {"type": "array", "items": {"type": "string"}, "description": "Numbers of your phones", "default": []},
  "trunks": {"type": "array", "items": {"type": "string"}, "description": "Names of trunks", "default": []},
  "outside_prefix": {"type": "string", "description": "What a phone dials first", "default": ""},
  "own_numbers": {"type": "array", "items": {"type": "string"}, "description": "Your own numbers", "default": []},
  "ping": {"type": "string", "format": "duration", "pattern": "^([0-9]+([.][0-9]+)?(ms|s|m|h|d))+$",
           "description": "Silence after which the connection is tried", "default": "20s", "positive": true}}})";

constexpr const char* kCallback = R"({"type": "object", "additionalProperties": false, "required": [], "properties": {
  "deadline": {"type": "string", "format": "duration", "pattern": "^([0-9]+([.][0-9]+)?(ms|s|m|h|d))+$",
               "description": "Time to call back", "default": "4h", "positive": true},
  "working_hours": {"type": "string", "description": "Calendar whose hours count", "default": "none"},
  "title": {"type": "string", "description": "Of the task", "default": "", "placeholders": ["client", "number"]},
  "language": {"type": "string", "description": "Of titles", "default": "ru", "enum": ["ru", "en"]}}})";

constexpr const char* kRules = R"({"type": "object", "properties": {
  "rules": {"type": ["string", "object", "array"], "contentFile": true, "description": "YAML file of the rules",
            "items": {"type": "object", "additionalProperties": false, "properties": {"when": {"type": "string"}}}},
  "mode": {"type": "string", "enum": ["first", "all"], "description": "Which rules count", "default": "first"},
  "frame": {"enum": ["8N1", "7E1", 9600], "description": "A word that YAML may take for a number", "default": "8N1"}}})";

constexpr const char* kNone = R"({"type": "object", "properties": {}})";

struct Known {
  const char *id, *interface, *schema;
};
constexpr Known kPlugins[] = {
    {"asterisk-ami", HKL_PBX_ADAPTER_V1, kAmi},
    {"canonical", HKL_PBX_ADAPTER_V1, kNone},
    {"repeat-contact", HKL_LEAD_CLASSIFIER_V1, kNone},
    {"rules", HKL_LEAD_CLASSIFIER_V1, kRules},
    {"spam-guard", HKL_LEAD_CLASSIFIER_V1, kNone},
    {"source-by-line", HKL_LEAD_CLASSIFIER_V1, kNone},
    {"callback-missed", HKL_TASK_RULE_V1, kCallback},
    {"calls-by-manager", HKL_REPORT_V1, kNone},
    {"custom", HKL_REPORT_V1,
     R"({"type": "object", "required": ["definition"], "properties": {
          "definition": {"type": ["string", "object"], "contentFile": true, "description": "the report"}}})"},
    {"odd-schema", HKL_REPORT_V1, R"({"type": "object", "properties": {"a": {"type": 5, "description": 7}}})"},
    {"no-such-type", HKL_REPORT_V1, R"({"type": "object", "properties": {"a": {"type": "sentence"}}})"},
    {"odd-pattern", HKL_REPORT_V1, R"({"type": "object", "properties": {"a": {"type": "string", "pattern": "("}}})"},
    {"odd-default", HKL_REPORT_V1, R"({"type": "object", "properties": {"a": {"type": "string", "default": 7}}})"},
    {"shared-parts", HKL_REPORT_V1,
     R"({"type": "object", "definitions": {"step": {"type": "string"}}, "properties": {
          "steps": {"type": "array", "items": {"$ref": "#/definitions/step"}, "default": ["one"]}}})"},
};

Result<PluginFacts> find_known(const std::vector<std::string>& folders, const std::string& id) {
  std::vector<std::string_view> ids;
  for (const auto& plugin : kPlugins) {
    if (id == plugin.id) return PluginFacts{{plugin.interface}, plugin.schema};
    ids.push_back(plugin.id);
  }
  return fail(HKL_NOT_FOUND, "there is no plugin \"" + id + "\" in " + folders.front() + "; did you mean \"" +
                                 std::string(nearest_word(id, ids.data(), ids.size())) + "\"?");
}

}  // namespace

ReadConfig ConfigFiles::read_file(const std::string& path) { return read_config(path, find_known, "/usr/lib/plugins"); }

}  // namespace hkl
