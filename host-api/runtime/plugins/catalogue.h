// The plugins this host knows. Reads the notes of the files it finds, judges
// them, opens those that are asked for and keeps them mapped till the process
// ends (abi-rules R2, R3, R12, R13).
//
// Thread-safe.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "hookline/plugin.h"
#include "values/result.h"

namespace hkl {

// What a file says of itself before it is opened.
struct PluginNote {
  std::string file;
  std::uint32_t abi_major = 0, required_minor = 0, built_minor = 0;
  std::string id, version, author, licence, summary;
  std::vector<std::string> interfaces, needs, flags;
  std::string settings_schema;  // JSON text, "{}" when none is given
};

// Reads and judges the note; nothing in the file runs. The error names the
// file, what is wrong (no plugin, truncated, another machine, another version)
// and the way out.
Result<PluginNote> read_note(const std::string& file);

// A file that was opened. Its tables stay valid for ever.
class PluginFile {
 public:
  virtual ~PluginFile() = default;
  virtual const PluginNote& note() const = 0;
  virtual const hkl_plugin& descriptor() const = 0;
  // The checked table, or null when it is not offered.
  virtual const void* find_interface(const std::string& id) const = 0;
  // An instance of it (hkl_life.create), whose functions are those of its
  // tables. A virtual one, as a plugin in another process is known by its file
  // alone: its functions are the same for all such plugins.
  virtual hkl_status create(hkl_str interface_id, const hkl_host* host, hkl_instance** out, hkl_error* err) const;
};

// The bytes of a file that was judged, with what they say.
struct ReadPlugin {
  PluginNote note;
  std::string image;
};

class PluginCatalogue {
 public:
  // Folders are looked through in order, in each the files that end in ".so" by
  // name. Of two files with one id the first stays; the other is named in
  // refusals().
  explicit PluginCatalogue(std::vector<std::string> folders);
  ~PluginCatalogue();

  const std::vector<PluginNote>& notes() const;
  const std::vector<std::string>& refusals() const;  // one line for each file left out
  // HKL_NOT_FOUND names the folders and the nearest id.
  Result<PluginNote> find(const std::string& id) const;
  // Read and judged anew: it may have been replaced since the scan. Opens nothing.
  Result<ReadPlugin> read(const std::string& id) const;
  // Opens the file, at most once for each content. Narrow and early binding.
  Result<std::shared_ptr<PluginFile>> open(const std::string& id);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hkl
