#include "plugins/plugin_file.h"

// Before any header of Boost.DLL: std::filesystem in place of Boost's, which
// would be one more library.
#define BOOST_DLL_USE_STD_FS
#include <dlfcn.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xxhash.h>

#include <boost/dll/shared_library.hpp>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include "plugins/elf_file.h"
#include "plugins/tables.h"

namespace hkl {
namespace {

using boost::dll::shared_library;
namespace load_mode = boost::dll::load_mode;

// What is mapped till the process ends.
struct Opened {
  MappedPlugin mapped;
  CheckedPlugin plugin;
};

using Content = std::pair<XXH64_hash_t, XXH64_hash_t>;

// One content. Its own mutex, so that a plugin whose constructors hang delays
// nobody but those who want the same file. What was refused stays mapped like
// the rest, so it is remembered and not mapped again at each attempt.
struct Slot {
  std::mutex mutex;
  std::shared_ptr<const Opened> opened;  // guarded by mutex
  std::optional<Error> refused;          // guarded by mutex
};

struct Registry {
  std::mutex mutex;
  std::map<Content, std::unique_ptr<Slot>> by_content;  // guarded by mutex; slots stay

  Slot& slot(const Content& content) {
    const std::lock_guard lock(mutex);
    auto& found = by_content[content];
    if (!found) found = std::make_unique<Slot>();
    return *found;
  }
};

// Never destroyed: Boost.DLL closes a library in its destructor, and static
// destructors may still run code of plugins (abi-rules R12).
Registry& registry() {
  static auto* const only = new Registry;
  return *only;
}

class FileInUse final : public PluginFile {
 public:
  FileInUse(PluginNote note, std::shared_ptr<const Opened> opened)
      : note_(std::move(note)), opened_(std::move(opened)) {}
  const PluginNote& note() const override { return note_; }
  const hkl_plugin& descriptor() const override { return opened_->plugin.descriptor; }
  const void* find_interface(const std::string& id) const override {
    const auto found = opened_->plugin.tables.find(id);
    return found == opened_->plugin.tables.end() ? nullptr : found->second.data();
  }

 private:
  PluginNote note_;
  std::shared_ptr<const Opened> opened_;
};

// Puts the bytes where nobody else can change them: whoever overwrites the
// file in the folder would otherwise change running code. Gives a descriptor,
// which the caller closes if it is not used; while the copy is mapped it stays
// open, since its number is in the name that the loader remembers.
Result<int> private_copy(const PluginNote& note, const std::string& image) {
  const auto name = std::filesystem::path(note.file).filename().string();
  const int fd = ::memfd_create(name.c_str(), MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (fd < 0)
    return fail(HKL_RESOURCE, "cannot be copied to a private place: " + std::generic_category().message(errno));
  std::size_t done = 0;
  while (done < image.size()) {
    const auto written = ::write(fd, image.data() + done, image.size() - done);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      const int number = errno;
      ::close(fd);
      return fail(HKL_RESOURCE, "cannot be copied to a private place: " + std::generic_category().message(number));
    }
    done += static_cast<std::size_t>(written);
  }
  // Sealed, so that not even this process writes to it by mistake.
  ::fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL);
  return fd;
}

// The loader's own sentence, without the name of the private copy.
std::string why_not_loaded(const std::string& copy) {
  const char* said = ::dlerror();
  std::string text = said == nullptr ? "the loader does not say why" : said;
  if (text.starts_with(copy + ": ")) text.erase(0, copy.size() + 2);
  return text;
}

// What to do about a refusal of the loader.
std::string cure_of(const std::string& why, const ElfFile& elf) {
  if (why.find("static TLS") == std::string::npos) return "install what is missing or build it again with -Wl,-z,defs";
  // glibc keeps so much for all libraries that are opened later, and more only
  // in a process that asked for it when it began.
  constexpr std::uint64_t kReserve = 1664;
  const bool fits_alone = elf.static_tls < kReserve / 2;
  return fmt::format(
      "it keeps {} bytes of thread-local memory in what this process set aside when it began; build it again without "
      "-ftls-model=initial-exec, {}or start this process with GLIBC_TUNABLES=glibc.rtld.optional_static_tls={}",
      elf.static_tls, fits_alone ? "give it `isolation: process`, " : "", elf.static_tls + 4096);
}

Result<shared_library> load(const std::string& copy, const ElfFile& elf) {
  // Boost hands the mode on to dlopen as it is; NODELETE has no name there.
  const auto mode = static_cast<load_mode::type>(static_cast<unsigned>(load_mode::rtld_now) |
                                                 static_cast<unsigned>(load_mode::rtld_local) | RTLD_NODELETE);
  shared_library library;
  std::error_code failed;
  library.load(copy, failed, mode);
  if (!failed && library.is_loaded()) return library;
  const auto why = why_not_loaded(copy);
  return fail(HKL_UNAVAILABLE, fmt::format("cannot be loaded: {}; {}", why, cure_of(why, elf)));
}

// Fills the slot, unless the loader could not: what is missing may be there
// the next time.
Result<std::shared_ptr<const Opened>> open_new(const PluginNote& note, const std::string& image, Slot& slot) {
  auto mapped = map_plugin(note, image);
  if (!mapped) return fail(mapped.error());
  auto opened = std::make_shared<Opened>();
  opened->mapped = std::move(*mapped);
  auto plugin = check_descriptor(opened->mapped.descriptor, opened->mapped.symbol_size, note);
  if (!plugin) {
    slot.refused = Error{plugin.error().status, plugin.error().text + "; take a corrected build"};
    return fail(*slot.refused);
  }
  opened->plugin = std::move(*plugin);
  slot.opened = std::move(opened);
  return slot.opened;
}

Result<std::shared_ptr<const Opened>> open_once(const PluginNote& note, const std::string& image) {
  const auto hash = XXH3_128bits(image.data(), image.size());
  auto& slot = registry().slot({hash.high64, hash.low64});
  const std::lock_guard lock(slot.mutex);
  if (slot.opened) return slot.opened;
  if (slot.refused) return fail(*slot.refused);
  return open_new(note, image, slot);
}

}  // namespace

Result<MappedPlugin> map_plugin(const PluginNote& note, const std::string& image) {
  const auto elf = read_elf(image);
  if (!elf) return fail(elf.error());
  const auto fd = private_copy(note, image);
  if (!fd) return fail(fd.error());
  // With the process id rather than "self": debuggers and symbolizers are
  // other processes.
  auto library = load(fmt::format("/proc/{}/fd/{}", ::getpid(), *fd), *elf);
  if (!library) {
    ::close(*fd);
    return fail(library.error());
  }
  const auto* descriptor = &library->get<const hkl_plugin>(HKL_PLUGIN_SYMBOL);
  return MappedPlugin{std::make_shared<shared_library>(std::move(*library)), descriptor,
                      elf->entry.value_or(ElfEntry{}).size};
}

Result<std::shared_ptr<PluginFile>> open_plugin(const PluginNote& note, const std::string& image) {
  try {
    auto opened = open_once(note, image);
    if (!opened) return fail(opened.error().in(note.file));
    return std::make_shared<FileInUse>(note, std::move(*opened));
  } catch (const std::exception& thrown) {  // a constructor of the plugin, or memory
    return fail(HKL_INTERNAL, fmt::format("{}: threw while it was opened: {}", note.file, thrown.what()));
  }
}

}  // namespace hkl
