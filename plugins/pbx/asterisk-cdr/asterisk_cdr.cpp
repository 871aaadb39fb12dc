// Asterisk's call detail records (CDR), from a file or a database.
#include <map>
#include <memory>

#include "cdr_facts.h"
#include "hookline/sdk/plugin.h"
#include "record_stream.h"

namespace {

class AsteriskCdr final : public hookline::PbxAdapter<asterisk::CdrSettings>, public hookline::ReadsRows {
 public:
  void configured() override {
    separator_ = asterisk::separator_of(settings());
    from_ms_ = asterisk::parse_from(settings().from, host());
    book_ = asterisk::cdr_layouts(settings());
    facts_ = std::make_unique<asterisk::CdrFacts>(settings(), host());
  }

  void endpoints(hookline::EndpointList& list) override { asterisk::want_places(settings(), settings().query, list); }

  void opened(const hookline::Connection& connection, std::int64_t, hookline::Output&) override {
    readings_.try_emplace(connection.id, book_, host(), connection.id, connection.name, separator_);
  }

  void feed(std::uint64_t connection, std::string_view bytes, std::int64_t, hookline::Output& out) override {
    of(connection)
        .feed(
            bytes, [&](const asterisk::Record& record) { take(record, connection, out); }, out);
  }

  void closed(std::uint64_t connection, std::int64_t, hookline::Output& out) override {
    of(connection).close([&](const asterisk::Record& record) { take(record, connection, out); }, out);
    readings_.erase(connection);
  }

  void rows(const hookline::Rows& rows, std::int64_t, hookline::Output& out) override {
    asterisk::take_rows(rows, [&](const asterisk::Record& record) { take(record, 0, out); });
  }

 private:
  asterisk::RecordStream& of(std::uint64_t connection) {
    const auto found = readings_.find(connection);
    if (found == readings_.end()) throw hookline::Failure(HKL_INVALID, "there is no such connection");
    return found->second;
  }

  void take(const asterisk::Record& record, std::uint64_t connection, hookline::Output& out) const {
    if (asterisk::is_before(from_ms_, record, book_.time_column, host())) return;
    if (!facts_->of(record, [&](const hkl_call_event& event) { out.event(event); }))
      out.skipped(connection, record.byte_count(), "a record without a channel or a start");
  }

  char separator_ = ',';
  std::optional<std::int64_t> from_ms_;
  asterisk::LayoutBook book_;
  std::unique_ptr<asterisk::CdrFacts> facts_;
  std::map<std::uint64_t, asterisk::RecordStream> readings_;
};

}  // namespace

HOOKLINE_PLUGIN(AsteriskCdr, {"asterisk-cdr", "1.0.0", "Hookline", "Apache-2.0",
                              "Asterisk's call detail records (CDR), from a file or a database", HKL_HOST_TIME_V1})
