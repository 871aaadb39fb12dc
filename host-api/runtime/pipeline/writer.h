// The one thread that writes a store: takes what arrives from all sides,
// commits many things with one sync, derives what follows in the same commit.
//
// Thread-safe. The queue is bounded: put() waits while it is full, so whoever
// reads a socket or a file stops reading (DESIGN section 12, back-pressure).
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/event.h"
#include "model/records.h"
#include "pipeline/deriver.h"
#include "store/store.h"

namespace hkl {

// One canonical record with where it came from.
struct ToldRecord {
  CanonicalRecord record;
  std::string source;
  Instant received_at{};
};

struct WriteTally {
  std::uint64_t accepted = 0, duplicates = 0;
};

// All that is kept of a source (Writer::mark), by place. Throws SqlError.
std::map<std::string, std::string> marks_of(Sql& sql, const std::string& source);

class Writer {
 public:
  // `changed` is called after each commit, `failed` when one failed: on the
  // writer's thread, and must not block. `now` tells which moments that plugins
  // wait for have come.
  Writer(Store& store, std::unique_ptr<Deriver> deriver, std::function<void(const Changes&)> changed,
         std::function<void(const Error&)> failed, std::function<Instant()> now);
  ~Writer();  // writes what is queued, then ends

  // What happens now goes before what is read from files, of which tens of
  // thousands may wait: two queues, each in its order, the line's taken first.
  // The order between them decides nothing (DESIGN section 4).
  enum class From { files, line };
  // Queued when it returns. While the store takes nothing (a full disk) what is
  // queued is kept and tried again every second, so callers wait for room;
  // whoever has somebody waiting is told why instead (HKL_RESOURCE).
  enum class Patience {
    endless,
    while_it_stores,  // waits for room, but not for a store that takes nothing
    none,             // waits for nothing
  };
  Done put(std::vector<Event> events, From from, Patience patience, std::shared_ptr<WriteTally> tally = {});
  Done put(std::vector<ToldRecord> records, std::shared_ptr<WriteTally> tally = {});
  // How far `source` has read what lies at `place`: kept in the same commit as
  // what was put from a line before, or a later one, never an earlier.
  Done mark(const std::string& source, const std::string& place, std::string value);
  Result<std::map<std::string, std::string>> marks(const std::string& source);  // by place
  // A change of the store in the order of what was put, kept as that is while
  // the store takes nothing. Never waits, so the writer's own thread may too.
  void post(std::function<void(Sql&)> change);
  // Waits until what was put before is on disk, or could not be put there: all,
  // or what came from a line.
  Done flush(From from = From::files);
  // Why the latest commit failed, if it did.
  Done trouble() const;
  // Runs on the writer's thread inside a transaction of its own.
  Done run(std::function<void(Deriver&, Sql&)> work);

  // The same in no transaction, for what SQLite does in none.
  Done run_outside(std::function<Done(Store&)> work);

  // Goes on with a deriver of other parts; what the old ones name is used no
  // more when it returns. On failure the old ones stay.
  Done renew(DeriverParts parts);

  std::uint64_t duplicates() const;
  std::uint64_t queued() const;
  // Whether all that was put before is on disk and nothing is being done: run() would wait for nobody's work.
  bool is_quiet() const;
  // The time of the latest event of a source that is on disk, by its PBX's
  // clock: from there on nobody has listened.
  Result<std::optional<Instant>> heard_until(const std::string& source);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hkl
