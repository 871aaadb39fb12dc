#include "sinks_of_child.h"

#include "model/event.h"
#include "plugins/sized.h"
#include "plugins/texts.h"

namespace hkl::isolation {
namespace {

// Rows that go out before the host is asked whether it wants more.
constexpr std::size_t kRowsAtOnce = 1000;

SinksOfChild& of(void* user) { return *static_cast<SinksOfChild*>(user); }

// Nothing unwinds into a plugin: out of memory is the only thing that could.
template <typename F>
hkl_status kept_in(F&& put) noexcept {
  try {
    return put();
  } catch (const std::exception&) {
    return HKL_RESOURCE;
  }
}

}  // namespace

SinksOfChild::SinksOfChild(Talk& talk)
    : pbx{sizeof(hkl_pbx_sink), 0, this, put_event, put_send, put_close, put_state, put_skipped, put_tick_at},
      http{sizeof(hkl_http_sink), 0, &pbx, this, put_reply, look_up, put_ask, put_position},
      endpoints{sizeof(hkl_endpoint_sink), 0, this, put_want},
      tasks{sizeof(hkl_task_sink), 0, this, put_task},
      writer{sizeof(hkl_writer), 0, this, put_write},
      rows{sizeof(hkl_row_sink), 0, this, put_row, put_behind},
      talk_(talk) {}

hkl_status SinksOfChild::put_event(void* user, const hkl_call_event* given, hkl_error* err) {
  return kept_in([&]() -> hkl_status {
    auto& talk = of(user).talk_;
    hkl_call_event blank;
    hkl_call_event_init(&blank);
    const auto taken = take_struct(given, blank);
    if (!taken) {
      if (given == nullptr) return HKL_INVALID;
      give_error(err, HKL_INVALID, "hkl_call_event: " + taken.error().text);
      const auto put = talk.put(Output::sized_event, given->struct_size);
      return put == HKL_OK ? HKL_INVALID : put;
    }
    const auto judged = event_of_abi(*taken);
    // The host counts what is refused, so it gets those too.
    if (const auto put = talk.put(Output::event, *taken); put != HKL_OK) return put;
    if (judged) return HKL_OK;
    give_error(err, HKL_INVALID, judged.error().text);
    return HKL_INVALID;
  });
}

hkl_status SinksOfChild::put_send(void* user, std::uint64_t connection, hkl_bytes bytes) {
  return kept_in([&]() -> hkl_status {
    if (!of(user).talk_.has_sinks()) return HKL_CANCELLED;
    if (!of(user).stands(connection)) return HKL_NOT_FOUND;
    if (bytes.ptr == nullptr && bytes.len > 0) return HKL_INVALID;
    return of(user).talk_.put(Output::send, connection, bytes);
  });
}

hkl_status SinksOfChild::put_close(void* user, std::uint64_t connection, std::int64_t after_ms, hkl_str why) {
  return kept_in([&]() -> hkl_status {
    if (!of(user).talk_.has_sinks()) return HKL_CANCELLED;
    if (!of(user).stands(connection)) return HKL_NOT_FOUND;
    if (!take_text(why, "the reason")) return HKL_INVALID;
    return of(user).talk_.put(Output::close, connection, after_ms, why);
  });
}

hkl_status SinksOfChild::put_state(void* user, std::uint64_t connection, std::uint32_t state, hkl_str text) {
  return kept_in([&]() -> hkl_status {
    if (!of(user).talk_.has_sinks()) return HKL_CANCELLED;
    if (!of(user).stands(connection)) return HKL_NOT_FOUND;
    if (!take_text(text, "the sentence") || state < HKL_SOURCE_CONNECTING || state > HKL_SOURCE_REFUSED)
      return HKL_INVALID;
    return of(user).talk_.put(Output::state, connection, state, text);
  });
}

hkl_status SinksOfChild::put_skipped(void* user, std::uint64_t connection, std::uint64_t byte_count, hkl_str why) {
  return kept_in([&] { return of(user).talk_.put(Output::skipped, connection, byte_count, why); });
}

hkl_status SinksOfChild::put_tick_at(void* user, std::int64_t at_ms) {
  return kept_in([&]() -> hkl_status {
    if (!of(user).talk_.has_sinks()) return HKL_CANCELLED;
    if (at_ms == HKL_UNKNOWN_MS) return HKL_INVALID;
    return of(user).talk_.put(Output::tick_at, at_ms);
  });
}

// What is wrong in the rest is for the host to say: it makes the whole call a
// fault of the plugin, whatever that would do with the answer.

hkl_status SinksOfChild::put_reply(void* user, const hkl_http_reply* given) {
  return kept_in([&]() -> hkl_status {
    const auto taken = take_struct(given);
    return taken ? of(user).talk_.put(Output::reply, *taken) : HKL_INVALID;
  });
}

hkl_status SinksOfChild::look_up(void* user, hkl_str number, hkl_lookup* out) {
  return kept_in([&]() -> hkl_status {
    auto& talk = of(user).talk_;
    if (!talk.has_sinks()) return HKL_CANCELLED;
    Arena arena;
    Unpacker in(talk.ask(Ask::look_up, number), arena);
    const auto status = in.one<hkl_status>();
    if (status != HKL_OK) return status;
    // Its texts view into the answer, which lives as long as the call.
    return give_struct(out, in.one<hkl_lookup>()) ? HKL_OK : HKL_INVALID;
  });
}

hkl_status SinksOfChild::put_ask(void* user, const hkl_http_request* given, std::int64_t at_ms) {
  return kept_in([&]() -> hkl_status {
    const auto taken = take_request(given);
    return taken ? of(user).talk_.put(Output::ask, *taken, at_ms) : taken.error().status;
  });
}

hkl_status SinksOfChild::put_position(void* user, hkl_str position) {
  return kept_in([&] { return of(user).talk_.put(Output::position, position); });
}

hkl_status SinksOfChild::put_want(void* user, const hkl_endpoint* given) {
  return kept_in([&]() -> hkl_status {
    const auto taken = take_request(given);
    // In place of what cannot be read, one that is as illegal.
    const auto put = of(user).talk_.put(Output::want, taken ? *taken : hkl_endpoint{});
    return taken || put != HKL_OK ? put : taken.error().status;
  });
}

hkl_status SinksOfChild::put_task(void* user, const hkl_task* given, hkl_error* err) {
  return kept_in([&]() -> hkl_status {
    const auto taken = take_struct(given);
    const auto put = of(user).talk_.put(Output::task, taken ? *taken : hkl_task{});
    if (taken || put != HKL_OK) return put;
    give_error(err, HKL_INVALID, "hkl_task: " + taken.error().text);
    return HKL_INVALID;
  });
}

hkl_status SinksOfChild::put_write(void* user, hkl_bytes bytes) {
  return kept_in([&] { return of(user).talk_.put(Output::write, bytes); });
}

hkl_status SinksOfChild::put_row(void* user, hkl_str key, const hkl_cell* cells, std::uint64_t count) {
  return kept_in([&]() -> hkl_status {
    auto& self = of(user);
    if (self.rows_status_ != HKL_OK) return self.rows_status_;
    std::string list;
    Packer pack(list);
    pack.list(cells, count);
    const auto put = self.talk_.put(Output::row, key, Raw{list});
    return put == HKL_OK ? self.after_row() : put;
  });
}

hkl_status SinksOfChild::put_behind(void* user, hkl_str key, hkl_str measure, hkl_str id, std::uint32_t counts) {
  return kept_in([&]() -> hkl_status {
    auto& self = of(user);
    if (self.rows_status_ != HKL_OK) return self.rows_status_;
    const auto put = self.talk_.put(Output::behind, key, measure, id, counts);
    return put == HKL_OK ? self.after_row() : put;
  });
}

hkl_status SinksOfChild::after_row() {
  if (++unflushed_rows_ < kRowsAtOnce) return HKL_OK;
  unflushed_rows_ = 0;
  return rows_status_ = talk_.flush();
}

}  // namespace hkl::isolation
