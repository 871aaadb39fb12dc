// What requests become by a webhook profile, shown and not stored: for the one
// who writes the profile (hkl_test_profile).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "hookline/runtime.h"
#include "values/result.h"

namespace hkl {

struct ProfileTrial {
  std::string profile;
  std::vector<std::string> files;
  std::map<std::string, std::string> settings;  // of the profile, by name
  std::string timezone, region;
  std::string config_path, source;  // empty: no source's settings
  bool is_json = false;
};

// HKL_PARTLY: a request was refused, or a file holds more than requests.
Done try_profile(const ProfileTrial& trial, const hkl_writer& writer);

}  // namespace hkl
