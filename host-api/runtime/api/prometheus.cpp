#include "api/prometheus.h"

#include <fmt/format.h>

#include <vector>

namespace hkl {
namespace {

using Json = nlohmann::ordered_json;

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == '"') out += '\\';
    if (c == '\n')
      out += "\\n";
    else
      out += c;
  }
  return out;
}

struct Label {
  const char* name;
  std::string value;
};

// One metric with all of its samples, which stand together.
class Metric {
 public:
  Metric(std::string& text, const char* name, const char* type, const char* help) : text_(text), name_(name) {
    text_ += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
  }
  void sample(const std::vector<Label>& labels, const Json& value) {
    text_ += name_;
    for (std::size_t i = 0; i < labels.size(); ++i)
      text_ += fmt::format("{}{}=\"{}\"", i == 0 ? "{" : ",", labels[i].name, escaped(labels[i].value));
    if (!labels.empty()) text_ += "}";
    text_ += " " + value.dump() + "\n";
  }

 private:
  std::string& text_;
  const char* name_;
};

struct Count {
  const char* name;
  const char* type;
  const char* key;  // in what health tells
  const char* help;
};

constexpr Count kOfSources[] = {
    {"hookline_source_events_total", "counter", "events", "Events that came and were stored"},
    {"hookline_source_requests_total", "counter", "requests", "HTTP requests that came"},
    {"hookline_source_refused_total", "counter", "refused", "Requests and events that were refused"},
    {"hookline_source_skipped_bytes_total", "counter", "skipped_bytes", "Bytes that nobody understood"},
    {"hookline_source_reconnects_total", "counter", "reconnects", "How often the connection was made again"}};
constexpr Count kOfIsolated[] = {
    {"hookline_plugin_deaths_total", "counter", "deaths", "How often the plugin's own process died"},
    {"hookline_plugin_set_aside_total", "counter", "set_aside", "Events that were set aside because it died of them"}};
constexpr Count kOfSlow[] = {
    {"hookline_plugin_slow_calls_total", "counter", "count", "Calls of the plugin that took longer than they may"}};
constexpr Count kOfOutbox[] = {
    {"hookline_outbox_waiting", "gauge", "waiting", "Deliveries that the CRM has not taken yet"},
    {"hookline_outbox_set_aside", "gauge", "set_aside", "Deliveries that were given up"}};

template <std::size_t N>
void add(std::string& text, const Count (&counts)[N], const Json& entries, const char* label, const char* named_by) {
  for (const auto& count : counts) {
    Metric metric(text, count.name, count.type, count.help);
    for (const auto& entry : entries)
      metric.sample({{label, entry.at(named_by).get<std::string>()}}, entry.at(count.key));
  }
}

void add_states(std::string& text, const Json& sources) {
  Metric metric(text, "hookline_source_state", "gauge", "1, with the state the source is in");
  for (const auto& source : sources)
    metric.sample({{"source", source.at("name").get<std::string>()},
                   {"plugin", source.at("plugin").get<std::string>()},
                   {"state", source.at("state").get<std::string>()}},
                  1);
}

}  // namespace

std::string prometheus_text(const Json& health) {
  std::string text;
  Metric(text, "hookline_info", "gauge", "1, with the version that runs")
      .sample({{"version", health.at("version").get<std::string>()}}, 1);
  add_states(text, health.at("sources"));
  add(text, kOfSources, health.at("sources"), "source", "name");
  add(text, kOfIsolated, health.at("isolated"), "entry", "entry");
  add(text, kOfSlow, health.at("slow_calls"), "entry", "entry");
  for (const auto& count : kOfOutbox)
    Metric(text, count.name, count.type, count.help).sample({}, health.at("outbox").at(count.key));
  if (!health.contains("queued")) return text;
  Metric(text, "hookline_queued", "gauge", "Work that waits to be stored").sample({}, health.at("queued"));
  Metric(text, "hookline_duplicates_total", "counter", "Events that came again and were dropped")
      .sample({}, health.at("duplicates"));
  Metric(text, "hookline_store_in_trouble", "gauge", "1 while nothing can be stored")
      .sample({}, health.at("trouble").is_null() ? 0 : 1);
  return text;
}

}  // namespace hkl
