// Between a source's endpoints and its adapter: counts, records and feeds what
// comes in, sends on what comes out. Used by the runner's thread alone.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "endpoints/endpoint.h"
#include "endpoints/event_stamp.h"
#include "endpoints/gap_watch.h"
#include "endpoints/health_board.h"
#include "endpoints/hook_door.h"
#include "endpoints/recorder.h"
#include "endpoints/source_log.h"
#include "endpoints/unknown_input.h"

namespace hkl {

// How the bytes of a connection come: a line tells what happens now, a file
// what happened.
enum class Flow { line, file };

class SourceDesk {
 public:
  // `ring` wakes the runner's thread, from any other.
  SourceDesk(SourceSetup setup, std::unique_ptr<Adapter> adapter, EventOutlet outlet, std::function<void()> ring);
  ~SourceDesk();
  SourceDesk(const SourceDesk&) = delete;
  SourceDesk& operator=(const SourceDesk&) = delete;

  // An id for a connection; what the adapter says of it goes to `endpoint`.
  std::uint64_t new_connection(Endpoint& endpoint, Flow flow);
  // Each calls the adapter and hands on what it says; blocks while the outlet
  // does. An error of feed(): the connection is of no more use and wants to be
  // closed; of opened(): it is gone already.
  Done opened(std::uint64_t connection, const std::string& endpoint, const std::string& name);
  Done feed(std::uint64_t connection, std::string_view bytes);
  void closed(std::uint64_t connection);
  // Rows of a database: records of the past, without a connection.
  Done rows(const std::string& endpoint, const RowBatch& batch, bool is_last);
  // What is to be asked, from where `mark_name` was left; and what to ask next
  // once that was answered. How far it came is kept there. An error of the
  // adapter is of no more worth than this walk.
  Result<std::vector<HookAsk>> poll(const std::string& endpoint, const std::string& mark_name);
  Result<std::vector<HookAsk>> polled(const std::string& endpoint, const std::string& mark_name, std::uint32_t status,
                                      std::string_view body);
  // Wakes the runner's thread, from any other.
  void ring() const { ring_(); }
  // A line stands again: what nobody heard meanwhile is marked with the next
  // thing that the PBX says.
  void live_again() { gaps_.live_again(); }

  // Asks the adapter what a request on the route means; what it tells is
  // offered to the outlet. HKL_RESOURCE: it cannot be taken now.
  Result<HookDoor::Judged> request(const HttpRequest& request, const std::string& path);
  HookDoor& door() { return *door_; }
  std::shared_ptr<HookDoor> shared_door() { return door_; }  // the server's threads hold it too

  // When the adapter wants to be called; by the source's clock.
  std::optional<Instant> tick_at() const { return tick_at_; }
  void tick();
  Done originate(const CallOrder& order);
  // Where the vendor takes orders over HTTP: what is to be sent, and what its
  // answer means.
  bool orders_by_http() const { return adapter_->orders_by_http(); }
  Result<HookAsk> order(const CallOrder& order);
  Done ordered(const CallOrder& order, std::uint32_t status, std::string_view body);

  Result<std::vector<EndpointWish>> endpoints() { return adapter_->endpoints(); }
  // How far what lies at `place` was read, kept behind all that was handed on.
  void mark(const std::string& place, const std::string& value);
  // What is kept of it; empty at the first time.
  const std::string& marked(const std::string& place) { return setup_.marks[place]; }
  Done durable() { return outlet_.durable ? outlet_.durable() : Done{}; }
  Instant now() const { return setup_.now(); }
  const SourceSetup& setup() const { return setup_; }
  SourceLog& log() { return log_; }
  HealthBoard& health() { return health_; }
  const HealthBoard& health() const { return health_; }

 private:
  struct Connection {
    Endpoint* endpoint;
    Flow flow;
    std::string name;
    std::optional<Recorder> recorder;
    bool is_behind = false;  // bytes wait for us: their age is not known
  };
  Done hand_on(AdapterOutput& out, Connection* from, Instant received_at);
  void note_faults(const AdapterOutput& out);
  void note_unknown(const HookReply& reply, const HttpRequest& request);
  void record_request(const HttpRequest& request);
  Done take(std::vector<Event> events);
  Result<std::vector<HookAsk>> hand_on_poll(const Done& done, AdapterOutput& out, const std::string& mark_name,
                                            Instant at);
  void record(Connection& connection, std::string_view bytes);
  void recording_failed(const Error& error);
  Error plain(const Error& error) const;

  SourceSetup setup_;
  std::unique_ptr<Adapter> adapter_;
  EventOutlet outlet_;
  std::function<void()> ring_;
  EventStamp stamp_;
  SourceLog log_;
  HealthBoard health_;
  std::map<std::uint64_t, Connection> connections_;
  std::uint64_t last_connection_ = 0;
  std::optional<Instant> tick_at_;
  GapWatch gaps_;
  bool recording_is_broken_ = false;  // and was told
  std::optional<Recorder> requests_;  // of the route
  UnknownInput unknown_;
  std::shared_ptr<HookDoor> door_;
};

}  // namespace hkl
