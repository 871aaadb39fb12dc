// The files beside the store: a cache that is used only when nothing about it
// is in doubt.
#include <filesystem>
#include <fstream>
#include <random>

#include "columns/engine.h"
#include "columns/random_report.h"
#include "reports/test_store.h"

namespace hkl {
namespace {

namespace fs = std::filesystem;

class ColumnFiles : public ReportStore {
 protected:
  ColumnFiles() : calls_(dice_), columns_(fs::path(folder_) / "x.db.columns") {
    sql().run("BEGIN");
    for (int i = 0; i < 300; ++i) calls_.add_to(sql());
    sql().run("COMMIT");
    const auto made = engine();
    EXPECT_TRUE(made->load(sql()));
    EXPECT_TRUE(made->save(sql())) << "saving";
  }

  std::unique_ptr<ColumnEngine> engine() {
    ColumnEngine::Options options;
    options.folder = columns_.string();
    options.reports = {*parse_report("test", kReport.dump())};
    return std::make_unique<ColumnEngine>(std::move(options));
  }
  // Why the files cannot be used, or "".
  std::string refusal() {
    const auto opened = engine()->open(sql());
    return opened ? "" : opened.error().text;
  }
  std::string answered(Engine* engine, PathTaken& taken) {
    auto surroundings = with();
    surroundings.engine = engine;
    surroundings.taken = &taken;
    const auto report = *parse_report("test", kReport.dump());
    return collected([&](const hkl_writer& writer) {
      return run_report(*report, {.format = "json"}, surroundings, reader(), writer);
    });
  }
  void expect_sql_answer(Engine& engine) {
    PathTaken by_columns, by_sql;
    EXPECT_EQ(answered(&engine, by_columns), answered(nullptr, by_sql));
    EXPECT_NE(by_columns.path, "sql") << by_columns.why;
  }
  fs::path file(const std::string& beginning) {
    for (const auto& entry : fs::directory_iterator(columns_))
      if (entry.path().filename().string().starts_with(beginning)) return entry.path();
    throw std::runtime_error("no file " + beginning);
  }
  void turn_a_bit(const fs::path& path) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(static_cast<std::streamoff>(fs::file_size(path) / 2));
    const char byte = static_cast<char>(file.peek() ^ 4);
    file.seekp(static_cast<std::streamoff>(fs::file_size(path) / 2));
    file.put(byte);
  }

  const Json kReport = {
      {"id", "test"},
      {"title", "T"},
      {"rows", "calls"},
      {"credit", {{"default", "each"}, {"allowed", {"each"}}}},  // so that shares are read from the files
      {"dimensions", {{{"id", "who"}, {"title", "W"}, {"expr", "employee"}}}},
      {"measures",
       {{{"id", "missed"}, {"title", "M"}, {"type", "integer"}, {"expr", "count() where missed and is_target"}},
        {{"id", "talk"}, {"title", "T"}, {"type", "seconds"}, {"expr", "sum(credited_talk_s) where answered"}},
        {{"id", "contacts"}, {"title", "C"}, {"type", "integer"}, {"expr", "distinct(contact)"}}}}};
  std::mt19937_64 dice_{5};
  RandomCalls calls_;
  fs::path columns_;
};

TEST_F(ColumnFiles, AreOpenedWithTheirClassesAndFollowTheStore) {
  const auto opened = engine();
  ASSERT_EQ(refusal(), "");
  ASSERT_TRUE(opened->open(sql()));
  expect_sql_answer(*opened);
  for (int i = 0; i < 200; ++i) calls_.change(sql());
  expect_sql_answer(*opened);
}

TEST_F(ColumnFiles, AreWrittenAgainWithWhatChanged) {
  const auto first = engine();
  ASSERT_TRUE(first->open(sql()));
  for (int i = 0; i < 300; ++i) calls_.change(sql());
  ASSERT_TRUE(first->save(sql()));
  expect_sql_answer(*first);
  const auto second = engine();
  ASSERT_TRUE(second->open(sql()));
  sql().run("DELETE FROM fact_changes WHERE seq < (SELECT MAX(seq) FROM fact_changes)");
  expect_sql_answer(*second);
}

TEST_F(ColumnFiles, WithDamagedTextsAreNotUsed) {
  turn_a_bit(file("texts-"));
  EXPECT_EQ(refusal(), "the columns' texts are damaged");
}

// It is seen when the segment is first used, whoever that is.
TEST_F(ColumnFiles, ThatAreDamagedAreGivenUpWhenTheyAreRead) {
  turn_a_bit(file("segment-"));
  const auto asked = engine(), saved = engine(), followed = engine(), opened = engine();
  for (const auto* one : {&asked, &saved, &followed, &opened}) ASSERT_TRUE((*one)->open(sql()));
  const auto expect_given_up = [&](ColumnEngine& engine) {
    PathTaken taken, by_sql;
    EXPECT_EQ(answered(&engine, taken), answered(nullptr, by_sql));
    EXPECT_EQ(taken.path, "sql");
    EXPECT_EQ(taken.why, "a file of the columns is damaged; they are made anew");
    EXPECT_FALSE(engine.is_ready());
  };
  expect_given_up(*asked);
  EXPECT_FALSE(saved->save(sql()));
  EXPECT_FALSE(saved->is_ready());
  sql().run("UPDATE calls SET quality = 'repeat' WHERE quality = 'target'");
  expect_given_up(*followed);
  ASSERT_TRUE(opened->load(sql()));
  expect_sql_answer(*opened);
}

TEST_F(ColumnFiles, ThatAreMissingAreNotUsed) {
  fs::remove(file("texts-"));
  EXPECT_EQ(refusal(), "the columns' texts are damaged");
  fs::remove(file("manifest"));
  EXPECT_EQ(refusal(), "there are no columns yet");
}

TEST_F(ColumnFiles, ThatAreCutOffAreNotUsed) {
  fs::resize_file(file("segment-"), 100);
  EXPECT_EQ(refusal(), "a segment of the columns is missing or damaged");
  fs::resize_file(file("manifest"), 60);
  EXPECT_EQ(refusal(), "the columns were made by another version");
}

TEST_F(ColumnFiles, WithDamagedClassesAskTheRowsAgain) {
  turn_a_bit(file("classes-"));
  const auto opened = engine(), saved = engine(), followed = engine();
  for (const auto* one : {&opened, &saved, &followed}) ASSERT_TRUE((*one)->open(sql()));
  expect_sql_answer(*opened);
  sql().run("UPDATE calls SET quality = 'repeat' WHERE quality = 'target'");
  expect_sql_answer(*followed);
  ASSERT_TRUE(saved->save(sql()));
  expect_sql_answer(*saved);
}

// A backup was put back, and went on from there.
TEST_F(ColumnFiles, OfAnotherHistoryOfTheStoreAreNotUsed) {
  sql().run("UPDATE fact_changes SET mark = mark + 1 WHERE seq = (SELECT MAX(seq) FROM fact_changes)");
  EXPECT_EQ(refusal(), "the columns are of another state of the store");
}

TEST_F(ColumnFiles, AfterWhichTheNotesAreGoneAreMadeAnew) {
  const auto opened = engine();
  ASSERT_TRUE(opened->open(sql()));
  for (int i = 0; i < 5; ++i) calls_.add_to(sql());
  sql().run("DELETE FROM fact_changes WHERE seq < (SELECT MAX(seq) FROM fact_changes)");
  PathTaken taken, by_sql;
  EXPECT_EQ(answered(opened.get(), taken), answered(nullptr, by_sql));
  EXPECT_EQ(taken.path, "sql");
  EXPECT_FALSE(opened->is_ready());
}

}  // namespace
}  // namespace hkl
