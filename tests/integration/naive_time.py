"""What metrics §8.7 and §8.8 say of people's time and of how many are needed, in the plainest words.

Written from the definitions and not from the engine. Time is walked piece by piece: every moment at which anything
begins or ends, or an hour or a day does, is a border, and between two borders all is constant.
"""
import datetime
import math
import zoneinfo
from collections import defaultdict

from naive_calls import NOBODY, millis
from naive_reports import days_of, local, seconds, share


class Work:
    """One employee's connected time in one call."""

    def __init__(self, call, leg):
        self.call, self.is_internal = call, call.direction == "internal"
        self.begin, self.end = max(leg.answered, call.answered), min(leg.ended, call.ended)


def hour_of(ms, zone):
    """§1.1.4: local wall time with its offset, so that a repeated hour is two."""
    return local(ms, zone).replace(minute=0, second=0, microsecond=0).isoformat(timespec="minutes")


def borders(begin, end, zone):
    """Every local hour within; offsets change on the hour."""
    step = 900_000
    return [at for at in range(-(-begin // step) * step, end, step) if hour_of(at, zone) != hour_of(at - 1, zone)]


def clock_borders(period):
    """Every moment within at which the hours of the day that are asked for begin or end."""
    step, found = 900_000, set()
    for at in range(period.begin // step * step, period.end, step):
        clock = local(at, period.zone)
        since = datetime.timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second)
        for bound in filter(None, (period.day_start, period.day_end)):
            ahead = datetime.timedelta(hours=bound.hour, minutes=bound.minute, seconds=bound.second) - since
            if 0 <= ahead.total_seconds() * 1000 < step:
                found.add(at + round(ahead.total_seconds() * 1000))
    return found


def agent_timeline(facts, period, now, by="employee"):
    """§1.1.5: asked for hours of the day, it tells of the time that lies in them, and nothing of the rest."""
    begin, end, zone = period.begin, period.end, period.zone
    works = defaultdict(list)
    for call in facts.calls:
        if call.answered is not None:
            for leg in call.legs:
                if leg.answered is not None and leg.outcome == "answered":
                    works[call.who(leg)].append(Work(call, leg))
    states = defaultdict(list)
    for told in facts.presence:
        until = min(end, now) if told["to"] is None else millis(told["to"])
        states[told["employee"], told["state"]].append((millis(told["from"]), until))

    rows = defaultdict(Time)
    marks = set(borders(begin, end, zone)) | clock_borders(period) | {begin, end}
    for spans in states.values():
        marks |= {at for span in spans for at in span}
    for work in (w for one in works.values() for w in one):
        marks |= {work.begin, work.end}
    marks = sorted(m for m in marks if begin <= m <= end)
    pieces = [(a, b) for a, b in zip(marks, marks[1:]) if a in period]
    for a, b in pieces:
        day, hour = f"{local(a, zone):%Y-%m-%d}", hour_of(a, zone)
        for who in {*works, *(w for w, _ in states)}:
            key = {"employee": who, "day": day, "hour": hour, "employee_day": f"{who}/{day}", "employee_hour": f"{who}/{hour}"}[by]
            on = [w for w in works[who] if w.begin <= a and b <= w.end]
            logged_in = any(x <= a and b <= y for x, y in states[who, "online"])
            paused = logged_in and any(x <= a and b <= y for x, y in states[who, "pause"])
            for row in (key, "total"):
                if on or logged_in:
                    rows[row].add(a, b, on, logged_in, paused)
    rows["total"]
    spans = defaultdict(int)
    for a, b in pieces:
        spans[f"{local(a, zone):%Y-%m-%d}"] += b - a
        spans[hour_of(a, zone)] += b - a

    def length(key):
        return sum(b - a for a, b in pieces) if key == "total" or by == "employee" else spans[key.split("/")[-1]]
    return {key: row.told(length(key)) for key, row in rows.items()}


class Time:
    def __init__(self):
        self.talk = self.internal = self.logged_in = self.paused = self.at_work = 0
        self.has_presence = False
        self.on = defaultdict(set)  # moment: calls that are on from then

    def add(self, a, b, on, logged_in, paused):
        for work in on:
            if work.is_internal:
                self.internal += b - a
            else:
                self.talk += b - a
            self.on[a].add(work.call.id)
        if logged_in:
            self.has_presence = True
            self.logged_in += b - a
            self.at_work += (b - a) * len(on)
            self.paused += (b - a) if paused else 0

    def told(self, length):
        return {"talk_s": seconds(self.talk), "internal_s": seconds(self.internal), "busy_s": seconds(self.talk + self.internal),
                "erlangs": (self.talk + self.internal) / length if length else None, "peak": max(map(len, self.on.values()), default=0),
                "logged_in_s": seconds(self.logged_in) if self.has_presence else None,
                "paused_s": seconds(self.paused) if self.has_presence else None,
                "occupancy": share(self.at_work, self.logged_in - self.paused), "utilisation": share(self.at_work, self.logged_in)}


# --- §8.8

def waits(agents, load):
    """P_wait = C(n, A), by the sum of the textbook."""
    top = load ** agents / math.factorial(agents) * agents / (agents - load)
    return top / (sum(load ** k / math.factorial(k) for k in range(agents)) + top)


def service(agents, load, aht_s, threshold_s):
    wait = waits(agents, load)
    return wait, 1 - wait * math.exp(-(agents - load) * threshold_s / aht_s), wait * aht_s / (agents - load), load / agents


def staffing(facts, period, interval_min="30", by_weekday=False, threshold_s=20, goal=80):
    offered = [c for c in facts.external if c.started in period and c.direction == "in" and c.offered is not None]
    days = days_of(period)
    days[0] = sum(days.values())
    size = int(interval_min)

    def place(call):
        at = local(call.started, period.zone)
        minute = (at.hour * 60 + at.minute) // size * size
        return at.isoweekday() if by_weekday else 0, f"{minute // 60:02}:{minute % 60:02}"

    def handling(calls):
        answered = [c for c in calls if c.answered is not None]
        talks = [leg.ended - leg.answered for c in answered for leg in c.legs if leg.answered is not None]
        return sum(talks) / 1000 / len(answered) if answered else None

    rows = {}
    for weekday, time in {place(c) for c in offered}:
        calls = [c for c in offered if place(c) == (weekday, time)]
        aht = handling(calls)
        aht = handling(offered) or 0 if aht is None else aht
        per_interval = len(calls) / days[weekday]
        load = per_interval * aht / (size * 60)
        agents, told = 0, (0, 1, 0, 0)
        if load > 0:
            agents = math.floor(load) + 1
            while (told := service(agents, load, aht, threshold_s))[1] < goal / 100:
                agents += 1
        rows[f"{weekday}/{time}" if by_weekday else time] = {
            "calls": len(calls), "calls_per_interval": per_interval, "aht_s": aht, "erlangs": load, "agents": agents,
            "wait_probability": 100 * told[0], "service_level": 100 * told[1], "asa_s": told[2], "occupancy": 100 * told[3]}
    rows["total"] = {"calls": len(offered), "aht_s": handling(offered)}
    return rows
