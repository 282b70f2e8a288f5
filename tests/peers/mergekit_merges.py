#!/usr/bin/env python3
# needs: torch==2.13.0 mergekit==0.1.5 transformers==5.23.0 tokenizers safetensors numpy pyyaml
"""Merged checkpoints against mergekit: the same recipes on the same tiny models, every method that both have.

Called as a check (tests/peers/run BUILD_DIR mergekit_merges): makes models of a new seed, merges them by mergekit, and
lets tst_mergekit_parity run the same recipes on them. tests/peers/golden/mergekit/ holds one such set, which
tst_mergekit_parity reads on every run, without Python. To make it anew:

    tests/peers/mergekit_merges.py BUILD_DIR --write

Layout: models/NAME, checkpoints; recipes.json, for each recipe its YAML, the output's config.json and, where
the tokenizer changes, its tokens; of methods that draw random masks what can be compared (share of entries kept, L1
norms); outputs/NAME.safetensors.
"""
import copy
import json
import logging
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

os.environ["HF_HUB_OFFLINE"] = "1"  # all models are folders

import numpy
import torch
import yaml
from mergekit.config import MergeConfiguration
from mergekit.io.tasks import LoaderCache
from mergekit.merge import run_merge
from mergekit.options import MergeOptions
from safetensors.torch import load_file, save_file
from tokenizers import Regex, Tokenizer, models, pre_tokenizers
from transformers import LlamaConfig

GOLDEN = pathlib.Path(__file__).resolve().parent / "golden" / "mergekit"
LAYERS, HIDDEN, INNER, TOKENS = 3, 12, 20, 40
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789+-=."


def write_tokenizer(folder, letters):
    tokenizer = Tokenizer(models.BPE(vocab={letter: i for i, letter in enumerate(letters)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex("."), "isolated")
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text(
        json.dumps({"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": 64}, indent=2) + "\n")


def shapes(tokens, tied):
    found = {"model.embed_tokens.weight": (tokens, HIDDEN)}
    for layer in range(LAYERS):
        prefix = f"model.layers.{layer}."
        found |= {prefix + "input_layernorm.weight": (HIDDEN,),
                  prefix + "self_attn.q_proj.weight": (HIDDEN, HIDDEN),
                  prefix + "self_attn.k_proj.weight": (HIDDEN // 2, HIDDEN),
                  prefix + "self_attn.v_proj.weight": (HIDDEN // 2, HIDDEN),
                  prefix + "self_attn.o_proj.weight": (HIDDEN, HIDDEN),
                  prefix + "post_attention_layernorm.weight": (HIDDEN,),
                  prefix + "mlp.up_proj.weight": (INNER, HIDDEN),
                  prefix + "mlp.gate_proj.weight": (INNER, HIDDEN),
                  prefix + "mlp.down_proj.weight": (HIDDEN, INNER)}
    found["model.norm.weight"] = (HIDDEN,)
    if not tied:
        found["lm_head.weight"] = (tokens, HIDDEN)
    return found


def write_model(folder, weights, letters=LETTERS, tied=False, dtype=torch.float32):
    folder.mkdir(parents=True)
    config = LlamaConfig(vocab_size=len(letters), hidden_size=HIDDEN, intermediate_size=INNER,
                         num_hidden_layers=LAYERS, num_attention_heads=2, num_key_value_heads=1,
                         max_position_embeddings=64, tie_word_embeddings=tied, dtype=dtype,
                         architectures=["LlamaForCausalLM"])
    config.save_pretrained(folder)
    save_file({name: value.to(dtype).contiguous() for name, value in weights.items()},
              folder / "model.safetensors", metadata={"format": "pt"})
    write_tokenizer(folder, letters)


def write_models(folder, seed):
    generator = torch.Generator().manual_seed(seed)

    def around(start, spread, tokens=TOKENS, tied=False):
        return {name: (start[name] if start else 0) + spread * torch.randn(shape, generator=generator)
                for name, shape in shapes(tokens, tied).items()}

    base = around(None, 0.4)
    tuned = {name: around(base, spread) for name, spread in (("a", 0.1), ("b", 0.2), ("c", 0.15))}
    write_model(folder / "base", base)
    for name, weights in tuned.items():
        write_model(folder / name, weights)
    sparse = {name: value + 0.1 * torch.randn(value.shape, generator=generator) *
              (torch.rand(value.shape, generator=generator) < 0.3) for name, value in base.items()}
    write_model(folder / "sparse", sparse)
    for name in ("base", "a"):
        write_model(folder / f"{name}-bf16", base if name == "base" else tuned["a"], dtype=torch.bfloat16)
    tied = around(None, 0.4, tied=True)
    write_model(folder / "tied-base", tied, tied=True)
    write_model(folder / "tied", around(tied, 0.1, tied=True), tied=True)
    # Other tokens, in another order.
    letters = LETTERS[5:30] + "#*" + LETTERS[:5] + LETTERS[30:38]
    write_model(folder / "letters", around(None, 0.4, tokens=len(letters)), letters=letters)


def recipe(method, inputs, base="base", parameters=None, **rest):
    """inputs: {model: parameters}"""
    made = {"merge_method": method,
            "models": [{"model": f"models/{name}", **({"parameters": p} if p else {})} for name, p in inputs.items()]}
    if base:
        made["base_model"] = f"models/{base}"
    if parameters:
        made["parameters"] = parameters
    return made | rest


def weighted(density=None, **more):
    return {name: {"weight": weight, **({} if density is None else {"density": density}), **more}
            for name, weight in (("a", 0.6), ("b", 0.3), ("c", 0.5))}


def recipes():
    plain = {"a": None, "b": None, "c": None}
    made = {
        "linear": recipe("linear", weighted(), base=None),
        "linear-sum": recipe("linear", weighted(), base=None, parameters={"normalize": False}),
        "linear-base": recipe("linear", {"base": {"weight": 2}, "a": {"weight": 1}}),
        "linear-gradients": recipe("linear", {
            "a": {"weight": [{"filter": "mlp", "value": [0, 0.5, 1]}, {"filter": "self_attn", "value": [1, 0.2]},
                             {"value": 0.7}]},
            "b": {"weight": [0.1, 0.9]}}, base=None),
        "linear-bf16": recipe("linear", {"a-bf16": {"weight": 0.3}, "base-bf16": {"weight": 0.6}}, base=None),
        "linear-bf16-as-float32": recipe("linear", {"a-bf16": {"weight": 0.3}, "base-bf16": {"weight": 0.6}},
                                         base=None, dtype="float32"),
        "linear-out-bf16": recipe("linear", weighted(), base=None, dtype="float32", out_dtype="bfloat16"),
        "linear-out-f16": recipe("linear", weighted(), base=None, out_dtype="float16"),
        "linear-tied": recipe("linear", {"tied-base": {"weight": 1}, "tied": {"weight": 2}}, base=None),
        "slerp": recipe("slerp", {"base": None, "a": None}, parameters={"t": 0.35}),
        "slerp-gradients": recipe("slerp", {"base": None, "b": None}, parameters={"t": [
            {"filter": "self_attn", "value": [0, 0.5, 0.3, 0.7, 1]}, {"filter": "mlp", "value": [1, 0.5, 0]},
            {"value": 0.5}]}),
        "slerp-tied": recipe("slerp", {"tied-base": None, "tied": None}, base="tied-base", parameters={"t": 0.6}),
        "slerp-in-line": recipe("slerp", {"base": None, "base-bf16": None}, parameters={"t": 0.4}, dtype="float32"),
        "nuslerp": recipe("nuslerp", {"a": {"weight": 1}, "b": {"weight": 3}}, base=None),
        "nuslerp-task-vectors": recipe("nuslerp", {"a": {"weight": 1}, "b": {"weight": 3}}),
        "nuslerp-rows": recipe("nuslerp", {"a": {"weight": 1}, "b": {"weight": 2}}, base=None,
                               parameters={"nuslerp_flatten": False}),
        "nuslerp-columns": recipe("nuslerp", {"a": {"weight": 1}, "b": {"weight": 2}},
                                  parameters={"nuslerp_flatten": False, "nuslerp_row_wise": True}),
        "multislerp": recipe("multislerp", weighted(), base=None),
        "multislerp-task-vectors": recipe("multislerp", weighted(), parameters={"normalize_weights": False}),
        "karcher": recipe("karcher", plain, base=None),
        "karcher-long": recipe("karcher", {"a": None, "sparse": None, "c": None}, base=None,
                               parameters={"max_iter": 30, "tol": 1e-6}),
        "task_arithmetic": recipe("task_arithmetic", weighted()),
        "task_arithmetic-negative": recipe("task_arithmetic", {"a": {"weight": -1}, "b": {"weight": 0.5}},
                                           parameters={"lambda": 0.7}),
        "task_arithmetic-normalized": recipe("task_arithmetic", weighted(), parameters={"normalize": True}),
        "ties": recipe("ties", weighted(0.5)),
        "ties-sparse": recipe("ties", weighted(0.15), parameters={"lambda": 1.3, "int8_mask": True}),
        "ties-sum": recipe("ties", weighted(0.6), parameters={"normalize": False}),
        "ties-rescaled": recipe("ties", weighted(0.4), parameters={"rescale": True}),
        "ties-negative": recipe("ties", {"a": {"weight": 1, "density": 0.7}, "b": {"weight": -0.5, "density": 0.3}}),
        "ties-gradients": recipe("ties", {
            "a": {"weight": [0.2, 1], "density": [1, 0.5, 0.1]},
            "b": {"weight": 0.5, "density": [{"filter": "mlp", "value": 0.2}, {"value": 0.8}]}}),
        "ties-whole": recipe("ties", weighted(1.0)),
        "dare_linear-whole": recipe("dare_linear", weighted(1.0)),
        "dare_ties-whole": recipe("dare_ties", weighted(1.0), parameters={"normalize": True}),
        "breadcrumbs": recipe("breadcrumbs", weighted(0.7, gamma=0.05)),
        "breadcrumbs-dense": recipe("breadcrumbs", weighted(0.97, gamma=0.1), parameters={"rescale": True}),
        "breadcrumbs_ties": recipe("breadcrumbs_ties", weighted(0.5, gamma=0.02), parameters={"lambda": 0.8}),
        "della-whole": recipe("della", weighted(1.0)),
        "della_linear-whole": recipe("della_linear", weighted(1.0)),
        "model_stock": recipe("model_stock", plain),
        "model_stock-rows": recipe("model_stock", plain, parameters={"filter_wise": True}),
        "sce": recipe("sce", plain),
        "sce-selected": recipe("sce", plain, parameters={"select_topk": 0.3}),
        "nearswap": recipe("nearswap", {"a": None}, parameters={"t": 0.05}),
        "passthrough-scaled": recipe("passthrough", {"a": {"scale": [{"filter": "down_proj", "value": 0},
                                                                     {"value": 1.5}]}}, base=None),
        "arcee_fusion": recipe("arcee_fusion", {"b": None}),
        "ram": recipe("ram", {"sparse": None, "a": None}),
        "ramplus_tl": recipe("ramplus_tl", {"sparse": None, "a": None, "b": None},
                             parameters={"r": 0.5, "alpha": 3.0, "epsilon": 0.05}),
        "slices-passthrough": {"merge_method": "passthrough", "dtype": "float32", "slices": [
            {"sources": [{"model": "models/a", "layer_range": [0, 2]}]},
            {"sources": [{"model": "models/b", "layer_range": [1, 3]}]},
            {"sources": [{"model": "models/a", "layer_range": [2, 3], "parameters": {"scale": 0.5}}]}]},
        "slices-slerp": {"merge_method": "slerp", "base_model": "models/base", "parameters": {"t": [0.2, 0.8]},
                         "slices": [
            {"sources": [{"model": "models/base", "layer_range": [0, 2]}, {"model": "models/a", "layer_range": [0, 2]}]},
            {"sources": [{"model": "models/base", "layer_range": [2, 3]}, {"model": "models/a", "layer_range": [2, 3]}],
             "parameters": {"t": 0.9}}]},
        "slices-linear": {"merge_method": "linear", "slices": [
            {"sources": [{"model": "models/a", "layer_range": [0, 1], "parameters": {"weight": 1}}]},
            {"sources": [{"model": "models/a", "layer_range": [1, 2], "parameters": {"weight": 0.5}},
                         {"model": "models/b", "layer_range": [1, 2], "parameters": {"weight": 0.5}}]},
            {"sources": [{"model": "models/b", "layer_range": [2, 3], "parameters": {"weight": 1}}]}]},
        "modules": {"merge_method": "linear", "modules": {"default": {"models": [
            {"model": "models/a", "parameters": {"weight": 1}}, {"model": "models/b", "parameters": {"weight": 1}}]}}},
        "tokenizer-base": recipe("linear", {"base": {"weight": 1}, "letters": {"weight": 1}},
                                 tokenizer_source="base"),
        "tokenizer-union": recipe("linear", {"base": {"weight": 1}, "letters": {"weight": 1}},
                                  tokenizer_source="union"),
        "tokenizer-model": recipe("task_arithmetic", {"letters": {"weight": 0.5}},
                                  tokenizer={"source": "models/letters", "pad_to_multiple_of": 16, "tokens": {
                                      "#": {"source": {"kind": "zero"}},
                                      "*": {"source": {"kind": "model_token", "model": "models/base", "token": "a"},
                                            "force": True}}}),
    }
    return made


def random_recipes():
    return {
        "dare_linear": recipe("dare_linear", {"b": {"weight": 1, "density": 0.4}}),
        "dare_linear-plain": recipe("dare_linear", {"b": {"weight": 1, "density": 0.4}}, parameters={"rescale": False}),
        "dare_ties": recipe("dare_ties", {"b": {"weight": 1, "density": 0.7}}),
        "della": recipe("della", {"b": {"weight": 1, "density": 0.5, "epsilon": 0.3}}),
        "della_linear": recipe("della_linear", {"b": {"weight": 1, "density": 0.5, "epsilon": 0.1}}),
    }


def merge(made, out):
    LoaderCache._instance.__dict__.clear()
    LoaderCache.loaders = {}
    run_merge(MergeConfiguration.model_validate(copy.deepcopy(made)), str(out), MergeOptions(quiet=True, write_model_card=False))
    weights = {}
    for path in sorted(out.glob("*.safetensors")):
        weights |= load_file(path)
    config = json.loads((out / "config.json").read_text())
    return weights, config


def vocabulary(out):
    tokenizer = json.loads((out / "tokenizer.json").read_text())
    return tokenizer["model"]["vocab"] | {token["content"]: token["id"] for token in tokenizer["added_tokens"]}


def facts(folder, weights):
    """What is the same for all random masks, within their spread."""
    base, tuned = (load_file(folder / "models" / name / "model.safetensors") for name in ("base", "b"))
    kept = total = 0
    norm_kept = norm = 0.0
    for name, value in weights.items():
        delta, whole = (value - base[name]).double(), (tuned[name] - base[name]).double()
        kept += (delta.abs() > 1e-6).sum().item()
        total += delta.numel()
        norm_kept += delta.abs().sum().item()
        norm += whole.abs().sum().item()
    return {"kept": kept / total, "elements": total, "l1": norm_kept / norm}


def write_set(folder, seed):
    random.seed(seed)
    numpy.random.seed(seed)
    torch.manual_seed(seed)
    for name in ("models", "outputs"):
        shutil.rmtree(folder / name, ignore_errors=True)
        (folder / name).mkdir(parents=True)
    write_models(folder / "models", seed)
    os.chdir(folder)
    entries = {}
    with tempfile.TemporaryDirectory() as scratch:
        for name, made in recipes().items():
            out = pathlib.Path(scratch) / name
            weights, config = merge(made, out)
            save_file({key: value.contiguous() for key, value in sorted(weights.items())},
                      folder / "outputs" / f"{name}.safetensors")
            entries[name] = {"recipe": yaml.safe_dump(made, sort_keys=False), "config": config}
            if name.startswith("tokenizer"):
                entries[name]["vocabulary"] = vocabulary(out)
        for name, made in random_recipes().items():
            weights, _ = merge(made, pathlib.Path(scratch) / f"random-{name}")
            entries[f"random-{name}"] = {"recipe": yaml.safe_dump(made, sort_keys=False),
                                         "facts": facts(folder, weights)}
    (folder / "recipes.json").write_text(json.dumps(entries, indent=1) + "\n")
    return len(entries)


def check(build):
    program = build / "bin" / "tst_mergekit_parity"
    if not program.exists():
        print(f"{program} is missing: build the tests first")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as folder:
        count = write_set(pathlib.Path(folder), int.from_bytes(os.urandom(3), "little"))
        print(f"mergekit merged {count} recipes on new models", flush=True)
        environment = {**os.environ, "RETORT_MERGEKIT_SET": folder, "QT_QPA_PLATFORM": "offscreen"}
        sys.exit(subprocess.run([program], env=environment, check=False).returncode)


def main():
    logging.disable(logging.WARNING)
    if "--write" in sys.argv:
        print(write_set(GOLDEN, 7), "recipes")
    else:
        check(pathlib.Path(sys.argv[1]).resolve())


main()
