// The library as this CRM uses it: the public C API and nothing else.
//
// Thread-safe. Requests run side by side; only a reload has the place for
// itself, so that calls of the PBX wait a moment and are not lost.
#pragma once

#include <hookline/hookline.h>

#include <functional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "message.h"

namespace crm {

// What the runtime tells, from its one thread.
struct HooklineListener {
  std::function<void(std::uint32_t change, std::string_view id)> changed;
  std::function<void(std::uint32_t entity, std::string_view id)> delivered;
};

class Hookline {
 public:
  // Throws std::runtime_error with the library's own words.
  Hookline(std::string config, HooklineListener listener);
  ~Hookline();
  Hookline(const Hookline&) = delete;
  Hookline& operator=(const Hookline&) = delete;

  void start();
  // Takes the config anew. On failure the old one is no longer there either:
  // the caller puts the old file back and reloads again.
  void reload();

  // /api/v1/…: what `user` (of the YAML; "" everything) may see, in `language`.
  Reply answer(const std::string& method, const std::string& target, const std::string& user,
               const std::string& language, std::string_view body = {});

  // Complaints about a config file, one a line; empty when it is good.
  static std::string check(const std::string& file);

  // What was told as records, NDJSON.
  std::string exported(const std::vector<const char*>& types);
  // History: figures, but no lead, task or delivery. Throws as above.
  void import_history(const std::string& file);
  void submit(const std::string& source, const hkl_call_event& event);
  // Complaints, empty when all lines were taken.
  std::string submit_records(std::string_view ndjson);

 private:
  void open();

  const std::string config_;
  const HooklineListener listener_;
  std::shared_mutex mutex_;
  hkl_runtime* runtime_ = nullptr;  // guarded by mutex_
};

}  // namespace crm
