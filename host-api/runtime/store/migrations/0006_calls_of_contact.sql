-- A contact's calls in the order of time, so that the one before and the one after are found without
-- reading the others: a contact can have many thousands.
DROP INDEX calls_of_contact;
CREATE INDEX calls_of_contact ON calls(contact, started_ms) WHERE contact IS NOT NULL;
