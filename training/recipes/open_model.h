// The model that a run trains: new, from a checkpoint or from where it was interrupted; with an adapter; on
// its device.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "core/config/run_config.h"
#include "core/runlog/run_directory.h"
#include "core/tokenizers/tokenizer.h"
#include "training/model/causal_lm.h"

namespace retort {

/// `checkpoint`: of this run, to resume from. With an adapter the run keeps the frozen weights in its folder
/// "base", for resumes: the checkpoints' own weights have the adapter in them. Throws Error.
std::shared_ptr<CausalLM> openTrainedModel(const RunConfig& config, const RunDirectory& run,
                                           const Tokenizer& tokenizer,
                                           const std::optional<std::filesystem::path>& checkpoint,
                                           int localRank = 0);

/// Writes the adapter, if there is one, into the checkpoint folder's own folder "adapter", as PEFT has it.
void saveAdapter(const CausalLM& model, const RunDirectory& run, const std::filesystem::path& folder);

/// "cpu" or "cuda": what is asked for, or for "auto" the GPU where LibTorch can use one. Throws Error where
/// it cannot. `localRank`: among the processes of this machine, of which each takes a GPU of its own.
torch::Device chooseDevice(const std::string& wanted, int localRank = 0);

}  // namespace retort
