// Lists of entities: `hookline calls`, `inquiries`, `leads`, `tasks`, `contacts`.
#include <fmt/format.h>

#include "hookline/runtime.h"
#include "reports/access_rows.h"
#include "reports/drill.h"
#include "reports/paged_rows.h"

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
  if (auto may = check_asked(with.access, *entity, Asked::rows, query.format); !may) return may;
  if (query.format == "svg") return no_chart_of_rows();
  const auto bounds = read_bounds(query.from, query.to, with.timezone);
  if (!bounds) return fail(bounds.error());

  RowSurroundings surroundings;
  surroundings.zone = with.timezone;
  surroundings.now_ms = ms_of(with.now);
  surroundings.language = with.language;
  surroundings.directory = with.directory;
  surroundings.calendars = with.calendars;
  const SqlText time = entity->time;
  std::vector<SqlText> conditions = {rows_within(with.access, *entity, with.directory, with.now)};
  // A list has only calls that are over; one asked for by its id may still go
  // on: so a board of live calls sees it.
  const bool may_go_on = query.entity == HKL_ENTITY_CALL && !query.id.empty();
  if (!may_go_on) conditions.emplace_back(entity->in_lists);
  if (bounds->from) conditions.push_back(time + " >= " + SqlText::value(ms_of(*bounds->from)));
  if (bounds->to) conditions.push_back(time + " < " + SqlText::value(ms_of(*bounds->to)));
  if (!query.id.empty()) conditions.push_back(is_named(*entity, query.id));
  if (!query.where.empty()) {
    const auto where = checked_condition(query.where, {Scope::Level::row, entity, nullptr, nullptr});
    if (!where) return fail(Error(where.error()).in("where"));
    if (auto shown = check_hidden(with.access, **where); !shown) return shown;
    conditions.push_back(RowCompiler(surroundings).condition(**where));
  }

  const PagePlace place{time, entity->id, entity->tie};
  if (!query.page.after.empty()) {
    const auto mark = PageMark::of(query.page.after);
    if (!mark) return fail(mark.error());
    conditions.push_back(place.after(*mark));
  }

  auto surroundings_of_file = with;
  for (const auto& [name, value] : {std::pair{"from", &query.from}, {"to", &query.to}, {"where", &query.where}})
    if (!value->empty()) surroundings_of_file.asked.emplace_back(name, *value);
  ListWriter list(*entity, query.format, surroundings_of_file, writer);
  SqlText sql = "SELECT " + entity->body;
  for (const auto* field : list.fields()) sql += ", " + column_sql(*field, surroundings);
  sql += ", " + place.columns() + " FROM " + entity->from + " WHERE " + all_of(conditions) + place.order();

  auto reading = Reading::begin(session);
  if (!reading) return fail(reading.error());
  PagedRows rows(query.page, list);
  if (auto done = rows.write(*reading, sql, 1 + list.fields().size()); !done) return done;
  if (!query.id.empty() && rows.count() == 0)
    return fail(HKL_NOT_FOUND, fmt::format("there is no {} \"{}\"", entity->singular, query.id));
  return rows.end(std::nullopt);
}

}  // namespace hkl
