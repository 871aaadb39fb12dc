#include "pipeline/choice_book.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>

namespace hkl {

std::string ChoiceBook::chosen(const std::string& lead, const std::string& inquiry) {
  {
    auto by_lead = sql_.query("SELECT employee FROM choices WHERE lead = ?");
    if (by_lead.bind(lead).step()) return by_lead.text(0);
  }
  auto by_inquiry = sql_.query("SELECT employee FROM choices WHERE inquiry = ? ORDER BY n LIMIT 1");
  return by_inquiry.bind(inquiry).step() ? by_inquiry.text(0) : std::string();
}

void ChoiceBook::ask(ChoiceQuestion question) {
  auto place = std::pair(question.at, question.inquiry);
  questions_.insert_or_assign(std::move(place), std::pair(contact_, std::move(question)));
}

void ChoiceBook::begin(const std::string& contact) {
  contact_ = contact;
  std::erase_if(questions_, [&](const auto& asked) { return asked.second.first == contact; });
}

std::optional<std::string> ChoiceBook::answer_next() {
  if (questions_.empty()) return std::nullopt;
  const auto [contact, question] = questions_.begin()->second;
  questions_.erase(questions_.begin());
  const auto employee = choose(question);
  const nlohmann::json body = {
      {"lead", question.lead}, {"inquiry", question.inquiry}, {"step", question.step}, {"employee", employee}};
  journal_.append(JournalNote{.source = kSource,
                              .event_id = question.lead,
                              .kind = "decision",
                              .at = question.at,
                              .received_at = question.at,
                              .body = body.dump()});
  keep(question.lead, question.inquiry, question.step, employee);
  return contact;
}

void ChoiceBook::repeat(const JournalNote& note) {
  const auto body = nlohmann::json::parse(note.body);
  keep(body.at("lead"), body.at("inquiry"), body.at("step"), body.at("employee"));
}

void ChoiceBook::keep(const std::string& lead, const std::string& inquiry, const std::string& step,
                      const std::string& employee) {
  sql_.query("INSERT OR IGNORE INTO choices(lead, inquiry, step, employee) VALUES(?, ?, ?, ?)")
      .bind(lead)
      .bind(inquiry)
      .bind(step)
      .bind(employee)
      .run();
}

std::int64_t ChoiceBook::open_leads_of(const std::string& employee) {
  auto q = sql_.query(
      "SELECT count(*) FROM leads WHERE responsible = ? AND merged_into IS NULL AND closed_ms IS NULL "
      "AND stage_groups NOT LIKE '%|closed%'");
  q.bind(employee).step();
  return q.integer(0);
}

// The number of the latest choice that fell on the employee; 0: never yet.
std::int64_t ChoiceBook::last_chosen(const std::string& employee) {
  auto q = sql_.query("SELECT coalesce(max(n), 0) FROM choices WHERE employee = ?");
  q.bind(employee).step();
  return q.integer(0);
}

// The next of the fan is who was chosen longest ago: the members in turn, also
// when somebody joins or leaves.
std::string ChoiceBook::choose(const ChoiceQuestion& question) {
  const bool by_load = question.step == "least_loaded";
  std::tuple<std::int64_t, std::int64_t> least;
  const std::string* found = nullptr;
  for (const auto& member : question.members) {
    const std::tuple claim(by_load ? open_leads_of(member) : 0, last_chosen(member));
    if (found != nullptr && least <= claim) continue;
    least = claim;
    found = &member;
  }
  return *found;
}

}  // namespace hkl
