// Reinforcement learning by groups of completions: GRPO and its family. Names are TRL's, those of dynamic
// sampling verl's.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/config/settings/rollout_settings.h"

namespace retort {

struct GrpoSettings : RolloutSettings {
    std::int64_t num_iterations = 1;
    bool strict_on_policy = false;  ///< refuses what would make the update off-policy (#82)
    std::vector<std::int64_t> completion_length_stages;  ///< longest completion by stage; empty: one stage

    std::string advantage_estimator = "grpo";  ///< "grpo", "rloo", "reinforce_plus_plus", "…_baseline"
    std::string scale_rewards = "group";       ///< "group", "batch", "none"
    std::string multi_objective_aggregation = "sum_then_normalize";  ///< or "normalize_then_sum" (GDPO)

    std::string loss_type = "dapo";  ///< "grpo", "dr_grpo", "dapo", "bnpo", "cispo", "sapo", "luspo"
    std::string importance_sampling_level = "token";  ///< or "sequence" (GSPO)
    double epsilon = 0.2;
    double epsilon_high = 0.28;  ///< DAPO's, as its loss is the default
    double delta = 0;            ///< upper bound of the unclipped ratio (two-sided clip); 0: none
    double sapo_temperature_pos = 1, sapo_temperature_neg = 1.05;
    double off_policy_mask_threshold = 0;  ///< 0: none
    bool mask_truncated_completions = false;
    double top_entropy_quantile = 1;  ///< share of the tokens, by entropy, that bear the policy loss

    double entropy_coef = 0;
    bool use_adaptive_entropy = false;
    double entropy_coef_min = 0, entropy_coef_max = 1, entropy_coef_delta = 0.005, entropy_target = 0.2;

    double beta = 0.0;                ///< weight of the KL to the reference policy; 0: no reference is loaded
    std::string kl_estimator = "k3";  ///< "k1", "k2", "k3", "k1+", "k3+"
    bool use_bias_correction_kl = false;
    double kl_target = 0;  ///< beta is steered so that the KL comes near it; 0: beta is fixed
    double kl_horizon = 10000;
    bool sync_ref_model = false;  ///< the reference follows the policy
    double ref_model_mixup_alpha = 0.6;
    std::int64_t ref_model_sync_steps = 512;

    bool filter_groups = false;  ///< dynamic sampling (DAPO): groups without signal are replaced
    std::string filter_groups_metric = "reward";  ///< "reward" or "accuracy"
    double filter_accuracy_min = 0, filter_accuracy_max = 1;
    std::int64_t max_num_gen_batches = 10;

    double sasr_gamma = 0;  ///< weight of the RL gradient's norm (SASR, #66); 0: no supervised steps

    std::string teacher;                      ///< checkpoint folder (KDRL); empty: none
    std::string teacher_kl_estimator = "k2";  ///< "k1", "k2", "k3"
    double teacher_beta = 5e-3, teacher_beta_end = 1e-3;
    std::string teacher_mask = "none";  ///< "none", "wrong", "wrong_groups"
};

}  // namespace retort
