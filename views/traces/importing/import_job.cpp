#include "views/traces/importing/import_job.h"

#include <atomic>
#include <mutex>

#include "core/trace_formats/known_imports.h"
#include "views/lab.h"
#include "views/models/format.h"

namespace retort {

struct ImportJob::Shared {
    std::atomic<bool> stop = false;
    std::mutex mutex;
    std::filesystem::path file;
    std::uint64_t bytes = 0, size = 0;
    std::int64_t traces = 0;
};

ImportJob::ImportJob(Lab& lab, QObject* parent) : QObject(parent), m_lab(lab) {
    m_timer.setInterval(100);
    connect(&m_timer, &QTimer::timeout, this, &ImportJob::tell);
}

ImportJob::~ImportJob() {
    cancel();
}

void ImportJob::start(TraceRunSettings settings) {
    if (isRunning()) return;
    m_shared = std::make_shared<Shared>();
    m_timer.start();
    m_lab.compute(
        this,
        [&lab = m_lab, settings = std::move(settings), shared = m_shared] {
            return work(lab, settings, shared);
        },
        [this](const Outcome& outcome) {
            const bool stopped = m_shared->stop;
            m_timer.stop();
            m_shared.reset();
            Q_EMIT ended(outcome.run, outcome.files, stopped ? QString() : outcome.error);
        });
}

void ImportJob::cancel() {
    if (m_shared) m_shared->stop = true;
}

ImportJob::Outcome ImportJob::work(Lab& lab, TraceRunSettings settings,
                                   const std::shared_ptr<Shared>& shared) {
    settings.runsFolder = lab.runsFolder();
    settings.progress = [shared](const std::filesystem::path& file, std::uint64_t bytes, std::uint64_t size,
                                 std::int64_t traces) {
        const std::lock_guard lock(shared->mutex);
        shared->file = file;
        shared->bytes = bytes;
        shared->size = size;
        shared->traces = traces;
        return !shared->stop;
    };
    Outcome outcome;
    try {
        StoreReader reader(lab.storeFile());
        settings.known = knownImports(reader);
        TraceRun result = importTraceRun(settings);
        if (result.run) {
            outcome.run = lab.writer().addRun(*result.run, "import").get();
            lab.writer().ingest(outcome.run).get();
        }
        outcome.files = std::move(result.files);
    } catch (const Error& error) {
        outcome.error = errorText(error);
    }
    return outcome;
}

void ImportJob::tell() {
    if (!m_shared) return;
    const std::lock_guard lock(m_shared->mutex);
    const double share =
        m_shared->size > 0 ? static_cast<double>(m_shared->bytes) / static_cast<double>(m_shared->size) : 0;
    Q_EMIT progressed(toQString(m_shared->file.filename().string()), share, m_shared->traces);
}

}  // namespace retort
