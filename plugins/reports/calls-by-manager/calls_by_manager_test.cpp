// The report through its C interface: what it declares is JSON, speaks both
// languages and follows its settings. Whether the declaration means what the
// definitions say is tested where it is run.
#include <gtest/gtest.h>

#include <string>

#include "definition.h"
#include "hookline/sdk/plugin.h"

namespace {

using hookline::Json;
using hookline::str;
using hookline::view;

std::string definition(const std::string& settings) {
  const auto* life = static_cast<const hkl_life*>(hookline_plugin_v1.get_interface(str(HKL_LIFE_V1)));
  const auto* table = static_cast<const hkl_report*>(hookline_plugin_v1.get_interface(str(HKL_REPORT_V1)));
  hkl_host host{};
  host.struct_size = sizeof host;
  host.get_interface = [](const hkl_host*, hkl_str) -> const void* { return nullptr; };
  hkl_instance* self = nullptr;
  EXPECT_EQ(life->create(str(HKL_REPORT_V1), &host, &self, nullptr), HKL_OK);
  EXPECT_EQ(life->configure(self, str(settings), nullptr), HKL_OK);
  std::string text;
  const hkl_writer writer{sizeof(hkl_writer), 0, &text, [](void* user, hkl_bytes bytes) -> hkl_status {
                            *static_cast<std::string*>(user) += view(bytes);
                            return HKL_OK;
                          }};
  EXPECT_EQ(table->definition(self, &writer, nullptr), HKL_OK);
  life->destroy(self);
  return text;
}

const Json& member(const Json& list, const std::string& id) {
  for (const auto& one : list.list())
    if (one["id"].text() == id) return one;
  static const Json none;
  return none;
}

TEST(Definition, IsTheOneInTheFileUnlessSettingsSayOtherwise) {
  EXPECT_EQ(definition("{}"), calls_by_manager::kDefinition);
}

TEST(Definition, TakesItsDefaultsFromTheSettings) {
  const auto json = Json::parse(definition(R"({"credit": "last", "minutes": "ceil_each", "first_gap_days": 30,
                                           "first_counts": "in", "callback_within": "4h"})"));
  EXPECT_EQ(json["credit"]["default"].text(), "last");
  EXPECT_EQ(member(json["options"], "minutes")["default"].text(), "ceil_each");
  EXPECT_EQ(member(json["options"], "first_gap_days")["default"].integer(), 30);
  EXPECT_EQ(member(json["options"], "first_counts")["default"].text(), "in");
  EXPECT_EQ(member(json["options"], "callback_within")["default"].text(), "14400000ms");
  EXPECT_FALSE(member(json["options"], "hide_missed")["default"].boolean());
}

TEST(Definition, TellsOfEveryColumnInBothLanguages) {
  const auto json = Json::parse(definition("{}"));
  for (const auto* list : {"dimensions", "measures"}) {
    for (const auto& column : json[list].list()) {
      for (const auto* text : {"title", "definition"}) {
        EXPECT_FALSE(column[text]["ru"].text().empty()) << column["id"].text() << " " << text;
        EXPECT_FALSE(column[text]["en"].text().empty()) << column["id"].text() << " " << text;
        EXPECT_NE(column[text]["ru"].text(), column[text]["en"].text()) << column["id"].text() << " " << text;
      }
    }
  }
}

TEST(Definition, HidesTheFourColumnsThatOnlyCountMissedCalls) {
  const auto json = Json::parse(definition("{}"));
  std::string hidden;
  for (const auto& measure : json["measures"].list())
    if (measure["when"].text() == "not option.hide_missed") hidden += measure["id"].text() + " ";
  EXPECT_EQ(hidden, "target_missed target_called_back called_back leads_by_missed ");
}

}  // namespace
