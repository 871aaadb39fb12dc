#include "reports/sql_functions.h"

#include <sqlite3.h>

#include <memory>
#include <new>
#include <set>
#include <string>
#include <string_view>

#include "contacts/numbers.h"
#include "reports/calendar_text.h"
#include "reports/locale_text.h"
#include "reports/zone_clock.h"

namespace hkl {
namespace {

std::string_view text_of(sqlite3_value* value) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value));
  return text == nullptr ? std::string_view()
                         : std::string_view(text, static_cast<std::size_t>(sqlite3_value_bytes(value)));
}

bool is_null(sqlite3_value* value) { return sqlite3_value_type(value) == SQLITE_NULL; }

void contains(sqlite3_context* context, int, sqlite3_value** arguments) {
  if (is_null(arguments[0]) || is_null(arguments[1])) return sqlite3_result_null(context);
  try {
    // The part is nearly always one constant for the whole statement.
    auto* part = static_cast<std::string*>(sqlite3_get_auxdata(context, 1));
    const bool is_first = part == nullptr;
    std::string made;
    if (is_first) made = folded(text_of(arguments[1]));
    const bool is_found = folded(text_of(arguments[0])).find(is_first ? made : *part) != std::string::npos;
    sqlite3_result_int(context, is_found ? 1 : 0);
    if (is_first)
      sqlite3_set_auxdata(context, 1, new std::string(std::move(made)),
                          [](void* p) { delete static_cast<std::string*>(p); });
  } catch (const std::bad_alloc&) {
    sqlite3_result_error_nomem(context);
  }
}

// SQL's own division cuts towards 0. What is no integer has left 64 bits and
// goes on as it is, to be told where it is read.
template <int up>
void rounded(sqlite3_context* context, int, sqlite3_value** arguments) {
  if (sqlite3_value_type(arguments[0]) != SQLITE_INTEGER) return sqlite3_result_value(context, arguments[0]);
  const auto number = sqlite3_value_int64(arguments[0]), den = sqlite3_value_int64(arguments[1]);
  if (den <= 0) return sqlite3_result_null(context);
  const auto rest = number % den;
  sqlite3_result_int64(context, number / den + (up == 1 ? rest > 0 : -static_cast<sqlite3_int64>(rest < 0)));
}

template <auto asked>
void clock_of(sqlite3_context* context, int, sqlite3_value** arguments) {
  if (is_null(arguments[0]) || is_null(arguments[1])) return sqlite3_result_null(context);
  try {
    auto* clock = static_cast<const ZoneClock*>(sqlite3_get_auxdata(context, 1));
    if (clock == nullptr) {
      clock = &ZoneClock::of(text_of(arguments[1]));
      sqlite3_set_auxdata(context, 1, const_cast<ZoneClock*>(clock), nullptr);
    }
    const auto answer = (clock->*asked)(sqlite3_value_int64(arguments[0]));
    if constexpr (std::is_same_v<decltype(answer), const std::string>) {
      if (answer.empty()) return sqlite3_result_null(context);
      sqlite3_result_text(context, answer.data(), static_cast<int>(answer.size()), SQLITE_TRANSIENT);
    } else {
      if (!answer) return sqlite3_result_null(context);
      sqlite3_result_int(context, *answer);
    }
  } catch (const std::bad_alloc&) {
    sqlite3_result_error_nomem(context);
  }
}

// Read once and kept: nearly always one calendar for the whole statement.
const Calendar& calendar_of(sqlite3_value* value) {
  thread_local std::string latest_text;
  thread_local Calendar latest;
  const auto text = text_of(value);
  if (text != latest_text) {
    latest = calendar_of_text(text);
    latest_text = text;
  }
  return latest;
}

void is_open_at(sqlite3_context* context, int, sqlite3_value** arguments) {
  if (is_null(arguments[0]) || is_null(arguments[1])) return sqlite3_result_null(context);
  try {
    const auto& calendar = calendar_of(arguments[1]);
    sqlite3_result_int(context, is_open(calendar, instant_of(sqlite3_value_int64(arguments[0]))) ? 1 : 0);
  } catch (const std::exception&) {
    sqlite3_result_error_nomem(context);
  }
}

void open_ms(sqlite3_context* context, int, sqlite3_value** arguments) {
  for (int i = 0; i < 3; ++i)
    if (is_null(arguments[i])) return sqlite3_result_null(context);
  try {
    const auto from = sqlite3_value_int64(arguments[0]), to = sqlite3_value_int64(arguments[1]);
    const auto open = open_between(calendar_of(arguments[2]), instant_of(from), instant_of(to));
    sqlite3_result_int64(context, open.count());
  } catch (const std::exception&) {
    sqlite3_result_error_nomem(context);
  }
}

void region(sqlite3_context* context, int, sqlite3_value** arguments) {
  if (is_null(arguments[0])) return sqlite3_result_null(context);
  try {
    const auto found = region_of_number(text_of(arguments[0]), text_of(arguments[1]));
    if (found.empty()) return sqlite3_result_null(context);
    sqlite3_result_text(context, found.data(), static_cast<int>(found.size()), SQLITE_TRANSIENT);
  } catch (const std::exception&) {
    sqlite3_result_error_nomem(context);
  }
}

// Sums a value once for each different thing; the first that comes counts.
struct Once {
  std::set<std::string, std::less<>> seen;
  std::int64_t sum = 0;
  bool has_left = false;  // 64 bits
};

void once_step(sqlite3_context* context, int, sqlite3_value** arguments) {
  if (is_null(arguments[0]) || is_null(arguments[1])) return;
  // NOLINTNEXTLINE(bugprone-sizeof-expression): a pointer is what is kept
  auto** once = static_cast<Once**>(sqlite3_aggregate_context(context, sizeof(Once*)));
  if (once == nullptr) return sqlite3_result_error_nomem(context);
  try {
    if (*once == nullptr) *once = new Once;
    if (!(*once)->seen.insert(std::string(text_of(arguments[0]))).second) return;
    (*once)->has_left |= __builtin_add_overflow((*once)->sum, sqlite3_value_int64(arguments[1]), &(*once)->sum);
  } catch (const std::bad_alloc&) {
    sqlite3_result_error_nomem(context);
  }
}

void once_end(sqlite3_context* context) {
  auto** once = static_cast<Once**>(sqlite3_aggregate_context(context, 0));
  if (once == nullptr || *once == nullptr) return sqlite3_result_null(context);
  const std::unique_ptr<Once> summed(*once);
  if (summed->has_left) return sqlite3_result_error(context, "integer overflow", -1);
  sqlite3_result_int64(context, summed->sum);
}

}  // namespace

bool give_functions(sqlite3* db) {
  const auto give = [db](const char* name, void (*function)(sqlite3_context*, int, sqlite3_value**)) {
    constexpr int kKind = SQLITE_UTF8 | SQLITE_DETERMINISTIC;
    return sqlite3_create_function(db, name, 2, kKind, nullptr, function, nullptr, nullptr) == SQLITE_OK;
  };
  const auto give_of = [db](const char* name, int count, void (*function)(sqlite3_context*, int, sqlite3_value**)) {
    constexpr int kKind = SQLITE_UTF8 | SQLITE_DETERMINISTIC;
    return sqlite3_create_function(db, name, count, kKind, nullptr, function, nullptr, nullptr) == SQLITE_OK;
  };
  const bool has_once =
      sqlite3_create_function(db, "hkl_sum_once", 2, SQLITE_UTF8, nullptr, nullptr, once_step, once_end) == SQLITE_OK;
  return has_once && give_of("hkl_open_ms", 3, open_ms) && give("hkl_is_open", is_open_at) &&
         give("hkl_region", region) && give("hkl_week", clock_of<&ZoneClock::week>) &&
         give("hkl_quarter", clock_of<&ZoneClock::quarter>) && give("hkl_year", clock_of<&ZoneClock::year>) &&
         give("hkl_contains", contains) && give("hkl_floor", rounded<0>) && give("hkl_ceil", rounded<1>) &&
         give("hkl_hour", clock_of<&ZoneClock::hour>) && give("hkl_weekday", clock_of<&ZoneClock::weekday>) &&
         give("hkl_time_of_day", clock_of<&ZoneClock::time_of_day>) && give("hkl_month", clock_of<&ZoneClock::month>) &&
         give("hkl_hour_of_day", clock_of<&ZoneClock::hour_of_day>) && give("hkl_day", clock_of<&ZoneClock::day>) &&
         give("hkl_clock_hour", clock_of<&ZoneClock::clock_hour>);
}

}  // namespace hkl
