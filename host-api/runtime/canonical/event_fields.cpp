#include "canonical/event_fields.h"

#include <map>

namespace hkl {
namespace {

using Json = nlohmann::ordered_json;

template <typename Enum>
Json word_json(const Json& number) {
  return word(static_cast<Enum>(number.get<std::uint32_t>()));
}

Json tri_json(const Json& number) { return number.get<std::uint32_t>() == static_cast<std::uint32_t>(Tri::yes); }

// Members of the journal's form that are numbers there and words here.
const std::map<std::string_view, Json (*)(const Json&)> kWords = {{"direction", word_json<Direction>},
                                                                  {"leg_kind", word_json<LegKind>},
                                                                  {"leg_outcome", word_json<LegOutcome>},
                                                                  {"reason", word_json<Reason>},
                                                                  {"hung_up_by", word_json<By>},
                                                                  {"transfer_kind", word_json<TransferKind>},
                                                                  {"call_type", word_json<CallType>},
                                                                  {"presence", word_json<Presence>},
                                                                  {"is_up", tri_json},
                                                                  {"talked", tri_json},
                                                                  {"is_withheld", tri_json}};

std::string without_unit(const std::string& name) {
  return name.substr(0, name.size() - std::string_view("_ms").size());
}

}  // namespace

std::string_view event_kind_word(std::uint32_t kind) {
  static const std::map<std::uint32_t, std::string_view> kKinds = {{HKL_EVENT_CALL_BEGUN, "call_begun"},
                                                                   {HKL_EVENT_LEG_RINGING, "leg_ringing"},
                                                                   {HKL_EVENT_LEG_ANSWERED, "leg_answered"},
                                                                   {HKL_EVENT_LEG_ENDED, "leg_ended"},
                                                                   {HKL_EVENT_QUEUE_ENTERED, "queue_entered"},
                                                                   {HKL_EVENT_QUEUE_LEFT, "queue_left"},
                                                                   {HKL_EVENT_HELD, "held"},
                                                                   {HKL_EVENT_UNHELD, "unheld"},
                                                                   {HKL_EVENT_TRANSFERRED, "transferred"},
                                                                   {HKL_EVENT_RECORDING, "recording"},
                                                                   {HKL_EVENT_TAGGED, "tagged"},
                                                                   {HKL_EVENT_RATED, "rated"},
                                                                   {HKL_EVENT_CALL_ENDED, "call_ended"},
                                                                   {HKL_EVENT_CALL_SUMMARY, "call_summary"},
                                                                   {HKL_EVENT_LEG_SUMMARY, "leg_summary"},
                                                                   {HKL_EVENT_PRESENCE, "presence"},
                                                                   {HKL_EVENT_REFS_JOINED, "refs_joined"},
                                                                   {HKL_EVENT_CALL_REQUESTED, "call_requested"},
                                                                   {HKL_EVENT_SOURCE_GAP, "source_gap"},
                                                                   {HKL_EVENT_SOURCE_LISTED, "source_listed"},
                                                                   {HKL_EVENT_SOURCE_RESTARTED, "source_restarted"},
                                                                   {HKL_EVENT_SOURCE_SILENT, "source_silent"}};
  const auto found = kKinds.find(kind);
  return found != kKinds.end() ? found->second : kind >= HKL_EVENT_CHANNEL_BEGUN ? "channel_event" : "unknown";
}

Json event_fields(const Event& event) {
  const auto stored = Json::parse(event_to_json(event));
  Json fields = {{"kind", event_kind_word(event.kind)}, {"at", iso_utc(event.at)}};
  if ((event.flags & HKL_EVENT_FLAG_RECEIPT_TIME) != 0) fields["at_is_receipt"] = true;
  for (const auto& [name, value] : stored.items()) {
    if (name == "kind" || name == "at_ms" || name == "flags") continue;
    if (const auto as_word = kWords.find(name); as_word != kWords.end()) {
      fields[name] = as_word->second(value);
    } else if (name == "extra") {
      fields[name] = Json::parse(value.get<std::string>(), nullptr, false);
    } else if (name.ends_with("_at_ms")) {
      fields[without_unit(name)] = iso_utc(instant_of(value.get<std::int64_t>()));
    } else if (name.ends_with("_ms")) {
      fields[without_unit(name) + "_s"] = static_cast<double>(value.get<std::int64_t>()) / 1000;
    } else {
      fields[name] = value;
    }
  }
  return fields;
}

}  // namespace hkl
