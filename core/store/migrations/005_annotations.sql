-- Schema 5: judges of steps in lanes of their own, people's annotations as events, queues, search trees, branches.

-- A judge of steps. What two lanes say is never merged.
CREATE TABLE lanes (
    id   INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('checker', 'human', 'monte_carlo', 'prm', 'critic', 'detector')),
    name TEXT NOT NULL,                              -- the annotator, the checkpoint, the detector
    UNIQUE (kind, name)
) STRICT;

-- Judgements that a run's log holds (imported labels, scores that a trainer wrote): rebuilt with it.
CREATE TABLE trace_judgements (
    trace_id   INTEGER NOT NULL REFERENCES traces (id) ON DELETE CASCADE,
    lane_id    INTEGER NOT NULL REFERENCES lanes (id),
    idx        INTEGER NOT NULL,
    begin_byte INTEGER NOT NULL,
    end_byte   INTEGER NOT NULL,
    -- What it comes to, for finding lanes that disagree: -1 wrong, 0 neutral, 1 right; NULL: it takes no side. Of a
    -- rating itself; of a PRM's probability whether it is at least one half; of Monte Carlo whether any rollout succeeded.
    verdict    INTEGER,
    rating     INTEGER,
    value      REAL,
    successes  INTEGER NOT NULL DEFAULT 0,
    rollouts   INTEGER NOT NULL DEFAULT 0,
    text       TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (trace_id, lane_id, idx)
) STRICT, WITHOUT ROWID;

-- Traces of which somebody said something here. The natural key is what outlives a reindex, which finds trace_id anew.
CREATE TABLE marks (
    id           INTEGER PRIMARY KEY,
    trace_id     INTEGER UNIQUE REFERENCES traces (id) ON DELETE SET NULL,
    run_id       INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    attempt      INTEGER NOT NULL,
    step         INTEGER NOT NULL,
    phase        TEXT NOT NULL,
    task         TEXT NOT NULL,
    group_number INTEGER NOT NULL,
    sample       INTEGER NOT NULL,
    occurrence   INTEGER NOT NULL,                   -- 0, 1 … in order of the log, where a log has the same key again
    changed      INTEGER NOT NULL DEFAULT 0,         -- ascends over the store with each change of what is said of it
    UNIQUE (run_id, attempt, step, phase, task, group_number, sample, occurrence)
) STRICT;
CREATE INDEX marks_without_trace ON marks (run_id) WHERE trace_id IS NULL;
CREATE INDEX marks_by_change ON marks (changed);
-- Finds a trace by its natural key, and the group that it belongs to.
CREATE INDEX traces_by_group ON traces (run_id, group_number, step);

-- Judgements that were made here: of people the ratings that hold now (written with their events, and rebuilt from
-- them), of models and rollouts what `traces label` and `traces score` computed. Columns as in trace_judgements.
CREATE TABLE judgements (
    mark_id    INTEGER NOT NULL REFERENCES marks (id) ON DELETE CASCADE,
    lane_id    INTEGER NOT NULL REFERENCES lanes (id),
    idx        INTEGER NOT NULL,
    begin_byte INTEGER NOT NULL,
    end_byte   INTEGER NOT NULL,
    verdict    INTEGER,
    rating     INTEGER,
    value      REAL,
    successes  INTEGER NOT NULL DEFAULT 0,
    rollouts   INTEGER NOT NULL DEFAULT 0,
    text       TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (mark_id, lane_id, idx)
) STRICT, WITHOUT ROWID;

-- Traces with a step of which two judges say opposite things: verdict -1 and 1 over the same bytes, the task's checker
-- being one of the judges. Follows from trace_steps, trace_judgements and judgements, and is kept up to date with them.
CREATE TABLE disputed_traces (
    trace_id INTEGER PRIMARY KEY REFERENCES traces (id) ON DELETE CASCADE,
    steps    INTEGER NOT NULL                        -- how many
) STRICT;

CREATE TABLE annotators (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE annotation_queues (
    id              INTEGER PRIMARY KEY,
    name            TEXT NOT NULL UNIQUE,
    preset          TEXT NOT NULL,
    guidelines      TEXT NOT NULL,
    blind           INTEGER NOT NULL,
    show_gold_after INTEGER NOT NULL,
    annotators      INTEGER NOT NULL,                -- wanted for each item
    created         REAL NOT NULL,
    changed         INTEGER NOT NULL                 -- ascends over all queues with each change
) STRICT;
CREATE TABLE queue_items (
    queue_id    INTEGER NOT NULL REFERENCES annotation_queues (id) ON DELETE CASCADE,
    idx         INTEGER NOT NULL,
    mark_id     INTEGER NOT NULL REFERENCES marks (id) ON DELETE CASCADE,
    first_error INTEGER,                             -- of a quality-control item: its byte, -1: none; NULL: no control
    PRIMARY KEY (queue_id, idx),
    UNIQUE (queue_id, mark_id)
) STRICT, WITHOUT ROWID;

-- Everything that anybody said of a trace, never changed. What holds is the last row of each (mark, annotator, kind,
-- range).
CREATE TABLE annotation_events (
    id           INTEGER PRIMARY KEY,
    mark_id      INTEGER NOT NULL REFERENCES marks (id) ON DELETE CASCADE,
    annotator_id INTEGER NOT NULL REFERENCES annotators (id),
    t            REAL NOT NULL,
    kind         TEXT NOT NULL,
    begin_byte   INTEGER NOT NULL,                   -- -1: the whole trace
    end_byte     INTEGER NOT NULL,
    old_value    TEXT,                               -- JSON; NULL: nothing was said
    new_value    TEXT,
    reason       TEXT NOT NULL,
    seconds      REAL NOT NULL,                      -- of focused time since the annotator's last event
    undoes       INTEGER REFERENCES annotation_events (id),  -- of an undo what it takes back, of a redo the undo
    queue_id     INTEGER REFERENCES annotation_queues (id) ON DELETE SET NULL,
    action       INTEGER NOT NULL                    -- id of the first of those that were said, undone or redone at once
) STRICT;
CREATE INDEX annotation_events_by_mark ON annotation_events (mark_id, annotator_id, kind, begin_byte, end_byte);
CREATE INDEX annotation_events_by_annotator ON annotation_events (annotator_id, undoes IS NULL);
CREATE INDEX annotation_events_by_undone ON annotation_events (undoes) WHERE undoes IS NOT NULL;
CREATE INDEX annotation_events_by_queue ON annotation_events (queue_id) WHERE queue_id IS NOT NULL;
CREATE INDEX queue_items_by_mark ON queue_items (mark_id);

-- Searches at test time, and trees of rollouts. The nodes are one compressed text, because nobody looks for one.
CREATE TABLE search_trees (
    id         INTEGER PRIMARY KEY,
    run_id     INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    step       INTEGER NOT NULL,
    method     TEXT NOT NULL,
    task       TEXT NOT NULL,
    problem    TEXT NOT NULL,
    tokens     INTEGER NOT NULL,
    nodes      INTEGER NOT NULL,                     -- how many
    correct    INTEGER NOT NULL,
    tree       BLOB NOT NULL,                        -- zstd of the event's JSON
    t          REAL NOT NULL,
    attempt    INTEGER NOT NULL,
    superseded INTEGER NOT NULL
) STRICT;
CREATE INDEX search_trees_by_run ON search_trees (run_id, superseded, step);
CREATE INDEX search_trees_by_problem ON search_trees (problem) WHERE superseded = 0;

-- Completions that were branched off another one: where, and by which checkpoint.
CREATE TABLE trace_branches (
    trace_id     INTEGER PRIMARY KEY REFERENCES traces (id) ON DELETE CASCADE,
    parent_run   TEXT NOT NULL,                      -- UUID
    step         INTEGER NOT NULL,
    phase        TEXT NOT NULL,
    group_number INTEGER NOT NULL,
    sample       INTEGER NOT NULL,
    byte         INTEGER NOT NULL,                   -- what is behind it was generated anew
    checkpoint   TEXT NOT NULL,
    edited       INTEGER NOT NULL
) STRICT;
CREATE INDEX trace_branches_by_parent ON trace_branches (parent_run, step, group_number, sample);

ALTER TABLE trace_tokens ADD COLUMN value_estimates BLOB;  -- float32: of a value model
ALTER TABLE trace_tokens ADD COLUMN scores BLOB;           -- float32: of a process reward model
ALTER TABLE trace_tokens ADD COLUMN top_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE trace_tokens ADD COLUMN top_ids BLOB;          -- int32, top_count a token
ALTER TABLE trace_tokens ADD COLUMN top_logprobs BLOB;     -- float32
ALTER TABLE trace_tokens ADD COLUMN top_texts TEXT;        -- JSON: [[id, text], …]

-- Lists that ask for right or wrong answers and a range of rewards, of one run or of all, in the order of the steps.
-- `superseded` is in them so that they cover a query that asks for it; counting all traces goes through one of them.
CREATE INDEX traces_by_correct ON traces (correct, reward, run_id, step, superseded) WHERE superseded = 0;
-- And for rollouts or evaluations.
CREATE INDEX traces_by_phase ON traces (phase, run_id, step, superseded) WHERE superseded = 0;

-- The search index follows behind the texts, since it takes ten times as long as they do: those of the traces up to
-- `through` are in it, and the writer adds the others when nothing else is to be done.
CREATE TABLE text_index (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    through INTEGER NOT NULL
) STRICT;
INSERT INTO text_index SELECT 1, coalesce(max(trace_id), 0) FROM trace_texts;
DROP TRIGGER trace_texts_added;
DROP TRIGGER trace_texts_removed;
CREATE TRIGGER trace_texts_removed AFTER DELETE ON trace_texts BEGIN
    INSERT INTO trace_search (trace_search, rowid, prompt, completion)
        SELECT 'delete', old.trace_id, old.prompt, old.completion
        WHERE old.trace_id <= (SELECT through FROM text_index);
    -- The numbers of the last traces are given again.
    UPDATE text_index SET through = coalesce((SELECT max(trace_id) FROM trace_texts), 0)
        WHERE through > coalesce((SELECT max(trace_id) FROM trace_texts), 0);
END;

-- The text index gathers more before it writes: imports spend less on joining its segments.
INSERT INTO trace_search (trace_search, rank) VALUES ('hashsize', 33554432);
