"""Peer of bench_trl: TRL's SFTTrainer and GRPOTrainer, and transformers.generate, on the same checkpoint and rows."""
# needs: torch==2.13.0 transformers==5.23.0 trl==1.16.0 datasets

import json
import os
import sys
import tempfile
import time
import warnings

import torch
import transformers
from datasets import load_dataset
from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaConfig, TrainerCallback
from trl import GRPOConfig, GRPOTrainer, SFTConfig, SFTTrainer

from trl_case import BATCH, GENERATE, GENERATIONS, GRPO, GRPO_STEPS, LENGTH, NEW_TOKENS, PROMPTS, SFT, SFT_STEPS
from trl_case import folder, generate_case, speed

warnings.filterwarnings("ignore")
transformers.logging.set_verbosity_error()
torch.set_num_threads(len(os.sched_getaffinity(0)))
COMMON = {"learning_rate": 1e-5, "lr_scheduler_type": "constant", "save_strategy": "no", "report_to": "none",
          "use_cpu": True, "bf16": False, "fp16": False, "logging_steps": 1, "disable_tqdm": True,
          "gradient_checkpointing": False, "dataloader_num_workers": 0}


class Clock(TrainerCallback):
    """(time, tokens of this step) of each step; `tokens` reads them from what was logged."""

    def __init__(self, tokens):
        self.tokens, self.points = tokens, []

    def on_log(self, args, state, control, logs=None, **_):
        if logs and "loss" in logs:
            self.points.append((time.perf_counter(), self.tokens(logs)))


def repetition(completions, **_):
    """The share of 3-grams that are there before."""
    rewards = []
    for text in completions:
        grams = [text[i:i + 3] for i in range(max(len(text) - 2, 0))]
        rewards.append(len(set(grams)) / len(grams) - 1 if grams else 0.0)
    return rewards


def trained(trainer, clock):
    trainer.add_callback(clock)
    trainer.train()
    return speed(clock.points)


def sft(model, tokenizer, rows, out):
    config = SFTConfig(output_dir=out, per_device_train_batch_size=BATCH, max_steps=SFT_STEPS, max_length=LENGTH,
                       packing=False, **COMMON)
    trainer = SFTTrainer(model=model, args=config, train_dataset=rows, processing_class=tokenizer)
    lengths = [len(row) for row in trainer.train_dataset["input_ids"]]
    mean = sum(lengths) / len(lengths)
    return trained(trainer, Clock(lambda logs: BATCH * mean))


def grpo(model, tokenizer, rows, out):
    config = GRPOConfig(output_dir=out, per_device_train_batch_size=PROMPTS * GENERATIONS, num_generations=GENERATIONS,
                        max_steps=GRPO_STEPS, max_completion_length=NEW_TOKENS, beta=0.0, temperature=1.0,
                        use_vllm=False, **COMMON)
    trainer = GRPOTrainer(model=model, args=config, train_dataset=rows.remove_columns("completion"),
                          processing_class=tokenizer, reward_funcs=repetition)
    return trained(trainer, Clock(lambda logs: logs["completions/mean_length"] * PROMPTS * GENERATIONS))


@torch.inference_mode()
def generate(shape):
    """The models of bench_decode, which have 256 tokens."""
    model = AutoModelForCausalLM.from_config(LlamaConfig(vocab_size=256, tie_word_embeddings=True, **shape)).eval()
    ids = torch.randint(3, model.config.vocab_size, (64, 16))
    best = float("inf")
    for _ in range(4):
        begin = time.perf_counter()
        out = model.generate(ids, attention_mask=torch.ones_like(ids), do_sample=True, top_k=0, top_p=1.0,
                             max_new_tokens=64, min_new_tokens=64, pad_token_id=0)
        best = min(best, time.perf_counter() - begin)
    return (out.shape[0] * (out.shape[1] - 16)) / best


def main():
    base = folder(sys.argv[1])
    rows = load_dataset("json", data_files=str(base / "rows.jsonl"), split="train")
    tokenizer = AutoTokenizer.from_pretrained(base / "model")

    def model():
        return AutoModelForCausalLM.from_pretrained(base / "model", dtype=torch.float32)

    with tempfile.TemporaryDirectory() as out:
        cases = {SFT: lambda: sft(model(), tokenizer, rows, out), GRPO: lambda: grpo(model(), tokenizer, rows, out)}
        cases |= {generate_case(size): lambda shape=shape: generate(shape) for size, shape in GENERATE.items()}
        for case, run in cases.items():
            print(json.dumps({"case": case, "value": run(), "unit": "tokens/s"}), flush=True)


main()
