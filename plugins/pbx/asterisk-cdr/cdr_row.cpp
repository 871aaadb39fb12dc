#include "cdr_row.h"

#include <algorithm>
#include <charconv>

#include "hookline/events.h"

namespace asterisk {
namespace {

// Nobody takes a call sooner than this; an answer that soon is the switch's.
constexpr std::int64_t kNoPersonYetMs = 1000;

}  // namespace

std::optional<CdrRow> read_row(const Record& record, const Numbering& numbering, const hookline::Host& host) {
  CdrRow row;
  row.channel = record["channel"];
  row.other = record["dstchannel"];
  const auto started = parse_record_time(record["start"], host);
  if (row.channel.empty() || !started) return std::nullopt;
  row.from = numbering.name(row.channel);
  row.to = numbering.name(row.other);
  row.app = record["lastapp"];
  row.data = record["lastdata"];
  row.is_callee = row.app.substr(0, 7) == "AppDial" || row.app == "AppQueue";
  row.is_answered = record["disposition"] == "ANSWERED";

  const auto linked = record["linkedid"], unique = record["uniqueid"];
  row.has_conversation = !linked.empty();
  row.call_ref = !linked.empty() ? std::string(linked) : std::string(unique);
  // Names come again after a restart, so one alone is none.
  if (row.call_ref.empty()) row.call_ref = std::string(row.channel) + "@" + std::string(record["start"]);
  const auto sequence = record["sequence"];
  std::from_chars(sequence.data(), sequence.data() + sequence.size(), row.sequence);

  // Times are whole seconds in most layouts, durations may be finer.
  row.started_ms = started->ms;
  const auto duration = parse_seconds(record["duration"]), billed = parse_seconds(record["billsec"]);
  const bool is_fine = record["duration"].find('.') != std::string_view::npos && started->is_whole_second;
  const auto ended = parse_record_time(record["end"], host), answered = parse_record_time(record["answer"], host);
  row.ended_ms = row.started_ms;
  if (ended && !is_fine) row.ended_ms = std::max(ended->ms, row.started_ms);
  if (duration && (is_fine || !ended)) row.ended_ms = row.started_ms + *duration;
  std::optional<std::int64_t> picked_up;
  if (row.is_answered && is_fine && billed && *billed <= *duration) {
    picked_up = row.ended_ms - *billed;
  } else if (row.is_answered && answered) {
    picked_up = answered->ms;
  } else if (row.is_answered && billed) {
    picked_up = row.ended_ms - *billed;
  }
  if (picked_up && *picked_up >= row.started_ms + kNoPersonYetMs && *picked_up <= row.ended_ms)
    row.answered_ms = picked_up;
  return row;
}

std::string caller_name(std::string_view clid) {
  const auto number = clid.rfind('<');
  auto text = clid.substr(0, number == std::string_view::npos ? 0 : number);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
  std::string name;
  for (std::size_t i = 0; i < text.size(); ++i) {
    // Quotes within are escaped before the whole is quoted for CSV.
    if (text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == '"' || text[i + 1] == '\\')) ++i;
    name += text[i];
  }
  return name;
}

}  // namespace asterisk
