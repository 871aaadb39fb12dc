#include "config/retention.h"

#include <fmt/format.h>

#include "config/reading.h"
#include "config/schema_check.h"

namespace hkl {
namespace {

constexpr Millis kShortest = std::chrono::hours(24);
// A call of yesterday may still be told of by a CDR that is read tomorrow.
constexpr Millis kShortestEvents = std::chrono::hours(24 * 7);

std::optional<Millis> read_span(const ConfigReading& reading, const char* name, Millis shortest) {
  const TreePath where = {"retention", name};
  const auto text = reading.text(where);
  if (text.empty()) return std::nullopt;
  const auto span = parse_duration(text);
  if (!span || *span <= Millis(0)) return std::nullopt;  // the schema has complained
  if (*span < shortest) {
    reading.complain(where, fmt::format("\"{}\" is too short; {} is the least", text,
                                        shortest == kShortest ? "a day (1d)" : "a week (7d)") +
                                (shortest == kShortest ? "" : ", as news of a call may come late"));
    return std::nullopt;
  }
  return *span;
}

}  // namespace

RetentionConfig read_retention(const ConfigReading& reading) {
  RetentionConfig retention;
  retention.record = read_span(reading, "record", kShortest);
  retention.events = read_span(reading, "events", kShortestEvents);
  retention.recordings = read_span(reading, "recordings", kShortest);
  if (retention.recordings && reading.text({"recordings", "folder"}).empty())
    reading.complain({"retention", "recordings"}, "there is no recordings.folder whose files it could be about");
  retention.at = reading.text({"retention", "at"}, retention.at);
  // "03:30"; of another form the schema has complained.
  const auto colon = retention.at.find(':');
  if (colon == std::string::npos) return retention;
  auto cron = Cron::of(fmt::format("{} {} * * *", retention.at.substr(colon + 1), retention.at.substr(0, colon)));
  if (cron) retention.cron = *cron;
  return retention;
}

}  // namespace hkl
