#include "xml_tree.h"

#include <expat.h>

#include <memory>
#include <string>
#include <vector>

#include "text_repair.h"

namespace webhook {
namespace {

using Json = nlohmann::json;
constexpr std::size_t kDepthAtMost = 32;

struct Element {
  std::string name, text;
  Json members = Json::object();
};

struct Reader {
  XML_Parser parser = nullptr;
  std::vector<Element> open;
  Json root;
};

void add(Json& members, const std::string& name, Json value) {
  const auto found = members.find(name);
  if (found == members.end()) {
    members[name] = std::move(value);
  } else if (found->is_array()) {
    found->push_back(std::move(value));
  } else {
    *found = Json::array({*found, std::move(value)});
  }
}

// Names without their namespace's prefix.
std::string local_name(std::string_view name) {
  const auto colon = name.rfind(':');
  return std::string(colon == std::string_view::npos ? name : name.substr(colon + 1));
}

void begins(void* user, const char* name, const char** attributes) {
  auto& reader = *static_cast<Reader*>(user);
  if (reader.open.size() >= kDepthAtMost) {
    XML_StopParser(reader.parser, XML_FALSE);
    return;
  }
  Element element;
  element.name = local_name(name);
  for (; *attributes != nullptr; attributes += 2) add(element.members, local_name(attributes[0]), attributes[1]);
  reader.open.push_back(std::move(element));
}

void ends(void* user, const char*) {
  auto& reader = *static_cast<Reader*>(user);
  auto element = std::move(reader.open.back());
  reader.open.pop_back();
  const auto first = element.text.find_first_not_of(" \t\r\n");
  const auto text = first == std::string::npos
                        ? std::string()
                        : element.text.substr(first, element.text.find_last_not_of(" \t\r\n") - first + 1);
  if (!element.members.empty() && !text.empty()) element.members["$text"] = text;
  Json value = element.members.empty() ? Json(text) : std::move(element.members);
  if (reader.open.empty()) {
    reader.root = std::move(value);
  } else {
    add(reader.open.back().members, element.name, std::move(value));
  }
}

void says(void* user, const char* text, int size) {
  auto& reader = *static_cast<Reader*>(user);
  if (!reader.open.empty()) reader.open.back().text.append(text, static_cast<std::size_t>(size));
}

void defines(void* user, const char*, const char*, const char*, int) {
  XML_StopParser(static_cast<Reader*>(user)->parser, XML_FALSE);
}

}  // namespace

std::optional<Json> read_xml(std::string_view text, std::string_view charset) {
  const auto utf8 = profile::to_utf8(text, charset);
  Reader reader;
  const std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser(XML_ParserCreate("UTF-8"), XML_ParserFree);
  if (!parser) return std::nullopt;
  reader.parser = parser.get();
  XML_SetUserData(parser.get(), &reader);
  XML_SetElementHandler(parser.get(), begins, ends);
  XML_SetCharacterDataHandler(parser.get(), says);
  XML_SetStartDoctypeDeclHandler(parser.get(), defines);
  if (XML_Parse(parser.get(), utf8.data(), static_cast<int>(utf8.size()), 1) != XML_STATUS_OK) return std::nullopt;
  return std::move(reader.root);
}

}  // namespace webhook
