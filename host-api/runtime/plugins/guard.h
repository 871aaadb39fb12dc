// A net under calls into plugins. The contract says that nothing unwinds
// through it (abi-rules R9); what does all the same is caught here and becomes
// the plugin's fault.
#pragma once

#include <cxxabi.h>

#include <exception>
#include <optional>
#include <string>

namespace hkl {

// Runs `call`. What it threw in words, or nothing.
template <typename F>
std::optional<std::string> guarded(F&& call) {
  try {
    call();
    return {};
  } catch (const std::exception& thrown) {
    return std::string(thrown.what());
  } catch (const abi::__forced_unwind&) {
    throw;  // the thread is being cancelled; to swallow it ends the process
  } catch (...) {
    return std::string("something that is no std::exception");
  }
}

}  // namespace hkl
