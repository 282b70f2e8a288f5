// A policy that is a table: what is written next depends on the last step alone, so the probability of a
// right answer from every place is known exactly.
#pragma once

#include <algorithm>
#include <array>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "core/tokenizers/tokenizer.h"
#include "core/traces/trace.h"
#include "core/util/random.h"
#include "training/judging/rollout_pool.h"

namespace retort::test {

/// Completions are `<a;b;…;>R`: `steps` steps, each good (a) or bad (b), and then a right (R) or wrong (W)
/// answer.
class TabularPolicy {
  public:
    int steps = 4;
    double goodAfterGood = 0.7, goodAfterBad = 0.2;  ///< the first step comes after a good one
    double rightAfterGood = 0.9, rightAfterBad = 0.1;

    const Tokenizer& tokenizer() const { return *m_tokenizer; }

    /// Of a right answer from behind `written`, by summing over all ways.
    double chance(const std::string& written) const {
        if (written.ends_with('R') || written.ends_with('W')) return written.ends_with('R');
        const auto done = std::count(written.begin(), written.end(), ';');
        const bool good = lastIsGood(written);
        if (done == steps) return good ? rightAfterGood : rightAfterBad;
        const std::string begun = written.empty() ? "<" : written;
        const double p = good ? goodAfterGood : goodAfterBad;
        return p * chance(begun + "a;") + (1 - p) * chance(begun + "b;");
    }

    std::string sampled(std::string written, Random& random) const {
        const std::size_t begin = written.size();
        if (written.empty()) written = "<";
        while (std::count(written.begin(), written.end(), ';') < steps)
            written += random.uniform() < (lastIsGood(written) ? goodAfterGood : goodAfterBad) ? "a;" : "b;";
        if (!written.ends_with('>')) written += ">";
        written += random.uniform() < (lastIsGood(written) ? rightAfterGood : rightAfterBad) ? "R" : "W";
        return written.substr(begin);
    }

    /// Counts what it is asked for.
    SampleFunction sampler() {
        return [this](const std::vector<std::vector<std::int32_t>>& prompts, std::int64_t samples,
                      const SamplingSettings& sampling, std::uint64_t stream) {
            ++calls;
            std::vector<Completion> completions;
            for (std::size_t p = 0; p < prompts.size(); ++p) {
                const std::string text = m_tokenizer->decode(prompts[p]);
                asked.push_back(text);
                streams.insert(stream + p);
                for (std::int64_t s = 0; s < samples; ++s) {
                    Random random(stableHash("sample " + std::to_string(s), sampling.seed), stream + p);
                    Completion completion;
                    completion.ids = m_tokenizer->encode(sampled(text.substr(text.find('?') + 1), random));
                    completion.ids.push_back(m_tokenizer->eosId());
                    completion.finished = true;
                    completion.whole = !isStopped;
                    if (std::int64_t(completion.ids.size()) > sampling.maxNewTokens) {
                        completion.ids.resize(std::size_t(sampling.maxNewTokens));
                        completion.finished = false;
                    }
                    completions.push_back(std::move(completion));
                    ++rollouts;
                }
            }
            return completions;
        };
    }

    Trace trace(const std::string& prompt, const std::string& completion) const {
        Trace trace;
        trace.prompt = prompt + "?";
        trace.problemId = "table:" + prompt;
        trace.gold = "R";
        trace.completion = completion;
        trace.correct = completion.ends_with('R');
        return trace;
    }

    int calls = 0;
    std::int64_t rollouts = 0;
    bool isStopped = false;
    std::vector<std::string> asked;
    std::set<std::uint64_t> streams;

  private:
    static bool lastIsGood(const std::string& written) {
        const std::size_t last = written.find_last_of("ab");
        return last == std::string::npos || written[last] == 'a';
    }

    std::shared_ptr<const Tokenizer> m_tokenizer = makeCharacterTokenizer("?<;>abRW0123456789");
};

inline bool endsRight(const Trace&, std::string_view completion) {
    return completion.ends_with('R');
}

inline std::string noObjection(const Trace&) {
    return {};
}

}  // namespace retort::test
