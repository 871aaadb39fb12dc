// What waits to be written, from whom, and in which order the writer takes it (pipeline/writer.h).
//
// Thread-safe. Bounded: push() waits for room. The writer's thread alone calls next_batch(), done() and
// keep_for_later().
#pragma once

#include <array>
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_set>
#include <variant>
#include <vector>

#include "pipeline/writer.h"

namespace hkl {

class WriteQueue {
 public:
  struct Barrier {
    std::shared_ptr<std::promise<Done>> reached;
  };
  struct Work {
    std::function<void(Deriver&, Sql&)> run;
    std::shared_ptr<std::promise<Done>> finished;
    std::function<Done(Store&)> outside;  // in place of `run`: in no transaction
  };
  struct Records {
    std::vector<ToldRecord> records;
    std::shared_ptr<WriteTally> tally;
  };
  struct Mark {
    std::string name, value;
  };
  struct Change {
    std::function<void(Sql&)> make;
  };
  struct Events {
    std::vector<Event> events;
    std::shared_ptr<WriteTally> tally;  // may be null
    // Of each event, made by who brings it, since the writer has more to do than any of them.
    struct Prepared {
      std::string body;   // as the journal keeps it
      std::string names;  // call_names()
    };
    std::vector<Prepared> prepared;
  };
  using Item = std::variant<Events, Records, Mark, Change, Barrier, Work>;
  using Batch = std::vector<Item>;

  // Somebody waits until it is done.
  static bool is_waited_for(const Item& item);

  // HKL_CANCELLED: it is ending. Else as Writer::put().
  Done push(Item item, Writer::From from, Writer::Patience patience);
  // Never waits.
  void post(Change change);
  // Takes away what tells no news: that references are one call, which a PBX tells with every message.
  void drop_told(std::vector<Event>& events, Writer::From from);
  void end();  // what is queued is still given out

  // What waits, up to a commit's worth; work of its own kind comes alone. All that came from a line goes before what
  // waits besides, so that nothing goes before what the same caller put earlier. Waits for some, but no longer than
  // `patience`, if there is one: empty then. Nothing: it is ending, and all was given out.
  std::optional<Batch> next_batch(std::optional<Millis> patience);
  // How the batch that was given out last ended; may_pass: it is kept for later.
  void note(const Batch& batch, const Done& result);
  // It was stored, or never will be.
  void done(Batch batch);
  // The disk is full or gone: nothing that came is given up. Waits a second; whoever waits behind it is told why.
  void keep_for_later(Batch& batch, const Error& why);

  Done trouble() const;  // why the latest batch was not stored
  bool is_empty() const;
  bool is_quiet() const;         // nothing waits, nothing is being done, and there is no trouble
  std::uint64_t weight() const;  // in events

 private:
  // Told by events that are stored, those of lately.
  class StoredJoins {
   public:
    bool has(const std::string& join) const { return young_.contains(join) || old_.contains(join); }
    void add(std::unordered_set<std::string>&& joins);
    void clear();

   private:
    std::unordered_set<std::string> young_, old_;
  };
  // Of one From, in its order.
  struct Lane {
    std::deque<Item> items;
    std::size_t weight = 0;                       // in events
    std::unordered_set<std::string> joins;        // told by its events
    std::unordered_set<std::string> taken_joins;  // by those that were taken last; none where others were left
    // So many events, unless work comes, which comes alone.
    void take(Batch& into, std::size_t most);
  };
  Lane& lane(Writer::From from) { return lanes_[static_cast<std::size_t>(from)]; }
  bool is_nothing_there() const { return lanes_[0].items.empty() && lanes_[1].items.empty(); }

  mutable std::mutex mutex_;  // guards the rest
  std::condition_variable arrived_, made_room_;
  std::array<Lane, 2> lanes_;      // by From
  int batches_beside_a_line_ = 0;  // that are still to be short
  bool is_work_next_ = false;      // what came from the line before it is done
  StoredJoins stored_joins_;
  Batch to_free_;  // of the latest batch, freed by who comes next: that takes its time too
  bool is_ending_ = false, is_busy_ = false;
  std::optional<Error> broken_;  // why the last commit failed
};

}  // namespace hkl
