// Which address is answered by whom. Filled before the server starts, then
// read by all its threads.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "http/message.h"

namespace hkl {

// A request on its route. The request outlives the call.
struct HttpCall {
  HttpRequest& request;
  std::map<std::string, std::string> names;  // of the pattern, decoded
  std::string rest;                          // where the pattern ends in "…": what follows, as it stands
};

struct HttpRoute {
  // "/api/v1/reports/{id}/rows": {id} is one piece of the path. "/hooks/{source}…":
  // whatever follows too, from its slash on.
  std::string pattern;
  std::vector<std::string> methods;  // empty: any; GET answers HEAD too
  std::size_t body_bytes = 0;        // the most that a body may have
  // Asked when the head has come, before the body is read: an answer refuses.
  // The body's fields are empty then. May be empty.
  std::function<std::optional<HttpReply>(const HttpCall& call)> admit;
  // On a thread of the server; may block as long as the client may wait.
  std::function<HttpReply(HttpCall& call)> answer;
};

class HttpRoutes {
 public:
  void add(HttpRoute route);

  struct Found {
    const HttpRoute* route = nullptr;  // null: `refusal` says why
    std::map<std::string, std::string> names;
    std::string rest;
    HttpReply refusal;
  };
  Found find(const HttpRequest& request) const;
  const std::vector<HttpRoute>& all() const { return routes_; }

 private:
  std::vector<HttpRoute> routes_;
};

}  // namespace hkl
