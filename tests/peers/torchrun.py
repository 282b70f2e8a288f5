#!/usr/bin/env python3
# needs: torch==2.13.0
"""PyTorch's own torchrun starts our ranks: on one machine, as two nodes, told to stop, and with a rank that is killed.

A run by two ranks has the numbers of one process. A rank that dies ends the other one, and torchrun starts both again
(--max-restarts), which go on from the run's checkpoint (--resume) as its next attempt.
"""
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time

CONFIG = """\
recipe: grpo
name: tiny
model: {hidden_size: 16, num_hidden_layers: 1, num_attention_heads: 2, num_key_value_heads: 1, intermediate_size: 24,
        max_position_embeddings: 64}
data: {tasks: [{task: addition, max_digits: 1, format: plain}]}
training: {max_steps: 4, save_steps: 5, warmup_steps: 1, precision: fp32, num_threads: 1}
grpo: {max_completion_length: 16, min_start_accuracy: 0}
evaluation: {eval_steps: 0, num_problems: 4, max_completion_length: 8}
"""
PATIENCE = 180  # s: torchrun imports PyTorch
COMPARED = ("loss", "entropy", "grad_norm", "reward", "completions/mean_length")
LIMIT = 1e-5


class Lab:
    def __init__(self, build, folder):
        self.cli = str(build / "bin" / "retort-cli")
        self.folder = folder
        self.environment = dict(os.environ, RETORT_HOME=str(folder / "home"), OMP_NUM_THREADS="1")
        (folder / "tiny.yaml").write_text(CONFIG)

    def run_directory(self, name, *overrides):
        words = [self.cli, "train", str(self.folder / "tiny.yaml"), "--prepare", "--json", "--set", f"name={name}"]
        for each in overrides:
            words += ["--set", each]
        out = subprocess.run(words, env=self.environment, check=True, capture_output=True, text=True).stdout
        return pathlib.Path(json.loads(out)["directory"])

    def one_process(self, directory):
        subprocess.run([self.cli, "train-run", str(directory)], env=self.environment, check=True)

    def torchrun(self, directory, *options, resume=False):
        """Two lines of it may be one run: each with its own options."""
        words = [str(pathlib.Path(sys.executable).parent / "torchrun"), "--no-python", *options, self.cli, "train-run",
                 str(directory)] + (["--resume"] if resume else [])
        log = (directory / f"torchrun-{len(list(directory.glob('torchrun-*')))}.log").open("w")
        return subprocess.Popen(words, env=self.environment, stdout=log, stderr=subprocess.STDOUT)


def events(directory, kind):
    file = directory / "events.jsonl"
    lines = file.read_text().splitlines() if file.exists() else []
    return [event for event in map(json.loads, lines) if event["kind"] == kind]


def values(directory):
    found = {}
    for event in events(directory, "scalars"):
        for name, value in event["values"].items():
            if name in COMPARED:
                found[event["step"], name] = value
    return found


def wait_for(condition, what):
    until = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > until:
            raise AssertionError(f"did not come: {what}")
        time.sleep(0.1)


def ended(process, what):
    wait_for(lambda: process.poll() is not None, what)
    return process.returncode


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def require(condition, text):
    if not condition:
        raise AssertionError(text)


def require_same(one, two, what):
    require(len(one) >= 8 and one.keys() == two.keys(), f"{what}: other values than one process: {len(one)}, {len(two)}")
    worst = max(abs(one[key] - two[key]) / max(1, abs(one[key])) for key in one)
    print(f"{what}: {len(one)} values, at most {worst:.1e} from one process")
    require(worst <= LIMIT, f"{what}: {worst} from one process")


def ranks_of(process):
    children = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return [int(pid) for pid in children if b"train-run" in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()]


def check(lab):
    one = lab.run_directory("one")
    lab.one_process(one)
    expected = values(one)

    two = lab.run_directory("two")
    require(ended(lab.torchrun(two, "--nproc-per-node", "2"), "torchrun's end") == 0, "torchrun failed")
    require_same(expected, values(two), "one machine")

    nodes = lab.run_directory("nodes")
    meeting = ["--nnodes", "2", "--nproc-per-node", "1", "--master-addr", "127.0.0.1", "--master-port", str(free_port())]
    both = [lab.torchrun(nodes, *meeting, "--node-rank", str(rank)) for rank in (0, 1)]
    require([ended(each, "torchrun's end") for each in both] == [0, 0], "torchrun failed on two nodes")
    require_same(expected, values(nodes), "two nodes")

    long = lab.run_directory("long", "training.max_steps=1000000")
    runner = lab.torchrun(long, "--nproc-per-node", "2", "--max-restarts", "2", resume=True)
    wait_for(lambda: len(events(long, "checkpoint")) > 0, "a checkpoint")
    os.kill(ranks_of(runner)[-1], signal.SIGKILL)
    wait_for(lambda: len(events(long, "start")) == 2 and events(long, "scalars")[-1]["seq"] > events(long, "start")[1]["seq"],
             "steps of the second attempt")
    end = events(long, "end")
    require(len(end) == 1 and "lost rank 1" in end[0]["error"], f"the first attempt's end: {end}")
    require(events(long, "start")[1]["from_step"] > 0, "the second attempt began anew")
    runner.send_signal(signal.SIGTERM)
    ended(runner, "torchrun's end")
    end = events(long, "end")
    require(len(end) == 2 and end[1]["outcome"] == "stopped", f"the second attempt's end: {end}")
    step = events(long, "scalars")[-1]["step"]
    require((long / "checkpoints" / f"step-{step:08d}" / "trainer.json").exists(), "stopped without a checkpoint")
    print(f"killed rank: second attempt from step {events(long, 'start')[1]['from_step']}, stopped at {step} with a checkpoint")


def main():
    with tempfile.TemporaryDirectory() as folder:
        check(Lab(pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(folder)))


if __name__ == "__main__":
    main()
