#include "reports/reading.h"

#include <Poco/Data/SQLite/Utility.h>
#include <Poco/Data/Session.h>
#include <Poco/Data/Statement.h>
#include <Poco/Exception.h>
#include <fmt/format.h>
#include <sqlite3.h>

#include <charconv>

#include "reports/locale_text.h"

namespace hkl {
namespace {

std::string_view text_of(sqlite3_value* value) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value));
  return text == nullptr ? std::string_view()
                         : std::string_view(text, static_cast<std::size_t>(sqlite3_value_bytes(value)));
}

// hkl_contains(text, part): NULL of a NULL, else whether the part is in the
// text, case aside. SQLite's own LIKE knows the case of ASCII alone.
void contains(sqlite3_context* context, int, sqlite3_value** arguments) {
  if (sqlite3_value_type(arguments[0]) == SQLITE_NULL || sqlite3_value_type(arguments[1]) == SQLITE_NULL)
    return sqlite3_result_null(context);
  try {
    // The part is nearly always one constant for the whole statement.
    auto* part = static_cast<std::string*>(sqlite3_get_auxdata(context, 1));
    const auto is_first = part == nullptr;
    std::string made;
    if (is_first) made = folded(text_of(arguments[1]));
    const auto is_found = folded(text_of(arguments[0])).find(is_first ? made : *part) != std::string::npos;
    sqlite3_result_int(context, is_found ? 1 : 0);
    if (is_first)
      sqlite3_set_auxdata(context, 1, new std::string(std::move(made)),
                          [](void* p) { delete static_cast<std::string*>(p); });
  } catch (const std::bad_alloc&) {
    sqlite3_result_error_nomem(context);
  }
}

Error store_error(const Poco::Exception& problem) {
  return Error{HKL_INTERNAL, "reading the store: " + problem.displayText()};
}

}  // namespace

Result<std::optional<std::int64_t>> integer_of(const std::optional<std::string>& column) {
  if (!column) return std::optional<std::int64_t>();
  std::int64_t value = 0;
  const auto* end = column->data() + column->size();
  const auto parsed = std::from_chars(column->data(), end, value);
  if (parsed.ec == std::errc() && parsed.ptr == end) return std::optional(value);
  // SQLite turns an integer that leaves 64 bits into a floating one in silence.
  return fail(HKL_RESOURCE, fmt::format("a figure is too large to be exact ({}); ask for a shorter period", *column));
}

Result<Reading> Reading::begin(Poco::Data::Session& session) {
  try {
    auto* handle = Poco::Data::SQLite::Utility::dbHandle(session);
    const int code = sqlite3_create_function(handle, "hkl_contains", 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nullptr,
                                             contains, nullptr, nullptr);
    if (code != SQLITE_OK) return fail(HKL_INTERNAL, fmt::format("reading the store: {}", sqlite3_errmsg(handle)));
    const bool owns_transaction = !session.isTransaction();
    if (owns_transaction) session.begin();
    return Reading(session, owns_transaction);
  } catch (const Poco::Exception& problem) {
    return fail(store_error(problem));
  }
}

Reading::Reading(Reading&& other) noexcept : session_(other.session_), owns_transaction_(other.owns_transaction_) {
  other.owns_transaction_ = false;
}

Reading::~Reading() {
  if (!owns_transaction_) return;
  try {
    session_->rollback();
  } catch (const Poco::Exception&) {
    // Nothing was written; a session that cannot even end its reading fails at its next use.
  }
}

Done Reading::each(const SqlText& sql, std::size_t columns, const std::function<Done(const RowTexts&)>& take) {
  try {
    Poco::Data::Statement statement(*session_);
    statement << sql.text;
    for (const auto& param : sql.params)
      std::visit([&](const auto& value) { statement, Poco::Data::Keywords::bind(value); }, param);
    std::vector<Poco::Nullable<std::string>> cells(columns);
    for (auto& cell : cells) statement, Poco::Data::Keywords::into(cell);
    statement, Poco::Data::Keywords::limit(1);
    RowTexts row(columns);
    while (!statement.done()) {
      if (statement.execute() == 0) break;
      for (std::size_t i = 0; i < columns; ++i) {
        if (cells[i].isNull())
          row[i].reset();
        else
          row[i] = cells[i].value();
        cells[i].clear();
      }
      if (auto done = take(row); !done) return done;
    }
    return {};
  } catch (const Poco::Exception& problem) {
    return fail(store_error(problem));
  }
}

Result<std::vector<RowTexts>> Reading::all(const SqlText& sql, std::size_t columns) {
  std::vector<RowTexts> rows;
  const auto done = each(sql, columns, [&](const RowTexts& row) -> Done {
    rows.push_back(row);
    return {};
  });
  if (!done) return fail(done.error());
  return rows;
}

}  // namespace hkl
