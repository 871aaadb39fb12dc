// What instances of all kinds share: life, settings, the host, and the guard
// against being used in the wrong order (plugin contract, R9, R11).
#pragma once

#include <memory>

#include "hookline/sdk/host.h"
#include "hookline/sdk/settings.h"

namespace hookline {

class InstanceBase {
 public:
  InstanceBase() = default;
  InstanceBase(const InstanceBase&) = delete;
  InstanceBase& operator=(const InstanceBase&) = delete;
  // A destructor of the author's that throws is caught by destroy; were this
  // one noexcept, theirs would be too and would end the process.
  virtual ~InstanceBase() noexcept(false) = default;

  // For an author to override. Throwing refuses.
  virtual void configured() {}  // settings() are there; check what belongs together
  virtual void start() {}
  virtual void stop() {}

  const Host& host() const { return host_; }

 protected:
  virtual void take_settings(std::string_view json) = 0;

 private:
  friend struct LifeOf;
  friend void needs_started(const InstanceBase& instance);
  friend void needs_configured(const InstanceBase& instance);
  enum class State { created, configured, started, stopped };
  State state_ = State::created;
  Host host_;
};

inline void needs_started(const InstanceBase& instance) {
  if (instance.state_ != InstanceBase::State::started) throw Failure(HKL_INVALID, "the instance is not started");
}
inline void needs_configured(const InstanceBase& instance) {
  if (instance.state_ == InstanceBase::State::created) throw Failure(HKL_INVALID, "the instance is not configured");
}

// Adds the author's settings to a kind.
template <typename Kind, typename Settings>
class WithSettings : public Kind {
 public:
  using SettingsType = Settings;
  const Settings& settings() const { return settings_; }

 protected:
  void take_settings(std::string_view json) override { settings_ = parse_settings<Settings>(json, texts_); }

 private:
  SettingsText texts_;
  Settings settings_{};
};

template <typename Plugin>
struct Offers;  // plugin.h

// The C functions of a life. hkl_instance is an InstanceBase.
struct LifeOf {
  static InstanceBase& of(hkl_instance* self) {
    if (self == nullptr) throw Failure(HKL_INVALID, "no instance");
    return *reinterpret_cast<InstanceBase*>(self);
  }

  template <typename Plugin>
  static hkl_status create(hkl_str interface_id, const hkl_host* host, hkl_instance** out, hkl_error* err) noexcept {
    return guarded(err, [&] {
      if (host == nullptr || out == nullptr) throw Failure(HKL_INVALID, "host or out_instance is missing");
      if (Offers<Plugin>::get_interface(interface_id) == nullptr)
        throw Failure(HKL_NOT_FOUND, "this plugin does not offer " + std::string(view(interface_id)));
      auto made = std::make_unique<Plugin>();
      static_cast<InstanceBase&>(*made).host_ = Host(host);
      *out = reinterpret_cast<hkl_instance*>(static_cast<InstanceBase*>(made.release()));
    });
  }
  static hkl_status configure(hkl_instance* self, hkl_str json, hkl_error* err) noexcept {
    return guarded(err, [&] {
      auto& instance = of(self);
      if (instance.state_ != InstanceBase::State::created)
        throw Failure(HKL_INVALID, "configure comes once, after create");
      instance.take_settings(view(json));
      instance.configured();
      instance.state_ = InstanceBase::State::configured;
    });
  }
  static hkl_status start(hkl_instance* self, hkl_error* err) noexcept {
    return guarded(err, [&] {
      auto& instance = of(self);
      if (instance.state_ != InstanceBase::State::configured)
        throw Failure(HKL_INVALID, "start comes once, after configure");
      instance.start();
      instance.state_ = InstanceBase::State::started;
    });
  }
  static hkl_status stop(hkl_instance* self, hkl_error* err) noexcept {
    return guarded(err, [&] {
      auto& instance = of(self);
      needs_started(instance);
      instance.state_ = InstanceBase::State::stopped;
      instance.stop();
    });
  }
  static void destroy(hkl_instance* self) noexcept {
    // A destructor that throws is caught like everything else (R9).
    (void)guarded(nullptr, [&] { delete reinterpret_cast<InstanceBase*>(self); });
  }
};

}  // namespace hookline
