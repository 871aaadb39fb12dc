#include "api/prometheus.h"

#include <gmock/gmock.h>

namespace hkl {
namespace {

using testing::HasSubstr;
using testing::Not;

nlohmann::ordered_json health() {
  return nlohmann::ordered_json::parse(R"({
    "version": "1.0.0", "sources": [{"name": "pbx\"1", "plugin": "asterisk-ami", "state": "connected", "events": 12,
    "requests": 0, "refused": 3, "skipped_bytes": 0, "reconnects": 1}], "isolated": [{"entry": "mine", "deaths": 2, "set_aside": 1}],
    "slow_calls": [], "outbox": {"waiting": 4, "set_aside": 0}, "queued": 5, "duplicates": 6, "trouble": null})");
}

TEST(Prometheus, EachCountHasItsTypeAndWhoseItIs) {
  const auto text = prometheus_text(health());
  EXPECT_THAT(text, HasSubstr("# TYPE hookline_source_events_total counter\n"
                              "hookline_source_events_total{source=\"pbx\\\"1\"} 12\n"));
  EXPECT_THAT(text,
              HasSubstr("hookline_source_state{source=\"pbx\\\"1\",plugin=\"asterisk-ami\",state=\"connected\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("hookline_plugin_deaths_total{entry=\"mine\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("hookline_outbox_waiting 4\n"));
  EXPECT_THAT(text, HasSubstr("hookline_store_in_trouble 0\n"));
}

TEST(Prometheus, AStoreInTroubleIsOne) {
  auto told = health();
  told["trouble"] = "the disk is full";
  EXPECT_THAT(prometheus_text(told), HasSubstr("hookline_store_in_trouble 1\n"));
  EXPECT_THAT(prometheus_text(told), Not(HasSubstr("disk")));
}

}  // namespace
}  // namespace hkl
