// Plays files back through an adapter (source_runner.h: feed_capture).
#include <fmt/format.h>

#include <algorithm>

#include "endpoints/capture_stream.h"
#include "endpoints/event_stamp.h"
#include "endpoints/source_runner.h"

namespace hkl {
namespace {

// More complaints than anybody reads; what is beyond is counted.
constexpr std::size_t kMostComplaints = 100;

class CaptureFeed {
 public:
  using Step = std::function<bool(std::uint64_t, std::uint64_t)>;
  CaptureFeed(const SourceSetup& setup, Adapter& adapter, const EventOutlet& outlet, const Step& step)
      : setup_(setup),
        adapter_(adapter),
        outlet_(outlet),
        step_(step),
        stamp_(setup),
        buffer_(std::max<std::size_t>(setup.chunk, 1)) {}

  Done run(const std::vector<CaptureFile>& files) {
    for (const auto& file : files) disk_total_ += size_on_disk(file.path);
    for (const auto& file : files)
      if (auto played = play(file.path); !played) return played;
    return tell_silence();
  }

  CaptureTally tally() {
    if (complaints_beyond_ > 0) tally_.complaints.push_back(fmt::format("and {} more of these", complaints_beyond_));
    return std::move(tally_);
  }

 private:
  Done play(const std::string& path) {
    auto stream = CaptureStream::open(path);
    if (!stream) return fail(stream.error());
    const auto id = ++connection_;
    file_now_ = stream->written_at();
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
        complain(fmt::format("{}: from byte {} on it was left out: {}", stream.title(), before, fed.error().text));
        return {};
      }
      if (!fed) return fail(fed.error().in(stream.title()));
      before += *got;
      if (step_ && !step_(disk_before_ + stream.read_on_disk(), disk_total_))
        return fail(HKL_CANCELLED, fmt::format("{}: stopped; what was read is stored", stream.title()));
    }
  }

  // What a switch answers in a capture was asked by another client, and what
  // the adapter would send or close goes nowhere.
  Done hand_on(AdapterOutput& out, const std::string& title, bool is_end) {
    for (const auto& refused : out.refused_events)
      complain(fmt::format("{}: an event was refused: {}", title, refused));
    tally_.refused += out.refused_events.size();
    for (const auto& skipped : out.skipped) {
      tally_.skipped_bytes += skipped.byte_count;
      complain(fmt::format("{}: {} byte{}{} left out: {}", title, skipped.byte_count,
                           skipped.byte_count == 1 ? "" : "s", is_end ? " at its end were" : " were", skipped.why));
    }
    if (out.events.empty()) return {};
    for (auto& event : out.events) {
      stamp_.stamp_told(event, event.at);
      latest_ = std::max({latest_.value_or(event.at), event.at, event.ended_at.value_or(event.at)});
    }
    tally_.events += out.events.size();
    return outlet_.take(std::move(out.events));
  }

  Done tell_silence() {
    if (!latest_) return {};
    Event event;
    event.kind = HKL_EVENT_SOURCE_SILENT;
    event.event_id = fmt::format("silent:{}", ms_of(*latest_));
    event.at = *latest_;
    stamp_.stamp_told(event, event.at);
    std::vector<Event> events;
    events.push_back(std::move(event));
    return outlet_.take(std::move(events));
  }

  Instant now() const {
    if (latest_) return *latest_;
    return file_now_ ? *file_now_ : setup_.now();
  }

  void complain(std::string line) {
    if (tally_.complaints.size() < kMostComplaints) {
      tally_.complaints.push_back(std::move(line));
    } else {
      ++complaints_beyond_;
    }
  }

  const SourceSetup& setup_;
  Adapter& adapter_;
  const EventOutlet& outlet_;
  const Step& step_;
  EventStamp stamp_;
  std::vector<char> buffer_;
  std::uint64_t connection_ = 0;
  std::uint64_t disk_before_ = 0, disk_total_ = 0;
  std::optional<Instant> latest_, file_now_;
  std::uint64_t complaints_beyond_ = 0;
  CaptureTally tally_;
};

}  // namespace

Result<CaptureTally> feed_capture(const SourceSetup& setup, Adapter& adapter, const std::vector<CaptureFile>& files,
                                  const EventOutlet& outlet,
                                  const std::function<bool(std::uint64_t, std::uint64_t)>& step) {
  CaptureFeed feed(setup, adapter, outlet, step);
  const auto fed = feed.run(files);
  const auto stored = outlet.durable ? outlet.durable() : Done{};
  if (!fed) return fail(fed.error());
  if (!stored) return fail(stored.error());
  return feed.tally();
}

}  // namespace hkl
