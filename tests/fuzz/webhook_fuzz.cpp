// A request of any vendor, by all profiles that ship: once with the sender's
// check as it is, once with everybody let in, to reach what lies behind it.
#include <memory>

#include "adapter_fuzz.h"
#include "documents.h"

namespace {

using Adapters = std::vector<std::unique_ptr<hookline::fake::HttpAdapter>>;

// Made once: an adapter keeps nothing between requests.
Adapters make_adapters() {
  Adapters adapters;
  for (const auto* vendor : {"mango", "megafon", "ringostat", "twilio", "uis", "zadarma"})
    for (const bool is_open : {false, true})
      adapters.push_back(std::make_unique<hookline::fake::HttpAdapter>(
          hookline_plugin_v1, fuzz::host(),
          fuzz::settings_with("profile", std::string("profiles/") + vendor, is_open)));
  return adapters;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Adapters kAdapters = make_adapters();
  hookline::fake::Request request;
  if (!fuzz::read_request({reinterpret_cast<const char*>(data), size}, request)) return 0;
  // What follows the route: /in/<vendor> of the captures.
  const auto rest = request.path.find('/', std::min<std::size_t>(4, request.path.size()));
  request.path = rest == std::string::npos ? "" : request.path.substr(rest);
  for (const auto& adapter : kAdapters) {
    adapter->now_ms = fuzz::kNowMs;
    if (adapter->request(request).status == 0) std::abort();
    adapter->forget();
  }
  return 0;
}
