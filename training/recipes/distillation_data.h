// What a distillation step learns on: examples, the teacher's samples, or the student's own.
#pragma once

#include <cstdint>
#include <fstream>
#include <optional>
#include <unordered_map>
#include <vector>

#include "training/recipes/sampled_trace.h"
#include "training/recipes/teacher.h"
#include "training/recipes/token_sequence.h"

namespace retort {

struct DistillationBatch {
    std::vector<PackedBatch> microBatches;  ///< this rank's share of each
    bool onPolicy = false;
    std::int64_t tokens = 0;   ///< all tokens
    std::int64_t dropped = 0;  ///< prompts without a completion to learn, or with one that is too long
    Metrics metrics;           ///< of what was sampled
};

class DistillationData {
  public:
    /// Reads the teacher's samples that the run holds already.
    DistillationData(TrainerParts& parts, RunSession& session, Teacher& teacher);

    /// A function of (seed, step) and, on-policy, of the student. Absent when a stop came first. Throws Error
    /// when nothing is left to learn on.
    std::optional<DistillationBatch> take(std::int64_t step);

  private:
    using Completions = std::vector<std::vector<std::int32_t>>;

    std::vector<DrawnProblem> draw(std::int64_t step) const;
    bool addOwnSamples(const std::vector<DrawnProblem>& drawn, std::int64_t step, DistillationBatch& batch);
    bool addTeacherSamples(const std::vector<DrawnProblem>& drawn, std::int64_t step,
                           DistillationBatch& batch);
    bool sampleMissing(const std::vector<DrawnProblem>& drawn, std::int64_t step);
    void addExamples(const std::vector<DrawnProblem>& drawn, DistillationBatch& batch);
    void add(const Problem& problem, const std::vector<std::int32_t>& completion, DistillationBatch& batch);
    void finish(DistillationBatch& batch);

    SamplingSettings sampling(const char* stream) const;
    Completions selected(const std::vector<JudgedCompletion>& judged) const;
    void readSamples();

    TrainerParts& m_parts;
    RunSession& m_session;
    const DistillationSettings& m_settings;
    Teacher& m_teacher;
    DataMixture m_mixture;
    std::vector<TokenSequence> m_sequences;                         ///< of the batch that is being made
    std::unordered_map<std::string, Completions> m_teacherSamples;  ///< by problem
    std::filesystem::path m_samplesFile;
};

}  // namespace retort
