"""What an import added to a store, as rows that can be put into the store as it was."""
import sqlite3

# Each table's rows in the order in which the calls came.
OF_CALL = "(SELECT started_ms FROM after.calls c WHERE c.id = t.{})"
ORDER = {
    "meta": "t.key",
    "journal": "t.seq",
    "call_refs": "t.ref",
    "calls": "t.started_ms, t.id",
    "call_aliases": OF_CALL.format("call") + ", t.alias",
    "call_legs": OF_CALL.format("call") + ", t.call, t.n",
    "call_credits": OF_CALL.format("call") + ", t.call, t.n",
    "call_tags": OF_CALL.format("call") + ", t.call, t.tag",
    "contacts": "t.made_ms, t.id",
    "contact_names": "(SELECT made_ms FROM after.contacts c WHERE c.id = t.contact), t.name",
    "inquiries": "t.at_ms, t.id",
    "leads": "t.created_ms, t.id",
    "tasks": "t.created_ms, t.id",
    "outbox": "(SELECT made_ms FROM after.contacts c WHERE c.id = t.contact), t.contact, t.rank, t.id",
}
MADE_BY_TRIGGERS = {"fact_changes"}


def of_import(before, after, into):
    """{table: number of rows}; `into` is a new file."""
    db = sqlite3.connect(into)
    db.execute("ATTACH ? AS before", (str(before),))
    db.execute("ATTACH ? AS after", (str(after),))
    counts = {}
    names = [name for (name,) in db.execute("SELECT name FROM after.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")]
    for name in names:
        if name in MADE_BY_TRIGGERS:
            continue
        keys = [row[1] for row in sorted(db.execute(f"PRAGMA after.table_info({name})"), key=lambda row: row[5]) if row[5]]
        same = " AND ".join(f"b.{key} = t.{key}" for key in keys)
        new = f"FROM after.{name} t WHERE NOT EXISTS (SELECT 1 FROM before.{name} b WHERE {same})"
        if db.execute(f"SELECT 1 {new} LIMIT 1").fetchone() is None:
            continue
        if name not in ORDER:
            raise SystemExit(f"ingest: rows came to {name}, whose order nobody told")
        db.execute(f"CREATE TABLE {name} AS SELECT t.* {new} ORDER BY {ORDER[name]}")
        counts[name] = db.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
    db.commit()
    db.close()
    return counts
