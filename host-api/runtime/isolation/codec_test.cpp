#include "isolation/codec.h"

#include <gmock/gmock.h>

#include "isolation/abi_fields.h"

namespace hkl::isolation {
namespace {

// Sums up what fields() names, so that a member that was appended to a struct
// and not to its fields() is missed.
struct Sizer {
  std::size_t bytes = 0;
  template <typename... T>
  Sizer& operator()(T&... values) {
    ((bytes += sizeof values), ...);
    return *this;
  }
  template <typename Pointer, typename Count>
  void list(Pointer& items, Count& count) {
    bytes += sizeof items + sizeof count;
  }
  template <typename Pointer>
  void maybe(Pointer& value) {
    bytes += sizeof value;
  }
};

// `reserved`: bytes of `reserved` members and of padding, which carry nothing.
template <typename Struct>
void expect_whole(std::size_t reserved) {
  Struct value{};
  Sizer sizer;
  fields(sizer, value);
  EXPECT_EQ(sizer.bytes + sizeof(std::uint32_t) + reserved, sizeof(Struct)) << __PRETTY_FUNCTION__;
}

TEST(Fields, NameEveryMember) {
  expect_whole<hkl_leg>(4);
  expect_whole<hkl_touch>(0);
  expect_whole<hkl_lead>(0);
  expect_whole<hkl_contact>(4);
  expect_whole<hkl_told_task>(0);
  expect_whole<hkl_visit>(4);
  expect_whole<hkl_stretch>(0);
  expect_whole<hkl_employee_time>(4);
  expect_whole<hkl_timeline>(4);
  expect_whole<hkl_inquiry>(4);
  expect_whole<hkl_verdict>(4);
  expect_whole<hkl_task>(0);
  expect_whole<hkl_call_event>(0);
  expect_whole<hkl_endpoint>(0);
  expect_whole<hkl_connection>(0);
  expect_whole<hkl_originate>(4);
  expect_whole<hkl_http_request>(0);
  expect_whole<hkl_http_reply>(4);
  expect_whole<hkl_lookup>(4);
  expect_whole<hkl_phone>(0);
  expect_whole<hkl_local_time>(0);
}

hkl_str text(const char* literal) { return {literal, std::strlen(literal)}; }

TEST(Codec, ATouchWithItsLegsComesOutAsItWentIn) {
  hkl_leg legs[2] = {};
  legs[0].name = text("support");
  legs[1].talk_ms = 12300;
  const hkl_leg* pointers[] = {&legs[0], &legs[1]};
  const hkl_str tags[] = {text("price"), text("")};
  hkl_touch touch{};
  touch.inquiry = text("i1");
  touch.rating = -5;
  touch.legs = pointers;
  touch.leg_count = 2;
  touch.tags = {tags, 2};
  const auto bytes = packed(touch);
  Arena arena;
  Unpacker in(bytes, arena);
  const auto out = in.one<hkl_touch>();
  ASSERT_TRUE(in.is_good());
  EXPECT_TRUE(in.is_at_end());
  EXPECT_EQ(std::string(out.inquiry.ptr, out.inquiry.len), "i1");
  EXPECT_EQ(out.rating, -5);
  ASSERT_EQ(out.leg_count, 2u);
  EXPECT_EQ(std::string(out.legs[0]->name.ptr, out.legs[0]->name.len), "support");
  EXPECT_EQ(out.legs[1]->talk_ms, 12300);
  EXPECT_EQ(out.legs[1]->struct_size, sizeof(hkl_leg));
  ASSERT_EQ(out.tags.count, 2u);
  EXPECT_EQ(out.tags.items[1].len, 0u);
}

TEST(Codec, NullAndEmptyTextsStayApart) {
  const hkl_str texts[] = {{nullptr, 0}, {"", 0}, {nullptr, 7}};
  std::string bytes;
  Packer pack(bytes);
  pack.list(texts, std::uint64_t{3});
  Arena arena;
  Unpacker in(bytes, arena);
  hkl_strs out{};
  in(out);
  EXPECT_EQ(out.items[0].ptr, nullptr);
  EXPECT_NE(out.items[1].ptr, nullptr);
  EXPECT_EQ(out.items[2].ptr, nullptr);
  EXPECT_GT(out.items[2].len, 0u) << "the host is to refuse it as it does in process";
}

TEST(Codec, BytesCutAnywhereAreNoGood) {
  hkl_call_event event;
  hkl_call_event_init(&event);
  const hkl_str tags[] = {text("a"), text("b")};
  event.event_id = text("e1");
  event.tags = {tags, 2};
  event.extra = text("{}");
  const auto bytes = packed(event);
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    const auto cut = bytes.substr(0, length);
    Arena arena;
    Unpacker in(cut, arena);
    (void)in.one<hkl_call_event>();
    EXPECT_FALSE(in.is_good()) << length;
  }
}

TEST(Codec, ACountBeyondTheBytesIsNotBelieved) {
  const auto bytes = packed(std::uint64_t{1} << 60);
  Arena arena;
  Unpacker in(bytes, arena);
  hkl_strs out{};
  in(out);
  EXPECT_EQ(out.count, 0u);
  EXPECT_FALSE(in.is_good());
}

}  // namespace
}  // namespace hkl::isolation
