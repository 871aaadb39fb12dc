// The API under /api/v1: one table of routes, answered the same for a CRM that
// hands requests in (hkl_answer_api) and for the runtime's own HTTP server.
#pragma once

#include "rest/backend.h"
#include "rest/reply.h"

namespace hkl {

// A request whose sender is known.
struct RestRequest {
  std::string method, target;  // "/api/v1/calls?limit=10"
  std::string_view body;
  Asker asker;
};

inline constexpr std::string_view kApiPrefix = "/api/v1";

// Of a report in that format, "json" to "svg" (hkl_report_query); empty: there is no such format.
std::string_view content_type_of_report(std::string_view format);

// Answers it, with a page that says why where something is wrong. Fails only
// where the sink takes no more, or where an answer broke off after it began.
Done answer_rest(RestBackend& backend, const RestRequest& request, RestSink& sink);

}  // namespace hkl
