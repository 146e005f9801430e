-- Everything the network keeps. Instants are ms since 1970 in network time unless the name says real.

CREATE TABLE IF NOT EXISTS meta (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS accounts (
    handle TEXT PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    bio TEXT NOT NULL,
    persona TEXT NOT NULL,
    language TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    followers INTEGER NOT NULL,
    idempotency TEXT NOT NULL,
    media_processing_ms INTEGER NOT NULL,
    requests_per_window INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    kind TEXT NOT NULL DEFAULT 'words',
    access_lives_ms INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

-- session, expires_at: of a code that ends and is renewed; null for one that lasts.
CREATE TABLE IF NOT EXISTS tokens (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (handle),
    digest TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER,
    session TEXT,
    expires_at INTEGER
) WITHOUT ROWID;

-- renewals: how often new codes were given. reused: how often a refresh code came once more.
CREATE TABLE IF NOT EXISTS sessions (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (handle),
    opened_at INTEGER NOT NULL,
    ended_at INTEGER,
    renewals INTEGER NOT NULL DEFAULT 0,
    reused INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS refresh_codes (
    digest TEXT PRIMARY KEY,
    session TEXT NOT NULL REFERENCES sessions (id),
    used_at INTEGER
) WITHOUT ROWID;

-- author: an account's handle, or a person of the audience when origin is 'audience'.
-- intent: what a person of the audience meant; the truth by which an inbox can be judged.
CREATE TABLE IF NOT EXISTS posts (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    author TEXT NOT NULL,
    origin TEXT NOT NULL,
    text TEXT NOT NULL,
    language TEXT NOT NULL,
    media TEXT NOT NULL,
    reply_to TEXT,
    root TEXT,
    client_ref TEXT,
    intent TEXT,
    created_at INTEGER NOT NULL,
    edited_at INTEGER,
    deleted_at INTEGER
);
CREATE INDEX IF NOT EXISTS posts_by_author ON posts (author, created_at, seq);
CREATE INDEX IF NOT EXISTS posts_by_thread ON posts (root, created_at, seq) WHERE root IS NOT NULL;
CREATE INDEX IF NOT EXISTS posts_in_feed ON posts (created_at, seq)
WHERE reply_to IS NULL AND deleted_at IS NULL;
CREATE INDEX IF NOT EXISTS posts_by_client_ref ON posts (author, client_ref)
WHERE client_ref IS NOT NULL;

CREATE TABLE IF NOT EXISTS media (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    mime_type TEXT NOT NULL,
    width_px INTEGER NOT NULL,
    height_px INTEGER NOT NULL,
    size_bytes INTEGER NOT NULL,
    digest TEXT NOT NULL,
    alt_text TEXT NOT NULL,
    focus_x REAL NOT NULL,
    focus_y REAL NOT NULL,
    created_at INTEGER NOT NULL,
    ready_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS media_bytes (
    id TEXT PRIMARY KEY,
    content BLOB NOT NULL
);

CREATE TABLE IF NOT EXISTS idempotency_keys (
    account TEXT NOT NULL,
    key TEXT NOT NULL,
    payload_hash TEXT NOT NULL,
    post_id TEXT NOT NULL,
    used_at INTEGER NOT NULL,
    PRIMARY KEY (account, key)
) WITHOUT ROWID;

-- What the network accepted, in the order it accepted it. Rows are only ever added.
CREATE TABLE IF NOT EXISTS ledger (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    real_at INTEGER NOT NULL,
    event TEXT NOT NULL,
    account TEXT NOT NULL,
    token_id TEXT NOT NULL,
    request_id TEXT NOT NULL,
    subject TEXT NOT NULL,
    payload_hash TEXT NOT NULL,
    payload TEXT NOT NULL
);
CREATE TRIGGER IF NOT EXISTS ledger_is_never_changed BEFORE UPDATE ON ledger
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END;
CREATE TRIGGER IF NOT EXISTS ledger_is_never_shortened BEFORE DELETE ON ledger
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END;
