// `saved` and `schedules`: reports with their parameters under a name, and when
// they are sent to whom.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "contacts/access.h"
#include "services/cron.h"

namespace hkl {

struct SavedReport {
  std::string report;  // id of the report
  std::string title;   // in place of the report's; may be empty
  std::string period;  // a word such as last_week; or from and to
  std::string from, to, where, sort, compare;
  std::map<std::string, std::string> settings;
};

struct Schedule {
  std::string id, saved, at;
  Cron cron;
  std::string format = "xlsx", language, user;
  std::string folder;              // absolute; or
  std::vector<std::string> mails;  // addresses
};

struct SmtpSettings {
  std::string host, from, user, password;
  std::string ca;  // file of certificates to trust in place of the system's; absolute, may be empty
  std::uint16_t port = 587;
  enum class Safety : std::uint8_t { starttls, tls, none };
  Safety safety = Safety::starttls;
};

struct ScheduleConfig {
  std::map<std::string, SavedReport> saved;
  std::vector<Schedule> schedules;
  SmtpSettings smtp;
};

struct ConfigReading;
ScheduleConfig read_schedules(const ConfigReading& reading, const AccessRules& access);

}  // namespace hkl
