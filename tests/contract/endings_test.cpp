// The table of endings, against the page that prints it and the rules it keeps.
#include "hookline/sdk/endings.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace hookline {
namespace {

std::string reason(std::uint32_t reason) {
  static const char* const words[] = {"",
                                      "normal",
                                      "client_hung_up",
                                      "employee_hung_up",
                                      "client_no_answer",
                                      "client_busy",
                                      "client_rejected",
                                      "client_unavailable",
                                      "employee_no_answer",
                                      "employee_busy",
                                      "employee_unavailable",
                                      "employee_rejected",
                                      "dial_timeout",
                                      "queue_timeout",
                                      "network",
                                      "technical",
                                      "limit",
                                      "finance",
                                      "not_configured",
                                      "security",
                                      "unknown"};
  return words[reason];
}

std::string leg(std::uint32_t outcome) {
  static const char* const words[] = {"",          "answered",    "no_answer", "busy",   "elsewhere",
                                      "rejected",  "unavailable", "cancelled", "failed", "abandoned",
                                      "timed_out", "no_staff",    "refused",   "moved"};
  return words[outcome];
}

// plugins/pbx/finish-reasons.md as the table has it.
std::string page() {
  std::ostringstream out;
  out << "# Finish reasons\n\n"
         "What words of PBXs mean, by direction of the call: who was called is the client on an outgoing call and an\n"
         "employee else. The PBX's own word stays beside it (`result` of a call, `cause` of a leg). `*` at the end of "
         "a word\n"
         "is its class: every word that begins so and is not told better. An empty cell: the word does not say it. A "
         "call\n"
         "that was answered is `normal` whatever the word; one without a reason that can be told is `unknown`.\n"
         "The table is `host-api/sdk/include/hookline/sdk/endings.inc`; a test keeps this page equal to it.\n";
  std::string_view vocabulary;
  for (const auto& row : endings::kRows) {
    if (row.vocabulary != vocabulary) {
      vocabulary = row.vocabulary;
      out << "\n## " << vocabulary
          << "\n| word | sense | incoming | outgoing | internal | leg |\n|---|---|---|---|---|---|\n";
    }
    const auto& e = row.ending;
    out << "| " << row.word << " | " << e.sense << " | " << reason(reason_of(e, HKL_DIRECTION_IN)) << " | "
        << reason(reason_of(e, HKL_DIRECTION_OUT)) << " | " << reason(reason_of(e, HKL_DIRECTION_INTERNAL)) << " | "
        << leg(e.outcome) << " |\n";
  }
  return out.str();
}

TEST(Endings, ArePrintedRowByRow) {
  const std::string path = std::string(HKL_SOURCE_DIR) + "/plugins/pbx/finish-reasons.md";
  if (std::getenv("HKL_WRITE_PAGES") != nullptr) std::ofstream(path) << page();
  std::ostringstream printed;
  printed << std::ifstream(path).rdbuf();
  EXPECT_EQ(printed.str(), page()) << "the table and its page differ; HKL_WRITE_PAGES=1 writes it anew";
}

TEST(Endings, HaveEachWordOnce) {
  for (const auto& one : endings::kRows)
    for (const auto& other : endings::kRows) {
      const bool is_twin = &one != &other && one.vocabulary == other.vocabulary && one.word == other.word;
      EXPECT_FALSE(is_twin) << one.vocabulary << " " << one.word;
    }
}

TEST(Endings, OfACancelledCallAreThoseOfWhoeverCalled) {
  const auto& cancel = ending_of("asterisk", "CANCEL");
  EXPECT_EQ(reason_of(cancel, HKL_DIRECTION_IN), HKL_REASON_CLIENT_HUNG_UP);
  EXPECT_EQ(reason_of(cancel, HKL_DIRECTION_OUT), HKL_REASON_EMPLOYEE_HUNG_UP);
  EXPECT_EQ(reason_of(cancel, HKL_DIRECTION_INTERNAL), HKL_REASON_EMPLOYEE_HUNG_UP);
  EXPECT_EQ(ended_by(cancel, HKL_DIRECTION_INTERNAL), HKL_BY_EMPLOYEE);
}

TEST(Endings, OfAsteriskAreThoseOfTheTrade) {
  const auto of = [](const char* word, std::uint32_t direction) {
    return reason_of(ending_of("asterisk", word), direction);
  };
  EXPECT_EQ(of("CONGESTION", HKL_DIRECTION_IN), HKL_REASON_NETWORK);
  EXPECT_EQ(of("CONGESTION", HKL_DIRECTION_OUT), HKL_REASON_NETWORK);
  EXPECT_EQ(of("CHANUNAVAIL", HKL_DIRECTION_IN), HKL_REASON_EMPLOYEE_UNAVAILABLE);
  EXPECT_EQ(of("CHANUNAVAIL", HKL_DIRECTION_OUT), HKL_REASON_CLIENT_UNAVAILABLE);
  EXPECT_EQ(of("FAILED", HKL_DIRECTION_OUT), HKL_REASON_TECHNICAL);
  EXPECT_EQ(of("BUSY", HKL_DIRECTION_INTERNAL), HKL_REASON_EMPLOYEE_BUSY);
}

TEST(Endings, TellForbiddenPaidAndLimitedApart) {
  const auto of = [](const char* vocabulary, const char* word) {
    return reason_of(ending_of(vocabulary, word), HKL_DIRECTION_OUT);
  };
  EXPECT_EQ(of("megafon", "NotAllowed"), HKL_REASON_SECURITY);
  EXPECT_EQ(of("mango", "1151"), HKL_REASON_SECURITY);
  EXPECT_EQ(of("uis", "numa_in_black_list"), HKL_REASON_SECURITY);
  EXPECT_EQ(of("zadarma", "no money, no limit"), HKL_REASON_FINANCE);
  EXPECT_EQ(of("uis", "not_enough_money"), HKL_REASON_FINANCE);
  EXPECT_EQ(of("sip", "402"), HKL_REASON_FINANCE);
  EXPECT_EQ(of("zadarma", "line limit"), HKL_REASON_LIMIT);
  EXPECT_EQ(of("mango", "1162"), HKL_REASON_LIMIT);
}

// Of a call that the vendor makes for an employee, his own phone is rung too.
TEST(Endings, OfWordsThatNameTheEmployeeAreHisWhoeverCalled) {
  for (const auto direction : {HKL_DIRECTION_IN, HKL_DIRECTION_OUT}) {
    EXPECT_EQ(reason_of(ending_of("uis", "operator_busy"), direction), HKL_REASON_EMPLOYEE_BUSY);
    EXPECT_EQ(reason_of(ending_of("uis", "no_success_operator_call"), direction), HKL_REASON_EMPLOYEE_NO_ANSWER);
    EXPECT_EQ(reason_of(ending_of("uis", "sip_offline"), direction), HKL_REASON_EMPLOYEE_UNAVAILABLE);
    EXPECT_EQ(reason_of(ending_of("mango", "1190"), direction), HKL_REASON_EMPLOYEE_UNAVAILABLE) << "out of hours";
  }
  EXPECT_EQ(reason_of(ending_of("uis", "subscriber_busy"), HKL_DIRECTION_OUT), HKL_REASON_CLIENT_BUSY);
}

TEST(Endings, OfAnUnknownCodeAreThoseOfItsClass) {
  EXPECT_EQ(ending_of("mango", "2219").sense, "finance");
  EXPECT_EQ(ending_of("mango", "1121").sense, "busy");
  EXPECT_EQ(ending_of("mango", "1129").sense, "rejected");
  EXPECT_EQ(ending_of("sip", "599").sense, "technical");
  EXPECT_EQ(ending_of("sip", "5").sense, "technical");
  EXPECT_EQ(find_ending("q850", "999"), nullptr);
  EXPECT_EQ(find_ending("q850", ""), nullptr);
}

// Who sends no answer to a plain hang-up may not be told one.
TEST(Endings, OfAPlainHangUpSayNothing) {
  for (const auto* cause : {"16", "31", "127"}) EXPECT_EQ(ending_of("q850", cause).outcome, 0U) << cause;
}

}  // namespace
}  // namespace hookline
