-- Ids and words are TEXT, instants are microseconds UTC, dates are ISO, money is in hundred-thousandths, flags are 0 or 1.
-- The same tables stand in sqlite/0001_first_crossing.sql, but for record_key and its indexes, and the key of history; what else
-- differs there is the triggers.

-- Words that SQLite has and PostgreSQL has not, so that most statements need one text only. All texts have the collation "C",
-- which is SQLite's, whatever the cluster's is: nothing here is sorted for a language, and ids are compared by their bytes.
-- The function is folded into the statement, which spares a planning of its own at each call. The condition, which every
-- parameter meets, has the planner expect one row: believing in a hundred, it reads a whole table to find the one record of
-- a message set.
CREATE FUNCTION jsonb_each(json TEXT) RETURNS TABLE (value JSONB) LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS 'SELECT value FROM jsonb_array_elements(CAST($1 AS JSONB)) AS each (value) WHERE jsonb_typeof(value) = ''object''';
CREATE FUNCTION unhex(hex TEXT) RETURNS BYTEA LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT decode($1, ''hex'')';
-- What a step of a visit writes as a transaction of its own is given up where it rests on what is no longer so.
CREATE FUNCTION exactly(expected BIGINT, touched BIGINT) RETURNS BIGINT LANGUAGE plpgsql AS $$
BEGIN
    IF touched <> expected THEN
        RAISE EXCEPTION 'touched % rows instead of %', touched, expected USING ERRCODE = 'BF001';
    END IF;
    RETURN touched;
END $$;

CREATE TABLE organization (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL,
    created_us BIGINT NOT NULL
);

CREATE TABLE company (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    organization_id TEXT COLLATE "C" NOT NULL REFERENCES organization (id),
    name TEXT COLLATE "C" NOT NULL,
    settings TEXT COLLATE "C" NOT NULL,
    books TEXT COLLATE "C",
    sync_enabled_at_us BIGINT,
    user_name TEXT COLLATE "C" NOT NULL UNIQUE,
    password_hash BYTEA NOT NULL,
    owner_id TEXT COLLATE "C" NOT NULL,
    file_id TEXT COLLATE "C" NOT NULL,
    created_us BIGINT NOT NULL,
    last_heard_us BIGINT,
    -- When a Web Connector last came with this user name and a wrong password.
    last_refused_us BIGINT,
    -- Whether a name of the application's was ever mapped; a visit does not look for mappings otherwise.
    has_mappings BIGINT NOT NULL DEFAULT 0 CHECK (has_mappings IN (0, 1)),
    -- Whether anybody ever wanted an entry created; likewise.
    has_wanted_entries BIGINT NOT NULL DEFAULT 0 CHECK (has_wanted_entries IN (0, 1)),
    -- Counts how often the database, or the books, went back to an earlier time; records created before the last time are
    -- looked for in QuickBooks before they are added there.
    epoch BIGINT NOT NULL DEFAULT 0,
    epoch_started_us BIGINT,
    -- When what was submitted is compared with QuickBooks again, or goes on being compared; NULL before the lists are read.
    reconcile_due_us BIGINT,
    -- What was submitted before went to other books.
    books_since_us BIGINT NOT NULL DEFAULT 0,
    CHECK ((epoch = 0) = (epoch_started_us IS NULL))
);

-- What everybody at a company's pages is told until it is over or somebody has taken note. Kept afterwards.
CREATE TABLE notice (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    company_id TEXT COLLATE "C" NOT NULL REFERENCES company (id),
    kind TEXT COLLATE "C" NOT NULL,
    detail TEXT COLLATE "C" NOT NULL,
    first_us BIGINT NOT NULL,
    last_us BIGINT NOT NULL,
    times BIGINT NOT NULL,
    closed_us BIGINT,
    closed_by TEXT COLLATE "C",
    CHECK ((closed_us IS NULL) = (closed_by IS NULL))
);
CREATE UNIQUE INDEX notice_open ON notice (company_id, kind) WHERE closed_us IS NULL;
CREATE INDEX notice_company ON notice (company_id, seq);

CREATE TABLE person (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    organization_id TEXT COLLATE "C" NOT NULL REFERENCES organization (id),
    company_id TEXT COLLATE "C" REFERENCES company (id),
    email TEXT COLLATE "C" NOT NULL UNIQUE,
    role TEXT COLLATE "C" NOT NULL CHECK (role IN ('admin', 'bookkeeper', 'viewer')),
    password_hash TEXT COLLATE "C" NOT NULL,
    created_us BIGINT NOT NULL,
    disabled_us BIGINT,
    last_sign_in_us BIGINT,
    -- How often at most the person is told by e-mail what waits; NULL is never.
    mail_every TEXT COLLATE "C" CHECK (mail_every IN ('hour', 'day')),
    -- How the person wants the pages to look, as JSON.
    layout TEXT COLLATE "C"
);

-- Who let whom do what; the people are named as they were then.
CREATE TABLE person_deed (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization_id TEXT COLLATE "C" NOT NULL REFERENCES organization (id),
    person_id TEXT COLLATE "C" NOT NULL REFERENCES person (id),
    email TEXT COLLATE "C" NOT NULL,
    at_us BIGINT NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    deed TEXT COLLATE "C" NOT NULL CHECK (deed IN ('role', 'disabled', 'enabled')),
    from_role TEXT COLLATE "C" NOT NULL,
    to_role TEXT COLLATE "C" NOT NULL
);
CREATE INDEX person_deed_organization ON person_deed (organization_id, at_us, seq);

-- Who added the company, enabled its sync and changed its rules.
CREATE TABLE company_deed (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    company_id TEXT COLLATE "C" NOT NULL REFERENCES company (id),
    at_us BIGINT NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    deed TEXT COLLATE "C" NOT NULL CHECK (deed IN ('added', 'sync_enabled', 'settings', 'password')),
    detail TEXT COLLATE "C" NOT NULL
);
CREATE INDEX company_deed_company ON company_deed (company_id, at_us, seq);

CREATE TABLE saved_view (
    person_id TEXT COLLATE "C" NOT NULL REFERENCES person (id),
    company_id TEXT COLLATE "C" NOT NULL REFERENCES company (id),
    name TEXT COLLATE "C" NOT NULL,
    query TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (person_id, company_id, name)
);

-- What a person moved last in a company, for taking it back.
CREATE TABLE last_move (
    person_id TEXT COLLATE "C" NOT NULL REFERENCES person (id),
    company_id TEXT COLLATE "C" NOT NULL REFERENCES company (id),
    deed TEXT COLLATE "C" NOT NULL,
    at_us BIGINT NOT NULL,
    record_count BIGINT NOT NULL,
    PRIMARY KEY (person_id, company_id)
);

CREATE TABLE web_session (
    id_hash BYTEA NOT NULL PRIMARY KEY,
    person_id TEXT COLLATE "C" NOT NULL REFERENCES person (id),
    created_us BIGINT NOT NULL,
    last_used_us BIGINT NOT NULL,
    expires_us BIGINT NOT NULL
);
CREATE INDEX web_session_expires ON web_session (expires_us);

CREATE TABLE api_key (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    company_id TEXT COLLATE "C" NOT NULL REFERENCES company (id),
    hash BYTEA NOT NULL UNIQUE,
    name TEXT COLLATE "C" NOT NULL,
    read_only BIGINT NOT NULL CHECK (read_only IN (0, 1)),
    created_us BIGINT NOT NULL,
    last_used_us BIGINT
);

-- What is told to people who do not look: written before it is sent, and each once. The recipient is a person's id, or empty
-- for the company's webhooks, which find it here.
CREATE TABLE digest (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    company_id TEXT COLLATE "C" NOT NULL REFERENCES company (id),
    recipient TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('records_wait', 'connector_silent', 'other_books')),
    -- Up to which line of history it tells, or which notice.
    until_seq BIGINT NOT NULL,
    detail TEXT COLLATE "C" NOT NULL,
    made_us BIGINT NOT NULL,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('due', 'sending', 'sent', 'lost')),
    -- When it is sent; while it is being sent, until when that may take.
    due_us BIGINT NOT NULL,
    tries BIGINT NOT NULL DEFAULT 0,
    trouble TEXT COLLATE "C",
    UNIQUE (company_id, recipient, kind, until_seq)
);
CREATE INDEX digest_open ON digest (due_us) WHERE state IN ('due', 'sending');
CREATE INDEX digest_webhooks ON digest (company_id, seq) WHERE recipient = '';

-- Where a company's events are delivered, each endpoint in order. The secret signs what is sent, so it is kept as it is.
CREATE TABLE webhook (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    company_id TEXT COLLATE "C" NOT NULL REFERENCES company (id),
    url TEXT COLLATE "C" NOT NULL,
    secret BYTEA NOT NULL,
    created_us BIGINT NOT NULL,
    created_by TEXT COLLATE "C" NOT NULL,
    -- The last line of history and the last digest that the endpoint took, and when.
    delivered_seq BIGINT NOT NULL,
    delivered_digest_seq BIGINT NOT NULL,
    delivered_us BIGINT,
    due_us BIGINT NOT NULL,
    -- Until when one server has it to itself.
    claimed_until_us BIGINT,
    failing_since_us BIGINT,
    failure_count BIGINT NOT NULL DEFAULT 0,
    trouble TEXT COLLATE "C",
    off_us BIGINT,
    UNIQUE (company_id, url),
    CHECK ((failing_since_us IS NULL) = (failure_count = 0))
);

CREATE TABLE record (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id TEXT COLLATE "C" NOT NULL UNIQUE,
    company_id TEXT COLLATE "C" NOT NULL REFERENCES company (id),
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('invoice', 'payment')),
    external_id TEXT COLLATE "C" NOT NULL,
    number TEXT COLLATE "C" NOT NULL,
    number_key TEXT COLLATE "C" NOT NULL,
    customer TEXT COLLATE "C" NOT NULL,
    date TEXT COLLATE "C" NOT NULL,
    amount_e5 BIGINT NOT NULL,
    currency TEXT COLLATE "C" NOT NULL,
    search TEXT COLLATE "C" NOT NULL,
    created_at_us BIGINT NOT NULL,
    handed_over_us BIGINT NOT NULL,
    changed_us BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    status TEXT COLLATE "C" NOT NULL CHECK (status IN ('unsent', 'ready_to_sync', 'sending', 'unconfirmed', 'submitted',
                                           'needs_attention', 'excluded', 'held_back')),
    errand TEXT COLLATE "C" CHECK (errand IN ('add', 'mod', 'void')),
    attention TEXT COLLATE "C" CHECK (attention IN ('error', 'unconfirmed', 'updated', 'voided', 'differs', 'gone')),
    meanwhile TEXT COLLATE "C" CHECK (meanwhile IN ('revised', 'voided')),
    cause_code TEXT COLLATE "C",
    cause_text TEXT COLLATE "C",
    cause_detail TEXT COLLATE "C",
    txn_id TEXT COLLATE "C",
    edit_sequence TEXT COLLATE "C",
    posted_revision BIGINT,
    sent_revision BIGINT,
    attempt_count BIGINT NOT NULL,
    available_at_us BIGINT NOT NULL,
    blockers BIGINT NOT NULL,
    warning TEXT COLLATE "C",
    postponed_because TEXT COLLATE "C",
    -- Whether QuickBooks was asked about this revision while it was held back.
    older_asked BIGINT NOT NULL DEFAULT 0 CHECK (older_asked IN (0, 1)),
    version BIGINT NOT NULL,
    CHECK ((status = 'needs_attention') = (attention IS NOT NULL))
);
CREATE INDEX record_claim ON record (company_id, kind, seq, available_at_us)
    WHERE status = 'ready_to_sync' AND blockers = 0;
-- Every move of a record writes to each of these indexes; the orders that no move changes are those of record_key. With the
-- amount, the sums of a span of days are read from the index alone.
CREATE INDEX record_grid ON record (company_id, kind, status, date, seq, amount_e5);
CREATE INDEX record_changed ON record (company_id, kind, changed_us, seq, status);
-- What QuickBooks has of records that wait for somebody is read by a visit.
CREATE INDEX record_standing ON record (company_id, seq) WHERE status = 'needs_attention' AND txn_id IS NOT NULL;
-- What is submitted stays so, and most is: in these orders it is not found by walking past all that came in since.
CREATE INDEX record_submitted_number ON record (company_id, kind, number_key, seq) WHERE status = 'submitted';
CREATE INDEX record_submitted_created ON record (company_id, kind, created_at_us, seq) WHERE status = 'submitted';
CREATE INDEX record_txn ON record (txn_id, company_id) WHERE txn_id IS NOT NULL;
-- What QuickBooks has yet to be asked about.
CREATE INDEX record_older ON record (company_id, seq) WHERE status = 'held_back' AND older_asked = 0;
CREATE INDEX record_attention ON record (company_id, attention, cause_code, seq) WHERE status = 'needs_attention';

CREATE TABLE revision (
    record_id TEXT COLLATE "C" NOT NULL REFERENCES record (id),
    number BIGINT NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    content_hash BYTEA NOT NULL,
    voided BIGINT NOT NULL CHECK (voided IN (0, 1)),
    created_us BIGINT NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    -- Whether a person corrected it here, and not the application.
    made_here BIGINT NOT NULL DEFAULT 0 CHECK (made_here IN (0, 1)),
    PRIMARY KEY (record_id, number)
);

-- How a record stood before a person mended it, for taking that back until something else happens to it. A later mending
-- takes the place of an earlier one.
CREATE TABLE mending (
    record_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES record (id),
    company_id TEXT COLLATE "C" NOT NULL REFERENCES company (id),
    at_us BIGINT NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    deed TEXT COLLATE "C" NOT NULL,
    -- The record's version afterwards.
    version BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    state TEXT COLLATE "C" NOT NULL
);
CREATE INDEX mending_at ON mending (company_id, at_us);

-- Whose business a record is, and until when it is out of the way: as long as its version is the one it was put off at.
CREATE TABLE care (
    record_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES record (id),
    company_id TEXT COLLATE "C" NOT NULL REFERENCES company (id),
    assignee TEXT COLLATE "C",
    snoozed_until_us BIGINT,
    snoozed_version BIGINT,
    CHECK ((snoozed_until_us IS NULL) = (snoozed_version IS NULL))
);
CREATE INDEX care_snoozed ON care (company_id, snoozed_until_us) WHERE snoozed_until_us IS NOT NULL;

-- Entries that a person wants created, though the company does not let Bookferry create such by itself.
CREATE TABLE wanted_entry (
    company_id TEXT COLLATE "C" NOT NULL REFERENCES company (id),
    list TEXT COLLATE "C" NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    wanted_us BIGINT NOT NULL,
    wanted_by TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (company_id, list, name_key)
);

-- A document as it stood in QuickBooks when a visit last looked, as JSON.
CREATE TABLE standing (
    record_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES record (id),
    company_id TEXT COLLATE "C" NOT NULL REFERENCES company (id),
    content TEXT COLLATE "C" NOT NULL,
    read_us BIGINT NOT NULL,
    -- The record's version when it was read: another means that something has happened since.
    version BIGINT NOT NULL
);

-- Where a person says that a record is in QuickBooks already: the next visit looks there. What it found, if that was not it.
CREATE TABLE sought (
    record_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES record (id),
    company_id TEXT COLLATE "C" NOT NULL REFERENCES company (id),
    place TEXT COLLATE "C" NOT NULL CHECK (place IN ('txn_id', 'number')),
    text TEXT COLLATE "C" NOT NULL,
    asked_us BIGINT NOT NULL,
    asked_by TEXT COLLATE "C" NOT NULL,
    answered_us BIGINT,
    answer TEXT COLLATE "C",
    CHECK ((answered_us IS NULL) = (answer IS NULL))
);
CREATE INDEX sought_open ON sought (company_id, record_id) WHERE answered_us IS NULL;

-- Which invoices a payment goes to, by its newest revision.
CREATE TABLE application (
    payment_id TEXT COLLATE "C" NOT NULL REFERENCES record (id),
    position BIGINT NOT NULL,
    company_id TEXT COLLATE "C" NOT NULL REFERENCES company (id),
    invoice_external_id TEXT COLLATE "C" NOT NULL,
    amount_e5 BIGINT NOT NULL,
    PRIMARY KEY (payment_id, position)
);
CREATE INDEX application_invoice ON application (company_id, invoice_external_id);

CREATE TABLE history (
    seq BIGINT GENERATED ALWAYS AS IDENTITY,
    -- The record's, and its company. Whoever writes a line has just written the record, which is never deleted and keeps its id;
    -- looking it up once more was a third of the price of a line.
    company_id TEXT COLLATE "C" NOT NULL,
    record_id TEXT COLLATE "C" NOT NULL,
    at_us BIGINT NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    from_where TEXT COLLATE "C" NOT NULL,
    event TEXT COLLATE "C" NOT NULL,
    from_status TEXT COLLATE "C",
    to_status TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C",
    -- The number alone is one of a kind as well; an index for that would be written to by each line and read by nobody.
    PRIMARY KEY (company_id, seq)
);
CREATE INDEX history_record ON history (record_id, seq);
-- What came to wait for a person, of which digests tell.
CREATE INDEX history_attention ON history (company_id, seq)
    WHERE to_status = 'needs_attention' AND from_status <> 'needs_attention';
-- What people did, which is little beside what visits do: by day, and by person.
CREATE INDEX history_day ON history (company_id, at_us, seq) WHERE from_where = 'sync_manager';
CREATE INDEX history_person ON history (company_id, actor, at_us, seq) WHERE from_where = 'sync_manager';

-- Each seal covers the lines after the one before it, and that one's hash; number 0 is not stored.
CREATE TABLE history_seal (
    company_id TEXT COLLATE "C" NOT NULL REFERENCES company (id),
    number BIGINT NOT NULL,
    until_seq BIGINT NOT NULL,
    line_count BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    sealed_us BIGINT NOT NULL,
    PRIMARY KEY (company_id, number)
);

CREATE TABLE visit (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id TEXT COLLATE "C" NOT NULL UNIQUE,
    company_id TEXT COLLATE "C" NOT NULL REFERENCES company (id),
    ticket_hash BYTEA NOT NULL UNIQUE,
    session TEXT COLLATE "C" NOT NULL,
    client TEXT COLLATE "C" NOT NULL,
    opened_us BIGINT NOT NULL,
    last_call_us BIGINT NOT NULL,
    closed_us BIGINT,
    outcome TEXT COLLATE "C",
    trouble TEXT COLLATE "C",
    message_set_count BIGINT NOT NULL,
    sent_count BIGINT NOT NULL,
    submitted_count BIGINT NOT NULL,
    attention_count BIGINT NOT NULL
);
-- One visit a company.
CREATE UNIQUE INDEX visit_open ON visit (company_id) WHERE closed_us IS NULL;
CREATE INDEX visit_company ON visit (company_id, seq);

CREATE TABLE message_set (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id TEXT COLLATE "C" NOT NULL UNIQUE,
    company_id TEXT COLLATE "C" NOT NULL REFERENCES company (id),
    visit_id TEXT COLLATE "C" NOT NULL REFERENCES visit (id),
    message_set_id TEXT COLLATE "C" NOT NULL UNIQUE,
    exchange BIGINT NOT NULL,
    request_xml TEXT COLLATE "C" NOT NULL,
    purposes TEXT COLLATE "C" NOT NULL,
    is_write BIGINT NOT NULL CHECK (is_write IN (0, 1)),
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('sent', 'unsettled', 'settled', 'abandoned')),
    sent_us BIGINT NOT NULL,
    answered_us BIGINT,
    response_xml TEXT COLLATE "C",
    visits_in_doubt BIGINT NOT NULL DEFAULT 0,
    late_asks BIGINT NOT NULL DEFAULT 0,
    breakdown TEXT COLLATE "C",
    UNIQUE (visit_id, exchange)
);
-- PostgreSQL's own compression takes several times as long as lz4 for the long texts, which some builds do not have.
DO $$
BEGIN
    EXECUTE 'ALTER TABLE message_set ALTER COLUMN request_xml SET COMPRESSION lz4,
        ALTER COLUMN response_xml SET COMPRESSION lz4, ALTER COLUMN purposes SET COMPRESSION lz4';
EXCEPTION WHEN feature_not_supported OR syntax_error THEN
    RAISE NOTICE 'message sets are compressed by PostgreSQL''s own method, since it has no lz4';
END $$;
CREATE INDEX message_set_open ON message_set (company_id, seq) WHERE state IN ('sent', 'unsettled');

CREATE TABLE attempt (
    -- Whoever writes an attempt writes its message set and its record in the same statement, and neither is ever deleted: see
    -- message_set_stays and record_stays. Looking both up once more was a twentieth of the price of a record in a large set.
    message_set_key TEXT COLLATE "C" NOT NULL,
    record_id TEXT COLLATE "C" NOT NULL,
    revision BIGINT NOT NULL,
    request_id TEXT COLLATE "C" NOT NULL,
    errand TEXT COLLATE "C" NOT NULL CHECK (errand IN ('add', 'mod', 'void')),
    sent_us BIGINT NOT NULL,
    settled_us BIGINT,
    outcome TEXT COLLATE "C",
    status_code BIGINT,
    status_message TEXT COLLATE "C",
    txn_id TEXT COLLATE "C",
    PRIMARY KEY (message_set_key, record_id)
);
CREATE INDEX attempt_record ON attempt (record_id, sent_us);

CREATE TABLE list_entry (
    company_id TEXT COLLATE "C" NOT NULL REFERENCES company (id),
    list TEXT COLLATE "C" NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL,
    full_name TEXT COLLATE "C" NOT NULL,
    list_id TEXT COLLATE "C",
    is_active BIGINT NOT NULL CHECK (is_active IN (0, 1)),
    knowledge TEXT COLLATE "C" NOT NULL CHECK (knowledge IN ('present', 'absent')),
    -- What else is known of it, as JSON: the kind of an item, and what of sales tax hangs on it.
    facts TEXT COLLATE "C",
    read_us BIGINT NOT NULL,
    visit_id TEXT COLLATE "C" NOT NULL REFERENCES visit (id),
    PRIMARY KEY (company_id, list, name_key),
    CHECK ((knowledge = 'present') = (list_id IS NOT NULL))
);

CREATE INDEX list_entry_id ON list_entry (company_id, list, list_id);

-- Names that QuickBooks had and has no more, by the ListID they had: what somebody renamed, merged or deleted there is not created
-- anew, unless a person wants it.
CREATE TABLE gone_entry (
    company_id TEXT COLLATE "C" NOT NULL REFERENCES company (id),
    list TEXT COLLATE "C" NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL,
    list_id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (company_id, list, name_key)
);

-- By what entries are found that may be like a name; list and mark are hashes. A mark may outlive its entry, and then leads nowhere.
CREATE TABLE list_entry_mark (
    list_key BIGINT NOT NULL,
    mark BIGINT NOT NULL,
    list_id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (list_key, mark, list_id)
);

-- How far each list is read; one without a row was never asked for.
CREATE TABLE list_reading (
    company_id TEXT COLLATE "C" NOT NULL REFERENCES company (id),
    list TEXT COLLATE "C" NOT NULL,
    due_us BIGINT NOT NULL,
    began_us BIGINT,
    part BIGINT,
    newest_change TEXT COLLATE "C",
    read_us BIGINT,
    trouble TEXT COLLATE "C",
    PRIMARY KEY (company_id, list)
);

-- Comparisons of what was submitted with what QuickBooks has; dates and times that are text are QuickBooks' own.
CREATE TABLE reconciliation (
    company_id TEXT COLLATE "C" NOT NULL REFERENCES company (id),
    number BIGINT NOT NULL,
    asked_by TEXT COLLATE "C" NOT NULL,
    asked_us BIGINT NOT NULL,
    since TEXT COLLATE "C",
    from_date TEXT COLLATE "C",
    position BIGINT NOT NULL,
    newest_change TEXT COLLATE "C",
    compared BIGINT NOT NULL,
    differing BIGINT NOT NULL,
    finished_us BIGINT,
    trouble TEXT COLLATE "C",
    PRIMARY KEY (company_id, number)
);
CREATE UNIQUE INDEX reconciliation_open ON reconciliation (company_id) WHERE finished_us IS NULL;

-- What QuickBooks had for a submitted record when a reconciliation last looked, of this revision. What was sent is NULL where it
-- was voided at the application's word, what is there where it is not there.
CREATE TABLE counterpart (
    record_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES record (id),
    company_id TEXT COLLATE "C" NOT NULL REFERENCES company (id),
    txn_id TEXT COLLATE "C" NOT NULL,
    revision BIGINT NOT NULL,
    edit_sequence TEXT COLLATE "C" NOT NULL,
    seen_us BIGINT NOT NULL,
    sent_e5 BIGINT,
    amount_e5 BIGINT,
    -- What is open of an invoice there, and how much of it our payments had paid by then.
    balance_e5 BIGINT,
    paid_here_e5 BIGINT NOT NULL,
    -- In words with commas between them; empty where it is as it was sent.
    differences TEXT COLLATE "C" NOT NULL
);
CREATE INDEX counterpart_company ON counterpart (company_id);

-- What pays submitted invoices in QuickBooks and is none of ours: of what was deleted QuickBooks does not say what it paid.
CREATE TABLE payer (
    company_id TEXT COLLATE "C" NOT NULL REFERENCES company (id),
    txn_id TEXT COLLATE "C" NOT NULL,
    invoice_txn_id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (company_id, txn_id, invoice_txn_id)
);
CREATE INDEX payer_invoice ON payer (company_id, invoice_txn_id);

-- What records name in QuickBooks' lists, each name once, as the application first wrote it. The key is that of the name as
-- QuickBooks would hold it.
CREATE TABLE record_name (
    company_id TEXT COLLATE "C" NOT NULL REFERENCES company (id),
    list TEXT COLLATE "C" NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    first_us BIGINT NOT NULL,
    PRIMARY KEY (company_id, list, name_key)
);

-- Which entry such a name stands for. It follows the entry's ListID; one that has none yet, since the company was bound to
-- other books, follows its name.
CREATE TABLE mapping (
    company_id TEXT COLLATE "C" NOT NULL REFERENCES company (id),
    list TEXT COLLATE "C" NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    list_id TEXT COLLATE "C",
    entry_key TEXT COLLATE "C" NOT NULL,
    full_name TEXT COLLATE "C" NOT NULL,
    chosen_us BIGINT NOT NULL,
    chosen_by TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (company_id, list, name_key)
);

-- What a mending said of names, for taking that back with its records: for a mapping, what the name stood for before, NULL where
-- it stood for itself; or that an entry is to be created.
CREATE TABLE taught (
    company_id TEXT COLLATE "C" NOT NULL REFERENCES company (id),
    at_us BIGINT NOT NULL,
    what TEXT COLLATE "C" NOT NULL CHECK (what IN ('mapping', 'wanted')),
    list TEXT COLLATE "C" NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C",
    list_id TEXT COLLATE "C",
    entry_key TEXT COLLATE "C",
    full_name TEXT COLLATE "C",
    chosen_us BIGINT,
    chosen_by TEXT COLLATE "C",
    PRIMARY KEY (company_id, at_us, what, list, name_key)
);

-- What QuickBooks has that a record which is held back seems to be, by number, customer and amount.
CREATE TABLE older_answer (
    record_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES record (id),
    company_id TEXT COLLATE "C" NOT NULL REFERENCES company (id),
    revision BIGINT NOT NULL,
    answered_us BIGINT NOT NULL,
    txn_id TEXT COLLATE "C" NOT NULL,
    edit_sequence TEXT COLLATE "C" NOT NULL,
    number TEXT COLLATE "C" NOT NULL,
    customer TEXT COLLATE "C" NOT NULL,
    date TEXT COLLATE "C",
    amount_e5 BIGINT
);
CREATE INDEX older_answer_company ON older_answer (company_id);

-- What the application's requests with an Idempotency-Key were answered; one without an answer is under way, or was cut off.
CREATE TABLE request_key (
    company_id TEXT COLLATE "C" NOT NULL REFERENCES company (id),
    key TEXT COLLATE "C" NOT NULL,
    begun_us BIGINT NOT NULL,
    -- How many records it moved, committed with the moves.
    moved BIGINT,
    fingerprint BYTEA,
    status BIGINT,
    content_type TEXT COLLATE "C",
    body BYTEA,
    PRIMARY KEY (company_id, key),
    CHECK ((status IS NULL) = (fingerprint IS NULL) AND (status IS NULL) = (body IS NULL)
        AND (status IS NULL) = (content_type IS NULL))
);
CREATE INDEX request_key_begun ON request_key (company_id, begun_us);

-- How many records and how much money, for every kind and status: kept by triggers, so that no page ever scans the queue.
CREATE TABLE queue_count (
    company_id TEXT COLLATE "C" NOT NULL REFERENCES company (id),
    kind TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    record_count BIGINT NOT NULL,
    sum_e5 BIGINT NOT NULL,
    PRIMARY KEY (company_id, kind, status)
);

-- What a record is called and is found by, apart from the records: a move of a record would write to all of these indexes.
CREATE TABLE record_key (
    seq BIGINT NOT NULL PRIMARY KEY,
    company_id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    external_id TEXT COLLATE "C" NOT NULL,
    number_key TEXT COLLATE "C" NOT NULL,
    customer TEXT COLLATE "C" NOT NULL,
    amount_e5 BIGINT NOT NULL,
    created_at_us BIGINT NOT NULL,
    search TEXT COLLATE "C" NOT NULL,
    UNIQUE (company_id, kind, external_id)
);
-- One for each order of the grid.
CREATE INDEX record_number ON record_key (company_id, kind, number_key, seq);
CREATE INDEX record_customer ON record_key (company_id, kind, customer, seq);
CREATE INDEX record_amount ON record_key (company_id, kind, amount_e5, seq);
CREATE INDEX record_created ON record_key (company_id, kind, created_at_us, seq);
-- The searchable texts in groups of three characters. Where the extension already lives, whatever its schema, it is taken
-- from there.
DO $$
DECLARE
    home TEXT;
BEGIN
    BEGIN
        CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;
    EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported THEN
        RAISE EXCEPTION 'Bookferry needs the extension pg_trgm, which comes with PostgreSQL. Ask the owner of this database to run: CREATE EXTENSION pg_trgm (%)', SQLERRM;
    END;
    SELECT n.nspname INTO STRICT home FROM pg_extension AS e JOIN pg_namespace AS n ON n.oid = e.extnamespace
    WHERE e.extname = 'pg_trgm';
    EXECUTE format('CREATE INDEX record_search ON record_key USING gin (search %I.gin_trgm_ops)', home);
END $$;

-- What the planner believes of tables that nobody has analysed yet. Without it, any one condition would leave a single row, so
-- that it looks for the company alone and walks all that the company has to find one record, until autovacuum comes by. What is
-- learned of these rows outlives them.
INSERT INTO organization (id, name, created_us) VALUES ('', '', 0);
INSERT INTO company (id, organization_id, name, settings, user_name, password_hash, owner_id, file_id, created_us)
SELECT 'company ' || c, '', '', '{}', 'user ' || c, '', '', '', 0 FROM generate_series(0, 1) AS c;
INSERT INTO record (id, company_id, kind, external_id, number, number_key, customer, date, amount_e5, currency, search,
    created_at_us, handed_over_us, changed_us, revision, status, errand, attention, cause_code, txn_id, attempt_count,
    available_at_us, blockers, version)
SELECT 'record ' || n, 'company ' || n % 2, CASE WHEN n % 3 = 0 THEN 'payment' ELSE 'invoice' END, 'external ' || n, n, n,
    'customer ' || n % 150, '2026-01-' || 10 + n % 90, n * 1000, 'USD', n || ' customer ' || n % 150 || ' external ' || n,
    n, n, n, 1, word, CASE WHEN word IN ('ready_to_sync', 'sending', 'needs_attention') THEN 'add' END,
    CASE word WHEN 'needs_attention' THEN 'error' END, CASE word WHEN 'needs_attention' THEN '3140' END,
    CASE word WHEN 'submitted' THEN 'txn ' || n END, 0, 0, n / 398, 1
FROM generate_series(1, 400) AS n CROSS JOIN LATERAL (SELECT CASE n % 40 WHEN 0 THEN 'ready_to_sync' WHEN 1 THEN 'unsent'
    WHEN 2 THEN 'needs_attention' WHEN 3 THEN 'held_back' WHEN 4 THEN 'excluded' WHEN 5 THEN 'sending' ELSE 'submitted' END)
    AS of (word);
INSERT INTO record_key (seq, company_id, kind, external_id, number_key, customer, amount_e5, created_at_us, search)
SELECT seq, company_id, kind, external_id, number_key, customer, amount_e5, created_at_us, search FROM record;
INSERT INTO revision (record_id, number, content, content_hash, voided, created_us, actor)
SELECT id, 1, '{}', '', 0, seq, '' FROM record;
INSERT INTO history (company_id, record_id, at_us, actor, from_where, event, to_status)
SELECT company_id, id, seq, actor, actor, 'moved', status
FROM record CROSS JOIN (VALUES ('api'), ('sync_manager'), ('web_connector')) AS by (actor);
INSERT INTO application (payment_id, position, company_id, invoice_external_id, amount_e5)
SELECT id, 0, company_id, 'external ' || seq - 2, 0 FROM record WHERE kind = 'payment';
INSERT INTO visit (id, company_id, ticket_hash, session, client, opened_us, last_call_us, closed_us, message_set_count,
    sent_count, submitted_count, attention_count)
SELECT 'visit ' || n, 'company ' || n % 2, decode(to_hex(n + 4096), 'hex'), '{}', '', n, n, n, 2, 0, 0, 0
FROM generate_series(1, 100) AS n;
INSERT INTO message_set (id, company_id, visit_id, message_set_id, exchange, request_xml, purposes, is_write, state, sent_us)
SELECT 'set ' || n, 'company ' || n / 2 % 2, 'visit ' || n / 2, 'set ' || n, n % 2, '', '', 1,
    CASE WHEN n > 198 THEN 'sent' ELSE 'settled' END, n FROM generate_series(2, 200) AS n;
INSERT INTO attempt (message_set_key, record_id, revision, request_id, errand, sent_us, settled_us)
SELECT 'set ' || 2 + seq / 4, id, 1, '', 'add', seq, CASE WHEN status <> 'sending' THEN seq END FROM record WHERE seq < 396;
INSERT INTO list_entry (company_id, list, name_key, full_name, list_id, is_active, knowledge, read_us, visit_id)
SELECT 'company ' || n % 2, list, 'name ' || n, 'Name ' || n, 'id ' || n, 1, 'present', n, 'visit 1'
FROM generate_series(1, 100) AS n CROSS JOIN (VALUES ('customers'), ('items'), ('accounts'), ('terms')) AS of (list);
INSERT INTO gone_entry (company_id, list, name_key, list_id) SELECT company_id, list, name_key, list_id FROM list_entry;
INSERT INTO wanted_entry (company_id, list, name_key, name, wanted_us, wanted_by)
SELECT company_id, list, name_key, full_name, 0, '' FROM list_entry;
INSERT INTO record_name (company_id, list, name_key, name, first_us)
SELECT company_id, list, name_key, full_name, 0 FROM list_entry;
INSERT INTO mapping (company_id, list, name_key, name, list_id, entry_key, full_name, chosen_us, chosen_by)
SELECT company_id, list, name_key, full_name, list_id, name_key, full_name, 0, '' FROM list_entry;
-- With no more than one value told apart, so that one which is not among these rows is not taken for a rare one.
SET LOCAL default_statistics_target = 1;
ANALYZE company, record, record_key, revision, history, application, visit, message_set, attempt, list_entry, gone_entry,
    wanted_entry, record_name, mapping;
RESET default_statistics_target;
-- In a part of its own, so that the tables count as never looked at and not as known to be empty.
SAVEPOINT learned;
TRUNCATE organization, record_key, history, attempt RESTART IDENTITY CASCADE;
RELEASE SAVEPOINT learned;

CREATE FUNCTION count_records() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO queue_count AS counted (company_id, kind, status, record_count, sum_e5)
    SELECT company_id, kind, status, COUNT(*), SUM(amount_e5) FROM arrived GROUP BY company_id, kind, status
    ON CONFLICT (company_id, kind, status) DO UPDATE
    SET record_count = counted.record_count + excluded.record_count, sum_e5 = counted.sum_e5 + excluded.sum_e5;
    RETURN NULL;
END $$;

CREATE FUNCTION recount_records() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO queue_count AS counted (company_id, kind, status, record_count, sum_e5)
    SELECT company_id, kind, status, SUM(n), SUM(amount_e5) FROM (
        SELECT company_id, kind, status, -1 AS n, -amount_e5 AS amount_e5 FROM before
        UNION ALL
        SELECT company_id, kind, status, 1, amount_e5 FROM after
    ) AS changed
    GROUP BY company_id, kind, status HAVING SUM(n) <> 0 OR SUM(amount_e5) <> 0
    ON CONFLICT (company_id, kind, status) DO UPDATE
    SET record_count = counted.record_count + excluded.record_count, sum_e5 = counted.sum_e5 + excluded.sum_e5;
    RETURN NULL;
END $$;

CREATE TRIGGER record_counted AFTER INSERT ON record
    REFERENCING NEW TABLE AS arrived FOR EACH STATEMENT EXECUTE FUNCTION count_records();
CREATE TRIGGER record_recounted AFTER UPDATE ON record
    REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION recount_records();

CREATE FUNCTION key_records() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO record_key (seq, company_id, kind, external_id, number_key, customer, amount_e5, created_at_us, search)
    SELECT seq, company_id, kind, external_id, number_key, customer, amount_e5, created_at_us, search FROM arrived;
    RETURN NULL;
END $$;
CREATE TRIGGER record_keyed AFTER INSERT ON record
    REFERENCING NEW TABLE AS arrived FOR EACH STATEMENT EXECUTE FUNCTION key_records();

CREATE FUNCTION key_record_anew() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    UPDATE record_key SET number_key = NEW.number_key, customer = NEW.customer, amount_e5 = NEW.amount_e5,
        created_at_us = NEW.created_at_us, search = NEW.search
    WHERE seq = NEW.seq;
    RETURN NULL;
END $$;
CREATE TRIGGER record_keyed_anew AFTER UPDATE OF number_key, customer, amount_e5, created_at_us, search ON record
    FOR EACH ROW WHEN ((OLD.number_key, OLD.customer, OLD.amount_e5, OLD.created_at_us, OLD.search)
        IS DISTINCT FROM (NEW.number_key, NEW.customer, NEW.amount_e5, NEW.created_at_us, NEW.search))
    EXECUTE FUNCTION key_record_anew();

CREATE FUNCTION note_gone() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO gone_entry (company_id, list, name_key, list_id)
    VALUES (OLD.company_id, OLD.list, OLD.name_key, OLD.list_id)
    ON CONFLICT (company_id, list, name_key) DO UPDATE SET list_id = excluded.list_id;
    DELETE FROM wanted_entry WHERE company_id = OLD.company_id AND list = OLD.list AND name_key = OLD.name_key;
    RETURN NULL;
END $$;
CREATE TRIGGER list_entry_gone AFTER DELETE ON list_entry FOR EACH ROW
    WHEN (OLD.knowledge = 'present') EXECUTE FUNCTION note_gone();
CREATE TRIGGER list_entry_lost AFTER UPDATE OF knowledge ON list_entry FOR EACH ROW
    WHEN (OLD.knowledge = 'present' AND NEW.knowledge = 'absent') EXECUTE FUNCTION note_gone();

CREATE FUNCTION refuse_change() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0];
END $$;

CREATE TRIGGER record_stays BEFORE DELETE OR TRUNCATE ON record
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('records are never deleted');
CREATE TRIGGER record_is_itself BEFORE UPDATE OF id, company_id, kind, external_id ON record
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('a record keeps its identity');
CREATE TRIGGER revision_stands BEFORE UPDATE OR DELETE OR TRUNCATE ON revision
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('revisions only grow');
CREATE TRIGGER history_stands BEFORE UPDATE OR DELETE OR TRUNCATE ON history
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('history only grows');
CREATE TRIGGER person_deed_stands BEFORE UPDATE OR DELETE OR TRUNCATE ON person_deed
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('deeds only grow');
CREATE TRIGGER company_deed_stands BEFORE UPDATE OR DELETE OR TRUNCATE ON company_deed
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('deeds only grow');
CREATE TRIGGER history_seal_stands BEFORE UPDATE OR DELETE OR TRUNCATE ON history_seal
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('seals only grow');
CREATE TRIGGER message_set_stays BEFORE DELETE OR TRUNCATE ON message_set
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('message sets are kept');
CREATE TRIGGER attempt_stays BEFORE DELETE OR TRUNCATE ON attempt
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('attempts are kept');
CREATE TRIGGER attempt_settles_once BEFORE UPDATE ON attempt FOR EACH ROW
    WHEN (OLD.settled_us IS NOT NULL OR NEW.settled_us IS NULL OR OLD.record_id <> NEW.record_id
        OR OLD.message_set_key <> NEW.message_set_key OR OLD.revision <> NEW.revision OR OLD.errand <> NEW.errand)
    EXECUTE FUNCTION refuse_change('an attempt is settled once');
