#include "views/runs/adopting/adopt_job.h"

#include <QDateTime>
#include <QSet>
#include <algorithm>
#include <mutex>

#include "core/adoption/adopted_run.h"
#include "core/adoption/file_kinds.h"
#include "core/util/clock.h"
#include "training/backends/adopted_backend.h"
#include "training/backends/remote/folder_mirror.h"
#include "views/lab_adopted.h"
#include "views/models/format.h"

namespace fs = std::filesystem;

namespace retort {

namespace {

constexpr auto slice = std::chrono::milliseconds(100);
constexpr std::uint64_t bytesLookedAt = std::uint64_t(16) << 20;  // of each run, for its number of points
constexpr qint64 sayEveryMs = 80;
constexpr qsizetype mostProblems = 50;  // of each run, for people to read

QStringList texts(const std::vector<std::string>& lines) {
    QStringList list;
    for (const std::string& line : lines) list << toQString(line);
    return list;
}

/// Whatever a damaged file makes a reader throw: nothing above these threads would catch it.
QString textOf(const std::exception& error) {
    const auto* ours = dynamic_cast<const Error*>(&error);
    return ours ? errorText(*ours) : QString::fromUtf8(error.what());
}

}  // namespace

struct AdoptJob::Skipped {
    std::mutex mutex;
    QSet<int> rows;
    bool contains(int row) {
        const std::lock_guard lock(mutex);
        return rows.contains(row);
    }
};

AdoptJob::AdoptJob(Lab& lab, QObject* parent) : QObject(parent), m_lab(lab) {
    m_thread.setMaxThreadCount(1);
}

AdoptJob::~AdoptJob() {
    cancel();
    m_thread.clear();
    m_thread.waitForDone();
}

void AdoptJob::cancel() {
    if (m_stop) *m_stop = true;
}

void AdoptJob::cancelRow(int row) {
    if (!m_skipped) return;
    const std::lock_guard lock(m_skipped->mutex);
    m_skipped->rows.insert(row);
}

void AdoptJob::start(std::function<std::function<void()>(const Stop&)> work) {
    m_stop = std::make_shared<std::atomic<bool>>(false);
    m_skipped = std::make_shared<Skipped>();
    m_thread.start([this, stop = m_stop, work = std::move(work)] {
        std::function<void()> tell = work(stop);
        QMetaObject::invokeMethod(this, [this, tell = std::move(tell)] {
            m_stop.reset();
            tell();
            Q_EMIT idle();
        });
    });
}

void AdoptJob::say(const QString& text, double share) {
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    if (now - m_said < sayEveryMs) return;
    m_said = now;
    QMetaObject::invokeMethod(this, [this, text, share] {
        if (isRunning()) Q_EMIT progressed(text, share);
    });
}

// --- looking ---

void AdoptJob::look(const std::optional<Machine>& machine, const QString& folder) {
    if (isRunning()) return;
    start([this, machine, folder](const Stop& stop) {
        Findings findings = lookNow(machine, folder, stop);
        return [this, findings = std::move(findings)] { Q_EMIT looked(findings); };
    });
}

AdoptJob::Findings AdoptJob::lookNow(const std::optional<Machine>& machine, const QString& folder,
                                     const Stop& stop) {
    Findings findings;
    try {
        fs::path root = folder.toStdString();
        if (machine) {
            const auto stopped = [stop] { return stop->load(); };
            findings.machine = machine;
            findings.far = FolderMirror::find(*machine, folder.toStdString(), stopped);
            FolderMirror mirror(*machine, *findings.far, mirrorsBeside(m_lab.runsFolder()));
            mirror.want({});
            mirror.bring(stopped, [this](const MirrorProgress& done) {
                say(tr("Looking there: %n log(s)", nullptr, static_cast<int>(done.files)),
                    done.total > 0 ? double(done.bytes) / double(done.total) : -1);
            });
            findings.notes = texts(mirror.notes());
            root = mirror.content();
        }
        FoundFolder found = recognise(root, {}, [&](std::size_t files) {
            say(tr("Looking: %n file(s)", nullptr, static_cast<int>(files)), -1);
            return !*stop;
        });
        findings.notes += texts(found.notes);
        findings.candidates = candidates(std::move(found), {}, machine.has_value(), stop);
    } catch (const std::exception& error) {
        if (!*stop) findings.error = textOf(error);
        findings.candidates.clear();
    }
    return findings;
}

std::vector<FoundCandidate> AdoptJob::candidates(FoundFolder found, const ColumnMapping& mapping, bool isFar,
                                                 const Stop& stop) {
    std::vector<FoundCandidate> list;
    StoreReader reader(m_lab.storeFile());
    const std::vector<RunRow> known = reader.runs(true);
    const std::size_t all = found.runs.size();
    for (FoundRun& each : found.runs) {
        say(tr("Counting: %1").arg(toQString(each.name)),
            double(list.size()) / double(std::max<std::size_t>(all, 1)));
        FoundCandidate candidate;
        candidate.mapping = mapping;
        candidate.isFar = isFar;
        candidate.facts = factsOf(each, mapping, bytesLookedAt, [stop] { return !*stop; });
        for (const FoundSource& source : each.sources) {
            std::error_code code;
            if (isFar && fs::is_regular_file(source.path, code) &&
                fs::file_size(source.path, code) >= FolderMirror::beginning)
                candidate.facts.isWhole = false;
        }
        const bool isTable =
            each.sources.size() == 1 && each.sources[0].type == FoundSource::Type::Curves &&
            (each.sources[0].kind == TrackerKind::Table || each.sources[0].kind == TrackerKind::JsonLines);
        if (isTable) candidate.table = each.sources[0].path;
        const std::string id = each.id();
        const auto row =
            std::find_if(known.begin(), known.end(), [&](const RunRow& run) { return run.uuid == id; });
        if (row != known.end()) {
            candidate.known = *row;
            candidate.isFollowed = adoptedBackend(m_lab)->isRunning(toQString(row->directory));
        }
        candidate.found = std::move(each);
        list.push_back(std::move(candidate));
    }
    for (const fs::path& table : found.unmapped) {
        FoundCandidate candidate;
        candidate.found.root = table;
        candidate.found.name = table.stem().string();
        candidate.table = table;
        candidate.isMapped = false;
        candidate.isFar = isFar;
        list.push_back(std::move(candidate));
    }
    return list;
}

void AdoptJob::map(const fs::path& table, const ColumnMapping& mapping, bool isFar) {
    if (isRunning()) return;
    start([this, table, mapping, isFar](const Stop& stop) {
        std::vector<FoundCandidate> list;
        QString error;
        try {
            list = candidates(recognise(table, mapping), mapping, isFar, stop);
            for (FoundCandidate& each : list) each.table = table;
            if (list.empty()) error = tr("There are no rows in it yet.");
        } catch (const std::exception& problem) {
            error = textOf(problem);
        }
        return [this, table, list = std::move(list), error] { Q_EMIT mapped(table, list, error); };
    });
}

// --- adopting ---

void AdoptJob::adopt(std::vector<Order> orders, const Findings& from, const QStringList& tags,
                     bool keepFollowing) {
    if (isRunning()) return;
    start([this, orders = std::move(orders), machine = from.machine, far = from.far, tags,
           keepFollowing](const Stop& stop) {
        QString failure;
        try {
            Findings place;
            place.machine = machine;
            place.far = far;
            if (far) mirror(place, orders, stop);
            for (const Order& order : orders) {
                if (*stop) break;
                const Outcome outcome = adoptNow(order, tags, keepFollowing, stop);
                QMetaObject::invokeMethod(
                    this, [this, row = order.row, outcome] { Q_EMIT runAdopted(row, outcome); });
            }
        } catch (const std::exception& error) {
            if (!*stop) failure = textOf(error);
        }
        return [this, failure] { Q_EMIT adopted(failure); };
    });
}

/// All of the files of what was chosen.
void AdoptJob::mirror(const Findings& from, const std::vector<Order>& orders, const Stop& stop) {
    FolderMirror mirror(*from.machine, *from.far, mirrorsBeside(m_lab.runsFolder()));
    std::vector<fs::path> wanted;
    for (const Order& order : orders)
        for (const FoundSource& source : order.candidate.found.sources) wanted.push_back(source.path);
    mirror.want(wanted);
    mirror.bring([stop] { return stop->load(); },
                 [this](const MirrorProgress& done) {
                     say(tr("Bringing %1 of %2 MB")
                             .arg(double(done.bytes) / 1e6, 0, 'f', 1)
                             .arg(double(done.total) / 1e6, 0, 'f', 1),
                         done.total > 0 ? double(done.bytes) / double(done.total) : -1);
                 });
}

AdoptJob::Outcome AdoptJob::adoptNow(const Order& order, const QStringList& tags, bool keepFollowing,
                                     const Stop& stop) {
    Outcome outcome;
    const FoundCandidate& candidate = order.candidate;
    try {
        AdoptSettings settings;
        settings.runsFolder = m_lab.runsFolder();
        settings.name = order.name.toStdString();
        settings.mapping = candidate.mapping;
        settings.isFollowed = keepFollowing && candidate.facts.isLive(unixTime());
        // A folder that was mirrored only in part may hold more runs' files by now.
        FoundRun found = candidate.found;
        for (FoundRun& now : recognise(found.root, settings.mapping).runs)
            if (now.root == found.root && now.key == found.key) found = std::move(now);
        AdoptedRun run(found, settings);
        outcome.isNew = run.isNew();
        const fs::path directory = run.run().path();
        for (bool atEnd = false; !atEnd;) {
            const AdoptProgress progress = run.poll(slice);
            atEnd = progress.atEnd;
            outcome.points = progress.points;
            outcome.traces = progress.traces;
            outcome.checkpoints = progress.checkpoints;
            for (const std::string& problem : run.takeProblems())
                if (outcome.problems.size() < mostProblems) outcome.problems << toQString(problem);
            outcome.allProblems = progress.problems;
            const double share =
                progress.total > 0 ? double(progress.bytes) / double(progress.total) : double(atEnd);
            QMetaObject::invokeMethod(this, [this, row = order.row, share, points = progress.points] {
                if (isRunning()) Q_EMIT runProgressed(row, share, points);
            });
            outcome.wasStopped = !atEnd && (*stop || m_skipped->contains(order.row));
            if (outcome.wasStopped) break;
        }
        outcome.hasEnded = run.hasEnded();
        outcome.notTaken = texts(run.notTaken());
        outcome.isLive = FoundFacts{0, 0, true, 0, run.lastChange(), {}, {}}.isLive(unixTime());
        const RowId id = m_lab.writer().addRun(run.run(), "adopted").get();
        m_lab.writer().ingest(id).get();
        StoreReader reader(m_lab.storeFile());
        outcome.run = reader.run(id).value();
        std::vector<std::string> all = outcome.run.tags;
        for (const QString& tag : tags)
            if (std::find(all.begin(), all.end(), tag.toStdString()) == all.end())
                all.push_back(tag.toStdString());
        if (all != outcome.run.tags) m_lab.writer().setTags(id, all).get();
        if (!order.name.isEmpty() && order.name.toStdString() != outcome.run.name)
            m_lab.writer().rename(id, order.name.toStdString()).get();
        if (outcome.wasStopped)
            m_lab.writer().setState(id, "stopped", {}).get();
        else if (!outcome.hasEnded && !outcome.isLive)
            m_lab.writer()
                .setState(id, "lost",
                          "its files were last written at " + formatTime(run.lastChange()).toStdString() +
                              " and do not say how it ended")
                .get();
        else if (!outcome.hasEnded && !keepFollowing)
            m_lab.writer().setState(id, "stopped", {}).get();
    } catch (const std::exception& error) {
        outcome.error = textOf(error);
    }
    return outcome;
}

}  // namespace retort
