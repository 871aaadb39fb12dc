// What host and child say to one another, over one stream socket.
//
//   host   hello            the plugin waits in descriptor kPluginFd
//   child  returned         it is open; else status and why
//   host   call             one function of the plugin
//   child    output *       what the plugin put into its sinks so far
//   child    ask            a host interface or a sink whose answer is needed …
//   host     answer         … and its answer
//   child  returned         or `thrown`, and the child ends
//   child  log              at any time
//
// What goes into sinks is collected and counts only once the call returned: a
// child that dies in the middle has said nothing, so the call can be made
// again (DESIGN section 11: never lost, never counted twice). Whatever the host
// is asked meanwhile changes nothing there or may be repeated.
#pragma once

#include <cstdint>

namespace hkl::isolation {

// Raised with every change below: after an update of the files a running host
// must not talk to a child of another build.
inline constexpr std::uint32_t kProtocol = 2;

// Descriptors of the child.
inline constexpr int kSocketFd = 3, kPluginFd = 4;

// What the child ends with when the plugin made a system call that it may not.
inline constexpr int kForbiddenExit = 159;

enum class Frame : std::uint8_t { hello = 1, call, returned, output, ask, answer, thrown, log };

enum class Function : std::uint8_t {
  create = 1,
  configure,
  start,
  stop,
  destroy,
  endpoints,
  opened,
  feed,
  closed,
  tick,
  originate,
  request,
  poll,
  answer,
  rows,
  order,
  ordered,
  classify,
  review,
  definition,
  scan_begin,
  scan_contact,
  scan_employee,
  scan_finish,
  scan_end,
};

inline const char* name_of(Function function) {
  constexpr const char* names[] = {
      "nothing",    "create",       "configure",     "start",       "stop",      "destroy", "endpoints",
      "opened",     "feed",         "closed",        "tick",        "originate", "request", "poll",
      "answer",     "rows",         "order",         "ordered",     "classify",  "review",  "definition",
      "scan begin", "scan contact", "scan employee", "scan finish", "scan end"};
  const auto at = static_cast<std::size_t>(function);
  return at < sizeof names / sizeof *names ? names[at] : "an unknown function";
}

// What goes into sinks, see the sinks of hookline/*.h.
enum class Output : std::uint8_t {
  event = 1,
  sized_event,  // of an absurd struct_size: that number alone
  send,
  close,
  state,
  skipped,
  tick_at,
  want,
  reply,
  ask,
  position,
  task,
  write,
  row,
  behind,
};

// What the child needs an answer to.
enum class Ask : std::uint8_t {
  normalise = 1,
  to_utc,
  to_local,
  add_open,
  open_between,
  is_open,
  touches,
  compile,
  holds,
  wake_at,
  look_up,
  flush,  // take the output so far; the answer is that of its first refusal
};

}  // namespace hkl::isolation
