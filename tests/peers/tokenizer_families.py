#!/usr/bin/env python3
# needs: tokenizers==0.23.3
"""tests/peers/golden/families/: what Hugging Face's `tokenizers` gives for tokenizers set up as those of GPT-2, Llama 3,
Qwen2 and Llama 2 (both forms), trained here on generated text, on 10 000 generated lines.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install tokenizers==0.23.3
    /tmp/venv/bin/python tests/peers/tokenizer_families.py --write     # makes the golden files anew

Called as a check (tests/peers/run BUILD), it compares Retort's ids of every line with those of `tokenizers`, and says
where they differ. tst_tokenizer_families compares on every run, without Python: a hash for each hundred lines, and
three hundred lines in full.
"""
import copy
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import zlib

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

from mixed_lines import lines

FOLDER = pathlib.Path(__file__).parent / "golden" / "families"
LINES, VARIANT_LINES, BLOCK, FULL, TRAINING = 10_000, 3_000, 100, 300, 6_000
QWEN = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
        r"|\s+(?!\S)|\s+")
LLAMA3 = QWEN.replace(r"|\p{N}|", r"|\p{N}{1,3}|")


def special(*names):
    return [AddedToken(name, normalized=False, special=True) for name in names]


def described(tokenizer):
    return json.loads(tokenizer.to_str())


def byte_level(pre_tokenizer, size, specials, normalizer=None):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizer
    if normalizer is not None:
        tokenizer.normalizer = normalizer
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=size, special_tokens=specials, show_progress=False,
                                  initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    tokenizer.train_from_iterator(lines(TRAINING, seed=1), trainer)
    return tokenizer


def gpt2():
    tokenizer = byte_level(pre_tokenizers.ByteLevel(add_prefix_space=False), 1500, special("<|endoftext|>"))
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    description = described(tokenizer)
    # As the file on the hub has them: merges as texts, affixes that are empty.
    description["model"]["merges"] = [" ".join(pair) for pair in description["model"]["merges"]]
    description["model"]["continuing_subword_prefix"] = description["model"]["end_of_word_suffix"] = ""
    return description


def split_then_bytes(pattern):
    return pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(pattern), "isolated"),
                                    pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])


def llama3():
    tokenizer = byte_level(split_then_bytes(LLAMA3), 1800, special("<|begin_of_text|>", "<|end_of_text|>"))
    tokenizer.add_special_tokens(special("<|eot_id|>", "<|start_header_id|>", "<|end_header_id|>"))
    start = ("<|begin_of_text|>", tokenizer.token_to_id("<|begin_of_text|>"))
    tokenizer.post_processor = processors.Sequence([
        processors.ByteLevel(trim_offsets=False),
        processors.TemplateProcessing(single=f"{start[0]} $A", pair=f"{start[0]} $A {start[0]} $B", special_tokens=[start])])
    description = described(tokenizer)
    description["model"]["ignore_merges"] = True
    # Words that merges do not reach: without ignore_merges they would be cut.
    for word in ("Ġunreachable", "runs"):
        description["model"]["vocab"].setdefault(word, max(
            [*description["model"]["vocab"].values(), *(token["id"] for token in description["added_tokens"])]) + 1)
    return description


def qwen2():
    tokenizer = byte_level(split_then_bytes(QWEN), 1800, [], normalizers.NFC())
    tokenizer.add_special_tokens(special("<|endoftext|>", "<|im_start|>", "<|im_end|>"))
    tokenizer.add_tokens([AddedToken(name, normalized=False, special=False)
                          for name in ("<tool_call>", "</tool_call>", "<think>", "</think>", "schön é")])
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    return described(tokenizer)


def sentencepiece(byte_fallback):
    """A vocabulary as SentencePiece's BPE makes them, converted: <unk>, <s>, </s>, bytes, pieces with ▁."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=byte_fallback))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    names = ["<unk>", "<s>", "</s>"] + [f"<0x{byte:02X}>" for byte in range(256)] * byte_fallback
    trainer = trainers.BpeTrainer(vocab_size=1500, special_tokens=special(*names), show_progress=False, limit_alphabet=220)
    tokenizer.train_from_iterator(lines(TRAINING, seed=2), trainer)
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A", pair="<s> $A <s> $B",
                                                             special_tokens=[("<s>", 1)])
    tokenizer.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(),
                                           decoders.Strip(" ", 1, 0)])
    description = described(tokenizer)
    description["added_tokens"] = description["added_tokens"][:3]  # the bytes are in the vocabulary only
    return description


def llama2():
    description = sentencepiece(True)
    description["pre_tokenizer"] = None
    description["normalizer"] = {"type": "Sequence", "normalizers": [
        {"type": "Prepend", "prepend": "▁"}, {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]}
    return description


def llama2_metaspace():
    description = sentencepiece(True)
    description["pre_tokenizer"] = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "first", "split": False}
    return description


def metaspace_unknown():
    description = sentencepiece(False)
    description["decoder"] = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True}
    return description


KINDS = {"gpt2": gpt2, "llama3": llama3, "qwen2": qwen2, "llama2": llama2, "llama2-metaspace": llama2_metaspace,
         "metaspace-unknown": metaspace_unknown}


def added(content, **flags):
    token = {"content": content, "single_word": False, "lstrip": False, "rstrip": False, "normalized": True,
             "special": False}
    return {**token, **flags}


def numbered(vocabulary, tokens):
    """With the ids that `tokenizers` gives them: the vocabulary's, else the next ones."""
    following = len(vocabulary)
    for token in tokens:
        identifier = vocabulary.get(token["content"])
        if identifier is None:
            identifier, following = following, following + 1
        token["id"] = identifier
    return tokens


def replace(pattern, content):
    return {"type": "Replace", "pattern": pattern, "content": content}


def split(pattern, behavior, invert=False):
    return {"type": "Sequence", "pretokenizers": [
        {"type": "Split", "pattern": pattern, "behavior": behavior, "invert": invert},
        {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False}]}


# name: (kind, JSON pointer, value): every other construct, one at a time.
def variants(vocabularies):
    rows = {f"normalizer {name}": ("gpt2", "/normalizer", {"type": name})
            for name in ("NFC", "NFD", "NFKC", "NFKD", "Lowercase", "StripAccents")}
    rows |= {f"strip {left} {right}": ("gpt2", "/normalizer", {"type": "Strip", "strip_left": left, "strip_right": right})
             for left in (False, True) for right in (False, True)}
    rows |= {f"split {behavior} {invert}": ("gpt2", "/pre_tokenizer", split(pattern, behavior, invert))
             for behavior, pattern in (("Removed", {"Regex": "[aeiou]+"}), ("Isolated", {"String": "a"}),
                                       ("MergedWithPrevious", {"Regex": r"\s"}), ("MergedWithNext", {"Regex": r"\p{Lu}"}),
                                       ("Contiguous", {"Regex": r"\d"}))
             for invert in (False, True)}
    rows |= {
        "replace": ("gpt2", "/normalizer", {"type": "Sequence", "normalizers": [
            replace({"Regex": r"\d{2,}"}, "#"), replace({"String": "the"}, "thethe"), {"type": "Prepend", "prepend": "_"},
            {"type": "Sequence", "normalizers": [{"type": "NFKD"}, {"type": "StripAccents"}, {"type": "Lowercase"}]}]}),
        "prefix space": ("gpt2", "/pre_tokenizer/add_prefix_space", True),
        "digits": ("gpt2", "/pre_tokenizer", {"type": "Sequence", "pretokenizers": [
            {"type": "Digits", "individual_digits": True}, {"type": "ByteLevel", "add_prefix_space": True,
                                                            "trim_offsets": True, "use_regex": True}]}),
        "digit runs": ("gpt2", "/pre_tokenizer", {"type": "Sequence", "pretokenizers": [
            {"type": "Digits", "individual_digits": False}, {"type": "ByteLevel", "add_prefix_space": False,
                                                             "trim_offsets": True, "use_regex": True}]}),
        "added tokens": ("gpt2", "/added_tokens", numbered(vocabularies["gpt2"], [
            added("<|endoftext|>", special=True, normalized=False), added("the", single_word=True), added("there"),
            added("an", lstrip=True), added("é", normalized=False), added("and", rstrip=True, special=True),
            added("  ", lstrip=True, rstrip=True), added("o", single_word=True, normalized=False),
            added("some what", single_word=True, lstrip=True, rstrip=True, normalized=False),
            added("=", single_word=True, lstrip=True)])),
        "normalised tokens": ("llama2", "/added_tokens", numbered(vocabularies["llama2"], [
            added("<unk>", special=True, normalized=False), added("<s>", special=True, normalized=False),
            added("</s>", special=True, normalized=False), added("<think>"), added("of and"), added("in", lstrip=True),
            added("ŝ", rstrip=True, normalized=False)])),
        "metaspace always": ("llama2-metaspace", "/pre_tokenizer/prepend_scheme", "always"),
        "metaspace never": ("llama2-metaspace", "/pre_tokenizer/prepend_scheme", "never"),
        "metaspace first split": ("llama2-metaspace", "/pre_tokenizer/split", True),
        "unknown not fused": ("metaspace-unknown", "/model/fuse_unk", False),
        "unknown left out": ("metaspace-unknown", "/model/unk_token", None),
        "no decoder": ("metaspace-unknown", "/decoder", None),
        "metaspace decoder": ("metaspace-unknown", "/decoder/prepend_scheme", "never"),
        "decoder steps": ("llama2", "/decoder", {"type": "Sequence", "decoders": [
            replace({"Regex": "[▁x]"}, "__"), {"type": "ByteFallback"}, {"type": "Strip", "content": "_", "start": 2, "stop": 0},
            {"type": "Fuse"}, {"type": "Strip", "content": "e", "start": 3, "stop": 0}]}),
        "template": ("gpt2", "/post_processor", {"type": "TemplateProcessing", "single": [
            {"SpecialToken": {"id": "x", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
            {"SpecialToken": {"id": "x", "type_id": 0}}, {"SpecialToken": {"id": "y", "type_id": 0}}],
            "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 0}}],
            "special_tokens": {"x": {"id": "x", "ids": [5, 6], "tokens": ["a", "b"]},
                               "y": {"id": "y", "ids": [0], "tokens": ["c"]}}}),
        "no merges": ("llama3", "/model/ignore_merges", False),
    }
    return rows


def patched(description, pointer, value):
    result = copy.deepcopy(description)
    *path, last = pointer.split("/")[1:]
    target = result
    for key in path:
        target = target[key]
    target[last] = value
    return result


def results(description, texts):
    """A line each: ids without and with special tokens, the decoded text, all as one text."""
    tokenizer = Tokenizer.from_str(json.dumps(description))
    plain = tokenizer.encode_batch(texts, add_special_tokens=False)
    full = tokenizer.encode_batch(texts, add_special_tokens=True)
    return [(" ".join(map(str, a.ids)), " ".join(map(str, b.ids)), tokenizer.decode(a.ids, skip_special_tokens=True))
            for a, b in zip(plain, full)]


def digest(rows):
    return hashlib.sha1("\n".join("\t".join(row) for row in rows).encode()).hexdigest()


def digests(rows):
    return [digest(rows[i:i + BLOCK]) for i in range(0, len(rows), BLOCK)]


def packed(value):
    """As Qt's qUncompress() reads it."""
    data = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return len(data).to_bytes(4, "big") + zlib.compress(data, 9)


def write():
    FOLDER.mkdir(parents=True, exist_ok=True)
    texts = lines(LINES, seed=3)
    (FOLDER / "lines.z").write_bytes(packed(texts))
    descriptions = {}
    for kind, make in KINDS.items():
        description = descriptions[kind] = make()
        (FOLDER / f"{kind}.z").write_bytes(packed(description))
        rows = results(description, texts)
        expected = {"blocks": digests(rows), "lines": rows[:FULL]}
        (FOLDER / f"{kind}-expected.z").write_bytes(packed(expected))
    vocabularies = {kind: description["model"]["vocab"] for kind, description in descriptions.items()}
    listed = []
    for name, (kind, pointer, value) in variants(vocabularies).items():
        rows = results(patched(descriptions[kind], pointer, value), texts[:VARIANT_LINES])
        listed.append({"name": name, "kind": kind, "pointer": pointer, "value": value, "blocks": digests(rows)})
    (FOLDER / "variants.z").write_bytes(packed(listed))


def unpacked(name):
    return json.loads(zlib.decompress((FOLDER / name).read_bytes()[4:]))


def check(build):
    """Compares every line with what the test program writes for it."""
    texts = unpacked("lines.z")
    status = 0
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([build / "bin" / "tst_tokenizer_families", "dump"], check=True, stdout=subprocess.DEVNULL,
                       env={**os.environ, "RETORT_DUMP": folder, "QT_QPA_PLATFORM": "offscreen"})
        cases = {kind: unpacked(f"{kind}.z") for kind in KINDS}
        cases |= {row["name"]: patched(unpacked(f"{row['kind']}.z"), row["pointer"], row["value"])
                  for row in unpacked("variants.z")}
        for name, description in cases.items():
            ours = json.loads((pathlib.Path(folder) / f"{name}.json").read_text())
            theirs = results(description, texts[:len(ours)])
            wrong = [i for i, row in enumerate(theirs) if list(row) != ours[i]]
            print(f"{name}: {len(theirs) - len(wrong)} of {len(theirs)} lines equal")
            for i in wrong[:3]:
                print(f"  line {i}: {texts[i]!r}\n    tokenizers: {theirs[i]}\n    Retort:     {ours[i]}")
            status |= bool(wrong)
    return status


if __name__ == "__main__":
    sys.exit(write() if "--write" in sys.argv else check(pathlib.Path(sys.argv[1])))
