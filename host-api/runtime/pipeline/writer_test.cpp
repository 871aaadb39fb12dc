#include "pipeline/writer.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <atomic>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace hkl {
namespace {

namespace fs = std::filesystem;

class WriterTest : public testing::Test {
 protected:
  WriterTest() {
    std::string name = (fs::temp_directory_path() / "hookline-writer-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    store_ = std::move(*Store::open("sqlite:x.db", folder_, Store::Role::owner));
    writer_ = std::make_unique<Writer>(
        *store_, std::make_unique<Deriver>(*store_, DeriverParts{}), [this](const Changes&) { after_commit_(); },
        [](const Error& error) { FAIL() << error.text; }, [] { return instant_of(2000); });
  }
  ~WriterTest() override {
    writer_.reset();
    store_.reset();
    fs::remove_all(folder_);
  }

  static std::vector<Event> events(const std::string& name, int count) {
    std::vector<Event> made;
    for (int i = 0; i < count; ++i) {
      Event event;
      event.source = event.pbx = "pbx1";
      event.kind = HKL_EVENT_CHANNEL_BEGUN;
      event.event_id = name + std::to_string(i);
      event.call_ref = event.leg_ref = name;
      event.at = event.received_at = instant_of(1000);
      made.push_back(std::move(event));
    }
    return made;
  }
  Done from_file(const std::string& name, int count) {
    return writer_->put(events(name, count), Writer::From::files, Writer::Patience::while_it_stores, {});
  }
  Done from_line(const std::string& name) {
    return writer_->put(events(name, 1), Writer::From::line, Writer::Patience::endless, {});
  }
  // The ids of all events, in the order in which they were stored.
  std::vector<std::string> stored() {
    std::vector<std::string> ids;
    EXPECT_TRUE(writer_->run([&](Deriver&, Sql& sql) {
      auto rows = sql.query("SELECT event_id FROM journal ORDER BY seq");
      while (rows.step()) ids.push_back(rows.text(0));
    }));
    return ids;
  }

  static std::vector<Event> join(const std::string& one, const std::string& other) {
    auto joined = events(one, 1);
    joined.front().kind = HKL_EVENT_REFS_JOINED;
    joined.front().other_ref = other;
    return joined;
  }

  std::string folder_;
  std::function<void()> after_commit_ = [] {};  // on the writer's thread
  std::unique_ptr<Store> store_;
  std::unique_ptr<Writer> writer_;
};

TEST_F(WriterTest, WhatHappensNowIsNotBehindAFileThatIsReadBesides) {
  // While the writer is kept busy, a file is put, and then an event of a line.
  std::promise<void> go_on;
  writer_->post([gone = go_on.get_future().share()](Sql&) { gone.wait(); });
  while (writer_->queued() > 0) std::this_thread::yield();
  ASSERT_TRUE(from_file("file-a-", 3));
  ASSERT_TRUE(from_line("line-"));
  ASSERT_TRUE(from_file("file-b-", 1));
  go_on.set_value();
  ASSERT_TRUE(writer_->flush(Writer::From::line));
  EXPECT_EQ(stored(), (std::vector<std::string>{"line-0", "file-a-0", "file-a-1", "file-a-2", "file-b-0"}));
}

TEST_F(WriterTest, WorkFindsAllThatWasPutBefore) {
  std::promise<void> go_on;
  writer_->post([gone = go_on.get_future().share()](Sql&) { gone.wait(); });
  while (writer_->queued() > 0) std::this_thread::yield();  // the writer is at it
  ASSERT_TRUE(from_file("file-", 1));
  auto found = std::async(std::launch::async, [this] { return stored().size(); });
  while (writer_->queued() < 2) std::this_thread::yield();  // the work waits too
  go_on.set_value();
  EXPECT_EQ(found.get(), 1u);
}

TEST_F(WriterTest, NewsThatIsQueuedAlreadyIsStoredOnce) {
  const auto joined = join("r1", "r2");
  std::promise<void> go_on;
  writer_->post([gone = go_on.get_future().share()](Sql&) { gone.wait(); });
  while (writer_->queued() > 0) std::this_thread::yield();  // the writer is at it
  ASSERT_TRUE(writer_->put(joined, Writer::From::line, Writer::Patience::endless, {}));
  ASSERT_TRUE(writer_->put(joined, Writer::From::line, Writer::Patience::endless, {}));
  EXPECT_EQ(writer_->queued(), 1u);
  go_on.set_value();
  ASSERT_TRUE(writer_->put(joined, Writer::From::line, Writer::Patience::endless, {}));
  EXPECT_EQ(stored(), (std::vector<std::string>{"r10"}));
}

TEST_F(WriterTest, NewsThatIsStoredIsNotQueuedUntilTheStoreIsChangedByOtherHands) {
  const auto joined = join("r1", "r2");
  std::promise<void> go_on;
  const auto gone = go_on.get_future().share();
  std::atomic<bool> waits = false, is_waiting = false;
  after_commit_ = [&] {
    is_waiting = waits.load();
    if (waits) gone.wait();
  };
  ASSERT_TRUE(writer_->put(joined, Writer::From::line, Writer::Patience::endless, {}));
  ASSERT_TRUE(writer_->flush());
  waits = true;
  ASSERT_TRUE(from_line("r3-"));
  while (!is_waiting) std::this_thread::yield();
  ASSERT_TRUE(writer_->put(joined, Writer::From::line, Writer::Patience::endless, {}));
  EXPECT_EQ(writer_->queued(), 0u);
  waits = false;
  go_on.set_value();
  // As an erasing does, which may take away what it was known by.
  ASSERT_TRUE(writer_->run([](Deriver&, Sql& sql) { sql.run("DELETE FROM journal"); }));
  ASSERT_TRUE(writer_->put(joined, Writer::From::line, Writer::Patience::endless, {}));
  EXPECT_EQ(stored(), (std::vector<std::string>{"r10"}));
}

}  // namespace
}  // namespace hkl
