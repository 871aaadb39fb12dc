// What waits to be written, and in which order it is taken: one queue of the writer's (pipeline/writer.h).
//
// Guarded by who owns it.
#pragma once

#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <unordered_set>
#include <variant>
#include <vector>

#include "pipeline/writer.h"

namespace hkl::queued {

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

// Of an event that tells that two references are one call; empty for all else.
std::string join_told(const Event& event);
std::vector<Events::Prepared> prepared(const std::vector<Event>& events);
// Somebody waits until it is done.
bool is_waited_for(const Item& item);
// Rows of the store may be changed by it in any way.
bool is_of_other_hands(const Item& item);
std::size_t weight(const Item& item);  // in events

// Joins told by events that are stored, those of lately.
class StoredJoins {
 public:
  bool has(const std::string& join) const { return young_.contains(join) || old_.contains(join); }
  void add(std::unordered_set<std::string>&& joins);
  void clear();

 private:
  std::unordered_set<std::string> young_, old_;
};

struct Queue {
  std::deque<Item> items;
  std::size_t weight = 0;
  std::unordered_set<std::string> joins;        // told by its events
  std::unordered_set<std::string> taken_joins;  // told by the events that were taken last; none where others were left
  // So many events, unless work comes, which comes alone.
  void take(std::vector<Item>& into, std::size_t most);
};

}  // namespace hkl::queued
