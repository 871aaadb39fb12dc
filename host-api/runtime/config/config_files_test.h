// For tests of the config: a folder of its own, files in it, and the plugins
// that a config may name, as their notes would tell of them.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "config/config.h"

namespace hkl {

class ConfigFiles : public ::testing::Test {
 protected:
  ConfigFiles() {
    std::string name = (std::filesystem::temp_directory_path() / "hookline-config-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  ~ConfigFiles() override { std::filesystem::remove_all(folder_); }

  std::string file(const std::string& name, const std::string& text) const {
    const auto path = folder_ / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
    return path.string();
  }

  static ReadConfig read_file(const std::string& path);
  ReadConfig read(const std::string& yaml) const { return read_file(file("hookline.yaml", yaml)); }

  // The complaints, each "hookline.yaml:2:1: …", without the folder.
  std::vector<std::string> complaints(const std::string& yaml) const {
    std::vector<std::string> lines;
    for (const auto& complaint : read(yaml).complaints) lines.push_back(without_folder(complaint.str()));
    return lines;
  }
  // The config; fails the test when there is any complaint.
  Config config(const std::string& yaml) const {
    auto got = read(yaml);
    for (const auto& complaint : got.complaints) ADD_FAILURE() << complaint.str();
    return got.config.value_or(Config{});
  }
  std::string without_folder(std::string text) const {
    const auto prefix = folder_.string() + "/";
    for (auto at = text.find(prefix); at != std::string::npos; at = text.find(prefix)) text.erase(at, prefix.size());
    return text;
  }

  std::filesystem::path folder_;
};

}  // namespace hkl
