// Calls of one year with a fixed seed, put as facts into a store of Hookline
// and, the same ones, as numbers into a file that other databases load.
//
//   engine_data STORE.db CALLS FACTS.tsv
//
// The store exists and is empty. Shape: business hours, 120 employees and
// nobody (3 %), 200 extensions, 40 lines, a contact for every four calls, of
// which some call often and a third call again within a day. One answered call
// in twenty-five is passed on to a second employee; one in twenty is talked on
// its phone for a second less than in all.
#include <fmt/format.h>
#include <sqlite3.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr std::int64_t kYear = 1'735'689'600'000;  // 2025-01-01, milliseconds
constexpr std::int64_t kDay = 86'400'000, kYearMs = 365 * kDay;

struct Facts {
  std::int64_t at_ms = 0, wait_ms = 0, talk_ms = 0, gap_ms = -1, back_ms = -1;
  std::int64_t next_ms = -1, three_ms = -1;  // the next inbound call, and the time of three in a row
  bool begins_episode = false;
  int direction = 0;  // 0 in, 1 out, 2 internal
  int outcome = 0;    // 0 answered, 1 missed, 2 unsuccessful
  int employee = 0, department = 0, extension = 0, line = 0, quality = 0;
  int second = 0;                                    // to whom it was passed on; 0: to nobody
  std::int64_t own_talk_ms = 0, second_talk_ms = 0;  // of each
  std::int64_t contact = 0;                          // 0: nobody
  int stage = 0;                                     // of the lead it made, from 1 on; 0: it made none
  bool makes_lead() const { return stage > 0; }
  bool is_in_work() const { return stage >= 2 && stage <= 6; }
};

constexpr std::array<const char*, 3> kDirections = {"in", "out", "internal"};
constexpr std::array<const char*, 3> kOutcomes = {"answered", "missed", "unsuccessful"};
// From the second to the sixth in work.
constexpr std::array<const char*, 9> kStages = {"inbox", "check",   "selection", "booking",   "deal",
                                                "done",  "refused", "deferred",  "non_target"};
constexpr std::array<const char*, 5> kQualities = {"target", "non_target", "repeat", "unverified", "unsorted"};

class Calls {
 public:
  explicit Calls(std::int64_t count) : count_(count), last_(static_cast<std::size_t>(count / 4 + 2), -1) {}

  Facts next() {
    Facts call;
    // In order of time; four in five of a day between nine and eighteen.
    const auto slot = kYearMs / count_;
    const auto at = number_++ * slot + below(slot), day = at / kDay * kDay, part = (at - day) / (kDay / 1000);
    const auto hour = kDay / 24;
    const auto within = part < 100   ? part * 9 * hour / 100
                        : part < 900 ? 9 * hour + ((at - day) - kDay / 10) * 9 * hour / (kDay / 10 * 8)
                                     : 18 * hour + (part - 900) * 6 * hour / 100;
    call.at_ms = kYear + (day + within) / 1000 * 1000;
    const auto kind = below(100);
    call.direction = kind < 55 ? 0 : kind < 90 ? 1 : 2;
    call.outcome = below(100) < 78 ? 0 : call.direction == 0 ? 1 : 2;
    call.employee = below(100) < 3 ? 0 : static_cast<int>(1 + below(120));
    call.department = call.employee == 0 ? 0 : 1 + call.employee % 10;
    call.extension = call.employee == 0 ? 0 : static_cast<int>(100 + call.employee + (below(3) == 0 ? 80 : 0));
    call.line = static_cast<int>(below(40));
    call.wait_ms = below(60) * 1000;
    call.talk_ms = call.outcome == 0 ? (1 + below(below(10) == 0 ? 1800 : 240)) * 1000 : 0;
    call.quality = static_cast<int>(below(5));
    if (call.direction != 2) set_contact(call);
    if (call.outcome == 1 && below(3) != 0) call.back_ms = call.at_ms + (1 + below(14'400)) * 1000;
    if (call.direction != 2 && below(100) < 8) call.stage = static_cast<int>(1 + below(kStages.size()));
    share_out(call);
    if (call.contact != 0) set_later_calls(call);
    return call;
  }

 private:
  std::int64_t below(std::int64_t end) { return below(end, dice_); }
  static std::int64_t below(std::int64_t end, std::mt19937_64& dice) {
    return static_cast<std::int64_t>(dice() % static_cast<std::uint64_t>(end));
  }

  // As calls of the same contact would be that come later in the year: what is likely, by dice of its own.
  void set_later_calls(Facts& call) {
    const auto gap = [&] { return (1 + below(1 + below(kYearMs / 1000, later_), later_)) * 1000; };
    const auto ended = call.at_ms + call.wait_ms + call.talk_ms, next = ended + gap(), third = next + gap();
    if (next < kYear + kYearMs) call.next_ms = next;
    const bool is_target = call.quality != 1;
    if (call.direction == 0 && is_target && third < kYear + kYearMs) call.three_ms = third - call.at_ms;
    call.begins_episode = call.outcome == 1 && is_target && below(10, later_) != 0;
  }

  // By dice of its own, so that all else is as it was without.
  void share_out(Facts& call) {
    const auto share_below = [this](std::int64_t end) { return below(end, share_dice_); };
    call.own_talk_ms = call.talk_ms;
    if (call.outcome != 0) return;
    if (call.employee != 0 && share_below(25) == 0) {
      call.second = 1 + (call.employee + static_cast<int>(share_below(119))) % 120;
      call.second_talk_ms = share_below(call.talk_ms / 1000 + 1) * 1000;
      call.own_talk_ms -= call.second_talk_ms;
    } else if (share_below(20) == 0) {
      call.own_talk_ms -= 1000;
    }
  }

  void set_contact(Facts& call) {
    const auto people = static_cast<std::int64_t>(last_.size()) - 1;
    const auto one = below(people), other = below(people);
    // The product of two is small more often: some call much more than others.
    call.contact = 1 + (below(3) == 0 ? one * other / people : one);
    auto& last = last_[static_cast<std::size_t>(call.contact)];
    if (last >= 0) call.gap_ms = call.at_ms - last;
    last = call.at_ms;
  }

  std::int64_t count_, number_ = 0;
  std::mt19937_64 dice_{42}, share_dice_{43}, later_{44};
  std::vector<std::int64_t> last_;
};

class Insert {
 public:
  Insert(sqlite3* db, const char* sql) : db_(db) {
    if (sqlite3_prepare_v2(db, sql, -1, &statement_, nullptr) != SQLITE_OK) give_up();
  }
  ~Insert() { sqlite3_finalize(statement_); }
  Insert(const Insert&) = delete;
  Insert& operator=(const Insert&) = delete;
  Insert& number(std::int64_t value) {
    sqlite3_bind_int64(statement_, ++place_, value);
    return *this;
  }
  Insert& text(std::string_view value) {
    if (value.empty()) return nothing();
    sqlite3_bind_text(statement_, ++place_, value.data(), static_cast<int>(value.size()), SQLITE_TRANSIENT);
    return *this;
  }
  Insert& nothing() {
    sqlite3_bind_null(statement_, ++place_);
    return *this;
  }
  void run() {
    if (sqlite3_step(statement_) != SQLITE_DONE) give_up();
    sqlite3_reset(statement_);
    place_ = 0;
  }

 private:
  [[noreturn]] void give_up() {
    fmt::print(stderr, "engine_data: {}\n", sqlite3_errmsg(db_));
    std::exit(1);
  }
  sqlite3* db_;
  sqlite3_stmt* statement_ = nullptr;
  int place_ = 0;
};

void run(sqlite3* db, const std::string& sql) {
  char* error = nullptr;
  if (sqlite3_exec(db, sql.c_str(), nullptr, nullptr, &error) == SQLITE_OK) return;
  fmt::print(stderr, "engine_data: {}\n", error);
  std::exit(1);
}

// Indexes are made when all rows are there, which takes a fifth of the time.
std::vector<std::string> take_indexes(sqlite3* db) {
  std::vector<std::string> names, made;
  const auto note = [](void* into, int, char** columns, char**) {
    static_cast<std::vector<std::string>*>(into)->emplace_back(columns[0]);
    return 0;
  };
  const char* from = " FROM sqlite_master WHERE type = 'index' AND tbl_name IN ('calls', 'leads') AND sql IS NOT NULL";
  sqlite3_exec(db, (std::string("SELECT name") + from).c_str(), note, &names, nullptr);
  sqlite3_exec(db, (std::string("SELECT sql") + from).c_str(), note, &made, nullptr);
  for (const auto& name : names) run(db, "DROP INDEX " + name);
  return made;
}

std::string employee_of(int number) { return number == 0 ? std::string() : fmt::format("m{}", number); }

void put_credits(Insert& credits, const Facts& call, const std::string& id) {
  const auto put = [&](int place, int employee, const std::string& extension, std::int64_t talk_ms, bool is_last) {
    credits.text(id).number(place).text(employee_of(employee)).text(extension).number(talk_ms);
    credits.number(place == 0 ? 1 : 0).number(is_last ? 1 : 0).run();
  };
  const auto extension = call.extension == 0 ? std::string() : std::to_string(call.extension);
  put(0, call.employee, extension, call.own_talk_ms, call.second == 0);
  if (call.second != 0) put(1, call.second, std::to_string(100 + call.second), call.second_talk_ms, true);
}

void put_call(Insert& calls, const Facts& call, const std::string& id) {
  calls.text(id).text(id).text(kDirections[static_cast<std::size_t>(call.direction)]);
  calls.text(fmt::format("+7495{:07}", call.line)).number(call.at_ms).number(call.at_ms);
  calls.text(kOutcomes[static_cast<std::size_t>(call.outcome)]).number(call.wait_ms).number(call.wait_ms);
  calls.number(call.talk_ms);
  calls.text(employee_of(call.employee)).text(call.extension == 0 ? std::string() : std::to_string(call.extension));
  calls.text(call.department == 0 ? std::string() : fmt::format("d{}", call.department));
  calls.text(call.contact == 0 ? std::string() : fmt::format("c{}", call.contact));
  calls.text(call.contact == 0 ? "" : kQualities[static_cast<std::size_t>(call.quality)]);
  calls.number(call.contact == 0 ? 0 : 1);
  call.gap_ms < 0 ? calls.nothing() : calls.number(call.gap_ms);
  call.back_ms < 0 ? calls.nothing() : calls.number(call.back_ms);
  calls.number(call.at_ms + call.wait_ms + call.talk_ms);
  call.next_ms < 0 ? calls.nothing() : calls.number(call.next_ms);
  call.three_ms < 0 ? calls.nothing() : calls.number(call.three_ms);
  calls.number(call.begins_episode ? 1 : 0);
  calls.text(call.makes_lead() ? "l" + id : std::string()).text(fmt::format(R"({{"id":"{}"}})", id)).run();
}

void write_facts(std::FILE* file, const Facts& call, std::int64_t number) {
  fmt::print(file, "{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\n", number,
             call.at_ms, call.direction, call.outcome, call.employee, call.extension, call.line, call.contact,
             call.wait_ms, call.talk_ms, call.contact == 0 || call.quality != 1 ? 1 : 0, call.gap_ms,
             call.back_ms >= 0 ? 1 : 0, call.makes_lead() ? 1 : 0, call.is_in_work() ? 1 : 0, call.department,
             call.own_talk_ms, call.second, call.second_talk_ms, call.stage);
}

// The log is moved into the store between them, else the store would lie on the disk twice.
constexpr std::int64_t kCallsOfACommit = 1'000'000;

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    fmt::print(stderr, "engine_data STORE.db CALLS FACTS.tsv\n");
    return 2;
  }
  sqlite3* db = nullptr;
  if (sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_READWRITE, nullptr) != SQLITE_OK) {
    fmt::print(stderr, "engine_data: {}: {}\n", argv[1], sqlite3_errmsg(db));
    return 1;
  }
  auto* file = std::fopen(argv[3], "w");
  if (file == nullptr) return 1;
  const auto count = std::atoll(argv[2]);
  run(db, "PRAGMA synchronous = OFF; PRAGMA cache_size = -500000; PRAGMA temp_store = MEMORY");
  const auto indexes = take_indexes(db);
  run(db, "BEGIN");
  {
    Insert calls(
        db,
        "INSERT INTO calls(id, pbx, root, source, direction, line, started_ms, offered_ms, is_over, is_history, "
        "incomplete, outcome, wait_ms, queue_wait_ms, talk_ms, employee, extension, queue, contact, quality, "
        "is_counted, gap_any_ms, called_back_ms, ended_ms, next_inbound_ms, three_inbound_ms, begins_episode, "
        "made_lead, body, stored) "
        "VALUES(?,'pbx',?,'pbx',?,?,?,?,1,0,0,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,'')");
    Insert leads(db,
                 "INSERT INTO leads(id, funnel, stage, stage_groups, created_ms, body) VALUES(?,'sales',?,?,?,'{}')");
    Insert credits(db,
                   "INSERT INTO call_credits(call, n, employee, extension, talk_ms, is_first, is_last) "
                   "VALUES(?,?,?,?,?,?,?)");
    Calls source(count);
    for (std::int64_t n = 0; n < count; ++n) {
      const auto call = source.next();
      const auto id = fmt::format("pbx:{:09}", n);
      if (call.makes_lead())
        leads.text("l" + id)
            .text(kStages[static_cast<std::size_t>(call.stage - 1)])
            .text(call.is_in_work() ? "|in_work|" : "|")
            .number(call.at_ms)
            .run();
      put_call(calls, call, id);
      put_credits(credits, call, id);
      write_facts(file, call, n);
      if ((n + 1) % kCallsOfACommit == 0) run(db, "COMMIT; BEGIN");
    }
  }
  run(db, "COMMIT");
  for (const auto& index : indexes) run(db, index);
  run(db, "ANALYZE; PRAGMA wal_checkpoint(TRUNCATE)");
  sqlite3_close(db);
  return std::fclose(file) == 0 ? 0 : 1;
}
