#include "sample_store.h"

#include <Poco/Data/Session.h>
#include <fmt/format.h>
#include <stdlib.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "reports/reading.h"
#include "reports/report.h"
#include "services/zone.h"
#include "story.h"

namespace hkl::validate {
namespace {

Directory some_people() {
  Directory::Parts parts;
  for (const auto* id : {"ivanova", "petrov"}) {
    EmployeeRecord employee;
    employee.id = id;
    employee.name = id;
    parts.employees.push_back(employee);
  }
  return Directory(std::move(parts));
}

// Every third call is missed, every fifth goes out; eight calls a contact, two
// employees, three lines; one every minute since that Monday.
constexpr const char* kCalls =
    "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {0}) "
    "INSERT INTO calls(id, pbx, root, source, direction, client_number, line, started_ms, answered_ms, ended_ms, "
    "is_over, "
    "is_history, incomplete, outcome, finish_reason, wait_ms, talk_ms, employee, extension, last_employee, "
    "last_extension, contact, quality, is_counted, body, stored) "
    "SELECT 'pbx1:' || i, 'pbx1', 'r' || i, 'pbx1', CASE WHEN i % 5 = 0 THEN 'out' ELSE 'in' END, '+7495' || (1000000 "
    "+ "
    "i % (11 + {0} / 8)), '+749500000' || (10 + i % 3), {1} + i * 60000, CASE WHEN i % 3 = 0 THEN NULL ELSE {1} + i * "
    "60000 + 4000 "
    "END, {1} + i * 60000 + 50000, 1, 0, 0, CASE WHEN i % 3 > 0 THEN 'answered' WHEN i % 5 = 0 THEN 'unsuccessful' "
    "ELSE 'missed' END, "
    "CASE WHEN i % 3 = 0 THEN 'client_hung_up' ELSE 'normal' END, 4000 + i % 7 * 1000, CASE WHEN i % 3 = 0 THEN 0 ELSE "
    "i % 400 * 1000 END, CASE WHEN i % 2 = 0 THEN 'ivanova' ELSE 'petrov' END, '10' || (1 + i % 2), CASE WHEN i % 2 = "
    "0 "
    "THEN 'ivanova' ELSE 'petrov' END, '10' || (1 + i % 2), 'c' || (i % (11 + {0} / 8)), CASE WHEN i % 4 = 0 THEN "
    "'target' ELSE "
    "NULL END, 1, json_object('id', 'pbx1:' || i, 'direction', CASE WHEN i % 5 = 0 THEN 'out' ELSE 'in' END), '' "
    "FROM n WHERE {0} > 0";
constexpr const char* kCredits =
    "INSERT INTO call_credits(call, n, employee, extension, talk_ms, is_first, is_last) "
    "SELECT id, 0, employee, extension, talk_ms, 0, 0 FROM calls";
constexpr const char* kLeads =
    "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {0}) "
    "INSERT INTO leads(id, contact, funnel, stage, stage_groups, responsible, created_ms, is_deleted, body) "
    "SELECT 'l' || i, 'c' || (i % (11 + {0} / 8)), 'sales', 'new', CASE WHEN i % 4 = 0 THEN '|in_work|' ELSE '|' END, "
    "'ivanova', "
    "{1} "
    "+ i * 60000, 0, json_object('id', 'l' || i) FROM n WHERE {0} > 0";
constexpr const char* kTasks =
    "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {0}) "
    "INSERT INTO tasks(id, assignee, created_ms, deadline_ms, state, body) SELECT 't' || i, 'petrov', {1} + i * 60000, "
    "{1} + i * 60000 + 14400000, CASE WHEN i % 2 = 0 THEN 'open' ELSE 'done' END, json_object('id', 't' || i, 'state', "
    "CASE WHEN i % 2 = 0 THEN 'open' ELSE 'done' END) FROM n WHERE {0} > 0";

}  // namespace

SampleStore::SampleStore() : directory_(some_people()) {
  auto name = (std::filesystem::temp_directory_path() / "hookline-validate-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder for a store: " + name);
  folder_ = name;
  auto store = Store::open("sqlite:sample.db", folder_, Store::Role::owner);
  if (!store) throw std::runtime_error(store.error().text);
  store_ = std::move(*store);
  store_->sql().run("PRAGMA synchronous = OFF");
  // Nobody keeps columns beside it, and their notes would be as many again as its rows.
  std::vector<std::string> triggers;
  for (auto names = store_->sql().query("SELECT name FROM sqlite_master WHERE type = 'trigger'"); names.step();)
    triggers.push_back(names.text(0));
  for (const auto& name : triggers) store_->sql().run(("DROP TRIGGER " + name).c_str());
}

SampleStore::~SampleStore() {
  store_.reset();
  std::error_code failed;
  std::filesystem::remove_all(folder_, failed);
}

void SampleStore::fill(std::int64_t rows) {
  Transaction together(store_->sql());
  for (const auto* table : {"call_credits", "calls", "leads", "tasks"})
    store_->sql().run(fmt::format("DELETE FROM {}", table).c_str());
  for (const auto* statement : {kCalls, kLeads, kTasks})
    store_->sql().run(fmt::format(fmt::runtime(statement), rows, kMondayMs).c_str());
  store_->sql().run(kCredits);
  together.commit();
}

Result<std::string> SampleStore::run(const std::string& definition, const std::map<std::string, std::string>& settings,
                                     const std::string& drill) {
  const auto report = parse_report("validated", definition);
  if (!report) return fail(report.error());
  std::string text;
  const auto put = [](void* user, hkl_bytes bytes) -> hkl_status {
    static_cast<std::string*>(user)->append(reinterpret_cast<const char*>(bytes.ptr), bytes.len);
    return HKL_OK;
  };
  const hkl_writer writer = {sizeof(hkl_writer), 0, &text, put};
  ReportQuery query;
  query.settings = settings;
  query.drill = drill;
  query.format = "json";
  const ReportSurroundings with{&directory_, "Europe/Moscow", "en", instant_of(kMondayMs + 365 * kDayMs)};
  auto session = store_->open_reader();
  if (!session) return fail(session.error());
  StoreReader reader(**session);
  if (auto done = run_report(**report, query, with, reader, writer); !done) return fail(done.error());
  return text;
}

Result<std::string> SampleStore::report(const std::string& definition,
                                        const std::map<std::string, std::string>& settings) {
  return run(definition, settings, "");
}

Result<std::uint64_t> SampleStore::rows_behind(const std::string& definition, const std::string& figure) {
  const auto answer = run(definition, {}, figure);
  if (!answer) return fail(answer.error());
  return nlohmann::json::parse(*answer).size();
}

}  // namespace hkl::validate
