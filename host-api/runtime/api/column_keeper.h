// Keeps the columns beside a store (runtime/columns): opens them at start;
// where the store is ours, makes them when there are none and writes them again
// when enough has changed.
//
// Safe from any thread. One thread of its own, between start() and stop().
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "columns/engine.h"
#include "pipeline/writer.h"
#include "store/store.h"

namespace hkl {

class ColumnKeeper {
 public:
  using Log = std::function<void(std::uint32_t level, const std::string& line)>;
  // All outlive this.
  ColumnKeeper(const Store& store, std::vector<std::shared_ptr<const Report>> reports, Log log);
  ~ColumnKeeper();

  Engine& engine() { return engine_; }
  // Of the store's owner: makes and writes columns through a session of its
  // own, and has the writer take notes away that nobody needs any more.
  void start(Writer& writer);
  void stop();
  // Somebody was erased from the store: the columns are made anew.
  Done forget() { return engine_.forget(); }

 private:
  void loop(Writer& writer);
  bool keep_up(Sql& sql, Writer& writer);
  Done make(Sql& sql);
  Done save(Sql& sql, Writer& writer);
  bool is_stopping();
  void wait();

  const Store& store_;
  Log log_;
  ColumnEngine engine_;
  std::int64_t saved_ = 0;  // of the thread
  std::mutex mutex_;        // guards is_stopping_
  std::condition_variable woken_;
  bool is_stopping_ = false;
  std::thread thread_;
};

}  // namespace hkl
