#include "switch_state.h"

#include <Poco/Format.h>

#include <algorithm>

namespace pbx_sim {
namespace {

// How long the switch of the captures had been up when it was listened to.
constexpr std::int64_t kUpBeforeFirstEventS = 178;

// The snapshot of a channel that most events carry.
constexpr std::string_view kSnapshot[] = {
    "Channel",           "ChannelState", "ChannelStateDesc", "CallerIDNum", "CallerIDName", "ConnectedLineNum",
    "ConnectedLineName", "Language",     "AccountCode",      "Context",     "Exten",        "Priority",
    "Uniqueid",          "Linkedid"};

constexpr std::string_view kMember[] = {"MemberName", "Interface", "StateInterface", "Membership", "Penalty",
                                        "CallsTaken", "LastCall",  "LastPause",      "LoginTime",  "InCall",
                                        "Status",     "Paused",    "PausedReason",   "Wrapuptime"};

std::string list_begins(std::string_view action_id, std::string_view message) {
  return line("Response", "Success") + line("ActionID", action_id) + line("EventList", "start") +
         line("Message", message) + "\r\n";
}

std::string list_ends(std::string_view event, std::string_view action_id, std::size_t count) {
  return line("Event", event) + line("ActionID", action_id) + line("EventList", "Complete") +
         line("ListItems", std::to_string(count));
}

std::string clock_text(std::int64_t seconds) {
  return Poco::format("%02?d:%02?d:%02?d", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

std::string_view technology_of(std::string_view channel) { return channel.substr(0, channel.find('/')); }

}  // namespace

void SwitchState::said(const AmiMessage& event) {
  now_micros_ = std::max(now_micros_, micros_of(event["Timestamp"]));
  channel_said(event);
  if (!event["Queue"].empty()) queue_said(event);
}

void SwitchState::channel_said(const AmiMessage& event) {
  const auto kind = event["Event"];
  const auto id = event["Uniqueid"];
  if (id.empty()) return;
  if (kind == "Hangup") {
    if (const auto gone = channels_.find(id); gone != channels_.end()) channels_.erase(gone);
    return;
  }
  auto found = channels_.find(id);
  if (kind == "Newchannel") {
    found = channels_.try_emplace(std::string(id)).first;
    found->second.began_micros = micros_of(event["Timestamp"]);
    // Made by the switch it begins Down; else it came in, and dialled this.
    if (event["ChannelState"] != "0") found->second.dialled = event["Exten"];
  }
  // Events may name a channel after its end (Cdr, DeviceStateChange).
  if (found == channels_.end()) return;
  auto& channel = found->second;
  for (const auto key : kSnapshot)
    if (const auto value = event[key]; !value.empty()) channel.snapshot[std::string(key)] = value;
  if (kind == "Rename") channel.snapshot["Channel"] = event["Newname"];
  if (kind == "BridgeEnter") channel.bridge = event["BridgeUniqueid"];
  if (kind == "BridgeLeave" && channel.bridge == event["BridgeUniqueid"]) channel.bridge.clear();
  if (kind == "Newexten") {
    channel.application = event["Application"];
    channel.application_data = event["AppData"];
  }
}

void SwitchState::queue_said(const AmiMessage& event) {
  const auto kind = event["Event"];
  auto& queue = queues_[std::string(event["Queue"])];
  const std::string caller(event["Uniqueid"]);
  if (kind == "QueueMemberStatus" || kind == "QueueMemberAdded" || kind == "QueueMemberPause") {
    auto& member = queue.members[std::string(event["Interface"])];
    for (const auto key : kMember) member[std::string(key)] = event[key];
  } else if (kind == "QueueMemberRemoved") {
    queue.members.erase(std::string(event["Interface"]));
  } else if (kind == "QueueCallerJoin") {
    queue.callers.push_back(caller);
  } else if (kind == "QueueCallerLeave") {
    std::erase(queue.callers, caller);
  } else if (kind == "QueueCallerAbandon") {
    ++queue.abandoned;
  } else if (kind == "AgentComplete") {
    ++queue.completed;
  }
}

std::int64_t SwitchState::seconds_of(const Channel& channel) const {
  return std::max<std::int64_t>(0, (now_micros_ - channel.began_micros) / 1000000);
}

std::string SwitchState::snapshot_of(const Channel& channel) const {
  std::string text;
  for (const auto key : kSnapshot) {
    const auto value = channel.snapshot.find(key);
    text += line(key, value == channel.snapshot.end() ? std::string_view() : value->second);
  }
  return text;
}

std::string SwitchState::channel_list(std::string_view action_id) const {
  auto text = list_begins(action_id, "Channels will follow");
  for (const auto& [id, channel] : channels_)
    text += line("Event", "CoreShowChannel") + line("ActionID", action_id) + snapshot_of(channel) +
            line("Application", channel.application) + line("ApplicationData", channel.application_data) +
            line("Duration", clock_text(seconds_of(channel))) + line("BridgeId", channel.bridge) + "\r\n";
  return text + list_ends("CoreShowChannelsComplete", action_id, channels_.size()) + "\r\n";
}

std::string SwitchState::status_list(std::string_view action_id) const {
  auto text = list_begins(action_id, "Channel status will follow");
  for (const auto& [id, channel] : channels_)
    text += line("Event", "Status") + line("Privilege", "Call") + line("ActionID", action_id) + snapshot_of(channel) +
            line("Type", technology_of(channel.snapshot.at("Channel"))) + line("DNID", channel.dialled) +
            line("TimeToHangup", "0") + line("BridgeID", channel.bridge) + line("Application", channel.application) +
            line("Data", channel.application_data) + line("Seconds", std::to_string(seconds_of(channel))) + "\r\n";
  return text + list_ends("StatusComplete", action_id, channels_.size()) +
         line("Items", std::to_string(channels_.size())) + "\r\n";
}

std::string SwitchState::queue_list(std::string_view action_id) const {
  auto text = list_begins(action_id, "Queue status will follow");
  std::size_t count = 0;
  for (const auto& [name, queue] : queues_) {
    ++count;
    text += line("Event", "QueueParams") + line("Queue", name) + line("Calls", std::to_string(queue.callers.size())) +
            line("Completed", std::to_string(queue.completed)) + line("Abandoned", std::to_string(queue.abandoned)) +
            line("ActionID", action_id) + "\r\n";
    for (const auto& [interface, fields] : queue.members) {
      ++count;
      text += line("Event", "QueueMember") + line("Queue", name);
      for (const auto key : kMember) text += line(key == "MemberName" ? "Name" : key, fields.find(key)->second);
      text += line("ActionID", action_id) + "\r\n";
    }
    std::size_t position = 0;
    for (const auto& caller : queue.callers) {
      const auto channel = channels_.find(caller);
      if (channel == channels_.end()) continue;
      ++count;
      text += line("Event", "QueueEntry") + line("Queue", name) + line("Position", std::to_string(++position)) +
              line("Channel", channel->second.snapshot.at("Channel")) + line("Uniqueid", caller) +
              line("CallerIDNum", channel->second.snapshot.at("CallerIDNum")) + line("ActionID", action_id) + "\r\n";
    }
  }
  return text + list_ends("QueueStatusComplete", action_id, count) + "\r\n";
}

std::int64_t SwitchState::uptime_s(std::int64_t now_s) const {
  return kUpBeforeFirstEventS + std::max<std::int64_t>(0, now_s - first_event_micros_ / 1000000);
}

}  // namespace pbx_sim
