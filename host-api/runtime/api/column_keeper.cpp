#include "api/column_keeper.h"

#include <Poco/Data/Session.h>
#include <fmt/format.h>

#include <chrono>

#include "columns/table.h"
#include "hookline/host.h"

namespace hkl {
namespace {

// So many changes are followed in well under a second; with more, files are written anew.
constexpr std::int64_t kChangesUnsaved = 50'000;
constexpr auto kLookAgain = std::chrono::seconds(5);
// So that the writer is never held up for long.
constexpr std::int64_t kNotesAtOnce = 20'000;

ColumnEngine::Options options_of(const Store& store, std::vector<std::shared_ptr<const Report>> reports) {
  ColumnEngine::Options options;
  options.threads = std::max(1U, std::thread::hardware_concurrency());
  options.folder = store.path() + ".columns";
  options.reports = std::move(reports);
  return options;
}

}  // namespace

ColumnKeeper::ColumnKeeper(const Store& store, std::vector<std::shared_ptr<const Report>> reports, Log log)
    : store_(store), log_(std::move(log)), engine_(options_of(store, std::move(reports))) {
  auto session = store_.open_reader();
  if (!session) return;
  try {
    Sql sql(**session);
    // Nothing to use is nothing wrong: reports say why they are answered by SQL.
    if (engine_.open(sql)) saved_ = newest_change(sql);
  } catch (const SqlError&) {
    // The store says so itself to whoever asks it next.
  }
}

ColumnKeeper::~ColumnKeeper() { stop(); }

void ColumnKeeper::start(Writer& writer) {
  const std::lock_guard lock(mutex_);
  if (thread_.joinable()) return;
  is_stopping_ = false;
  thread_ = std::thread([this, &writer] { loop(writer); });
}

void ColumnKeeper::stop() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  woken_.notify_all();
  if (thread_.joinable()) thread_.join();
}

bool ColumnKeeper::is_stopping() {
  const std::lock_guard lock(mutex_);
  return is_stopping_;
}

void ColumnKeeper::wait() {
  std::unique_lock lock(mutex_);
  woken_.wait_for(lock, kLookAgain, [this] { return is_stopping_; });
}

void ColumnKeeper::loop(Writer& writer) {
  auto session = store_.open_reader();
  if (!session) return log_(HKL_LOG_WARNING, session.error().text);
  Sql sql(**session);
  while (!is_stopping()) {
    // One complaint is enough; reports are answered by SQL meanwhile.
    if (!keep_up(sql, writer)) return;
    wait();
  }
}

bool ColumnKeeper::keep_up(Sql& sql, Writer& writer) {
  try {
    if (engine_.is_ready() && newest_change(sql) - saved_ < kChangesUnsaved) return true;
    auto done = engine_.is_ready() ? Done() : make(sql);
    if (done && !is_stopping()) done = save(sql, writer);
    if (done || is_stopping() || done.error().status == HKL_UNAVAILABLE) return true;
    log_(HKL_LOG_WARNING, "reports are slower than they could be: " + done.error().text);
  } catch (const SqlError& error) {
    log_(HKL_LOG_WARNING, "reports are slower than they could be: " + error.error().text);
  }
  return false;
}

Done ColumnKeeper::make(Sql& sql) {
  return engine_.load(sql, [this] { return !is_stopping(); }) ? Done() : fail(HKL_CANCELLED, "stopping");
}

Done ColumnKeeper::save(Sql& sql, Writer& writer) {
  const auto change = engine_.save(sql);
  if (!change) return fail(change.error());
  saved_ = *change;
  for (bool has_more = true; has_more && !is_stopping();) {
    auto ran = writer.run([&](Deriver&, Sql& writing) {
      writing.query("DELETE FROM fact_changes WHERE seq < ? AND seq < (SELECT MIN(seq) FROM fact_changes) + ?")
          .bind(*change)
          .bind(kNotesAtOnce)
          .run();
      has_more = writing.changes() > 0;
    });
    if (!ran) return ran;
  }
  return {};
}

}  // namespace hkl
