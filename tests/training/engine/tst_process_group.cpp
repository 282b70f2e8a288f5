// Ranks as threads of one process, over real sockets: what they tell each other, and how they end.
#include <ATen/ATen.h>

#include <QProcess>
#include <QtTest>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <thread>

#include "core/util/error.h"
#include "tests/support/free_port.h"
#include "training/engine/process_group.h"

using namespace retort;
using namespace retort::test;

namespace {

using Work = std::function<void(ProcessGroup&)>;

ProcessGroup::Join joinOf(int rank, int size, int port) {
    ProcessGroup::Join join;
    join.launch.rank = rank;
    join.launch.size = size;
    join.launch.address = "127.0.0.1";
    join.launch.port = port;
    join.launch.launcher = "test";
    join.agreement = "test";
    join.seconds = 20;
    return join;
}

/// Each rank's error; empty: none. `failed`: called where there is one, in the rank's thread.
std::vector<std::string> runRanks(std::vector<ProcessGroup::Join> joins, const Work& work,
                                  const std::function<void()>& failed = {}) {
    std::vector<std::string> errors(joins.size());
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < joins.size(); ++i)
        threads.emplace_back([&, i] {
            std::shared_ptr<ProcessGroup> group;
            try {
                group = ProcessGroup::join(joins[i]);
                work(*group);
            } catch (const std::exception& error) {
                errors[i] = error.what();
                if (failed) failed();
                if (group) group->fail(error.what());
            }
        });
    for (std::thread& thread : threads) thread.join();
    return errors;
}

std::vector<std::string> runRanks(int size, const Work& work) {
    const int port = freePort();
    std::vector<ProcessGroup::Join> joins;
    for (int rank = 0; rank < size; ++rank) joins.push_back(joinOf(rank, size, port));
    return runRanks(joins, work);
}

/// This program as one rank that reduces until it is told why it should not; started by
/// aKilledProcessIsNamed().
constexpr const char* rankVariable = "RETORT_TEST_RANK";

int runAsRank(int rank, int port) {
    std::shared_ptr<ProcessGroup> group;
    try {
        group = ProcessGroup::join(joinOf(rank, 3, port));
        group->any(false);
        std::puts("joined");
        std::fflush(stdout);
        while (true) group->any(false);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s", error.what());
        if (group) group->fail(error.what());
        return group && group->isFirstLost() ? 2 : 1;
    }
}

bool contains(const std::string& text, const char* part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

class TestProcessGroup : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void oneAloneChangesNothing();
    void sharesCoverEverythingOnce_data();
    void sharesCoverEverythingOnce();
    void numbersAndTextsReachAllRanks();
    void sumsAreTheSameBitsEverywhere();
    void firstsValuesReachTheOthers();
    void firstWorksBeforeTheOthers();
    void stopReachesTheOthers();
    void anErrorReachesTheOthers_data();
    void anErrorReachesTheOthers();
    void aKilledProcessIsNamed_data();
    void aKilledProcessIsNamed();
    void saysWhichRankDidNotCome();
    void aStopEndsTheWaitForTheOthers_data();
    void aStopEndsTheWaitForTheOthers();
    void firstEndsBeforeAllHaveMet();
    void refusesAnotherRun();
    void refusesTheSameRankTwice();
};

void TestProcessGroup::oneAloneChangesNothing() {
    const auto group = ProcessGroup::alone();
    at::Tensor tensor = at::ones({3});
    double value = 0.1;
    group->sum(tensor);
    group->sum({&value});
    group->max({&value});
    QVERIFY(group->isAlone() && group->isFirst());
    QVERIFY(tensor.equal(at::ones({3})) && value == 0.1);
    QVERIFY(group->any(true) && !group->any(false));
    QCOMPARE(group->fromFirst("a"), std::string("a"));
    QCOMPARE(group->gather("a"), std::vector<std::string>{"a"});
    QCOMPARE(group->share(7), (std::pair<std::size_t, std::size_t>(0, 7)));
}

void TestProcessGroup::sharesCoverEverythingOnce_data() {
    QTest::addColumn<int>("size");
    QTest::addColumn<int>("count");
    for (const int size : {1, 2, 3, 8})
        for (const int count : {0, 1, 2, 7, 16}) QTest::addRow("%d among %d", count, size) << size << count;
}

void TestProcessGroup::sharesCoverEverythingOnce() {
    QFETCH(int, size);
    QFETCH(int, count);
    const auto errors = runRanks(size, [&](ProcessGroup& group) {
        std::size_t next = 0, least = std::size_t(count), most = 0;
        for (int rank = 0; rank < size; ++rank) {
            const auto [first, last] = group.share(std::size_t(count), rank);
            if (first != next) throw Error("a gap");
            next = last;
            least = std::min(least, last - first);
            most = std::max(most, last - first);
        }
        if (next != std::size_t(count) || most > least + 1) throw Error("uneven");
        group.leave();
    });
    for (const std::string& error : errors) QCOMPARE(error, std::string());
}

void TestProcessGroup::numbersAndTextsReachAllRanks() {
    const auto errors = runRanks(3, [](ProcessGroup& group) {
        const double rank = group.rank();
        double sum = rank + 1, least = rank, most = rank;
        group.sum({&sum});
        group.min({&least});
        group.max({&most});
        if (sum != 6 || least != 0 || most != 2) throw Error("numbers");
        if (!group.any(group.rank() == 1) || group.any(false)) throw Error("any");
        const std::string own(std::size_t(group.rank()) * 1000, char('a' + group.rank()));
        const auto all = group.gather(own);
        for (std::size_t i = 0; i < 3; ++i)
            if (all[i] != std::string(i * 1000, char('a' + int(i)))) throw Error("gather");
        if (group.fromFirst(group.isFirst() ? "" : "mine") != "") throw Error("empty text");
        if (group.fromFirst(group.isFirst() ? "first" : "mine") != "first") throw Error("text");
        std::vector<double> values{rank, 1};
        group.sum(values);
        if (values != std::vector<double>{3, 3}) throw Error("vector");
        group.leave();
    });
    for (const std::string& error : errors) QCOMPARE(error, std::string());
}

void TestProcessGroup::sumsAreTheSameBitsEverywhere() {
    constexpr std::int64_t count = (std::int64_t(1) << 22) + 12345;  // more than a bucket
    std::vector<at::Tensor> parts, sums(3);
    for (int rank = 0; rank < 3; ++rank) parts.push_back(at::randn({count}));
    const auto errors = runRanks(3, [&](ProcessGroup& group) {
        at::Tensor own = parts[std::size_t(group.rank())].clone();
        group.sum(own);
        sums[std::size_t(group.rank())] = own;
        group.leave();
    });
    for (const std::string& error : errors) QCOMPARE(error, std::string());
    QVERIFY(sums[0].equal(sums[1]) && sums[0].equal(sums[2]));
    QVERIFY(at::allclose(sums[0], parts[0] + parts[1] + parts[2], 1e-5, 1e-6));
}

void TestProcessGroup::firstsValuesReachTheOthers() {
    constexpr std::int64_t count = (std::int64_t(1) << 22) + 12345;  // more than a bucket
    const at::Tensor first = at::randn({count});
    const auto errors = runRanks(3, [&](ProcessGroup& group) {
        at::Tensor own = group.isFirst() ? first.clone() : at::full({count}, double(group.rank()));
        const auto version = own._version();
        group.takeFromFirst(own);
        if (!own.equal(first)) throw Error("tensor");
        if (own._version() == version) throw Error("what follows from it would not be computed anew");
        at::Tensor strided = at::full({4, 6}, double(group.rank())).t();
        group.takeFromFirst(strided);
        if (!strided.equal(at::zeros({6, 4}))) throw Error("strided");
        std::vector<double> values = {0.1 + group.rank(), 2}, none;
        group.takeFromFirst(values);
        group.takeFromFirst(none);
        if (values != std::vector<double>{0.1, 2}) throw Error("numbers");
        group.leave();
    });
    for (const std::string& error : errors) QCOMPARE(error, std::string());
}

void TestProcessGroup::firstWorksBeforeTheOthers() {
    std::atomic<int> done = 0;
    const auto errors = runRanks(3, [&](ProcessGroup& group) {
        group.firstThenOthers([&] {
            if (group.isFirst()) std::this_thread::sleep_for(std::chrono::milliseconds(100));
            if ((done++ == 0) != group.isFirst()) throw Error("out of order");
        });
        group.leave();
    });
    for (const std::string& error : errors) QCOMPARE(error, std::string());
    QCOMPARE(done.load(), 3);
}

void TestProcessGroup::stopReachesTheOthers() {
    const auto errors = runRanks(2, [](ProcessGroup& group) {
        if (group.rank() == 1) group.askStop();
        while (!group.isStopAsked()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
        group.leave();
    });
    for (const std::string& error : errors) QCOMPARE(error, std::string());
}

void TestProcessGroup::anErrorReachesTheOthers_data() {
    QTest::addColumn<int>("failing");
    QTest::newRow("of rank 0") << 0;
    QTest::newRow("of rank 1") << 1;
    QTest::newRow("of rank 2") << 2;
}

void TestProcessGroup::anErrorReachesTheOthers() {
    QFETCH(int, failing);
    const auto errors = runRanks(3, [&](ProcessGroup& group) {
        if (group.rank() == failing) throw Error("the disk is full");
        while (true) group.any(false);
    });
    for (int rank = 0; rank < 3; ++rank) {
        const std::string& error = errors[std::size_t(rank)];
        QVERIFY2(contains(error, "the disk is full"), error.c_str());
        if (rank != failing && failing > 0)
            QVERIFY2(contains(error, ("rank " + std::to_string(failing)).c_str()), error.c_str());
    }
}

void TestProcessGroup::aKilledProcessIsNamed_data() {
    QTest::addColumn<int>("killed");
    QTest::newRow("rank 0") << 0;
    QTest::newRow("rank 2") << 2;
}

void TestProcessGroup::aKilledProcessIsNamed() {
    QFETCH(int, killed);
    const int port = freePort();
    QProcess ranks[3];
    for (int rank = 0; rank < 3; ++rank) {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QString::fromLatin1(rankVariable), QString::number(rank));
        ranks[rank].setProcessEnvironment(environment);
        ranks[rank].start(QCoreApplication::applicationFilePath(), {QString::number(port)});
    }
    for (QProcess& rank : ranks) QVERIFY(rank.waitForReadyRead(60000));
    ranks[killed].kill();
    for (int rank = 0; rank < 3; ++rank) {
        QVERIFY(ranks[rank].waitForFinished(60000) || ranks[rank].state() == QProcess::NotRunning);
        if (rank == killed) continue;
        const std::string said = ranks[rank].readAllStandardError().toStdString();
        QVERIFY2(contains(said, ("lost rank " + std::to_string(killed)).c_str()), said.c_str());
        QCOMPARE(ranks[rank].exitStatus(), QProcess::NormalExit);
        QCOMPARE(ranks[rank].exitCode(), killed == 0 ? 2 : 1);
    }
}

void TestProcessGroup::saysWhichRankDidNotCome() {
    const int port = freePort();
    std::vector<ProcessGroup::Join> joins = {joinOf(0, 3, port), joinOf(1, 3, port)};
    for (auto& join : joins) join.seconds = 2;
    const auto errors = runRanks(joins, [](ProcessGroup&) { throw Error("joined"); });
    QVERIFY2(contains(errors[0], "rank 2 of 3 did not come"), errors[0].c_str());
    QVERIFY2(!errors[1].empty() && !contains(errors[1], "joined"), errors[1].c_str());
}

void TestProcessGroup::aStopEndsTheWaitForTheOthers_data() {
    QTest::addColumn<int>("rank");
    QTest::newRow("rank 0, whom no other reaches") << 0;
    QTest::newRow("rank 1, who finds no rank 0") << 1;
}

// Both would wait for an hour: the test does not come to its end where they do not hear of the stop.
void TestProcessGroup::aStopEndsTheWaitForTheOthers() {
    QFETCH(int, rank);
    std::vector<ProcessGroup::Join> joins = {joinOf(rank, 2, freePort())};
    joins[0].seconds = 3600;
    std::atomic<int> asked = 0;
    joins[0].isStopped = [&] { return ++asked > 1; };
    const auto errors = runRanks(joins, [](ProcessGroup&) { throw Error("joined"); });
    QVERIFY2(contains(errors[0], "asked to stop"), errors[0].c_str());
}

void TestProcessGroup::firstEndsBeforeAllHaveMet() {
    const int port = freePort();
    std::vector<ProcessGroup::Join> joins = {joinOf(0, 3, port), joinOf(1, 3, port)};
    std::atomic<bool> serves = false, waits = false;
    std::atomic<int> asked = 0;
    joins[0].isStopped = [&] { return serves = true, waits.load(); };
    joins[1].isStopped = [&] {  // asked once before it reaches rank 0, and then while it waits for rank 2
        if (serves && ++asked > 2) waits = true;
        return false;
    };
    const auto errors = runRanks(joins, [](ProcessGroup&) { throw Error("joined"); });
    QVERIFY2(contains(errors[1], "rank 0 ended before all ranks had met"), errors[1].c_str());
}

void TestProcessGroup::refusesAnotherRun() {
    const int port = freePort();
    std::vector<ProcessGroup::Join> joins = {joinOf(0, 2, port), joinOf(1, 2, port)};
    joins[1].agreement = "another run";
    const auto errors = runRanks(joins, [](ProcessGroup&) { throw Error("joined"); });
    QVERIFY2(contains(errors[0], "belongs to another run"), errors[0].c_str());
    QVERIFY2(!contains(errors[1], "joined"), errors[1].c_str());
}

void TestProcessGroup::refusesTheSameRankTwice() {
    const int port = freePort();
    std::vector<ProcessGroup::Join> joins = {joinOf(0, 2, port), joinOf(1, 2, port), joinOf(1, 2, port)};
    std::atomic<bool> refused = false;
    // The others do not leave before: who comes when all are gone reaches nobody.
    const auto work = [&](ProcessGroup& group) {
        for (int waited = 0; waited < 600 && !refused; ++waited)
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
        group.leave();
    };
    const auto errors = runRanks(joins, work, [&] { refused = true; });
    QCOMPARE(errors[0], std::string());
    QVERIFY2(contains(errors[1] + errors[2], "two processes say that they are rank 1"), errors[1].c_str());
}

int main(int argc, char** argv) {
    if (const char* rank = std::getenv(rankVariable)) return runAsRank(std::atoi(rank), std::atoi(argv[1]));
    QCoreApplication application(argc, argv);
    TestProcessGroup test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_process_group.moc"
