// Keys of programs: made here, shown once, known by their hash from then on.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "contacts/access.h"

namespace hkl {

struct NewKey {
  std::string key;   // "hk_…": 256 bits from the system's generator
  std::string hash;  // for the config
};
// HKL_RESOURCE: the system gives no random bytes.
Result<NewKey> make_key();

// "sha256:…". As keys are random and long, a slow hash would protect nothing.
std::string hash_of_key(std::string_view key);

// Whose key it is; null: nobody's. Takes as long whichever it is.
const ApiKey* find_key(const std::vector<ApiKey>& keys, std::string_view key);

}  // namespace hkl
