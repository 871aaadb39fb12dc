// The pages' files, read once at the start: what is not in this map is not
// served, so no path leads out of the folder.
//
// Read-only after construction, so any thread may use it.
#pragma once

#include <map>
#include <string>

#include "message.h"

namespace crm {

class StaticSite {
 public:
  // `folder` holds index.html, css/, js/ and node_modules/ (after `npm ci`).
  // Throws std::runtime_error that says what to do when something is missing.
  explicit StaticSite(const std::string& folder);

  // The page itself for an address of the application ("/reports/x"), a file
  // for a file's name, 404 else.
  Reply find(const Request& request) const;

 private:
  struct File {
    std::string type, body, gzip, etag;
    bool is_library = false;
  };
  void add(const std::string& address, const std::string& path, bool is_library);
  std::map<std::string, File> files_;
};

}  // namespace crm
