#!/usr/bin/env python3
# needs: torch==2.13.0 transformers==5.23.0 safetensors numpy
"""Checkpoints in both directions against Hugging Face's `transformers`: the same logits within 1e-4 in float32.

Called as a check (tests/peers/run BUILD_DIR transformers_logits): tst_families writes checkpoints of every family, RoPE
scaling and stored type with the logits that Retort computes; `transformers` loads them unchanged and must agree. The
other way round, tests/peers/golden/models/ holds checkpoints that `transformers` wrote with its logits; tst_families
reads those on every run, without Python, and this check verifies that they are still what `transformers` gives. To make
them anew:

    tests/peers/transformers_logits.py BUILD_DIR --write
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import torch
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM, GPT2Config, LlamaConfig, Qwen2Config, Qwen3Config

GOLDEN = pathlib.Path(__file__).parent / "golden" / "models"
LIMIT = 1e-4

SHAPE = {"vocab_size": 29, "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 4,
         "num_key_value_heads": 2, "intermediate_size": 24, "max_position_embeddings": 64,
         "tie_word_embeddings": True, "initializer_range": 0.3}


def rope(rope_type, **more):
    return {"rope_parameters": {"rope_type": rope_type, "rope_theta": 10000.0, **more}}


STRETCHED = {**SHAPE, "max_position_embeddings": 64}
# name: (configuration, stored type, largest shard)
KINDS = {
    "llama": (lambda: LlamaConfig(**{**SHAPE, "tie_word_embeddings": False}, rope_theta=500000.0, rms_norm_eps=1e-5),
              torch.float32, None),
    "qwen2": (lambda: Qwen2Config(**SHAPE), torch.float32, None),
    "qwen3": (lambda: Qwen3Config(**SHAPE, head_dim=8), torch.float32, None),
    "gpt2": (lambda: GPT2Config(vocab_size=29, n_embd=16, n_layer=2, n_head=4, n_positions=32, initializer_range=0.3,
                                bos_token_id=0, eos_token_id=0), torch.float32, None),
    "gpt2-untied": (lambda: GPT2Config(vocab_size=29, n_embd=16, n_layer=1, n_head=2, n_positions=32, n_inner=24,
                                       initializer_range=0.3, tie_word_embeddings=False, bos_token_id=0,
                                       eos_token_id=0), torch.float32, None),
    "llama-linear": (lambda: LlamaConfig(**STRETCHED, **rope("linear", factor=4.0)), torch.float32, None),
    # Sequences of 21 tokens: longer than what the model was trained for.
    "llama-dynamic": (lambda: LlamaConfig(**{**SHAPE, "max_position_embeddings": 16}, **rope("dynamic", factor=2.0)),
                      torch.float32, None),
    "llama-llama3": (lambda: LlamaConfig(**STRETCHED, **rope(
        "llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=16)),
                     torch.float32, None),
    "qwen2-yarn": (lambda: Qwen2Config(**STRETCHED, **rope("yarn", factor=4.0, original_max_position_embeddings=16)),
                   torch.float32, None),
    "qwen3-yarn": (lambda: Qwen3Config(**STRETCHED, head_dim=12, **rope(
        "yarn", factor=4.0, original_max_position_embeddings=16, beta_fast=4.0, beta_slow=0.5, truncate=False,
        attention_factor=1.25)), torch.float32, None),
    "qwen3-bf16": (lambda: Qwen3Config(**SHAPE, head_dim=8), torch.bfloat16, None),
    "llama-f16-sharded": (lambda: LlamaConfig(**SHAPE), torch.float16, 3000),
}


def load(folder):
    model, report = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, output_loading_info=True)
    complaints = {key: value for key, value in report.items() if value}
    if complaints:
        sys.exit(f"transformers complains about {folder}: {complaints}")
    return model.eval()


@torch.no_grad()
def logits_of(model, ids):
    return model(ids).logits.float()


def write_golden():
    for kind, (config, dtype, shard) in KINDS.items():
        torch.manual_seed(7)
        model = AutoModelForCausalLM.from_config(config())
        with torch.no_grad():  # norms and biases away from their neutral start
            for parameter in model.parameters():
                if parameter.dim() == 1:
                    parameter.add_(torch.randn_like(parameter) * 0.2)
        folder = GOLDEN / kind
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        model.to(dtype).save_pretrained(folder, **({"max_shard_size": shard} if shard else {}))
        ids = torch.randint(0, SHAPE["vocab_size"], (2, 21))
        # Loaded again: a model cast to bfloat16 and back has lost digits of its rotary angles, too.
        model = load(folder)
        save_file({"input_ids": ids.float(), "logits": logits_of(model, ids)}, folder / "expected.safetensors")


def compare(name, ours, theirs):
    difference = (ours - theirs).abs().max().item()
    print(f"{name}: max |difference| {difference:.2e} of logits up to {theirs.abs().max():.1f}")
    return difference < LIMIT


def check(build):
    good = []
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "RETORT_WRITE_CHECKPOINTS": folder, "QT_QPA_PLATFORM": "offscreen"}
        for name in ("tst_model", "tst_families"):
            program = build / "bin" / name
            if not program.exists():
                print(f"{program} is missing: build the tests first")
                sys.exit(77)
            subprocess.run([program, "writesCheckpointsForPeers"], env=environment, check=True,
                           stdout=subprocess.DEVNULL)
        folders = sorted(pathlib.Path(folder).iterdir())
        if not folders:
            sys.exit("the tests wrote nothing")
        for path in folders:
            ours = load_file(path / "ours.safetensors")
            good.append(compare(f"written by Retort, {path.name}", ours["logits"],
                                logits_of(load(path), ours["input_ids"])))
    for kind in KINDS:
        expected = load_file(GOLDEN / kind / "expected.safetensors")
        good.append(compare(f"golden, {kind}", expected["logits"],
                            logits_of(load(GOLDEN / kind), expected["input_ids"].long())))
    sys.exit(not all(good))


def main():
    if "--write" in sys.argv:
        write_golden()
    else:
        check(pathlib.Path(sys.argv[1]).resolve())


main()
