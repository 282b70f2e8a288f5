-- Schema 9: a run that failed waits for a while before the queue starts it again.

-- Unix time, s, of the failure after which it waits; NULL: there was none, or somebody wants it tried now.
ALTER TABLE queued_runs ADD COLUMN failed_at REAL;
