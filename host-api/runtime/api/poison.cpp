// Inputs that a plugin died of, and what a person does with them.
#include <Poco/Data/Session.h>
#include <fmt/format.h>

#include <charconv>
#include <nlohmann/json.hpp>

#include "api/runtime.h"
#include "endpoints/event_stamp.h"
#include "plugins/texts.h"
#include "reports/access_rows.h"
#include "reports/mask.h"
#include "store/poison_shelf.h"

namespace hkl {
namespace {

using Json = nlohmann::ordered_json;

// Read as text where it is one; else as hexadecimal digits.
Json printed_bytes(const std::string& bytes) {
  if (bytes.empty()) return {};
  if (is_utf8(bytes) && bytes.find('\0') == std::string::npos) return {{"text", bytes}};
  std::string digits;
  for (const char c : bytes) digits += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return {{"hex", digits}};
}

Json printed(const PoisonRecord& record, bool is_whole) {
  Json one = {{"id", record.id},           {"at", iso_utc(record.at)},  {"entry", record.entry},
              {"plugin", record.plugin},   {"version", record.version}, {"function", record.function},
              {"subject", record.subject}, {"reason", record.reason}};
  if (is_whole) one["bytes"] = printed_bytes(record.bytes);
  return one;
}

std::string line_of(const PoisonRecord& record, bool is_whole) {
  auto line = fmt::format("{}  {}  {} ({} {})  {} of {}: its process {}\n", record.id, iso_utc(record.at), record.entry,
                          record.plugin, record.version, record.function, record.subject, record.reason);
  if (!is_whole) return line;
  if (record.bytes.empty()) return line + "its bytes were not kept\n";
  const auto bytes = printed_bytes(record.bytes);
  return line + bytes.front().get<std::string>() + "\n";
}

// For whoever sees no number whole: among other bytes nobody could find them.
void mask(PoisonRecord& record) {
  record.subject = masked(record.subject);
  record.reason = masked(record.reason);
  if (record.bytes.empty()) return;
  const bool is_text = is_utf8(record.bytes) && record.bytes.find('\0') == std::string::npos;
  record.bytes = is_text ? masked(record.bytes) : "(shown with the right numbers.full alone)";
}

Error no_such_poison(const std::string& id) {
  return {HKL_NOT_FOUND, fmt::format("nothing that was set aside has the number \"{}\"; `hookline poison list` names "
                                     "what there is",
                                     id)};
}

Result<std::int64_t> number_of(const std::string& id) {
  std::int64_t number = 0;
  const auto* end = id.data() + id.size();
  const auto read = std::from_chars(id.data(), end, number);
  if (id.empty() || read.ec != std::errc() || read.ptr != end) return fail(no_such_poison(id));
  return number;
}

Result<RowBatch> row_of(const std::string& text) {
  const auto row = Json::parse(text, nullptr, false);
  if (!row.is_object()) return fail(HKL_INTERNAL, "the row that was kept is no row");
  RowBatch batch;
  for (const auto& [column, value] : row.items()) {
    batch.columns.push_back(column);
    batch.values.push_back(value.is_string() ? std::optional(value.get<std::string>()) : std::nullopt);
  }
  return batch;
}

// As a capture: what the adapter would answer the PBX goes nowhere now.
Done feed_again(Adapter& adapter, const PoisonRecord& record, AdapterOutput& out) {
  if (record.function == "rows") {
    const auto row = row_of(record.bytes);
    return row ? adapter.rows("", *row, true, record.at, out) : fail(row.error());
  }
  if (auto opened = adapter.opened(1, true, "", record.subject, record.at, out); !opened) return opened;
  if (auto fed = adapter.feed(1, record.bytes, record.at, out); !fed) return fed;
  return adapter.closed(1, record.at, out);
}

}  // namespace

void Runtime::set_aside(PoisonedInput input) {
  if (!writer_) return;  // nothing is worked on yet; the log has said it
  PoisonRecord record{0,
                      now(),
                      input.entry,
                      input.plugin,
                      input.version,
                      input.function,
                      input.subject,
                      input.reason,
                      std::move(input.bytes)};
  writer_->post([record = std::move(record)](Sql& sql) { put_poison(sql, record); });
}

Done Runtime::show_poison(const std::string& id, const std::string& format, const Asker& asker,
                          const hkl_writer& writer) {
  if (auto may = check_right(asker.access.get(), "settings.view"); !may) return may;
  if (!format.empty() && format != "table" && format != "json" && format != "ndjson")
    return fail(HKL_INVALID,
                fmt::format("what was set aside is listed as table, json or ndjson, not as \"{}\"", format));
  std::optional<std::int64_t> number;
  if (!id.empty()) {
    const auto read = number_of(id);
    if (!read) return fail(read.error());
    number = *read;
  }
  auto session = reader();
  if (!session) return fail(session.error());
  try {
    Sql sql(**session);
    auto records = list_poison(sql, number);
    if (records.empty() && number) return fail(no_such_poison(id));
    auto list = Json::array();
    std::string text;
    for (auto& record : records) {
      if (is_masked(asker.access.get())) mask(record);
      const auto one = printed(record, number.has_value());
      list.push_back(one);
      text += format == "ndjson" ? one.dump() + "\n" : line_of(record, number.has_value());
    }
    if (format == "json") return write_text(writer, list.dump(2) + "\n");
    if (text.empty() && format != "ndjson") text = "nothing was set aside\n";
    return write_text(writer, text);
  } catch (const SqlError& error) {
    return fail(error.error().in(store_->path()));
  }
}

Result<std::uint64_t> Runtime::replay_poison(const PoisonRecord& record) {
  const auto* entry = source(record.entry);
  if (record.bytes.empty() || (record.function != "feed" && record.function != "rows"))
    return fail(
        HKL_UNSUPPORTED,
        record.function == "request"
            ? fmt::format("{}: its sender was not known, so it was not kept; the PBX sends it again", record.subject)
        : record.function == "order" || record.function == "ordered" || record.function == "originate"
            ? fmt::format("{}: nobody may be dialled twice, so an order is never sent again; drop it", record.subject)
            : fmt::format("{}: it is asked about again when its contact changes, and by `hookline rebuild`",
                          record.subject));
  if (entry == nullptr)
    return fail(HKL_NOT_FOUND, fmt::format("{} has no source \"{}\" any more", config_.path, record.entry));
  // Never in this process, whatever the config says by now.
  auto confined = *entry;
  confined.isolated = true;
  const auto trial = std::make_shared<IsolationCounters>();
  auto adapter = loaded_->adapter_of(confined, trial);
  if (!adapter) return fail(adapter.error());
  AdapterOutput out;
  auto fed = feed_again(**adapter, record, out);
  if (!fed) return fail(fed.error());
  if (trial->set_aside > 0)
    return fail(HKL_UNAVAILABLE,
                fmt::format("{}: the process of its plugin died of it again; it stays set aside", entry->name));
  const auto setup = setup_of(*entry);
  const EventStamp stamp(setup);
  for (auto& event : out.events) stamp.stamp_told(event, record.at);
  const auto count = out.events.size();
  if (auto queued = writer_->put(std::move(out.events), Writer::From::files, Writer::Patience::endless); !queued)
    return fail(queued.error());
  return count;
}

Result<std::uint64_t> Runtime::act_on_poison(std::uint32_t action, const std::string& id, const Asker& asker) {
  if (auto may = check_right(asker.access.get(), "outbox.manage"); !may) return fail(may.error());
  if (action != HKL_POISON_REPLAY && action != HKL_POISON_DROP)
    return fail(HKL_INVALID, fmt::format("{} is nothing that can be done with what was set aside", action));
  if (auto writes = needs_writer(); !writes) return fail(writes.error());
  const auto number = number_of(id);
  if (!number) return fail(number.error());
  std::vector<PoisonRecord> found;
  auto read = writer_->run([&](Deriver&, Sql& sql) { found = list_poison(sql, *number); });
  if (!read) return fail(read.error());
  if (found.empty()) return fail(no_such_poison(id));
  Result<std::uint64_t> count = 1;
  if (action == HKL_POISON_REPLAY) count = replay_poison(found.front());
  if (!count) return count;
  // Its events and its end in one order: it is gone once they are stored.
  writer_->post([number = *number](Sql& sql) { drop_poison(sql, number); });
  if (auto stored = writer_->flush(); !stored) return fail(stored.error());
  return count;
}

}  // namespace hkl
