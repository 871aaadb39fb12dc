#include "story.h"

#include <fmt/format.h>

namespace hkl::validate {
namespace {

hkl_strs texts(Inputs& into, const std::vector<std::string>& values) {
  std::vector<hkl_str> out;
  for (const auto& value : values) out.push_back(into.text(value));
  return {into.array(out), out.size()};
}

const hkl_leg* put_leg(Inputs& into, const Touch& touch) {
  hkl_leg leg{};
  leg.struct_size = sizeof leg;
  leg.kind = HKL_LEG_KIND_EMPLOYEE;
  const bool is_answered = touch.outcome == HKL_OUTCOME_ANSWERED;
  leg.outcome = is_answered ? HKL_LEG_ANSWERED : HKL_LEG_NO_ANSWER;
  leg.extension = into.text(touch.extension);
  leg.employee = into.text(touch.employee);
  leg.started_at_ms = touch.at_ms + 200;
  leg.answered_at_ms = is_answered ? touch.at_ms + 4000 : HKL_UNKNOWN_MS;
  leg.ended_at_ms = is_answered ? touch.at_ms + 4000 + touch.talk_ms : touch.at_ms + 20000;
  leg.talk_ms = touch.talk_ms;
  return into.copy(leg);
}

// A session of the site five minutes before a call, which was shown its line.
const hkl_visit* put_visit(Inputs& into, const Touch& touch) {
  hkl_visit visit{};
  visit.struct_size = sizeof visit;
  visit.at_ms = touch.at_ms - 300'000;
  visit.id = into.text("w-" + touch.inquiry);
  visit.visitor = into.text("v1");
  visit.source = into.text("google");
  visit.medium = into.text("cpc");
  visit.campaign = into.text("весна");
  visit.keyword = into.text("ремонт 🙂");
  visit.page = into.text("https://example.com/?utm_source=google");
  visit.line = into.text(touch.line);
  visit.line_until_ms = touch.at_ms + 300'000;
  visit.tags = texts(into, {"utm_content=red"});
  return into.copy(visit);
}

void put_call(Inputs& into, const Touch& touch, hkl_touch& out) {
  const bool is_answered = touch.outcome == HKL_OUTCOME_ANSWERED;
  out.direction = touch.direction;
  out.outcome = touch.outcome;
  out.finish_reason = is_answered ? HKL_REASON_NORMAL : HKL_REASON_CLIENT_HUNG_UP;
  out.is_over = touch.is_over ? 1 : 0;
  out.offered_at_ms = touch.at_ms + 200;
  if (is_answered) out.answered_at_ms = touch.at_ms + 4000;
  if (touch.is_over) out.ended_at_ms = is_answered ? touch.at_ms + 4000 + touch.talk_ms : touch.at_ms + 20000;
  out.wait_ms = is_answered ? 4000 : 20000;
  out.talk_ms = touch.talk_ms;
  out.line = into.text(touch.line);
  out.extension = into.text(touch.extension);
  out.employee = out.last_employee = into.text(touch.employee);
  out.legs = into.array(std::vector<const hkl_leg*>{put_leg(into, touch)});
  out.leg_count = 1;
}

}  // namespace

const hkl_touch* put_touch(Inputs& into, const Touch& touch) {
  hkl_touch out{};
  out.struct_size = sizeof out;
  out.inquiry_kind = touch.kind;
  out.inquiry = into.text(touch.inquiry);
  out.call = into.text(touch.call);
  out.at_ms = touch.at_ms;
  out.quality = touch.quality;
  out.offered_at_ms = out.answered_at_ms = out.ended_at_ms = HKL_UNKNOWN_MS;
  out.wait_ms = out.queue_wait_ms = out.talk_ms = out.taken_at_ms = HKL_UNKNOWN_MS;
  out.is_over = 1;
  if (touch.kind == HKL_INQUIRY_CALL) put_call(into, touch, out);
  out.number = into.text(touch.number);
  out.text = into.text(touch.text);
  out.tags = texts(into, touch.tags);
  out.rating = touch.rating;
  out.lead = into.text(touch.lead);
  return into.copy(out);
}

const hkl_contact* Story::contact_of(Inputs& into) const {
  hkl_contact out{};
  out.struct_size = sizeof out;
  out.id = into.text(contact);
  out.name = into.text(name);
  out.numbers = texts(into, {number});
  return into.copy(out);
}

const hkl_timeline* Story::timeline(Inputs& into) const {
  hkl_timeline out{};
  out.struct_size = sizeof out;
  out.now_ms = now_ms;
  out.contact = contact_of(into);
  std::vector<const hkl_touch*> list;
  for (const auto& touch : touches) list.push_back(put_touch(into, touch));
  out.touches = into.array(list);
  out.touch_count = list.size();
  return into.copy(out);
}

const hkl_inquiry* Story::inquiry(Inputs& into, std::size_t index) const {
  hkl_inquiry out{};
  out.struct_size = sizeof out;
  out.now_ms = now_ms;
  out.touch = put_touch(into, touches.at(index));
  out.contact = contact_of(into);
  std::vector<const hkl_touch*> earlier;
  for (std::size_t i = 0; i < index; ++i) earlier.push_back(put_touch(into, touches[i]));
  out.earlier = into.array(earlier);
  out.earlier_count = earlier.size();
  std::vector<const hkl_visit*> visits;
  for (const auto& touch : touches)
    if (touch.kind == HKL_INQUIRY_CALL) visits.push_back(put_visit(into, touch));
  out.visits = into.array(visits);
  out.visit_count = visits.size();
  if (touches[index].kind == HKL_INQUIRY_CALL) {
    out.shown = into.array(std::vector<const hkl_visit*>{put_visit(into, touches[index])});
    out.shown_count = 1;
  }
  return into.copy(out);
}

Touch missed_call(const std::string& id, std::int64_t at_ms) {
  Touch out;
  out.inquiry = out.call = id;
  out.at_ms = at_ms;
  return out;
}

Touch answered_call(const std::string& id, std::int64_t at_ms, std::int64_t talk_ms) {
  auto out = missed_call(id, at_ms);
  out.outcome = HKL_OUTCOME_ANSWERED;
  out.talk_ms = talk_ms;
  return out;
}

Story usual_story() {
  Story story;
  auto rated = answered_call("pbx1:3", kMondayMs + 2 * kHourMs, 180'000);
  rated.rating = 1;
  rated.tags = {"promise", "callback", "price"};
  Touch request;
  request.inquiry = "site:4";
  request.kind = HKL_INQUIRY_REQUEST;
  request.outcome = HKL_OUTCOME_UNKNOWN;
  request.direction = HKL_DIRECTION_UNKNOWN;
  request.at_ms = kMondayMs + 3 * kHourMs;
  request.text = "Сколько стоит ремонт? 🙂";
  story.touches = {missed_call("pbx1:1", kMondayMs), answered_call("pbx1:2", kMondayMs + kHourMs, 3000), rated, request,
                   missed_call("pbx1:5", kMondayMs + 4 * kHourMs)};
  for (auto& touch : story.touches)
    if (touch.text.empty()) touch.text = fmt::format("said in {}", touch.inquiry);
  return story;
}

}  // namespace hkl::validate
