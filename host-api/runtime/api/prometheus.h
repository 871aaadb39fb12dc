// How the host does, as Prometheus reads it (text exposition format 0.0.4).
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace hkl {

// Of what Runtime::health tells; pure.
std::string prometheus_text(const nlohmann::ordered_json& health);

}  // namespace hkl
