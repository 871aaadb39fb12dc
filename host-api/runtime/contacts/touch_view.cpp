#include "contacts/touch_view.h"

#include <algorithm>
#include <string_view>

namespace hkl {
namespace {

hkl_str view(const std::string& text) { return {text.data(), text.size()}; }

std::uint32_t taken_how(const std::string& how) {
  if (how == "talked") return 1;
  if (how == "opened") return 2;
  return how == "assigned" ? 3 : 0;
}

}  // namespace

hkl_strs views_of(const std::vector<std::string>& texts, std::vector<hkl_str>& storage) {
  storage.clear();
  for (const auto& text : texts) storage.push_back(view(text));
  return {storage.data(), storage.size()};
}

TouchView::TouchView(const Touch& touch, const Directory& directory) {
  view_.struct_size = sizeof view_;
  view_.inquiry_kind = static_cast<std::uint32_t>(touch.inquiry.kind);
  view_.is_history = touch.inquiry.is_history ? 1 : 0;
  for (auto* time : {&view_.offered_at_ms, &view_.answered_at_ms, &view_.ended_at_ms, &view_.wait_ms,
                     &view_.queue_wait_ms, &view_.talk_ms})
    *time = HKL_UNKNOWN_MS;
  view_.is_over = 1;
  if (touch.call != nullptr) {
    const auto& call = *touch.call;
    view_.call = view(call.id);
    view_.direction = static_cast<std::uint32_t>(call.direction);
    view_.outcome = static_cast<std::uint32_t>(call.outcome);
    view_.finish_reason = static_cast<std::uint32_t>(call.finish_reason);
    view_.is_over = call.is_over ? 1 : 0;
    view_.offered_at_ms = abi_of(call.offered_at);
    view_.answered_at_ms = abi_of(call.answered_at);
    view_.ended_at_ms = abi_of(call.ended_at);
    view_.wait_ms = abi_of(call.wait);
    view_.queue_wait_ms = abi_of(call.queue_wait);
    view_.talk_ms = abi_of(call.talk);
    view_.line = view(call.line);
    view_.extension = view(call.extension);
    view_.employee = view(call.employee);
    view_.last_employee = view(call.last_employee);
    view_.queue = view(call.queue);
    if (const auto* line = directory.line(call.line); line != nullptr) {
      view_.line_ad_source = view(line->ad_source);
      view_.line_tracking = view(line->tracking);
      if (const auto* ad_source = directory.ad_source(line->ad_source); ad_source != nullptr) {
        const bool has_step = !ad_source->step_source.empty();
        view_.step_source = view(has_step ? ad_source->step_source : ad_source->id);
        view_.step_medium = view(ad_source->step_medium);
      }
    }
    if (const auto* department = directory.department_of_queue(call.queue); department != nullptr)
      view_.duty = views_of(department->duty, duty_);
    for (const auto& leg : call.legs) {
      auto& out = legs_.emplace_back();
      out.struct_size = sizeof out;
      out.kind = static_cast<std::uint32_t>(leg.kind);
      out.outcome = static_cast<std::uint32_t>(leg.outcome);
      out.name = view(leg.name);
      out.extension = view(leg.extension);
      out.employee = view(leg.employee);
      out.started_at_ms = abi_of(leg.started_at);
      out.answered_at_ms = abi_of(leg.answered_at);
      out.ended_at_ms = abi_of(leg.ended_at);
      out.talk_ms = abi_of(leg.talk);
      out.acw_ms = abi_of(leg.acw);
      leg_list_.push_back(&out);
    }
    view_.legs = leg_list_.data();
    view_.leg_count = leg_list_.size();
  }
  refresh(touch);
}

void TouchView::refresh(const Touch& touch) {
  const auto& inquiry = touch.inquiry;
  view_.inquiry = view(inquiry.id);
  view_.at_ms = abi_of(inquiry.at);
  view_.quality = static_cast<std::uint32_t>(inquiry.quality);
  view_.is_advertising = static_cast<std::uint32_t>(inquiry.advertising);
  view_.is_by_hand = inquiry.by_hand ? 1 : 0;
  view_.number = view(inquiry.number);
  view_.email = view(inquiry.email);
  view_.text = view(inquiry.text);
  view_.ad_source = view(inquiry.ad_source);
  view_.channel = view(inquiry.channel);
  view_.visit = view(touch.visit);
  view_.tags = views_of(touch.tags, tags_);
  view_.rating = touch.rating;
  view_.taken_how = taken_how(inquiry.taken_how);
  view_.taken_at_ms = abi_of(inquiry.taken_at);
  view_.taken_by = view(inquiry.taken_by);
  view_.lead = view(inquiry.lead);
  view_.made_lead = touch.made_lead.empty() ? 0 : 1;
  view_.responsible = view(touch.responsible);
}

ContactView::ContactView(const ContactRecord& contact) {
  view_.struct_size = sizeof view_;
  view_.id = view(contact.id);
  view_.name = view(contact.name);
  view_.numbers = views_of(contact.numbers, numbers_);
  view_.emails = views_of(contact.emails, emails_);
}

void ContactView::set_responsible(std::string employee) {
  responsible_ = std::move(employee);
  view_.responsible = view(responsible_);
}

LeadViews::LeadViews(const std::vector<LeadRecord>& leads, const std::vector<LeadChangeRecord>& changes,
                     const Directory& directory) {
  for (const auto& lead : leads) {
    if (!lead.merged_into.empty()) continue;
    auto& own = own_.emplace_back();
    own.groups = directory.stage_groups(lead.funnel, lead.stage);
    std::optional<Instant> stage_since = lead.created_at;
    for (const auto& change : changes)
      if (change.lead == lead.id && change.field == "stage" && change.at && (!stage_since || *change.at > *stage_since))
        stage_since = change.at;
    auto& out = own.view;
    out.struct_size = sizeof out;
    out.is_open = directory.is_open_stage(lead.funnel, lead.stage) && !lead.closed_at ? 1 : 0;
    out.id = view(lead.id);
    out.kind = view(lead.kind);
    out.funnel = view(lead.funnel);
    out.stage = view(lead.stage);
    out.stage_groups = views_of(own.groups, own.group_views);
    out.responsible = view(lead.responsible);
    out.inquiry = view(lead.inquiry);
    out.created_at_ms = abi_of(lead.created_at);
    out.closed_at_ms = abi_of(lead.closed_at);
    out.stage_since_ms = abi_of(stage_since);
    if (lead.amount && !lead.currency.empty()) {
      out.amount = *lead.amount;
      out.currency = view(lead.currency);
    }
    list_.push_back(&out);
  }
}

VisitViews::VisitViews(const std::vector<VisitRecord>& visits, const Directory& directory) {
  for (const auto& visit : visits) {
    auto& own = own_.emplace_back();
    for (const auto& [name, value] : visit.tags) own.tags.push_back(name + "=" + value);
    const auto* ad_source = directory.ad_source_of_step(visit.source, visit.medium);
    auto& out = own.view;
    out.struct_size = sizeof out;
    out.at_ms = abi_of(visit.at);
    out.id = view(visit.id);
    out.visitor = view(visit.visitor);
    out.source = view(visit.source);
    out.medium = view(visit.medium);
    out.campaign = view(visit.campaign);
    out.ad = view(visit.ad);
    out.keyword = view(visit.keyword);
    out.site = view(visit.site);
    out.city = view(visit.city);
    out.page = view(visit.page);
    if (ad_source != nullptr) out.ad_source = view(ad_source->id);
    out.line = view(visit.line);
    out.line_until_ms = abi_of(visit.line_until);
    out.tags = views_of(own.tags, own.tag_views);
    list_.push_back(&out);
  }
  std::sort(list_.begin(), list_.end(), [](const hkl_visit* a, const hkl_visit* b) {
    const auto id_of = [](const hkl_visit* visit) { return std::string_view(visit->id.ptr, visit->id.len); };
    return a->at_ms != b->at_ms ? a->at_ms < b->at_ms : id_of(a) < id_of(b);
  });
}

}  // namespace hkl
