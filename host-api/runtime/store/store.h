// The SQLite file behind a runtime: opened, locked, migrated.
//
// An owner (one process, one writer thread) holds the lock file beside the
// store; readers come and go beside it with sessions of their own. A commit is
// on disk when it returns: WAL with synchronous=FULL.
#pragma once

#include <memory>
#include <string>

#include "store/sql.h"
#include "values/result.h"

namespace Poco::Data {
class Session;
}

namespace hkl {

class Store {
 public:
  enum class Role { owner, reader };

  // `url`: "sqlite:path". A relative path is looked up from `base_folder`.
  // Owner: makes the file, migrates it. HKL_UNAVAILABLE names the process that
  // owns it; HKL_UNSUPPORTED: the store was written by a newer version.
  // Reader: HKL_NOT_FOUND when there is no store yet.
  static Result<std::unique_ptr<Store>> open(const std::string& url, const std::string& base_folder, Role role);
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  Sql& sql();  // of the writer
  const std::string& path() const;
  // The process that owns it; 0: none does.
  int owner() const;
  // A session of its own for a reader on another thread.
  Result<std::unique_ptr<Poco::Data::Session>> open_reader() const;

  // Takes off the disk what was overwritten or deleted: free pages, the rest of
  // used ones, the log of changes. Writes the file anew, for which its size is
  // needed once more. Of the owner, outside a transaction. HKL_UNAVAILABLE:
  // somebody still reads what was; again later.
  Done scrub();

  std::string meta(const char* key);
  void set_meta(const char* key, const std::string& value);
  void drop_meta(const char* key);

 private:
  Store();
  struct State;
  std::unique_ptr<State> state_;
};

// The number of the newest migration this build knows.
int newest_schema();

// All in one commit or not at all: rolls back unless commit() was reached.
class Transaction {
 public:
  explicit Transaction(Sql& sql);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Sql& sql_;
  bool is_open_ = true;
};

}  // namespace hkl
