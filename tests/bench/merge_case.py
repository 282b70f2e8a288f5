"""What bench_merge.py and merge_mergekit.py merge: models of random float32 weights in the Llama shape, and recipes."""

import json
import os
import struct

HIDDEN, INTERMEDIATE, LAYERS, VOCABULARY = 1024, 2816, 14, 32000
LARGEST_TENSOR = 4 * VOCABULARY * HIDDEN  # bytes
MODELS = 4
BLOCK = 1 << 24


def shapes():
    yield "model.embed_tokens.weight", (VOCABULARY, HIDDEN)
    for layer in range(LAYERS):
        prefix = f"model.layers.{layer}."
        for name in ("q", "k", "v", "o"):
            yield f"{prefix}self_attn.{name}_proj.weight", (HIDDEN, HIDDEN)
        yield prefix + "mlp.gate_proj.weight", (INTERMEDIATE, HIDDEN)
        yield prefix + "mlp.up_proj.weight", (INTERMEDIATE, HIDDEN)
        yield prefix + "mlp.down_proj.weight", (HIDDEN, INTERMEDIATE)
        yield prefix + "input_layernorm.weight", (HIDDEN,)
        yield prefix + "post_attention_layernorm.weight", (HIDDEN,)
    yield "model.norm.weight", (HIDDEN,)
    yield "lm_head.weight", (VOCABULARY, HIDDEN)


def config():
    return {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": HIDDEN,
            "intermediate_size": INTERMEDIATE, "num_hidden_layers": LAYERS, "num_attention_heads": 16,
            "num_key_value_heads": 16, "vocab_size": VOCABULARY, "tie_word_embeddings": False,
            "torch_dtype": "float32"}


def random_floats(size):
    """Bytes of float32 numbers of either sign between 2^-9 and 2^-7."""
    mask = int.from_bytes(b"\xff\xff\xff\x80" * (size // 4), "little")
    exponent = int.from_bytes(b"\x00\x00\x00\x3b" * (size // 4), "little")
    return (int.from_bytes(os.urandom(size), "little") & mask | exponent).to_bytes(size, "little")


def write_model(folder):
    folder.mkdir(parents=True)
    header, end = {"__metadata__": {"format": "pt"}}, 0
    for name, shape in sorted(shapes()):
        size = 4
        for side in shape:
            size *= side
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [end, end + size]}
        end += size
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(folder / "model.safetensors", "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for left in range(end, 0, -BLOCK):
            file.write(random_floats(min(left, BLOCK)))
    (folder / "config.json").write_text(json.dumps(config()))


def recipes(base):
    """Method -> a recipe's file. TIES has one of the four models as its base."""
    names = [str(base / f"model-{i}") for i in range(MODELS)]
    linear = {"merge_method": "linear", "dtype": "float32",
              "models": [{"model": name, "parameters": {"weight": 0.25}} for name in names]}
    ties = {"merge_method": "ties", "dtype": "float32", "base_model": names[0],
            "models": [{"model": name, "parameters": {"weight": 0.5, "density": 0.5}} for name in names[1:]]}
    files = {}
    for recipe in (linear, ties):
        files[recipe["merge_method"]] = base / f"{recipe['merge_method']}.yml"
        files[recipe["merge_method"]].write_text(json.dumps(recipe, indent=1))  # JSON is YAML
    return files
