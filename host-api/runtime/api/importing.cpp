// What comes in through the C API: events, canonical records, captures.
#include <Poco/InflatingStream.h>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "api/runtime.h"
#include "canonical/canonical.h"
#include "endpoints/unknown_input.h"

namespace hkl {
namespace {

// Records of one put: enough to share a commit.
constexpr std::size_t kRecordsAtOnce = 500;
// A canonical record is a line that a person may have to look at.
constexpr std::size_t kLongestLine = 16u << 20;

Done complain(const hkl_writer* complaints, const std::string& line) {
  if (complaints == nullptr) return {};
  return write_text(*complaints, line + "\n");
}

// Collects records and hands them to the writer in batches.
class RecordFeed {
 public:
  RecordFeed(Writer& writer, std::string source, bool is_history, Instant received_at)
      : writer_(writer), source_(std::move(source)), is_history_(is_history), received_at_(received_at) {}

  Done take(CanonicalRecord record) {
    record.is_history = is_history_;
    if (auto* call = std::get_if<Call>(&record.record)) call->is_history = is_history_;
    batch_.push_back({std::move(record), source_, received_at_});
    return batch_.size() < kRecordsAtOnce ? Done{} : put();
  }
  Done put() {
    if (auto queued = writer_.put(std::exchange(batch_, {}), tally_); !queued) return queued;
    return writer_.trouble();
  }
  Done finish() {
    if (auto queued = put(); !queued) return queued;
    return writer_.flush();
  }
  const WriteTally& tally() const { return *tally_; }  // after finish()

 private:
  Writer& writer_;
  std::string source_;
  bool is_history_;
  Instant received_at_;
  std::vector<ToldRecord> batch_;
  std::shared_ptr<WriteTally> tally_ = std::make_shared<WriteTally>();
};

// One line of NDJSON. An empty one is nothing; a bad one is named.
Done take_line(RecordFeed& feed, std::string_view line, const std::string& place, const hkl_writer* complaints,
               std::uint64_t& refused) {
  while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
  if (line.empty()) return {};
  auto record =
      line.size() > kLongestLine
          ? Result<CanonicalRecord>(fail(HKL_INVALID, "the line is longer than 16 MiB; one record is one line"))
          : record_from_json(line);
  if (record) return feed.take(std::move(*record));
  ++refused;
  return complain(complaints, fmt::format("{}: {}", place, record.error().text));
}

// What became of requests, and what was left out: in words, or as NDJSON
// (DESIGN section 9). Of what went well nothing is said in words.
struct Verdicts {
  const hkl_writer* writer;
  bool is_ndjson;

  Done tell(const RequestOutcome& outcome) const {
    const auto& reply = outcome.reply;
    const char* verdict = reply.verdict == HKL_VERDICT_REJECT   ? "reject"
                          : reply.verdict == HKL_VERDICT_IGNORE ? "ignore"
                          : outcome.is_duplicate                ? "duplicate"
                                                                : "accept";
    if (is_ndjson) {
      using Json = nlohmann::ordered_json;
      const Json line = {
          {"file", outcome.file},   {"verdict", verdict},
          {"status", reply.status}, {"content_type", reply.content_type.empty() ? Json() : Json(reply.content_type)},
          {"body", reply.body},     {"reason", reply.reason.empty() ? Json() : Json(reply.reason)}};
      return complain(writer, line.dump(-1, ' ', false, Json::error_handler_t::replace));
    }
    if (reply.verdict == HKL_VERDICT_REJECT)
      return complain(writer, fmt::format("{}: refused with {}: {}", outcome.file, reply.status, reply.reason));
    if (reply.verdict == HKL_VERDICT_IGNORE)
      return complain(writer, fmt::format("{}: tells nothing: {}", outcome.file, reply.reason));
    return {};
  }
  Done tell(const CaptureComplaint& complaint) const {
    if (!is_ndjson) return complain(writer, complaint.str());
    const nlohmann::ordered_json line = {{"file", complaint.file}, {"verdict", nullptr}, {"reason", complaint.text}};
    return complain(writer, line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
  }
};

struct Step {
  const hkl_progress* progress;
  bool operator()(std::uint64_t done, std::uint64_t total, const std::string& what) const {
    return progress == nullptr || progress->step(progress->user, done, total, {what.data(), what.size()}) == HKL_OK;
  }
};

}  // namespace

Done Runtime::submit_event(const std::string& name, const hkl_call_event& abi) {
  if (auto writes = needs_writer(); !writes) return writes;
  const auto* entry = source(name);
  if (entry == nullptr) return fail(HKL_NOT_FOUND, fmt::format("the config has no source \"{}\"", name));
  auto event = event_of_abi(abi);
  if (!event) return fail(event.error());
  event->source = entry->name;
  event->pbx = entry->pbx;
  event->received_at = now();
  if (entry->history) event->flags |= HKL_EVENT_FLAG_HISTORY;
  std::vector<Event> events;
  events.push_back(std::move(*event));
  if (auto queued = writer_->put(std::move(events), Writer::From::line, Writer::Patience::endless); !queued)
    return queued;
  return writer_->flush(Writer::From::line);
}

Done Runtime::submit_records(std::string_view ndjson, const Asker& asker, const hkl_writer* complaints,
                             hkl_tally& tally) {
  if (auto may = check_right(asker.access.get(), "records.write"); !may) return may;
  if (auto writes = needs_writer(); !writes) return writes;
  const auto* entry = source("canonical");
  RecordFeed feed(*writer_, "canonical", entry == nullptr || entry->history, now());
  std::size_t number = 0;
  while (!ndjson.empty()) {
    const auto end = ndjson.find('\n');
    const auto line = ndjson.substr(0, end);
    ndjson.remove_prefix(end == std::string_view::npos ? ndjson.size() : end + 1);
    if (auto took = take_line(feed, line, fmt::format("line {}", ++number), complaints, tally.refused); !took)
      return took;
  }
  if (auto stored = feed.finish(); !stored) return stored;
  tally.accepted = feed.tally().accepted;
  tally.duplicates = feed.tally().duplicates;
  if (tally.refused > 0) return fail(HKL_PARTLY, fmt::format("{} of the lines were refused", tally.refused));
  return {};
}

Done Runtime::import_files(const hkl_import& request, const hkl_progress* progress, const hkl_writer* verdicts,
                           hkl_tally& tally) {
  if (auto writes = needs_writer(); !writes) return writes;
  const std::string name = request.source == nullptr ? "" : request.source;
  if (is_canonical(name)) return import_canonical(request, progress, verdicts, tally);
  const auto* entry = source(name);
  if (entry == nullptr) {
    std::string known = "canonical";
    for (const auto& other : config_.sources) known += ", " + other.name;
    return fail(HKL_NOT_FOUND, fmt::format("{}: there is no source \"{}\"; there are: {}", config_.path, name, known));
  }
  return import_captures(*entry, request, progress, verdicts, tally);
}

Done Runtime::import_canonical(const hkl_import& request, const hkl_progress* progress, const hkl_writer* complaints,
                               hkl_tally& tally) {
  const std::string name = request.source == nullptr ? "" : request.source;
  const auto* entry = source(name);
  const bool is_history = (request.flags & HKL_IMPORT_HISTORY) != 0 || entry == nullptr || entry->history;
  RecordFeed feed(*writer_, name, is_history, now());
  const Step step{progress};
  std::uint64_t bytes = 0, total = 0;
  std::vector<std::string> paths(request.files, request.files + request.file_count);
  for (const auto& path : paths) {
    std::error_code ignored;
    const auto size = path == "-" ? 0 : std::filesystem::file_size(path, ignored);
    if (!ignored) total += size;
  }
  for (const auto& path : paths) {
    std::ifstream file;
    std::unique_ptr<Poco::InflatingInputStream> unpacked;
    std::istream* in = &std::cin;
    if (path != "-") {
      std::error_code ignored;
      if (std::filesystem::is_directory(path, ignored))
        return fail(HKL_NOT_FOUND, fmt::format("{}: is a folder; name the files in it", path));
      file.open(path, std::ios::binary);
      if (!file) return fail(HKL_NOT_FOUND, fmt::format("{}: cannot be read: {}", path, std::strerror(errno)));
      in = &file;
      if (path.ends_with(".gz")) {
        unpacked = std::make_unique<Poco::InflatingInputStream>(file, Poco::InflatingStreamBuf::STREAM_GZIP);
        in = unpacked.get();
      }
    }
    std::string line;
    std::size_t number = 0;
    while (std::getline(*in, line)) {
      bytes += line.size() + 1;
      const auto place = fmt::format("{}:{}", path == "-" ? "standard input" : path, ++number);
      if (auto took = take_line(feed, line, place, complaints, tally.refused); !took) return took;
      if (number % 1000 == 0 && !step(bytes, total, path)) {
        if (auto stored = feed.finish(); !stored) return stored;
        return fail(HKL_CANCELLED, fmt::format("{}: stopped at line {}; what was read is stored", path, number));
      }
    }
    if (in->bad()) return fail(HKL_INVALID, fmt::format("{}: breaks off after line {}", path, number));
  }
  if (auto stored = feed.finish(); !stored) return stored;
  step(total, total, "");
  tally.accepted = feed.tally().accepted;
  tally.duplicates = feed.tally().duplicates;
  if (tally.refused > 0)
    return fail(HKL_PARTLY,
                fmt::format("{} lines were refused, {} records were stored", tally.refused, tally.accepted));
  return {};
}

Done Runtime::import_captures(const SourceEntry& entry, const hkl_import& request, const hkl_progress* progress,
                              const hkl_writer* complaints, hkl_tally& tally) {
  auto adapter = loaded_->adapter_of(entry);
  if (!adapter) return fail(adapter.error());
  auto setup = setup_of(entry);
  setup.record_folder.clear();
  if ((request.flags & HKL_IMPORT_HISTORY) != 0) setup.history = true;
  const auto repeated = writer_->duplicates();
  EventOutlet outlet;
  outlet.take = [this](std::vector<Event> events) -> Done {
    if (auto queued = writer_->put(std::move(events), Writer::From::files, Writer::Patience::while_it_stores); !queued)
      return queued;
    return writer_->trouble();
  };
  outlet.durable = [this] { return writer_->flush(); };
  outlet.offer = offer(Writer::From::files, Writer::Patience::while_it_stores);
  std::vector<CaptureFile> files;
  for (std::uint64_t i = 0; i < request.file_count; ++i) files.push_back({request.files[i]});
  const Step step{progress};
  auto marks = writer_->marks(entry.name);
  if (!marks) return fail(marks.error());
  UnknownInput unknown(*marks, entry.secrets);
  const Verdicts told{complaints, request.format != nullptr && std::string_view(request.format) == "ndjson"};
  auto fed = feed_capture(
      setup, **adapter, files, outlet,
      [&](std::uint64_t done, std::uint64_t total) { return step(done, total, entry.name); },
      [&](const RequestOutcome& outcome) -> Done {
        if (outcome.unknown) {
          auto noted = unknown.note(*unknown_kind_of(outcome.reply), outcome.unknown->received_at, *outcome.unknown);
          if (auto kept = writer_->mark(entry.name, noted.place, std::move(noted.value)); !kept) return kept;
        }
        return told.tell(outcome);
      });
  if (!fed) return fail(fed.error());
  if (auto stored = writer_->flush(); !stored) return stored;
  for (const auto& complaint : fed->complaints)
    if (auto done = told.tell(complaint); !done) return done;
  tally.duplicates = writer_->duplicates() - repeated;
  tally.accepted = fed->events - std::min(fed->events, tally.duplicates);
  tally.refused = fed->refused;
  if (!fed->complaints.empty() || fed->refused > 0)
    return fail(HKL_PARTLY, fmt::format("{} events were stored, part of the input was left out", tally.accepted));
  return {};
}

}  // namespace hkl
