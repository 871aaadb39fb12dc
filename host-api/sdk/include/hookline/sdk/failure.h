// How a plugin's code fails: it throws Failure, or anything; at the edge every
// exception becomes a status and a text (plugin contract, R8, R9).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <exception>
#include <new>
#include <stdexcept>
#include <string>

#include "hookline/sdk/text.h"

namespace hookline {

class Failure : public std::runtime_error {
 public:
  Failure(hkl_status status, const std::string& text) : std::runtime_error(text), status_(status) {}
  hkl_status status() const { return status_; }

 private:
  hkl_status status_;
};

inline hkl_status tell(hkl_error* err, hkl_status status, std::string_view text) noexcept {
  // Its 1.0 members suffice: a host older than these headers has no more.
  if (err == nullptr || err->struct_size < offsetof(hkl_error, text) + HKL_ERROR_TEXT_MAX) return status;
  if (text.empty()) text = "it failed without saying why";
  std::size_t len = std::min<std::size_t>(text.size(), HKL_ERROR_TEXT_MAX - 1);
  while (len > 0 && len < text.size() && (static_cast<unsigned char>(text[len]) & 0xC0) == 0x80) --len;
  std::memcpy(err->text, text.data(), len);
  err->text[len] = 0;
  err->text_len = static_cast<std::uint32_t>(len);
  err->status = status;
  return status;
}

// Runs work; HKL_OK when it returns.
template <typename Work>
hkl_status guarded(hkl_error* err, Work&& work) noexcept {
  try {
    work();
    return HKL_OK;
  } catch (const Failure& failure) {
    return tell(err, failure.status() == HKL_OK ? HKL_INTERNAL : failure.status(), failure.what());
  } catch (const std::bad_alloc&) {
    return tell(err, HKL_RESOURCE, "out of memory");
  } catch (const std::exception& error) {
    return tell(err, HKL_INTERNAL, error.what());
  } catch (...) {
    return tell(err, HKL_INTERNAL, "something that is no std::exception was thrown");
  }
}

}  // namespace hookline
