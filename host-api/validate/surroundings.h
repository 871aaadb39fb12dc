// What belongs to the whole process and is none of a plugin's business.
#pragma once

#include <string>

namespace hkl::validate {

// Threads, files, signal handlers, locale, folder, umask, environment, and
// what was printed. Counting files needs the child's captured output.
struct Surroundings {
  std::string threads, files, signals, locale, folder, umask, environment, printed;
};
Surroundings look_around();

// What changed, in words with both values; "" when nothing did.
std::string difference(const Surroundings& before, const Surroundings& after);

// Bytes that malloc has given out.
std::size_t allocated();

}  // namespace hkl::validate
