// Calls of the host, made to the plugin that is open in this process.
#pragma once

#include <memory>

#include "plugins/catalogue.h"
#include "sinks_of_child.h"
#include "talk.h"

namespace hkl::isolation {

class PluginCalls {
 public:
  PluginCalls(Talk& talk, std::shared_ptr<PluginFile> file, const hkl_host* host);

  // Makes the call and tells what came of it. Does not return when an
  // exception came out of the plugin: what it holds may be half done.
  void make(std::string_view call);

 private:
  hkl_status dispatch(Function function, Unpacker& in, hkl_error& err, std::string& results);
  hkl_status life(Function function, Unpacker& in, hkl_error& err);
  hkl_status adapter(Function function, Unpacker& in, hkl_error& err);
  hkl_status http(Function function, Unpacker& in, hkl_error& err);
  hkl_status scan(Function function, Unpacker& in, hkl_error& err, std::string& results);
  template <typename Table>
  const Table* table(const char* id) const {
    return static_cast<const Table*>(file_->find_interface(id));
  }

  Talk& talk_;
  std::shared_ptr<PluginFile> file_;
  const hkl_host* host_;
  SinksOfChild sinks_;
  hkl_instance* self_ = nullptr;
  Arena arena_;
};

}  // namespace hkl::isolation
