// Runs the endpoints of one source: owns its sockets and files, feeds its
// adapter, hands on what comes out. All calls of the adapter are made from the
// runner's own thread (live; endpoints() before that thread stands) or the
// caller's (capture).
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "http/request_reader.h"
#include "plugins/instances.h"

namespace hkl {

class HookDoor;

// How much of what was offered was news. A receipt waits until it is on disk,
// or says why it is not; any thread may ask it.
struct Stored {
  std::uint64_t accepted = 0, duplicates = 0;
};
using Receipt = std::function<Result<Stored>()>;

// Where a source's events go. `take` returns when they are queued and blocks
// while the queue is full: nothing is read meanwhile (DESIGN section 12). An
// error means that these events are lost: the connection is closed and the
// time becomes a gap. `durable` waits until everything taken before is on disk.
struct EventOutlet {
  std::function<Done(std::vector<Event> events)> take;
  std::function<Done()> durable;
  // How far an endpoint has read: kept once everything taken before is on disk.
  // Empty where nothing is kept (captures).
  std::function<Done(const std::string& place, std::string value)> mark;
  // For requests, whose sender waits. HKL_RESOURCE: the queue is full, or the
  // store takes nothing; the events are not taken.
  std::function<Result<Receipt>(std::vector<Event> events)> offer;
};

struct SourceHealth {
  std::string state;  // off, connecting, live, refused, waiting
  std::string text;   // the last thing worth telling an admin
  std::optional<Instant> last_bytes_at, connected_at;
  std::uint64_t bytes = 0, events = 0, refused = 0, skipped_bytes = 0, reconnects = 0;
  // What became of requests: "accept", "duplicate", "ignore unknown_kind", "reject bad_signature", …
  std::map<std::string, std::uint64_t> requests;
};

struct SourceSetup {
  std::string name, pbx;
  std::string public_url;                // of its route, as the PBX knows it; empty: as it was asked
  HttpLimits http_limits;                // of requests in captures
  LookUp look_up;                        // what is known of a number, for replies; may be empty
  bool is_served = false;                // a server hands on what comes in at /hooks/<name>
  std::size_t refusals_per_minute = 60;  // of one sender, then it has to wait
  // `at` is the time of receipt: of lines only; files and captures keep theirs.
  bool clock_receipt = false;
  bool history = false;
  std::vector<std::string> secrets;  // of its settings: nothing that is kept shows them
  std::string record_folder;         // empty: nothing is recorded
  std::function<Instant()> now;      // the clock, given so that tests own it
  std::function<void(std::uint32_t level, const std::string& line)> log;  // from the runner's thread, no lock held
  std::function<void(const SourceHealth&)> changed;                       // the same; may be empty
  // A call of which nothing was heard for so long is closed: `close_silent` is
  // called now and then, on the runner's thread, with the moment before which
  // that is. 0 or empty: never.
  Millis close_after{0};
  std::function<void(Instant until)> close_silent;
  // The latest moment that an earlier process heard of, by the PBX's clock: the
  // first thing heard on a live connection makes the gap since then.
  std::optional<Instant> heard_until;
  std::map<std::string, std::string> marks;  // what an earlier process had kept, by place
  std::size_t chunk = 65536;                 // bytes of a capture that the adapter gets at once; at least 1
  Millis order_patience{10000};              // until a vendor has answered an order: somebody looks at a telephone
  Millis first_pause{1000};                  // before the first redial; doubles up to a minute
};

// Live: a thread that connects, reconnects with jittered backoff (1 s to 60 s),
// keeps alive, records. A connection that was lost and stands again makes an
// HKL_EVENT_SOURCE_GAP. Every function is safe from any thread.
class SourceRunner {
 public:
  SourceRunner(SourceSetup setup, std::unique_ptr<Adapter> adapter, EventOutlet outlet);
  ~SourceRunner();  // stops
  SourceRunner(const SourceRunner&) = delete;
  SourceRunner& operator=(const SourceRunner&) = delete;

  // Asks the adapter for its endpoints and starts the thread; connects nothing
  // yet. HKL_UNSUPPORTED: a kind of endpoint that this version has not.
  Done start();
  // Stops reading, hands on what has come, waits until it is on disk. Takes at
  // most a few seconds unless the outlet blocks: then as long as that. For good:
  // a stopped runner is not started again.
  void stop();
  SourceHealth health() const;
  // Whether it dials its PBX, so that another one may do so beside it.
  bool dials() const;
  // Where requests on its route go in; stays after the runner has ended.
  std::shared_ptr<HookDoor> door();
  // Orders a call, on the live connection or of the vendor over HTTP; runs on
  // the runner's thread. HKL_UNAVAILABLE: nothing was sent, and will not be: not
  // running, not reached, or busy for five seconds. HKL_INVALID: refused, in the
  // vendor's words. HKL_UNSUPPORTED: the plugin cannot order calls. HKL_TIMEOUT:
  // nobody knows whether the vendor dials, so it must not be ordered again.
  //
  // What is returned waits for the outcome, at most some twenty seconds; it may
  // be called once, from any thread, also when the runner has ended.
  std::function<Done()> place_order(const CallOrder& order);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

struct CaptureFile {
  std::string path;  // "-": standard input; .gz is unpacked
};
struct CaptureComplaint {
  std::string file, text;
  std::string str() const { return file.empty() ? text : file + ": " + text; }
};
struct CaptureTally {
  // `events` counts what the files told; the closing HKL_EVENT_SOURCE_SILENT is not in it.
  std::uint64_t bytes = 0, events = 0, refused = 0, skipped_bytes = 0;
  // "ami.raw: 312 bytes at its end were left out: half a message"; at most 100 and a line that counts the others.
  std::vector<CaptureComplaint> complaints;
};
// What became of one request in a capture, in the order of the files.
struct RequestOutcome {
  std::string file;
  HookReply reply;
  bool is_duplicate = false;           // all that it tells was known
  std::optional<HttpRequest> unknown;  // the request, where it was not understood (unknown_input.h)
};
// Feeds files in order, each as one connection, through an adapter. After the
// last the outlet gets an HKL_EVENT_SOURCE_SILENT at the latest event time. No
// clock is read: an event was received when it happened, and the adapter's
// "now" is the latest event time so far (before the first one: when the file
// was written; what a pipe brings has only `setup.now`).
// `step(bytes_done, bytes_total)`: of the files as they lie on disk, total 0
// when not known; false: stop, HKL_CANCELLED, nothing is closed.
// A file that cannot be read is HKL_NOT_FOUND (or HKL_INVALID when it breaks off) and
// ends the feed. Whatever the answer, what was fed before is durable.
// A file of HTTP requests is told by its first line, where the adapter speaks
// HTTP; `judged` hears what became of each, and may be empty.
// Blocks; one call at a time for an adapter.
Result<CaptureTally> feed_capture(const SourceSetup& setup, Adapter& adapter, const std::vector<CaptureFile>& files,
                                  const EventOutlet& outlet,
                                  const std::function<bool(std::uint64_t, std::uint64_t)>& step,
                                  const std::function<Done(const RequestOutcome&)>& judged = {});

}  // namespace hkl
