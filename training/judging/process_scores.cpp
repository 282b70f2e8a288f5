#include "training/judging/process_scores.h"

#include "core/config/launch.h"
#include "core/traces/judged_steps.h"
#include "core/util/files.h"
#include "training/judging/readable.h"
#include "training/model/checkpoint_reader.h"
#include "training/recipes/judge_model.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr std::size_t tokensAtOnce = 1u << 14;

/// What the model read behind each step when it learnt; empty: the step's own last token bears its label.
std::string separatorOf(const fs::path& checkpoint) {
    const fs::path run = runOfCheckpoint(checkpoint);
    std::error_code code;
    if (run.empty() || !fs::exists(run / "config.yaml", code)) return {};
    const RunConfig config = parseConfig(readFile(run / "config.yaml", 4u << 20), "config.yaml").config;
    return config.recipe == "prm" && config.prm.source == "file" ? config.prm.step_separator : "";
}

/// A trace as the model reads it.
struct Reading {
    std::size_t trace = 0;
    std::vector<std::int32_t> prompt;
    JudgedCompletion completion;
    std::size_t tokens() const { return prompt.size() + completion.completion.ids.size(); }
};

class ProcessScores {
  public:
    ProcessScores(const std::vector<Trace>& traces, const fs::path& checkpoint, const std::string& lane,
                  const JudgedFunction& done)
        : m_traces(traces),
          m_lane(lane),
          m_done(done),
          m_tokenizer(loadTokenizer(checkpoint)),
          m_model(checkpoint, *m_tokenizer, true),
          m_separator(separatorOf(checkpoint)) {
        const CheckpointReader reader(checkpoint);
        if (reader.shape().positionEmbedding == "learned") m_maxPositions = reader.shape().maxPositions;
    }

    bool run(const std::stop_token& stop) {
        std::vector<Reading> batch;
        std::size_t tokens = 0;
        for (std::size_t i = 0; i < m_traces.size(); ++i) {
            if (stop.stop_requested()) return false;
            Reading reading = read(i);
            if (!reading.completion.verdict.steps.empty()) {
                tokens += reading.tokens();
                batch.push_back(std::move(reading));
            }
            if (tokens < tokensAtOnce && i + 1 < m_traces.size()) continue;
            score(batch);
            batch.clear();
            tokens = 0;
        }
        return true;
    }

  private:
    /// Without steps when there is nothing to score: that is said at once.
    Reading read(std::size_t index) const {
        const Trace& trace = m_traces[index];
        Reading reading;
        reading.trace = index;
        reading.prompt = m_tokenizer->encode(trace.prompt);
        CutCompletion cut = cutCompletion(trace);
        JudgedCompletion& judged = reading.completion;
        judged.text = m_separator.empty() ? trace.completion : "";
        judged.verdict.steps = cut.steps;
        if (!m_separator.empty())
            for (TraceStep& step : judged.verdict.steps) {
                const auto begin = std::int64_t(judged.text.size());
                judged.text +=
                    trace.completion.substr(std::size_t(step.begin), std::size_t(step.end - step.begin));
                judged.text += m_separator;
                step.begin = begin;
                step.end = std::int64_t(judged.text.size());
            }
        judged.completion.ids = m_tokenizer->encode(judged.text);
        std::string note;
        if (cut.steps.empty() || judged.completion.ids.empty() || reading.prompt.empty())
            note = "there is no text";
        else if (!canWrite(*m_tokenizer, trace.prompt + judged.text))
            note = "the model's vocabulary cannot write this text";
        else if (m_maxPositions > 0 && std::int64_t(reading.tokens()) > m_maxPositions)
            note = "it is longer than the model's " + std::to_string(m_maxPositions) + " positions";
        if (note.empty()) return reading;
        JudgedTrace said;
        said.trace = index;
        said.lane = {LaneKind::Prm, m_lane, {}};
        said.stepsFrom = cut.how;
        said.note = std::move(note);
        m_done(std::move(said));
        judged.verdict.steps.clear();
        return reading;
    }

    void score(const std::vector<Reading>& batch) const {
        std::vector<CompletionView> views;
        for (const Reading& reading : batch) views.push_back({&reading.prompt, &reading.completion});
        const auto scores = m_model.stepScores(views);
        for (std::size_t i = 0; i < batch.size(); ++i) {
            const Trace& trace = m_traces[batch[i].trace];
            const std::size_t scored = stepEndTokens(*m_tokenizer, batch[i].completion).size();
            const CutCompletion cut = cutCompletion(trace);
            JudgedTrace said;
            said.trace = batch[i].trace;
            said.stepsFrom = cut.how;
            said.lane = {LaneKind::Prm, m_lane, {}};
            for (std::size_t step = 0; step < std::min(cut.steps.size(), scored); ++step) {
                StepJudgement judgement;
                judgement.begin = cut.steps[step].begin;
                judgement.end = cut.steps[step].end;
                judgement.value = scores[i][step];
                said.lane.steps.push_back(std::move(judgement));
            }
            m_done(std::move(said));
        }
    }

    const std::vector<Trace>& m_traces;
    const std::string& m_lane;
    const JudgedFunction& m_done;
    std::shared_ptr<const Tokenizer> m_tokenizer;
    JudgeModel m_model;
    std::string m_separator;
    std::int64_t m_maxPositions = 0;
};

}  // namespace

bool judgeByProcessModel(const std::vector<Trace>& traces, const fs::path& checkpoint,
                         const std::string& lane, const JudgedFunction& done, const std::stop_token& stop) {
    return ProcessScores(traces, checkpoint, lane, done).run(stop);
}

}  // namespace retort
