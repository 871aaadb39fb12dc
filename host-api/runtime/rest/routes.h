// The table of routes: what is answered by what, and what it says of itself in
// /api/v1/openapi.json.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "rest/query.h"
#include "rest/rest.h"

namespace hkl {

// A request on its route.
struct RestCall {
  RestBackend& backend;
  const RestRequest& request;
  std::map<std::string, std::string> names;  // of the pattern
  RestQuery query;
  RestReply& reply;

  const Asker& asker() const { return request.asker; }
};

struct RestParameter {
  std::string name, type, what;  // type: of JSON Schema
  bool is_needed = false;
};

struct RestRoute {
  std::string method;
  std::string pattern;  // after /api/v1; "{id}" is one piece
  std::string id;       // its operationId
  std::string what;     // one sentence
  std::string schema;   // of a good answer: a name in openapi.json's components
  std::vector<RestParameter> query;
  std::string body;  // media type of what is sent; empty: nothing
  Done (*answer)(RestCall& call);
};

// In the order in which they are shown.
const std::vector<RestRoute>& rest_routes();

// By subject.
std::vector<RestRoute> list_routes();
std::vector<RestRoute> report_routes();
std::vector<RestRoute> recording_routes();
std::vector<RestRoute> action_routes();

// OpenAPI 3.1 of the table, as JSON.
std::string openapi_text();

}  // namespace hkl
