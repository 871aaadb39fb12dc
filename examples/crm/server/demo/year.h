// A year of the firm as canonical records, made up: seasons, campaigns, busy
// Mondays, a lunch nobody answers, an outage, leads on their way, tasks kept
// and not kept. The same seed gives the same year before the same day.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "chance.h"
#include "firm.h"

namespace crm {

class DemoYear {
 public:
  using Json = nlohmann::ordered_json;
  using Sink = std::function<void(const Json&)>;

  // Days of Moscow's clock, the last one being that of `end_ms` (up to it).
  DemoYear(std::uint64_t seed, std::int64_t end_ms, int days, Sink sink);
  void tell();

 private:
  struct Client {
    std::string id, number;
    std::size_t manager;       // index of the employee who knows them
    std::string lead;          // open one, or ""
    std::int64_t last_ms = 0;  // of their last call
  };
  struct Lead;

  void tell_day(std::int64_t midnight_ms);
  double season(std::int64_t midnight_ms, std::size_t line) const;
  std::int64_t working_time(std::int64_t midnight_ms);
  Client& client(bool may_be_known, std::size_t line);
  bool is_before_end(std::int64_t ms) const { return ms < end_ms_; }

  void shifts(std::int64_t midnight_ms);
  void visits(const std::string& visitor, std::int64_t before_ms, const std::string& ad_source);
  void incoming(std::int64_t at_ms, std::size_t line);
  void outgoing(std::int64_t at_ms, Client& client, std::size_t employee);
  void missed(const Json& call, Client& client, std::int64_t ended_ms, std::size_t blamed);
  void request(std::int64_t at_ms);
  void lead_of(Client& client, const std::string& inquiry, std::int64_t at_ms, const char* created_by,
               std::size_t employee, const char* ad_source, bool was_missed);
  void progress(Lead& lead);
  void after_talk(const std::string& call, std::int64_t at_ms, std::size_t employee);
  std::string call_id() { return "pbx1:demo-" + std::to_string(++calls_); }

  Chance chance_, shifts_;
  const std::int64_t end_ms_;
  const int days_;
  const Sink sink_;
  std::vector<Client> clients_;
  std::uint64_t calls_ = 0, leads_ = 0, tasks_ = 0, changes_ = 0, inquiries_ = 0, visits_ = 0;
};

// "2026-03-02T09:15:00.123Z"
std::string iso_utc(std::int64_t ms);

}  // namespace crm
