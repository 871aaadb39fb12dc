// What a store promises of its commits, with a log whose writing goes on beside.
#include "store/log_file.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/resource.h>

#include <atomic>
#include <filesystem>
#include <string>

#include "store/store.h"

namespace hkl {
namespace {

namespace fs = std::filesystem;

// SQLite's default files, but that one write of more than a page to a log fails: the one after so many others.
std::atomic<int> writes_until_one_fails = -1;
class FailingWrites {
 public:
  FailingWrites() {
    real_ = sqlite3_vfs_find(nullptr);
    vfs_ = *real_;
    vfs_.zName = "failing-writes";
    vfs_.xOpen = open;
    sqlite3_vfs_register(&vfs_, 1);
  }

 private:
  static int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* opened) {
    const int code = real_->xOpen(real_, name, file, flags, opened);
    if (code != SQLITE_OK || (flags & SQLITE_OPEN_WAL) == 0) return code;
    static const bool is_known = [file] {
      real_methods_ = file->pMethods;
      methods_ = *real_methods_;
      methods_.xWrite = write;
      return true;
    }();
    file->pMethods = is_known ? &methods_ : nullptr;
    return SQLITE_OK;
  }
  static int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 at) {
    if (size > 4096 && writes_until_one_fails >= 0 && writes_until_one_fails-- == 0) return SQLITE_FULL;
    return real_methods_->xWrite(file, bytes, size, at);
  }

  static inline sqlite3_vfs* real_ = nullptr;
  static inline sqlite3_vfs vfs_{};
  static inline const sqlite3_io_methods* real_methods_ = nullptr;
  static inline sqlite3_io_methods methods_{};
};
const FailingWrites failing_writes;  // before any store is opened, which then has its log's files from it

class LogFileTest : public testing::Test {
 protected:
  LogFileTest() {
    std::string name = (fs::temp_directory_path() / "hookline-log-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    store_ = std::move(*Store::open("sqlite:x.db", folder_, Store::Role::owner));
    store_->sql().run("CREATE TABLE pages(n INTEGER PRIMARY KEY, text TEXT NOT NULL)");
  }
  ~LogFileTest() override {
    store_.reset();
    fs::remove_all(folder_);
  }
  // So many rows of a page each: a thousand are four pieces of the log.
  void fill(int rows) {
    store_->sql()
        .query(
            "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < ?) "
            "INSERT INTO pages(text) SELECT hex(zeroblob(2000)) || n FROM r")
        .bind(std::int64_t{rows})
        .run();
  }
  static std::int64_t number(Sql& sql, const char* question) {
    auto query = sql.query(question);
    return query.step() ? query.integer(0) : -1;
  }
  std::int64_t rows() { return number(store_->sql(), "SELECT count(*) FROM pages"); }
  bool is_whole() {
    auto query = store_->sql().query("PRAGMA integrity_check");
    return query.step() && query.text(0) == "ok";
  }

  std::string folder_;
  std::unique_ptr<Store> store_;
};

TEST_F(LogFileTest, OthersSeeACommitAsSoonAsItReturns) {
  ASSERT_NE(vfs_of_log_files(), nullptr);
  const auto reader = Store::open("sqlite:x.db", folder_, Store::Role::reader);
  ASSERT_TRUE(reader);
  for (int round = 1; round <= 3; ++round) {
    Transaction transaction(store_->sql());
    fill(2000);
    EXPECT_EQ(number((*reader)->sql(), "SELECT count(*) FROM pages"), 2000 * (round - 1));
    transaction.commit();
    EXPECT_EQ(number((*reader)->sql(), "SELECT count(*) FROM pages WHERE length(text) > 4000"), 2000 * round);
  }
  EXPECT_TRUE(is_whole());
}

TEST_F(LogFileTest, WhatDoesNotFitTheMemoryIsReadBackFromTheLog) {
  store_->sql().run("PRAGMA cache_size = 20");
  {
    const Transaction transaction(store_->sql());
    fill(1500);
    EXPECT_EQ(number(store_->sql(), "SELECT count(*) FROM pages WHERE length(text) > 4000"), 1500);
    store_->sql().run("UPDATE pages SET text = n || text WHERE n % 7 = 0");
    EXPECT_EQ(number(store_->sql(), "SELECT count(*) FROM pages WHERE text LIKE n || '%' AND n % 7 = 0"), 214);
  }
  EXPECT_EQ(rows(), 0) << "it was taken back";
  fill(1000);
  EXPECT_EQ(rows(), 1000);
  EXPECT_TRUE(is_whole());
}

TEST_F(LogFileTest, OneWriteThatFailsBesideTheCommitFailsIt) {
  fill(10);
  writes_until_one_fails = 5;  // of some two hundred
  try {
    Transaction transaction(store_->sql());
    fill(3000);
    transaction.commit();
    ADD_FAILURE() << "a part of it is not there";
  } catch (const SqlError& error) {
    EXPECT_EQ(error.error().status, HKL_RESOURCE) << error.what();
  }
  EXPECT_EQ(writes_until_one_fails, -1);
  EXPECT_EQ(rows(), 10);
  fill(3000);
  EXPECT_EQ(rows(), 3010);
  EXPECT_TRUE(is_whole());
}

TEST_F(LogFileTest, ACommitThatTheDiskDoesNotTakeFailsAndTheNextMaySucceed) {
  fill(10);
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handled = signal(SIGXFSZ, SIG_IGN);
  // Room for three of the pieces: the fourth fails beside, while the commit is at a later one.
  for (const int wanted : {3000, 900}) {
    rlimit tight = before;
    tight.rlim_cur = 3'000'000;
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &tight), 0);
    try {
      Transaction transaction(store_->sql());
      fill(wanted);
      transaction.commit();
      ADD_FAILURE() << "it did not fit";
    } catch (const SqlError& error) {
      EXPECT_EQ(error.error().status, HKL_RESOURCE) << error.what();
    }
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
    EXPECT_EQ(rows(), 10);
  }
  signal(SIGXFSZ, handled);
  fill(3000);
  EXPECT_EQ(rows(), 3010);
  EXPECT_TRUE(is_whole());
  const auto reader = Store::open("sqlite:x.db", folder_, Store::Role::reader);
  ASSERT_TRUE(reader);
  EXPECT_EQ(number((*reader)->sql(), "SELECT count(*) FROM pages"), 3010);
}

}  // namespace
}  // namespace hkl
