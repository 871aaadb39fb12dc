// What was said to an adapter about the connections that stand. An adapter is
// a function of what it is told and keeps no more than what belongs to a
// connection, so telling it again brings a new process to where the dead one
// was. What came out was taken then and is left out.
//
// Bounded: the connection with most bytes is given up when all together are too
// much; it has to be made anew after a death.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "isolation/protocol.h"

namespace hkl::isolation {

struct Told {
  Function function;
  std::uint64_t connection;  // 0: none in particular
  std::int64_t now_ms;       // feed only
  std::string data;          // feed: the bytes; else all arguments
};

class Transcript {
 public:
  explicit Transcript(std::size_t most_bytes) : most_bytes_(most_bytes) {}

  void add(Told told);
  // Of a followed file the adapter may be begun anew at any line, after the
  // first one (endpoints/file_endpoint.h): no more of it is kept, so that a
  // file of years is told again in a moment.
  void add_file(Told opened);
  void forget(std::uint64_t connection);  // it is closed
  // Gives up what it knows of every connection.
  void give_up();
  // Whether its connection was given up.
  bool is_lost(std::uint64_t connection) const;

  // Bytes fed since the last end of a message, taken out: the head of a message
  // whose rest broke the plugin.
  std::string take_head(std::uint64_t connection);
  // Whether messages of this connection end with an empty line: so it is where
  // there was one, in what came before or in `bytes`.
  bool has_blank_lines(std::uint64_t connection, std::string_view bytes) const;

  const std::deque<Told>& all() const { return told_; }
  const std::map<std::uint64_t, bool>& connections() const { return is_lost_; }

 private:
  void keep_bounds();
  void cut_to_lines(std::uint64_t connection);

  std::size_t most_bytes_, bytes_ = 0;
  std::deque<Told> told_;
  std::map<std::uint64_t, bool> is_lost_;          // of each connection that stands
  std::map<std::uint64_t, bool> has_blank_lines_;  // seen so far
  std::set<std::uint64_t> files_;
};

// Where the last whole message in `bytes` ends: after an empty line, else after
// a line; 0 when none does.
std::size_t end_of_messages(std::string_view bytes, bool has_blank_lines);
// Where the first one ends; all of it when none does.
std::size_t end_of_first_message(std::string_view bytes, bool has_blank_lines);

}  // namespace hkl::isolation
