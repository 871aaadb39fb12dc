"""A made-up firm as canonical records: everything that makes figures go wrong, in small.

`firm(seed)` gives a list of records. The same seed gives the same firm. Times are UTC
milliseconds while it is made and ISO 8601 in the records. No two calls begin in the same
millisecond, so "earlier" has one meaning.
"""
import datetime
import random

UTC = datetime.timezone.utc
STAGES = ["refusal", "postponed", "non_target", "unsorted", "check", "selection", "booking", "deal_open", "deal_done"]
HOUR, DAY = 3_600_000, 86_400_000


def iso(ms):
    if ms is None:
        return None
    return (datetime.datetime(1970, 1, 1, tzinfo=UTC) + datetime.timedelta(milliseconds=ms)).isoformat(timespec="milliseconds")


def millis(year, month, day, hour=0, minute=0):
    return int(datetime.datetime(year, month, day, hour, minute, tzinfo=UTC).timestamp()) * 1000


# Midnight of Moscow, and the nights in which Berlin's clock goes forward and back.
WEEKS = [(millis(2026, 3, 1), "Europe/Moscow"), (millis(2026, 3, 27), "Europe/Berlin"), (millis(2025, 10, 24), "Europe/Berlin")]


class Firm:
    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.begin, self.zone = self.chance.choice(WEEKS)
        self.end = self.begin + 4 * DAY
        self.records = []
        self.starts = set()
        self.extensions = ["101", "102", "103", "104", "105"]
        self.employees()
        self.contacts()
        self.calls = [self.call(n) for n in range(self.chance.randint(5, 40))]
        self.records += self.calls
        self.marks()
        self.leads()
        self.visits()
        self.tasks()
        self.presence()
        self.chance.shuffle(self.records)

    def instant(self):
        """Any, with a liking for what borders on a day, and never twice the same."""
        while True:
            at = self.chance.randrange(self.begin - 2 * DAY, self.end + DAY)
            if self.chance.random() < 0.3:
                at = at // HOUR * HOUR + self.chance.choice([-1, 0, 1, -1000, 1000, 0])
            if at not in self.starts:
                self.starts.add(at)
                return at

    def employees(self):
        """104 belongs to nobody; 102 changes hands; the last one has two phones."""
        change = self.begin + DAY + self.chance.randrange(DAY)
        self.starts.add(change)  # no call by chance; one on purpose
        mapped = {"ivanova": [("101", None, None)], "petrov": [("102", None, change)], "orlov": [("102", change, None)],
                  "sidorova": [("103", None, None), ("105", None, None)]}
        departments = {"ivanova": ["sales"], "petrov": ["sales", "service"], "orlov": ["sales"], "sidorova": ["service"]}
        for who, phones in mapped.items():
            self.records.append({"type": "employee", "id": who, "name": who.title(), "departments": departments[who],
                                 "extensions": [{"source": "pbx1", "number": number, "from": iso(a), "to": iso(b)}
                                                for number, a, b in phones]})
        self.records += [{"type": "department", "id": d, "name": d} for d in ("sales", "service")]
        self.change = change

    def contacts(self):
        """Some are known beforehand, some have two numbers, some are merged, some only call."""
        self.numbers = [f"+7916{n:03}{n:04}" for n in range(100, 100 + self.chance.randint(3, 12))]
        free = list(self.numbers)
        self.chance.shuffle(free)
        known = []
        while len(free) > 2 and self.chance.random() < 0.7:
            numbers = [free.pop() for _ in range(self.chance.choice([1, 1, 2]))]
            known.append({"type": "contact", "id": f"c{len(known)}", "name": None, "numbers": numbers,
                          "visitors": [f"v{len(known)}"], "merged_into": None})
        for n in range(1, len(known)):
            if self.chance.random() < 0.25:
                known[n]["merged_into"] = known[self.chance.randrange(n)]["id"]
        self.records += known
        self.known = [c["id"] for c in known]
        self.visitors = ["stranger", *(c["visitors"][0] for c in known)]

    def spelt(self, number):
        digits = number[1:]
        return self.chance.choice([number, number, digits, "8" + digits[1:], f"8 ({digits[1:4]}) {digits[4:7]}-{digits[7:9]}-{digits[9:]}",
                                   f"+7 {digits[1:4]} {digits[4:7]} {digits[7:9]} {digits[9:]}"])

    def call(self, n):
        started = self.change if n == 0 else self.instant()
        direction = self.chance.choice(["in", "in", "in", "out", "out", "internal"])
        number = self.chance.choice(self.numbers)
        withheld = direction == "in" and self.chance.random() < 0.1
        legs = []
        at = started
        if direction == "in":
            if self.chance.random() < 0.3:
                at += self.chance.randrange(1, 9) * 1000
                legs.append(self.leg("ivr", None, started, None, at, "moved"))
            answered, ended = self.ring(legs, at)
        else:
            answered, ended = self.dial(legs, at)
        record = {"type": "call", "id": f"pbx1:k{n:02}", "source": "pbx1", "direction": direction,
                  "client_number": None if withheld or direction == "internal" else self.spelt(number),
                  "client_raw": "anonymous" if withheld else None if direction == "internal" else number, "started_at": iso(started), "answered_at": iso(answered),
                  "ended_at": iso(ended), **self.ending(direction, answered), "legs": legs,
                  "line": self.chance.choice([None, "+74950000001", "+74950000002"]),
                  "tags": self.chance.sample(["price", "complaint"], self.chance.choice([0, 0, 1, 2])),
                  "rating": self.chance.choice([None, 1, 3, 5]) if answered else None}
        if self.chance.random() < 0.04:
            record["deleted_at"] = iso(ended + DAY)
        return record

    def ending(self, direction, answered):
        if answered:
            return {"finish_reason": "normal", "hung_up_by": self.chance.choice(["client", "employee"])}
        if direction != "in":
            return {"finish_reason": self.chance.choice(["client_no_answer", "client_busy"]), "hung_up_by": "system"}
        reason = self.chance.choice(["client_hung_up", "client_hung_up", "employee_busy", "dial_timeout", "network", "limit"])
        return {"finish_reason": reason, "hung_up_by": "client" if reason == "client_hung_up" else "system"}

    def leg(self, kind, extension, started, answered, ended, outcome):
        return {"kind": kind, "name": None, "extension": extension, "started_at": iso(started), "answered_at": iso(answered),
                "ended_at": iso(ended), "outcome": outcome}

    def seconds(self, low, high):
        return int(self.chance.choice([self.chance.uniform(low, high), round(self.chance.uniform(low, high))]) * 1000)

    def ring(self, legs, at):
        """Rounds of phones until one is taken or the caller gives up; then perhaps a transfer."""
        in_queue = self.chance.random() < 0.4
        for _ in range(self.chance.choice([0, 1, 1, 1, 2, 3])):
            begun_queue = at
            phones = self.chance.sample(self.extensions, self.chance.choice([1, 1, 1, 2, 3]))
            rang = self.seconds(0.5, 40)
            taken = self.chance.choice(phones) if self.chance.random() < 0.6 else None
            for phone in phones:
                begun = at + self.chance.choice([0, 0, 0, 300, 2500]) * (phone != phones[0])
                over = max(begun, at + rang)
                if phone != taken:
                    legs.append(self.leg("employee", phone, begun, None, over, "elsewhere" if taken else "no_answer"))
                    legs[-1]["outcome"] = "busy" if not taken and self.chance.random() < 0.2 else legs[-1]["outcome"]
            at += rang
            if in_queue:
                outcome = "answered" if taken else self.chance.choice(["timed_out", "abandoned", "moved"])
                entry = self.leg("queue", None, begun_queue, at if taken else None, at, outcome)
                legs.insert(0, {**entry, "name": self.chance.choice(["support", "sales"])})
            if taken:
                return self.talk(legs, taken, at - rang, at)
        return None, at + self.seconds(0, 20)

    def talk(self, legs, phone, rang_from, answered):
        ended = answered + self.seconds(0, 200)
        legs.append(self.leg("employee", phone, rang_from, answered, ended, "answered"))
        while self.chance.random() < 0.25:
            other = self.chance.choice(self.extensions)
            taken = ended + self.seconds(0, 15)
            over = taken + self.seconds(0, 150)
            legs.append(self.leg("employee", other, ended, taken, over, "answered"))
            ended = over
        return answered, ended

    def dial(self, legs, at):
        phone = self.chance.choice(self.extensions)
        over = at + self.seconds(1, 45)
        if self.chance.random() < 0.4:
            legs.append(self.leg("employee", phone, at, None, over, "no_answer"))
            return None, over
        legs_before = len(legs)
        answered, ended = self.talk(legs, phone, at, over)
        legs[legs_before]["started_at"] = iso(at)
        return answered, ended

    def marks(self):
        for call in self.calls:
            if self.chance.random() < 0.12:
                at = self.end + self.chance.randrange(DAY)
                self.records.append({"type": "mark", "call": call["id"], "quality": "non_target", "by": "ivanova", "at": iso(at)})
                if self.chance.random() < 0.3:  # taken back
                    self.records.append({"type": "mark", "call": call["id"], "quality": None, "by": "ivanova", "at": iso(at + 1000)})

    def leads(self):
        made = []
        for n, call in enumerate(self.calls):
            if call["direction"] == "internal" or self.chance.random() < 0.6:
                continue
            self.records.append({"type": "inquiry", "id": f"i{n}", "kind": "call", "call": call["id"], "contact": None})
            lead = {"type": "lead", "id": f"L{n}", "contact": None, "funnel": "sales", "stage": self.chance.choice(STAGES),
                    "created_at": call["started_at"], "created_by": "call", "inquiry": f"i{n}",
                    "responsible": self.chance.choice([None, "ivanova", "petrov"]), "kind": self.chance.choice([None, "call", "site"]),
                    "order_at": self.later(call), "sale_at": self.later(call), "closed_at": self.later(call)}
            if made and self.chance.random() < 0.15:
                lead["merged_into"] = self.chance.choice(made)
            elif self.chance.random() < 0.1:
                lead["deleted_at"] = iso(self.end + DAY)
            made.append(lead["id"])
            self.records.append(lead)

    def visits(self):
        """Some before the calls, some after, some of people who never called; one line belongs to an advertisement."""
        for n in range(self.chance.randint(0, 25)):
            source, medium = self.chance.choice([("google", "cpc"), ("google", "organic"), ("direct", None), ("vk", "social")])
            self.records.append({"type": "visit", "id": f"w{n}", "visitor": self.chance.choice(self.visitors), "at": iso(self.instant()),
                                 "source": source, "medium": medium, "campaign": None, "ad": None, "keyword": None})
        self.records.append({"type": "ad_source", "id": "cian", "name": "Cian", "group": None, "tags": [], "counted": True,
                             "step": {"source": "cian", "medium": "listing"}})
        self.records.append({"type": "line", "id": "+74950000002", "name": None, "ad_source": "cian", "site": None,
                             "tracking": "static", "calendar": None})

    def tasks(self):
        """Done in time, late, at the very deadline, cancelled, or still open."""
        for n in range(self.chance.randint(0, 15) if self.known else 0):
            created = self.instant()
            deadline = created + self.chance.choice([HOUR, 4 * HOUR, DAY, self.chance.randrange(1, 2 * DAY)])
            state = self.chance.choice(["open", "done", "done", "cancelled"])
            done = self.chance.choice([deadline, deadline + 1, created + self.chance.randrange(1, 2 * DAY)]) if state == "done" else None
            who = self.chance.choice([None, "ivanova", "petrov", "sidorova"])
            self.records.append({"type": "task", "id": f"t{n}", "kind": self.chance.choice(["callback", "visit"]), "title": "To do",
                                 "contact": self.chance.choice(self.known),
                                 "assignee": who, "created_at": iso(created), "deadline_at": iso(deadline), "done_at": iso(done),
                                 "done_by": who if done else None, "state": state})

    def presence(self):
        """Days at work with pauses, some without an end, some that overlap, some of people who are never there."""
        for who in ("ivanova", "petrov", "sidorova"):
            at = self.begin - DAY
            while at < self.end and self.chance.random() < 0.8:
                at += self.chance.randrange(1, 20 * HOUR)
                over = at + self.chance.randrange(1, 14 * HOUR)
                self.records.append({"type": "presence", "employee": who, "state": "online", "reason": None, "from": iso(at), "to": iso(over)})
                for _ in range(self.chance.choice([0, 0, 1, 2])):
                    begun = self.chance.randrange(at - HOUR, over + HOUR)
                    ends = begun + self.chance.randrange(1, 2 * HOUR) if self.chance.random() < 0.8 else None
                    self.records.append({"type": "presence", "employee": who, "state": "pause", "reason": "lunch", "from": iso(begun), "to": iso(ends)})
                at = over

    def later(self, call):
        if self.chance.random() < 0.5:
            return None
        started = datetime.datetime.fromisoformat(call["started_at"])
        return (started + datetime.timedelta(milliseconds=self.chance.randrange(4 * DAY))).isoformat(timespec="milliseconds")


def firm(seed):
    return Firm(seed)
