// How good is a merge? The parents stay in memory; merged weights are written into one model in place, and
// judged: by the loss on a few held-out rows first (some milliseconds for small models: fast enough for a
// slider), then on more, and by generation.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "training/engine/generator.h"
#include "training/merging/search/merge_search.h"
#include "training/recipes/data_source.h"
#include "training/recipes/evaluation.h"
#include "training/recipes/token_sequence.h"
#include "training/search/merge_parents.h"

namespace retort {

struct MergeEvaluatorSettings {
    std::int64_t lossRows = 512;    ///< held-out examples of all tasks together; 0: none, it only merges
    std::int64_t coarseRows = 32;   ///< the first look; also the size of a batch
    EvaluationSettings generation;  ///< of accuracy(); traces and samples as it says
    std::uint64_t seed = 1;
    std::vector<std::uint64_t> modelKeys;  ///< of random masks; empty: hashes of MergeSpace::models
    /// Formulas by name, for methods that are no sums (findMergeMethod of training/merging). Empty: none.
    std::function<const MergeMethod*(std::string_view)> findMethod = {};
};

struct TaskScore {
    std::string name;
    std::int64_t rows = 0, tokens = 0;    ///< that the loss rests on
    double loss = 0;                      ///< cross entropy a completion token, nats; NaN: not measured
    double accuracy = 0, meanLength = 0;  ///< NaN: not measured
};

struct MergeResult {
    std::vector<TaskScore> tasks;
    std::int64_t rows = 0;
    double loss = 0, accuracy = 0, meanLength = 0;  ///< means over the tasks

    /// "loss", "accuracy", "mean_length", each also of one task: "loss/addition". Throws Error for another
    /// name.
    double value(const std::string& objective) const;
};

class MergeEvaluator {
  public:
    /// `sources` must live as long as this object. Throws Error when none of them has held-out problems, or
    /// one of their texts is too long for the model.
    MergeEvaluator(MergeParents parents, std::shared_ptr<const Tokenizer> tokenizer,
                   const std::vector<DataSource>& sources, MergeEvaluatorSettings settings);
    ~MergeEvaluator();

    const MergeParents& parents() const { return m_parents; }
    const std::vector<DataSource>& sources() const { return m_sources; }
    const std::shared_ptr<const Tokenizer>& tokenizer() const { return m_tokenizer; }
    /// Holds what was merged last; before, the first model.
    const std::shared_ptr<CausalLM>& model() const { return m_model; }

    /// Writes the merge at a point of the space into the model. Throws Error.
    void merge(const MergeSpace& space, std::span<const double> coefficients);

    /// Mean loss of the model over the first `rows` held-out rows (0: all of them), which alternate between
    /// the tasks. Absent when a stop came between two batches.
    std::optional<MergeResult> loss(std::int64_t rows, std::stop_token stop = {});
    /// Coarse first, then over four times as many rows each, to all of them; every row is computed once.
    /// False when a stop came.
    bool refine(const std::function<void(const MergeResult&)>& onScore, std::stop_token stop = {});
    /// Accuracy and length by generation; losses are NaN. Absent when a stop came first.
    std::optional<MergeResult> accuracy(std::stop_token stop = {});

    /// What a search calls: merges, and measures the objectives (names as MergeResult::value() knows them).
    PointEvaluation evaluation(MergeSpace space, std::vector<SearchObjective> objectives,
                               std::stop_token stop = {});

  private:
    struct Batch;
    class Sums;

    void makeBatches();
    std::vector<TokenSequence> rowsOf(const DataSource& source, std::int64_t count) const;
    void add(const Batch& batch, Sums& sums);

    MergeParents m_parents;
    std::shared_ptr<const Tokenizer> m_tokenizer;
    const std::vector<DataSource>& m_sources;
    MergeEvaluatorSettings m_settings;
    std::shared_ptr<CausalLM> m_model;
    std::vector<Batch> m_batches;
    std::vector<EvaluationSet> m_sets;
    std::unique_ptr<Generator> m_generator;  // made when it is first asked for
};

}  // namespace retort
