// Asterisk's Channel Event Logging (CEL), from a file or a database.
#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "cel_facts.h"
#include "hookline/sdk/plugin.h"
#include "record_stream.h"

namespace {

class AsteriskCel final : public hookline::PbxAdapter<asterisk::CelSettings>, public hookline::ReadsRows {
 public:
  void configured() override {
    separator_ = asterisk::separator_of(settings());
    from_ms_ = asterisk::parse_from(settings().from, host());
    book_ = asterisk::cel_layouts(settings());
    facts_ = std::make_unique<asterisk::CelFacts>(settings(), host());
  }

  void endpoints(hookline::EndpointList& list) override { asterisk::want_places(settings(), settings().query, list); }

  void opened(const hookline::Connection& connection, std::int64_t, hookline::Output&) override {
    readings_.try_emplace(connection.id, book_, host(), connection.id, connection.name, separator_);
  }

  void feed(std::uint64_t connection, std::string_view bytes, std::int64_t, hookline::Output& out) override {
    auto& reading = of(connection);
    reading.stream.feed(
        bytes, [&](const asterisk::Record& record) { take(record, connection, reading, out); }, out);
  }

  void closed(std::uint64_t connection, std::int64_t, hookline::Output& out) override {
    auto& reading = of(connection);
    reading.stream.close([&](const asterisk::Record& record) { take(record, connection, reading, out); }, out);
    readings_.erase(connection);
  }

  void rows(const hookline::Rows& rows, std::int64_t, hookline::Output& out) override {
    asterisk::take_rows(rows, [&](const asterisk::Record& record) {
      if (!asterisk::is_before(from_ms_, record, book_.time_column, host())) tell(record, 0, out);
    });
  }

 private:
  struct Reading {
    template <typename... Args>
    explicit Reading(Args&&... args) : stream(std::forward<Args>(args)...) {}
    asterisk::RecordStream stream;
    std::int64_t heard_ms = HKL_UNKNOWN_MS;  // time of the latest record
  };

  Reading& of(std::uint64_t connection) {
    const auto found = readings_.find(connection);
    if (found == readings_.end()) throw hookline::Failure(HKL_INVALID, "there is no such connection");
    return found->second;
  }

  std::int64_t tell(const asterisk::Record& record, std::uint64_t connection, hookline::Output& out) const {
    const auto at_ms = facts_->of(record, [&](const hkl_call_event& event) { out.event(event); });
    if (at_ms == HKL_UNKNOWN_MS)
      out.skipped(connection, record.byte_count(), "a record without a type, a time or a uniqueid");
    return at_ms;
  }

  void take(const asterisk::Record& record, std::uint64_t connection, Reading& reading, hookline::Output& out) {
    if (asterisk::is_before(from_ms_, record, book_.time_column, host())) return;
    const auto at_ms = tell(record, connection, out);
    if (at_ms == HKL_UNKNOWN_MS) return;
    // Of the calls that went on between the two some event may be missing.
    if (reading.stream.take_loss() && reading.heard_ms != HKL_UNKNOWN_MS)
      tell_gap(std::min(reading.heard_ms, at_ms), std::max(reading.heard_ms, at_ms), out);
    reading.heard_ms = std::max(reading.heard_ms, at_ms);
  }

  static void tell_gap(std::int64_t from_ms, std::int64_t until_ms, hookline::Output& out) {
    hkl_call_event event;
    hkl_call_event_init(&event);
    event.kind = HKL_EVENT_SOURCE_GAP;
    const auto id = "gap:" + std::to_string(from_ms) + ":" + std::to_string(until_ms);
    event.event_id = hookline::str(id);
    event.at_ms = from_ms;
    event.ended_at_ms = until_ms;
    out.event(event);
  }

  char separator_ = ',';
  std::optional<std::int64_t> from_ms_;
  asterisk::LayoutBook book_;
  std::unique_ptr<asterisk::CelFacts> facts_;
  std::map<std::uint64_t, Reading> readings_;
};

}  // namespace

HOOKLINE_PLUGIN(AsteriskCel, {"asterisk-cel", "1.0.0", "Hookline", "Apache-2.0",
                              "Asterisk's Channel Event Logging (CEL), from a file or a database", HKL_HOST_TIME_V1})
