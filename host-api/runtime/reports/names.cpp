#include "reports/names.h"

namespace hkl {
namespace {

template <typename Record>
std::string name_or_id(const Record* record, const std::string& id) {
  return record != nullptr && !record->name.empty() ? record->name : id;
}

std::string stage_name(const std::string& id, const Directory& directory) {
  const auto find_in = [&](const FunnelRecord& funnel) -> const FunnelRecord::Stage* {
    for (const auto& stage : funnel.stages)
      if (stage.id == id) return &stage;
    return nullptr;
  };
  for (const auto& funnel : directory.parts().funnels)
    if (const auto* stage = find_in(funnel)) return name_or_id(stage, id);
  return name_or_id(find_in(directory.default_funnel()), id);
}

}  // namespace

std::string shown_name(NameOf what, const std::string& id, const Directory* directory) {
  if (directory == nullptr) return id;
  switch (what) {
    case NameOf::employee:
      return name_or_id(directory->employee(id), id);
    case NameOf::department:
      return name_or_id(directory->department(id), id);
    case NameOf::office:
      return name_or_id(directory->office(id), id);
    case NameOf::line:
      return name_or_id(directory->line(id), id);
    case NameOf::ad_source:
      return name_or_id(directory->ad_source(id), id);
    case NameOf::funnel:
      return name_or_id(directory->funnel(id), id);
    case NameOf::stage:
      return stage_name(id, *directory);
    case NameOf::nobody:
      break;
  }
  return id;
}

}  // namespace hkl
