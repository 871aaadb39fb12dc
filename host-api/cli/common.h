// What every command takes, and the library opened with it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "hookline/hookline.h"

namespace CLI {
class App;
}

namespace cli {

struct CommonOptions {
  std::string config = "hookline.yaml";
  std::string store, language, user;
  std::string listen;       // of `run`
  std::int64_t now_ms = 0;  // 0: the clock
  bool is_quiet = false;
};
void describe_common(CLI::App& command, CommonOptions& options);

// For hkl_create and hkl_check; the texts stay the options'.
hkl_options abi_options(const CommonOptions& options);

// Whether the config can be read at all; tells when it cannot.
bool has_config(const CommonOptions& options);

// An error ready to be filled.
hkl_error no_error();

// Tells of a failure on standard error. Every complaint about the config is
// told, not the first alone. Returns the exit code.
int tell(const CommonOptions& options, const hkl_error& error);

// An hkl_runtime that is closed when its owner goes.
class Runtime {
 public:
  enum class Access {
    read,  // beside whatever process owns the store
    own,
  };
  // On failure get() is NULL and exit_code() says how to end; it was told.
  Runtime(const CommonOptions& options, Access access);
  Runtime(const CommonOptions& options, Access access, const hkl_callbacks& callbacks);
  ~Runtime() { hkl_destroy(runtime_); }
  Runtime(const Runtime&) = delete;
  Runtime& operator=(const Runtime&) = delete;

  hkl_runtime* get() const { return runtime_; }
  int exit_code() const { return exit_code_; }

 private:
  hkl_runtime* runtime_ = nullptr;
  int exit_code_;
};

// Opens to read, asks, writes the answer to `out_path` or standard output.
using Question = std::function<hkl_status(hkl_runtime* rt, const hkl_writer* writer, hkl_error* err)>;
int ask(const CommonOptions& options, const std::string& out_path, const Question& question);

}  // namespace cli
