# needs: mergekit==0.1.5
"""The same recipes through mergekit and through `retort-cli merge`, on tiny models: names, types and values of all
tensors (float32: within 1e-6; 16 bits: within a rounding), and what config.json says of layers, vocabulary and type."""

import json
import pathlib
import subprocess
import sys
import tempfile

import torch
import yaml
from mergekit.config import MergeConfiguration
from mergekit.merge import MergeOptions, run_merge
from safetensors import safe_open
from safetensors.torch import save_file
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import LlamaConfig, PreTrainedTokenizerFast

HIDDEN, LAYERS, ROWS = 16, 4, 24
CONFIG_KEYS = ("num_hidden_layers", "vocab_size", "dtype", "tie_word_embeddings", "hidden_size")

MODELS = "models: [{model: a, parameters: {weight: 0.7}}, {model: b, parameters: {weight: [0.1, 0.6, 0.4]}}]\n"
BASE = "base_model: base\n"
DENSE = "parameters: {density: 0.4, weight: 0.5}"
SLICES = """slices:
  - sources: [{model: a, layer_range: [0, 3]}]
  - sources: [{model: b, layer_range: [1, 4], parameters: {scale: [{filter: down_proj, value: 0.5}, {value: 1}]}}]
"""
RECIPES = {
    "linear": "merge_method: linear\n" + MODELS,
    "linear, not normalized": "merge_method: linear\n" + MODELS + "parameters: {normalize: false}\n",
    "linear in slices": "merge_method: linear\nslices:\n"
                        "  - sources: [{model: a, layer_range: [0, 2]}, {model: b, layer_range: [2, 4]}]\n"
                        "    parameters: {weight: [1, 3]}\n"
                        "  - sources: [{model: b, layer_range: [0, 1], parameters: {weight: 0.2}}]\n",
    "filters": "merge_method: linear\nmodels:\n  - model: a\n    parameters:\n      weight:\n"
               "        - {filter: self_attn, value: [0, 0.5, 1]}\n        - {filter: mlp, value: 0.3}\n"
               "        - value: 0.6\n  - {model: b, parameters: {weight: [{filter: layers.1., value: 2}]}}\n"
               "parameters: {weight: 0.25}\n",
    "modules": "merge_method: linear\nmodules:\n  default:\n    parameters: {normalize: false, weight: 0.2}\n"
               "    models: [{model: a}, {model: b, parameters: {weight: 0.9}}]\nparameters: {weight: 7}\n",
    "frankenmerge": "merge_method: passthrough\n" + SLICES,
    "slerp": "merge_method: slerp\n" + BASE + "models: [{model: a}, {model: base}]\n"
             "parameters: {t: [{filter: self_attn, value: [0, 0.5, 0.3, 0.7, 1]}, {filter: mlp, value: 1e-1}, {value: 0.5}]}\n",
    "task arithmetic": "merge_method: task_arithmetic\n" + BASE + MODELS + "parameters: {lambda: 0.8}\n",
    "ties": "merge_method: ties\n" + BASE + f"models: [{{model: a, {DENSE}}}, {{model: b, {DENSE}}}]\n"
            "parameters: {int8_mask: true}\n",
    "ties in 16 bits": "merge_method: ties\n" + BASE + f"models: [{{model: a, {DENSE}}}, {{model: b, {DENSE}}}]\n"
                       "out_dtype: bfloat16\n",
    "out_dtype": "merge_method: linear\n" + MODELS + "dtype: float32\nout_dtype: float16\n",
    "tied and not": "merge_method: linear\nmodels: [{model: a}, {model: tied}]\nparameters: {weight: 1}\n",
    "both tied": "merge_method: linear\nmodels: [{model: tied, parameters: {weight: 1}}]\n",
    "tokenizer of the base": "merge_method: linear\n" + BASE + "models: [{model: a}, {model: base}]\nparameters: {weight: 1}\n"
                             "tokenizer_source: base\n",
    "tokenizer of a model": "merge_method: linear\n" + BASE + "models: [{model: a}, {model: base}]\n"
                            "parameters: {weight: 1}\ntokenizer: {source: a, pad_to_multiple_of: 32}\n",
    "token from another": "merge_method: linear\n" + BASE + "models: [{model: a}, {model: base}]\nparameters: {weight: 1}\n"
                          "tokenizer: {source: base, tokens: {new: {source: {kind: model_token, model: a, token: a3}}, "
                          "a5: {source: {kind: zero}}, w2: {source: base, force: true}}}\n",
}
# mergekit orders these tokens by a hash, so rows are compared by token.
BY_TOKEN = {
    "union of tokenizers": "merge_method: linear\n" + BASE + "models: [{model: a}, {model: base}]\nparameters: {weight: 1}\n"
                           "tokenizer_source: union\n",
}


def write_model(folder, seed, words, tied=False):
    generator = torch.Generator().manual_seed(seed)

    def random(*shape):
        return torch.randn(*shape, generator=generator)

    tensors = {"model.embed_tokens.weight": random(ROWS, HIDDEN), "model.norm.weight": random(HIDDEN)}
    if not tied:
        tensors["lm_head.weight"] = random(ROWS, HIDDEN)
    for layer in range(LAYERS):
        prefix = f"model.layers.{layer}."
        for name in ("q", "k", "v", "o"):
            tensors[f"{prefix}self_attn.{name}_proj.weight"] = random(HIDDEN, HIDDEN)
        for name, shape in (("gate", (32, HIDDEN)), ("up", (32, HIDDEN)), ("down", (HIDDEN, 32))):
            tensors[f"{prefix}mlp.{name}_proj.weight"] = random(*shape)
        for name in ("input", "post_attention"):
            tensors[f"{prefix}{name}_layernorm.weight"] = random(HIDDEN)
    folder.mkdir()
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    LlamaConfig(architectures=["LlamaForCausalLM"], hidden_size=HIDDEN, intermediate_size=32, num_hidden_layers=LAYERS,
                num_attention_heads=2, vocab_size=ROWS, tie_word_embeddings=tied, dtype="float32").save_pretrained(folder)
    tokenizer = Tokenizer(models.WordLevel({word: i for i, word in enumerate(words)}, unk_token=words[0]))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token=words[0]).save_pretrained(folder)


def tensors_of(folder):
    found = {}
    for path in sorted(folder.glob("*.safetensors")):
        with safe_open(path, "pt") as file:
            found |= {name: file.get_tensor(name) for name in file.keys()}
    return found


def rows_by_token(folder, tensor):
    text = json.loads((folder / "tokenizer.json").read_text())
    ids = dict(text["model"]["vocab"]) | {each["content"]: each["id"] for each in text["added_tokens"]}
    return {token: tensor[row] for token, row in ids.items()}


def difference(ours, theirs):
    return (ours.double() - theirs.double()).abs().max().item() if ours.numel() else 0.0


def compare(name, ours, theirs, by_token):
    """What is not the same, in words."""
    mine, other = tensors_of(ours), tensors_of(theirs)
    if mine.keys() != other.keys():
        return f"tensors differ: {sorted(mine.keys() ^ other.keys())[:5]}"
    worst = 0.0
    for key, tensor in other.items():
        if mine[key].dtype != tensor.dtype:
            return f"{key}: {mine[key].dtype}, mergekit {tensor.dtype}"
        if by_token and key in ("model.embed_tokens.weight", "lm_head.weight"):
            a, b = rows_by_token(ours, mine[key]), rows_by_token(theirs, tensor)
            if a.keys() != b.keys():
                return f"tokens differ: {sorted(a.keys() ^ b.keys())[:5]}"
            worst = max(worst, *(difference(a[token], b[token]) for token in a))
            continue
        if mine[key].shape != tensor.shape:
            return f"{key}: {tuple(mine[key].shape)}, mergekit {tuple(tensor.shape)}"
        rounding = {torch.bfloat16: 2**-7, torch.float16: 2**-10}.get(tensor.dtype, 0) * tensor.abs().max().item()
        worst = max(worst, difference(mine[key], tensor) - rounding)
    configs = [json.loads((folder / "config.json").read_text()) for folder in (ours, theirs)]
    for config in configs:
        config.setdefault("dtype", config.get("torch_dtype"))
    for key in CONFIG_KEYS:
        values = [config.get(key) for config in configs]
        # With embeddings of both kinds mergekit keeps the first model's word; ours says what is in the file.
        if values[0] != values[1] and not (name == "tied and not" and key == "tie_word_embeddings"):
            return f"config.json: {key} is {values[0]}, mergekit's {values[1]}"
    return f"values differ by {worst:.3g}" if worst > 1e-6 else ""


def main():
    cli = pathlib.Path(sys.argv[1]) / "bin/retort-cli"
    failed = 0
    with tempfile.TemporaryDirectory() as name:
        base = pathlib.Path(name)
        words = [f"w{i}" for i in range(ROWS)]
        write_model(base / "a", 1, words[:6] + [f"a{i}" for i in range(ROWS - 6)])
        write_model(base / "b", 2, words)
        write_model(base / "base", 3, words)
        write_model(base / "tied", 4, words, tied=True)
        for index, (title, recipe) in enumerate({**RECIPES, **BY_TOKEN}.items()):
            text = recipe
            for model in ("a", "b", "base", "tied"):  # mergekit's paths are relative to where it runs
                for start in ("model: ", "base_model: ", "source: "):
                    for end in (",", "}", "\n"):
                        if not (model == "base" and start == "source: " and "force" not in recipe):
                            text = text.replace(start + model + end, start + str(base / model) + end)
            file = base / f"{index}.yml"
            file.write_text(text)
            ours, theirs = base / f"ours-{index}", base / f"theirs-{index}"
            run = subprocess.run([str(cli), "merge", str(file), "--out", str(ours)], capture_output=True, text=True)
            if run.returncode != 0:
                print(f"FAILED {title}: {run.stderr.strip()}")
                failed += 1
                continue
            run_merge(MergeConfiguration.model_validate(yaml.safe_load(text)), str(theirs),
                      options=MergeOptions(quiet=True, clone_tensors=True))
            what = compare(title, ours, theirs, title in BY_TOKEN)
            failed += bool(what)
            print(f"{'FAILED' if what else 'same  '} {title}{': ' + what if what else ''}", flush=True)
    sys.exit(failed > 0)


main()
