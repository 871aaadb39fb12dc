// Who has a telephone number: through the public C API of a started runtime,
// from the cards in memory, and from the same store by SQL (prepared, warm,
// a session kept open), in turn over the same random numbers.
//
//   HKL_BENCH_CONTACTS=1000000 lookup_bench
//
// Each contact has a number and a lead, every third an open task.
#include <Poco/Data/Session.h>
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <stdlib.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "canonical/canonical.h"
#include "cards/card_filler.h"
#include "hookline/runtime.h"

namespace hkl {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void give_up(const std::string& why) {
  fmt::print(stderr, "lookup_bench: {}\n", why);
  std::exit(1);
}

template <typename T>
T need(Result<T> result) {
  if (!result) give_up(result.error().text);
  return std::move(*result);
}

std::string number_of(std::int64_t n) { return fmt::format("+79{:09}", n * 7919 % 1'000'000'000); }

// A store as the runtime leaves it, put there by hand: to derive a million contacts takes long.
class Firm {
 public:
  static const Firm& only() {
    static const Firm firm;
    return firm;
  }
  std::int64_t contacts() const { return contacts_; }
  const fs::path& folder() const { return folder_; }

 private:
  Firm() {
    if (const auto* wanted = std::getenv("HKL_BENCH_CONTACTS")) contacts_ = std::atoll(wanted);
    std::string name = (fs::temp_directory_path() / "hookline-lookup-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    std::ofstream(folder_ / "hookline.yaml") << "hookline: 1\nstore: {url: \"sqlite:x.db\", lookup_memory_mib: 8192}\n"
                                                "locale: {phone_region: RU}\n";
    const auto store = need(Store::open("sqlite:x.db", folder_, Store::Role::owner));
    auto& sql = store->sql();
    Transaction transaction(sql);
    for (std::int64_t n = 0; n < contacts_; ++n) put(sql, n);
    transaction.commit();
  }
  ~Firm() { fs::remove_all(folder_); }

  static void put(Sql& sql, std::int64_t n) {
    ContactRecord contact;
    contact.id = fmt::format("c{}", n);
    contact.name = fmt::format("Иванова Анна {}", n);
    contact.numbers = {number_of(n)};
    sql.query("INSERT INTO contacts(id, name, made_ms, body) VALUES(?, ?, ?, ?)")
        .bind(contact.id)
        .bind(contact.name)
        .bind(n)
        .bind(contact_to_json(contact))
        .run();
    sql.query("INSERT INTO contact_names(kind, name, contact) VALUES('number', ?, ?)")
        .bind(contact.numbers[0])
        .bind(contact.id)
        .run();
    LeadRecord lead;
    lead.id = fmt::format("l{}", n);
    lead.contact = contact.id;
    lead.funnel = "sales";
    lead.stage = "check";
    lead.responsible = "ivanova";
    lead.created_at = instant_of(1'772'442'900'000 + n);
    sql.query(
           "INSERT INTO leads(id, contact, funnel, stage, stage_groups, responsible, created_ms, body) "
           "VALUES(?, ?, 'sales', 'check', '|in_work|', 'ivanova', ?, ?)")
        .bind(lead.id)
        .bind(lead.contact)
        .bind(ms_of(*lead.created_at))
        .bind(lead_to_json(lead))
        .run();
    if (n % 3 != 0) return;
    TaskRecord task;
    task.id = fmt::format("t{}", n);
    task.kind = "callback";
    task.title = "Перезвонить";
    task.contact = contact.id;
    task.state = TaskState::open;
    sql.query("INSERT INTO tasks(id, kind, contact, state, created_ms, body) VALUES(?, 'callback', ?, 'open', ?, ?)")
        .bind(task.id)
        .bind(task.contact)
        .bind(ms_of(*lead.created_at))
        .bind(task_to_json(task, *lead.created_at))
        .run();
  }

  std::int64_t contacts_ = 100'000;
  fs::path folder_;
};

// The same random numbers for all, `count` of them, over and over.
class Asked {
 public:
  explicit Asked(std::size_t count = 1 << 17) {
    std::mt19937_64 chance(5);
    for (std::size_t i = 0; i < count; ++i)
      numbers_.push_back(
          number_of(static_cast<std::int64_t>(chance() % static_cast<std::uint64_t>(Firm::only().contacts()))));
  }
  const std::string& next() { return numbers_[at_++ % numbers_.size()]; }

 private:
  std::vector<std::string> numbers_;
  std::size_t at_ = 0;
};

const Instant kNow = instant_of(1'780'000'000'000);

void from_memory(benchmark::State& state) {
  const auto store = need(Store::open("sqlite:x.db", Firm::only().folder(), Store::Role::reader));
  const std::atomic<bool> is_ending{false};
  const auto began = std::chrono::steady_clock::now();
  const auto shelf = need(fill_cards(*store, std::size_t{8} << 30, is_ending));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  Asked asked;
  for (auto _ : state) {
    const auto& number = asked.next();
    auto cards = shelf->numbers->find(number)->cards;
    if (!put_in_order(cards, kNow)) give_up("not from memory");
    benchmark::DoNotOptimize(card_json(number, cards));
  }
  state.counters["contacts"] = static_cast<double>(Firm::only().contacts());
  state.counters["fill_s"] = took.count();
  state.counters["bytes_each"] = static_cast<double>(shelf->bytes) / static_cast<double>(Firm::only().contacts());
}

void by_sql(benchmark::State& state) {
  const auto store = need(Store::open("sqlite:x.db", Firm::only().folder(), Store::Role::reader));
  const auto session = need(store->open_reader());
  Sql sql(*session);
  CardReader reader(sql);
  Asked asked;
  for (auto _ : state) {
    const auto& number = asked.next();
    benchmark::DoNotOptimize(card_json(number, reader.cards_of(number, kNow)));
  }
}

// Started once; the first answers are the store's, until the numbers are in memory.
class Started {
 public:
  static hkl_runtime* only() {
    static const Started started;
    return started.runtime_;
  }

 private:
  Started() {
    const auto config = (Firm::only().folder() / "hookline.yaml").string();
    hkl_options options{};
    options.struct_size = sizeof options;
    options.config_path = config.c_str();
    hkl_error error{};
    error.struct_size = sizeof error;
    if (hkl_create(&options, &runtime_, &error) != HKL_OK || hkl_start(runtime_, &error) != HKL_OK) give_up(error.text);
    std::string health;
    const hkl_writer writer{sizeof(hkl_writer), 0, &health, [](void* user, hkl_bytes bytes) -> hkl_status {
                              static_cast<std::string*>(user)->append(reinterpret_cast<const char*>(bytes.ptr),
                                                                      bytes.len);
                              return HKL_OK;
                            }};
    do {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      health.clear();
      if (hkl_report_health(runtime_, &writer, &error) != HKL_OK) give_up(error.text);
    } while (health.find(R"("lookups":{)") == std::string::npos);
  }
  ~Started() { hkl_destroy(runtime_); }
  hkl_runtime* runtime_ = nullptr;
};

void ask(hkl_runtime* runtime, const std::string& number, std::size_t& bytes) {
  const hkl_writer writer{sizeof(hkl_writer), 0, &bytes, [](void* user, hkl_bytes text) -> hkl_status {
                            *static_cast<std::size_t*>(user) += text.len;
                            return HKL_OK;
                          }};
  if (hkl_look_up(runtime, number.c_str(), &writer, nullptr) != HKL_OK) give_up("nobody has " + number);
}

void c_api(benchmark::State& state) {
  auto* runtime = Started::only();
  std::size_t bytes = 0;
  Asked asked;
  for (auto _ : state) ask(runtime, asked.next(), bytes);
  state.counters["bytes"] = benchmark::Counter(static_cast<double>(bytes), benchmark::Counter::kAvgIterations);
}

// "8 916…": libphonenumber takes a spelling apart once, then it is remembered.
void c_api_spelled(benchmark::State& state, bool is_known) {
  auto* runtime = Started::only();
  std::size_t bytes = 0;
  Asked asked(is_known ? 1 << 10 : 1 << 17);
  const auto spelled = [&] { return "8" + asked.next().substr(2); };
  for (int i = 0; is_known && i < 1 << 10; ++i) ask(runtime, spelled(), bytes);
  for (auto _ : state) ask(runtime, spelled(), bytes);
}

BENCHMARK(from_memory)->Unit(benchmark::kMicrosecond);
BENCHMARK(by_sql)->Unit(benchmark::kMicrosecond);
BENCHMARK(c_api)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(c_api_spelled, known, true)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(c_api_spelled, new, false)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace hkl

BENCHMARK_MAIN();
