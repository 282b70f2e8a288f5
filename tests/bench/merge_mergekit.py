# needs: torch==2.13.0 mergekit==0.1.5 transformers==5.23.0 tokenizers safetensors numpy pyyaml
"""merge_mergekit.py RECIPE OUT: merges with mergekit and prints {"seconds", "cpu", "peak_mb"}; imports do not count."""

import json
import pathlib
import resource
import sys
import time

import torch
import yaml
from mergekit.config import MergeConfiguration
from mergekit.merge import MergeOptions, run_merge

recipe, out = sys.argv[1:]
torch.set_num_threads(2)
configuration = MergeConfiguration.model_validate(yaml.safe_load(pathlib.Path(recipe).read_text()))
begin, cpu = time.monotonic(), time.process_time()
run_merge(configuration, out, options=MergeOptions(copy_tokenizer=False, quiet=True, write_model_card=False))
seconds, cpu = time.monotonic() - begin, time.process_time() - cpu
print(json.dumps({"seconds": seconds, "cpu": cpu, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000}))
