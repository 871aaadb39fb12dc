// One living plugin instance: its steps in the right order, its failures as
// values. The wrappers of each kind (instances.h) stand on it.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "plugins/instances.h"

namespace hkl {

// Used by one thread at a time. An instance that broke the contract (an
// exception came out of it) is called no more: what it holds may be half done.
class Instance {
 public:
  enum class Until { configured, started };

  // create, configure and, if asked, start. The file must offer `interface_id`.
  static Result<std::unique_ptr<Instance>> begin(std::shared_ptr<PluginFile> file, InstanceEntry entry,
                                                 const std::string& interface_id, Until until);
  // stop if started, then destroy.
  ~Instance();
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  // A function object of the caller's, looked at and not kept.
  class Step {
   public:
    template <typename F>
    Step(const F& function)  // NOLINT(google-explicit-constructor): stands for any of them
        : function_(&function), run_([](const void* function, hkl_instance* self, hkl_error* err) -> hkl_status {
            return (*static_cast<const F*>(function))(self, err);
          }) {}
    hkl_status operator()(hkl_instance* self, hkl_error* err) const { return run_(function_, self, err); }

   private:
    const void* function_;
    hkl_status (*run_)(const void* function, hkl_instance* self, hkl_error* err);
  };
  // Calls into the plugin. The error names the entry, and `what` where the
  // plugin is at fault; secrets are masked in it.
  Done call(const char* what, Step step);

  // An error of this instance in the same form, for what the host finds wrong
  // in an answer.
  tl::unexpected<Error> fault(const std::string& text) const;

  const std::string& id() const { return entry_.id; }
  template <typename Table>
  const Table* find(const char* interface_id) const {
    return static_cast<const Table*>(file_->find_interface(interface_id));
  }

 private:
  Instance(std::shared_ptr<PluginFile> file, InstanceEntry entry);
  std::string name() const;
  Done go(const std::string& interface_id, Until until);
  Done has_what_it_needs(const std::string& interface_id) const;
  Done failed(const char* what, hkl_status status, const hkl_error& err) const;
  std::string came_out_of(const char* what, const std::string& thrown) const;
  void log_error(const std::string& text) const;

  std::shared_ptr<PluginFile> file_;
  InstanceEntry entry_;
  HostServices services_;
  const hkl_life* life_ = nullptr;
  hkl_instance* self_ = nullptr;
  bool is_started_ = false;
  hkl_error error_;                    // what the plugin is given to fill; blank between two calls
  std::optional<std::string> broken_;  // why it is called no more
};

}  // namespace hkl
