// The cards in memory against those that the store tells, over a store that a
// writer changes as the runtime's does.
#include "cards/card_index.h"

#include <Poco/Data/Session.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <stdlib.h>

#include <atomic>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <random>
#include <thread>

#include "canonical/canonical.h"
#include "pipeline/writer.h"

namespace hkl {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using testing::ElementsAre;

const Instant kNow = *parse_iso("2026-06-01T12:00:00Z");

// A store with its writer and, beside them, an index.
class Firm {
 public:
  explicit Firm(const fs::path& folder, std::size_t most_bytes = std::size_t{1} << 30) {
    store_ = std::move(*Store::open("sqlite:x.db", folder, Store::Role::owner));
    DeriverParts parts;
    parts.phone_region = "RU";
    auto deriver = std::make_unique<Deriver>(*store_, parts);
    index_ = std::make_unique<CardIndex>(*store_, most_bytes, deriver->directory(),
                                         [this](const Error& error) { faults.push_back(error.text); });
    writer_ = std::make_unique<Writer>(
        *store_, std::move(deriver), [this](const Changes& changes) { index_->follow(changes); },
        [this](const Error& error) { faults.push_back(error.text); }, [] { return kNow; });
  }
  ~Firm() {
    index_->stop_filling();
    writer_.reset();
  }
  Firm(const Firm&) = delete;
  Firm& operator=(const Firm&) = delete;

  void fill() {
    index_->fill([this] { writer_->post([](Sql&) {}); });
    while (!index_->size()) std::this_thread::yield();
  }
  void tell(const std::vector<Json>& records) {
    std::vector<ToldRecord> told;
    for (const auto& record : records) {
      auto read = record_from_json(record.dump());
      if (!read) throw std::runtime_error(read.error().text);
      told.push_back({std::move(*read), "told", kNow});
    }
    run(writer_->put(std::move(told)));
    run(writer_->flush());
  }
  void run(const Done& done) {
    if (!done) throw std::runtime_error(done.error().text);
  }
  Writer& writer() { return *writer_; }
  const CardIndex& index() const { return *index_; }

  std::string from_memory(const std::string& number) const {
    const auto cards = index_->cards_of(number, kNow);
    return !cards ? "ask the store" : cards->empty() ? "nobody" : card_json(number, *cards);
  }
  std::string from_store(const std::string& number) const {
    const auto session = std::move(*store_->open_reader());
    Sql sql(*session);
    const auto cards = CardReader(sql).cards_of(number, kNow);
    return cards.empty() ? "nobody" : card_json(number, cards);
  }
  std::vector<std::string> faults;

 private:
  std::unique_ptr<Store> store_;
  std::unique_ptr<CardIndex> index_;
  std::unique_ptr<Writer> writer_;
};

class Cards : public testing::Test {
 protected:
  Cards() {
    std::string name = (fs::temp_directory_path() / "hookline-cards-XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  ~Cards() override { fs::remove_all(folder_); }
  fs::path folder_;
};

Json contact(const std::string& id, const std::vector<std::string>& numbers, const Json& merged_into = nullptr) {
  return {
      {"type", "contact"}, {"id", id}, {"name", "Name of " + id}, {"numbers", numbers}, {"merged_into", merged_into}};
}
Json lead(const std::string& id, const std::string& contact, const std::string& stage,
          const std::string& created = "2026-03-02T10:00:00Z") {
  return {{"type", "lead"},        {"id", id},
          {"contact", contact},    {"funnel", "sales"},
          {"stage", stage},        {"responsible", "ivanova"},
          {"created_at", created}, {"created_by", "manual"}};
}
Json call(const std::string& id, const Json& number, const std::string& at, bool is_answered = true) {
  Json call = {{"type", "call"},          {"id", "pbx1:" + id}, {"source", "pbx1"}, {"direction", "in"},
               {"client_number", number}, {"started_at", at},   {"ended_at", at}};
  if (is_answered) call["answered_at"] = at;
  return call;
}
std::string contact_of(const std::string& json) { return Json::parse(json).at("contact").get<std::string>(); }

TEST_F(Cards, TellTheContactItsLeadsAndTasks) {
  Firm firm(folder_);
  firm.tell({contact("c1", {"+79161110001", "+79161110002"}),
             lead("l1", "c1", "refusal"),
             lead("l2", "c1", "check", "2026-03-03T10:00:00Z"),
             {{"type", "task"},
              {"id", "t1"},
              {"kind", "callback"},
              {"title", "Call"},
              {"contact", "c1"},
              {"state", "open"},
              {"created_at", "2026-03-02T10:00:00Z"}}});
  firm.fill();
  const auto card = Json::parse(firm.from_memory("+79161110002"));
  EXPECT_EQ(card["contact"], "c1");
  EXPECT_EQ(card["name"], "Name of c1");
  EXPECT_EQ(card["responsible"], "ivanova");
  EXPECT_EQ(card["leads"].size(), 2u);
  EXPECT_EQ(card["leads"][0]["id"], "l2");
  EXPECT_EQ(card["open_tasks"][0]["id"], "t1");
  EXPECT_EQ(card["candidates"], Json::array());
  EXPECT_EQ(firm.from_memory("+79169999999"), "nobody");
  EXPECT_EQ(firm.from_memory("+79161110002"), firm.from_store("+79161110002"));
}

TEST_F(Cards, OfSeveralWhoHaveANumberTheOneWithAnOpenLeadIsMeantAndAllAreShown) {
  Firm firm(folder_);
  firm.fill();
  firm.tell({contact("c1", {"+74951234567"}), contact("c2", {"+74951234567"}), contact("c3", {"+74951234567"}),
             lead("l2", "c2", "check")});
  const auto names = [&] {
    const auto card = Json::parse(firm.from_memory("+74951234567"));
    std::vector<std::string> ids;
    for (const auto& one : card.at("candidates")) ids.push_back(one.at("contact"));
    return ids;
  };
  EXPECT_THAT(names(), ElementsAre("c2", "c1", "c3"));
  EXPECT_TRUE(Json::parse(firm.from_memory("+74951234567"))["candidates"][0]["has_open_lead"]);
  firm.tell({lead("l2", "c2", "refusal"), lead("l3", "c3", "check")});
  EXPECT_EQ(names().front(), "c3");
}

TEST_F(Cards, FollowMergesAndTheirTakingBack) {
  Firm firm(folder_);
  firm.fill();
  firm.tell({contact("c1", {"+79161110001"}), contact("c2", {"+79161110002"})});
  EXPECT_EQ(contact_of(firm.from_memory("+79161110002")), "c2");
  firm.tell({contact("c2", {"+79161110002"}, "c1")});
  EXPECT_EQ(contact_of(firm.from_memory("+79161110002")), "c1");
  firm.tell({contact("c2", {"+79161110002"})});
  EXPECT_EQ(contact_of(firm.from_memory("+79161110002")), "c2");
  firm.tell({contact("c2", {"+79161110003"})});
  EXPECT_EQ(firm.from_memory("+79161110002"), "nobody");
}

TEST_F(Cards, BeyondTheMemoryAllowedAreLeftToTheStore) {
  Firm firm(folder_, 0);
  firm.tell({contact("c1", {"+79161110001"}), lead("l1", "c1", "check")});
  firm.fill();
  const auto cards = firm.index().cards_of("+79161110001", kNow);
  ASSERT_TRUE(cards && cards->size() == 1);
  EXPECT_TRUE(cards->front()->is_thin());
  EXPECT_EQ(cards->front()->lead, "l1") << "what steers a live call is there all the same";
}

TEST_F(Cards, KnowNothingUntilTheyAreFilled) {
  Firm firm(folder_);
  firm.tell({contact("c1", {"+79161110001"})});
  EXPECT_EQ(firm.from_memory("+79161110001"), "ask the store");
  firm.fill();
  EXPECT_EQ(contact_of(firm.from_memory("+79161110001")), "c1");
}

TEST_F(Cards, WhatIsRolledBackIsNotShown) {
  Firm firm(folder_);
  firm.fill();
  firm.tell({contact("c1", {"+79161110001"})});
  const auto failed = firm.writer().run([](Deriver&, Sql& sql) {
    sql.run("DELETE FROM contact_names; DELETE FROM contacts");
    throw std::runtime_error("after all not");
  });
  EXPECT_FALSE(failed);
  firm.tell({contact("c2", {"+79161110002"})});
  EXPECT_EQ(contact_of(firm.from_memory("+79161110001")), "c1");
}

TEST_F(Cards, GoOnAfterTheStoreWasWrittenAnew) {
  Firm firm(folder_);
  firm.tell({contact("c1", {"+79161110001"})});
  firm.fill();
  firm.run(firm.writer().run_outside([](Store& store) { return store.scrub(); }));
  firm.tell({contact("c1", {"+79161110002"})});
  EXPECT_EQ(firm.from_memory("+79161110001"), "nobody");
  EXPECT_EQ(contact_of(firm.from_memory("+79161110002")), "c1");
  EXPECT_THAT(firm.faults, ElementsAre());
}

TEST_F(Cards, AReaderSeesANumberPassFromOneToAnotherAtOnce) {
  Firm firm(folder_);
  firm.fill();
  firm.tell({contact("c1", {"+79161110001"}), contact("c2", {"+79161110002"})});
  std::atomic<bool> is_over{false};
  std::atomic<int> wrong{0}, seen{0};
  std::thread reader([&] {
    while (!is_over) {
      const auto cards = firm.index().cards_of("+79161110001", kNow);
      if (!cards || cards->size() != 1) ++wrong;
      ++seen;
    }
  });
  for (int i = 0; i < 40; ++i) {
    const auto* with = i % 2 == 0 ? "c2" : "c1";
    const auto* without = i % 2 == 0 ? "c1" : "c2";
    firm.tell({contact(with, {"+79161110001", "+79161110002"}), contact(without, {"+79161110003"})});
  }
  while (seen == 0) std::this_thread::yield();
  is_over = true;
  reader.join();
  EXPECT_EQ(wrong, 0) << "of " << seen;
}

// Anything that happens to contacts, in any order; memory and store must agree
// after each commit, whoever wrote.
class RandomFirm {
 public:
  explicit RandomFirm(unsigned seed) : chance_(seed) {}

  std::vector<std::string> numbers() const {
    std::vector<std::string> all;
    for (int i = 0; i < kNumbers; ++i) all.push_back(fmt::format("+791611100{:02}", i));
    return all;
  }
  Json record() {
    switch (below(6)) {
      case 0:
      case 1: {
        std::vector<std::string> has;
        for (auto n = below(3); n > 0; --n) has.push_back(number());
        auto one = contact(id("c"), has, below(4) == 0 ? Json(id("c")) : Json());
        if (one["merged_into"] == one["id"]) one["merged_into"] = nullptr;
        if (below(6) == 0) one["deleted_at"] = "2026-05-01T10:00:00Z";
        return one;
      }
      case 2: {
        static const char* const kStages[] = {"check", "refusal", "deal_done", "unsorted"};
        auto one = lead(id("l"), id("c"), kStages[below(4)], fmt::format("2026-03-{:02}T10:00:00Z", 1 + below(28)));
        if (below(5) == 0) one["merged_into"] = "l0";
        if (below(6) == 0) one["deleted_at"] = "2026-05-01T10:00:00Z";
        return one;
      }
      case 3:
        return {{"type", "task"},
                {"id", id("t")},
                {"kind", "callback"},
                {"title", "Call"},
                {"contact", id("c")},
                {"state", below(2) == 0 ? "open" : "done"},
                {"created_at", "2026-03-01T10:00:00Z"},
                {"deadline_at", fmt::format("2026-03-{:02}T10:00:00Z", 1 + below(28))}};
      default:
        return call(id("k"), below(8) == 0 ? Json() : Json(number()),
                    fmt::format("2026-03-{:02}T{:02}:00:00Z", 1 + below(28), below(24)), below(2) == 0);
    }
  }
  // Not by records: ids that the CRM gives, and what another part erases.
  void meddle(Firm& firm) {
    firm.run(firm.writer().run([&](Deriver& deriver, Sql& sql) {
      if (below(2) == 0) {
        std::string made;
        {
          auto row = sql.query("SELECT id FROM outbox WHERE entity = 'contact' AND crm_id IS NULL LIMIT 1");
          if (row.step()) made = row.text(0);
        }
        if (!made.empty()) deriver.answered("contact", made, "crm-" + made, made);
      } else {
        sql.query("DELETE FROM contact_names WHERE kind = 'number' AND name = ?").bind(number()).run();
        sql.query("UPDATE contacts SET name = 'erased', body = json_set(body, '$.name', 'erased') WHERE id = ?")
            .bind(id("c"))
            .run();
      }
    }));
  }
  int below(int end) { return static_cast<int>(chance_() % static_cast<unsigned>(end)); }

 private:
  static constexpr int kNumbers = 12;
  std::string number() { return numbers()[static_cast<std::size_t>(below(kNumbers))]; }
  std::string id(const char* kind) { return fmt::format("{}{}", kind, below(8)); }
  std::mt19937 chance_;
};

void expect_agreement(const Firm& firm, const RandomFirm& random, const std::string& when) {
  for (const auto& number : random.numbers())
    ASSERT_EQ(firm.from_memory(number), firm.from_store(number)) << number << ", " << when;
  ASSERT_THAT(firm.faults, ElementsAre());
}

TEST_F(Cards, AreThoseOfTheStoreWhateverHappens) {
  for (unsigned seed = 1; seed <= 3; ++seed) {
    const auto folder = folder_ / std::to_string(seed);
    fs::create_directory(folder);
    RandomFirm random(seed);
    {
      Firm firm(folder);
      for (int step = 0; step < 40; ++step) {
        if (step == 10) firm.fill();  // by then there is something to fill it with
        std::vector<Json> records;
        for (auto n = 1 + random.below(4); n > 0; --n) records.push_back(random.record());
        firm.tell(records);
        if (random.below(5) == 0) random.meddle(firm);
        if (step >= 10) expect_agreement(firm, random, fmt::format("seed {} step {}", seed, step));
      }
      firm.run(firm.writer().run(
          [](Deriver& deriver, Sql&) { deriver.rebuild([](std::uint64_t, std::uint64_t) { return true; }); }));
      expect_agreement(firm, random, fmt::format("seed {} rebuilt", seed));
    }
    Firm again(folder);
    again.fill();
    expect_agreement(again, random, fmt::format("seed {} after a restart", seed));
  }
}

}  // namespace
}  // namespace hkl
