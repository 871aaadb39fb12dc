// Fields that look at the contact's other calls: of one that has many thousands
// each is found without reading all the others, or this takes minutes.
#include <fmt/format.h>

#include "reports/test_store.h"

namespace hkl {
namespace {

constexpr std::int64_t kHour = 3'600'000;

class ContactCalls : public ReportStore {
 protected:
  // An inbound call of c1 so many hours after the first.
  void call(double hours, const std::string& direction = "in", const std::string& quality = "target") {
    add(CallRow{.id = fmt::format("k{:05}", count_++),
                .started_ms = at("2020-01-01 00:00") + static_cast<std::int64_t>(hours * kHour),
                .direction = direction,
                .contact = "c1",
                .client_number = "+79161110001",
                .quality = quality});
  }
  // How many calls are among three within so much time.
  Json frequent(const std::string& within) {
    return json(Json{{"title", "T"},
                     {"rows", "calls"},
                     {"where", {{{"expr", "three_inbound_s <= " + within}}}},
                     {"measures", {{{"id", "calls"}, {"title", "C"}, {"expr", "count()"}}}}})["total"]["calls"];
  }
  int count_ = 0;
};

TEST_F(ContactCalls, ThreeInARowHaveTheCallAmongThem) {
  for (const double hours : {0.0, 1.0, 5.0, 6.0, 6.5, 20.0, 21.0}) call(hours);
  EXPECT_EQ(frequent("90m"), 3);  // 5, 6, 6.5
  EXPECT_EQ(frequent("5h"), 5);   // and 0, 1, 5
  EXPECT_EQ(frequent("15h"), 7);
}

TEST_F(ContactCalls, ThoseAtOneMomentAreDifferentCalls) {
  for (const double hours : {1.0, 1.0, 9.0}) call(hours);
  EXPECT_EQ(frequent("7h"), 0);
  call(1.0);
  EXPECT_EQ(frequent("0s"), 3);
}

TEST_F(ContactCalls, OutgoingAndNonTargetOnesDoNotCount) {
  call(0);
  call(1);
  call(2, "out");
  call(3, "in", "non_target");
  EXPECT_EQ(frequent("9h"), 0);
  call(4);
  EXPECT_EQ(frequent("4h"), 3);
}

TEST_F(ContactCalls, ManyThousandsOfOneContactAreLookedThroughOnce) {
  sql().run("BEGIN");
  for (int i = 0; i < 20'000; ++i) call(i);
  sql().run("COMMIT");
  EXPECT_EQ(frequent("1h"), 0);
  EXPECT_EQ(frequent("2h"), 20'000);
}

}  // namespace
}  // namespace hkl
