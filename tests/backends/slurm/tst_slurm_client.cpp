// Slurm's commands against a real Slurm: submitting whatever the names, looking, holding, cancelling, and
// what a person is told when something is wrong.
#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <filesystem>
#include <optional>

#include "tests/backends/support/slurm.h"
#include "training/backends/slurm/slurm_client.h"
#include "training/backends/slurm/slurm_script.h"

namespace fs = std::filesystem;
using namespace retort;

namespace {

constexpr int longest = 40000;  // ms

QString contentOf(const fs::path& path) {
    QFile file(QString::fromStdString(path.string()));
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

/// A PATH as on a machine whose Slurm has to be brought in.
class WithoutSlurm {
  public:
    WithoutSlurm() {
        for (const char* name : {"sh", "cat", "mkdir", "rm", "dd", "tee", "grep"})
            QFile::link(QStringLiteral("/bin/") + QString::fromLatin1(name),
                        m_tools.filePath(QString::fromLatin1(name)));
        qputenv("PATH", m_tools.path().toUtf8());
    }
    ~WithoutSlurm() { qputenv("PATH", m_path); }

  private:
    QByteArray m_path = qgetenv("PATH");
    QTemporaryDir m_tools;
};

}  // namespace

class TestSlurmClient : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase();
    void cleanup() {
        if (m_slurm) m_slurm->cancelAll();
    }
    void hostileNames_data();
    void hostileNames();
    void secondSubmissionFindsTheFirst();
    void refusals_data();
    void refusals();
    void partitionsAndTests();
    void whyItWaits();
    void heldAndReleased();
    void niceWhileItWaits();
    void tasksAreToldToStop();
    void cancelledWithTermFirst();
    void secretsReachTheJobAlone_data();
    void secretsReachTheJobAlone();
    void arrayLeadsToItsRuns();
    void unknownJobsAreNoError();
    void withoutSlurm();
    void environmentBringsTheCommands();
    void withoutController();

  private:
    fs::path newFolder(const QString& name = QStringLiteral("run")) {
        const fs::path folder =
            fs::path(m_folder.path().toStdString()) / std::to_string(++m_folders) / name.toStdString();
        fs::create_directories(folder);
        return folder;
    }
    SlurmScript script(const std::string& line) {
        SlurmScript text;
        text.jobName = "test";
        text.begin = text.resume = line;
        return text;
    }
    std::string submit(const fs::path& folder, const std::string& text,
                       const std::vector<std::string>& links = {}, const Secrets& secrets = {}) {
        std::string job;
        m_error.reset();
        m_client->submit(
            folder.string(), text, links, [&](const std::string& number) { job = number; },
            [&](const Error& error) { m_error = error; }, secrets);
        if (!QTest::qWaitFor([&] { return !job.empty() || m_error; }, longest))
            qFatal("sbatch does not answer");
        return job;
    }
    std::optional<SlurmJob> look(const std::string& job) {
        std::optional<std::vector<SlurmJob>> jobs;
        m_error.reset();
        m_client->states(
            {job}, [&](const std::vector<SlurmJob>& found) { jobs = found; },
            [&](const Error& error) { m_error = error; });
        if (!QTest::qWaitFor([&] { return jobs || m_error; }, longest)) qFatal("squeue does not answer");
        if (jobs)
            for (const SlurmJob& each : *jobs)
                if (each.id == job) return each;
        return std::nullopt;
    }
    bool waitForState(const std::string& job, const std::string& state) {
        return QTest::qWaitFor(
            [&] {
                const auto found = look(job);
                return found && found->state == state;
            },
            longest);
    }
    SlurmEnd endOf(const std::string& job, const fs::path& folder) {
        std::optional<SlurmEnd> end;
        m_client->end(
            job, folder.string(), [&](const SlurmEnd& found) { end = found; },
            [&](const Error& error) { qFatal("%s", error.what()); });
        if (!QTest::qWaitFor([&] { return end.has_value(); }, longest)) qFatal("scontrol does not answer");
        return *end;
    }
    void act(SlurmClient::Action action, const std::vector<std::string>& jobs) {
        bool over = false;
        m_error.reset();
        m_client->act(
            action, jobs, [&] { over = true; },
            [&](const Error& error) {
                m_error = error;
                over = true;
            });
        if (!QTest::qWaitFor([&] { return over; }, longest)) qFatal("Slurm does not answer");
    }

    QTemporaryDir m_folder;
    std::unique_ptr<TestSlurm> m_slurm;
    std::unique_ptr<Shell> m_shell = Shell::local();
    std::unique_ptr<SlurmClient> m_client = std::make_unique<SlurmClient>(*m_shell);
    std::optional<Error> m_error;
    int m_folders = 0;
};

void TestSlurmClient::initTestCase() {
    if (const QString missing = TestSlurm::missing(); !missing.isEmpty())
        QSKIP(qPrintable(QStringLiteral("NOT TESTED AGAINST A REAL SLURM: ") + missing));
    m_slurm = std::make_unique<TestSlurm>();
}

void TestSlurmClient::hostileNames_data() {
    QTest::addColumn<QString>("name");
    QTest::newRow("plain") << "plain";
    QTest::newRow("command") << "$(touch x); 'y'";
    QTest::newRow("quotes") << "`touch x` \"q\" 'y";
    QTest::newRow("patterns") << "%j %% %a #SBATCH --x";
    QTest::newRow("options") << "--wrap=touch x";
    QTest::newRow("letters") << QStringLiteral("Prüfung 推理 | & ~");
}

/// Job name, folder and argument are just names: in Slurm's queue, in the script, and where the output goes.
void TestSlurmClient::hostileNames() {
    QFETCH(QString, name);
    const fs::path folder = newFolder(name);
    SlurmScript text = script("printf 'in %s\\n' \"$run\"; ls -A; echo complaint >&2");
    text.jobName = name.toStdString();
    const std::string job = submit(folder, sbatchScript({}, text));
    QVERIFY2(!m_error, m_error ? m_error->what() : "");
    QVERIFY(waitForState(job, "COMPLETED"));
    QCOMPARE(QString::fromStdString(look(job)->name), name);
    const QString out = contentOf(folder / "stdout.log");
    QVERIFY2(
        out.contains(QStringLiteral("in ") + QString::fromStdString(folder.string()) + QLatin1Char('\n')),
        qPrintable(out));
    QVERIFY(!out.split(QLatin1Char('\n')).contains(QStringLiteral("x")));
    QVERIFY(contentOf(folder / "stderr.log").contains(QStringLiteral("complaint")));
    const SlurmEnd end = endOf(job, folder);
    QCOMPARE(end.job.state, std::string("COMPLETED"));
    QVERIFY(end.note && *end.note == (SlurmEndNote{job, 0, 0, ""}));
    QVERIFY(!fs::exists("x"));
}

/// As after a connection that broke between sbatch and its answer.
void TestSlurmClient::secondSubmissionFindsTheFirst() {
    const fs::path folder = newFolder();
    const std::string text = sbatchScript({}, script("sleep 600"));
    const std::string job = submit(folder, text);
    QVERIFY(!job.empty());
    QCOMPARE(submit(folder, text), job);
    act(SlurmClient::Action::Cancel, {job});
    QVERIFY(waitForState(job, "CANCELLED"));
    QVERIFY(submit(folder, sbatchScript({}, script("true"))) != job);
}

void TestSlurmClient::refusals_data() {
    QTest::addColumn<QString>("request");
    QTest::addColumn<QString>("says");
    QTest::addColumn<QString>("toDo");
    QTest::newRow("partition") << R"({"partition": "moon"})"
                               << "invalid partition"
                               << "sinfo lists";
    QTest::newRow("feature") << R"({"constraint": "a100"})"
                             << "Invalid feature"
                             << "features of nodes";
    QTest::newRow("GPU") << R"({"gres": "gpu:2"})"
                         << "Invalid generic resource"
                         << "what GPUs are called";
    QTest::newRow("memory") << R"({"mem": "9T"})"
                            << "Memory specification"
                            << "no node has so much memory";
    QTest::newRow("option") << R"({"extra": ["--maill-type=END"]})"
                            << "unrecognized option"
                            << "further lines";
}

void TestSlurmClient::refusals() {
    QFETCH(QString, request);
    QFETCH(QString, says);
    QFETCH(QString, toDo);
    const fs::path folder = newFolder();
    submit(folder, sbatchScript(slurmRequestFrom(Json::parse(request.toStdString())), script("true")));
    QVERIFY(m_error);
    QVERIFY2(QString::fromUtf8(m_error->what()).contains(says), m_error->what());
    QVERIFY2(QString::fromStdString(m_error->hint()).contains(toDo), m_error->what());
    QVERIFY(!fs::exists(folder / "control" / "slurm-job"));
}

/// What a person sees before anything is submitted.
void TestSlurmClient::partitionsAndTests() {
    std::optional<std::vector<SlurmPartition>> partitions;
    m_error.reset();
    m_client->partitions([&](const std::vector<SlurmPartition>& found) { partitions = found; },
                         [&](const Error& error) { m_error = error; });
    QVERIFY(QTest::qWaitFor([&] { return partitions || m_error; }, longest));
    QVERIFY2(partitions, m_error ? m_error->what() : "");
    QCOMPARE(partitions->size(), std::size_t(2));
    QVERIFY(partitions->front() ==
            (SlurmPartition{"debug", true, true, "infinite", 1, TestSlurm::cpus, 2000, ""}));
    QCOMPARE(partitions->back().name, std::string("urgent"));
    const auto test = [&](const SlurmRequest& request) {
        std::optional<std::string> said;
        m_error.reset();
        m_client->test(
            sbatchScript(request, script("true")), [&](const std::string& text) { said = text; },
            [&](const Error& error) { m_error = error; });
        if (!QTest::qWaitFor([&] { return said || m_error; }, longest)) qFatal("sbatch does not answer");
        return said.value_or("");
    };
    const std::string said = test({});
    QVERIFY2(
        said.find("to start at") != std::string::npos && said.find("partition debug") != std::string::npos,
        said.c_str());
    SlurmRequest moon;
    moon.partition = "moon";
    QCOMPARE(test(moon), std::string());
    QVERIFY(m_error && QString::fromUtf8(m_error->what()).contains(QStringLiteral("invalid partition")));
}

void TestSlurmClient::whyItWaits() {
    const fs::path first = newFolder(), second = newFolder();
    SlurmRequest whole;
    whole.cpusPerTask = TestSlurm::cpus;
    whole.timeLimit = "30";
    const std::string running = submit(first, sbatchScript(whole, script("sleep 600")));
    QVERIFY(waitForState(running, "RUNNING"));
    const std::string waits = submit(second, sbatchScript(whole, script("true")));
    std::optional<SlurmJob> job;
    QVERIFY(QTest::qWaitFor([&] { return (job = look(waits)) && job->reason == "Resources" && job->start; },
                            longest));
    QCOMPARE(job->state, std::string("PENDING"));
    // When the other's time is up at the latest.
    const auto other = look(running);
    QVERIFY(other && other->start && other->end);
    QCOMPARE(*other->end - *other->start, 1800.0);
    QVERIFY(*job->start >= *other->start && *job->start <= *other->end + 120);
    QVERIFY(!explainWaiting(job->reason).empty());
    act(SlurmClient::Action::Cancel, {running, waits});
    QVERIFY(waitForState(waits, "CANCELLED") && waitForState(running, "CANCELLED"));
}

void TestSlurmClient::heldAndReleased() {
    const fs::path first = newFolder(), second = newFolder();
    SlurmRequest whole;
    whole.cpusPerTask = TestSlurm::cpus;
    const std::string running = submit(first, sbatchScript(whole, script("sleep 600")));
    QVERIFY(waitForState(running, "RUNNING"));
    const std::string job = submit(second, sbatchScript(whole, script("true")));
    QVERIFY(waitForState(job, "PENDING"));
    act(SlurmClient::Action::Hold, {job});
    QVERIFY2(!m_error, m_error ? m_error->what() : "");
    std::optional<SlurmJob> held;
    QVERIFY(QTest::qWaitFor([&] { return (held = look(job)) && held->reason.rfind("JobHeld", 0) == 0; },
                            longest));
    act(SlurmClient::Action::Cancel, {running});
    QVERIFY(waitForState(running, "CANCELLED"));
    QCOMPARE(look(job)->state, std::string("PENDING"));
    act(SlurmClient::Action::Release, {job});
    QVERIFY2(!m_error, m_error ? m_error->what() : "");
    QVERIFY(waitForState(job, "COMPLETED"));
}

void TestSlurmClient::niceWhileItWaits() {
    SlurmRequest whole;
    whole.cpusPerTask = TestSlurm::cpus;
    const std::string running = submit(newFolder(), sbatchScript(whole, script("sleep 600")));
    QVERIFY(waitForState(running, "RUNNING"));
    const std::string job = submit(newFolder(), sbatchScript(whole, script("true")));
    QVERIFY(waitForState(job, "PENDING"));
    const auto setNice = [&](const std::string& which, int nice) {
        m_error.reset();
        bool over = false;
        m_client->setNice(
            {which}, nice, [&over] { over = true; }, [this](const Error& error) { m_error = error; });
        return QTest::qWaitFor([&] { return over || m_error; }, longest) && over;
    };
    QVERIFY2(setNice(job, slurmNiceOf(lowNice)), m_error ? m_error->what() : "");
    const CommandResult said = m_shell->wait("scontrol show job " + job);
    QVERIFY2(said.out.find(" Nice=100 ") != std::string::npos, said.out.c_str());
    QVERIFY(!setNice("4000000", 10));
    QVERIFY(m_error.has_value());
    act(SlurmClient::Action::Cancel, {running, job});
    QVERIFY(waitForState(running, "CANCELLED"));
}

void TestSlurmClient::cancelledWithTermFirst() {
    const fs::path folder = newFolder();
    const std::string job =
        submit(folder, sbatchScript({}, script("bash -c 'trap \"echo saved; exit 130\" TERM; echo ready; "
                                               "while :; do sleep 0.1; done'")));
    QVERIFY(QTest::qWaitFor(
        [&] { return contentOf(folder / "stdout.log").contains(QStringLiteral("ready")); }, longest));
    act(SlurmClient::Action::Cancel, {job});
    QVERIFY(waitForState(job, "CANCELLED"));
    QVERIFY(QTest::qWaitFor([&] { return fs::exists(folder / "control" / "slurm-end.json"); }, longest));
    QVERIFY(contentOf(folder / "stdout.log").contains(QStringLiteral("saved")));
    const SlurmEnd end = endOf(job, folder);
    QVERIFY(end.note);
    // 143 where bash lost the status, because the signal and the trainer's end met.
    QVERIFY2(end.note->status == 130 || end.note->status == 143,
             qPrintable(QString::number(end.note->status)));
    QCOMPARE(end.note->reason, std::string("ended"));
    // And once more: it is over, which is what was wanted.
    act(SlurmClient::Action::Cancel, {job});
    QVERIFY2(!m_error, m_error ? m_error->what() : "");
}

/// srun itself would kill its tasks at a SIGTERM; the script tells each of them.
void TestSlurmClient::tasksAreToldToStop() {
    const fs::path folder = newFolder();
    SlurmRequest request;
    request.tasksPerNode = 2;
    const std::string job = submit(
        folder, sbatchScript(request, script("bash -c 'trap \"echo saved $SLURM_PROCID; exit 130\" TERM; "
                                             "echo ready; while :; do sleep 0.1; done'")));
    const auto out = [&] { return contentOf(folder / "stdout.log"); };
    QVERIFY(QTest::qWaitFor([&] { return out().count(QStringLiteral("ready")) == 2; }, longest));
    TestSlurm::run(QStringLiteral("scancel"),
                   {QStringLiteral("--batch"), QStringLiteral("--signal=TERM"), QString::fromStdString(job)});
    QVERIFY(waitForState(job, "FAILED"));
    QCOMPARE(out().count(QStringLiteral("saved")), 2);
    const SlurmEnd end = endOf(job, folder);
    QVERIFY(end.note);
    QCOMPARE(end.note->status, 130);
}

void TestSlurmClient::secretsReachTheJobAlone_data() {
    QTest::addColumn<QString>("option");
    QTest::addColumn<QString>("variable");
    QTest::newRow("usual") << ""
                           << "";
    QTest::newRow("a job without sbatch's environment") << "--export=NONE"
                                                        << "";
    QTest::newRow("a job with some of it") << "--export=RETORT_TEST_A=1"
                                           << "";
    QTest::newRow("a user without it") << ""
                                       << "NONE";
}

/// Also those of a requeued job; and nothing that others may read has them.
void TestSlurmClient::secretsReachTheJobAlone() {
    QFETCH(QString, option);
    QFETCH(QString, variable);
    const std::string value = " s3cret-ü'\"$(touch x) `y` \\n ", other = "an0ther s3cret";
    const auto digest = [](const std::string& text) {
        return QString::fromLatin1(
            QCryptographicHash::hash(QByteArray::fromStdString(text), QCryptographicHash::Sha256).toHex());
    };
    SlurmRequest request;
    if (!option.isEmpty()) request.extraLines = {option.toStdString()};
    const fs::path folder = newFolder(), file = folder / "digests";
    if (!variable.isEmpty()) qputenv("SBATCH_EXPORT", variable.toUtf8());
    // Names that are those of variables of the submission's own script, too.
    const std::string job = submit(
        folder,
        sbatchScript(request, script("for v in \"$HF_TOKEN\" \"$job\"; do printf %s \"$v\" | sha256sum; done "
                                     ">>digests; exec sleep 600")),
        {}, {{"HF_TOKEN", value}, {"job", other}});
    qunsetenv("SBATCH_EXPORT");
    QVERIFY2(!m_error, m_error ? m_error->what() : "");
    const auto lines = [&] { return contentOf(file).count(QLatin1Char('\n')); };
    QTRY_COMPARE_WITH_TIMEOUT(lines(), 2, longest);
    act(SlurmClient::Action::Requeue, {job});
    QVERIFY(waitForState(job, "PENDING"));
    TestSlurm::startNow(job);
    QTRY_COMPARE_WITH_TIMEOUT(lines(), 4, longest);
    const QString twice = digest(value) + QStringLiteral("  -\n") + digest(other) + QStringLiteral("  -\n");
    QCOMPARE(contentOf(file), twice + twice);

    const QString number = QString::fromStdString(job);
    QVERIFY(!TestSlurm::run("scontrol", {"-dd", "show", "job", number}).contains("s3cret"));
    QVERIFY(!TestSlurm::run("squeue", {"-j", number, "-O", "ALL"}).contains("s3cret"));
    // Slurm's own note of the job's environment is for its administrators alone.
    int kept = 0;
    for (const fs::path& place : {folder, m_slurm->folder()})
        for (const auto& entry : fs::recursive_directory_iterator(place)) {
            if (!entry.is_regular_file() || !contentOf(entry.path()).contains("s3cret")) continue;
            QVERIFY2(entry.path().filename() == "environment", entry.path().c_str());
            QVERIFY((entry.status().permissions() & (fs::perms::group_all | fs::perms::others_all)) ==
                    fs::perms::none);
            if (entry.path().parent_path().filename() == "job." + job) ++kept;  // not of a row before
        }
    QCOMPARE(kept, 1);
    act(SlurmClient::Action::Cancel, {job});
}

void TestSlurmClient::arrayLeadsToItsRuns() {
    const fs::path folder = newFolder(QStringLiteral("the array's"));
    std::vector<fs::path> runs;
    std::vector<std::string> links;
    for (const char* name : {"a $(touch x)", "b 'q'", "c"}) {
        runs.push_back(newFolder(QString::fromLatin1(name)));
        links.push_back(runs.back().string());
    }
    SlurmScript text = script("printf 'in %s\\n' \"$run\"");
    text.arraySize = 3;
    SlurmRequest request;
    request.arrayAtOnce = 2;
    const std::string job = submit(folder, sbatchScript(request, text), links);
    QVERIFY2(!m_error, m_error ? m_error->what() : "");
    for (int task = 0; task < 3; ++task) {
        const std::string id = job + "_" + std::to_string(task);
        QVERIFY(waitForState(id, "COMPLETED"));
        QCOMPARE(contentOf(runs[std::size_t(task)] / "stdout.log"),
                 QStringLiteral("in %1\n").arg(QString::fromStdString(links[std::size_t(task)])));
        QCOMPARE(endOf(id, runs[std::size_t(task)]).job.id, id);
    }
}

void TestSlurmClient::unknownJobsAreNoError() {
    QVERIFY(!look("999999"));
    QVERIFY2(!m_error, m_error ? m_error->what() : "");
    const SlurmEnd end = endOf("999999", newFolder());
    QCOMPARE(end.job.state, std::string());
    QVERIFY(!end.note);
    act(SlurmClient::Action::Requeue, {"999999"});
    QVERIFY(m_error);
    QVERIFY2(QString::fromStdString(m_error->hint()).contains(QStringLiteral("does not know this job")),
             m_error->what());
    QVERIFY_EXCEPTION_THROWN(act(SlurmClient::Action::Cancel, {"1; touch x"}), Error);
}

void TestSlurmClient::withoutSlurm() {
    const WithoutSlurm path;
    submit(newFolder(), "#!/bin/sh\n");
    QVERIFY(m_error);
    QVERIFY2(QString::fromStdString(m_error->hint()).contains(QStringLiteral("not in the PATH")),
             m_error->what());
}

void TestSlurmClient::environmentBringsTheCommands() {
    const fs::path folder = newFolder();
    const std::string text = sbatchScript({}, script("echo here"));
    const WithoutSlurm path;
    // What the lines print is not taken for an answer.
    m_client = std::make_unique<SlurmClient>(
        *m_shell, std::vector<std::string>{"echo 77", "PATH=/usr/bin:/bin; export PATH"});
    const std::string job = submit(folder, text);
    QVERIFY2(!m_error, m_error ? m_error->what() : "");
    QVERIFY(waitForState(job, "COMPLETED"));
    m_client = std::make_unique<SlurmClient>(*m_shell);
}

void TestSlurmClient::withoutController() {
    const fs::path folder = newFolder();
    const std::string job = submit(folder, sbatchScript({}, script("sleep 600")));
    QVERIFY(waitForState(job, "RUNNING"));
    m_slurm->stopController();
    QVERIFY(!look(job));
    QVERIFY(m_error);
    QVERIFY2(QString::fromStdString(m_error->hint()).contains(QStringLiteral("controller")), m_error->what());
    m_slurm->startController();
    QVERIFY(waitForState(job, "RUNNING"));
    act(SlurmClient::Action::Cancel, {job});
    QVERIFY(waitForState(job, "CANCELLED"));
}

QTEST_GUILESS_MAIN(TestSlurmClient)
#include "tst_slurm_client.moc"
