#include "isolation/link.h"

#include <fmt/format.h>

#include <algorithm>

#include "isolation/abi_fields.h"
#include "isolation/codec.h"
#include "plugins/texts.h"

namespace hkl::isolation {
namespace {

using std::chrono::steady_clock;

// Constructors of a plugin and the loading of its libraries.
constexpr std::chrono::seconds kOpening{20};
// Of a child that puts without end into its sinks.
constexpr std::size_t kMostOutput = 64u << 20;

std::optional<Returned> returned_of(std::string_view payload) {
  Arena arena;
  Unpacker in(payload, arena);
  Returned returned;
  in(returned.status, returned.vendor_code, returned.text, returned.results, returned.outputs);
  if (!in.is_good() || !in.is_at_end()) return {};
  return returned;
}

}  // namespace

Link::Link(const ChildPlan& plan, const HostDesk& desk, std::unique_ptr<ChildProcess> process)
    : plan_(plan), desk_(desk), process_(std::move(process)), channel_(process_->socket()) {}

Result<std::unique_ptr<Link>> Link::open(const ChildPlan& plan, const HostDesk& desk) {
  auto process = ChildProcess::spawn(plan.program, plan.note.file, *plan.image);
  if (!process) return fail(process.error());
  std::unique_ptr<Link> link(new Link(plan, desk, std::move(*process)));
  const auto opened = link->hello();
  if (!opened) return fail(opened.error().in(plan.note.file));
  if (opened->status != HKL_OK) return fail(opened->status, fmt::format("{}: {}", plan.note.file, opened->text));
  return link;
}

Result<Returned> Link::hello() {
  const auto& flags = plan_.note.flags;
  const bool is_active = std::find(flags.begin(), flags.end(), "active") != flags.end();
  const auto payload = packed(kProtocol, plan_.note.file, plan_.limits.memory_bytes,
                              static_cast<std::uint8_t>(is_active), desk_.offered());
  const auto deadline = steady_clock::now() + kOpening;
  auto answered = channel_.send(Frame::hello, payload, deadline) ? listen("opening", {}, deadline, false)
                                                                 : std::optional<Returned>(lost("opening"));
  if (!answered) return fail(HKL_UNAVAILABLE, "its process " + death_.why);
  return std::move(*answered);
}

std::optional<Returned> Link::call(Function function, std::string_view arguments, const Sinks& sinks, bool is_replay) {
  if (!is_alive()) return {};
  const char* what = name_of(function);
  std::string payload(1, static_cast<char>(function));
  payload += arguments;
  const auto deadline = steady_clock::now() + plan_.limits.call;
  if (!channel_.send(Frame::call, payload, deadline)) return lost(what);
  return listen(what, sinks, deadline, is_replay);
}

std::optional<Returned> Link::listen(const char* what, const Sinks& sinks, Steady deadline, bool is_replay) {
  std::string outputs;
  for (;;) {
    const auto frame = channel_.receive(deadline);
    if (!frame) return lost(what);
    switch (frame->kind) {
      case Frame::output:
        if (outputs.size() + frame->payload.size() > kMostOutput)
          return dead(fmt::format("was ended: it put more than {} MiB into its sinks in {}", kMostOutput >> 20, what),
                      true);
        outputs += frame->payload;
        break;
      case Frame::ask:
        if (!channel_.send(Frame::answer, answer(frame->payload, sinks, outputs), deadline)) return lost(what);
        break;
      case Frame::log:
        if (!is_replay) desk_.log(frame->payload);
        break;
      case Frame::thrown:
        return dead(fmt::format("was ended: an exception came out of {}, which the plugin contract forbids: {}", what,
                                one_line(frame->payload, HKL_ERROR_TEXT_MAX)),
                    true);
      case Frame::returned: {
        auto returned = returned_of(frame->payload);
        if (!returned) return dead(fmt::format("was ended: it sent what makes no sense in {}", what), true);
        tell_lines();
        if (!outputs.empty()) returned->outputs.insert(0, outputs);
        return returned;
      }
      default:
        return dead(fmt::format("was ended: it sent what makes no sense in {}", what), true);
    }
  }
}

// A flush gives what was put so far, so that a report that nobody wants any
// more ends early. Only rows are asked about: they are of no transcript.
std::string Link::answer(std::string_view question, const Sinks& sinks, std::string& outputs) {
  if (question.empty() || static_cast<Ask>(question[0]) != Ask::flush) return desk_.answer(question, sinks.http);
  if (sinks.rows == nullptr) return packed(HKL_OK);
  const auto given = sinks.give(std::exchange(outputs, {}));
  return packed(given ? HKL_OK : given.error().status);
}

bool Link::is_alive() {
  if (!is_dead_ && process_->has_ended()) dead("", false);
  return !is_dead_;
}

void Link::tell_lines() {
  process_->take_lines([&](const std::string& line) {
    if (!line.empty()) desk_.log(packed(HKL_LOG_WARNING, "printed: " + line));
  });
}

std::nullopt_t Link::lost(const char* what) {
  if (channel_.fault() == Channel::Fault::too_late)
    return dead(fmt::format("was ended: {} took more than {} ms", what,
                            std::string_view(what) == "opening" ? std::chrono::milliseconds(kOpening).count()
                                                                : plan_.limits.call.count()),
                true);
  if (channel_.fault() == Channel::Fault::nonsense)
    return dead(fmt::format("was ended: it sent what makes no sense in {}", what), true);
  return dead(fmt::format(" in {}", what), true);
}

// `why` that is empty or begins with a space follows how the process ended.
std::nullopt_t Link::dead(const std::string& why, bool is_in_call) {
  is_dead_ = true;
  const auto ended = process_->end();
  tell_lines();
  death_ = {why.empty() || why.front() == ' ' ? ended + why : why, is_in_call};
  return std::nullopt;
}

}  // namespace hkl::isolation
