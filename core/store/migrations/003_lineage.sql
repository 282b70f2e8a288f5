-- Schema 3: what came from what. Nodes are the rows of `checkpoints` and, here, folders outside of runs. All of it is
-- read from config.yaml and from the folders themselves, and can be read again (`retort-cli store reindex`).

-- Which reading of its configuration the run's edges are of; 0: none yet.
ALTER TABLE runs ADD COLUMN lineage_version INTEGER NOT NULL DEFAULT 0;

-- Folders with a checkpoint or an adapter that are no run's: what runs start from, what was merged or imported.
CREATE TABLE lineage_folders (
    id      INTEGER PRIMARY KEY,
    path    TEXT NOT NULL UNIQUE,                    -- absolute
    state   TEXT NOT NULL CHECK (state IN ('checkpoint', 'adapter', 'missing')),  -- when last looked
    method  TEXT NOT NULL DEFAULT '',                -- of a merge: 'ties' …
    recipe  TEXT NOT NULL DEFAULT '',                -- of a merge: its YAML
    program TEXT NOT NULL DEFAULT '',                -- that made it
    source  TEXT NOT NULL DEFAULT '',                -- the file that tells its parents: 'lineage.json' …
    problem TEXT NOT NULL DEFAULT '',                -- why that file could not be read
    created REAL NOT NULL DEFAULT 0
) STRICT;

-- One row a parent of a run or of a folder, as it is named there.
CREATE TABLE lineage_edges (
    id          INTEGER PRIMARY KEY,
    run_id      INTEGER REFERENCES runs (id) ON DELETE CASCADE,
    folder_id   INTEGER REFERENCES lineage_folders (id) ON DELETE CASCADE,
    kind        TEXT NOT NULL CHECK (kind IN
                    ('trained', 'distilled', 'merged', 'adapter', 'resumed', 'grown', 'judged')),
    parent      TEXT NOT NULL,                       -- absolute path, 'run:<name or id>[@step]' or 'hub:<org/name>'
    parent_hash TEXT NOT NULL DEFAULT '',            -- content hash of the parent then; empty: unknown
    weight      REAL,                                -- in a merge, where it is one number
    is_base     INTEGER NOT NULL DEFAULT 0,          -- the base model of a merge
    detail      TEXT NOT NULL DEFAULT '',
    CHECK ((run_id IS NULL) <> (folder_id IS NULL))
) STRICT;
CREATE INDEX lineage_edges_by_run ON lineage_edges (run_id);
CREATE INDEX lineage_edges_by_folder ON lineage_edges (folder_id);

-- Content hashes that were computed, and the files that they are of: others of this size and time have another hash.
CREATE TABLE content_hashes (
    path     TEXT PRIMARY KEY,                       -- folder of the checkpoint
    bytes    INTEGER NOT NULL,                       -- of all weight files
    modified INTEGER NOT NULL,                       -- of the newest of them, ns
    hash     TEXT NOT NULL                           -- XXH3, 128 bits, hexadecimal
) STRICT, WITHOUT ROWID;
