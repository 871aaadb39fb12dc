#include "plugins/plugin_file.h"

#include <gmock/gmock.h>

#include <cstring>
#include <thread>

#include "hookline/pbx_adapter.h"
#include "plugins/elf_file.h"
#include "plugins/test_plugins/plugin_folder.h"

namespace hkl {
namespace {

using testing::HasSubstr;

// Why a test plugin is refused once it is open, without its name.
std::string refusal_of(const std::string& plugin) {
  const auto text = error_of(open_test_plugin(plugin));
  const auto name = test_plugin(plugin) + ": ";
  return text.starts_with(name) ? text.substr(name.size()) : "unlike: " + text;
}

std::size_t open_descriptors() {
  const std::filesystem::directory_iterator all("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

TEST(PluginFile, GivesTheTablesOfAGoodPlugin) {
  const auto file = open_test_plugin("good");
  ASSERT_TRUE(file) << error_of(file);
  EXPECT_EQ((*file)->note().id, "test-plugin");
  EXPECT_EQ((*file)->descriptor().struct_size, sizeof(hkl_plugin));
  const auto* adapter = static_cast<const hkl_pbx_adapter*>((*file)->find_interface(HKL_PBX_ADAPTER_V1));
  ASSERT_NE(adapter, nullptr);
  EXPECT_EQ(adapter->struct_size, sizeof(hkl_pbx_adapter));
  EXPECT_NE(adapter->feed, nullptr);
  EXPECT_NE((*file)->find_interface(HKL_LIFE_V1), nullptr);
  EXPECT_EQ((*file)->find_interface("hookline.pbx-rows/1"), nullptr);
}

TEST(PluginFile, RefusesBadDescriptorsAndTables) {
  const std::pair<const char*, const char*> fixtures[] = {
      {"size-zero", "hookline_plugin_v1: struct_size is 0, less than the 104 bytes of version 1.0"},
      {"size-short", "hookline_plugin_v1: struct_size is 96, less than the 104 bytes of version 1.0"},
      {"size-odd", "hookline_plugin_v1: struct_size is 107, no multiple of 8"},
      {"size-huge", "hookline_plugin_v1: struct_size is 8192, above 4096"},
      {"size-lies", "hookline_plugin_v1 says it has 112 bytes and has 104"},
      {"lying-note",
       "its note and its descriptor disagree: version is \"9.9.9\" in the note and \"1.0.0\" in the descriptor"},
      {"yes-to-all", "offers the interface \"\", which does not exist; it must compare the whole id"},
      {"half-interface", "hookline.pbx-adapter/1 has no feed, which is required"},
      {"half-life", "hookline.life/1 has no destroy, which is required"},
      {"short-interface", "hookline.pbx-adapter/1: struct_size is 40, less than the 48 bytes of version 1.0"},
      {"empty-promise", "promises hookline.pbx-originate/1 in its manifest and does not have it"},
      {"throws-in-get-interface", "threw out of get_interface: broken by get_interface"},
  };
  for (const auto& [fixture, why] : fixtures) {
    EXPECT_EQ(refusal_of(fixture), std::string(why) + "; take a corrected build") << fixture;
  }
}

TEST(PluginFile, TakesTheKnownFrontOfALongerDescriptor) {
  const auto file = open_test_plugin("size-larger");
  ASSERT_TRUE(file) << error_of(file);
  EXPECT_EQ((*file)->descriptor().struct_size, sizeof(hkl_plugin));
}

TEST(PluginFile, NamesTheSymbolThatNobodyDefines) {
  const auto why = refusal_of("unresolved");
  EXPECT_THAT(why, HasSubstr("cannot be loaded: undefined symbol: hkl_test_function_that_nobody_defines"));
  EXPECT_THAT(why, HasSubstr("; install what is missing or build it again with -Wl,-z,defs"));
}

TEST(PluginFile, NamesTheLibraryThatIsMissing) {
  EXPECT_EQ(refusal_of("missing-lib"),
            "cannot be loaded: libhkl-test-gone.so: cannot open shared object file: No such file or directory; "
            "install what is missing or build it again with -Wl,-z,defs");
}

TEST(PluginFile, ARefusalLeavesNoDescriptorOpenHoweverOftenItIsTried) {
  (void)refusal_of("unresolved");
  (void)refusal_of("half-interface");
  const auto before = open_descriptors();
  for (int i = 0; i < 5; ++i) {
    EXPECT_THAT(refusal_of("unresolved"), HasSubstr("undefined symbol"));
    EXPECT_THAT(refusal_of("half-interface"), HasSubstr("has no feed"));
  }
  EXPECT_EQ(open_descriptors(), before);
}

TEST(PluginFile, OneContentIsOpenedOnceByManyThreads) {
  std::vector<Result<std::shared_ptr<PluginFile>>> files(8, fail(HKL_INTERNAL, "not tried"));
  std::vector<std::thread> threads;
  threads.reserve(files.size());
  for (auto& file : files) threads.emplace_back([&file] { file = open_test_plugin("good"); });
  for (auto& thread : threads) thread.join();
  for (const auto& file : files) {
    ASSERT_TRUE(file) << error_of(file);
    EXPECT_EQ((*file)->find_interface(HKL_LIFE_V1), (*files[0])->find_interface(HKL_LIFE_V1));
  }
}

TEST(PluginFile, TheMappedBytesAreNotThoseOfTheFolder) {
  const PluginFolder folder;
  const auto path = folder.add("good-2", "x.so");
  const auto image = read_plugin_file(path);
  ASSERT_TRUE(image);
  const auto file = open_plugin(*judge_note(path, *image), *image);
  ASSERT_TRUE(file) << error_of(file);
  folder.write("x.so", std::string(image->size(), '\0'));
  const auto life = (*file)->descriptor().get_interface({HKL_LIFE_V1, sizeof HKL_LIFE_V1 - 1});
  EXPECT_NE(life, nullptr);
}

}  // namespace
}  // namespace hkl
