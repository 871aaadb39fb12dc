// /api/v1/openapi.json: the table of routes, and schemas of what they answer.
#include <nlohmann/json.hpp>

#include "hookline/types.h"
#include "rest/routes.h"
#include "rest_schemas.h"

namespace hkl {
namespace {

using Json = nlohmann::ordered_json;

Json reference(const std::string& name) { return {{"$ref", "#/components/schemas/" + name}}; }

Json parameters_of(const RestRoute& route) {
  auto list = Json::array();
  for (std::size_t at = route.pattern.find('{'); at != std::string::npos; at = route.pattern.find('{', at + 1)) {
    const auto name = route.pattern.substr(at + 1, route.pattern.find('}', at) - at - 1);
    list.push_back({{"name", name}, {"in", "path"}, {"required", true}, {"schema", {{"type", "string"}}}});
  }
  for (const auto& parameter : route.query)
    list.push_back({{"name", parameter.name},
                    {"in", "query"},
                    {"required", parameter.is_needed},
                    {"description", parameter.what},
                    {"schema", {{"type", parameter.type}}}});
  return list;
}

Json answers_of(const RestRoute& route) {
  const bool is_stream = route.schema == "Events";
  Json good = {{"description", "as it is"}};
  if (is_stream) {
    good["content"] = {{"text/event-stream", {{"schema", {{"type", "string"}}}}}};
  } else if (route.schema == "Recording") {
    good["content"] = {{"audio/*", Json::object()}};
  } else {
    good["content"] = {{"application/json", {{"schema", reference(route.schema)}}}};
  }
  Json wrong = {{"description", "what is wrong, and how to mend it"},
                {"content", {{"application/problem+json", {{"schema", reference("Problem")}}}}}};
  Json answers = {{"200", std::move(good)}};
  if (route.schema == "Recording") answers["302"] = {{"description", "it is elsewhere"}};
  answers["default"] = std::move(wrong);
  return answers;
}

Json operation(const RestRoute& route) {
  Json one = {{"operationId", route.id}, {"summary", route.what}, {"parameters", parameters_of(route)}};
  if (!route.body.empty()) {
    const bool is_json = route.body == "application/json";
    one["requestBody"] = {
        {"required", true},
        {"content", {{route.body, {{"schema", is_json ? reference("Order") : Json{{"type", "string"}}}}}}}};
  }
  one["responses"] = answers_of(route);
  if (route.schema == "OpenApi") one["security"] = Json::array();
  return one;
}

}  // namespace

std::string openapi_text() {
  auto paths = Json::object();
  for (const auto& route : rest_routes()) {
    auto method = route.method;
    for (auto& c : method) c = static_cast<char>(c - 'A' + 'a');
    paths[std::string(kApiPrefix) + route.pattern][method] = operation(route);
  }
  const Json all = {
      {"openapi", "3.1.0"},
      {"info",
       {{"title", "Hookline"},
        {"version", HKL_VERSION_TEXT},
        {"summary", "Calls, inquiries, leads, tasks, contacts, reports and the rows behind their figures"}}},
      {"security", {{{"key", Json::array()}}}},
      {"paths", std::move(paths)},
      {"components",
       {{"securitySchemes", {{"key", {{"type", "http"}, {"scheme", "bearer"}}}}},
        {"schemas", Json::parse(kEmbedded[0].text)}}}};
  return all.dump(1);
}

}  // namespace hkl
