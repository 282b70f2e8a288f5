// Kernels that walk over rows: norm, rotation, SwiGLU, softmax statistics. Included by variant.cpp only.
#pragma once

#include "training/engine/kernels/kernels.h"
#include "training/engine/kernels/vector.h"

namespace RETORT_VARIANT {

using retort::TokenStatistics;

static void rmsNorm(long rows, long width, const float* x, long ldx, const float* weight, float eps, float* y,
                    long ldy, float* scales) {
    for (long r = 0; r < rows; ++r, x += ldx, y += ldy) {
        Vec squares{};
        long i = 0;
        for (; i + lanes <= width; i += lanes) squares += load(x + i) * load(x + i);
        float total = sum(squares);
        for (; i < width; ++i) total += x[i] * x[i];
        const float scale = 1.0f / __builtin_sqrtf(total / float(width) + eps);
        for (i = 0; i + lanes <= width; i += lanes) store(y + i, load(x + i) * scale * load(weight + i));
        for (; i < width; ++i) y[i] = x[i] * scale * weight[i];
        if (scales) scales[r] = scale;
    }
}

static void rmsNormGradient(long rows, long width, const float* x, long ldx, const float* weight,
                            const float* scales, const float* dy, long ldy, float* dx, long lddx, bool add,
                            float* dWeight) {
    for (long r = 0; r < rows; ++r, x += ldx, dy += ldy, dx += lddx) {
        const float scale = scales[r];
        Vec products{};
        long i = 0;
        for (; i + lanes <= width; i += lanes) {
            const Vec scaled = load(dy + i) * load(x + i);
            products += scaled * load(weight + i);
            store(dWeight + i, load(dWeight + i) + scaled * scale);
        }
        float total = sum(products);
        for (; i < width; ++i) {
            total += dy[i] * x[i] * weight[i];
            dWeight[i] += dy[i] * x[i] * scale;
        }
        const float back = total * scale * scale * scale / float(width);
        for (i = 0; i + lanes <= width; i += lanes) {
            const Vec through = load(dy + i) * load(weight + i) * scale - load(x + i) * back;
            store(dx + i, add ? load(dx + i) + through : through);
        }
        for (; i < width; ++i) {
            const float through = dy[i] * weight[i] * scale - x[i] * back;
            dx[i] = add ? dx[i] + through : through;
        }
    }
}

static void rotate(float* row, long heads, long width, const float* cosines, const float* sines,
                   float direction) {
    const long half = width / 2;
    for (long h = 0; h < heads; ++h, row += width) {
        long i = 0;
        for (; i + lanes <= half; i += lanes) {
            const Vec a = load(row + i), b = load(row + half + i), c = load(cosines + i),
                      s = load(sines + i) * direction;
            store(row + i, a * c - b * s);
            store(row + half + i, b * c + a * s);
        }
        for (; i < half; ++i) {
            const float a = row[i], b = row[half + i], c = cosines[i], s = sines[i] * direction;
            row[i] = a * c - b * s;
            row[half + i] = b * c + a * s;
        }
    }
}

RETORT_INLINE Vec sigmoid(Vec x) {
    return 1.0f / (1.0f + exponential(-x));
}

/// Loads and stores of the last, partial register of a row.
RETORT_INLINE Vec loadPart(const float* p, long count) {
    Vec v{};
    for (long i = 0; i < count; ++i) v[i] = p[i];
    return v;
}
RETORT_INLINE void storePart(float* p, Vec v, long count) {
    for (long i = 0; i < count; ++i) p[i] = v[i];
}

static void swiglu(long rows, long width, const float* gateUp, long ld, float* out, long ldOut) {
    for (long r = 0; r < rows; ++r, gateUp += ld, out += ldOut) {
        const float* up = gateUp + width;
        long i = 0;
        for (; i + lanes <= width; i += lanes) {
            const Vec g = load(gateUp + i);
            store(out + i, g * sigmoid(g) * load(up + i));
        }
        if (i < width) {
            const Vec g = loadPart(gateUp + i, width - i);
            storePart(out + i, g * sigmoid(g) * loadPart(up + i, width - i), width - i);
        }
    }
}

struct SwigluParts {
    Vec dGate, dUp, out;
};

RETORT_INLINE SwigluParts swigluParts(Vec g, Vec u, Vec d) {
    const Vec s = sigmoid(g), silu = g * s;
    return {d * u * (s + silu * (1.0f - s)), d * silu, silu * u};
}

static void swigluGradient(long rows, long width, const float* gateUp, long ld, const float* dOut, long ldOut,
                           float* dGateUp, long ldGradient, float* out, long ldAgain) {
    for (long r = 0; r < rows; ++r, gateUp += ld, dOut += ldOut, dGateUp += ldGradient, out += ldAgain) {
        long i = 0;
        for (; i + lanes <= width; i += lanes) {
            const SwigluParts p = swigluParts(load(gateUp + i), load(gateUp + width + i), load(dOut + i));
            store(dGateUp + i, p.dGate);
            store(dGateUp + width + i, p.dUp);
            store(out + i, p.out);
        }
        if (i < width) {
            const long n = width - i;
            const SwigluParts p =
                swigluParts(loadPart(gateUp + i, n), loadPart(gateUp + width + i, n), loadPart(dOut + i, n));
            storePart(dGateUp + i, p.dGate, n);
            storePart(dGateUp + width + i, p.dUp, n);
            storePart(out + i, p.out, n);
        }
    }
}

static void add(long count, const float* x, float* y) {
    long i = 0;
    for (; i + lanes <= count; i += lanes) store(y + i, load(y + i) + load(x + i));
    for (; i < count; ++i) y[i] += x[i];
}

static float maximum(const float* x, long count) {
    Vec best = all(-__builtin_inff());
    long i = 0;
    for (; i + lanes <= count; i += lanes) best = larger(best, load(x + i));
    float peak = largest(best);
    for (; i < count; ++i) peak = x[i] > peak ? x[i] : peak;
    return peak;
}

/// weights = exp((x − max) · scale). The sums are kept per lane in double-free order and added at the end.
static void exponentials(const float* x, long count, float scale, float* weights, float* peak, double* total,
                         double* weighted) {
    const float best = maximum(x, count);
    double sums = 0, products = 0;
    for (long begin = 0; begin < count;
         begin += 4096) {  // float lanes over short stretches, double between them
        const long end = count - begin < 4096 ? count : begin + 4096;
        Vec s{}, w{};
        long i = begin;
        for (; i + lanes <= end; i += lanes) {
            const Vec z = (load(x + i) - best) * scale, e = exponential(z);
            store(weights + i, e);
            s += e;
            w += larger(z, all(-88.0f)) * e;
        }
        if (i < end) {
            const Vec z = (loadPart(x + i, end - i) - best) * scale, e = exponential(z);
            storePart(weights + i, e, end - i);
            for (long j = 0; j < end - i; ++j) {
                s[j] += e[j];
                w[j] += (z[j] > -88.0f ? z[j] : -88.0f) * e[j];
            }
        }
        sums += sum(s);
        products += sum(w);
    }
    *peak = best;
    *total = sums;
    *weighted = products;
}

static long firstIndexOf(const float* x, long count, float value) {
    for (long i = 0; i < count; ++i)
        if (x[i] == value) return i;
    return 0;
}

/// Natural logarithm of a positive number without a call into a library that another variant could share.
static float logarithm(double x) {
    return float(__builtin_log(x));
}

static TokenStatistics statistics(const float* logits, long vocab, float scale, long target) {
    const float best = maximum(logits, vocab);
    double total = 0, weighted = 0;
    for (long begin = 0; begin < vocab; begin += 4096) {
        const long end = vocab - begin < 4096 ? vocab : begin + 4096;
        Vec s{}, w{};
        long i = begin;
        for (; i + lanes <= end; i += lanes) {
            const Vec z = (load(logits + i) - best) * scale, e = exponential(z);
            s += e;
            w += larger(z, all(-88.0f)) * e;
        }
        if (i < end) {
            const Vec z = (loadPart(logits + i, end - i) - best) * scale, e = exponential(z);
            for (long j = 0; j < end - i; ++j) {
                s[j] += e[j];
                w[j] += (z[j] > -88.0f ? z[j] : -88.0f) * e[j];
            }
        }
        total += sum(s);
        weighted += sum(w);
    }
    TokenStatistics result;
    const float logTotal = logarithm(total);
    result.logSum = best * scale + logTotal;
    result.argmax = firstIndexOf(logits, vocab, best);
    if (target >= 0) result.logprob = (logits[target] - best) * scale - logTotal;
    const float entropy = logTotal - float(weighted / total);
    result.entropy = entropy > 0 ? entropy : 0;
    return result;
}

static void statisticsGradient(float* logits, long vocab, float scale, long target, float logSum,
                               float gradient) {
    const float factor = -gradient * scale;
    long i = 0;
    for (; i + lanes <= vocab; i += lanes)
        store(logits + i, exponential(load(logits + i) * scale - logSum) * factor);
    if (i < vocab)
        storePart(logits + i, exponential(loadPart(logits + i, vocab - i) * scale - logSum) * factor,
                  vocab - i);
    logits[target] -= factor;
}

}  // namespace RETORT_VARIANT
