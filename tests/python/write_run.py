"""Trainings for tst_python_runs.cpp: write_run.py MODULE_FOLDER MODE RUN_DIRECTORY. The values are known there, too."""
import os
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
import retort_log  # noqa: E402

MODE, DIRECTORY = sys.argv[2:4]


def everything():
    run = retort_log.init(DIRECTORY, name="näme\ud800", study="python",
                          config={"learning_rate": 1e-5, "on": {"x": [1, None], "ü": "y: #"}},
                          total_steps=20)
    run.status("training", step=1, total_steps=20, seconds_left=2.5)
    for step in range(1, 11):
        run.log({"loss": 1 / step, "nan": float("nan"), "inf": float("-inf"), "\0\"\ud83d\ude00": step}, step=step,
                tokens=64 * step)
    run.trace("1+1=\0\ud800", "zwei ∑ 2", step=10, group=3, sample=1, reward=0.5,
              rewards={"accuracy": 1, "format": float("nan")},
              advantage=-0.25, correct=True, gold="2", extracted="2", task="sums", num_tokens=4, finish="length",
              steps=[(0, 4, "wrong", "no"), (5, 10, "correct")],
              tokens={"ids": [1, 2, 3, 4], "ends": [4, 5, 8, 10], "logprobs": [-0.1, -1.5, float("-inf"), 0.0],
                      "clipped": [0, -1, 1, 0]})
    run.trace("the same problem", "x", step=10, task="trl")
    run.checkpoint(os.path.join(DIRECTORY, "checkpoints", "step-00000010"), 10)
    outside = DIRECTORY + "-outside"
    os.makedirs(outside, exist_ok=True)
    run.checkpoint(outside, 10)
    run.evaluation("held-out", {"accuracy": 0.75}, step=10,
                   items=[{"problem": "p1", "samples": 4, "correct": 3, "mean_tokens": 10.5}])
    run.alarm("non_finite", "nan is NaN", "error", step=10)
    run.message("\x1b hello\n\u2028", "info")
    run.log({"gone": 1}, step=30)
    run.rewind(10)
    run.finish("failed", "the disk\0 burned")


def waiting():
    """Says where it is, and goes on until it is killed."""
    run = retort_log.init(DIRECTORY, name="killed", total_steps=10**6)
    step = 0
    while True:
        step += 1
        run.log({"loss": step}, step=step)
        if step % 10 == 0:
            run.trace("p" * 200, "c" * 2000, step=step)
        if step == 300:
            run.sync()
            print("300", flush=True)


def resumed():
    run = retort_log.init(DIRECTORY, from_step=200)
    for step in range(201, 211):
        run.log({"loss": -step}, step=step)


def asked():
    """Stops when it is asked to, and saves then."""
    run = retort_log.init(DIRECTORY, name="asked")
    run.log({"loss": 1}, step=1)
    run.sync()
    print("ready", flush=True)
    while not run.should_stop():
        run.wait_while_paused(0.01)
        if run.should_checkpoint():
            run.checkpoint("checkpoints/step-00000001", 1)
        time.sleep(0.01)
    run.finish("stopped")


{"everything": everything, "waiting": waiting, "resumed": resumed, "asked": asked}[MODE]()
