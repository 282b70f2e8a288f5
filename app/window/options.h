// The command line of `retort`.
#pragma once

#include <QSize>
#include <QString>
#include <QStringList>
#include <optional>

#include "views/widgets/theme.h"

namespace retort {

struct WindowOptions {
    QString store;  ///< empty: the default one
    bool quickstart = false;
    QStringList screenshots;  ///< views to render; empty: open the window
    QString out = QStringLiteral(".");
    std::optional<Theme> theme;
    QSize size = QSize(1280, 800);
    double scale = 1;
    bool benchStartup = false;  ///< says when the window is painted
    QString language;           ///< "de", "en"; empty: as remembered, else the system's
};

struct CommandLine {
    WindowOptions options;
    QString output;  ///< to print and leave (help, version, a mistake)
    int status = 0;  ///< exit status with `output`
    bool leave = false;
};

CommandLine parseCommandLine(const QStringList& arguments);

}  // namespace retort
