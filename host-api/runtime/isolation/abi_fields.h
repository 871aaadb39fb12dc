// What of each struct of the plugin contract crosses to a child process. A
// member that is appended to a struct is appended here; a test compares with
// the struct's size, so that none is forgotten.
//
// struct_size is not sent: each side writes its own.
#pragma once

#include "hookline/host.h"
#include "hookline/lead_classifier.h"
#include "hookline/pbx_adapter.h"
#include "hookline/pbx_http.h"
#include "hookline/pbx_rows.h"
#include "hookline/report.h"
#include "hookline/task_rule.h"

namespace hkl::isolation {

template <typename Struct>
void own_size(Struct& value) {
  value.struct_size = static_cast<std::uint32_t>(sizeof value);
}

// --- Facts ---

template <typename A>
void fields(A& a, hkl_leg& v) {
  own_size(v);
  a(v.kind, v.outcome, v.name, v.extension, v.employee, v.started_at_ms, v.answered_at_ms, v.ended_at_ms, v.talk_ms,
    v.acw_ms);
}

template <typename A>
void fields(A& a, hkl_touch& v) {
  own_size(v);
  a(v.inquiry_kind, v.inquiry, v.call, v.at_ms, v.quality, v.is_advertising, v.is_by_hand, v.is_history);
  a(v.direction, v.outcome, v.finish_reason, v.is_over, v.offered_at_ms, v.answered_at_ms, v.ended_at_ms, v.wait_ms,
    v.queue_wait_ms, v.talk_ms, v.line, v.extension, v.employee, v.last_employee, v.queue, v.duty);
  a.list(v.legs, v.leg_count);
  a(v.number, v.email, v.text, v.ad_source, v.channel, v.visit, v.tags, v.rating, v.taken_how, v.taken_at_ms,
    v.taken_by, v.lead, v.made_lead, v.is_left_out, v.responsible, v.line_ad_source, v.step_source, v.step_medium,
    v.line_tracking);
}

template <typename A>
void fields(A& a, hkl_lead& v) {
  own_size(v);
  a(v.is_open, v.id, v.kind, v.funnel, v.stage, v.stage_groups, v.responsible, v.inquiry, v.created_at_ms,
    v.closed_at_ms, v.stage_since_ms, v.amount, v.currency);
}

template <typename A>
void fields(A& a, hkl_contact& v) {
  own_size(v);
  a(v.id, v.name, v.numbers, v.emails, v.responsible);
}

template <typename A>
void fields(A& a, hkl_told_task& v) {
  own_size(v);
  a(v.state, v.key, v.assignee, v.done_by, v.deadline_at_ms, v.done_at_ms);
}

template <typename A>
void fields(A& a, hkl_visit& v) {
  own_size(v);
  a(v.at_ms, v.id, v.visitor, v.source, v.medium, v.campaign, v.ad, v.keyword, v.site, v.city, v.page, v.ad_source,
    v.line, v.line_until_ms, v.tags);
}

template <typename A>
void fields(A& a, hkl_stretch& v) {
  own_size(v);
  a(v.kind, v.from_ms, v.to_ms, v.call);
}

template <typename A>
void fields(A& a, hkl_employee_time& v) {
  own_size(v);
  a(v.id);
  a.list(v.stretches, v.stretch_count);
}

template <typename A>
void fields(A& a, hkl_timeline& v) {
  own_size(v);
  a(v.now_ms);
  a.maybe(v.contact);
  a.list(v.touches, v.touch_count);
  a.list(v.leads, v.lead_count);
  a.list(v.told, v.told_count);
  a.list(v.visits, v.visit_count);
}

template <typename A>
void fields(A& a, hkl_inquiry& v) {
  own_size(v);
  a(v.now_ms);
  a.maybe(v.touch);
  a.maybe(v.contact);
  a.list(v.earlier, v.earlier_count);
  a.list(v.shown, v.shown_count);
  a.list(v.visits, v.visit_count);
}

// --- What plugins say ---

template <typename A>
void fields(A& a, hkl_verdict& v) {
  own_size(v);
  a(v.quality, v.is_advertising, v.score, v.rule, v.why, v.ad_source, v.type, v.tags, v.visit);
}

template <typename A>
void fields(A& a, hkl_task& v) {
  own_size(v);
  a(v.state, v.key, v.kind, v.title, v.call, v.lead, v.more_calls, v.assignee, v.created_at_ms, v.deadline_at_ms,
    v.done_at_ms, v.done_by, v.done_call, v.why);
}

template <typename A>
void fields(A& a, hkl_call_event& v) {
  own_size(v);
  a(v.kind, v.flags, v.direction, v.event_id, v.call_ref, v.leg_ref, v.other_ref, v.bridge_ref, v.list_ref, v.at_ms,
    v.seq);
  a(v.channel_kind, v.leg_kind, v.leg_outcome, v.reason, v.hung_up_by, v.transfer_kind, v.call_type, v.presence,
    v.is_up, v.talked, v.is_withheld, v.rating);
  a(v.client, v.client_name, v.line, v.extension, v.employee, v.name, v.queue, v.dialled, v.from, v.to, v.keys, v.cause,
    v.result, v.reason_text, v.recording, v.request, v.tags, v.extra);
  a(v.started_at_ms, v.offered_at_ms, v.answered_at_ms, v.ended_at_ms, v.wait_ms, v.talk_ms, v.hold_ms, v.acw_ms);
}

template <typename A>
void fields(A& a, hkl_cell& v) {
  a(v.type, v.integer, v.decimal, v.text);
}

// --- Adapters ---

template <typename A>
void fields(A& a, hkl_endpoint& v) {
  own_size(v);
  a(v.kind, v.name, v.address, v.port, v.use_tls, v.tls_ca, v.idle_ms, v.interval_ms, v.query, v.key, v.peers,
    v.first_key, v.late_ms);
}

template <typename A>
void fields(A& a, hkl_connection& v) {
  own_size(v);
  a(v.is_capture, v.id, v.endpoint, v.name);
}

template <typename A>
void fields(A& a, hkl_originate& v) {
  own_size(v);
  a(v.request, v.extension, v.number, v.line, v.ring_ms);
}

template <typename A>
void fields(A& a, hkl_header& v) {
  a(v.name, v.value);
}

template <typename A>
void fields(A& a, hkl_http_request& v) {
  own_size(v);
  a(v.is_capture, v.method, v.url, v.path, v.query);
  a.list(v.headers, v.header_count);
  a(v.body, v.peer, v.received_ms);
}

template <typename A>
void fields(A& a, hkl_http_reply& v) {
  own_size(v);
  a(v.verdict, v.http_status, v.content_type, v.body, v.reason, v.detail);
}

template <typename A>
void fields(A& a, hkl_lookup& v) {
  own_size(v);
  a(v.contact, v.contact_name, v.responsible, v.responsible_extension, v.lead);
}

// Values of a batch: as many as rows and columns say, or none of it is taken.
template <typename A>
void fields(A& a, hkl_rows& v) {
  own_size(v);
  a(v.is_last, v.endpoint, v.columns, v.row_count);
  std::uint64_t value_count = v.row_count * v.columns.count;
  a.list(v.values, value_count);
  if (value_count != v.row_count * v.columns.count) v.row_count = 0;
}

// --- What the host answers ---

template <typename A>
void fields(A& a, hkl_phone& v) {
  own_size(v);
  a(v.is_valid);
  for (auto& c : v.e164) a(c);
  for (auto& c : v.extension) a(c);
  for (auto& c : v.region) a(c);
}

template <typename A>
void fields(A& a, hkl_local_time& v) {
  own_size(v);
  a(v.year, v.month, v.day, v.hour, v.minute, v.second, v.ms, v.offset_s, v.weekday);
}

}  // namespace hkl::isolation
