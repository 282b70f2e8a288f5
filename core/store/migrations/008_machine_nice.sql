-- Schema 8: how nice runs on a machine are.
ALTER TABLE machines ADD COLUMN nice INTEGER NOT NULL DEFAULT 0;  -- 0 … 19, of their processes
