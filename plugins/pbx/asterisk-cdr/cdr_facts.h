// What one row of CDR means: summaries of the call and of its legs, made from
// the row alone. A call has a row for each pair of parties; the host joins
// them by their conversation.
#pragma once

#include <functional>
#include <string>

#include "cdr_row.h"
#include "hookline/events.h"

namespace asterisk {

using Emit = std::function<void(const hkl_call_event& event)>;

class CdrFacts {
 public:
  CdrFacts(const CdrSettings& settings, const hookline::Host& host)
      : settings_(settings), numbering_(settings), host_(host) {}

  // False for what is no row of CDR.
  bool of(const Record& record, const Emit& emit) const;

 private:
  struct Draft;
  std::uint32_t direction(const Draft& draft) const;
  bool dials_a_phone(const Draft& draft) const;
  std::string_view client(const Draft& draft) const;
  void call(Draft& draft) const;
  void caller(Draft& draft) const;
  void callee(Draft& draft) const;
  void place(Draft& draft) const;
  std::string_view line(const Draft& draft) const;
  std::uint32_t reason(const Draft& draft) const;
  std::string extra(const Record& record) const;

  const CdrSettings& settings_;
  Numbering numbering_;
  const hookline::Host& host_;
};

// Makes the settings' layouts ready; `settings` outlives them.
LayoutBook cdr_layouts(const CdrSettings& settings);

}  // namespace asterisk
