#include "contacts/made_id.h"

#include <fmt/format.h>

namespace hkl {

std::string stable_hash(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3u;
  }
  return fmt::format("{:016x}", hash);
}

std::string made_id(std::string_view kind, std::string_view cause) {
  return fmt::format("hl-{}-{}", kind, stable_hash(cause));
}

}  // namespace hkl
