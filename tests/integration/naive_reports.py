"""What metrics §4–§8 say of the other reports, in the plainest words: facts in, {row key: {column: figure}} out.

Written from the definitions and not from the engine, as naive_calls.py is. Times are milliseconds inside, seconds in
what is told. A rate or a mean of nothing is None.
"""
import datetime
import zoneinfo
from collections import defaultdict

from naive_calls import NOBODY

DAY = 86_400_000


def seconds(ms):
    return None if ms is None else ms / 1000


def mean(values):
    values = list(values)
    return sum(values) / len(values) if values else None


def share(part, whole):
    return 100 * part / whole if whole else None


def nearest_rank(values, percent):
    """The value whose place among the sorted ones is the smallest at or above `percent` of them."""
    values = sorted(values)
    return values[-(-len(values) * percent // 100) - 1] if values else None


def local(ms, zone):
    return datetime.datetime.fromtimestamp(ms / 1000, zoneinfo.ZoneInfo(zone))


def of_period(facts, period):
    return [c for c in facts.external if c.started in period]


def days_of(period):
    """{weekday: how many of the period}."""
    days = defaultdict(int)
    day = local(period.begin, period.zone).date()
    while day <= local(period.end - 1, period.zone).date():
        days[day.isoweekday()] += period.has_day(day)
        day += datetime.timedelta(1)
    return days


def belongs_to(facts, who, department):
    """§1.8.1; "-": in none at all."""
    departments = facts.departments.get(who, ())
    return department is None or (not departments if department == NOBODY else department in departments)


def grouped(calls, key_of):
    rows = defaultdict(list)
    for call in calls:
        rows[key_of(call)].append(call)
    rows["total"] = list(calls)
    return rows


# --- §4.3, §8.9

def lost_cause(call, short_s=5):
    by_client = call.hung_up_by == "client"
    if by_client and call.queue_wait <= short_s * 1000:
        return "short"
    if by_client and call.offered is None:
        return "ivr_drop"
    if call.finish_reason in ("limit", "finance", "security"):
        return "refused"
    if call.finish_reason in ("network", "technical", "not_configured"):
        return "fault"
    tried = [leg.outcome for leg in call.legs]
    if tried and all(o in ("unavailable", "no_staff") for o in tried):
        return "no_staff"
    if any(o in ("no_answer", "cancelled", "rejected", "elsewhere") for o in tried):
        return "not_picked_up"
    return "all_busy" if "busy" in tried or call.queues else "unknown"


def lost_calls(facts, period, by="finish_reason", ivr_only="include", callback_within=None):
    def key(call):
        return {"finish_reason": call.finish_reason, "lost_cause": lost_cause(call), "line": call.line or NOBODY,
                "employee": call.tried()[0], "hour": f"{local(call.started, period.zone).hour:02}"}[by]
    lost = [c for c in of_period(facts, period) if c.is_missed]
    if ivr_only == "exclude":
        lost = [c for c in lost if not (c.offered is None and c.hung_up_by == "client")]
    return {k: {"calls": len(row), "share": share(len(row), len(lost)),
                "called_back": sum(facts.is_called_back(c, callback_within) for c in row),
                "average_wait_s": seconds(mean(c.wait for c in row))} for k, row in grouped(lost, key).items()}


# --- §5.1

def employee_efficiency(facts, period, department=None, long_talk_s=30, unique_gap_days=None):
    def is_unique(call):
        if call.direction != "in" or call.contact is None:
            return False
        before = [c.started for c in facts.external if c.contact == call.contact and c.direction == "in" and c.started < call.started]
        return not before or (unique_gap_days is not None and max(before) < call.started - unique_gap_days * DAY)

    calls = of_period(facts, period)
    unique_of_company = sum(is_unique(c) for c in calls)
    rows = defaultdict(list)  # (call, the employee's talk, whether the first who answered or dialled)
    for call in calls:
        first = call.credited("first")[0][0]
        shares = [(who, talk) for who, _, talk in call.credited("each") if belongs_to(facts, who, department)]
        for who, talk in shares:
            rows[who].append((call, talk, who == first))
        if shares:
            rows["total"].append((call, sum(t for _, t in shares), any(who == first for who, _ in shares)))
    rows.setdefault("total", [])

    def told(row):
        inbound = [(c, first) for c, _, first in row if c.direction == "in" and c.answered is not None]
        dialled = [c for c, _, first in row if c.direction == "out" and first]
        talks = [talk for c, talk, _ in row if c.answered is not None]
        return {"accepted": len(inbound), "unique_accepted": sum(first and is_unique(c) for c, first in inbound),
                "unique_in_period": unique_of_company, "average_wait_s": seconds(mean(c.wait for c, first in inbound if first)),
                "outgoing": len(dialled), "unique_numbers": len({c.number for c in dialled}),
                "long_talks": sum(c.talk > long_talk_s * 1000 for c in dialled),
                "talk_s": seconds(sum(talks)), "average_talk_s": seconds(mean(talks))}
    return {key: told(row) for key, row in rows.items()}


# --- §8.1, §8.2

class Entry:
    """A call as a whole, or one entry to a queue."""

    def __init__(self, call, leg=None):
        self.answered = call.answered is not None if leg is None else leg.outcome == "answered"
        self.abandoned = (call.is_missed and call.hung_up_by == "client") if leg is None else leg.outcome == "abandoned"
        self.wait = call.queue_wait if leg is None else (leg.ended if leg.answered is None else leg.answered) - leg.started


def service_level(facts, period, by="day", threshold_s=20, sl_variant="less_short", short_abandon_s=5):
    calls = [c for c in of_period(facts, period) if c.direction == "in" and c.offered is not None]
    rows = defaultdict(list)
    for call in calls:
        rows["total"].append(Entry(call))
        if by == "queue":
            for leg in call.queues:
                rows[leg.name].append(Entry(call, leg))
            if not call.queues:
                rows[NOBODY].append(Entry(call))
        else:
            at = local(call.started, period.zone)
            rows[{"day": f"{at:%Y-%m-%d}", "hour": f"{at.hour:02}", "weekday": str(at.isoweekday())}[by]].append(Entry(call))
    rows.setdefault("total", [])

    def told(row):
        answered, abandoned = [e for e in row if e.answered], [e for e in row if e.abandoned]
        short = [e for e in abandoned if e.wait <= short_abandon_s * 1000]
        soon = sum(e.wait <= threshold_s * 1000 for e in answered)
        below = {"less_short": len(row) - len(short), "of_offered": len(row), "of_answered": len(answered),
                 "answered_and_abandoned": len(answered) + len(abandoned), "early_forgiven": len(row)}[sl_variant]
        above = soon + (sum(e.wait <= threshold_s * 1000 for e in abandoned) if sl_variant == "early_forgiven" else 0)
        return {"offered": len(row), "answered": len(answered), "abandoned": len(abandoned), "short": len(short),
                f"within_{threshold_s}": soon, f"sl_{threshold_s}": share(above, below),
                "asa_s": seconds(mean(e.wait for e in answered)), "ata_s": seconds(mean(e.wait for e in abandoned)),
                "abandon_rate": share(len(abandoned) - len(short), len(row) - len(short)),
                "longest_wait_s": seconds(max((e.wait for e in row), default=None)),
                "p90_wait_s": seconds(nearest_rank([e.wait for e in row], 90)),
                "answered_10_15": sum(10_000 <= e.wait < 15_000 for e in answered),
                "abandoned_0_5": sum(e.wait < 5000 for e in abandoned)}
    return {key: told(row) for key, row in rows.items()}


# --- §8.3

def heat_map(facts, period, direction="in", per="period"):
    calls = [c for c in of_period(facts, period) if direction in ("all", c.direction)]
    days = days_of(period)

    def key(call):
        at = local(call.started, period.zone)
        return f"{at.isoweekday()}/{at.hour:02}"

    def told(key, row):
        missed = sum(c.is_missed for c in row)
        cells = {"calls": len(row), "missed": missed, "missed_share": share(missed, len(row)),
                 "average_wait_s": seconds(mean(c.wait for c in row if c.direction == "in"))}
        if per == "day":
            count = sum(days.values()) if key == "total" else days[int(key[0])]
            cells["calls_per_day"] = len(row) / count if row else None
        return cells
    return {k: told(k, row) for k, row in grouped(calls, key).items()}


# --- §8.4

def callback_speed(facts, period, within_min=(5, 60), department=None):
    rows = defaultdict(list)
    by_contact = defaultdict(list)
    for call in facts.external:
        if call.contact is not None:
            by_contact[call.contact].append(call)
    for calls in by_contact.values():
        talks = [c for c in calls if c.answered is not None]
        misses = [c for c in calls if c.is_missed and c.is_target and c.number is not None]
        for n, miss in enumerate(misses):
            earlier = misses[:n]
            if any(not any(m.ended <= t.answered <= miss.started for t in talks) for m in earlier):
                continue  # goes on with an episode that began before
            if miss.started not in period or not belongs_to(facts, miss.tried()[0], department):
                continue
            talk = min((t for t in talks if t.answered >= miss.ended), key=lambda t: t.answered, default=None)
            tries = [c.started for c in calls if c.direction == "out" and c.started >= miss.ended]
            attempt = min(tries, default=None)
            if talk is not None and attempt is not None and attempt > talk.answered:
                attempt = None
            episode = (miss, attempt, talk)
            rows[miss.tried()[0]].append(episode)
            rows["total"].append(episode)
    rows.setdefault("total", [])

    def told(row):
        to_talk = [t.answered - m.ended for m, _, t in row if t is not None]
        cells = {"episodes": len(row), "attempted": sum(a is not None for _, a, _ in row), "contacted": len(to_talk),
                 "by_us": sum(t is not None and t.direction == "out" for _, _, t in row),
                 "by_client": sum(t is not None and t.direction == "in" for _, _, t in row),
                 "still_open": sum(t is None for _, _, t in row),
                 "median_contact_s": seconds(nearest_rank(to_talk, 50))}
        for minutes in within_min:
            cells[f"attempt_within_{minutes}"] = share(
                sum(a is not None and a - m.ended <= minutes * 60_000 for m, a, _ in row), len(row))
            cells[f"contact_within_{minutes}"] = share(sum(d <= minutes * 60_000 for d in to_talk), len(row))
        return cells
    return {key: told(row) for key, row in rows.items()}


# --- §8.5

def frequent_callers(facts, period, repeat_days):
    """Contacts with three inbound calls in so many days; the calls of each such three that began in the period."""
    rows = {}
    inbound = [c for c in facts.external if c.direction == "in" and c.is_target and c.contact is not None]
    for contact in {c.contact for c in inbound}:
        own = [c for c in inbound if c.contact == contact]
        threes = [three for three in zip(own, own[1:], own[2:]) if three[2].started - three[0].started <= repeat_days * DAY]
        row = [c for c in own if c.started in period and any(c in three for three in threes)]
        if row:
            rows[contact] = row
    rows["total"] = [c for row in rows.values() for c in row]
    return {key: {"calls": len(row), "answered": sum(c.answered is not None for c in row)} for key, row in rows.items()}


def repeat_calls(facts, period, now, repeat_days=7, credit="last", show="fcr"):
    if show == "callers":
        return frequent_callers(facts, period, repeat_days)
    calls = [c for c in of_period(facts, period)
             if c.direction == "in" and c.answered is not None and c.is_target and c.contact is not None]

    def fate(call):
        if call.ended + repeat_days * DAY > now:
            return "pending"
        again = any(c.contact == call.contact and c.direction == "in" and call.ended < c.started <= call.ended + repeat_days * DAY
                    for c in facts.external)
        return "repeated" if again else "resolved"

    def told(row):
        fates = [fate(c) for c in row]
        resolved, repeated = fates.count("resolved"), fates.count("repeated")
        return {"calls": len(row), "resolved": resolved, "repeated": repeated, "pending": fates.count("pending"),
                "fcr": share(resolved, resolved + repeated)}
    return {k: told(row) for k, row in grouped(calls, lambda c: c.credited(credit)[0][0]).items()}


# --- §6

def leads(facts, period, key, date="created"):
    def time(lead, name):
        return None if lead.get(name) is None else round(datetime.datetime.fromisoformat(lead[name]).timestamp() * 1000)

    def is_in(lead, *names):
        return any(time(lead, n) in period for n in names)

    if date == "converted":
        of_time, order, sale = ["created_at", "order_at", "sale_at"], lambda l: is_in(l, "order_at"), lambda l: is_in(l, "sale_at")
    else:
        of_time = ["created_at"] if date == "created" else ["closed_at"]
        order, sale = lambda l: l.get("order_at") is not None, lambda l: l.get("sale_at") is not None
    taken = [lead for lead in facts.leads if is_in(lead, *of_time)]

    def told(row):
        counted = [l for l in row if date != "converted" or is_in(l, "created_at")]
        converted = sum(order(l) or sale(l) for l in row)
        return {"leads": len(counted), "orders": sum(map(order, row)), "sales": sum(map(sale, row)), "converted": converted,
                "conversion": share(converted, len(counted))}
    return {k: told(row) for k, row in grouped(taken, lambda l: l.get(key) or NOBODY).items()}
