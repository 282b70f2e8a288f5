#!/usr/bin/env python3
# needs: torch==2.13.0 transformers==5.23.0 trl==0.19.1 accelerate==1.15.0 datasets==5.2.0
"""TRL's PRMTrainer takes the stepwise files that Retort exports: its own tokenize_row puts each label on the last token of
its step. TRL dropped the trainer later; 0.19 has it.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import datasets
import tokenizers
import transformers
from trl.trainer.prm_trainer import PRMTrainer

BENCH = [{"id": "g-0", "generator": "q", "problem": "1+1+1?", "steps": ["1+1=2.", "2+1=4."], "final_answer_correct": False,
          "label": 1},
         {"id": "g-1", "generator": "q", "problem": "2+2?", "steps": ["It is 4.", "So 4."], "final_answer_correct": True,
          "label": -1}]


def cli(build, home, *arguments):
    subprocess.run([str(build / "bin" / "retort-cli"), *map(str, arguments)], check=True, stdout=subprocess.DEVNULL,
                   env={**os.environ, "RETORT_HOME": str(home)})


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    inner = tokenizers.Tokenizer(tokenizers.models.BPE({chr(i): i for i in range(256)}, []))
    tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_object=inner, pad_token="\0", eos_token="\1")
    with tempfile.TemporaryDirectory() as scratch:
        home = pathlib.Path(scratch)
        (home / "bench.json").write_text(json.dumps(BENCH))
        cli(build, home, "traces", "import", home / "bench.json", "--run", "bench")
        cli(build, home, "traces", "export", "bench", "--format", "trl-stepwise", "--out", home / "steps.jsonl")
        rows = datasets.load_dataset("json", data_files=str(home / "steps.jsonl"), split="train", cache_dir=str(home / "cache"))
    assert len(rows) == 2, rows
    for row, wanted in zip(rows, ([1, 0], [1, 1])):
        tokens = PRMTrainer.tokenize_row(row, tokenizer, step_separator="\n", max_length=None, max_prompt_length=None,
                                         max_completion_length=None, train_on_last_step_only=False, is_eval=False)
        ends = [i for i, label in enumerate(tokens["labels"]) if label != -100]
        assert [tokens["labels"][i] for i in ends] == wanted, tokens["labels"]
        text = tokenizer.decode(tokens["input_ids"][: ends[0] + 1])
        assert text.replace(" ", "").endswith(row["completions"][0].replace(" ", "") + "\n"), text
    print("    PRMTrainer.tokenize_row: each label on the last token of its step")


if __name__ == "__main__":
    main()
