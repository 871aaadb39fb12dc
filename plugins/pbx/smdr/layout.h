// The layout of a PBX's printed records, compiled for one source: what a line
// means. The language is described in README.md. Not to be moved, its parts
// point into it.
#pragma once

#include <memory>
#include <regex>

#include "call_chain.h"
#include "fact.h"
#include "hookline/sdk/pbx_adapter.h"
#include "line_shape.h"

namespace smdr {

struct SourceSettings {
  Json layout, secrets = Json::object(), values = Json::object();
  std::string timezone, region;
};

// What the PBX asks where we connect to it: `expect` is the whole of a line that
// waits, then `send` is said.
struct LoginStep {
  std::string expect, send;
};

class Layout {
 public:
  // Throws Failure(HKL_BAD_SETTINGS) with the place and what to do.
  Layout(SourceSettings settings, hookline::Host host);
  Layout(const Layout&) = delete;
  Layout& operator=(const Layout&) = delete;

  // No record: a page's header, an echo.
  bool is_skipped(const std::string& line) const;
  // Goes on the line before it.
  bool is_continued_by(const std::string& line) const;
  bool has_continuations() const { return continued_by_.has_value(); }
  const std::vector<LoginStep>& login() const { return login_; }

  struct Line {
    std::string text;
    std::uint64_t connection = 0;
    std::string peer;
    std::int64_t received_ms = 0;
  };
  // Tells what the line says; a line that says nothing is skipped with the reason.
  void tell(const Line& line, CallChains& chains, hookline::Output& out) const;
  const std::string& charset() const { return charset_; }

 private:
  struct Kind {
    profile::Condition when;
    std::vector<profile::Fact> facts;
    bool is_ignored = false;  // known to be no call
    std::string refusal;      // left out, and told
  };
  Kind read_kind(const Json& source, const profile::Place& place) const;
  void read_text(const Json& source, const profile::Place& place);
  void read_values(const Json& source, const profile::Place& place);
  std::optional<Json> fields_of(const std::string& line) const;
  void work_out(profile::Scope& scope) const;

  Json source_, settings_ = Json::object();
  profile::Vocabulary words_;
  mutable profile::Room room_;  // of the record in hand
  std::string charset_;
  std::vector<std::regex> skip_;
  std::optional<std::regex> continued_by_;
  std::vector<LoginStep> login_;
  std::vector<LineShape> shapes_;
  std::vector<std::pair<std::string, profile::Value>> values_;
  std::optional<ChainRule> chain_;
  profile::Value call_;
  std::vector<Kind> kinds_;
  Kind otherwise_;
};

}  // namespace smdr
