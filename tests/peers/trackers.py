#!/usr/bin/env python3
# needs: tensorboardX==2.6.5 wandb==0.31.0 trackio==0.43.0 mlflow==3.17.2 swanlab==0.10.3 dvclive==3.49.1
"""Curves that the field's trackers write, adopted by `retort-cli adopt`.

tests/peers/golden/trackers/ holds small folders that these programs wrote and, beside each, NAME.json with what was logged;
tst_tracker_peers and tst_cli_adopt read them on every run, without Python. This check writes all anew (a newer version may
write something else), adopts them and compares every point. To replace the golden files:

    tests/peers/trackers.py BUILD_DIR --write

The folder of transformers' Trainer is of trackers_trainer.py. What a program cannot do here is said and passed over, and the
check ends with status 77 unless everything ran.
"""
import json
import math
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import traceback

GOLDEN = pathlib.Path(__file__).parent / "golden" / "trackers"
os.environ.update(WANDB_MODE="offline", WANDB_SILENT="true", MLFLOW_ALLOW_FILE_STORE="1", MLFLOW_DISABLE_TELEMETRY="true",
                  DO_NOT_TRACK="1", DVC_NO_ANALYTICS="1", GIT_PYTHON_REFRESH="quiet", SWANLAB_MODE="offline",
                  WANDB__DISABLE_STATS="true", HF_HUB_OFFLINE="1", WANDB_DISABLE_CODE="true")
STEPS = 12
CONFIG = {"learning_rate": 1e-3, "model": "small", "lora": {"r": 8}}


def loss(step):
    return 2.0 / (1 + step)


def reward(step):
    """With what no number is: a metric that is NaN once, and infinite once."""
    return math.nan if step == 3 else math.inf if step == 5 else step / 7


def curves(first=0, last=STEPS):
    return {"train/loss": [[s, loss(s)] for s in range(first, last)],
            "reward": [[s, reward(s)] for s in range(first, last)]}


def tensorboard(folder):
    from tensorboardX import SummaryWriter

    writer = SummaryWriter(str(folder / "first"))
    for step in range(STEPS):
        writer.add_scalar("train/loss", loss(step), step)
        writer.add_scalar("reward", reward(step), step)
    writer.add_histogram("weights", [1.0, 2.0, 3.0], 3)
    writer.add_text("note", "a text", 0)
    writer.close()
    # Stopped after step 9, begun again from the checkpoint of step 5.
    for steps, purge in ((range(10), None), (range(6, STEPS), 6)):
        writer = SummaryWriter(str(folder / "resumed"), purge_step=purge, filename_suffix=f".{purge or 0}")
        for step in steps:
            writer.add_scalar("train/loss", loss(step) + (0.5 if purge else 0), step)
        writer.close()
    resumed = [[s, loss(s)] for s in range(6)] + [[s, loss(s) + 0.5] for s in range(6, STEPS)]
    return {"first": {"points": curves(), "single": True}, "resumed": {"points": {"train/loss": resumed}, "single": True}}


def wandb(folder):
    import wandb

    run = wandb.init(project="p", name="sweet-run", dir=str(folder), config=CONFIG, id="abc12345", mode="offline",
                     settings=wandb.Settings(x_disable_stats=True, x_disable_meta=True, console="off"))
    for step in range(STEPS):
        run.log({"train/loss": loss(step), "reward": reward(step), "nested": {"a": step, "b": -step}}, step=step)
    run.finish()
    for path in folder.rglob("*"):
        if path.is_file() and path.suffix != ".wandb":
            path.unlink()
    points = curves()
    points["nested.a"] = [[s, s] for s in range(STEPS)]
    points["nested.b"] = [[s, -s] for s in range(STEPS)]
    return {"sweet-run": {"points": points, "state": "finished", "config": CONFIG}}


def trackio(folder):
    code = """
import sys
sys.path.insert(0, sys.argv[1])
from trackers import CONFIG, STEPS, loss, reward
import trackio
trackio.init(project="proj", name="calm-run", config=CONFIG)
for step in range(STEPS):
    trackio.log({"train/loss": loss(step), "reward": reward(step)}, step=step)
trackio.finish()
"""
    home = folder / "trackio"
    environment = {**os.environ, "TRACKIO_DIR": str(home), "GRADIO_ANALYTICS_ENABLED": "False"}
    subprocess.run([sys.executable, "-c", code, str(pathlib.Path(__file__).parent)], check=True, env=environment,
                   stdout=subprocess.DEVNULL, timeout=300)
    fold_database(home / "proj.db")
    for path in home.rglob("*"):
        if path.is_file() and path.name != "proj.db":
            path.unlink()
    return {"calm-run": {"points": curves(), "config": CONFIG}}


def fold_database(file):
    import sqlite3
    with sqlite3.connect(file) as database:
        database.execute("PRAGMA journal_mode=DELETE")
    database.close()


def mlflow_runs(uri, folder):
    import mlflow

    mlflow.set_tracking_uri(uri)
    mlflow.set_experiment("exp")
    for name, fails in (("good", False), ("bad", True)):
        run = mlflow.start_run(run_name=name)
        mlflow.log_params({"learning_rate": 1e-3, "model": "small"})
        for step in range(STEPS):
            mlflow.log_metric("train/loss", loss(step), step=step)
            mlflow.log_metric("reward", reward(step), step=step)
        mlflow.end_run("FAILED" if fails else "FINISHED")
    config = {"learning_rate": 0.001, "model": "small"}
    return {"good": {"points": curves(), "state": "finished", "config": config},
            "bad": {"points": curves(), "state": "failed", "config": config}}


def mlflow_files(folder):
    told = mlflow_runs((folder / "mlruns").as_uri(), folder)
    for tag in folder.glob("mlruns/*/*/tags/*"):
        if tag.name != "mlflow.runName":
            tag.unlink()
    return told


def mlflow_database(folder):
    told = mlflow_runs(f"sqlite:///{folder}/mlflow.db", folder)
    shrink_mlflow(folder / "mlflow.db")
    return told


def shrink_mlflow(file):
    """A real store has a hundred empty tables: only those that hold a run are kept, as they are."""
    import sqlite3
    kept = {"experiments", "runs", "metrics", "params", "tags", "latest_metrics", "alembic_version"}
    with sqlite3.connect(file) as database:
        database.execute("PRAGMA foreign_keys=OFF")
        for kind, name in database.execute("SELECT type, name FROM sqlite_schema WHERE type IN ('table', 'index') "
                                           "AND name NOT LIKE 'sqlite_%' AND sql IS NOT NULL").fetchall():
            table = name if kind == "table" else database.execute(
                "SELECT tbl_name FROM sqlite_schema WHERE name = ?", (name,)).fetchone()
            if kind == "table" and table not in kept:
                database.execute(f'DROP TABLE "{name}"')
    database.close()
    with sqlite3.connect(file, isolation_level=None) as database:
        database.execute("VACUUM")
    database.close()


def swanlab(folder):
    import swanlab

    swanlab.init(project="p", experiment_name="bright-run", mode="offline", logdir=str(folder / "swanlog"), config=CONFIG)
    for step in range(STEPS):
        swanlab.log({"train/loss": loss(step), "reward": reward(step)}, step=step)
    swanlab.finish()
    for path in folder.rglob("*"):
        if path.is_file() and path.suffix != ".swanlab":
            path.unlink()
    return {"bright-run": {"points": curves(), "state": "finished"}}


def dvclive(folder):
    import dvclive

    with dvclive.Live(str(folder / "dvclive"), save_dvc_exp=False, dvcyaml=None, report=None) as live:
        live.log_params({"learning_rate": 1e-3, "model": "small"})
        for step in range(STEPS):
            live.log_metric("train/loss", loss(step))
            live.log_metric("accuracy", step / 7)
            live.next_step()
    points = {"train/loss": [[s, loss(s)] for s in range(STEPS)], "accuracy": [[s, s / 7] for s in range(STEPS)]}
    return {"dvclive": {"points": points, "config": {"learning_rate": 0.001, "model": "small"}}}


WRITERS = [tensorboard, wandb, trackio, mlflow_files, mlflow_database, swanlab, dvclive]


def empty_folders_removed(folder):
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_symlink():
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()


def write_all(root):
    """Which writers could not run, and why."""
    failed = {}
    for writer in WRITERS:
        name = writer.__name__
        folder = root / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        try:
            told = writer(folder)
            empty_folders_removed(folder)
            (root / f"{name}.json").write_text(json.dumps(told, indent=1) + "\n")
        except Exception as error:  # noqa: BLE001 (said, and counted)
            traceback.print_exc()
            failed[name] = f"{type(error).__name__}: {error}"
    return failed


def same(a, b, single):
    if a is None or b is None:
        return a is b
    if math.isnan(b):
        return a in ("NaN", None) or (isinstance(a, float) and math.isnan(a))
    a = float(a)
    if math.isinf(b):
        return a == b
    return abs(a - b) <= (1e-6 * abs(b) if single else 0)


def adopted(cli, home, folder):
    """What the store has of a folder: run name -> (state, {series: [[step, value]]})."""
    environment = {**os.environ, "RETORT_HOME": str(home)}
    subprocess.run([cli, "adopt", str(folder), "--quiet"], check=True, env=environment)
    runs = json.loads(subprocess.run([cli, "runs", "--json"], check=True, env=environment, capture_output=True,
                                     text=True).stdout)
    result = {}
    for run in runs:
        text = subprocess.run([cli, "export", run["id"], "--format", "jsonl"], check=True, env=environment,
                              capture_output=True, text=True).stdout
        points = {}
        for line in text.splitlines():
            point = json.loads(line)
            points.setdefault(point["series"], []).append([point["step"], point["value"]])
        result[run["name"]] = (run["state"], points)
    return result


def compare(name, told, found):
    wrong = []
    for run, expected in told.items():
        if run not in found:
            wrong.append(f"{name}: no run {run}, there are {sorted(found)}")
            continue
        state, points = found[run]
        if expected.get("state") and state != expected["state"]:
            wrong.append(f"{name}/{run}: is {state}, expected {expected['state']}")
        for series, values in expected["points"].items():
            have = points.get(series, [])
            if [p[0] for p in have] != [p[0] for p in values]:
                wrong.append(f"{name}/{run}/{series}: steps {[p[0] for p in have]}")
            elif not all(same(h[1], w[1], expected.get("single")) for h, w in zip(have, values)):
                wrong.append(f"{name}/{run}/{series}: values {have}")
    return wrong


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    if "--write" in sys.argv:
        failed = write_all(GOLDEN)
        for name, why in failed.items():
            print(f"{name}: not written: {why}")
        return 1 if failed else 0
    wrong = []
    with tempfile.TemporaryDirectory() as temporary:
        root = pathlib.Path(temporary)
        failed = write_all(root)
        for writer in WRITERS:
            name = writer.__name__
            if name in failed:
                print(f"{name}: could not be written here: {failed[name]}")
                continue
            told = json.loads((root / f"{name}.json").read_text())
            wrong += compare(name, told, adopted(build / "bin/retort-cli", root / f"home-{name}", root / name))
    print("\n".join(wrong) if wrong else f"{len(WRITERS) - len(failed)} trackers adopted, every point as it was logged")
    return 1 if wrong else 77 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
