#include "store/store.h"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "store/journal.h"
#include "store/log_mover.h"
#include "store/poison_shelf.h"

namespace hkl {
namespace {

namespace fs = std::filesystem;

class StoreTest : public testing::Test {
 protected:
  StoreTest() {
    std::string name = (fs::temp_directory_path() / "hookline-store-XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  ~StoreTest() override { fs::remove_all(folder_); }
  Result<std::unique_ptr<Store>> open(Store::Role role = Store::Role::owner) {
    return Store::open("sqlite:x.db", folder_, role);
  }
  std::string folder_;
};

Event event(const std::string& id, const std::string& ref) {
  Event e;
  e.source = e.pbx = "pbx1";
  e.kind = HKL_EVENT_LEG_RINGING;
  e.event_id = id;
  e.call_ref = ref;
  e.at = instant_of(1000);
  return e;
}

TEST_F(StoreTest, ASecondOwnerIsToldWhoTheFirstIs) {
  const auto first = open();
  ASSERT_TRUE(first) << first.error().text;
  const auto second = open();
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().status, HKL_UNAVAILABLE);
  EXPECT_NE(second.error().text.find(std::to_string(getpid())), std::string::npos) << second.error().text;
}

TEST_F(StoreTest, ReadersWorkBesideTheOwner) {
  const auto owner = open();
  ASSERT_TRUE(owner);
  (*owner)->set_meta("colour", "green");
  const auto reader = open(Store::Role::reader);
  ASSERT_TRUE(reader) << reader.error().text;
  EXPECT_EQ((*reader)->meta("colour"), "green");
}

TEST_F(StoreTest, KnowsWhoOwnsIt) {
  {
    const auto owner = open();
    ASSERT_TRUE(owner);
    EXPECT_EQ((*owner)->owner(), getpid());
  }
  const auto reader = open(Store::Role::reader);
  ASSERT_TRUE(reader);
  EXPECT_EQ((*reader)->owner(), 0);
}

TEST_F(StoreTest, WhatWasSetAsideIsKeptToTheByteUntilItIsDropped) {
  const auto owner = open();
  ASSERT_TRUE(owner);
  auto& sql = (*owner)->sql();
  const std::string bytes("a\0\xff\n", 4);
  put_poison(sql, {0, instant_of(1000), "pbx1", "smdr", "1.0.0", "feed", "one.csv", "died", bytes});
  put_poison(sql, {0, instant_of(2000), "pbx2", "webhook", "1.0.0", "request", "POST /x", "died", ""});
  const auto all = list_poison(sql);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].entry, "pbx2") << "the newest first";
  EXPECT_EQ(all[1].bytes, "") << "not in a list";
  const auto one = list_poison(sql, all[1].id);
  ASSERT_EQ(one.size(), 1u);
  EXPECT_EQ(one[0].bytes, bytes);
  EXPECT_EQ(one[0].at, instant_of(1000));
  EXPECT_EQ(drop_poison(sql, all[1].id), 1);
  EXPECT_EQ(drop_poison(sql, all[1].id), 0);
  EXPECT_TRUE(list_poison(sql, all[1].id).empty());
}

TEST_F(StoreTest, AStoreOfANewerVersionIsRefused) {
  { ASSERT_TRUE(open()); }
  {
    auto store = open();
    (*store)->sql().run("PRAGMA user_version = 99");
  }
  const auto store = open();
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().status, HKL_UNSUPPORTED);
  EXPECT_NE(store.error().text.find("newer Hookline (schema 99"), std::string::npos) << store.error().text;
}

// Migration 0008: what a call is by the calls round it, of those that were there before it was kept.
TEST_F(StoreTest, AnOlderStoreLearnsWhatItsCallsAreByTheOthersOfTheirContact) {
  {
    const auto store = open();
    auto& sql = (*store)->sql();
    sql.run(
        "ALTER TABLE calls DROP COLUMN next_inbound_ms; ALTER TABLE calls DROP COLUMN three_inbound_ms;"
        "ALTER TABLE calls DROP COLUMN begins_episode; PRAGMA user_version = 7;"
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900),"
        "  dice AS (SELECT i, abs(random()) AS a, abs(random()) AS b, abs(random()) AS c FROM n) "
        "INSERT INTO calls(id, pbx, root, source, direction, client_number, started_ms, ended_ms, is_over, is_history,"
        "  incomplete, outcome, contact, quality, is_counted, called_back_ms, body, stored) "
        "SELECT 'k' || i, 'pbx1', 'k' || i, 'pbx1', iif(a % 3, 'in', 'out'), iif(a / 3 % 9, '+79160000001', NULL),"
        "  iif(a / 27 % 40, b % 300, NULL), iif(a / 27 % 40, b % 300 + c % 20, NULL), a / 1080 % 12 > 0, 0, 0,"
        "  iif(c / 20 % 2, 'answered', iif(a % 3, 'missed', 'unsuccessful')),"
        "  iif(c / 40 % 15, 'c' || (c / 600 % 40), NULL), iif(b / 300 % 4, 'target', 'non_target'), 1,"
        "  iif(b / 1200 % 2, b % 300 + c % 20 + b / 2400 % 30, NULL), '{}', '' FROM dice;"
        "DELETE FROM fact_changes");
  }
  const auto store = open();
  ASSERT_TRUE(store) << store.error().text;
  auto& sql = (*store)->sql();
  const auto number = [&](const std::string& text) {
    auto query = sql.query(text.c_str());
    return query.step() ? query.integer(0) : -1;
  };
  // Each as a plain look at the contact's other calls says it.
  const std::string of_contact = "FROM calls n WHERE n.contact = c.contact AND n.is_over = 1 ";
  EXPECT_EQ(number("SELECT COUNT(*) FROM calls c WHERE next_inbound_ms IS NOT (SELECT MIN(n.started_ms) " + of_contact +
                   "AND n.direction = 'in' AND n.started_ms > c.ended_ms)"),
            0);
  EXPECT_EQ(
      number("SELECT COUNT(*) FROM calls c WHERE begins_episode IS NOT (c.contact IS NOT NULL AND c.is_over = 1 "
             "AND c.started_ms IS NOT NULL AND c.outcome = 'missed' AND c.client_number IS NOT NULL AND c.quality "
             "<> 'non_target' AND NOT EXISTS(SELECT 1 " +
             of_contact +
             "AND n.outcome = 'missed' AND n.client_number IS NOT NULL AND n.quality <> 'non_target' AND "
             "(n.started_ms, n.id) < (c.started_ms, c.id) AND (n.called_back_ms IS NULL OR n.called_back_ms > "
             "c.started_ms)))"),
      0);
  const auto two = [&](const std::string& side, const std::string& order) {
    return "SELECT * FROM (SELECT n.started_ms, n.id " + of_contact +
           "AND n.direction = 'in' AND n.quality <> 'non_target' AND (n.started_ms, n.id) " + side +
           " (c.started_ms, c.id) ORDER BY n.started_ms" + order + ", n.id" + order + " LIMIT 2)";
  };
  EXPECT_EQ(number("SELECT COUNT(*) FROM calls c WHERE three_inbound_ms IS NOT (CASE WHEN c.direction = 'in' AND "
                   "c.is_over = 1 AND c.quality <> 'non_target' THEN (SELECT MIN(third - started_ms) FROM (SELECT "
                   "started_ms, LEAD(started_ms, 2) OVER (ORDER BY started_ms, id) AS third FROM (" +
                   two("<", " DESC") + " UNION ALL SELECT c.started_ms, c.id UNION ALL " + two(">", "") + "))) END)"),
            0);
  for (const std::string column : {"next_inbound_ms > 0", "three_inbound_ms > 0", "begins_episode = 1"})
    EXPECT_GT(number("SELECT COUNT(*) FROM calls WHERE " + column), 20) << column;
  EXPECT_EQ(number("SELECT COUNT(*) FROM fact_changes"), 0);
  sql.run("UPDATE calls SET rating = 5 WHERE id = 'k1'");
  EXPECT_EQ(number("SELECT COUNT(*) FROM fact_changes"), 1) << "changes are noted as before";
}

TEST_F(StoreTest, WhatIsNoStoreIsNamed) {
  std::ofstream(folder_ + "/x.db") << "this is a letter to my aunt, who has no database at all, nor wants one";
  const auto store = open();
  ASSERT_FALSE(store);
  EXPECT_NE(store.error().text.find("x.db"), std::string::npos) << store.error().text;
}

TEST_F(StoreTest, AMissingFolderSaysWhatToDo) {
  const auto store = Store::open("sqlite:nowhere/x.db", folder_, Store::Role::owner);
  ASSERT_FALSE(store);
  EXPECT_NE(store.error().text.find("must exist and be writable"), std::string::npos) << store.error().text;
}

TEST_F(StoreTest, OnlySqliteIsTakenAsAUrl) {
  const auto store = Store::open("postgresql://x", folder_, Store::Role::owner);
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().status, HKL_BAD_SETTINGS);
}

TEST_F(StoreTest, ARolledBackTransactionLeavesNothing) {
  auto store = open();
  {
    Transaction transaction((*store)->sql());
    (*store)->set_meta("a", "1");
  }
  EXPECT_EQ((*store)->meta("a"), "");
}

TEST_F(StoreTest, TheLogIsMovedBesideAWriterThatNeverPauses) {
  auto store = open();
  auto& sql = (*store)->sql();
  sql.run("PRAGMA synchronous = OFF; CREATE TABLE many(n INTEGER PRIMARY KEY, text TEXT)");
  constexpr std::int64_t kRound = 50, kPage = 4096 + 24;
  LogMover mover((*store)->path(), kRound);
  mover.follow(sql.handle());
  const std::string text(5000, 'x');  // two pages
  std::uintmax_t longest = 0;
  for (int i = 0; i < 2000; ++i) {
    sql.query("INSERT INTO many(text) VALUES(?)").bind(text).run();
    longest = std::max(longest, fs::file_size((*store)->path() + "-wal"));
  }
  EXPECT_LT(longest, (4 * kRound + 20) * kPage);  // 2000 commits are six thousand pages
  EXPECT_GT(fs::file_size((*store)->path()), 2000u * 4096u);
  sqlite3_wal_hook(sql.handle(), nullptr, nullptr);  // the mover ends before the store
}

TEST_F(StoreTest, TheJournalDropsWhatItHas) {
  auto store = open();
  Journal journal((*store)->sql());
  const auto first = event("e1", "r1"), second = event("e2", "r1");
  EXPECT_TRUE(journal.append(first));
  EXPECT_FALSE(journal.append(first));
  EXPECT_TRUE(journal.append(second));
  EXPECT_EQ(journal.entries_of("pbx1", {"r1"}).events.size(), 2u);
  journal.forget_recent();
  EXPECT_FALSE(journal.append(first));
  EXPECT_EQ(journal.entries_of("pbx1", {"r1"}).events.size(), 2u);
}

TEST_F(StoreTest, NewsThatTwoReferencesAreOneCallIsDroppedToo) {
  auto store = open();
  Journal journal((*store)->sql());
  auto joined = event("join:r1:r2", "r1");
  joined.kind = HKL_EVENT_REFS_JOINED;
  EXPECT_TRUE(journal.append(joined));
  EXPECT_FALSE(journal.append(joined));
  journal.forget_recent();
  EXPECT_FALSE(journal.append(joined));
}

TEST_F(StoreTest, WhatCameLatelyIsToldAsTheStoreTellsIt) {
  auto store = open();
  Journal journal((*store)->sql());
  const auto old = event("e1", "r1");
  ASSERT_TRUE(journal.append(old));
  journal.forget_recent();
  auto late = event("e2", "r1"), fresh = event("e3", "r2");
  fresh.client = "+74951234567";
  fresh.client_name = "Иванова \"А.\"";
  fresh.seq = 17;
  fresh.tags = {"vip"};
  fresh.started_at = instant_of(1000);
  ASSERT_TRUE(journal.append(late) && journal.append(fresh));
  const auto told = [&] {
    std::string text;
    const auto entries = journal.entries_of("pbx1", {"r1", "r2"});
    for (const auto* one : entries.events)
      text += one->source + one->pbx + std::to_string(ms_of(one->received_at)) + event_to_json(*one) + "\n";
    return text;
  };
  const auto from_memory = told();
  journal.forget_recent();
  EXPECT_EQ(from_memory, told());
  EXPECT_EQ(std::count(from_memory.begin(), from_memory.end(), '\n'), 3);
}

TEST_F(StoreTest, AReferenceThatNobodyKnewIsNotLookedForOnceSomethingCame) {
  auto store = open();
  Journal journal((*store)->sql());
  const auto old = event("e1", "r1"), late = event("e2", "r2");
  ASSERT_TRUE(journal.append(old));
  journal.forget_recent();
  journal.note_first("pbx1", "r1");
  EXPECT_EQ(journal.entries_of("pbx1", {"r1"}).events.size(), 1u) << "a replay, to which all is new";
  ASSERT_TRUE(journal.append(late));
  journal.note_first("pbx1", "r2");
  journal.note_first("pbx1", "r3");
  (*store)->sql().run("UPDATE journal SET ref = 'r3'");
  EXPECT_EQ(journal.entries_of("pbx1", {"r2", "r3"}).events.size(), 1u);
}

TEST_F(StoreTest, ReferencesUniteTheSameInAnyOrder) {
  const std::vector<std::vector<std::string>> pairs = {{"3", "2"}, {"5", "4"}, {"2", "4"}, {"1", "5"}};
  for (const bool is_reversed : {false, true}) {
    auto store = Store::open(is_reversed ? "sqlite:a.db" : "sqlite:b.db", folder_, Store::Role::owner);
    CallRefs refs((*store)->sql());
    std::vector<std::string> gone;
    auto order = pairs;
    if (is_reversed) std::reverse(order.begin(), order.end());
    for (const auto& pair : order) refs.unite("p", pair, gone);
    EXPECT_EQ(refs.refs_of_root("p", "1"), (std::vector<std::string>{"1", "2", "3", "4", "5"}));
  }
}

}  // namespace
}  // namespace hkl
