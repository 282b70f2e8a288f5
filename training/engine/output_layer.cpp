#include "training/engine/output_layer.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "training/engine/parallel.h"

namespace retort {

namespace {

long tasksFor(long rows) {
    return (rows + rowsPerTask - 1) / rowsPerTask;
}

/// Of H = -Σ p·log p with p = softmax(logits · scale): dH/dlogit_j = -scale · p_j · (log p_j + H), times
/// `gradient`.
std::vector<float> entropyRowGradient(const float* logits, long vocab, float scale, float logSum,
                                      float gradient) {
    std::vector<float> result(static_cast<std::size_t>(vocab));
    double entropy = 0;
    for (long j = 0; j < vocab; ++j) {
        const float logProbability = logits[j] * scale - logSum;
        entropy -= double(std::exp(logProbability)) * logProbability;
    }
    for (long j = 0; j < vocab; ++j) {
        const float logProbability = logits[j] * scale - logSum;
        result[std::size_t(j)] =
            -gradient * scale * std::exp(logProbability) * (logProbability + float(entropy));
    }
    return result;
}

/// In several sums side by side, which the compiler makes vectors of.
float meanOf(const float* values, long count) {
    constexpr long lanes = 16;
    float sums[lanes] = {};
    long i = 0;
    for (; i + lanes <= count; i += lanes)
        for (long lane = 0; lane < lanes; ++lane) sums[lane] += values[i + lane];
    double sum = 0;
    for (const float each : sums) sum += each;
    for (; i < count; ++i) sum += values[i];
    return float(sum / double(count));
}

/// Floats of logits' gradients held at once.
constexpr long groupFloats = 1L << 20;

}  // namespace

OutputLayer::OutputLayer(const ModelShape& shape, const WeightLayout& layout)
    : m_k(kernels()),
      m_shape(shape),
      m_layout(layout),
      m_hidden(shape.hiddenSize),
      m_vocab(shape.vocabSize) {}

long OutputLayer::groupRows() const {
    return std::clamp(groupFloats / m_vocab / rowsPerTask, 1L, 32L) * rowsPerTask;
}

void OutputLayer::norm(const float* weights, const float* stream, long rows, float* y) const {
    runTasks(tasksFor(rows), [&](long task, int) {
        const long row = task * rowsPerTask, count = std::min(rowsPerTask, rows - row);
        m_k.rmsNorm(count, m_hidden, stream + row * m_hidden, m_hidden, weights + m_layout.finalNorm,
                    float(m_shape.rmsNormEps), y + row * m_hidden, m_hidden, nullptr);
    });
}

void OutputLayer::normGradient(const float* weights, const float* stream, long rows, const float* dy,
                               float* dStream, float* weightGradient) {
    float* partials = m_partials.reserve(std::size_t(tasksFor(rows) * m_hidden));
    const float* weight = weights + m_layout.finalNorm;
    runTasks(tasksFor(rows), [&](long task, int) {
        const long row = task * rowsPerTask, count = std::min(rowsPerTask, rows - row);
        const float* x = stream + row * m_hidden;
        float* dx = dStream + row * m_hidden;
        float* partial = partials + task * m_hidden;
        float scales[rowsPerTask];
        std::fill_n(partial, m_hidden, 0.0f);
        m_k.rmsNorm(count, m_hidden, x, m_hidden, weight, float(m_shape.rmsNormEps), dx, m_hidden, scales);
        m_k.rmsNormGradient(count, m_hidden, x, m_hidden, weight, scales, dy + row * m_hidden, m_hidden, dx,
                            m_hidden, false, partial);
    });
    for (long task = 0; task < tasksFor(rows); ++task)
        m_k.add(m_hidden, partials + task * m_hidden, weightGradient + m_layout.finalNorm);
}

/// The stream's rows side by side in `raw`, and normed.
float* OutputLayer::gather(const float* weights, const float* stream, const ScoredRows& rows, long first,
                           long count, float* raw, float* normed, float* scales) const {
    for (long r = 0; r < count; ++r)
        std::memcpy(raw + r * m_hidden, stream + rows.rows[first + r] * m_hidden,
                    std::size_t(m_hidden) * sizeof(float));
    m_k.rmsNorm(count, m_hidden, raw, m_hidden, weights + m_layout.finalNorm, float(m_shape.rmsNormEps),
                normed, m_hidden, scales);
    return normed;
}

void OutputLayer::score(const float* weights, const float* stream, const ScoredRows& rows) {
    m_scratch.resize(std::max(m_scratch.size(), std::size_t(threadCount())));
    float* packed = m_packed.reserve(std::size_t(m_k.packedSize(m_hidden, m_vocab)));
    packAll(m_k, {{weights + m_layout.head, m_hidden, m_hidden, m_vocab, true, packed}});
    runTasks(tasksFor(rows.count), [&](long task, int thread) {
        const long first = task * rowsPerTask, count = std::min(rowsPerTask, rows.count - first);
        float* raw =
            m_scratch[std::size_t(thread)].reserve(std::size_t(rowsPerTask * (2 * m_hidden + m_vocab)));
        float* normed = raw + rowsPerTask * m_hidden;
        float* logits = normed + rowsPerTask * m_hidden;
        gather(weights, stream, rows, first, count, raw, normed, nullptr);
        m_k.multiply(count, m_vocab, m_hidden, normed, m_hidden, packed, logits, m_vocab, false);
        for (long r = 0; r < count; ++r) {
            const TokenStatistics found = m_k.statistics(logits + r * m_vocab, m_vocab,
                                                         1.0f / rows.temperature, rows.targets[first + r]);
            rows.logprobs[first + r] = found.logprob;
            rows.entropies[first + r] = found.entropy;
            rows.logSums[first + r] = found.logSum;
            rows.maxLogits[first + r] = logits[r * m_vocab + found.argmax];
            rows.meanLogits[first + r] = meanOf(logits + r * m_vocab, m_vocab);
            rows.hits[first + r] = found.argmax == rows.targets[first + r];
        }
    });
}

void OutputLayer::scoreGradient(const float* weights, const float* stream, const ScoredRows& rows,
                                const float* gradient, const float* entropyGradient, float* dStream,
                                float* weightGradient) {
    m_scratch.resize(std::max(m_scratch.size(), std::size_t(threadCount())));
    const long forwardSize = m_k.packedSize(m_hidden, m_vocab),
               backwardSize = m_k.packedSize(m_vocab, m_hidden);
    float* packed = m_packed.reserve(std::size_t(forwardSize + backwardSize));
    float* packedBack = packed + forwardSize;
    const float* head = weights + m_layout.head;
    packAll(m_k, {{head, m_hidden, m_hidden, m_vocab, true, packed},
                  {head, m_hidden, m_vocab, m_hidden, false, packedBack}});
    const long group = groupRows(), stride = m_hidden;
    float* normedGroup = m_group.reserve(std::size_t(group * (m_hidden + m_vocab)));
    float* dLogits = normedGroup + group * m_hidden;
    float* partials = m_partials.reserve(std::size_t(tasksFor(group) * stride));
    for (long begin = 0; begin < rows.count; begin += group) {
        const long size = std::min(group, rows.count - begin);
        runTasks(tasksFor(size), [&](long task, int thread) {
            const long local = task * rowsPerTask, first = begin + local;
            const long count = std::min(rowsPerTask, size - local);
            float* raw = m_scratch[std::size_t(thread)].reserve(std::size_t(2 * rowsPerTask * m_hidden));
            float* dNormed = raw + rowsPerTask * m_hidden;
            float* normed = normedGroup + local * m_hidden;
            float* logits = dLogits + local * m_vocab;
            float* partial = partials + task * stride;
            float scales[rowsPerTask];
            std::fill_n(partial, m_hidden, 0.0f);
            gather(weights, stream, rows, first, count, raw, normed, scales);
            m_k.multiply(count, m_vocab, m_hidden, normed, m_hidden, packed, logits, m_vocab, false);
            std::vector<float> extra;
            for (long r = 0; r < count; ++r) {
                float* row = logits + r * m_vocab;
                const float scale = 1.0f / rows.temperature, logSum = rows.logSums[first + r];
                if (entropyGradient)
                    extra = entropyRowGradient(row, m_vocab, scale, logSum, entropyGradient[first + r]);
                m_k.statisticsGradient(row, m_vocab, scale, rows.targets[first + r], logSum,
                                       gradient[first + r]);
                if (entropyGradient) m_k.add(m_vocab, extra.data(), row);
            }
            m_k.multiply(count, m_hidden, m_vocab, logits, m_vocab, packedBack, dNormed, m_hidden, false);
            for (long r = 0; r < count; ++r)
                m_k.rmsNormGradient(1, m_hidden, raw + r * m_hidden, m_hidden, weights + m_layout.finalNorm,
                                    scales + r, dNormed + r * m_hidden, m_hidden,
                                    dStream + rows.rows[first + r] * m_hidden, m_hidden, false, partial);
        });
        for (long task = 0; task < tasksFor(size); ++task)
            m_k.add(m_hidden, partials + task * stride, weightGradient + m_layout.finalNorm);
        multiplyGradients(m_k,
                          {{m_vocab, m_hidden, size, dLogits, m_vocab, normedGroup, m_hidden,
                            weightGradient + m_layout.head}},
                          m_scratch);
    }
}

}  // namespace retort
