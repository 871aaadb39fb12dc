// What the adapters do in a second: AMI and ESL in MB/s beside bare framing
// (finding where messages end), webhooks beside simdjson parsing the same
// bodies and nothing else. The column of_peer is the ratio of the two lines of
// one run; a time says nothing on another machine. README.md tells what it was.
//
//   build/release/bin/adapters_bench
#include <benchmark/benchmark.h>
#include <dlfcn.h>
#include <simdjson.h>

#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "ami_reader.h"
#include "counted_new.h"
#include "documents.h"
#include "esl_reader.h"
#include "hookline/pbx_http.h"
#include "hookline/sdk/fake_host.h"
#include "json_reader.h"
#include "leg.h"

namespace {

namespace fs = std::filesystem;

std::string content(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

// All captures of that name below a folder, a few megabytes of them.
std::string captures(const std::string& folder, const std::string& name) {
  constexpr std::size_t kEnough = 4 << 20;
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(HKL_FIXTURES) / folder))
    if (entry.path().filename() == name) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::string once, all;
  for (const auto& file : files) once += content(file);
  while (!once.empty() && all.size() < kEnough) all += once;
  return all;
}

const hkl_plugin& plugin(const std::string& id) {
  auto* file = dlopen((std::string(HKL_PLUGINS) + "/" + id + ".so").c_str(), RTLD_NOW | RTLD_LOCAL);
  auto* found = file == nullptr ? nullptr : dlsym(file, HKL_PLUGIN_SYMBOL);
  if (found == nullptr) {
    std::fprintf(stderr, "%s\n", dlerror());
    std::exit(1);
  }
  return *static_cast<const hkl_plugin*>(found);
}

// Real digests, numbers and zones would be measured too; the host's share is
// not the adapter's.
hookline::fake::Host& host() {
  static hookline::fake::Host host;
  return host;
}

// As a socket gives them.
template <typename Take>
void in_reads(std::string_view bytes, const Take& take) {
  constexpr std::size_t kRead = 65536;
  for (std::size_t at = 0; at < bytes.size(); at += kRead) take(bytes.substr(at, kRead));
}

const hkl_header kJsonType{hookline::str("Content-Type"), hookline::str("application/json")};
constexpr std::string_view kQuery = "token=hl-secret-token";

// An instance whose sink counts and keeps nothing.
class Bench : public hookline::fake::Instance {
 public:
  Bench(const hkl_plugin& plugin, const std::string& settings)
      : Instance(plugin, HKL_PBX_ADAPTER_V1, host(), settings),
        requests_(static_cast<const hkl_pbx_http*>(plugin.get_interface(hookline::str(HKL_PBX_HTTP_V1)))) {
    sink_.struct_size = sizeof sink_;
    sink_.user = this;
    sink_.event = [](void* user, const hkl_call_event*, hkl_error*) -> hkl_status {
      ++static_cast<Bench*>(user)->events;
      return HKL_OK;
    };
    sink_.send = [](void*, std::uint64_t, hkl_bytes) -> hkl_status { return HKL_OK; };
    sink_.close = [](void*, std::uint64_t, std::int64_t, hkl_str) -> hkl_status { return HKL_OK; };
    sink_.state = [](void*, std::uint64_t, std::uint32_t, hkl_str) -> hkl_status { return HKL_OK; };
    sink_.skipped = [](void*, std::uint64_t, std::uint64_t, hkl_str) -> hkl_status { return HKL_OK; };
    sink_.tick_at = [](void*, std::int64_t) -> hkl_status { return HKL_OK; };
    http_.struct_size = sizeof http_;
    http_.events = &sink_;
    http_.user = this;
    http_.reply = [](void* user, const hkl_http_reply* reply) -> hkl_status {
      if (reply->verdict == HKL_VERDICT_ACCEPT) ++static_cast<Bench*>(user)->accepted;
      return HKL_OK;
    };
    http_.look_up = [](void*, hkl_str, hkl_lookup*) -> hkl_status { return HKL_NOT_FOUND; };
  }

  void feed(std::string_view bytes) {
    hkl_connection connection{};
    connection.struct_size = sizeof connection;
    connection.is_capture = 1;
    connection.id = ++connection_;
    connection.name = hookline::str("capture");
    const auto& adapter = table<hkl_pbx_adapter>();
    check([&](hkl_error* err) { return adapter.opened(self(), &connection, 0, &sink_, err); });
    in_reads(bytes, [&](std::string_view read) {
      check([&](hkl_error* err) { return adapter.feed(self(), connection_, hookline::bytes(read), 0, &sink_, err); });
    });
    check([&](hkl_error* err) { return adapter.closed(self(), connection_, 0, &sink_, err); });
  }

  void request(std::string_view query, std::string_view body) {
    hkl_http_request request{};
    request.struct_size = sizeof request;
    request.is_capture = 1;
    request.method = hookline::str("POST");
    request.query = hookline::str(query);
    request.headers = &kJsonType;
    request.header_count = 1;
    request.body = hookline::bytes(body);
    check([&](hkl_error* err) { return requests_->request(self(), &request, 0, &http_, err); });
  }

  std::uint64_t events = 0, accepted = 0;

 private:
  const hkl_pbx_http* requests_;  // of an adapter that speaks HTTP
  hkl_pbx_sink sink_{};
  hkl_http_sink http_{};
  std::uint64_t connection_ = 0;
};

// Time of one pass of what ran last; peers run before what is held against them.
double& seconds_of_a_pass() {
  static double seconds = 0;
  return seconds;
}

// Runs the passes and counts bytes; `is_peer`: the next is held against it.
template <typename Pass>
void measure(benchmark::State& state, std::size_t bytes, bool is_peer, const Pass& pass) {
  const auto begun = std::clock();
  for (auto _ : state) pass();
  const auto passes = static_cast<double>(state.iterations());
  const auto seconds = static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC / passes;
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * bytes));
  if (is_peer) seconds_of_a_pass() = seconds;
  if (!is_peer && seconds > 0) state.counters["of_peer"] = seconds_of_a_pass() / seconds;
}

// How often an adapter took memory for an event that it told.
void count_news(benchmark::State& state, const Bench& bench, std::uint64_t news) {
  if (bench.events == 0) state.SkipWithError("it told no event");
  state.counters["news_per_event"] =
      static_cast<double>(news) / static_cast<double>(std::max<std::uint64_t>(1, bench.events));
}

// --- AMI -----------------------------------------------------------------------

void ami_framing(benchmark::State& state) {
  const auto stream = captures("asterisk", "ami.raw");
  measure(state, stream.size(), true, [&] {
    std::size_t messages = 0;
    for (auto at = stream.find("\r\n\r\n"); at != std::string::npos; at = stream.find("\r\n\r\n", at + 4)) ++messages;
    benchmark::DoNotOptimize(messages);
  });
}
BENCHMARK(ami_framing);

// The adapter's own reader: every message with every key and value.
void ami_parsing(benchmark::State& state) {
  const auto stream = captures("asterisk", "ami.raw");
  class Counting final : public asterisk::Reader::Handler {
   public:
    void greeting(std::string_view) override {}
    void message(const asterisk::Message& message) override {
      message.each([&](std::string_view key, std::string_view value) { bytes += key.size() + value.size(); });
    }
    void skipped(std::uint64_t, std::string_view) override {}
    std::size_t bytes = 0;
  } counting;
  measure(state, stream.size(), false, [&] {
    asterisk::Reader reader;
    in_reads(stream, [&](std::string_view read) { reader.feed(read, counting); });
  });
  benchmark::DoNotOptimize(counting.bytes);
}
BENCHMARK(ami_parsing);

void ami(benchmark::State& state) {
  const auto stream = captures("asterisk", "ami.raw");
  Bench bench(plugin("asterisk-ami"), R"({"host": "pbx", "username": "u", "secret": "s", "extensions": ["1xx"]})");
  const auto before = count_of_news();
  measure(state, stream.size(), false, [&] { bench.feed(stream); });
  count_news(state, bench, count_of_news() - before);
}
BENCHMARK(ami);

// --- ESL -----------------------------------------------------------------------

// Frames by their Content-Length, and the lines of each body by their ends: who
// leaps from frame to frame reads one byte in a hundred, which says nothing of
// what reading costs.
void esl_framing(benchmark::State& state) {
  const auto stream = captures("freeswitch", "esl-plain.raw");
  constexpr std::string_view kLength = "Content-Length: ";
  measure(state, stream.size(), true, [&] {
    std::size_t messages = 0, lines = 0, at = 0;
    for (;;) {
      const auto end = stream.find("\n\n", at);
      if (end == std::string::npos) break;
      const auto head = std::string_view(stream).substr(at, end - at);
      const auto length = head.find(kLength);
      at = end + 2;
      if (length != std::string_view::npos) {
        const auto size = std::strtoull(head.data() + length + kLength.size(), nullptr, 10);
        const auto body = std::string_view(stream).substr(at, size);
        for (auto line = body.find('\n'); line != std::string_view::npos; line = body.find('\n', line + 1)) ++lines;
        at += size;
      }
      ++messages;
    }
    benchmark::DoNotOptimize(messages);
    benchmark::DoNotOptimize(lines);
  });
}
BENCHMARK(esl_framing);

// The adapter's own reader, and what every event tells of its channel.
void esl_parsing(benchmark::State& state) {
  const auto stream = captures("freeswitch", "esl-plain.raw");
  class Counting final : public freeswitch::Reader::Handler {
   public:
    void frame(const freeswitch::Frame& frame) override {
      if (!event.parse(frame.content_type, frame.body)) return;
      const auto leg = freeswitch::leg_of(event, numbering);
      bytes += leg.uuid.size() + leg.name.size() + leg.caller.size() + leg.destination.size();
    }
    void skipped(std::uint64_t, std::string_view) override {}
    freeswitch::Settings settings;
    freeswitch::Numbering numbering{settings};
    freeswitch::Event event{freeswitch::variables_of(settings.request_variables)};
    std::size_t bytes = 0;
  } counting;
  measure(state, stream.size(), false, [&] {
    freeswitch::Reader reader;
    in_reads(stream, [&](std::string_view read) { reader.feed(read, counting); });
  });
  if (counting.bytes == 0) state.SkipWithError("no event was read");
}
BENCHMARK(esl_parsing);

void esl(benchmark::State& state) {
  const auto stream = captures("freeswitch", "esl-plain.raw");
  Bench bench(plugin("freeswitch-esl"), R"({"host": "pbx", "password": "p", "extensions": ["1xx"]})");
  const auto before = count_of_news();
  measure(state, stream.size(), false, [&] { bench.feed(stream); });
  count_news(state, bench, count_of_news() - before);
}
BENCHMARK(esl);

// --- Webhooks ------------------------------------------------------------------

std::vector<std::string> bodies() {
  std::vector<std::string> bodies;
  for (const auto& entry : fs::directory_iterator(fs::path(HKL_FIXTURES) / "webhooks" / "uis")) {
    if (entry.path().extension() != ".http") continue;
    const auto request = content(entry.path());
    const auto body = request.substr(request.find("\r\n\r\n") + 4);
    simdjson::dom::parser parser;
    if (parser.parse(simdjson::padded_string(body)).error() == simdjson::SUCCESS) bodies.push_back(body);
  }
  return bodies;
}

std::size_t total(const std::vector<std::string>& texts) {
  std::size_t sum = 0;
  for (const auto& text : texts) sum += text.size();
  return sum;
}

void webhook_simdjson(benchmark::State& state) {
  const auto texts = bodies();
  simdjson::dom::parser parser;
  measure(state, total(texts), true, [&] {
    for (const auto& text : texts) {
      auto parsed = parser.parse(text);
      benchmark::DoNotOptimize(parsed);
    }
  });
}
BENCHMARK(webhook_simdjson);

// The adapter's own reader: every body as the tree that profiles work on.
void webhook_parsing(benchmark::State& state) {
  const auto texts = bodies();
  webhook::JsonReader reader;
  profile::Room room;
  std::size_t members = 0;
  measure(state, total(texts), false, [&] {
    for (const auto& text : texts) {
      room.clear();
      const auto tree = reader.read(text, room);
      if (tree) members += tree->members().size();
    }
  });
  if (members == 0) state.SkipWithError("no body was read");
}
BENCHMARK(webhook_parsing);

void webhook_adapter(benchmark::State& state) {
  const auto texts = bodies();
  Bench bench(plugin("webhook"), fuzz::settings_with("profile", "profiles/uis"));
  const auto before = count_of_news();
  measure(state, total(texts), false, [&] {
    for (const auto& text : texts) bench.request(kQuery, text);
  });
  count_news(state, bench, count_of_news() - before);
  if (bench.accepted == 0) state.SkipWithError("no request was accepted");
  state.counters["requests"] =
      benchmark::Counter(static_cast<double>(state.iterations() * texts.size()), benchmark::Counter::kIsRate);
}
BENCHMARK(webhook_adapter)->Name("webhook");

}  // namespace
