#include "hookline.h"

#include <hookline/host.h>

#include <cstdio>
#include <mutex>
#include <stdexcept>

namespace crm {
namespace {

struct Failure : hkl_error {
  Failure() : hkl_error{} { struct_size = sizeof(hkl_error); }
};

// Appends what is written to a text.
hkl_writer writer_to(std::string& text) {
  hkl_writer writer{};
  writer.struct_size = sizeof writer;
  writer.user = &text;
  writer.write = [](void* user, hkl_bytes bytes) -> hkl_status {
    static_cast<std::string*>(user)->append(reinterpret_cast<const char*>(bytes.ptr), bytes.len);
    return HKL_OK;
  };
  return writer;
}

std::string_view view(hkl_str text) { return {text.ptr, text.len}; }

hkl_status on_delivery(void* user, const hkl_delivery* delivery, hkl_delivery_answer*) {
  // Hookline's own id stays: this CRM keeps no second copy of a lead.
  const auto& listener = *static_cast<const HooklineListener*>(user);
  if (listener.delivered) listener.delivered(delivery->entity, view(delivery->id));
  return HKL_OK;
}

void on_change(void* user, std::uint32_t change, hkl_str id) {
  const auto& listener = *static_cast<const HooklineListener*>(user);
  if (listener.changed) listener.changed(change, view(id));
}

void on_log(void*, std::uint32_t level, hkl_str text) {
  if (level >= HKL_LOG_WARNING) std::fprintf(stderr, "%.*s\n", static_cast<int>(text.len), text.ptr);
}

}  // namespace

Hookline::Hookline(std::string config, HooklineListener listener)
    : config_(std::move(config)), listener_(std::move(listener)) {
  open();
}

Hookline::~Hookline() { hkl_destroy(runtime_); }

void Hookline::open() {
  hkl_options options{};
  options.struct_size = sizeof options;
  options.config_path = config_.c_str();
  options.callbacks.struct_size = sizeof options.callbacks;
  options.callbacks.user = const_cast<HooklineListener*>(&listener_);
  options.callbacks.deliver = on_delivery;
  options.callbacks.changed = on_change;
  options.callbacks.log = on_log;
  Failure failure;
  if (hkl_create(&options, &runtime_, &failure) != HKL_OK) throw std::runtime_error(failure.text);
}

void Hookline::start() {
  const std::shared_lock lock(mutex_);
  Failure failure;
  if (hkl_start(runtime_, &failure) != HKL_OK) throw std::runtime_error(failure.text);
}

void Hookline::reload() {
  const std::unique_lock lock(mutex_);
  hkl_destroy(runtime_);
  runtime_ = nullptr;
  open();
  Failure failure;
  if (hkl_start(runtime_, &failure) != HKL_OK) throw std::runtime_error(failure.text);
}

Reply Hookline::answer(const std::string& method, const std::string& target, const std::string& user,
                       const std::string& language, std::string_view body) {
  hkl_api_request request{};
  request.struct_size = sizeof request;
  request.method = method.c_str();
  request.target = target.c_str();
  request.user = user.empty() ? nullptr : user.c_str();
  request.language = language.empty() ? nullptr : language.c_str();
  request.body = {body.data(), body.size()};
  hkl_api_reply answer{};
  answer.struct_size = sizeof answer;
  Reply reply;
  const auto writer = writer_to(reply.body);
  Failure failure;
  const std::shared_lock lock(mutex_);
  if (runtime_ == nullptr) return problem(503, "Hookline has no valid config at the moment: mend it in the settings");
  if (hkl_answer_api(runtime_, &request, &writer, &answer, &failure) != HKL_OK) return problem(500, failure.text);
  reply.status = static_cast<int>(answer.http_status);
  reply.type = answer.content_type;
  if (answer.file_name[0] != '\0')
    reply.headers.emplace_back("Content-Disposition", std::string("attachment; filename=\"") + answer.file_name + "\"");
  if (answer.location[0] != '\0') reply.headers.emplace_back("Location", answer.location);
  return reply;
}

std::string Hookline::check(const std::string& file) {
  hkl_options options{};
  options.struct_size = sizeof options;
  options.config_path = file.c_str();
  std::string complaints;
  const auto writer = writer_to(complaints);
  Failure failure;
  if (hkl_check(&options, &writer, &failure) != HKL_OK && complaints.empty()) complaints = failure.text;
  return complaints;
}

std::string Hookline::exported(const std::vector<const char*>& types) {
  std::string lines;
  const auto writer = writer_to(lines);
  Failure failure;
  const std::shared_lock lock(mutex_);
  if (runtime_ == nullptr) return lines;
  if (hkl_export(runtime_, types.data(), types.size(), &writer, &failure) != HKL_OK)
    throw std::runtime_error(failure.text);
  return lines;
}

void Hookline::import_history(const std::string& file) {
  const char* files[] = {file.c_str()};
  hkl_import request{};
  request.struct_size = sizeof request;
  request.flags = HKL_IMPORT_HISTORY;
  request.source = "canonical";
  request.files = files;
  request.file_count = 1;
  request.format = "text";
  std::string verdicts;
  const auto writer = writer_to(verdicts);
  hkl_tally tally{};
  tally.struct_size = sizeof tally;
  Failure failure;
  const std::shared_lock lock(mutex_);
  if (hkl_import_files(runtime_, &request, nullptr, &writer, &tally, &failure) != HKL_OK)
    throw std::runtime_error(std::string(failure.text) + "\n" + verdicts.substr(0, 2000));
}

void Hookline::submit(const std::string& source, const hkl_call_event& event) {
  Failure failure;
  const std::shared_lock lock(mutex_);
  if (runtime_ == nullptr) return;
  if (hkl_submit_event(runtime_, source.c_str(), &event, &failure) != HKL_OK) throw std::runtime_error(failure.text);
}

std::string Hookline::submit_records(std::string_view ndjson) {
  std::string complaints;
  const auto writer = writer_to(complaints);
  hkl_tally tally{};
  tally.struct_size = sizeof tally;
  Failure failure;
  const std::shared_lock lock(mutex_);
  if (runtime_ == nullptr) return "Hookline has no valid config at the moment";
  if (hkl_submit_records(runtime_, {ndjson.data(), ndjson.size()}, &writer, &tally, &failure) != HKL_OK &&
      complaints.empty())
    complaints = failure.text;
  return complaints;
}

}  // namespace crm
