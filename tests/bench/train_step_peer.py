"""Peer of bench_train_step: forward, backward, clipping, AdamW in eager PyTorch."""
# debian: python3-torch python3-numpy

import contextlib
import json
import time

from eager_model import SHAPES, VOCABULARY, Decoder, F, bf16_is_faster, torch

SEQUENCES, LENGTH, STEPS = 64, 96, 6
LARGE = {"25M": (8, 512, 1408)}


def best_step(model, ids, context):
    decayed = [p for p in model.parameters() if p.dim() > 1]
    plain = [p for p in model.parameters() if p.dim() == 1]
    groups = [{"params": decayed, "weight_decay": 0.1}, {"params": plain, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=1e-3, betas=(0.9, 0.95), foreach=True)
    targets = ids[:, 1:].reshape(-1)
    best = float("inf")
    for _ in range(STEPS):
        begin = time.perf_counter()
        with context():
            logits = model(ids)[:, :-1]
        loss = F.cross_entropy(logits.reshape(-1, VOCABULARY).float(), targets)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        best = min(best, time.perf_counter() - begin)
    return best


def main():
    torch.manual_seed(1)
    ids = torch.randint(0, VOCABULARY, (SEQUENCES, LENGTH))
    context = contextlib.nullcontext
    if bf16_is_faster():
        def context():
            return torch.autocast("cpu", dtype=torch.bfloat16)
    for name, shape in (SHAPES | LARGE).items():
        seconds = best_step(Decoder(*shape), ids, context)
        print(json.dumps({"case": f"step {name} 64x96", "value": ids.numel() / seconds, "unit": "tokens/s"}),
              flush=True)


main()
