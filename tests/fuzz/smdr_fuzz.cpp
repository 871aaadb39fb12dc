#include "adapter_fuzz.h"
#include "documents.h"

namespace {

using Adapters = std::vector<std::unique_ptr<hookline::fake::Adapter>>;

// Made once: a layout takes long to read, and an adapter keeps nothing of a
// connection that has ended.
Adapters make_adapters() {
  Adapters adapters;
  for (const auto* layout : {"layouts/3cx", "layouts/avaya", "layouts/panasonic"})
    adapters.push_back(std::make_unique<hookline::fake::Adapter>(hookline_plugin_v1, fuzz::host(),
                                                                 fuzz::settings_with("layout", layout)));
  return adapters;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Adapters kAdapters = make_adapters();
  for (const auto& adapter : kAdapters)
    fuzz::compare_cuts([&]() -> hookline::fake::Adapter& { return *adapter; }, "smdr.log", data, size);
  return 0;
}
