// For the tests of this part alone: a real store in a folder of its own, with
// rows put in by hand.
#pragma once

#include <Poco/Data/Session.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "reports/reading.h"
#include "reports/report.h"
#include "services/zone.h"
#include "store/store.h"

namespace hkl {

using Json = nlohmann::json;

inline constexpr const char* kMoscow = "Europe/Moscow";

// A moment of Moscow: "2026-03-02 09:00:00".
inline std::int64_t at(const std::string& local, const std::string& zone = kMoscow) {
  const auto moment = parse_from(local, zone);
  if (!moment) throw std::runtime_error(moment.error().text);
  return ms_of(*moment);
}

struct CallRow {
  struct Share {
    std::string employee, extension;
    std::int64_t talk_ms = 0;
  };
  std::string id;
  std::optional<std::int64_t> started_ms = at("2026-03-02 09:00");
  std::string direction = "in", outcome = "answered";
  std::string employee, extension, last_employee, last_extension;
  std::string contact, client_number, client_name, line, quality, finish_reason, made_lead;
  std::optional<std::int64_t> wait_ms, talk_ms = 60'000, answered_ms, called_back_ms, rating, advertising;
  bool is_over = true;
  std::vector<std::string> tags, aliases;
  std::vector<Share> shares;  // credit each; empty: as credit first
};

struct LeadRow {
  std::string id;
  std::int64_t created_ms = at("2026-03-02 09:00");
  std::string funnel = "sales", stage, stage_groups = "|", responsible, contact, currency, merged_into;
  std::optional<std::int64_t> amount;
  bool is_deleted = false;
};

struct TaskRow {
  std::string id, state = "open", assignee;
  std::int64_t created_ms = at("2026-03-02 09:00");
  std::optional<std::int64_t> deadline_ms;
};

class ReportStore : public testing::Test {
 protected:
  ReportStore() {
    std::string name = (std::filesystem::temp_directory_path() / "hookline-reports-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    auto store = Store::open("sqlite:x.db", folder_, Store::Role::owner);
    if (!store) throw std::runtime_error(store.error().text);
    store_ = std::move(*store);
    // What a crash of the machine would lose does not matter here, the seconds do.
    sql().run("PRAGMA synchronous = OFF");
    Directory::Parts parts;
    for (const auto& [id, shown] :
         {std::pair{"ivanova", "Иванова А."}, {"petrov", "Петров Б."}, {"orlov", "Ёжиков В."}}) {
      EmployeeRecord employee;
      employee.id = id;
      employee.name = shown;
      parts.employees.push_back(employee);
    }
    directory_ = std::make_unique<Directory>(std::move(parts));
  }
  ~ReportStore() override {
    reader_.reset();
    session_.reset();
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  Sql& sql() { return store_->sql(); }
  // Reports read by a session of their own.
  Poco::Data::Session& session() {
    if (!session_) session_ = std::move(*store_->open_reader());
    return *session_;
  }
  StoreReader& reader() {
    if (!reader_) reader_.emplace(session());
    return *reader_;
  }

  void add(const CallRow& row) {
    auto q = sql().query(
        "INSERT INTO calls(id, pbx, root, source, direction, client_number, client_name, line, started_ms, "
        "answered_ms, is_over, is_history, incomplete, outcome, finish_reason, wait_ms, talk_ms, employee, extension, "
        "last_employee, last_extension, rating, contact, quality, advertising, is_counted, called_back_ms, made_lead, "
        "body, stored) VALUES(?,'pbx1',?,'pbx1',?,?,?,?,?,?,?,0,0,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,'')");
    q.bind(row.id).bind(row.id).bind(row.direction);
    q.bind_or_null(row.client_number).bind_or_null(row.client_name).bind_or_null(row.line);
    q.bind(row.started_ms).bind(row.answered_ms).bind(std::int64_t{row.is_over}).bind_or_null(row.outcome);
    q.bind_or_null(row.finish_reason).bind(row.wait_ms).bind(row.talk_ms);
    q.bind_or_null(row.employee).bind_or_null(row.extension);
    q.bind_or_null(row.last_employee).bind_or_null(row.last_extension).bind(row.rating).bind_or_null(row.contact);
    q.bind_or_null(row.quality).bind(row.advertising).bind(std::int64_t{!row.contact.empty()});
    q.bind(row.called_back_ms).bind_or_null(row.made_lead);
    q.bind(Json{{"id", row.id}, {"direction", row.direction}}.dump()).run();
    for (const auto& tag : row.tags)
      sql().query("INSERT INTO call_tags(call, tag) VALUES(?,?)").bind(row.id).bind(tag).run();
    for (const auto& alias : row.aliases)
      sql().query("INSERT INTO call_aliases(alias, call) VALUES(?,?)").bind(alias).bind(row.id).run();
    std::int64_t n = 0;
    auto shares = row.shares;
    if (shares.empty()) shares.push_back({row.employee, row.extension, row.talk_ms.value_or(0)});
    for (const auto& share : shares)
      sql()
          .query(
              "INSERT INTO call_credits(call, n, employee, extension, talk_ms, is_first, is_last) "
              "VALUES(?,?,?,?,?,0,0)")
          .bind(row.id)
          .bind(n++)
          .bind_or_null(share.employee)
          .bind_or_null(share.extension)
          .bind(share.talk_ms)
          .run();
  }

  void add(const LeadRow& row) {
    auto q = sql().query(
        "INSERT INTO leads(id, contact, funnel, stage, stage_groups, responsible, created_ms, amount, currency, "
        "merged_into, is_deleted, body) VALUES(?,?,?,?,?,?,?,?,?,?,?,?)");
    q.bind(row.id).bind_or_null(row.contact).bind(row.funnel).bind_or_null(row.stage).bind(row.stage_groups);
    q.bind_or_null(row.responsible).bind(row.created_ms).bind(row.amount).bind_or_null(row.currency);
    q.bind_or_null(row.merged_into).bind(std::int64_t{row.is_deleted}).bind(Json{{"id", row.id}}.dump()).run();
  }

  void add(const TaskRow& row) {
    const auto deadline = row.deadline_ms ? Json(iso_utc(instant_of(*row.deadline_ms))) : Json();
    auto q = sql().query("INSERT INTO tasks(id, assignee, created_ms, deadline_ms, state, body) VALUES(?,?,?,?,?,?)");
    q.bind(row.id).bind_or_null(row.assignee).bind(row.created_ms).bind(row.deadline_ms).bind(row.state);
    q.bind(Json{{"id", row.id}, {"state", row.state}, {"deadline_at", deadline}}.dump()).run();
  }

  ReportSurroundings with() const { return {directory_.get(), zone_, language_, instant_of(now_ms_)}; }

  // The answer, or "error: …".
  std::string run(const Json& definition, const ReportQuery& query) {
    const auto report = parse_report("test", definition.dump());
    if (!report) return "error: " + report.error().text;
    return collected([&](const hkl_writer& writer) { return run_report(**report, query, with(), reader(), writer); });
  }
  Json json(const Json& definition, ReportQuery query = {}) {
    query.format = "json";
    const auto text = run(definition, query);
    return text.starts_with("error: ") ? Json(text) : Json::parse(text);
  }
  // The ids of the rows behind a figure, in their order; or "error: …".
  Json drilled(const Json& definition, const std::string& drill, ReportQuery query = {}) {
    query.drill = drill;
    const auto answer = json(definition, query);
    if (!answer.is_array()) return answer;
    auto ids = Json::array();
    for (const auto& row : answer) ids.push_back(row["id"]);
    return ids;
  }
  std::string list(const ListQuery& query) {
    return collected([&](const hkl_writer& writer) { return run_list(query, with(), session(), writer); });
  }

  template <typename Write>
  static std::string collected(Write write) {
    std::string text;
    const auto put = [](void* user, hkl_bytes bytes) -> hkl_status {
      static_cast<std::string*>(user)->append(reinterpret_cast<const char*>(bytes.ptr), bytes.len);
      return HKL_OK;
    };
    const hkl_writer writer = {sizeof(hkl_writer), 0, &text, put};
    const Done done = write(writer);
    return done ? text : "error: " + done.error().text;
  }

  std::string folder_, zone_ = kMoscow, language_ = "en";
  std::int64_t now_ms_ = at("2026-03-05 12:00");
  std::unique_ptr<Store> store_;
  std::unique_ptr<Poco::Data::Session> session_;
  std::optional<StoreReader> reader_;  // of it
  std::unique_ptr<Directory> directory_;
};

}  // namespace hkl
