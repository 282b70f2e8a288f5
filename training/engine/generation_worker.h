// One thread of a generation: takes prompts from the common queue as its rows become free, and decodes until
// the queue is empty and its rows are done.
#pragma once

#include <atomic>
#include <stop_token>
#include <vector>

#include "training/engine/decode_session.h"
#include "training/engine/generation_rows.h"
#include "training/engine/sampler.h"

namespace retort {

/// What all workers of one generation share.
struct GenerationJob {
    /// Samples [first, first + count) of a prompt: computed once, then copied to its rows.
    struct Unit {
        std::size_t prompt;
        long first, count;
    };

    const std::vector<std::vector<std::int32_t>>& prompts;
    long samples;
    const SamplingSettings& settings;
    std::uint64_t streamBase;
    const Tokenizer& tokenizer;
    const EndRule& endRule;
    const std::stop_token& stop;
    std::vector<Unit> units;
    std::vector<Completion>& completions;
    std::atomic<std::size_t> next{0};
};

class GenerationWorker {
  public:
    GenerationWorker(GenerationJob& job, const DecodeWeights& weights, long slots, long capacity);

    void run();

  private:
    struct Row {
        long slot;
        std::size_t prompt;
        long sample;
    };

    /// A unit with the slots that it may fill; its prompt is computed in the first.
    struct Start {
        GenerationJob::Unit unit;
        std::vector<long> slots;
    };

    bool admit();
    std::vector<Start> takeUnits();
    void addPrompt(const Start& start);
    const float* prefill();
    void begin(const Start& start, const float* logits);
    void decode();
    /// Draws the row's next token; false when its completion is over.
    bool draw(const Row& row, const float* logits);
    Completion& completion(const Row& row) {
        return m_job.completions[row.prompt * std::size_t(m_job.samples) + std::size_t(row.sample)];
    }

    GenerationJob& m_job;
    const ModelShape& m_shape;
    DecodeSession m_session;
    Sampler m_sampler;
    long m_vocab;
    bool m_stretches;  ///< whether prompts are rotated by their own length (dynamic NTK)
    std::vector<long> m_free;
    std::vector<Row> m_rows;
    std::vector<DecodeRow> m_step;
};

}  // namespace retort
