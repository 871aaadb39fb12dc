// The YAML that Hookline runs by, as an admin edits it in the browser: checked
// before it counts, kept in revisions, put back when the library refuses it.
//
// Thread-safe.
#pragma once

#include <mutex>
#include <string>

#include "database.h"
#include "hookline.h"

namespace crm {

class ConfigFile {
 public:
  ConfigFile(std::string path, Database& database, Hookline& hookline);

  // Text, number of the revision, and those there were.
  nlohmann::ordered_json show();
  // Complaints about a draft, one a line; empty when there is none.
  std::string check(const std::string& draft);
  // Complaints; empty when it holds from now on.
  std::string apply(const std::string& draft, const std::string& login);
  // The text of an old revision; empty when there is none.
  std::string revision(std::int64_t id);

 private:
  std::string read() const;
  std::string check_locked(const std::string& draft) const;
  void remember(const std::string& text, const std::string& login);

  const std::string path_;
  Database& database_;
  Hookline& hookline_;
  std::mutex mutex_;  // one edit at a time
};

}  // namespace crm
