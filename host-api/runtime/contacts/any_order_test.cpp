// The state of a contact does not depend on the order in which its facts came.
#include <gtest/gtest.h>

#include <random>

#include "contacts/derive.h"
#include "contacts/made_up.h"

namespace hkl {
namespace {

using namespace made_up;

std::string time(std::optional<Instant> at) { return at ? iso_utc(*at) : "-"; }

std::string span(std::optional<Millis> span) { return span ? std::to_string(span->count()) : "-"; }

// All that a state says, as text.
std::string whole(const ContactState& state) {
  std::string text;
  const auto put = [&](std::initializer_list<std::string> words) {
    for (const auto& word : words) text += word + " | ";
    text += "\n";
  };
  for (std::size_t i = 0; i < state.calls.size(); ++i) {
    const auto& call = state.calls[i];
    const auto& facts = state.facts[i];
    std::string tags;
    for (const auto& tag : call.tags) tags += tag + ",";
    put({call.id, call.inquiry, call.lead, call.visit, tags, std::to_string(call.rating), facts.call,
         std::string(word(facts.quality)), std::to_string(static_cast<int>(facts.advertising)), facts.made_lead,
         span(facts.gap_any), time(facts.called_back_at), facts.called_back_call, time(facts.next_inbound_at),
         span(facts.three_inbound), facts.begins_episode ? "begins" : "-"});
  }
  for (const auto& inquiry : state.inquiries)
    put({inquiry.id, inquiry.call, time(inquiry.at), inquiry.lead, std::string(word(inquiry.quality)), inquiry.why,
         inquiry.taken_by, time(inquiry.taken_at), inquiry.ad_source});
  for (const auto& lead : state.leads)
    put({lead.id, lead.inquiry, lead.stage, lead.responsible, time(lead.created_at), lead.merged_into});
  for (const auto& task : state.tasks)
    put({task.id, task.key, task.call, task.lead, task.assignee, std::string(word(task.state)), time(task.done_at)});
  for (const auto& fault : state.faults) put({fault});
  return text;
}

// A contact with everything: calls at once, leads of one moment, changes of
// one moment, marks against marks, tasks told and delivered.
Case eventful() {
  Case one;
  one.classifiers = {{"spam-guard", [](const hkl_inquiry& inquiry) -> Result<Verdict> {
                        Verdict verdict;
                        if (inquiry.touch->talk_ms < 5000 && inquiry.touch->answered_at_ms != HKL_UNKNOWN_MS)
                          verdict.quality = Quality::non_target;
                        if (inquiry.earlier_count > 2) verdict.tags = {"often"};
                        return verdict;
                      }}};
  one.rules = {{"rule", [](const hkl_timeline& timeline) -> Result<std::vector<TaskRecord>> {
                  std::vector<TaskRecord> tasks;
                  for (std::uint64_t i = 0; i < timeline.touch_count; ++i) {
                    if (timeline.touches[i]->outcome != HKL_OUTCOME_MISSED) continue;
                    TaskRecord task;
                    task.key = task.call = text(timeline.touches[i]->call);
                    task.kind = "callback";
                    task.lead = text(timeline.touches[i]->lead);
                    task.assignee = text(timeline.touches[i]->responsible);
                    task.state = TaskState::open;
                    task.created_at = instant_of(timeline.touches[i]->ended_at_ms);
                    tasks.push_back(std::move(task));
                  }
                  return tasks;
                }}};
  auto& in = one.input;
  in.calls = {incoming("a", "09:00:00", "", "09:00:40"),
              incoming("b", "09:00:00", "09:00:10", "09:00:12"),
              outgoing("c", "09:30:00", "", "09:30:30"),
              outgoing("d", "10:00:00", "10:00:10", "10:05:00"),
              incoming("e", "03-03 09:00:00", "", "03-03 09:00:03"),
              incoming("f", "03-03 09:00:01", "", "03-03 09:00:03"),
              incoming("g", "03-05 09:00:00", "03-05 09:00:09", "03-05 09:02:00")};
  for (const auto& [id, call] : {std::pair{"i2", "d"}, {"i1", "d"}, {"i3", ""}}) {
    InquiryRecord inquiry;
    inquiry.id = id;
    inquiry.call = call;
    inquiry.kind = InquiryKind::request;
    inquiry.at = at("09:00:00");
    in.inquiries.push_back(inquiry);
  }
  for (const auto* id : {"L2", "L1"}) {
    LeadRecord lead;
    lead.id = id;
    lead.funnel = "sales";
    lead.stage = "refusal";
    lead.responsible = id == std::string("L1") ? "ivanova" : "petrov";
    lead.created_at = at("03-01 09:00:00");
    in.leads.push_back(lead);
    in.lead_changes.push_back(
        {std::string(id) + "x", id, at("03-03 08:00:00"), "", "stage", "check", "refusal", false});
    in.lead_changes.push_back(
        {std::string(id) + "y", id, at("03-03 08:00:00"), "", "stage", "booking", "refusal", false});
  }
  in.marks = {mark("a", Quality::target, "11:00:00"), mark("a", Quality::repeat, "12:00:00"),
              mark("e", Quality::non_target, "12:00:00")};
  TaskRecord task;
  task.rule = "rule";
  task.state = TaskState::open;
  for (const auto& [id, key] : {std::pair{"t2", "f"}, {"t1", "a"}, {"t3", "gone"}}) {
    task.id = id;
    task.key = key;
    in.kept_tasks.push_back(task);
  }
  for (const auto& [id, call] : {std::pair{"t9", "a"}, {"t8", "a"}, {"t1", "a"}}) {
    task.id = id;
    task.key.clear();
    task.call = call;
    task.state = TaskState::done;
    in.told_tasks.push_back(task);
  }
  LeadRecord kept;
  kept.created_at = at("03-05 09:00:00");
  for (const auto* id : {"crm-2", "crm-1"}) {
    kept.id = id;
    in.kept_leads.push_back(kept);
  }
  return one;
}

TEST(AnyOrder, OfEveryListGivesTheSameState) {
  const auto expected = whole(eventful().run());
  std::mt19937 dice(20260302);
  for (int round = 0; round < 300; ++round) {
    auto one = eventful();
    auto& in = one.input;
    const auto shuffle = [&](auto& list) { std::shuffle(list.begin(), list.end(), dice); };
    shuffle(in.calls);
    shuffle(in.inquiries);
    shuffle(in.leads);
    shuffle(in.lead_changes);
    shuffle(in.marks);
    shuffle(in.kept_tasks);
    shuffle(in.told_tasks);
    shuffle(in.kept_leads);
    ASSERT_EQ(whole(one.run()), expected) << "round " << round;
  }
}

TEST(AnyOrder, ASecondDerivationGivesTheSame) {
  auto one = eventful();
  EXPECT_EQ(whole(one.run()), whole(one.run()));
}

}  // namespace
}  // namespace hkl
