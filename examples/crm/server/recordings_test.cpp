#include "recordings.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

namespace crm {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

class RecordingsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/hookline-recordings-XXXXXX";
    folder_ = ::mkdtemp(name);
    write("a.wav", "sound");
  }
  void TearDown() override { fs::remove_all(folder_); }
  void write(const std::string& name, const std::string& text) { std::ofstream(fs::path(folder_) / name) << text; }
  Reply ask(const std::string& name, int keep_days = 0, const std::string& started = "2026-03-02T09:00:00.000Z") const {
    return Recordings(folder_, keep_days).of_call({{"started_at", started}, {"recordings", Json::array({name})}});
  }
  std::string folder_;
};

TEST_F(RecordingsTest, AFileOfTheFolderIsPlayed) {
  const auto reply = ask("a.wav");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.type, "audio/wav");
  EXPECT_EQ(reply.body, "sound");
}

TEST_F(RecordingsTest, NoNameLeadsOutOfTheFolder) {
  write("../hookline-secret.wav", "secret");
  fs::create_symlink("/etc/passwd", fs::path(folder_) / "link.wav");
  for (const char* name : {"../hookline-secret.wav", "/etc/passwd", "..", "x/../a.wav", "..\\a.wav", ".hidden.wav",
                           "link.wav", "a.txt", ""})
    EXPECT_EQ(ask(name).status, 404) << name;
  fs::remove(fs::path(folder_) / "../hookline-secret.wav");
}

TEST_F(RecordingsTest, WhatIsOlderThanItIsKeptIsGoneThoughTheFileIsThere) {
  EXPECT_EQ(ask("a.wav", 30, "2020-01-01T00:00:00.000Z").status, 410);
  EXPECT_EQ(ask("a.wav", 0, "2020-01-01T00:00:00.000Z").status, 200);
}

TEST_F(RecordingsTest, ACallWithoutOneSaysSo) {
  EXPECT_EQ(Recordings(folder_, 0).of_call({{"recordings", Json::array()}}).status, 404);
}

}  // namespace
}  // namespace crm
