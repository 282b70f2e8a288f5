#!/usr/bin/env python3
# needs: torch==2.13.0 transformers==5.23.0 safetensors numpy
"""Checkpoints in both directions against Hugging Face's `transformers`: the same logits within 1e-4 in float32.

Called as a check (tests/peers/run BUILD_DIR transformers_logits): tst_model writes checkpoints of the Llama, Qwen2 and
Qwen3 kind with the logits that Retort computes; `transformers` loads them unchanged and must agree. The other way round,
tests/peers/golden/models/ holds checkpoints that `transformers` wrote with its logits; tst_model reads those on every
run, without Python, and this check verifies that they are still what `transformers` gives. To make them anew:

    tests/peers/transformers_logits.py BUILD_DIR --write
"""
import os
import pathlib
import subprocess
import sys
import tempfile

import torch
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM, LlamaConfig, Qwen2Config, Qwen3Config

GOLDEN = pathlib.Path(__file__).parent / "golden" / "models"
LIMIT = 1e-4

SHAPE = {"vocab_size": 29, "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 4,
         "num_key_value_heads": 2, "intermediate_size": 24, "max_position_embeddings": 64,
         "tie_word_embeddings": True, "initializer_range": 0.3}
KINDS = {
    "llama": lambda: LlamaConfig(**{**SHAPE, "tie_word_embeddings": False}, rope_theta=500000.0, rms_norm_eps=1e-5),
    "qwen2": lambda: Qwen2Config(**SHAPE),
    "qwen3": lambda: Qwen3Config(**SHAPE, head_dim=8),
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
    for kind, config in KINDS.items():
        torch.manual_seed(7)
        model = AutoModelForCausalLM.from_config(config())
        with torch.no_grad():  # norms and biases away from their neutral start
            for parameter in model.parameters():
                if parameter.dim() == 1:
                    parameter.add_(torch.randn_like(parameter) * 0.2)
        folder = GOLDEN / kind
        folder.mkdir(parents=True, exist_ok=True)
        model.save_pretrained(folder)
        ids = torch.randint(0, SHAPE["vocab_size"], (2, 21))
        save_file({"input_ids": ids.float(), "logits": logits_of(model.eval(), ids)}, folder / "expected.safetensors")


def compare(name, ours, theirs):
    difference = (ours - theirs).abs().max().item()
    print(f"{name}: max |difference| {difference:.2e} of logits up to {theirs.abs().max():.1f}")
    return difference < LIMIT


def check(build):
    good = []
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "RETORT_WRITE_CHECKPOINTS": folder, "QT_QPA_PLATFORM": "offscreen"}
        program = build / "bin" / "tst_model"
        if not program.exists():
            print(f"{program} is missing: build the tests first")
            sys.exit(77)
        subprocess.run([program, "writesCheckpointsForPeers"], env=environment, check=True, stdout=subprocess.DEVNULL)
        folders = sorted(pathlib.Path(folder).iterdir())
        if not folders:
            sys.exit("tst_model wrote nothing")
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
