// An adapter that does what its lines say, to the worst. It counts the lines of
// each connection, so that what it knows can be asked for.
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <thread>

#include "hookline/sdk/plugin.h"

namespace {

struct Settings {
  std::string_view path;
  std::int64_t port = 0;
  bool is_mended = false;
};

}  // namespace

HOOKLINE_SETTINGS(Settings, HOOKLINE_FIELD(path, "A file to follow"), HOOKLINE_FIELD(port, "A port to dial"),
                  HOOKLINE_FIELD(is_mended, "Tells of what it would have died of"))

namespace {

volatile int* volatile nowhere = nullptr;
volatile bool has_no_end = true;
int deeper(int level) {
  volatile char here[4096];
  here[0] = static_cast<char>(level);
  return has_no_end ? deeper(level + 1) + here[0] : here[0];
}

void die(std::string_view how) {
  if (how == "segv") *nowhere = 1;
  if (how == "overflow") (void)deeper(0);
  if (how == "abort") std::abort();
  if (how == "exit") std::exit(7);
  if (how == "kill") std::raise(SIGKILL);
  if (how == "hang")
    for (volatile bool goes_on = true; goes_on;) continue;
  if (how == "grow")
    for (;;) std::memset(std::malloc(1 << 20), 'x', 1 << 20);
  if (how == "socket") (void)::socket(AF_INET, SOCK_STREAM, 0);
  if (how == "thread") std::thread([] {}).join();
  if (how == "program") ::execl("/bin/true", "true", nullptr);
  if (how == "fork") (void)::fork();
}

class Mortal final : public hookline::PbxAdapter<Settings>,
                     public hookline::ReadsRows,
                     public hookline::SpeaksHttp,
                     public hookline::OrdersCallsByHttp {
 public:
  void endpoints(hookline::EndpointList& list) override {
    if (!settings().path.empty()) list.file(settings().path);
    if (settings().port != 0) list.tcp_client("127.0.0.1", settings().port);
  }

  void opened(const hookline::Connection& connection, std::int64_t, hookline::Output& out) override {
    if (!connection.is_capture) out.send(connection.id, "hello\n");
    out.state(connection.id, HKL_SOURCE_LIVE, "connected");
    lines_[connection.id];
  }

  void feed(std::uint64_t connection, std::string_view bytes, std::int64_t now_ms, hookline::Output& out) override {
    auto& line = lines_[connection];
    for (const char c : bytes) {
      if (c != '\n') {
        line.text += c;
        continue;
      }
      ++line.count;
      obey(connection, std::exchange(line.text, {}), line.count, now_ms, out);
    }
  }

  void closed(std::uint64_t connection, std::int64_t, hookline::Output& out) override {
    if (const auto& line = lines_[connection]; !line.text.empty())
      out.skipped(connection, line.text.size(), "half a line");
    lines_.erase(connection);
  }

  void tick(std::int64_t now_ms, hookline::Output& out) override {
    for (const auto& [connection, line] : lines_) out.send(connection, "ping\n");
    out.tick_at(now_ms + 1000);
  }

  void rows(const hookline::Rows& rows, std::int64_t now_ms, hookline::Output& out) override {
    for (std::size_t i = 0; i < rows.size(); ++i) obey(0, std::string(rows.value(i, 0).value_or("")), i, now_ms, out);
  }

  void request(const hookline::HttpRequest& request, std::int64_t now_ms, hookline::HttpOutput& out) override {
    const auto found = out.look_up("+74951234567");
    obey(0, std::string(request.body), 0, now_ms, out.events());
    out.accept(200, "text/plain", found ? found->contact : "nobody");
  }

  // Dies of the number; asks for what the order says, word by word.
  void order(const hookline::Order& order, std::int64_t, hookline::HttpOutput& out) override {
    if (!order.number.starts_with("+")) die(order.number);
    const auto body = std::string(order.request) + " " + std::string(order.extension) + " " +
                      std::string(order.number) + " " + std::string(order.line) + " " + std::to_string(order.ring_ms);
    const std::string url = "https://vendor.example/call";
    hkl_http_request request{};
    request.struct_size = sizeof request;
    request.method = hookline::str("POST");
    request.url = hookline::str(url);
    request.body = hookline::bytes(body);
    out.ask(request, 0);
  }

  void ordered(const hookline::Order& order, std::uint32_t status, std::string_view body, std::int64_t now_ms,
               hookline::HttpOutput& out) override {
    if (status != 200) throw hookline::Failure(HKL_INVALID, "the vendor says: " + std::string(body));
    if (body == "segv") die(body);
    out.requested(order, body, now_ms);
  }

 private:
  struct Line {
    std::string text;
    std::size_t count = 0;
  };

  void obey(std::uint64_t connection, const std::string& line, std::size_t count, std::int64_t now_ms,
            hookline::Output& out) {
    const auto space = line.find(' ');
    const auto word = line.substr(0, space);
    const auto rest = space == std::string::npos ? std::string() : line.substr(space + 1);
    if (word == "event") return tell(rest, now_ms, out);
    if (word == "count") return tell("count-" + std::to_string(count), now_ms, out);
    if (word == "send") return out.send(connection, rest);
    if (word == "print") {
      std::printf("%s\n", rest.c_str());
      return;
    }
    if (word == "file") return tell(::open("/etc/passwd", O_RDONLY) < 0 ? "refused" : "opened", now_ms, out);
    if (settings().is_mended) return tell("lived through " + word, now_ms, out);
    die(word);
  }

  static void tell(const std::string& id, std::int64_t now_ms, hookline::Output& out) {
    hkl_call_event event;
    hkl_call_event_init(&event);
    event.kind = HKL_EVENT_CALL_BEGUN;
    event.event_id = hookline::str(id);
    event.call_ref = hookline::str(id);
    event.at_ms = now_ms;
    out.event(event);
  }

  std::map<std::uint64_t, Line> lines_;
};

}  // namespace

HOOKLINE_PLUGIN(Mortal, {"mortal", "1.0.0", "Hookline", "Apache-2.0", "Dies as it is told"})
