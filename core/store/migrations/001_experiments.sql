-- Schema 1: runs and everything that their logs say. The comments in these files are the documentation of the schema.
--
-- The store is an index over run directories: every row but tags, notes, names, archive marks and settings can be
-- rebuilt from events.jsonl (`retort-cli store reindex`). Times are Unix seconds. A REAL that is NULL was not a number.
-- `superseded = 1` marks what a rewind (a resume from an earlier checkpoint) took back: kept, and hidden until asked
-- for. `attempt` is the number of the start event before it.

CREATE TABLE studies (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

-- One row a run directory.
CREATE TABLE runs (
    id           INTEGER PRIMARY KEY,
    uuid         TEXT NOT NULL UNIQUE,               -- of run.json
    name         TEXT NOT NULL,                      -- may be changed; run.json keeps the first one
    study_id     INTEGER REFERENCES studies (id),
    recipe       TEXT NOT NULL DEFAULT '',
    parent       TEXT,                               -- UUID of the run whose checkpoint this one starts from
    state        TEXT NOT NULL DEFAULT 'created' CHECK (state IN
                     ('created', 'running', 'paused', 'finished', 'stopped', 'failed', 'lost')),
    backend      TEXT NOT NULL DEFAULT '',
    host         TEXT NOT NULL DEFAULT '',
    directory    TEXT NOT NULL DEFAULT '',           -- absolute path; empty for runs without one
    error        TEXT NOT NULL DEFAULT '',
    notes        TEXT NOT NULL DEFAULT '',
    config       TEXT NOT NULL DEFAULT '',           -- the resolved configuration, YAML
    created      REAL NOT NULL,
    first_start  REAL,                               -- of the first attempt: zero of the seconds axis
    started      REAL,                               -- of the last attempt
    ended        REAL,                               -- of the last attempt
    step         INTEGER NOT NULL DEFAULT 0,
    total_steps  INTEGER NOT NULL DEFAULT 0,         -- 0: unknown
    attempts     INTEGER NOT NULL DEFAULT 0,
    activity     TEXT NOT NULL DEFAULT '',           -- of the last status event: 'training', 'evaluating' …
    seconds_left REAL,
    archived     INTEGER NOT NULL DEFAULT 0,
    -- How far events.jsonl has been read. Written in the same transaction as the rows that came from it, which is what
    -- makes an interrupted reader lose nothing and count nothing twice.
    log_offset   INTEGER NOT NULL DEFAULT 0,         -- bytes
    log_seq      INTEGER NOT NULL DEFAULT 0          -- seq of the last event
) STRICT;
CREATE INDEX runs_by_name ON runs (name);

CREATE TABLE run_tags (
    run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    tag    TEXT NOT NULL,
    PRIMARY KEY (run_id, tag)
) STRICT, WITHOUT ROWID;

-- One row a metric of a run: 'loss', 'rewards/correctness/mean' …
CREATE TABLE series (
    id             INTEGER PRIMARY KEY,
    run_id         INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    name           TEXT NOT NULL,
    points         INTEGER NOT NULL DEFAULT 0,       -- rows in `points`: the next one's idx
    superseded     INTEGER NOT NULL DEFAULT 0,       -- of them
    first_step     INTEGER NOT NULL DEFAULT 0,
    last_step      INTEGER NOT NULL DEFAULT 0,       -- of the last point that is not superseded
    last_value     REAL,
    -- Whether the points that are not superseded ascend on that axis; where they do, a stretch of the axis is a
    -- stretch of idx and the summaries can answer for it.
    step_ordered   INTEGER NOT NULL DEFAULT 1,
    tokens_ordered INTEGER NOT NULL DEFAULT 1,
    time_ordered   INTEGER NOT NULL DEFAULT 1,
    UNIQUE (run_id, name)
) STRICT;

-- The points, plain: SELECT step, value FROM points WHERE series_id = … AND superseded = 0 ORDER BY idx.
CREATE TABLE points (
    series_id  INTEGER NOT NULL REFERENCES series (id) ON DELETE CASCADE,
    idx        INTEGER NOT NULL,                     -- 0, 1, 2 …, gapless, in the order of the log
    step       INTEGER NOT NULL,
    tokens     INTEGER NOT NULL,
    t          REAL NOT NULL,
    value      REAL,                                 -- NULL: NaN; the infinities are themselves
    attempt    INTEGER NOT NULL,
    superseded INTEGER NOT NULL,
    PRIMARY KEY (series_id, idx)
) STRICT, WITHOUT ROWID;

-- A pyramid over each series: the row (level, idx) sums up the 16^level points from idx * 16^level on. Only whole ones
-- are stored, so rows are added and never changed (but by a rewind). Superseded points are left out of the sums.
CREATE TABLE summaries (
    series_id    INTEGER NOT NULL REFERENCES series (id) ON DELETE CASCADE,
    level        INTEGER NOT NULL,                   -- 1, 2, …
    idx          INTEGER NOT NULL,
    count        INTEGER NOT NULL,                   -- finite values
    non_finite   INTEGER NOT NULL,                   -- NaN and infinities: in no minimum or maximum
    first_point  INTEGER NOT NULL,                   -- points.idx of the first, last, least and greatest finite value
    last_point   INTEGER NOT NULL,
    min_point    INTEGER NOT NULL,
    max_point    INTEGER NOT NULL,
    first_value  REAL NOT NULL,
    last_value   REAL NOT NULL,
    min_value    REAL NOT NULL,
    max_value    REAL NOT NULL,
    first_step   INTEGER NOT NULL,                   -- where the stretch begins and ends on each axis
    last_step    INTEGER NOT NULL,
    first_tokens INTEGER NOT NULL,
    last_tokens  INTEGER NOT NULL,
    first_t      REAL NOT NULL,
    last_t       REAL NOT NULL,
    PRIMARY KEY (series_id, level, idx)
) STRICT, WITHOUT ROWID;

-- Sampled completions. What lists and filters need is here, in narrow rows; texts and arrays are in the tables below.
CREATE TABLE traces (
    id            INTEGER PRIMARY KEY,
    run_id        INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    step          INTEGER NOT NULL,                  -- training step at which it was sampled
    phase         TEXT NOT NULL,                     -- 'train' or 'eval'
    task          TEXT NOT NULL,
    problem       TEXT NOT NULL,                     -- the problem's id, stable across steps and runs
    group_number  INTEGER NOT NULL,                  -- samples of one prompt share it (unique in run, step, phase)
    sample        INTEGER NOT NULL,
    correct       INTEGER NOT NULL,
    worked        INTEGER NOT NULL,                  -- writes its working out
    reward        REAL,
    advantage     REAL,
    num_tokens    INTEGER NOT NULL,
    finish        TEXT NOT NULL,                     -- 'stop' or 'length'
    step_accuracy REAL,
    t             REAL NOT NULL,
    attempt       INTEGER NOT NULL,
    superseded    INTEGER NOT NULL
) STRICT;
CREATE INDEX traces_by_step ON traces (run_id, superseded, step);
CREATE INDEX traces_by_reward ON traces (run_id, reward) WHERE superseded = 0;
CREATE INDEX traces_by_length ON traces (run_id, num_tokens) WHERE superseded = 0;
CREATE INDEX traces_by_problem ON traces (problem, step) WHERE superseded = 0;
-- The same over all runs, where newest first is the order of the ids.
CREATE INDEX all_traces_by_reward ON traces (reward) WHERE superseded = 0;
CREATE INDEX all_traces_by_length ON traces (num_tokens) WHERE superseded = 0;

CREATE TABLE trace_texts (
    trace_id   INTEGER PRIMARY KEY REFERENCES traces (id) ON DELETE CASCADE,
    prompt     TEXT NOT NULL,
    completion TEXT NOT NULL,
    gold       TEXT NOT NULL,                        -- reference answer
    extracted  TEXT NOT NULL                         -- answer found in the completion; empty when none
) STRICT;

-- Substring search over prompts and completions: SELECT rowid FROM trace_search WHERE trace_search MATCH '"12+34="'.
-- Trigrams, because the texts of reasoning tasks are no words.
CREATE VIRTUAL TABLE trace_search USING fts5 (
    prompt, completion, content = 'trace_texts', content_rowid = 'trace_id', tokenize = 'trigram'
);
CREATE TRIGGER trace_texts_added AFTER INSERT ON trace_texts BEGIN
    INSERT INTO trace_search (rowid, prompt, completion) VALUES (new.trace_id, new.prompt, new.completion);
END;
CREATE TRIGGER trace_texts_removed AFTER DELETE ON trace_texts BEGIN
    INSERT INTO trace_search (trace_search, rowid, prompt, completion)
        VALUES ('delete', old.trace_id, old.prompt, old.completion);
END;

-- Unweighted reward components, in the order of the log.
CREATE TABLE trace_rewards (
    trace_id INTEGER NOT NULL REFERENCES traces (id) ON DELETE CASCADE,
    idx      INTEGER NOT NULL,
    name     TEXT NOT NULL,
    value    REAL,
    PRIMARY KEY (trace_id, idx)
) STRICT, WITHOUT ROWID;

-- Reasoning steps: bytes [begin_byte, end_byte) of the completion.
CREATE TABLE trace_steps (
    trace_id   INTEGER NOT NULL REFERENCES traces (id) ON DELETE CASCADE,
    idx        INTEGER NOT NULL,
    begin_byte INTEGER NOT NULL,
    end_byte   INTEGER NOT NULL,
    verdict    TEXT NOT NULL CHECK (verdict IN ('unchecked', 'correct', 'wrong')),
    reason     TEXT NOT NULL,
    PRIMARY KEY (trace_id, idx)
) STRICT, WITHOUT ROWID;

-- Per-token arrays, little-endian int32 and float32, one entry a generated token; NULL: not recorded.
CREATE TABLE trace_tokens (
    trace_id     INTEGER PRIMARY KEY REFERENCES traces (id) ON DELETE CASCADE,
    ids          BLOB,
    ends         BLOB,                               -- byte of the completion at which the token's text ends
    logprobs     BLOB,
    entropies    BLOB,
    ref_logprobs BLOB
) STRICT;

CREATE TABLE checkpoints (
    id         INTEGER PRIMARY KEY,
    run_id     INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    step       INTEGER NOT NULL,
    path       TEXT NOT NULL,                        -- relative to the run's directory
    t          REAL NOT NULL,
    attempt    INTEGER NOT NULL,
    superseded INTEGER NOT NULL
) STRICT;
CREATE INDEX checkpoints_by_run ON checkpoints (run_id, step);

-- Held-out evaluations, their metrics, and their problems one by one (so that two of the same set can be paired).
CREATE TABLE evaluations (
    id         INTEGER PRIMARY KEY,
    run_id     INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    step       INTEGER NOT NULL,
    t          REAL NOT NULL,
    name       TEXT NOT NULL,
    set_hash   TEXT NOT NULL,                        -- of the problem set's ids
    attempt    INTEGER NOT NULL,
    superseded INTEGER NOT NULL
) STRICT;
CREATE INDEX evaluations_by_run ON evaluations (run_id, step);
CREATE TABLE evaluation_metrics (
    evaluation_id INTEGER NOT NULL REFERENCES evaluations (id) ON DELETE CASCADE,
    name          TEXT NOT NULL,
    value         REAL,
    PRIMARY KEY (evaluation_id, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE evaluation_items (
    evaluation_id INTEGER NOT NULL REFERENCES evaluations (id) ON DELETE CASCADE,
    idx           INTEGER NOT NULL,
    problem       TEXT NOT NULL,
    samples       INTEGER NOT NULL,
    correct       INTEGER NOT NULL,
    mean_tokens   REAL,
    PRIMARY KEY (evaluation_id, idx)
) STRICT, WITHOUT ROWID;

CREATE TABLE alarms (
    id         INTEGER PRIMARY KEY,
    run_id     INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    step       INTEGER NOT NULL,
    t          REAL NOT NULL,
    rule       TEXT NOT NULL,
    severity   TEXT NOT NULL,                        -- 'info', 'warning', 'error'
    text       TEXT NOT NULL,
    attempt    INTEGER NOT NULL,
    superseded INTEGER NOT NULL
) STRICT;
CREATE INDEX alarms_by_run ON alarms (run_id, step);

-- What the trainer said, and what was wrong with its log ('events.jsonl:17: …').
CREATE TABLE messages (
    id     INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    t      REAL NOT NULL,
    level  TEXT NOT NULL,                            -- 'info', 'warning', 'error'
    text   TEXT NOT NULL
) STRICT;
CREATE INDEX messages_by_run ON messages (run_id);

-- Window state that belongs to the data: last selection, saved views. Values are JSON.
CREATE TABLE settings (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
