#include "http/routes.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace hkl {
namespace {

constexpr std::string_view kRest = "…";

// Whether the path is the pattern's; fills in what it leaves open.
bool fits(std::string_view pattern, std::string_view path, HttpRoutes::Found& found) {
  const bool is_open = pattern.ends_with(kRest);
  if (is_open) pattern.remove_suffix(kRest.size());
  for (;;) {
    if (pattern.empty()) {
      found.rest = path;
      return path.empty() || (is_open && path.starts_with('/'));
    }
    const auto end = std::min(pattern.find('/', 1), pattern.size());
    const auto piece = pattern.substr(0, end);
    const auto path_end = std::min(path.find('/', 1), path.size());
    const auto given = path.substr(0, path_end);
    if (piece.starts_with("/{")) {
      if (given.size() < 2) return false;
      found.names[std::string(piece.substr(2, piece.size() - 3))] = percent_decoded(given.substr(1), false);
    } else if (piece != given) {
      return false;
    }
    pattern.remove_prefix(end);
    path.remove_prefix(path_end);
  }
}

bool takes(const HttpRoute& route, const std::string& method) {
  const auto& methods = route.methods;
  const auto& asked = method == "HEAD" ? std::string("GET") : method;
  return methods.empty() || std::find(methods.begin(), methods.end(), asked) != methods.end();
}

}  // namespace

void HttpRoutes::add(HttpRoute route) { routes_.push_back(std::move(route)); }

HttpRoutes::Found HttpRoutes::find(const HttpRequest& request) const {
  std::string allowed;
  for (const auto& route : routes_) {
    Found found;
    if (!fits(route.pattern, request.path(), found)) continue;
    if (takes(route, request.method)) {
      found.route = &route;
      return found;
    }
    for (const auto& method : route.methods) allowed += (allowed.empty() ? "" : ", ") + method;
  }
  Found none;
  if (allowed.empty()) {
    none.refusal = http_error(404, fmt::format("there is nothing at {}", request.path()));
  } else {
    none.refusal = http_error(405, fmt::format("{} takes {}, not {}", request.path(), allowed, request.method));
    none.refusal.headers.emplace_back("Allow", allowed);
  }
  return none;
}

}  // namespace hkl
