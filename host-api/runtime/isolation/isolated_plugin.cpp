#include "isolation/isolated_plugin.h"

#include <algorithm>

#include "isolation/isolated_instance.h"
#include "isolation/proxy_tables.h"
#include "plugins/texts.h"

namespace hkl {

IsolatedPlugin::IsolatedPlugin(PluginNote note, std::string image, IsolationSetup setup)
    : plan_{setup.program, std::move(note), std::make_shared<const std::string>(std::move(image)), setup.limits},
      setup_(std::move(setup)) {
  // What the note tells; the child compares the two before it opens anything.
  descriptor_.struct_size = sizeof descriptor_;
  descriptor_.required_minor = plan_.note.required_minor;
  descriptor_.built_minor = plan_.note.built_minor;
  descriptor_.id = str_of(plan_.note.id);
  descriptor_.version = str_of(plan_.note.version);
  descriptor_.author = str_of(plan_.note.author);
  descriptor_.licence = str_of(plan_.note.licence);
  descriptor_.summary = str_of(plan_.note.summary);
  descriptor_.get_interface = [](hkl_str id) -> const void* {
    return isolation::proxy_table(std::string(id.ptr == nullptr ? "" : id.ptr, id.len));
  };
}

const void* IsolatedPlugin::find_interface(const std::string& id) const {
  const auto& offered = plan_.note.interfaces;
  const bool is_offered = id == HKL_LIFE_V1 || std::find(offered.begin(), offered.end(), id) != offered.end();
  return is_offered ? isolation::proxy_table(id) : nullptr;
}

hkl_status IsolatedPlugin::create(hkl_str interface_id, const hkl_host* host, hkl_instance** out,
                                  hkl_error* err) const {
  auto made = std::make_unique<isolation::IsolatedInstance>(shared_from_this(),
                                                            std::string(interface_id.ptr, interface_id.len), host);
  const auto status = made->create(err);
  if (status == HKL_OK) *out = reinterpret_cast<hkl_instance*>(made.release());
  return status;
}

Result<std::shared_ptr<PluginFile>> open_isolated(const PluginCatalogue& catalogue, const std::string& plugin,
                                                  IsolationSetup setup) {
  auto read = catalogue.read(plugin);
  if (!read) return fail(read.error());
  return std::make_shared<IsolatedPlugin>(std::move(read->note), std::move(read->image), std::move(setup));
}

}  // namespace hkl
