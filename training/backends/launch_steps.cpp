#include "training/backends/launch_steps.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QLocale>
#include <memory>

namespace retort {
namespace {

constexpr qint64 pauseMs = 200;

}  // namespace

QString LaunchSteps::of(const QString& runDirectory) const {
    const auto found = m_steps.find(runDirectory);
    return found == m_steps.end() ? QString() : found->second;
}

bool LaunchSteps::set(const QString& runDirectory, const QString& step) {
    if (step.isEmpty()) return m_steps.erase(runDirectory) > 0;
    QString& known = m_steps[runDirectory];
    if (known == step) return false;
    known = step;
    return true;
}

std::function<void(const std::string&, std::int64_t, std::int64_t)> sayingHowMuch(
    std::function<void(const QString&)> say) {
    struct Said {
        std::string file;
        std::int64_t percent = -1;
        QElapsedTimer clock;
    };
    return [say = std::move(say), said = std::make_shared<Said>()](const std::string& file, std::int64_t done,
                                                                   std::int64_t all) {
        const std::int64_t percent = all > 0 ? 100 * done / all : 100;
        if (file == said->file && (percent == said->percent || !said->clock.hasExpired(pauseMs))) return;
        said->file = file;
        said->percent = percent;
        said->clock.start();
        say(QCoreApplication::translate("retort::LaunchSteps", "bringing %1: %2 % of %3 MB")
                .arg(QString::fromStdString(file))
                .arg(percent)
                .arg(QLocale().toString(double(all) / 1e6, 'f', 1)));
    };
}

}  // namespace retort
