#include "isolation/sinks.h"

#include "isolation/abi_fields.h"
#include "isolation/codec.h"
#include "isolation/protocol.h"
#include "plugins/sized.h"

namespace hkl::isolation {
namespace {

// Room for the sentence of a refusal, which nobody is left to read: the child
// was answered by the same judgement, or need not know.
struct Unread {
  hkl_error err{};
  Unread() { err.struct_size = sizeof err; }
};

void give_event(const hkl_pbx_sink& sink, Unpacker& in) {
  auto event = in.one<hkl_call_event>();
  Unread unread;
  if (in.is_good()) (void)sink.event(sink.user, &event, &unread.err);
}

void give_sized_event(const hkl_pbx_sink& sink, Unpacker& in) {
  hkl_call_event event;
  hkl_call_event_init(&event);
  in(event.struct_size);
  Unread unread;
  // The sink refuses it by its size and reads no further. One that it would
  // read on for is a lie: those were copied by the child.
  const bool is_absurd = !size_fault(event.struct_size, kBaseline<hkl_call_event>, alignof(hkl_call_event)).empty();
  if (in.is_good() && is_absurd) (void)sink.event(sink.user, &event, &unread.err);
}

// False: no output of an adapter.
bool give_pbx(const hkl_pbx_sink& sink, Output kind, Unpacker& in) {
  std::uint64_t connection = 0, count = 0;
  std::int64_t ms = 0;
  std::uint32_t state = 0;
  hkl_str text{};
  hkl_bytes bytes{};
  switch (kind) {
    case Output::event:
      give_event(sink, in);
      return true;
    case Output::sized_event:
      give_sized_event(sink, in);
      return true;
    case Output::send:
      in(connection, bytes);
      if (in.is_good()) (void)sink.send(sink.user, connection, bytes);
      return true;
    case Output::close:
      in(connection, ms, text);
      if (in.is_good()) (void)sink.close(sink.user, connection, ms, text);
      return true;
    case Output::state:
      in(connection, state, text);
      if (in.is_good()) (void)sink.state(sink.user, connection, state, text);
      return true;
    case Output::skipped:
      in(connection, count, text);
      if (in.is_good()) (void)sink.skipped(sink.user, connection, count, text);
      return true;
    case Output::tick_at:
      in(ms);
      if (in.is_good()) (void)sink.tick_at(sink.user, ms);
      return true;
    default:
      return false;
  }
}

bool give_http(const hkl_http_sink& sink, Output kind, Unpacker& in) {
  switch (kind) {
    case Output::reply: {
      const auto reply = in.one<hkl_http_reply>();
      if (in.is_good()) (void)sink.reply(sink.user, &reply);
      return true;
    }
    case Output::ask: {
      const auto request = in.one<hkl_http_request>();
      const auto at_ms = in.one<std::int64_t>();
      if (in.is_good()) (void)sink.ask(sink.user, &request, at_ms);
      return true;
    }
    case Output::position: {
      const auto position = in.one<hkl_str>();
      if (in.is_good()) (void)sink.position(sink.user, position);
      return true;
    }
    default:
      return false;
  }
}

hkl_status give_row(const hkl_row_sink& sink, Unpacker& in) {
  const auto key = in.one<hkl_str>();
  const hkl_cell* cells = nullptr;
  std::uint64_t count = 0;
  in.list(cells, count);
  return in.is_good() ? sink.row(sink.user, key, cells, count) : HKL_OK;
}

hkl_status give_behind(const hkl_row_sink& sink, Unpacker& in) {
  hkl_str key{}, measure{}, id{};
  std::uint32_t counts = 0;
  in(key, measure, id, counts);
  return in.is_good() ? sink.behind(sink.user, key, measure, id, counts) : HKL_OK;
}

hkl_status give_one(const Sinks& sinks, Output kind, Unpacker& in, bool& is_known) {
  is_known = true;
  if (sinks.pbx != nullptr && give_pbx(*sinks.pbx, kind, in)) return HKL_OK;
  if (sinks.http != nullptr && give_http(*sinks.http, kind, in)) return HKL_OK;
  if (sinks.endpoints != nullptr && kind == Output::want) {
    const auto endpoint = in.one<hkl_endpoint>();
    if (in.is_good()) (void)sinks.endpoints->want(sinks.endpoints->user, &endpoint);
    return HKL_OK;
  }
  if (sinks.tasks != nullptr && kind == Output::task) {
    const auto task = in.one<hkl_task>();
    Unread unread;
    if (in.is_good()) (void)sinks.tasks->task(sinks.tasks->user, &task, &unread.err);
    return HKL_OK;
  }
  if (sinks.writer != nullptr && kind == Output::write) {
    const auto bytes = in.one<hkl_bytes>();
    return in.is_good() ? sinks.writer->write(sinks.writer->user, bytes) : HKL_OK;
  }
  if (sinks.rows != nullptr && kind == Output::row) return give_row(*sinks.rows, in);
  if (sinks.rows != nullptr && kind == Output::behind) return give_behind(*sinks.rows, in);
  is_known = false;
  return HKL_OK;
}

}  // namespace

Done Sinks::give(std::string_view outputs) const {
  Arena arena;
  Unpacker in(outputs, arena);
  while (in.is_good() && !in.is_at_end()) {
    bool is_known = false;
    const auto status = give_one(*this, static_cast<Output>(in.one<std::uint8_t>()), in, is_known);
    if (!is_known) return fail(HKL_PROTOCOL, "its process put something where it does not belong");
    if (status != HKL_OK) return fail(status, "the host takes no more of it");
    arena.clear();
  }
  if (!in.is_good()) return fail(HKL_PROTOCOL, "its process sent what makes no sense");
  return {};
}

}  // namespace hkl::isolation
