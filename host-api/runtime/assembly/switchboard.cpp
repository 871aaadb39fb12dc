#include "assembly/switchboard.h"

#include <algorithm>

namespace hkl {
namespace {

class Gatherer {
 public:
  void take(const Event& e) {
    if (board_.first_at == Instant{} || e.at < board_.first_at) board_.first_at = e.at;
    board_.last_at = std::max(board_.last_at, e.at);
    switch (e.kind) {
      case HKL_EVENT_CHANNEL_BEGUN:
        return begun(e);
      case HKL_EVENT_CHANNEL_CHANGED:
        return changed(e);
      case HKL_EVENT_CHANNEL_UP:
        return up(e);
      case HKL_EVENT_CHANNEL_ENDED:
        return ended(e);
      case HKL_EVENT_CHANNEL_SEEN:
        return seen(e);
      case HKL_EVENT_CHANNEL_PAIRED:
        return paired(e);
      case HKL_EVENT_DIAL_BEGUN:
        return dial_begun(e);
      case HKL_EVENT_DIAL_ENDED:
        return dial_ended(e);
      case HKL_EVENT_BRIDGE_ENTERED:
        return bridge_entered(e);
      case HKL_EVENT_BRIDGE_LEFT:
        return bridge_left(e);
      case HKL_EVENT_BRIDGE_MERGED:
        return bridge_merged(e);
      case HKL_EVENT_HELD:
        return held(e);
      case HKL_EVENT_UNHELD:
        return unheld(e);
      case HKL_EVENT_HANGUP_ASKED:
        touch(e).hangups_asked.push_back({e.at, e.cause});
        return;
      case HKL_EVENT_QUEUE_ENTERED:
        return queue_entered(e);
      case HKL_EVENT_QUEUE_LEFT:
        return queue_left(e);
      case HKL_EVENT_MEMBER_RINGING:
        board_.offers.push_back({e.other_ref, e.at, false, e.name});
        return;
      case HKL_EVENT_MEMBER_LEFT:
        return member(e, false);
      case HKL_EVENT_MEMBER_CONNECTED:
        return member(e, true);
      case HKL_EVENT_APP_ENTERED:
        board_.apps.push_back({e.leg_kind, e.name, e.leg_ref, e.at, {}});
        return;
      case HKL_EVENT_APP_LEFT:
        return app_left(e);
      case HKL_EVENT_TRANSFERRED:
        board_.transfers.push_back({e.transfer_kind, e.from, e.to, e.leg_ref, e.other_ref, e.at});
        return;
      case HKL_EVENT_CHANNEL_PARKED:
        board_.parkings.push_back({e.leg_ref, e.name, e.from, "", e.at, ""});
        return;
      case HKL_EVENT_CHANNEL_UNPARKED:
        return unparked(e);
      case HKL_EVENT_RECORDING:
        if (std::find(board_.recordings.begin(), board_.recordings.end(), e.recording) == board_.recordings.end())
          board_.recordings.push_back(e.recording);
        return;
      case HKL_EVENT_CALL_REQUESTED:
        board_.request = e.request;
        fill(board_.ordered_client, e.client);
        return;
      default:
        return;
    }
  }

  Switchboard finish() {
    for (auto& [ref, channel] : board_.channels) {
      if (channel.kind == ChannelKind::unknown) {
        channel.kind = channel.hint.kind;
        fill(channel.name, channel.hint.name);
        fill(channel.extension, channel.hint.extension);
        fill(channel.client, channel.hint.client);
      }
      if (!channel.begun_at) channel.begun_at = channel.hint.begun_at;
      // A channel that nobody in the switch rang came by itself.
      channel.came_itself = channel.rung_by.empty() && channel.direction != Direction::unknown && !was_dialled(ref);
    }
    return std::move(board_);
  }

 private:
  Channel& touch(const Event& e) {
    auto& channel = board_.channels[e.leg_ref];
    if (channel.ref.empty()) {
      channel.ref = e.leg_ref;
      channel.first_at = e.at;
    }
    channel.last_at = std::max(channel.last_at, e.at);
    if (channel.hint.kind == ChannelKind::unknown && e.channel_kind != ChannelKind::unknown)
      channel.hint = {e.name, e.extension, e.client, e.channel_kind, e.started_at};
    return channel;
  }
  static void fill(std::string& to, const std::string& from) {
    if (to.empty()) to = from;
  }
  void describe(Channel& channel, const Event& e) {
    if (channel.kind == ChannelKind::unknown) channel.kind = e.channel_kind;
    fill(channel.name, e.name);
    fill(channel.extension, e.extension);
    fill(channel.client, e.client);
    fill(channel.client_name, e.client_name);
    fill(channel.line, e.line);
    fill(channel.dialled, e.dialled);
    if (e.is_withheld == Tri::yes) channel.is_withheld = true;
    if (channel.direction == Direction::unknown) channel.direction = e.direction;
  }
  void begun(const Event& e) {
    auto& channel = touch(e);
    describe(channel, e);
    channel.began_seen = true;
    if (!channel.begun_at) channel.begun_at = e.at;
    if (e.is_up == Tri::yes && !channel.up_at) channel.up_at = e.at;
    fill(channel.conversation, e.call_ref);
  }
  void changed(const Event& e) {
    auto& channel = touch(e);
    channel.keys += e.keys;
    fill(channel.line, e.line);
    fill(channel.client, e.client);
    if (!e.from.empty()) channel.route = e.from;
  }
  void up(const Event& e) {
    auto& channel = touch(e);
    if (!channel.up_at) channel.up_at = e.at;
  }
  void ended(const Event& e) {
    auto& channel = touch(e);
    if (!channel.ended_at) channel.ended_at = e.at;
    fill(channel.cause, e.cause);
    if (e.leg_outcome != LegOutcome::unknown) channel.ended_as = e.leg_outcome;
    fill(channel.dial_result, e.result);
    if (e.started_at) channel.was_told_whole = true;
    if (e.hung_up_by == By::system) channel.was_ended_by_switch = true;
    if (e.reason != Reason::not_told && !e.cause.empty()) board_.reasons[e.cause] = e.reason;
    for (auto* stays : {&channel.bridges, &channel.holds})
      for (auto& stay : *stays)
        if (!stay.to) stay.to = e.at;
  }
  void seen(const Event& e) {
    auto& channel = touch(e);
    describe(channel, e);
    channel.lists.push_back(e.list_ref);
    // Known from a list only: it began before anybody listened.
    if (!channel.begun_at && e.started_at) channel.begun_at = e.started_at;
    if (e.is_up == Tri::unknown) return;  // it tells that the channel lives, and nothing of where
    if (e.is_up == Tri::yes && !channel.up_at) channel.was_up_in_list = true;
    // Where it is now; since when, nobody heard.
    bool is_there = false;
    for (auto& stay : channel.bridges) {
      if (stay.to) continue;
      if (stay.where == e.bridge_ref) {
        is_there = true;
      } else {
        stay.to = e.at;
        stay.to_is_guess = true;
      }
    }
    if (!is_there && !e.bridge_ref.empty()) channel.bridges.push_back({e.bridge_ref, e.at, {}, true, false, false, ""});
  }
  void paired(const Event& e) {
    board_.channels[e.leg_ref].pair = e.other_ref;
    board_.channels[e.other_ref].pair = e.leg_ref;
  }
  bool was_dialled(const std::string& ref) const {
    return std::any_of(board_.dials.begin(), board_.dials.end(), [&](const DialAttempt& d) { return d.to == ref; });
  }
  void dial_begun(const Event& e) {
    board_.tells_dials = true;
    board_.dials.push_back({e.leg_ref, e.other_ref, e.from, e.client, e.line, "", "", e.at, {}, LegOutcome::unknown});
    auto& channel = board_.channels[e.other_ref];
    if (channel.ref.empty()) {
      channel.ref = e.other_ref;
      channel.first_at = e.at;
    }
    if (channel.kind == ChannelKind::unknown) channel.kind = e.channel_kind;
    fill(channel.name, e.name);
    fill(channel.extension, e.extension);
    fill(channel.client, e.client);
    fill(channel.line, e.line);
    fill(channel.rung_by, e.leg_ref);
    if (!channel.ringing_at) channel.ringing_at = e.at;
  }
  void dial_ended(const Event& e) {
    // A queue tells the end of one ringing twice: the first counts.
    for (auto dial = board_.dials.rbegin(); dial != board_.dials.rend(); ++dial) {
      if (dial->to != e.other_ref) continue;
      if (dial->ended_at) return;
      dial->ended_at = e.at;
      dial->result = e.result;
      dial->outcome = e.leg_outcome;
      dial->forward = e.to;
      if (e.leg_outcome == LegOutcome::answered) {
        auto& channel = board_.channels[e.other_ref];
        if (!channel.up_at) channel.up_at = e.at;
      }
      return;
    }
  }
  void bridge_entered(const Event& e) {
    auto& channel = touch(e);
    describe(channel, e);
    for (auto& stay : channel.bridges)
      if (!stay.to) stay.to = e.at;
    channel.bridges.push_back({e.bridge_ref, e.at, {}, false, false, e.talked == Tri::yes, e.to});
    if (!channel.up_at && !channel.was_up_in_list) channel.up_at = e.at;
  }
  void bridge_left(const Event& e) {
    const auto known = board_.channels.find(e.leg_ref);
    const auto before = known == board_.channels.end() ? e.at : known->second.last_at;
    auto& channel = touch(e);
    bool was_there = false;
    for (auto& stay : channel.bridges) {
      if (stay.to || stay.where != e.bridge_ref) continue;
      stay.to = e.at;
      was_there = true;
    }
    const bool left_already = std::any_of(channel.bridges.begin(), channel.bridges.end(),
                                          [&](const Stay& stay) { return stay.where == e.bridge_ref; });
    if (was_there || left_already) return;
    // It came in while nobody listened, some time since it was last heard of.
    channel.bridges.push_back({e.bridge_ref, std::min(before, e.at - Millis(1)), e.at, true, false, false, ""});
  }
  void bridge_merged(const Event& e) {
    for (auto& [ref, channel] : board_.channels) {
      bool was_there = false;
      for (auto& stay : channel.bridges) {
        if (stay.to || stay.where != e.other_ref) continue;
        stay.to = e.at;
        was_there = true;
      }
      if (was_there) channel.bridges.push_back({e.bridge_ref, e.at, {}});
    }
  }
  void app_left(const Event& e) {
    for (auto run = board_.apps.rbegin(); run != board_.apps.rend(); ++run)
      if (run->channel == e.leg_ref && !run->to && (e.name.empty() || run->name == e.name)) {
        run->to = e.at;
        return;
      }
  }
  void held(const Event& e) {
    auto& channel = touch(e);
    if (channel.holds.empty() || channel.holds.back().to) channel.holds.push_back({"", e.at, {}});
  }
  void unheld(const Event& e) {
    // One without a hold before it is noise that follows every transfer.
    auto& channel = touch(e);
    if (!channel.holds.empty() && !channel.holds.back().to) channel.holds.back().to = e.at;
  }
  void queue_entered(const Event& e) {
    // Told twice, by an event and a record that knows whole seconds alone.
    for (auto& stay : board_.queues)
      if (stay.channel == e.leg_ref && stay.queue == e.queue && !stay.to && e.at - stay.from < Millis(1000)) {
        stay.from = e.at;
        return;
      }
    board_.queues.push_back({e.queue, e.leg_ref, e.at, {}, false, false, LegOutcome::unknown});
  }
  void queue_left(const Event& e) {
    for (auto stay = board_.queues.rbegin(); stay != board_.queues.rend(); ++stay) {
      if (stay->channel != e.leg_ref || (!e.queue.empty() && stay->queue != e.queue)) continue;
      if (!stay->to) stay->to = e.at;
      if (e.leg_outcome == LegOutcome::abandoned) stay->was_abandoned = true;
      if (e.leg_outcome != LegOutcome::unknown && !stay->was_abandoned) stay->left_as = e.leg_outcome;
      return;
    }
  }
  void member(const Event& e, bool is_connected) {
    for (auto offer = board_.offers.rbegin(); offer != board_.offers.rend(); ++offer) {
      if (offer->phone != e.other_ref) continue;
      if (!is_connected) offer->did_not_answer = true;
      break;
    }
    if (!is_connected) return;
    for (auto stay = board_.queues.rbegin(); stay != board_.queues.rend(); ++stay)
      if (stay->channel == e.leg_ref && stay->queue == e.queue) {
        stay->was_connected = true;
        if (!stay->to) stay->to = e.at;
        return;
      }
  }
  void unparked(const Event& e) {
    for (auto parking = board_.parkings.rbegin(); parking != board_.parkings.rend(); ++parking)
      if (parking->channel == e.leg_ref && parking->retrieved_by.empty()) {
        parking->retrieved_by = e.other_ref;
        parking->retriever_name = e.name;
        return;
      }
  }

  Switchboard board_;
};

}  // namespace

Switchboard gather_channels(const std::vector<const Event*>& events) {
  Gatherer gatherer;
  for (const auto* event : events) gatherer.take(*event);
  return gatherer.finish();
}

bool is_real(const Channel& channel) {
  return channel.kind == ChannelKind::phone || channel.kind == ChannelKind::trunk;
}

Instant began(const Channel& channel) { return channel.begun_at.value_or(channel.first_at); }

bool is_own_hangup(const std::string& cause) {
  return cause.empty() || cause == "0" || cause == "16" || cause == "127";
}

}  // namespace hkl
