-- Schema 10: a run of the queue may use several GPUs.

ALTER TABLE queued_runs RENAME COLUMN uses_gpu TO gpus;           -- so many, where there are any; 0: none
ALTER TABLE queued_runs ADD COLUMN on_gpus TEXT NOT NULL DEFAULT '';  -- "0,2": started on, as nvidia-smi counts
UPDATE queued_runs SET on_gpus = gpu WHERE gpu IS NOT NULL;
ALTER TABLE queued_runs DROP COLUMN gpu;
