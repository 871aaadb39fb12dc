#include "contacts/derive.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <map>
#include <set>

#include "contacts/call_facts.h"
#include "contacts/lead_book.h"
#include "contacts/made_id.h"
#include "contacts/task_book.h"
#include "contacts/touch_view.h"

namespace hkl {
namespace {

bool is_of_call(const std::string& name, const Call& call) {
  return name == call.id || std::find(call.aliases.begin(), call.aliases.end(), name) != call.aliases.end();
}

template <typename Records>
auto in_time_order(Records records) {
  std::stable_sort(records.begin(), records.end(),
                   [](const auto& a, const auto& b) { return std::tie(a.at, a.id) < std::tie(b.at, b.id); });
  return records;
}

std::vector<Call> sorted(std::vector<Call> calls) {
  std::sort(calls.begin(), calls.end(),
            [](const Call& a, const Call& b) { return std::tie(a.started_at, a.id) < std::tie(b.started_at, b.id); });
  return calls;
}

class Derivation {
 public:
  Derivation(const ContactInput& input, const Directory& directory, const LeadPolicy& policy,
             const std::vector<Classifier*>& classifiers, const std::vector<TaskRule*>& rules, Choices& choices)
      : input_(input),
        directory_(directory),
        classifiers_(classifiers),
        rules_(rules),
        book_(input, directory, policy, choices),
        contact_(input.contact),
        visits_(input.visits, directory) {
    for (const auto& [call, visits] : input.shown) shown_.try_emplace(call, visits, directory);
  }

  ContactState run() {
    state_.calls = sorted(input_.calls);
    state_.facts = call_facts(state_.calls);
    gather_touches();
    mark();
    for (std::size_t i = 0; i < touches_.size(); ++i) decide(i);
    make_leads_until(Instant::max());
    // A call may last beyond the making of a lead by a later one.
    for (std::size_t i = 0; i < touches_.size(); ++i) attach(i);
    pass_on();
    keep_delivered_leads();
    finish_calls();
    make_tasks();
    for (auto& touch : touches_) state_.inquiries.push_back(std::move(touch.inquiry));
    state_.leads = book_.take();
    return std::move(state_);
  }

 private:
  void gather_touches();
  void tell_taken(Touch& touch, std::size_t call_index);
  void mark();
  void decide(std::size_t i);
  void classify(std::size_t i);
  LeadBook::Cause cause_of(std::size_t i) const;
  void make_leads_until(Instant moment);
  void attach(std::size_t i);
  void pass_on();
  Tri advertising_of(const Touch& touch) const;
  void keep_delivered_leads();
  void finish_calls();
  void make_tasks();

  const ContactInput& input_;
  const Directory& directory_;
  const std::vector<Classifier*>& classifiers_;
  const std::vector<TaskRule*>& rules_;
  LeadBook book_;
  ContactView contact_;
  VisitViews visits_;
  std::map<std::string, VisitViews> shown_;  // by call
  ContactState state_;
  std::deque<Touch> touches_;  // in time order
  std::deque<TouchView> views_;
  std::vector<const hkl_touch*> view_list_;
  std::map<std::string, std::size_t> call_index_;
  std::set<std::pair<Instant, std::size_t>> due_leads_;  // moment, touch
};

// Every call has one inquiry: a record that names it is it (DESIGN section 9).
void Derivation::gather_touches() {
  std::vector<const InquiryRecord*> told;
  for (const auto& inquiry : input_.inquiries) told.push_back(&inquiry);
  std::sort(told.begin(), told.end(), [](const auto* a, const auto* b) { return a->id < b->id; });

  for (std::size_t i = 0; i < state_.calls.size(); ++i) {
    auto& call = state_.calls[i];
    call_index_[call.id] = i;
    Touch touch;
    const auto record = std::find_if(told.begin(), told.end(), [&](const InquiryRecord* inquiry) {
      return !inquiry->call.empty() && is_of_call(inquiry->call, call);
    });
    if (record != told.end()) {
      touch.inquiry = **record;
    } else {
      touch.inquiry.id = made_id("i", call.id);
      touch.inquiry.is_history = call.is_history;
    }
    auto& inquiry = touch.inquiry;
    inquiry.kind = InquiryKind::call;
    inquiry.call = call.id;
    inquiry.contact = input_.contact.id;
    inquiry.at = call.started_at ? call.started_at : inquiry.at;
    if (inquiry.number.empty()) inquiry.number = call.client_number;
    inquiry.is_history = inquiry.is_history || call.is_history;
    touch.is_lead_told = !inquiry.lead.empty();
    tell_taken(touch, i);
    touch.over_at = call.ended_at.value_or(inquiry.at.value_or(Instant{}));
    call.inquiry = inquiry.id;
    call.tags = call.own_tags;
    call.rating = call.own_rating;
    touches_.push_back(std::move(touch));
  }
  for (const auto* inquiry : told) {
    const bool is_of_known_call = !inquiry->call.empty();
    if (is_of_known_call) continue;  // its call is here already, or not there yet
    Touch touch;
    touch.inquiry = *inquiry;
    touch.inquiry.contact = input_.contact.id;
    touch.is_lead_told = !touch.inquiry.lead.empty();
    touch.over_at = inquiry->at.value_or(Instant{});
    touches_.push_back(std::move(touch));
  }
  std::sort(touches_.begin(), touches_.end(), [](const Touch& a, const Touch& b) {
    return std::tie(a.inquiry.at, a.inquiry.id) < std::tie(b.inquiry.at, b.inquiry.id);
  });
  for (auto& touch : touches_) {
    if (!touch.inquiry.call.empty()) touch.call = &state_.calls[call_index_.at(touch.inquiry.call)];
    if (touch.call == nullptr) continue;
    touch.tags = touch.call->tags;
    touch.rating = touch.call->rating;
  }
}

// metrics §7.1, "Taken": who first answered, of an internal call who dialled; of
// a missed call who first talked with the contact afterwards.
void Derivation::tell_taken(Touch& touch, std::size_t call_index) {
  auto& inquiry = touch.inquiry;
  if (inquiry.taken_at) return;
  const auto& call = state_.calls[call_index];
  const auto& facts = state_.facts[call_index];
  if (call.outcome == Outcome::answered && call.answered_at) {
    inquiry.taken_at = call.answered_at;
    inquiry.taken_by = call.employee;
    const bool is_dialled_by_ours = call.direction == Direction::internal && !call.legs.empty();
    // Nobody's, where the phone that dialled is nobody's (metrics §1.5.5).
    if (is_dialled_by_ours && call.legs.front().kind == LegKind::employee)
      inquiry.taken_by = call.legs.front().employee;
  } else if (facts.called_back_at) {
    inquiry.taken_at = facts.called_back_at;
    inquiry.taken_by = facts.called_back_by;
  } else {
    return;
  }
  inquiry.taken_how = "talked";
}

// The last mark by hand wins; one whose quality is taken back leaves none.
void Derivation::mark() {
  for (const auto& mark : in_time_order(input_.marks)) {
    for (auto& touch : touches_) {
      const bool is_meant = mark.inquiry.empty() ? touch.call != nullptr && is_of_call(mark.call, *touch.call)
                                                 : mark.inquiry == touch.inquiry.id;
      if (!is_meant) continue;
      if (mark.quality) {
        touch.inquiry.by_hand = *mark.quality != Quality::no_opinion;
        touch.inquiry.quality = *mark.quality;
        touch.inquiry.why = touch.inquiry.by_hand
                                ? fmt::format("marked by {} at {}", mark.by.empty() ? "hand" : mark.by,
                                              mark.at ? iso_utc(*mark.at) : "a time that was not told")
                                : "";
      }
      if (mark.tags) {
        touch.tags = *mark.tags;
        touch.are_tags_by_hand = true;
      }
      if (mark.rating) touch.rating = *mark.rating;
    }
  }
}

// metrics §7.1: outgoing calls are advertising only when a lead was saved from
// them; internal ones and sources that are not counted never.
Tri Derivation::advertising_of(const Touch& touch) const {
  if (touch.call != nullptr) {
    if (touch.call->direction == Direction::internal) return Tri::no;
    if (touch.call->direction == Direction::out && touch.made_lead.empty()) return Tri::no;
  }
  const auto* source = directory_.ad_source(touch.inquiry.ad_source);
  return source != nullptr && !source->counted ? Tri::no : Tri::yes;
}

void Derivation::classify(std::size_t i) {
  auto& touch = touches_[i];
  auto& inquiry = touch.inquiry;
  auto& view = views_[i];
  inquiry.advertising = advertising_of(touch);
  if (!inquiry.by_hand) {
    inquiry.quality = Quality::no_opinion;
    inquiry.why.clear();
  }
  touch.visit.clear();
  touch.visit_why.clear();
  const auto shown = shown_.find(inquiry.call);
  bool is_told_advertising = false;
  const auto hear = [&](const Verdict& verdict, const std::string& why, const std::string& visit_why) {
    if (inquiry.quality == Quality::no_opinion && verdict.quality != Quality::no_opinion) {
      inquiry.quality = verdict.quality;
      inquiry.why = why;
    }
    if (!is_told_advertising && verdict.advertising != Tri::unknown) {
      is_told_advertising = true;
      inquiry.advertising = verdict.advertising;
    }
    if (inquiry.ad_source.empty() && !verdict.ad_source.empty()) {
      inquiry.ad_source = verdict.ad_source;
      if (!is_told_advertising) inquiry.advertising = advertising_of(touch);
    }
    if (touch.visit.empty() && !verdict.visit.empty()) {
      touch.visit = verdict.visit;
      touch.visit_why = visit_why;
    }
    if (touch.are_tags_by_hand) return;  // they are the whole list (DESIGN section 9)
    for (const auto& tag : verdict.tags)
      if (std::find(touch.tags.begin(), touch.tags.end(), tag) == touch.tags.end()) touch.tags.push_back(tag);
  };
  const auto settled = input_.settled.find(inquiry.id);
  if (settled != input_.settled.end())
    hear(settled->second, settled->second.why, "as it was before the person was erased");
  for (auto* classifier : settled == input_.settled.end() ? classifiers_ : std::vector<Classifier*>()) {
    view.refresh(touch);
    hkl_inquiry question{};
    question.struct_size = sizeof question;
    question.now_ms = ms_of(input_.now);
    question.touch = view.get();
    question.contact = contact_.get();
    question.earlier = view_list_.data();
    question.earlier_count = i;
    question.visits = visits_.list().data();
    question.visit_count = visits_.list().size();
    if (shown != shown_.end()) {
      question.shown = shown->second.list().data();
      question.shown_count = shown->second.list().size();
    }
    auto verdict = classifier->classify(question);
    if (!verdict) {
      state_.faults.push_back(fmt::format("inquiry {}: {}", inquiry.id, verdict.error().text));
      continue;
    }
    hear(*verdict, fmt::format("{}: {}", classifier->id(), verdict->why.empty() ? verdict->rule : verdict->why),
         fmt::format("{}: {}: {}", classifier->id(), verdict->rule, verdict->why));
  }
  // What the call's record says counts where nothing follows (DESIGN section 9).
  if (touch.visit.empty() && touch.call != nullptr) touch.visit = touch.call->own_visit;
  if (inquiry.quality == Quality::no_opinion) {
    inquiry.quality = inquiry.taken_at ? Quality::unverified : Quality::unsorted;
    inquiry.why = inquiry.taken_at ? kNoOpinion : kNobodyTookIt;
  }
}

// One inquiry in its turn. Those before it are decided.
void Derivation::decide(std::size_t i) {
  auto& touch = touches_[i];
  auto& inquiry = touch.inquiry;
  const auto* told = book_.told_from(inquiry.id);
  const bool is_told = told != nullptr;
  if (is_told && told->merged_into.empty()) touch.made_lead = told->id;
  views_.emplace_back(touch, directory_);
  view_list_.push_back(views_.back().get());
  if (inquiry.at) make_leads_until(*inquiry.at);
  contact_.set_responsible(book_.responsible());
  classify(i);
  // Withdrawn when it proves non-target, unless a person has touched it.
  const bool may_make = inquiry.quality != Quality::non_target || book_.is_touched(inquiry.id);
  if (!is_told && may_make)
    if (const auto at = book_.due(cause_of(i))) due_leads_.emplace(*at, i);
  if (inquiry.at) make_leads_until(*inquiry.at);
  attach(i);
}

LeadBook::Cause Derivation::cause_of(std::size_t i) const {
  return {&touches_[i].inquiry, touches_[i].call, i == 0, &state_.calls};
}

// Leads come to be in the order of their moments, which is not that of the
// inquiries when the policy waits for an answer or an end: of two calls at
// once the first to get so far makes the lead (metrics §5.3).
void Derivation::make_leads_until(Instant moment) {
  while (!due_leads_.empty() && due_leads_.begin()->first <= moment) {
    const auto [at, i] = *due_leads_.begin();
    due_leads_.erase(due_leads_.begin());
    const auto cause = cause_of(i);
    if (!book_.is_needed(cause, at)) continue;
    touches_[i].made_lead = book_.make(cause, at).id;
    // A lead saved from an outgoing call makes it advertising.
    if (cause.call != nullptr && cause.call->direction == Direction::out) classify(i);
    attach(i);
  }
}

// The lead an inquiry belongs to, and who answered for the contact then.
void Derivation::attach(std::size_t i) {
  auto& touch = touches_[i];
  const auto* open = book_.open_at(touch.over_at);
  if (!touch.is_lead_told)
    touch.inquiry.lead = !touch.made_lead.empty() ? touch.made_lead : open != nullptr ? open->id : "";
  touch.responsible = open == nullptr ? "" : book_.state_at(*open, touch.over_at).responsible;
  views_[i].refresh(touch);
}

// metrics §7.4: with a lead that is passed on with its inquiries they are the
// new employee's. Calls still tell who was on the phone.
void Derivation::pass_on() {
  for (const auto& change : in_time_order(input_.lead_changes)) {
    if (!change.with_inquiries || change.field != "responsible" || !change.at || change.to.value_or("").empty())
      continue;
    for (std::size_t i = 0; i < touches_.size(); ++i) {
      auto& inquiry = touches_[i].inquiry;
      if (inquiry.lead != change.lead || !inquiry.at || *inquiry.at > *change.at) continue;
      inquiry.taken_by = *change.to;
      inquiry.taken_how = "assigned";
      if (inquiry.taken_at && *inquiry.taken_at <= *change.at) continue;
      inquiry.taken_at = change.at;  // nobody had it before
      classify(i);
    }
  }
}

void Derivation::keep_delivered_leads() {
  for (const auto& kept : input_.kept_leads) {
    const bool is_fixed = input_.fixed.contains(kept.id) || (input_.keeps_delivered && book_.keep(kept));
    if (is_fixed) state_.fixed.insert(kept.id);
  }
}

void Derivation::finish_calls() {
  for (const auto& touch : touches_) {
    if (touch.call == nullptr) continue;
    const auto i = call_index_.at(touch.call->id);
    auto& call = state_.calls[i];
    call.tags = touch.tags;
    call.rating = touch.rating;
    call.lead = touch.inquiry.lead;
    call.visit = touch.visit;
    state_.facts[i].quality = touch.inquiry.quality;
    state_.facts[i].advertising = touch.inquiry.advertising;
    state_.facts[i].made_lead = touch.made_lead;
    state_.facts[i].visit_why = touch.visit_why;
    if (const auto shown = input_.shown.find(call.id); shown != input_.shown.end())
      for (const auto& visit : shown->second)
        if (visit.id == touch.visit) state_.facts[i].visitor = visit.visitor;
  }
  add_facts_of_targets(state_.calls, state_.facts);
}

void Derivation::make_tasks() {
  std::set<std::string> history_calls;
  for (const auto& call : state_.calls)
    if (call.is_history) history_calls.insert(call.id);
  TaskBook tasks(input_, history_calls, state_.faults);
  const bool has_present =
      std::any_of(touches_.begin(), touches_.end(), [](const Touch& touch) { return !touch.inquiry.is_history; });
  if (!input_.contact.id.empty() && has_present) {
    contact_.set_responsible(book_.responsible());
    const LeadViews leads(book_.leads(), input_.lead_changes, directory_);
    hkl_timeline timeline{};
    timeline.struct_size = sizeof timeline;
    timeline.now_ms = ms_of(input_.now);
    timeline.contact = contact_.get();
    timeline.touches = view_list_.data();
    timeline.touch_count = view_list_.size();
    timeline.leads = leads.list().data();
    timeline.lead_count = leads.list().size();
    for (auto* rule : rules_) tasks.ask(*rule, timeline);
  }
  state_.tasks = tasks.take(state_.fixed);
}

}  // namespace

ContactState derive(const ContactInput& input, const Directory& directory, const LeadPolicy& policy,
                    const std::vector<Classifier*>& classifiers, const std::vector<TaskRule*>& rules,
                    Choices& choices) {
  return Derivation(input, directory, policy, classifiers, rules, choices).run();
}

}  // namespace hkl
