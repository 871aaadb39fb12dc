// One HTTP request and its answer as plain values, so that what answers knows
// no socket. Only what stays open (server-sent events) writes by itself.
#pragma once

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace crm {

struct Request {
  std::string method;
  std::string target;  // path and query as on the wire
  std::string path;    // of it, decoded
  std::vector<std::pair<std::string, std::string>> query;
  std::map<std::string, std::string> headers;  // names in lower case
  std::map<std::string, std::string> cookies;
  std::string body;
  std::string peer;  // address without port
  bool is_secure = false;

  // Empty where there is none.
  std::string header(const std::string& name) const;
  std::string cookie(const std::string& name) const;
  std::string parameter(std::string_view name) const;
};

struct Reply {
  int status = 200;
  std::string type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  // In place of `body`: writes until it returns or the other side is gone.
  std::function<void(std::ostream&)> stream;
};

Reply json_reply(const nlohmann::ordered_json& value, int status = 200);
// RFC 9457: `detail` says what is wrong and how to mend it.
Reply problem(int status, const std::string& detail);

// The body as a JSON object, or nothing.
std::optional<nlohmann::json> json_body(const Request& request);
// A member that is a text, "" where it is none.
std::string text_of(const nlohmann::json& object, const char* name);

}  // namespace crm
