// The `poll` section of a profile: what a vendor is asked for, window after
// window and page after page, and what its records mean. Keeps how far the walk
// is between one answer and the next; nothing of calls.
#pragma once

#include <memory>
#include <optional>

#include "asking.h"
#include "fact.h"
#include "hookline/sdk/pbx_http.h"
#include "place.h"

namespace webhook {

using namespace profile;

class Poll {
 public:
  // `profile`: the whole; `words` those of its requests. Nothing where the
  // profile has no such section, or the setting that it needs is not given.
  static std::unique_ptr<Poll> compile(const Json& profile, const Vocabulary& words);
  Poll(const Poll&) = delete;
  Poll& operator=(const Poll&) = delete;

  std::string address() const;
  std::int64_t every_ms() const { return static_cast<std::int64_t>(every_s_ * 1000); }

  // `position`: Unix seconds up to which all was asked; empty at the first time.
  void begin(std::string_view position, std::int64_t now_ms, hookline::HttpOutput& out);
  // Throws Failure for an answer that tells of a fault, or is none.
  void take(std::uint32_t status, std::string_view body, std::int64_t now_ms, hookline::HttpOutput& out);

 private:
  struct Kind {
    Condition when;
    std::vector<Fact> facts;
  };
  // A window of time that is asked for; `page` counts from 0.
  struct Walk {
    double from = 0, to = 0, goal = 0;  // goal: where the walk ends
    std::size_t page = 0;
    std::string cursor;  // where the vendor names its next page itself
  };
  Poll(const Json& source, const Json& profile, const Vocabulary& words, const Place& place);
  void read_times(const Json& source, const Place& place);
  void read_paging(const Json& source, const Place& place);
  Kind read_kind(const Json& source, const Place& place);
  Json variables() const;
  void ask(std::int64_t now_ms, hookline::HttpOutput& out) const;
  void go_on(const std::string& cursor, std::size_t count, std::int64_t now_ms, hookline::HttpOutput& out);
  void tell(const Json& record, std::int64_t now_ms, hookline::HttpOutput& out) const;

  Json source_;
  Vocabulary words_;
  AskForm ask_;
  double every_s_ = 300, overlap_s_ = 7200, first_s_ = 86400, span_s_ = 86400;
  std::size_t page_size_ = 0, split_at_ = 0;  // 0: the vendor has no pages; no limit
  std::vector<std::string> records_;
  Value fault_, next_, call_, event_id_;
  std::vector<std::vector<std::string>> not_in_id_;
  std::vector<Kind> kinds_;
  std::optional<Walk> walk_;
};

}  // namespace webhook
