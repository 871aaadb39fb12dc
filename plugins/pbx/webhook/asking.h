// A request that a vendor is sent, as a profile writes it: `method`, `url`,
// `headers`, `query`, `json` and `form`. Of polls and of orders.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "expression.h"
#include "hookline/sdk/pbx_http.h"
#include "place.h"

namespace webhook {

using namespace profile;

// A tree whose leaves are values: the body of a request.
class JsonForm {
 public:
  static JsonForm compile(const Json& source, const Vocabulary& words, const Place& place);
  // Members whose value is nothing are left out.
  Json of(const Scope& scope) const;

 private:
  Json::value_t kind_ = Json::value_t::null;
  Value leaf_;
  std::vector<std::pair<std::string, JsonForm>> members_;  // of a map; of a list without names
};

class AskForm {
 public:
  // Names of what it reads of a section.
  static const std::vector<std::string>& members();
  static AskForm compile(const Json& source, const Vocabulary& words, const Place& place);

  // Where nothing is known but the settings.
  std::string address(Node settings) const;
  // Asks for it; values see `tree`, and besides, those of query and headers
  // `json`, the text of what stands there, and those of headers and form `query`.
  void send(const Json& tree, Node settings, std::int64_t now_ms, hookline::HttpOutput& out) const;

 private:
  using Named = std::vector<std::pair<std::string, Value>>;
  static Named named(const Json& source, const char* name, const Vocabulary& words, const Place& place);
  static std::string written(const Named& values, const Scope& scope);
  Value url_;
  std::string method_;
  Named headers_, query_, form_;
  std::optional<JsonForm> json_;
};

// Whether the setting that a section names by `if_set` is given, or it names none.
bool is_wanted(const Json& source, const Vocabulary& words, const Place& place);
// For values that are of no request.
const hookline::HttpRequest& no_request(std::int64_t now_ms);

}  // namespace webhook
