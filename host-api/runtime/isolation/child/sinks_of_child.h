// The sinks that a plugin in a child is given. What is put into them is written
// down for the host, which takes it when the call returns; what a plugin may do
// differently for the answer is judged here, by the host's own code.
#pragma once

#include <set>

#include "hookline/pbx_http.h"
#include "hookline/report.h"
#include "hookline/task_rule.h"
#include "talk.h"

namespace hkl::isolation {

class SinksOfChild {
 public:
  explicit SinksOfChild(Talk& talk);
  SinksOfChild(const SinksOfChild&) = delete;
  SinksOfChild& operator=(const SinksOfChild&) = delete;

  const hkl_pbx_sink pbx;
  const hkl_http_sink http;
  const hkl_endpoint_sink endpoints;
  const hkl_task_sink tasks;
  const hkl_writer writer;
  const hkl_row_sink rows;

  void opened(std::uint64_t connection) { connections_.insert(connection); }
  void closed(std::uint64_t connection) { connections_.erase(connection); }
  void begin_rows() {
    unflushed_rows_ = 0;
    rows_status_ = HKL_OK;
  }

 private:
  static hkl_status put_event(void* user, const hkl_call_event* given, hkl_error* err);
  static hkl_status put_send(void* user, std::uint64_t connection, hkl_bytes bytes);
  static hkl_status put_close(void* user, std::uint64_t connection, std::int64_t after_ms, hkl_str why);
  static hkl_status put_state(void* user, std::uint64_t connection, std::uint32_t state, hkl_str text);
  static hkl_status put_skipped(void* user, std::uint64_t connection, std::uint64_t byte_count, hkl_str why);
  static hkl_status put_tick_at(void* user, std::int64_t at_ms);
  static hkl_status put_reply(void* user, const hkl_http_reply* given);
  static hkl_status look_up(void* user, hkl_str number, hkl_lookup* out);
  static hkl_status put_ask(void* user, const hkl_http_request* given, std::int64_t at_ms);
  static hkl_status put_position(void* user, hkl_str position);
  static hkl_status put_want(void* user, const hkl_endpoint* given);
  static hkl_status put_task(void* user, const hkl_task* given, hkl_error* err);
  static hkl_status put_write(void* user, hkl_bytes bytes);
  static hkl_status put_row(void* user, hkl_str key, const hkl_cell* cells, std::uint64_t count);
  static hkl_status put_behind(void* user, hkl_str key, hkl_str measure, hkl_str id, std::uint32_t counts);
  bool stands(std::uint64_t connection) const { return connections_.count(connection) != 0; }
  hkl_status after_row();

  Talk& talk_;
  std::set<std::uint64_t> connections_;  // that stand
  std::size_t unflushed_rows_ = 0;
  hkl_status rows_status_ = HKL_OK;
};

}  // namespace hkl::isolation
