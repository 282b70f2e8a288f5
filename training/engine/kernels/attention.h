// Causal attention of one key/value head over one sequence, in blocks of query rows; the backward pass
// recomputes the probabilities from the saved logarithms of the sums. Included by variant.cpp only.
#pragma once

#include "training/engine/kernels/gemm.h"
#include "training/engine/kernels/rows.h"

namespace RETORT_VARIANT {

using retort::AttentionTask;

constexpr long queryBlock = 8 * tileRows;

RETORT_INLINE long roundUp(long n, long step) {
    return (n + step - 1) / step * step;
}

/// exp(s · scale − shift) for the columns up to `last`, zero beyond; returns the sum.
static float probabilities(float* s, long last, long columns, float scale, float shift) {
    Vec total{};
    long j = 0;
    for (; j + lanes <= last + 1; j += lanes) {
        const Vec p = exponential(load(s + j) * scale - shift);
        store(s + j, p);
        total += p;
    }
    float rest = 0;
    if (j <= last) {
        const long n = last + 1 - j;
        const Vec p = exponential(loadPart(s + j, n) * scale - shift);
        storePart(s + j, p, n);
        for (long i = 0; i < n; ++i) rest += p[i];
        j = last + 1;
    }
    for (; j < columns; ++j) s[j] = 0;
    return sum(total) + rest;
}

RETORT_INLINE void scaleRow(float* x, long count, float factor) {
    for (long i = 0; i < count; ++i) x[i] *= factor;
}

/// Not by a factor of zero: what was there may be NaN.
RETORT_INLINE void clearRow(float* x, long count) {
    for (long i = 0; i < count; ++i) x[i] = 0;
}

static long attentionScratch(long length, long width) {
    const long columns = roundUp(length, panel);
    return 2 * queryBlock * columns              // scores and their gradients
           + 2 * columns * width                 // keys and values, transposed and packed
           + 2 * length * roundUp(width, panel)  // keys or values by rows, packed
           + 2 * queryBlock * roundUp(width, panel) + queryBlock + lanes;
}

static void attention(const AttentionTask& t, float* scratch) {
    const long columns = roundUp(t.length, panel);
    float* scores = scratch;
    float* keys = scores + queryBlock * columns;
    float* values = keys + columns * t.width;
    packTransposed(t.key, t.ld, t.width, 0, t.length, keys);
    packRows(t.value, t.ld, t.length, 0, t.width, values);
    for (long h = 0; h < t.queryHeads; ++h) {
        for (long begin = 0; begin < t.length; begin += queryBlock) {
            const long end = begin + queryBlock < t.length ? begin + queryBlock : t.length;
            multiplyBlock<Left::Rows>(end - begin, roundUp(end, panel), t.width, t.width,
                                      t.query + begin * t.ld + h * t.width, t.ld, keys, scores, columns,
                                      false);
            float inverse[queryBlock];
            for (long r = begin; r < end; ++r) {
                float* row = scores + (r - begin) * columns;
                const float peak = maximum(row, r + 1) * t.scale;
                const float total = probabilities(row, r, end, t.scale, peak);
                inverse[r - begin] = 1.0f / total;
                if (t.logSums) t.logSums[r * t.ldLogSums + h] = peak + logarithm(total);
            }
            float* out = t.out + begin * t.ldOut + h * t.width;
            multiplyDeep<Left::Rows>(end - begin, t.width, end, t.length, scores, columns, values, out,
                                     t.ldOut, false);
            for (long r = 0; r < end - begin; ++r) scaleRow(out + r * t.ldOut, t.width, inverse[r]);
        }
    }
}

RETORT_INLINE float dot(const float* a, const float* b, long count) {
    Vec total{};
    long i = 0;
    for (; i + lanes <= count; i += lanes) total += load(a + i) * load(b + i);
    float rest = sum(total);
    for (; i < count; ++i) rest += a[i] * b[i];
    return rest;
}

/// ds = p · (dp − delta) · scale, in place of dp.
RETORT_INLINE void scoreGradients(const float* p, float* dp, long columns, float delta, float scale) {
    long j = 0;
    for (; j + lanes <= columns; j += lanes) store(dp + j, load(p + j) * (load(dp + j) - delta) * scale);
    for (; j < columns; ++j) dp[j] = p[j] * (dp[j] - delta) * scale;
}

static void attentionGradient(const AttentionTask& t, float* scratch) {
    const long columns = roundUp(t.length, panel), wide = roundUp(t.width, panel);
    float* scores = scratch;
    float* gradients = scores + queryBlock * columns;
    float* keys = gradients + queryBlock * columns;
    float* values = keys + columns * t.width;
    float* keyRows = values + columns * t.width;
    float* queryRows = keyRows + t.length * wide;
    float* outRows = queryRows + queryBlock * wide;
    packTransposed(t.key, t.ld, t.width, 0, t.length, keys);
    packTransposed(t.value, t.ld, t.width, 0, t.length, values);
    packRows(t.key, t.ld, t.length, 0, t.width, keyRows);
    for (long r = 0; r < t.length; ++r) {
        clearRow(t.keyGradient + r * t.ld, t.width);
        clearRow(t.valueGradient + r * t.ld, t.width);
    }
    for (long h = 0; h < t.queryHeads; ++h) {
        for (long begin = 0; begin < t.length; begin += queryBlock) {
            const long end = begin + queryBlock < t.length ? begin + queryBlock : t.length,
                       rows = end - begin;
            const float* query = t.query + begin * t.ld + h * t.width;
            const float* dOut = t.outGradient + begin * t.ldOut + h * t.width;
            const float* out = t.out + begin * t.ldOut + h * t.width;
            const long wholePanels = roundUp(end, panel);
            multiplyBlock<Left::Rows>(rows, wholePanels, t.width, t.width, query, t.ld, keys, scores, columns,
                                      false);
            multiplyBlock<Left::Rows>(rows, wholePanels, t.width, t.width, dOut, t.ldOut, values, gradients,
                                      columns, false);
            for (long r = 0; r < rows; ++r) {
                float* p = scores + r * columns;
                probabilities(p, begin + r, end, t.scale, t.logSums[(begin + r) * t.ldLogSums + h]);
                const float delta = dot(dOut + r * t.ldOut, out + r * t.ldOut, t.width);
                scoreGradients(p, gradients + r * columns, end, delta, t.scale);
            }
            multiplyDeep<Left::Rows>(rows, t.width, end, t.length, gradients, columns, keyRows,
                                     t.queryGradient + begin * t.ld + h * t.width, t.ld, false);
            packRows(dOut, t.ldOut, rows, 0, t.width, outRows);
            packRows(query, t.ld, rows, 0, t.width, queryRows);
            multiplyBlock<Left::Columns>(end, t.width, rows, rows, scores, columns, outRows, t.valueGradient,
                                         t.ld, true);
            multiplyBlock<Left::Columns>(end, t.width, rows, rows, gradients, columns, queryRows,
                                         t.keyGradient, t.ld, true);
        }
    }
}

/// Scores of one query against blocks of 16 keys laid out [width][16].
RETORT_INLINE void cachedScores(long length, long width, float scale, const float* query, const float* keys,
                                float* scores) {
    constexpr int vectors = 16 / lanes;
    for (long block = 0; block * 16 < length; ++block) {
        const float* k = keys + block * 16 * width;
        Vec even[vectors] = {}, odd[vectors] = {};
        long d = 0;
        for (; d + 2 <= width; d += 2)
            for (int v = 0; v < vectors; ++v) {
                even[v] += query[d] * load(k + d * 16 + v * lanes);
                odd[v] += query[d + 1] * load(k + (d + 1) * 16 + v * lanes);
            }
        for (; d < width; ++d)
            for (int v = 0; v < vectors; ++v) even[v] += query[d] * load(k + d * 16 + v * lanes);
        for (int v = 0; v < vectors; ++v) store(scores + block * 16 + v * lanes, (even[v] + odd[v]) * scale);
    }
}

/// out[width] = Σ p[t] · values[t]; in stretches of the width that stay in registers.
RETORT_INLINE void cachedMix(long length, long width, const float* p, const float* values, float factor,
                             float* out) {
    constexpr int vectors = 4;
    long d = 0;
    for (; d + vectors * lanes <= width; d += vectors * lanes) {
        Vec even[vectors] = {}, odd[vectors] = {};
        long t = 0;
        for (; t + 2 <= length; t += 2)
            for (int v = 0; v < vectors; ++v) {
                even[v] += p[t] * load(values + t * width + d + v * lanes);
                odd[v] += p[t + 1] * load(values + (t + 1) * width + d + v * lanes);
            }
        for (; t < length; ++t)
            for (int v = 0; v < vectors; ++v) even[v] += p[t] * load(values + t * width + d + v * lanes);
        for (int v = 0; v < vectors; ++v) store(out + d + v * lanes, (even[v] + odd[v]) * factor);
    }
    for (; d + lanes <= width; d += lanes) {
        Vec total{};
        for (long t = 0; t < length; ++t) total += p[t] * load(values + t * width + d);
        store(out + d, total * factor);
    }
    for (; d < width; ++d) {
        float total = 0;
        for (long t = 0; t < length; ++t) total += p[t] * values[t * width + d];
        out[d] = total * factor;
    }
}

static void attendOne(long length, long width, long queryHeads, float scale, const float* query,
                      const float* keys, const float* values, float* out, float* scores) {
    for (long h = 0; h < queryHeads; ++h, query += width, out += width) {
        cachedScores(length, width, scale, query, keys, scores);
        const float peak = maximum(scores, length);
        const float total = probabilities(scores, length - 1, length, 1.0f, peak);
        cachedMix(length, width, scores, values, 1.0f / total, out);
    }
}

}  // namespace RETORT_VARIANT
