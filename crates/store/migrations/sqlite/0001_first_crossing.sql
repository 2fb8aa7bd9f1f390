-- Ids and words are TEXT, instants are microseconds UTC, dates are ISO, money is in hundred-thousandths, flags are 0 or 1.
-- The same tables stand in postgres/0001_first_crossing.sql, but for record_key and its indexes, and the key of history; what else
-- differs there is the triggers.

CREATE TABLE organization (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    created_us BIGINT NOT NULL
);

CREATE TABLE company (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organization (id),
    name TEXT NOT NULL,
    settings TEXT NOT NULL,
    books TEXT,
    sync_enabled_at_us BIGINT,
    user_name TEXT NOT NULL UNIQUE,
    password_hash BLOB NOT NULL,
    owner_id TEXT NOT NULL,
    file_id TEXT NOT NULL,
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
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    company_id TEXT NOT NULL REFERENCES company (id),
    kind TEXT NOT NULL,
    detail TEXT NOT NULL,
    first_us BIGINT NOT NULL,
    last_us BIGINT NOT NULL,
    times BIGINT NOT NULL,
    closed_us BIGINT,
    closed_by TEXT,
    CHECK ((closed_us IS NULL) = (closed_by IS NULL))
);
CREATE UNIQUE INDEX notice_open ON notice (company_id, kind) WHERE closed_us IS NULL;
CREATE INDEX notice_company ON notice (company_id, seq);

CREATE TABLE person (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organization (id),
    company_id TEXT REFERENCES company (id),
    email TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL CHECK (role IN ('admin', 'bookkeeper', 'viewer')),
    password_hash TEXT NOT NULL,
    created_us BIGINT NOT NULL,
    disabled_us BIGINT,
    last_sign_in_us BIGINT,
    -- How often at most the person is told by e-mail what waits; NULL is never.
    mail_every TEXT CHECK (mail_every IN ('hour', 'day')),
    -- How the person wants the pages to look, as JSON.
    layout TEXT
);

-- Who let whom do what; the people are named as they were then.
CREATE TABLE person_deed (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id TEXT NOT NULL REFERENCES organization (id),
    person_id TEXT NOT NULL REFERENCES person (id),
    email TEXT NOT NULL,
    at_us BIGINT NOT NULL,
    actor TEXT NOT NULL,
    deed TEXT NOT NULL CHECK (deed IN ('role', 'disabled', 'enabled')),
    from_role TEXT NOT NULL,
    to_role TEXT NOT NULL
);
CREATE INDEX person_deed_organization ON person_deed (organization_id, at_us, seq);

-- Who added the company, enabled its sync and changed its rules.
CREATE TABLE company_deed (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    company_id TEXT NOT NULL REFERENCES company (id),
    at_us BIGINT NOT NULL,
    actor TEXT NOT NULL,
    deed TEXT NOT NULL CHECK (deed IN ('added', 'sync_enabled', 'settings', 'password')),
    detail TEXT NOT NULL
);
CREATE INDEX company_deed_company ON company_deed (company_id, at_us, seq);

CREATE TABLE saved_view (
    person_id TEXT NOT NULL REFERENCES person (id),
    company_id TEXT NOT NULL REFERENCES company (id),
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    PRIMARY KEY (person_id, company_id, name)
);

-- What a person moved last in a company, for taking it back.
CREATE TABLE last_move (
    person_id TEXT NOT NULL REFERENCES person (id),
    company_id TEXT NOT NULL REFERENCES company (id),
    deed TEXT NOT NULL,
    at_us BIGINT NOT NULL,
    record_count BIGINT NOT NULL,
    PRIMARY KEY (person_id, company_id)
);

CREATE TABLE web_session (
    id_hash BLOB NOT NULL PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES person (id),
    created_us BIGINT NOT NULL,
    last_used_us BIGINT NOT NULL,
    expires_us BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX web_session_expires ON web_session (expires_us);

CREATE TABLE api_key (
    id TEXT NOT NULL PRIMARY KEY,
    company_id TEXT NOT NULL REFERENCES company (id),
    hash BLOB NOT NULL UNIQUE,
    name TEXT NOT NULL,
    read_only BIGINT NOT NULL CHECK (read_only IN (0, 1)),
    created_us BIGINT NOT NULL,
    last_used_us BIGINT
);

-- What is told to people who do not look: written before it is sent, and each once. The recipient is a person's id, or empty
-- for the company's webhooks, which find it here.
CREATE TABLE digest (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    company_id TEXT NOT NULL REFERENCES company (id),
    recipient TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('records_wait', 'connector_silent', 'other_books')),
    -- Up to which line of history it tells, or which notice.
    until_seq BIGINT NOT NULL,
    detail TEXT NOT NULL,
    made_us BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('due', 'sending', 'sent', 'lost')),
    -- When it is sent; while it is being sent, until when that may take.
    due_us BIGINT NOT NULL,
    tries BIGINT NOT NULL DEFAULT 0,
    trouble TEXT,
    UNIQUE (company_id, recipient, kind, until_seq)
);
CREATE INDEX digest_open ON digest (due_us) WHERE state IN ('due', 'sending');
CREATE INDEX digest_webhooks ON digest (company_id, seq) WHERE recipient = '';

-- Where a company's events are delivered, each endpoint in order. The secret signs what is sent, so it is kept as it is.
CREATE TABLE webhook (
    id TEXT NOT NULL PRIMARY KEY,
    company_id TEXT NOT NULL REFERENCES company (id),
    url TEXT NOT NULL,
    secret BLOB NOT NULL,
    created_us BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    -- The last line of history and the last digest that the endpoint took, and when.
    delivered_seq BIGINT NOT NULL,
    delivered_digest_seq BIGINT NOT NULL,
    delivered_us BIGINT,
    due_us BIGINT NOT NULL,
    -- Until when one server has it to itself.
    claimed_until_us BIGINT,
    failing_since_us BIGINT,
    failure_count BIGINT NOT NULL DEFAULT 0,
    trouble TEXT,
    off_us BIGINT,
    UNIQUE (company_id, url),
    CHECK ((failing_since_us IS NULL) = (failure_count = 0))
);

CREATE TABLE record (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    company_id TEXT NOT NULL REFERENCES company (id),
    kind TEXT NOT NULL CHECK (kind IN ('invoice', 'payment')),
    external_id TEXT NOT NULL,
    number TEXT NOT NULL,
    number_key TEXT NOT NULL,
    customer TEXT NOT NULL,
    date TEXT NOT NULL,
    amount_e5 BIGINT NOT NULL,
    currency TEXT NOT NULL,
    search TEXT NOT NULL,
    created_at_us BIGINT NOT NULL,
    handed_over_us BIGINT NOT NULL,
    changed_us BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('unsent', 'ready_to_sync', 'sending', 'unconfirmed', 'submitted',
                                           'needs_attention', 'excluded', 'held_back')),
    errand TEXT CHECK (errand IN ('add', 'mod', 'void')),
    attention TEXT CHECK (attention IN ('error', 'unconfirmed', 'updated', 'voided', 'differs', 'gone')),
    meanwhile TEXT CHECK (meanwhile IN ('revised', 'voided')),
    cause_code TEXT,
    cause_text TEXT,
    cause_detail TEXT,
    txn_id TEXT,
    edit_sequence TEXT,
    posted_revision BIGINT,
    sent_revision BIGINT,
    attempt_count BIGINT NOT NULL,
    available_at_us BIGINT NOT NULL,
    blockers BIGINT NOT NULL,
    warning TEXT,
    postponed_because TEXT,
    -- Whether QuickBooks was asked about this revision while it was held back.
    older_asked BIGINT NOT NULL DEFAULT 0 CHECK (older_asked IN (0, 1)),
    version BIGINT NOT NULL,
    UNIQUE (company_id, kind, external_id),
    CHECK ((status = 'needs_attention') = (attention IS NOT NULL))
);
CREATE INDEX record_claim ON record (company_id, kind, seq, available_at_us)
    WHERE status = 'ready_to_sync' AND blockers = 0;
-- One for each order of the grid. With the amount, the sums of a span of days are read from the first alone; the others are
-- without the status, so that a move of a hundred thousand records leaves them as they are.
CREATE INDEX record_grid ON record (company_id, kind, status, date, seq, amount_e5);
CREATE INDEX record_number ON record (company_id, kind, number_key, seq);
CREATE INDEX record_customer ON record (company_id, kind, customer, seq);
CREATE INDEX record_amount ON record (company_id, kind, amount_e5, seq);
CREATE INDEX record_created ON record (company_id, kind, created_at_us, seq);
CREATE INDEX record_changed ON record (company_id, kind, changed_us, seq, status);
-- What QuickBooks has of records that wait for somebody is read by a visit.
CREATE INDEX record_standing ON record (company_id, seq) WHERE status = 'needs_attention' AND txn_id IS NOT NULL;
-- What is submitted stays so, and most is: in these orders it is not found by walking past all that came in since.
CREATE INDEX record_submitted_number ON record (company_id, kind, number_key, seq) WHERE status = 'submitted';
CREATE INDEX record_submitted_created ON record (company_id, kind, created_at_us, seq) WHERE status = 'submitted';
-- Not by the company first: to SQLite, that there is a TxnID would then seem worth asking all the company ever had.
CREATE INDEX record_txn ON record (txn_id, company_id) WHERE txn_id IS NOT NULL;
-- What QuickBooks has yet to be asked about.
CREATE INDEX record_older ON record (company_id, seq) WHERE status = 'held_back' AND older_asked = 0;
CREATE INDEX record_attention ON record (company_id, attention, cause_code, seq) WHERE status = 'needs_attention';

-- On PostgreSQL a table of its own: there a move of a record writes to all indexes of the record.
CREATE VIEW record_key AS
    SELECT seq, company_id, kind, external_id, number_key, customer, amount_e5, created_at_us, search FROM record;

CREATE TABLE revision (
    record_id TEXT NOT NULL REFERENCES record (id),
    number BIGINT NOT NULL,
    content TEXT NOT NULL,
    content_hash BLOB NOT NULL,
    voided BIGINT NOT NULL CHECK (voided IN (0, 1)),
    created_us BIGINT NOT NULL,
    actor TEXT NOT NULL,
    -- Whether a person corrected it here, and not the application.
    made_here BIGINT NOT NULL DEFAULT 0 CHECK (made_here IN (0, 1)),
    PRIMARY KEY (record_id, number)
);

-- How a record stood before a person mended it, for taking that back until something else happens to it. A later mending
-- takes the place of an earlier one.
CREATE TABLE mending (
    record_id TEXT NOT NULL PRIMARY KEY REFERENCES record (id),
    company_id TEXT NOT NULL REFERENCES company (id),
    at_us BIGINT NOT NULL,
    actor TEXT NOT NULL,
    deed TEXT NOT NULL,
    -- The record's version afterwards.
    version BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    state TEXT NOT NULL
);
CREATE INDEX mending_at ON mending (company_id, at_us);

-- Whose business a record is, and until when it is out of the way: as long as its version is the one it was put off at.
CREATE TABLE care (
    record_id TEXT NOT NULL PRIMARY KEY REFERENCES record (id),
    company_id TEXT NOT NULL REFERENCES company (id),
    assignee TEXT,
    snoozed_until_us BIGINT,
    snoozed_version BIGINT,
    CHECK ((snoozed_until_us IS NULL) = (snoozed_version IS NULL))
);
CREATE INDEX care_snoozed ON care (company_id, snoozed_until_us) WHERE snoozed_until_us IS NOT NULL;

-- Entries that a person wants created, though the company does not let Bookferry create such by itself.
CREATE TABLE wanted_entry (
    company_id TEXT NOT NULL REFERENCES company (id),
    list TEXT NOT NULL,
    name_key TEXT NOT NULL,
    name TEXT NOT NULL,
    wanted_us BIGINT NOT NULL,
    wanted_by TEXT NOT NULL,
    PRIMARY KEY (company_id, list, name_key)
);

-- A document as it stood in QuickBooks when a visit last looked, as JSON.
CREATE TABLE standing (
    record_id TEXT NOT NULL PRIMARY KEY REFERENCES record (id),
    company_id TEXT NOT NULL REFERENCES company (id),
    content TEXT NOT NULL,
    read_us BIGINT NOT NULL,
    -- The record's version when it was read: another means that something has happened since.
    version BIGINT NOT NULL
);

-- Where a person says that a record is in QuickBooks already: the next visit looks there. What it found, if that was not it.
CREATE TABLE sought (
    record_id TEXT NOT NULL PRIMARY KEY REFERENCES record (id),
    company_id TEXT NOT NULL REFERENCES company (id),
    place TEXT NOT NULL CHECK (place IN ('txn_id', 'number')),
    text TEXT NOT NULL,
    asked_us BIGINT NOT NULL,
    asked_by TEXT NOT NULL,
    answered_us BIGINT,
    answer TEXT,
    CHECK ((answered_us IS NULL) = (answer IS NULL))
);
CREATE INDEX sought_open ON sought (company_id, record_id) WHERE answered_us IS NULL;

-- Which invoices a payment goes to, by its newest revision.
CREATE TABLE application (
    payment_id TEXT NOT NULL REFERENCES record (id),
    position BIGINT NOT NULL,
    company_id TEXT NOT NULL REFERENCES company (id),
    invoice_external_id TEXT NOT NULL,
    amount_e5 BIGINT NOT NULL,
    PRIMARY KEY (payment_id, position)
) WITHOUT ROWID;
CREATE INDEX application_invoice ON application (company_id, invoice_external_id);

CREATE TABLE history (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    -- The record's, and its company. Whoever writes a line has just written the record, which is never deleted and keeps its id;
    -- looking it up once more was a third of the price of a line.
    company_id TEXT NOT NULL,
    record_id TEXT NOT NULL,
    at_us BIGINT NOT NULL,
    actor TEXT NOT NULL,
    from_where TEXT NOT NULL,
    event TEXT NOT NULL,
    from_status TEXT,
    to_status TEXT NOT NULL,
    reason TEXT
);
CREATE INDEX history_record ON history (record_id, seq);
CREATE INDEX history_company ON history (company_id, seq);
-- What came to wait for a person, of which digests tell.
CREATE INDEX history_attention ON history (company_id, seq)
    WHERE to_status = 'needs_attention' AND from_status <> 'needs_attention';
-- What people did, which is little beside what visits do: by day, and by person.
CREATE INDEX history_day ON history (company_id, at_us, seq) WHERE from_where = 'sync_manager';
CREATE INDEX history_person ON history (company_id, actor, at_us, seq) WHERE from_where = 'sync_manager';

-- Each seal covers the lines after the one before it, and that one's hash; number 0 is not stored.
CREATE TABLE history_seal (
    company_id TEXT NOT NULL REFERENCES company (id),
    number BIGINT NOT NULL,
    until_seq BIGINT NOT NULL,
    line_count BIGINT NOT NULL,
    hash BLOB NOT NULL,
    sealed_us BIGINT NOT NULL,
    PRIMARY KEY (company_id, number)
) WITHOUT ROWID;

CREATE TABLE visit (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    company_id TEXT NOT NULL REFERENCES company (id),
    ticket_hash BLOB NOT NULL UNIQUE,
    session TEXT NOT NULL,
    client TEXT NOT NULL,
    opened_us BIGINT NOT NULL,
    last_call_us BIGINT NOT NULL,
    closed_us BIGINT,
    outcome TEXT,
    trouble TEXT,
    message_set_count BIGINT NOT NULL,
    sent_count BIGINT NOT NULL,
    submitted_count BIGINT NOT NULL,
    attention_count BIGINT NOT NULL
);
-- One visit a company.
CREATE UNIQUE INDEX visit_open ON visit (company_id) WHERE closed_us IS NULL;
CREATE INDEX visit_company ON visit (company_id, seq);

CREATE TABLE message_set (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    company_id TEXT NOT NULL REFERENCES company (id),
    visit_id TEXT NOT NULL REFERENCES visit (id),
    message_set_id TEXT NOT NULL UNIQUE,
    exchange BIGINT NOT NULL,
    request_xml TEXT NOT NULL,
    purposes TEXT NOT NULL,
    is_write BIGINT NOT NULL CHECK (is_write IN (0, 1)),
    state TEXT NOT NULL CHECK (state IN ('sent', 'unsettled', 'settled', 'abandoned')),
    sent_us BIGINT NOT NULL,
    answered_us BIGINT,
    response_xml TEXT,
    visits_in_doubt BIGINT NOT NULL DEFAULT 0,
    late_asks BIGINT NOT NULL DEFAULT 0,
    breakdown TEXT,
    UNIQUE (visit_id, exchange)
);
CREATE INDEX message_set_open ON message_set (company_id, seq) WHERE state IN ('sent', 'unsettled');

CREATE TABLE attempt (
    -- Whoever writes an attempt writes its message set and its record in the same statement, and neither is ever deleted: see
    -- message_set_stays and record_stays. Looking both up once more was a twentieth of the price of a record in a large set.
    message_set_key TEXT NOT NULL,
    record_id TEXT NOT NULL,
    revision BIGINT NOT NULL,
    request_id TEXT NOT NULL,
    errand TEXT NOT NULL CHECK (errand IN ('add', 'mod', 'void')),
    sent_us BIGINT NOT NULL,
    settled_us BIGINT,
    outcome TEXT,
    status_code BIGINT,
    status_message TEXT,
    txn_id TEXT,
    PRIMARY KEY (message_set_key, record_id)
);
CREATE INDEX attempt_record ON attempt (record_id, sent_us);

CREATE TABLE list_entry (
    company_id TEXT NOT NULL REFERENCES company (id),
    list TEXT NOT NULL,
    name_key TEXT NOT NULL,
    full_name TEXT NOT NULL,
    list_id TEXT,
    is_active BIGINT NOT NULL CHECK (is_active IN (0, 1)),
    knowledge TEXT NOT NULL CHECK (knowledge IN ('present', 'absent')),
    -- What else is known of it, as JSON: the kind of an item, and what of sales tax hangs on it.
    facts TEXT,
    read_us BIGINT NOT NULL,
    visit_id TEXT NOT NULL REFERENCES visit (id),
    PRIMARY KEY (company_id, list, name_key),
    CHECK ((knowledge = 'present') = (list_id IS NOT NULL))
) WITHOUT ROWID;

CREATE INDEX list_entry_id ON list_entry (company_id, list, list_id);

-- Names that QuickBooks had and has no more, by the ListID they had: what somebody renamed, merged or deleted there is not created
-- anew, unless a person wants it.
CREATE TABLE gone_entry (
    company_id TEXT NOT NULL REFERENCES company (id),
    list TEXT NOT NULL,
    name_key TEXT NOT NULL,
    list_id TEXT NOT NULL,
    PRIMARY KEY (company_id, list, name_key)
) WITHOUT ROWID;

-- By what entries are found that may be like a name; list and mark are hashes. A mark may outlive its entry, and then leads nowhere.
CREATE TABLE list_entry_mark (
    list_key BIGINT NOT NULL,
    mark BIGINT NOT NULL,
    list_id TEXT NOT NULL,
    PRIMARY KEY (list_key, mark, list_id)
) WITHOUT ROWID;

-- How far each list is read; one without a row was never asked for.
CREATE TABLE list_reading (
    company_id TEXT NOT NULL REFERENCES company (id),
    list TEXT NOT NULL,
    due_us BIGINT NOT NULL,
    began_us BIGINT,
    part BIGINT,
    newest_change TEXT,
    read_us BIGINT,
    trouble TEXT,
    PRIMARY KEY (company_id, list)
) WITHOUT ROWID;

-- Comparisons of what was submitted with what QuickBooks has; dates and times that are text are QuickBooks' own.
CREATE TABLE reconciliation (
    company_id TEXT NOT NULL REFERENCES company (id),
    number BIGINT NOT NULL,
    asked_by TEXT NOT NULL,
    asked_us BIGINT NOT NULL,
    since TEXT,
    from_date TEXT,
    position BIGINT NOT NULL,
    newest_change TEXT,
    compared BIGINT NOT NULL,
    differing BIGINT NOT NULL,
    finished_us BIGINT,
    trouble TEXT,
    PRIMARY KEY (company_id, number)
) WITHOUT ROWID;
CREATE UNIQUE INDEX reconciliation_open ON reconciliation (company_id) WHERE finished_us IS NULL;

-- What QuickBooks had for a submitted record when a reconciliation last looked, of this revision. What was sent is NULL where it
-- was voided at the application's word, what is there where it is not there.
CREATE TABLE counterpart (
    record_id TEXT NOT NULL PRIMARY KEY REFERENCES record (id),
    company_id TEXT NOT NULL REFERENCES company (id),
    txn_id TEXT NOT NULL,
    revision BIGINT NOT NULL,
    edit_sequence TEXT NOT NULL,
    seen_us BIGINT NOT NULL,
    sent_e5 BIGINT,
    amount_e5 BIGINT,
    -- What is open of an invoice there, and how much of it our payments had paid by then.
    balance_e5 BIGINT,
    paid_here_e5 BIGINT NOT NULL,
    -- In words with commas between them; empty where it is as it was sent.
    differences TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX counterpart_company ON counterpart (company_id);

-- What pays submitted invoices in QuickBooks and is none of ours: of what was deleted QuickBooks does not say what it paid.
CREATE TABLE payer (
    company_id TEXT NOT NULL REFERENCES company (id),
    txn_id TEXT NOT NULL,
    invoice_txn_id TEXT NOT NULL,
    PRIMARY KEY (company_id, txn_id, invoice_txn_id)
) WITHOUT ROWID;
CREATE INDEX payer_invoice ON payer (company_id, invoice_txn_id);

-- What records name in QuickBooks' lists, each name once, as the application first wrote it. The key is that of the name as
-- QuickBooks would hold it.
CREATE TABLE record_name (
    company_id TEXT NOT NULL REFERENCES company (id),
    list TEXT NOT NULL,
    name_key TEXT NOT NULL,
    name TEXT NOT NULL,
    first_us BIGINT NOT NULL,
    PRIMARY KEY (company_id, list, name_key)
) WITHOUT ROWID;

-- Which entry such a name stands for. It follows the entry's ListID; one that has none yet, since the company was bound to
-- other books, follows its name.
CREATE TABLE mapping (
    company_id TEXT NOT NULL REFERENCES company (id),
    list TEXT NOT NULL,
    name_key TEXT NOT NULL,
    name TEXT NOT NULL,
    list_id TEXT,
    entry_key TEXT NOT NULL,
    full_name TEXT NOT NULL,
    chosen_us BIGINT NOT NULL,
    chosen_by TEXT NOT NULL,
    PRIMARY KEY (company_id, list, name_key)
) WITHOUT ROWID;

-- What a mending said of names, for taking that back with its records: for a mapping, what the name stood for before, NULL where
-- it stood for itself; or that an entry is to be created.
CREATE TABLE taught (
    company_id TEXT NOT NULL REFERENCES company (id),
    at_us BIGINT NOT NULL,
    what TEXT NOT NULL CHECK (what IN ('mapping', 'wanted')),
    list TEXT NOT NULL,
    name_key TEXT NOT NULL,
    name TEXT,
    list_id TEXT,
    entry_key TEXT,
    full_name TEXT,
    chosen_us BIGINT,
    chosen_by TEXT,
    PRIMARY KEY (company_id, at_us, what, list, name_key)
) WITHOUT ROWID;

-- What QuickBooks has that a record which is held back seems to be, by number, customer and amount.
CREATE TABLE older_answer (
    record_id TEXT NOT NULL PRIMARY KEY REFERENCES record (id),
    company_id TEXT NOT NULL REFERENCES company (id),
    revision BIGINT NOT NULL,
    answered_us BIGINT NOT NULL,
    txn_id TEXT NOT NULL,
    edit_sequence TEXT NOT NULL,
    number TEXT NOT NULL,
    customer TEXT NOT NULL,
    date TEXT,
    amount_e5 BIGINT
) WITHOUT ROWID;
CREATE INDEX older_answer_company ON older_answer (company_id);

-- What the application's requests with an Idempotency-Key were answered; one without an answer is under way, or was cut off.
CREATE TABLE request_key (
    company_id TEXT NOT NULL REFERENCES company (id),
    key TEXT NOT NULL,
    begun_us BIGINT NOT NULL,
    -- How many records it moved, committed with the moves.
    moved BIGINT,
    fingerprint BLOB,
    status BIGINT,
    content_type TEXT,
    body BLOB,
    PRIMARY KEY (company_id, key),
    CHECK ((status IS NULL) = (fingerprint IS NULL) AND (status IS NULL) = (body IS NULL)
        AND (status IS NULL) = (content_type IS NULL))
);
CREATE INDEX request_key_begun ON request_key (company_id, begun_us);

-- How many records and how much money, for every kind and status: kept by triggers, so that no page ever scans the queue.
CREATE TABLE queue_count (
    company_id TEXT NOT NULL REFERENCES company (id),
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    record_count BIGINT NOT NULL,
    sum_e5 BIGINT NOT NULL,
    PRIMARY KEY (company_id, kind, status)
) WITHOUT ROWID;

CREATE TRIGGER record_counted AFTER INSERT ON record BEGIN
    INSERT INTO queue_count (company_id, kind, status, record_count, sum_e5)
    VALUES (NEW.company_id, NEW.kind, NEW.status, 1, NEW.amount_e5)
    ON CONFLICT (company_id, kind, status)
    DO UPDATE SET record_count = record_count + 1, sum_e5 = sum_e5 + excluded.sum_e5;
END;

CREATE TRIGGER record_recounted AFTER UPDATE OF status, amount_e5 ON record
WHEN OLD.status <> NEW.status OR OLD.amount_e5 <> NEW.amount_e5 BEGIN
    UPDATE queue_count SET record_count = record_count - 1, sum_e5 = sum_e5 - OLD.amount_e5
    WHERE company_id = OLD.company_id AND kind = OLD.kind AND status = OLD.status;
    INSERT INTO queue_count (company_id, kind, status, record_count, sum_e5)
    VALUES (NEW.company_id, NEW.kind, NEW.status, 1, NEW.amount_e5)
    ON CONFLICT (company_id, kind, status)
    DO UPDATE SET record_count = record_count + 1, sum_e5 = sum_e5 + excluded.sum_e5;
END;

-- The searchable texts in groups of three characters. The table holds the index alone; the texts are the records' own.
CREATE VIRTUAL TABLE record_search USING fts5(
    search, content = 'record', content_rowid = 'seq', tokenize = 'trigram', detail = none, columnsize = 0
);
CREATE TRIGGER record_searched AFTER INSERT ON record BEGIN
    INSERT INTO record_search (rowid, search) VALUES (NEW.seq, NEW.search);
END;
CREATE TRIGGER record_searched_anew AFTER UPDATE OF search ON record WHEN OLD.search <> NEW.search BEGIN
    INSERT INTO record_search (record_search, rowid, search) VALUES ('delete', OLD.seq, OLD.search);
    INSERT INTO record_search (rowid, search) VALUES (NEW.seq, NEW.search);
END;

CREATE TRIGGER list_entry_gone AFTER DELETE ON list_entry WHEN OLD.knowledge = 'present' BEGIN
    INSERT INTO gone_entry (company_id, list, name_key, list_id)
    VALUES (OLD.company_id, OLD.list, OLD.name_key, OLD.list_id)
    ON CONFLICT (company_id, list, name_key) DO UPDATE SET list_id = excluded.list_id;
    DELETE FROM wanted_entry WHERE company_id = OLD.company_id AND list = OLD.list AND name_key = OLD.name_key;
END;
CREATE TRIGGER list_entry_lost AFTER UPDATE OF knowledge ON list_entry
    WHEN OLD.knowledge = 'present' AND NEW.knowledge = 'absent' BEGIN
    INSERT INTO gone_entry (company_id, list, name_key, list_id)
    VALUES (OLD.company_id, OLD.list, OLD.name_key, OLD.list_id)
    ON CONFLICT (company_id, list, name_key) DO UPDATE SET list_id = excluded.list_id;
    DELETE FROM wanted_entry WHERE company_id = OLD.company_id AND list = OLD.list AND name_key = OLD.name_key;
END;

CREATE TRIGGER record_stays BEFORE DELETE ON record BEGIN SELECT RAISE(ABORT, 'records are never deleted'); END;
CREATE TRIGGER record_is_itself BEFORE UPDATE OF id, company_id, kind, external_id ON record
BEGIN SELECT RAISE(ABORT, 'a record keeps its identity'); END;
CREATE TRIGGER revision_stands BEFORE UPDATE ON revision BEGIN SELECT RAISE(ABORT, 'revisions only grow'); END;
CREATE TRIGGER revision_stays BEFORE DELETE ON revision BEGIN SELECT RAISE(ABORT, 'revisions only grow'); END;
CREATE TRIGGER history_stands BEFORE UPDATE ON history BEGIN SELECT RAISE(ABORT, 'history only grows'); END;
CREATE TRIGGER history_stays BEFORE DELETE ON history BEGIN SELECT RAISE(ABORT, 'history only grows'); END;
CREATE TRIGGER person_deed_stands BEFORE UPDATE ON person_deed BEGIN SELECT RAISE(ABORT, 'deeds only grow'); END;
CREATE TRIGGER person_deed_stays BEFORE DELETE ON person_deed BEGIN SELECT RAISE(ABORT, 'deeds only grow'); END;
CREATE TRIGGER company_deed_stands BEFORE UPDATE ON company_deed BEGIN SELECT RAISE(ABORT, 'deeds only grow'); END;
CREATE TRIGGER company_deed_stays BEFORE DELETE ON company_deed BEGIN SELECT RAISE(ABORT, 'deeds only grow'); END;
CREATE TRIGGER history_seal_stands BEFORE UPDATE ON history_seal BEGIN SELECT RAISE(ABORT, 'seals only grow'); END;
CREATE TRIGGER history_seal_stays BEFORE DELETE ON history_seal BEGIN SELECT RAISE(ABORT, 'seals only grow'); END;
CREATE TRIGGER message_set_stays BEFORE DELETE ON message_set BEGIN SELECT RAISE(ABORT, 'message sets are kept'); END;
CREATE TRIGGER attempt_stays BEFORE DELETE ON attempt BEGIN SELECT RAISE(ABORT, 'attempts are kept'); END;
CREATE TRIGGER attempt_settles_once BEFORE UPDATE ON attempt
WHEN OLD.settled_us IS NOT NULL OR NEW.settled_us IS NULL OR OLD.record_id <> NEW.record_id
    OR OLD.message_set_key <> NEW.message_set_key OR OLD.revision <> NEW.revision OR OLD.errand <> NEW.errand
BEGIN SELECT RAISE(ABORT, 'an attempt is settled once'); END;

-- SQLite plans by what it believes of tables, and nobody analyses these. By its guesses an index of all that a company ever had is as
-- good as one of the few records that wait. So it is told once what a company looks like that has come to a million records;
-- for a smaller one the same plans are right. The first number is how many rows an index has, each further one how many
-- of them agree in that many columns.
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('record', 'sqlite_autoindex_record_1', '1000000 1'),
    ('record', 'sqlite_autoindex_record_2', '1000000 1000000 500000 1'),
    ('record', 'record_claim', '10000 10000 5000 1 1'),
    ('record', 'record_grid', '1000000 1000000 500000 125000 1000 1 1'),
    ('record', 'record_number', '1000000 1000000 500000 1 1'),
    ('record', 'record_customer', '1000000 1000000 500000 50 1'),
    ('record', 'record_amount', '1000000 1000000 500000 50 1'),
    ('record', 'record_created', '1000000 1000000 500000 100 1'),
    ('record', 'record_changed', '1000000 1000000 500000 100 1 1'),
    ('record', 'record_standing', '1000 1000 1'),
    ('record', 'record_submitted_number', '900000 900000 450000 1 1'),
    ('record', 'record_submitted_created', '900000 900000 450000 100 1'),
    ('record', 'record_txn', '900000 1 1'),
    ('record', 'record_older', '1000 1000 1'),
    ('record', 'record_attention', '1000 1000 200 20 1'),
    ('revision', 'sqlite_autoindex_revision_1', '1100000 1 1'),
    ('application', 'application', '500000 1 1'),
    ('application', 'application_invoice', '500000 500000 1'),
    ('history', 'history_record', '5000000 5 1'),
    ('history', 'history_company', '5000000 5000000 1'),
    ('history', 'history_attention', '10000 10000 1'),
    ('history', 'history_day', '1000000 1000000 1000 1'),
    ('history', 'history_person', '1000000 1000000 200000 1000 1'),
    ('visit', 'sqlite_autoindex_visit_1', '50000 1'),
    ('visit', 'sqlite_autoindex_visit_2', '50000 1'),
    ('visit', 'visit_open', '1 1'),
    ('visit', 'visit_company', '50000 50000 1'),
    ('message_set', 'sqlite_autoindex_message_set_1', '100000 1'),
    ('message_set', 'sqlite_autoindex_message_set_2', '100000 1'),
    ('message_set', 'sqlite_autoindex_message_set_3', '100000 2 1'),
    ('message_set', 'message_set_open', '5 5 1'),
    ('attempt', 'sqlite_autoindex_attempt_1', '1100000 10 1'),
    ('attempt', 'attempt_record', '1100000 1 1');
ANALYZE sqlite_schema;
