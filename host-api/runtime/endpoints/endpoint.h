// Where bytes come from: one class for each kind of endpoint, all served by
// their source's one thread. A kind waits for what it says in plan(), does what
// is due in work(), and never blocks in either but for the desk, which blocks
// while the queue behind it is full.
//
// A new kind is a class here and a line in make_endpoint(): listeners watch
// several sockets, polls and rows only the time, HTTP routes a queue that the
// HTTP threads fill before they ring the runner's wake-up.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "endpoints/waiting.h"
#include "plugins/instances.h"

namespace hkl {

class SourceDesk;

class Endpoint {
 public:
  virtual ~Endpoint() = default;
  virtual void plan(Waiting& waiting) = 0;
  virtual void work(const Waiting& waiting) = 0;
  // Reads no more and tells the adapter that its connections are closed.
  virtual void end() = 0;

  // What the adapter says of a connection of this endpoint. It may come while
  // the endpoint itself is feeding, so it is noted here and done in work().
  virtual void send(std::uint64_t connection, std::string_view bytes) = 0;
  virtual void close_asked(std::uint64_t connection, Millis after, const std::string& why) = 0;
  virtual void state_told(std::uint64_t connection, std::uint32_t state, const std::string& text) = 0;
};

// HKL_UNSUPPORTED: a kind that this version has not; HKL_BAD_SETTINGS: what
// the adapter asks for cannot be.
Result<std::unique_ptr<Endpoint>> make_endpoint(const EndpointWish& wish, SourceDesk& desk);

}  // namespace hkl
