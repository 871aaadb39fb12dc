// Settings of a webhook source. What the profile needs besides (keys, maps of
// employees) it declares itself; those are given as secrets and values.
#pragma once

#include "hookline/sdk/pbx_adapter.h"

namespace webhook {

// Read as a tree in webhook.cpp: the names below secrets and values are the
// profile's.
struct Settings {};

}  // namespace webhook

namespace hookline {

template <>
struct SettingsOf<webhook::Settings> {
  static constexpr std::tuple<> fields{};
};

// secrets and values are maps with names that only the profile knows.
template <>
constexpr void put_schema<webhook::Settings>(Pen& pen) {
  pen.put(R"({"type":"object","additionalProperties":false,"properties":{)"
          R"("profile":{"type":["string","object","array"],"contentFile":true,)"
          R"("description":"The vendor's profile, a YAML file"},)"
          R"("secrets":{"type":"object","secret":true,"additionalProperties":{"type":"string","maxLength":4096},)"
          R"("description":"Keys and tokens that the profile asks for, by name"},)"
          R"("values":{"type":"object","additionalProperties":{"type":["string","array","object"]},)"
          R"("description":"Other settings that the profile asks for, by name"},)"
          R"("timezone":{"type":"string","maxLength":64,"default":"",)"
          R"("description":"Time zone of the account; empty: that of the config"},)"
          R"("region":{"type":"string","maxLength":2,"default":"",)"
          R"("description":"Country of numbers without one, as RU; empty: that of the config"}},)"
          R"("required":["profile"]})");
}

}  // namespace hookline
