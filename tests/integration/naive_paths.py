"""What metrics §5.2 and §8.10 say of paths and of whom a conversion is owed to, in the plainest words.

Written from the definitions and not from the plugins; credit by the chain is found by taking each channel out and
solving anew, in fractions.
"""
from collections import Counter, defaultdict
from fractions import Fraction

NONE = "(none)"
DAY = 86_400_000


class Conversion:
    def __init__(self, call, path):
        self.call, self.path = call, path  # path: [(step, at)]


def step(visit):
    return "/".join(part for part in visit[1:] if part) or "direct"


def conversions_of(facts, window, conversions, collapse, restart_after_conversion):
    """Of all times, by contact; calls of nobody each apart."""
    found = defaultdict(list)
    for call in facts.external:
        if call.direction != "in":
            continue
        earlier = [c for c in facts.external if c.contact == call.contact and c.direction == "in" and c.started < call.started]
        if conversions == "unique" and (call.contact is None or earlier):
            continue
        key = call.id if call.contact is None else call.contact
        before = found[key][-1].call.started if found[key] else None
        path = []
        for visit in facts.visits.get(call.contact, ()) if call.contact is not None else ():
            if not call.started - window * DAY <= visit[0] <= call.started:
                continue
            if restart_after_conversion and before is not None and visit[0] <= before:
                continue
            if collapse and path and path[-1][0] == step(visit):
                continue
            path.append((step(visit), visit[0]))
        if not path and call.line in facts.step_of_line:
            path = [(facts.step_of_line[call.line], call.started)]
        found[key].append(Conversion(call, path))
    return found


def text(path):
    runs = []
    for name, _ in path:
        if runs and runs[-1][0] == name:
            runs[-1][1] += 1
        else:
            runs.append([name, 1])
    return " > ".join(name if n == 1 else f"{name} ×{n}" for name, n in runs) or NONE


def sequences(facts, period, window=30, conversions="calls", collapse=False, restart_after_conversion=False):
    taken = [c for row in conversions_of(facts, window, conversions, collapse, restart_after_conversion).values() for c in row
             if c.call.started in period]
    rows = defaultdict(list)
    for conversion in taken:
        rows[text(conversion.path)].append(conversion)
    rows["total"] = taken

    def told(row):
        days = [(c.call.started - c.path[0][1]) / DAY for c in row if c.path]
        return {"conversions": len(row), "share": 100 * len(row) / len(taken) if taken else None,
                "contacts": len({c.call.contact for c in row if c.call.contact is not None}),
                "average_days": sum(days) / len(days) if days else None}
    return {key: told(row) for key, row in rows.items()}


def weights(model, path, at, half_life):
    n = len(path)
    if model == "linear":
        return [1 / n] * n
    if model == "position":
        return [1 / n] * n if n < 3 else [0.4] + [0.2 / (n - 2)] * (n - 2) + [0.4]
    if model == "decay":
        raw = [2 ** (-(at - seen) / (half_life * DAY)) for _, seen in path]
        return [w / sum(raw) for w in raw]
    chosen = 0 if model == "first" else n - 1
    if model == "last_non_direct":
        real = [i for i, (name, _) in enumerate(path) if name.split("/")[0] != "direct"]
        chosen = real[-1] if real else n - 1
    return [1.0 if i == chosen else 0.0 for i in range(n)]


def chance(moves, without=None):
    """Of coming from the start to a conversion, with a channel leading nowhere."""
    states = sorted({a for a, _ in moves} - {without})
    leaves = defaultdict(int)
    for (a, _), often in moves.items():
        leaves[a] += often
    rows = []
    for state in states:  # x[state] - sum p x[next] = p(conversion)
        row = [Fraction(int(s == state)) for s in states] + [Fraction(0)]
        for (a, b), often in moves.items():
            if a != state or b == without:
                continue
            if b == "conversion":
                row[-1] += Fraction(often, leaves[a])
            elif b in states:
                row[states.index(b)] -= Fraction(often, leaves[a])
        rows.append(row)
    for i in range(len(states)):
        pivot = next(r for r in range(i, len(rows)) if rows[r][i] != 0)
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [v / rows[i][i] for v in rows[i]]
        for r in range(len(rows)):
            if r != i and rows[r][i] != 0:
                rows[r] = [v - rows[r][i] * w for v, w in zip(rows[r], rows[i])]
    return rows[states.index("start")][-1] if "start" in states else Fraction(0)


def markov(paths):
    """[(steps, whether it converts)] to {channel: credit}."""
    moves, converted = Counter(), 0
    for steps, is_converted in paths:
        if not steps:
            continue
        way = ["start", *steps, "conversion" if is_converted else "nowhere"]
        moves.update(zip(way, way[1:]))
        converted += is_converted
    whole = chance(moves)
    effects = {name: 1 - chance(moves, name) / whole for name in {a for a, _ in moves} - {"start"}} if whole else {}
    return {name: float(converted * effect / sum(effects.values())) for name, effect in effects.items()}


def attribution(facts, period, window=30, conversions="calls", half_life=7, collapse=False, restart_after_conversion=False):
    of_contact = conversions_of(facts, window, conversions, collapse, restart_after_conversion)
    taken, paths = [], []
    for row in of_contact.values():
        taken += [c for c in row if c.call.started in period]
    paths += [([name for name, _ in c.path], True) for c in taken if c.path]
    for contact, visits in facts.visits.items():
        last = of_contact[contact][-1].call.started if of_contact.get(contact) else None
        steps = []
        for visit in visits:
            if period.begin <= visit[0] < period.end and (last is None or visit[0] > last) and not (collapse and steps and steps[-1] == step(visit)):
                steps.append(step(visit))
        paths.append((steps, False))
    rows = defaultdict(lambda: defaultdict(float))
    models = ("first", "last", "last_non_direct", "linear", "position", "decay")
    for conversion in taken:
        for model in models:
            if not conversion.path:
                rows[NONE][model] += 1
                continue
            for (name, _), weight in zip(conversion.path, weights(model, conversion.path, conversion.call.started, half_life)):
                rows[name][model] += weight
        if not conversion.path:
            rows[NONE]["markov"] += 1
    for name, credit in markov(paths).items():
        if credit > 0:
            rows[name]["markov"] += credit
    told = {name: {model: row[model] for model in (*models, "markov")} for name, row in rows.items()}
    told["total"] = {model: len(taken) for model in (*models, "markov")}
    return told
