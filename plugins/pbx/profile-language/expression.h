// Values and conditions of a profile: compiled once, asked for each request.
// The language is in README.md, sections "Values" and "Conditions".
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "hookline/sdk/host.h"
#include "hookline/sdk/pbx_http.h"
#include "node.h"
#include "place.h"

namespace profile {

// What a profile may refer to while it is compiled.
struct Vocabulary {
  const Json* tables = nullptr;    // tables of the profile
  const Json* settings = nullptr;  // the source's, defaults filled in
  Node given;                      // the same, for scopes
  // Where tables stand as nodes, for as long as anything that was compiled.
  std::shared_ptr<Room> constants = std::make_shared<Room>();
  std::vector<std::string> withheld;
  std::string timezone, region;
  hookline::Host host;
  // Messages are HTTP requests: $path, $method and $header.X mean something.
  // Else they are printed records, which may go on from one to the next: $before.
  bool is_of_requests = true;
};

// What a value may see of a message.
struct Scope {
  const hookline::HttpRequest& request;  // of a printed record peer and received_ms alone
  Node tree;                             // of the message, or the element of a `for`
  Node whole;                            // of the message
  Node settings;
  Room& room;   // what values are made in; they live as long as the message
  Node before;  // the record of the same call that this one goes on from; nothing: there is none
};

using Step = std::function<Node(Node, const Scope&)>;
// "phone", "map:direction"; fails at `place` on one that is not there.
Step make_step(std::string_view text, const Vocabulary& words, const Place& place);

class Value {
 public:
  Value() = default;
  // Text of the language, a number, true, or a map {if: …}, {cases: …}, {plus: …}.
  static Value compile(const Json& source, const Vocabulary& words, const Place& place);
  bool is_set() const { return made_ != nullptr; }
  // Nothing where it is not there. Valid as long as the message and its room.
  Node of(const Scope& scope) const {
    if (made_ == nullptr) return {};
    if (made_->eval) return made_->eval(scope);
    const auto member = at_path(scope.tree, made_->path);
    return is_there(member) ? member : Node();
  }

 private:
  using Eval = std::function<Node(const Scope&)>;
  struct Made {
    Eval eval;                      // not set: the member at `path`
    std::vector<std::string> path;  // "a.b.0" in its parts
  };
  explicit Value(Made made) : made_(std::make_shared<const Made>(std::move(made))) {}
  std::shared_ptr<const Made> made_;
};

class Condition {
 public:
  Condition() = default;  // always holds
  static Condition compile(const Json& source, const Vocabulary& words, const Place& place);
  bool holds(const Scope& scope) const;

 private:
  using Test = std::function<bool(const Scope&)>;
  std::vector<Test> tests_;
};

}  // namespace profile
