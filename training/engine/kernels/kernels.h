// The fused kernels of the CPU engine as a table of functions: the same source compiled for several
// instruction sets, the widest one that the processor has chosen at run time. Single-threaded; the callers
// split the work. Matrices are row-major float32; `ld…` is the distance between rows.
#pragma once

namespace retort {

/// One key/value head of one sequence with the query heads that share it.
struct AttentionTask {
    long length = 0, width = 0;  ///< tokens, head dimension
    long queryHeads = 1;         ///< that share this key/value head; they follow each other in a row
    float scale = 1;
    const float *query = nullptr, *key = nullptr, *value = nullptr;
    long ld = 0;           ///< between tokens of query, key, value (and of their gradients)
    float* out = nullptr;  ///< forward's result (read in backward)
    long ldOut = 0;
    float* logSums = nullptr;  ///< [token * ldLogSums + query head]: log of the softmax's denominator
    long ldLogSums = 0;
    const float* outGradient = nullptr;                                                ///< laid out as `out`
    float *queryGradient = nullptr, *keyGradient = nullptr, *valueGradient = nullptr;  ///< overwritten
};

struct TokenStatistics {
    float logprob = 0, entropy = 0, logSum = 0;
    long argmax = 0;
};

struct AdamWStep {
    float learningRate, beta1, beta2, epsilon, decay, gradientScale, correction1, correction2;
};

struct Kernels {
    const char* name;
    long panel;  ///< columns of a packed panel

    /// Floats that a packed [depth × columns] matrix takes; packing from [depth × columns] or [columns ×
    /// depth]. Both pack columns [begin, end) only; begin is a multiple of `panel`.
    long (*packedSize)(long depth, long columns);
    void (*packRows)(const float* b, long ldb, long depth, long begin, long end, float* packed);
    void (*packTransposed)(const float* b, long ldb, long depth, long begin, long end, float* packed);
    /// c[rows × columns] (+)= a[rows × depth] · packed. A row's result does not depend on the other rows.
    void (*multiply)(long rows, long columns, long depth, const float* a, long lda, const float* packed,
                     float* c, long ldc, bool add);
    /// c[m × n] += xᵀ · y, x [depth × m], y [depth × n]; scratch of gradientScratch(m, n) floats.
    void (*multiplyGradient)(long m, long n, long depth, const float* x, long ldx, const float* y, long ldy,
                             float* c, long ldc, float* scratch);
    long (*gradientScratch)(long m, long n);

    /// y = x · scale · weight with scale = 1/sqrt(mean(x²) + eps), kept in `scales` when that is not null.
    void (*rmsNorm)(long rows, long width, const float* x, long ldx, const float* weight, float eps, float* y,
                    long ldy, float* scales);
    /// dx = or += the gradient through the norm; dWeight += its weight's.
    void (*rmsNormGradient)(long rows, long width, const float* x, long ldx, const float* weight,
                            const float* scales, const float* dy, long ldy, float* dx, long lddx, bool add,
                            float* dWeight);
    /// Rotates `heads` heads of a row in place by the angles of one position (direction -1: back).
    void (*rotate)(float* row, long heads, long width, const float* cosines, const float* sines,
                   float direction);
    /// out = silu(gate) · up, rows of [gate | up].
    void (*swiglu)(long rows, long width, const float* gateUp, long ld, float* out, long ldOut);
    /// From dOut: the gradient of [gate | up], and `out` once more (for the weight's gradient).
    void (*swigluGradient)(long rows, long width, const float* gateUp, long ld, const float* dOut, long ldOut,
                           float* dGateUp, long ldGradient, float* out, long ldAgain);
    void (*add)(long count, const float* x, float* y);  ///< y += x

    long (*attentionScratch)(long length, long width);
    void (*attention)(const AttentionTask& task, float* scratch);
    void (*attentionGradient)(const AttentionTask& task, float* scratch);
    /// One query row against cached keys and values: out = softmax(q·K)·V over `length` tokens.
    /// Keys lie in blocks of 16 tokens, [block][width][16]; values as [token][width].
    void (*attendOne)(long length, long width, long queryHeads, float scale, const float* query,
                      const float* keys, const float* values, float* out, float* scratch);

    /// Of softmax(logits · scale); target < 0: no log-probability.
    TokenStatistics (*statistics)(const float* logits, long vocab, float scale, long target);
    /// logits → gradient · scale · (onehot(target) − softmax(logits · scale)), in place.
    void (*statisticsGradient)(float* logits, long vocab, float scale, long target, float logSum,
                               float gradient);
    /// weights = exp((logits − max) · scale); returns their sum, and the sum of weight · exponent.
    void (*exponentials)(const float* logits, long count, float scale, float* weights, float* peak,
                         double* sum, double* weighted);

    double (*sumOfSquares)(const float* x, long count);
    void (*adamw)(const AdamWStep& step, const float* gradient, float* average, float* square, float* weights,
                  long count);
};

/// The widest that this processor runs. RETORT_KERNELS=baseline|avx2|avx512 in the environment picks another.
const Kernels& kernels();
/// By name, for tests; null when the processor or the build has it not.
const Kernels* kernelsNamed(const char* name);

}  // namespace retort
