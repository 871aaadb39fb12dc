#include "plugins/catalogue.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <system_error>

#include "plugins/note.h"
#include "plugins/plugin_file.h"
#include "values/words.h"

namespace hkl {
namespace {

namespace fs = std::filesystem;

std::string joined(const std::vector<std::string>& items) {
  return items.empty() ? "no folder" : fmt::format("{}", fmt::join(items, ", "));
}

// Whoever may write in the folder may put a plugin there; the sticky bit does
// not keep anybody from adding one.
std::string folder_fault(const std::string& folder) {
  struct stat info;
  if (::stat(folder.c_str(), &info) != 0) {
    return fmt::format("{}: no such plugin folder; make it, or correct plugins.folders", folder);
  }
  if (!S_ISDIR(info.st_mode)) return fmt::format("{}: is no folder; correct plugins.folders", folder);
  if ((info.st_mode & S_IWOTH) != 0) {
    return fmt::format("{}: everybody may write in this plugin folder, so nothing in it is opened; chmod o-w it",
                       folder);
  }
  return {};
}

// A capture, a read-me or a build's own files may lie beside the plugins.
bool is_plugin_name(const std::string& name) { return name.ends_with(".so") && !name.starts_with('.'); }

bool is_within(const fs::path& folder, const fs::path& file) {
  const auto parent = file.parent_path();
  return std::mismatch(folder.begin(), folder.end(), parent.begin(), parent.end()).first == folder.end();
}

// A link may name another file of the folder, and nothing outside of it.
bool leaves_folder(const std::string& folder, const std::string& file) {
  std::error_code failed;
  const auto real_folder = fs::canonical(folder, failed);
  if (failed) return false;
  const auto real_file = fs::canonical(file, failed);
  return !failed && !is_within(real_folder, real_file);
}

Result<PluginNote> examine(const std::string& folder, const std::string& file) {
  if (leaves_folder(folder, file)) {
    return fail(HKL_AUTH, fmt::format("{}: is a link that leaves the plugin folder; copy the file itself", file));
  }
  return read_note(file);
}

}  // namespace

struct PluginCatalogue::State {
  std::vector<std::string> folders;
  std::vector<PluginNote> notes;
  std::vector<std::string> refusals;
  std::map<std::string, std::string> folder_of;  // of a file
  // Notes and refusals are fixed once the catalogue is made; opening is
  // guarded in plugin_file.cpp.

  void scan(const std::string& folder) {
    if (auto fault = folder_fault(folder); !fault.empty()) {
      refusals.push_back(std::move(fault));
      return;
    }
    std::vector<std::string> files;
    std::error_code failed;
    for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed)) {
      if (is_plugin_name(entry->path().filename().string())) files.push_back(entry->path().string());
    }
    if (failed) refusals.push_back(fmt::format("{}: cannot be listed: {}", folder, failed.message()));
    std::sort(files.begin(), files.end());
    for (const auto& file : files) add(folder, file);
  }

  void add(const std::string& folder, const std::string& file) {
    auto note = examine(folder, file);
    if (!note) {
      refusals.push_back(note.error().text);
      return;
    }
    const auto same_id = std::find_if(notes.begin(), notes.end(), [&](const auto& n) { return n.id == note->id; });
    if (same_id != notes.end()) {
      refusals.push_back(fmt::format("{}: has the id {} of {}, which came first and stays; remove one of them", file,
                                     note->id, same_id->file));
      return;
    }
    folder_of[file] = folder;
    notes.push_back(std::move(*note));
  }
};

PluginCatalogue::PluginCatalogue(std::vector<std::string> folders) : state_(std::make_unique<State>()) {
  state_->folders = std::move(folders);
  for (const auto& folder : state_->folders) state_->scan(folder);
}

PluginCatalogue::~PluginCatalogue() = default;

const std::vector<PluginNote>& PluginCatalogue::notes() const { return state_->notes; }
const std::vector<std::string>& PluginCatalogue::refusals() const { return state_->refusals; }

Result<PluginNote> PluginCatalogue::find(const std::string& id) const {
  std::vector<std::string_view> ids;
  for (const auto& note : state_->notes) {
    if (note.id == id) return note;
    ids.push_back(note.id);
  }
  auto text = fmt::format("there is no plugin \"{}\" in {}", id, joined(state_->folders));
  const auto nearest = nearest_word(id, ids.data(), ids.size());
  if (!nearest.empty()) text += fmt::format("; did you mean \"{}\"?", nearest);
  // The file may be there and have been refused.
  for (const auto& refusal : state_->refusals) {
    if (refusal.find("/" + id + ".so: ") != std::string::npos) text += "; " + refusal;
  }
  return fail(HKL_NOT_FOUND, std::move(text));
}

Result<ReadPlugin> PluginCatalogue::read(const std::string& id) const {
  const auto found = find(id);
  if (!found) return fail(found.error());
  if (leaves_folder(state_->folder_of.at(found->file), found->file)) {
    return fail(HKL_AUTH,
                fmt::format("{}: is a link that leaves the plugin folder; copy the file itself", found->file));
  }
  // What is opened must be what was judged.
  auto image = read_plugin_file(found->file);
  if (!image) return fail(image.error());
  auto note = judge_note(found->file, *image);
  if (!note) return fail(note.error());
  if (note->id != id) {
    return fail(HKL_NOT_FOUND,
                fmt::format("{}: was replaced and now holds {}; load the config again", found->file, note->id));
  }
  return ReadPlugin{std::move(*note), std::move(*image)};
}

Result<std::shared_ptr<PluginFile>> PluginCatalogue::open(const std::string& id) {
  const auto plugin = read(id);
  if (!plugin) return fail(plugin.error());
  const auto& [note, image] = *plugin;
  if (std::find(note.flags.begin(), note.flags.end(), "active") != note.flags.end()) {
    return fail(HKL_UNSUPPORTED,
                fmt::format("{}: wants a process of its own (flag \"active\"); write `isolation: process` at its entry",
                            note.file));
  }
  return open_plugin(note, image);
}

hkl_status PluginFile::create(hkl_str interface_id, const hkl_host* host, hkl_instance** out, hkl_error* err) const {
  return static_cast<const hkl_life*>(find_interface(HKL_LIFE_V1))->create(interface_id, host, out, err);
}

}  // namespace hkl
