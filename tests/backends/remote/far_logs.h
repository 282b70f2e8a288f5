// Logs of trainers on a machine behind a real sshd, and a folder of their mirrors here.
#pragma once

#include <QTemporaryDir>
#include <QTest>
#include <memory>
#include <string>

#include "tests/backends/support/sshd.h"
#include "tests/core/trackers/tracker_test.h"
#include "training/backends/remote/folder_mirror.h"

namespace retort {

inline constexpr int longest = 60000;  // ms

inline void put(const std::filesystem::path& file, const std::string& bytes) {
    std::filesystem::create_directories(file.parent_path());
    writeBytes(file, bytes);
}

/// Of a JSON log whose loss is its step.
inline std::string lines(int from, int to) {
    std::string text;
    for (int step = from; step < to; ++step)
        text += "{\"step\":" + std::to_string(step) + ",\"data\":{\"loss\":" + std::to_string(step) + "}}\n";
    return text;
}

inline std::string trainerState(int steps) {
    std::string rows;
    for (int step = 1; step <= steps; ++step)
        rows += (step > 1 ? "," : "") + std::string("{\"loss\":") + std::to_string(step) +
                ",\"step\":" + std::to_string(step) + "}";
    return "{\"global_step\":" + std::to_string(steps) + ",\"max_steps\":100000,\"log_history\":[" + rows +
           "]}";
}

/// One server, and for each test a home with a folder that counts as the machine's.
class FarLogs {
  protected:
    /// Where there can be none, initTestCase() counts as skipped, and with it all tests.
    void startServer() {
        if (const QString why = TestSshd::missing(); !why.isEmpty())
            QSKIP(qPrintable("SSH IS NOT TESTED: " + why));
        TestSshd::Settings settings;
        settings.ownPath = "bin";
        m_server = std::make_unique<TestSshd>(settings);
    }
    void makeHome() {
        m_home = std::make_unique<QTemporaryDir>();
        std::filesystem::create_directories(there());
        std::filesystem::remove_all(m_server->folder() / "bin");
    }
    void removeHome() {
        std::error_code code;
        std::filesystem::remove_all(there(), code);  // with names that Qt does not remove
        std::filesystem::remove_all(mirrors(), code);
        m_home.reset();
    }

    std::filesystem::path there() const { return m_home->filePath("there").toStdString(); }
    std::filesystem::path mirrors() const { return m_home->filePath("far").toStdString(); }
    Machine machine() const { return m_server->machine(); }
    FolderMirror open() const {
        return FolderMirror(machine(), FolderMirror::find(machine(), there().string(), nullptr), mirrors());
    }

    std::unique_ptr<TestSshd> m_server;
    std::unique_ptr<QTemporaryDir> m_home;
};

}  // namespace retort
