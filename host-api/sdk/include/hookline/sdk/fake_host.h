// A host for a plugin's own tests: GoogleTest or any other, no runtime.
//
//   hookline::fake::Host host;
//   hookline::fake::Adapter pbx(hookline_plugin_v1, host, R"({"host": "10.0.0.5"})");
//   pbx.feed("1772442900123 RING c1 101\n");
//   EXPECT_EQ(pbx.heard().events.at(0).extension(), "101");
//
// It drives the plugin by its C functions, as the runtime does: create,
// configure, start, work, stop, destroy. A step that fails throws Failure with
// the plugin's status and text. For one thread; lives longer than its instances.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <set>

#include "hookline/sdk/plugin.h"

namespace hookline::fake {

// Time zones are hours east of UTC, numbers are their digits behind a plus,
// every calendar is always open. What a test wants otherwise, it sets.
class Host {
 public:
  struct Line {
    std::uint32_t level;
    std::string text;
  };
  std::vector<Line> log;
  std::map<std::string, std::int64_t> zones{{"", 0}, {"UTC", 0}};  // name: ms east
  std::set<std::string> absent;                                    // ids of interfaces this host does not offer
  std::map<std::string, std::optional<std::int64_t>> wakes;        // by key; nothing: taken back
  // Of (algorithm, key, data); key is empty for a plain hash. Not set: HKL_UNSUPPORTED.
  std::function<std::string(std::uint32_t, std::string_view, std::string_view)> digest;

  Host() {
    host_.struct_size = sizeof host_;
    host_.abi_minor = HKL_ABI_MINOR;
    host_.self = this;
    host_.version = str("1.0.0");
    host_.get_interface = find;
  }
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;
  const hkl_host* get() const { return &host_; }

 private:
  hkl_host host_{};

  static Host& of(const hkl_host* host) { return *static_cast<Host*>(host->self); }

  static const void* find(const hkl_host* host, hkl_str id) {
    static constexpr hkl_host_log kLog{sizeof(hkl_host_log), 0,
                                       [](const hkl_host* h, std::uint32_t level, hkl_str text) {
                                         of(h).log.push_back({level, std::string(view(text))});
                                       }};
    static constexpr hkl_host_digest kDigest{
        sizeof(hkl_host_digest), 0,
        [](const hkl_host* h, std::uint32_t algorithm, hkl_bytes data, hkl_digest* out) {
          return of(h).make_digest(algorithm, {}, view(data), out);
        },
        [](const hkl_host* h, std::uint32_t algorithm, hkl_bytes key, hkl_bytes data, hkl_digest* out) {
          return of(h).make_digest(algorithm, view(key), view(data), out);
        }};
    static constexpr hkl_host_phone kPhone{sizeof(hkl_host_phone), 0, normalise};
    static constexpr hkl_host_time kTime{sizeof(hkl_host_time), 0, to_utc, to_local};
    static constexpr hkl_host_calendar kCalendar{
        sizeof(hkl_host_calendar), 0,
        [](const hkl_host*, hkl_str, std::int64_t from, std::int64_t open, std::int64_t* out) -> hkl_status {
          *out = from + open;
          return HKL_OK;
        },
        [](const hkl_host*, hkl_str, std::int64_t from, std::int64_t to, std::int64_t* out) -> hkl_status {
          *out = to - from;
          return HKL_OK;
        },
        [](const hkl_host*, hkl_str, std::int64_t, std::uint32_t* out) -> hkl_status {
          *out = 1;
          return HKL_OK;
        }};
    static constexpr hkl_host_wake kWake{sizeof(hkl_host_wake), 0,
                                         [](const hkl_host* h, hkl_str key, std::int64_t at) -> hkl_status {
                                           auto& wake = of(h).wakes[std::string(view(key))];
                                           wake = at == HKL_UNKNOWN_MS ? std::nullopt : std::optional(at);
                                           return HKL_OK;
                                         }};
    const auto name = view(id);
    if (of(host).absent.count(std::string(name)) != 0) return nullptr;
    if (name == HKL_HOST_LOG_V1) return &kLog;
    if (name == HKL_HOST_DIGEST_V1) return &kDigest;
    if (name == HKL_HOST_PHONE_V1) return &kPhone;
    if (name == HKL_HOST_TIME_V1) return &kTime;
    if (name == HKL_HOST_CALENDAR_V1) return &kCalendar;
    if (name == HKL_HOST_WAKE_V1) return &kWake;
    return nullptr;
  }

  hkl_status make_digest(std::uint32_t algorithm, std::string_view key, std::string_view data, hkl_digest* out) const {
    if (!digest) return HKL_UNSUPPORTED;
    const auto made = digest(algorithm, key, data);
    out->len = static_cast<std::uint32_t>(std::min(made.size(), sizeof out->bytes));
    std::memcpy(out->bytes, made.data(), out->len);
    return HKL_OK;
  }

  static hkl_status normalise(const hkl_host*, hkl_str raw, hkl_str, hkl_phone* out) {
    std::string number;
    for (const char c : view(raw)) {
      if (c >= '0' && c <= '9') number += c;
    }
    if (number.empty() || number.size() > 20) return HKL_NOT_FOUND;
    number.insert(0, 1, '+');
    std::memcpy(out->e164, number.c_str(), number.size() + 1);
    out->is_valid = 1;
    return HKL_OK;
  }

  // Days of the Gregorian calendar since 1970 and back, by Howard Hinnant's
  // chrono-compatible algorithms (howardhinnant.github.io/date_algorithms.html).
  static std::int64_t days_from(std::int64_t y, std::int64_t m, std::int64_t d) {
    y -= m <= 2;
    const auto era = (y >= 0 ? y : y - 399) / 400;
    const auto year_of_era = y - era * 400;
    const auto day_of_year = (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5 + d - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
  }

  static constexpr std::int64_t kDayMs = 24 * 3600 * 1000;

  static hkl_status to_utc(const hkl_host* host, const hkl_local_time* local, hkl_str zone, std::int64_t* out) {
    const auto east = of(host).zones.find(std::string(view(zone)));
    if (east == of(host).zones.end()) return HKL_NOT_FOUND;
    if (local->month < 1 || local->month > 12 || local->day < 1 || local->day > 31 || local->hour < 0 ||
        local->hour > 23 || local->minute < 0 || local->minute > 59 || local->second < 0 || local->second > 59)
      return HKL_INVALID;
    const auto days = days_from(local->year, local->month, local->day);
    // The 31st of a month that has none would be a day of the next.
    const auto next =
        local->month == 12 ? days_from(local->year + 1, 1, 1) : days_from(local->year, local->month + 1, 1);
    if (days >= next) return HKL_INVALID;
    *out =
        days * kDayMs + ((local->hour * 60LL + local->minute) * 60 + local->second) * 1000 + local->ms - east->second;
    return HKL_OK;
  }

  static hkl_status to_local(const hkl_host* host, std::int64_t at_ms, hkl_str zone, hkl_local_time* out) {
    const auto east = of(host).zones.find(std::string(view(zone)));
    if (east == of(host).zones.end()) return HKL_NOT_FOUND;
    const auto local = at_ms + east->second;
    const auto days = local >= 0 ? local / kDayMs : (local - kDayMs + 1) / kDayMs;
    const auto ms_of_day = local - days * kDayMs;
    const auto z = days + 719468;
    const auto era = (z >= 0 ? z : z - 146096) / 146097;
    const auto day_of_era = z - era * 146097;
    const auto year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const auto day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const auto month_from_march = (5 * day_of_year + 2) / 153;
    out->day = static_cast<std::int32_t>(day_of_year - (153 * month_from_march + 2) / 5 + 1);
    out->month = static_cast<std::int32_t>(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
    out->year = static_cast<std::int32_t>(year_of_era + era * 400 + (out->month <= 2 ? 1 : 0));
    out->hour = static_cast<std::int32_t>(ms_of_day / 3600000);
    out->minute = static_cast<std::int32_t>(ms_of_day / 60000 % 60);
    out->second = static_cast<std::int32_t>(ms_of_day / 1000 % 60);
    out->ms = static_cast<std::int32_t>(ms_of_day % 1000);
    out->offset_s = static_cast<std::int32_t>(east->second / 1000);
    out->weekday = static_cast<std::int32_t>(((days + 3) % 7 + 7) % 7 + 1);  // 1970-01-01 was a Thursday
    return HKL_OK;
  }
};

// One instance through its life. Kinds add their work below.
class Instance {
 public:
  Instance(const hkl_plugin& plugin, std::string_view kind, Host& host, std::string_view settings_json)
      : plugin_(plugin), kind_(kind) {
    life_ = static_cast<const hkl_life*>(plugin.get_interface(str(HKL_LIFE_V1)));
    if (life_ == nullptr) throw Failure(HKL_UNSUPPORTED, "the plugin does not offer " HKL_LIFE_V1);
    check([&](hkl_error* err) { return life_->create(str(kind_), host.get(), &self_, err); });
    try {
      check([&](hkl_error* err) { return life_->configure(self_, str(settings_json), err); });
      check([&](hkl_error* err) { return life_->start(self_, err); });
    } catch (...) {
      life_->destroy(self_);
      throw;
    }
    is_started_ = true;
  }
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;
  ~Instance() {
    if (is_started_) (void)life_->stop(self_, nullptr);
    life_->destroy(self_);
  }
  void stop() {
    is_started_ = false;
    check([&](hkl_error* err) { return life_->stop(self_, err); });
  }

 protected:
  template <typename Table>
  const Table& table() const {
    const auto* found = static_cast<const Table*>(plugin_.get_interface(str(kind_)));
    if (found == nullptr) throw Failure(HKL_UNSUPPORTED, "the plugin does not offer " + kind_);
    return *found;
  }
  hkl_instance* self() const { return self_; }

  template <typename Call>
  static void check(Call&& call) {
    hkl_error err{};
    err.struct_size = sizeof err;
    if (const hkl_status status = call(&err); status != HKL_OK)
      throw Failure(status, std::string(err.text, err.text_len));
  }

 private:
  const hkl_plugin& plugin_;
  std::string kind_;
  const hkl_life* life_ = nullptr;
  hkl_instance* self_ = nullptr;
  bool is_started_ = false;
};

// An event as the plugin told it, with its texts kept.
class Event {
 public:
  explicit Event(const hkl_call_event& told) : event_(told) {
    for (const auto member : kEventTexts) {
      const auto text = view(told.*member);
      event_.*member = text.empty() ? hkl_str{} : str(texts_.emplace_back(text));
    }
    for (std::uint64_t i = 0; i < told.tags.count; ++i)
      tags_.push_back(str(texts_.emplace_back(view(told.tags.items[i]))));
    event_.tags = {tags_.data(), tags_.size()};
  }
  Event(Event&&) = default;
  Event& operator=(Event&&) = default;

  const hkl_call_event& raw() const { return event_; }
  std::uint32_t kind() const { return event_.kind; }
  std::int64_t at_ms() const { return event_.at_ms; }
  std::string_view id() const { return view(event_.event_id); }
  std::string_view call() const { return view(event_.call_ref); }
  std::string_view extension() const { return view(event_.extension); }
  std::string_view client() const { return view(event_.client); }
  std::string_view line() const { return view(event_.line); }

 private:
  hkl_call_event event_;
  std::deque<std::string> texts_;  // their addresses stay
  std::vector<hkl_str> tags_;
};

// What an adapter said, in order.
struct Heard {
  struct Sent {
    std::uint64_t connection;
    std::string text;
  };
  struct Closed {
    std::uint64_t connection;
    std::int64_t after_ms;
    std::string why;
  };
  struct State {
    std::uint64_t connection;
    std::uint32_t state;
    std::string text;
  };
  struct Skipped {
    std::uint64_t connection, byte_count;
    std::string why;
  };
  std::vector<Event> events;
  std::vector<Sent> sent;
  std::vector<Closed> closed;
  std::vector<State> states;
  std::vector<Skipped> skipped;
  std::optional<std::int64_t> tick_at;
};

class Adapter : public Instance {
 public:
  Adapter(const hkl_plugin& plugin, Host& host, std::string_view settings_json = "{}")
      : Instance(plugin, HKL_PBX_ADAPTER_V1, host, settings_json) {
    sink_.struct_size = sizeof sink_;
    sink_.user = this;
    sink_.event = [](void* user, const hkl_call_event* event, hkl_error*) -> hkl_status {
      heard_of(user).events.emplace_back(*event);
      return HKL_OK;
    };
    sink_.send = [](void* user, std::uint64_t connection, hkl_bytes text) -> hkl_status {
      heard_of(user).sent.push_back({connection, std::string(view(text))});
      return HKL_OK;
    };
    sink_.close = [](void* user, std::uint64_t connection, std::int64_t after, hkl_str why) -> hkl_status {
      heard_of(user).closed.push_back({connection, after, std::string(view(why))});
      return HKL_OK;
    };
    sink_.state = [](void* user, std::uint64_t connection, std::uint32_t state, hkl_str text) -> hkl_status {
      heard_of(user).states.push_back({connection, state, std::string(view(text))});
      return HKL_OK;
    };
    sink_.skipped = [](void* user, std::uint64_t connection, std::uint64_t count, hkl_str why) -> hkl_status {
      heard_of(user).skipped.push_back({connection, count, std::string(view(why))});
      return HKL_OK;
    };
    sink_.tick_at = [](void* user, std::int64_t at) -> hkl_status {
      heard_of(user).tick_at = at;
      return HKL_OK;
    };
  }

  struct Endpoint {
    std::uint32_t kind, port;
    std::string name, address;
  };
  std::vector<Endpoint> endpoints() {
    std::vector<Endpoint> wanted;
    hkl_endpoint_sink sink{};
    sink.struct_size = sizeof sink;
    sink.user = &wanted;
    sink.want = [](void* user, const hkl_endpoint* e) -> hkl_status {
      static_cast<std::vector<Endpoint>*>(user)->push_back(
          {e->kind, e->port, std::string(view(e->name)), std::string(view(e->address))});
      return HKL_OK;
    };
    check([&](hkl_error* err) { return table<hkl_pbx_adapter>().endpoints(self(), &sink, err); });
    return wanted;
  }

  // A new connection, to which feed then speaks. `name`: of a file, where its
  // layout goes by it.
  std::uint64_t connect(std::string_view endpoint = {}, bool is_capture = false, std::string_view name = "fake") {
    hkl_connection made{};
    made.struct_size = sizeof made;
    made.is_capture = is_capture ? 1 : 0;
    made.id = ++connection_;
    made.endpoint = str(endpoint);
    made.name = str(name);
    check([&](hkl_error* err) { return table<hkl_pbx_adapter>().opened(self(), &made, now_ms, &sink_, err); });
    return connection_;
  }
  void feed(std::string_view text) {
    if (connection_ == 0) connect();
    check([&](hkl_error* err) {
      return table<hkl_pbx_adapter>().feed(self(), connection_, bytes(text), now_ms, &sink_, err);
    });
  }
  // Each byte by itself: an adapter must not care where bytes end.
  void feed_bytewise(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) feed(text.substr(i, 1));
  }
  void close() {
    check([&](hkl_error* err) { return table<hkl_pbx_adapter>().closed(self(), connection_, now_ms, &sink_, err); });
  }
  void tick() {
    check([&](hkl_error* err) { return table<hkl_pbx_adapter>().tick(self(), now_ms, &sink_, err); });
  }

  const Heard& heard() const { return heard_; }
  void forget() { heard_ = {}; }
  std::int64_t now_ms = 0;  // a test moves it as it likes

 protected:
  const hkl_pbx_sink& sink() const { return sink_; }

 private:
  static Heard& heard_of(void* user) { return static_cast<Adapter*>(user)->heard_; }
  hkl_pbx_sink sink_{};
  std::uint64_t connection_ = 0;
  Heard heard_;
};

class Classifier : public Instance {
 public:
  Classifier(const hkl_plugin& plugin, Host& host, std::string_view settings_json = "{}")
      : Instance(plugin, HKL_LEAD_CLASSIFIER_V1, host, settings_json) {}
  // Its texts live until the next one is asked for.
  hkl_verdict classify(const hkl_inquiry& inquiry) {
    hkl_verdict verdict{};
    verdict.struct_size = sizeof verdict;
    check([&](hkl_error* err) { return table<hkl_lead_classifier>().classify(self(), &inquiry, &verdict, err); });
    return verdict;
  }
};

class Rule : public Instance {
 public:
  Rule(const hkl_plugin& plugin, Host& host, std::string_view settings_json = "{}")
      : Instance(plugin, HKL_TASK_RULE_V1, host, settings_json) {}
  std::vector<Task> review(const hkl_timeline& timeline) {
    std::vector<Task> tasks;
    hkl_task_sink sink{};
    sink.struct_size = sizeof sink;
    sink.user = &tasks;
    sink.task = [](void* user, const hkl_task* told, hkl_error*) -> hkl_status {
      const auto text = [](hkl_str s) { return std::string(view(s)); };
      auto& task = static_cast<std::vector<Task>*>(user)->emplace_back();
      task.key = text(told->key);
      task.kind = text(told->kind);
      task.title = text(told->title);
      task.call = text(told->call);
      task.lead = text(told->lead);
      task.assignee = text(told->assignee);
      task.done_by = text(told->done_by);
      task.done_call = text(told->done_call);
      task.why = text(told->why);
      for (std::uint64_t i = 0; i < told->more_calls.count; ++i)
        task.more_calls.push_back(text(told->more_calls.items[i]));
      task.state = told->state;
      task.created_at_ms = told->created_at_ms;
      task.deadline_at_ms = told->deadline_at_ms;
      task.done_at_ms = told->done_at_ms;
      return HKL_OK;
    };
    check([&](hkl_error* err) { return table<hkl_task_rule>().review(self(), &timeline, &sink, err); });
    return tasks;
  }
};

class Sheet : public Instance {
 public:
  Sheet(const hkl_plugin& plugin, Host& host, std::string_view settings_json = "{}")
      : Instance(plugin, HKL_REPORT_V1, host, settings_json) {}
  std::string definition() {
    std::string text;
    hkl_writer writer{};
    writer.struct_size = sizeof writer;
    writer.user = &text;
    writer.write = [](void* user, hkl_bytes piece) -> hkl_status {
      static_cast<std::string*>(user)->append(view(piece));
      return HKL_OK;
    };
    check([&](hkl_error* err) { return table<hkl_report>().definition(self(), &writer, err); });
    return text;
  }
};

}  // namespace hookline::fake
