-- What an update of the policy found at each token, beside the arrays of the sampling.
ALTER TABLE trace_tokens ADD COLUMN ratios BLOB;      -- float32: policy / sampling policy in the step's last update
ALTER TABLE trace_tokens ADD COLUMN advantages BLOB;  -- float32
ALTER TABLE trace_tokens ADD COLUMN clipped BLOB;     -- int32: -1 below the clip range, 1 above it, 0 in it
