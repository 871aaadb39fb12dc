#include "plugins/note.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "plugins/elf_file.h"
#include "plugins/host_services.h"
#include "plugins/texts.h"

namespace hkl {
namespace {

using Json = nlohmann::json;

constexpr std::uint64_t kLargestFile = 1ull << 30;
constexpr std::size_t kLongestManifestText = 1024;

struct Descriptor {
  int fd = -1;
  explicit Descriptor(int opened) : fd(opened) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd >= 0) ::close(fd);
  }
};

Done judge_owner_and_mode(const struct stat& info) {
  if (S_ISDIR(info.st_mode)) return fail(HKL_INVALID, "is no plugin: a folder; take it out of the plugin folder");
  if (!S_ISREG(info.st_mode))
    return fail(HKL_INVALID, "is no plugin: not a regular file; take it out of the plugin folder");
  if ((info.st_mode & S_IWOTH) != 0) {
    return fail(HKL_AUTH, "may be written by everybody, so nobody knows what it does; chmod o-w it");
  }
  if (info.st_uid != 0 && info.st_uid != ::geteuid()) {
    return fail(HKL_AUTH, fmt::format("belongs to user {}, neither to root nor to user {} who runs this; chown it",
                                      info.st_uid, ::geteuid()));
  }
  return {};
}

Result<std::string> read_all(int fd, std::size_t size) {
  std::string bytes(size, '\0');
  std::size_t done = 0;
  while (done < size) {
    const auto got = ::read(fd, bytes.data() + done, size - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0)
      return fail(HKL_UNAVAILABLE, fmt::format("cannot be read: {}", std::generic_category().message(errno)));
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  bytes.resize(done);
  return bytes;
}

// --- The manifest ---

std::string api_version(std::uint32_t major, std::uint32_t minor) { return fmt::format("{}.{}", major, minor); }

tl::unexpected<Error> bad_manifest(const std::string& what) {
  return fail(HKL_INVALID, fmt::format("has a bad manifest: {}; take a corrected build", what));
}

bool is_plain_line(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

Result<std::string> line_of(const Json& manifest, const char* name) {
  const auto found = manifest.find(name);
  if (found == manifest.end()) return bad_manifest(fmt::format("there is no \"{}\"", name));
  if (!found->is_string()) return bad_manifest(fmt::format("\"{}\" is no text", name));
  auto text = found->get<std::string>();
  if (text.empty()) return bad_manifest(fmt::format("\"{}\" is empty", name));
  if (text.size() > kLongestManifestText) {
    return bad_manifest(fmt::format("\"{}\" has more than {} bytes", name, kLongestManifestText));
  }
  if (!is_plain_line(text)) {
    return bad_manifest(fmt::format("\"{}\" has control characters", name));
  }
  return text;
}

Result<std::vector<std::string>> lines_of(const Json& manifest, const char* name) {
  std::vector<std::string> out;
  const auto found = manifest.find(name);
  if (found == manifest.end()) return out;
  const auto refuse = [&] { return bad_manifest(fmt::format("\"{}\" is no list of texts", name)); };
  if (!found->is_array()) return refuse();
  for (const auto& item : *found) {
    if (!item.is_string()) return refuse();
    out.push_back(item.get<std::string>());
  }
  return out;
}

// "smdr" or "com.example.smdr": lower-case words of letters, digits and "-".
bool is_plugin_id(std::string_view id) {
  bool begins = true;
  for (const char c : id) {
    const bool is_letter = 'a' <= c && c <= 'z', is_digit = '0' <= c && c <= '9';
    if (c == '.') {
      if (begins) return false;
      begins = true;
      continue;
    }
    if (!is_letter && !is_digit && (c != '-' || begins)) return false;
    begins = false;
  }
  return !begins;
}

Result<std::string> schema_of(const Json& manifest) {
  const auto found = manifest.find("settings");
  if (found == manifest.end()) return std::string("{}");
  if (!found->is_object()) return bad_manifest("\"settings\" is no JSON Schema object");
  return found->dump();
}

Result<PluginNote> read_manifest(std::string_view text, PluginNote note) {
  const Json manifest = Json::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
  if (!manifest.is_object()) return bad_manifest("it is no JSON object");

  const std::pair<const char*, std::string*> lines[] = {{"id", &note.id},
                                                        {"version", &note.version},
                                                        {"author", &note.author},
                                                        {"licence", &note.licence},
                                                        {"summary", &note.summary}};
  for (const auto& [name, out] : lines) {
    auto line = line_of(manifest, name);
    if (!line) return fail(line.error());
    *out = std::move(*line);
  }
  if (!is_plugin_id(note.id)) {
    return bad_manifest(fmt::format("\"{}\" is no plugin id such as \"com.example.smdr\"", note.id));
  }
  const std::pair<const char*, std::vector<std::string>*> lists[] = {
      {"interfaces", &note.interfaces}, {"needs", &note.needs}, {"flags", &note.flags}};
  for (const auto& [name, out] : lists) {
    auto list = lines_of(manifest, name);
    if (!list) return fail(list.error());
    *out = std::move(*list);
  }
  if (note.interfaces.empty()) return bad_manifest("it offers no interface");
  auto schema = schema_of(manifest);
  if (!schema) return fail(schema.error());
  note.settings_schema = std::move(*schema);
  return note;
}

Result<PluginNote> judge(const std::string& file, std::string_view image) {
  const auto elf = read_elf(image);
  if (!elf) return fail(elf.error());
  auto head = read_note_head(file, *elf);
  if (!head) return head;
  // The version comes first: what follows may have another form there.
  if (auto judged = judge_version(*head); !judged) return fail(judged.error());
  auto note = read_note_manifest(*elf, std::move(*head));
  if (!note) return note;
  if (auto judged = judge_entry(*elf); !judged) return fail(judged.error());
  if (auto judged = judge_libraries(*elf); !judged) return fail(judged.error());
  if (auto judged = judge_code(*elf); !judged) return fail(judged.error());
  if (auto judged = judge_needs(*note); !judged) return fail(judged.error());
  return note;
}

}  // namespace

Result<PluginNote> read_note_head(const std::string& file, const ElfFile& elf) {
  if (elf.notes.empty()) {
    return fail(HKL_INVALID,
                "is no Hookline plugin: it has no note " HKL_NOTE_SECTION "; take it out of the plugin folder");
  }
  if (elf.notes.size() > 1) {
    return fail(HKL_INVALID, fmt::format("has {} notes in place of one; take a corrected build", elf.notes.size()));
  }
  std::uint32_t head[4];
  if (elf.notes.front().size() < sizeof head)
    return fail(HKL_INVALID, "has a note that is too short; take a corrected build");
  std::memcpy(head, elf.notes.front().data(), sizeof head);
  if (head[0] != HKL_NOTE_MAGIC)
    return fail(HKL_INVALID, "has a note without its mark \"HKL1\"; take a corrected build");

  PluginNote note;
  note.file = file;
  note.abi_major = head[1];
  note.required_minor = head[2];
  note.built_minor = head[3];
  return note;
}

Done judge_version(const PluginNote& note) {
  if (note.abi_major == HKL_ABI_MAJOR && note.required_minor <= HKL_ABI_MINOR) return {};
  const bool is_newer = note.abi_major >= HKL_ABI_MAJOR;
  return fail(HKL_UNSUPPORTED, fmt::format("needs plugin API {}, this host has {}; {}take the build for {}",
                                           api_version(note.abi_major, note.required_minor), host_api_version(),
                                           is_newer ? "update the host or " : "", host_api_version()));
}

std::string_view manifest_of(const ElfFile& elf) {
  auto manifest = std::string_view(elf.notes.front()).substr(sizeof(std::uint32_t[4]));
  while (manifest.ends_with('\0')) manifest.remove_suffix(1);
  return manifest;
}

Result<PluginNote> read_note_manifest(const ElfFile& elf, PluginNote head) {
  return read_manifest(manifest_of(elf), std::move(head));
}

Done judge_entry(const ElfFile& elf) {
  if (!elf.entry) return fail(HKL_INVALID, "exports no " HKL_PLUGIN_SYMBOL "; take a corrected build");
  if (!elf.entry->is_object)
    return fail(HKL_INVALID,
                "exports " HKL_PLUGIN_SYMBOL " as a function, not as a data object; take a corrected build");
  if (!elf.entry->is_read_only) {
    return fail(HKL_INVALID, "has " HKL_PLUGIN_SYMBOL " in memory that can be written; take a corrected build");
  }
  if (elf.entry->size < elf.entry->struct_size) {
    return fail(HKL_INVALID, fmt::format("{} says it has {} bytes and has {}; take a corrected build",
                                         HKL_PLUGIN_SYMBOL, elf.entry->struct_size, elf.entry->size));
  }
  return {};
}

Done judge_libraries(const ElfFile& elf) {
  for (const auto& library : elf.needed) {
    if (library.starts_with("libhookline.so")) {
      return fail(HKL_INVALID, fmt::format("is linked to {}, and a plugin asks the host by get_interface alone; build "
                                           "it again without that library",
                                           library));
    }
  }
  for (const auto& folder : elf.run_path) {
    if (folder.starts_with('/') || folder.starts_with("$ORIGIN")) continue;
    return fail(HKL_INVALID, fmt::format("looks for libraries in \"{}\", which depends on where the host was started; "
                                         "build it again with absolute folders in its RUNPATH",
                                         folder));
  }
  return {};
}

Done judge_code(const ElfFile& elf) {
  if (!elf.unique.empty()) {
    return fail(HKL_INVALID, fmt::format("shares the static {} with every library that has one of that name; build it "
                                         "again with -fno-gnu-unique",
                                         elf.unique.front()));
  }
  if (elf.has_text_relocations) {
    return fail(HKL_INVALID, "wants its code to be written to while it is loaded; build it again with -fPIC");
  }
  if (elf.has_executable_stack) {
    return fail(HKL_INVALID, "wants an executable stack; build it again with -Wl,-z,noexecstack");
  }
  return {};
}

Done judge_needs(const PluginNote& note) {
  const auto& offered = host_interface_ids();
  for (const auto& need : note.needs) {
    if (std::find(offered.begin(), offered.end(), need) == offered.end()) {
      return fail(HKL_UNSUPPORTED, fmt::format("needs {}, which this host does not have; update the host", need));
    }
  }
  return {};
}

std::string host_api_version() { return api_version(HKL_ABI_MAJOR, HKL_ABI_MINOR); }

Result<std::string> read_plugin_file(const std::string& file) {
  // Non-blocking, or a FIFO without a writer would hold us for ever.
  const Descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (opened.fd < 0) {
    struct stat link;
    if (errno == ENOENT && ::lstat(file.c_str(), &link) == 0 && S_ISLNK(link.st_mode)) {
      return fail(
          Error{HKL_NOT_FOUND, "is no plugin: a link that leads nowhere; remove it, or put back what it names"}.in(
              file));
    }
    if (errno == ENXIO)
      return fail(Error{HKL_INVALID, "is no plugin: not a regular file; take it out of the plugin folder"}.in(file));
    return fail(Error{HKL_NOT_FOUND, "cannot be opened: " + std::generic_category().message(errno)}.in(file));
  }
  struct stat info;
  if (::fstat(opened.fd, &info) != 0) {
    return fail(Error{HKL_UNAVAILABLE, "cannot be examined: " + std::generic_category().message(errno)}.in(file));
  }
  if (auto judged = judge_owner_and_mode(info); !judged) return fail(judged.error().in(file));
  if (static_cast<std::uint64_t>(info.st_size) > kLargestFile) {
    return fail(Error{HKL_INVALID, "is no plugin: larger than 1 GiB; take it out of the plugin folder"}.in(file));
  }
  auto bytes = read_all(opened.fd, static_cast<std::size_t>(info.st_size));
  if (!bytes) return fail(bytes.error().in(file));
  return bytes;
}

Result<PluginNote> judge_note(const std::string& file, std::string_view image) {
  auto note = judge(file, image);
  if (!note) return fail(note.error().in(file));
  return note;
}

Result<PluginNote> read_note(const std::string& file) {
  const auto image = read_plugin_file(file);
  if (!image) return fail(image.error());
  return judge_note(file, *image);
}

}  // namespace hkl
