// Estimates from counts of successes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace retort {

/// Unbiased pass@k from `correct` of `samples` completions of one problem (Chen et al. 2021):
/// 1 - C(samples - correct, k) / C(samples, k). NaN when k > samples or the counts make no sense.
double passAtK(std::int64_t samples, std::int64_t correct, std::int64_t k);

struct Interval {
    double low = 0, high = 1;
};

/// Wilson's score interval of a share; `z` = 1.96 for 95 %. [0, 1] without trials.
Interval wilsonInterval(std::int64_t successes, std::int64_t trials, double z = 1.959963984540054);

/// maj@k of one problem: the probability that the answer that most of k completions give is right, ties
/// broken evenly. Over all completions when k is their number, else over `draws` random choices of k of them
/// (a function of `seed`). `answers[i]` with `correct[i]`; completions without an answer (empty) do not vote,
/// and without any vote the problem is failed. NaN when k > answers.size() or k < 1.
double majorityAtK(const std::vector<std::string>& answers, const std::vector<bool>& correct, std::int64_t k,
                   std::uint64_t seed, std::int64_t draws = 200);

/// The same where each completion votes with its weight, as with a verifier's score (weighted voting: Li et
/// al., "Making Large Language Models Better Reasoners with Step-Aware Verifier", 2023). A weight that is no
/// number, infinite or below 0 counts nothing; among answers without any weight the vote is even. NaN also
/// when there are not as many weights as answers.
double weightedVoteAtK(const std::vector<std::string>& answers, const std::vector<bool>& correct,
                       const std::vector<double>& weights, std::int64_t k, std::uint64_t seed,
                       std::int64_t draws = 200);

/// best-of-k of one problem: the expected correctness of the completion with the highest score among k drawn
/// without replacement, exactly; equal scores are chosen evenly. NaN when k > scores.size() or k < 1.
double bestOfK(const std::vector<double>& scores, const std::vector<bool>& correct, std::int64_t k);

/// Percentile bootstrap of a mean over problems: the central 95 % of the means of `draws` resamples, a
/// function of `seed`. [0, 1] without values.
Interval bootstrapInterval(const std::vector<double>& values, std::int64_t draws, std::uint64_t seed);

}  // namespace retort
