// What is due is sent, once.
#include "schedules/runner.h"

#include <gmock/gmock.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "services/zone.h"

namespace hkl {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kMoscow = "Europe/Moscow";

class Schedules : public testing::Test {
 protected:
  Schedules() {
    std::string name = (fs::temp_directory_path() / "hookline-schedules-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    schedule_.id = "monday";
    schedule_.saved = "weekly";
    schedule_.cron = *Cron::of("0 9 * * mon");
    schedule_.folder = folder_ / "out";
  }
  ~Schedules() override { fs::remove_all(folder_); }

  // A runtime that looks at that moment.
  Instant look(const char* at) {
    ScheduleParts parts;
    parts.config.schedules = {schedule_};
    parts.timezone = kMoscow;
    parts.make = [this](const Schedule&, Instant due) -> Result<MadeReport> {
      if (!trouble_.text.empty()) return fail(trouble_);
      const auto day = iso_local(due, kMoscow).substr(0, 10);
      return MadeReport{"of " + day, "text/csv", "Weekly", day, day};
    };
    parts.recall = [this](const std::string& id) -> Result<std::string> { return kept_[id]; };
    parts.remember = [this](const std::string& id, const std::string& text) -> Done {
      kept_[id] = text;
      return {};
    };
    parts.now = [at] { return *parse_from(at, kMoscow); };
    parts.log = [this](std::uint32_t, const std::string& line) { log_.push_back(line); };
    return ScheduleRunner(std::move(parts)).step();
  }
  std::vector<std::string> files() const {
    std::vector<std::string> names;
    if (fs::is_directory(folder_ / "out"))
      for (const auto& entry : fs::directory_iterator(folder_ / "out"))
        names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
  }

  fs::path folder_;
  Schedule schedule_;
  Error trouble_{HKL_UNAVAILABLE, ""};
  std::map<std::string, std::string> kept_;
  std::vector<std::string> log_;
};

TEST_F(Schedules, ANewOneBeginsWithTheNextTime) {
  look("2026-03-09 09:30");
  EXPECT_THAT(files(), ElementsAre());
}

TEST_F(Schedules, WhatIsDueIsSentOnceOverRestarts) {
  look("2026-03-08 12:00");
  look("2026-03-09 09:00");
  EXPECT_THAT(files(), ElementsAre("weekly-2026-03-09.xlsx"));
  std::stringstream text;
  text << std::ifstream(folder_ / "out" / "weekly-2026-03-09.xlsx").rdbuf();
  EXPECT_EQ(text.str(), "of 2026-03-09");
  fs::remove(folder_ / "out" / "weekly-2026-03-09.xlsx");
  look("2026-03-09 09:05");
  EXPECT_THAT(files(), ElementsAre());
  look("2026-03-16 09:00");
  EXPECT_THAT(files(), ElementsAre("weekly-2026-03-16.xlsx"));
}

TEST_F(Schedules, OfSeveralThatWereMissedTheLastIsSentAndTheOthersAreNamed) {
  look("2026-03-08 12:00");
  look("2026-03-24 12:00");
  EXPECT_THAT(files(), ElementsAre("weekly-2026-03-23.xlsx"));
  EXPECT_THAT(log_, Contains(HasSubstr("due at 2026-03-09T09:00")));
  EXPECT_THAT(log_, Contains(HasSubstr("due at 2026-03-16T09:00")));
}

TEST_F(Schedules, WhatFailsIsTriedAgainAfterAPauseThatGrows) {
  look("2026-03-08 12:00");
  trouble_.text = "the disk is full";
  EXPECT_EQ(look("2026-03-09 09:00"), *parse_from("2026-03-09 09:01", kMoscow));
  EXPECT_THAT(log_.back(), HasSubstr("attempt 1: the disk is full"));
  EXPECT_EQ(look("2026-03-09 09:00:30"), *parse_from("2026-03-09 09:01", kMoscow));
  EXPECT_EQ(look("2026-03-09 09:01"), *parse_from("2026-03-09 09:06", kMoscow));
  trouble_.text.clear();
  look("2026-03-09 09:06");
  EXPECT_THAT(files(), ElementsAre("weekly-2026-03-09.xlsx"));
}

TEST_F(Schedules, WhatCannotBeIsGivenUpAtOnceAndTheNextTimeCountsAnew) {
  look("2026-03-08 12:00");
  trouble_ = {HKL_INVALID, "there is no such column"};
  look("2026-03-09 09:00");
  EXPECT_THAT(log_.back(), HasSubstr("there is no such column; given up"));
  trouble_.text.clear();
  look("2026-03-09 09:05");
  EXPECT_THAT(files(), ElementsAre());
  look("2026-03-16 09:00");
  EXPECT_THAT(files(), ElementsAre("weekly-2026-03-16.xlsx"));
}

}  // namespace
}  // namespace hkl
