// What a step that can fail returns: a value, or an Error that says what was
// attempted, on what, and why it failed.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "hookline/types.h"

namespace hkl {

// A failure as a value. `status` decides what the caller may do about it, the
// text is for a person. Layers add what they know with in():
//   return error.in("hookline.yaml:7");   // "hookline.yaml:7: …"
struct Error {
  hkl_status status = HKL_INTERNAL;
  std::string text;

  Error in(std::string_view where) && {
    text.insert(0, ": ").insert(0, where);
    return std::move(*this);
  }
  Error in(std::string_view where) const& { return Error(*this).in(where); }
};

template <typename T>
using Result = tl::expected<T, Error>;
using Done = Result<void>;

inline tl::unexpected<Error> fail(hkl_status status, std::string text) {
  return tl::unexpected<Error>(Error{status, std::move(text)});
}
inline tl::unexpected<Error> fail(Error error) { return tl::unexpected<Error>(std::move(error)); }

}  // namespace hkl
