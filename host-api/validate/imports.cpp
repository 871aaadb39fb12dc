#include "imports.h"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>

namespace hkl::validate {
namespace {

// The parts of a dynamic section that tell of imports (System V ABI, "Dynamic
// Section"). glibc relocates these addresses when it maps a library.
struct Dynamic {
  const char* strings = nullptr;
  const ElfW(Sym) * symbols = nullptr;
  const ElfW(Rela) * tables[2] = {};
  std::size_t sizes[2] = {};
};

Dynamic read_dynamic(const link_map& map) {
  Dynamic out;
  for (const auto* entry = map.l_ld; entry->d_tag != DT_NULL; ++entry) {
    const auto address = static_cast<std::uintptr_t>(entry->d_un.d_ptr);
    switch (entry->d_tag) {
      case DT_STRTAB:
        // NOLINTNEXTLINE(performance-no-int-to-ptr): the dynamic section holds addresses as numbers
        out.strings = reinterpret_cast<const char*>(address);
        break;
      case DT_SYMTAB:
        // NOLINTNEXTLINE(performance-no-int-to-ptr): the dynamic section holds addresses as numbers
        out.symbols = reinterpret_cast<const ElfW(Sym)*>(address);
        break;
      case DT_RELA:
        // NOLINTNEXTLINE(performance-no-int-to-ptr): the dynamic section holds addresses as numbers
        out.tables[0] = reinterpret_cast<const ElfW(Rela)*>(address);
        break;
      case DT_RELASZ:
        out.sizes[0] = entry->d_un.d_val / sizeof(ElfW(Rela));
        break;
      case DT_JMPREL:
        // NOLINTNEXTLINE(performance-no-int-to-ptr): the dynamic section holds addresses as numbers
        out.tables[1] = reinterpret_cast<const ElfW(Rela)*>(address);
        break;
      case DT_PLTRELSZ:
        out.sizes[1] = entry->d_un.d_val / sizeof(ElfW(Rela));
        break;
      default:
        break;
    }
  }
  return out;
}

bool is_function_slot(std::uint32_t type) {
#if defined(__x86_64__)
  return type == R_X86_64_JUMP_SLOT || type == R_X86_64_GLOB_DAT || type == R_X86_64_64;
#elif defined(__aarch64__)
  return type == R_AARCH64_JUMP_SLOT || type == R_AARCH64_GLOB_DAT || type == R_AARCH64_ABS64;
#else
  (void)type;
  return false;
#endif
}

// The table is read-only once relocations are done; it is made writable for
// good, in a process that serves one check.
bool put(void** slot, void* function) {
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  // NOLINTNEXTLINE(performance-no-int-to-ptr): the dynamic section holds addresses as numbers
  auto* begin = reinterpret_cast<void*>(reinterpret_cast<std::uintptr_t>(slot) & ~(page - 1));
  if (::mprotect(begin, page, PROT_READ | PROT_WRITE) != 0) return false;
  *slot = function;
  return true;
}

}  // namespace

int replace_imports(const void* address, const std::function<void*(const std::string& name)>& replacement) {
  Dl_info info;
  link_map* map = nullptr;
  if (::dladdr1(address, &info, reinterpret_cast<void**>(&map), RTLD_DL_LINKMAP) == 0 || map == nullptr) return 0;
  const auto dynamic = read_dynamic(*map);
  int count = 0;
  for (int table = 0; table < 2; ++table) {
    for (std::size_t i = 0; i < dynamic.sizes[table]; ++i) {
      const auto& one = dynamic.tables[table][i];
      if (!is_function_slot(ELF64_R_TYPE(one.r_info))) continue;
      const auto& symbol = dynamic.symbols[ELF64_R_SYM(one.r_info)];
      if (symbol.st_shndx != SHN_UNDEF) continue;
      auto* with = replacement(dynamic.strings + symbol.st_name);
      // NOLINTNEXTLINE(performance-no-int-to-ptr): the dynamic section holds addresses as numbers
      if (with != nullptr && put(reinterpret_cast<void**>(map->l_addr + one.r_offset), with)) ++count;
    }
  }
  return count;
}

}  // namespace hkl::validate
