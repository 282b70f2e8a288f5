// retort: the window. Links no LibTorch, so that it opens at once; training is loaded at the first launch.
#include <spdlog/spdlog.h>

#include <QApplication>
#include <QTextStream>

#include "app/window/application.h"
#include "app/window/first_paint.h"
#include "app/window/options.h"
#include "app/window/screenshot.h"
#include "core/util/log.h"

namespace {

QStringList argumentsOf(int argc, char** argv) {
    QStringList arguments;
    for (int i = 0; i < argc; ++i) arguments << QString::fromLocal8Bit(argv[i]);
    return arguments;
}

/// The offscreen platform says on every window that it cannot do this or that.
void warningsOnly(QtMsgType type, const QMessageLogContext&, const QString& message) {
    if (type != QtDebugMsg && type != QtInfoMsg && !message.contains(QLatin1String("XDG_RUNTIME_DIR")) &&
        !message.contains(QLatin1String("propagateSizeHints")))
        QTextStream(stderr) << message << '\n';
}

/// What Qt has to say goes to the program's log; what matters also to standard error.
void toLog(QtMsgType type, const QMessageLogContext& context, const QString& message) {
    const bool matters = type != QtDebugMsg && type != QtInfoMsg;
    spdlog::log(matters ? spdlog::level::warn : spdlog::level::debug, "{}: {}",
                context.category ? context.category : "qt", message.toStdString());
    if (matters) QTextStream(stderr) << message << '\n';
}

int run(const retort::WindowOptions& options) {
    retort::initTheme();
    try {
        retort::Application application(options);
        if (!options.screenshots.isEmpty()) return retort::takeScreenshots(application, options);
        if (options.benchStartup) retort::announceFirstPaint(application.window());
        application.show();
        if (options.quickstart) application.window().startQuickstart();
        return QApplication::exec();
    } catch (const retort::Error& error) {
        QTextStream(stderr) << "retort: " << retort::errorText(error) << '\n';
        return 1;
    }
}

}  // namespace

int main(int argc, char** argv) {
    // Before QApplication: --screenshot needs no display, and --help not even fonts.
    const retort::CommandLine line = retort::parseCommandLine(argumentsOf(argc, argv));
    if (line.leave) {
        QTextStream(line.status == 0 ? stdout : stderr) << line.output;
        return line.status;
    }
    if (!line.options.screenshots.isEmpty()) {
        qputenv("QT_QPA_PLATFORM", "offscreen");
        qputenv("QT_SCALE_FACTOR", QByteArray::number(line.options.scale));
    }
    const bool pictures = !line.options.screenshots.isEmpty();
    if (!pictures) retort::startLogging("retort");
    qInstallMessageHandler(pictures ? warningsOnly : toLog);
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("retort"));
    QApplication::setApplicationDisplayName(QStringLiteral("Retort"));
    QApplication::setApplicationVersion(QStringLiteral(RETORT_VERSION));
    return run(line.options);
}
