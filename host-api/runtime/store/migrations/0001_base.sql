-- The store of release 1.0. Once released this file is never edited.
-- Times are milliseconds since the epoch, UTC; durations milliseconds; null is
-- "not known". Words are those of the canonical records.

CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- What happened, in the order it became durable. The only truth: everything
-- below but `records`' own history can be made again from it and the config.
CREATE TABLE journal(
  seq INTEGER PRIMARY KEY,
  source TEXT NOT NULL,
  event_id TEXT NOT NULL,
  kind TEXT NOT NULL,            -- event, record, decision
  pbx TEXT NOT NULL,             -- '' for records
  ref TEXT NOT NULL,             -- call reference of an event; '' for the source itself and for records
  at_ms INTEGER NOT NULL,
  received_ms INTEGER NOT NULL,
  history INTEGER NOT NULL DEFAULT 0,
  body TEXT NOT NULL,            -- JSON
  UNIQUE(source, event_id));
CREATE INDEX journal_of_ref ON journal(pbx, ref);

-- References of a PBX that name one call: all with one root.
CREATE TABLE call_refs(pbx TEXT NOT NULL, ref TEXT NOT NULL, root TEXT NOT NULL, PRIMARY KEY(pbx, ref)) WITHOUT ROWID;
CREATE INDEX call_refs_of_root ON call_refs(pbx, root);

-- Canonical records as told, the version that holds.
CREATE TABLE records(
  type TEXT NOT NULL, id TEXT NOT NULL,
  updated_ms INTEGER, deleted_ms INTEGER, is_history INTEGER NOT NULL DEFAULT 0,
  anchor TEXT NOT NULL,              -- what it hangs on: contact:c1, call:…, inquiry:…, lead:…, number:+7…, visitor:…; or ''
  seq INTEGER NOT NULL,              -- journal
  body TEXT NOT NULL,
  PRIMARY KEY(type, id)) WITHOUT ROWID;
CREATE INDEX records_of_anchor ON records(anchor) WHERE anchor <> '';

CREATE TABLE calls(
  id TEXT PRIMARY KEY, pbx TEXT NOT NULL, root TEXT NOT NULL,
  source TEXT NOT NULL, direction TEXT NOT NULL, call_type TEXT, request TEXT,
  client_number TEXT, client_name TEXT, line TEXT,
  started_ms INTEGER, offered_ms INTEGER, answered_ms INTEGER, ended_ms INTEGER,
  is_over INTEGER NOT NULL, is_history INTEGER NOT NULL, incomplete INTEGER NOT NULL,
  outcome TEXT, finish_reason TEXT, result TEXT, hung_up_by TEXT,
  wait_ms INTEGER, queue_wait_ms INTEGER, talk_ms INTEGER, connected_ms INTEGER, clean_talk_ms INTEGER,
  employee TEXT, extension TEXT, last_employee TEXT, last_extension TEXT, queue TEXT,
  rating INTEGER, contact TEXT, inquiry TEXT, lead TEXT, visit TEXT,
  -- what it is to reports
  quality TEXT, advertising INTEGER, is_counted INTEGER NOT NULL DEFAULT 0,
  gap_any_ms INTEGER, gap_inbound_ms INTEGER,
  called_back_ms INTEGER, called_back_by TEXT, called_back_direction TEXT, tried_back_ms INTEGER,
  made_lead TEXT,
  body TEXT NOT NULL,            -- as `hookline calls` prints it
  stored TEXT NOT NULL);         -- with what is only for the next folding
CREATE INDEX calls_by_time ON calls(started_ms, id);
CREATE INDEX calls_of_contact ON calls(contact) WHERE contact IS NOT NULL;
CREATE INDEX calls_of_root ON calls(pbx, root);
CREATE INDEX calls_of_number ON calls(client_number) WHERE client_number IS NOT NULL;
CREATE INDEX calls_open ON calls(pbx) WHERE is_over = 0;

-- Other names of a call, that every command takes.
CREATE TABLE call_aliases(alias TEXT PRIMARY KEY, call TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX call_aliases_of_call ON call_aliases(call);

CREATE TABLE call_legs(
  call TEXT NOT NULL, n INTEGER NOT NULL, kind TEXT, name TEXT, extension TEXT, employee TEXT,
  started_ms INTEGER, answered_ms INTEGER, ended_ms INTEGER, talk_ms INTEGER, outcome TEXT,
  PRIMARY KEY(call, n)) WITHOUT ROWID;

-- Who a call falls to when every employee with an answered leg counts
-- (`credit: each`, metrics §1.5.3): one row for each, or one of credit "first".
CREATE TABLE call_credits(
  call TEXT NOT NULL, n INTEGER NOT NULL, employee TEXT, extension TEXT, talk_ms INTEGER,
  is_first INTEGER NOT NULL, is_last INTEGER NOT NULL,
  PRIMARY KEY(call, n)) WITHOUT ROWID;

CREATE TABLE call_tags(call TEXT NOT NULL, tag TEXT NOT NULL, PRIMARY KEY(call, tag)) WITHOUT ROWID;

CREATE TABLE contacts(
  id TEXT PRIMARY KEY, name TEXT, merged_into TEXT, made_ms INTEGER,
  is_ours INTEGER NOT NULL DEFAULT 0,  -- 1: made from a number, e-mail or visitor; 0: told by a record
  body TEXT NOT NULL);
CREATE INDEX contacts_merged ON contacts(merged_into) WHERE merged_into IS NOT NULL;
CREATE TABLE contact_names(kind TEXT NOT NULL, name TEXT NOT NULL, contact TEXT NOT NULL,  -- number, email, visitor
  PRIMARY KEY(kind, name, contact)) WITHOUT ROWID;
CREATE INDEX contact_names_of_contact ON contact_names(contact);

CREATE TABLE inquiries(
  id TEXT PRIMARY KEY, kind TEXT NOT NULL, contact TEXT, call TEXT, at_ms INTEGER,
  number TEXT, email TEXT, text TEXT, visitor TEXT,
  taken_ms INTEGER, taken_by TEXT, taken_how TEXT, lead TEXT, ad_source TEXT, channel TEXT, object TEXT,
  quality TEXT, advertising INTEGER, why TEXT, by_hand INTEGER NOT NULL DEFAULT 0, direction TEXT, body TEXT NOT NULL);
CREATE INDEX inquiries_by_time ON inquiries(at_ms, id);
CREATE INDEX inquiries_of_contact ON inquiries(contact) WHERE contact IS NOT NULL;
CREATE INDEX inquiries_of_call ON inquiries(call) WHERE call IS NOT NULL;

CREATE TABLE leads(
  id TEXT PRIMARY KEY, contact TEXT, kind TEXT, title TEXT, note TEXT, funnel TEXT, stage TEXT,
  stage_groups TEXT NOT NULL DEFAULT '|',  -- '|in_work|'
  responsible TEXT, ad_source TEXT, object TEXT, created_ms INTEGER, created_by TEXT, creator TEXT, inquiry TEXT,
  call TEXT, order_ms INTEGER, sale_ms INTEGER, closed_ms INTEGER, merged_into TEXT, amount INTEGER, currency TEXT,
  is_deleted INTEGER NOT NULL DEFAULT 0, is_ours INTEGER NOT NULL DEFAULT 0, body TEXT NOT NULL);
CREATE INDEX leads_by_time ON leads(created_ms, id);
CREATE INDEX leads_of_contact ON leads(contact) WHERE contact IS NOT NULL;

-- Whom a distribution chose for a lead: made once, journalled, repeated by a rebuild.
CREATE TABLE choices(
  n INTEGER PRIMARY KEY,  -- in the order they were made
  lead TEXT NOT NULL UNIQUE, inquiry TEXT NOT NULL, step TEXT NOT NULL, employee TEXT NOT NULL);
CREATE INDEX choices_of_inquiry ON choices(inquiry);
CREATE INDEX choices_of_employee ON choices(employee);
CREATE INDEX leads_of_call ON leads(call) WHERE call IS NOT NULL;
CREATE INDEX leads_of_responsible ON leads(responsible) WHERE responsible IS NOT NULL;

CREATE TABLE tasks(
  id TEXT PRIMARY KEY, kind TEXT, rule TEXT, key TEXT, title TEXT, contact TEXT, lead TEXT, call TEXT,
  assignee TEXT, created_ms INTEGER, deadline_ms INTEGER, done_ms INTEGER, done_by TEXT, done_call TEXT,
  state TEXT NOT NULL, why TEXT, is_ours INTEGER NOT NULL DEFAULT 0, body TEXT NOT NULL);
CREATE INDEX tasks_by_time ON tasks(created_ms, id);
CREATE INDEX tasks_of_call ON tasks(call) WHERE call IS NOT NULL;
CREATE INDEX tasks_of_contact ON tasks(contact) WHERE contact IS NOT NULL;

-- What the CRM is to be told: one row for each entity with its latest state.
-- A state that was told is remembered by its hash, so nothing is told twice.
CREATE TABLE outbox(
  entity TEXT NOT NULL, id TEXT NOT NULL, contact TEXT NOT NULL DEFAULT '',
  rank INTEGER NOT NULL,             -- contact before lead before task
  body TEXT NOT NULL, hash TEXT NOT NULL, told_hash TEXT,
  crm_id TEXT, attempts INTEGER NOT NULL DEFAULT 0, next_ms INTEGER NOT NULL DEFAULT 0,
  is_dead INTEGER NOT NULL DEFAULT 0, last_error TEXT,
  is_fixed INTEGER NOT NULL DEFAULT 0,  -- a lead or task that changed rules no longer ask for: told, so it stays
  PRIMARY KEY(entity, id)) WITHOUT ROWID;
CREATE INDEX outbox_due ON outbox(next_ms) WHERE is_dead = 0;

-- Ids that the CRM gave, beside ours; both are taken everywhere.
CREATE TABLE crm_ids(entity TEXT NOT NULL, crm_id TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY(entity, crm_id)) WITHOUT ROWID;
