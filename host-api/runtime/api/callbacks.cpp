#include "api/callbacks.h"

#include <string>

namespace hkl {
namespace {

// Screens that fell so far behind draw themselves anew anyway.
constexpr std::size_t kHintsAtMost = 10000;

hkl_str view(const std::string& text) { return {text.data(), text.size()}; }

std::uint32_t entity_of(const std::string& word) {
  if (word == "contact") return HKL_ENTITY_CONTACT;
  if (word == "lead") return HKL_ENTITY_LEAD;
  if (word == "task") return HKL_ENTITY_TASK;
  if (word == "call") return HKL_ENTITY_CALL;
  if (word == "screen_pop") return HKL_ENTITY_SCREEN_POP;
  return HKL_ENTITY_INQUIRY;
}

}  // namespace

struct Callbacks::Job {
  enum class Kind { deliver, changed, log } kind;
  Delivery delivery;
  std::uint32_t number = 0;  // change or level
  std::string text;
  bool is_done = false;
  DeliveryAnswer answer;
};

Callbacks::Callbacks(const hkl_callbacks& callbacks, bool is_pumped) : callbacks_(callbacks), is_pumped_(is_pumped) {}

Callbacks::~Callbacks() { stop(); }

void Callbacks::start() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = false;
  }
  if (is_pumped_ || thread_.joinable()) return;
  thread_ = std::thread([this] { loop(); });
}

void Callbacks::close() {
  const std::lock_guard lock(mutex_);
  is_stopping_ = true;
  std::erase_if(jobs_, [](const auto& job) { return job->kind != Job::Kind::log; });
  arrived_.notify_all();
  answered_.notify_all();
}

void Callbacks::stop() {
  close();
  if (thread_.joinable() && thread_.get_id() != std::this_thread::get_id()) thread_.join();
}

void Callbacks::loop() {
  for (;;) {
    const bool ran = run_one(Millis(1000));
    const std::lock_guard lock(mutex_);
    if (is_stopping_ && !ran) return;  // what the log still has to say is said
  }
}

bool Callbacks::run_one(Millis wait) {
  std::shared_ptr<Job> job;
  {
    std::unique_lock lock(mutex_);
    arrived_.wait_for(lock, wait, [&] { return is_stopping_ || !jobs_.empty(); });
    if (jobs_.empty()) return false;
    job = std::move(jobs_.front());
    jobs_.pop_front();
  }
  switch (job->kind) {
    case Job::Kind::changed:
      callbacks_.changed(callbacks_.user, job->number, view(job->text));
      break;
    case Job::Kind::log:
      callbacks_.log(callbacks_.user, job->number, view(job->text));
      break;
    case Job::Kind::deliver: {
      hkl_delivery delivery{};
      delivery.struct_size = sizeof delivery;
      delivery.entity = entity_of(job->delivery.entity);
      delivery.id = view(job->delivery.id);
      delivery.key = view(job->delivery.key);
      delivery.json = view(job->delivery.json);
      delivery.attempt = static_cast<std::uint32_t>(job->delivery.attempt);
      hkl_delivery_answer answer{};
      answer.struct_size = sizeof answer;
      job->answer.status = callbacks_.deliver(callbacks_.user, &delivery, &answer);
      if (answer.id_len <= sizeof answer.id) job->answer.crm_id.assign(answer.id, answer.id_len);
      if (job->answer.status != HKL_OK)
        job->answer.text = "the CRM's callback answered " + std::to_string(job->answer.status);
      break;
    }
  }
  const std::lock_guard lock(mutex_);
  job->is_done = true;
  answered_.notify_all();
  return true;
}

DeliveryAnswer Callbacks::deliver(const Delivery& delivery) {
  auto job = std::make_shared<Job>();
  job->kind = Job::Kind::deliver;
  job->delivery = delivery;
  std::unique_lock lock(mutex_);
  if (is_stopping_) return {HKL_CANCELLED, {}, "stopping"};
  jobs_.push_back(job);
  arrived_.notify_one();
  answered_.wait(lock, [&] { return job->is_done || is_stopping_; });
  if (!job->is_done) return {HKL_CANCELLED, {}, "stopping"};
  return job->answer;
}

void Callbacks::changed(std::uint32_t change, const std::string& id) {
  if (!wants_changes()) return;
  auto job = std::make_shared<Job>();
  job->kind = Job::Kind::changed;
  job->number = change;
  job->text = id;
  const std::lock_guard lock(mutex_);
  if (is_stopping_ || jobs_.size() >= kHintsAtMost) return;
  jobs_.push_back(std::move(job));
  arrived_.notify_one();
}

void Callbacks::log(std::uint32_t level, const std::string& line) {
  if (callbacks_.log == nullptr) return;
  auto job = std::make_shared<Job>();
  job->kind = Job::Kind::log;
  job->number = level;
  job->text = line;
  const std::lock_guard lock(mutex_);
  if (is_stopping_ || jobs_.size() >= kHintsAtMost) return;
  jobs_.push_back(std::move(job));
  arrived_.notify_one();
}

std::uint64_t Callbacks::pump(Millis wait) {
  std::uint64_t count = 0;
  if (!run_one(wait)) return count;
  ++count;
  while (run_one(Millis(0))) ++count;
  return count;
}

}  // namespace hkl
