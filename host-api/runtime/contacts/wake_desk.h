// What plugins ask while one contact is derived: to be asked about it again at
// a time (hookline/host.h, "Being woken"). The pipeline empties it before and
// keeps what is in it afterwards.
//
// Used by the writer's thread alone, which is where classifiers and task rules run.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "values/instant.h"

namespace hkl {

struct WakeDesk {
  // By entry of the YAML and the plugin's own key; nothing: taken back.
  std::map<std::pair<std::string, std::string>, std::optional<Instant>> asked;
};

}  // namespace hkl
