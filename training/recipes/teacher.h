// A model to learn from, or to be measured against: it must share the student's tokenizer.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "training/engine/generator.h"
#include "training/objectives/distillation_loss.h"
#include "training/recipes/recipe.h"
#include "training/recipes/teacher_cache.h"

namespace retort {

/// Log-probabilities [M, V] at the batch's targets, of logits / temperature; differentiable.
torch::Tensor targetLogprobs(CausalLM& model, const PackedBatch& batch, double temperature = 1);

/// Number of targets of each sequence.
std::vector<std::int64_t> targetCounts(const PackedBatch& batch);

class Teacher {
  public:
    /// `role` names the parameter in errors: "distillation.teacher". Throws Error for another tokenizer.
    Teacher(const std::string& checkpoint, const std::string& role, const TrainerParts& parts);

    CausalLM& model() { return *m_model; }
    Generator& generator() { return *m_generator; }

    /// Keeps top-k probabilities in this folder from now on.
    void keepIn(const std::filesystem::path& folder, std::int64_t k, double temperature);

    /// What the student is to match at the batch's targets; `ids` is undefined for whole distributions (k =
    /// 0).
    TopProbabilities at(const PackedBatch& batch, std::int64_t k, double temperature);

  private:
    TopProbabilities compute(const PackedBatch& batch, std::int64_t k, double temperature);
    /// Those of each of the batch's sequences, under its key.
    TeacherCache::Entries split(const std::vector<std::uint64_t>& keys, const PackedBatch& batch,
                                std::int64_t k, double temperature);

    std::shared_ptr<CausalLM> m_model;
    std::unique_ptr<Generator> m_generator;
    std::optional<TeacherCache> m_cache;
};

}  // namespace retort
