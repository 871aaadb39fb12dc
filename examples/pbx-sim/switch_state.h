// What lives on the switch: channels and queues, known from the events said so
// far. So the lists a client asks for agree with the stream at every moment.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ami_message.h"

namespace pbx_sim {

class SwitchState {
 public:
  // first_event_micros: when the switch says its first event, by its own clock.
  explicit SwitchState(std::int64_t first_event_micros) : first_event_micros_(first_event_micros) {}

  void said(const AmiMessage& event);

  // Whole answers to CoreShowChannels, Status and QueueStatus: the response,
  // one event for each entry, the closing event.
  std::string channel_list(std::string_view action_id) const;
  std::string status_list(std::string_view action_id) const;
  std::string queue_list(std::string_view action_id) const;

  // Seconds since the switch started, as a client reckons that reads them at
  // `now_s` by its clock: the start lies before the first event even where
  // that is years ago, for else the client would take all channels for dead.
  std::int64_t uptime_s(std::int64_t now_s) const;

  std::size_t channel_count() const { return channels_.size(); }

 private:
  using Fields = std::map<std::string, std::string, std::less<>>;
  struct Channel {
    Fields snapshot;  // Channel, ChannelState, CallerIDNum … as last told
    std::string dialled, bridge, application, application_data;
    std::int64_t began_micros = 0;
  };
  struct Queue {
    std::map<std::string, Fields> members;  // by interface
    std::vector<std::string> callers;       // unique ids, the first is next
    std::int64_t abandoned = 0, completed = 0;
  };
  void channel_said(const AmiMessage& event);
  void queue_said(const AmiMessage& event);
  std::string snapshot_of(const Channel& channel) const;
  std::int64_t seconds_of(const Channel& channel) const;

  std::int64_t first_event_micros_;
  std::int64_t now_micros_ = 0;  // of the last event
  std::map<std::string, Channel, std::less<>> channels_;
  std::map<std::string, Queue, std::less<>> queues_;
};

}  // namespace pbx_sim
