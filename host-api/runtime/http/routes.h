// Which address is answered by whom. Filled before the server starts, then
// read by all its threads.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"

namespace hkl {

// A request on its route. The request outlives the call.
struct HttpCall {
  HttpRequest& request;
  std::map<std::string, std::string> names;  // of the pattern, decoded
  std::string rest;                          // where the pattern ends in "…": what follows, as it stands
};

// An answer that goes out as it is made: too large to be held, or without an
// end. What cannot be sent any more throws, as the client has gone.
class HttpOutlet {
 public:
  virtual ~HttpOutlet() = default;
  // Once; of `head` all but the body.
  virtual void begin(const HttpReply& head) = 0;
  virtual void write(std::string_view bytes) = 0;
  // False: the server closes, or the client went away; end soon.
  virtual bool is_wanted() = 0;
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
  // In place of `answer`: gives an answer as that does, or begins one at the
  // outlet, has written all of it when it returns, and gives nothing. An
  // exception after it began breaks the answer off.
  std::function<std::optional<HttpReply>(HttpCall& call, HttpOutlet& outlet)> stream;
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
