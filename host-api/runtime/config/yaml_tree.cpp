#include "config/yaml_tree.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <charconv>
#include <map>
#include <sstream>

namespace hkl {
namespace {

class Builder final : public YAML::EventHandler {
 public:
  Builder(std::shared_ptr<const std::string> file, std::vector<Complaint>& complaints)
      : file_(std::move(file)), complaints_(complaints) {}

  YamlNode take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { put(node(YamlNode::Kind::null, mark), anchor); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    put(found == anchors_.end() ? node(YamlNode::Kind::null, mark) : found->second, 0);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    if (!open_.empty() && open_.back().node.kind == YamlNode::Kind::map && !open_.back().has_name) {
      open_.back().name = value;
      open_.back().name_place = place(mark);
      open_.back().has_name = true;
      return;
    }
    auto scalar = node(YamlNode::Kind::scalar, mark);
    scalar.text = value;
    scalar.is_plain = tag == "?";
    if (tag != "?" && tag != "!") scalar.tag = tag;
    put(std::move(scalar), anchor);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    begin(YamlNode::Kind::list, mark, tag, anchor);
  }
  void OnSequenceEnd() override { end(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    begin(YamlNode::Kind::map, mark, tag, anchor);
  }
  void OnMapEnd() override { end(); }

 private:
  struct Open {
    YamlNode node;
    YAML::anchor_t anchor = 0;
    std::string name;
    Place name_place;
    bool has_name = false;
  };

  Place place(const YAML::Mark& mark) const { return {file_, mark.line + 1, mark.column + 1}; }
  YamlNode node(YamlNode::Kind kind, const YAML::Mark& mark) const {
    YamlNode made;
    made.kind = kind;
    made.place = place(mark);
    return made;
  }
  void begin(YamlNode::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    // A list or map cannot be the name of a member here.
    if (!open_.empty() && open_.back().node.kind == YamlNode::Kind::map && !open_.back().has_name) {
      complaints_.push_back(complaint_at(place(mark), "a name is needed here, not a list or map"));
      open_.back().has_name = true;
    }
    Open opened{node(kind, mark), anchor, {}, {}, false};
    if (tag != "?" && tag != "!") opened.node.tag = tag;
    open_.push_back(std::move(opened));
  }
  void end() {
    auto done = std::move(open_.back());
    open_.pop_back();
    put(std::move(done.node), done.anchor);
  }
  void put(YamlNode made, YAML::anchor_t anchor) {
    if (anchor != 0) anchors_[anchor] = made;
    if (open_.empty()) {
      root_ = std::move(made);
      return;
    }
    auto& around = open_.back();
    if (around.node.kind == YamlNode::Kind::list) {
      around.node.items.push_back(std::move(made));
      return;
    }
    if (!around.has_name) {  // "? " or "~:": a null name
      around.has_name = true;
      around.name.clear();
      around.name_place = made.place;
      return;
    }
    around.has_name = false;
    if (const auto* before = around.node.member(around.name)) {
      complaints_.push_back(complaint_at(
          around.name_place, fmt::format("\"{}\" is written twice; the first stands in line {}. Keep one of the two",
                                         around.name, before->place.line)));
      return;
    }
    around.node.members.push_back({std::move(around.name), around.name_place, std::move(made)});
  }

  std::shared_ptr<const std::string> file_;
  std::vector<Complaint>& complaints_;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, YamlNode> anchors_;
  YamlNode root_;
};

bool is_index(const std::string& step) {
  return !step.empty() && step.find_first_not_of("0123456789") == std::string::npos;
}

}  // namespace

// YAML 1.2, 10.3.2: what a plain scalar is.
nlohmann::json plain_json(const std::string& text) {
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") return nullptr;
  if (text == "true" || text == "True" || text == "TRUE") return true;
  if (text == "false" || text == "False" || text == "FALSE") return false;
  const auto* begin = text.data();
  const auto* end = begin + text.size();
  std::int64_t integer = 0;
  if (const auto read = std::from_chars(begin, end, integer); read.ec == std::errc() && read.ptr == end) {
    if (fmt::format("{}", integer) != text) return text;
    return integer;
  }
  double decimal = 0;
  const bool looks_like_number = text.find_first_not_of("0123456789-.eE") == std::string::npos;
  if (looks_like_number)
    if (const auto read = std::from_chars(begin, end, decimal); read.ec == std::errc() && read.ptr == end)
      return decimal;
  return text;
}

const YamlNode* YamlNode::member(std::string_view name) const {
  for (const auto& one : members)
    if (one.name == name) return &one.value;
  return nullptr;
}

std::string Complaint::str() const {
  if (line == 0) return fmt::format("{}: {}", file, text);
  return fmt::format("{}:{}:{}: {}", file, line, column, text);
}

Complaint complaint_at(const Place& place, std::string text) {
  return {place.file ? *place.file : "", place.line, place.column, std::move(text)};
}

YamlNode parse_yaml(const std::string& text, const std::string& file, std::vector<Complaint>& complaints) {
  const auto name = std::make_shared<const std::string>(file);
  Builder builder(name, complaints);
  std::istringstream stream(text);
  try {
    YAML::Parser parser(stream);
    parser.HandleNextDocument(builder);
  } catch (const YAML::Exception& error) {
    complaints.push_back(complaint_at({name, error.mark.line + 1, error.mark.column + 1},
                                      fmt::format("this is no YAML: {}", error.msg)));
    return {};
  }
  auto root = builder.take();
  if (!root.place.file) root.place = {name, 1, 1};
  return root;
}

nlohmann::json json_of(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::null:
      return nullptr;
    case YamlNode::Kind::scalar:
      return node.is_plain ? plain_json(node.text) : nlohmann::json(node.text);
    case YamlNode::Kind::list: {
      auto list = nlohmann::json::array();
      for (const auto& item : node.items) list.push_back(json_of(item));
      return list;
    }
    case YamlNode::Kind::map:
      break;
  }
  auto object = nlohmann::json::object();
  for (const auto& member : node.members) object[member.name] = json_of(member.value);
  return object;
}

TreePath operator/(TreePath path, std::string step) {
  path.push_back(std::move(step));
  return path;
}
TreePath operator/(TreePath path, std::size_t item) { return std::move(path) / std::to_string(item); }

const YamlNode* node_at(const YamlNode& root, const TreePath& path) {
  const auto* at = &root;
  for (const auto& step : path) {
    if (at->kind == YamlNode::Kind::list && is_index(step)) {
      at = std::stoul(step) < at->items.size() ? &at->items[std::stoul(step)] : nullptr;
    } else {
      at = at->member(step);
    }
    if (at == nullptr) return nullptr;
  }
  return at;
}

Place place_of(const YamlNode& root, const TreePath& path) {
  const auto* at = &root;
  auto place = root.place;
  for (const auto& step : path) {
    if (at->kind == YamlNode::Kind::list && is_index(step) && std::stoul(step) < at->items.size()) {
      at = &at->items[std::stoul(step)];
      place = at->place;
      continue;
    }
    const YamlNode::Member* found = nullptr;
    for (const auto& member : at->members)
      if (member.name == step) found = &member;
    if (found == nullptr) break;
    at = &found->value;
    place = found->place;  // the name's, which is where people look
  }
  return place;
}

std::string path_text(const TreePath& path) {
  std::string text;
  for (const auto& step : path) text += is_index(step) ? "[" + step + "]" : (text.empty() ? "" : ".") + step;
  return text;
}

}  // namespace hkl
