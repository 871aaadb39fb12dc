// What a channel leads to: a phone of ours or the outside world. Gateways,
// sign-in names and the company's numbering tell; contexts are the dialplan's
// own business.
#pragma once

#include <string>
#include <string_view>

#include "hookline/sdk/settings.h"

namespace freeswitch {

struct Settings {
  std::string_view host = "127.0.0.1";
  std::int64_t port = 8021;
  std::string_view password;
  std::string_view format = "json";
  hookline::Texts extensions, trunks, own_numbers;
  std::string_view outside_prefix;
  hookline::Texts request_variables{kRequestVariables, 1};
  hookline::Duration ping{30000};
  std::string_view dial_phone = "user/", dial_domain, dial_context = "default";
  std::string_view cdr_username, cdr_password;

  static constexpr std::string_view kRequestVariables[] = {"hookline_request"};
  static constexpr std::string_view kFormats[] = {"json", "plain"};
};

class Numbering {
 public:
  explicit Numbering(const Settings& settings) : settings_(settings) {}

  bool is_extension(std::string_view number) const;
  bool is_own(std::string_view number) const;
  // A gateway, profile or host that leads to the outside world.
  bool is_trunk(std::string_view name) const;
  // A number as sent to the carrier, without what the phone dials before it.
  std::string_view without_prefix(std::string_view dialled) const;

 private:
  const Settings& settings_;
};

// "101@pbx.example" -> "101".
std::string_view user_of(std::string_view address);
// Words that stand for a withheld number, in any case; and what has no figure.
bool is_withheld(std::string_view number);

}  // namespace freeswitch

HOOKLINE_SETTINGS(
    freeswitch::Settings, HOOKLINE_FIELD(host, "Name or address of the FreeSWITCH").required(),
    HOOKLINE_FIELD(port, "Its Event Socket port").range(1, 65535),
    HOOKLINE_FIELD(password, "Password of event_socket.conf.xml").required().secret(),
    HOOKLINE_FIELD(format, "How events are asked for").one_of(freeswitch::Settings::kFormats),
    HOOKLINE_FIELD(extensions,
                   "Numbers of your phones: 101, or patterns such as 1XX (X 0-9, Z 1-9, N 2-9, . the rest); "
                   "empty: every number of up to six figures"),
    HOOKLINE_FIELD(trunks, "Gateways, SIP profiles and hosts that lead to carriers; empty: whatever is no extension"),
    HOOKLINE_FIELD(own_numbers, "Your own outside numbers, as the carrier sends them"),
    HOOKLINE_FIELD(outside_prefix, "What a phone dials before an outside number, e.g. 9"),
    HOOKLINE_FIELD(request_variables, "Channel variables that carry the id of a click-to-call order"),
    HOOKLINE_FIELD(ping, "Silence after which the connection is tried").positive(),
    HOOKLINE_FIELD(dial_phone, "What stands before an extension in a dial string, for ordered calls"),
    HOOKLINE_FIELD(dial_domain, "What stands behind it after an @, where the directory has several domains"),
    HOOKLINE_FIELD(dial_context, "The dialplan's context in which ordered calls go on"),
    HOOKLINE_FIELD(cdr_username, "User name with which mod_json_cdr posts its records"),
    HOOKLINE_FIELD(cdr_password, "Its password; empty: no records are taken").secret())
