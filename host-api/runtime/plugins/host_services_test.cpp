#include "plugins/host_services.h"

#include <gmock/gmock.h>

#include <cstring>
#include <thread>

#include "plugins/texts.h"

namespace hkl {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::SizeIs;

struct Line {
  std::uint32_t level;
  std::string text;
  bool operator==(const Line&) const = default;
};

// A host with Moscow's time, Russian numbers and one calendar: open on
// Mondays from 9 to 18.
struct Surroundings {
  std::vector<Line> lines;
  std::map<std::string, Calendar> calendars;
  std::vector<std::string> asked;  // contacts and keys of wishes

  Surroundings() {
    auto& office = calendars["office"];
    office.timezone = "Europe/Moscow";
    office.week[0] = {{9 * 60, 18 * 60}};
  }

  HostSurroundings make(std::vector<std::string> secrets = {}) {
    HostSurroundings around;
    around.component = "pbx1";
    around.timezone = "Europe/Moscow";
    around.phone_region = "RU";
    around.calendars = &calendars;
    around.secrets = std::move(secrets);
    around.log = [this](std::uint32_t level, const std::string& text) { lines.push_back({level, text}); };
    around.touches = [this](const std::string& contact, Instant, std::uint64_t, const hkl_touch_sink& sink) {
      asked.push_back(contact);
      hkl_touch touch{};
      touch.struct_size = sizeof touch;
      return sink.take(sink.user, &touch);
    };
    around.condition = [](const std::string& text) -> Result<std::unique_ptr<InquiryCondition>> {
      struct Missed : InquiryCondition {
        bool holds(const hkl_touch& touch, const hkl_contact*, std::uint64_t) const override {
          return touch.outcome == HKL_OUTCOME_MISSED;
        }
      };
      if (text != "missed") return fail(HKL_INVALID, "column 1: there is no field \"" + text + "\"");
      return std::make_unique<Missed>();
    };
    around.wake_at = [this](const std::string& key, std::optional<Instant> at) {
      asked.push_back(key + (at ? "" : " never"));
      return HKL_OK;
    };
    return around;
  }
};

template <typename Interface>
const Interface* ask(const hkl_host* host, std::string_view id) {
  return static_cast<const Interface*>(host->get_interface(host, str_of(id)));
}

void log(const HostServices& services, std::uint32_t level, std::string_view text) {
  ask<hkl_host_log>(services.host(), HKL_HOST_LOG_V1)->write(services.host(), level, str_of(text));
}

TEST(HostServices, OffersWhatItNamesByTheWholeIdOnly) {
  Surroundings around;
  const HostServices services(around.make());
  for (const auto& id : host_interface_ids()) EXPECT_NE(ask<void>(services.host(), id), nullptr) << id;
  for (const auto* id :
       {"", "hookline.host.log", "hookline.host.log/1 ", "hookline.host.log/11", "hookline.host.log/2"}) {
    EXPECT_EQ(ask<void>(services.host(), id), nullptr) << id;
  }
  EXPECT_EQ(services.host()->abi_minor, HKL_ABI_MINOR);
  EXPECT_EQ(services.host()->struct_size, sizeof(hkl_host));
}

TEST(HostServices, OffersNoHistoryWakingOrConditionsWhereTheHostHasNone) {
  Surroundings around;
  auto made = around.make();
  made.touches = nullptr;
  made.wake_at = nullptr;
  made.condition = nullptr;
  const HostServices services(std::move(made));
  EXPECT_EQ(ask<void>(services.host(), HKL_HOST_HISTORY_V1), nullptr);
  EXPECT_EQ(ask<void>(services.host(), HKL_HOST_WAKE_V1), nullptr);
  EXPECT_EQ(ask<void>(services.host(), HKL_HOST_CONDITION_V1), nullptr);
}

TEST(HostLog, WritesOneLineUnderTheComponentsName) {
  Surroundings around;
  const HostServices services(around.make());
  log(services, HKL_LOG_WARNING, "login\nrefused\xFF");
  log(services, 77, "of a level that is none");
  EXPECT_THAT(around.lines, ElementsAre(Line{HKL_LOG_WARNING, "pbx1: login refused?"},
                                        Line{HKL_LOG_INFO, "pbx1: of a level that is none"}));
}

TEST(HostLog, MasksSecretsTheLongerFirst) {
  Surroundings around;
  const HostServices services(around.make({"pass", "", "password1"}));
  log(services, HKL_LOG_INFO, "password1, pass, password1");
  EXPECT_EQ(around.lines.back().text, "pbx1: ***, ***, ***");
  EXPECT_EQ(services.masked("Secret: password1"), "Secret: ***");
}

TEST(HostLog, MasksASecretThatTheCutWouldHaveHalved) {
  Surroundings around;
  const HostServices services(around.make({"hunter2"}));
  log(services, HKL_LOG_INFO, std::string(8189, 'x') + "hunter2");
  EXPECT_TRUE(around.lines.back().text.ends_with("x***")) << around.lines.back().text.substr(8180);
}

TEST(HostLog, ASecretOfOneStarEnds) {
  Surroundings around;
  const HostServices services(around.make({"*"}));
  EXPECT_EQ(services.masked("a*b"), "a***b");
}

TEST(HostLog, CutsAFloodAndCountsWhatItLeftOut) {
  Surroundings around;
  {
    const HostServices services(around.make());
    for (int i = 0; i < 1000; ++i) log(services, HKL_LOG_INFO, "again");
  }
  ASSERT_THAT(around.lines, SizeIs(201));
  EXPECT_EQ(around.lines.back(), (Line{HKL_LOG_WARNING, "pbx1: 800 lines were left out: more than 200 in a second"}));
  around.lines.pop_back();
  EXPECT_THAT(around.lines, Each(Line{HKL_LOG_INFO, "pbx1: again"}));
}

TEST(HostDigest, FillsTheCallersStruct) {
  Surroundings around;
  const HostServices services(around.make());
  const auto* digest = ask<hkl_host_digest>(services.host(), HKL_HOST_DIGEST_V1);
  const hkl_bytes abc{reinterpret_cast<const std::uint8_t*>("abc"), 3};
  hkl_digest out{};
  out.struct_size = sizeof out;
  ASSERT_EQ(digest->hash(services.host(), HKL_DIGEST_MD5, abc, &out), HKL_OK);
  EXPECT_EQ(out.len, 16u);
  EXPECT_EQ(out.bytes[0], 0x90);
  ASSERT_EQ(digest->hmac(services.host(), HKL_DIGEST_SHA1, abc, abc, &out), HKL_OK);
  EXPECT_EQ(out.len, 20u);
  EXPECT_EQ(digest->hash(services.host(), 99, abc, &out), HKL_UNSUPPORTED);
  out.struct_size = 0;
  EXPECT_EQ(digest->hash(services.host(), HKL_DIGEST_MD5, abc, &out), HKL_INVALID);
  EXPECT_EQ(digest->hash(services.host(), HKL_DIGEST_MD5, abc, nullptr), HKL_INVALID);
}

struct Phone {
  hkl_status status;
  hkl_phone number{};
};
Phone normalised(std::string_view raw, std::string_view region = "") {
  Surroundings around;
  const HostServices services(around.make());
  Phone out{};
  out.number.struct_size = sizeof out.number;
  out.status = ask<hkl_host_phone>(services.host(), HKL_HOST_PHONE_V1)
                   ->normalise(services.host(), str_of(raw), str_of(region), &out.number);
  return out;
}

TEST(HostPhone, NormalisesForTheConfigsRegionAndForAnother) {
  EXPECT_STREQ(normalised("8 (495) 123-45-67").number.e164, "+74951234567");
  EXPECT_STREQ(normalised("8 (495) 123-45-67").number.region, "RU");
  EXPECT_EQ(normalised("8 (495) 123-45-67").number.is_valid, 1u);
  EXPECT_STREQ(normalised("020 7946 0018", "GB").number.e164, "+442079460018");
  EXPECT_STREQ(normalised("101").number.e164, "101");
  EXPECT_EQ(normalised("101").number.is_valid, 0u);
}

TEST(HostPhone, FindsNoNumberInWords) {
  EXPECT_EQ(normalised("anonymous").status, HKL_NOT_FOUND);
  EXPECT_EQ(normalised("\xFF").status, HKL_INVALID);
}

// Digits without end: cut, they would equal another number.
TEST(HostPhone, RefusesDigitsThatDoNotFit) { EXPECT_EQ(normalised(std::string(40, '7')).status, HKL_INVALID); }

TEST(HostTime, TurnsLocalTimeToUtcAndBack) {
  Surroundings around;
  const HostServices services(around.make());
  const auto* time = ask<hkl_host_time>(services.host(), HKL_HOST_TIME_V1);
  hkl_local_time local{};
  local.struct_size = sizeof local;
  local.year = 2026;
  local.month = 3;
  local.day = 2;
  local.hour = 12;
  local.minute = 15;
  local.ms = 123;
  std::int64_t at = 0;
  ASSERT_EQ(time->to_utc(services.host(), &local, {}, &at), HKL_OK);
  EXPECT_EQ(iso_utc(instant_of(at)), "2026-03-02T09:15:00.123Z") << "the config's zone is Moscow";
  ASSERT_EQ(time->to_utc(services.host(), &local, str_of("UTC"), &at), HKL_OK);
  EXPECT_EQ(iso_utc(instant_of(at)), "2026-03-02T12:15:00.123Z");

  hkl_local_time back{};
  back.struct_size = sizeof back;
  ASSERT_EQ(time->to_local(services.host(), at, {}, &back), HKL_OK);
  EXPECT_EQ(back.hour, 15);
  EXPECT_EQ(back.ms, 123);
  EXPECT_EQ(back.offset_s, 3 * 3600);
  EXPECT_EQ(back.weekday, 1) << "a Monday";
}

TEST(HostTime, KnowsNeitherAnUnknownZoneNorADateThatIsNone) {
  Surroundings around;
  const HostServices services(around.make());
  const auto* time = ask<hkl_host_time>(services.host(), HKL_HOST_TIME_V1);
  hkl_local_time local{};
  local.struct_size = sizeof local;
  local.year = 2026;
  local.month = 2;
  local.day = 30;
  std::int64_t at = 0;
  EXPECT_EQ(time->to_utc(services.host(), &local, {}, &at), HKL_INVALID);
  local.day = 28;
  EXPECT_EQ(time->to_utc(services.host(), &local, str_of("Europe/Mosco"), &at), HKL_NOT_FOUND);
  EXPECT_EQ(time->to_utc(services.host(), &local, {}, nullptr), HKL_INVALID);
  EXPECT_EQ(time->to_utc(services.host(), nullptr, {}, &at), HKL_INVALID);
  hkl_local_time back{};
  EXPECT_EQ(time->to_local(services.host(), 0, {}, &back), HKL_INVALID) << "struct_size was not set";
  back.struct_size = sizeof back;
  EXPECT_EQ(time->to_local(services.host(), HKL_UNKNOWN_MS, {}, &back), HKL_INVALID);
}

TEST(HostCalendar, CountsOpenTime) {
  Surroundings around;
  const HostServices services(around.make());
  const auto* calendar = ask<hkl_host_calendar>(services.host(), HKL_HOST_CALENDAR_V1);
  const auto host = services.host();
  const auto monday_17 = ms_of(*parse_iso("2026-03-02T17:00:00+03:00"));
  const auto next_monday_10 = ms_of(*parse_iso("2026-03-09T10:00:00+03:00"));
  std::int64_t out = 0;
  ASSERT_EQ(calendar->add_open(host, str_of("office"), monday_17, 2 * 3600 * 1000, &out), HKL_OK);
  EXPECT_EQ(out, next_monday_10);
  ASSERT_EQ(calendar->open_between(host, str_of("office"), monday_17, next_monday_10, &out), HKL_OK);
  EXPECT_EQ(out, 2 * 3600 * 1000);
  std::uint32_t is_open = 2;
  ASSERT_EQ(calendar->is_open(host, str_of("office"), monday_17, &is_open), HKL_OK);
  EXPECT_EQ(is_open, 1u);
}

TEST(HostCalendar, NamesOneThatIsNotThereOrNeverOpen) {
  Surroundings around;
  around.calendars["never"].timezone = "UTC";
  const HostServices services(around.make());
  const auto* calendar = ask<hkl_host_calendar>(services.host(), HKL_HOST_CALENDAR_V1);
  std::int64_t out = 0;
  std::uint32_t is_open = 0;
  EXPECT_EQ(calendar->add_open(services.host(), str_of("shop"), 0, 1, &out), HKL_NOT_FOUND);
  EXPECT_EQ(calendar->open_between(services.host(), str_of("shop"), 0, 1, &out), HKL_NOT_FOUND);
  EXPECT_EQ(calendar->is_open(services.host(), str_of("shop"), 0, &is_open), HKL_NOT_FOUND);
  EXPECT_EQ(calendar->add_open(services.host(), str_of("never"), 0, 1, &out), HKL_UNAVAILABLE);
  EXPECT_EQ(calendar->add_open(services.host(), str_of("office"), HKL_UNKNOWN_MS, 1, &out), HKL_INVALID);
  EXPECT_EQ(calendar->add_open(services.host(), str_of("office"), 0, 1, nullptr), HKL_INVALID);
}

hkl_status count_touch(void* user, const hkl_touch*) {
  ++*static_cast<int*>(user);
  return HKL_OK;
}

TEST(HostConditions, AreCompiledOnceAndAskedOften) {
  Surroundings around;
  const HostServices services(around.make());
  const auto* conditions = ask<hkl_host_condition>(services.host(), HKL_HOST_CONDITION_V1);
  const hkl_condition* missed = nullptr;
  hkl_error error{};
  error.struct_size = sizeof error;
  EXPECT_EQ(conditions->compile(services.host(), str_of("mised"), &missed, &error), HKL_BAD_SETTINGS);
  EXPECT_STREQ(error.text, "column 1: there is no field \"mised\"");
  ASSERT_EQ(conditions->compile(services.host(), str_of("missed"), &missed, &error), HKL_OK);
  hkl_touch touch{};
  touch.struct_size = sizeof touch;
  touch.outcome = HKL_OUTCOME_MISSED;
  std::uint32_t holds = 0;
  EXPECT_EQ(conditions->holds(services.host(), missed, &touch, nullptr, 0, &holds), HKL_OK);
  EXPECT_EQ(holds, 1u);
  const auto* foreign = reinterpret_cast<const hkl_condition*>(&touch);
  EXPECT_EQ(conditions->holds(services.host(), foreign, &touch, nullptr, 0, &holds), HKL_INVALID);
}

TEST(HostInCall, HistoryAndWakingAreForCallsOfTheHostOnItsOwnThread) {
  Surroundings around;
  HostServices services(around.make());
  const auto* history = ask<hkl_host_history>(services.host(), HKL_HOST_HISTORY_V1);
  const auto* wake = ask<hkl_host_wake>(services.host(), HKL_HOST_WAKE_V1);
  int touches = 0;
  const hkl_touch_sink sink{sizeof sink, 0, &touches, count_touch};
  const auto use = [&] {
    const auto told = history->touches(services.host(), str_of("c1"), 1000, 10, &sink);
    return std::pair(told, wake->wake_at(services.host(), str_of("k1"), 1000));
  };
  const std::pair cancelled(HKL_CANCELLED, HKL_CANCELLED), taken(HKL_OK, HKL_OK);
  EXPECT_EQ(use(), cancelled) << "before a call";
  {
    const HostServices::Call call(services);
    EXPECT_EQ(use(), taken);
    std::pair<hkl_status, hkl_status> of_another_thread;
    std::thread([&] { of_another_thread = use(); }).join();
    EXPECT_EQ(of_another_thread, cancelled);
    EXPECT_EQ(wake->wake_at(services.host(), str_of("k1"), HKL_UNKNOWN_MS), HKL_OK);
  }
  EXPECT_EQ(use(), cancelled) << "after the call";
  EXPECT_EQ(touches, 1);
  EXPECT_THAT(around.asked, ElementsAre("c1", "k1", "k1 never"));
}

TEST(HostInCall, RefusesASinkThatIsNone) {
  Surroundings around;
  HostServices services(around.make());
  const auto* history = ask<hkl_host_history>(services.host(), HKL_HOST_HISTORY_V1);
  const HostServices::Call call(services);
  const hkl_touch_sink empty{sizeof empty, 0, nullptr, nullptr};
  EXPECT_EQ(history->touches(services.host(), str_of("c1"), 1000, 10, nullptr), HKL_INVALID);
  EXPECT_EQ(history->touches(services.host(), str_of("c1"), 1000, 10, &empty), HKL_INVALID);
}

TEST(HostServices, WhatAPluginKeepsIsAnsweredCancelledOnceItsInstanceIsGone) {
  Surroundings around;
  auto services = std::make_unique<HostServices>(around.make());
  const auto* host = services->host();
  const auto* log_interface = ask<hkl_host_log>(host, HKL_HOST_LOG_V1);
  const auto* phone = ask<hkl_host_phone>(host, HKL_HOST_PHONE_V1);
  services.reset();
  hkl_phone number{};
  number.struct_size = sizeof number;
  EXPECT_EQ(phone->normalise(host, str_of("101"), {}, &number), HKL_CANCELLED);
  log_interface->write(host, HKL_LOG_ERROR, str_of("from beyond"));
  EXPECT_THAT(around.lines, SizeIs(0));
  EXPECT_EQ(ask<void>(host, HKL_HOST_LOG_V1), nullptr);
}

}  // namespace
}  // namespace hkl
