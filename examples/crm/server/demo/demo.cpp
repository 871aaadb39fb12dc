#include "demo.h"

#include <Poco/Data/Statement.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "voice.h"
#include "year.h"

namespace crm {
namespace {

namespace fs = std::filesystem;
using namespace Poco::Data::Keywords;

// In the open on purpose: the demo's data are made up, and it listens on
// loopback unless told otherwise.
constexpr const char* kPassword = "hookline-demo";

bool is_filled(Database& database) {
  int count = 0;
  database.with(
      [&](Poco::Data::Session& db) { db << "SELECT COUNT(*) FROM secrets WHERE name = 'demo'", into(count), now; });
  return count > 0;
}

void add_users(App& app) {
  app.users.add({"admin", "Лебедева Ольга", "admin", "lebedeva", "admin", "ru", ""}, kPassword);
  app.users.add({"head", "Сидорова Елена", "head", "sidorova", "head", "ru", ""}, kPassword);
  app.users.add({"anna", "Иванова Анна", "anna", "ivanova", "manager", "ru", ""}, kPassword);
  app.users.add({"dmitry", "Орлов Дмитрий", "dmitry", "orlov", "manager", "ru", ""}, kPassword);
}

}  // namespace

void prepare_demo(const std::string& config, const DemoSettings&) {
  if (fs::exists(config)) return;
  const auto folder = fs::path(config).parent_path();
  if (!folder.empty()) fs::create_directories(folder);
  std::ofstream file(config);
  file << firm_yaml();
  file.close();
  if (!file) throw std::runtime_error(config + ": cannot be written");
}

void fill_demo(App& app, const DemoSettings& settings) {
  if (is_filled(app.database)) return;
  using namespace std::chrono;
  const auto begun = steady_clock::now();
  const auto end = duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
  const auto path = fs::path(app.settings.config).parent_path() / "demo.ndjson";
  std::size_t count = 0;
  std::ofstream file(path);
  DemoYear(settings.seed, end, settings.days, [&](const DemoYear::Json& record) {
    file << record.dump() << "\n";
    ++count;
  }).tell();
  file.close();
  if (!file) throw std::runtime_error(path.string() + ": cannot be written; is the disk full?");
  app.hookline.import_history(path.string());
  fs::create_directories(app.settings.recordings);
  constexpr int kSeconds = 60;
  std::ofstream(fs::path(app.settings.recordings) / "demo.wav", std::ios::binary) << voices_wav(kSeconds);
  fs::remove(path);
  add_users(app);
  app.database.with([&](Poco::Data::Session& db) { db << "INSERT INTO secrets VALUES ('demo', '')", now; });
  std::fprintf(stderr, "demo: %zu records of %d days in %.1f s\n", count, settings.days,
               duration<double>(steady_clock::now() - begun).count());
}

std::string demo_welcome() {
  return std::string("Sign in as admin, head, anna or dmitry; the password is ") + kPassword + "\n";
}

}  // namespace crm
