-- Conversations, their trees of messages, and the journal of replies that are still growing.

CREATE TABLE conversations (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    named INTEGER NOT NULL,
    created REAL NOT NULL,
    updated REAL NOT NULL,
    -- When the person deleted it; until it is really removed, that can be undone.
    deleted REAL,
    unread INTEGER NOT NULL DEFAULT 0,
    -- Counted when messages are written, so that a list of thousands is read at once. Branches are leaves.
    messages INTEGER NOT NULL DEFAULT 0,
    branches INTEGER NOT NULL DEFAULT 0,
    leaf TEXT,
    place_message TEXT,
    place_offset INTEGER,
    -- What may be long stands last: a list does not read that far.
    system TEXT NOT NULL,
    draft TEXT NOT NULL
) STRICT;

CREATE TABLE messages (
    key INTEGER PRIMARY KEY,
    conversation INTEGER NOT NULL REFERENCES conversations (key) ON DELETE CASCADE,
    -- Ids are unique within a conversation: an imported file may hold what is here already.
    id TEXT NOT NULL,
    -- The order in which messages came; a parent stands before its children.
    sequence INTEGER NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('system', 'user', 'assistant')),
    parent TEXT,
    derived_from TEXT,
    state TEXT NOT NULL CHECK (state IN ('queued', 'streaming', 'finished', 'interrupted')),
    reason TEXT CHECK (reason IN ('end', 'limit', 'stopped', 'context_full', 'interrupted')),
    -- Which process writes it, by the name of its lock file, while it is queued or streaming.
    owner TEXT,
    created REAL NOT NULL,
    model TEXT,
    -- JSON
    options TEXT,
    statistics TEXT,
    parts TEXT NOT NULL,
    UNIQUE (conversation, id)
) STRICT;

CREATE INDEX messages_by_id ON messages (id);
CREATE INDEX messages_unfinished ON messages (key) WHERE state IN ('queued', 'streaming');

CREATE TABLE segments (
    key INTEGER PRIMARY KEY,
    message INTEGER NOT NULL REFERENCES messages (key) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    channel TEXT NOT NULL CHECK (channel IN ('thinking', 'answer')),
    author TEXT NOT NULL CHECK (author IN ('model', 'person', 'app')),
    tokens INTEGER NOT NULL,
    seconds REAL NOT NULL,
    text TEXT NOT NULL,
    UNIQUE (message, ordinal)
) STRICT;

-- What a growing reply has said since it was written whole; only ever appended to, and folded into segments at its end.
CREATE TABLE journal (
    sequence INTEGER PRIMARY KEY,
    message INTEGER NOT NULL REFERENCES messages (key) ON DELETE CASCADE,
    channel TEXT NOT NULL CHECK (channel IN ('thinking', 'answer')),
    author TEXT NOT NULL CHECK (author IN ('model', 'person', 'app')),
    tokens INTEGER NOT NULL,
    seconds REAL NOT NULL,
    text TEXT NOT NULL
) STRICT;

CREATE INDEX journal_by_message ON journal (message);
