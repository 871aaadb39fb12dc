#include "talk.h"

#include <unistd.h>

namespace hkl::isolation {

Channel::Received Talk::next() {
  const auto frame = channel_.receive();
  if (!frame) ::_exit(0);
  return *frame;
}

void Talk::send(Frame kind, std::string_view payload) {
  const std::lock_guard lock(send_mutex_);
  if (payload.size() > kLargestFrame || !channel_.send(kind, payload)) ::_exit(0);
}

void Talk::begin_call(bool has_sinks) {
  has_sinks_ = has_sinks;
  caller_ = std::this_thread::get_id();
  is_in_call_ = true;
}

void Talk::end_call(hkl_status status, const hkl_error& err, const std::string& results) {
  is_in_call_ = false;
  const auto length = std::min<std::size_t>(err.text_len, HKL_ERROR_TEXT_MAX - 1);
  send(Frame::returned,
       packed(status, err.vendor_code, std::string_view(err.text, length), std::string_view(results), outputs_));
  outputs_.clear();
  answers_.clear();
}

void Talk::threw(const std::string& what) {
  send(Frame::thrown, what);
  ::_exit(1);
}

void Talk::flush_outputs() {
  send(Frame::output, outputs_);
  outputs_.clear();
}

hkl_status Talk::flush() {
  if (!is_in_call()) return HKL_CANCELLED;
  flush_outputs();
  const auto& answer = ask(Ask::flush);
  Arena arena;
  return Unpacker(answer, arena).one<hkl_status>();
}

const std::string& Talk::ask_packed(const std::string& question) {
  static const std::string nothing;
  if (!is_in_call()) return nothing;
  send(Frame::ask, question);
  const auto frame = next();
  if (frame.kind != Frame::answer) ::_exit(1);
  return answers_.emplace_back(frame.payload);
}

void Talk::log(std::uint32_t level, hkl_str text) { send(Frame::log, packed(level, text)); }

}  // namespace hkl::isolation
