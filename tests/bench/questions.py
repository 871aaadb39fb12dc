"""What is asked: reports, and the same in the words of every peer.

A peer is asked in each way that may be its best (plain conditions, or grouped by all that is asked first), and its
fastest counts. Peers have numbers only (engine_data's facts.tsv): employee "m7" is mgr 7, nobody is 0.
"""
import datetime
import json
import pathlib
from dataclasses import dataclass, field
from typing import Callable

# Columns of facts.tsv. Milliseconds; dir 0 in, 1 out, 2 internal; outcome 0 answered, 1 missed. own_ms: what of the talk
# was mgr's; mgr2, talk2_ms: to whom the call was passed on, 0 for nobody, and what was theirs.
COLUMNS = [("id", "INTEGER"), ("at_ms", "BIGINT"), ("dir", "TINYINT"), ("outcome", "TINYINT"), ("mgr", "TINYINT"),
           ("ext", "SMALLINT"), ("line", "TINYINT"), ("contact", "INTEGER"), ("wait_ms", "INTEGER"), ("talk_ms", "INTEGER"),
           ("target", "TINYINT"), ("gap_ms", "BIGINT"), ("back", "TINYINT"), ("lead", "TINYINT"), ("in_work", "TINYINT"),
           ("dept", "TINYINT"), ("own_ms", "INTEGER"), ("mgr2", "TINYINT"), ("talk2_ms", "INTEGER"), ("stage", "TINYINT")]
# Of leads, in the order of their numbers from 1 on.
STAGES = ("inbox", "check", "selection", "booking", "deal", "done", "refused", "deferred", "non_target")

# What is asked; the store is in the folder of the config.
CONFIG = pathlib.Path(__file__).with_name("hookline.yaml").read_text()

YEAR = ("2025-01-01", "2025-12-31")
MONTH = ("2025-06-01", "2025-06-30")
ANY_PERIOD = ("2025-02-03T10:17:23", "2025-11-20T15:41:09")
MIDNIGHT_MS = 1735689600000  # of the first day


@dataclass(frozen=True)
class Words:
    """How an engine says it best; `rows` is a condition."""
    count: Callable[[str], str]
    sum_of: Callable[[str, str], str]       # a value of some rows
    distinct: Callable[[str], str]          # contacts of some rows
    whole: Callable[[str, int], str]        # a division that drops the rest
    can_group_first: bool = True            # False: never faster
    has_windows: bool = True


ALL = "1=1"


def or_all(count):
    return lambda rows: "count(*)" if rows == ALL else count(rows)


SQLITE = Words(or_all(lambda rows: f"sum({rows})"), lambda value, rows: f"sum({value}) FILTER (WHERE {rows})",
               lambda rows: f"count(DISTINCT CASE WHEN {rows} THEN contact END)", lambda value, by: f"({value})/{by}",
               can_group_first=False)
DUCKDB = Words(or_all(lambda rows: f"count_if({rows})"), lambda value, rows: f"sum({value}) FILTER (WHERE {rows})",
               lambda rows: f"count(DISTINCT contact) FILTER (WHERE {rows})", lambda value, by: f"({value})//{by}")
POSTGRES = Words(or_all(lambda rows: f"count(*) FILTER (WHERE {rows})"),
                 lambda value, rows: f"sum({value}) FILTER (WHERE {rows})",
                 lambda rows: f"count(DISTINCT contact) FILTER (WHERE {rows})", lambda value, by: f"({value})/{by}")
CLICKHOUSE = Words(or_all(lambda rows: f"countIf({rows})"), lambda value, rows: f"sumIf({value}, {rows})",
                   lambda rows: f"uniqExactIf(contact, {rows})", lambda value, by: f"intDiv({value}, {by})",
                   has_windows=False)  # not in Debian's 18.16


def ms_of(text, is_end=False):
    at = datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.timezone.utc)
    if is_end and len(text) == len("2025-12-31"):
        at += datetime.timedelta(days=1)  # a date counts whole
    return int(at.timestamp() * 1000)


def calls_of(period):
    return f"dir<2 AND at_ms>={ms_of(period[0])} AND at_ms<{ms_of(period[1], True)}"


# What the measures of calls-by-manager count, in their order after the minutes.
FIRST = "contact>0 AND gap_ms<0"
MEASURES = [("calls", ALL), ("out", "dir=1"), ("in", "dir=0"), ("target", "target=1"), ("target_out", "target=1 AND dir=1"),
            ("target_in", "target=1 AND dir=0"), ("first_unique_target", "{first} AND target=1"),
            ("target_missed", "outcome=1 AND target=1"), ("target_called_back", "outcome=1 AND target=1 AND back=1"),
            ("called_back", "outcome=1 AND back=1"), ("leads", "lead=1"), ("leads_by_missed", "lead=1 AND outcome=1 AND target=1"),
            ("leads_in_work", "in_work=1")]


def by_manager(words, period, keys="mgr", where="", measures=MEASURES, asked="dir, outcome, target, back, lead, in_work"):
    """`asked`: what the measures ask of a call; it groups first where that is faster."""
    counts = ", ".join(words.count(rows.format(first=FIRST)) for _, rows in measures)
    calls = f"FROM facts WHERE {calls_of(period)}{where}"
    spellings = [f"SELECT {keys}, sum(talk_ms), {counts} {calls} GROUP BY {keys}"]
    if words.can_group_first:
        sums = ", ".join("sum(n)" if rows == ALL else words.sum_of("n", rows.format(first="is_first=1")) for _, rows in measures)
        groups = (f"SELECT {keys}, {asked}, CASE WHEN {FIRST} THEN 1 ELSE 0 END AS is_first, count(*) AS n, sum(talk_ms) AS talk "
                  f"{calls} GROUP BY {keys}, {asked}, is_first")
        spellings.append(f"SELECT {keys}, sum(talk), {sums} FROM ({groups}) AS grouped GROUP BY {keys}")
    return spellings


# A lead is one that has a stage; its stage tells whether it is in work.
STAGE_MEASURES = ([(name, rows.replace("lead=1", "stage>0").replace("in_work=1", "stage BETWEEN 2 AND 6"))
                   for name, rows in MEASURES] + [(name, f"stage={number + 1}") for number, name in enumerate(STAGES)])


def by_stages(words, period):
    return by_manager(words, period, measures=STAGE_MEASURES, asked="dir, outcome, target, back, stage")


def first_calls(words, period):
    """What is only known from the contact's other calls, found by the question itself."""
    counts = ", ".join(words.count(rows.replace("{first} AND ", "")) for _, rows in MEASURES)
    # The first by time, then by id: both in one number.
    place = f"(at_ms-{MIDNIGHT_MS})*268435456+id"
    firsts = f"SELECT min({place})%268435456 FROM facts WHERE dir<2 AND contact>0 GROUP BY contact"
    spellings = [f"SELECT mgr, sum(talk_ms), {counts} FROM facts WHERE {calls_of(period)} AND id IN ({firsts}) GROUP BY mgr"]
    if words.has_windows:
        known = ("SELECT *, lag(at_ms) OVER (PARTITION BY contact ORDER BY at_ms, id) AS before "
                 "FROM facts WHERE dir<2 AND contact>0")
        spellings.append(f"SELECT mgr, sum(talk_ms), {counts} FROM ({known}) AS known WHERE {calls_of(period)} AND before IS NULL "
                         "GROUP BY mgr")
    return spellings


def by_each_manager(words, period):
    """calls-by-manager, a call once for every employee who talked."""
    counts = [words.count(rows.format(first=FIRST)) for _, rows in MEASURES]
    calls = calls_of(period)
    together = " UNION ALL ".join(
        f"SELECT {who} AS who, sum({own}) AS talk, " + ", ".join(f"{count} AS n{i}" for i, count in enumerate(counts))
        + f" FROM facts WHERE {calls}{but} GROUP BY {who}" for who, own, but in (("mgr", "own_ms", ""), ("mgr2", "talk2_ms", " AND mgr2>0")))
    sums = ", ".join(f"sum(n{i})" for i in range(len(counts)))
    return [f"SELECT who, sum(talk), {sums} FROM ({together}) AS parts GROUP BY who"]


def efficiency(words, period):
    count, total, distinct = words.count, words.sum_of, words.distinct
    accepted, long_talk = "dir=0 AND outcome=0", "dir=1 AND talk_ms>30000"
    calls = f"FROM facts WHERE {calls_of(period)}"
    by_contact = (f"SELECT dept, contact, {count(accepted)} AS accepted, {count('dir=0')} AS inbound, {count('dir=1')} AS outgoing, "
                  f"{count(long_talk)} AS long_talks, sum(talk_ms) AS talk, {total('wait_ms', accepted)} AS waited "
                  f"{calls} GROUP BY dept, contact")
    return [f"SELECT dept, {count(accepted)}, {distinct(accepted)}, {distinct('dir=0')}, {count('dir=1')}, {distinct('dir=1')}, "
            f"{count(long_talk)}, sum(talk_ms), {total('wait_ms', accepted)} {calls} GROUP BY dept",
            f"SELECT dept, sum(accepted), {count('accepted>0')}, {count('inbound>0')}, sum(outgoing), {count('outgoing>0')}, "
            f"sum(long_talks), sum(talk), sum(waited) FROM ({by_contact}) AS contacts GROUP BY dept"]


def callers(words, period):
    calls = f"FROM facts WHERE {calls_of(period)}"
    pairs = f"SELECT mgr, contact, {words.count('dir=0')} AS n {calls} GROUP BY mgr, contact"
    return [f"SELECT mgr, {words.distinct('dir=0')} {calls} GROUP BY mgr",
            f"SELECT mgr, {words.count('n>0')} FROM ({pairs}) AS pairs GROUP BY mgr"]


def of_shares(words, period, counted, distinct):
    """Each call once for every employee who talked. `counted`: by a name, which calls are counted, and whether of who was
    first alone; `distinct`: the same of contacts."""
    calls = calls_of(period)
    names = [*counted, *distinct]
    firsts = ", ".join([f"{words.count(rows)} AS {name}" for name, (rows, _) in counted.items()]
                       + [f"{words.distinct(rows)} AS {name}" for name, rows in distinct.items()])
    seconds = ", ".join([f"0 AS {name}" if is_of_first else f"{words.count(rows)} AS {name}"
                         for name, (rows, is_of_first) in counted.items()] + [f"0 AS {name}" for name in distinct])
    sums = ", ".join(f"sum({name})" for name in names)
    together = (f"SELECT mgr, {firsts}, sum(own_ms) AS talk FROM facts WHERE {calls} GROUP BY mgr UNION ALL "
                f"SELECT mgr2 AS mgr, {seconds}, sum(talk2_ms) AS talk FROM facts WHERE {calls} AND mgr2>0 GROUP BY mgr2")
    columns = "at_ms, dir, outcome, contact, wait_ms, talk_ms"
    shares = (f"SELECT mgr, 1 AS is_first, own_ms AS own, {columns} FROM facts UNION ALL "
              f"SELECT mgr2 AS mgr, 0 AS is_first, talk2_ms AS own, {columns} FROM facts WHERE mgr2>0")
    each = ", ".join([words.count(f"{rows} AND is_first=1" if is_of_first else rows) for rows, is_of_first in counted.values()]
                     + [words.distinct(f"{rows} AND is_first=1") for rows in distinct.values()])
    return [f"SELECT mgr, {sums}, sum(talk) FROM ({together}) AS parts GROUP BY mgr",
            f"SELECT mgr, {each}, sum(own) FROM ({shares}) AS shares WHERE {calls} GROUP BY mgr"]


ACCEPTED = ("dir=0 AND outcome=0", False)


def shared(words, period):
    return of_shares(words, period, {"accepted": ACCEPTED, "outgoing": ("dir=1", True)}, {"dialled": "dir=1"})


def employee_efficiency(words, period):
    return of_shares(words, period, {"accepted": ACCEPTED, "firsts": ("dir=0 AND outcome=0 AND contact>0", True),
                                     "outgoing": ("dir=1", True), "long_talks": ("dir=1 AND talk_ms>30000", True)}, {})


def weekday(words):
    return f"({words.whole('at_ms', 86400000)}+3)%7+1"


def heat(words, period):
    return [f"SELECT {weekday(words)} AS day, {words.whole('at_ms', 3600000)}%24 AS hour, count(*), {words.count('outcome=1')}, "
            f"{words.count('outcome=0 AND wait_ms<=20000')} FROM facts WHERE {calls_of(period)} AND dir=0 GROUP BY day, hour"]


def thresholds(words, period):
    return [f"SELECT line, {weekday(words)} AS day, {words.count('wait_ms>25000')}, {words.count('talk_ms>100000')}, "
            f"{words.sum_of('talk_ms', 'talk_ms>wait_ms*3')}, sum({words.whole('talk_ms+59999', 60000)}) "
            f"FROM facts WHERE {calls_of(period)} GROUP BY line, day"]


def newest(_words, period):
    return [f"SELECT id FROM facts WHERE {calls_of(period)} AND mgr=7 AND outcome=1 AND target=1 ORDER BY at_ms DESC, id LIMIT 100"]


def number_of(part):
    """What a peer has for a part of a key: m7, d3, +74950000012, 12."""
    return 0 if part == "-" else int(part.removeprefix("+7495").lstrip("md"))


def figures(*names):
    """Rows of a report's JSON: numbers of the key, then those figures; nothing summed is 0."""
    def rows(text):
        return sorted((*map(number_of, row["key"].split("/")), *(row["cells"][name] or 0 for name in names))
                      for row in json.loads(text)["rows"])
    return rows


def heat_figures(text):
    def level(row):
        return row["parts"].get("service_level", [0])[0]
    return sorted((*map(number_of, row["key"].split("/")), row["cells"]["calls"], row["cells"]["missed"], level(row))
                  for row in json.loads(text)["rows"])


def ids(text):
    return [(int(json.loads(line)["id"].removeprefix("pbx:")),) for line in text.splitlines()]


def in_units(*columns):
    """Peers add up milliseconds; at these places the report has whole units of so many."""
    units = dict(columns)
    return lambda rows: sorted(tuple(cell // units.get(place, 1) for place, cell in enumerate(row)) for row in rows)


@dataclass(frozen=True)
class Question:
    title: str
    report: str
    period: tuple
    spellings: Callable[[Words, tuple], list]
    ours: Callable[[bytes], list]
    theirs: Callable[[list], list] = sorted
    options: tuple = ()
    where: str = ""
    figure: str = ""                            # the newest 100 rows behind it
    is_with_text: bool = False                  # else which rows they are, as peers tell no more
    targets: dict = field(default_factory=dict)  # how many times faster than each peer
    ways: tuple = ("cubes",)                    # that it may be answered by
    bytes_a_call: float = 0                     # read at most, when asked again; of few contacts
    reads_contacts: bool = False                # their codes take a byte more past 65 534, and past 16 million

    def of(self, hookline):
        """How long it took, and the answer."""
        if self.figure:
            spent, text = hookline.rows_behind(self.report, self.period, self.figure, 100)
            if not self.is_with_text:
                spent = hookline.find_rows_behind(self.report, self.period, self.figure, 100)
            return spent, text
        return hookline.run(self.report, self.period, self.options, self.where)

    def bytes_at_most(self, calls):
        contacts = calls // 4 if self.reads_contacts else 0
        return calls * (self.bytes_a_call + sum(contacts > most for most in (65_534, 16_777_214)))

    def work(self, hookline):
        return hookline.explain(self.report, self.period, self.options, self.where)


def targets(duckdb=None, clickhouse=None, postgres=None, sqlite=None):
    given = {"DuckDB": duckdb, "ClickHouse": clickhouse, "PostgreSQL": postgres, "SQLite": sqlite}
    return {name: times for name, times in given.items() if times}


MANAGERS = figures("minutes", *(name for name, _ in MEASURES))
BY_STAGE = figures("minutes", *(name for name, _ in STAGE_MEASURES))
LINES = (1, 3, 5, 7, 9, 11)
NUMBERS = ", ".join(f"'+7495{n:07}'" for n in LINES)
# A condition of the question itself keeps it from cubes, be it one that every call meets.
SCAN = {"where": "talk_s >= 0", "ours": MANAGERS, "theirs": in_units((1, 60000)), "ways": ("classes",), "bytes_a_call": 3.7}
# Other thresholds than the definition's own, which nothing is prepared for.
THRESHOLDS = {"wait_s": 25, "talk_s": 100, "times": 3}


QUESTIONS = [
    Question("calls-by-manager by scan, month", "calls-by-manager", MONTH, by_manager, **SCAN),
    Question("calls-by-manager by scan, year", "calls-by-manager", YEAR, by_manager, **SCAN,
             targets=targets(duckdb=25, clickhouse=40, postgres=120, sqlite=1500)),
    Question("the same with leads by stage, 23 columns", "by-stages", YEAR, by_stages, **SCAN | {"ours": BY_STAGE},
             targets=targets(duckdb=25, clickhouse=40, postgres=120, sqlite=1500)),
    Question("the same from cubes, year", "by-stages", YEAR, by_stages, BY_STAGE, in_units((1, 60000)),
             targets=targets(duckdb=200), bytes_a_call=11),
    Question("calls-by-manager from cubes, year", "calls-by-manager", YEAR, by_manager, MANAGERS, in_units((1, 60000)),
             targets=targets(duckdb=200), bytes_a_call=4),
    Question("the same, any period", "calls-by-manager", ANY_PERIOD, by_manager, MANAGERS, in_units((1, 60000)),
             targets=targets(duckdb=200), ways=("cubes", "classes"), bytes_a_call=6),
    Question("by manager and extension, year", "calls-by-manager", YEAR,
             lambda words, period: by_manager(words, period, "mgr, ext"), MANAGERS, in_units((2, 60000)),
             options=("by_extension=true",), bytes_a_call=8),
    Question("with a filter on line and wait, year", "calls-by-manager", YEAR,
             lambda words, period: by_manager(words, period, where=f" AND line IN {LINES} AND wait_ms>5000"), MANAGERS,
             in_units((1, 60000)), where=f"line in ({NUMBERS}) and wait_s > 5", ways=("classes",), bytes_a_call=5.5,
             targets=targets(duckdb=12, clickhouse=30, postgres=60)),
    Question("first calls, nothing precomputed, year", "calls-by-manager", YEAR, first_calls, MANAGERS, in_units((1, 60000)),
             options=("first_call=true",), bytes_a_call=4, targets=targets(duckdb=40, clickhouse=100, postgres=300)),
    Question("efficiency, three exact distincts, year", "efficiency", YEAR, efficiency,
             figures("accepted", "unique_accepted", "unique_in_period", "outgoing", "unique_dialled", "long_talks", "talk_s",
                     "waited_s"), in_units((7, 1000), (8, 1000)), ways=("classes",), bytes_a_call=6,
             reads_contacts=True, targets=targets(duckdb=20, clickhouse=15, postgres=80, sqlite=300)),
    Question("distinct callers of 120 managers, year", "callers", YEAR, callers, figures("callers"), ways=("classes",),
             bytes_a_call=3.7, reads_contacts=True, targets=targets(duckdb=3, clickhouse=3, postgres=25)),
    Question("employee-efficiency, credit each, year", "employee-efficiency", YEAR, employee_efficiency,
             figures("accepted", "unique_accepted", "outgoing", "long_talks", "talk_s"), in_units((5, 1000)), ways=("classes",),
             bytes_a_call=8),
    Question("work of each who talked, one distinct, year", "shared", YEAR, shared,
             figures("accepted", "outgoing", "dialled", "talk_s"), in_units((4, 1000)), ways=("classes",), bytes_a_call=9,
             reads_contacts=True),
    Question("calls-by-manager, credit each, year", "calls-by-manager", YEAR, by_each_manager, MANAGERS, in_units((1, 60000)),
             options=("credit=each",), bytes_a_call=7),
    Question("newest 100 of a cell: which rows, month", "calls-by-manager", MONTH, newest, ids, list,
             figure="m7:target_missed", targets=targets(duckdb=25, clickhouse=100, postgres=80, sqlite=200)),
    Question("the same, and their text (of peers: ids)", "calls-by-manager", MONTH, newest, ids, list,
             figure="m7:target_missed", is_with_text=True),
    Question("heat map with service level, year", "heat-map", YEAR, heat, heat_figures, bytes_a_call=1.3,
             targets=targets(duckdb=30, clickhouse=50, postgres=200, sqlite=800)),
    Question("custom, counts and sums over options, year", "thresholds", YEAR, thresholds,
             figures("long_waits", "long_talks", "worth_s", "minutes"), in_units((4, 1000)), ways=("classes", "columns"),
             options=tuple(f"{name}={value}" for name, value in THRESHOLDS.items()),
             bytes_a_call=4.6, targets=targets(duckdb=5)),
]
