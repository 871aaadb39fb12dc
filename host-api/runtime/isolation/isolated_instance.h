// An instance of a plugin whose process may die: makes it anew, tells it again
// what it knew, asks it again, sets aside what it dies of.
//
// Used by one thread at a time, as every instance.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "hookline/pbx_rows.h"
#include "isolation/codec.h"
#include "isolation/isolated_plugin.h"
#include "isolation/link.h"
#include "isolation/transcript.h"
#include "values/instant.h"

namespace hkl::isolation {

class IsolatedInstance {
 public:
  IsolatedInstance(std::shared_ptr<const IsolatedPlugin> plugin, std::string interface_id, const hkl_host* host);
  ~IsolatedInstance();
  IsolatedInstance(const IsolatedInstance&) = delete;
  IsolatedInstance& operator=(const IsolatedInstance&) = delete;

  // --- Life ---
  hkl_status create(hkl_error* err);
  hkl_status configure(std::string settings, hkl_error* err);
  hkl_status start(hkl_error* err);
  hkl_status stop(hkl_error* err);

  // --- Work: asked again when the process dies of it, at most kTries times ---
  // `subject` tells what is set aside if need be: "inquiry i-1".
  hkl_status work(Function function, const std::string& arguments, const Sinks& sinks, const std::string& subject,
                  hkl_error* err);
  // Adapters: what is kept of a connection goes into the transcript.
  hkl_status opened(const hkl_connection& connection, std::int64_t now_ms, const Sinks& sinks, hkl_error* err);
  hkl_status feed(std::uint64_t connection, std::string_view bytes, std::int64_t now_ms, const Sinks& sinks,
                  hkl_error* err);
  hkl_status closed(std::uint64_t connection, std::int64_t now_ms, const Sinks& sinks, hkl_error* err);
  hkl_status remembered(Function function, const std::string& arguments, const Sinks& sinks, hkl_error* err);
  // Its wishes, of which the files are remembered.
  hkl_status endpoints(const hkl_endpoint_sink& sink, hkl_error* err);
  hkl_status rows(const hkl_rows& rows, std::int64_t now_ms, const Sinks& sinks, hkl_error* err);

  // What the last call gave besides its sinks, until the next one.
  const std::string& results() const { return last_.results; }
  Arena& arena() { return arena_; }
  // A scan lives in one process: HKL_UNAVAILABLE once that has died.
  std::uint64_t generation() const { return generation_; }
  hkl_status in_scan(std::uint64_t generation, Function function, const std::string& arguments, const Sinks& sinks,
                     hkl_error* err);

 private:
  enum class Stage { none, created, configured, started };

  // One try. Nothing: it died of it.
  std::optional<hkl_status> attempt(Function function, const std::string& arguments, const Sinks& sinks,
                                    hkl_error* err);
  // Up to `tries` tries; nothing: it died each time.
  std::optional<hkl_status> attempts(int tries, Function function, const std::string& arguments, const Sinks& sinks,
                                     hkl_error* err);
  hkl_status life_step(Function function, const std::string& arguments, Stage after, hkl_error* err);
  Done be_alive(const Sinks& sinks);
  Done begin_again();
  Done go_to_stage();
  Done tell_again();
  void close_lost(const Sinks& sinks);
  hkl_status feed_in_pieces(std::uint64_t connection, std::string_view bytes, std::int64_t now_ms, const Sinks& sinks,
                            hkl_error* err);
  hkl_status row_by_row(const hkl_rows& rows, std::int64_t now_ms, const Sinks& sinks, hkl_error* err);
  void set_aside(Function function, std::string subject, std::string bytes);
  std::optional<hkl_status> took(Returned returned, const Sinks& sinks, hkl_error* err);
  hkl_status died(hkl_error* err) const;
  hkl_status is_gone(hkl_error* err) const;
  void note_death();
  void log(std::uint32_t level, const std::string& text) const;

  std::shared_ptr<const IsolatedPlugin> plugin_;
  std::string interface_id_, settings_;
  const hkl_host* host_;
  HostDesk desk_;
  Stage stage_ = Stage::none;
  std::unique_ptr<Link> link_;
  std::uint64_t generation_ = 0;
  Transcript transcript_;
  std::map<std::uint64_t, std::string> names_;  // of the connections
  std::set<std::string> files_;                 // that it wants to follow
  std::set<std::uint64_t> gone_;                // those that the process of now knows nothing of
  Returned last_;
  Arena arena_;
  std::string last_death_;
  int deaths_in_a_row_ = 0;  // without a call that returned
  int failed_restarts_ = 0;  // without one that succeeded
  std::chrono::steady_clock::time_point not_before_{};
};

}  // namespace hkl::isolation
