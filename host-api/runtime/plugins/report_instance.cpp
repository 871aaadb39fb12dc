#include <fmt/format.h>

#include "plugins/instance.h"
#include "plugins/texts.h"

namespace hkl {
namespace {

constexpr std::size_t kLongestDefinition = 4 << 20;

hkl_status append(void* user, hkl_bytes bytes) noexcept {
  auto& text = *static_cast<std::string*>(user);
  if (bytes.len == 0) return HKL_OK;
  if (bytes.ptr == nullptr) return HKL_INVALID;
  if (bytes.len > kLongestDefinition - text.size()) return HKL_RESOURCE;
  try {
    text.append(reinterpret_cast<const char*>(bytes.ptr), bytes.len);
    return HKL_OK;
  } catch (const std::exception&) {
    return HKL_RESOURCE;
  }
}

}  // namespace

Result<std::string> report_definition(std::shared_ptr<PluginFile> file, InstanceEntry entry) {
  const auto instance = Instance::begin(std::move(file), std::move(entry), HKL_REPORT_V1, Instance::Until::configured);
  if (!instance) return fail(instance.error());
  const auto* table = (*instance)->find<hkl_report>(HKL_REPORT_V1);
  std::string text;
  const hkl_writer writer{sizeof(hkl_writer), 0, &text, append};
  const auto done = (*instance)->call(
      "definition", [&](hkl_instance* self, hkl_error* err) { return table->definition(self, &writer, err); });
  if (!done) return fail(done.error());
  if (text.empty()) return (*instance)->fault("its definition is empty");
  if (!is_utf8(text)) return (*instance)->fault("its definition is no valid UTF-8");
  return text;
}

}  // namespace hkl
