// Lists of entities: `hookline calls`, `inquiries`, `leads`, `tasks`, `contacts`.
#include <fmt/format.h>

#include "hookline/runtime.h"
#include "reports/drill.h"
#include "reports/list_writer.h"

namespace hkl {
namespace {

const Entity* entity_of(std::uint32_t number) {
  switch (number) {
    case HKL_ENTITY_CONTACT:
      return &contacts_entity();
    case HKL_ENTITY_LEAD:
      return &leads_entity();
    case HKL_ENTITY_TASK:
      return &tasks_entity();
    case HKL_ENTITY_CALL:
      return &calls_entity();
    case HKL_ENTITY_INQUIRY:
      return &inquiries_entity();
    default:
      return nullptr;
  }
}

// The row itself, or the one that another of its names stands for.
SqlText is_named(const Entity& entity, const std::string& id) {
  const auto itself = SqlText(entity.id) + " = " + SqlText::value(id);
  if (entity.aliases.empty()) return itself;
  SqlText named = entity.aliases;
  named.params.emplace_back(id);
  return any_of({itself, SqlText(entity.id) + " IN (" + named + ")"});
}

}  // namespace

Done run_list(const ListQuery& query, const ReportSurroundings& with, Poco::Data::Session& session,
              const hkl_writer& writer) {
  const auto* entity = entity_of(query.entity);
  if (entity == nullptr) return fail(HKL_INVALID, fmt::format("{} is no kind of record that is listed", query.entity));
  if (auto known = check_format(query.format); !known) return known;
  const auto bounds = read_bounds(query.from, query.to, with.timezone);
  if (!bounds) return fail(bounds.error());

  RowSurroundings surroundings;
  surroundings.zone = with.timezone;
  surroundings.now_ms = ms_of(with.now);
  const SqlText time = entity->time;
  std::vector<SqlText> conditions = {entity->in_lists};
  if (bounds->from) conditions.push_back(time + " >= " + SqlText::value(ms_of(*bounds->from)));
  if (bounds->to) conditions.push_back(time + " < " + SqlText::value(ms_of(*bounds->to)));
  if (!query.id.empty()) conditions.push_back(is_named(*entity, query.id));
  if (!query.where.empty()) {
    const auto where = checked_condition(query.where, {Scope::Level::row, entity, nullptr, nullptr});
    if (!where) return fail(Error(where.error()).in("where"));
    conditions.push_back(RowCompiler(surroundings).condition(**where));
  }

  ListWriter list(*entity, query.format, with, writer);
  SqlText sql = "SELECT " + entity->body;
  for (const auto* field : list.fields()) sql += ", " + column_sql(*field, surroundings);
  sql += " FROM " + entity->from + " WHERE " + all_of(conditions) + " ORDER BY " + time + " DESC, " + entity->id;
  if (query.limit > 0) sql += " LIMIT " + SqlText::value(static_cast<std::int64_t>(query.limit));

  auto reading = Reading::begin(session);
  if (!reading) return fail(reading.error());
  std::uint64_t found = 0;
  const auto done = reading->each(sql, 1 + list.fields().size(), [&](const RowTexts& row) {
    ++found;
    return list.row(row);
  });
  if (!done) return done;
  if (!query.id.empty() && found == 0)
    return fail(HKL_NOT_FOUND, fmt::format("there is no {} \"{}\"", entity->singular, query.id));
  return list.end();
}

}  // namespace hkl
