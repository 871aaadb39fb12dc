#include "schedules/runner.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <exception>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "hookline/host.h"
#include "services/zone.h"

namespace hkl {
namespace {

using std::chrono::minutes;

// Pauses before the second, third … attempt; after the last it is given up.
constexpr std::array kPauses = {minutes(1), minutes(5), minutes(15), minutes(60), minutes(180), minutes(360)};
// A machine may sleep, and a clock be set: look at it so often.
constexpr Millis kLongestNap{30000};

std::string file_name(const Schedule& schedule, const MadeReport& report) {
  auto name = schedule.saved;
  if (!report.from.empty()) name += "-" + report.from;
  if (!report.to.empty() && report.to != report.from) name += "-" + report.to;
  for (auto& c : name)
    if (c == '/' || c == ':' || c == ' ') c = '_';
  return name + "." + schedule.format;
}

// Whole or not at all: whoever watches the folder never takes half a file.
Done write_file(const std::string& folder, const std::string& name, const std::string& bytes) {
  namespace fs = std::filesystem;
  std::error_code code;
  fs::create_directories(folder, code);
  if (code) return fail(HKL_UNAVAILABLE, fmt::format("{}: cannot be made: {}", folder, code.message()));
  const auto path = (fs::path(folder) / name).string();
  const auto part = fmt::format("{}.part-{}", path, ::getpid());
  {
    std::ofstream file(part, std::ios::binary);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    file.flush();
    if (!file) {
      const auto* why = std::strerror(errno);
      fs::remove(part, code);
      return fail(HKL_UNAVAILABLE, fmt::format("{}: cannot be written: {}", path, why));
    }
  }
  fs::rename(part, path, code);
  return code ? fail(HKL_UNAVAILABLE, fmt::format("{}: cannot be written: {}", path, code.message())) : Done{};
}

}  // namespace

// What is remembered: until when all is done, and how it goes with the one that
// is due.
struct ScheduleRunner::State {
  Instant done_until{};
  std::size_t attempts = 0;
  Instant retry_at{};

  std::string text() const {
    return nlohmann::json{{"done_until", ms_of(done_until)}, {"attempts", attempts}, {"retry_at", ms_of(retry_at)}}
        .dump();
  }
  static std::optional<State> of(const std::string& text) {
    const auto json = nlohmann::json::parse(text, nullptr, false);
    if (!json.is_object()) return std::nullopt;
    State state;
    state.done_until = instant_of(json.value("done_until", std::int64_t{0}));
    state.attempts = json.value("attempts", std::size_t{0});
    state.retry_at = instant_of(json.value("retry_at", std::int64_t{0}));
    return state;
  }
};

void ScheduleRunner::start() {
  if (parts_.config.schedules.empty() || thread_.joinable()) return;
  thread_ = std::thread([this] {
    (void)step();
    tell_next();
    std::unique_lock lock(mutex_);
    while (!is_stopping_) {
      lock.unlock();
      const auto next = step();
      const auto nap = std::clamp(next - parts_.now(), Millis(0), kLongestNap);
      lock.lock();
      stopping_.wait_for(lock, std::max(nap, Millis(100)), [this] { return is_stopping_; });
    }
  });
}

// Once at start, for whoever wonders whether it was understood.
void ScheduleRunner::tell_next() {
  for (const auto& schedule : parts_.config.schedules)
    if (const auto next = schedule.cron.next(parts_.now(), parts_.timezone))
      parts_.log(HKL_LOG_INFO, fmt::format("schedule {}: next at {}", schedule.id, iso_local(*next, parts_.timezone)));
}

void ScheduleRunner::stop() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  stopping_.notify_all();
  if (thread_.joinable()) thread_.join();
}

Instant ScheduleRunner::step() {
  const auto now = parts_.now();
  auto next = now + std::chrono::hours(24);
  for (const auto& schedule : parts_.config.schedules) next = std::min(next, look_after(schedule, now));
  return next;
}

// The last time that is due by now, where several are; tells of the others.
Instant ScheduleRunner::last_missed(const Schedule& schedule, Instant due, Instant now) {
  constexpr std::size_t kNamed = 5;
  std::size_t missed = 0;
  const auto first = due;
  for (auto after = schedule.cron.next(due, parts_.timezone); after && *after <= now;
       after = schedule.cron.next(due, parts_.timezone)) {
    if (++missed <= kNamed)
      parts_.log(HKL_LOG_WARNING,
                 fmt::format("schedule {}: what was due at {} was not sent; the last one that was missed is",
                             schedule.id, iso_local(due, parts_.timezone)));
    due = *after;
  }
  if (missed > kNamed)
    parts_.log(HKL_LOG_WARNING, fmt::format("schedule {}: {} in all were missed since {}", schedule.id, missed,
                                            iso_local(first, parts_.timezone)));
  return due;
}

Instant ScheduleRunner::look_after(const Schedule& schedule, Instant now) {
  const auto later = now + minutes(1);
  const auto said = parts_.recall(schedule.id);
  if (!said) return parts_.log(HKL_LOG_ERROR, fmt::format("schedule {}: {}", schedule.id, said.error().text)), later;
  auto state = State::of(*said);
  if (!state) {  // a new one: what is past was nobody's wish
    state = State{now, 0, {}};
    if (auto kept = parts_.remember(schedule.id, state->text()); !kept) return later;
  }
  auto due = schedule.cron.next(state->done_until, parts_.timezone);
  if (!due) return parts_.log(HKL_LOG_ERROR, fmt::format("schedule {}: {}", schedule.id, due.error().text)), later;
  if (*due > now) return *due;
  if (const auto last = last_missed(schedule, *due, now); last != *due) {
    due = last;
    state->attempts = 0;
    state->retry_at = {};
  }
  if (state->retry_at > now) return state->retry_at;
  return deliver(schedule, *state, *due, now);
}

Instant ScheduleRunner::deliver(const Schedule& schedule, State& state, Instant due, Instant now) {
  const Done sent = [&]() -> Done {
    try {
      const auto made = parts_.make(schedule, due);
      return made ? hand_out(schedule, *made, due) : Done(fail(made.error()));
    } catch (const std::exception& error) {
      return fail(HKL_INTERNAL, error.what());
    }
  }();
  const bool is_over = sent || sent.error().status == HKL_INVALID || sent.error().status == HKL_NOT_FOUND ||
                       state.attempts >= kPauses.size();
  if (sent) {
    parts_.log(
        HKL_LOG_INFO,
        fmt::format("schedule {}: {} of {} sent to {}", schedule.id, schedule.saved, iso_local(due, parts_.timezone),
                    schedule.folder.empty() ? fmt::format("{}", fmt::join(schedule.mails, ", ")) : schedule.folder));
  } else {
    parts_.log(HKL_LOG_ERROR, fmt::format("schedule {}: attempt {}: {}{}", schedule.id, state.attempts + 1,
                                          sent.error().text, is_over ? "; given up" : ""));
  }
  if (is_over) {
    state = State{due, 0, {}};
  } else {
    state.retry_at = now + kPauses[state.attempts];
    ++state.attempts;
  }
  if (auto kept = parts_.remember(schedule.id, state.text()); !kept)
    parts_.log(HKL_LOG_ERROR, fmt::format("schedule {}: {}", schedule.id, kept.error().text));
  return is_over ? now : state.retry_at;
}

Done ScheduleRunner::hand_out(const Schedule& schedule, const MadeReport& report, Instant due) {
  const auto name = file_name(schedule, report);
  if (!schedule.folder.empty()) return write_file(schedule.folder, name, report.bytes);
  Letter letter;
  letter.to = schedule.mails;
  const auto period = report.from == report.to ? report.from : fmt::format("{} – {}", report.from, report.to);
  letter.subject = period.empty() ? report.title : fmt::format("{}: {}", report.title, period);
  letter.text = letter.subject + "\n";
  const auto at = parts_.config.smtp.from.rfind('@');
  const auto domain = at == std::string::npos ? "hookline.invalid" : parts_.config.smtp.from.substr(at + 1);
  letter.id = fmt::format("{}.{}@{}", schedule.id, ms_of(due), domain);
  letter.attachment = {name, report.content_type, report.bytes};
  return send_mail(parts_.config.smtp, letter);
}

}  // namespace hkl
