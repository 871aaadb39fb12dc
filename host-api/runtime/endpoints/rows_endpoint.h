// Asks a database over and over for rows beyond the last key, and every so
// often again for those of a while ago: a call's record may be written long
// after records of later calls. What it has seen of that while it does not hand
// on again; what a restart hands on again is known by its events' ids.
//
// The key kept in the store is the one that was greatest a while ago, whatever
// its type: keys are never compared here, the query orders them.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <unordered_set>

#include "endpoints/backoff.h"
#include "endpoints/desk.h"
#include "endpoints/rows_database.h"

namespace hkl {

class RowsEndpoint final : public Endpoint {
 public:
  // HKL_BAD_SETTINGS: the address or the query cannot be.
  static Result<std::unique_ptr<Endpoint>> make(const EndpointWish& wish, SourceDesk& desk);

  void plan(Waiting& waiting) override;
  void work(const Waiting& waiting) override;
  void end() override;
  // Rows have no connection to say anything to.
  void send(std::uint64_t, std::string_view) override {}
  void close_asked(std::uint64_t, Millis, const std::string&) override {}
  void state_told(std::uint64_t, std::uint32_t, const std::string&) override {}

 private:
  // One walk through the rows from a key to the last.
  struct Walk {
    std::string after;
    bool looks_back = false;
    std::unordered_set<std::uint64_t> met;  // of a look back: all that is there
  };
  struct Reached {
    Steady at;
    std::string key;
  };

  RowsEndpoint(const EndpointWish& wish, SourceDesk& desk);
  void begin_walk();
  void ask();
  void take(RowBatch batch);
  void end_walk();
  Result<std::size_t> key_column(const RowBatch& batch) const;
  RowBatch unseen(const RowBatch& batch);
  void reach(const std::string& key);
  void rest(const std::string& why);

  SourceDesk& desk_;
  EndpointWish wish_;
  std::string place_, mark_name_;
  Millis interval_, look_back_every_;
  std::size_t slot_;
  Backoff backoff_;
  Steady next_, next_look_back_, asked_at_;
  bool is_live_ = false;
  std::unique_ptr<RowsDatabase> database_;
  std::optional<Walk> walk_;
  std::string greatest_;
  std::deque<Reached> reached_;  // the first: the greatest key of a while ago
  std::unordered_set<std::uint64_t> seen_;
};

}  // namespace hkl
