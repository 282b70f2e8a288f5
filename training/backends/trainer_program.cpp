#include "training/backends/trainer_program.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>

#include "core/util/error.h"

namespace retort {

std::filesystem::path trainerProgram() {
    if (const QString named = qEnvironmentVariable("RETORT_CLI"); !named.isEmpty())
        return named.toStdString();
    const QFileInfo beside(
        QDir(QCoreApplication::applicationDirPath()).filePath(QStringLiteral("retort-cli")));
    if (beside.isExecutable()) return beside.absoluteFilePath().toStdString();
    const QString inPath = QStandardPaths::findExecutable(QStringLiteral("retort-cli"));
    if (inPath.isEmpty())
        throw Error("retort-cli is missing: no trainer can be started", beside.path().toStdString(),
                    "install it beside retort, or name it in $RETORT_CLI");
    return inPath.toStdString();
}

}  // namespace retort
