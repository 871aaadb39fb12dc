#include "reports/reading.h"

#include <Poco/Data/Session.h>
#include <Poco/Exception.h>
#include <fmt/format.h>
#include <sqlite3.h>

#include <charconv>
#include <utility>

#include "reports/sql_functions.h"
#include "store/sql.h"

namespace hkl {
namespace {

Error too_large(std::string_view what) {
  return {HKL_RESOURCE, fmt::format("a figure is too large to be exact ({}); ask for a shorter period", what)};
}

Error store_error(const std::string& problem) {
  // What SUM() says when it leaves 64 bits; SQLite has no code for it.
  if (problem.find("integer overflow") != std::string::npos) return too_large("integer overflow");
  return Error{HKL_INTERNAL, "reading the store: " + problem};
}

}  // namespace

Result<std::optional<std::int64_t>> integer_of(const std::optional<std::string>& column) {
  if (!column) return std::optional<std::int64_t>();
  std::int64_t value = 0;
  const auto* end = column->data() + column->size();
  const auto parsed = std::from_chars(column->data(), end, value);
  if (parsed.ec == std::errc() && parsed.ptr == end) return std::optional(value);
  // SQLite turns an integer that leaves 64 bits into a floating one in silence.
  return fail(too_large(*column));
}

Result<Reading> Reading::begin(StoreReader& reader) {
  Reading reading(reader);
  if (auto begun = reading.begin(); !begun) return fail(begun.error());
  return reading;
}

Result<Reading> Reading::begin(Poco::Data::Session& session) {
  try {
    auto own = std::make_unique<StoreReader>(session);
    Reading reading(*own);
    reading.own_ = std::move(own);
    if (auto begun = reading.begin(); !begun) return fail(begun.error());
    return reading;
  } catch (const Poco::Exception& problem) {
    return fail(store_error(problem.displayText()));
  }
}

Done Reading::begin() {
  auto& sql = reader_->statements();
  if (!reader_->has_functions_ && !give_functions(sql.handle()))
    return fail(HKL_RESOURCE, "reading the store: out of memory");
  reader_->has_functions_ = true;
  if (sqlite3_get_autocommit(sql.handle()) == 0) return {};
  try {
    sql.query("BEGIN").run();
    owns_transaction_ = true;
    return {};
  } catch (const SqlError& problem) {
    return fail(store_error(problem.what()));
  }
}

Reading::Reading(Reading&& other) noexcept
    : own_(std::move(other.own_)),
      reader_(other.reader_),
      owns_transaction_(std::exchange(other.owns_transaction_, false)) {}

Reading::~Reading() {
  if (!owns_transaction_) return;
  try {
    reader_->statements().query("ROLLBACK").run();
  } catch (const SqlError&) {
    // Nothing was written; a session that cannot even end its reading fails at its next use.
  }
}

// By the session's own handle: Poco's statement is executed again for each row, and keeps each cell in a
// vector of its own on the way.
Done Reading::each(const SqlText& sql, std::size_t columns, const std::function<Done(const RowTexts&)>& take) {
  try {
    Sql statements(session());  // as their texts are many
    auto query = statements.query(sql.text.c_str());
    for (const auto& param : sql.params) {
      if (const auto* text = std::get_if<std::string>(&param))
        query.bind(std::string_view(*text));
      else
        query.bind(std::get<std::int64_t>(param));
    }
    RowTexts row(columns);
    while (query.step()) {
      for (std::size_t i = 0; i < columns; ++i) {
        const auto column = static_cast<int>(i);
        row[i] = query.maybe_integer(column) ? std::optional(query.text(column)) : std::nullopt;
      }
      if (auto done = take(row); !done) return done;
    }
    return {};
  } catch (const SqlError& problem) {
    return fail(store_error(problem.what()));
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
