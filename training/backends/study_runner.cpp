#include "training/backends/study_runner.h"

#include <QPointer>
#include <utility>

#include "core/util/error.h"

namespace retort {
namespace {

/// Throws Error with all that is wrong with the stage's configuration.
std::string configurationOf(const StudyStage& stage,
                            const std::map<std::string, std::filesystem::path>& runs) {
    const ParsedConfig parsed = resolveStage(stage, runs);
    if (parsed.problems.empty()) return toYaml(parsed.config);
    std::string text;
    for (const ConfigProblem& problem : parsed.problems) {
        if (!text.empty()) text += '\n';
        text += problem.text();
    }
    throw Error(text);
}

}  // namespace

StudyRunner::StudyRunner(Study study, Launch launch, QObject* parent)
    : QObject(parent), m_study(std::move(study)), m_launch(std::move(launch)) {}

void StudyRunner::start() {
    if (isActive()) return;
    m_runs.clear();
    m_endedEarly.clear();
    startStage(0);
}

void StudyRunner::cancel() {
    m_stage = -1;
    m_runDirectory.clear();
}

void StudyRunner::startStage(int stage) {
    m_stage = stage;
    m_runDirectory.clear();
    // A launch is answered later, and by then this runner may be gone, or at another stage.
    const QPointer<StudyRunner> guard(this);
    const auto isMeant = [guard, stage] { return guard && guard->m_stage == stage; };
    try {
        m_launch(
            configurationOf(m_study.stages.at(std::size_t(stage)), m_runs),
            [guard, isMeant, stage](const QString& run) {
                if (isMeant()) guard->onLaunched(stage, run);
            },
            [guard, isMeant](const QString& error) {
                if (isMeant()) guard->fail(error);
            });
    } catch (const Error& error) {
        fail(QString::fromUtf8(error.what()));
    }
}

void StudyRunner::onLaunched(int stage, const QString& runDirectory) {
    m_runDirectory = runDirectory;
    Q_EMIT stageStarted(stage, runDirectory);
    if (!m_endedEarly.contains(runDirectory)) return;
    const End end = m_endedEarly.take(runDirectory);
    onRunEnded(runDirectory, end.error, end.complete);
}

void StudyRunner::onRunEnded(const QString& runDirectory, const QString& error, bool complete) {
    if (!isActive()) return;
    if (m_runDirectory.isEmpty()) m_endedEarly.insert(runDirectory, {error, complete});
    if (runDirectory != m_runDirectory) return;
    if (!error.isEmpty()) return fail(error);
    if (!complete) return fail(tr("It was stopped before its end."));

    const int stage = m_stage;
    m_runs[m_study.stages[std::size_t(stage)].name] = runDirectory.toStdString();
    Q_EMIT stageFinished(stage, runDirectory);
    if (m_stage != stage) return;  // cancelled by whoever heard that
    if (stage + 1 < int(m_study.stages.size())) return startStage(stage + 1);
    cancel();
    Q_EMIT finished();
}

void StudyRunner::fail(const QString& what) {
    const QString stage = QString::fromStdString(m_study.stages.at(std::size_t(m_stage)).name);
    cancel();
    Q_EMIT failed(tr("The study “%1” ends at its stage “%2”: %3")
                      .arg(QString::fromStdString(m_study.name), stage, what));
}

}  // namespace retort
