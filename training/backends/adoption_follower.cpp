#include "training/backends/adoption_follower.h"

#include <vector>

#include "core/adoption/adopted_directory.h"
#include "core/adoption/adoption_record.h"
#include "core/util/error.h"
#include "core/util/file_limit.h"
#include "training/backends/remote/folder_mirror.h"

namespace retort {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr int everyMs = 500;
constexpr auto slice = milliseconds(100);                 // then the next run has its turn
constexpr auto searchInterval = std::chrono::seconds(3);  // for files that are new

/// Whether no other file can ever come to it: its run is the file.
bool isAlone(const FoundRun& found, const FoundSource& source) {
    return source.type == FoundSource::Type::Curves && found.root == source.path &&
           (source.kind == TrackerKind::Table || source.kind == TrackerKind::JsonLines ||
            source.kind == TrackerKind::SwanLab || source.kind == TrackerKind::Trackio ||
            source.kind == TrackerKind::MlflowDatabase);
}

}  // namespace

FoundRun sourceOf(const QString& runDirectory) {
    const AdoptionRecord record = AdoptionRecord::load(runDirectory.toStdString());
    for (FoundRun& found : recognise(record.root, record.mapping).runs)
        if (found.root == record.root && found.key == record.key) return std::move(found);
    throw Error("the run that was adopted is no longer there", record.root.string());
}

AdoptionFollower::AdoptionFollower(QObject* parent) : QObject(parent), m_timer(this) {
    raiseFileLimit();  // of each run its log and a lock are open
    m_timer.setInterval(everyMs);
    connect(&m_timer, &QTimer::timeout, this, &AdoptionFollower::look);
}

AdoptionFollower::AdoptionFollower(Machine machine, FarPlace place) : AdoptionFollower() {
    m_mirror =
        std::make_unique<FolderMirror>(std::move(machine), std::move(place.folder), place.home.parent_path());
}

AdoptionFollower::~AdoptionFollower() = default;

void AdoptionFollower::follow(const QString& runDirectory) {
    try {
        const FollowLock probe(runDirectory.toStdString());
    } catch (const Error&) {
        Q_EMIT heldElsewhere(runDirectory);
        return;
    }
    try {
        const AdoptionRecord record = AdoptionRecord::load(runDirectory.toStdString());
        if (const auto place = farPlaceOf(record.root); place && !m_mirror) {
            Q_EMIT isElsewhere(runDirectory, QString::fromStdString(place->home.string()),
                               QString::fromStdString(place->folder.machine),
                               QString::fromStdString(place->folder.path));
            return;
        }
        Followed followed;
        followed.found = sourceOf(runDirectory);
        followed.mapping = record.mapping;
        AdoptSettings settings;
        settings.runsFolder = std::filesystem::path(runDirectory.toStdString()).parent_path();
        settings.mapping = followed.mapping;
        settings.isFollowed = true;
        followed.run = std::make_unique<AdoptedRun>(followed.found, settings);
        m_runs.insert_or_assign(runDirectory, std::move(followed));
        want();
        m_timer.start();
        look();
    } catch (const std::exception& error) {
        Q_EMIT over(runDirectory, QString::fromUtf8(error.what()));
    }
}

void AdoptionFollower::leave(const QString& runDirectory) {
    const bool wasHere = m_runs.erase(runDirectory) > 0;
    if (m_runs.empty()) m_timer.stop();
    if (!wasHere) return;
    want();
    Q_EMIT left(runDirectory);
}

/// Of other runs in the mirror only the beginnings are brought.
void AdoptionFollower::want() {
    if (!m_mirror) return;
    std::vector<std::filesystem::path> paths;
    bool isAll = true;
    for (const auto& [directory, followed] : m_runs)
        for (const FoundSource& source : followed.found.sources) {
            paths.push_back(source.path);
            isAll = isAll && isAlone(followed.found, source);
        }
    m_mirror->want(paths, isAll);
}

void AdoptionFollower::search(Followed& followed, Searches& searches) {
    const std::pair place{followed.found.root.string(), toText(followed.mapping)};
    auto found = searches.find(place);
    if (found == searches.end())
        found = searches
                    .emplace(place, recognise(followed.found.root, followed.mapping,
                                              [this](std::size_t) { return !m_stop.load(); }))
                    .first;
    // Below its folder other runs may lie, with the same key.
    for (const FoundRun& now : found->second.runs)
        if (now.root == followed.found.root && now.key == followed.found.key &&
            now.sources != followed.found.sources) {
            followed.run->update(now);
            followed.found = now;
            want();
        }
}

bool AdoptionFollower::isOver(Followed& followed) {
    const bool isAtEnd = followed.run->poll(slice).atEnd;
    m_isDrained = m_isDrained && isAtEnd;
    return isAtEnd && followed.run->hasEnded();
}

/// Only when all that is here was told: a file that is begun anew there appears here anew, and what it had is
/// told before.
void AdoptionFollower::keepUp() {
    if (!m_mirror || !m_isDrained) return;
    m_mirror->keepUp([this] { return m_stop.load(); });
    if (m_stop) return;
    if (m_mirror->problem() != m_problem) {
        m_problem = m_mirror->problem();
        Q_EMIT connectionChanged(QString::fromStdString(m_problem));
    }
    std::vector<std::string> notes = m_mirror->notes();
    if (notes == m_notes) return;
    m_notes = std::move(notes);
    QStringList texts;
    for (const std::string& note : m_notes) texts << QString::fromStdString(note);
    Q_EMIT notesChanged(texts);
}

void AdoptionFollower::look() {
    if (m_isBusy) return;  // it waits for the machine, in a loop of its own
    m_isBusy = true;
    keepUp();
    m_isBusy = false;
    if (m_stop) return;
    m_isDrained = true;
    const bool isSearching = Clock::now() >= m_nextSearch;
    if (isSearching) m_nextSearch = Clock::now() + searchInterval;
    Searches searches;
    std::vector<std::pair<QString, QString>> ended;
    for (auto& [directory, followed] : m_runs) {
        try {
            if (isSearching) search(followed, searches);
            if (isOver(followed)) ended.emplace_back(directory, QString());
        } catch (const std::exception& error) {
            ended.emplace_back(directory, QString::fromUtf8(error.what()));
        }
        if (m_stop) return;
    }
    for (const auto& [directory, error] : ended) {
        m_runs.erase(directory);
        Q_EMIT over(directory, error);
    }
    if (m_runs.empty()) m_timer.stop();
}

}  // namespace retort
