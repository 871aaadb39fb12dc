// A store with calls that were never made, to run a report over.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "contacts/directory.h"
#include "store/store.h"

namespace hkl::validate {

// In a folder of its own, which goes with it. Throws std::runtime_error where
// the disk refuses.
class SampleStore {
 public:
  SampleStore();
  ~SampleStore();
  SampleStore(const SampleStore&) = delete;
  SampleStore& operator=(const SampleStore&) = delete;

  // Calls, leads and tasks, so many of each, in place of what is there.
  void fill(std::int64_t rows);
  // The answer as JSON.
  Result<std::string> report(const std::string& definition, const std::map<std::string, std::string>& settings);
  Result<std::uint64_t> rows_behind(const std::string& definition, const std::string& figure);

 private:
  Result<std::string> run(const std::string& definition, const std::map<std::string, std::string>& settings,
                          const std::string& drill);
  std::string folder_;
  std::unique_ptr<Store> store_;
  Directory directory_;
};

}  // namespace hkl::validate
