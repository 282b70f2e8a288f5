// Lab's part that runs a study, one stage after the other.
#include "training/backends/study_runner.h"
#include "views/lab_p.h"

namespace retort {

void Lab::startStudy(const Study& study, const QString& backendId) {
    if (m_study && m_study->isActive()) {
        Q_EMIT failed(
            tr("The study '%1' is still going.").arg(QString::fromStdString(m_study->study().name)));
        return;
    }
    const auto launchStage = [this, backendId](const std::string& yaml, const StudyRunner::Launched& launched,
                                               const StudyRunner::Refused& refused) {
        const auto done = [this, launched](const Started& started) {
            Q_EMIT stageStarted(started.run);
            launched(QString::fromStdString(started.directory.string()));
        };
        start({yaml, backendId}, this, done, [refused](const Error& error) { refused(errorText(error)); });
    };
    m_study = std::make_unique<StudyRunner>(study, launchStage);
    connect(m_study.get(), &StudyRunner::failed, this, &Lab::failed);
    m_study->start();
}

}  // namespace retort
