#include "endpoints/desk.h"

#include "endpoints/hook_request.h"

namespace hkl {
namespace {

// A read of so much, or a queue that kept us so long: what comes next has
// waited, and its age says nothing of the PBX's clock.
constexpr std::size_t kBacklogBytes = 8192;
constexpr std::chrono::seconds kLongTake{1};

}  // namespace

SourceDesk::SourceDesk(SourceSetup setup, std::unique_ptr<Adapter> adapter, EventOutlet outlet,
                       std::function<void()> ring)
    : setup_(std::move(setup)),
      adapter_(std::move(adapter)),
      outlet_(std::move(outlet)),
      ring_(ring),
      stamp_(setup_),
      log_(setup_),
      health_(setup_.changed),
      gaps_(setup_.heard_until),
      unknown_(setup_.marks, setup_.secrets),
      door_(std::make_shared<HookDoor>(std::move(ring), setup_.refusals_per_minute)) {}

SourceDesk::~SourceDesk() { door_->close(); }

// The adapter names its entry, which is the source: once is enough.
Error SourceDesk::plain(const Error& error) const {
  const auto mine = setup_.name + " (";
  const auto end = error.text.find("): ");
  if (error.text.rfind(mine, 0) != 0 || end == std::string::npos) return error;
  return {error.status, error.text.substr(end + 3)};
}

std::uint64_t SourceDesk::new_connection(Endpoint& endpoint, Flow flow) {
  connections_.emplace(++last_connection_, Connection{&endpoint, flow, "", {}});
  return last_connection_;
}

Done SourceDesk::opened(std::uint64_t id, const std::string& endpoint, const std::string& name) {
  auto& connection = connections_.at(id);
  connection.name = name;
  const auto at = now();
  if (!setup_.record_folder.empty()) {
    auto recorder = Recorder::begin(setup_.record_folder, setup_.name, at);
    if (recorder) {
      connection.recorder = std::move(*recorder);
    } else {
      recording_failed(recorder.error());
    }
  }
  AdapterOutput out;
  const auto done = adapter_->opened(id, false, endpoint, name, at, out);
  auto handed = hand_on(out, &connection, at);
  if (done && handed) return handed;
  if (done) {
    closed(id);
    return handed;
  }
  connections_.erase(id);  // it never stood for the adapter
  return fail(plain(done.error()));
}

Done SourceDesk::feed(std::uint64_t id, std::string_view bytes) {
  auto& connection = connections_.at(id);
  const auto at = now();
  // Before the adapter sees them: what breaks it is what one wants to replay.
  record(connection, bytes);
  health_.count([&](SourceHealth& health) {
    health.bytes += bytes.size();
    health.last_bytes_at = at;
  });
  const auto began = steady_now();
  AdapterOutput out;
  const auto done = adapter_->feed(id, bytes, at, out);
  auto handed = hand_on(out, &connection, at);
  connection.is_behind = bytes.size() >= kBacklogBytes || steady_now() - began >= kLongTake;
  if (!done) return fail(plain(done.error()));
  return handed;
}

Result<HookDoor::Judged> SourceDesk::request(const HttpRequest& request, const std::string& path) {
  const auto at = now();
  health_.count([&](SourceHealth& health) {
    health.bytes += request.body.size();
    health.last_bytes_at = at;
  });
  AdapterOutput out;
  const auto done = adapter_->request({request, public_address(setup_.public_url, request, path), path, false}, at,
                                      setup_.look_up, out);
  if (out.tick_at) tick_at_ = tick_at_ ? std::min(*tick_at_, *out.tick_at) : *out.tick_at;
  note_faults(out);
  if (!done) {
    log_.write_rarely(HKL_LOG_ERROR, "request", plain(done.error()).text);
    return fail(plain(done.error()));
  }
  const auto& reply = *out.reply;
  if (reply.verdict == HKL_VERDICT_REJECT)
    log_.write_rarely(HKL_LOG_WARNING, "rejected " + request.peer + reply.reason,
                      fmt::format("refused a request from {} with {}: {}{}", request.peer, reply.status, reply.reason,
                                  reply.detail.empty() ? "" : " (" + reply.detail + ")"));
  // Of a sender who is not known nothing is kept.
  if (reply.verdict == HKL_VERDICT_REJECT && (reply.status == 401 || reply.status == 403))
    return HookDoor::Judged{reply, {}};
  record_request(request);
  note_unknown(reply, request);
  if (reply.verdict == HKL_VERDICT_REJECT || out.events.empty()) return HookDoor::Judged{reply, {}};
  for (auto& event : out.events) {
    if (auto warning = stamp_.stamp_heard(event, at, true)) {
      log_.write(HKL_LOG_WARNING, *warning);
      health_.tell(*warning);
    }
  }
  const auto count = out.events.size();
  auto receipt = outlet_.offer(std::move(out.events));
  if (!receipt) {
    log_.write_rarely(HKL_LOG_ERROR, "offered", "a request was put off: " + receipt.error().text);
    return fail(receipt.error());
  }
  health_.count([&](SourceHealth& health) { health.events += count; });
  return HookDoor::Judged{reply, std::move(*receipt)};
}

// Kept behind all that was heard before; losing one with a crash loses a count.
void SourceDesk::note_unknown(const HookReply& reply, const HttpRequest& request) {
  const auto kind = unknown_kind_of(reply);
  if (!kind) return;
  auto noted = unknown_.note(*kind, now(), request);
  mark(noted.place, noted.value);
}

void SourceDesk::record_request(const HttpRequest& request) {
  if (setup_.record_folder.empty() || recording_is_broken_) return;
  if (!requests_) {
    auto recorder = Recorder::begin(setup_.record_folder, setup_.name, now(), "http");
    if (!recorder) return recording_failed(recorder.error());
    requests_ = std::move(*recorder);
  }
  const auto written = requests_->write(wire_text(request));
  if (written) return;
  requests_.reset();
  recording_failed(written.error());
}

void SourceDesk::closed(std::uint64_t id) {
  auto& connection = connections_.at(id);
  const auto at = now();
  AdapterOutput out;
  const auto done = adapter_->closed(id, at, out);
  auto handed = hand_on(out, &connection, at);
  connections_.erase(id);
  // The connection is over either way: all that is left is to say so.
  if (!done) log_.write_rarely(HKL_LOG_ERROR, "closed", plain(done.error()).text);
  if (!handed) log_.write_rarely(HKL_LOG_ERROR, "handed", handed.error().text);
}

Done SourceDesk::rows(const std::string& endpoint, const RowBatch& batch, bool is_last) {
  const auto at = now();
  health_.count([&](SourceHealth& health) {
    for (const auto& value : batch.values) health.bytes += value ? value->size() : 0;
    health.last_bytes_at = at;
  });
  AdapterOutput out;
  const auto done = adapter_->rows(endpoint, batch, is_last, at, out);
  auto handed = hand_on(out, nullptr, at);
  if (!done) return fail(plain(done.error()));
  return handed;
}

Result<std::vector<HookAsk>> SourceDesk::poll(const std::string& endpoint, const std::string& mark_name) {
  const auto at = now();
  AdapterOutput out;
  const auto done = adapter_->poll(endpoint, marked(mark_name), at, out);
  return hand_on_poll(done, out, mark_name, at);
}

Result<std::vector<HookAsk>> SourceDesk::polled(const std::string& endpoint, const std::string& mark_name,
                                                std::uint32_t status, std::string_view body) {
  const auto at = now();
  health_.count([&](SourceHealth& health) {
    health.bytes += body.size();
    health.last_bytes_at = at;
  });
  AdapterOutput out;
  const auto done = adapter_->answer(endpoint, status, body, at, out);
  return hand_on_poll(done, out, mark_name, at);
}

// Events first: how far was asked is never kept before what was told.
Result<std::vector<HookAsk>> SourceDesk::hand_on_poll(const Done& done, AdapterOutput& out,
                                                      const std::string& mark_name, Instant at) {
  auto handed = hand_on(out, nullptr, at);
  if (!done) return fail(plain(done.error()));
  if (!handed) return fail(handed.error());
  if (out.position) mark(mark_name, *out.position);
  return std::move(out.asks);
}

void SourceDesk::tick() {
  tick_at_.reset();
  AdapterOutput out;
  const auto at = now();
  const auto done = adapter_->tick(at, out);
  auto handed = hand_on(out, nullptr, at);
  if (!done) log_.write_rarely(HKL_LOG_ERROR, "tick", plain(done.error()).text);
  if (!handed) log_.write_rarely(HKL_LOG_ERROR, "handed", handed.error().text);
}

Done SourceDesk::originate(const CallOrder& order) {
  AdapterOutput out;
  const auto at = now();
  const auto done = adapter_->originate(order, at, out);
  auto handed = hand_on(out, nullptr, at);
  if (!done) return fail(plain(done.error()));
  return handed;
}

Result<HookAsk> SourceDesk::order(const CallOrder& order) {
  AdapterOutput out;
  const auto at = now();
  const auto done = adapter_->order(order, at, out);
  auto handed = hand_on(out, nullptr, at);
  if (!done) return fail(plain(done.error()));
  if (!handed) return fail(handed.error());
  return std::move(out.asks.front());
}

Done SourceDesk::ordered(const CallOrder& order, std::uint32_t status, std::string_view body) {
  AdapterOutput out;
  const auto at = now();
  const auto done = adapter_->ordered(order, status, body, at, out);
  // The vendor dials, whether we can note it or not.
  if (auto handed = hand_on(out, nullptr, at); !handed) log_.write_rarely(HKL_LOG_ERROR, "handed", handed.error().text);
  if (!done) return fail(plain(done.error()));
  return {};
}

Done SourceDesk::hand_on(AdapterOutput& out, Connection* from, Instant received_at) {
  if (out.tick_at) tick_at_ = tick_at_ ? std::min(*tick_at_, *out.tick_at) : *out.tick_at;
  const auto endpoint_of = [&](std::uint64_t id) -> Endpoint* {
    const auto found = connections_.find(id);
    return found == connections_.end() ? nullptr : found->second.endpoint;
  };
  for (const auto& state : out.states)
    if (auto* endpoint = endpoint_of(state.connection)) endpoint->state_told(state.connection, state.state, state.text);
  for (const auto& send : out.sends)
    if (auto* endpoint = endpoint_of(send.connection)) endpoint->send(send.connection, send.bytes);
  for (const auto& close : out.closes)
    if (auto* endpoint = endpoint_of(close.connection)) endpoint->close_asked(close.connection, close.after, close.why);
  note_faults(out);
  for (const auto& skipped : out.skipped) {
    auto noted = unknown_.note(skipped.why, received_at, std::string());
    mark(noted.place, noted.value);
  }

  std::vector<Event> events;
  auto gaps = gaps_;  // what the outlet does not take was not heard
  for (auto& event : out.events) {
    if (from == nullptr || from->flow == Flow::file) {
      stamp_.stamp_told(event, received_at);
      events.push_back(std::move(event));
      continue;
    }
    if (auto warning = stamp_.stamp_heard(event, received_at, !from->is_behind)) {
      log_.write(HKL_LOG_WARNING, *warning);
      health_.tell(*warning);
    }
    if (is_of_its_moment(event)) {
      if (const auto gap = gaps.heard(event.at)) {
        auto missed = event_of(*gap);
        stamp_.stamp_told(missed, received_at);
        events.push_back(std::move(missed));
      }
    }
    events.push_back(std::move(event));
  }
  if (events.empty()) return {};
  auto taken = take(std::move(events));
  if (taken) gaps_ = gaps;
  return taken;
}

Done SourceDesk::take(std::vector<Event> events) {
  const auto count = events.size();
  const auto taken = outlet_.take(std::move(events));
  if (!taken)
    return fail(taken.error().status, fmt::format("{} events could not be stored: {}", count, taken.error().text));
  health_.count([&](SourceHealth& health) { health.events += count; });
  return {};
}

void SourceDesk::mark(const std::string& place, const std::string& value) {
  auto& known = setup_.marks[place];
  if (known == value) return;
  known = value;
  if (!outlet_.mark) return;
  // Nothing is lost by it: what is read again is known by its ids.
  if (auto kept = outlet_.mark(place, value); !kept)
    log_.write_rarely(HKL_LOG_WARNING, "mark", "how far was read could not be kept: " + kept.error().text);
}

void SourceDesk::note_faults(const AdapterOutput& out) {
  for (const auto& refused : out.refused_events)
    log_.write_rarely(HKL_LOG_WARNING, "refused " + refused, "an event of its plugin was refused: " + refused);
  std::uint64_t skipped_bytes = 0;
  for (const auto& skipped : out.skipped) {
    skipped_bytes += skipped.byte_count;
    log_.write_rarely(HKL_LOG_WARNING, "skipped " + skipped.why,
                      fmt::format("{} bytes were left out: {}", skipped.byte_count, skipped.why));
  }
  if (out.refused_events.empty() && out.skipped.empty()) return;
  health_.count([&](SourceHealth& health) {
    health.refused += out.refused_events.size();
    health.skipped_bytes += skipped_bytes;
  });
}

void SourceDesk::record(Connection& connection, std::string_view bytes) {
  if (!connection.recorder) return;
  const auto written = connection.recorder->write(bytes);
  if (!written) {
    connection.recorder.reset();
    return recording_failed(written.error());
  }
  if (std::exchange(recording_is_broken_, false)) log_.write(HKL_LOG_INFO, "is recorded again");
}

// A full disk must not cost calls: say it once, go on without.
void SourceDesk::recording_failed(const Error& error) {
  if (std::exchange(recording_is_broken_, true)) return;
  log_.write(HKL_LOG_ERROR, error.text + "; the source goes on without being recorded");
  health_.tell("not recorded: " + error.text);
}

}  // namespace hkl
