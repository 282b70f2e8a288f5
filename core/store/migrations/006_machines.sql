-- Schema 6: machines on which runs execute, and the runs that execute there.

-- A machine. No password and no key is kept: how it is reached is OpenSSH's business.
CREATE TABLE machines (
    id           INTEGER PRIMARY KEY,
    name         TEXT NOT NULL UNIQUE,               -- a run's backend is "ssh:" and this name
    destination  TEXT NOT NULL,                      -- as after `ssh`; empty: this machine
    port         INTEGER NOT NULL,                   -- 0: as the user's SSH configuration says
    work_folder  TEXT NOT NULL,                      -- there; "~/…" and relative ones are below the home folder
    environment  TEXT NOT NULL,                      -- lines of POSIX sh that run there before a trainer
    scheduler    TEXT NOT NULL CHECK (scheduler IN ('none', 'slurm')),
    libtorch     TEXT NOT NULL,                      -- LibTorch's folder there; empty: the system's
    runs_at_once INTEGER NOT NULL,
    runs_per_gpu INTEGER NOT NULL,                   -- 0: the GPUs do not matter
    position     INTEGER NOT NULL                    -- in lists: 1, 2 …
) STRICT;

-- Runs that were started on a machine. The machine is known by its name, because a run outlives it in the store. What
-- is needed to follow a run is in its directory (remote.json) as well; these rows are what lists and queues read.
CREATE TABLE jobs (
    run_id         INTEGER PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
    machine        TEXT NOT NULL,
    directory      TEXT NOT NULL,                    -- of the run there; empty: nothing is there yet
    scheduler      TEXT NOT NULL,                    -- 'none' or 'slurm'
    job_id         TEXT NOT NULL,                    -- the scheduler's number ("77", "77_3"); empty: none
    job_state      TEXT NOT NULL,                    -- the scheduler's word ("PENDING"); empty: it was not asked
    reason         TEXT NOT NULL,                    -- why it waits, or how it ended, in the scheduler's words
    expected_start REAL,                             -- Unix time, s; NULL: the scheduler does not say
    changed        REAL NOT NULL                     -- Unix time, s: when the row was written last
) STRICT;
CREATE INDEX jobs_by_machine ON jobs (machine);
