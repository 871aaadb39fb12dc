#include "cdr_facts.h"

#include <algorithm>

#include "hangup.h"
#include "hookline/sdk/content_id.h"
#include "hookline/sdk/endings.h"
#include "hookline/sdk/text.h"

namespace asterisk {

using hookline::str;

namespace {

// An outside number is longer than any extension without a pattern.
constexpr std::size_t kLongestExtension = 6;

// The seconds that Dial() was told to ring; 0: none.
std::int64_t ring_ms(std::string_view dial_data) {
  const auto comma = dial_data.find(',');
  if (comma == std::string_view::npos) return 0;
  const auto rest = dial_data.substr(comma + 1);
  return parse_seconds(rest.substr(0, rest.find(','))).value_or(0);
}

// "in:12025550110", "did=…": what stands behind the last mark.
std::string_view behind(std::string_view text, std::string_view marks) {
  const auto mark = text.find_last_of(marks);
  return mark == std::string_view::npos ? text : text.substr(mark + 1);
}

bool is_file_name(std::string_view text) {
  const auto dot = text.rfind('.');
  return dot != std::string_view::npos && dot > 0 && text.size() - dot >= 3 && text.size() - dot <= 5;
}

}  // namespace

// One row on its way to events.
struct CdrFacts::Draft {
  const Record& record;
  const CdrRow& row;
  const Emit& emit;
  std::string id;
  int count = 0;
  std::uint32_t direction = HKL_DIRECTION_UNKNOWN;
  hkl_call_event event;

  Draft(const Record& given, const CdrRow& read, const Emit& to) : record(given), row(read), emit(to) {
    hookline::ContentHash hash;
    for (const auto& cell : given.cells()) hash.add(cell).add("\n");
    id = hash.hex();
  }
  void start(std::uint32_t kind) {
    hkl_call_event_init(&event);
    event.kind = kind;
    event.call_ref = str(row.call_ref);
    event.at_ms = row.started_ms;
    event.seq = row.sequence;
  }
  void send() {
    const std::string own = count++ == 0 ? id : id + "-" + std::to_string(count);
    event.event_id = str(own);
    emit(event);
  }
  bool reached_a_person() const {
    return row.is_answered && (row.to.kind == HKL_CHANNEL_KIND_PHONE || row.to.kind == HKL_CHANNEL_KIND_TRUNK ||
                               row.to.kind == HKL_CHANNEL_KIND_LOCAL);
  }
};

std::uint32_t CdrFacts::direction(const Draft& draft) const {
  const auto& row = draft.row;
  if (row.from.kind == HKL_CHANNEL_KIND_TRUNK) return row.is_callee ? HKL_DIRECTION_OUT : HKL_DIRECTION_IN;
  if (row.from.kind != HKL_CHANNEL_KIND_PHONE) return HKL_DIRECTION_UNKNOWN;
  if (row.to.kind == HKL_CHANNEL_KIND_TRUNK) return HKL_DIRECTION_OUT;
  if (row.is_callee) {
    // Ordered by the switch, and nobody was dialled: the phone shows whom.
    const auto shown = draft.record["src"];
    const bool is_order = row.app == "AppDial2" && !is_withheld(shown) && !numbering_.is_extension(shown);
    return is_order ? HKL_DIRECTION_OUT : HKL_DIRECTION_UNKNOWN;
  }
  if (row.to.kind == HKL_CHANNEL_KIND_PHONE) return HKL_DIRECTION_INTERNAL;
  if (!client(draft).empty()) return HKL_DIRECTION_OUT;
  const bool is_to_ours = numbering_.is_extension(draft.record["dst"]) || row.app == "Queue" || dials_a_phone(draft);
  return is_to_ours ? HKL_DIRECTION_INTERNAL : HKL_DIRECTION_UNKNOWN;
}

// Dial() was told a phone of ours, and none could be rung.
bool CdrFacts::dials_a_phone(const Draft& draft) const {
  return draft.row.app == "Dial" && numbering_.is_extension(dialled_number(draft.row.data));
}

// The number that was dialled to the outside: as sent to the carrier, else as
// the phone dialled it (the dialplan may have gone on to another name since).
std::string_view CdrFacts::client(const Draft& draft) const {
  const auto& row = draft.row;
  if (row.app == "AppDial2") return draft.record["src"];
  const auto is_outside = [&](std::string_view number) {
    return number.size() > kLongestExtension && !is_withheld(number) && !numbering_.is_extension(number);
  };
  if (row.app == "Dial" && row.to.kind == HKL_CHANNEL_KIND_TRUNK)
    if (const auto sent = dialled_number(row.data); is_outside(sent)) return sent;
  const auto dialled = numbering_.without_prefix(draft.record["dst"]);
  return is_outside(dialled) ? dialled : std::string_view();
}

std::string_view CdrFacts::line(const Draft& draft) const {
  if (draft.direction == HKL_DIRECTION_OUT) {
    const auto shown = draft.record["src"];
    const bool is_shown = !is_withheld(shown) && !numbering_.is_extension(shown) && !draft.row.is_callee;
    return is_shown ? shown : std::string_view();
  }
  const auto told = behind(draft.record[column_name(settings_.line_column)], ":=");
  if (!is_withheld(told)) return told;
  // Where the dialplan went on to an extension, `dst` is that.
  const auto dialled = draft.record["dst"];
  const bool is_number =
      dialled.size() > kLongestExtension && !is_withheld(dialled) && !numbering_.is_extension(dialled);
  return numbering_.is_own_number(dialled) || is_number ? dialled : std::string_view();
}

void CdrFacts::call(Draft& draft) const {
  const auto& row = draft.row;
  const auto& r = draft.record;
  if (draft.direction == HKL_DIRECTION_UNKNOWN) return;
  draft.start(HKL_EVENT_CALL_SUMMARY);
  auto& e = draft.event;
  const bool is_in = draft.direction == HKL_DIRECTION_IN, is_out = draft.direction == HKL_DIRECTION_OUT;
  e.direction = draft.direction;
  e.started_at_ms = row.started_ms;
  e.ended_at_ms = row.ended_ms;
  const std::string name = is_in ? caller_name(r["clid"]) : std::string();
  if (is_in) {
    // A withheld caller may come with the number that was dialled.
    const auto number = r["src"];
    if (is_withheld(number) || numbering_.is_own_number(number)) {
      e.is_withheld = HKL_TRI_YES;
    } else {
      e.client = str(number);
    }
    e.client_name = str(name);
  }
  if (is_out && !row.is_callee) e.client = str(client(draft));
  if (row.app == "AppDial2") e.client = str(client(draft));
  if (draft.direction != HKL_DIRECTION_INTERNAL) e.line = str(line(draft));
  const auto file = behind(r[column_name(settings_.recording_column)], "=");
  if (is_file_name(file)) e.recording = str(file);
  if (draft.reached_a_person()) e.talked = HKL_TRI_YES;
  // The word of a row that reached nobody is that of the switch itself.
  if (!row.other.empty() || row.app == "Dial") {
    e.result = str(r["disposition"]);
    e.reason = reason(draft);
  }
  const auto more = extra(r);
  e.extra = str(more);
  draft.send();
}

std::uint32_t CdrFacts::reason(const Draft& draft) const {
  const auto& row = draft.row;
  const auto word = draft.record["disposition"];
  const bool is_out = draft.direction == HKL_DIRECTION_OUT;
  const bool had_no_channel = word == "FAILED" && row.other.empty();
  const auto& ending = hookline::ending_of("asterisk", had_no_channel ? "CHANUNAVAIL" : word);
  if (is_out || word != "NO ANSWER") return hookline::reason_of(ending, draft.direction);
  // Shorter than it was to ring: the caller gave up, or the phone declined.
  const bool rang_out =
      row.app == "Dial" && ring_ms(row.data) > 0 && row.ended_ms - row.started_ms >= ring_ms(row.data);
  return rang_out ? HKL_REASON_EMPLOYEE_NO_ANSWER : HKL_REASON_NOT_TOLD;
}

// What else the row tells, under the switch's own names.
std::string CdrFacts::extra(const Record& record) const {
  static constexpr std::string_view kTold[] = {
      "src", "dst",      "dcontext", "clid",        "channel",  "dstchannel", "lastapp",  "lastdata", "start", "answer",
      "end", "duration", "billsec",  "disposition", "amaflags", "uniqueid",   "linkedid", "sequence", "id"};
  std::string text;
  const auto quote = [&](std::string_view value) {
    static constexpr char kDigits[] = "0123456789abcdef";
    text += '"';
    for (const char c : value) {
      if (static_cast<unsigned char>(c) < 0x20) {
        text += "\\u00";
        text += kDigits[c >> 4];
        text += kDigits[c & 15];
        continue;
      }
      if (c == '"' || c == '\\') text += '\\';
      text += c;
    }
    text += '"';
  };
  for (std::size_t i = 0; i < record.layout().size(); ++i) {
    const auto& name = record.layout().name(i);
    const auto& value = record.cells()[i];
    const bool is_told = std::find(std::begin(kTold), std::end(kTold), name) != std::end(kTold) ||
                         name == column_name(settings_.line_column) || name == column_name(settings_.recording_column);
    if (is_told || value.empty()) continue;
    text += text.empty() ? '{' : ',';
    quote(record.layout().own_name(i));
    text += ':';
    quote(value);
  }
  return text.empty() ? text : text + '}';
}

// The phone that dialled.
void CdrFacts::caller(Draft& draft) const {
  const auto& row = draft.row;
  if (row.from.kind != HKL_CHANNEL_KIND_PHONE || (row.is_callee && row.app != "AppDial2")) return;
  draft.start(HKL_EVENT_LEG_SUMMARY);
  auto& e = draft.event;
  e.leg_kind = HKL_LEG_KIND_EMPLOYEE;
  e.leg_ref = str(row.channel);
  e.extension = str(row.from.peer);
  e.started_at_ms = row.started_ms;
  e.ended_at_ms = row.ended_ms;
  if (draft.reached_a_person()) {
    e.leg_outcome = HKL_LEG_ANSWERED;
    if (row.answered_ms) e.answered_at_ms = *row.answered_ms;
  } else if (row.app == "AppDial2") {
    e.leg_outcome = leg_outcome_of_word(draft.record["disposition"]);
  }
  draft.send();
}

// The phone that was rung. Through a local pair another row names it, if that
// can be joined; else the pair's own name says where it leads.
void CdrFacts::callee(Draft& draft) const {
  const auto& row = draft.row;
  const bool is_local = row.to.kind == HKL_CHANNEL_KIND_LOCAL;
  if (is_local && row.has_conversation) return;
  const auto leads_to = numbering_.extension_of(row.other);
  const bool is_outside = row.to.kind == HKL_CHANNEL_KIND_TRUNK ||
                          (is_local && !numbering_.is_extension(leads_to) && !is_withheld(leads_to));
  if (!is_outside && !numbering_.is_extension(leads_to) && row.to.kind != HKL_CHANNEL_KIND_PHONE) return;
  draft.start(HKL_EVENT_LEG_SUMMARY);
  auto& e = draft.event;
  e.leg_kind = is_outside ? HKL_LEG_KIND_EXTERNAL : HKL_LEG_KIND_EMPLOYEE;
  e.leg_ref = str(row.other);
  if (is_outside) e.client = str(is_local ? numbering_.without_prefix(leads_to) : client(draft));
  if (!is_outside) e.extension = str(leads_to);
  e.started_at_ms = row.started_ms;
  e.ended_at_ms = row.ended_ms;
  if (row.answered_ms) e.answered_at_ms = *row.answered_ms;
  e.leg_outcome = leg_outcome_of_word(draft.record["disposition"]);
  draft.send();
}

// A queue, a menu or a mailbox that the caller was in; a parking space.
void CdrFacts::place(Draft& draft) const {
  const auto& row = draft.row;
  const auto first = row.data.substr(0, row.data.find(','));
  const bool has_other = !row.other.empty();
  if (row.app == "Park" && !has_other) {
    draft.start(HKL_EVENT_TRANSFERRED);
    draft.event.transfer_kind = HKL_TRANSFER_PARK;
    draft.event.to = str(behind(row.data, ":"));
    return draft.send();
  }
  std::uint32_t kind = HKL_LEG_KIND_UNKNOWN;
  std::string_view name;
  if (row.app == "Queue" && !row.is_callee) {
    kind = HKL_LEG_KIND_QUEUE;
    name = first;
  } else if (row.app == "VoiceMail" && !has_other) {
    kind = HKL_LEG_KIND_VOICEMAIL;
    name = first;
  } else if ((row.app == "BackGround" || row.app == "Background" || row.app == "Read" || row.app == "WaitExten") &&
             !has_other) {
    kind = HKL_LEG_KIND_IVR;
    name = draft.record["dcontext"];
  } else {
    return;
  }
  draft.start(HKL_EVENT_LEG_SUMMARY);
  auto& e = draft.event;
  const std::string ref = std::string(row.channel) + "/" + std::string(row.app) + "/" + std::string(name);
  e.leg_kind = kind;
  e.leg_ref = str(ref);
  e.name = str(name);
  e.started_at_ms = row.started_ms;
  if (kind == HKL_LEG_KIND_QUEUE) {
    e.queue = str(name);
    // Once a member has it, the row ends with the talk.
    if (has_other && row.is_answered) {
      e.leg_outcome = HKL_LEG_ANSWERED;
    } else {
      e.ended_at_ms = row.ended_ms;
    }
  } else {
    e.ended_at_ms = row.ended_ms;
    e.leg_outcome = kind == HKL_LEG_KIND_IVR ? HKL_LEG_MOVED : HKL_LEG_ANSWERED;
    if (kind == HKL_LEG_KIND_VOICEMAIL) e.answered_at_ms = row.started_ms;
  }
  draft.send();
}

bool CdrFacts::of(const Record& record, const Emit& emit) const {
  const auto row = read_row(record, numbering_, host_);
  if (!row) return false;
  // Halves of a pair and phones that were rung are no callers: without a
  // conversation nothing says of whose call such a row is.
  const bool is_caller = row->from.kind != HKL_CHANNEL_KIND_LOCAL && (!row->is_callee || row->app == "AppDial2");
  if (!is_caller && !row->has_conversation) return true;
  Draft draft(record, *row, emit);
  draft.direction = direction(draft);
  // A phone that dialled a code of the switch and reached nobody: no call.
  if (draft.direction == HKL_DIRECTION_UNKNOWN && row->from.kind == HKL_CHANNEL_KIND_PHONE && row->other.empty())
    return true;
  call(draft);
  caller(draft);
  callee(draft);
  place(draft);
  const auto linked = record["linkedid"], unique = record["uniqueid"];
  if (!linked.empty() && !unique.empty() && linked != unique) {
    draft.start(HKL_EVENT_REFS_JOINED);
    draft.event.other_ref = str(unique);
    draft.send();
  }
  return true;
}

LayoutBook cdr_layouts(const CdrSettings& settings) {
  // The sample mapping of cdr_custom, then cdr_csv with what loguniqueid,
  // loguserfield and newcdrcolumns add. Told apart by where the start stands;
  // the sample comes first, as its answer stands where the other has its start.
  const std::string base =
      "accountcode,src,dst,dcontext,clid,channel,dstchannel,lastapp,lastdata,start,answer,end,duration,billsec,"
      "disposition,amaflags";
  const std::string added = ",peeraccount,linkedid,sequence";
  LayoutBook book;
  book.by_file = settings.columns;
  for (const auto& columns :
       {std::string("clid,src,dst,dcontext,channel,dstchannel,lastapp,lastdata,start,answer,end,duration,billsec,"
                    "disposition,amaflags,accountcode,uniqueid,userfield,sequence"),
        base, base + ",uniqueid", base + ",uniqueid,userfield", base + added, base + ",uniqueid" + added,
        base + ",uniqueid,userfield" + added})
    book.usual.push_back(layout_of(columns));
  book.time_column = "start";
  return book;
}

}  // namespace asterisk
