// Settings of a source that listens to AMI.
#pragma once

#include "numbering.h"

namespace asterisk {

struct Settings : NumberPlan {
  std::string_view host = "127.0.0.1";
  std::int64_t port = 5038;
  std::string_view username, secret;
  bool tls = false;
  std::string_view tls_ca;
  std::string_view event_mask = "call,agent,system,dialplan,reporting,cdr,dtmf,user";
  hookline::Duration ping{20000};
  std::string_view dial_phone = "PJSIP/", dial_context = "from-internal";
};

}  // namespace asterisk

HOOKLINE_SETTINGS(asterisk::Settings, HOOKLINE_FIELD(host, "Name or address of the Asterisk").required(),
                  HOOKLINE_FIELD(port, "Its AMI port").range(1, 65535),
                  HOOKLINE_FIELD(username,
                                 "User of manager.conf, with read = all or call,agent,system,dialplan,reporting,dtmf")
                      .required(),
                  HOOKLINE_FIELD(secret, "That user's secret").required().secret(),
                  HOOKLINE_FIELD(tls, "Speak TLS (tlsenable in manager.conf)"),
                  HOOKLINE_FIELD(tls_ca, "PEM text of the authority to trust in place of the system's"),
                  ASTERISK_NUMBER_PLAN_FIELDS, HOOKLINE_FIELD(event_mask, "Event classes to ask for; on for all"),
                  HOOKLINE_FIELD(ping, "Silence after which the connection is tried").positive(),
                  HOOKLINE_FIELD(dial_phone,
                                 "What stands before an extension in the name of its channel, for ordered calls"),
                  HOOKLINE_FIELD(dial_context, "The dialplan's context in which ordered calls go on"))
