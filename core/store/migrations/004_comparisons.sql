-- Comparisons of checkpoints that were saved by name, to be opened again. They hold what was compared, not the numbers:
-- those come from the evaluations, and `set_hash` tells whether they still rest on the same problems.
CREATE TABLE comparisons (
    id         INTEGER PRIMARY KEY,
    name       TEXT NOT NULL UNIQUE,
    created    REAL NOT NULL,
    changed    REAL NOT NULL,
    baseline   INTEGER NOT NULL,                     -- idx of the checkpoint that the others are set against
    evaluation TEXT NOT NULL,                        -- name of the evaluation; empty: all that they have in common
    set_hash   TEXT NOT NULL,                        -- of the problems when it was saved; of several sets, the hash of their hashes
    options    TEXT NOT NULL                         -- JSON
) STRICT;

-- A checkpoint is a run and a step of it. Runs by UUID: it is the same in every store.
CREATE TABLE comparison_checkpoints (
    comparison_id INTEGER NOT NULL REFERENCES comparisons (id) ON DELETE CASCADE,
    idx           INTEGER NOT NULL,                  -- 0, 1, 2 …
    run_uuid      TEXT NOT NULL,
    step          INTEGER NOT NULL,
    PRIMARY KEY (comparison_id, idx)
) STRICT, WITHOUT ROWID;
