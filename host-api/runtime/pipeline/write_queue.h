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
  // Of each event as the journal keeps it: made by who brings it, since the writer has more to do than any of them.
  std::vector<std::string> bodies;
};

using Item = std::variant<Events, Records, Mark, Change, Barrier, Work>;

// Of an event that tells that two references are one call; empty for all else.
std::string join_told(const Event& event);
std::vector<std::string> bodies_of(const std::vector<Event>& events);
// Somebody waits until it is done.
bool is_waited_for(const Item& item);
std::size_t weight(const Item& item);  // in events

struct Queue {
  std::deque<Item> items;
  std::size_t weight = 0;
  std::unordered_set<std::string> joins;  // told by its events
  // So many events, unless work comes, which comes alone.
  void take(std::vector<Item>& into, std::size_t most);
};

}  // namespace hkl::queued
