#!/usr/bin/env python3
# needs: torch==2.13.0 transformers==5.23.0 trl==1.16.0 accelerate==1.15.0 datasets==5.2.0 pyarrow pandas rich
# needs: inspect_ai==0.3.285 openai lm_eval
"""Traces through files that the field's own programs write, and exports that they read.

tests/peers/golden/trace_files/ holds small files that TRL's GRPOTrainer, pyarrow, Inspect and lm-evaluation-harness wrote;
tst_trace_peers and tst_parquet read them on every run, without Python. This check writes them anew and imports those, then
lets datasets.load_dataset read what Retort exports (trace_prm.py: TRL's PRMTrainer). To replace the golden files:

    tests/peers/trace_files.py BUILD_DIR --write

What a program cannot do here (not installed, no network) is said and passed over, and the check ends with status 77 unless
everything ran.
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

GOLDEN = pathlib.Path(__file__).parent / "golden" / "trace_files"
os.environ.update(HF_HUB_OFFLINE="1", HF_DATASETS_OFFLINE="1", TOKENIZERS_PARALLELISM="false", INSPECT_LOG_LEVEL="error",
                  WANDB_DISABLED="true")
TEXTS = ["one", None, "zwei\n\"drei\"", "", "one", "vier ∑", None, "one"]


def parquet_files(folder):
    """Every compression, page version and encoding that pyarrow writes by itself, over the same eight rows."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table({
        "prompt": pa.array([f"p{i // 4}" for i in range(8)]), "completion": pa.array([text or "" for text in TEXTS]),
        "text": pa.array(TEXTS), "flag": pa.array([True, None, False, True, True, False, None, True]),
        "small": pa.array([1, -2, None, 4, 5, 6, 7, 2**31 - 1], pa.int32()),
        "large": pa.array([2**53 + 1, -5, 0, None, 1, 2, 3, -(2**62)], pa.int64()),
        "single": pa.array([0.5, float("nan"), None, -1.25, 0, 0, 0, 3e38], pa.float32()),
        "advantage": pa.array([0.1, -0.1, None, 1e-300, 0, 0, float("inf"), 2], pa.float64())})
    for compression in ("none", "snappy", "gzip", "zstd"):
        for version in ("1.0", "2.0"):
            for dictionary in (True, False):
                name = f"rows-{compression}-{version}-{'dictionary' if dictionary else 'plain'}.parquet"
                pq.write_table(table, folder / name, compression=compression, data_page_version=version,
                               use_dictionary=dictionary, row_group_size=5, store_schema=False)
    (folder / "rows.json").write_text(json.dumps(table.to_pylist(), ensure_ascii=False))
    refused = pa.table({"prompt": ["p"], "completion": ["c"], "n": pa.array([1], pa.int64())})
    pq.write_table(refused, folder / "delta.parquet", use_dictionary=False, store_schema=False,
                   column_encoding={"prompt": "DELTA_BYTE_ARRAY", "completion": "PLAIN", "n": "PLAIN"})
    pq.write_table(refused, folder / "brotli.parquet", compression="brotli", store_schema=False)
    nested = pa.table({"messages": [[{"role": "user", "content": "q"}]], "source": ["s"]})
    pq.write_table(nested, folder / "nested.parquet", store_schema=False)
    both = pa.table({"prompt": ["p", "q"], "generations": [["a"], []], "completion": ["c", "d"]})
    pq.write_table(both, folder / "flat-and-nested.parquet", store_schema=False)


def trl_completions(folder):
    """Two steps of GRPOTrainer on a random model, with its own log of completions."""
    import datasets
    import tokenizers
    import torch
    import transformers
    import trl

    letters = sorted("abcdefghijklmnopqrstuvwxyz0123456789+= ?")
    vocabulary = {token: i for i, token in enumerate(["<pad>", "<eos>", "<unk>", *letters])}
    inner = tokenizers.Tokenizer(tokenizers.models.WordLevel(vocabulary, unk_token="<unk>"))
    inner.pre_tokenizer = tokenizers.pre_tokenizers.Split(tokenizers.Regex("."), "isolated")
    inner.decoder = tokenizers.decoders.Fuse()
    tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_object=inner, pad_token="<pad>", eos_token="<eos>",
                                                     unk_token="<unk>", padding_side="left")
    torch.manual_seed(1)
    model = transformers.LlamaForCausalLM(transformers.LlamaConfig(
        vocab_size=len(vocabulary), hidden_size=16, intermediate_size=32, num_hidden_layers=1, num_attention_heads=2,
        num_key_value_heads=2, max_position_embeddings=64, pad_token_id=0, eos_token_id=1, bos_token_id=None))

    def accuracy_reward(completions, answer, **_):
        return [float(a in text) for text, a in zip(completions, answer)]

    def some_reward(completions, **_):
        return [None if len(text) % 2 else len(text) / 8 for text in completions]

    data = datasets.Dataset.from_list([{"prompt": f"{a}+{b}=?", "answer": str(a + b)} for a in range(2) for b in range(2)])
    config = trl.GRPOConfig(output_dir=str(folder / "trl"), max_steps=2, per_device_train_batch_size=8, num_generations=4,
                            max_completion_length=8, log_completions=True, logging_steps=1, report_to="none", use_cpu=True,
                            save_strategy="no", disable_tqdm=True, seed=1, num_completions_to_print=0, bf16=False)
    trl.GRPOTrainer(model=model, reward_funcs=[accuracy_reward, some_reward], args=config, train_dataset=data,
                    processing_class=tokenizer).train()
    written = sorted((folder / "trl" / "completions").glob("completions_*.parquet"))
    assert len(written) == 2, written
    for path in written:
        shutil.copy(path, folder / path.name)
    shutil.rmtree(folder / "trl")


def inspect_logs(folder):
    """A real .eval and .json log of a mock model: reasoning, log-probabilities, long texts as attachments."""
    from inspect_ai import Task, eval as evaluate
    from inspect_ai.dataset import Sample
    from inspect_ai.model import (ChatCompletionChoice, ChatMessageAssistant, ContentReasoning, ContentText, Logprob, Logprobs,
                                  ModelOutput, ModelUsage, TopLogprob, get_model)
    from inspect_ai.scorer import match
    from inspect_ai.solver import generate

    def output(text, reasoning=None, stop="stop", logprobs=None, tokens=5):
        content = [ContentReasoning(reasoning=reasoning), ContentText(text=text)] if reasoning else text
        choice = ChatCompletionChoice(message=ChatMessageAssistant(content=content, source="generate"), stop_reason=stop,
                                      logprobs=logprobs)
        return ModelOutput(model="mockllm/model", choices=[choice],
                           usage=ModelUsage(input_tokens=3, output_tokens=tokens, total_tokens=3 + tokens))

    def top(token, logprob):
        return TopLogprob(token=token, logprob=logprob, bytes=list(token.encode()))

    logprobs = Logprobs(content=[
        Logprob(token="fo", logprob=-0.25, bytes=[102, 111], top_logprobs=[top("fo", -0.25), top("th", -1.5)]),
        Logprob(token="ur", logprob=-2.0, bytes=[117, 114], top_logprobs=[top("rt", -0.5), top("ur", -2.0)])])
    outputs = [output("ANSWER 4", reasoning="2 and 2 make 4"), output("four", logprobs=logprobs, tokens=2),
               output("word " * 25 + "9", stop="max_tokens", tokens=26)]
    samples = [Sample(id="add", input="What is 2 + 2?", target="4"), Sample(id=2, input="Spell 4.", target="four"),
               Sample(id="long", input="Count. " + "x" * 120, target=["nine", "neun"])]
    for suffix in ("eval", "json"):
        logs = folder / "logs"
        log = evaluate(Task(dataset=samples, solver=generate(), scorer=match(), name="arith"),
                       model=get_model("mockllm/model", custom_outputs=list(outputs)), log_dir=str(logs), log_format=suffix,
                       display="none", max_samples=1, max_connections=1)[0]
        assert log.status == "success", log.error
        shutil.copy(next(logs.glob(f"*.{suffix}")), folder / f"inspect.{suffix}")
        shutil.rmtree(logs)


def lm_eval_samples(folder):
    """samples_*.jsonl of a task with two filters and the harness's dummy model."""
    import lm_eval
    from lm_eval.api.model import LM
    from lm_eval.loggers import EvaluationTracker

    class Fixed(LM):
        def generate_until(self, requests, disable_tqdm=False):
            return ["So it is 4. #### 4" if "2+2" in request.args[0] else "It is 6, or 5" for request in requests]

        def loglikelihood(self, requests, disable_tqdm=False):
            raise NotImplementedError

        loglikelihood_rolling = loglikelihood

    rows = folder / "lm_eval_rows.jsonl"
    rows.write_text("".join(json.dumps({"q": q, "a": a}) + "\n" for q, a in (("2+2?", "4"), ("2+3?", "5"))))
    filters = [{"name": name, "filter": [{"function": "regex", "regex_pattern": pattern, "group_select": select},
                                         {"function": "take_first"}]}
               for name, pattern, select in (("strict-match", r"#### (\d+)", 0), ("flexible-extract", r"(\d+)", -1))]
    task = {"task": "sums", "dataset_path": "json", "dataset_kwargs": {"data_files": {"test": str(rows)}}, "test_split": "test",
            "output_type": "generate_until", "doc_to_text": "{{q}}", "doc_to_target": "{{a}}", "filter_list": filters,
            "generation_kwargs": {"until": ["Q:"], "do_sample": False},
            "metric_list": [{"metric": "exact_match", "aggregation": "mean", "higher_is_better": True}]}
    os.environ.pop("HF_DATASETS_OFFLINE", None)
    results = lm_eval.simple_evaluate(model=Fixed(), tasks=[task], log_samples=True, bootstrap_iters=0)
    out = folder / "lm_eval"
    tracker = EvaluationTracker(output_path=str(out))
    samples = results.pop("samples")
    tracker.save_results_aggregated(results=results, samples=samples)
    for name, each in samples.items():
        tracker.save_results_samples(task_name=name, samples=each)
    written = next(out.rglob("samples_*.jsonl"))
    shutil.copy(written, folder / "samples_sums_2026-01-01T00-00-00.000000.jsonl")
    shutil.rmtree(out)
    rows.unlink()


def cli(build, home, *arguments, status=0):
    result = subprocess.run([str(build / "bin" / "retort-cli"), *map(str, arguments)], capture_output=True, text=True,
                            check=False, env={**os.environ, "RETORT_HOME": str(home)})
    assert result.returncode == status, f"{arguments}: {result.returncode}\n{result.stdout}{result.stderr}"
    return result.stdout


def imports(build, folder, home):
    files = [path for path in sorted(folder.iterdir()) if path.name.startswith(("rows-", "completions_", "inspect.", "samples_"))]
    for path in files:
        report = json.loads(cli(build, home, "traces", "import", path, "--run", path.name, "--json"))["files"][0]
        assert report["traces"] > 0 and report["bad"] == 0, report
        print(f"    imported {path.name}: {report['traces']} traces ({report['format']})")


def exports(build, home):
    """What we write, as datasets takes it."""
    import datasets

    shepherd = {"input": "How many? Step 1: 1+1=2. ки\nStep 2: 2+1=4. The answer is: 4 ки",
                "label": "How many? Step 1: 1+1=2. +\nStep 2: 2+1=4. The answer is: 4 -", "task": "GSM8K"}
    verl = [{"input": "2+2?", "output": text, "gts": "4", "score": score, "step": 1} for text, score in (("4", 1.0), ("5", 0.0))]
    (home / "shepherd.jsonl").write_text(json.dumps(shepherd, ensure_ascii=False) + "\n")
    (home / "1.jsonl").write_text("".join(json.dumps(row) + "\n" for row in verl))
    for name in ("shepherd.jsonl", "1.jsonl"):
        cli(build, home, "traces", "import", home / name)

    def load(run, kind):
        path = home / f"{run}-{kind}.jsonl"
        cli(build, home, "traces", "export", run, "--format", kind, "--out", path)
        return datasets.load_dataset("json", data_files=str(path), split="train", cache_dir=str(home / "cache"))

    stepwise = load("shepherd", "trl-stepwise")
    assert stepwise[0]["labels"] == [True, False], stepwise[0]
    assert load("1", "trl-preference")[0] == {"prompt": "2+2?", "chosen": "4", "rejected": "5"}
    assert load("1", "trl-sft")[0] == {"prompt": "2+2?", "completion": "4"}
    print("    datasets.load_dataset reads trl-stepwise, trl-preference and trl-sft")


def main():
    build, write = pathlib.Path(sys.argv[1]).resolve(), "--write" in sys.argv
    missing = []
    with tempfile.TemporaryDirectory() as scratch:
        folder, home = pathlib.Path(scratch) / "files", pathlib.Path(scratch) / "home"
        folder.mkdir()
        home.mkdir()
        for make in (parquet_files, trl_completions, inspect_logs, lm_eval_samples):
            try:
                make(folder)
            except ImportError as error:
                missing.append(f"{make.__name__}: {error}")
        for path in folder.iterdir():
            assert path.stat().st_size < 50_000 or path.suffix == ".json", (path, path.stat().st_size)
        if write:
            GOLDEN.mkdir(parents=True, exist_ok=True)
            for path in folder.iterdir():
                if path.stat().st_size < 50_000:
                    shutil.copy(path, GOLDEN / path.name)
        imports(build, folder, home)
        exports(build, home)
    for text in missing:
        print(f"    not here: {text}")
    sys.exit(77 if missing else 0)


if __name__ == "__main__":
    main()
