#include "plugins/note.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "plugins/test_plugins/plugin_folder.h"

namespace hkl {
namespace {

using Json = nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Json manifest() {
  return {{"id", "com.example.x"}, {"version", "1.2.0"},        {"author", "Example"},
          {"licence", "MIT"},      {"summary", "Does nothing"}, {"interfaces", {"hookline.report/1"}}};
}

Result<PluginNote> judged(const Json& manifest) {
  static const auto image = bytes_of(test_plugin("good"));
  return judge_note("/plugins/x.so", with_manifest(image, manifest.dump()));
}

// What is wrong with the manifest, without what is said of all bad ones.
std::string fault_of(const Json& manifest) {
  const auto text = error_of(judged(manifest));
  const std::string front = "/plugins/x.so: has a bad manifest: ", back = "; take a corrected build";
  if (!text.starts_with(front) || !text.ends_with(back)) return "unlike: " + text;
  return text.substr(front.size(), text.size() - front.size() - back.size());
}

TEST(PluginNote, IsReadFromTheFile) {
  const auto note = read_note(test_plugin("good"));
  ASSERT_TRUE(note) << error_of(note);
  EXPECT_EQ(note->file, test_plugin("good"));
  EXPECT_EQ(note->abi_major, 1u);
  EXPECT_EQ(note->required_minor, 0u);
  EXPECT_EQ(note->built_minor, HKL_ABI_MINOR);
  EXPECT_EQ(note->id, "test-plugin");
  EXPECT_EQ(note->version, "1.0.0");
  EXPECT_EQ(note->author, "Hookline");
  EXPECT_EQ(note->licence, "Apache-2.0");
  EXPECT_EQ(note->summary, "Does what its input says");
  EXPECT_EQ(note->interfaces.size(), 5u);
  EXPECT_THAT(note->needs, ElementsAre("hookline.host.log/1"));
  EXPECT_EQ(note->settings_schema, R"({"type":"object"})");
}

TEST(PluginNote, WithoutSettingsHasAnEmptySchema) {
  const auto note = judged(manifest());
  ASSERT_TRUE(note) << error_of(note);
  EXPECT_EQ(note->settings_schema, "{}");
  EXPECT_THAT(note->needs, IsEmpty());
  EXPECT_THAT(note->flags, IsEmpty());
}

TEST(PluginNote, NeedsEachOfItsLines) {
  for (const auto* name : {"id", "version", "author", "licence", "summary"}) {
    auto bad = manifest();
    bad.erase(name);
    EXPECT_EQ(fault_of(bad), "there is no \"" + std::string(name) + "\"");
    bad[name] = 7;
    EXPECT_EQ(fault_of(bad), "\"" + std::string(name) + "\" is no text");
    bad[name] = "";
    EXPECT_EQ(fault_of(bad), "\"" + std::string(name) + "\" is empty");
    bad[name] = "two\nlines";
    EXPECT_EQ(fault_of(bad), "\"" + std::string(name) + "\" has control characters");
  }
}

TEST(PluginNote, RefusesListsThatAreNone) {
  for (const auto* name : {"interfaces", "needs", "flags"}) {
    auto bad = manifest();
    bad[name] = "hookline.report/1";
    EXPECT_EQ(fault_of(bad), "\"" + std::string(name) + "\" is no list of texts");
    bad[name] = {1, 2};
    EXPECT_EQ(fault_of(bad), "\"" + std::string(name) + "\" is no list of texts");
  }
}

TEST(PluginNote, RefusesAManifestThatIsNoObjectOrOffersNothing) {
  EXPECT_EQ(fault_of(Json::array()), "it is no JSON object");
  auto bad = manifest();
  bad["interfaces"] = Json::array();
  EXPECT_EQ(fault_of(bad), "it offers no interface");
  bad = manifest();
  bad["settings"] = "none";
  EXPECT_EQ(fault_of(bad), "\"settings\" is no JSON Schema object");
}

TEST(PluginNote, TakesPlainAndReversedNamesAsIds) {
  for (const auto* id : {"smdr", "asterisk-ami", "com.example.smdr", "org.a1.b-2"}) {
    auto good = manifest();
    good["id"] = id;
    EXPECT_EQ(error_of(judged(good)), "") << id;
  }
  for (const auto* id :
       {"Smdr", "my plugin", ".smdr", "smdr.", "com..smdr", "-smdr", "com.-x", "a/b", "../x", "смдр"}) {
    auto bad = manifest();
    bad["id"] = id;
    EXPECT_EQ(fault_of(bad), "\"" + std::string(id) + "\" is no plugin id such as \"com.example.smdr\"");
  }
}

TEST(PluginNote, RefusesManifestTextThatIsNoUtf8) {
  const auto text = manifest().dump();
  auto bad = text;
  bad.replace(bad.find("Does"), 1, "\xff");
  const auto image = with_manifest(bytes_of(test_plugin("good")), bad);
  EXPECT_THAT(error_of(judge_note("/plugins/x.so", image)), HasSubstr("it is no JSON object"));
}

TEST(PluginNote, AnEndlessLineIsRefused) {
  // A longer manifest than the good one's has room in a note of its own.
  const auto elf_note = bytes_of(test_plugin("long-summary"));
  EXPECT_EQ(error_of(judge_note("/plugins/x.so", elf_note)),
            "/plugins/x.so: has a bad manifest: \"summary\" has more than 1024 bytes; take a corrected build");
}

TEST(PluginNote, OfAnotherVersionIsJudgedBeforeItsManifest) {
  // A manifest of API 2 may have any form.
  const auto image = with_manifest(bytes_of(test_plugin("newer-major")), "[2]");
  const auto note = judge_note("/plugins/x.so", image);
  ASSERT_FALSE(note);
  EXPECT_EQ(note.error().status, HKL_UNSUPPORTED);
  EXPECT_EQ(note.error().text, "/plugins/x.so: needs plugin API 2.0, this host has " + host_api_version() +
                                   "; update the host or take the build for " + host_api_version());
}

TEST(PluginNote, OfAFileThatIsNotThereSaysSo) {
  const auto note = read_note("/nowhere/x.so");
  ASSERT_FALSE(note);
  EXPECT_EQ(note.error().status, HKL_NOT_FOUND);
  EXPECT_EQ(note.error().text, "/nowhere/x.so: cannot be opened: No such file or directory");
}

}  // namespace
}  // namespace hkl
