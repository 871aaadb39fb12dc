#include "config/schedules.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "config/reading.h"
#include "config/schema_check.h"

namespace hkl {
namespace {

std::vector<std::string> names_of(const std::map<std::string, SavedReport>& saved) {
  std::vector<std::string> names;
  for (const auto& [name, report] : saved) names.push_back(name);
  return names;
}

// Options as they would be written behind --set.
std::string setting_text(const YamlNode& node) {
  if (node.kind == YamlNode::Kind::scalar) return node.text;
  std::string text;
  for (const auto& item : node.items) text += (text.empty() ? "" : ",") + item.text;
  return text;
}

// A report is known by its entry's id, else by its plugin's.
std::vector<std::string> report_ids(const ConfigReading& reading) {
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < reading.count({"reports"}); ++i) {
    const auto where = TreePath{"reports"} / i;
    ids.push_back(reading.text(where / "id", reading.text(where / "plugin")));
  }
  return ids;
}

SavedReport read_saved(const ConfigReading& reading, const TreePath& where) {
  SavedReport saved;
  saved.report = reading.text(where / "report");
  saved.title = reading.text(where / "title");
  saved.period = reading.text(where / "period");
  saved.from = reading.text(where / "from");
  saved.to = reading.text(where / "to");
  saved.where = reading.text(where / "where");
  saved.sort = reading.text(where / "sort");
  saved.compare = reading.text(where / "compare");
  if (const auto* settings = reading.at(where / "settings"))
    for (const auto& member : settings->members) saved.settings[member.name] = setting_text(member.value);
  const auto known = report_ids(reading);
  if (!saved.report.empty() && std::find(known.begin(), known.end(), saved.report) == known.end())
    reading.complain(where / "report", no_such("report", saved.report, known));
  if (!saved.period.empty() && (!saved.from.empty() || !saved.to.empty()))
    reading.complain(where / "period", "a period is named, or has from and to; keep one of the two");
  return saved;
}

void read_destination(const ConfigReading& reading, const TreePath& where, const SmtpSettings& smtp,
                      Schedule& schedule) {
  const auto folder = reading.text(where / "folder");
  if (!folder.empty()) schedule.folder = reading.beside(folder);
  schedule.mails = reading.texts(where / "mail");
  if (schedule.folder.empty() == schedule.mails.empty())
    return reading.complain(where, "a schedule has either a folder or addresses under mail");
  if (!schedule.mails.empty() && smtp.host.empty())
    reading.complain(where / "mail", "nothing can be mailed without a server; name it under smtp.host");
}

void read_schedule(const ConfigReading& reading, const TreePath& where, const AccessRules& access,
                   ScheduleConfig& config) {
  Schedule schedule;
  schedule.id = reading.text(where / "id");
  schedule.saved = reading.text(where / "saved");
  schedule.at = reading.text(where / "at");
  schedule.format = reading.text(where / "format", schedule.format);
  schedule.language = reading.text(where / "language");
  schedule.user = reading.text(where / "user");
  if (schedule.id.empty() || schedule.saved.empty() || schedule.at.empty()) return;  // the schema complains
  for (const auto& other : config.schedules)
    if (other.id == schedule.id)
      return reading.complain(where / "id", fmt::format("there are two schedules \"{}\"; keep one", schedule.id));
  if (!config.saved.contains(schedule.saved))
    reading.complain(where / "saved", no_such("saved report", schedule.saved, names_of(config.saved)));
  if (!schedule.user.empty() && access.user(schedule.user) == nullptr)
    reading.complain(where / "user", no_such("user", schedule.user, reading.ids("users")));
  auto cron = Cron::of(schedule.at);
  if (!cron) return reading.complain(where / "at", cron.error().text);
  schedule.cron = *cron;
  read_destination(reading, where, config.smtp, schedule);
  config.schedules.push_back(std::move(schedule));
}

SmtpSettings read_smtp(const ConfigReading& reading) {
  SmtpSettings smtp;
  smtp.host = reading.text({"smtp", "host"});
  smtp.from = reading.text({"smtp", "from"});
  smtp.user = reading.text({"smtp", "user"});
  smtp.password = reading.text({"smtp", "password"});
  const auto ca = reading.text({"smtp", "ca"});
  if (!ca.empty()) smtp.ca = reading.beside(ca);
  const auto safety = reading.text({"smtp", "tls"}, "starttls");
  smtp.safety = safety == "tls"    ? SmtpSettings::Safety::tls
                : safety == "none" ? SmtpSettings::Safety::none
                                   : SmtpSettings::Safety::starttls;
  const auto port = reading.text({"smtp", "port"});
  if (!port.empty()) std::from_chars(port.data(), port.data() + port.size(), smtp.port);
  return smtp;
}

}  // namespace

ScheduleConfig read_schedules(const ConfigReading& reading, const AccessRules& access) {
  ScheduleConfig config;
  config.smtp = read_smtp(reading);
  if (const auto* saved = reading.at({"saved"}))
    for (const auto& member : saved->members) {
      config.saved[member.name] = read_saved(reading, {"saved", member.name});
      const auto known = report_ids(reading);
      if (std::find(known.begin(), known.end(), member.name) != known.end())
        reading.complain({"saved", member.name}, "a report has that name already; choose another");
    }
  for (std::size_t i = 0; i < reading.count({"schedules"}); ++i)
    read_schedule(reading, TreePath{"schedules"} / i, access, config);
  return config;
}

}  // namespace hkl
