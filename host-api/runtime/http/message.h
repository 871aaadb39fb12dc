// A request and its answer, as values. Nothing of a request is decoded: a
// signature may cover any byte of it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "values/instant.h"

namespace hkl {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;  // as sent, in order

struct HttpRequest {
  std::string method, target;  // "/hooks/mango/events/call?x=1"
  HttpHeaders headers;
  std::string body;
  bool keeps_alive = true;
  bool is_old = false;  // of HTTP/1.0: knows no chunks
  // By the server:
  std::string peer;  // address of the sender, behind proxies that are trusted
  bool is_tls = false;
  Instant received_at{};

  // The first of that name, in any case; empty where there is none.
  std::string_view header(std::string_view name) const;
  std::string_view path() const { return std::string_view(target).substr(0, target.find('?')); }
  std::string_view query() const {
    const auto mark = target.find('?');
    return mark == std::string::npos ? std::string_view() : std::string_view(target).substr(mark + 1);
  }
};

struct HttpReply {
  std::uint32_t status = 200;
  std::string content_type, body;
  HttpHeaders headers;
};

// An answer in words, for people and programs alike: {"error": "…"}.
HttpReply http_error(std::uint32_t status, std::string_view what);
// "Not Found"; "Status" for a number without a name.
std::string_view reason_phrase(std::uint32_t status);

bool same_header(std::string_view a, std::string_view b);
// "%D0%9F" to bytes; `plus_is_space` as in forms and queries. What is no
// escape stays as it stands.
std::string percent_decoded(std::string_view text, bool plus_is_space);
// The value of one parameter of a query, decoded; empty where there is none.
std::string query_value(std::string_view query, std::string_view name);

}  // namespace hkl
