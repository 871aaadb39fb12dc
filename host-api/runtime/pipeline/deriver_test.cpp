// What is derived anew when something comes, and what is left alone.
#include "pipeline/deriver.h"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <stdlib.h>

#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "canonical/canonical.h"

namespace hkl {
namespace {

namespace fs = std::filesystem;
using Ids = std::set<std::string>;

class DeriverTest : public testing::Test {
 protected:
  DeriverTest() {
    std::string name = (fs::temp_directory_path() / "hookline-deriver-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    store_ = std::move(*Store::open("sqlite:x.db", folder_, Store::Role::owner));
    deriver_ = std::make_unique<Deriver>(*store_, DeriverParts{});
    sqlite3_trace_v2(store_->sql().handle(), SQLITE_TRACE_STMT, note_statement, this);
  }
  ~DeriverTest() override {
    deriver_.reset();
    store_.reset();
    fs::remove_all(folder_);
  }

  Changes take(const std::string& record) {
    auto read = record_from_json(record);
    EXPECT_TRUE(read) << read.error().text;
    Transaction transaction(store_->sql());
    EXPECT_TRUE(deriver_->take(*read, "crm", instant_of(0)));
    auto changes = deriver_->settle();
    transaction.commit();
    return changes;
  }
  // One minute long, at so many hours of the day.
  Changes take_call(const std::string& id, const std::string& hour) {
    return take(R"({"type":"call","id":")" + id +
                R"(","source":"pbx1","direction":"in","client_number":"+79160000001",)" +
                R"("started_at":"2026-03-02T)" + hour + R"(:00:00Z","answered_at":"2026-03-02T)" + hour +
                R"(:00:10Z","ended_at":"2026-03-02T)" + hour + R"(:01:00Z"})");
  }
  std::vector<std::string> texts(const char* question) {
    std::vector<std::string> found;
    auto query = store_->sql().query(question);
    while (query.step()) found.push_back(query.text(0));
    return found;
  }
  // The CRM takes everything that waits for it.
  void tell_all() {
    for (const auto& name : texts("SELECT entity || ':' || id FROM outbox WHERE told_hash IS NOT hash")) {
      const auto entity = name.substr(0, name.find(':'));
      deriver_->told(entity, name.substr(entity.size() + 1));
    }
    store_->sql().run("UPDATE outbox SET told_hash = hash");
  }
  // Statements that were run since the last time and have one of these texts.
  int count(const std::vector<std::string>& texts) {
    int found = 0;
    for (const auto& statement : std::exchange(statements_, {}))
      for (const auto& text : texts) found += statement.find(text) != std::string::npos ? 1 : 0;
    return found;
  }
  static int note_statement(unsigned, void* self, void* statement, void* text) {
    if (std::string_view(static_cast<const char*>(text)).starts_with("--")) return 0;  // a trigger of it
    static_cast<DeriverTest*>(self)->statements_.emplace_back(sqlite3_sql(static_cast<sqlite3_stmt*>(statement)));
    return 0;
  }

  std::string folder_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Deriver> deriver_;
  std::vector<std::string> statements_;
};

const std::vector<std::string> kByCall = {"FROM leads WHERE call = ?", "FROM tasks WHERE call = ?", "WHERE l.call = ?",
                                          "WHERE t.call = ?"};

TEST_F(DeriverTest, WhatACallMadeIsLookedForByTheCallOnlyWhereItIsAnothersThanItWas) {
  take_call("pbx1:1", "09");
  const auto made = texts("SELECT id FROM leads");
  ASSERT_EQ(made.size(), 1u);
  tell_all();
  count({});
  take_call("pbx1:2", "10");
  EXPECT_EQ(count(kByCall), 0) << "the first call is whose it was, and the second is new";
  take(R"({"type":"contact","id":"c1","numbers":["+79160000001"]})");
  EXPECT_GT(count(kByCall), 0);
  EXPECT_EQ(texts("SELECT id FROM leads WHERE contact = 'c1'"), made) << "the lead that was told goes along";
  EXPECT_EQ(texts("SELECT id FROM leads").size(), 1u);
}

TEST_F(DeriverTest, ALeadThatWasToldIsFilledInWhereTheCrmTellsLessOfIt) {
  take_call("pbx1:1", "09");
  take_call("pbx1:2", "10");
  const auto made = texts("SELECT id FROM leads");
  ASSERT_EQ(made.size(), 1u);
  const auto created = texts("SELECT created_ms FROM leads");
  tell_all();
  take(R"({"type":"lead","id":")" + made[0] + R"(","contact":")" + texts("SELECT id FROM contacts")[0] +
       R"(","stage":"selection"})");
  EXPECT_EQ(texts("SELECT stage FROM leads"), (std::vector<std::string>{"selection"}));
  EXPECT_EQ(texts("SELECT created_ms FROM leads"), created);
}

TEST_F(DeriverTest, OfAContactsCallsThoseThatAreAsTheyWereAreNotWritten) {
  for (const auto* hour : {"09", "10", "11"}) take_call(std::string("pbx1:") + hour, hour);
  count({});
  const auto changes = take_call("pbx1:12", "12");
  EXPECT_EQ(changes.calls, (Ids{"pbx1:11", "pbx1:12"})) << "to the one of eleven it is the next";
  EXPECT_EQ(changes.inquiries.size(), 1u);
  EXPECT_EQ(count({"INTO calls("}), 1);
  EXPECT_EQ(texts("SELECT next_inbound_ms FROM calls WHERE id = 'pbx1:11'"),
            (std::vector<std::string>{std::to_string(ms_of(*parse_iso("2026-03-02T12:00:00Z")))}));
}

TEST_F(DeriverTest, WhatWasTakenBackIsWrittenWhenItComesAgain) {
  {
    auto call = record_from_json(
        R"({"type":"call","id":"pbx1:1","source":"pbx1","direction":"in","client_number":"+79160000001","started_at":"2026-03-02T09:00:00Z","ended_at":"2026-03-02T09:01:00Z"})");
    const Transaction transaction(store_->sql());
    deriver_->take(*call, "crm", instant_of(0));
    deriver_->settle();
  }
  deriver_->forget_unsettled();
  take_call("pbx1:1", "09");
  EXPECT_EQ(texts("SELECT id FROM calls"), (std::vector<std::string>{"pbx1:1"}));
  EXPECT_EQ(texts("SELECT entity FROM outbox ORDER BY rank"),
            (std::vector<std::string>{"contact", "call", "inquiry", "lead"}));
}

}  // namespace
}  // namespace hkl
