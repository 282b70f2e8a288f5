#include "training/recipes/trainer.h"

#include <string>

#include "core/util/error.h"
#include "training/recipes/checkpoint.h"

namespace retort {

Trainer::Trainer(RunSession& session, TrainerParts& parts, Recipe& recipe, TrainerState state)
    : m_session(session),
      m_parts(parts),
      m_recipe(recipe),
      m_state(std::move(state)),
      m_alarms(session.log(), m_state.alarms),
      m_evaluationSets(makeEvaluationSets(parts.sources, parts.config.evaluation.num_problems)) {}

TrainOutcome Trainer::run() {
    // Rather now than at the first evaluation.
    if (m_recipe.generates()) checkVerifier(m_parts.config.evaluation);
    m_session.beginSteps(m_state.step);
    m_session.status("training", m_state.step, true);
    bool goesOn = evaluateWhenDue();
    while (goesOn && !isOver()) goesOn = takeStep();
    if (goesOn) {
        if (m_state.step > 0) save();  // an evaluation alone has nothing new to keep
        return TrainOutcome::Finished;
    }
    m_session.status("stopping", m_state.step, true);
    if (m_state.step > 0) save();
    m_session.stopCarriedOut();
    return TrainOutcome::Stopped;
}

bool Trainer::takeStep() {
    m_session.waitWhilePaused(m_state.step);
    if (m_session.agreeOnStop()) return false;
    if (m_session.takeCheckpointRequest() && m_state.step > 0) save();
    m_session.status("training", m_state.step);
    Stopwatch watch;
    std::optional<StepReport> report = m_recipe.step(m_state.step + 1);
    if (!report) return false;
    ++m_state.step;
    m_state.updates = m_parts.optimizer->steps();
    m_state.tokens += report->tokens;
    m_state.evaluated = false;
    logStep(std::move(*report), watch.total());
    if (!evaluateWhenDue()) return false;
    if (isSaveDue()) save();
    return true;
}

void Trainer::logStep(StepReport report, double seconds) {
    const TrainingSettings& training = m_parts.config.training;
    for (Trace& trace : report.traces) m_session.log().write(TraceEvent{std::move(trace)});
    m_alarms.observe(m_state.step, report.metrics);
    if (m_state.step % training.logging_steps != 0 && !isOver()) return;
    report.metrics.emplace_back("num_tokens", double(m_state.tokens));
    report.metrics.emplace_back("step_time", seconds);
    m_session.log().write(ScalarsEvent{m_state.step, m_state.tokens, std::move(report.metrics)});
}

bool Trainer::isEvaluationDue() const {
    const std::int64_t every = m_parts.config.evaluation.eval_steps;
    if (isOver()) return true;
    // Before the first step only where there is something to compare with: a new model knows nothing.
    if (m_state.step == 0) return every > 0 && !m_parts.config.model.from.empty();
    return every > 0 && m_state.step % every == 0;
}

bool Trainer::evaluateWhenDue() {
    if (m_state.evaluated || !m_recipe.generates() || !isEvaluationDue()) return true;
    m_session.status("evaluating", m_state.step, true);
    Stopwatch watch;
    m_parts.generator->refresh();
    const auto reports =
        evaluateSets(m_evaluationSets, *m_parts.generator, *m_parts.tokenizer, m_parts.config.evaluation,
                     m_parts.config.traces.token_arrays, std::uint64_t(m_parts.config.seed), m_state.step,
                     m_session.stopToken());
    if (!isComplete(reports, m_evaluationSets)) return false;
    logEvaluation(reports, watch.total());
    m_state.evaluated = true;
    m_session.status("training", m_state.step, true);
    return true;
}

void Trainer::logEvaluation(const std::vector<EvaluationReport>& reports, double seconds) {
    ScalarsEvent scalars{m_state.step, m_state.tokens, {}};
    for (const EvaluationReport& report : reports) {
        for (const Trace& trace : report.traces) m_session.log().write(TraceEvent{trace});
        for (const SearchTree& tree : report.trees) m_session.log().write(TreeEvent{tree});
        m_session.log().write(report.event);
        for (const auto& [name, value] : report.event.metrics)
            scalars.values.emplace_back("eval/" + report.event.name + "/" + name, value);
    }
    scalars.values.emplace_back("timing_s/eval", seconds);
    m_session.log().write(std::move(scalars));
}

bool Trainer::isSaveDue() const {
    const std::int64_t every = m_parts.config.training.save_steps;
    return every > 0 && m_state.step % every == 0;
}

void Trainer::save() {
    if (m_savedStep == m_state.step) return;
    m_savedStep = m_state.step;
    if (!m_parts.group->isFirst()) return;
    m_session.status("saving", m_state.step);
    // What was said up to here must be on disk before a checkpoint from which nobody would say it again.
    m_session.log().sync();
    m_session.checkLog();
    m_state.alarms = m_alarms.alarms();
    saveCheckpoint(m_session.run(), m_state, *m_parts.model, *m_parts.tokenizer, *m_parts.optimizer,
                   [this](const std::filesystem::path& folder) { m_recipe.save(folder); });
    const auto folder = m_session.run().checkpointFolder(m_state.step);
    m_session.log().write(CheckpointEvent{m_state.step, "checkpoints/" + folder.filename().string()});
    m_session.log().sync();
    pruneCheckpoints(m_session.run(), m_parts.config.training.save_total_limit);
}

}  // namespace retort
