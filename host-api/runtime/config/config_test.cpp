// What a right config becomes.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "config/config_files_test.h"

namespace hkl {
namespace {

using nlohmann::json;
using testing::ElementsAre;

class ConfigTest : public ConfigFiles {
 protected:
  static json settings(const PluginEntry& entry) { return json::parse(entry.settings_json); }
};

TEST_F(ConfigTest, TheVersionAloneIsAConfig) {
  const auto c = config("hookline: 1\n");
  EXPECT_EQ(c.timezone, "UTC");
  EXPECT_EQ(c.language, "en");
  EXPECT_EQ(c.phone_region, "");
  EXPECT_EQ(c.store_url, "sqlite:hookline.db");
  EXPECT_THAT(c.plugin_folders, ElementsAre("/usr/lib/plugins"));
  EXPECT_EQ(c.leads.when, LeadPolicy::When::no_open_lead);
  EXPECT_TRUE(c.sources.empty());
}

TEST_F(ConfigTest, ASourceTakesWhatItDoesNotSayFromTheLocaleAndTheSchema) {
  const auto c = config(R"(
hookline: 1
locale: {timezone: Europe/Moscow, phone_region: RU, language: ru}
sources:
  - {name: pbx1, plugin: asterisk-ami, settings: {host: 10.0.0.5, username: crm, secret: opensesame}}
)");
  ASSERT_EQ(c.sources.size(), 1u);
  const auto& source = c.sources[0];
  EXPECT_EQ(source.name, "pbx1");
  EXPECT_EQ(source.pbx, "pbx1");
  EXPECT_EQ(source.id, "asterisk-ami");
  EXPECT_EQ(source.timezone, "Europe/Moscow");
  EXPECT_EQ(source.region, "RU");
  EXPECT_FALSE(source.history);
  EXPECT_EQ(source.line, 5);
  EXPECT_EQ(settings(source)["port"], 5038);
  EXPECT_EQ(settings(source)["ping"], "20s");
  EXPECT_THAT(source.secrets, ElementsAre("opensesame"));
}

TEST_F(ConfigTest, ASourceSaysWhoseClockAndPbxAndWhereToRecord) {
  const auto c = config(R"(
hookline: 1
sources:
  - {name: live, plugin: asterisk-ami, pbx: pbx1, clock: receipt, record: captures, timezone: Asia/Tokyo, phone_region: JP,
     public_url: "https://crm.example.com/hooks/live", close_after: 90m, settings: {host: a, username: b, secret: c}}
  - {name: old, plugin: canonical, pbx: pbx1}
)");
  ASSERT_EQ(c.sources.size(), 2u);
  EXPECT_EQ(c.sources[0].pbx, "pbx1");
  EXPECT_TRUE(c.sources[0].clock_receipt);
  EXPECT_EQ(c.sources[0].record, (folder_ / "captures").string());
  EXPECT_EQ(c.sources[0].timezone, "Asia/Tokyo");
  EXPECT_EQ(c.sources[0].public_url, "https://crm.example.com/hooks/live");
  EXPECT_EQ(c.sources[0].close_after, std::chrono::minutes(90));
  EXPECT_TRUE(c.sources[1].history) << "records are history unless said otherwise";
  EXPECT_EQ(c.sources[1].region, "JP") << "one PBX, one country";
}

TEST_F(ConfigTest, TheUsualRolesAreThereAndMayBeSaidAnew) {
  const auto usual = config("hookline: 1\n").access.roles;
  EXPECT_EQ(usual.at("admin").may.size(), known_rights().size());
  EXPECT_EQ(usual.at("manager").sees, Role::Sees::own);
  EXPECT_FALSE(usual.at("analyst").may.contains("numbers.full"));
  const auto said =
      config("hookline: 1\nroles: {analyst: {sees: department, may: [reports.view]}, boss: {sees: all, may: [all]}}\n");
  EXPECT_THAT(said.access.roles.at("analyst").may, ElementsAre("reports.view"));
  EXPECT_TRUE(said.access.roles.at("boss").may.contains("records.write"));
}

// The schema names the rights for whoever writes YAML; the host checks them.
TEST_F(ConfigTest, EveryRightCanBeGiven) {
  for (const auto right : known_rights())
    config("hookline: 1\nroles: {r: {sees: all, may: [" + std::string(right) + "]}}\n");
}

TEST_F(ConfigTest, HttpIsServedOnTheLoopbackUnlessSaidOtherwise) {
  EXPECT_FALSE(config("hookline: 1\n").http.is_set);
  const auto plain = config("hookline: 1\nhttp: {}\n").http;
  EXPECT_TRUE(plain.is_set);
  EXPECT_EQ(plain.settings.listen, "127.0.0.1:8080");
  const auto set =
      config("hookline: 1\nhttp: {listen: \"[::1]:0\", limits: {body_bytes: 2000, refusals_per_minute: 7}}\n").http;
  EXPECT_EQ(set.settings.listen, "[::1]:0");
  EXPECT_EQ(set.settings.limits.body_bytes, 2000u);
  EXPECT_EQ(set.settings.limits.header_bytes, HttpLimits{}.header_bytes);
  EXPECT_EQ(set.refusals_per_minute, 7u);
}

TEST_F(ConfigTest, AFigureIsATextWhereATextIsWanted) {
  const auto c = config(R"(
hookline: 1
sources:
  - {name: pbx1, plugin: asterisk-ami, settings: {host: a, username: b, secret: 0123456, outside_prefix: 9, extensions: [0101, 1XX]}}
employees:
  - {id: anna, extensions: [{source: pbx1, number: 101}]}
  - {id: boris, extensions: [{source: pbx1, number: 0101}]}
lines: [{id: +12025550110}]
)");
  ASSERT_EQ(c.sources.size(), 1u);
  EXPECT_EQ(settings(c.sources[0])["outside_prefix"], "9");
  EXPECT_EQ(settings(c.sources[0])["secret"], "0123456");
  EXPECT_EQ(settings(c.sources[0])["extensions"], json({"0101", "1XX"}));
  EXPECT_EQ(c.directory.employees[0].extensions[0].number, "101");
  EXPECT_EQ(c.directory.employees[1].extensions[0].number, "0101");
  EXPECT_EQ(c.directory.lines[0].id, "+12025550110");
}

TEST_F(ConfigTest, AWordOfAListMayLookLikeANumber) {
  const auto frame = [&](const std::string& text) {
    const auto c = config("hookline: 1\nclassifiers: [{plugin: rules, settings: {rules: [], frame: " + text + "}}]\n");
    return c.classifiers.size() == 1 ? settings(c.classifiers[0])["frame"] : json();
  };
  EXPECT_EQ(frame("7E1"), "7E1");
  EXPECT_EQ(frame("8N1"), "8N1");
  EXPECT_EQ(frame("9600"), 9600) << "a number where a number is meant";
}

TEST_F(ConfigTest, APasswordFromTheEnvironmentMayBeFigures) {
  ::setenv("CONFIG_TEST_SECRET", "12345678", 1);
  const auto c = config(R"(
hookline: 1
sources: [{name: p, plugin: asterisk-ami, settings: {host: a, username: b, secret: "${CONFIG_TEST_SECRET}", port: "${CONFIG_TEST_NONE:-5039}"}}]
)");
  ::unsetenv("CONFIG_TEST_SECRET");
  ASSERT_EQ(c.sources.size(), 1u);
  EXPECT_EQ(settings(c.sources[0])["secret"], "12345678");
  EXPECT_EQ(settings(c.sources[0])["port"], 5039);
  EXPECT_THAT(c.sources[0].secrets, ElementsAre("12345678"));
}

TEST_F(ConfigTest, ASecretIsTheFirstLineOfAFile) {
  const auto secret = file("ami.txt", "opensesame\n");
  ::chmod(secret.c_str(), 0600);
  const auto c = config(R"(
hookline: 1
sources: [{name: p, plugin: asterisk-ami, settings: {host: a, username: b, secret: !secret ami.txt}}]
)");
  ASSERT_EQ(c.sources.size(), 1u);
  EXPECT_EQ(settings(c.sources[0])["secret"], "opensesame");
  EXPECT_THAT(c.sources[0].secrets, ElementsAre("opensesame"));
}

TEST_F(ConfigTest, IncludedFilesAddTheirListsAndMaps) {
  file("people/sales.yaml", "employees: [{id: boris}]\nlocale: {language: ru}\n");
  file("departments.yaml", "[{id: sales}]\n");
  const auto c = config(R"(
hookline: 1
include: [people/sales.yaml]
locale: {timezone: Europe/Moscow}
employees: [{id: anna}]
departments: !include departments.yaml
)");
  ASSERT_EQ(c.directory.employees.size(), 2u);
  EXPECT_EQ(c.directory.employees[1].id, "boris");
  EXPECT_EQ(c.language, "ru");
  EXPECT_EQ(c.timezone, "Europe/Moscow");
  ASSERT_EQ(c.directory.departments.size(), 1u);
}

TEST_F(ConfigTest, ASettingThatNamesAFileArrivesAsItsContent) {
  file("config/rules.yaml", "- {when: talk_s < 5}\n");
  const auto c = config("hookline: 1\nclassifiers: [{plugin: rules, settings: {rules: rules.yaml}}]\n");
  ASSERT_EQ(c.classifiers.size(), 1u);
  EXPECT_EQ(settings(c.classifiers[0])["rules"], json::parse(R"([{"when": "talk_s < 5"}])"));
}

TEST_F(ConfigTest, APluginSpeaksTheLanguageOfTheConfigUnlessToldOtherwise) {
  const std::string tasks =
      "tasks: [{plugin: callback-missed}, {plugin: callback-missed, id: b, settings: {language: ru}}]\n";
  const auto c = config("hookline: 1\nlocale: {language: en}\n" + tasks);
  ASSERT_EQ(c.tasks.size(), 2u);
  EXPECT_EQ(settings(c.tasks[0])["language"], "en");
  EXPECT_EQ(settings(c.tasks[1])["language"], "ru");
  EXPECT_EQ(settings(config("hookline: 1\nlocale: {language: ru}\n" + tasks).tasks[0])["language"], "ru");
}

TEST_F(ConfigTest, NoCalendarMayBeSaidInThePluginsOwnWord) {
  const auto c = config("hookline: 1\ntasks: [{plugin: callback-missed, settings: {working_hours: none}}]\n");
  EXPECT_EQ(settings(c.tasks[0])["working_hours"], "none");
}

TEST_F(ConfigTest, EntriesKeepTheirOrderAndMayHaveAnId) {
  const auto c = config(R"(
hookline: 1
classifiers: [{plugin: rules, id: first-rules}, {plugin: repeat-contact}, {plugin: rules}]
)");
  ASSERT_EQ(c.classifiers.size(), 3u);
  EXPECT_EQ(c.classifiers[0].id, "first-rules");
  EXPECT_EQ(c.classifiers[1].id, "repeat-contact");
  EXPECT_EQ(c.classifiers[2].id, "rules");
}

TEST_F(ConfigTest, ACalendarHasWeekdaysHoursAndOtherDates) {
  const auto c = config(R"(
hookline: 1
locale: {timezone: Europe/Moscow}
calendars:
  office: {days: mon-fri, hours: ["14:00-18:00", "09:00-13:00"], except: {2026-03-06: ["09:00-15:00"], 2026-03-09: closed}}
  night: {days: "sat-sun, wed", hours: ["00:00-24:00"], timezone: Asia/Tokyo}
)");
  const auto& office = c.calendars.at("office");
  EXPECT_EQ(office.timezone, "Europe/Moscow");
  ASSERT_EQ(office.week[0].size(), 2u);
  EXPECT_EQ(office.week[0][0].start, 9 * 60);
  EXPECT_EQ(office.week[4][1].end, 18 * 60);
  EXPECT_TRUE(office.week[5].empty());
  using namespace std::chrono;
  EXPECT_EQ(office.exceptions.at(sys_days(2026y / 3 / 6))[0].end, 15 * 60);
  EXPECT_TRUE(office.exceptions.at(sys_days(2026y / 3 / 9)).empty());
  const auto& night = c.calendars.at("night");
  EXPECT_EQ(night.timezone, "Asia/Tokyo");
  EXPECT_TRUE(night.week[0].empty());
  EXPECT_EQ(night.week[2][0].end, 24 * 60);
  EXPECT_EQ(night.week[6].size(), 1u);
}

TEST_F(ConfigTest, RecordsHaveTheShapesOfAnImport) {
  const auto c = config(R"(
hookline: 1
locale: {phone_region: RU}
calendars: {office: {days: mon-fri, hours: ["09:00-18:00"]}}
offices: [{id: msk, name: Москва, timezone: Europe/Moscow}]
departments: [{id: sales, name: Продажи, queues: [sales], duty: [ivanova]}, {id: service}]
employees:
  - id: ivanova
    name: Иванова А.
    office: msk
    calendar: office
    departments: [sales, {id: service, from: "2026-03-01T00:00:00+03:00", to: null}]
    extensions:
      - {source: pbx1, number: "101", to: "2026-03-03T12:00:00+03:00"}
      - {source: pbx1, number: "102", from: "2026-03-03T12:00:00+03:00"}
  - {id: orlov, extensions: [{source: pbx1, number: "101", from: "2026-03-03T12:00:00+03:00"}]}
ad_sources: [{id: cian, group: listings, counted: false, step: {source: cian, medium: listing}}]
lines: [{id: "8 (495) 000-00-01", ad_source: cian, tracking: static, calendar: office}]
)");
  ASSERT_EQ(c.directory.employees.size(), 2u);
  const auto& ivanova = c.directory.employees[0];
  EXPECT_EQ(ivanova.name, "Иванова А.");
  EXPECT_EQ(iso_utc(*ivanova.extensions[0].period.to), "2026-03-03T09:00:00.000Z");
  EXPECT_EQ(ivanova.departments[1].id, "service");
  EXPECT_TRUE(ivanova.departments[1].period.from);
  EXPECT_EQ(c.directory.departments[0].duty, std::vector<std::string>{"ivanova"});
  EXPECT_FALSE(c.directory.ad_sources[0].counted);
  EXPECT_EQ(c.directory.lines[0].tracking, "static");
  EXPECT_EQ(c.directory.phone_region, "RU");
}

TEST_F(ConfigTest, AReferenceMayWaitForRecordsWhereTheConfigHasNoSuchSection) {
  const auto c = config("hookline: 1\nemployees: [{id: anna, departments: [sales], office: msk}]\n");
  EXPECT_EQ(c.directory.employees[0].departments[0].id, "sales");
}

TEST_F(ConfigTest, TheLeadsPolicyIsRead) {
  const auto c = config(R"(
hookline: 1
funnels: [{id: repairs, stages: [{id: new}, {id: done, groups: [closed_successfully]}]}]
leads: {lead_when: new_contact, create_at: answer, distribution: [last_spoken, fan, duty], fan: [petrov, ivanova],
        stages: {missed: new, fan: done, answered: new}, outgoing: create_lead, anonymous: create_lead, sticky_days: 7, bind_to_taker: true}
)");
  EXPECT_EQ(c.leads.when, LeadPolicy::When::new_contact);
  EXPECT_EQ(c.leads.create_at, "answer");
  EXPECT_THAT(c.leads.distribution, ElementsAre("last_spoken", "fan", "duty"));
  EXPECT_THAT(c.leads.fan, ElementsAre("petrov", "ivanova"));
  EXPECT_EQ(c.leads.stage_fan, "done");
  EXPECT_TRUE(c.leads.anonymous_creates);
  EXPECT_EQ(c.leads.stage_missed, "new");
  EXPECT_TRUE(c.leads.outgoing_creates);
  EXPECT_TRUE(c.leads.bind_to_taker);
  EXPECT_EQ(c.leads.sticky_days, 7);
}

TEST_F(ConfigTest, TaskDefaultsAreOfAllRulesThatDoNotSetThemselves) {
  const auto c = config(R"(
hookline: 1
task_defaults: {deadline: 2h, working_hours: office}
tasks: [{plugin: callback-missed}, {plugin: callback-missed, id: b, settings: {deadline: 1h}}]
calendars: {office: {days: mon-fri, hours: ["09:00-18:00"]}}
)");
  EXPECT_THAT(c.tasks[0].settings_json, testing::HasSubstr(R"("deadline":"2h")"));
  EXPECT_THAT(c.tasks[0].settings_json, testing::HasSubstr(R"("working_hours":"office")"));
  EXPECT_THAT(c.tasks[1].settings_json, testing::HasSubstr(R"("deadline":"1h")"));
}

TEST_F(ConfigTest, TheFingerprintChangesWithWhatFiguresAreMadeOf) {
  const std::string base = "hookline: 1\nlocale: {phone_region: RU}\nclassifiers: [{plugin: repeat-contact}]\n";
  const auto print = [&](const std::string& more) { return config(base + more).fingerprint; };
  const auto same = print("");
  EXPECT_EQ(print("reports: [{plugin: calls-by-manager}]\n"), same);
  EXPECT_EQ(print("store: {url: \"sqlite:other.db\"}\n"), same);
  EXPECT_NE(print("tasks: [{plugin: callback-missed}]\n"), same);
  EXPECT_NE(print("employees: [{id: anna}]\n"), same);
  EXPECT_NE(print("leads: {lead_when: always}\n"), same);
  EXPECT_NE(print("calendars: {office: {days: mon, hours: [\"09:00-18:00\"]}}\n"), same);
  EXPECT_NE(config("hookline: 1\nlocale: {phone_region: US}\nclassifiers: [{plugin: repeat-contact}]\n").fingerprint,
            same);
  EXPECT_NE(print("tasks: [{plugin: callback-missed, settings: {deadline: 2h}}]\n"),
            print("tasks: [{plugin: callback-missed}]\n"));
}

TEST_F(ConfigTest, TheConfigsOfThisTreeAreRight) {
  for (const auto* name :
       {"config/hookline.yaml", "tests/fixtures/asterisk/hookline.yaml", "tests/fixtures/metrics/hookline.yaml"}) {
    const auto got = read_file(std::string(HKL_SOURCE_DIR "/") + name);
    for (const auto& complaint : got.complaints) ADD_FAILURE() << complaint.str();
  }
}

}  // namespace
}  // namespace hkl
