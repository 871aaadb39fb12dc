// One row of CDR, understood: who is on its two sides, and which of its times
// can be believed.
#pragma once

#include <optional>

#include "layout.h"
#include "record_time.h"
#include "settings.h"

namespace asterisk {

struct CdrRow {
  std::string_view channel, other;  // names; the second may be empty
  ChannelName from, to;             // what they lead to
  // Rows of a local pair's halves join their call by the conversation alone.
  bool has_conversation = false;
  std::string_view app, data;
  std::string call_ref;  // the conversation, else the channel, else made of its name
  std::uint64_t sequence = 0;
  std::int64_t started_ms = 0, ended_ms = 0;
  // When a person took it. `answer` is that only where the switch had not
  // picked up before (a queue, a menu, a call handed on): there it is the
  // moment the row began, ringing counts as talk, and nobody knows.
  std::optional<std::int64_t> answered_ms;
  bool is_answered = false;  // disposition
  // The first side was itself rung (AppDial): no caller.
  bool is_callee = false;
};

// Nothing for what is no row of CDR. Views into `record`.
std::optional<CdrRow> read_row(const Record& record, const Numbering& numbering, const hookline::Host& host);

// The name in `"Ольга \"K\"" <101>`.
std::string caller_name(std::string_view clid);

}  // namespace asterisk
