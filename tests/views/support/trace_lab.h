// A lab with a run of rollouts for the tests of the Traces page: groups of several samples of two problems,
// whose answers get better from step to step.
#pragma once

#include <QTemporaryDir>
#include <memory>

#include "core/runlog/run_directory.h"
#include "core/runlog/writer.h"
#include "views/lab.h"

namespace retort::testing {

/// Sample `sample` of a problem at a step: the higher the step, the more samples are right.
inline Trace rollout(std::int64_t step, std::int64_t group, std::int32_t sample, bool correct) {
    Trace trace;
    trace.step = step;
    trace.task = "addition";
    trace.problemId = group % 2 == 0 ? "addition:12+34" : "addition:55+22";
    trace.group = group;
    trace.sample = sample;
    trace.prompt = group % 2 == 0 ? "A12+34=" : "A55+22=";
    const bool first = group % 2 == 0;
    trace.gold = first ? "46" : "77";
    if (first)
        trace.completion = correct ? "<2+4+0=06;1+3+0=04;>46" : "<2+4+0=06;1+3+0=05;>56";
    else
        trace.completion = correct ? "<5+2+0=07;5+2+0=07;>77" : "<5+2+0=07;5+2+0=08;>87";
    trace.extracted = trace.completion.substr(trace.completion.size() - 2);
    trace.correct = correct;
    trace.worked = true;
    trace.reward = correct ? 1.0 : 0.0;
    trace.advantage = correct ? 0.7 : -0.7;
    trace.rewards = {{"correctness", *trace.reward}, {"format", 0.5}};
    trace.steps = {{1, 9, StepVerdict::Correct, ""},
                   {10, 18, correct ? StepVerdict::Correct : StepVerdict::Wrong, correct ? "" : "not that"}};
    trace.numTokens = 20 + 5 * sample;
    return trace;
}

class TraceLab {
  public:
    /// Steps 1 … `steps`, each with two groups of `samples`: in the first one min(step, samples) are right,
    /// in the second one all.
    TraceLab(int steps, int samples, const std::string& config = "recipe: grpo\n") {
        const std::filesystem::path root = m_folder.path().toStdString();
        RunIdentity identity;
        identity.id = "11111111-2222-3333-4444-555555555555";
        identity.name = "walk";
        identity.recipe = "grpo";
        m_directory =
            std::make_unique<RunDirectory>(RunDirectory::create(root / "runs", "walk", config, identity));
        m_log = std::make_unique<RunLogWriter>(m_directory->eventsFile());
        m_log->write(StartEvent{1, 0, steps, 1, "here", "test"});
        for (int step = 1; step <= steps; ++step) {
            m_log->write(ScalarsEvent{step, step * 100, {{"reward", 0.1 * step}}});
            for (int group = 0; group < 2; ++group)
                for (int sample = 0; sample < samples; ++sample)
                    m_log->write(
                        TraceEvent{rollout(step, 2 * step + group, sample, group == 1 || sample < step)});
        }
        m_log->sync();
        m_lab = std::make_unique<Lab>(root / "lab.db");
        m_run = m_lab->writer().addRun(*m_directory, "test").get();
        ingest();
        m_lab->selection().setRuns({m_run});
    }
    ~TraceLab() {
        m_lab.reset();
        m_log.reset();
    }

    Lab& lab() { return *m_lab; }
    RowId run() const { return m_run; }
    RunLogWriter& log() { return *m_log; }
    const RunDirectory& directory() const { return *m_directory; }
    QString file(const QString& name) const { return m_folder.filePath(name); }
    void ingest() {
        m_log->sync();
        m_lab->writer().ingest(m_run).get();
    }
    /// Another run with the same problem, at one step.
    RowId addRun(const std::string& name, std::int64_t step, int right, int samples) {
        RunIdentity identity;
        identity.name = name;
        identity.recipe = "grpo";
        const RunDirectory directory = RunDirectory::create(
            std::filesystem::path(m_folder.path().toStdString()) / "runs", name, "recipe: grpo\n", identity);
        RunLogWriter log(directory.eventsFile());
        log.write(StartEvent{1, 0, step, 1, "here", "test"});
        for (int sample = 0; sample < samples; ++sample)
            log.write(TraceEvent{rollout(step, 0, sample, sample < right)});
        log.write(EndEvent{"finished", ""});
        log.sync();
        const RowId run = m_lab->writer().addRun(directory, "test").get();
        m_lab->writer().ingest(run).get();
        return run;
    }

  private:
    QTemporaryDir m_folder;
    std::unique_ptr<RunDirectory> m_directory;
    std::unique_ptr<RunLogWriter> m_log;
    std::unique_ptr<Lab> m_lab;
    RowId m_run = 0;
};

}  // namespace retort::testing
