// What a channel leads to, from its name and the company's numbering: the
// dialplan's contexts are nobody's business (peers put them first and are
// wrong on every second site).
#pragma once

#include <string>
#include <string_view>

#include "hookline/sdk/settings.h"

namespace asterisk {

// The company's numbering, as settings that all Asterisk plugins share.
struct NumberPlan {
  hookline::Texts extensions, trunks;
  std::string_view outside_prefix;
  hookline::Texts own_numbers;
};

#define ASTERISK_NUMBER_PLAN_FIELDS                                                                              \
  HOOKLINE_FIELD(extensions,                                                                                     \
                 "Numbers of your phones: 101, or patterns such as 1XX (X 0-9, Z 1-9, N 2-9, . the rest); "      \
                 "empty: every name of up to six figures"),                                                      \
      HOOKLINE_FIELD(trunks, "Names of trunks as they stand in channel names; empty: whatever is no extension"), \
      HOOKLINE_FIELD(outside_prefix, "What a phone dials before an outside number, e.g. 9"),                     \
      HOOKLINE_FIELD(own_numbers, "Your own outside numbers, as the carrier sends them")

struct ChannelName {
  std::uint32_t kind = 0;       // HKL_CHANNEL_KIND_…
  std::string_view technology;  // "PJSIP"
  std::string_view peer;        // "101", "trunk-a", "101@ext-queue"
  bool is_second_half = false;  // Local/…;2
};

// Pure; `plan` outlives it.
class Numbering {
 public:
  explicit Numbering(const NumberPlan& plan) : plan_(plan) {}

  // "PJSIP/101-0000001d", "Local/101@ext-queue-00000003;1", "DAHDI/i1/…-5".
  ChannelName name(std::string_view channel) const;
  // The extension that a channel's name leads to; empty for a trunk.
  std::string_view extension_of(std::string_view channel) const;
  bool is_extension(std::string_view number) const;
  bool is_own_number(std::string_view number) const;
  // A number as sent to the carrier, without what the phone dials before it.
  std::string_view without_prefix(std::string_view dialled) const;

 private:
  const NumberPlan& plan_;
};

// Words that stand for a withheld number, in any case.
bool is_withheld(std::string_view number);

// The outside number in what Dial() was told: "12125550177" of
// "PJSIP/12125550177@trunk-a,30,TK" and of "SIP/trunk-a/12125550177".
std::string_view dialled_number(std::string_view dial_string);

}  // namespace asterisk
