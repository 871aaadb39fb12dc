#include "declared.h"

namespace profile {
namespace {

// "settings: …", as what is wrong there is not the profile's fault.
[[noreturn]] void fail_setting(const std::string& why) {
  throw hookline::Failure(HKL_BAD_SETTINGS, "settings: " + why);
}

bool is_true(const Json& map, const char* member) { return text_of(map.value(member, Json())) == "true"; }

}  // namespace

Json read_declared(const Json& declared, const Json& secrets, const Json& values) {
  auto out = Json::object();
  const Place place("settings");
  for (const auto& [name, about] : place.map(declared).items()) {
    (place / name).check_members(about, {"secret", "required", "default", "type", "about"});
    const bool is_secret = is_true(about, "secret");
    const auto& there = is_secret ? secrets : values;
    const bool is_optional = about.contains("default") || text_of(about.value("required", Json())) == "false";
    const auto found = there.find(name);
    if (found == there.end() && !is_optional) {
      const auto help = text_of(about.value("about", Json()));
      fail_setting("the profile needs " + std::string(is_secret ? "secrets." : "values.") + name +
                   (help.empty() ? "" : ": " + help));
    }
    out[name] = found != there.end() ? *found : about.value("default", Json());
    const auto type = text_of(about.value("type", Json("text")));
    if (type != "text" && type != "list" && type != "map")
      (place / name / "type").fail_unknown("type", type, {"text", "list", "map"});
    const auto& value = out[name];
    if (is_there(value) && (type == "map"    ? !value.is_object()
                            : type == "list" ? !value.is_array()
                                             : value.is_structured()))
      fail_setting(name + " has to be a " + type);
  }
  for (const auto* map : {&secrets, &values})
    for (const auto& [name, value] : map->items()) {
      const bool is_secret = map == &secrets;
      if (!declared.contains(name) || is_true(declared[name], "secret") != is_secret)
        fail_setting("the profile has no " + std::string(is_secret ? "secret" : "value") + " \"" + name +
                     "\"; take it out, or declare it under the profile's settings");
    }
  return out;
}

Json with_parts(const Json& fact, const Json& source, const Place& place) {
  auto out = source.value("common", Json::object());
  if (fact.contains("like")) {
    const auto name = (place / "like").text(fact["like"]);
    const auto parts = source.value("parts", Json::object());
    if (!parts.contains(name)) {
      std::vector<std::string> known;
      for (const auto& [part, value] : parts.items()) known.push_back(part);
      (place / "like").fail_unknown("part", name, known);
    }
    out.update(Place("parts." + name).map(parts[name]));
  }
  out.update(place.map(fact));
  out.erase("like");
  return out;
}

}  // namespace profile
