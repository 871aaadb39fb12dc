// The route /hooks/<source>: requests that wait at the source's door.
#pragma once

#include "endpoints/desk.h"
#include "endpoints/endpoint.h"
#include "endpoints/hook_door.h"

namespace hkl {

class HookRoute : public Endpoint {
 public:
  explicit HookRoute(SourceDesk& desk);

  void plan(Waiting&) override {}  // the door rings
  void work(const Waiting&) override;
  void end() override { desk_.door().close(); }

  // There is no connection that could be spoken of.
  void send(std::uint64_t, std::string_view) override {}
  void close_asked(std::uint64_t, Millis, const std::string&) override {}
  void state_told(std::uint64_t, std::uint32_t, const std::string&) override {}

 private:
  SourceDesk& desk_;
};

}  // namespace hkl
