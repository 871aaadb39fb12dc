#include "http/request_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hkl {
namespace {

using Step = RequestReader::Step;
using testing::HasSubstr;

// Reads one request given `chunk` bytes at a time; nullopt and the fault if it is refused.
std::optional<HttpRequest> read(const std::string& text, std::size_t chunk, HttpFault* fault = nullptr,
                                HttpLimits limits = {}) {
  RequestReader reader(limits);
  for (std::size_t i = 0; i < text.size(); i += chunk) {
    auto step = reader.take(std::string_view(text).substr(i, chunk));
    if (step == Step::head) step = reader.go_on(limits.body_bytes);
    if (step == Step::whole) return std::move(reader.request());
    if (step == Step::fault) {
      if (fault != nullptr) *fault = reader.fault();
      return std::nullopt;
    }
  }
  if (fault != nullptr) *fault = {0, "not whole"};
  return std::nullopt;
}

std::uint32_t refusal(const std::string& text, HttpLimits limits = {}) {
  HttpFault fault;
  EXPECT_FALSE(read(text, text.size(), &fault, limits)) << text;
  HttpFault in_bytes;
  EXPECT_FALSE(read(text, 1, &in_bytes, limits)) << text;
  EXPECT_EQ(fault.status, in_bytes.status) << text;
  return fault.status;
}

TEST(RequestReader, GivesTheSameHoweverTheBytesCome) {
  const std::string text =
      "POST /hooks/a%20b/c?x=1&y=%2B HTTP/1.1\r\nHost: h\r\nX-A:  1 \r\nx-a: 2\r\nContent-Length: 5\r\n\r\nh\r\nlo";
  for (std::size_t chunk = 1; chunk <= text.size(); ++chunk) {
    const auto request = read(text, chunk);
    ASSERT_TRUE(request) << chunk;
    EXPECT_EQ(request->path(), "/hooks/a%20b/c");
    EXPECT_EQ(request->query(), "x=1&y=%2B");
    EXPECT_EQ(request->header("X-a"), "1");
    EXPECT_EQ(request->body, "h\r\nlo");
    EXPECT_EQ(request->headers.size(), 4U);
  }
}

TEST(RequestReader, PutsChunksTogether) {
  const std::string text =
      "POST / HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n\r\n3;a=b\r\nabc\r\nA\r\n0123456789\r\n0\r\nX: y\r\n\r\n";
  for (std::size_t chunk = 1; chunk <= text.size(); ++chunk) {
    const auto request = read(text, chunk);
    ASSERT_TRUE(request) << chunk;
    EXPECT_EQ(request->body, "abc0123456789");
  }
}

TEST(RequestReader, ReadsOneRequestAfterTheOther) {
  RequestReader reader({});
  auto step = reader.take("GET /a HTTP/1.1\r\n\r\n\r\nGET /b HTTP/1.0\r\n\r\n");
  ASSERT_EQ(step, Step::head);
  ASSERT_EQ(reader.go_on(0), Step::whole);
  EXPECT_EQ(reader.request().target, "/a");
  EXPECT_TRUE(reader.request().keeps_alive);
  ASSERT_EQ(reader.next(), Step::head);
  ASSERT_EQ(reader.go_on(0), Step::whole);
  EXPECT_EQ(reader.request().target, "/b");
  EXPECT_FALSE(reader.request().keeps_alive);
  EXPECT_EQ(reader.next(), Step::more);
  EXPECT_TRUE(reader.is_idle());
}

TEST(RequestReader, TakesTheAddressSentToAProxyAsItsPath) {
  EXPECT_EQ(read("GET http://h:1/a?b HTTP/1.1\r\n\r\n", 7)->target, "/a?b");
  EXPECT_EQ(read("GET http://h HTTP/1.1\r\n\r\n", 7)->target, "/");
}

TEST(RequestReader, RefusesTooLargeAHeadBeforeItHasCome) {
  HttpLimits limits;
  limits.header_bytes = 60;
  EXPECT_EQ(refusal("GET /" + std::string(100, 'a'), limits), 431U);
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\nA: " + std::string(100, 'a') + "\r\n\r\n", limits), 431U);
  limits.header_count = 2;
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\nA: 1\r\nB: 1\r\nC: 1\r\n\r\n", limits), 431U);
}

TEST(RequestReader, RefusesTooLargeABodyBeforeItHasCome) {
  HttpLimits limits;
  limits.body_bytes = 10;
  EXPECT_EQ(refusal("POST / HTTP/1.1\r\nContent-Length: 11\r\n\r\n", limits), 413U);
  EXPECT_EQ(refusal("POST / HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n", limits), 413U);
  EXPECT_EQ(refusal("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n123456\r\n5\r\n", limits), 413U);
  EXPECT_TRUE(read("POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\n0123456789", 3, nullptr, limits));
}

TEST(RequestReader, RefusesWhatTwoReadersCouldReadDifferently) {
  for (const std::string head :
       {"Content-Length: 1\r\nContent-Length: 2\r\n", "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
        "Content-Length: +3\r\n", "Content-Length: 1,1\r\n", "Content-Length:\r\n", "Host: a\r\nHost: b\r\n",
        "Content-Length : 3\r\n", "A: 1\r\n  folded\r\n", ": x\r\n", "no colon\r\n", "A: x\ny: z\r\n"})
    EXPECT_EQ(refusal("POST / HTTP/1.1\r\n" + head + "\r\nabc"), 400U) << head;
  EXPECT_EQ(refusal("POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"), 501U);
  EXPECT_EQ(refusal("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), 400U);
  EXPECT_EQ(refusal("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc"), 400U);
  EXPECT_EQ(refusal("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + std::string(300, '0')), 400U);
}

TEST(RequestReader, RefusesWhatIsNoRequest) {
  for (const std::string line : {"hello", "GET /", "GET  HTTP/1.1", "GET nowhere HTTP/1.1", "GET /a b HTTP/1.1",
                                 "GET /a#b HTTP/1.1", "G(T / HTTP/1.1", "GET / FTP/1"})
    EXPECT_EQ(refusal(line + "\r\n\r\n"), 400U) << line;
  EXPECT_EQ(refusal("GET / HTTP/2.0\r\n\r\n"), 505U);
}

TEST(RequestReader, KnowsWhoWaitsForAWordBeforeTheBody) {
  RequestReader reader({});
  EXPECT_EQ(reader.take("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n"), Step::head);
  EXPECT_TRUE(reader.awaits_continue());
  EXPECT_EQ(reader.go_on(1), Step::more);
  EXPECT_FALSE(reader.awaits_continue());
}

TEST(Query, GivesTheDecodedValue) {
  EXPECT_EQ(query_value("a=1&b=%2B7+9&c", "b"), "+7 9");
  EXPECT_EQ(query_value("a=1&b=%2B7+9&c", "c"), "");
  EXPECT_EQ(percent_decoded("100%&%zz%41", false), "100%&%zzA");
}

TEST(HttpError, IsAWholeDocumentWhateverItSays) {
  EXPECT_EQ(http_error(404, "a \"b\" \xFF").body, "{\"error\":\"a \\\"b\\\" \xEF\xBF\xBD\"}\n");
}

}  // namespace
}  // namespace hkl
