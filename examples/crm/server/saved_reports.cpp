#include "saved_reports.h"

#include <Poco/Data/RecordSet.h>

namespace crm {

using namespace Poco::Data::Keywords;

void SavedReports::add(const std::string& login, const std::string& title, const std::string& address) {
  std::string l = login, t = title, a = address;
  database_.with([&](Poco::Data::Session& db) {
    db << "INSERT INTO saved_reports(login, title, address) VALUES (?, ?, ?)", use(l), use(t), use(a), now;
  });
}

bool SavedReports::remove(const std::string& login, std::int64_t id) {
  std::string l = login;
  std::size_t count = 0;
  database_.with([&](Poco::Data::Session& db) {
    Poco::Data::Statement statement(db);
    statement << "DELETE FROM saved_reports WHERE id = ? AND login = ?", use(id), use(l);
    count = statement.execute();
  });
  return count > 0;
}

nlohmann::ordered_json SavedReports::list(const std::string& login) {
  auto rows = nlohmann::ordered_json::array();
  std::string l = login;
  database_.with([&](Poco::Data::Session& db) {
    std::vector<std::int64_t> ids;
    std::vector<std::string> titles, addresses;
    db << "SELECT id, title, address FROM saved_reports WHERE login = ? ORDER BY id", use(l), into(ids), into(titles),
        into(addresses), now;
    for (std::size_t i = 0; i < ids.size(); ++i)
      rows.push_back({{"id", ids[i]}, {"title", titles[i]}, {"address", addresses[i]}});
  });
  return rows;
}

}  // namespace crm
