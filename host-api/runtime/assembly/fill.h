// How what one witness tells is completed by another.
#pragma once

namespace hkl {

// What is already there stays.
template <typename T>
void fill(T& to, const T& from) {
  if (to == T{}) to = from;
}

}  // namespace hkl
