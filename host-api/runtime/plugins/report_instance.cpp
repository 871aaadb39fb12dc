#include <fmt/format.h>

#include "plugins/instance.h"
#include "plugins/texts.h"

namespace hkl {
namespace {

constexpr std::size_t kLongestDefinition = 4 << 20;

struct Definition {
  std::string text;
  hkl_status refused = HKL_OK;  // of a piece: a plugin may pass over it, and the text is then not whole
};

hkl_status append(void* user, hkl_bytes bytes) noexcept {
  auto& definition = *static_cast<Definition*>(user);
  const auto take = [&]() -> hkl_status {
    if (bytes.len == 0) return HKL_OK;
    if (bytes.ptr == nullptr) return HKL_INVALID;
    if (bytes.len > kLongestDefinition - definition.text.size()) return HKL_RESOURCE;
    try {
      definition.text.append(reinterpret_cast<const char*>(bytes.ptr), bytes.len);
      return HKL_OK;
    } catch (const std::exception&) {
      return HKL_RESOURCE;
    }
  };
  const auto status = take();
  if (status != HKL_OK) definition.refused = status;
  return status;
}

}  // namespace

Result<std::string> report_definition(std::shared_ptr<PluginFile> file, InstanceEntry entry) {
  const auto instance = Instance::begin(std::move(file), std::move(entry), HKL_REPORT_V1, Instance::Until::configured);
  if (!instance) return fail(instance.error());
  const auto* table = (*instance)->find<hkl_report>(HKL_REPORT_V1);
  Definition written;
  const hkl_writer writer{sizeof(hkl_writer), 0, &written, append};
  const auto done = (*instance)->call(
      "definition", [&](hkl_instance* self, hkl_error* err) { return table->definition(self, &writer, err); });
  if (written.refused == HKL_RESOURCE) return (*instance)->fault("its definition is longer than 4 MiB");
  if (written.refused != HKL_OK) return (*instance)->fault("its definition has a piece without a pointer");
  if (!done) return fail(done.error());
  if (written.text.empty()) return (*instance)->fault("its definition is empty");
  if (!is_utf8(written.text)) return (*instance)->fault("its definition is no valid UTF-8");
  return std::move(written.text);
}

}  // namespace hkl
