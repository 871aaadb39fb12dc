#include "isolation/isolated_instance.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <thread>

#include "isolation/abi_fields.h"
#include "isolation/codec.h"
#include "plugins/texts.h"

namespace hkl::isolation {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// What an input has to do to be set aside: kill so often.
constexpr int kTries = 3;
// A process that is killed from outside may be so while it is made anew.
constexpr int kRestartsAtOnce = 5;
constexpr milliseconds kFirstPause{50}, kLongestPause{60000};
// So many deaths without one call that returned are no single bad message: the
// plugin is left alone for a while.
constexpr int kDeathsOfABrokenPlugin = 5 * kTries;

milliseconds pause_after(int failures) {
  return std::min<milliseconds>(kLongestPause, kFirstPause * (1 << std::min(failures, 20)));
}

}  // namespace

IsolatedInstance::IsolatedInstance(std::shared_ptr<const IsolatedPlugin> plugin, std::string interface_id,
                                   const hkl_host* host)
    : plugin_(std::move(plugin)),
      interface_id_(std::move(interface_id)),
      host_(host),
      desk_(host_),
      transcript_(plugin_->setup().transcript_bytes) {}

IsolatedInstance::~IsolatedInstance() {
  if (link_ && link_->is_alive()) (void)link_->call(Function::destroy, {}, {});
  plugin_->setup().counters->pid = 0;
}

void IsolatedInstance::log(std::uint32_t level, const std::string& text) const { desk_.log(packed(level, text)); }

// --- Life ---

hkl_status IsolatedInstance::life_step(Function function, const std::string& arguments, Stage after, hkl_error* err) {
  const auto status = attempts(2, function, arguments, {}, err);
  if (!status) return died(err);
  if (*status == HKL_OK) stage_ = after;
  return *status;
}

hkl_status IsolatedInstance::create(hkl_error* err) {
  return life_step(Function::create, packed(interface_id_), Stage::created, err);
}

hkl_status IsolatedInstance::configure(std::string settings, hkl_error* err) {
  settings_ = std::move(settings);
  return life_step(Function::configure, packed(settings_), Stage::configured, err);
}

hkl_status IsolatedInstance::start(hkl_error* err) { return life_step(Function::start, {}, Stage::started, err); }

hkl_status IsolatedInstance::stop(hkl_error* err) {
  const bool was_started = stage_ == Stage::started;
  // Nothing is begun again only to be stopped.
  if (was_started && (!link_ || !link_->is_alive())) {
    stage_ = Stage::configured;
    return HKL_OK;
  }
  const auto status = attempt(Function::stop, {}, {}, err);
  stage_ = Stage::configured;
  return status ? *status : died(err);
}

// --- Being alive ---

Done IsolatedInstance::be_alive(const Sinks& sinks) {
  if (link_ && link_->is_alive()) return {};
  if (link_) note_death();
  for (int restarts = 1;; ++restarts) {
    const auto now = steady_clock::now();
    if (now < not_before_)
      return fail(HKL_UNAVAILABLE, fmt::format("its process {}; the next one is started in {} s", last_death_,
                                               std::chrono::ceil<std::chrono::seconds>(not_before_ - now).count()));
    const auto begun = begin_again();
    if (begun) break;
    last_death_ = begun.error().text;
    ++failed_restarts_;
    if (failed_restarts_ >= kTries && !transcript_.all().empty()) {
      log(HKL_LOG_ERROR,
          fmt::format("cannot be told again what it knew ({}); its connections are made anew", begun.error().text));
      transcript_.give_up();
    }
    if (restarts == kRestartsAtOnce) {
      not_before_ = steady_clock::now() + pause_after(failed_restarts_);
      return fail(begun.error().status, begun.error().text);
    }
    std::this_thread::sleep_for(kFirstPause);
  }
  failed_restarts_ = 0;
  close_lost(sinks);
  return {};
}

Done IsolatedInstance::begin_again() {
  link_.reset();
  auto link = Link::open(plugin_->plan(), desk_);
  if (!link) return fail(link.error());
  link_ = std::move(*link);
  ++generation_;
  plugin_->setup().counters->pid = link_->pid();
  if (auto there = go_to_stage(); !there) return there;
  return tell_again();
}

Done IsolatedInstance::go_to_stage() {
  const std::pair<Function, std::string> steps[] = {
      {Function::create, packed(interface_id_)}, {Function::configure, packed(settings_)}, {Function::start, {}}};
  for (int i = 0; i < static_cast<int>(stage_); ++i) {
    const auto& [function, arguments] = steps[i];
    const auto returned = link_->call(function, arguments, {}, true);
    if (!returned) return fail(HKL_UNAVAILABLE, "its process " + link_->death().why);
    // What went well once and not now is no fault of the input.
    if (returned->status != HKL_OK)
      return fail(HKL_UNAVAILABLE, fmt::format("its new process refuses {}: {}", name_of(function), returned->text));
  }
  return {};
}

Done IsolatedInstance::tell_again() {
  for (const auto& told : transcript_.all()) {
    const hkl_bytes bytes{reinterpret_cast<const std::uint8_t*>(told.data.data()), told.data.size()};
    const bool is_feed = told.function == Function::feed;
    if (is_feed && told.data.empty()) continue;
    const auto returned =
        link_->call(told.function, is_feed ? packed(told.connection, bytes, told.now_ms) : told.data, {}, true);
    if (!returned) return fail(HKL_UNAVAILABLE, "its process, told again what it knew, " + link_->death().why);
  }
  return {};
}

// Those of which too much was told to tell it again.
void IsolatedInstance::close_lost(const Sinks& sinks) {
  for (const auto& [connection, is_lost] : transcript_.connections()) {
    if (!is_lost || !gone_.insert(connection).second || sinks.pbx == nullptr) continue;
    (void)sinks.pbx->close(sinks.pbx->user, connection, 0, str_of("its plugin's process died"));
  }
}

void IsolatedInstance::note_death() {
  if (!link_ || link_->is_alive()) return;
  last_death_ = link_->death().why;
  ++plugin_->setup().counters->deaths;
  log(HKL_LOG_WARNING, fmt::format("its process {}; another one is started", last_death_));
  link_.reset();
}

// --- Work ---

std::optional<hkl_status> IsolatedInstance::took(Returned returned, const Sinks& sinks, hkl_error* err) {
  deaths_in_a_row_ = 0;
  const auto given = sinks.give(returned.outputs);
  if (!given && given.error().status == HKL_PROTOCOL) {
    link_.reset();
    give_error(err, HKL_INTERNAL, given.error().text);
    return HKL_INTERNAL;
  }
  returned.outputs.clear();
  last_ = std::move(returned);
  arena_.clear();
  if (last_.status == HKL_OK && !given) {
    give_error(err, HKL_CANCELLED, given.error().text);
    return HKL_CANCELLED;
  }
  // A failure without a text stays one: it is the plugin's fault to be named.
  if (last_.status != HKL_OK && !last_.text.empty()) give_error(err, last_.status, last_.text);
  if (err != nullptr && last_.status != HKL_OK) err->vendor_code = last_.vendor_code;
  return last_.status;
}

std::optional<hkl_status> IsolatedInstance::attempt(Function function, const std::string& arguments, const Sinks& sinks,
                                                    hkl_error* err) {
  if (arguments.size() >= kLargestFrame) {
    give_error(err, HKL_RESOURCE, "the input is larger than the 64 MiB that a process is given at once");
    return HKL_RESOURCE;
  }
  if (auto alive = be_alive(sinks); !alive) {
    give_error(err, alive.error().status, alive.error().text);
    return alive.error().status;
  }
  auto returned = link_->call(function, arguments, sinks);
  if (returned) return took(std::move(*returned), sinks, err);
  // Died between two calls, so of something else.
  if (!link_->death().is_in_call) return attempt(function, arguments, sinks, err);
  ++deaths_in_a_row_;
  note_death();
  return {};
}

std::optional<hkl_status> IsolatedInstance::attempts(int tries, Function function, const std::string& arguments,
                                                     const Sinks& sinks, hkl_error* err) {
  for (int i = 0; i < tries; ++i)
    if (const auto status = attempt(function, arguments, sinks, err)) return status;
  if (deaths_in_a_row_ >= kDeathsOfABrokenPlugin)
    not_before_ = steady_clock::now() + pause_after(deaths_in_a_row_ - kDeathsOfABrokenPlugin + 5);
  return {};
}

hkl_status IsolatedInstance::died(hkl_error* err) const {
  give_error(err, HKL_INTERNAL, fmt::format("its process {}", last_death_));
  return HKL_INTERNAL;
}

void IsolatedInstance::set_aside(Function function, std::string subject, std::string bytes) {
  ++plugin_->setup().counters->set_aside;
  log(HKL_LOG_ERROR, fmt::format("{}: set aside, as its process {} each of {} times; `hookline poison list` shows it",
                                 subject, last_death_, kTries));
  if (!plugin_->setup().set_aside) return;
  plugin_->setup().set_aside({plugin_->setup().entry, plugin_->note().id, plugin_->note().version, name_of(function),
                              std::move(subject), last_death_, std::move(bytes)});
}

hkl_status IsolatedInstance::work(Function function, const std::string& arguments, const Sinks& sinks,
                                  const std::string& subject, hkl_error* err) {
  const auto status = attempts(kTries, function, arguments, sinks, err);
  if (status) return *status;
  set_aside(function, subject, {});
  return died(err);
}

hkl_status IsolatedInstance::in_scan(std::uint64_t generation, Function function, const std::string& arguments,
                                     const Sinks& sinks, hkl_error* err) {
  if (generation == generation_ && link_ && link_->is_alive()) {
    const auto status = attempt(function, arguments, sinks, err);
    return status ? *status : died(err);
  }
  give_error(err, HKL_UNAVAILABLE, "its process died while the report was made; ask for it again");
  return HKL_UNAVAILABLE;
}

// --- Adapters ---

hkl_status IsolatedInstance::endpoints(const hkl_endpoint_sink& sink, hkl_error* err) {
  struct Listener {
    const hkl_endpoint_sink& sink;
    std::set<std::string>& files;
  } listener{sink, files_};
  const hkl_endpoint_sink heard{sizeof(hkl_endpoint_sink), 0, &listener,
                                [](void* user, const hkl_endpoint* wish) -> hkl_status {
                                  auto& to = *static_cast<Listener*>(user);
                                  if (wish->kind == HKL_ENDPOINT_FILE && wish->address.ptr != nullptr)
                                    to.files.emplace(wish->address.ptr, wish->address.len);
                                  return to.sink.want(to.sink.user, wish);
                                }};
  return work(Function::endpoints, {}, {.endpoints = &heard}, "its settings", err);
}

hkl_status IsolatedInstance::opened(const hkl_connection& connection, std::int64_t now_ms, const Sinks& sinks,
                                    hkl_error* err) {
  names_[connection.id] = std::string(connection.name.ptr == nullptr ? "" : connection.name.ptr, connection.name.len);
  const auto arguments = packed(connection, now_ms);
  const auto status = attempts(kTries, Function::opened, arguments, sinks, err);
  // A file that it wants to follow goes by the name that it was wanted by.
  const bool is_file = connection.is_capture == 0 && files_.count(names_[connection.id]) != 0;
  if (status && *status == HKL_OK) {
    Told told{Function::opened, connection.id, now_ms, arguments};
    is_file ? transcript_.add_file(std::move(told)) : transcript_.add(std::move(told));
  } else {
    names_.erase(connection.id);
  }
  return status ? *status : died(err);
}

hkl_status IsolatedInstance::is_gone(hkl_error* err) const {
  give_error(err, HKL_PROTOCOL,
             fmt::format("its process {}, and with it what it knew of this connection", last_death_));
  return HKL_PROTOCOL;
}

hkl_status IsolatedInstance::feed(std::uint64_t connection, std::string_view bytes, std::int64_t now_ms,
                                  const Sinks& sinks, hkl_error* err) {
  if (auto alive = be_alive(sinks); !alive) {
    give_error(err, alive.error().status, alive.error().text);
    return alive.error().status;
  }
  if (gone_.count(connection) != 0) return is_gone(err);
  const hkl_bytes view{reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
  const auto status = attempt(Function::feed, packed(connection, view, now_ms), sinks, err);
  if (!status) return feed_in_pieces(connection, bytes, now_ms, sinks, err);
  if (*status != HKL_UNAVAILABLE) transcript_.add({Function::feed, connection, now_ms, std::string(bytes)});
  return *status;
}

// One message after the other, to find the one that kills. How bytes are cut
// changes nothing for an adapter (check P01).
hkl_status IsolatedInstance::feed_in_pieces(std::uint64_t connection, std::string_view bytes, std::int64_t now_ms,
                                            const Sinks& sinks, hkl_error* err) {
  const bool has_blanks = transcript_.has_blank_lines(connection, bytes);
  while (!bytes.empty()) {
    const auto piece = bytes.substr(0, end_of_first_message(bytes, has_blanks));
    const hkl_bytes view{reinterpret_cast<const std::uint8_t*>(piece.data()), piece.size()};
    const auto status = attempts(kTries - 1, Function::feed, packed(connection, view, now_ms), sinks, err);
    if (gone_.count(connection) != 0) return is_gone(err);
    if (!status) {
      // Its head may have come before; without the rest it would spoil what follows.
      auto message = transcript_.take_head(connection) + std::string(piece);
      const auto size = message.size();
      set_aside(Function::feed, names_[connection], std::move(message));
      const auto why = "set aside: its plugin's process " + last_death_;
      if (sinks.pbx != nullptr) (void)sinks.pbx->skipped(sinks.pbx->user, connection, size, str_of(why));
    } else {
      transcript_.add({Function::feed, connection, now_ms, std::string(piece)});
      if (*status != HKL_OK) return *status;
    }
    bytes.remove_prefix(piece.size());
  }
  return HKL_OK;
}

hkl_status IsolatedInstance::closed(std::uint64_t connection, std::int64_t now_ms, const Sinks& sinks, hkl_error* err) {
  std::optional<hkl_status> status = HKL_OK;
  // A process that never heard of it has nothing to say of its end.
  if (gone_.erase(connection) == 0) status = attempts(kTries, Function::closed, packed(connection, now_ms), sinks, err);
  transcript_.forget(connection);
  names_.erase(connection);
  return status ? *status : died(err);
}

hkl_status IsolatedInstance::remembered(Function function, const std::string& arguments, const Sinks& sinks,
                                        hkl_error* err) {
  const auto status = attempts(kTries, function, arguments, sinks, err);
  if (!status) return died(err);
  if (!transcript_.connections().empty() && *status != HKL_UNAVAILABLE) transcript_.add({function, 0, 0, arguments});
  return *status;
}

hkl_status IsolatedInstance::rows(const hkl_rows& rows, std::int64_t now_ms, const Sinks& sinks, hkl_error* err) {
  const auto status = attempt(Function::rows, packed(rows, now_ms), sinks, err);
  return status ? *status : row_by_row(rows, now_ms, sinks, err);
}

namespace {

std::string row_text(const hkl_rows& rows, std::uint64_t row) {
  using Json = nlohmann::ordered_json;
  const auto text = [](hkl_str one) { return std::string(one.ptr == nullptr ? "" : one.ptr, one.len); };
  auto out = Json::object();
  for (std::uint64_t i = 0; i < rows.columns.count; ++i) {
    const auto& value = rows.values[row * rows.columns.count + i];
    out[text(rows.columns.items[i])] = value.ptr == nullptr ? Json() : Json(text(value));
  }
  return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

hkl_status IsolatedInstance::row_by_row(const hkl_rows& rows, std::int64_t now_ms, const Sinks& sinks, hkl_error* err) {
  for (std::uint64_t i = 0; i < rows.row_count; ++i) {
    auto one = rows;
    one.row_count = 1;
    one.values = rows.values + i * rows.columns.count;
    one.is_last = i + 1 == rows.row_count ? rows.is_last : 0;
    const auto status = attempts(kTries - 1, Function::rows, packed(one, now_ms), sinks, err);
    if (status && *status != HKL_OK) return *status;
    if (!status) {
      const auto endpoint = std::string(rows.endpoint.ptr == nullptr ? "" : rows.endpoint.ptr, rows.endpoint.len);
      set_aside(Function::rows, endpoint.empty() ? "a row" : "a row of " + endpoint, row_text(rows, i));
    }
  }
  return HKL_OK;
}

}  // namespace hkl::isolation
