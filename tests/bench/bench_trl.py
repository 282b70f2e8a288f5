#!/usr/bin/python3
"""Whole training runs and generation through retort-cli, beside TRL's trainers and transformers.generate (trl_peer.py).

The same checkpoint of 5 M parameters, the same rows, batch, lengths and precision (float32). Speeds are tokens over the
time between steps, as the event log has them: supervised, all tokens of the batch; GRPO, completion tokens that were
generated, judged and trained on; generation comes from bench_decode, with the probabilities that RL needs.
"""

import json
import pathlib
import subprocess
import sys

from trl_case import BATCH, GENERATE, GENERATIONS, GRPO, GRPO_STEPS, LENGTH, MODEL, NEW_TOKENS, PROMPTS, SFT, SFT_STEPS
from trl_case import folder, generate_case, speed, write_data

COMMON = {"learning_rate": 1e-5, "warmup_steps": 0, "lr_scheduler_type": "constant", "save_steps": 0,
          "precision": "fp32"}
QUIET = {"eval_steps": 0, "num_problems": 1, "traces": 0}


def train(build, base, name, config):
    """Event log of the run."""
    path = base / f"{name}.json"
    path.write_text(json.dumps(config))  # JSON is YAML
    result = subprocess.run([str(build / "bin/retort-cli"), "train", str(path), "--store", str(base / "lab.db"),
                             "--out", str(base / name)], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if result.returncode != 0:
        sys.exit(f"{name}: {result.stdout[-1500:]}\n{result.stderr[-1500:]}")
    run = next((base / name).glob("*/events.jsonl"))
    return run.parent, [json.loads(line) for line in run.read_text().splitlines()]


def training(recipe, steps):
    sizes = {} if recipe == "grpo" else {"batch_size": BATCH, "max_length": LENGTH}
    return {**COMMON, "max_steps": steps, **sizes}


def config(recipe, base, model, steps, **sections):
    return {"recipe": recipe, "name": recipe, "model": model, "data": {"files": [{"path": str(base / "rows.jsonl"),
            "held_out_share": 0.01}]}, "training": training(recipe, steps),
            "evaluation": QUIET, **sections}


def scalars(events, name):
    return [(event["t"], event["values"][name]) for event in events
            if event["kind"] == "scalars" and name in event["values"]]


def measured(case, value, ratio, note):
    print(json.dumps({"case": case, "value": value, "unit": "tokens/s", "peer_ratio": ratio, "note": note}), flush=True)


def main():
    build = pathlib.Path(sys.argv[1])
    base = folder(build)
    subprocess.run(["rm", "-rf", str(base)], check=True)
    base.mkdir()
    write_data(base / "rows.jsonl")
    start = config("sft", base, MODEL, 1)
    start["training"]["save_steps"] = 1
    run, _ = train(build, base, "start", start)
    checkpoint = next((run / "checkpoints").glob("step-*"))
    (base / "model").symlink_to(checkpoint)

    _, events = train(build, base, "sft", config("sft", base, {"from": str(checkpoint)}, SFT_STEPS))
    steps = [event for event in events if event["kind"] == "scalars" and "loss" in event["values"]]
    totals = [0] + [event["tokens"] for event in steps]
    measured(SFT, speed([(event["t"], after - before) for event, before, after in zip(steps, totals, totals[1:])]), 1.3,
             "forward and backward; no padding, no Python between the kernels")

    grpo = {"prompts_per_step": PROMPTS, "num_generations": GENERATIONS, "max_completion_length": NEW_TOKENS, "beta": 0,
            "min_start_accuracy": 0, "rewards": [{"reward": "repetition"}]}
    _, events = train(build, base, "grpo", config("grpo", base, {"from": str(checkpoint)}, GRPO_STEPS,
                                               grpo=grpo, traces={"groups_per_step": 0}))
    measured(GRPO, speed(scalars(events, "tokens/generated")), 3, "decoding step by step")

    lines = subprocess.run([str(build / "bin/bench_decode")], capture_output=True, text=True, check=True).stdout
    for line in lines.splitlines():
        entry = json.loads(line) if line.startswith("{") else {}
        for size in GENERATE:
            if entry.get("case") == f"decode {size} 64 rows":
                measured(generate_case(size), entry["value"], 4, entry["note"])


main()
