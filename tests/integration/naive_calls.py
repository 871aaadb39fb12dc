"""What metrics §1–§3 say of calls, in the plainest words: records in, dictionaries out.

A second reading of the definitions, made without looking at the engine and without SQL,
so that a mistake would have to be made twice. Slow on purpose: every question walks all calls.
"""
import datetime
import re
import zoneinfo
from collections import defaultdict

NOBODY = "-"
SPANS = {"5m": 300_000, "2h": 7_200_000, "1d": 86_400_000}  # of callback_within
IN_WORK = {"check", "selection", "booking", "deal_open", "deal_done"}


def millis(text):
    if text is None:
        return None
    at = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return round(at.timestamp() * 1000)


def e164(text):
    """§1.6.1, for Russian numbers."""
    if text is None:
        return None
    digits = re.sub(r"\D", "", text)
    if len(digits) == 10:
        return "+7" + digits
    if len(digits) == 11 and digits[0] in "78":
        return "+7" + digits[1:]
    return digits


WEEK = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Period:
    """§1.1.1 and §1.1.5: from ≤ t < to, and if asked so the hours of the day and the days of the week of t itself."""

    def __init__(self, begin, end, zone, day_start=None, day_end=None, week_days=None):
        self.begin, self.end, self.zone = begin, end, zone
        self.day_start, self.day_end = (None if t is None else datetime.time.fromisoformat(t) for t in (day_start, day_end))
        self.week_days = None if week_days is None else [WEEK.index(day) + 1 for day in week_days.split(",")]

    def has_day(self, day):
        return self.week_days is None or day.isoweekday() in self.week_days

    def __contains__(self, ms):
        if ms is None or not self.begin <= ms < self.end:
            return False
        at = datetime.datetime.fromtimestamp(ms / 1000, zoneinfo.ZoneInfo(self.zone))
        late = self.day_start is None or at.time() >= self.day_start
        early = self.day_end is None or at.time() < self.day_end
        over_midnight = None not in (self.day_start, self.day_end) and self.day_end < self.day_start
        return self.has_day(at.date()) and (late or early if over_midnight else late and early)


class Facts:
    def __init__(self, records):
        alive = [r for r in records if not r.get("deleted_at")]
        by_type = defaultdict(list)
        for record in alive:
            by_type[record["type"]].append(record)
        self.mappings = [(p["number"], millis(p["from"]), millis(p["to"]), e["id"]) for e in by_type["employee"]
                         for p in e["extensions"]]
        self.departments = {e["id"]: set(e["departments"]) for e in by_type["employee"]}
        self.merged = {c["id"]: c["merged_into"] for c in by_type["contact"] if c["merged_into"]}
        self.owner = {e164(number): c["id"] for c in by_type["contact"] for number in c["numbers"]}
        self.read_visits(by_type)
        self.tasks, self.presence = by_type["task"], by_type["presence"]
        self.calls = [Call(self, record) for record in by_type["call"]]
        self.external = sorted((c for c in self.calls if c.direction != "internal"), key=lambda c: c.started)
        self.read_marks(by_type["mark"])
        self.read_leads(by_type["inquiry"], by_type["lead"])

    def employee(self, extension, at):
        for number, begin, end, who in self.mappings:
            if number == extension and (begin is None or begin <= at) and (end is None or at < end):
                return who
        return NOBODY

    def contact(self, number):
        """A contact's id, or the number itself where no record knows it."""
        if number is None:
            return None
        return self.root(self.owner.get(number, number))

    def read_visits(self, by_type):
        """§5.2: {contact or visitor nobody knows: [(at, source, medium)]}, and the step of each line's source."""
        owner = {visitor: self.root(c["id"]) for c in by_type["contact"] for visitor in c.get("visitors", ())}
        self.visits = defaultdict(list)
        for visit in sorted(by_type["visit"], key=lambda v: millis(v["at"])):
            who = owner.get(visit["visitor"], "visitor " + visit["visitor"])
            self.visits[who].append((millis(visit["at"]), visit["source"], visit["medium"]))
        steps = {a["id"]: f"{a['step']['source']}/{a['step']['medium']}" for a in by_type["ad_source"]}
        self.step_of_line = {line["id"]: steps[line["ad_source"]] for line in by_type["line"] if line["ad_source"]}

    def root(self, contact):
        while contact in self.merged:
            contact = self.merged[contact]
        return contact

    def read_marks(self, marks):
        last = {}
        for mark in sorted(marks, key=lambda m: millis(m["at"])):
            last[mark["call"]] = mark["quality"]
        for call in self.calls:
            call.mark = last.get(call.id)

    def read_leads(self, inquiries, leads):
        call_of = {i["id"]: i["call"] for i in inquiries}
        by_id = {c.id: c for c in self.calls}
        for lead in leads:
            call = by_id.get(call_of.get(lead["inquiry"]))
            if call is not None and not lead.get("merged_into"):
                call.leads.append(lead["stage"])
        # A lead of a call that is not there waits for it (DESIGN section 9).
        self.leads = [lead for lead in leads if not lead.get("merged_into") and call_of.get(lead["inquiry"]) in by_id]

    # §1.6.6
    def is_first(self, call, gap_days=None, counts="any"):
        if call.contact is None:
            return False
        before = [c.started for c in self.external if c.contact == call.contact and c.started < call.started
                  and counts in ("any", c.direction)]
        return not before or (gap_days is not None and max(before) < call.started - gap_days * 86_400_000)

    # §1.6.8
    def is_called_back(self, call, within=None):
        return call.is_missed and call.contact is not None and any(
            c.answered is not None and c.answered >= call.ended
            and (within is None or c.answered - call.ended <= SPANS[within]) for c in self.external if c.contact == call.contact)


class Call:
    def __init__(self, facts, record):
        self.id, self.direction = record["id"], record["direction"]
        self.started, self.answered, self.ended = (millis(record[k]) for k in ("started_at", "answered_at", "ended_at"))
        self.number = e164(record["client_number"])
        self.contact = facts.contact(self.number) if self.direction != "internal" else None
        self.talk = self.ended - self.answered if self.answered is not None else 0
        self.legs = [Leg(leg) for leg in record["legs"] if leg["kind"] == "employee"]
        self.queues = [Leg(leg) for leg in record["legs"] if leg["kind"] == "queue"]
        self.line, self.finish_reason, self.hung_up_by = (record.get(k) for k in ("line", "finish_reason", "hung_up_by"))
        self.tags, self.rating = record.get("tags", []), record.get("rating")
        # §1.4: the client's wait, and the wait from the first offer to people.
        self.offered = min((leg.started for leg in self.legs + self.queues), default=None)
        over = self.ended if self.answered is None else self.answered
        self.wait = over - self.started
        self.queue_wait = over - (self.started if self.offered is None else self.offered)
        self.who = lambda leg: facts.employee(leg.extension, self.started)
        self.mark, self.leads = None, []

    @property
    def is_missed(self):
        return self.direction == "in" and self.answered is None

    @property
    def is_target(self):
        """Not non-target (§3): nothing but a mark says so where no classifier does."""
        return self.mark != "non_target"

    def credited(self, credit):
        """§1.5: [(employee, extension or "-", talk in ms)]."""
        answered = sorted((leg for leg in self.legs if leg.answered is not None), key=lambda leg: leg.answered)
        if self.answered is None or not answered:
            return [(*self.tried(), self.talk)]
        if credit == "each":
            # The call once for each employee, at the phone that was taken first.
            talks, phone = defaultdict(int), {}
            for leg in answered:
                talks[self.who(leg)] += leg.ended - leg.answered
                phone.setdefault(self.who(leg), leg.extension)
            return [(who, phone[who], talk) for who, talk in talks.items()]
        leg = answered[0 if credit == "first" else -1]
        return [(self.who(leg), leg.extension, self.talk)]

    def tried(self):
        if not self.legs:
            return NOBODY, NOBODY
        if self.direction != "in":
            return self.who(self.legs[0]), self.legs[0].extension
        latest = max(leg.started for leg in self.legs)
        last = [leg for leg in self.legs if latest - leg.started < 1000]
        if len(last) > 1:
            people = {self.who(leg) for leg in last}
            return (people.pop(), NOBODY) if len(people) == 1 else (NOBODY, NOBODY)
        return self.who(last[0]), last[0].extension


class Leg:
    def __init__(self, record):
        self.extension, self.name, self.outcome = record["extension"], record["name"], record["outcome"]
        self.started, self.answered, self.ended = (millis(record[k]) for k in ("started_at", "answered_at", "ended_at"))


def minutes(talks, how):
    if how == "floor_sum":
        return sum(talks) // 60_000
    if how == "floor_each":
        return sum(t // 60_000 for t in talks)
    return sum(-(-t // 60_000) for t in talks)


def calls_by_manager(facts, period, credit="first", hide_missed=False, by_extension=False, first_call=False,
                     first_gap_days=None, first_counts="any", callback_within=None, minutes_how="floor_sum", manager=None):
    """metrics §3: {row key: {column: figure}}, "total" among the keys."""
    rows = defaultdict(list)
    for call in facts.external:
        if call.started not in period or (hide_missed and call.answered is None):
            continue
        if first_call and not facts.is_first(call, first_gap_days, first_counts):
            continue
        shares = [s for s in call.credited(credit) if manager is None or s[0] in manager]
        pieces = defaultdict(int)
        for who, extension, talk in shares:
            pieces[f"{who}/{extension}" if by_extension else who] += talk
        for key, talk in pieces.items():
            rows[key].append((call, talk))
        if pieces:
            rows["total"].append((call, sum(pieces.values())))
    rows.setdefault("total", [])
    return {key: figures(facts, row, hide_missed, first_gap_days, first_counts, callback_within, minutes_how) for key, row in rows.items()}


def figures(facts, row, hide_missed, first_gap_days, first_counts, callback_within, minutes_how):
    def count(condition):
        return sum(1 for call, _ in row if condition(call))

    def leads(condition):
        return sum(len(call.leads) for call, _ in row if condition(call))

    told = {
        "minutes": minutes([talk for _, talk in row], minutes_how),
        "calls": count(lambda c: True),
        "out": count(lambda c: c.direction == "out"),
        "in": count(lambda c: c.direction == "in"),
        "target": count(lambda c: c.is_target),
        "target_out": count(lambda c: c.is_target and c.direction == "out"),
        "target_in": count(lambda c: c.is_target and c.direction == "in"),
        "first_unique_target": count(lambda c: c.is_target and facts.is_first(c, first_gap_days, first_counts)),
        "leads": leads(lambda c: True),
        "leads_in_work": sum(stage in IN_WORK for call, _ in row for stage in call.leads),
    }
    if not hide_missed:
        told["target_missed"] = count(lambda c: c.is_missed and c.is_target)
        told["target_called_back"] = count(lambda c: c.is_target and facts.is_called_back(c, callback_within))
        told["called_back"] = count(lambda c: facts.is_called_back(c, callback_within))
        told["leads_by_missed"] = leads(lambda c: c.is_missed and c.is_target)
    return told
