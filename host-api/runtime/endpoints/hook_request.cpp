#include "endpoints/hook_request.h"

#include <fmt/format.h>

#include <algorithm>

namespace hkl {

bool begins_request(std::string_view first_bytes) {
  const auto space = first_bytes.find(' ');
  const auto method = first_bytes.substr(0, space);
  const bool is_method =
      method.size() >= 3 && std::all_of(method.begin(), method.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  const auto target = space == std::string_view::npos ? std::string_view() : first_bytes.substr(space + 1);
  return is_method && (target.starts_with('/') || target.starts_with("http"));
}

std::string path_on_route(std::string_view path) {
  for (const std::string_view prefix : {"/hooks/", "/in/"}) {
    if (!path.starts_with(prefix)) continue;
    const auto end = path.find('/', prefix.size());
    return end == std::string_view::npos ? std::string() : std::string(path.substr(end));
  }
  return std::string(path);
}

std::string public_address(const std::string& public_url, const HttpRequest& request, std::string_view path) {
  if (public_url.empty())
    return fmt::format("{}://{}{}", request.is_tls ? "https" : "http", request.header("Host"), request.target);
  const auto mark = request.target.find('?');
  const auto query = mark == std::string::npos ? std::string_view() : std::string_view(request.target).substr(mark);
  auto url = public_url;
  while (url.ends_with('/')) url.pop_back();
  return url.append(path).append(query);
}

std::string wire_text(const HttpRequest& request) {
  auto text = fmt::format("{} {} HTTP/1.1\r\n", request.method, request.target);
  for (const auto& [name, value] : request.headers) {
    if (same_header(name, "Content-Length") || same_header(name, "Transfer-Encoding") || same_header(name, "Expect"))
      continue;
    text += fmt::format("{}: {}\r\n", name, value);
  }
  if (!request.body.empty()) text += fmt::format("Content-Length: {}\r\n", request.body.size());
  return text + "\r\n" + request.body;
}

HookReply reply_of(const HttpFault& fault) {
  const char* reason = fault.status == 413   ? "body_too_large"
                       : fault.status == 431 ? "headers_too_large"
                                             : "malformed_request";
  const auto said = http_error(fault.status, fault.why);
  return {HKL_VERDICT_REJECT, fault.status, said.content_type, said.body, reason};
}

}  // namespace hkl
