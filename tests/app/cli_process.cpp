#include "cli_process.h"

void prepareCli(QProcess& process, const QString& home, const QStringList& arguments) {
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("RETORT_HOME"), home);
    process.setProcessEnvironment(environment);
    process.setProgram(QStringLiteral(RETORT_CLI));
    process.setArguments(arguments);
}

CliResult runCli(const QString& home, const QStringList& arguments, const QByteArray& input) {
    QProcess process;
    prepareCli(process, home, arguments);
    process.start();
    process.write(input);
    process.closeWriteChannel();
    process.waitForFinished(240'000);
    CliResult result;
    if (process.exitStatus() == QProcess::NormalExit) result.status = process.exitCode();
    result.out = process.readAllStandardOutput();
    result.err = process.readAllStandardError();
    return result;
}
