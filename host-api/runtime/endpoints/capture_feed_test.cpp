#include <zlib.h>

#include "endpoints/test_kit.h"

namespace hkl::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> texts(const std::vector<CaptureComplaint>& complaints) {
  std::vector<std::string> all;
  for (const auto& complaint : complaints) all.push_back(complaint.str());
  return all;
}

class CaptureFeed : public testing::Test {
 protected:
  Result<CaptureTally> feed(std::vector<CaptureFile> files) {
    return feed_capture(setup_, adapter_, files, out_.outlet(), step_);
  }
  void pack(const std::string& name, const std::string& text, const char* mode = "wb") {
    auto* file = gzopen(folder_.path(name).c_str(), mode);
    gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
    gzclose(file);
  }

  TempFolder folder_;
  Lines log_;
  SourceSetup setup_ = setup_of(log_);
  WordAdapter adapter_;
  Collected out_;
  std::function<bool(std::uint64_t, std::uint64_t)> step_;
};

TEST_F(CaptureFeed, FilesAreFedInOrderAndThenTheSourceIsSilent) {
  const auto fed =
      feed({{folder_.write("b.raw", "e one 1000\ne two 3000\n")}, {folder_.write("a.raw", "e three 2000\n")}});
  ASSERT_TRUE(fed) << fed.error().text;
  EXPECT_THAT(out_.ids(), ElementsAre("one", "two", "three", "silent:3000"));
  const auto events = out_.events();
  EXPECT_EQ(events[3].kind, HKL_EVENT_SOURCE_SILENT);
  EXPECT_EQ(events[3].at, instant_of(3000)) << "the latest, not the last";
  EXPECT_EQ(events[0].received_at, instant_of(1000)) << "no clock is in a capture";
  EXPECT_EQ(events[0].source, "pbx1");
  EXPECT_EQ(fed->events, 3u);
  EXPECT_EQ(fed->bytes, 22u + 13u);
  EXPECT_THAT(fed->complaints, IsEmpty());
  EXPECT_GE(out_.durable(), 1);
}

TEST_F(CaptureFeed, TheAdaptersNowIsTheFilesAgeAndThenTheLatestEvent) {
  const auto path = folder_.write("a.raw", "e one 5000\ne two 4000\n");
  const auto written =
      std::filesystem::file_time_type::clock::from_sys(std::chrono::sys_seconds(std::chrono::seconds(1700000000)));
  std::filesystem::last_write_time(path, written);
  setup_.chunk = 11;
  ASSERT_TRUE(feed({{path}}));
  EXPECT_THAT(adapter_.seen->nows,
              ElementsAre(instant_of(1700000000000), instant_of(1700000000000), instant_of(5000), instant_of(5000)));
}

TEST_F(CaptureFeed, ByteByByteGivesTheSameEvents) {
  const auto path = folder_.write("a.raw", "live\ne one 1000\nskip 3\ne two 2000\nhal");
  ASSERT_TRUE(feed({{path}}));
  setup_.chunk = 1;
  WordAdapter other;
  Collected slow;
  const auto fed = feed_capture(setup_, other, {{path}}, slow.outlet(), {});
  ASSERT_TRUE(fed);
  EXPECT_EQ(fed->complaints.size(), 2u);
  const auto whole = out_.events(), bytes = slow.events();
  ASSERT_EQ(whole.size(), bytes.size());
  for (std::size_t i = 0; i < whole.size(); ++i) {
    EXPECT_EQ(event_to_json(whole[i]), event_to_json(bytes[i]));
    EXPECT_EQ(whole[i].received_at, bytes[i].received_at);
  }
}

TEST_F(CaptureFeed, PackedFilesAreUnpackedOnTheWay) {
  pack("a.raw.gz", "e one 1000\n");
  pack("a.raw.gz", "e two 2000\n", "ab");  // a second member, as `cat a.gz b.gz` makes
  const auto fed = feed({{folder_.path("a.raw.gz")}});
  ASSERT_TRUE(fed) << fed.error().text;
  EXPECT_THAT(out_.ids(), ElementsAre("one", "two", "silent:2000"));
  EXPECT_THAT(adapter_.seen->opened, ElementsAre(folder_.path("a.raw")));
}

TEST_F(CaptureFeed, APackedFileThatIsCutGivesWhatItHasAndIsNamed) {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += fmt::format("e {} {}\n", i * 7919 % 20011, i);
  pack("a.gz", text);
  std::filesystem::resize_file(folder_.path("a.gz"), std::filesystem::file_size(folder_.path("a.gz")) / 2);
  const auto fed = feed({{folder_.path("a.gz")}});
  ASSERT_FALSE(fed);
  EXPECT_EQ(fed.error().status, HKL_INVALID);
  EXPECT_THAT(fed.error().text, HasSubstr("a.gz: breaks off after"));
  EXPECT_GT(out_.events().size(), 500u);
  EXPECT_GE(out_.durable(), 1);
}

TEST_F(CaptureFeed, AMissingFileIsNamedAndNothingFedBeforeIsLost) {
  const auto fed = feed({{folder_.write("a.raw", "e one 1000\n")}, {folder_.path("b.raw")}});
  ASSERT_FALSE(fed);
  EXPECT_EQ(fed.error().status, HKL_NOT_FOUND);
  EXPECT_EQ(fed.error().text, folder_.path("b.raw") + ": cannot be read: No such file or directory");
  EXPECT_THAT(out_.ids(), ElementsAre("one")) << "the input did not end, so no call is closed";
  EXPECT_EQ(out_.durable(), 1);
}

TEST_F(CaptureFeed, AFolderIsNamedAsOne) {
  std::filesystem::create_directory(folder_.path("captures"));
  const auto fed = feed({{folder_.path("captures")}});
  ASSERT_FALSE(fed);
  EXPECT_THAT(fed.error().text, HasSubstr("captures: is a folder; name the files in it"));
}

TEST_F(CaptureFeed, HalfAMessageAtTheEndIsAComplaint) {
  const auto path = folder_.write("a.raw", "e one 1000\ne tw");
  const auto fed = feed({{path}});
  ASSERT_TRUE(fed);
  EXPECT_THAT(texts(fed->complaints), ElementsAre(path + ": 4 bytes at its end were left out: half a line"));
  EXPECT_EQ(fed->skipped_bytes, 4u);
}

TEST_F(CaptureFeed, RefusedEventsAreCountedAndNamed) {
  const auto path = folder_.write("a.raw", "illegal\ne one 1000\n");
  const auto fed = feed({{path}});
  ASSERT_TRUE(fed);
  EXPECT_EQ(fed->refused, 1u);
  EXPECT_THAT(texts(fed->complaints), ElementsAre(path + ": an event was refused: event_id is empty"));
  EXPECT_THAT(out_.ids(), ElementsAre("one", "silent:1000"));
}

TEST_F(CaptureFeed, AThousandComplaintsAreAHundredAndACount) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "illegal\n";
  const auto fed = feed({{folder_.write("a.raw", text)}});
  ASSERT_TRUE(fed);
  EXPECT_EQ(fed->complaints.size(), 101u);
  EXPECT_EQ(fed->complaints.back().str(), "and 900 more of these");
  EXPECT_EQ(fed->refused, 1000u);
}

TEST_F(CaptureFeed, AFileThatMakesNoSenseIsLeftAndTheNextOneIsFed) {
  const auto bad = folder_.write("a.raw", "e one 1000\nbad\ne lost 1500\n");
  const auto fed = feed({{bad}, {folder_.write("b.raw", "e two 2000\n")}});
  ASSERT_TRUE(fed);
  EXPECT_THAT(out_.ids(), ElementsAre("one", "two", "silent:2000"));
  ASSERT_FALSE(fed->complaints.empty());
  EXPECT_THAT(fed->complaints[0].str(), HasSubstr("a.raw: from byte 0 on it was left out"));
}

TEST_F(CaptureFeed, StoppingKeepsWhatWasTakenAndClosesNothing) {
  const auto path = folder_.write("a.raw", "e one 1000\ne two 2000\n");
  setup_.chunk = 11;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> steps;
  step_ = [&](std::uint64_t done, std::uint64_t total) {
    steps.emplace_back(done, total);
    return false;
  };
  const auto fed = feed({{path}});
  ASSERT_FALSE(fed);
  EXPECT_EQ(fed.error().status, HKL_CANCELLED);
  EXPECT_THAT(out_.ids(), ElementsAre("one"));
  ASSERT_EQ(steps.size(), 1u);
  EXPECT_EQ(steps[0].second, 22u);
  EXPECT_EQ(out_.durable(), 1);
}

TEST_F(CaptureFeed, AnOutletThatFailsEndsTheFeed) {
  out_.set_refusing(true);
  const auto fed = feed({{folder_.write("a.raw", "e one 1000\n")}});
  ASSERT_FALSE(fed);
  EXPECT_EQ(fed.error().text, "the disk is full");
}

TEST_F(CaptureFeed, HistoryMarksTheSilenceToo) {
  setup_.history = true;
  ASSERT_TRUE(feed({{folder_.write("a.raw", "e one 1000\n")}}));
  for (const auto& event : out_.events()) EXPECT_EQ(event.flags, HKL_EVENT_FLAG_HISTORY) << event.event_id;
}

TEST_F(CaptureFeed, AnEmptyInputSaysNothing) {
  const auto fed = feed({{folder_.write("a.raw", "")}});
  ASSERT_TRUE(fed);
  EXPECT_THAT(out_.ids(), IsEmpty());
}

std::string posted(const std::string& path, const std::string& body) {
  return fmt::format("POST {} HTTP/1.1\r\nHost: h\r\nContent-Length: {}\r\n\r\n{}", path, body.size(), body);
}

class RequestFeed : public CaptureFeed {
 protected:
  Result<CaptureTally> feed_requests(const std::string& text) {
    return feed_capture(setup_, hook_, {{folder_.write("a.http", text)}}, out_.outlet(), {},
                        [&](const RequestOutcome& outcome) -> Done {
                          outcomes_.push_back(fmt::format("{} {} {}", outcome.reply.status, outcome.reply.reason,
                                                          outcome.is_duplicate ? "duplicate" : ""));
                          return {};
                        });
  }
  WordHook hook_;
  std::vector<std::string> outcomes_;
};

TEST_F(RequestFeed, RequestsOfOneFileAreJudgedInTheirOrder) {
  setup_.public_url = "https://crm/hooks/pbx1";
  const auto first = posted("/in/pbx1/call?a=1", "e one 1000\n");
  const auto fed = feed_requests(first + posted("/hooks/pbx1/no", "e bad 1500\n") + first);
  ASSERT_TRUE(fed) << fed.error().text;
  EXPECT_THAT(hook_.asked,
              ElementsAre("POST https://crm/hooks/pbx1/call?a=1 /call", "POST https://crm/hooks/pbx1/no /no",
                          "POST https://crm/hooks/pbx1/call?a=1 /call"));
  EXPECT_THAT(outcomes_, ElementsAre("200  ", "401 bad_credential ", "200  duplicate"));
  EXPECT_THAT(out_.ids(), ElementsAre("one", "silent:1000"));
  EXPECT_EQ(fed->refused, 1u);
}

TEST_F(RequestFeed, WhatIsTooLargeIsRefusedAsItWouldBeLive) {
  setup_.http_limits.body_bytes = 5;
  ASSERT_TRUE(feed_requests(posted("/in/pbx1", "e one 1000\n")));
  setup_.http_limits.header_bytes = 20;
  ASSERT_TRUE(feed_requests(posted("/in/pbx1", "")));
  EXPECT_THAT(outcomes_, ElementsAre("413 body_too_large ", "431 headers_too_large "));
}

TEST_F(RequestFeed, ARequestThatBreaksOffIsNamed) {
  const auto whole = posted("/in/pbx1", "e one 1000\n");
  const auto fed = feed_requests(whole + whole.substr(0, whole.size() - 3));
  ASSERT_TRUE(fed);
  EXPECT_THAT(outcomes_, ElementsAre("200  ", "400 incomplete_request "));
  ASSERT_EQ(fed->complaints.size(), 1u);
  EXPECT_THAT(fed->complaints[0].str(), HasSubstr("bytes at its end were left out: a request that is not whole"));
}

}  // namespace
}  // namespace hkl::test
