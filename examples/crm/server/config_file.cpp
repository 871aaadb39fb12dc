#include "config_file.h"

#include <Poco/Data/Statement.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace crm {
namespace {

using namespace Poco::Data::Keywords;

void write_whole(const std::string& path, const std::string& text) {
  const auto part = path + ".part";
  std::ofstream file(part, std::ios::binary);
  file << text;
  file.close();
  if (!file) throw std::runtime_error(part + ": cannot be written; is the folder writable for this server?");
  std::error_code ignored;
  const auto status = std::filesystem::status(path, ignored);
  if (!ignored && std::filesystem::exists(status)) std::filesystem::permissions(part, status.permissions(), ignored);
  std::filesystem::rename(part, path);
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

}  // namespace

ConfigFile::ConfigFile(std::string path, Database& database, Hookline& hookline)
    : path_(std::move(path)), database_(database), hookline_(hookline) {
  // What was edited outside since is a revision too.
  remember(read(), "");
}

std::string ConfigFile::read() const {
  std::ifstream file(path_, std::ios::binary);
  if (!file) throw std::runtime_error(path_ + ": cannot be read");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

void ConfigFile::remember(const std::string& text, const std::string& login) {
  std::string last, body = text, who = login;
  std::int64_t at = seconds_now();
  database_.with([&](Poco::Data::Session& db) {
    db << "SELECT body FROM config_revisions ORDER BY id DESC LIMIT 1", into(last), now;
    if (last != body)
      db << "INSERT INTO config_revisions(made_s, login, body) VALUES (?, ?, ?)", use(at), use(who), use(body), now;
  });
}

nlohmann::ordered_json ConfigFile::show() {
  const std::lock_guard lock(mutex_);
  auto revisions = nlohmann::ordered_json::array();
  database_.with([&](Poco::Data::Session& db) {
    std::vector<std::int64_t> id, at;
    std::vector<std::string> login;
    db << "SELECT id, made_s, login FROM config_revisions ORDER BY id DESC LIMIT 20", into(id), into(at), into(login),
        now;
    for (std::size_t i = 0; i < id.size(); ++i)
      revisions.push_back({{"id", id[i]}, {"made_s", at[i]}, {"login", login[i]}});
  });
  return {{"file", std::filesystem::path(path_).filename().string()}, {"text", read()}, {"revisions", revisions}};
}

// Beside the real one, so that files it names are found; complaints name the
// real one.
std::string ConfigFile::check_locked(const std::string& draft) const {
  const auto draft_path = path_ + ".draft.yaml";
  write_whole(draft_path, draft);
  auto complaints = Hookline::check(draft_path);
  std::filesystem::remove(draft_path);
  const auto name = std::filesystem::path(path_).filename().string();
  return replaced(complaints, draft_path, name);
}

std::string ConfigFile::check(const std::string& draft) {
  const std::lock_guard lock(mutex_);
  return check_locked(draft);
}

std::string ConfigFile::apply(const std::string& draft, const std::string& login) {
  const std::lock_guard lock(mutex_);
  if (auto complaints = check_locked(draft); !complaints.empty()) return complaints;
  const auto old = read();
  write_whole(path_, draft);
  try {
    hookline_.reload();
  } catch (const std::exception& refused) {
    // Good on paper, refused in practice (a port that is taken, a store of
    // another version): the old one goes on.
    write_whole(path_, old);
    hookline_.reload();
    return refused.what();
  }
  remember(draft, login);
  return "";
}

std::string ConfigFile::revision(std::int64_t id) {
  std::string body;
  database_.with([&](Poco::Data::Session& db) {
    db << "SELECT body FROM config_revisions WHERE id = ?", use(id), into(body), now;
  });
  return body;
}

}  // namespace crm
