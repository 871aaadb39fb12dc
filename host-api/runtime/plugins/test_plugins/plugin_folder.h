// A plugin folder of one test, filled from the test plugins, and short ways to
// open one of them.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "plugins/note.h"
#include "plugins/plugin_file.h"

namespace hkl {

inline std::string test_plugin(const std::string& name) { return std::string(HKL_TEST_PLUGINS) + "/" + name + ".so"; }

inline std::string bytes_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

class PluginFolder {
 public:
  PluginFolder() : path_(std::filesystem::temp_directory_path() / "hookline-plugins-XXXXXX") {
    if (::mkdtemp(path_.data()) == nullptr) ADD_FAILURE() << "no temporary folder " << path_;
  }
  PluginFolder(const PluginFolder&) = delete;
  PluginFolder& operator=(const PluginFolder&) = delete;
  ~PluginFolder() { std::filesystem::remove_all(path_); }

  const std::string& path() const { return path_; }
  std::string file(const std::string& name) const { return path_ + "/" + name; }
  std::string write(const std::string& name, const std::string& bytes) const {
    std::ofstream(file(name), std::ios::binary | std::ios::trunc) << bytes;
    return file(name);
  }
  // A copy of a test plugin under another name.
  std::string add(const std::string& plugin, const std::string& name) const {
    return write(name, bytes_of(test_plugin(plugin)));
  }

 private:
  std::string path_;
};

// Opens a test plugin where it was built.
inline Result<std::shared_ptr<PluginFile>> open_test_plugin(const std::string& name) {
  const auto image = read_plugin_file(test_plugin(name));
  if (!image) return fail(image.error());
  const auto note = judge_note(test_plugin(name), *image);
  if (!note) return fail(note.error());
  return open_plugin(*note, *image);
}

// The image with another manifest, which must be shorter.
inline std::string with_manifest(std::string image, std::string manifest) {
  const auto at = image.find("{\"id\": \"test-plugin\"");
  const auto end = image.find('\0', at);
  if (at == std::string::npos || manifest.size() > end - at) ADD_FAILURE() << "no room for " << manifest;
  manifest.resize(end - at, ' ');
  return image.replace(at, end - at, manifest);
}

// The image with its entry under another name.
inline std::string without_entry(std::string image) {
  for (auto at = image.find(HKL_PLUGIN_SYMBOL); at != std::string::npos; at = image.find(HKL_PLUGIN_SYMBOL, at)) {
    image[at] = 'H';
  }
  return image;
}

// What went wrong, or "".
template <typename T>
std::string error_of(const Result<T>& result) {
  return result ? "" : result.error().text;
}

}  // namespace hkl
