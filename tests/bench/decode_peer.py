"""Peer of bench_decode: batched sampling with a growing key/value cache in eager PyTorch."""
# debian: python3-torch python3-numpy

import json
import time

from eager_model import SHAPES, VOCABULARY, Decoder, torch

PROMPT, NEW, ROUNDS = 16, 64, 4


@torch.inference_mode()
def generate(model, ids):
    caches = [[] for _ in model.layers]
    token, tokens, logprobs = ids, [], []
    for _ in range(NEW):
        logits = model(token, caches, last_only=True)[:, -1].float()
        probabilities = torch.softmax(logits, dim=-1)
        token = torch.multinomial(probabilities, 1)
        tokens.append(token)
        logprobs.append(probabilities.gather(1, token).log())
    return torch.cat(tokens, dim=1), torch.cat(logprobs, dim=1)


def main():
    torch.manual_seed(1)
    for rows in (64, 256):
        ids = torch.randint(0, VOCABULARY, (rows, PROMPT))
        for name, shape in SHAPES.items():
            model, best = Decoder(*shape).eval(), float("inf")
            for _ in range(ROUNDS):
                begin = time.perf_counter()
                generate(model, ids)
                best = min(best, time.perf_counter() - begin)
            print(json.dumps({"case": f"decode {name} {rows} rows", "value": rows * NEW / best, "unit": "tokens/s"}),
                  flush=True)


main()
