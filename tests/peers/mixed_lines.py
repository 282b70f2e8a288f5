"""Lines of text as a tokenizer meets them at its worst: scripts, digits, code, emoji, marks, blanks, broken UTF-8.

Made from a seed, so that every run makes the same ones.
"""
import random

# First and last code point of what a script's words are made of.
SCRIPTS = {
    "latin": (0x61, 0x7A), "latin1": (0xC0, 0xFF), "extended": (0x100, 0x24F), "greek": (0x391, 0x3C9),
    "cyrillic": (0x410, 0x44F), "armenian": (0x531, 0x586), "hebrew": (0x5D0, 0x5EA), "arabic": (0x620, 0x64A),
    "devanagari": (0x904, 0x94D), "bengali": (0x985, 0x9CD), "tamil": (0xB85, 0xBCD), "thai": (0xE01, 0xE4E),
    "georgian": (0x10D0, 0x10F0), "hangul": (0xAC00, 0xD7A3), "jamo": (0x1100, 0x11FF), "hiragana": (0x3041, 0x3096),
    "katakana": (0x30A1, 0x30FA), "han": (0x4E00, 0x9FA5), "ethiopic": (0x1200, 0x1248), "gothic": (0x10330, 0x1034A),
    "cjk-b": (0x20000, 0x20100), "mathematical": (0x1D400, 0x1D454), "compatibility": (0xF900, 0xFA2D),
    "halfwidth": (0xFF01, 0xFFEE), "ligatures": (0xFB00, 0xFB06), "turkish": (0x130, 0x131), "new": (0x16D40, 0x16D60),
}
DIGITS = ["0123456789"] * 6 + ["٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९", "²³¹⅓ⅳⅧ①㊿", "０１２３４５", "𝟘𝟙𝟚𝟛", "𖹠᠐᠑"]
WORDS = ("the of and to in a is that for it was on are as with his they be at one have this from or had by hot but some what "
         "there we can out other were all your when up use how said each she which do their time if will way about many then "
         "them would like so these her long make thing see him two has look more day could go come did my sound no most "
         "number who over know water than call first people may down side been now find any new work part take get place "
         "made live where after back little only round man year came show every good me give our under name very through "
         "just form much great think say help low line before turn cause same mean differ move right boy old too does tell "
         "don't I'm we'll they've he'd it's you're CAN'T I'LL SHE'S o'clock Don’t rock'n'roll 'tis ſ'ſ x'ſ").split()
CODE = ["for (int i = 0; i < n; ++i) {", "    return a[i] != b[i] ? x : y;", "def f(x, *, y=None) -> dict[str, int]:",
        "\tif x is None and not y: raise ValueError(f\"{x!r}\")", "#include <vector>", "std::map<int,std::string> m{{1,\"a\"}};",
        "SELECT * FROM runs WHERE id=?1 AND t>=0.5;", "// TODO(user): fix!!!", "x = np.array([[1.0, -2e-5], [3, 4]])", "$PATH:~/bin && ls -la | grep '^d'",
        "<div class=\"a-b_c\">&nbsp;</div>", "\\frac{a}{b} \\sum_{i=0}^{n} x_i^2", "{\"key\": [1, 2, {\"a\": null}]}", "https://example.org/a?b=c&d=%20#e",
        "git commit -m 'x' --amend", "0x1F 0b1010 1_000_000 1e-9 .5 5.", "a->b.c::d()[0]", "\\n\\t\\u00e9", "```python", "---", "===", "***"]
EMOJI = ["😀", "👍🏽", "👩‍👩‍👧‍👦", "🇩🇪", "🏳️‍🌈", "❤️", "✂", "☃", "🧑🏿‍🚀", "1️⃣", "🫠", "♞", "➡️", "⏱"]
MARKS = ["\u0301", "\u0308", "\u0323", "\u20dd", "\u0bcd", "\u093c", "\u064b", "\u0307", "\ufe0f", "\u200d", "\u1ab0", "\u302a"]
BLANKS = [" ", " ", " ", " ", " ", "  ", "   ", "\t", "\n", "\r\n", "\n\n", " \n", "\n ", "\u00a0", "\u3000", "\u2003", "\u2028",
          "\x85", "\x0b", "\x0c", "\u1680", "\u205f", "\u202f", "\u200b", "\ufeff", "\u180e", "\x1c", "\x00", "        "]
SIGNS = list("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~") + ["…", "–", "—", "“", "”", "‘", "’", "«", "»", "°", "§", "€", "¿", "×", "÷", "→", "∑", "∂", "≤",
                                                       "。", "、", "「", "」", "・", "؟", "।", "\u00ad", "▁", "Ġ", "�", "𝄞", "µ", "ª"]
TOKENS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|begin_of_text|>", "<s>", "</s>", "<unk>", "<think>", "</think>",
          "<0x0A>", "<|end", "|endoftext|>", "<tool_call>"]


def word(rng):
    if rng.random() < 0.55:
        text = rng.choice(WORDS)
        return rng.choice([text, text, text, text.capitalize(), text.upper()])
    first, last = SCRIPTS[rng.choice(list(SCRIPTS))]
    return "".join(chr(rng.randint(first, last)) for _ in range(rng.randint(1, 7)))


def number(rng):
    digits = rng.choice(DIGITS)
    text = "".join(rng.choice(digits) for _ in range(rng.randint(1, 9)))
    return rng.choice([text, text, f"{text}.{text[:2]}", f"-{text}", f"{text},{text[:3]}", f"${text}", f"{text}%"])


def marked(rng):
    base = rng.choice(["e", "a", "ñ", "한", "क", "ا", "I", " ", "å", "Å", "ﬁ", "Ω", "i", "ς", "Σ", "İ"])
    return base + "".join(rng.choice(MARKS) for _ in range(rng.randint(1, 3)))


def broken(rng):
    """Bytes that are not UTF-8, replaced as Python does."""
    data = bytearray(" ".join(word(rng) for _ in range(3)).encode())
    for _ in range(rng.randint(1, 4)):
        data.insert(rng.randrange(len(data) + 1), rng.randrange(0x80, 0x100))
    if rng.random() < 0.5:
        data = data[:rng.randrange(len(data)) + 1]
    return data.decode("utf-8", errors="replace")


def any_character(rng):
    while True:
        code = rng.choice([rng.randrange(0x3000), rng.randrange(0x10000), rng.randrange(0x110000)])
        if not 0xD800 <= code < 0xE000:
            return chr(code)


def piece(rng):
    kinds = [(50, word), (12, number), (6, lambda r: r.choice(CODE)), (6, lambda r: r.choice(EMOJI) * r.choice([1, 1, 1, 3])),
             (6, marked), (4, broken), (10, lambda r: r.choice(SIGNS) * r.choice([1, 1, 1, 1, 2, 3, 9])),
             (3, lambda r: r.choice(TOKENS)), (3, any_character)]
    return rng.choices([kind for _, kind in kinds], [weight for weight, _ in kinds])[0](rng)


def line(rng):
    parts = []
    for _ in range(rng.choice([0, 1, 2, 3, 5, 8, 13])):
        parts.append(piece(rng))
        if rng.random() < 0.75:
            parts.append(rng.choice(BLANKS))
    if rng.random() < 0.08:
        parts.insert(0, rng.choice(BLANKS))
    return "".join(parts)


def lines(count, seed):
    rng = random.Random(seed)
    return [line(rng) for _ in range(count)]
