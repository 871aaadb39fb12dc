// What is the CRM's own: users, sessions, saved reports, revisions of the
// config, the audit log. Calls, leads and tasks are Hookline's.
//
// Thread-safe: one connection, used by one thread at a time. Values reach it
// as parameters alone.
#pragma once

#include <Poco/Data/Session.h>

#include <cstdint>
#include <mutex>
#include <string>

namespace crm {

class Database {
 public:
  // Opens or makes the file. Throws Poco::Exception.
  explicit Database(const std::string& file);

  template <typename Work>
  auto with(Work&& work) {
    const std::lock_guard lock(mutex_);
    return work(session_);
  }

 private:
  std::mutex mutex_;
  Poco::Data::Session session_;  // guarded by mutex_
};

// Seconds since the epoch.
std::int64_t seconds_now();

}  // namespace crm
