// What is brought to a machine behind a real sshd, lies there, and is fetched: data, checkpoints, runs.
#include <QSignalSpy>
#include <QTest>
#include <algorithm>

#include "core/runlog/control.h"
#include "core/util/error.h"
#include "core/util/files.h"
#include "tests/backends/remote/far_runs.h"
#include "training/backends/remote/remote_launch.h"
#include "training/backends/remote/transfer.h"

using namespace retort;
namespace fs = std::filesystem;

class TestSshFiles : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase();
    void dataIsBroughtOnce();
    void checkpointIsFetchedAndVerified();
    void whatIsMineThere();

  private:
    std::unique_ptr<FarMachine> m_far;
};

void TestSshFiles::initTestCase() {
    if (const QString why = TestSshd::missing(); !why.isEmpty())
        QSKIP(qPrintable("SSH IS NOT TESTED: " + why));
    m_far = std::make_unique<FarMachine>();
}

void TestSshFiles::dataIsBroughtOnce() {
    const fs::path file = m_far->server().folder() / "da ta.jsonl";
    std::string rows;
    for (int i = 0; i < 20000; ++i)
        rows += "{\"prompt\": \"" + std::to_string(i) + "+1=\", \"completion\": \"" + std::to_string(i + 1) +
                "\"}\n";
    writeFileAtomically(file, rows);
    const std::string hash = sha256Of(file);
    const fs::path object = m_far->server().workFolder() / "objects" / hash;
    const std::vector<std::string> overrides = {"data.files=[{path: '" + file.string() + "'}]",
                                                "training.max_steps=3"};

    // What an earlier try left is continued: its first half is not sent again, which shows in that a wrong
    // one is found out.
    fs::create_directories(object.parent_path());
    writeFileAtomically(object.string() + ".part", rows.substr(0, rows.size() / 2));
    SshBackend backend(m_far->machine());
    QSignalSpy ended(&backend, &Backend::ended), progress(&backend, &SshBackend::progress);
    const QString run = m_far->newRun("data", overrides);
    backend.launch(run, false);
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, longest);
    QCOMPARE(ended.first().at(1).toString(), QString());
    QCOMPARE(sha256Of(object), hash);
    const auto bringing = [&progress] {
        QStringList texts;
        for (const auto& arguments : progress)
            if (arguments.at(1).toString().contains(QStringLiteral("ta.jsonl")))
                texts << arguments.at(1).toString();
        return texts;
    };
    QCOMPARE(bringing().size(), 1);
    QVERIFY2(bringing().first().contains(QStringLiteral("the rest")), qPrintable(bringing().first()));
    // The trainer there read the file there, and said so.
    const std::string config = readFile(directoryThere(run) / "config.yaml");
    QVERIFY2(config.find((m_far->server().workFolder() / "brought").string()) != std::string::npos,
             config.c_str());
    QVERIFY(readFile(fs::path(run.toStdString()) / "config.yaml").find(file.string()) != std::string::npos);

    // The second run sends nothing; a damaged rest is found out and sent anew.
    progress.clear();
    backend.launch(m_far->newRun("again", overrides), false);
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 2, longest);
    QVERIFY(bringing().isEmpty());
    fs::remove_all(m_far->server().workFolder() / "brought");
    fs::remove(object);
    writeFileAtomically(object.string() + ".part", "not the beginning of it");
    backend.launch(m_far->newRun("damaged", overrides), false);
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 3, longest);
    QCOMPARE(ended.last().at(1).toString(), QString());
    QCOMPARE(bringing().size(), 2);
    QCOMPARE(sha256Of(object), hash);
}

void TestSshFiles::checkpointIsFetchedAndVerified() {
    SshBackend backend(m_far->machine());
    QSignalSpy ended(&backend, &Backend::ended);
    const QString path = m_far->newRun("checkpoints", {"study=wait"});
    launchUntilItTrains(backend, path);
    ask(path.toStdString(), Request::Checkpoint);
    const ControlReader here(path.toStdString());
    QTRY_VERIFY_WITH_TIMEOUT(!here.isAsked(Request::Checkpoint), longest);
    ask(path.toStdString(), Request::Stop);
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, longest);
    const RunDirectory run = RunDirectory::open(path.toStdString());
    const std::int64_t step = RunDirectory::open(directoryThere(path)).checkpointSteps().at(0);
    const fs::path there = directoryThere(path) / fs::relative(run.checkpointFolder(step), run.path());
    const std::string weights = readFile(there / "model.safetensors");
    QVERIFY(run.checkpointSteps().empty());

    const std::unique_ptr<Shell> shell = Shell::ssh(m_far->machine());
    WorkPlace place = openWorkPlace(*shell, m_far->machine());
    std::vector<std::string> said;
    place.say = [&said](const std::string& text) { said.push_back(text); };
    // An earlier try was cut off in the middle of one file, and wrote rubbish into another.
    const fs::path beside =
        run.checkpointsFolder() / (".fetching-" + run.checkpointFolder(step).filename().string());
    fs::create_directories(beside);
    writeFileAtomically(beside / "model.safetensors", weights.substr(0, 300000));
    writeFileAtomically(beside / "config.json", "xx");
    writeFileAtomically(beside / "left over", "x");
    fetchCheckpoint(place, run, step);
    QCOMPARE(run.checkpointSteps(), std::vector<std::int64_t>{step});
    QCOMPARE(readFile(run.checkpointFolder(step) / "model.safetensors"), weights);
    QCOMPARE(readFile(run.checkpointFolder(step) / "config.json"), std::string("{}"));
    QVERIFY(!fs::exists(run.checkpointFolder(step) / "left over") && !fs::exists(beside));
    QVERIFY(std::find(said.begin(), said.end(), "fetching model.safetensors (0.4 MB)") != said.end());
    said.clear();
    fetchCheckpoint(place, run, step);
    QVERIFY(said.empty());
    QVERIFY_EXCEPTION_THROWN(fetchCheckpoint(place, run, step + 1), Error);
}

void TestSshFiles::whatIsMineThere() {
    SshBackend backend(m_far->machine());
    QSignalSpy ended(&backend, &Backend::ended);
    const QString path = m_far->newRun("mine", {"study=wait"});
    launchUntilItTrains(backend, path);
    const std::unique_ptr<Shell> shell = Shell::ssh(m_far->machine());
    const WorkPlace place = openWorkPlace(*shell, m_far->machine());
    const RunIdentity identity = RunDirectory::open(path.toStdString()).identity();
    const auto find = [&]() -> std::optional<FarRun> {
        for (const FarRun& run : contentThere(place).runs)
            if (run.id == identity.id) return run;
        return std::nullopt;
    };
    const auto mine = find();
    QVERIFY(mine && mine->isAlive && mine->bytes > 0);
    QCOMPARE(mine->name, identity.name);
    QVERIFY_EXCEPTION_THROWN(removeThere(place, {*mine}), Error);
    QVERIFY_EXCEPTION_THROWN(removeBrought(place), Error);
    ask(path.toStdString(), Request::Stop);
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, longest);
    QVERIFY(!find()->isAlive);
    FarRun outside = *mine;
    outside.directory = "../objects";
    QVERIFY_EXCEPTION_THROWN(removeThere(place, {outside}), Error);
    removeThere(place, {*mine});
    QVERIFY(!find());
    QVERIFY(!fs::exists(directoryThere(path)));
}

QTEST_GUILESS_MAIN(TestSshFiles)
#include "tst_ssh_files.moc"
