// Where the recordings of calls are.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "api/old_files.h"
#include "api/runtime.h"
#include "rest/text_writer.h"

namespace hkl {
namespace {

bool is_address(const std::string& text) { return text.starts_with("https://") || text.starts_with("http://"); }

}  // namespace

Result<Recording> Runtime::recording(const std::string& call, std::size_t number, const Asker& asker) {
  if (auto may = check_right(asker.access.get(), "recordings.hear"); !may) return fail(may.error());
  ListQuery query;
  query.entity = HKL_ENTITY_CALL;
  query.id = call;
  query.format = "json";
  TextWriter found;
  if (auto done = list(query, asker, found.writer()); !done) return fail(done.error());
  const auto recordings = nlohmann::json::parse(found.text).at(0).at("recordings");
  if (number >= recordings.size())
    return fail(HKL_NOT_FOUND,
                fmt::format("the call \"{}\" has {} recordings, not {}", call, recordings.size(), number + 1));
  const auto name = recordings[number].get<std::string>();
  if (is_address(name)) return Recording{name, ""};
  if (config_.recordings_folder.empty())
    return fail(HKL_NOT_FOUND, "the config names no folder of recordings; set recordings.folder");
  auto file = file_within(config_.recordings_folder, name);
  if (file.empty()) return fail(HKL_NOT_FOUND, fmt::format("there is no recording \"{}\" in the folder", name));
  return Recording{"", std::move(file)};
}

}  // namespace hkl
