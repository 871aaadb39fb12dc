// What answers which request.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "app.h"

namespace crm {

using OpenRoute = std::function<Reply(App&, const Request&, const std::optional<Caller>&)>;

// Those that need nobody signed in: log-in, token, who am I. Else nullptr.
const OpenRoute* open_route(const Request& request);
// Everything else; 404 when there is none, 403 when it is for admins.
Reply signed_in_route(App& app, const Request& request, const Caller& caller);

// For a vendor's page that embeds a report (AppSettings::allow_origin).
Reply preflight(App& app, const Request& request);
void allow_origin(const App& app, const Request& request, Reply& reply);

// "__Host-…" where TLS allows it.
std::string session_cookie(bool is_secure);

// /api/v1/… passed to the library as the caller.
Reply pass_to_library(App& app, const Request& request, const Caller& caller);

// POST /crm/session, /crm/token; DELETE /crm/session; GET /crm/session.
Reply log_in(App& app, const Request& request, const std::optional<Caller>& caller);
Reply issue_token(App& app, const Request& request, const std::optional<Caller>& caller);
Reply who_am_i(App& app, const Request& request, const std::optional<Caller>& caller);
Reply log_out(App& app, const Request& request, const Caller& caller);
Reply prefer(App& app, const Request& request, const Caller& caller);

// What a page does with the records it shows; each first asks for the record
// as the caller, so that what one may not see one cannot change either.
Reply finish_task(App& app, const Request& request, const Caller& caller, const std::string& id);
Reply make_task(App& app, const Request& request, const Caller& caller);
Reply mark(App& app, const Request& request, const Caller& caller);
Reply change_lead(App& app, const Request& request, const Caller& caller, const std::string& id);
Reply merge_contact(App& app, const Request& request, const Caller& caller, const std::string& id);
// The call's recording, in parts where a player asks for them.
Reply hear_recording(App& app, const Request& request, const Caller& caller, const std::string& id);
Reply map_extension(App& app, const Request& request, const Caller& caller);

// Live calls, employees' presence, names, saved reports.
Reply live_calls(App& app, const Request& request, const Caller& caller);
Reply change_presence(App& app, const Request& request, const Caller& caller);
Reply directory(App& app, const Request& request, const Caller& caller);
Reply event_stream(App& app, const Request& request, const Caller& caller);
Reply saved_reports(App& app, const Request& request, const Caller& caller);

// For admins: the YAML and the audit log.
Reply show_config(App& app, const Request& request, const Caller& caller);
Reply check_config(App& app, const Request& request, const Caller& caller);
Reply apply_config(App& app, const Request& request, const Caller& caller);

}  // namespace crm
