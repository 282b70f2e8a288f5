#!/usr/bin/env python3
# needs: torch==2.13.0 transformers==5.23.0 peft==0.21.2 accelerate safetensors numpy
"""LoRA adapters in both directions against Hugging Face's `peft`: the same logits within 1e-4, merged weights within 1e-6.

Called as a check (tests/peers/run BUILD_DIR peft_lora): tst_lora writes adapters with the logits that Retort computes;
`peft` loads them onto the golden base models and must agree. The other way round, tests/peers/golden/lora/ holds
adapters that `peft` wrote, with its logits and its merged weights; tst_lora reads those on every run, without Python. To
make them anew:

    tests/peers/peft_lora.py BUILD_DIR --write
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM

GOLDEN = pathlib.Path(__file__).parent / "golden"
LOGITS, WEIGHTS = 1e-4, 1e-6

# name: (base model, LoRA configuration)
KINDS = {
    "llama": ("llama", {"r": 4, "lora_alpha": 8, "target_modules": ["q_proj", "v_proj", "down_proj"]}),
    "qwen2-rslora": ("qwen2", {"r": 3, "lora_alpha": 5, "use_rslora": True, "lora_dropout": 0.1,
                               "target_modules": "all-linear"}),
    "gpt2": ("gpt2", {"r": 2, "lora_alpha": 4, "target_modules": ["c_attn", "c_proj"], "fan_in_fan_out": True}),
    "one-layer": ("qwen3", {"r": 2, "lora_alpha": 2, "target_modules": ["layers.1.self_attn.k_proj"]}),
}


def base_model(name):
    return AutoModelForCausalLM.from_pretrained(GOLDEN / "models" / name, dtype=torch.float32)


@torch.no_grad()
def logits_of(model, ids):
    return model(ids).logits.float()


def write_golden():
    for kind, (base, settings) in KINDS.items():
        torch.manual_seed(11)
        model = get_peft_model(base_model(base), LoraConfig(task_type="CAUSAL_LM", **settings)).eval()
        with torch.no_grad():  # B starts at zero: an adapter that does nothing
            for name, parameter in model.named_parameters():
                if "lora_B" in name:
                    parameter.normal_(std=0.2)
        folder = GOLDEN / "lora" / kind
        shutil.rmtree(folder, ignore_errors=True)
        model.save_pretrained(folder)
        (folder / "README.md").unlink(missing_ok=True)
        ids = torch.randint(0, 29, (2, 15))
        logits = logits_of(model, ids)
        merged = model.merge_and_unload().state_dict()
        if base != "qwen3":
            merged.pop("lm_head.weight", None)
        save_file({"input_ids": ids.float(), "logits": logits,
                   **{"merged." + name: value.contiguous().clone() for name, value in merged.items()
                      if "norm" not in name and "embed" not in name and "wte" not in name}},
                  folder / "expected.safetensors")
        config = json.loads((folder / "adapter_config.json").read_text())
        config["base_model_name_or_path"] = f"models/{base}"  # not this machine's path
        (folder / "adapter_config.json").write_text(json.dumps(config, indent=2) + "\n")


def compare(name, ours, theirs, limit):
    difference = (ours - theirs).abs().max().item()
    print(f"{name}: max |difference| {difference:.2e}")
    return difference < limit


def check(build):
    good = []
    program = build / "bin" / "tst_lora"
    if not program.exists():
        print(f"{program} is missing: build the tests first")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "RETORT_WRITE_ADAPTERS": folder, "QT_QPA_PLATFORM": "offscreen"}
        subprocess.run([program, "writesAdaptersForPeers"], env=environment, check=True, stdout=subprocess.DEVNULL)
        folders = sorted(pathlib.Path(folder).iterdir())
        if not folders:
            sys.exit("tst_lora wrote nothing")
        for path in folders:
            ours = load_file(path / "ours.safetensors")
            model = PeftModel.from_pretrained(base_model(KINDS[path.name][0]), path).eval()
            good.append(compare(f"written by Retort, {path.name}", ours["logits"],
                                logits_of(model, ours["input_ids"]), LOGITS))
            merged = model.merge_and_unload().state_dict()
            good += [compare(f"  merged {name}", value, merged[name.removeprefix("merged.")], WEIGHTS)
                     for name, value in ours.items() if name.startswith("merged.")]
    for kind, (base, _) in KINDS.items():
        expected = load_file(GOLDEN / "lora" / kind / "expected.safetensors")
        model = PeftModel.from_pretrained(base_model(base), GOLDEN / "lora" / kind).eval()
        good.append(compare(f"golden, {kind}", expected["logits"], logits_of(model, expected["input_ids"].long()),
                            LOGITS))
    sys.exit(not all(good))


def main():
    if "--write" in sys.argv:
        write_golden()
    else:
        check(pathlib.Path(sys.argv[1]).resolve())


main()
