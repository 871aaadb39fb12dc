// What a wrong config is told: all at once, where, what, and the way out.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <cstring>

#include "config/config_files_test.h"

namespace hkl {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;

using ComplaintsTest = ConfigFiles;

TEST_F(ComplaintsTest, FiveMistakesAreFiveComplaintsInOrder) {
  EXPECT_THAT(
      complaints(R"(hookline: 1
locale:
  timezone: Europe/Moskow
sources:
  - name: pbx1
    plugin: asterisk-ami
    settings:
      hots: 10.0.0.5
      host: 10.0.0.5
      username: crm
      secret: x
      port: 70000
tasks:
  - plugin: callback-mised
employes: []
)"),
      ElementsAre("hookline.yaml:3:3: locale.timezone: there is no time zone \"Europe/Moskow\"; did you mean "
                  "\"Europe/Moscow\"?",
                  "hookline.yaml:8:7: asterisk-ami has no setting \"hots\"; did you mean \"host\"?",
                  "hookline.yaml:12:7: asterisk-ami, setting \"port\": expected a number from 1 to 65535, found "
                  "70000 (Its AMI port)",
                  "hookline.yaml:14:5: tasks[0].plugin: there is no plugin \"callback-mised\" in "
                  "/usr/lib/plugins; did you mean \"callback-missed\"?",
                  "hookline.yaml:15:1: employes: there is no \"employes\" here; did you mean \"employees\"?"));
}

TEST_F(ComplaintsTest, AFileThatIsNotThereSaysSo) {
  const auto got = read_file((folder_ / "none.yaml").string());
  ASSERT_EQ(got.complaints.size(), 1u);
  EXPECT_EQ(without_folder(got.complaints[0].str()), "none.yaml: cannot be read: No such file or directory");
  EXPECT_FALSE(got.config);
}

TEST_F(ComplaintsTest, WhatIsNoYamlSaysWhere) {
  EXPECT_THAT(complaints("hookline: 1\nstore: {url: \"a\n"), ElementsAre(HasSubstr("hookline.yaml:3:")));
  EXPECT_THAT(complaints(""), ElementsAre("hookline.yaml:1:1: holds no keys; begin with `hookline: 1`"));
  EXPECT_THAT(complaints("- a\n"), ElementsAre(HasSubstr("hookline.yaml:1:1: holds no keys")));
}

TEST_F(ComplaintsTest, TheVersionIsNeeded) {
  EXPECT_THAT(complaints("sources: []\n"), ElementsAre(HasSubstr("\"hookline\" is missing: the version of this file")));
  EXPECT_THAT(complaints("hookline: 2\n"), ElementsAre(HasSubstr("hookline.yaml:1:1: hookline: expected 1, found 2")));
}

TEST_F(ComplaintsTest, ATitleNamesOnlyWhatIsKnown) {
  EXPECT_THAT(
      complaints("hookline: 1\ntasks: [{plugin: callback-missed, settings: {title: \"Call {clinet}\"}}]\n"),
      ElementsAre("hookline.yaml:2:46: callback-missed, setting \"title\": there is no field \"clinet\"; did you mean "
                  "\"client\"?"));
  EXPECT_THAT(complaints("hookline: 1\ntasks: [{plugin: callback-missed, settings: {title: \"Call {\"}}]\n"),
              ElementsAre(HasSubstr("setting \"title\": \"{\" is not closed by \"}\" in \"Call {\"")));
}

TEST_F(ComplaintsTest, TaskDefaultsAreJudged) {
  EXPECT_THAT(complaints("hookline: 1\ntask_defaults: {deadline: 0h}\n"),
              ElementsAre(HasSubstr("task_defaults.deadline: expected a duration above nothing, found \"0h\"")));
  EXPECT_THAT(complaints("hookline: 1\ntask_defaults: {working_hours: ofice}\ntasks: [{plugin: callback-missed}]\n"),
              ElementsAre(HasSubstr("there is no calendar \"ofice\"")));
}

TEST_F(ComplaintsTest, AFanNeedsMembersWhoExistAndAStepThatUsesThem) {
  EXPECT_THAT(
      complaints("hookline: 1\nleads: {distribution: [responsible, fan]}\n"),
      ElementsAre("hookline.yaml:2:9: leads.distribution: \"fan\" shares leads out among nobody; name its members, "
                  "as in leads.fan: [ivanova, petrov]"));
  EXPECT_THAT(complaints("hookline: 1\nleads: {fan: [anna]}\n"),
              ElementsAre("hookline.yaml:2:9: leads.fan: no step of leads.distribution shares leads out; add fan, "
                          "least_loaded or offer to it"));
  EXPECT_THAT(
      complaints("hookline: 1\nleads: {fan: [anna, olga], distribution: [fan, fan]}\nemployees: [{id: anna}]\n"),
      ElementsAre("hookline.yaml:2:21: leads.fan[1]: there is no employee \"olga\"; known: anna",
                  "hookline.yaml:2:48: leads.distribution[1]: \"fan\" stands there already; keep the first"));
  EXPECT_THAT(complaints("hookline: 1\nleads: {distribution: [least_loaded], stages: {fan: chek}}\n"),
              ElementsAre(HasSubstr("leads.stages.fan: there is no stage \"chek\"; did you mean \"check\"?")));
}

TEST_F(ComplaintsTest, AKeyWrittenTwiceNamesTheFirst) {
  EXPECT_THAT(
      complaints("hookline: 1\nlocale: {language: en}\nlocale: {language: ru}\n"),
      ElementsAre("hookline.yaml:3:1: \"locale\" is written twice; the first stands in line 2. Keep one of the two"));
}

TEST_F(ComplaintsTest, WhatIsKeptIsKeptForAWhileAndForAReason) {
  EXPECT_THAT(complaints("hookline: 1\nretention: {events: 400d, record: 14d, at: \"04:15\"}\n"), ElementsAre());
  EXPECT_THAT(
      complaints("hookline: 1\nretention: {events: 2d}\n"),
      ElementsAre("hookline.yaml:2:13: retention.events: \"2d\" is too short; a week (7d) is the least, as news "
                  "of a call may come late"));
  EXPECT_THAT(
      complaints("hookline: 1\nretention: {recordings: 180d}\n"),
      ElementsAre("hookline.yaml:2:13: retention.recordings: there is no recordings.folder whose files it could "
                  "be about"));
}

TEST_F(ComplaintsTest, LimitsOfAPluginHaveUnitsAndBounds) {
  EXPECT_THAT(complaints("hookline: 1\nreports: [{plugin: calls-by-manager, isolation: process, limits: {call: 5s, "
                         "memory_mib: 256}}]\n"),
              IsEmpty());
  EXPECT_THAT(complaints("hookline: 1\nreports: [{plugin: calls-by-manager, isolation: proces, limits: {call: 5, "
                         "memory_mib: 8}}]\n"),
              UnorderedElementsAre(HasSubstr("there is no \"proces\"; did you mean \"process\"?"),
                                   HasSubstr("limits.call"), HasSubstr("limits.memory_mib")));
}

TEST_F(ComplaintsTest, WhereHttpIsServedMustBeAnAddressOfThisMachine) {
  EXPECT_THAT(complaints("hookline: 1\nhttp: {listen: 8080, trusted_proxies: [10.0.0.0/40]}\n"),
              UnorderedElementsAre(HasSubstr("\"8080\" is no address to listen on; write 127.0.0.1:8080 or [::1]:8080"),
                                   HasSubstr("\"10.0.0.0/40\" is no address or network")));
  EXPECT_THAT(complaints("hookline: 1\nhttp: {tls: {certificate: none.pem, key: none.key}}\n"),
              ElementsAre(HasSubstr("none.pem cannot be read: No such file"), HasSubstr("none.key cannot be read")));
}

TEST_F(ComplaintsTest, WhoMayWhatMustBeThereAndSeeSomething) {
  EXPECT_THAT(complaints("hookline: 1\nroles: {clerk: {sees: al, may: [calls.views]}}\n"),
              UnorderedElementsAre(HasSubstr("did you mean \"all\"?"), HasSubstr("did you mean \"calls.view\"?")));
  EXPECT_THAT(complaints("hookline: 1\nusers: [{id: a, role: amin}, {id: b, role: manager}, {id: b, role: admin}]\n"),
              UnorderedElementsAre(HasSubstr("users[0].role: there is no role \"amin\"; did you mean \"admin\"?"),
                                   HasSubstr("users[1]: the role \"manager\" sees what is somebody's own; say who "
                                             "\"b\" is with `employee`"),
                                   HasSubstr("users[2].id: there are two users \"b\"; keep one")));
  EXPECT_THAT(
      complaints("hookline: 1\nemployees: [{id: ivanova}]\nusers: [{id: a, role: manager, employee: ivanov}]\n"),
      ElementsAre(HasSubstr("there is no employee \"ivanov\"; did you mean \"ivanova\"?")));
}

TEST_F(ComplaintsTest, AScheduleSendsWhatIsThereToSomewhere) {
  const std::string base =
      "hookline: 1\nreports: [{plugin: calls-by-manager}]\nsaved: {weekly: {report: calls-by-manager}}\n";
  const auto schedule = [&](const std::string& rest) {
    return complaints(base + "schedules: [{id: s, " + rest + "}]\n");
  };
  EXPECT_THAT(schedule("saved: weekly, at: 0 9 * * mon, folder: out"), ElementsAre());
  EXPECT_THAT(schedule("saved: weakly, at: 0 9 * * mon, folder: out"),
              ElementsAre(HasSubstr("there is no saved report \"weakly\"; did you mean \"weekly\"?")));
  EXPECT_THAT(schedule("saved: weekly, at: 0 25 * * mon, folder: out"), ElementsAre(HasSubstr("\"25\" is no hour")));
  EXPECT_THAT(schedule("saved: weekly, at: 0 9 * * mon"), ElementsAre(HasSubstr("either a folder or addresses")));
  EXPECT_THAT(schedule("saved: weekly, at: 0 9 * * mon, mail: [a@b.example]"), ElementsAre(HasSubstr("smtp.host")));
  EXPECT_THAT(schedule("saved: weekly, at: 0 9 * * mon, folder: out, user: u"),
              ElementsAre(HasSubstr("there is no user \"u\"")));
  EXPECT_THAT(
      complaints("hookline: 1\nreports: [{plugin: calls-by-manager}]\nsaved: {weekly: {report: calls-by-manger}}\n"),
      ElementsAre(HasSubstr("did you mean \"calls-by-manager\"?")));
  EXPECT_THAT(complaints("hookline: 1\nreports: [{plugin: calls-by-manager}]\nsaved: {calls-by-manager: {report: "
                         "calls-by-manager}}\n"),
              ElementsAre(HasSubstr("a report has that name already")));
}

TEST_F(ComplaintsTest, AKeyIsAHashWithARoleOrAUser) {
  const std::string hash(64, 'a');
  const auto key = [&](const std::string& rest) {
    return complaints("hookline: 1\nusers: [{id: u, role: admin}]\nhttp: {keys: [{name: k, hash: \"sha256:" + hash +
                      "\"" + rest + "}]}\n");
  };
  EXPECT_THAT(key(", role: analyst"), ElementsAre());
  EXPECT_THAT(key(", user: u"), ElementsAre());
  EXPECT_THAT(key(""), ElementsAre(HasSubstr("either a role or the user")));
  EXPECT_THAT(key(", role: admin, user: u"), ElementsAre(HasSubstr("either a role or the user")));
  EXPECT_THAT(key(", role: manager"), ElementsAre(HasSubstr("a program is nobody")));
  EXPECT_THAT(key(", user: v"), ElementsAre(HasSubstr("there is no user \"v\"")));
  EXPECT_THAT(complaints("hookline: 1\nhttp: {keys: [{name: k, role: admin, hash: secret}]}\n"),
              ElementsAre(HasSubstr("hookline key new")));
}

TEST_F(ComplaintsTest, ACountryAndAZoneMustBeKnown) {
  EXPECT_THAT(complaints("hookline: 1\nlocale: {phone_region: UK}\n"),
              ElementsAre("hookline.yaml:2:10: locale.phone_region: there is no country \"UK\"; did you mean \"GB\"?"));
  EXPECT_THAT(complaints("hookline: 1\nlocale: {phone_region: ru}\n"),
              ElementsAre(HasSubstr("\"ru\" is not written as it must be (the country")));
  EXPECT_THAT(complaints("hookline: 1\nlocale: {language: rus}\n"),
              ElementsAre(HasSubstr("there is no \"rus\"; did you mean \"ru\"?")));
  EXPECT_THAT(
      complaints("hookline: 1\nsources: [{name: a, plugin: canonical, timezone: Moon/Base, phone_region: XX}]\n"),
      ElementsAre(HasSubstr("sources[0].timezone: there is no time zone"),
                  HasSubstr("sources[0].phone_region: there is no country \"XX\"")));
  EXPECT_THAT(complaints("hookline: 1\noffices: [{id: msk, timezone: Europe/Moskow}]\n"),
              ElementsAre(HasSubstr("offices[0].timezone: there is no time zone \"Europe/Moskow\"; did you mean")));
}

TEST_F(ComplaintsTest, APluginOfAnotherKindIsSentToItsSection) {
  EXPECT_THAT(complaints("hookline: 1\nsources:\n  - {name: a, plugin: repeat-contact}\n"),
              ElementsAre("hookline.yaml:3:15: sources[0].plugin: \"repeat-contact\" is no PBX adapter, it is a lead "
                          "classifier; move this entry to \"classifiers\""));
}

TEST_F(ComplaintsTest, NamesAndIdsAreGivenOnce) {
  EXPECT_THAT(complaints("hookline: 1\nsources:\n  - {name: a, plugin: canonical}\n  - {name: a, plugin: canonical}\n"),
              ElementsAre(HasSubstr("hookline.yaml:4:6: sources[1].name: there is a source \"a\" in line 3 already")));
  EXPECT_THAT(
      complaints("hookline: 1\nclassifiers:\n  - plugin: rules\n  - plugin: rules\n"),
      ElementsAre("hookline.yaml:4:5: classifiers[1].plugin: the entry in line 3 has the id \"rules\" too; give "
                  "this one an id of its own"));
  EXPECT_THAT(complaints("hookline: 1\nreports: [{plugin: calls-by-manager, id: a b}]\n"),
              ElementsAre(HasSubstr("reports[0].id: \"a b\" is not written as it must be (letters, digits")));
}

TEST_F(ComplaintsTest, OnePbxHasOneCountry) {
  EXPECT_THAT(
      complaints(R"(hookline: 1
sources:
  - {name: a, plugin: canonical, pbx: p, phone_region: RU}
  - {name: b, plugin: canonical, pbx: p, phone_region: DE}
)"),
      ElementsAre(HasSubstr("hookline.yaml:4:42: sources[1].phone_region: \"a\" has RU for the same PBX (line 3)")));
}

TEST_F(ComplaintsTest, MissingSettingsSayWhatTheyAreFor) {
  EXPECT_THAT(complaints("hookline: 1\nsources:\n  - {name: a, plugin: asterisk-ami, settings: {host: x}}\n"),
              ElementsAre("hookline.yaml:3:37: asterisk-ami needs the setting \"username\": User of manager.conf",
                          "hookline.yaml:3:37: asterisk-ami needs the setting \"secret\": That user's secret"));
  EXPECT_THAT(complaints("hookline: 1\nsources:\n  - {name: a}\n"),
              ElementsAre(HasSubstr("hookline.yaml:3:5: sources[0]: \"plugin\" is missing: id of the adapter")));
}

TEST_F(ComplaintsTest, DurationsAndChoicesAreJudgedBeforeThePluginSeesThem) {
  EXPECT_THAT(
      complaints("hookline: 1\ntasks: [{plugin: callback-missed, settings: {deadline: 4 hours}}]\n"),
      ElementsAre(HasSubstr("callback-missed, setting \"deadline\": expected a duration such as 4h, 90s or 1h30m, "
                            "found \"4 hours\" (Time to call back)")));
  EXPECT_THAT(complaints("hookline: 1\ntasks: [{plugin: callback-missed, settings: {deadline: 0h}}]\n"),
              ElementsAre(HasSubstr("expected a duration above nothing, found \"0h\"")));
  EXPECT_THAT(complaints("hookline: 1\nclassifiers: [{plugin: rules, settings: {mode: frist}}]\n"),
              ElementsAre(HasSubstr("there is no \"frist\"; did you mean \"first\"?")));
}

TEST_F(ComplaintsTest, UnknownSettingsAreErrorsThoughTheAuthorDidNotSaySo) {
  EXPECT_THAT(complaints("hookline: 1\nclassifiers: [{plugin: repeat-contact, settings: {days: 7}}]\n"),
              ElementsAre(HasSubstr("repeat-contact has no setting \"days\"; take it out")));
}

TEST_F(ComplaintsTest, NoMessageShowsASecret) {
  const auto secret = file("ami.txt", "opensesame-opensesame-opensesame\n");
  ::chmod(secret.c_str(), 0600);
  for (const auto* given : {"opensesame-opensesame-opensesame", "!secret ami.txt", "[opensesame]"}) {
    const auto told =
        complaints(std::string("hookline: 1\nsources: [{name: a, plugin: asterisk-ami, settings: {host: x, "
                               "username: y, secret: ") +
                   given + "}}]\n");
    ASSERT_EQ(told.size(), 1u) << given;
    EXPECT_THAT(told[0], Not(HasSubstr("opensesame"))) << given;
  }
}

TEST_F(ComplaintsTest, ASecretThatOthersMayReadIsRefused) {
  const auto secret = file("ami.txt", "opensesame\n");
  ::chmod(secret.c_str(), 0644);
  EXPECT_THAT(
      complaints("hookline: 1\nsources: [{name: a, plugin: asterisk-ami, settings: {host: x, username: y, secret: "
                 "!secret ami.txt}}]\n"),
      ElementsAre(HasSubstr("ami.txt may be read by others than its owner; do chmod 600 ami.txt")));
}

TEST_F(ComplaintsTest, AVariableThatIsNotSetIsNamed) {
  EXPECT_THAT(complaints("hookline: 1\nstore: {url: \"sqlite:${CONFIG_TEST_NOWHERE}.db\"}\n"),
              ElementsAre(HasSubstr("hookline.yaml:2:14: the environment has no CONFIG_TEST_NOWHERE; set it")));
}

TEST_F(ComplaintsTest, FaultsOfIncludedFilesAreToldThere) {
  file("people.yaml", "employees:\n  - {id: anna, nmae: Anna}\nlocale: {language: ru}\n");
  EXPECT_THAT(
      complaints("hookline: 1\nlocale: {language: en}\ninclude: [people.yaml]\n"),
      ElementsAre(HasSubstr("people.yaml:2:16: employees[0].nmae: there is no \"nmae\" here; did you mean \"name\"?"),
                  HasSubstr("people.yaml:3:10: \"language\" stands in hookline.yaml line 2 already")));
  EXPECT_THAT(complaints("hookline: 1\ninclude: [nobody.yaml]\n"),
              ElementsAre(HasSubstr("hookline.yaml:2:11: nobody.yaml cannot be read: No such file")));
  file("self.yaml", "include: [self.yaml]\n");
  EXPECT_THAT(complaints("hookline: 1\ninclude: [self.yaml]\n"), ElementsAre(HasSubstr("self.yaml includes itself")));
}

TEST_F(ComplaintsTest, AFileNamedByASettingIsJudgedWithItsOwnPlaces) {
  file("rules.yaml", "- {when: a}\n- {wehn: b}\n");
  EXPECT_THAT(
      complaints("hookline: 1\nclassifiers: [{plugin: rules, settings: {rules: rules.yaml}}]\n"),
      ElementsAre(HasSubstr("rules.yaml:2:4: rules, setting \"[1].wehn\": there is no \"wehn\" here; did you mean")));
  EXPECT_THAT(complaints("hookline: 1\nclassifiers: [{plugin: rules, settings: {rules: nothing.yaml}}]\n"),
              ElementsAre(HasSubstr("hookline.yaml:2:42: nothing.yaml cannot be read: No such file")));
  file("empty.yaml", "");
  EXPECT_THAT(complaints("hookline: 1\nclassifiers: [{plugin: rules, settings: {rules: empty.yaml}}]\n"),
              ElementsAre(HasSubstr("empty.yaml:1:1: rules wants a map or list here, found nothing")));
}

TEST_F(ComplaintsTest, CalendarsNameWhatIsWrong) {
  EXPECT_THAT(
      complaints(R"(hookline: 1
calendars:
  a: {days: mon-fry, hours: ["09:00-25:00"], except: {2026-02-30: closed}}
  b: {days: mon, hours: ["18:00-02:00"], except: {2026-03-09: closd}}
  c: {days: mon, hours: ["09:00-13:00", "12:00-18:00"], timezone: Mars}
  d: {days: mon, hours: []}
)"),
      ElementsAre(
          "hookline.yaml:3:7: calendars.a.days: there is no day \"fry\"; did you mean \"fri\"?",
          HasSubstr("calendars.a.hours[0]: \"09:00-25:00\" is no span of a day; hours go from 00:00 to 24:00"),
          "hookline.yaml:3:55: calendars.a.except.2026-02-30: \"2026-02-30\" is no date; write it as 2026-03-09",
          HasSubstr("\"18:00-24:00\" and \"00:00-02:00\""), HasSubstr("\"closd\" is neither hours nor closed"),
          HasSubstr("calendars.c.hours: two spans overlap"),
          HasSubstr("calendars.c.timezone: there is no time zone \"Mars\""),
          HasSubstr("hookline.yaml:6:18: calendars.d.hours: the list is empty")));
}

TEST_F(ComplaintsTest, ACalendarNamedByASettingMustBeThere) {
  EXPECT_THAT(complaints(R"(hookline: 1
tasks: [{plugin: callback-missed, settings: {working_hours: ofice}}]
calendars: {office: {days: mon, hours: ["09:00-18:00"]}}
)"),
              ElementsAre("hookline.yaml:2:46: callback-missed, setting \"working_hours\": there is no calendar "
                          "\"ofice\"; did you mean \"office\"?"));
  EXPECT_THAT(complaints("hookline: 1\ntasks: [{plugin: callback-missed, settings: {working_hours: office}}]\n"),
              ElementsAre(HasSubstr("there is no calendar \"office\"; write it under calendars")));
}

TEST_F(ComplaintsTest, ReferencesBetweenRecordsMustLeadSomewhere) {
  EXPECT_THAT(
      complaints(R"(hookline: 1
employees:
  - {id: anna, departments: [salse], office: spb, calendar: shift}
departments:
  - {id: sales, duty: [ana]}
offices: [{id: msk}]
lines: [{id: "+74950000001", ad_source: cain}]
ad_sources: [{id: cian}]
)"),
      ElementsAre(
          "hookline.yaml:3:30: employees[0].departments[0]: there is no department \"salse\"; did you mean \"sales\"?",
          HasSubstr("employees[0].office: there is no office \"spb\"; known: msk"),
          HasSubstr("employees[0].calendar: there is no calendar \"shift\""),
          HasSubstr("departments[0].duty[0]: there is no employee \"ana\"; did you mean \"anna\"?"),
          HasSubstr("lines[0].ad_source: there is no advertising source \"cain\"; did you mean \"cian\"?")));
}

TEST_F(ComplaintsTest, RecordsAreJudgedFieldByField) {
  EXPECT_THAT(
      complaints(R"(hookline: 1
employees:
  - {name: Anna}
  - {id: boris, dismissed_at: 2026-03-01 10:00, extensions: [{source: p, nmber: 101}]}
ad_sources: [{id: cian, counted: maybe}]
lines: [{id: office, tracking: dinamic}]
)"),
      ElementsAre(HasSubstr("hookline.yaml:3:5: employees[0]: \"id\" is missing"),
                  HasSubstr("hookline.yaml:4:17: employees[1].dismissed_at: \"2026-03-01 10:00\" is no time"),
                  HasSubstr("employees[1].extensions[0]: \"number\" is missing: the extension, such as"),
                  HasSubstr("employees[1].extensions[0].nmber: there is no \"nmber\" here; did you mean \"number\"?"),
                  HasSubstr("ad_sources[0].counted: expected true or false, found \"maybe\""),
                  HasSubstr("lines[0].id: \"office\" is no telephone number"),
                  HasSubstr("lines[0].tracking: there is no \"dinamic\"; did you mean \"dynamic\"?")));
}

TEST_F(ComplaintsTest, AnExtensionHasOneEmployeeAtATime) {
  EXPECT_THAT(
      complaints(R"(hookline: 1
employees:
  - {id: anna, extensions: [{source: pbx1, number: 101, to: "2026-03-03T12:00:00Z"}]}
  - {id: boris, extensions: [{source: pbx1, number: "101", from: "2026-03-03T11:59:59Z"}]}
  - {id: clara, extensions: [{source: pbx2, number: "101"}]}
)"),
      ElementsAre("hookline.yaml:4:30: employees[1].extensions[0]: extension 101 of pbx1 belongs to anna at the same "
                  "time (line 3); end one period with \"to\" where the other begins with \"from\""));
  EXPECT_THAT(complaints(R"(hookline: 1
employees:
  - {id: anna, extensions: [{source: p, number: "101"}, {source: p, number: "101", from: "2026-03-03T12:00:00Z"}]}
)"),
              ElementsAre(HasSubstr(
                  "hookline.yaml:3:57: employees[0].extensions[1]: anna has extension 101 of p twice at once")));
  EXPECT_THAT(
      complaints(
          "hookline: 1\nemployees: [{id: a, extensions: [{source: p, number: 1, from: \"2026-03-03T12:00:00Z\", to: "
          "\"2026-03-03T12:00:00Z\"}]}]\n"),
      ElementsAre(HasSubstr("extensions[0].to: is not after \"from\"")));
}

TEST_F(ComplaintsTest, TheOtherOfTwoIsNamedWithItsFile) {
  const auto people = file("people.yaml", "employees: [{id: anna}]\n");
  EXPECT_THAT(
      complaints("hookline: 1\nemployees: [{id: anna}]\ninclude: [people.yaml]\n"),
      ElementsAre("people.yaml:1:14: employees[1].id: \"anna\" stands in hookline.yaml line 2 already; keep one "
                  "of the two"));
}

// A wrong thing in any place makes complaints and nothing worse.
TEST_F(ComplaintsTest, WhateverStandsInTheWrongPlaceIsOnlyComplainedOf) {
  const std::vector<std::string> lines = {
      "hookline: 1",
      "store: {url: \"sqlite:a.db\"}",
      "locale: {timezone: UTC}",
      "plugins: {folders: [.]}",
      "sources: [{name: p, plugin: asterisk-ami, settings: {host: a, username: b, secret: c}}]",
      "classifiers: [{plugin: rules}]",
      "tasks: [{plugin: callback-missed, settings: {working_hours: office}}]",
      "calendars: {office: {days: mon, hours: [\"09:00-18:00\"], except: {2026-03-09: closed}}}",
      "employees: [{id: a, departments: [{id: d}], extensions: [{source: p, number: \"1\"}]}]",
      "departments: [{id: d, queues: [q], duty: [a]}]",
      "lines: [{id: \"+12025550110\"}]",
      "funnels: [{id: f, stages: [{id: s}]}]",
      "leads: {stages: {missed: s, answered: s}, sticky_days: 3}"};
  std::string good;
  for (const auto& line : lines) good += line + "\n";
  ASSERT_THAT(complaints(good), IsEmpty());
  std::size_t refused = 0;
  for (std::size_t at = good.find_first_of(":["); at != std::string::npos; at = good.find_first_of(":[", at + 1))
    for (const auto* wrong : {" 7,", " [],", " {},", " ~,", " [[{}]],"}) {
      auto bad = good;
      bad.insert(at + 1, wrong);
      refused += read(bad).config ? 0 : 1;
      bad = good.substr(0, at + 1) + std::string(wrong, std::strlen(wrong) - 1) + "\n";
      refused += read(bad).config ? 0 : 1;
    }
  EXPECT_GT(refused, 300u);
}

TEST_F(ComplaintsTest, RecordsOfOneIdAreRefused) {
  EXPECT_THAT(complaints(R"(hookline: 1
locale: {phone_region: RU}
employees: [{id: anna}, {id: boris}, {id: anna}]
departments: [{id: a, queues: [q]}, {id: b, queues: [q]}]
lines: [{id: "+74950000001"}, {id: "8 495 000-00-01"}]
funnels: [{id: sales, stages: [{id: unsorted}, {id: check}, {id: check}]}]
)"),
              ElementsAre("hookline.yaml:3:39: employees[2].id: \"anna\" stands in line 3 already; keep one of the two",
                          HasSubstr("departments[1].queues[0]: queue q belongs to a already"),
                          HasSubstr("lines[1].id: \"+74950000001\" stands in line 5 already"),
                          HasSubstr("funnels[0].stages[2].id: \"check\" stands in line 6 already")));
}

TEST_F(ComplaintsTest, AnEmployeesPbxMustBeWatchedOrSaidToComeAsRecords) {
  EXPECT_THAT(
      complaints(R"(hookline: 1
sources: [{name: live, plugin: canonical, pbx: pbx1}]
employees: [{id: anna, extensions: [{source: pbx7, number: "101"}, {source: pbx1, number: "102"}]}]
)"),
      ElementsAre("hookline.yaml:3:38: employees[0].extensions[0].source: there is no source \"pbx7\"; did you mean "
                  "\"pbx1\"? (if its calls come as records alone, add the source {name: pbx7, plugin: canonical})"));
}

TEST_F(ComplaintsTest, NewLeadsNeedAStageOfTheirFunnel) {
  EXPECT_THAT(
      complaints("hookline: 1\nleads: {stages: {missed: unsortd}}\n"),
      ElementsAre("hookline.yaml:2:18: leads.stages.missed: there is no stage \"unsortd\"; did you mean \"unsorted\"? "
                  "(new leads are made in the funnel \"sales\")"));
  EXPECT_THAT(
      complaints("hookline: 1\nfunnels: [{id: repairs, stages: [{id: check}]}]\n"),
      ElementsAre("hookline.yaml:2:1: funnels: new leads are made in the funnel \"repairs\" at the stage \"unsorted\", "
                  "which it does not have; name one of its stages as leads.stages.missed"));
  EXPECT_THAT(complaints("hookline: 1\nleads: {lead_when: never}\nfunnels: [{id: repairs, stages: [{id: check}]}]\n"),
              IsEmpty());
}

TEST_F(ComplaintsTest, AFolderOfPluginsMustBeThere) {
  EXPECT_THAT(
      complaints("hookline: 1\nplugins: {folders: [plugins]}\n"),
      ElementsAre("hookline.yaml:2:21: plugins.folders[0]: there is no folder plugins; make it or correct the name"));
}

TEST_F(ComplaintsTest, AStrangersSchemaThatIsNoneIsHisAuthorsFault) {
  EXPECT_THAT(complaints("hookline: 1\nreports: [{plugin: odd-schema, settings: {a: 1}}]\n"),
              ElementsAre(HasSubstr("ask")));
  EXPECT_THAT(complaints("hookline: 1\nreports: [{plugin: no-such-type, settings: {a: b}}]\n"),
              ElementsAre(HasSubstr("cannot be read (Unrecognised JSON type name 'sentence')")));
  EXPECT_THAT(complaints("hookline: 1\nreports: [{plugin: odd-pattern, settings: {a: b}}]\n"),
              ElementsAre(HasSubstr("the schema of these settings cannot be read")));
  EXPECT_THAT(complaints("hookline: 1\nreports: [{plugin: odd-default}]\n"),
              ElementsAre(HasSubstr("reports[0].plugin: the default of its setting \"a\" breaks its own schema")));
}

TEST_F(ComplaintsTest, ADefaultOfASettingThatRefersToASharedPartIsJudgedByIt) {
  EXPECT_THAT(complaints("hookline: 1\nreports: [{plugin: shared-parts}]\n"), ElementsAre());
}

}  // namespace
}  // namespace hkl
