// A request as one tree of names, whatever it was written in: JSON, a form, XML
// or the query. Types are loose; a profile names members by "a.b.0".
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hookline/sdk/pbx_http.h"
#include "json_reader.h"
#include "node.h"

namespace webhook {

using namespace profile;  // the language that profiles are written in

// Names and values, decoded byte for byte, in order; at most 1000.
using Fields = std::vector<std::pair<std::string_view, std::string_view>>;

struct BodyRules {
  std::string body = "auto";        // auto, json, form, xml, none
  std::string json_in;              // the form field that holds JSON
  std::vector<std::string> unwrap;  // objects whose members count as top-level
  std::string charset;              // of bytes that are no UTF-8
};

struct RequestTree {
  Fields query, form;  // as sent, for signatures
  Node tree;
  std::string fault;        // "invalid_json", "invalid_xml", empty
  std::string fault_place;  // for the admin
  bool is_repaired = false;
};

// Reads one request after another; what was read of one is there until the next.
class RequestReader {
 public:
  // `rules` outlive it.
  explicit RequestReader(const BodyRules& rules) : rules_(rules) {}

  // Query and form; what can be read before the sender is known.
  RequestTree& read_fields(const hookline::HttpRequest& request);
  // The whole of it, into the tree.
  void read_body(const hookline::HttpRequest& request);
  // What values are made in, of this request.
  Room& room() { return room_; }

 private:
  void read_form(std::string_view text, Fields& fields);
  std::string_view decoded(std::string_view text);
  std::string_view as_utf8(std::string_view text);
  void plant(const Fields& fields);
  void plant(std::string_view name, std::string_view value);
  bool take_json(std::string_view text, std::string_view where);
  void put_over(Node above);
  void unwrap(const std::string& name);

  const BodyRules& rules_;
  Room room_;
  JsonReader json_;
  RequestTree read_;
};

}  // namespace webhook
