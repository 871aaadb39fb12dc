#include "plugins/catalogue.h"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plugins/test_plugins/plugin_folder.h"

namespace hkl {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> files_of(const PluginCatalogue& catalogue) {
  std::vector<std::string> files;
  for (const auto& note : catalogue.notes()) files.push_back(fs::path(note.file).filename());
  return files;
}

// The one refusal of a folder that holds the one file "x.so", without the
// file's name.
std::string refusal_of_x(const PluginFolder& folder) {
  const PluginCatalogue catalogue({folder.path()});
  EXPECT_THAT(catalogue.notes(), IsEmpty());
  EXPECT_EQ(catalogue.refusals().size(), 1u);
  if (catalogue.refusals().empty()) return {};
  const auto& refusal = catalogue.refusals().front();
  const auto name = folder.file("x.so") + ": ";
  EXPECT_EQ(refusal.substr(0, name.size()), name);
  return refusal.substr(name.size());
}

TEST(PluginCatalogue, TellsPluginsByTheirNotes) {
  const PluginFolder folder;
  folder.add("good", "x.so");
  const PluginCatalogue catalogue({folder.path()});
  EXPECT_THAT(catalogue.refusals(), IsEmpty());
  ASSERT_EQ(catalogue.notes().size(), 1u);
  EXPECT_EQ(catalogue.notes()[0].id, "test-plugin");
  EXPECT_EQ(catalogue.notes()[0].file, folder.file("x.so"));
}

TEST(PluginCatalogue, LooksOnlyAtNamesThatEndInSo) {
  const PluginFolder folder;
  folder.add("good", "x.so");
  folder.write("x.capture", "what the PBX said");
  folder.write(".hidden.so", "an editor's copy");
  fs::create_directory(folder.file("CMakeFiles"));
  const PluginCatalogue catalogue({folder.path()});
  EXPECT_THAT(files_of(catalogue), ElementsAre("x.so"));
  EXPECT_THAT(catalogue.refusals(), IsEmpty());
}

TEST(PluginCatalogue, RefusesATextFile) {
  const PluginFolder folder;
  folder.write("x.so", "I am no plugin\n");
  EXPECT_EQ(refusal_of_x(folder), "is no plugin: not an ELF file; take it out of the plugin folder");
}

TEST(PluginCatalogue, RefusesAnEmptyFile) {
  const PluginFolder folder;
  folder.write("x.so", "");
  EXPECT_EQ(refusal_of_x(folder), "is no plugin: an empty file; copy it again");
}

TEST(PluginCatalogue, RefusesAFolderWithAPluginsName) {
  const PluginFolder folder;
  fs::create_directory(folder.file("x.so"));
  EXPECT_EQ(refusal_of_x(folder), "is no plugin: a folder; take it out of the plugin folder");
}

TEST(PluginCatalogue, RefusesAFifoWithoutWaitingForItsWriter) {
  const PluginFolder folder;
  ASSERT_EQ(::mkfifo(folder.file("x.so").c_str(), 0600), 0);
  EXPECT_EQ(refusal_of_x(folder), "is no plugin: not a regular file; take it out of the plugin folder");
}

TEST(PluginCatalogue, RefusesALinkThatLeadsNowhere) {
  const PluginFolder folder;
  fs::create_symlink("gone.so", folder.file("x.so"));
  EXPECT_EQ(refusal_of_x(folder), "is no plugin: a link that leads nowhere; remove it, or put back what it names");
}

TEST(PluginCatalogue, RefusesALinkThatLeavesTheFolder) {
  const PluginFolder folder, elsewhere;
  fs::create_symlink(elsewhere.add("good", "good.so"), folder.file("x.so"));
  EXPECT_EQ(refusal_of_x(folder), "is a link that leaves the plugin folder; copy the file itself");
}

TEST(PluginCatalogue, TakesALinkToAnotherFileOfTheFolder) {
  const PluginFolder folder;
  folder.add("good", "good.so.1");
  fs::create_symlink("good.so.1", folder.file("x.so"));
  EXPECT_THAT(files_of(PluginCatalogue({folder.path()})), ElementsAre("x.so"));
}

TEST(PluginCatalogue, RefusesATruncatedCopyAndTellsBothSizes) {
  const PluginFolder folder;
  const auto whole = bytes_of(test_plugin("good"));
  folder.write("x.so", whole.substr(0, 4096));
  EXPECT_THAT(refusal_of_x(folder), testing::MatchesRegex("is truncated: its headers promise [0-9]+ bytes, "
                                                          "the file has 4096; copy it again"));
}

TEST(PluginCatalogue, RefusesAPluginOfAnotherMachine) {
  const PluginFolder folder;
  auto bytes = bytes_of(test_plugin("good"));
  constexpr std::size_t kMachine = 18;  // e_machine of an ELF header
  bytes[kMachine] = 22;                 // EM_S390
  bytes[kMachine + 1] = 0;
  folder.write("x.so", bytes);
  EXPECT_THAT(refusal_of_x(folder),
              testing::MatchesRegex("is built for S/390, this host is .*; take the build for .*"));
}

TEST(PluginCatalogue, RefusesWhatEverybodyMayWrite) {
  const PluginFolder folder;
  ASSERT_EQ(::chmod(folder.add("good", "x.so").c_str(), 0646), 0);
  EXPECT_EQ(refusal_of_x(folder), "may be written by everybody, so nobody knows what it does; chmod o-w it");
}

TEST(PluginCatalogue, RefusesWhatBelongsToAStranger) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  const PluginFolder folder;
  ASSERT_EQ(::chown(folder.add("good", "x.so").c_str(), 12345, 0), 0);
  EXPECT_EQ(refusal_of_x(folder), "belongs to user 12345, neither to root nor to user 0 who runs this; chown it");
}

TEST(PluginCatalogue, RefusesAnotherProjectsLibrary) {
  const PluginFolder folder;
  folder.write("x.so", bytes_of(HKL_TEST_PLUGINS "/../libhkl-test-gone.so"));
  EXPECT_EQ(refusal_of_x(folder),
            "is no Hookline plugin: it has no note .note.hookline; take it out of the plugin folder");
}

TEST(PluginCatalogue, RefusesByTheNoteWithoutOpening) {
  const std::pair<const char*, const char*> fixtures[] = {
      {"no-note", "is no Hookline plugin: it has no note .note.hookline; take it out of the plugin folder"},
      {"two-notes", "has 2 notes in place of one; take a corrected build"},
      {"bad-magic", "has a note without its mark \"HKL1\"; take a corrected build"},
      {"bad-manifest", "has a bad manifest: it is no JSON object; take a corrected build"},
      {"newer-minor", "needs plugin API 1.4, this host has 1.0; update the host or take the build for 1.0"},
      {"newer-major", "needs plugin API 2.0, this host has 1.0; update the host or take the build for 1.0"},
      {"major-zero", "needs plugin API 0.0, this host has 1.0; take the build for 1.0"},
      {"unknown-need", "needs hookline.host.teleport/1, which this host does not have; update the host"},
      {"entry-is-function", "exports hookline_plugin_v1 as a function, not as a data object; take a corrected build"},
      {"entry-writable", "has hookline_plugin_v1 in memory that can be written; take a corrected build"},
  };
  for (const auto& [fixture, why] : fixtures) {
    const PluginFolder folder;
    folder.add(fixture, "x.so");
    EXPECT_EQ(refusal_of_x(folder), why) << fixture;
  }
}

TEST(PluginCatalogue, RefusesAPluginWithoutItsEntry) {
  const PluginFolder folder;
  folder.write("x.so", without_entry(bytes_of(test_plugin("good"))));
  EXPECT_EQ(refusal_of_x(folder), "exports no hookline_plugin_v1; take a corrected build");
}

TEST(PluginCatalogue, TakesABuildOfANewerMinorThatRequiresAnOldOne) {
  const PluginFolder folder;
  folder.add("newer-minor-optional", "x.so");
  PluginCatalogue catalogue({folder.path()});
  EXPECT_TRUE(catalogue.open("test-plugin")) << catalogue.refusals().front();
}

TEST(PluginCatalogue, OneBadFileDoesNotStopTheOthers) {
  const PluginFolder folder;
  folder.write("a.so", "no plugin");
  folder.add("good", "b.so");
  folder.add("newer-major", "c.so");
  PluginCatalogue catalogue({folder.path()});
  EXPECT_EQ(catalogue.refusals().size(), 2u);
  EXPECT_THAT(files_of(catalogue), ElementsAre("b.so"));
  EXPECT_TRUE(catalogue.open("test-plugin"));
}

TEST(PluginCatalogue, OfTwoPluginsOfOneIdTheFirstByNameStaysAndTheOtherIsNamed) {
  const PluginFolder folder;
  folder.add("good-2", "b.so");
  folder.add("good", "a.so");
  const PluginCatalogue catalogue({folder.path()});
  EXPECT_THAT(files_of(catalogue), ElementsAre("a.so"));
  EXPECT_THAT(catalogue.refusals(),
              ElementsAre(folder.file("b.so") + ": has the id test-plugin of " + folder.file("a.so") +
                          ", which came first and stays; remove one of them"));
}

TEST(PluginCatalogue, FoldersCountInTheirOrder) {
  const PluginFolder first, second;
  first.add("good-2", "z.so");
  second.add("good", "a.so");
  const PluginCatalogue catalogue({first.path(), second.path()});
  EXPECT_THAT(files_of(catalogue), ElementsAre("z.so"));
}

TEST(PluginCatalogue, NamesAFolderThatIsNotThereOrThatEverybodyMayWrite) {
  const PluginFolder folder;
  folder.add("good", "x.so");
  ASSERT_EQ(::chmod(folder.path().c_str(), 01777), 0);
  const PluginCatalogue catalogue({"/nowhere", folder.path()});
  EXPECT_THAT(catalogue.notes(), IsEmpty());
  EXPECT_THAT(catalogue.refusals(),
              ElementsAre("/nowhere: no such plugin folder; make it, or correct plugins.folders",
                          folder.path() + ": everybody may write in this plugin folder, so nothing in it is opened; "
                                          "chmod o-w it"));
}

TEST(PluginCatalogue, NamesTheNearestIdAndTheFolders) {
  const PluginFolder folder;
  folder.add("good", "x.so");
  const PluginCatalogue catalogue({folder.path()});
  const auto found = catalogue.find("test-plugim");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().status, HKL_NOT_FOUND);
  EXPECT_EQ(found.error().text,
            "there is no plugin \"test-plugim\" in " + folder.path() + "; did you mean \"test-plugin\"?");
}

TEST(PluginCatalogue, SaysWhyAFileOfTheIdsNameWasRefused) {
  const PluginFolder folder;
  folder.add("newer-minor", "smdr.so");
  EXPECT_THAT(error_of(PluginCatalogue({folder.path()}).find("smdr")), HasSubstr("smdr.so: needs plugin API 1.4"));
}

TEST(PluginCatalogue, LeavesAnActivePluginToAProcessOfItsOwn) {
  const PluginFolder folder;
  const auto active = R"({"id": "x", "version": "1", "author": "a", "licence": "b", "summary": "c",
      "interfaces": ["hookline.report/1"], "flags": ["active"]})";
  folder.write("x.so", with_manifest(bytes_of(test_plugin("good")), active));
  EXPECT_EQ(
      error_of(PluginCatalogue({folder.path()}).open("x")),
      folder.file("x.so") + ": wants a process of its own (flag \"active\"); write `isolation: process` at its entry");
}

TEST(PluginCatalogue, OpensAReplacedFileBesideTheOldOne) {
  const PluginFolder folder;
  folder.add("good", "x.so");
  PluginCatalogue catalogue({folder.path()});
  const auto old = catalogue.open("test-plugin");
  ASSERT_TRUE(old) << error_of(old);
  folder.add("good-2", "x.so");  // over the old bytes, in the same inode
  const auto replaced = catalogue.open("test-plugin");
  ASSERT_TRUE(replaced) << error_of(replaced);
  EXPECT_EQ((*replaced)->note().version, "2.0.0");
  EXPECT_EQ((*old)->note().version, "1.0.0");
  EXPECT_EQ(std::string((*old)->descriptor().version.ptr, 5), "1.0.0") << "the mapped bytes changed";
  EXPECT_NE((*old)->descriptor().get_interface, (*replaced)->descriptor().get_interface);
}

TEST(PluginCatalogue, OpensOneContentOnceWhateverItsName) {
  const PluginFolder first, second;
  first.add("good", "x.so");
  second.add("good", "y.so");
  const auto x = PluginCatalogue({first.path()}).open("test-plugin");
  const auto y = PluginCatalogue({second.path()}).open("test-plugin");
  ASSERT_TRUE(x && y);
  EXPECT_EQ((*x)->descriptor().get_interface, (*y)->descriptor().get_interface);
  EXPECT_EQ((*y)->note().file, second.file("y.so"));
}

TEST(PluginCatalogue, JudgesAgainWhatIsThereWhenItOpens) {
  const PluginFolder folder;
  folder.add("good", "x.so");
  PluginCatalogue catalogue({folder.path()});
  folder.add("newer-major", "x.so");
  EXPECT_THAT(error_of(catalogue.open("test-plugin")), HasSubstr("x.so: needs plugin API 2.0"));
  const PluginFolder elsewhere;
  fs::remove(folder.file("x.so"));
  fs::create_symlink(elsewhere.add("good", "good.so"), folder.file("x.so"));
  EXPECT_THAT(error_of(catalogue.open("test-plugin")), HasSubstr("x.so: is a link that leaves the plugin folder"));
}

}  // namespace
}  // namespace hkl
