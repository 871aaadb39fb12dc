// `--demo`: a firm that never was, so that every page has something to say at
// the first start.
#pragma once

#include <cstdint>
#include <string>

#include "../app.h"

namespace crm {

struct DemoSettings {
  int days = 365;
  std::uint64_t seed = 2026;
};

// Writes the firm's YAML unless there is one.
void prepare_demo(const std::string& config, const DemoSettings& settings);
// Users and history, once; a second start finds them there.
void fill_demo(App& app, const DemoSettings& settings);
// Whom to sign in as.
std::string demo_welcome();

}  // namespace crm
