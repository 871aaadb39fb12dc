// Plays files back through an adapter (source_runner.h: feed_capture).
#include <fmt/format.h>

#include <algorithm>

#include "endpoints/capture_stream.h"
#include "endpoints/event_stamp.h"
#include "endpoints/hook_request.h"
#include "endpoints/source_runner.h"
#include "endpoints/unknown_input.h"

namespace hkl {
namespace {

// More complaints than anybody reads; what is beyond is counted.
constexpr std::size_t kMostComplaints = 100;
// Requests whose events share a commit.
constexpr std::size_t kRequestsAtOnce = 500;

class CaptureFeed {
 public:
  using Step = std::function<bool(std::uint64_t, std::uint64_t)>;
  using Judged = std::function<Done(const RequestOutcome&)>;
  CaptureFeed(const SourceSetup& setup, Adapter& adapter, const EventOutlet& outlet, const Step& step,
              const Judged& judged)
      : setup_(setup),
        adapter_(adapter),
        outlet_(outlet),
        step_(step),
        judged_(judged),
        stamp_(setup),
        buffer_(std::max<std::size_t>(setup.chunk, 1)) {}

  Done run(const std::vector<CaptureFile>& files) {
    for (const auto& file : files) disk_total_ += size_on_disk(file.path);
    for (const auto& file : files)
      if (auto played = play(file.path); !played) return played;
    if (auto told = tell_outcomes(); !told) return told;
    return tell_silence();
  }

  CaptureTally tally() {
    if (complaints_beyond_ > 0)
      tally_.complaints.push_back({"", fmt::format("and {} more of these", complaints_beyond_)});
    return std::move(tally_);
  }

 private:
  Done play(const std::string& path) {
    auto stream = CaptureStream::open(path);
    if (!stream) return fail(stream.error());
    file_now_ = stream->written_at();
    if (adapter_.speaks_http()) {
      const auto begin = stream->peek(kRequestLineBegin);
      if (!begin) return fail(begin.error());
      if (begins_request(*begin)) return play_requests(*stream);
    }
    const auto id = ++connection_;
    AdapterOutput out;
    const auto opened = adapter_.opened(id, true, "", stream->inner_name(), now(), out);
    if (auto handed = hand_on(out, stream->title(), false); !handed) return handed;
    if (!opened) return fail(opened.error().in(stream->title()));

    auto fed = feed_all(*stream, id);
    disk_before_ += size_on_disk(path);
    // Stopped by the caller: what was cut there is no loss, it is only not read.
    if (!fed && fed.error().status == HKL_CANCELLED) return fed;
    AdapterOutput last;
    const auto closed = adapter_.closed(id, now(), last);
    if (auto handed = hand_on(last, stream->title(), true); !handed) return handed;
    if (!fed) return fed;
    if (!closed) return fail(closed.error().in(stream->title()));
    return {};
  }

  Done feed_all(CaptureStream& stream, std::uint64_t id) {
    std::uint64_t before = 0;
    for (;;) {
      const auto got = stream.read(buffer_.data(), buffer_.size());
      if (!got) return fail(got.error());
      if (*got == 0) return {};
      AdapterOutput out;
      const auto fed = adapter_.feed(id, {buffer_.data(), *got}, now(), out);
      tally_.bytes += *got;
      if (auto handed = hand_on(out, stream.title(), false); !handed) return handed;
      if (!fed && fed.error().status == HKL_PROTOCOL) {
        complain(stream.title(), fmt::format("from byte {} on it was left out: {}", before, fed.error().text));
        return {};
      }
      if (!fed) return fail(fed.error().in(stream.title()));
      before += *got;
      if (step_ && !step_(disk_before_ + stream.read_on_disk(), disk_total_))
        return fail(HKL_CANCELLED, fmt::format("{}: stopped; what was read is stored", stream.title()));
    }
  }

  // Requests one after the other, as they came on one connection.
  Done play_requests(CaptureStream& stream) {
    RequestReader reader(setup_.http_limits);
    std::uint64_t left = 0;  // bytes of a request that is not whole
    for (;;) {
      const auto got = stream.read(buffer_.data(), buffer_.size());
      if (!got) return fail(got.error());
      if (*got == 0) break;
      tally_.bytes += *got;
      left += *got;
      for (auto step = reader.take({buffer_.data(), *got}); step != RequestReader::Step::more;) {
        if (step == RequestReader::Step::head) {
          step = reader.go_on(setup_.http_limits.body_bytes);
        } else if (step == RequestReader::Step::fault) {
          complain(stream.title(), "from here on it was left out: " + reader.fault().why);
          return note_outcome(stream.title(), reply_of(reader.fault()), {});
        } else {
          if (auto taken = take_request(stream.title(), reader.request()); !taken) return taken;
          left = 0;
          step = reader.next();
        }
      }
      if (step_ && !step_(disk_before_ + stream.read_on_disk(), disk_total_))
        return fail(HKL_CANCELLED, fmt::format("{}: stopped; what was read is stored", stream.title()));
    }
    disk_before_ += stream.read_on_disk();
    if (reader.is_idle()) return {};
    complain(stream.title(), fmt::format("{} bytes at its end were left out: a request that is not whole", left));
    return note_outcome(stream.title(), {HKL_VERDICT_REJECT, 400, "", "", "incomplete_request"}, {});
  }

  Done take_request(const std::string& title, HttpRequest& request) {
    request.received_at = now();
    const auto path = path_on_route(request.path());
    AdapterOutput out;
    const auto done = adapter_.request({request, public_address(setup_.public_url, request, path), path, true}, now(),
                                       LookUp(setup_.look_up), out);
    if (!done) return fail(done.error().in(title));
    note_faults(out, title, false, out.reply->verdict != HKL_VERDICT_IGNORE);
    auto unknown = unknown_kind_of(*out.reply) ? std::optional(std::move(request)) : std::nullopt;
    if (out.reply->verdict == HKL_VERDICT_REJECT || out.events.empty())
      return note_outcome(title, *out.reply, {}, std::move(unknown));
    stamp(out.events);
    auto receipt = outlet_.offer(std::move(out.events));
    if (!receipt) return fail(receipt.error());
    return note_outcome(title, *out.reply, *receipt, std::move(unknown));
  }

  Done note_outcome(const std::string& title, HookReply reply, const Receipt& receipt,
                    std::optional<HttpRequest> unknown = std::nullopt) {
    if (reply.verdict == HKL_VERDICT_REJECT) ++tally_.refused;
    outcomes_.push_back({{title, std::move(reply), false, std::move(unknown)}, receipt});
    return outcomes_.size() < kRequestsAtOnce ? Done{} : tell_outcomes();
  }

  Done tell_outcomes() {
    for (auto& [outcome, receipt] : std::exchange(outcomes_, {})) {
      if (receipt) {
        const auto stored = receipt();
        if (!stored) return fail(stored.error());
        outcome.is_duplicate = stored->accepted == 0 && stored->duplicates > 0;
      }
      if (!judged_) continue;
      if (auto told = judged_(outcome); !told) return told;
    }
    return {};
  }

  // What a switch answers in a capture was asked by another client, and what
  // the adapter would send or close goes nowhere.
  Done hand_on(AdapterOutput& out, const std::string& title, bool is_end) {
    note_faults(out, title, is_end, true);
    if (out.events.empty()) return {};
    stamp(out.events);
    return outlet_.take(std::move(out.events));
  }

  // `is_told` false: what was left out is said by the verdict on its request.
  void note_faults(const AdapterOutput& out, const std::string& title, bool is_end, bool is_told) {
    for (const auto& refused : out.refused_events) complain(title, "an event was refused: " + refused);
    tally_.refused += out.refused_events.size();
    for (const auto& skipped : out.skipped) {
      tally_.skipped_bytes += skipped.byte_count;
      if (is_told)
        complain(title, fmt::format("{} byte{}{} left out: {}", skipped.byte_count, skipped.byte_count == 1 ? "" : "s",
                                    is_end ? " at its end were" : " were", skipped.why));
    }
  }

  void stamp(std::vector<Event>& events) {
    for (auto& event : events) {
      stamp_.stamp_told(event, event.at);
      // A time of receipt is ours: of a file's age nothing follows for the PBX's clock.
      auto& latest = (event.flags & HKL_EVENT_FLAG_RECEIPT_TIME) == 0 ? latest_ : latest_receipt_;
      latest = std::max({latest.value_or(event.at), event.at, event.ended_at.value_or(event.at)});
    }
    tally_.events += events.size();
  }

  Done tell_silence() {
    const auto at = std::max(latest_, latest_receipt_);
    if (!at) return {};
    Event event;
    event.kind = HKL_EVENT_SOURCE_SILENT;
    event.event_id = fmt::format("silent:{}", ms_of(*at));
    event.at = *at;
    stamp_.stamp_told(event, event.at);
    std::vector<Event> events;
    events.push_back(std::move(event));
    return outlet_.take(std::move(events));
  }

  Instant now() const {
    if (latest_) return *latest_;
    return file_now_ ? *file_now_ : setup_.now();
  }

  void complain(const std::string& title, std::string text) {
    if (tally_.complaints.size() < kMostComplaints) {
      tally_.complaints.push_back({title, std::move(text)});
    } else {
      ++complaints_beyond_;
    }
  }

  const SourceSetup& setup_;
  Adapter& adapter_;
  const EventOutlet& outlet_;
  const Step& step_;
  const Judged& judged_;
  EventStamp stamp_;
  std::vector<char> buffer_;
  std::uint64_t connection_ = 0;
  std::uint64_t disk_before_ = 0, disk_total_ = 0;
  std::optional<Instant> latest_, latest_receipt_, file_now_;
  std::uint64_t complaints_beyond_ = 0;
  CaptureTally tally_;
  std::vector<std::pair<RequestOutcome, Receipt>> outcomes_;  // not told yet
};

}  // namespace

Result<CaptureTally> feed_capture(const SourceSetup& setup, Adapter& adapter, const std::vector<CaptureFile>& files,
                                  const EventOutlet& outlet,
                                  const std::function<bool(std::uint64_t, std::uint64_t)>& step,
                                  const std::function<Done(const RequestOutcome&)>& judged) {
  CaptureFeed feed(setup, adapter, outlet, step, judged);
  const auto fed = feed.run(files);
  const auto stored = outlet.durable ? outlet.durable() : Done{};
  if (!fed) return fail(fed.error());
  if (!stored) return fail(stored.error());
  return feed.tally();
}

}  // namespace hkl
