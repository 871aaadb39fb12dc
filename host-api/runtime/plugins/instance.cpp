#include "plugins/instance.h"

#include <fmt/format.h>

#include <algorithm>

#include "plugins/guard.h"
#include "plugins/texts.h"

namespace hkl {
namespace {

// A kilobyte to clear at each call would be half of what the call costs.
bool is_blank(const hkl_error& err) {
  return err.status == HKL_OK && err.vendor_code == 0 && err.text_len == 0 && err.text[0] == '\0' &&
         err.struct_size == sizeof err;
}

hkl_error blank_error() {
  hkl_error err{};
  err.struct_size = sizeof err;
  return err;
}

}  // namespace

Instance::Instance(std::shared_ptr<PluginFile> file, InstanceEntry entry)
    : file_(std::move(file)), entry_(std::move(entry)), services_(entry_.surroundings), error_(blank_error()) {}

std::string Instance::name() const {
  const auto& plugin = file_->note().id;
  return entry_.id == plugin ? plugin : fmt::format("{} ({})", entry_.id, plugin);
}

Result<std::unique_ptr<Instance>> Instance::begin(std::shared_ptr<PluginFile> file, InstanceEntry entry,
                                                  const std::string& interface_id, Until until) {
  std::unique_ptr<Instance> instance(new Instance(std::move(file), std::move(entry)));
  if (auto gone = instance->go(interface_id, until); !gone) return fail(gone.error());
  return instance;
}

Done Instance::has_what_it_needs(const std::string& interface_id) const {
  if (file_->find_interface(interface_id) == nullptr) {
    return fail(HKL_NOT_FOUND, fmt::format("{}: the plugin does not offer {}", name(), interface_id));
  }
  const auto* host = services_.host();
  for (const auto& need : file_->note().needs) {
    if (host->get_interface(host, str_of(need)) == nullptr) {
      return fail(HKL_UNSUPPORTED,
                  fmt::format("{}: needs {}, which is not offered to a plugin of this kind", name(), need));
    }
  }
  return {};
}

Done Instance::go(const std::string& interface_id, Until until) {
  if (auto has = has_what_it_needs(interface_id); !has) return has;
  life_ = find<hkl_life>(HKL_LIFE_V1);
  hkl_instance* made = nullptr;
  auto done = call("create", [&](hkl_instance*, hkl_error* err) {
    return file_->create(str_of(interface_id), services_.host(), &made, err);
  });
  if (!done) return done;
  if (made == nullptr) return fault("create succeeded and made no instance");
  self_ = made;

  done = call("configure", [&](hkl_instance* self, hkl_error* err) {
    return life_->configure(self, str_of(entry_.settings_json), err);
  });
  if (!done || until == Until::configured) return done;
  done = call("start", [&](hkl_instance* self, hkl_error* err) { return life_->start(self, err); });
  is_started_ = done.has_value();
  return done;
}

Instance::~Instance() {
  if (self_ == nullptr) return;
  // Nobody is left to hand a failure to, so the log gets it.
  if (is_started_ && !broken_) {
    const auto stopped = call("stop", [&](hkl_instance* self, hkl_error* err) { return life_->stop(self, err); });
    if (!stopped) log_error(stopped.error().text);
  }
  std::optional<std::string> thrown;
  {
    const HostServices::Call standing(services_);
    thrown = guarded([&] { life_->destroy(self_); });
  }
  if (thrown) log_error(fmt::format("{}: {}", name(), came_out_of("destroy", *thrown)));
}

void Instance::log_error(const std::string& text) const {
  if (entry_.surroundings.log) entry_.surroundings.log(HKL_LOG_ERROR, text);
}

std::string Instance::came_out_of(const char* what, const std::string& thrown) const {
  return fmt::format("an exception came out of {}, which the plugin contract forbids: {}", what,
                     one_line(services_.masked(thrown), HKL_ERROR_TEXT_MAX));
}

Done Instance::call(const char* what, Step step) {
  if (broken_) return fail(HKL_INTERNAL, fmt::format("{}: is out of use: {}", name(), *broken_));
  hkl_status status = HKL_INTERNAL;
  std::optional<std::string> thrown;
  {
    const HostServices::Call standing(services_);
    const CallGauge::Call watched(entry_.gauge.get(), what);
    thrown = guarded([&] { status = step(self_, &error_); });
  }
  if (!thrown && status == HKL_OK && is_blank(error_)) return {};
  const auto err = std::exchange(error_, blank_error());
  if (thrown) {
    broken_ = came_out_of(what, *thrown);
    return fail(HKL_INTERNAL, fmt::format("{}: {}", name(), *broken_));
  }
  if (status == HKL_OK) return {};
  return failed(what, status, err);
}

Done Instance::failed(const char* what, hkl_status status, const hkl_error& err) const {
  const std::size_t length = std::min<std::size_t>(err.text_len, HKL_ERROR_TEXT_MAX - 1);
  const auto text = one_line(services_.masked(std::string(err.text, length)), HKL_ERROR_TEXT_MAX);
  if (status > HKL_PARTLY) return fault(fmt::format("{} returned {}, which is no status: {}", what, status, text));
  if (text.empty()) return fault(fmt::format("{} failed with status {} and does not say why", what, status));
  return fail(status, fmt::format("{}: {}", name(), text));
}

tl::unexpected<Error> Instance::fault(const std::string& text) const {
  return fail(HKL_INTERNAL, fmt::format("{}: fault of the plugin: {}", name(), services_.masked(text)));
}

}  // namespace hkl
