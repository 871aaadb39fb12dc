// Settings made from a plugin's schema: values at the ends of what it allows,
// and values other than the usual ones.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "check.h"

namespace hkl::validate {

struct SettingValue {
  std::string name;   // of the setting
  std::string which;  // "64 KiB of text"
  nlohmann::json value;
};

// Only what satisfies the setting's own schema.
std::vector<SettingValue> values_at_the_ends(const nlohmann::json& schema);

// Whole settings that differ from `usual` in every setting that can differ,
// and then in one each. All satisfy the schema; the plugin may refuse them.
std::vector<nlohmann::json> other_settings(const nlohmann::json& usual, const nlohmann::json& schema);

}  // namespace hkl::validate
