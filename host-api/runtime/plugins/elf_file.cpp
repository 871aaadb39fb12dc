#include "plugins/elf_file.h"

#include <fmt/format.h>
#include <gelf.h>

#include <cstring>
#include <memory>

#include "hookline/plugin.h"

namespace hkl {
namespace {

#if defined(__x86_64__)
constexpr GElf_Half kThisMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr GElf_Half kThisMachine = EM_AARCH64;
#elif defined(__riscv)
constexpr GElf_Half kThisMachine = EM_RISCV;
#else
#error "name this machine's ELF number here"
#endif

std::string machine_name(GElf_Half machine) {
  switch (machine) {
    case EM_X86_64:
      return "x86-64";
    case EM_386:
      return "x86 (32 bits)";
    case EM_AARCH64:
      return "ARM64";
    case EM_ARM:
      return "ARM (32 bits)";
    case EM_RISCV:
      return "RISC-V";
    case EM_PPC64:
      return "PowerPC 64";
    case EM_S390:
      return "S/390";
    default:
      return fmt::format("ELF machine {}", machine);
  }
}

struct CloseElf {
  void operator()(Elf* elf) const { elf_end(elf); }
};
using OpenElf = std::unique_ptr<Elf, CloseElf>;

tl::unexpected<Error> truncated(std::uint64_t promised, std::size_t there) {
  return fail(HKL_INVALID, fmt::format("is truncated: its headers promise {} bytes, the file has {}; copy it again",
                                       promised, there));
}

tl::unexpected<Error> damaged() {
  return fail(HKL_INVALID, "is damaged: its ELF headers contradict themselves; copy it again");
}

bool reaches_beyond(std::uint64_t offset, std::uint64_t size, std::size_t limit) {
  return offset > limit || size > limit - offset;
}

// Every header and section must lie inside the file (check S01): the loader
// would map what is not there and die of it.
Done judge_extent(Elf* elf, const GElf_Ehdr& head, std::size_t file_size) {
  const std::uint64_t section_table = std::uint64_t{head.e_shnum} * head.e_shentsize;
  if (reaches_beyond(head.e_shoff, section_table, file_size)) return truncated(head.e_shoff + section_table, file_size);
  const std::uint64_t segment_table = std::uint64_t{head.e_phnum} * head.e_phentsize;
  if (reaches_beyond(head.e_phoff, segment_table, file_size)) return truncated(head.e_phoff + segment_table, file_size);

  for (std::size_t i = 0; i < head.e_phnum; ++i) {
    GElf_Phdr segment;
    if (gelf_getphdr(elf, static_cast<int>(i), &segment) == nullptr) return damaged();
    if (reaches_beyond(segment.p_offset, segment.p_filesz, file_size)) {
      return truncated(segment.p_offset + segment.p_filesz, file_size);
    }
  }
  for (Elf_Scn* section = nullptr; (section = elf_nextscn(elf, section)) != nullptr;) {
    GElf_Shdr header;
    if (gelf_getshdr(section, &header) == nullptr) return damaged();
    if (header.sh_type != SHT_NOBITS && reaches_beyond(header.sh_offset, header.sh_size, file_size)) {
      return truncated(header.sh_offset + header.sh_size, file_size);
    }
  }
  return {};
}

std::size_t padded(std::size_t size) { return (size + 3) & ~std::size_t{3}; }

// Takes the notes of one section apart (System V ABI, "Note Section").
Done read_notes(std::string_view bytes, std::vector<std::string>& out) {
  constexpr std::size_t kHead = 12;
  const auto damaged_note = [] {
    return fail(HKL_INVALID, "is damaged: its note is cut short; take a corrected build");
  };
  while (!bytes.empty()) {
    if (bytes.size() < kHead) return damaged_note();
    std::uint32_t head[3];
    std::memcpy(head, bytes.data(), sizeof head);
    const auto [name_size, desc_size, type] = head;
    bytes.remove_prefix(kHead);
    if (reaches_beyond(padded(name_size), desc_size, bytes.size())) return damaged_note();
    const std::string_view name = bytes.substr(0, name_size);
    if (name == std::string_view(HKL_NOTE_NAME, sizeof HKL_NOTE_NAME) && type == HKL_NOTE_TYPE) {
      out.emplace_back(bytes.substr(padded(name_size), desc_size));
    }
    bytes.remove_prefix(std::min(bytes.size(), padded(name_size) + padded(desc_size)));
  }
  return {};
}

bool is_read_only(Elf* elf, const GElf_Ehdr& head, std::uint64_t address) {
  bool is_writable = false, is_relro = false;
  for (std::size_t i = 0; i < head.e_phnum; ++i) {
    GElf_Phdr segment;
    if (gelf_getphdr(elf, static_cast<int>(i), &segment) == nullptr) continue;
    const bool holds = segment.p_vaddr <= address && address - segment.p_vaddr < segment.p_memsz;
    if (holds && segment.p_type == PT_LOAD) is_writable = (segment.p_flags & PF_W) != 0;
    if (holds && segment.p_type == PT_GNU_RELRO) is_relro = true;
  }
  return !is_writable || is_relro;
}

// The first four bytes of what lies at `address`.
std::uint32_t number_at(Elf* elf, const GElf_Ehdr& head, std::string_view image, std::uint64_t address) {
  for (std::size_t i = 0; i < head.e_phnum; ++i) {
    GElf_Phdr segment;
    if (gelf_getphdr(elf, static_cast<int>(i), &segment) == nullptr || segment.p_type != PT_LOAD) continue;
    std::uint32_t number = 0;
    if (address < segment.p_vaddr || reaches_beyond(address - segment.p_vaddr, sizeof number, segment.p_filesz)) {
      continue;
    }
    std::memcpy(&number, image.data() + segment.p_offset + (address - segment.p_vaddr), sizeof number);
    return number;
  }
  return 0;
}

void read_symbols(Elf* elf, const GElf_Ehdr& head, std::string_view image, Elf_Scn* section, const GElf_Shdr& header,
                  ElfFile& out) {
  Elf_Data* data = elf_getdata(section, nullptr);
  if (data == nullptr || header.sh_entsize == 0) return;
  for (std::size_t i = 0; i < header.sh_size / header.sh_entsize; ++i) {
    GElf_Sym symbol;
    if (gelf_getsym(data, static_cast<int>(i), &symbol) == nullptr) return;
    const char* name = elf_strptr(elf, header.sh_link, symbol.st_name);
    if (name == nullptr || *name == '\0' || GELF_ST_BIND(symbol.st_info) == STB_LOCAL) continue;
    if (symbol.st_shndx == SHN_UNDEF) {
      out.imports.emplace_back(name);
      continue;
    }
    if (symbol.st_shndx == SHN_ABS && GELF_ST_TYPE(symbol.st_info) != STT_FUNC) continue;  // a version's name
    out.exports.emplace_back(name);
    if (GELF_ST_BIND(symbol.st_info) == STB_GNU_UNIQUE) out.unique.emplace_back(name);
    if (std::strcmp(name, HKL_PLUGIN_SYMBOL) == 0) {
      out.entry = ElfEntry{GELF_ST_TYPE(symbol.st_info) == STT_OBJECT, is_read_only(elf, head, symbol.st_value),
                           symbol.st_size, number_at(elf, head, image, symbol.st_value)};
    }
  }
}

void add_folders(std::string_view path, std::vector<std::string>& out) {
  for (;;) {
    const auto colon = path.find(':');
    out.emplace_back(path.substr(0, colon));
    if (colon == std::string_view::npos) return;
    path.remove_prefix(colon + 1);
  }
}

void read_dynamic(Elf* elf, Elf_Scn* section, const GElf_Shdr& header, std::uint64_t tls_size, ElfFile& out) {
  Elf_Data* data = elf_getdata(section, nullptr);
  if (data == nullptr || header.sh_entsize == 0) return;
  for (std::size_t i = 0; i < header.sh_size / header.sh_entsize; ++i) {
    GElf_Dyn entry;
    if (gelf_getdyn(data, static_cast<int>(i), &entry) == nullptr || entry.d_tag == DT_NULL) return;
    const bool is_text = entry.d_tag == DT_NEEDED || entry.d_tag == DT_RPATH || entry.d_tag == DT_RUNPATH;
    const char* text = is_text ? elf_strptr(elf, header.sh_link, entry.d_un.d_val) : nullptr;
    if (text != nullptr && entry.d_tag == DT_NEEDED) out.needed.emplace_back(text);
    if (text != nullptr && entry.d_tag != DT_NEEDED) add_folders(text, out.run_path);
    const bool has_flags = entry.d_tag == DT_FLAGS;
    if (entry.d_tag == DT_TEXTREL || (has_flags && (entry.d_un.d_val & DF_TEXTREL) != 0)) {
      out.has_text_relocations = true;
    }
    if (has_flags && (entry.d_un.d_val & DF_STATIC_TLS) != 0) out.static_tls = tls_size;
  }
}

// Size of the thread-local memory; notes an executable stack on the way.
std::uint64_t read_segments(Elf* elf, const GElf_Ehdr& head, ElfFile& out) {
  std::uint64_t tls_size = 0;
  for (std::size_t i = 0; i < head.e_phnum; ++i) {
    GElf_Phdr segment;
    if (gelf_getphdr(elf, static_cast<int>(i), &segment) == nullptr) continue;
    if (segment.p_type == PT_TLS) tls_size = segment.p_memsz;
    if (segment.p_type == PT_GNU_STACK) out.has_executable_stack = (segment.p_flags & PF_X) != 0;
  }
  return tls_size;
}

Done judge_head(const GElf_Ehdr& head) {
  const bool is_64 = head.e_ident[EI_CLASS] == ELFCLASS64;
  if (head.e_machine != kThisMachine || !is_64) {
    return fail(HKL_UNSUPPORTED,
                fmt::format("is built for {}, this host is {}; take the build for {}", machine_name(head.e_machine),
                            machine_name(kThisMachine), machine_name(kThisMachine)));
  }
  if (head.e_type != ET_DYN) {
    return fail(HKL_INVALID, "is no plugin: a program or an object file; take it out of the plugin folder");
  }
  return {};
}

}  // namespace

Result<ElfFile> read_elf(std::string_view image) {
  if (image.empty()) return fail(HKL_INVALID, "is no plugin: an empty file; copy it again");
  if (image.size() < SELFMAG || std::memcmp(image.data(), ELFMAG, SELFMAG) != 0) {
    return fail(HKL_INVALID, "is no plugin: not an ELF file; take it out of the plugin folder");
  }
  if (image.size() < sizeof(Elf64_Ehdr)) return truncated(sizeof(Elf64_Ehdr), image.size());
  if (elf_version(EV_CURRENT) == EV_NONE) return fail(HKL_INTERNAL, "cannot be judged: libelf is too old");

  // libelf takes a pointer to char, but writes nothing to a file that was
  // opened for reading from memory.
  const OpenElf elf(elf_memory(const_cast<char*>(image.data()), image.size()));
  GElf_Ehdr head;
  if (!elf || gelf_getehdr(elf.get(), &head) == nullptr) return damaged();
  if (auto judged = judge_head(head); !judged) return fail(judged.error());
  if (auto judged = judge_extent(elf.get(), head, image.size()); !judged) return fail(judged.error());

  std::size_t names = 0;
  if (elf_getshdrstrndx(elf.get(), &names) != 0) return damaged();
  ElfFile out;
  const auto tls_size = read_segments(elf.get(), head, out);
  for (Elf_Scn* section = nullptr; (section = elf_nextscn(elf.get(), section)) != nullptr;) {
    GElf_Shdr header;
    if (gelf_getshdr(section, &header) == nullptr) return damaged();
    const char* name = elf_strptr(elf.get(), names, header.sh_name);
    if (name != nullptr && std::strcmp(name, HKL_NOTE_SECTION) == 0 && header.sh_type != SHT_NOBITS) {
      auto read = read_notes(image.substr(header.sh_offset, header.sh_size), out.notes);
      if (!read) return fail(read.error());
    }
    if (header.sh_type == SHT_DYNSYM) read_symbols(elf.get(), head, image, section, header, out);
    if (header.sh_type == SHT_DYNAMIC) read_dynamic(elf.get(), section, header, tls_size, out);
  }
  return out;
}

}  // namespace hkl
