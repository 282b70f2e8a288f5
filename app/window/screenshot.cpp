#include "app/window/screenshot.h"

#include <QDir>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QTextStream>
#include <QTimer>

namespace retort {

namespace {

constexpr int kQuietMs = 250;  // views start further reads from what they read
constexpr int kPatienceMs = 30'000;

void processEventsFor(int ms) {
    QEventLoop loop;
    QTimer::singleShot(ms, &loop, &QEventLoop::quit);
    loop.exec();
}

/// Until no read has been on its way for a while.
void waitUntilQuiet(const Lab& lab) {
    QElapsedTimer all, quiet;
    all.start();
    quiet.start();
    while (quiet.elapsed() < kQuietMs && all.elapsed() < kPatienceMs) {
        processEventsFor(10);
        if (lab.pendingReads() > 0) quiet.restart();
    }
}

Place placeNamed(const QString& view) {
    if (view == QLatin1String("design")) return Place::Design;
    if (view == QLatin1String("live")) return Place::Live;
    if (view == QLatin1String("traces")) return Place::Traces;
    if (view == QLatin1String("lineage")) return Place::Lineage;
    if (view == QLatin1String("compare")) return Place::Compare;
    if (view == QLatin1String("merge")) return Place::Merge;
    if (view == QLatin1String("machines")) return Place::Machines;
    if (view == QLatin1String("queue")) return Place::Queue;
    return Place::Runs;
}

}  // namespace

int takeScreenshots(Application& application, const WindowOptions& options) {
    QTextStream err(stderr);
    const QDir folder(options.out);
    if (!folder.mkpath(QStringLiteral("."))) {
        err << "retort: cannot make the folder " << folder.path() << '\n';
        return 1;
    }
    MainWindow& window = application.window();
    window.resize(options.size);
    application.show();
    for (const QString& view : options.screenshots) {
        window.openPlace(placeNamed(view));
        waitUntilQuiet(application.lab());
        const QString file = folder.filePath(view + QStringLiteral(".png"));
        if (!window.grab().save(file)) {
            err << "retort: cannot write " << file << '\n';
            return 1;
        }
    }
    return 0;
}

}  // namespace retort
