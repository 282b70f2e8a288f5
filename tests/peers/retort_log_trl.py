#!/usr/bin/env python3
# needs: torch==2.13.0 transformers==5.23.0 trl==1.16.0 accelerate==1.15.0 datasets==5.2.0
"""resources/python/retort_trl.py in real trainings: SFTTrainer, DPOTrainer, GRPOTrainer on a random model, here on the CPU.

What the callback writes is compared with what the trainers themselves keep (log_history, TRL's own Parquet log of completions)
and read by retort-cli. tests/peers/golden/retort_log/ holds two of these runs, which tst_python_runs reads on every run, without
Python. To make them anew:

    tests/peers/retort_log_trl.py BUILD_DIR [--write] [sft dpo grpo wrapped judge ranks requests example external]
"""
import json
import math
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import time

HERE = pathlib.Path(__file__).resolve().parent
GOLDEN = HERE / "golden" / "retort_log"
MODULE, EXAMPLE = HERE.parents[1] / "resources" / "python", HERE.parents[1] / "resources" / "examples" / "trl_grpo_slurm"
os.environ.update(HF_HUB_OFFLINE="1", HF_DATASETS_OFFLINE="1", TOKENIZERS_PARALLELISM="false", WANDB_DISABLED="true",
                  OMP_NUM_THREADS="1")

# What each training below begins with; run as a process of its own, as a user's train.py is.
COMMON = f"""
import os, pathlib, sys
sys.dont_write_bytecode = True
sys.path.insert(0, {str(MODULE)!r})
import datasets, tokenizers, torch, transformers, trl
import retort_log
from retort_trl import RetortCallback
torch.set_num_threads(1)
out = sys.argv[1]

letters = sorted("abcdefghijklmnopqrstuvwxyz0123456789+= ?<>/")
vocabulary = {{token: i for i, token in enumerate(["<pad>", "<eos>", "<unk>", *letters])}}
inner = tokenizers.Tokenizer(tokenizers.models.WordLevel(vocabulary, unk_token="<unk>"))
inner.pre_tokenizer = tokenizers.pre_tokenizers.Split(tokenizers.Regex("."), "isolated")
inner.decoder = tokenizers.decoders.Fuse()
tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_object=inner, pad_token="<pad>", eos_token="<eos>",
                                                 unk_token="<unk>", padding_side="left",
                                                 model_input_names=["input_ids", "attention_mask"])
torch.manual_seed(1)
model = transformers.LlamaForCausalLM(transformers.LlamaConfig(
    vocab_size=len(vocabulary), hidden_size=16, intermediate_size=32, num_hidden_layers=1, num_attention_heads=2,
    num_key_value_heads=2, max_position_embeddings=64, pad_token_id=0, eos_token_id=1, bos_token_id=None))
base = out + "/base" + os.environ.get("RANK", "")
model.save_pretrained(base)  # DPO loads its reference from where the model came from
tokenizer.save_pretrained(base)
model = transformers.AutoModelForCausalLM.from_pretrained(base)
settings = dict(output_dir=out + "/trainer", logging_steps=1, report_to="none", use_cpu=True, disable_tqdm=True, seed=1,
                bf16=False)

def accuracy_reward(completions, answer, **_):
    return [float(a in text) for text, a in zip(completions, answer)]

def some_reward(completions, **_):
    return [None if len(text) % 2 else len(text) / 8 for text in completions]

def keep(trainer):
    import json
    pathlib.Path(out, "log_history.json").write_text(json.dumps(trainer.state.log_history))

def sums(count):
    pairs = [(a, b) for a in range(count) for b in range(count)]
    return [{{"prompt": f"{{a}}+{{b}}=?", "completion": str(a + b), "answer": str(a + b)}} for a, b in pairs]
"""

SFT = """
data = datasets.Dataset.from_list(sums(4)).remove_columns("answer")
config = trl.SFTConfig(max_steps=int(sys.argv[2]), per_device_train_batch_size=4, save_steps=2, eval_strategy="steps",
                       eval_steps=3,
                       max_length=32, **settings)
trainer = trl.SFTTrainer(model=model, args=config, train_dataset=data, eval_dataset=data, processing_class=tokenizer,
                         callbacks=[RetortCallback(directory=out + "/run", name="sft")])
trainer.train(resume_from_checkpoint=len(sys.argv) > 3)
keep(trainer)
"""

DPO = """
data = datasets.Dataset.from_list([{"prompt": row["prompt"], "chosen": row["completion"], "rejected": "no"} for row in sums(3)])
config = trl.DPOConfig(max_steps=2, per_device_train_batch_size=3, save_strategy="no", max_length=32, **settings)
trainer = trl.DPOTrainer(model=model, args=config, train_dataset=data, processing_class=tokenizer,
                         callbacks=[RetortCallback(directory=out + "/run")])
trainer.train()
keep(trainer)
"""

GRPO = """
data = datasets.Dataset.from_list(sums(2)).remove_columns("completion")
config = trl.GRPOConfig(max_steps=3, per_device_train_batch_size=8 // int(os.environ.get("WORLD_SIZE", 1)), num_generations=4,
                        max_completion_length=8,
                        log_completions=True, num_completions_to_print=0, reward_weights=[1.0, 0.5], save_steps=2,
                        eval_strategy="steps", eval_steps=2, per_device_eval_batch_size=4, **settings)
callback = RetortCallback(directory=out + "/run", name="grpo", study="sums")
trainer = trl.GRPOTrainer(model=model, reward_funcs=[accuracy_reward, some_reward], args=config, train_dataset=data,
                          eval_dataset=data,
                          processing_class=tokenizer, callbacks=[callback])
callback.attach(trainer)
trainer.train()
keep(trainer)
"""

# No function that could be wrapped: what TRL itself keeps is all there is. Each batch is used twice.
GRPO_MODEL = """
judge = transformers.LlamaForSequenceClassification(transformers.LlamaConfig(
    vocab_size=len(vocabulary), hidden_size=16, intermediate_size=32, num_hidden_layers=1, num_attention_heads=2,
    num_key_value_heads=2, max_position_embeddings=64, pad_token_id=0, num_labels=1))
judge.save_pretrained(out + "/judge")
tokenizer.save_pretrained(out + "/judge")
data = datasets.Dataset.from_list(sums(4)).remove_columns("completion")
config = trl.GRPOConfig(max_steps=5, per_device_train_batch_size=8, num_iterations=2, num_generations=4,
                        max_completion_length=6,
                        save_strategy="no", **settings)
trainer = trl.GRPOTrainer(model=model, reward_funcs=[out + "/judge"], args=config, train_dataset=data,
                          processing_class=tokenizer)
RetortCallback(directory=out + "/run").attach(trainer)
trainer.train()
keep(trainer)
"""

# Rewards by wrapped functions alone, gradient accumulation, batches used twice, chat.
GRPO_WRAPPED = """
tokenizer.chat_template = "{% for m in messages %}{{ m['content'] }}{% endfor %}"
data = datasets.Dataset.from_list([{"prompt": [{"role": "user", "content": row["prompt"]}],
                                    "answer": row["answer"]} for row in sums(4)])
config = trl.GRPOConfig(max_steps=4, per_device_train_batch_size=4, gradient_accumulation_steps=2, num_iterations=2,
                        num_generations=4,
                        max_completion_length=6, save_strategy="no", **settings)
callback = RetortCallback(directory=out + "/run", traces_every=1)

@callback.wrap
def accuracy(completions, answer, **_):
    return [float(a in text[0]["content"]) for text, a in zip(completions, answer)]

def length(completions, **_):
    return [len(text[0]["content"]) for text in completions]

trainer = trl.GRPOTrainer(model=model, reward_funcs=[accuracy, callback.wrap(length)], args=config, train_dataset=data,
                          processing_class=tokenizer, callbacks=[callback])
trainer.train()
keep(trainer)
"""

STOPPED = """
class Ask(transformers.TrainerCallback):
    def on_step_end(self, args, state, control, **_):
        if state.global_step == int(sys.argv[2]) and int(os.environ.get("RANK", 0)) == 0:
            pathlib.Path(out, "run/control", sys.argv[3]).touch()

data = datasets.Dataset.from_list(sums(4)).remove_columns("answer")
config = trl.SFTConfig(max_steps=12, per_device_train_batch_size=2, save_steps=100, max_length=32, **settings)
# Asked behind the callback's own look: seen at the next step.
trainer = trl.SFTTrainer(model=model, args=config, train_dataset=data, processing_class=tokenizer,
                         callbacks=[RetortCallback(directory=out + "/run"), Ask()])
trainer.train()
print("steps", trainer.state.global_step)
"""


def train(text, folder, *arguments, processes=1):
    folder.mkdir(parents=True, exist_ok=True)
    script = folder / "train.py"
    script.write_text(COMMON + textwrap.dedent(text))
    command = [sys.executable]
    if processes > 1:
        command += ["-m", "torch.distributed.run", "--standalone", "--local-addr", "127.0.0.1", f"--nproc-per-node={processes}"]
    process = subprocess.Popen([*command, str(script), str(folder), *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               text=True, start_new_session=True)
    try:
        said, errors = process.communicate(timeout=900)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)  # torchrun's children, too
        raise
    if process.returncode != 0:
        sys.exit(f"{folder.name}: status {process.returncode}\n{errors[-3000:]}")
    told = [line for line in errors.splitlines() if line.startswith("retort_log:")]
    assert not told, told
    return said


def events(folder):
    lines = (folder / "run" / "events.jsonl").read_text("utf-8").splitlines()
    found = [json.loads(line) for line in lines]
    assert [event["seq"] for event in found] == list(range(1, len(found) + 1))
    return found


def of_kind(folder, kind, phase=None):
    return [event for event in events(folder) if event["kind"] == kind and (phase is None or event["phase"] == phase)]


def same(a, b):
    return a == b or (isinstance(a, float) and isinstance(b, (int, float)) and (math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-9)))


def check_history(folder):
    """Every number that the trainer logged is in the run, at its step."""
    said = {}
    for event in of_kind(folder, "scalars"):
        for name, value in event["values"].items():
            said[event["step"], name] = value
    count = 0
    for row in json.loads((folder / "log_history.json").read_text()):
        for name, value in row.items():
            # The printing callback takes total_flos away from those behind it.
            if name not in ("step", "total_flos") and isinstance(value, (int, float)) and value == value:
                found = said.get((row["step"], name))
                assert same(found, float(value)), (row["step"], name, value, found)
                count += 1
    assert count > 10, count


def check_sft(folder):
    train(SFT, folder, "6")
    check_history(folder)
    first = events(folder)
    assert [e["step"] for e in first if e["kind"] == "checkpoint"] == [2, 4, 6], first
    assert [(e["name"], e["step"]) for e in first if e["kind"] == "evaluation"] == [("eval", 3), ("eval", 6)]
    assert {"loss", "mean_token_accuracy", "entropy"} <= {n for e in first if e["kind"] == "evaluation" for n in e["metrics"]}
    assert first[0]["total_steps"] == 6 and first[-1]["outcome"] == "finished" and first[-2]["kind"] == "status"
    assert (folder / "run/checkpoints/step-00000004/model.safetensors").exists()
    # Killed after its fourth step's checkpoint, as far as the log tells: goes on from there.
    shutil.rmtree(folder / "trainer/checkpoint-6")
    train(SFT, folder, "8", "resume")
    second = events(folder)[len(first):]
    assert [(e["kind"], e.get("attempt"), e.get("from_step")) for e in second[:1]] == [("start", 2, 4)], second[0]
    assert (second[1]["kind"], second[1]["to_step"]) == ("rewind", 4), second[1]
    steps = [e for e in second if e["kind"] == "scalars" and "loss" in e["values"]]
    assert [e["step"] for e in steps] == [5, 6, 7, 8]
    before = next(e["tokens"] for e in first if e.get("step") == 4 and e["kind"] == "scalars")
    assert steps[0]["tokens"] == before + steps[0]["values"]["num_tokens"] > before  # TRL counts anew
    assert json.loads((folder / "run/run.json").read_text())["recipe"] == "trl"


def check_dpo(folder):
    train(DPO, folder)
    check_history(folder)
    names = {name for event in of_kind(folder, "scalars") for name in event["values"]}
    assert {"rewards/chosen", "rewards/rejected", "rewards/margins", "rewards/accuracies", "logps/chosen"} <= names, names


def parquet_rows(folder, step):
    import pyarrow.parquet

    return pyarrow.parquet.read_table(folder / f"trainer/completions/completions_{step:05d}.parquet").to_pylist()


def check_grpo(folder, processes=1):
    train(GRPO, folder, processes=processes)
    check_history(folder)
    for step in (1, 2, 3):
        # At a step with an evaluation TRL's file is written again, with the evaluation's rows; its own were there before.
        traces = [e for e in of_kind(folder, "trace", "train") if e["step"] == step]
        assert len(traces) == 8, (step, len(traces))
        assert [(t["group"], t["sample"]) for t in traces] == [(g, s) for g in range(2) for s in range(4)]
        for group in range(2):
            assert len({t["problem"] for t in traces if t["group"] == group}) == 1
        if step == 1:
            for row, trace in zip(parquet_rows(folder, step), traces):
                rewards = {n: row[n] for n in ("accuracy_reward", "some_reward") if row[n] is not None and row[n] == row[n]}
                assert (row["prompt"], row["completion"]) == (trace["prompt"], trace["completion"])
                assert same(row["advantage"], trace["advantage"]) and rewards == trace["rewards"], (row, trace)
        scalars = next(e for e in of_kind(folder, "scalars") if e["step"] == step and "reward" in e["values"])["values"]
        assert same(scalars["reward"], sum(t["reward"] for t in traces) / 8), (scalars["reward"], traces)
        if processes == 1:
            assert same(scalars["completions/mean_length"], sum(t["num_tokens"] for t in traces) / 8)
            assert same(scalars["completions/clipped_ratio"], sum(t["finish"] == "length" for t in traces) / 8)
            for trace in traces:
                a, b = trace["prompt"][0], trace["prompt"][2]
                assert trace["gold"] == str(int(a) + int(b)) and trace["correct"] == (trace["gold"] in trace["completion"])
    for step in (2, 3):  # at the end of training there is an evaluation, too
        evaluated = [e for e in of_kind(folder, "trace", "eval") if e["step"] == step]
        assert len(evaluated) in (0, 16) and (step == 3 or evaluated), len(evaluated)
        assert {(t["group"], t["sample"]) for t in evaluated} in (set(), {(g, s) for g in range(4) for s in range(4)})
    assert events(folder)[-1]["outcome"] == "finished" and "error" not in events(folder)[-1]


def check_wrapped(folder):
    train(GRPO_WRAPPED, folder)
    check_history(folder)
    traces = of_kind(folder, "trace")
    # One generation serves two micro-batches and is used twice: 8 completions at steps 1 and 3.
    assert sorted({t["step"] for t in traces}) == [1, 3] and len(traces) == 16, [(t["step"], t["group"]) for t in traces]
    for trace in traces:
        assert set(trace["rewards"]) == {"accuracy", "length"} and trace["rewards"]["length"] == len(trace["completion"])
        assert "advantage" not in trace and trace["prompt"].endswith("=?") and trace["gold"]
    assert {(t["step"], t["group"], t["sample"]) for t in traces} == {
        (s, g, i) for s in (1, 3) for g in range(2) for i in range(4)}


def check_reward_model(folder):
    train(GRPO_MODEL, folder)
    check_history(folder)
    traces = of_kind(folder, "trace")
    assert [(t["step"], t["group"], t["sample"]) for t in traces] == [(s, g, i) for s in (1, 3,
                                                                                          5) for g in range(2) for i in range(4)]
    for step in (1, 3, 5):
        of_step = [t for t in traces if t["step"] == step]
        scalars = next(e for e in of_kind(folder, "scalars") if e["step"] == step and "reward" in e["values"])["values"]
        assert same(scalars["rewards/judge/mean"], sum(t["rewards"]["judge"] for t in of_step) / 8), (scalars, of_step)
        assert all(same(t["reward"], t["rewards"]["judge"]) and "advantage" in t for t in of_step)


def check_requests(folder):
    for processes in (1, 2):
        here = folder / f"stop-{processes}"
        said = train(STOPPED, here, "3", "stop", processes=processes)
        assert said.split()[-2:] == ["steps", "4"] and said.count("steps 4") == processes, said
        assert events(here)[-1]["outcome"] == "stopped", events(here)[-1]
        assert [e["step"] for e in of_kind(here, "checkpoint")] == [4], of_kind(here, "checkpoint")
        assert not (here / "run/control/stop").exists()
    said = train(STOPPED, folder / "checkpoint", "3", "checkpoint")
    assert "steps 12" in said
    assert [e["step"] for e in of_kind(folder / "checkpoint", "checkpoint")] == [4, 12]
    assert not (folder / "checkpoint/run/control/checkpoint").exists()


def job(here, *arguments):
    """resources/examples/trl_grpo_slurm/job.sbatch as Slurm runs it, with an srun that runs what it is given."""
    tools = here / "bin"
    tools.mkdir(exist_ok=True)
    (tools / "srun").write_text('#!/bin/sh\nshift\nexec "$@"\n')
    (tools / "scontrol").write_text(f'#!/bin/sh\necho "$@" >> {here}/scontrol.said\n')
    (tools / "python").write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    for tool in tools.iterdir():
        tool.chmod(0o755)
    environment = {**os.environ, "PATH": f"{tools}:{os.environ['PATH']}", "SLURM_SUBMIT_DIR": str(EXAMPLE),
                   "SLURM_JOB_ID": "77",
                   "SLURM_JOB_NAME": "grpo", "SLURM_GPUS_ON_NODE": "1", "RETORT_RUN_DIR": str(here / "run"), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.Popen(["bash", str(EXAMPLE / "job.sbatch"), "--cpu", "--model", str(here / "base"), "--data",
                             str(here / "sums.jsonl"),
                             "--batch", "4", "--num-generations", "4", "--max-completion-length", "6", *arguments],
                            env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def check_example(here):
    """Time is up in the middle: it saves, stops and asks to be queued again; the next attempt finishes it."""
    train('import json\npathlib.Path(out, "sums.jsonl").write_text("".join(json.dumps(row) + "\\n" for row in sums(4)))', here)
    first = job(here, "--max-steps", "100000")
    log = here / "run/events.jsonl"
    until = time.monotonic() + 200
    while not (log.exists() and '"kind":"scalars","step":3' in log.read_text()):
        assert first.poll() is None and time.monotonic() < until, first.communicate()[0][-3000:]
        time.sleep(0.2)
    first.send_signal(signal.SIGUSR1)
    said = first.communicate(timeout=200)[0]
    assert first.returncode == 0 and events(here)[-1]["outcome"] == "stopped", said[-3000:]
    assert (here / "scontrol.said").read_text() == "requeue 77\n"
    reached = of_kind(here, "checkpoint")[-1]["step"]
    second = job(here, "--max-steps", str(reached + 2))
    said = second.communicate(timeout=200)[0]
    assert second.returncode == 0 and events(here)[-1]["outcome"] == "finished", said[-3000:]
    start = of_kind(here, "start")[-1]
    assert (start["attempt"], start["from_step"], start["total_steps"]) == (2, reached, reached + 2), start
    assert (here / "scontrol.said").read_text() == "requeue 77\n"
    traces = [event for event in of_kind(here, "trace") if event["step"] == reached + 2]
    assert len(traces) == 4, traces
    assert all(t["gold"] and set(t["rewards"]) == {"accuracy_reward", "format_reward"} for t in traces), traces


EXTERNAL = """
import json
# A tokenizer that the lab's own engine reads, too.
inner = tokenizers.Tokenizer(tokenizers.models.BPE(vocab=vocabulary, merges=[], unk_token="<unk>"))
inner.decoder = tokenizers.decoders.Fuse()
transformers.PreTrainedTokenizerFast(tokenizer_object=inner, pad_token="<pad>", eos_token="<eos>", unk_token="<unk>",
                                     padding_side="left",
                                     model_input_names=["input_ids", "attention_mask"]).save_pretrained(base)
pathlib.Path(out, "sums.jsonl").write_text("".join(json.dumps(row) + "\\n" for row in sums(4)))
"""


def check_external(here, build):
    """resources/examples/trl_grpo_slurm/run.yaml as the lab runs it: asked to stop it saves, resumed it goes on from there, and
    its last checkpoint is a run's: the lab's own engine evaluates it."""
    cli = build / "bin" / "retort-cli"
    if not cli.exists():
        print(f"  {cli} is missing: run.yaml is not run")
        return
    train(EXTERNAL, here)
    tools = here / "bin"
    tools.mkdir()
    (tools / "python").write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    (tools / "python").chmod(0o755)

    def lab(*words, steps=100000):
        environment = {**os.environ, "PATH": f"{tools}:{os.environ['PATH']}", "MAX_STEPS": str(steps), "ARGUMENTS": (
            f"--cpu --model {here}/base --data {here}/sums.jsonl --batch 4 --num-generations 4 --max-completion-length 6")}
        environment.pop("SLURM_GPUS_ON_NODE", None)
        return subprocess.Popen([cli, "--store", here / "lab.db", *words], env=environment, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, text=True)

    first = lab("train", EXAMPLE / "run.yaml", "--out", here / "runs")
    until = time.monotonic() + 300
    while not any('"kind":"scalars","step":3' in log.read_text() for log in here.glob("runs/*/events.jsonl")):
        assert first.poll() is None and time.monotonic() < until, first.communicate()[0][-3000:]
        time.sleep(0.2)
    first.send_signal(signal.SIGTERM)
    said = first.communicate(timeout=200)[0]
    run, = (log.parent for log in here.glob("runs/*/events.jsonl"))
    log = [json.loads(line) for line in (run / "events.jsonl").read_text().splitlines()]
    assert first.returncode == 130 and log[-1]["outcome"] == "stopped", said[-3000:]
    reached = [event["step"] for event in log if event["kind"] == "checkpoint"][-1]
    assert reached >= 3 and (run / f"checkpoints/step-{reached:08d}/model.safetensors").exists(), reached
    second = lab("resume", "grpo-gsm8k", steps=reached + 2)
    said = second.communicate(timeout=300)[0]
    log = [json.loads(line) for line in (run / "events.jsonl").read_text().splitlines()]
    assert second.returncode == 0 and log[-1]["outcome"] == "finished", said[-3000:]
    steps = [event["step"] for event in log if event["kind"] == "scalars" and "reward" in event["values"]]
    assert steps == list(range(1, reached + 3)), steps  # each step once: it went on where it had stopped
    assert sum(event["kind"] == "trace" for event in log) == 4 * (reached + 2)
    evaluated = lab("eval", "grpo-gsm8k", "--task", "{task: addition, max_digits: 1, format: plain}", "--problems", "4")
    said = evaluated.communicate(timeout=200)[0]
    assert evaluated.returncode == 0 and "accuracy" in said, said[-3000:]


def check_lab(build, work):
    """retort-cli finds the runs, in their states, with their numbers."""
    cli, store = build / "bin" / "retort-cli", work / "lab.db"
    if not cli.exists():
        print(f"  {cli} is missing: not read by it")
        return
    subprocess.run([cli, "--store", store, "store", "reindex", work], check=True, capture_output=True)
    shown = subprocess.run([cli, "--store", store, "runs"], check=True, capture_output=True, text=True).stdout
    for name in ("sft", "grpo"):
        assert any(name in line and "finished" in line for line in shown.splitlines()), shown
    points = subprocess.run([cli, "--store", store, "export", "sft", "--what", "points", "--format", "csv"], check=True,
                            capture_output=True,
                            text=True).stdout
    assert points.count("\n") > 50, points[:500]
    checked = subprocess.run([cli, "--store", store, "store", "check"], check=False, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def keep_golden(work):
    for name in ("sft", "grpo"):
        target = GOLDEN / name
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        for file in ("config.yaml", "run.json", "events.jsonl"):
            text = (work / name / "run" / file).read_text("utf-8")
            (target / file).write_text(text.replace(str(work), "/work"), "utf-8")


def main():
    build, wanted = pathlib.Path(sys.argv[1]).resolve(), [word for word in sys.argv[2:] if not word.startswith("--")]
    with tempfile.TemporaryDirectory(prefix="retort-log-trl-") as name:
        work = pathlib.Path(name)
        for label, check in (("sft", check_sft), ("dpo", check_dpo), ("grpo", check_grpo), ("wrapped", check_wrapped),
                             ("judge", check_reward_model),
                             ("ranks", lambda folder: check_grpo(folder, processes=2)), ("requests", check_requests),
                             ("example", check_example), ("external", lambda folder: check_external(folder, build))):
            if wanted and label not in wanted:
                continue
            check(work / label)
            print(f"  {label}: as the trainer has it", flush=True)
        if not wanted:
            check_lab(build, work)
        if "--write" in sys.argv:  # sft and grpo must be among them
            keep_golden(work)


main()
