#include "values/json_writer.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>

namespace hkl {
namespace {

std::string dumped(const nlohmann::ordered_json& json) {
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::string written(std::string_view text) {
  JsonWriter writer;
  return writer.text(text).take();
}

TEST(JsonWriter, CommasStandBetweenMembersAndItems) {
  JsonWriter json;
  json.begin_object().key("a").number(1).key("b").begin_array().text("x").begin_object().end_object().null();
  json.end_array().key("c").begin_array().end_array().boolean("d", false).end_object();
  EXPECT_EQ(json.str(), R"({"a":1,"b":["x",{},null],"c":[],"d":false})");
}

TEST(JsonWriter, TextIsEscapedAsTheLibraryDoes) {
  for (const std::string text :
       {"", "plain", "a\"b\\c/", "\t\n\x01\x1f\x7f", "Иванова А.", "\xff broken \xd0", "\xf0\x9f\x93\x9e"})
    EXPECT_EQ(written(text), dumped(text)) << text;
}

TEST(JsonWriter, RandomBytesAreWrittenAsTheLibraryDoes) {
  std::mt19937 dice(1);
  for (int i = 0; i < 2000; ++i) {
    std::string text(dice() % 12, ' ');
    for (auto& c : text) c = static_cast<char>(dice());
    EXPECT_EQ(written(text), dumped(text));
  }
}

TEST(JsonWriter, SecondsAreExactToTheMillisecond) {
  const auto written = [](std::int64_t ms) {
    JsonWriter json;
    return json.begin_object().seconds("s", Millis(ms)).end_object().take();
  };
  const auto library = [](std::int64_t ms) {
    nlohmann::ordered_json json = {{"s", seconds_of(Millis(ms))}};
    if (ms % 1000 == 0) json["s"] = ms / 1000;
    return dumped(json);
  };
  for (std::int64_t ms = -2500; ms <= 12500; ++ms) ASSERT_EQ(written(ms), library(ms));
  std::mt19937_64 dice(2);
  for (int i = 0; i < 20000; ++i) {
    const auto ms = static_cast<std::int64_t>(dice() % 400'000'000'000);
    ASSERT_EQ(written(ms), library(ms));
  }
}

TEST(JsonWriter, WhatIsNotKnownIsNull) {
  JsonWriter json;
  json.begin_object().text("t", "").time("at", {}).seconds("s", {}).texts("l", {}).end_object();
  EXPECT_EQ(json.str(), R"({"t":null,"at":null,"s":null,"l":[]})");
}

}  // namespace
}  // namespace hkl
