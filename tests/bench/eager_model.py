"""The decoder that Retort trains, as one writes it in eager PyTorch: the modules and names of Hugging Face's Llama."""

import os
import pathlib


def tune():
    """The environment that Retort gives itself: the widest vectors, all cores. Before torch is imported."""
    if "avx512f" in pathlib.Path("/proc/cpuinfo").read_text():
        os.environ.setdefault("ATEN_CPU_CAPABILITY", "avx512")


tune()

import torch  # noqa: E402
from torch import nn  # noqa: E402
from torch.nn import functional as F  # noqa: E402

torch.set_num_threads(len(os.sched_getaffinity(0)))

SHAPES = {"0.8M": (4, 128, 352), "5M": (6, 256, 704)}  # layers, hidden, intermediate
VOCABULARY, HEADS = 256, 4


class RMSNorm(nn.Module):
    def __init__(self, width, eps=1e-6):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.eps = eps

    def forward(self, x):
        dtype = x.dtype
        x = x.float()
        x = x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.eps)
        return self.weight * x.to(dtype)


def rotate_half(x):
    a, b = x.chunk(2, dim=-1)
    return torch.cat((-b, a), dim=-1)


class Attention(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.head_dim = hidden // HEADS
        self.q_proj = nn.Linear(hidden, hidden, bias=False)
        self.k_proj = nn.Linear(hidden, hidden, bias=False)
        self.v_proj = nn.Linear(hidden, hidden, bias=False)
        self.o_proj = nn.Linear(hidden, hidden, bias=False)

    def forward(self, x, cos, sin, mask, cache):
        batch, length, _ = x.shape
        q, k, v = (proj(x).view(batch, length, HEADS, self.head_dim).transpose(1, 2)
                   for proj in (self.q_proj, self.k_proj, self.v_proj))
        q, k = q * cos + rotate_half(q) * sin, k * cos + rotate_half(k) * sin
        if cache is not None:
            if cache:
                k, v = torch.cat((cache[0], k), dim=2), torch.cat((cache[1], v), dim=2)
            cache[:] = [k, v]
        scores = torch.matmul(q, k.transpose(2, 3)) * self.head_dim**-0.5
        if mask is not None:
            scores = scores + mask
        weights = torch.softmax(scores, dim=-1, dtype=torch.float32).to(q.dtype)
        mixed = torch.matmul(weights, v).transpose(1, 2).reshape(batch, length, -1)
        return self.o_proj(mixed)


class MLP(nn.Module):
    def __init__(self, hidden, inner):
        super().__init__()
        self.gate_proj = nn.Linear(hidden, inner, bias=False)
        self.up_proj = nn.Linear(hidden, inner, bias=False)
        self.down_proj = nn.Linear(inner, hidden, bias=False)

    def forward(self, x):
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class Layer(nn.Module):
    def __init__(self, hidden, inner):
        super().__init__()
        self.input_layernorm, self.post_attention_layernorm = RMSNorm(hidden), RMSNorm(hidden)
        self.self_attn, self.mlp = Attention(hidden), MLP(hidden, inner)

    def forward(self, x, cos, sin, mask, cache):
        x = x + self.self_attn(self.input_layernorm(x), cos, sin, mask, cache)
        return x + self.mlp(self.post_attention_layernorm(x))


class Decoder(nn.Module):
    def __init__(self, layers, hidden, inner):
        super().__init__()
        self.embed_tokens = nn.Embedding(VOCABULARY, hidden)
        nn.init.normal_(self.embed_tokens.weight, std=0.02)
        self.layers = nn.ModuleList(Layer(hidden, inner) for _ in range(layers))
        self.norm = RMSNorm(hidden)
        frequency = 10000.0 ** (-torch.arange(0, hidden // HEADS, 2) / (hidden // HEADS))
        self.register_buffer("frequency", frequency, persistent=False)

    def forward(self, ids, caches=None, last_only=False):
        past = caches[0][0].shape[2] if caches and caches[0] else 0
        length = ids.shape[1]
        angles = torch.outer(torch.arange(past, past + length, dtype=torch.float32), self.frequency)
        angles = torch.cat((angles, angles), dim=-1)
        x = self.embed_tokens(ids)
        cos, sin = angles.cos().to(x.dtype), angles.sin().to(x.dtype)
        mask = None
        if length > 1:
            mask = torch.full((length, length), float("-inf")).triu(1)[None, None]
        for i, layer in enumerate(self.layers):
            x = layer(x, cos, sin, mask, caches[i] if caches else None)
        if last_only:
            x = x[:, -1:]
        return F.linear(self.norm(x), self.embed_tokens.weight)  # tied


def bf16_is_faster():
    """As Retort decides it: by a short measurement of a matrix product of this size."""
    import time

    rates = []
    for dtype in (torch.float32, torch.bfloat16):
        a, b = torch.ones(1024, 256, dtype=dtype), torch.ones(768, 256, dtype=dtype)
        best = float("inf")
        start = time.perf_counter()
        while best == float("inf") or time.perf_counter() - start < 0.05:
            begin = time.perf_counter()
            F.linear(a, b)
            best = min(best, time.perf_counter() - begin)
        rates.append(1 / best)
    return rates[1] > 2 * rates[0]
