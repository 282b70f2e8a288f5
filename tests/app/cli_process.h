// retort-cli as a process of its own: what it says and how it ends.
#pragma once

#include <QProcess>
#include <QStringList>

struct CliResult {
    int status = -1;  ///< exit status; -1 when it crashed
    QByteArray out, err;
};

/// Runs it to its end with RETORT_HOME in `home`, so that no test touches the user's own store.
CliResult runCli(const QString& home, const QStringList& arguments, const QByteArray& input = {});

/// Prepares a process that the test drives itself.
void prepareCli(QProcess& process, const QString& home, const QStringList& arguments);
