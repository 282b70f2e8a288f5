// Checkpoints of a run: written beside and renamed into place, so that one with its final name is whole.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "core/runlog/run_directory.h"
#include "core/tokenizers/tokenizer.h"
#include "training/engine/adamw.h"
#include "training/model/causal_lm.h"
#include "training/recipes/trainer_state.h"

namespace retort {

/// The first trained weight with a value that is not finite; empty: none.
std::string nonFiniteWeight(const CausalLM& model);

/// Writes checkpoints/step-… with model, tokenizer, optimizer, trainer.json and what `saveMore` adds to the
/// folder. Nothing to do when it is there. Throws Error, and writes none, when a weight is not finite.
void saveCheckpoint(const RunDirectory& run, const TrainerState& state, const CausalLM& model,
                    const Tokenizer& tokenizer, const AdamW& optimizer,
                    const std::function<void(const std::filesystem::path&)>& saveMore);

/// Removes all but the newest `limit` checkpoints (0: none), and what killed trainers left half-written.
void pruneCheckpoints(const RunDirectory& run, std::int64_t limit);

/// Writes optimizer.safetensors into an existing folder.
void saveOptimizer(const std::filesystem::path& folder, const AdamW& optimizer);
/// Restores the optimizer's moments from a checkpoint folder. Throws Error naming the file and the tensor.
void loadOptimizer(const std::filesystem::path& folder, AdamW& optimizer);

}  // namespace retort
