#include <QTest>
#include <atomic>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

#include "training/engine/worker_pool.h"

using namespace retort;

class TestWorkerPool : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void cleanup() { WorkerPool::instance().setWorkers(1 << 16); }

    void everyTaskRunsOnce_data() {
        QTest::addColumn<int>("tasks");
        QTest::addColumn<int>("threads");
        QTest::addColumn<int>("workers");
        for (const int tasks : {0, 1, 2, 3, 1000})
            for (const int threads : {1, 2, 5})
                for (const int workers : {1, 2, 5})
                    QTest::addRow("%d tasks, %d threads, %d workers", tasks, threads, workers)
                        << tasks << threads << workers;
    }

    void everyTaskRunsOnce() {
        QFETCH(int, tasks);
        QFETCH(int, threads);
        QFETCH(int, workers);
        WorkerPool::instance().setWorkers(workers);
        // Many short runs after each other: a helper that comes late must never join the next run's tasks
        // wrongly.
        for (int round = 0; round < 300; ++round) {
            std::vector<std::atomic<int>> ran(std::size_t(tasks) + 1);
            std::atomic<bool> threadInRange{true};
            WorkerPool::instance().run(tasks, threads, [&](long task, int thread) {
                ran[std::size_t(task)].fetch_add(1);
                if (thread < 0 || thread >= threads) threadInRange = false;
            });
            for (int i = 0; i < tasks; ++i) QCOMPARE(ran[std::size_t(i)].load(), 1);
            QVERIFY(threadInRange);
        }
    }

    void noTwoTasksShareAThreadNumber() {
        std::vector<std::atomic<int>> users(3);
        std::atomic<bool> shared{false};
        for (int round = 0; round < 200; ++round)
            WorkerPool::instance().run(50, 3, [&](long, int thread) {
                if (users[std::size_t(thread)].fetch_add(1) != 0) shared = true;
                for (volatile int i = 0; i < 500;) i = i + 1;
                users[std::size_t(thread)].fetch_sub(1);
            });
        QVERIFY(!shared);
    }

    // Two slow tasks overlap in time: helpers do help.
    void helpersHelp() {
        std::atomic<int> begun{0};
        WorkerPool::instance().run(2, 2, [&](long, int) {
            begun.fetch_add(1);
            for (int i = 0; i < 5000 && begun.load() < 2; ++i)
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
            QCOMPARE(begun.load(), 2);
        });
    }

    void oneWorkerMeansTheCallerAlone() {
        WorkerPool::instance().setWorkers(1);
        std::set<std::thread::id> threads;  // no lock: only one thread may touch it
        WorkerPool::instance().run(100, 4, [&](long, int) { threads.insert(std::this_thread::get_id()); });
        QCOMPARE(threads.size(), std::size_t(1));
        QVERIFY(threads.count(std::this_thread::get_id()));
    }

    // How a task sees its surroundings does not tell how many threads help.
    void insideIsTheSameAloneAndWithHelp() {
        for (const int workers : {1, 3}) {
            WorkerPool::instance().setWorkers(workers);
            std::atomic<int> inside{0};
            WorkerPool::instance().run(20, 3, [&](long, int) { inside += WorkerPool::isInside(); });
            QCOMPARE(inside.load(), 20);
            QVERIFY(!WorkerPool::isInside());
        }
    }

    void exceptionsReachTheCaller() {
        for (const int workers : {1, 3}) {
            WorkerPool::instance().setWorkers(workers);
            for (int round = 0; round < 100; ++round) {
                const auto failing = [](long task, int) {
                    if (task == 7) throw std::runtime_error("seven");
                };
                QVERIFY_THROWS_EXCEPTION(std::runtime_error, WorkerPool::instance().run(20, 3, failing));
                QVERIFY(!WorkerPool::isInside());
            }
        }
    }

    void nestedRunsAreDoneByTheirCaller() {
        std::atomic<int> ran{0};
        WorkerPool::instance().run(4, 2, [&](long, int) {
            const auto self = std::this_thread::get_id();
            WorkerPool::instance().run(5, 2, [&](long, int thread) {
                QCOMPARE(std::this_thread::get_id(), self);
                QCOMPARE(thread, 0);
                ran.fetch_add(1);
            });
        });
        QCOMPARE(ran.load(), 20);
    }

    void twoCallersAtOnce() {
        std::atomic<long> sum{0};
        const auto caller = [&] {
            for (int round = 0; round < 500; ++round)
                WorkerPool::instance().run(10, 2, [&](long task, int) { sum += task; });
        };
        std::thread other(caller);
        caller();
        other.join();
        QCOMPARE(sum.load(), 2L * 500 * 45);
    }
};

QTEST_GUILESS_MAIN(TestWorkerPool)
#include "tst_worker_pool.moc"
