// Learning from a teacher: what is taken from it, and how. Names are TRL's (GKD) where it has one.
#pragma once

#include <cstdint>
#include <string>

namespace retort {

struct DistillationSettings {
    std::string teacher;  ///< checkpoint
    double alpha = 1;     ///< weight of the teacher; 1 - alpha is that of the examples' cross entropy
    double beta = 0.5;    ///< 0: KL(teacher ‖ student), 1: KL(student ‖ teacher), between: generalised JS
    double temperature = 1;            ///< of both distributions
    bool temperature_squared = false;  ///< the distance is multiplied by temperature²
    std::int64_t top_k = 0;    ///< of the teacher's probabilities, and one number for the rest; 0: all
    std::string cache_folder;  ///< where the top-k are kept; empty: nowhere

    double lmbda = 0.5;                 ///< share of the steps that learn from the student's own samples
    double sampling_temperature = 0.9;  ///< of student's and teacher's samples
    std::int64_t max_completion_length = 128;  ///< of them
    bool seq_kd = false;               ///< the teacher's samples take the place of the examples' completions
    std::int64_t num_generations = 1;  ///< seq_kd: the teacher's samples of a prompt
    std::string selection = "all";     ///< seq_kd: "all", "correct", "shortest_correct"

    double keep_share = 1;           ///< of the examples (#42)
    std::string pruning = "random";  ///< "random", "loss", "el2n", "forgetting": which are kept
    std::int64_t pruning_steps = 0;  ///< a copy of the student learns so long before the examples are scored
    double token_share = 1;          ///< of the tokens, those that the student can still learn (#186)
    std::string reference;           ///< checkpoint of the student's shape, for token_share

    std::string oracle;                   ///< checkpoint that taught the teacher (#72)
    std::int64_t distance_steps = 0;      ///< distances are measured every n-th step; 0: never
    std::int64_t distance_problems = 64;  ///< held-out prompts for them
};

}  // namespace retort
