// The library as a CRM sees it: by its public header alone.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <future>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "hookline/hookline.h"

namespace {

using nlohmann::json;
using namespace std::chrono_literals;

std::string text_of(const hkl_str& text) { return {text.ptr, text.len}; }

// What a CRM heard, and how it answers.
struct Crm {
  struct Heard {
    std::uint32_t entity;
    std::string id, key;
    json body;
    std::uint32_t attempt;
    std::thread::id thread;
  };
  Crm() = default;
  Crm(const Crm&) = delete;
  // What is still to be told is told to nobody who is gone.
  ~Crm() {
    if (told_by != nullptr) hkl_destroy(std::exchange(*told_by, nullptr));
  }

  hkl_runtime** told_by = nullptr;
  std::mutex mutex;
  std::vector<Heard> heard;
  std::function<hkl_status(const Heard&, hkl_delivery_answer&)> answer = [](const Heard&, hkl_delivery_answer&) {
    return HKL_OK;
  };

  hkl_callbacks callbacks() {
    hkl_callbacks c{};
    c.struct_size = sizeof c;
    c.user = this;
    c.deliver = [](void* user, const hkl_delivery* d, hkl_delivery_answer* out) -> hkl_status {
      auto& crm = *static_cast<Crm*>(user);
      Heard heard{d->entity,       text_of(d->id),
                  text_of(d->key), json::parse(text_of(d->json)),
                  d->attempt,      std::this_thread::get_id()};
      const std::lock_guard lock(crm.mutex);
      const auto status = crm.answer(heard, *out);
      crm.heard.push_back(std::move(heard));
      return status;
    };
    return c;
  }
  std::size_t count() {
    const std::lock_guard lock(mutex);
    return heard.size();
  }
};

struct Text {
  std::string text;
  hkl_writer writer{sizeof(hkl_writer), 0, this, [](void* user, hkl_bytes bytes) -> hkl_status {
                      static_cast<Text*>(user)->text.append(reinterpret_cast<const char*>(bytes.ptr), bytes.len);
                      return HKL_OK;
                    }};
};

template <typename Condition>
bool eventually(Condition condition) {
  for (int i = 0; i < 500; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(20ms);
  }
  return false;
}

class Api : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "hookline-api-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    std::ofstream(folder_ / "hookline.yaml")
        << "hookline: 1\n"
           "store: {url: \"sqlite:hookline.db\"}\n"
           "locale: {timezone: UTC, phone_region: RU, language: en}\n"
           "plugins: {folders: [\"" HKL_BINARY_DIR
           "/plugins\"]}\n"
           "sources: [{name: told, plugin: canonical, history: false}]\n"
           "classifiers: [{plugin: repeat-contact}]\n"
           "tasks: [{plugin: callback-missed}]\n"
           "reports: [{plugin: calls-by-manager}]\n"
           "employees: [{id: ivanova, name: Ivanova, extensions: [{source: told, number: \"101\"}]}]\n";
  }
  void TearDown() override {
    hkl_destroy(runtime_);
    std::filesystem::remove_all(folder_);
  }
  hkl_status create(Crm* crm, std::uint32_t flags = 0) {
    const auto config = (folder_ / "hookline.yaml").string();
    hkl_options options{};
    options.struct_size = sizeof options;
    options.config_path = config.c_str();
    options.flags = flags;
    if (crm != nullptr) {
      options.callbacks = crm->callbacks();
      crm->told_by = &runtime_;
    }
    return hkl_create(&options, &runtime_, &error_);
  }
  // A missed call of a new client, at a minute of the day.
  void tell_missed(const std::string& id, const std::string& number, int minute) {
    const auto at = "2026-03-02T09:" + std::string(minute < 10 ? "0" : "") + std::to_string(minute);
    const json call = {{"type", "call"},
                       {"id", "told:" + id},
                       {"source", "told"},
                       {"direction", "in"},
                       {"client_number", number},
                       {"started_at", at + ":00Z"},
                       {"ended_at", at + ":20Z"},
                       {"finish_reason", "client_hung_up"},
                       {"hung_up_by", "client"},
                       {"legs",
                        {{{"kind", "employee"},
                          {"extension", "101"},
                          {"started_at", at + ":01Z"},
                          {"ended_at", at + ":20Z"},
                          {"outcome", "cancelled"}}}}};
    tell("told", call.dump());
  }
  void tell(const char* source, const std::string& line) {
    const auto path = (folder_ / "told.ndjson").string();
    std::ofstream(path) << line << "\n";
    const char* files[] = {path.c_str()};
    hkl_import request{};
    request.struct_size = sizeof request;
    request.source = source;
    request.files = files;
    request.file_count = 1;
    Text complaints;
    ASSERT_EQ(hkl_import_files(runtime_, &request, nullptr, &complaints.writer, nullptr, &error_), HKL_OK)
        << error_.text << complaints.text;
  }

  std::filesystem::path folder_;
  hkl_runtime* runtime_ = nullptr;
  hkl_error error_{sizeof(hkl_error), 0, 0, 0, {}};
};

TEST_F(Api, AMissedCallReachesTheCrmAsContactCallInquiryLeadAndTaskInThisOrder) {
  Crm crm;
  ASSERT_EQ(create(&crm), HKL_OK) << error_.text;
  ASSERT_EQ(hkl_start(runtime_, &error_), HKL_OK) << error_.text;
  tell_missed("m1", "+79161110001", 10);
  ASSERT_TRUE(eventually([&] { return crm.count() >= 5; }));
  ASSERT_EQ(hkl_stop(runtime_, &error_), HKL_OK);
  std::vector<std::uint32_t> entities;
  for (const auto& heard : crm.heard) entities.push_back(heard.entity);
  EXPECT_EQ(entities, (std::vector<std::uint32_t>{HKL_ENTITY_CONTACT, HKL_ENTITY_CALL, HKL_ENTITY_INQUIRY,
                                                  HKL_ENTITY_LEAD, HKL_ENTITY_TASK}));
  EXPECT_EQ(crm.heard[4].body["assignee"], "ivanova");
  EXPECT_EQ(crm.heard[4].body["deadline_at"], "2026-03-02T13:10:20.000Z");
  EXPECT_NE(crm.heard[0].thread, std::this_thread::get_id());
}

// Ringing, then answered: the lead comes to be at the answer, and the screen is
// shown once more with its card. A call that is over is no screen's business.
TEST_F(Api, ACallThatGoesOnIsShownWithItsCardsAlsoWhenTheyAppearAfterTheAnswer) {
  std::ofstream(folder_ / "hookline.yaml", std::ios::app)
      << "leads: {create_at: answer}\n"
         "crm: {links: {contact: \"https://crm/c/{id}\", lead: \"https://crm/l/{id}\"}}\n";
  Crm crm;
  crm.answer = [](const Crm::Heard& heard, hkl_delivery_answer& out) {
    const std::string id = heard.entity == HKL_ENTITY_CONTACT ? "c 7" : heard.entity == HKL_ENTITY_LEAD ? "l7" : "";
    out.id_len = static_cast<std::uint32_t>(id.size());
    std::copy(id.begin(), id.end(), out.id);
    return HKL_OK;
  };
  const auto pops = [&] {
    const std::lock_guard lock(crm.mutex);
    std::vector<json> found;
    for (const auto& heard : crm.heard)
      if (heard.entity == HKL_ENTITY_SCREEN_POP) found.push_back(heard.body);
    return found;
  };
  ASSERT_EQ(create(&crm), HKL_OK) << error_.text;
  ASSERT_EQ(hkl_start(runtime_, &error_), HKL_OK) << error_.text;
  json call = {{"type", "call"},
               {"id", "told:m1"},
               {"source", "told"},
               {"direction", "in"},
               {"client_number", "+79161110001"},
               {"started_at", "2026-03-02T09:10:00Z"},
               {"legs", {{{"kind", "employee"}, {"extension", "101"}, {"started_at", "2026-03-02T09:10:01Z"}}}}};
  tell("told", call.dump());
  ASSERT_TRUE(eventually([&] { return pops().size() == 1; }));
  EXPECT_EQ(pops()[0]["state"], "ringing");
  EXPECT_EQ(pops()[0]["employees"], json({"ivanova"}));
  EXPECT_EQ(pops()[0]["contact"], json({{"id", "c 7"}, {"name", nullptr}, {"link", "https://crm/c/c%207"}}));
  EXPECT_EQ(pops()[0]["lead"], nullptr);
  call["answered_at"] = call["legs"][0]["answered_at"] = "2026-03-02T09:10:09Z";
  tell("told", call.dump());
  ASSERT_TRUE(eventually([&] { return !pops().empty() && !pops().back()["lead"].is_null(); }));
  EXPECT_EQ(pops().back()["state"], "answered");
  EXPECT_EQ(pops().back()["lead"]["link"], "https://crm/l/l7");
  call["ended_at"] = "2026-03-02T09:12:00Z";
  const auto shown = pops().size();
  tell("told", call.dump());
  ASSERT_TRUE(eventually([&] {
    Text out;
    return hkl_outbox(runtime_, nullptr, "json", &out.writer, &error_) == HKL_OK && json::parse(out.text).empty();
  }));
  EXPECT_EQ(pops().size(), shown);
}

TEST_F(Api, WhatTheCrmFailedToTakeComesAgainWithTheSameKeyAndNothingOvertakesIt) {
  Crm crm;
  crm.answer = [&](const Crm::Heard& heard, hkl_delivery_answer&) {
    return heard.attempt == 1 ? HKL_UNAVAILABLE : HKL_OK;
  };
  ASSERT_EQ(create(&crm), HKL_OK) << error_.text;
  ASSERT_EQ(hkl_start(runtime_, &error_), HKL_OK) << error_.text;
  tell_missed("m1", "+79161110001", 10);
  ASSERT_TRUE(eventually([&] { return crm.count() >= 4; }));
  const std::lock_guard lock(crm.mutex);
  EXPECT_EQ(crm.heard[0].key, crm.heard[1].key);
  EXPECT_EQ(crm.heard[1].attempt, 2u);
  EXPECT_EQ(crm.heard[1].entity, HKL_ENTITY_CONTACT);
  EXPECT_EQ(crm.heard[2].entity, HKL_ENTITY_CALL);
}

TEST_F(Api, TheCrmsOwnIdIsShownFromThenOnAndNotToldBack) {
  Crm crm;
  crm.answer = [](const Crm::Heard& heard, hkl_delivery_answer& out) {
    if (heard.entity == HKL_ENTITY_CONTACT) {
      out.id_len = 4;
      std::copy_n("crm7", 4, out.id);
    }
    return HKL_OK;
  };
  ASSERT_EQ(create(&crm), HKL_OK) << error_.text;
  ASSERT_EQ(hkl_start(runtime_, &error_), HKL_OK) << error_.text;
  tell_missed("m1", "+79161110001", 10);
  ASSERT_TRUE(eventually([&] { return crm.count() >= 5; }));
  ASSERT_EQ(hkl_stop(runtime_, &error_), HKL_OK);
  EXPECT_EQ(crm.count(), 5u);
  EXPECT_EQ(crm.heard[3].body["contact"], "crm7") << "a lead names its contact as the CRM does";
  hkl_query query{};
  query.struct_size = sizeof query;
  query.entity = HKL_ENTITY_CONTACT;
  query.format = "json";
  query.id = "crm7";
  Text out;
  ASSERT_EQ(hkl_list(runtime_, &query, &out.writer, &error_), HKL_OK) << error_.text;
  EXPECT_EQ(json::parse(out.text).at(0).at("id"), "crm7");
}

TEST_F(Api, WhatTheCrmRefusedIsListedAndSentAgainOrDropped) {
  Crm crm;
  std::atomic<bool> refuses{true};
  crm.answer = [&](const Crm::Heard& heard, hkl_delivery_answer&) {
    return refuses && (heard.entity == HKL_ENTITY_LEAD || heard.entity == HKL_ENTITY_TASK) ? HKL_INVALID : HKL_OK;
  };
  ASSERT_EQ(create(&crm), HKL_OK) << error_.text;
  ASSERT_EQ(hkl_start(runtime_, &error_), HKL_OK) << error_.text;
  tell_missed("m1", "+79161110001", 10);
  const auto listed = [&](const char* delivery = nullptr) {
    Text out;
    EXPECT_EQ(hkl_outbox(runtime_, delivery, "json", &out.writer, &error_), HKL_OK) << error_.text;
    return json::parse(out.text);
  };
  ASSERT_TRUE(eventually([&] {
    const auto list = listed();
    return list.size() == 2 && list[0]["state"] == "set_aside" && list[1]["state"] == "set_aside";
  }));
  std::string lead, task;
  for (const auto& one : listed()) (one["entity"] == "lead" ? lead : task) = one["delivery"];
  EXPECT_EQ(listed(lead.c_str())[0]["body"]["stage"], "unsorted");
  std::uint64_t count = 0;
  ASSERT_EQ(hkl_outbox_act(runtime_, HKL_OUTBOX_DROP, task.c_str(), &count, &error_), HKL_OK) << error_.text;
  EXPECT_EQ(count, 1u);
  EXPECT_EQ(hkl_outbox_act(runtime_, HKL_OUTBOX_DROP, task.c_str(), &count, &error_), HKL_NOT_FOUND);
  refuses = false;
  const auto before = crm.count();
  ASSERT_EQ(hkl_outbox_act(runtime_, HKL_OUTBOX_RETRY, nullptr, &count, &error_), HKL_OK) << error_.text;
  EXPECT_EQ(count, 1u);
  ASSERT_TRUE(eventually([&] { return listed().empty(); }));
  EXPECT_EQ(crm.count(), before + 1) << "the lead, and never the task";
}

TEST_F(Api, ARebuildUnderOtherRulesTakesBackNothingThatWasDelivered) {
  Crm crm;
  ASSERT_EQ(create(&crm), HKL_OK) << error_.text;
  ASSERT_EQ(hkl_start(runtime_, &error_), HKL_OK) << error_.text;
  tell_missed("m1", "+79161110001", 10);
  ASSERT_TRUE(eventually([&] { return crm.count() >= 5; }));
  hkl_destroy(runtime_);
  std::ofstream(folder_ / "hookline.yaml", std::ios::app) << "leads: {lead_when: never}\n";
  ASSERT_EQ(create(&crm), HKL_OK) << error_.text;
  ASSERT_EQ(hkl_rebuild(runtime_, nullptr, &error_), HKL_OK) << error_.text;
  ASSERT_EQ(hkl_start(runtime_, &error_), HKL_OK) << error_.text;
  tell_missed("m2", "+79161110001", 30);  // of the same contact
  ASSERT_TRUE(eventually([&] { return crm.count() >= 8; }));
  tell_missed("m3", "+79161110003", 40);  // of another: no lead any more
  ASSERT_TRUE(eventually([&] { return crm.count() >= 12; }));
  ASSERT_EQ(hkl_stop(runtime_, &error_), HKL_OK);
  std::map<std::string, json> leads;
  for (const auto& heard : crm.heard) {
    EXPECT_FALSE(heard.body.contains("deleted")) << heard.id;
    if (heard.entity == HKL_ENTITY_LEAD) leads[heard.id] = heard.body;
  }
  EXPECT_EQ(leads.size(), 1u);
}

TEST_F(Api, WithPumpNothingIsCalledBackButInsidePumpOnItsThread) {
  Crm crm;
  ASSERT_EQ(create(&crm, HKL_OPTION_PUMP), HKL_OK) << error_.text;
  ASSERT_EQ(hkl_start(runtime_, &error_), HKL_OK) << error_.text;
  tell_missed("m1", "+79161110001", 10);
  std::this_thread::sleep_for(300ms);
  EXPECT_EQ(crm.count(), 0u);
  ASSERT_TRUE(eventually([&] {
    std::uint64_t ran = 0;
    EXPECT_EQ(hkl_pump(runtime_, 50, &ran, &error_), HKL_OK);
    return crm.count() >= 5;
  }));
  for (const auto& heard : crm.heard) EXPECT_EQ(heard.thread, std::this_thread::get_id());
}

TEST_F(Api, AStopDoesNotWaitForAPumpThatNobodyCalls) {
  Crm crm;
  ASSERT_EQ(create(&crm, HKL_OPTION_PUMP), HKL_OK) << error_.text;
  ASSERT_EQ(hkl_start(runtime_, &error_), HKL_OK) << error_.text;
  tell_missed("m1", "+79161110001", 10);
  std::this_thread::sleep_for(300ms);
  ASSERT_EQ(hkl_stop(runtime_, &error_), HKL_OK);
  EXPECT_EQ(crm.count(), 0u);
  ASSERT_EQ(hkl_start(runtime_, &error_), HKL_OK) << "what was not taken comes after the next start";
  ASSERT_TRUE(eventually([&] {
    std::uint64_t ran = 0;
    EXPECT_EQ(hkl_pump(runtime_, 50, &ran, &error_), HKL_OK);
    return crm.count() >= 5;
  }));
}

TEST_F(Api, ACallbackMayCallBackIn) {
  Crm crm;
  std::atomic<hkl_status> listed{HKL_INTERNAL};
  crm.answer = [&](const Crm::Heard&, hkl_delivery_answer&) {
    hkl_query query{};
    query.struct_size = sizeof query;
    query.entity = HKL_ENTITY_CALL;
    query.format = "json";
    Text out;
    listed = hkl_list(runtime_, &query, &out.writer, nullptr);
    return HKL_OK;
  };
  ASSERT_EQ(create(&crm), HKL_OK) << error_.text;
  ASSERT_EQ(hkl_start(runtime_, &error_), HKL_OK) << error_.text;
  tell_missed("m1", "+79161110001", 10);
  ASSERT_TRUE(eventually([&] { return crm.count() >= 5; }));
  EXPECT_EQ(listed, HKL_OK);
}

TEST_F(Api, AStopLetsACallbackThatCallsBackInFinish) {
  Crm crm;
  std::promise<void> entered;
  std::atomic<int> calls{0};
  crm.answer = [&](const Crm::Heard&, hkl_delivery_answer&) {
    if (calls++ > 0) return HKL_OK;
    entered.set_value();
    std::this_thread::sleep_for(300ms);  // the stop is under way
    Text out;
    (void)hkl_report_health(runtime_, &out.writer, nullptr);
    return HKL_OK;
  };
  ASSERT_EQ(create(&crm), HKL_OK) << error_.text;
  ASSERT_EQ(hkl_start(runtime_, &error_), HKL_OK) << error_.text;
  tell_missed("m1", "+79161110001", 10);
  ASSERT_EQ(entered.get_future().wait_for(10s), std::future_status::ready);
  EXPECT_EQ(hkl_stop(runtime_, &error_), HKL_OK);
}

TEST_F(Api, ASecondRuntimeReadsBesideTheOwnerAndMayNotWrite) {
  ASSERT_EQ(create(nullptr), HKL_OK) << error_.text;
  tell_missed("m1", "+79161110001", 10);
  const std::unique_ptr<hkl_runtime, decltype(&hkl_destroy)> owner(std::exchange(runtime_, nullptr), hkl_destroy);
  ASSERT_EQ(create(nullptr, HKL_OPTION_READ_ONLY), HKL_OK) << error_.text;
  // What the owner's threads have not written yet, nobody beside it sees.
  EXPECT_TRUE(eventually([&] {
    Text out;
    return hkl_look_up(runtime_, "8 916 111-00-01", &out.writer, &error_) == HKL_OK &&
           json::parse(out.text)["open_tasks"].size() == 1;
  })) << error_.text;
  EXPECT_EQ(hkl_rebuild(runtime_, nullptr, &error_), HKL_INVALID);
}

TEST_F(Api, AStructOfAbsurdSizeIsRefusedWithTheCure) {
  hkl_options options{};
  options.struct_size = 3;
  EXPECT_EQ(hkl_create(&options, &runtime_, &error_), HKL_INVALID);
  EXPECT_NE(std::string(error_.text).find("sizeof(hkl_options)"), std::string::npos) << error_.text;
  EXPECT_EQ(runtime_, nullptr);
}

TEST_F(Api, AReportIsAnArrowStreamThatOutlivesTheRuntime) {
  ASSERT_EQ(create(nullptr), HKL_OK) << error_.text;
  tell_missed("m1", "+79161110001", 10);
  hkl_report_query query{};
  query.struct_size = sizeof query;
  query.report = "calls-by-manager";
  query.from = query.to = "2026-03-02";
  ArrowArrayStream stream{};
  ASSERT_EQ(hkl_run_report_arrow(runtime_, &query, &stream, &error_), HKL_OK) << error_.text;
  hkl_destroy(std::exchange(runtime_, nullptr));
  ArrowSchema schema{};
  ArrowArray batch{};
  ASSERT_EQ(stream.get_schema(&stream, &schema), 0);
  ASSERT_EQ(stream.get_next(&stream, &batch), 0);
  stream.release(&stream);
  EXPECT_GT(schema.n_children, 5);
  EXPECT_EQ(batch.length, 1);
  schema.release(&schema);
  batch.release(&batch);
}

// What hkl_answer_api said.
struct ApiAnswer {
  hkl_status status;
  hkl_api_reply reply;
  std::string text;
  json body() const { return json::parse(text, nullptr, false); }
};

ApiAnswer ask_api(hkl_runtime* runtime, const char* target, const char* user = nullptr) {
  hkl_api_request request{};
  request.struct_size = sizeof request;
  request.method = "GET";
  request.target = target;
  request.user = user;
  ApiAnswer answer{};
  answer.reply.struct_size = sizeof answer.reply;
  Text out;
  answer.status = hkl_answer_api(runtime, &request, &out.writer, &answer.reply, nullptr);
  answer.text = out.text;
  return answer;
}

// The directory that a report takes is that of the last commit, whether or not the writer was asked for it.
TEST_F(Api, AReportNamesAnEmployeeAsTheLastRecordSays) {
  ASSERT_EQ(create(nullptr), HKL_OK) << error_.text;
  const char* settings[] = {"show_empty=true"};
  hkl_report_query query{};
  query.struct_size = sizeof query;
  query.report = "calls-by-manager";
  query.format = "csv";
  query.settings = settings;
  query.setting_count = 1;
  for (const auto* name : {"Petrova", "Smirnova", "Petrova"}) {
    tell("told", json{{"type", "employee"}, {"id", "petrova"}, {"name", name}}.dump());
    Text answer;
    ASSERT_EQ(hkl_run_report(runtime_, &query, &answer.writer, &error_), HKL_OK) << error_.text;
    EXPECT_NE(answer.text.find(name), std::string::npos) << answer.text;
  }
}

TEST_F(Api, ACrmAnswersItsOwnPagesFromTheApi) {
  Crm crm;
  ASSERT_EQ(create(&crm), HKL_OK) << error_.text;
  for (int i = 1; i <= 3; ++i) tell_missed("m" + std::to_string(i), "+7916111000" + std::to_string(i), 10 + i);
  const auto calls = ask_api(runtime_, "/api/v1/calls?limit=2");
  EXPECT_EQ(calls.reply.http_status, 200u) << calls.text;
  EXPECT_STREQ(calls.reply.content_type, "application/json");
  EXPECT_EQ(calls.body()["rows"].size(), 2u);
  EXPECT_EQ(calls.body()["rows"][0]["id"], "told:m3");
  const auto next = "/api/v1/calls?after=" + calls.body()["next"].get<std::string>();
  EXPECT_EQ(ask_api(runtime_, next.c_str()).body()["rows"].at(0).at("id"), "told:m1");

  const auto report = ask_api(runtime_, "/api/v1/reports/calls-by-manager?from=2026-03-02").body();
  EXPECT_EQ(report["total"]["target_missed"], 3);
  const auto rows = ask_api(runtime_, "/api/v1/reports/calls-by-manager/rows?drill=total:target_missed&limit=1").body();
  EXPECT_EQ(rows["total"], 3);
  EXPECT_EQ(rows["rows"].at(0).at("id"), "told:m3");
  for (const auto* of : {"", "?drill=total:target_missed&limit=1"}) {
    const auto way = ask_api(runtime_, (std::string("/api/v1/reports/calls-by-manager/explain") + of).c_str()).body();
    EXPECT_EQ(way["report"], "calls-by-manager");
    EXPECT_FALSE(way["why"].get<std::string>().empty());
    EXPECT_GT(way["took_ms"], 0);
    EXPECT_EQ(way["columns_ms"].is_null(), way["path"] == "sql");
  }
  const auto unknown = ask_api(runtime_, "/api/v1/reports/calls-by-manager/explain?drill=total:target_mised");
  EXPECT_NE(unknown.text.find("did you mean"), std::string::npos) << unknown.text;
  const auto csv = ask_api(runtime_, "/api/v1/reports/calls-by-manager?format=csv");
  EXPECT_STREQ(csv.reply.file_name, "calls-by-manager.csv");
  EXPECT_EQ(ask_api(runtime_, "/api/v1/reports").body().at(0).at("id"), "calls-by-manager");
}

TEST_F(Api, WhomTheConfigDoesNotKnowSeesNothing) {
  Crm crm;
  ASSERT_EQ(create(&crm), HKL_OK) << error_.text;
  const auto answer = ask_api(runtime_, "/api/v1/calls", "nobody");
  EXPECT_EQ(answer.status, HKL_OK);
  EXPECT_EQ(answer.reply.http_status, 403u);
  EXPECT_NE(answer.text.find("the config has no user \\\"nobody\\\""), std::string::npos) << answer.text;
}

}  // namespace
