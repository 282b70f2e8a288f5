#!/usr/bin/python3
"""Merging four models of 1 GB (float32, random weights, the Llama shape) through retort-cli, beside mergekit and `cat`.

Files lie in the page cache. GB of input a second over the whole process of ours, and over mergekit's run_merge() without
its imports. `cat` reads three of the inputs and copies the fourth, which is a file of the output's size. Ours waits for
the disk before it renames the result into place; `cat` does so too (`sync`) where the case says so, mergekit does not.
Peak memory is the process's largest resident set, mapped pages included. Runs take turns, and the best of each counts;
where other programs have the cores, seconds of CPU (ours on two threads, `cat` on one) say more than those of the clock.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
from typing import NamedTuple

from merge_case import LARGEST_TENSOR, MODELS, recipes, write_model

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "peers"))
from interpreter import Unavailable, interpreter_for  # noqa: E402

ROUNDS = 3
HERE = pathlib.Path(__file__).resolve().parent
NEEDED_BYTES = 12 << 30


def result(case, value, unit, **more):
    print(json.dumps({"case": case, "value": value, "unit": unit, **more}), flush=True)


class Run(NamedTuple):
    seconds: float
    cpu: float  # of all threads, system calls included
    peak_mb: float


def timed(command):
    begin = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    message = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{command[:2]}: {message[-1500:]}")
    return Run(time.monotonic() - begin, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1000)


def ours(build, recipe, out):
    command = [str(build / "bin/retort-cli"), "merge", str(recipe), "--out", str(out), "--quiet"]
    measured = timed(command)
    shutil.rmtree(out)
    return measured


def mergekit(python, recipe, out):
    run = subprocess.run([python, str(HERE / "merge_mergekit.py"), str(recipe), str(out)], capture_output=True, text=True)
    shutil.rmtree(out, ignore_errors=True)
    if run.returncode != 0:
        sys.exit(f"mergekit: {run.stderr[-1500:]}")
    answer = json.loads(run.stdout.splitlines()[-1])
    return Run(answer["seconds"], answer["cpu"], answer["peak_mb"])


def cat(files, out, sync):
    rest = " ".join(str(file) for file in files[1:])
    run = timed(["sh", "-c", f"cat {rest} > /dev/null; cat {files[0]} > {out}" + (f"; sync {out}" if sync else "")])
    out.unlink()
    return run


def best(runs, what):
    return min(getattr(run, what) for run in runs)


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    if not (build / "bin/retort-cli").exists():
        print("retort-cli is not built", file=sys.stderr)
        sys.exit(77)
    if shutil.disk_usage(tempfile.gettempdir()).free < NEEDED_BYTES:
        print(f"{NEEDED_BYTES >> 30} GB of free disk are needed in {tempfile.gettempdir()}", file=sys.stderr)
        sys.exit(77)
    try:
        python = interpreter_for(HERE / "merge_mergekit.py", build / "peer-environments")
    except Unavailable as error:
        print(f"without mergekit: {error}", file=sys.stderr)
        python = None
    with tempfile.TemporaryDirectory(prefix="retort-merge-") as name:
        base = pathlib.Path(name)
        for i in range(MODELS):
            write_model(base / f"model-{i}")
        measure(build, python, base, recipes(base))


def measure(build, python, base, files):
    inputs = [base / f"model-{i}" / "model.safetensors" for i in range(MODELS)]
    size = sum(file.stat().st_size for file in inputs) / 1e9
    subprocess.run(["sync"], check=True)
    runs = {name: [] for name in ("cat", "cat and sync", *files)}
    for _ in range(ROUNDS):
        runs["cat"].append(cat(inputs, base / "copy", False))
        runs["cat and sync"].append(cat(inputs, base / "copy", True))
        for method, recipe in files.items():
            runs[method].append(ours(build, recipe, base / "out"))
    for name in ("cat", "cat and sync"):
        result(f"merge: {name}", size / best(runs[name], "seconds"), "GB/s", cpu=best(runs[name], "cpu"),
               note="three inputs read, one copied")
    for method, recipe in files.items():
        seconds, peak = best(runs[method], "seconds"), max(run.peak_mb for run in runs[method])
        limit = 3 * LARGEST_TENSOR / 1e6 * MODELS + 300
        result(f"merge: {method}", size / seconds, "GB/s", cpu=best(runs[method], "cpu"), note="whole process, with fsync")
        result(f"merge: {method}, of cat with sync", best(runs["cat and sync"], "seconds") / seconds, "×", at_least=0.6)
        result(f"merge: {method}, of cat without", best(runs["cat"], "seconds") / seconds, "×")
        result(f"merge: {method}, peak memory", peak, "MB", better="lower", at_most=limit)
        if python is None:
            continue
        theirs = [mergekit(python, recipe, base / "out") for _ in range(ROUNDS - 1)]
        result(f"merge: {method}, of mergekit", best(theirs, "seconds") / seconds, "×", at_least=3,
               note=f"mergekit: {size / best(theirs, 'seconds'):.2f} GB/s, {best(theirs, 'peak_mb'):,.0f} MB")
        result(f"merge: {method}, of mergekit by CPU time", best(theirs, "cpu") / best(runs[method], "cpu"), "×")


main()
