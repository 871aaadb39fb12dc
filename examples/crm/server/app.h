// The CRM's server without its sockets: who asks, whether they may, what
// answers. Every request passes here.
//
// Thread-safe.
#pragma once

#include <functional>
#include <mutex>
#include <string>

#include "api_tokens.h"
#include "audit.h"
#include "config_file.h"
#include "event_hub.h"
#include "hookline.h"
#include "live_calls.h"
#include "presence_book.h"
#include "rate_limit.h"
#include "recordings.h"
#include "saved_reports.h"
#include "sessions.h"
#include "static_site.h"

namespace crm {

struct AppSettings {
  std::string config;            // Hookline's YAML
  std::string web;               // folder of the pages
  std::string database;          // the CRM's own
  std::string recordings;        // folder of recordings; "" none
  int keep_recordings_days = 0;  // 0: for ever
  std::string allow_origin;      // of a vendor's page that embeds reports; "" none
  std::size_t streams = 32;      // server-sent, each holds a thread
  double requests_a_minute = 1200;
  bool is_demo = false;  // the log-in page offers the demo's users
};

// Who asks.
struct Caller {
  User user;
  std::string csrf;   // of the session; empty for a program with a token
  std::string token;  // of the session's cookie
};

class App {
 public:
  explicit App(AppSettings settings);

  Reply handle(const Request& request);
  void close() { events.close(); }

  // Takes up what the library's records say of employees' presence.
  void read_presence();
  PresenceBook::Json presence_now() const;
  // Records that a program has told the library; not all taken: it is asked.
  void hear_presence(const std::string& ndjson, bool is_all_taken);
  // Tells the library and whoever watches; complaints, empty when it is so.
  std::string change_presence(const std::string& employee, const std::string& state, const std::string& reason);

  const AppSettings settings;
  Database database;
  Users users;
  Sessions sessions;
  ApiTokens tokens;
  Audit audit;
  SavedReports saved;
  EventHub events;
  LiveCalls live;
  PresenceBook presence;
  Hookline hookline;
  ConfigFile config;
  StaticSite site;
  Recordings recordings;
  // The demo's own PBX, where it plays: (employee, number) → the order's id. The
  // source through which it speaks is told things and takes no orders.
  std::function<std::string(const std::string&, const std::string&)> demo_pbx;
  // Ten wrong passwords at once, then one a minute, by name and by address.
  RateLimit wrong_by_name{10, 1}, wrong_by_peer{30, 5};

 private:
  std::optional<Caller> caller_of(const Request& request);
  Reply answer(const Request& request);
  RateLimit requests_;
  std::mutex presence_mutex_;  // one change after the other
};

}  // namespace crm
