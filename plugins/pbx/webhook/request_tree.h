// A request as one tree of names, whatever it was written in: JSON, a form, XML
// or the query. Types are loose; a profile names members by "a.b.0".
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hookline/sdk/pbx_http.h"
#include "json_tree.h"

namespace webhook {

using namespace profile;  // the language that profiles are written in

using Fields = std::vector<std::pair<std::string, std::string>>;
// Decoded names and values, byte for byte, in order; at most 1000.
Fields read_form(std::string_view text);

struct BodyRules {
  std::string body = "auto";        // auto, json, form, xml, none
  std::string json_in;              // the form field that holds JSON
  std::vector<std::string> unwrap;  // objects whose members count as top-level
  std::string charset;              // of bytes that are no UTF-8
};

struct RequestTree {
  Fields query, form;  // as sent, for signatures
  Json tree = Json::object();
  std::string fault;        // "invalid_json", "invalid_xml", empty
  std::string fault_place;  // for the admin
  bool is_repaired = false;
};

// Query and form; what can be read before the sender is known.
RequestTree read_fields(const hookline::HttpRequest& request, const BodyRules& rules);
// The whole of it, into out.tree.
void read_body(const hookline::HttpRequest& request, const BodyRules& rules, RequestTree& out);

}  // namespace webhook
