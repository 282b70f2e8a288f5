#include "training/judging/judge_traces.h"

#include <ATen/Parallel.h>

#include <algorithm>

#include "core/util/error.h"
#include "training/api/available_cores.h"
#include "training/engine/generator.h"
#include "training/judging/critic.h"
#include "training/judging/omega_prm.h"
#include "training/judging/process_scores.h"
#include "training/judging/readable.h"
#include "training/judging/trace_tasks.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

void check(const JudgeRequest& request) {
    std::error_code code;
    if (!fs::is_directory(request.checkpoint, code))
        throw Error("there is no checkpoint folder here", request.checkpoint.string(),
                    "name a folder with a model.safetensors");
    if (request.rollouts < 1 || request.rollouts > 1024)
        throw Error("expected 1 to 1024, found " + std::to_string(request.rollouts), "rollouts");
    if (request.searches < 1 || request.searches > 10000)
        throw Error("expected 1 to 10000, found " + std::to_string(request.searches), "searches");
    if (!(request.temperature >= 0 && request.temperature <= 100))
        throw Error("expected a number from 0 to 100", "temperature");
    if (!(request.topP > 0 && request.topP <= 1)) throw Error("expected a number > 0 and <= 1", "top_p");
    if (request.maxNewTokens < 0 || request.maxNewTokens > 1 << 20)
        throw Error("expected 0 to 1048576", "max_new_tokens");
    if (request.method != JudgeRequest::Method::Prm && request.temperature == 0 && request.rollouts > 1)
        throw Error("rollouts at temperature 0 are all the same", "temperature",
                    "raise it, or take one rollout");
}

/// A policy that writes: rollouts, critiques.
class Writer {
  public:
    explicit Writer(const JudgeRequest& request, std::stop_token stop)
        : m_request(request),
          m_tokenizer(loadTokenizer(request.checkpoint)),
          m_generator(request.checkpoint, m_tokenizer),
          m_dialogue(request.checkpoint),
          m_sample([this, stop = std::move(stop)](const auto& prompts, std::int64_t samples,
                                                  const auto& sampling, std::uint64_t stream) {
              return m_generator.generate(prompts, samples, sampling, stream, stop);
          }) {}

    void judgeByRollouts(const std::string& lane, const JudgedFunction& done) const {
        const bool isOmega = m_request.method == JudgeRequest::Method::OmegaPrm;
        const TraceTasks tasks(m_request.runConfig, m_dialogue);
        const AnswerCheckFunction isRight = [&](const Trace& trace, std::string_view completion) {
            return tasks.isRight(trace, completion);
        };
        const auto whyNot = [&](const Trace& trace) { return whyNotOf(tasks, trace); };
        const RolloutPoolSettings settings = poolSettings(tasks);
        RolloutPool pool(m_request.traces, *m_tokenizer, isRight, settings, m_sample);
        OmegaPrmSettings omega;
        omega.searches = m_request.searches;
        if (isOmega)
            judgeByOmegaPrm(m_request.traces, pool, omega, lane, whyNot, done);
        else
            judgeByMonteCarlo(m_request.traces, pool, settings.rowsAtOnce, lane, whyNot, done);
    }

    void criticise(const std::string& lane, const JudgedFunction& done) const {
        CriticSettings settings;
        settings.answers = m_request.rollouts;
        settings.temperature = m_request.temperature;
        settings.topP = m_request.topP;
        settings.seed = m_request.seed;
        if (m_request.maxNewTokens > 0) settings.maxNewTokens = m_request.maxNewTokens;
        settings.maxPositions = maxPositions();
        const auto prompt = [&](const std::string& question) {
            return m_dialogue.prompt({{"user", question}});
        };
        judgeByCritic(m_request.traces, *m_tokenizer, prompt, settings, m_sample, lane, done);
    }

  private:
    std::int64_t maxPositions() const {
        const ModelShape& shape = m_generator.shape();
        return shape.positionEmbedding == "learned" ? shape.maxPositions : 0;
    }

    RolloutPoolSettings poolSettings(const TraceTasks& tasks) const {
        RolloutPoolSettings settings;
        settings.rollouts = m_request.rollouts;
        settings.temperature = m_request.temperature;
        settings.topP = m_request.topP;
        settings.maxPositions = maxPositions();
        settings.seed = m_request.seed;
        settings.keepTexts = m_request.method == JudgeRequest::Method::OmegaPrm && m_request.searches > 1;
        settings.maxTokens = m_request.maxNewTokens;
        if (settings.maxTokens > 0) return settings;
        std::int64_t longest = 1;
        for (const Trace& trace : m_request.traces)
            longest = std::max(longest, std::int64_t(m_tokenizer->encode(trace.completion).size()) + 1);
        settings.maxTokens =
            tasks.completionLength() > 0 ? std::max(tasks.completionLength(), longest) : 2 * longest;
        return settings;
    }

    std::string whyNotOf(const TraceTasks& tasks, const Trace& trace) const {
        if (std::string why = tasks.whyNot(trace); !why.empty()) return why;
        if (!canWrite(*m_tokenizer, trace.prompt + trace.completion))
            return "the policy's vocabulary cannot write this text";
        return {};
    }

    const JudgeRequest& m_request;
    std::shared_ptr<const Tokenizer> m_tokenizer;
    mutable Generator m_generator;
    DialogueFormat m_dialogue;
    SampleFunction m_sample;
};

}  // namespace

void judgeTraces(const JudgeRequest& request, const std::function<void(JudgedTrace)>& done,
                 std::stop_token stop) {
    using Method = JudgeRequest::Method;
    check(request);
    at::set_num_threads(request.threads > 0 ? int(request.threads) : availableCores());
    std::string lane = request.laneName.empty() ? shortCheckpointName(request.checkpoint) : request.laneName;
    if (request.laneName.empty() && request.method == Method::OmegaPrm) lane += "/omega_prm";
    if (request.method == Method::Prm) {
        judgeByProcessModel(request.traces, request.checkpoint, lane, done, stop);
        return;
    }
    const Writer writer(request, stop);
    if (request.method == Method::Critic)
        writer.criticise(lane, done);
    else
        writer.judgeByRollouts(lane, done);
}

}  // namespace retort
