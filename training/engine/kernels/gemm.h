// Single-threaded matrix multiplication with a packed right-hand side: the caller splits rows over threads,
// so a whole chain of layers runs in one core's cache without a barrier. Included by variant.cpp only.
#pragma once

#include "training/engine/kernels/kernels.h"
#include "training/engine/kernels/vector.h"

namespace RETORT_VARIANT {

constexpr int panel = 2 * lanes;                // columns of a packed panel
constexpr int tileRows = lanes == 16 ? 12 : 6;  // rows of a register tile: 12 (24) accumulators
constexpr long depthBlock = 4096 / panel;       // a panel's block fills half of the first-level cache
constexpr long copied = (tileRows + lanes - 1) / lanes * lanes;  // a tile's row in whole registers
constexpr long rowBlock = 16 * tileRows;  // rows whose operands stay in the second-level cache

enum class Left { Rows, Columns };

/// c[R × panel] (+)= a · b over `depth`. Left::Rows: a[i * stride + k]; Left::Columns: a[k * stride + i].
/// `Right`: float, or unsigned short for bfloat16.
template <int R, Left left, typename Right>
static void tile(long depth, const float* a, long stride, const Right* b, float* c, long ldc, bool add) {
    Vec low[R] = {}, high[R] = {};
    const float* row[R];
    for (int i = 0; i < R; ++i) row[i] = a + (left == Left::Rows ? i * stride : i);
#pragma GCC unroll 4
    for (long k = 0; k < depth; ++k) {
        const Vec b0 = load(b + k * panel), b1 = load(b + k * panel + lanes);
#pragma GCC unroll 16
        for (int i = 0; i < R; ++i) {
            const Vec x = all(left == Left::Rows ? row[i][k] : a[k * stride + i]);
            low[i] += x * b0;
            high[i] += x * b1;
        }
    }
#pragma GCC unroll 16
    for (int i = 0; i < R; ++i) {
        float* out = c + i * ldc;
        store(out, add ? load(out) + low[i] : low[i]);
        store(out + lanes, add ? load(out + lanes) + high[i] : high[i]);
    }
}

template <typename Right>
using Tile = void (*)(long, const float*, long, const Right*, float*, long, bool);

template <Left left, typename Right>
static Tile<Right> tileFor(long rows) {
    static constexpr Tile<Right> tiles[] = {
        nullptr,
        tile<1, left, Right>,
        tile<2, left, Right>,
        tile<3, left, Right>,
        tile<4, left, Right>,
        tile<5, left, Right>,
        tile<6, left, Right>,
#if defined(__AVX512F__)
        tile<7, left, Right>,
        tile<8, left, Right>,
        tile<9, left, Right>,
        tile<10, left, Right>,
        tile<11, left, Right>,
        tile<12, left, Right>,
#endif
    };
    return tiles[rows];
}

/// The last panel may be narrower than the register tile: computed aside, then copied.
template <typename Right>
static void narrowTile(Tile<Right> run, long rows, long columns, long depth, const float* a, long stride,
                       const Right* b, float* c, long ldc, bool add) {
    float aside[tileRows * panel];
    run(depth, a, stride, b, aside, panel, false);
    for (long i = 0; i < rows; ++i)
        for (long j = 0; j < columns; ++j)
            c[i * ldc + j] = add ? c[i * ldc + j] + aside[i * panel + j] : aside[i * panel + j];
}

template <Left left, typename Right>
static void multiplyBlock(long rows, long columns, long depth, long fullDepth, const float* a, long stride,
                          const Right* packed, float* c, long ldc, bool add) {
    const long tiles = (rows + tileRows - 1) / tileRows;
    for (long j = 0; j < columns; j += panel) {
        const Right* b = packed + j * fullDepth;
        for (long t = 0, i = 0; t < tiles; ++t) {
            const long height =
                (rows - i + (tiles - t) - 1) / (tiles - t);  // even heights: no thin last tile
            const float* at = a + (left == Left::Rows ? i * stride : i);
            const Tile<Right> run = tileFor<left, Right>(height);
            if (columns - j >= panel)
                run(depth, at, stride, b, c + i * ldc + j, ldc, add);
            else
                narrowTile(run, height, columns - j, depth, at, stride, b, c + i * ldc + j, ldc, add);
            i += height;
        }
    }
}

/// `depth` may be less than what was packed (`fullDepth`): the first rows of the right-hand side only.
template <Left left, typename Right>
static void multiplyDeep(long rows, long columns, long depth, long fullDepth, const float* a, long stride,
                         const Right* packed, float* c, long ldc, bool add) {
    const long blocks = (depth + depthBlock - 1) / depthBlock;
    for (long i = 0; i < rows; i += rowBlock) {
        const long height = rows - i < rowBlock ? rows - i : rowBlock;
        for (long block = 0; block < blocks; ++block) {
            const long begin = depth * block / blocks, end = depth * (block + 1) / blocks;
            const float* at = left == Left::Rows ? a + i * stride + begin : a + begin * stride + i;
            multiplyBlock<left>(height, columns, end - begin, fullDepth, at, stride, packed + begin * panel,
                                c + i * ldc, ldc, add || block > 0);
        }
    }
}

static long packedSize(long depth, long columns) {
    return (columns + panel - 1) / panel * panel * depth;
}

/// b is [depth × columns], row-major. Packs columns [begin, columns), a multiple of `panel` from the start.
static void packRows(const float* b, long ldb, long depth, long begin, long columns, float* packed) {
    packed += begin * depth;
    for (long j = begin; j < columns; j += panel, packed += depth * panel) {
        const long width = columns - j < panel ? columns - j : panel;
        for (long k = 0; k < depth; ++k) {
            const float* from = b + k * ldb + j;
            float* to = packed + k * panel;
            if (width == panel) {
                store(to, load(from));
                store(to + lanes, load(from + lanes));
                continue;
            }
            for (long i = 0; i < panel; ++i) to[i] = i < width ? from[i] : 0.0f;
        }
    }
}

/// b is [columns × depth], row-major (a linear layer's weight for its forward pass).
static void packTransposed(const float* b, long ldb, long depth, long begin, long columns, float* packed) {
    packed += begin * depth;
    for (long j = begin; j < columns; j += panel, packed += depth * panel) {
        for (long i = 0; i < panel; ++i) {
            const float* from = b + (j + i) * ldb;
            if (j + i < columns)
                for (long k = 0; k < depth; ++k) packed[k * panel + i] = from[k];
            else
                for (long k = 0; k < depth; ++k) packed[k * panel + i] = 0.0f;
        }
    }
}

/// Columns [0, columns) of x[depth × …] as left-hand tiles: packed[tile][k][tileRows]. A whole register is
/// copied where the row has one; what it writes beyond the tile's row is overwritten by the next.
static void packLeft(const float* x, long ldx, long depth, long columns, float* packed) {
    for (long j = 0; j < columns; j += tileRows, packed += depth * tileRows) {
        const long width = columns - j < tileRows ? columns - j : tileRows;
        const bool whole = j + copied <= columns;
        for (long k = 0; k < depth; ++k) {
            const float* from = x + k * ldx + j;
            float* to = packed + k * tileRows;
            if (whole) {
                for (long i = 0; i < copied; i += lanes) store(to + i, load(from + i));
                continue;
            }
            for (long i = 0; i < tileRows; ++i) to[i] = i < width ? from[i] : 0.0f;
        }
    }
}

/// c[m × n] += xᵀ · y over `depth` rows of x and y: a weight's gradient. `scratch` holds gradientScratch()
/// floats.
static void multiplyGradient(long m, long n, long depth, const float* x, long ldx, const float* y, long ldy,
                             float* c, long ldc, float* scratch) {
    float* right = scratch;
    float* leftTile = scratch + packedSize(depthBlock, n);
    for (long begin = 0; begin < depth; begin += depthBlock) {
        const long count = depth - begin < depthBlock ? depth - begin : depthBlock;
        packRows(y + begin * ldy, ldy, count, 0, n, right);
        packLeft(x + begin * ldx, ldx, count, m, leftTile);
        for (long j = 0; j < n; j += panel) {
            for (long i = 0; i < m; i += tileRows) {
                const long height = m - i < tileRows ? m - i : tileRows;
                const Tile<float> run = tileFor<Left::Columns, float>(height);
                const float* a = leftTile + i * count;
                const float* b = right + j * count;
                if (n - j >= panel)
                    run(count, a, tileRows, b, c + i * ldc + j, ldc, true);
                else
                    narrowTile(run, height, n - j, count, a, tileRows, b, c + i * ldc + j, ldc, true);
            }
        }
    }
}

static long gradientScratch(long m, long n) {
    return packedSize(depthBlock, n) + (m + tileRows) * depthBlock + copied;
}

}  // namespace RETORT_VARIANT
