// Lab's part that knows the queue: what goes into it, and who works it off.
#include "core/queue/waiting_runs.h"
#include "training/backends/queue/queue_runner.h"
#include "views/lab_p.h"

namespace retort {

namespace {

constexpr char program[] = "retort " RETORT_VERSION;

}  // namespace

void Lab::startQueue() {
    QueueHost host;
    host.launch = [this](RowId run, const QString& directory, const QString& backendId, bool resume) {
        launchDirectory(run, directory.toStdString(), backendId, resume);
    };
    host.adopt = [this](RowId run, const QString& directory, const QString& backendId) {
        return takeCharge(run, directory, backendId);
    };
    m_impl->limits = queueLimitsFrom(StoreReader(storeFile()).setting(queueLimitsSetting).value_or(Json()));
    m_queue = std::make_unique<QueueRunner>(*m_writer, std::move(host));
    connect(m_queue.get(), &QueueRunner::problem, this, &Lab::failed);
    connect(m_queue.get(), &QueueRunner::started, this, [this](RowId run) {
        if (m_impl->stages.remove(run)) Q_EMIT stageStarted(run);
    });
    connect(this, &Lab::runQueueChanged, m_queue.get(), &QueueRunner::look);
    connect(this, &Lab::machinesChanged, m_queue.get(), &QueueRunner::look);
}

QueueRunner& Lab::queue() const {
    return *m_queue;
}

QueueLimits Lab::queueLimits() const {
    return m_impl->limits;
}

void Lab::setQueueLimits(const QueueLimits& limits) {
    if (limits == m_impl->limits) return;
    m_impl->limits = limits;
    m_writer->setSetting(queueLimitsSetting, toJson(limits));
    Q_EMIT queueLimitsChanged();
    m_queue->look();
}

void Lab::enqueue(const LaunchRequest& request, QObject* context, std::function<void(const Started&)> done,
                  std::function<void(const Error&)> failed) {
    QueueRequest wanted;
    wanted.stages = {{"", "config.yaml", request.yaml}};
    wanted.base = request.base.empty() ? std::filesystem::current_path() : request.base;
    wanted.backend = request.backend.toStdString();
    wanted.processes = request.processes;
    wanted.program = program;
    struct Made {
        RowId run = 0;
        std::optional<Error> error;
    };
    const auto make = [this, wanted, root = runsFolder()](StoreReader& reader) {
        try {
            return Made{queueRuns(*m_writer, reader, wanted, root).at(0), std::nullopt};
        } catch (const Error& error) {
            return Made{0, error};
        }
    };
    read(context, make, [done = std::move(done), failed = std::move(failed)](const Made& made) {
        if (made.error) return failed(*made.error);
        done({made.run, {}});
    });
}

void Lab::startStudy(const Study& study, const QString& backendId) {
    const QueueSnapshot& now = m_queue->snapshot();
    for (const QueuedRun& each : now.queue)
        if (each.state != QueuedState::Failed && now.runs.contains(each.run) &&
            now.runs.at(each.run).study == study.name) {
            Q_EMIT failed(tr("The study '%1' is still going.").arg(QString::fromStdString(study.name)));
            return;
        }
    QueueRequest wanted;
    wanted.stages = study.stages;
    wanted.base = std::filesystem::current_path();
    wanted.backend = backendId.toStdString();
    wanted.program = program;
    const auto make = [this, wanted, root = runsFolder()](StoreReader& reader) {
        return queueRuns(*m_writer, reader, wanted, root);
    };
    read(this, make, [this](const std::vector<RowId>& runs) {
        for (const RowId run : runs) m_impl->stages.insert(run);
        // The first may be going by now.
        for (const QueuedRun& each : m_queue->snapshot().queue)
            if (each.state == QueuedState::Started && m_impl->stages.remove(each.run))
                Q_EMIT stageStarted(each.run);
    });
}

}  // namespace retort
