#include "config/yaml_files.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

namespace hkl {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kLargestFile = 16u << 20;
constexpr std::size_t kDeepestInclude = 16;

std::optional<std::string> content_of(const fs::path& path, std::string& why) {
  std::error_code code;
  if (fs::is_directory(path, code)) {
    why = "it is a folder";
    return std::nullopt;
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    why = std::strerror(errno);
    return std::nullopt;
  }
  if (const auto size = fs::file_size(path, code); !code && size > kLargestFile) {
    why = "it is larger than 16 MiB";
    return std::nullopt;
  }
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

class Files {
 public:
  explicit Files(std::vector<Complaint>& complaints) : complaints_(complaints) {}

  YamlNode read(const fs::path& path, const Place* from) {
    std::string why;
    const auto text = content_of(path, why);
    if (!text) {
      complaints_.push_back(from == nullptr
                                ? Complaint{path.string(), 0, 0, fmt::format("cannot be read: {}", why)}
                                : complaint_at(*from, fmt::format("{} cannot be read: {}", path.string(), why)));
      return {};
    }
    const auto is_same = [&](const fs::path& other) { return other == path; };
    if (std::any_of(open_.begin(), open_.end(), is_same) || open_.size() >= kDeepestInclude) {
      complaints_.push_back(complaint_at(*from, fmt::format("{} includes itself", path.string())));
      return {};
    }
    open_.push_back(path);
    auto root = parse_yaml(*text, path.string(), complaints_);
    resolve(root, path.parent_path());
    if (root.kind == YamlNode::Kind::map) add_included(root, path.parent_path());
    open_.pop_back();
    return root;
  }

 private:
  void resolve(YamlNode& node, const fs::path& folder) {
    for (auto& item : node.items) resolve(item, folder);
    for (auto& member : node.members) resolve(member.value, folder);
    if (node.tag == "!secret") return take_secret(node, folder);
    if (node.tag == "!include") {
      const auto place = node.place;
      node = read(folder / node.text, &place);
      return;
    }
    if (!node.tag.empty() && !node.tag.starts_with("tag:yaml.org,2002:")) {
      complaints_.push_back(
          complaint_at(node.place, fmt::format("there is no tag \"{}\"; there are !secret and !include", node.tag)));
      return;
    }
    if (node.kind == YamlNode::Kind::scalar) take_environment(node);
  }

  void take_secret(YamlNode& node, const fs::path& folder) {
    const auto path = folder / node.text;
    node.tag.clear();
    node.is_secret = true;
    node.is_plain = false;
    struct stat about {};
    if (::stat(path.c_str(), &about) == 0 && (about.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
      complaints_.push_back(complaint_at(
          node.place,
          fmt::format("{} may be read by others than its owner; do chmod 600 {}", path.string(), node.text)));
      return;
    }
    std::string why;
    const auto text = content_of(path, why);
    if (!text) {
      complaints_.push_back(complaint_at(node.place, fmt::format("{} cannot be read: {}", path.string(), why)));
      return;
    }
    node.text = text->substr(0, text->find_first_of("\r\n"));
  }

  void take_environment(YamlNode& node) {
    std::string out;
    std::string_view rest = node.text;
    for (auto at = rest.find("${"); at != std::string_view::npos; at = rest.find("${")) {
      if (at > 0 && rest[at - 1] == '$') {  // $${…} stands for itself
        out += rest.substr(0, at - 1);
        const auto end = rest.find('}', at);
        const auto length = end == std::string_view::npos ? rest.size() - at : end - at + 1;
        out += rest.substr(at, length);
        rest.remove_prefix(at + length);
        continue;
      }
      const auto end = rest.find('}', at);
      if (end == std::string_view::npos) break;
      out += rest.substr(0, at);
      const auto inside = rest.substr(at + 2, end - at - 2);
      const auto mark = inside.find(":-");
      node.is_plain = true;  // "${PORT}" must be quoted in {…}, and is a number all the same
      const std::string name(inside.substr(0, mark));
      if (const char* value = std::getenv(name.c_str()); value != nullptr) {
        out += value;
      } else if (mark != std::string_view::npos) {
        out += inside.substr(mark + 2);
      } else {
        complaints_.push_back(complaint_at(
            node.place,
            fmt::format("the environment has no {0}; set it, or write ${{{0}:-…}} with what to take without it",
                        name)));
      }
      rest.remove_prefix(end + 1);
    }
    out += rest;
    node.text = std::move(out);
  }

  void add_included(YamlNode& root, const fs::path& folder) {
    const auto* include = root.member("include");
    if (include == nullptr) return;
    const auto names = *include;
    for (const auto& item : names.items) {
      if (item.kind != YamlNode::Kind::scalar) continue;  // the schema complains
      auto more = read(folder / item.text, &item.place);
      if (more.kind == YamlNode::Kind::null) continue;
      if (more.kind != YamlNode::Kind::map) {
        complaints_.push_back(complaint_at(more.place, "an included file holds keys like the main one"));
        continue;
      }
      merge(root, std::move(more));
    }
  }

  void merge(YamlNode& into, YamlNode from) {
    for (auto& member : from.members) {
      YamlNode* there = nullptr;
      for (auto& own : into.members)
        if (own.name == member.name) there = &own.value;
      if (there == nullptr) {
        into.members.push_back(std::move(member));
      } else if (there->kind == YamlNode::Kind::list && member.value.kind == YamlNode::Kind::list) {
        for (auto& item : member.value.items) there->items.push_back(std::move(item));
      } else if (there->kind == YamlNode::Kind::map && member.value.kind == YamlNode::Kind::map) {
        merge(*there, std::move(member.value));
      } else if (member.name != "hookline") {  // an included file may say its version too
        complaints_.push_back(complaint_at(
            member.place, fmt::format("\"{}\" stands in {} line {} already; keep one of the two", member.name,
                                      there->place.file ? *there->place.file : "", there->place.line)));
      }
    }
  }

  std::vector<Complaint>& complaints_;
  std::vector<fs::path> open_;
};

}  // namespace

YamlNode read_yaml_files(const std::string& path, std::vector<Complaint>& complaints) {
  return Files(complaints).read(path, nullptr);
}

YamlNode read_yaml_beside(const std::string& main_path, const std::string& file, const Place& from,
                          std::vector<Complaint>& complaints) {
  const auto folder = fs::path(main_path).parent_path();
  auto path = folder / file;
  std::error_code ignored;
  if (!fs::exists(path, ignored) && fs::exists(folder / "config" / file, ignored)) path = folder / "config" / file;
  return Files(complaints).read(path, &from);
}

}  // namespace hkl
