// What a channel leads to, from its name and the company's numbering: the
// dialplan's contexts are nobody's business (peers put them first and are
// wrong on every second site).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hookline/sdk/settings.h"

namespace asterisk {

struct Settings {
  std::string_view host = "127.0.0.1";
  std::int64_t port = 5038;
  std::string_view username, secret;
  bool tls = false;
  std::string_view tls_ca;
  hookline::Texts extensions, trunks;
  std::string_view outside_prefix;
  hookline::Texts own_numbers;
  std::string_view event_mask = "call,agent,system,dialplan,reporting,cdr,dtmf,user";
  hookline::Duration ping{20000};
  std::string_view dial_phone = "PJSIP/", dial_context = "from-internal";
};

struct ChannelName {
  std::uint32_t kind = 0;       // HKL_CHANNEL_KIND_…
  std::string_view technology;  // "PJSIP"
  std::string_view peer;        // "101", "trunk-a", "101@ext-queue"
  bool is_second_half = false;  // Local/…;2
};

class Numbering {
 public:
  explicit Numbering(const Settings& settings) : settings_(settings) {}

  // "PJSIP/101-0000001d", "Local/101@ext-queue-00000003;1", "DAHDI/i1/…-5".
  ChannelName name(std::string_view channel) const;
  bool is_extension(std::string_view number) const;
  // A number as sent to the carrier, without what the phone dials before it.
  std::string_view without_prefix(std::string_view dialled) const;

 private:
  const Settings& settings_;
};

// Words that stand for a withheld number, in any case.
bool is_withheld(std::string_view number);

}  // namespace asterisk

HOOKLINE_SETTINGS(
    asterisk::Settings, HOOKLINE_FIELD(host, "Name or address of the Asterisk").required(),
    HOOKLINE_FIELD(port, "Its AMI port").range(1, 65535),
    HOOKLINE_FIELD(username, "User of manager.conf, with read = all or call,agent,system,dialplan,reporting")
        .required(),
    HOOKLINE_FIELD(secret, "That user's secret").required().secret(),
    HOOKLINE_FIELD(tls, "Speak TLS (tlsenable in manager.conf)"),
    HOOKLINE_FIELD(tls_ca, "PEM text of the authority to trust in place of the system's"),
    HOOKLINE_FIELD(extensions,
                   "Numbers of your phones: 101, or patterns such as 1XX (X 0-9, Z 1-9, N 2-9, . the rest); "
                   "empty: every name of up to six figures"),
    HOOKLINE_FIELD(trunks, "Names of trunks as they stand in channel names; empty: whatever is no extension"),
    HOOKLINE_FIELD(outside_prefix, "What a phone dials before an outside number, e.g. 9"),
    HOOKLINE_FIELD(own_numbers, "Your own outside numbers, as the carrier sends them"),
    HOOKLINE_FIELD(event_mask, "Event classes to ask for; on for all"),
    HOOKLINE_FIELD(ping, "Silence after which the connection is tried").positive(),
    HOOKLINE_FIELD(dial_phone, "What stands before an extension in the name of its channel, for ordered calls"),
    HOOKLINE_FIELD(dial_context, "The dialplan's context in which ordered calls go on"))
