#include "training/backends/adoption_follower.h"

#include <vector>

#include "core/adoption/adopted_directory.h"
#include "core/adoption/adoption_record.h"
#include "core/util/error.h"

namespace retort {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr int everyMs = 500;
constexpr auto slice = milliseconds(100);               // then the next run has its turn
constexpr auto lookInterval = std::chrono::seconds(3);  // for files that are new

}  // namespace

FoundRun sourceOf(const QString& runDirectory) {
    const AdoptionRecord record = AdoptionRecord::load(runDirectory.toStdString());
    for (FoundRun& found : recognise(record.root, record.mapping).runs)
        if (found.root == record.root && found.key == record.key) return std::move(found);
    throw Error("the run that was adopted is no longer there", record.root.string());
}

AdoptionFollower::AdoptionFollower(QObject* parent) : QObject(parent), m_timer(this) {
    m_timer.setInterval(everyMs);
    connect(&m_timer, &QTimer::timeout, this, &AdoptionFollower::look);
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
        Followed followed;
        followed.found = sourceOf(runDirectory);
        followed.mapping = AdoptionRecord::load(runDirectory.toStdString()).mapping;
        AdoptSettings settings;
        settings.runsFolder = std::filesystem::path(runDirectory.toStdString()).parent_path();
        settings.mapping = followed.mapping;
        settings.isFollowed = true;
        followed.run = std::make_unique<AdoptedRun>(followed.found, settings);
        followed.nextLook = Clock::now() + lookInterval;
        m_runs.insert_or_assign(runDirectory, std::move(followed));
        m_timer.start();
        look();
    } catch (const std::exception& error) {
        Q_EMIT over(runDirectory, QString::fromUtf8(error.what()));
    }
}

void AdoptionFollower::leave(const QString& runDirectory) {
    m_runs.erase(runDirectory);
    if (m_runs.empty()) m_timer.stop();
}

bool AdoptionFollower::isOver(Followed& followed) {
    if (Clock::now() >= followed.nextLook) {
        followed.nextLook = Clock::now() + lookInterval;
        for (FoundRun& now : recognise(followed.found.root, followed.mapping).runs)
            if (now.key == followed.found.key && now.sources != followed.found.sources) {
                followed.run->update(now);
                followed.found = std::move(now);
            }
    }
    return followed.run->poll(slice).atEnd && followed.run->hasEnded();
}

void AdoptionFollower::look() {
    std::vector<std::pair<QString, QString>> ended;
    for (auto& [directory, followed] : m_runs) {
        try {
            if (isOver(followed)) ended.emplace_back(directory, QString());
        } catch (const std::exception& error) {
            ended.emplace_back(directory, QString::fromUtf8(error.what()));
        }
    }
    for (const auto& [directory, error] : ended) {
        leave(directory);
        Q_EMIT over(directory, error);
    }
}

}  // namespace retort
