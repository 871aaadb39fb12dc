// The entries that name a plugin: sources, classifiers, tasks, reports.
#pragma once

#include "config/config.h"
#include "config/reading.h"

namespace hkl {

// Reads the four sections into `config`, whose locale and plugin folders are
// read already. Complains of unknown plugins, of plugins of another kind, of
// names and ids written twice, and of settings.
void read_entries(const ConfigReading& reading, const FindPlugin& find_plugin, Config& config);

}  // namespace hkl
