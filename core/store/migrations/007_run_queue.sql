-- Schema 7: runs that wait for their turn on machines without a scheduler.

-- A run is here from when it is queued until it has ended well or was stopped, or until somebody takes it out.
CREATE TABLE queued_runs (
    run_id   INTEGER PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
    backend  TEXT NOT NULL,                          -- where it is to run ("local-process", "ssh:box")
    position INTEGER NOT NULL,                       -- 1, 2 …: who comes first
    state    TEXT NOT NULL CHECK (state IN ('waiting', 'started', 'failed')),
    held     INTEGER NOT NULL,                       -- 1: by hand, until it is released
    retries  INTEGER NOT NULL,                       -- how often it is still started again when it fails
    attempts INTEGER NOT NULL,                       -- how often the queue has started it
    uses_gpu INTEGER NOT NULL,                       -- 1: takes a place on a GPU where there are any
    gpu      INTEGER,                                -- the one it was started on, as nvidia-smi counts; NULL: none
    problem  TEXT NOT NULL                           -- why it failed; empty: it did not
) STRICT;

-- What must have finished before: a run waits for others, whether these are in the queue or not.
CREATE TABLE queued_after (
    run_id   INTEGER NOT NULL REFERENCES queued_runs (run_id) ON DELETE CASCADE,
    after_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    PRIMARY KEY (run_id, after_id)
) STRICT, WITHOUT ROWID;

-- Earlier versions kept what waited in a setting, by directory.
INSERT INTO queued_runs
    SELECT runs.id, coalesce(json_extract(waiting.value, '$.backend'), 'local-process'),
           row_number() OVER (ORDER BY waiting.key), 'waiting', 0, 0, 0, 1, NULL, ''
    FROM settings, json_each(iif(json_valid(settings.value), settings.value, '{}'), '$.runs') AS waiting
    JOIN runs ON runs.directory = json_extract(waiting.value, '$.directory')
    WHERE settings.key = 'launch.queue' AND runs.state = 'created'
    GROUP BY runs.id;
DELETE FROM settings WHERE key = 'launch.queue';
