#include "compression.h"

#include <gtest/gtest.h>

namespace crm {
namespace {

Reply audio(const std::string& range) {
  Request request;
  request.method = "GET";
  if (!range.empty()) request.headers["range"] = range;
  Reply reply;
  reply.type = "audio/wav";
  reply.body = "0123456789";
  finish(request, reply);
  return reply;
}

std::string header(const Reply& reply, const std::string& name) {
  for (const auto& [key, value] : reply.headers)
    if (key == name) return value;
  return "";
}

TEST(Finish, ARecordingIsGivenInParts) {
  EXPECT_EQ(audio("").status, 200);
  const auto part = audio("bytes=2-4");
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.body, "234");
  EXPECT_EQ(header(part, "Content-Range"), "bytes 2-4/10");
  EXPECT_EQ(audio("bytes=7-").body, "789");
  EXPECT_EQ(audio("bytes=7-99").body, "789");
  EXPECT_EQ(audio("bytes=10-").status, 416);
}

TEST(Finish, ARangeThatIsNoneGivesTheWhole) {
  for (const char* range : {"bytes=", "bytes=a-", "items=0-1", "bytes=1", "bytes=-3", "bytes=0-1,3-4"})
    EXPECT_EQ(audio(range).body, "0123456789") << range;
}

TEST(Finish, WhoHasItAlreadyGetsNoBody) {
  Request request;
  request.method = "GET";
  auto first = json_reply({{"a", 1}});
  finish(request, first);
  request.headers["if-none-match"] = header(first, "ETag");
  auto second = json_reply({{"a", 1}});
  finish(request, second);
  EXPECT_EQ(second.status, 304);
  EXPECT_EQ(second.body, "");
}

TEST(Finish, LongTextsAreCompressedForWhoTakesIt) {
  Request request;
  request.method = "GET";
  const std::string text(5000, 'a');
  auto plain = json_reply({{"text", text}});
  finish(request, plain);
  EXPECT_GT(plain.body.size(), 5000U);
  request.headers["accept-encoding"] = "gzip, br";
  auto small = json_reply({{"text", text}});
  finish(request, small);
  EXPECT_LT(small.body.size(), 200U);
  EXPECT_EQ(header(small, "Content-Encoding"), "gzip");
}

}  // namespace
}  // namespace crm
