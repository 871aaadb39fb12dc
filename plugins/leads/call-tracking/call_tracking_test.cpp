// The classifier through its C interface, with the SDK's host for tests.
#include <gtest/gtest.h>

#include <deque>
#include <string>
#include <vector>

#include "hookline/sdk/fake_host.h"

namespace {

using hookline::str;
using hookline::view;

constexpr std::int64_t kMinute = 60'000, kDay = 24 * 60 * kMinute;
constexpr std::int64_t kTen = 1'772'434'800'000;  // 2026-03-02T07:00:00Z, ten in the morning in Moscow
constexpr auto kOpen = HKL_UNKNOWN_MS;

struct Visit {
  std::string id;
  std::int64_t from_min, until_min;  // of the lease, from ten o'clock on; kOpen: not told
  std::string source = "google", medium = "cpc", ad_source = {};
};

// A call to +74950000001 at that minute, with the visits that the host found for it.
struct Asked {
  std::int64_t at_min;
  std::vector<Visit> shown, of_contact = {};
  std::string line_ad_source = {}, tracking = {};
  std::uint32_t direction = HKL_DIRECTION_IN;
};

struct Said {
  std::string visit, rule, why, ad_source;
};

class Tracking {
 public:
  explicit Tracking(std::string_view settings = "{}") : classifier_(hookline_plugin_v1, host_, settings) {}

  Said operator()(const Asked& asked) {
    hkl_touch touch{};
    touch.struct_size = sizeof touch;
    touch.direction = asked.direction;
    touch.at_ms = kTen + asked.at_min * kMinute;
    touch.line = str("+74950000001");
    touch.line_ad_source = str(asked.line_ad_source);
    touch.line_tracking = str(asked.tracking);
    const hkl_contact contact{sizeof contact};
    std::deque<hkl_visit> kept;
    const auto shown = views(asked.shown, kept), visits = views(asked.of_contact, kept);
    hkl_inquiry inquiry{};
    inquiry.struct_size = sizeof inquiry;
    inquiry.touch = &touch;
    inquiry.contact = &contact;
    inquiry.shown = shown.data();
    inquiry.shown_count = shown.size();
    inquiry.visits = visits.data();
    inquiry.visit_count = visits.size();
    const auto verdict = classifier_.classify(inquiry);
    EXPECT_EQ(verdict.quality, HKL_QUALITY_NO_OPINION);
    const auto text = [](hkl_str said) { return std::string(view(said)); };
    return {text(verdict.visit), text(verdict.rule), text(verdict.why), text(verdict.ad_source)};
  }

 private:
  static std::vector<const hkl_visit*> views(const std::vector<Visit>& visits, std::deque<hkl_visit>& kept) {
    std::vector<const hkl_visit*> list;
    for (const auto& visit : visits) {
      auto& out = kept.emplace_back();
      out.struct_size = sizeof out;
      out.id = out.visitor = str(visit.id);
      out.at_ms = kTen + visit.from_min * kMinute;
      out.line_until_ms = visit.until_min == kOpen ? kOpen : kTen + visit.until_min * kMinute;
      out.source = str(visit.source);
      out.medium = str(visit.medium);
      out.ad_source = str(visit.ad_source);
      list.push_back(&out);
    }
    return list;
  }
  hookline::fake::Host host_;
  hookline::fake::Classifier classifier_;
};

std::string tied(Tracking& tracking, const Asked& asked) {
  const auto said = tracking(asked);
  return said.visit + " " + said.rule;
}

TEST(CallTracking, TiesACallToTheVisitThatWasShownItsNumber) {
  Tracking tracking;
  const auto said = tracking({5, {{"w1", 0, 30}}});
  EXPECT_EQ(said.visit, "w1");
  EXPECT_EQ(said.rule, "lease");
  EXPECT_EQ(said.why, "the visitor w1 was shown +74950000001 5 min before the call");
}

TEST(CallTracking, ALeaseHoldsAtItsFirstAndItsLastMoment) {
  Tracking tracking(R"({"grace": "0s"})");
  EXPECT_EQ(tied(tracking, {0, {{"w1", 0, 30}}}), "w1 lease");
  EXPECT_EQ(tied(tracking, {30, {{"w1", 0, 30}}}), "w1 lease");
  EXPECT_EQ(tied(tracking, {31, {{"w1", 0, 30}}}), " ");
}

TEST(CallTracking, OfLeasesThatOverlapTheNewestIsBelieved) {
  Tracking tracking;
  const auto said = tracking({15, {{"w1", 0, 30}, {"w2", 10, 20}}});
  EXPECT_EQ(said.visit, "w2");
  EXPECT_EQ(said.rule, "newest_lease");
  EXPECT_NE(said.why.find("2 leases of it overlap"), std::string::npos) << said.why;
}

TEST(CallTracking, ALeaseThatHoldsStandsAboveANewerOneThatHasEnded) {
  Tracking tracking;
  EXPECT_EQ(tied(tracking, {22, {{"w1", 0, 30}, {"w2", 10, 20}}}), "w1 lease");
}

TEST(CallTracking, ACallShortlyAfterItsLeaseIsTheVisitorsToo) {
  Tracking tracking, strict(R"({"grace": "5m"})");
  EXPECT_EQ(tied(tracking, {40, {{"w1", 0, 30}}}), "w1 grace");
  EXPECT_EQ(tied(tracking, {41, {{"w1", 0, 30}}}), " ");
  EXPECT_EQ(tied(strict, {36, {{"w1", 0, 30}}}), " ");
  EXPECT_EQ(tracking({32, {{"w1", 0, 30}}}).why,
            "the visitor w1 was shown +74950000001 32 min before the call, 2 min after the lease had ended");
}

TEST(CallTracking, AVisitThatDoesNotTellItsEndHoldsTheNumberAsLongAsIsSet) {
  Tracking tracking(R"({"lease": "1h", "grace": "0s"})");
  EXPECT_EQ(tied(tracking, {60, {{"w1", 0, kOpen}}}), "w1 lease");
  EXPECT_EQ(tied(tracking, {61, {{"w1", 0, kOpen}}}), " ");
}

TEST(CallTracking, AContactWhoComesBackIsTiedToTheirLatestVisitWhereThatIsAsked) {
  const Asked call{0, {}, {{"old", -9 * 24 * 60, kOpen}, {"new", -2 * 24 * 60, kOpen}, {"later", 10, kOpen}}};
  Tracking off, on(R"({"returning_days": 2})"), short_of_it(R"({"returning_days": 1})");
  EXPECT_EQ(tied(off, call), " ");
  EXPECT_EQ(tied(on, call), "new returning");
  EXPECT_EQ(on(call).why, "the contact's latest visit, 2 d before");
  EXPECT_EQ(tied(short_of_it, call), " ");
}

TEST(CallTracking, ANumberOfOneSourceIsLeftToItsLine) {
  Tracking tracking(R"({"returning_days": 30})");
  Asked call{0, {}, {{"w1", -60, kOpen}}, "cian", "static"};
  EXPECT_EQ(tied(tracking, call), " ");
  call.tracking = "dynamic";  // of the pool, with a source for those whom nobody knows
  EXPECT_EQ(tied(tracking, call), "w1 returning");
  call.tracking.clear();
  call.shown = {{"w2", -5, 5}};  // shown to one visitor all the same
  EXPECT_EQ(tied(tracking, call), "w2 lease");
}

TEST(CallTracking, SaysNothingOfCallsOfOursOrOfNoVisit) {
  Tracking tracking;
  EXPECT_EQ(tied(tracking, {5, {{"w1", 0, 30}}, {}, "", "", HKL_DIRECTION_OUT}), " ");
  EXPECT_EQ(tied(tracking, {5, {}}), " ");
}

TEST(CallTracking, CreditsTheSourceThatPaidForTheVisit) {
  Tracking tracking(R"({"sources": {"ads": ["google/cpc", "Yandex"], "none": ["direct"]}, "other": "site"})");
  const auto source = [&](Visit visit) { return tracking({5, {visit}}).ad_source; };
  EXPECT_EQ(source({"w", 0, 30, "Google", "CPC", "of-step"}), "ads");
  EXPECT_EQ(source({"w", 0, 30, "yandex", "banner", ""}), "ads");
  EXPECT_EQ(source({"w", 0, 30, "google", "organic", "of-step"}), "of-step");
  EXPECT_EQ(source({"w", 0, 30, "", "", ""}), "none");
  EXPECT_EQ(source({"w", 0, 30, "bing", "cpc", ""}), "site");
  Tracking plain;
  EXPECT_EQ(plain({5, {{"w", 0, 30, "bing", "cpc", ""}}}).ad_source, "");
}

TEST(CallTracking, RefusesSettingsThatCannotBe) {
  const auto refused = [](const char* settings) -> std::string {
    try {
      Tracking tracking(settings);
    } catch (const hookline::Failure& failure) {
      return failure.what();
    }
    return "taken";
  };
  EXPECT_EQ(refused(R"({"sources": {"a": ["google/cpc"], "b": ["Google/CPC"]}})"),
            "sources: visits of Google/CPC belong to both a and b");
  EXPECT_EQ(refused(R"({"grace": "25h"})"), "grace: at most 1d: the host looks no further");
  EXPECT_EQ(refused(R"({"lease": "2d"})"), "lease: at most 1d: the host looks no further");
  EXPECT_EQ(refused(R"({"grace": "1d", "lease": "1d"})"), "taken");
}

}  // namespace
