#include "audit.h"

#include <Poco/Data/RecordSet.h>

namespace crm {

using namespace Poco::Data::Keywords;

void Audit::note(const std::string& login, const std::string& action, const std::string& detail) {
  std::int64_t at = seconds_now();
  std::string l = login, a = action, d = detail;
  database_.with([&](Poco::Data::Session& db) {
    db << "INSERT INTO audit(at_s, login, action, detail) VALUES (?, ?, ?, ?)", use(at), use(l), use(a), use(d), now;
  });
}

nlohmann::ordered_json Audit::list() {
  auto rows = nlohmann::ordered_json::array();
  database_.with([&](Poco::Data::Session& db) {
    std::vector<std::int64_t> at;
    std::vector<std::string> login, action, detail;
    db << "SELECT at_s, login, action, detail FROM audit ORDER BY id DESC LIMIT 200", into(at), into(login),
        into(action), into(detail), now;
    for (std::size_t i = 0; i < at.size(); ++i)
      rows.push_back({{"at_s", at[i]}, {"login", login[i]}, {"action", action[i]}, {"detail", detail[i]}});
  });
  return rows;
}

}  // namespace crm
