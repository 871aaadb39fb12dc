#include "plugins/elf_file.h"

#include <elf.h>
#include <gmock/gmock.h>

#include <cstring>

#include "plugins/test_plugins/plugin_folder.h"

namespace hkl {
namespace {

using testing::HasSubstr;

std::string good() { return bytes_of(test_plugin("good")); }

Elf64_Ehdr head_of(const std::string& image) {
  Elf64_Ehdr head;
  std::memcpy(&head, image.data(), sizeof head);
  return head;
}

TEST(ElfFile, TellsTheNoteAndTheEntryOfAPlugin) {
  const auto elf = read_elf(good());
  ASSERT_TRUE(elf) << error_of(elf);
  ASSERT_EQ(elf->notes.size(), 1u);
  EXPECT_THAT(elf->notes[0], HasSubstr("\"id\": \"test-plugin\""));
  ASSERT_TRUE(elf->entry);
  EXPECT_TRUE(elf->entry->is_object);
  EXPECT_TRUE(elf->entry->is_read_only);
  EXPECT_EQ(elf->entry->size, sizeof(hkl_plugin));
}

TEST(ElfFile, TellsAnEntryThatIsWritableAFunctionOrAbsent) {
  EXPECT_FALSE(read_elf(bytes_of(test_plugin("entry-writable")))->entry->is_read_only);
  EXPECT_FALSE(read_elf(bytes_of(test_plugin("entry-is-function")))->entry->is_object);
  EXPECT_FALSE(read_elf(without_entry(good()))->entry);
}

TEST(ElfFile, IsRefusedAtEveryLengthButItsOwn) {
  const auto image = good();
  for (std::size_t length = 0; length < image.size(); length += length < 200 ? 1 : 61) {
    const auto elf = read_elf(std::string_view(image).substr(0, length));
    ASSERT_FALSE(elf) << length;
    if (length >= SELFMAG) {
      EXPECT_THAT(elf.error().text, HasSubstr("is truncated: its headers promise ")) << length;
    }
  }
}

TEST(ElfFile, SurvivesAnyDamageToItsHeaders) {
  auto image = good();
  const auto head = head_of(image);
  const std::size_t section_table = head.e_shoff, section_end = section_table + head.e_shnum * sizeof(Elf64_Shdr);
  std::size_t refused = 0;
  const auto damage = [&](std::size_t at) {
    const char whole = image[at];
    for (const int value : {0x00, 0x7F, 0xFF, whole ^ 1}) {
      image[at] = static_cast<char>(value);
      const auto elf = read_elf(image);
      if (!elf) {
        ++refused;
        EXPECT_FALSE(elf.error().text.empty());
      }
    }
    image[at] = whole;
  };
  for (std::size_t at = 0; at < sizeof(Elf64_Ehdr) + head.e_phnum * sizeof(Elf64_Phdr); ++at) damage(at);
  for (std::size_t at = section_table; at < section_end; at += 3) damage(at);
  EXPECT_GT(refused, 100u);
  EXPECT_TRUE(read_elf(image)) << "the damage was not undone";
}

TEST(ElfFile, RefusesAProgramAndAnObjectFile) {
  auto image = good();
  for (const Elf64_Half type : {ET_REL, ET_EXEC, ET_CORE}) {
    std::memcpy(image.data() + offsetof(Elf64_Ehdr, e_type), &type, sizeof type);
    EXPECT_EQ(error_of(read_elf(image)), "is no plugin: a program or an object file; take it out of the plugin folder");
  }
}

TEST(ElfFile, NamesTheMachineItIsBuiltFor) {
  auto image = good();
  const std::pair<Elf64_Half, const char*> machines[] = {{EM_386, "x86 (32 bits)"},
                                                         {EM_ARM, "ARM (32 bits)"},
                                                         {EM_PPC64, "PowerPC 64"},
                                                         {EM_S390, "S/390"},
                                                         {0x1234, "ELF machine 4660"}};
  for (const auto& [machine, name] : machines) {
    std::memcpy(image.data() + offsetof(Elf64_Ehdr, e_machine), &machine, sizeof machine);
    const auto elf = read_elf(image);
    ASSERT_FALSE(elf);
    EXPECT_EQ(elf.error().status, HKL_UNSUPPORTED);
    EXPECT_THAT(elf.error().text, HasSubstr(std::string("is built for ") + name + ", this host is "));
  }
}

TEST(ElfFile, RefusesANoteThatIsCutShort) {
  auto image = good();
  const auto elf = read_elf(image);
  ASSERT_TRUE(elf);
  // The note's second word is the size of its description, 24 bytes before it.
  const auto description = image.find(elf->notes[0]);
  const std::uint32_t too_much = 1 << 20;
  std::memcpy(image.data() + description - 20, &too_much, sizeof too_much);
  EXPECT_EQ(error_of(read_elf(image)), "is damaged: its note is cut short; take a corrected build");
}

TEST(ElfFile, PassesOverNotesOfOthersInTheSameSection) {
  auto image = good();
  const auto note = image.find(std::string("Hookline\0", 9));
  ASSERT_NE(note, std::string::npos);
  image[note] = 'X';
  const auto elf = read_elf(image);
  ASSERT_TRUE(elf) << error_of(elf);
  EXPECT_TRUE(elf->notes.empty());
}

}  // namespace
}  // namespace hkl
