// For the tests of this part: an adapter with a protocol of a few words, an
// outlet that collects, a PBX on a loopback port, a folder that goes away.
#pragma once

#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/StreamSocket.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <sstream>
#include <thread>

#include "endpoints/source_runner.h"

namespace hkl::test {

// Waits until `is_true`, at most five seconds.
template <typename F>
bool eventually(F&& is_true) {
  for (int i = 0; i < 5000; ++i) {
    if (is_true()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return false;
}

// Lines: "live"; "refuse AFTER_MS WHY"; "bad"; "illegal"; "e ID AT_MS"; "skip N";
// "flood N" (N bytes are sent).
// Anything else means nothing. Says "hello" when a line opens and "ping" when
// ticked.
class WordAdapter : public Adapter {
 public:
  std::vector<EndpointWish> wishes;
  Millis tick_every{0};
  struct Seen {
    std::mutex mutex;
    std::vector<std::string> opened, closed, orders;
    std::vector<Instant> nows;
    std::vector<std::thread::id> threads;
  };
  std::shared_ptr<Seen> seen = std::make_shared<Seen>();

  Result<std::vector<EndpointWish>> endpoints() override { return wishes; }
  Done opened(std::uint64_t id, bool is_capture, const std::string&, const std::string& name, Instant now,
              AdapterOutput& out) override {
    note([&] { seen->opened.push_back(name); }, now);
    half_[id] = "";
    if (!is_capture) out.sends.push_back({id, "hello\n"});
    if (tick_every > Millis(0)) out.tick_at = now + tick_every;
    return {};
  }
  Done feed(std::uint64_t id, std::string_view bytes, Instant now, AdapterOutput& out) override {
    note([] {}, now);
    auto& half = half_[id];
    half += bytes;
    for (auto end = half.find('\n'); end != std::string::npos; end = half.find('\n')) {
      std::istringstream words(half.substr(0, end));
      half.erase(0, end + 1);
      if (auto done = take(id, words, out); !done) return done;
    }
    return {};
  }
  Done closed(std::uint64_t id, Instant now, AdapterOutput& out) override {
    note([&] { seen->closed.push_back(half_[id]); }, now);
    if (!half_[id].empty()) out.skipped.push_back({id, half_[id].size(), "half a line"});
    half_.erase(id);
    return {};
  }
  // Rows of two columns: an event's id and its time.
  Done rows(const std::string&, const RowBatch& batch, bool, Instant now, AdapterOutput& out) override {
    note([] {}, now);
    for (std::size_t row = 0; row < batch.row_count(); ++row) {
      Event event;
      event.kind = HKL_EVENT_CALL_BEGUN;
      event.event_id = batch.values[row * batch.columns.size()].value_or("null");
      event.at = instant_of(std::stoll(batch.values[row * batch.columns.size() + 1].value_or("0")));
      out.events.push_back(std::move(event));
    }
    return {};
  }
  Done tick(Instant now, AdapterOutput& out) override {
    note([] {}, now);
    for (const auto& [id, half] : half_) out.sends.push_back({id, "ping\n"});
    if (tick_every > Millis(0)) out.tick_at = now + tick_every;
    return {};
  }
  Done originate(const CallOrder& order, Instant now, AdapterOutput& out) override {
    note([&] { seen->orders.push_back(order.request); }, now);
    if (half_.empty()) return fail(HKL_UNAVAILABLE, "not connected");
    out.sends.push_back({half_.begin()->first, "dial " + order.number + "\n"});
    return {};
  }

 private:
  Done take(std::uint64_t id, std::istringstream& words, AdapterOutput& out) {
    std::string word, text;
    std::int64_t number = 0;
    words >> word;
    if (word == "live") out.states.push_back({id, HKL_SOURCE_LIVE, "logged in"});
    if (word == "flood" && words >> number)
      out.sends.push_back({id, std::string(static_cast<std::size_t>(number), 'x')});
    if (word == "bad") return fail(HKL_PROTOCOL, "pbx1 (words): this makes no sense");
    if (word == "illegal") out.refused_events.push_back("event_id is empty");
    if (word == "skip" && words >> number)
      out.skipped.push_back({id, static_cast<std::uint64_t>(number), "unreadable"});
    if (word == "refuse" && words >> number) {
      std::getline(words >> std::ws, text);
      out.states.push_back({id, HKL_SOURCE_REFUSED, text});
      out.closes.push_back({id, Millis(number), text});
    }
    if (word == "e" && words >> text >> number) {
      Event event;
      event.kind = HKL_EVENT_CALL_BEGUN;
      event.event_id = text;
      event.at = instant_of(number);
      out.events.push_back(std::move(event));
    }
    return {};
  }
  template <typename F>
  void note(F&& what, Instant now) {
    const std::lock_guard lock(seen->mutex);
    what();
    seen->nows.push_back(now);
    seen->threads.push_back(std::this_thread::get_id());
  }
  std::map<std::uint64_t, std::string> half_;
};

// A request's body is lines of the words; "no" in its path is refused.
class WordHook : public WordAdapter {
 public:
  std::vector<std::string> asked;
  bool speaks_http() const override { return true; }
  Done request(const HookRequest& request, Instant now, const LookUp&, AdapterOutput& out) override {
    asked.push_back(request.http.method + " " + request.url + " " + request.path);
    if (request.path == "/no") {
      out.reply = HookReply{HKL_VERDICT_REJECT, 401, "", "", "bad_credential"};
      return {};
    }
    (void)opened(1, true, "", "", now, out);
    auto fed = feed(1, request.http.body, now, out);
    out.reply = HookReply{HKL_VERDICT_ACCEPT, 200, "text/plain", "ok", ""};
    return fed;
  }
};

// What a source gave.
class Collected {
 public:
  EventOutlet outlet() {
    return {[this](std::vector<Event> events) -> Done {
              std::unique_lock lock(mutex_);
              ++takes_;
              changed_.wait(lock, [this] { return !is_full_; });
              if (refuses_) return fail(HKL_RESOURCE, "the disk is full");
              for (auto& event : events) events_.push_back(std::move(event));
              return {};
            },
            [this]() -> Done {
              const std::lock_guard lock(mutex_);
              ++durable_;
              return {};
            },
            [this](const std::string& place, const std::string& value) -> Done {
              const std::lock_guard lock(mutex_);
              marks_[place] = value;
              return {};
            },
            // As the journal does: an id that is known is no news.
            [this](std::vector<Event> events) -> Result<Receipt> {
              const std::lock_guard lock(mutex_);
              if (refuses_) return fail(HKL_RESOURCE, "the disk is full");
              Stored stored;
              for (auto& event : events) {
                const bool is_known = std::any_of(events_.begin(), events_.end(),
                                                  [&](const Event& known) { return known.event_id == event.event_id; });
                ++(is_known ? stored.duplicates : stored.accepted);
                if (!is_known) events_.push_back(std::move(event));
              }
              return Receipt([this, stored]() -> Result<Stored> {
                const std::lock_guard lock(mutex_);
                ++durable_;
                return stored;
              });
            }};
  }
  std::map<std::string, std::string> marks() {
    const std::lock_guard lock(mutex_);
    return marks_;
  }
  void set_full(bool is_full) {
    {
      const std::lock_guard lock(mutex_);
      is_full_ = is_full;
    }
    changed_.notify_all();
  }
  void set_refusing(bool refuses) {
    const std::lock_guard lock(mutex_);
    refuses_ = refuses;
  }
  std::vector<Event> events() {
    const std::lock_guard lock(mutex_);
    return events_;
  }
  std::vector<std::string> ids() {
    std::vector<std::string> ids;
    for (const auto& event : events()) ids.push_back(event.event_id);
    return ids;
  }
  std::size_t takes() {
    const std::lock_guard lock(mutex_);
    return takes_;
  }
  int durable() {
    const std::lock_guard lock(mutex_);
    return durable_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_full_ = false, refuses_ = false;
  std::size_t takes_ = 0;
  int durable_ = 0;
  std::vector<Event> events_;
  std::map<std::string, std::string> marks_;
};

class Lines {
 public:
  void add(const std::string& line) {
    const std::lock_guard lock(mutex_);
    lines_.push_back(line);
  }
  std::vector<std::string> all() {
    const std::lock_guard lock(mutex_);
    return lines_;
  }
  bool has(const std::string& part) {
    for (const auto& line : all())
      if (line.find(part) != std::string::npos) return true;
    return false;
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> lines_;
};

inline Instant wall_now() { return std::chrono::time_point_cast<Millis>(std::chrono::system_clock::now()); }

inline SourceSetup setup_of(Lines& log) {
  SourceSetup setup;
  setup.name = "pbx1";
  setup.pbx = "office";
  setup.now = wall_now;
  setup.log = [&log](std::uint32_t level, const std::string& line) {
    if (level != HKL_LOG_DEBUG) log.add(line);
  };
  setup.first_pause = Millis(5);
  return setup;
}

// A PBX on a free port of the loopback.
class LoopbackPbx {
 public:
  LoopbackPbx() : server_(Poco::Net::SocketAddress("127.0.0.1", 0)) {}
  std::uint32_t port() { return server_.address().port(); }
  EndpointWish wish() {
    EndpointWish wish;
    wish.kind = HKL_ENDPOINT_TCP_CLIENT;
    wish.address = "127.0.0.1";
    wish.port = port();
    return wish;
  }
  // The next client; fails the test after five seconds.
  Poco::Net::StreamSocket accept() {
    if (!server_.poll(Poco::Timespan(5, 0), Poco::Net::Socket::SELECT_READ)) throw std::runtime_error("nobody called");
    auto socket = server_.acceptConnection();
    socket.setReceiveTimeout(Poco::Timespan(5, 0));
    return socket;
  }
  bool is_called_within(Millis span) {
    return server_.poll(Poco::Timespan(span.count() * 1000), Poco::Net::Socket::SELECT_READ);
  }

 private:
  Poco::Net::ServerSocket server_;
};

inline void say(Poco::Net::StreamSocket& socket, const std::string& text) {
  socket.sendBytes(text.data(), static_cast<int>(text.size()));
}
// Reads until `text` has come.
inline bool hears(Poco::Net::StreamSocket& socket, const std::string& text) {
  std::string all;
  char c = 0;
  while (all.find(text) == std::string::npos) {
    if (socket.receiveBytes(&c, 1) <= 0) return false;
    all += c;
  }
  return true;
}

class TempFolder {
 public:
  TempFolder() {
    std::string made = (std::filesystem::temp_directory_path() / "hkl-endpoints-XXXXXX").string();
    path_ = mkdtemp(made.data());
  }
  ~TempFolder() { std::filesystem::remove_all(path_); }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  std::string path(const std::string& name) const { return (path_ / name).string(); }
  std::string write(const std::string& name, const std::string& text, bool is_more = false) const {
    std::ofstream(path(name), is_more ? std::ios::binary | std::ios::app : std::ios::binary) << text;
    return path(name);
  }

 private:
  std::filesystem::path path_;
};

inline std::string content_of(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

}  // namespace hkl::test
