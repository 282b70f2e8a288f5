// A run's configuration as the trainer uses it. The YAML file and the form are two views of it; the
// parameters' declarations (recipes/) bind each field to its path, default, range and help.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/config/settings/data_settings.h"
#include "core/config/settings/distillation_settings.h"
#include "core/config/settings/evaluation_settings.h"
#include "core/config/settings/external_settings.h"
#include "core/config/settings/grpo_settings.h"
#include "core/config/settings/lora_settings.h"
#include "core/config/settings/merge_settings.h"
#include "core/config/settings/model_settings.h"
#include "core/config/settings/ppo_settings.h"
#include "core/config/settings/preference_settings.h"
#include "core/config/settings/reward_model_settings.h"
#include "core/config/settings/sft_settings.h"
#include "core/config/settings/training_settings.h"

namespace retort {

/// RunConfig::recipe of runs whose trainer is a command of the user's.
inline constexpr const char* externalRecipe = "external";

struct RunConfig {
    std::string recipe = "sft";
    std::string name = "run";
    std::string study;
    std::vector<std::string> tags;
    std::int64_t seed = 1;
    ModelSettings model;
    TokenizerSettings tokenizer;
    DataSettings data;
    TrainingSettings training;
    SftSettings sft;
    DistillationSettings distillation;
    PairSettings pairs;
    DpoSettings dpo;
    SimpoSettings simpo;
    OrpoSettings orpo;
    KtoSettings kto;
    RediSettings redi;
    LoraSettings lora;
    GrpoSettings grpo;
    PpoSettings ppo;
    RewardModelSettings reward_model;
    PrmSettings prm;
    MergeSettings merge;
    EvaluationSettings evaluation;
    TraceSettings traces;
    ExternalSettings external;
};

}  // namespace retort
