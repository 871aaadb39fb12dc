// The host as one plugin instance sees it: hkl_host with the interfaces of
// hookline/host.h behind it. One for each instance; outlives the instance.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hookline/host.h"
#include "services/calendar.h"
#include "values/instant.h"
#include "values/result.h"

namespace hkl {

// A condition over one inquiry (hookline/host.h), made by whoever knows the language.
class InquiryCondition {
 public:
  virtual ~InquiryCondition() = default;
  virtual bool holds(const hkl_touch& touch, const hkl_contact* contact, std::uint64_t earlier_count) const = 0;
};

struct HostSurroundings {
  std::string component;  // "pbx1 (asterisk-ami)": names the line in the log
  std::string timezone, phone_region;
  const std::map<std::string, Calendar>* calendars = nullptr;  // outlives the services
  std::vector<std::string> secrets;                            // replaced in log lines and errors
  std::function<void(std::uint32_t level, const std::string& line)> log;
  // Optional; without them the interface is not offered.
  std::function<hkl_status(const std::string& contact, Instant before, std::uint64_t limit, const hkl_touch_sink&)>
      touches;
  std::function<hkl_status(const std::string& key, std::optional<Instant> at)> wake_at;
  std::function<Result<std::unique_ptr<InquiryCondition>>(const std::string& text)> condition;
};

// Every interface that some instance of this host is offered: what a manifest
// may list in `needs`.
const std::vector<std::string>& host_interface_ids();

// [any] functions may be used from any thread; [in-call] ones answer
// HKL_CANCELLED outside a Call. The hkl_host itself stays readable for ever,
// so that a plugin that lives on after its end is answered and does not crash.
class HostServices {
 public:
  struct State;  // opaque

  // Stands while the host is inside the plugin, on this thread.
  class Call {
   public:
    explicit Call(HostServices& services);
    ~Call();
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

   private:
    HostServices& services_;
  };

  explicit HostServices(HostSurroundings surroundings);
  ~HostServices();
  HostServices(const HostServices&) = delete;
  HostServices& operator=(const HostServices&) = delete;
  const hkl_host* host() const;
  // The text with secret values replaced by "***".
  std::string masked(std::string text) const;

 private:
  std::shared_ptr<State> state_;  // shared with calls that are under way when it ends
  hkl_host* host_ = nullptr;
};

}  // namespace hkl
