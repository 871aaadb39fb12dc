"""What metrics §4, §6, §7 and §8.6 say of lists and of tasks, in the plainest words.

Written from the definitions and not from the engine. A list has one row for each thing; as no two things of a made-up
firm begin in the same millisecond, its rows are known by their time.
"""
import datetime
from collections import defaultdict

from naive_calls import NOBODY, millis
from naive_reports import DAY, grouped, local, mean, nearest_rank, seconds, share


def shown_time(ms):
    if ms is None:
        return None
    at = datetime.datetime.fromtimestamp(ms // 1000, datetime.timezone.utc)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{ms % 1000:03}Z"


def name_of(who):
    """Of a made-up employee."""
    return None if who == NOBODY else who.title()


# --- §4

def status(call):
    if call.answered is not None:
        return "answered"
    return "missed" if call.direction == "in" else "unsuccessful"


def is_unique(facts, call, gap_days):
    if call.direction != "in" or call.contact is None:
        return False
    before = [c.started for c in facts.external if c.contact == call.contact and c.direction == "in" and c.started < call.started]
    return not before or (gap_days is not None and max(before) < call.started - gap_days * DAY)


def fits(text, value):
    """Whether a value passes a filter of one plain value, or of one with "!", or a number one of "10..20"."""
    if text.startswith("!"):
        return not fits(text[1:], value)
    if text == "-" or value is None:
        return text == "-" and value is None
    if ".." in text:
        least, most = (float(end) if end else None for end in text.split(".."))
        return (least is None or value >= least) and (most is None or value <= most)
    return text[1:] in value if text.startswith("~") else value == text


def calls(facts, period, tab="all", kind="all", group_by="none", unique_gap_days=None, quality_talk_s=30, **filters):
    def passes(call):
        cells = {"talk_s": seconds(call.talk), "wait_s": seconds(call.wait), "status": status(call), "client": call.number}
        return all(fits(text, cells[name]) for name, text in filters.items())

    def is_wanted(call):
        return {"all": True, "unique": is_unique(facts, call, unique_gap_days), "repeat": not is_unique(facts, call, unique_gap_days),
                "non_target": call.mark == "non_target", "lost": call.is_missed,
                "quality": call.answered is not None and call.is_target and call.talk >= quality_talk_s * 1000}[kind]

    chosen = [c for c in facts.external if c.started in period and tab in ("all", c.direction) and is_wanted(c) and passes(c)]
    if group_by == "none":
        rows = {shown_time(c.started): listed(c) for c in chosen}
    else:
        rows = {key: together(row) for key, row in grouped(chosen, lambda c: group_of(c, group_by, period.zone)).items() if key != "total"}
    total = together(chosen)
    rows["total"] = total
    for row in rows.values():
        row.pop("average_wait_s" if group_by == "none" else "talk_s", None)
    return rows


def listed(call):
    return {"time": shown_time(call.started), "direction": call.direction, "client": call.number, "line": call.line,
            "employee": name_of(call.credited("first")[0][0]), "status": status(call),
            "finish_reason": call.finish_reason, "wait_s": seconds(call.wait), "calls": 1, "talk_s": seconds(call.talk),
            "rating": call.rating, "accepted": int(call.direction == "in" and call.answered is not None),
            "total_talk_s": seconds(call.talk)}


def group_of(call, by, zone):
    at = local(call.started, zone)
    return {"employee": call.credited("first")[0][0], "line": call.line or NOBODY, "day": f"{at:%Y-%m-%d}", "hour": f"{at.hour:02}",
            "weekday": str(at.isoweekday()), "status": status(call), "finish_reason": call.finish_reason}[by]


def together(row):
    return {"talk_s": seconds(sum(c.talk for c in row)) if row else None, "total_talk_s": seconds(sum(c.talk for c in row)),
            "rating": mean(c.rating for c in row if c.rating is not None), "average_wait_s": seconds(mean(c.wait for c in row)),
            "accepted": sum(c.direction == "in" and c.answered is not None for c in row), "calls": len(row)}


# --- §6

CLOSED_UNSUCCESSFULLY = {"refusal": "Отказ", "non_target": "Нецелевое"}  # as §3 names these stages


def closed_unsuccessfully(facts, period, show="leads", date="closed", type=None):
    at = {"closed": lambda l: millis(l["closed_at"]), "created": lambda l: millis(l["created_at"])}[date]
    chosen = [l for l in facts.leads if l["stage"] in CLOSED_UNSUCCESSFULLY and at(l) in period
              and (type is None or l["kind"] == type)]
    if show == "reasons":
        return {key: {"leads": len(row), "share": share(len(row), len(chosen))}
                for key, row in grouped(chosen, lambda l: l["stage"]).items()}
    rows = {l["id"]: {"created": shown_time(millis(l["created_at"])), "closed": shown_time(millis(l["closed_at"])), "type": l["kind"],
                      "responsible": name_of(l["responsible"] or NOBODY), "stage": CLOSED_UNSUCCESSFULLY[l["stage"]], "leads": 1} for l in chosen}
    rows["total"] = {"leads": len(chosen)}
    return rows


# --- §7

class Inquiry:
    """A call as one touch of its contact (§7.1); requests and chats are not made up."""

    def __init__(self, facts, call):
        self.call, self.at = call, call.started
        self.is_advertising = call.direction == "in" or (call.direction == "out" and bool(call.leads))
        self.taken_by, self.taken = self.taker(facts)

    def taker(self, facts):
        """Who first answered; of a missed call who first talked with the contact afterwards."""
        call = self.call
        if call.answered is not None:
            # §1.5.1; of an internal call, as of an outgoing one, it is who dialled (§7.5, Q06).
            return (call.who(call.legs[0]) if call.direction == "internal" else call.credited("first")[0][0]), call.answered
        if call.direction != "in" or call.contact is None:
            return NOBODY, None
        talks = [c for c in facts.external if c.contact == call.contact and c.answered is not None and c.answered >= call.ended]
        if not talks:
            return NOBODY, None
        talk = min(talks, key=lambda c: c.answered)
        return talk.credited("first")[0][0], talk.answered


def qualities(facts):
    """{call id: (inquiry, quality)}, by the first rule of §7.1 that applies."""
    told = {}
    earlier = defaultdict(list)
    for call in sorted(facts.calls, key=lambda c: c.started):
        inquiry = Inquiry(facts, call)
        before = [i for i, quality in earlier[call.contact] if quality != "non_target"]
        if inquiry.is_advertising:
            before = [i for i in before if i.is_advertising]
        quality = (call.mark if call.mark is not None
                   else "non_target" if call.direction == "internal"
                   else "repeat" if call.contact is not None and before
                   else "unsorted" if inquiry.taken is None
                   else "unverified" if not inquiry.is_advertising or call.contact is None
                   else "target")
        if call.contact is not None:
            earlier[call.contact].append((inquiry, quality))
        told[call.id] = inquiry, quality
    return told


def inquiries(facts, period, non_advertising=False, date_by="arrival", quality=None, direction=None):
    rows, count = {}, 0
    for inquiry, told in qualities(facts).values():
        call = inquiry.call
        if (inquiry.at if date_by == "arrival" else inquiry.taken) not in period or not (inquiry.is_advertising or non_advertising):
            continue
        if (quality is not None and told != quality) or (direction is not None and call.direction != direction):
            continue
        rows[shown_time(inquiry.at)] = {
            "time": shown_time(inquiry.at), "number": call.number, "duration_s": seconds(call.talk), "quality": told, "type": "unanswered_call" if call.is_missed else "call",
            "manager": name_of(inquiry.taken_by), "inquiries": 1}
        count += 1
    rows["total"] = {"inquiries": count}
    return rows


# --- §8.6

def task_discipline(facts, period, now, by="created"):
    def state(task):
        if task["state"] in ("done", "cancelled"):
            return task["state"]
        return "overdue" if now > millis(task["deadline_at"]) else "open"

    def took(task):
        return millis(task["done_at"]) - millis(task["created_at"])

    def told(row):
        done = [t for t in row if state(t) == "done"]
        late = [t for t in done if millis(t["done_at"]) > millis(t["deadline_at"])]
        in_time, overdue = len(done) - len(late), sum(state(t) == "overdue" for t in row)
        return {"created": len(row), "in_time": in_time, "late": len(late), "open_not_due": sum(state(t) == "open" for t in row),
                "overdue": overdue, "cancelled": sum(state(t) == "cancelled" for t in row),
                "on_time": share(in_time, in_time + len(late) + overdue), "average_done_s": seconds(mean(map(took, done))),
                "median_done_s": seconds(nearest_rank(map(took, done), 50)),
                "average_lateness_s": seconds(mean(millis(t["done_at"]) - millis(t["deadline_at"]) for t in late))}
    tasks = [t for t in facts.tasks if millis(t[f"{by}_at"]) in period]
    return {k: told(row) for k, row in grouped(tasks, lambda t: t["assignee"] or NOBODY).items()}
