-- Schema 8: a stop that is asked while a queued run is being started, which whoever starts it carries out.

ALTER TABLE queued_runs ADD COLUMN stop_asked INTEGER NOT NULL DEFAULT 0;  -- 1: of this attempt
