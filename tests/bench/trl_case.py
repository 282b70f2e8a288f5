"""What bench_trl and its peer share: the data, the sizes, and where the checkpoint lies that both start from."""

import json
import pathlib
import random

ROWS, BATCH, LENGTH = 4096, 64, 96
PROMPTS, GENERATIONS, NEW_TOKENS = 8, 8, 64
SFT_STEPS, GRPO_STEPS, WARM_STEPS = 14, 8, 3
MODEL = {"hidden_size": 256, "num_hidden_layers": 6, "num_attention_heads": 4, "num_key_value_heads": 4,
         "intermediate_size": 704, "max_position_embeddings": 256}
SMALL = {"hidden_size": 128, "num_hidden_layers": 4, "num_attention_heads": 4, "num_key_value_heads": 4,
         "intermediate_size": 352, "max_position_embeddings": 256}
SFT, GRPO = "sft 5M 64x96", "grpo 5M 8x8, up to 64 new tokens"
GENERATE = {"0.8M": SMALL, "5M": MODEL}


def generate_case(size):
    return f"generate {size} 64 rows, 64 new tokens"


def folder(build):
    return pathlib.Path(build) / "bench-trl"


def write_data(path):
    """Prompts of 17 and completions of 79 characters: 96 tokens with the end, of which 95 are predicted."""
    draw = random.Random(1)
    with path.open("w") as file:
        for _ in range(ROWS):
            a, b = draw.randrange(10**7, 10**8), draw.randrange(10**7, 10**8)
            work = "".join(draw.choice("0123456789+=;") for _ in range(LENGTH - 17 - 10)) + f"{a + b:9d};"
            file.write(json.dumps({"prompt": f"{a}+{b}", "completion": work[:LENGTH - 18]}) + "\n")


def speed(points):
    """Tokens a second of the steps behind the first few, from (time, tokens of this step)."""
    points = points[WARM_STEPS - 1:]
    return sum(tokens for _, tokens in points[1:]) / (points[-1][0] - points[0][0])
