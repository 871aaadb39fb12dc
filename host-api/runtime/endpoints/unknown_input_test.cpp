#include "endpoints/unknown_input.h"

#include <gtest/gtest.h>

namespace hkl {
namespace {

HookReply reply(std::uint32_t verdict, std::uint32_t status, std::string reason, std::string detail = "") {
  return {verdict, status, "", "", std::move(reason), std::move(detail)};
}

TEST(UnknownInput, IsWhatAKnownSenderSentAndNobodyUnderstood) {
  EXPECT_EQ(unknown_kind_of(reply(HKL_VERDICT_IGNORE, 200, "unknown_kind", "event=new")), "unknown_kind: event=new");
  EXPECT_EQ(unknown_kind_of(reply(HKL_VERDICT_REJECT, 422, "missing_call_id", "kinds[0]")), "missing_call_id");
  EXPECT_EQ(unknown_kind_of(reply(HKL_VERDICT_ACCEPT, 200, "")), std::nullopt);
  EXPECT_EQ(unknown_kind_of(reply(HKL_VERDICT_IGNORE, 200, "of_no_interest")), std::nullopt);
  for (const std::uint32_t of_a_stranger : {401, 403, 405})
    EXPECT_EQ(unknown_kind_of(reply(HKL_VERDICT_REJECT, of_a_stranger, "x")), std::nullopt);
}

TEST(UnknownInput, IsCountedOnAcrossProcessesAndKeepsTheLatest) {
  UnknownInput before({}, {});
  before.note("unknown_kind: event=new", instant_of(1000), "first");
  const auto mark = before.note("unknown_kind: event=new", instant_of(2000), "second");
  UnknownInput after({{mark.place, mark.value}, {"file:x", "7"}}, {});
  const auto again = after.note("unknown_kind: event=new", instant_of(3000), "third");
  EXPECT_EQ(again.place, mark.place);
  const auto read = read_unknown(again.place, again.value);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->kind, "unknown_kind: event=new");
  EXPECT_EQ(read->count, 3u);
  EXPECT_EQ(read->first_at, instant_of(1000));
  EXPECT_EQ(read->last_at, instant_of(3000));
  EXPECT_EQ(read->sample, "third");
}

TEST(UnknownInput, HoldsNoSecretAndNoHeader) {
  UnknownInput input({}, {"hl-token-1", "ab"});
  HttpRequest request;
  request.method = "POST";
  request.target = "/hooks/x?token=hl-token-1";
  request.headers = {{"Authorization", "Basic abc"}};
  request.body = "{\"table\": 1, \"again\": \"hl-token-1\"}";
  const auto mark = input.note("k", instant_of(1), request);
  EXPECT_EQ(read_unknown(mark.place, mark.value)->sample,
            "POST /hooks/x?token=***\n\n{\"table\": 1, \"again\": \"***\"}");
}

TEST(UnknownInput, IsBoundedWhateverComes) {
  UnknownInput input({}, {});
  UnknownInput::Mark mark;
  for (int i = 0; i < 200; ++i) mark = input.note("kind " + std::to_string(i), instant_of(i), std::string(100000, 'x'));
  const auto read = read_unknown(mark.place, mark.value);
  EXPECT_EQ(read->kind, "other");
  EXPECT_EQ(read->count, 150u);
  EXPECT_EQ(read->sample.size(), 4096u);
  const auto torn = input.note("kind 1", instant_of(1), std::string(4095, 'x') + "я");
  EXPECT_EQ(read_unknown(torn.place, torn.value)->sample.size(), 4095u);
}

}  // namespace
}  // namespace hkl
