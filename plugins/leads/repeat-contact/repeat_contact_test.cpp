// The classifier through its C interface, against the worked table of the
// report definitions (metrics §7.5).
#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "hookline/sdk/plugin.h"

namespace {

using hookline::str;
using hookline::view;

constexpr std::int64_t kMinute = 60'000, kHour = 60 * kMinute, kDay = 24 * kHour;

// One instance as a host holds it.
class Instance {
 public:
  explicit Instance(const std::string& settings) {
    host_.struct_size = sizeof host_;
    host_.get_interface = [](const hkl_host*, hkl_str) -> const void* { return nullptr; };
    EXPECT_EQ(life_->create(str(HKL_LEAD_CLASSIFIER_V1), &host_, &self_, nullptr), HKL_OK);
    EXPECT_EQ(life_->configure(self_, str(settings), nullptr), HKL_OK);
    EXPECT_EQ(life_->start(self_, nullptr), HKL_OK);
  }
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;
  ~Instance() { life_->destroy(self_); }

  hkl_verdict classify(const hkl_inquiry& inquiry) {
    hkl_verdict verdict{};
    verdict.struct_size = sizeof verdict;
    const auto* table =
        static_cast<const hkl_lead_classifier*>(hookline_plugin_v1.get_interface(str(HKL_LEAD_CLASSIFIER_V1)));
    EXPECT_EQ(table->classify(self_, &inquiry, &verdict, nullptr), HKL_OK);
    return verdict;
  }

 private:
  const hkl_life* life_ = static_cast<const hkl_life*>(hookline_plugin_v1.get_interface(str(HKL_LIFE_V1)));
  hkl_host host_{};
  hkl_instance* self_ = nullptr;
};

enum class Ad { no, yes };
enum class Taken { no, yes };

// One inquiry. `decided` is what a mark or a classifier before this one says.
struct Row {
  std::string id, contact;
  std::int64_t at;
  std::uint32_t direction;
  Ad ad;
  Taken taken;
  std::uint32_t expected;
  std::uint32_t decided = HKL_QUALITY_NO_OPINION;
  bool is_by_hand = false;
};

constexpr auto kIn = HKL_DIRECTION_IN, kOut = HKL_DIRECTION_OUT, kOwn = HKL_DIRECTION_INTERNAL,
               kNoCall = HKL_DIRECTION_UNKNOWN;
constexpr auto kTarget = HKL_QUALITY_TARGET, kNonTarget = HKL_QUALITY_NON_TARGET, kRepeat = HKL_QUALITY_REPEAT,
               kUnverified = HKL_QUALITY_UNVERIFIED, kUnsorted = HKL_QUALITY_UNSORTED;

std::int64_t march(int day, int hour, int minute) { return day * kDay + hour * kHour + minute * kMinute; }

// Every inquiry of the example in time order, the two of earlier months first.
std::vector<Row> example() {
  return {
      {"k00", "c3", march(-50, 10, 0), kIn, Ad::yes, Taken::yes, kTarget},
      {"L0", "c7", march(-20, 10, 0), kNoCall, Ad::no, Taken::yes, kUnverified},
      {"Q01", "c1", march(2, 9, 5), kIn, Ad::yes, Taken::yes, kTarget},
      {"Q03", "c2", march(2, 9, 20), kIn, Ad::yes, Taken::yes, kTarget},
      {"Q22", "c2", march(2, 9, 45), kOut, Ad::no, Taken::no, kRepeat},
      {"Q04", "c2", march(2, 10, 10), kOut, Ad::no, Taken::yes, kRepeat},
      {"Q05", "c6", march(2, 10, 30), kIn, Ad::yes, Taken::yes, kNonTarget, kNonTarget},  // 4 s: spam-guard
      {"Q19", "c3", march(2, 11, 0), kIn, Ad::yes, Taken::yes, kRepeat},
      {"Q06", "", march(2, 12, 0), kOwn, Ad::no, Taken::yes, kNonTarget},
      {"Q07", "", march(2, 12, 15), kIn, Ad::yes, Taken::no, kUnsorted},
      {"Q08", "c4", march(2, 13, 0), kIn, Ad::yes, Taken::yes, kTarget},
      {"Q09", "c4", march(2, 13, 30), kIn, Ad::yes, Taken::yes, kRepeat},
      {"Q11", "c7", march(2, 15, 0), kOut, Ad::no, Taken::yes, kRepeat},
      {"Q12", "c7", march(2, 16, 0), kOut, Ad::no, Taken::yes, kRepeat},
      {"Q02", "c1", march(2, 18, 0), kNoCall, Ad::yes, Taken::yes, kRepeat},
      {"Q10", "c10", march(2, 19, 0), kNoCall, Ad::no, Taken::yes, kUnverified},
      {"Q14", "c8", march(2, 23, 58), kIn, Ad::yes, Taken::yes, kTarget},
      {"Q13", "c11", march(3, 8, 55), kNoCall, Ad::yes, Taken::yes, kTarget},
      {"Q15", "c1", march(3, 9, 0), kIn, Ad::yes, Taken::yes, kRepeat},
      {"Q16", "c2", march(3, 10, 0), kIn, Ad::yes, Taken::no, kRepeat},
      {"Q17", "c3", march(3, 12, 0), kOut, Ad::no, Taken::yes, kRepeat},
      {"Q18", "c6", march(3, 12, 30), kIn, Ad::yes, Taken::yes, kNonTarget, kNonTarget, true},
      {"Q23", "c6", march(3, 13, 0), kOut, Ad::no, Taken::yes, kUnverified},
      {"Q20", "c7", march(3, 14, 0), kIn, Ad::yes, Taken::yes, kTarget},
      {"Q21", "c8", march(3, 17, 0), kIn, Ad::yes, Taken::yes, kRepeat},
  };
}

Row& row(std::vector<Row>& rows, const std::string& id) {
  for (auto& one : rows)
    if (one.id == id) return one;
  throw std::out_of_range(id);
}

// Asks about each row as a host does: what was decided of a contact's earlier
// inquiries goes along, and a decision made before keeps its place.
std::map<std::string, std::string> run(const std::vector<Row>& rows, const std::string& settings = "{}") {
  Instance instance(settings);
  std::map<std::string, std::string> reasons;
  std::map<std::string, std::vector<const hkl_touch*>> earlier;
  std::vector<hkl_touch> touches(rows.size());
  std::deque<std::string> calls;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& row = rows[i];
    auto& touch = touches[i];
    touch.struct_size = sizeof touch;
    touch.inquiry = str(row.id);
    const auto call = row.direction == kNoCall ? std::string() : "pbx1:" + row.id;
    touch.call = str(calls.emplace_back(call));
    touch.at_ms = row.at;
    touch.direction = row.direction;
    touch.is_advertising = row.ad == Ad::yes ? HKL_TRI_YES : HKL_TRI_NO;
    touch.taken_at_ms = row.taken == Taken::yes ? row.at + kMinute : HKL_UNKNOWN_MS;
    touch.quality = row.decided;
    touch.is_by_hand = row.is_by_hand ? 1 : 0;
    hkl_contact contact{};
    contact.struct_size = sizeof contact;
    contact.id = str(row.contact);
    hkl_inquiry inquiry{};
    inquiry.struct_size = sizeof inquiry;
    inquiry.touch = &touch;
    inquiry.contact = &contact;
    const auto before = row.contact.empty() ? std::vector<const hkl_touch*>{} : earlier[row.contact];
    inquiry.earlier = before.data();
    inquiry.earlier_count = before.size();
    const auto verdict = instance.classify(inquiry);
    if (touch.quality == HKL_QUALITY_NO_OPINION) touch.quality = verdict.quality;
    EXPECT_EQ(touch.quality, row.expected) << row.id << ": " << view(verdict.why);
    reasons[row.id] = std::string(view(verdict.rule)) + ": " + std::string(view(verdict.why));
    if (!row.contact.empty()) earlier[row.contact].push_back(&touch);
  }
  return reasons;
}

TEST(RepeatContact, DecidesTheWorkedExample) {
  const auto why = run(example());
  EXPECT_EQ(why.at("Q01"), "first: the first advertising inquiry of the contact");
  EXPECT_EQ(why.at("Q09"), "repeat: after the advertising call pbx1:Q08");
  EXPECT_EQ(why.at("Q15"), "repeat: after the advertising inquiry Q02");
  EXPECT_EQ(why.at("Q11"), "repeat: after the inquiry L0");
  EXPECT_EQ(why.at("Q10"), "not_advertising: the first inquiry, but not an advertising one");
  EXPECT_EQ(why.at("Q18"), ": ") << "a mark by hand needs no opinion";
}

TEST(RepeatContact, AMarkThatMakesTheFirstOneATargetMakesLaterOnesRepeats) {
  auto rows = example();
  row(rows, "Q05").decided = row(rows, "Q05").expected = kTarget;
  row(rows, "Q05").is_by_hand = true;
  row(rows, "Q23").expected = kRepeat;
  run(rows);
}

TEST(RepeatContact, ANonTargetInquiryLeavesTheFirstPlaceFree) {
  run({{"spam", "c", march(2, 9, 0), kIn, Ad::yes, Taken::yes, kNonTarget, kNonTarget},
       {"real", "c", march(2, 10, 0), kIn, Ad::yes, Taken::yes, kTarget}});
}

TEST(RepeatContact, OnlyAdvertisingTakesTheFirstPlaceOfAdvertising) {
  run({{"ours", "c", march(2, 9, 0), kOut, Ad::no, Taken::yes, kUnverified},
       {"ad", "c", march(2, 10, 0), kIn, Ad::yes, Taken::yes, kTarget},
       {"ours again", "c", march(2, 11, 0), kOut, Ad::no, Taken::yes, kRepeat}});
}

TEST(RepeatContact, WhatNobodyTookIsUnsortedEvenWithoutAContact) {
  run({{"ringing", "c", march(2, 9, 0), kIn, Ad::yes, Taken::no, kUnsorted},
       {"withheld", "", march(2, 10, 0), kIn, Ad::yes, Taken::no, kUnsorted},
       {"our attempt", "d", march(2, 11, 0), kOut, Ad::no, Taken::no, kUnsorted}});
}

TEST(RepeatContact, ATakenInquiryOfNobodyKnownIsUnverified) {
  const auto why = run({{"withheld", "", march(2, 10, 0), kIn, Ad::yes, Taken::yes, kUnverified}});
  EXPECT_EQ(why.at("withheld"), "no_contact: nobody knows whose it is");
}

TEST(RepeatContact, TheGapIsCountedToTheMillisecond) {
  const auto start = march(2, 9, 0);
  const auto after = [&](std::int64_t gap, std::uint32_t expected, const char* settings) {
    run({{"old", "c", start, kIn, Ad::yes, Taken::yes, kTarget},
         {"new", "c", start + gap, kIn, Ad::yes, Taken::yes, expected}},
        settings);
  };
  after(30 * kDay, kRepeat, R"({"repeat_gap_days": 30})");
  after(30 * kDay + 1, kTarget, R"({"repeat_gap_days": 30})");
  after(3000 * kDay, kRepeat, R"({"repeat_gap_days": 0})");
}

TEST(RepeatContact, TheGapIsFromEachEarlierInquiryNotFromTheFirst) {
  run({{"a", "c", march(0, 9, 0), kIn, Ad::yes, Taken::yes, kTarget},
       {"b", "c", march(20, 9, 0), kIn, Ad::yes, Taken::yes, kRepeat},
       {"c", "c", march(40, 9, 0), kIn, Ad::yes, Taken::yes, kRepeat}},
      R"({"repeat_gap_days": 30})");
}

TEST(RepeatContact, WithConfirmTargetOnlyAMarkMakesATarget) {
  auto rows = example();
  for (auto& one : rows)
    if (one.expected == kTarget) one.expected = kUnverified;
  row(rows, "Q01").decided = row(rows, "Q01").expected = kTarget;
  row(rows, "Q01").is_by_hand = true;
  const auto why = run(rows, R"({"confirm_target": true})");
  EXPECT_EQ(why.at("Q03"), "not_confirmed: no employee has confirmed it");
}

}  // namespace
