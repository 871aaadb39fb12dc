// Calls, people and plugins made up for the tests of this part. The people are
// those of the common example: ivanova on 101, petrov on 102 until noon of
// 3 March 2026, orlov from then, sidorova on 103; nobody has 104.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "contacts/credit.h"
#include "contacts/derive.h"

namespace hkl::made_up {

// "09:05:12" of 2 March 2026 or "03-04 09:05:12", Moscow time; "" is not known.
inline std::optional<Instant> maybe_at(const std::string& text) {
  if (text.empty()) return std::nullopt;
  const auto day = text.size() > 12 ? text.substr(0, 5) : std::string("03-02");
  const auto clock = text.size() > 12 ? text.substr(6) : text;
  return *parse_iso("2026-" + day + "T" + clock + "+03:00");
}
inline Instant at(const std::string& text) { return *maybe_at(text); }

inline EmployeeRecord employee(std::string id, std::string extension, Period period = {}) {
  EmployeeRecord record;
  record.id = std::move(id);
  record.extensions = {{"pbx1", std::move(extension), period}};
  return record;
}

inline Directory::Parts parts() {
  const auto noon = at("03-03 12:00:00");
  Directory::Parts parts;
  parts.phone_region = "RU";
  parts.employees = {employee("ivanova", "101"), employee("petrov", "102", {std::nullopt, noon}),
                     employee("orlov", "102", {noon, std::nullopt}), employee("sidorova", "103")};
  parts.departments = {{"service", "Сервис", {"support"}, {"sidorova", "petrov"}}};
  return parts;
}
inline const Directory& people() {
  static const Directory directory(parts());
  return directory;
}

// A phone of ours: rang, was picked up ("" if not), was free again.
inline Leg phone(std::string extension, const std::string& started, const std::string& answered = "",
                 const std::string& ended = "") {
  Leg leg;
  leg.kind = LegKind::employee;
  leg.extension = std::move(extension);
  leg.started_at = maybe_at(started);
  leg.answered_at = maybe_at(answered);
  leg.ended_at = maybe_at(ended);
  leg.outcome = leg.answered_at ? LegOutcome::answered : LegOutcome::no_answer;
  if (leg.answered_at && leg.ended_at) leg.talk = *leg.ended_at - *leg.answered_at;
  return leg;
}

// A call that is over, of the contact "c"; `answered` is "" where nobody did.
inline Call call(Direction direction, std::string id, const std::string& started, const std::string& answered,
                 const std::string& ended, std::vector<Leg> legs = {}, const Directory& directory = people()) {
  Call call;
  call.id = std::move(id);
  call.source = "pbx1";
  call.direction = direction;
  call.contact = direction == Direction::internal ? "" : "c";
  call.client_number = direction == Direction::internal ? "" : "+79161110001";
  call.started_at = maybe_at(started);
  call.answered_at = maybe_at(answered);
  call.ended_at = maybe_at(ended);
  call.is_over = true;
  call.outcome = call.answered_at             ? Outcome::answered
                 : direction == Direction::in ? Outcome::missed
                                              : Outcome::unsuccessful;
  if (call.started_at && call.ended_at) call.wait = call.answered_at.value_or(*call.ended_at) - *call.started_at;
  call.talk = call.answered_at ? *call.ended_at - *call.answered_at : Millis(0);
  call.legs = std::move(legs);
  assign_employees(call, directory);
  return call;
}
inline Call incoming(std::string id, const std::string& started, const std::string& answered, const std::string& ended,
                     std::vector<Leg> legs = {}) {
  return call(Direction::in, std::move(id), started, answered, ended, std::move(legs));
}
inline Call outgoing(std::string id, const std::string& started, const std::string& answered, const std::string& ended,
                     std::vector<Leg> legs = {}) {
  return call(Direction::out, std::move(id), started, answered, ended, std::move(legs));
}

// Plugins as functions.
struct MadeClassifier : Classifier {
  using Ask = std::function<Result<Verdict>(const hkl_inquiry&)>;
  MadeClassifier(std::string id, Ask ask) : id_(std::move(id)), ask_(std::move(ask)) {}
  const std::string& id() const override { return id_; }
  Result<Verdict> classify(const hkl_inquiry& inquiry) override { return ask_(inquiry); }
  std::string id_;
  Ask ask_;
};
struct MadeRule : TaskRule {
  using Ask = std::function<Result<std::vector<TaskRecord>>(const hkl_timeline&)>;
  MadeRule(std::string id, Ask ask) : id_(std::move(id)), ask_(std::move(ask)) {}
  const std::string& id() const override { return id_; }
  Result<std::vector<TaskRecord>> review(const hkl_timeline& timeline) override { return ask_(timeline); }
  std::string id_;
  Ask ask_;
};

inline std::string text(const hkl_str& view) { return {view.ptr == nullptr ? "" : view.ptr, view.len}; }

// What was chosen, by hand of the test; what is asked is kept to look at.
struct MadeChoices : Choices {
  std::string chosen(const std::string& lead, const std::string& inquiry) override {
    if (const auto found = by_lead.find(lead); found != by_lead.end()) return found->second;
    const auto found = by_inquiry.find(inquiry);
    return found == by_inquiry.end() ? "" : found->second;
  }
  void ask(ChoiceQuestion question) override { asked.push_back(std::move(question)); }
  std::map<std::string, std::string> by_lead, by_inquiry;
  std::vector<ChoiceQuestion> asked;
};

// One contact, derived.
struct Case {
  ContactInput input;
  LeadPolicy policy;
  std::vector<MadeClassifier> classifiers;
  std::vector<MadeRule> rules;
  MadeChoices choices;

  Case() { input.contact.id = "c"; }
  ContactState run(const Directory& directory = people()) {
    std::vector<Classifier*> asked;
    std::vector<TaskRule*> reviewed;
    for (auto& one : classifiers) asked.push_back(&one);
    for (auto& one : rules) reviewed.push_back(&one);
    return derive(input, directory, policy, asked, reviewed, choices);
  }
};

inline const InquiryRecord& inquiry_of(const ContactState& state, const std::string& call) {
  for (const auto& inquiry : state.inquiries)
    if (inquiry.call == call) return inquiry;
  static const InquiryRecord none;
  return none;
}

inline MarkRecord mark(std::string call, std::optional<Quality> quality, const std::string& when) {
  MarkRecord record;
  record.id = call + when;
  record.call = std::move(call);
  record.quality = quality;
  record.by = "ivanova";
  record.at = maybe_at(when);
  return record;
}

}  // namespace hkl::made_up
