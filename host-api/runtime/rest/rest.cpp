#include "rest/rest.h"

#include <fmt/format.h>

#include "http/routes.h"
#include "rest/routes.h"

namespace hkl {
namespace {

// The patterns alone, in the table's order, for finding the one that fits.
HttpRoutes patterns() {
  HttpRoutes routes;
  for (const auto& route : rest_routes()) {
    HttpRoute pattern;
    pattern.pattern = std::string(kApiPrefix) + route.pattern;
    pattern.methods = {route.method};
    routes.add(std::move(pattern));
  }
  return routes;
}

Done refuse(RestReply& reply, const HttpReply& refusal) {
  reply.head.status = refusal.status;
  reply.head.content_type = "application/problem+json";
  reply.head.headers = refusal.headers;
  return {};
}

Done answer(RestBackend& backend, const RestRequest& request, RestReply& reply) {
  static const auto known = patterns();
  HttpRequest asked;
  asked.method = request.method;
  asked.target = request.target;
  auto found = known.find(asked);
  if (found.route == nullptr) {
    if (auto refused = refuse(reply, found.refusal); !refused) return refused;
    const auto detail =
        found.refusal.status == 405
            ? fmt::format("{} does not take {}", asked.path(), request.method)
            : fmt::format("there is nothing at {}; /api/v1/openapi.json lists what there is", asked.path());
    return reply.text(problem_json(found.refusal.status, detail));
  }
  const auto index = static_cast<std::size_t>(found.route - known.all().data());
  RestCall call{backend, request, std::move(found.names), RestQuery(asked.query()), reply};
  return rest_routes()[index].answer(call);
}

}  // namespace

Done answer_rest(RestBackend& backend, const RestRequest& request, RestSink& sink) {
  RestReply reply(sink);
  Done made;
  try {
    made = answer(backend, request, reply);
  } catch (const std::exception& error) {
    made = fail(HKL_INTERNAL, error.what());
  }
  return reply.finish(made);
}

const std::vector<RestRoute>& rest_routes() {
  static const auto routes = [] {
    std::vector<RestRoute> all;
    for (auto part : {list_routes(), report_routes(), recording_routes(), action_routes()})
      all.insert(all.end(), std::make_move_iterator(part.begin()), std::make_move_iterator(part.end()));
    return all;
  }();
  return routes;
}

}  // namespace hkl
