// Inputs that a plugin died of, set aside for a person to look at.
//
// Throws SqlError.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "store/sql.h"
#include "values/instant.h"

namespace hkl {

struct PoisonRecord {
  std::int64_t id = 0;
  Instant at{};
  std::string entry, plugin, version;
  std::string function, subject, reason;
  std::string bytes;  // empty where they may not be kept
};

void put_poison(Sql& sql, const PoisonRecord& record);
// The newest first; without their bytes where `id` is not given.
std::vector<PoisonRecord> list_poison(Sql& sql, std::optional<std::int64_t> id = {});
// How many went.
std::int64_t drop_poison(Sql& sql, std::int64_t id);

}  // namespace hkl
