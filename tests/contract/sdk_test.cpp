// What the SDK promises for every kind: nothing that an author's code throws
// leaves the plugin, and the wrong order is answered.
#include <gmock/gmock.h>

#include <string>

#include "hookline/sdk/plugin.h"

namespace {

struct Settings {
  std::string_view throws_in;
};

}  // namespace

HOOKLINE_SETTINGS(Settings, HOOKLINE_FIELD(throws_in, "Which method throws"))

namespace {

using hookline::Offers;

std::string throwing_destructor;  // set: the next destructor throws it

template <typename Kind>
class Thrower : public Kind {
 public:
  ~Thrower() {
    if (!throwing_destructor.empty()) throw std::runtime_error(throwing_destructor);
  }
  void configured() override { go("configured"); }
  void start() override { go("start"); }
  void stop() override { go("stop"); }

 protected:
  void go(std::string_view method) const {
    if (this->settings().throws_in == method) throw std::runtime_error("thrown in " + std::string(method));
  }
};

class Pbx final : public Thrower<hookline::PbxAdapter<Settings>>, public hookline::OrdersCalls {
 public:
  void endpoints(hookline::EndpointList&) override { go("work"); }
  void opened(const hookline::Connection&, std::int64_t, hookline::Output&) override { go("work"); }
  void feed(std::uint64_t, std::string_view, std::int64_t, hookline::Output&) override { go("work"); }
  void closed(std::uint64_t, std::int64_t, hookline::Output&) override { go("work"); }
  void tick(std::int64_t, hookline::Output&) override { go("work"); }
  void order(const hookline::Order&, std::int64_t, hookline::Output&) override { go("work"); }
};
class Cloud final : public Thrower<hookline::PbxAdapter<Settings>>, public hookline::OrdersCallsByHttp {
 public:
  void endpoints(hookline::EndpointList&) override {}
  void feed(std::uint64_t, std::string_view, std::int64_t, hookline::Output&) override {}
  void order(const hookline::Order&, std::int64_t, hookline::HttpOutput&) override { go("work"); }
  void ordered(const hookline::Order&, std::uint32_t, std::string_view, std::int64_t, hookline::HttpOutput&) override {
    go("work");
  }
};
class Guard final : public Thrower<hookline::LeadClassifier<Settings>> {
 public:
  hookline::Opinion classify(const hkl_inquiry&) override {
    go("work");
    return {};
  }
};
class Rule final : public Thrower<hookline::TaskRule<Settings>> {
 public:
  std::vector<hookline::Task> review(const hkl_timeline&) override {
    go("work");
    return {};
  }
};
class Sheet final : public Thrower<hookline::Report<Settings>> {
 public:
  std::string definition() override {
    go("work");
    return "{}";
  }
};
class NeverMade final : public hookline::Report<hookline::NoSettings> {
 public:
  NeverMade() { throw std::runtime_error("thrown in the constructor"); }
  std::string definition() override { return {}; }
};

const void* no_interface(const hkl_host*, hkl_str) { return nullptr; }
constexpr hkl_host kHost{sizeof(hkl_host), HKL_ABI_MINOR, nullptr, {"1.0.0", 5}, no_interface};

// An instance of a plugin class, driven by its C functions.
template <typename Plugin>
class Driven {
 public:
  explicit Driven(std::string_view kind) {
    EXPECT_EQ(life().create(hookline::str(kind), &kHost, &self, nullptr), HKL_OK);
  }
  ~Driven() { life().destroy(self); }
  Driven(const Driven&) = delete;
  Driven& operator=(const Driven&) = delete;

  static const hkl_life& life() { return *table<hkl_life>(HKL_LIFE_V1); }
  template <typename Table>
  static const Table* table(std::string_view id) {
    return static_cast<const Table*>(Offers<Plugin>::get_interface(hookline::str(id)));
  }
  // The status and text of one step.
  template <typename Step>
  static std::string said(Step&& step) {
    hkl_error err{};
    err.struct_size = sizeof err;
    const hkl_status status = step(&err);
    return std::to_string(status) + " " + err.text;
  }
  std::string configure(const std::string& settings) {
    return said([&](hkl_error* err) { return life().configure(self, hookline::str(settings), err); });
  }
  std::string start() {
    return said([&](hkl_error* err) { return life().start(self, err); });
  }
  std::string stop() {
    return said([&](hkl_error* err) { return life().stop(self, err); });
  }

  hkl_instance* self = nullptr;
};

template <typename Plugin>
void started_to_throw_in_work(Driven<Plugin>& driven) {
  EXPECT_EQ(driven.configure(R"({"throws_in": "work"})"), "0 ");
  EXPECT_EQ(driven.start(), "0 ");
}

constexpr const char* kThrown = "11 thrown in work";  // HKL_INTERNAL

TEST(Sdk, WhatAStepThrowsIsItsError) {
  EXPECT_EQ(Driven<Rule>(HKL_TASK_RULE_V1).configure(R"({"throws_in": "configured"})"), "11 thrown in configured");
  Driven<Rule> starts(HKL_TASK_RULE_V1);
  EXPECT_EQ(starts.configure(R"({"throws_in": "start"})"), "0 ");
  EXPECT_EQ(starts.start(), "11 thrown in start");
  Driven<Rule> stops(HKL_TASK_RULE_V1);
  EXPECT_EQ(stops.configure(R"({"throws_in": "stop"})"), "0 ");
  EXPECT_EQ(stops.start(), "0 ");
  EXPECT_EQ(stops.stop(), "11 thrown in stop");
}

TEST(Sdk, WhatTheConstructorThrowsIsTheErrorOfCreate) {
  hkl_instance* made = nullptr;
  EXPECT_EQ(Driven<Rule>::said([&](hkl_error* err) {
              return Driven<NeverMade>::life().create(hookline::str(HKL_REPORT_V1), &kHost, &made, err);
            }),
            "11 thrown in the constructor");
  EXPECT_EQ(made, nullptr);
}

TEST(Sdk, WhatTheDestructorThrowsStaysInside) {
  {
    Driven<Pbx> driven(HKL_PBX_ADAPTER_V1);
    throwing_destructor = "thrown in the destructor";
  }
  throwing_destructor.clear();
}

TEST(Sdk, WhatAnAdapterThrowsIsItsError) {
  Driven<Pbx> pbx(HKL_PBX_ADAPTER_V1);
  started_to_throw_in_work(pbx);
  const auto& table = *pbx.table<hkl_pbx_adapter>(HKL_PBX_ADAPTER_V1);
  const hkl_endpoint_sink endpoints{sizeof endpoints, 0, nullptr, nullptr};
  const hkl_pbx_sink sink{sizeof sink, 0, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr};
  const hkl_connection connection{sizeof connection, 0, 1, {}, {}};
  const hkl_originate order{sizeof order, 0, {}, {}, {}, {}, 0};
  EXPECT_EQ(pbx.said([&](hkl_error* err) { return table.endpoints(pbx.self, &endpoints, err); }), kThrown);
  EXPECT_EQ(pbx.said([&](hkl_error* err) { return table.opened(pbx.self, &connection, 0, &sink, err); }), kThrown);
  EXPECT_EQ(pbx.said([&](hkl_error* err) { return table.feed(pbx.self, 1, {}, 0, &sink, err); }), kThrown);
  EXPECT_EQ(pbx.said([&](hkl_error* err) { return table.closed(pbx.self, 1, 0, &sink, err); }), kThrown);
  EXPECT_EQ(pbx.said([&](hkl_error* err) { return table.tick(pbx.self, 0, &sink, err); }), kThrown);
  EXPECT_EQ(pbx.said([&](hkl_error* err) {
    return pbx.table<hkl_pbx_originate>(HKL_PBX_ORIGINATE_V1)->originate(pbx.self, &order, 0, &sink, err);
  }),
            kThrown);
}

TEST(Sdk, WhatAnOrderOfAVendorThrowsIsItsError) {
  Driven<Cloud> cloud(HKL_PBX_ADAPTER_V1);
  started_to_throw_in_work(cloud);
  const auto& table = *cloud.table<hkl_pbx_http_originate>(HKL_PBX_HTTP_ORIGINATE_V1);
  const hkl_pbx_sink events{};
  hkl_http_sink sink{};
  sink.events = &events;
  const hkl_originate order{sizeof order, 0, {}, {}, {}, {}, 0};
  EXPECT_EQ(cloud.said([&](hkl_error* err) { return table.order(cloud.self, &order, 0, &sink, err); }), kThrown);
  EXPECT_EQ(cloud.said([&](hkl_error* err) { return table.ordered(cloud.self, &order, 200, {}, 0, &sink, err); }),
            kThrown);
}

TEST(Sdk, WhatAClassifierARuleAndAReportThrowIsTheirError) {
  Driven<Guard> guard(HKL_LEAD_CLASSIFIER_V1);
  started_to_throw_in_work(guard);
  const hkl_inquiry inquiry{};
  hkl_verdict verdict{};
  EXPECT_EQ(guard.said([&](hkl_error* err) {
    return guard.table<hkl_lead_classifier>(HKL_LEAD_CLASSIFIER_V1)->classify(guard.self, &inquiry, &verdict, err);
  }),
            kThrown);
  Driven<Rule> rule(HKL_TASK_RULE_V1);
  started_to_throw_in_work(rule);
  const hkl_timeline timeline{};
  const hkl_task_sink tasks{};
  EXPECT_EQ(rule.said([&](hkl_error* err) {
    return rule.table<hkl_task_rule>(HKL_TASK_RULE_V1)->review(rule.self, &timeline, &tasks, err);
  }),
            kThrown);
  Driven<Sheet> sheet(HKL_REPORT_V1);
  started_to_throw_in_work(sheet);
  const hkl_writer writer{};
  EXPECT_EQ(sheet.said([&](hkl_error* err) {
    return sheet.table<hkl_report>(HKL_REPORT_V1)->definition(sheet.self, &writer, err);
  }),
            kThrown);
}

TEST(Sdk, AnswersTheWrongOrder) {
  Driven<Rule> rule(HKL_TASK_RULE_V1);
  EXPECT_EQ(rule.start(), "1 start comes once, after configure");
  EXPECT_EQ(rule.stop(), "1 the instance is not started");
  EXPECT_EQ(rule.configure("{}"), "0 ");
  EXPECT_EQ(rule.configure("{}"), "1 configure comes once, after create");
  const hkl_timeline timeline{};
  const hkl_task_sink tasks{};
  const auto review = [&] {
    return rule.said([&](hkl_error* err) {
      return rule.table<hkl_task_rule>(HKL_TASK_RULE_V1)->review(rule.self, &timeline, &tasks, err);
    });
  };
  EXPECT_EQ(review(), "1 the instance is not started");
  EXPECT_EQ(rule.start(), "0 ");
  EXPECT_EQ(review(), "0 ");
  EXPECT_EQ(rule.stop(), "0 ");
  EXPECT_EQ(rule.stop(), "1 the instance is not started");
  EXPECT_EQ(review(), "1 the instance is not started");
}

TEST(Sdk, OffersWhatTheClassImplementsAndNothingElse) {
  EXPECT_NE(Driven<Pbx>::table<void>(HKL_PBX_ORIGINATE_V1), nullptr);
  EXPECT_EQ(Driven<Pbx>::table<void>(HKL_PBX_HTTP_ORIGINATE_V1), nullptr);
  EXPECT_NE(Driven<Cloud>::table<void>(HKL_PBX_HTTP_ORIGINATE_V1), nullptr);
  EXPECT_EQ(Driven<Cloud>::table<void>(HKL_PBX_ORIGINATE_V1), nullptr);
  EXPECT_EQ(Driven<Pbx>::table<void>(HKL_REPORT_V1), nullptr);
  EXPECT_EQ(Driven<Pbx>::table<void>("hookline.pbx-adapter/1 "), nullptr);
  EXPECT_EQ(Driven<Pbx>::table<void>(""), nullptr);
  hkl_instance* made = nullptr;
  EXPECT_EQ(Driven<Pbx>::said([&](hkl_error* err) {
              return Driven<Pbx>::life().create(hookline::str(HKL_REPORT_V1), &kHost, &made, err);
            }),
            "3 this plugin does not offer hookline.report/1");
}

// A host of 1.0 has hkl_error as it was then, whatever these headers have.
TEST(Sdk, FillsTheErrorOfAnOlderHost) {
  hkl_error err{};
  err.struct_size = 1040;
  EXPECT_EQ(hookline::tell(&err, HKL_TIMEOUT, "too late"), HKL_TIMEOUT);
  EXPECT_STREQ(err.text, "too late");
  hkl_error absurd{};
  absurd.struct_size = 16;
  hookline::tell(&absurd, HKL_TIMEOUT, "too late");
  EXPECT_STREQ(absurd.text, "");
}

TEST(Sdk, CutsALongErrorAtACharacter) {
  hkl_error err{};
  err.struct_size = sizeof err;
  std::string text = "x";
  while (text.size() < 2000) text += "Ж";
  hookline::tell(&err, HKL_INTERNAL, text + "Ж");
  EXPECT_EQ(err.text_len, 1023u);
  hookline::tell(&err, HKL_INTERNAL, text.substr(1));
  EXPECT_EQ(err.text_len, 1022u) << "a half of a character was left";
}

}  // namespace
