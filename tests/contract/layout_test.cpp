// The layout of 1.0 against what else depends on it; that the structs have it
// is asserted in layout_1_0.c, which is linked in.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "hookline/runtime.h"
#include "plugins/sized.h"

namespace hkl {
namespace {

struct Struct {
  std::string name;
  std::size_t size;
  std::uint32_t baseline;  // what the host takes as the smallest size; 0: it takes none
};
struct Member {
  std::string of, name;
  std::size_t offset, size;
};

#define FIXED(name, size) {#name, size, kBaseline<name>},
#define STRUCT(name, size) {#name, size, kBaseline<name>},
#define MEMBER(type, name, offset, size)
const std::vector<Struct> kStructs = {
#include "layout_1_0_kinds.inc"
#include "layout_1_0_plugin.inc"
#include "layout_1_0_runtime.inc"
};
#undef FIXED
#undef STRUCT
#undef MEMBER

#define FIXED(name, size)
#define STRUCT(name, size)
#define MEMBER(type, name, offset, size) {#type, #name, offset, size},
const std::vector<Member> kMembers = {
#include "layout_1_0_kinds.inc"
#include "layout_1_0_plugin.inc"
#include "layout_1_0_runtime.inc"
};

TEST(Layout, HasEveryStructOfTheHeaders) {
  std::set<std::string> declared, listed;
  for (const auto& entry : std::filesystem::directory_iterator(HKL_PUBLIC_HEADERS)) {
    std::ifstream in(entry.path());
    const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    const std::regex definition("struct (hkl_[a-z_]+) \\{");
    for (std::sregex_iterator found(text.begin(), text.end(), definition), end; found != end; ++found) {
      declared.insert((*found)[1]);
    }
  }
  for (const auto& one : kStructs) listed.insert(one.name);
  EXPECT_GT(declared.size(), 50u);
  EXPECT_EQ(declared, listed);
}

// So a compiler of another mind about padding gives the same layout, and a
// member that the list forgot would show as a hole.
TEST(Layout, HasNoHoles) {
  std::map<std::string, std::size_t> end_of;
  for (const auto& member : kMembers) {
    EXPECT_EQ(member.offset, end_of[member.of]) << member.of << "." << member.name;
    end_of[member.of] = member.offset + member.size;
  }
  for (const auto& one : kStructs) EXPECT_EQ(end_of[one.name], one.size) << one.name;
}

TEST(Layout, BeginsWithTheSizeWhereAStructMayGrow) {
  std::map<std::string, std::string> first;
  for (const auto& member : kMembers) first.try_emplace(member.of, member.name);
  std::vector<std::string> without_size;
  for (const auto& [name, member] : first) {
    if (member != "struct_size") without_size.push_back(name);
  }
  EXPECT_THAT(without_size, testing::ElementsAre("hkl_bytes", "hkl_cell", "hkl_header", "hkl_str", "hkl_strs"));
}

TEST(Layout, IsTheBaselineOfWhatTheHostTakes) {
  std::size_t taken = 0;
  for (const auto& one : kStructs) {
    if (one.baseline == 0) continue;
    ++taken;
    EXPECT_EQ(one.baseline, one.size) << one.name;
  }
  EXPECT_GE(taken, 18u);
}

}  // namespace
}  // namespace hkl
