#!/usr/bin/env python3
# needs: tokenizers==0.23.3
"""tests/peers/golden/: what Hugging Face's `tokenizers` gives for tokenizers that Retort saved.

Called as a check (tests/peers/run), it fails when the golden files are not what `tokenizers` gives. To make them anew:

    RETORT_WRITE_GOLDEN=tests/peers/golden build/release/bin/tst_tokenizers   # Retort saves its tokenizers there
    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install tokenizers
    /tmp/venv/bin/python tests/peers/tokenizers_golden.py --write

tst_tokenizers compares against them on every run, without Python. Beside the two kinds that Retort writes (character,
bpe) there is `qwen`: the same vocabulary behind Qwen's pre-tokenizer (a regular expression and NFC), with merges as
pairs, which Retort reads but does not write.
"""
import json
import pathlib
import sys

from tokenizers import Tokenizer

GOLDEN = pathlib.Path(__file__).parent / "golden"
QWEN = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
        r"|\s+(?!\S)|\s+")


def write_qwen():
    description = json.loads((GOLDEN / "bpe" / "tokenizer.json").read_text())
    description["normalizer"] = {"type": "NFC"}
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": False, "use_regex": False}
    split = {"type": "Split", "pattern": {"Regex": QWEN}, "behavior": "Isolated", "invert": False}
    description["pre_tokenizer"] = {"type": "Sequence", "pretokenizers": [split, byte_level]}
    description["decoder"] = byte_level
    description["model"]["merges"] = [merge.split(" ") for merge in description["model"]["merges"]]
    (GOLDEN / "qwen").mkdir(exist_ok=True)
    (GOLDEN / "qwen" / "tokenizer.json").write_text(json.dumps(description) + "\n")


def expected(kind):
    tokenizer = Tokenizer.from_file(str(GOLDEN / kind / "tokenizer.json"))
    rows = []
    for line in json.loads((GOLDEN / "lines.json").read_text()):
        ids = tokenizer.encode(line, add_special_tokens=False).ids
        rows.append({"ids": ids, "text": tokenizer.decode(ids, skip_special_tokens=True),
                     "first_half": tokenizer.decode(ids[:len(ids) // 2], skip_special_tokens=True)})
    return json.dumps({"vocabulary_size": tokenizer.get_vocab_size(), "rows": rows}) + "\n"


def main():
    write = "--write" in sys.argv
    if write:
        write_qwen()
    status = 0
    for kind in ("character", "bpe", "qwen"):
        path = GOLDEN / kind / "expected.json"
        if write:
            path.write_text(expected(kind))
        elif path.read_text() != expected(kind):
            print(f"{path} is not what `tokenizers` gives")
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
