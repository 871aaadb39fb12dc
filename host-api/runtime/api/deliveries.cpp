// Deliveries that wait or were set aside, and what a person does with them.
#include <Poco/Data/Session.h>
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "api/runtime.h"
#include "reports/mask.h"

namespace hkl {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kWaiting =
    "SELECT entity, id, contact, attempts, next_ms, is_dead, coalesce(last_error, ''), body FROM outbox "
    "WHERE (told_hash IS NULL OR told_hash <> hash) AND (?1 = '' OR entity || ':' || id = ?1) "
    "ORDER BY is_dead DESC, next_ms, contact, rank, id";

Json printed(const Query& row, bool is_whole) {
  const bool is_dead = row.integer(5) != 0;
  const bool was_tried = row.integer(3) > 0;
  Json one = {{"delivery", row.text(0) + ":" + row.text(1)},
              {"entity", row.text(0)},
              {"id", row.text(1)},
              {"contact", row.text(2).empty() ? Json() : Json(row.text(2))},
              {"state", is_dead     ? "set_aside"
                        : was_tried ? "failing"
                                    : "waiting"},
              {"attempts", row.integer(3)},
              {"next_at", is_dead || !was_tried ? Json() : Json(iso_utc(instant_of(row.integer(4))))},
              {"error", row.text(6).empty() ? Json() : Json(row.text(6))}};
  if (is_whole) one["body"] = Json::parse(row.text(7), nullptr, false);
  return one;
}

std::string line_of(const Json& one) {
  auto line = fmt::format("{}  {}  {} attempts", one["delivery"].get<std::string>(), one["state"].get<std::string>(),
                          one["attempts"].get<std::int64_t>());
  if (!one["next_at"].is_null()) line += "  next " + one["next_at"].get<std::string>();
  if (!one["error"].is_null()) line += "  " + one["error"].get<std::string>();
  if (one.contains("body")) line += "\n" + one["body"].dump(2);
  return line + "\n";
}

Error does_not_wait(const std::string& delivery) {
  return {HKL_NOT_FOUND, fmt::format("no delivery \"{}\" waits; `hookline outbox list` names those that do", delivery)};
}

}  // namespace

Done Runtime::list_outbox(const std::string& delivery, const std::string& format, const Asker& asker,
                          const hkl_writer& writer) {
  if (auto may = check_right(asker.access.get(), "outbox.manage"); !may) return may;
  if (!format.empty() && format != "table" && format != "json" && format != "ndjson")
    return fail(HKL_INVALID, fmt::format("deliveries are listed as table, json or ndjson, not as \"{}\"", format));
  auto session = reader();
  if (!session) return fail(session.error());
  try {
    Sql sql(**session);
    auto rows = sql.query(kWaiting);
    rows.bind(delivery);
    auto list = Json::array();
    while (rows.step()) {
      list.push_back(printed(rows, !delivery.empty()));
      hide(asker.access.get(), list.back());
    }
    if (list.empty() && !delivery.empty()) return fail(does_not_wait(delivery));
    if (format == "json") return write_text(writer, list.dump(2) + "\n");
    std::string text;
    for (const auto& one : list) text += format == "ndjson" ? one.dump() + "\n" : line_of(one);
    if (text.empty() && format != "ndjson") text = "nothing waits\n";
    return write_text(writer, text);
  } catch (const SqlError& error) {
    return fail(error.error().in(store_->path()));
  }
}

Result<std::uint64_t> Runtime::act_on_outbox(std::uint32_t action, const std::string& delivery, const Asker& asker) {
  if (auto may = check_right(asker.access.get(), "outbox.manage"); !may) return fail(may.error());
  if (action != HKL_OUTBOX_RETRY && action != HKL_OUTBOX_DROP)
    return fail(HKL_INVALID, fmt::format("{} is nothing that can be done with a delivery", action));
  if (auto writes = needs_writer(); !writes) return fail(writes.error());
  std::int64_t count = 0;
  const auto at = now();
  // Of one delivery whatever its state; of all only those set aside.
  const std::string which =
      " WHERE (told_hash IS NULL OR told_hash <> hash) AND (entity || ':' || id = ?1 OR (?1 = '' AND is_dead = 1))";
  auto done = writer_->run([&](Deriver& deriver, Sql& sql) {
    const auto change = action == HKL_OUTBOX_RETRY ? "UPDATE outbox SET is_dead = 0, attempts = 0, next_ms = 0"
                                                   : "UPDATE outbox SET told_hash = hash, is_dead = 0";
    sql.query((change + which).c_str()).bind(delivery).run();
    count = sql.changes();
    if (count == 0 || action == HKL_OUTBOX_RETRY) return;
    deriver.told({}, {});
    const auto what = delivery.empty() ? std::string("all set aside") : delivery;
    deriver.journal().append(JournalNote{.source = "outbox",
                                         .event_id = fmt::format("drop:{}:{}", what, ms_of(at)),
                                         .kind = "decision",
                                         .at = at,
                                         .received_at = at,
                                         .body = Json{{"dropped", what}}.dump()});
  });
  if (!done) return fail(done.error());
  if (count == 0 && !delivery.empty()) return fail(does_not_wait(delivery));
  if (outbox_) outbox_->wake();
  return static_cast<std::uint64_t>(count);
}

}  // namespace hkl
