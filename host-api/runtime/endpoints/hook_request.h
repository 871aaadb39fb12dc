// The address of a request on a source's route: what of it the adapter sees,
// and what its sender has signed.
#pragma once

#include <string>
#include <string_view>

#include "http/request_reader.h"
#include "plugins/instances.h"

namespace hkl {

// So much of a file tells whether it begins with a request.
inline constexpr std::size_t kRequestLineBegin = 16;
bool begins_request(std::string_view first_bytes);

// What follows the route: of a capture that is /hooks/NAME or /in/NAME, of
// whatever source; any other path is left whole.
std::string path_on_route(std::string_view path);

// The address as its sender knows it. `public_url` stands for the route; when
// it is empty it is what was asked: scheme, Host and target.
std::string public_address(const std::string& public_url, const HttpRequest& request, std::string_view path);

// The request as it may lie in a capture: what was sent, its length told by
// Content-Length however it came.
std::string wire_text(const HttpRequest& request);

// What is answered to a request that is none; the reasons are body_too_large,
// headers_too_large and malformed_request.
HookReply reply_of(const HttpFault& fault);

}  // namespace hkl
