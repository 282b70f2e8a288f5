#!/usr/bin/python3
"""Two runs at once on this machine's cores: what share of its speed alone does each keep?

Trains the same small model alone, then twice at the same time, through retort-cli. Speeds are tokens over seconds of the
event log, over the time in which both trained. Also measured: the speed of a run whose thread count was chosen while
nothing else ran, when a second one joins it later; that is what the first of the two is.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import time

MEASURE_SECONDS = 15
SETTLE_SECONDS = 3  # threads started, caches warm, the precision measured
LONGEST_START = 120

CONFIG = """
recipe: sft
name: contention
model: {hidden_size: 128, num_hidden_layers: 4, num_attention_heads: 4, num_key_value_heads: 4, intermediate_size: 352}
data:
  tasks:
    - {task: addition, max_digits: 3, format: reversed_scratchpad}
training: {max_steps: 1000000, batch_size: 64, max_length: 96, save_steps: 0, warmup_steps: 10}
evaluation: {eval_steps: 0, num_problems: 1, traces: 0}
"""


class Run:
    """A `retort-cli train` under way."""

    def __init__(self, build, folder):
        folder.mkdir()
        config = folder / "config.yaml"
        config.write_text(CONFIG)
        self.folder = folder
        self.log = (folder / "output.log").open("wb")
        self.process = subprocess.Popen(
            [str(build / "bin/retort-cli"), "train", str(config), "--store", str(folder / "lab.db"),
             "--out", str(folder / "runs")],
            stdout=self.log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)

    def directory(self):
        return next(iter(self.folder.glob("runs/*/events.jsonl")), self.folder / "none").parent

    def points(self):
        """(time, tokens) of each step so far."""
        events = self.directory() / "events.jsonl"
        lines = events.read_text().splitlines(keepends=True) if events.exists() else []
        scalars = (json.loads(line) for line in lines if line.endswith("\n") and '"kind":"scalars"' in line.replace(" ", ""))
        return [(event["t"], event["tokens"]) for event in scalars if event["tokens"] > 0]

    def wait_for_first_step(self):
        limit = time.monotonic() + LONGEST_START
        while not self.points():
            if self.process.poll() is not None or time.monotonic() > limit:
                sys.exit(f"the run did not start training:\n{(self.folder / 'output.log').read_text()[-2000:]}")
            time.sleep(0.2)

    def stop(self):
        control = self.directory() / "control"
        control.mkdir(exist_ok=True)
        (control / "stop").touch()
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            sys.exit("the run did not end within 60 s of control/stop")
        finally:
            self.log.close()

    def speed(self, begin, end):
        inside = [point for point in self.points() if begin <= point[0] <= end]
        if len(inside) < 3:
            sys.exit(f"only {len(inside)} steps in {end - begin:.0f} s: too few to tell a speed")
        (t0, tokens0), (t1, tokens1) = inside[0], inside[-1]
        return (tokens1 - tokens0) / (t1 - t0)


def measure(runs):
    for run in runs:
        run.wait_for_first_step()
    time.sleep(SETTLE_SECONDS)
    begin = time.time()
    time.sleep(MEASURE_SECONDS)
    end = time.time()
    speeds = [run.speed(begin, end) for run in runs]
    for run in runs:
        run.stop()
    return speeds


def report(case, value, unit, **more):
    print(json.dumps({"case": case, "value": value, "unit": unit, **more}), flush=True)


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    if not (build / "bin/retort-cli").exists() or not list(build.glob("lib/libretort_training.so*")):
        print("retort-cli or the training module is not built", file=sys.stderr)
        sys.exit(77)
    with tempfile.TemporaryDirectory() as name:
        root = pathlib.Path(name)
        (alone,) = measure([Run(build, root / "alone")])
        report("SFT 0.8M alone", alone, "tokens/s")

        together = measure([Run(build, root / "a"), Run(build, root / "b")])
        report("two at once, started together: the slower / alone", min(together) / alone, "share", at_least=0.40)

        first = Run(build, root / "first")
        first.wait_for_first_step()
        joined = measure([first, Run(build, root / "second")])
        report("two at once, one joins later: the first / alone", joined[0] / alone, "share", at_least=0.40)
        report("two at once, one joins later: the second / alone", joined[1] / alone, "share", at_least=0.40)


if __name__ == "__main__":
    main()
