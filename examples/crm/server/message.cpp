#include "message.h"

#include <Poco/Net/HTTPResponse.h>

namespace crm {
namespace {

std::string found(const std::map<std::string, std::string>& map, const std::string& name) {
  const auto it = map.find(name);
  return it == map.end() ? "" : it->second;
}

}  // namespace

std::string Request::header(const std::string& name) const { return found(headers, name); }
std::string Request::cookie(const std::string& name) const { return found(cookies, name); }

std::string Request::parameter(std::string_view name) const {
  for (const auto& [key, value] : query)
    if (key == name) return value;
  return "";
}

Reply json_reply(const nlohmann::ordered_json& value, int status) {
  Reply reply;
  reply.status = status;
  // A name may hold bytes that are no UTF-8; it must not take the page down.
  reply.body = value.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  return reply;
}

Reply problem(int status, const std::string& detail) {
  using Poco::Net::HTTPResponse;
  auto reply = json_reply({{"type", "about:blank"},
                           {"title", HTTPResponse::getReasonForStatus(static_cast<HTTPResponse::HTTPStatus>(status))},
                           {"status", status},
                           {"detail", detail}},
                          status);
  reply.type = "application/problem+json";
  return reply;
}

std::optional<nlohmann::json> json_body(const Request& request) {
  auto value = nlohmann::json::parse(request.body, nullptr, false);
  if (!value.is_object()) return std::nullopt;
  return value;
}

std::string text_of(const nlohmann::json& object, const char* name) {
  const auto it = object.find(name);
  return it != object.end() && it->is_string() ? it->get<std::string>() : "";
}

}  // namespace crm
