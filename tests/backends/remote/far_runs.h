// Runs behind a real sshd, launched by SshBackend: what its tests ask of them.
#pragma once

#include <QTest>

#include "core/machines/remote_run.h"
#include "tests/backends/remote/far_machine.h"
#include "training/backends/remote/ssh_backend.h"

namespace retort {

inline constexpr int longest = 40000;  // ms

inline std::filesystem::path directoryThere(const QString& run) {
    const auto remote = readRemoteRun(run.toStdString());
    return remote ? remote->directory : "";
}

/// A file into which nothing was written is not mirrored.
inline std::string textOf(const std::filesystem::path& file) {
    return std::filesystem::exists(file) ? readFile(file) : std::string();
}

/// Byte for byte what is there, and every step once.
inline void verifyWhole(const QString& run, std::int64_t steps) {
    for (const char* name : {"events.jsonl", "stdout.log", "stderr.log"})
        QCOMPARE(textOf(std::filesystem::path(run.toStdString()) / name), textOf(directoryThere(run) / name));
    std::int64_t expected = 0;
    for (const Event& event : eventsOf(run))
        if (const auto* scalars = std::get_if<ScalarsEvent>(&event.payload))
            QCOMPARE(scalars->step, ++expected);
    if (steps > 0) QCOMPARE(expected, steps);
}

/// Waits until something has come.
inline void launchUntilItTrains(SshBackend& backend, const QString& run, std::int64_t step = 5) {
    backend.launch(run, false);
    QTRY_VERIFY_WITH_TIMEOUT(lastStep(run) >= step, longest);
}

}  // namespace retort
