#include "store/poison_shelf.h"

namespace hkl {

void put_poison(Sql& sql, const PoisonRecord& record) {
  sql.query(
         "INSERT INTO poison (at_ms, entry, plugin, version, function, subject, reason, bytes) "
         "VALUES (?, ?, ?, ?, ?, ?, ?, CAST(? AS BLOB))")
      .bind(ms_of(record.at))
      .bind(std::string_view(record.entry))
      .bind(std::string_view(record.plugin))
      .bind(std::string_view(record.version))
      .bind(std::string_view(record.function))
      .bind(std::string_view(record.subject))
      .bind(std::string_view(record.reason))
      .bind_or_null(record.bytes)
      .run();
}

std::vector<PoisonRecord> list_poison(Sql& sql, std::optional<std::int64_t> id) {
  auto rows = sql.query(
      "SELECT id, at_ms, entry, plugin, version, function, subject, reason, CASE WHEN ?1 IS NULL THEN NULL ELSE bytes "
      "END FROM poison WHERE ?1 IS NULL OR id = ?1 ORDER BY id DESC");
  rows.bind(id);
  std::vector<PoisonRecord> out;
  while (rows.step())
    out.push_back({rows.integer(0), instant_of(rows.integer(1)), rows.text(2), rows.text(3), rows.text(4), rows.text(5),
                   rows.text(6), rows.text(7), rows.text(8)});
  return out;
}

std::int64_t drop_poison(Sql& sql, std::int64_t id) {
  sql.query("DELETE FROM poison WHERE id = ?").bind(id).run();
  return sql.changes();
}

}  // namespace hkl
