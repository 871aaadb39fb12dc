// What an adapter says of HTTP during one call of it: the answer to a request,
// what it wants to ask, how far it has come; and what it asks of us.
//
// Closed between two calls, so that an adapter that keeps the sink is answered
// "cancelled". Used by the instance's one thread.
#pragma once

#include <deque>

#include "hookline/pbx_http.h"
#include "plugins/instances.h"

namespace hkl {

class AdapterHttpOutlet {
 public:
  explicit AdapterHttpOutlet(const hkl_pbx_sink& events);
  AdapterHttpOutlet(const AdapterHttpOutlet&) = delete;
  AdapterHttpOutlet& operator=(const AdapterHttpOutlet&) = delete;

  const hkl_http_sink& sink() const { return sink_; }
  // Both outlive the call that follows; `look_up` may be empty.
  void open(AdapterOutput& out, const LookUp* look_up);
  void close() { out_ = nullptr; }

 private:
  static hkl_status take_reply(void* user, const hkl_http_reply* reply);
  static hkl_status answer_look_up(void* user, hkl_str number, hkl_lookup* found);
  static hkl_status take_ask(void* user, const hkl_http_request* request, std::int64_t at_ms);
  static hkl_status take_position(void* user, hkl_str position);

  AdapterOutput* out_ = nullptr;
  const LookUp* look_up_ = nullptr;
  std::deque<KnownNumber> found_;  // what the adapter was given views of
  hkl_http_sink sink_;
};

// The request as the adapter sees it; views into `request` and `headers`.
hkl_http_request abi_request(const HookRequest& request, std::vector<hkl_header>& headers);

}  // namespace hkl
