#include "plugins/sized.h"

#include <gtest/gtest.h>

namespace hkl {
namespace {

// A struct of a newer plugin: what this host knows, and one member more.
template <typename Struct>
struct Newer {
  Struct known{};
  std::uint64_t added = 0;
  explicit Newer(std::uint64_t of_the_new_member) : added(of_the_new_member) { known.struct_size = sizeof(Newer); }
};

hkl_endpoint endpoint() {
  hkl_endpoint out{};
  out.struct_size = sizeof out;
  out.port = 5038;
  return out;
}

TEST(Sized, IsTakenAsItIs) {
  const auto given = endpoint();
  const auto taken = take_struct(&given);
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->port, 5038u);
}

TEST(Sized, IllegalSizesAreNamed) {
  auto given = endpoint();
  const auto fault = [&](std::uint32_t size) {
    given.struct_size = size;
    const auto taken = take_struct(&given);
    return taken ? std::string() : taken.error().text;
  };
  constexpr auto kLeast = static_cast<std::uint32_t>(sizeof(hkl_endpoint));
  const auto less = " bytes of version 1.0";
  EXPECT_EQ(fault(0), "struct_size is 0, less than the " + std::to_string(kLeast) + less);
  EXPECT_EQ(fault(104), "struct_size is 104, less than the " + std::to_string(kLeast) + less);
  EXPECT_EQ(fault(kLeast + 3), "struct_size is " + std::to_string(kLeast + 3) + ", no multiple of 8");
  EXPECT_EQ(fault(4104), "struct_size is 4104, above 4096");
  EXPECT_EQ(fault(0xCCCCCCCC), "struct_size is 3435973836, above 4096");
  EXPECT_EQ(fault(kLeast), "");
}

TEST(Sized, ANullPointerIsNamed) {
  EXPECT_EQ(take_struct<hkl_endpoint>(nullptr).error().text, "a null pointer in place of a struct");
}

TEST(Sized, OfALongerStructTheKnownFrontIsTaken) {
  Newer<hkl_task> newer(7);
  newer.known.state = HKL_TASK_OPEN;
  const auto taken = take_struct(&newer.known);
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->state, HKL_TASK_OPEN);
  EXPECT_EQ(taken->struct_size, sizeof(hkl_task));
}

TEST(Sized, AWishThatThisHostDoesNotKnowIsNotPassedOver) {
  const Newer<hkl_endpoint> wish(1), none(0);
  const auto refused = take_request(&wish.known);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().status, HKL_UNSUPPORTED);
  EXPECT_EQ(refused.error().text, "asks for something that this host does not have; update the host");
  EXPECT_TRUE(take_request(&none.known));
}

TEST(Sized, OfALongerStructTheKnownFrontIsFilled) {
  Newer<hkl_digest> theirs(7);
  hkl_digest value{};
  value.len = 16;
  ASSERT_TRUE(give_struct(&theirs.known, value));
  EXPECT_EQ(theirs.known.len, 16u);
  EXPECT_EQ(theirs.known.struct_size, sizeof theirs) << "its struct_size is its own";
  EXPECT_EQ(theirs.added, 7u) << "written beyond what this host knows";
}

TEST(Sized, AStructOfNoLegalSizeIsNotFilled) {
  hkl_digest theirs{};
  theirs.struct_size = 16;
  EXPECT_FALSE(give_struct(&theirs, hkl_digest{sizeof(hkl_digest), 16, {}}));
  EXPECT_EQ(theirs.len, 0u);
  EXPECT_FALSE(give_struct<hkl_digest>(nullptr, hkl_digest{}));
}

}  // namespace
}  // namespace hkl
