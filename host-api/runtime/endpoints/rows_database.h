// A database that is asked and never written: SQLite or PostgreSQL. Nothing
// here blocks but SQLite, whose answers come from a file.
//
// Poco::Data reads a value by the type that its column has; here every value
// is wanted as the database writes it, so the two C libraries are asked.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "plugins/instances.h"
#include "values/result.h"

namespace hkl {

class RowsDatabase {
 public:
  virtual ~RowsDatabase() = default;
  // What poll() is to watch for while an answer is awaited; fd -1: nothing.
  struct Watch {
    int fd = -1;
    short events = 0;
  };
  virtual Watch watch() const = 0;
  virtual void ask(const std::string& sql) = 0;
  // Goes on with connecting or asking; nothing while it is not done. After an
  // error the database is of no more use.
  virtual std::optional<Result<RowBatch>> answer() = 0;
  // The text as the database's SQL writes it, of whatever type it is compared with.
  virtual std::string quoted(const std::string& text) const = 0;
};

// `url`: postgresql://user@host/name (libpq's own form, its parameters too) or
// sqlite:PATH. HKL_BAD_SETTINGS: neither.
Result<std::unique_ptr<RowsDatabase>> open_rows_database(const std::string& url);

// The address without what is secret in it, for messages.
std::string shown_address(const std::string& url);

}  // namespace hkl
