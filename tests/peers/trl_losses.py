#!/usr/bin/env python3
# needs: torch==2.13.0 transformers==5.23.0 trl==1.16.0 accelerate==1.15.0 datasets==5.2.0
"""What TRL's own trainers compute for the preference and distillation losses, on fixed log-probabilities and logits.

tests/peers/golden/trl/losses.json holds inputs and values; tst_preference_loss and tst_distillation_loss read it on
every run, without Python. This check verifies that the file is still what TRL gives. To make it anew:

    tests/peers/trl_losses.py BUILD_DIR --write

The trainers' methods run as they are; only what stands around them (a model, an accelerator) is a stand-in that hands
out the fixed numbers.
"""
import collections
import json
import pathlib
import sys
import types

import torch
import torch.nn.functional as F
from trl import DPOTrainer, KTOTrainer
from trl.experimental.cpo import CPOTrainer
from trl.experimental.gkd import GKDTrainer
from trl.experimental.orpo import ORPOTrainer

GOLDEN = pathlib.Path(__file__).parent / "golden" / "trl" / "losses.json"
LIMIT = 1e-9
CHOSEN_LENGTHS, REJECTED_LENGTHS = [4, 7, 1, 5], [6, 3, 2, 5]
PROMPT_LENGTHS = [3, 2, 4, 1]


class Accelerator:
    device = torch.device("cpu")

    def gather_for_metrics(self, value):
        return value

    gather = gather_for_metrics


class Model(torch.nn.Module):
    """Answers each call with the next of the prepared log-probabilities."""

    is_gradient_checkpointing = False

    def __init__(self, *answers):
        super().__init__()
        self.answers = list(answers)

    def forward(self, **_):
        logps = self.answers.pop(0)
        return types.SimpleNamespace(log_probs=logps, entropy=torch.zeros_like(logps), mean_logits=torch.zeros_like(logps),
                                     is_top1=torch.zeros_like(logps, dtype=torch.bool))


def token_logps(generator, lengths):
    return [(-2 * torch.rand(n, generator=generator, dtype=torch.float64)).tolist() for n in lengths]


def padded(rows):
    """[rows, width + 1] completion mask and [rows, width] log-probabilities, as after TRL's shift."""
    width = max(map(len, rows))
    logps, mask = torch.zeros(len(rows), width, dtype=torch.float64), torch.zeros(len(rows), width + 1, dtype=torch.long)
    for i, row in enumerate(rows):
        logps[i, : len(row)] = torch.tensor(row, dtype=torch.float64)
        mask[i, 1 : 1 + len(row)] = 1
    return logps, mask


def trainer(**values):
    return types.SimpleNamespace(accelerator=Accelerator(), aux_loss_enabled=False, use_weighting=False, ld_alpha=None,
                                 precompute_ref_logps=False, f_divergence_type="reverse_kl", _total_train_tokens=0,
                                 _tp_size=1, args=types.SimpleNamespace(gradient_checkpointing=False,
                                                                        gradient_checkpointing_kwargs=None,
                                                                        discopop_tau=values.pop("discopop_tau", 0.05)),
                                 _metrics={"train": collections.defaultdict(list), "eval": collections.defaultdict(list)},
                                 **values)


def dpo(inputs, settings):
    logps, mask = padded(inputs["chosen"] + inputs["rejected"])
    reference, _ = padded(inputs["reference_chosen"] + inputs["reference_rejected"])
    model = Model(logps)
    this = trainer(model=model, ref_model=Model(reference), loss_types=settings["loss_type"], beta=settings["beta"],
                   loss_weights=settings.get("loss_weights", [1.0] * len(settings["loss_type"])),
                   label_smoothing=settings.get("label_smoothing", 0.0))
    loss = DPOTrainer._compute_loss(this, model, {"input_ids": mask, "attention_mask": mask, "completion_mask": mask}, False)
    metrics = {name: values[-1] for name, values in this._metrics["train"].items() if name.startswith("rewards/")}
    return {"settings": settings, "loss": loss.item(), **metrics}


def dpo_cases(inputs):
    single = ["sigmoid", "hinge", "ipo", "nca_pair", "bco_pair", "sppo_hard", "apo_zero", "apo_down", "discopop", "sft",
              "sigmoid_norm"]
    smoothed = ["robust", "exo_pair", "aot", "aot_unpaired"]
    cases = [{"loss_type": [name], "beta": beta} for name in single for beta in (0.1, 1.5)]
    cases += [{"loss_type": [name], "beta": 0.4, "label_smoothing": 0.125} for name in smoothed]
    cases += [{"loss_type": ["sigmoid", "sft"], "loss_weights": [1.0, 0.25], "beta": 0.1},
              {"loss_type": ["ipo", "hinge", "sft"], "loss_weights": [0.5, 2.0, 1.0], "beta": 0.3}]
    return [dpo(inputs, case) for case in cases]


def kto(inputs, settings):
    rows = inputs["chosen"] + inputs["rejected"]
    logps, mask = padded(rows)
    reference, _ = padded(inputs["reference_chosen"] + inputs["reference_rejected"])
    other, other_mask = padded(inputs["mismatched"])
    reference_other, _ = padded(inputs["reference_mismatched"])
    model, ref_model = Model(other, logps), Model(reference_other, reference)
    this = trainer(model=model, ref_model=ref_model, calculate_KL=settings["loss_type"] == "kto", **settings)
    this._compute_kl_logps = types.MethodType(KTOTrainer._compute_kl_logps, this)
    if not this.calculate_KL:
        model.answers.pop(0), ref_model.answers.pop(0)
    batch = {"input_ids": mask, "attention_mask": mask, "completion_mask": mask, "KL_input_ids": other_mask,
             "KL_attention_mask": other_mask, "KL_completion_mask": other_mask,
             "label": torch.tensor([True] * len(inputs["chosen"]) + [False] * len(inputs["rejected"]))}
    loss = KTOTrainer._compute_loss(this, model, batch, False)
    metrics = {name: values[-1] for name, values in this._metrics["train"].items()
               if name.startswith("rewards/") or name == "kl"}
    return {"settings": settings, "loss": loss.item(), **metrics}


def kto_cases(inputs):
    # With the two groups of mismatched completions exchanged, the KL is below 0 and must be taken for 0.
    turned = {**inputs, "mismatched": inputs["reference_mismatched"], "reference_mismatched": inputs["mismatched"]}
    cases = []
    for weights in ((1.0, 1.0), (1.33, 0.75)):
        for name in ("kto", "apo_zero_unpaired"):
            settings = {"loss_type": name, "beta": 0.3, "desirable_weight": weights[0], "undesirable_weight": weights[1]}
            for turn, data in ((False, inputs), (True, turned)):
                cases.append({**kto(data, dict(settings)), "turned": turn})
    return cases


def means(rows):
    return torch.tensor([sum(row) / len(row) for row in rows], dtype=torch.float64)


def cross_entropy(rows):
    return -torch.tensor([value for row in rows for value in row], dtype=torch.float64).mean()


def simpo(inputs, settings):
    this = types.SimpleNamespace(accelerator=Accelerator(), alpha=0.0, loss_type="simpo",
                                 **{k: v for k, v in settings.items() if k != "cpo_alpha"})
    losses, chosen, rejected = CPOTrainer.cpo_loss(this, means(inputs["chosen"]), means(inputs["rejected"]))
    loss = losses.mean() + settings["cpo_alpha"] * cross_entropy(inputs["chosen"])
    return {"settings": settings, "loss": loss.item(), "rewards/chosen": chosen.mean().item(),
            "rewards/rejected": rejected.mean().item()}


def orpo(inputs, settings):
    # TRL casts to float32 here, unlike elsewhere: the tolerance of this case is float32's.
    this = types.SimpleNamespace(accelerator=Accelerator(), **settings)
    losses, chosen, rejected, ratio, odds = ORPOTrainer.odds_ratio_loss(this, means(inputs["chosen"]), means(inputs["rejected"]))
    texts = [prompt + row for prompt, row in zip(inputs["prompts"], inputs["chosen"])]
    return {"settings": settings, "loss": (cross_entropy(texts) - losses.mean()).item(), "rewards/chosen": chosen.mean().item(),
            "rewards/rejected": rejected.mean().item(), "log_odds_ratio": ratio.item(), "log_odds_chosen": odds.item()}


def gkd(inputs, beta, temperature):
    student = torch.tensor(inputs["student_logits"], dtype=torch.float64, requires_grad=True)
    teacher = torch.tensor(inputs["teacher_logits"], dtype=torch.float64)
    labels = torch.tensor(inputs["labels"])
    loss = GKDTrainer.generalized_jsd_loss(student, teacher, labels=labels, beta=beta, temperature=temperature)
    loss.backward()
    return {"beta": beta, "temperature": temperature, "loss": loss.item(), "gradient": student.grad.flatten().tolist()}


def make_inputs():
    generator = torch.Generator().manual_seed(11)
    inputs = {"chosen": token_logps(generator, CHOSEN_LENGTHS), "rejected": token_logps(generator, REJECTED_LENGTHS),
              "reference_chosen": token_logps(generator, CHOSEN_LENGTHS),
              "reference_rejected": token_logps(generator, REJECTED_LENGTHS),
              "prompts": token_logps(generator, PROMPT_LENGTHS)}
    lengths = CHOSEN_LENGTHS + REJECTED_LENGTHS
    inputs["mismatched"] = token_logps(generator, lengths[-1:] + lengths[:-1])
    inputs["reference_mismatched"] = [[value - 0.1 for value in row] for row in inputs["mismatched"]]
    logits = lambda: (3 * torch.randn(2, 4, 7, generator=generator, dtype=torch.float64)).tolist()
    inputs["student_logits"], inputs["teacher_logits"] = logits(), logits()
    inputs["labels"] = [[-100, 3, 1, 2], [-100, -100, 5, 0]]
    return inputs


def compute(inputs):
    return {"inputs": inputs,
            "dpo": dpo_cases(inputs),
            "kto": kto_cases(inputs),
            "simpo": [simpo(inputs, {"beta": beta, "simpo_gamma": gamma, "cpo_alpha": alpha, "label_smoothing": smoothing})
                      for beta, gamma, alpha, smoothing in ((0.1, 0.5, 0.0, 0.0), (2.0, 0.5, 0.0, 0.0), (2.0, 1.0, 1.0, 0.1))],
            "orpo": [orpo(inputs, {"beta": beta}) for beta in (0.1, 1.0)],
            "gkd": [gkd(inputs, beta, temperature) for beta in (0, 0.1, 0.5, 0.9, 1) for temperature in (1.0, 0.7, 2.0)]}


def worst(a, b):
    if isinstance(a, dict):
        return max((worst(a[key], b[key]) for key in a), default=0) if a.keys() == b.keys() else float("inf")
    if isinstance(a, list):
        return max(map(worst, a, b), default=0) if len(a) == len(b) else float("inf")
    return abs(a - b) if isinstance(a, float) or isinstance(b, float) else (0 if a == b else float("inf"))


def main():
    if "--write" in sys.argv:
        GOLDEN.parent.mkdir(parents=True, exist_ok=True)
        GOLDEN.write_text(json.dumps(compute(make_inputs()), indent=1) + "\n")
        return
    golden = json.loads(GOLDEN.read_text())
    difference = worst(golden, compute(golden["inputs"]))
    print(f"golden/trl/losses.json: max |difference| to TRL {difference:.2e}")
    sys.exit(difference > LIMIT)


main()
