#include "columns/schema.h"

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <map>

#include "columns/shares.h"
#include "reports/field_marks.h"
#include "reports/fields.h"

namespace hkl {
namespace {

constexpr std::array kSpelled = {
    SpelledField{"inbound", "direction", "in"},
    SpelledField{"outbound", "direction", "out"},
    SpelledField{"answered", "outcome", "answered"},
    SpelledField{"missed", "outcome", "missed"},
    SpelledField{"unsuccessful", "outcome", "unsuccessful"},
    SpelledField{"is_target", "quality", "non_target", SpelledField::Kind::differs},
    SpelledField{"called_back", "outcome", "missed", SpelledField::Kind::called_back},
};

// Metrics §1.4.1 to §1.4.3.
const std::vector<RestField>& rest_fields() {
  static const std::vector<RestField> fields = {
      {"answered_at", "answered_at less started_at, wait_s", {"started_at", "wait_s"}, ""},
      {"offered_at", "offered_at less started_at, wait_s; queue_wait_s", {"started_at", "wait_s"}, "queue_wait_s"},
      {"ended_at", "ended_at less started_at, wait_s, talk_s", {"started_at", "wait_s", "talk_s"}, ""}};
  return fields;
}

// Different for nearly every call, so a dictionary would be a copy of the
// store; or dependent on the contact's visits.
constexpr std::array<std::string_view, 16> kLeftInStore = {
    "id",         "client_name", "client_raw",   "legs",          "inquiry",  "visit",
    "recordings", "lead_amount", "visit_source", "visit_medium",  "visit_ad", "visit_keyword",
    "visit_city", "visit_tags",  "visits",       "visit_campaign"};

// Of marks: what they stand for is known when it is asked, not when a row is stored.
bool is_kept(const Field& field) {
  if (field.set == SetStore::rows || field.set == SetStore::departments) return false;
  if (field.by_credit == ByCredit::talk || field.by_credit == ByCredit::first) return false;
  return spelled_field(field.name) == nullptr && !has_mark(field.sql) &&
         std::find(kLeftInStore.begin(), kLeftInStore.end(), field.name) == kLeftInStore.end();
}

// Columns that hold the same kind of thing share a dictionary.
std::string dictionary_of(const std::string& name) {
  if (name == "last_employee" || name == "called_back_by") return "employee";
  if (name == "last_extension") return "extension";
  if (name == "made_lead") return "lead";
  if (name == "called_back_direction") return "direction";
  if (name == "made_lead_stage") return "lead_stage";
  return name == "made_lead_groups" ? "lead_groups" : name;
}

std::string rest_sql(const Field& field, const RestField& rest) {
  const auto known = [](std::string_view name) { return "COALESCE(" + calls_entity().field(name)->sql + ", 0)"; };
  std::string sql = "(" + field.sql;
  for (const auto& name : rest.added) sql += " - " + known(name);
  if (!rest.taken_off.empty()) sql += " + " + known(rest.taken_off);
  return sql + ")";
}

std::vector<KeptColumn> columns_of_calls() {
  std::vector<KeptColumn> columns = {{std::string(kStoreRow), "c.rowid", false, 0}};
  for (const auto& field : calls_entity().fields) {
    if (!is_kept(field)) continue;
    if (const auto* rest = rest_field(field.name))
      columns.push_back({std::string(rest->rest), rest_sql(field, *rest), false, 0});
    else
      columns.push_back({field.name, field.sql, field.type == Type::text || field.type == Type::set, 0});
  }
  columns.push_back({std::string(kLastEmployee), "c.last_employee", true, 0});
  columns.push_back({std::string(kLastExtension), "c.last_extension", true, 0});
  columns.push_back({std::string(kShares), shares_sql(), true, 0});
  columns.push_back({std::string(kTalkBeyondShare), "", false, 0});  // with the shares
  std::map<std::string, std::uint32_t> dictionaries;
  for (auto& column : columns)
    if (column.is_text)
      column.dictionary = dictionaries.try_emplace(dictionary_of(column.name), dictionaries.size()).first->second;
  return columns;
}

}  // namespace

const SpelledField* spelled_field(std::string_view name) {
  const auto found = std::find_if(kSpelled.begin(), kSpelled.end(), [name](const auto& s) { return s.name == name; });
  return found == kSpelled.end() ? nullptr : &*found;
}

const RestField* rest_field(std::string_view name) {
  const auto& all = rest_fields();
  const auto found = std::find_if(all.begin(), all.end(), [name](const auto& one) { return one.name == name; });
  return found == all.end() ? nullptr : &*found;
}

bool is_field_kept(std::string_view name) {
  return spelled_field(name) != nullptr || rest_field(name) != nullptr || calls_schema().find(name).has_value();
}

Schema::Schema(std::vector<KeptColumn> columns) : columns_(std::move(columns)) {
  const auto& calls = calls_entity();
  select_ = "SELECT ";
  for (const auto& column : columns_) {
    if (!column.sql.empty()) select_ += (&column == columns_.data() ? "" : ", ") + column.sql;
    if (column.is_text) dictionary_count_ = std::max(dictionary_count_, column.dictionary + 1);
  }
  select_ += " FROM " + calls.from + " WHERE " + calls.in_reports;
  fingerprint_ = XXH3_64bits(select_.data(), select_.size());
}

std::optional<std::uint32_t> Schema::find(std::string_view name) const {
  for (std::uint32_t i = 0; i < columns_.size(); ++i)
    if (columns_[i].name == name) return i;
  return std::nullopt;
}

std::uint32_t Schema::at(std::string_view name) const { return find(name).value(); }

const Schema& calls_schema() {
  static const Schema schema(columns_of_calls());
  return schema;
}

}  // namespace hkl
