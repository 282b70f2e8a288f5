// The program of a machine, built there from source through a real sshd. The source is a small stand-in, of
// one file that is compiled and one step that a test can hold; CMake, the compiler and all else are the real
// ones.
#include <QTemporaryDir>
#include <QTest>
#include <atomic>
#include <fstream>
#include <thread>

#include "core/util/error.h"
#include "core/util/files.h"
#include "tests/backends/support/sshd.h"
#include "training/backends/remote/remote_launch.h"
#include "training/backends/remote/remote_program.h"
#include "training/backends/remote/source_build.h"

using namespace retort;
namespace fs = std::filesystem;

namespace {

const std::string goodProgram = "#include <cstdio>\nint main() { std::puts(\"retort-cli \" VERSION); }\n";

/// An archive like the shipped one. The program's step `hold` waits until the file `go` is in the work
/// folder.
fs::path archiveOf(const fs::path& folder, const std::string& program, const std::string& more, bool holds,
                   const fs::path& work) {
    const fs::path source = folder / "source", archive = folder / "source.tar.zst";
    fs::remove_all(source);
    fs::create_directories(source);
    std::ofstream(source / "CMakePresets.json")
        << R"({"version": 6, "configurePresets": [{"name": "node", "generator": "Ninja", "binaryDir": "b"}]})";
    std::ofstream(source / "main.cpp") << program;
    std::ofstream(source / "hold") << "#!/bin/sh\n: >'" << work.string() << "/held'\nwhile [ ! -f '"
                                   << work.string()
                                   << "/go' ]; do sleep 0.1; done\necho '// once' >>held.cpp\necho x >>'"
                                   << work.string() << "/times'\n";
    std::ofstream text(source / "CMakeLists.txt");
    text << "cmake_minimum_required(VERSION 3.25)\nproject(standin LANGUAGES CXX)\n" << more;
    text << "add_executable(retort-cli main.cpp)\n"
            "target_compile_definitions(retort-cli PRIVATE VERSION=\"" RETORT_VERSION
            "\")\n"
            "install(TARGETS retort-cli)\n";
    if (holds)
        text << "add_custom_command(OUTPUT held.cpp COMMAND sh ${CMAKE_SOURCE_DIR}/hold)\n"
                "target_sources(retort-cli PRIVATE held.cpp)\n";
    text.close();
    QProcess tar;
    tar.setWorkingDirectory(QString::fromStdString(source.string()));
    tar.start(QStringLiteral("cmake"), {QStringLiteral("-E"), QStringLiteral("tar"), QStringLiteral("cf"),
                                        QString::fromStdString(archive.string()), QStringLiteral("--zstd"),
                                        QStringLiteral("CMakeLists.txt"), QStringLiteral("CMakePresets.json"),
                                        QStringLiteral("main.cpp"), QStringLiteral("hold")});
    if (!tar.waitForFinished() || tar.exitCode() != 0) qFatal("cmake -E tar failed");
    return archive;
}

}  // namespace

class TestSourceBuild : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init();
    void cleanup() { m_server.reset(); }
    void isBuiltOnceAndUsed();
    void whatIsMissingIsSaidBeforeAnythingStarts();
    void compilersWordsAreSaid();
    void cmakesWordsAreSaid();
    void cutArchiveIsSaid();
    void survivesTheConnection();
    void isLeftAndLookedAtAgain();
    void isStoppedAndGoesOnWhereItWas();

  private:
    void ship(const std::string& program, const std::string& more = "", bool holds = false) {
        const fs::path archive = archiveOf(m_folder->path().toStdString(), program, more, holds, work());
        qputenv("RETORT_SOURCE", archive.c_str());
    }
    fs::path work() const { return m_server->workFolder(); }
    fs::path buildFolder() const {
        for (const auto& entry : fs::directory_iterator(work() / "builds")) return entry.path();
        return {};
    }
    std::string logText() const { return readFile(buildFolder() / "build.log"); }
    /// What the build says in this thread; an Error's whole text instead.
    std::string build(const Machine& machine, std::vector<BuildProgress>* progress = nullptr,
                      const std::function<bool()>& stop = nullptr) const {
        try {
            const auto shell = Shell::ssh(machine);
            const WorkPlace place = openWorkPlace(*shell, machine, stop);
            return buildProgram(place, {}, [progress](const BuildProgress& now) {
                if (progress) progress->push_back(now);
            });
        } catch (const Error& error) {
            return error.what();
        }
    }
    bool stopThere() const {
        const auto shell = Shell::ssh(m_server->machine());
        return stopBuilds(openWorkPlace(*shell, m_server->machine()));
    }

    std::unique_ptr<TestSshd> m_server;
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestSourceBuild::init() {
    if (const QString why = TestSshd::missing(); !why.isEmpty())
        QSKIP(qPrintable("SSH IS NOT TESTED: " + why));
    m_folder = std::make_unique<QTemporaryDir>();
    m_server = std::make_unique<TestSshd>();
    fs::create_directories(work());
}

void TestSourceBuild::isBuiltOnceAndUsed() {
    ship(goodProgram);
    std::vector<BuildProgress> progress;
    const std::string path = build(m_server->machine(), &progress);
    QVERIFY2(fs::exists(path), path.c_str());
    std::vector<std::string> steps;
    bool isCounted = false;
    for (const BuildProgress& each : progress) {
        if (steps.empty() || steps.back() != each.step) steps.push_back(each.step);
        isCounted |= each.step == "compiling" && each.all == 2 && each.done == 2;
    }
    QCOMPARE(steps, (std::vector<std::string>{"unpacking", "configuring", "compiling", "installing"}));
    QVERIFY(isCounted);

    const auto shell = Shell::ssh(m_server->machine());
    const WorkPlace place = openWorkPlace(*shell, m_server->machine());
    const std::vector<FarProgram> programs = programsThere(place);
    QCOMPARE(programs.size(), std::size_t(1));
    QCOMPARE(programs[0].path, path);
    QCOMPARE(programs[0].version, std::string(RETORT_VERSION));
    QCOMPARE(findOrBringProgram(place), path);
    QCOMPARE(builtFrom(place, path).size(), std::size_t(64));

    // It is done: nothing is built again.
    const auto time = fs::last_write_time(buildFolder() / "build.log");
    QCOMPARE(build(m_server->machine()), path);
    QCOMPARE(fs::last_write_time(buildFolder() / "build.log"), time);
    // Another environment is another program.
    Machine other = m_server->machine();
    other.environment = {"export A=1"};
    QVERIFY(build(other) != path);
    removeBrought(place);
    QVERIFY(!fs::exists(path) && !fs::exists(work() / "builds") && !fs::exists(work() / "sources"));
}

void TestSourceBuild::whatIsMissingIsSaidBeforeAnythingStarts() {
    ship(goodProgram);
    Machine machine = m_server->machine();
    machine.environment = {"cmake() { echo cmake version 3.16.3; }"};
    const std::string said = build(machine);
    QVERIFY2(said.find("CMake there is 3.16.3, 3.25 or newer is needed") != std::string::npos, said.c_str());
    QVERIFY(!fs::exists(work() / "sources") && !fs::exists(work() / "builds"));
}

void TestSourceBuild::compilersWordsAreSaid() {
    ship("int main() { return nonsense; }\n");
    const std::string said = build(m_server->machine());
    QVERIFY2(said.find("failed (compiling)") != std::string::npos, said.c_str());
    QVERIFY2(said.find("nonsense") != std::string::npos && said.find("error:") != std::string::npos,
             said.c_str());
    QVERIFY2(said.find(" -c ") == std::string::npos,
             said.c_str());  // the compiler's command is not its words
    // What was shipped is mended: that is another source, and another build.
    ship(goodProgram);
    QVERIFY(fs::exists(build(m_server->machine())));
}

void TestSourceBuild::cmakesWordsAreSaid() {
    ship(goodProgram, "find_package(Snappy 99 REQUIRED)\n");
    const std::string said = build(m_server->machine());
    QVERIFY2(said.find("failed (configuring)") != std::string::npos, said.c_str());
    QVERIFY2(said.find("CMake Error at CMakeLists.txt:3") != std::string::npos, said.c_str());
    QVERIFY2(said.find("libsnappy-dev") != std::string::npos, said.c_str());
}

void TestSourceBuild::cutArchiveIsSaid() {
    ship(goodProgram);
    const fs::path archive = qgetenv("RETORT_SOURCE").toStdString();
    fs::resize_file(archive, fs::file_size(archive) / 2);
    const std::string said = build(m_server->machine());
    QVERIFY2(said.find("failed (unpacking)") != std::string::npos, said.c_str());
    QVERIFY2(said.find("CMake Error") != std::string::npos, said.c_str());
    QVERIFY(!fs::exists(buildFolder() / "unpacked"));
}

void TestSourceBuild::survivesTheConnection() {
    ship(goodProgram, "", true);
    std::string path;
    std::vector<BuildProgress> progress;
    std::thread builder([&] { path = build(m_server->machine(), &progress); });
    const bool isHeld = QTest::qWaitFor([this] { return fs::exists(work() / "held"); }, 150000);
    m_server->cutConnections();
    m_server->stop();
    QTest::qWait(300);
    const bool isAgain = m_server->start();
    std::ofstream(work() / "go").close();
    builder.join();
    QVERIFY(isHeld && isAgain);
    QVERIFY2(fs::exists(path), path.c_str());
    QCOMPARE(readFile(work() / "times"), std::string("x\n"));
    // The log was read once: each step came once.
    QCOMPARE(
        std::count_if(progress.begin(), progress.end(),
                      [](const BuildProgress& each) { return each.step == "compiling" && each.all == 0; }),
        1);
}

void TestSourceBuild::isLeftAndLookedAtAgain() {
    ship(goodProgram, "", true);
    const std::string left =
        build(m_server->machine(), nullptr, [this] { return fs::exists(work() / "held"); });
    QVERIFY2(left.find("the build goes on there") != std::string::npos, left.c_str());
    const auto shell = Shell::ssh(m_server->machine());
    const WorkPlace place = openWorkPlace(*shell, m_server->machine());
    QVERIFY_THROWS_EXCEPTION(Error, removeBrought(place));  // it needs its source
    std::ofstream(work() / "go").close();
    // It says of what it is made also where nobody waited for it.
    QTRY_VERIFY_WITH_TIMEOUT(
        readFile(buildFolder() / "build.log").find("retort-step installing") != std::string::npos &&
            fs::exists(buildFolder() / "status"),
        150000);
    QCOMPARE(programsThere(place).size(), std::size_t(1));
    QCOMPARE(builtFrom(place, programsThere(place)[0].path).size(), std::size_t(64));
    const std::string path = build(m_server->machine());
    QVERIFY2(fs::exists(path), path.c_str());
    QCOMPARE(readFile(work() / "times"), std::string("x\n"));
    QVERIFY(!stopThere());
}

void TestSourceBuild::isStoppedAndGoesOnWhereItWas() {
    ship(goodProgram, "", true);
    std::string said;
    std::thread builder([&] { said = build(m_server->machine()); });
    const bool isHeld = QTest::qWaitFor([this] { return fs::exists(work() / "held"); }, 150000);
    const bool wasStopped = stopThere();
    builder.join();
    QVERIFY(isHeld && wasStopped);
    QVERIFY2(said.find("was ended while it was compiling") != std::string::npos, said.c_str());
    // Nothing of it is left running: whoever held would go on now.
    std::ofstream(work() / "go").close();
    QTest::qWait(500);
    QVERIFY(!fs::exists(work() / "times"));
    const auto unpacked = fs::last_write_time(buildFolder() / "unpacked");
    const std::string path = build(m_server->machine());
    QVERIFY2(fs::exists(path), path.c_str());
    QCOMPARE(fs::last_write_time(buildFolder() / "unpacked"), unpacked);
}

QTEST_GUILESS_MAIN(TestSourceBuild)
#include "tst_source_build.moc"
