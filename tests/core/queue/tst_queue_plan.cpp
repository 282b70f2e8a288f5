// What starts out of a queue and why the rest waits. A case is a text: machines, what is going, the queue,
// and what is to come of it.
#include <QTest>
#include <sstream>

#include "core/queue/queue_limits.h"
#include "core/queue/queue_plan.h"
#include "core/util/error.h"

using namespace retort;

namespace {

const char* nameOf(WaitsFor what) {
    switch (what) {
        case WaitsFor::Turn:
            return "turn";
        case WaitsFor::Gpu:
            return "gpu";
        case WaitsFor::Release:
            return "release";
        case WaitsFor::Retry:
            return "retry";
        case WaitsFor::Predecessor:
            return "after";
        case WaitsFor::PredecessorStart:
            return "idle";
        case WaitsFor::PredecessorFailed:
            return "failed";
        case WaitsFor::Place:
            return "place";
        case WaitsFor::NoPlace:
            break;
    }
    return "nowhere";
}

/// Words of a line; "after=1,2" and the like are options.
QueuedRun entryFrom(std::istringstream& words) {
    QueuedRun entry;
    words >> entry.run >> entry.backend;
    for (std::string word; words >> word;) {
        if (word == "held") entry.isHeld = true;
        if (word == "started") entry.state = QueuedState::Started;
        if (word == "broken") entry.state = QueuedState::Failed;
        if (word == "cpu") entry.gpus = 0;
        if (word.rfind("gpus=", 0) == 0) entry.gpus = std::stoi(word.substr(5));
        if (word.rfind("on=", 0) == 0)
            for (const char gpu : word.substr(3)) entry.onGpus.push_back(gpu - '0');
        if (word.rfind("after=", 0) == 0) {
            std::istringstream runs(word.substr(6));
            for (std::string run; std::getline(runs, run, ',');) entry.after.push_back(std::stoll(run));
        }
    }
    return entry;
}

/// "at NAME runs perGpu gpus [problem]", "going RUN BACKEND [name [gpus]]", "run RUN STATE", "now T", "retry
/// RUN T", "wait RUN BACKEND …".
QueueInput inputFrom(const std::string& text) {
    QueueInput input;
    input.shares = {{"in-process", "here"}};
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string kind, name;
        words >> kind;
        if (kind == "at") {
            QueuePlace place;
            words >> name >> place.runsAtOnce >> place.runsPerGpu >> place.gpus >> place.problem;
            input.places[name] = place;
        } else if (kind == "going") {
            GoingRun run;
            words >> run.run >> run.backend >> run.name;
            if (!(words >> run.gpus)) run.gpus = 1;
            input.going.push_back(run);
        } else if (kind == "run") {
            std::int64_t run = 0;
            words >> run >> name;
            input.states[run] = name;
        } else if (kind == "now") {
            words >> input.now;
        } else if (kind == "retry") {
            std::int64_t run = 0;
            words >> run;
            words >> input.retryAt[run];
        } else if (kind == "wait") {
            input.queue.push_back(entryFrom(words));
        }
    }
    return input;
}

/// "1@0 2 | 3 turn, 4 after 2"
std::string textOf(const QueuePlan& plan) {
    std::string text;
    for (const QueueStart& start : plan.starts) {
        if (!text.empty()) text += ' ';
        text += std::to_string(start.run);
        if (!start.gpus.empty()) text += "@";
        for (const int gpu : start.gpus) text += std::to_string(gpu);
    }
    text += " |";
    for (const auto& [run, waiting] : plan.waiting) {
        text += (text.back() == '|' ? " " : ", ") + std::to_string(run) + " " + nameOf(waiting.what);
        if (waiting.run != 0) text += " " + std::to_string(waiting.run);
        if (!waiting.text.empty()) text += " " + waiting.text;
        if (waiting.until > 0) text += " at " + std::to_string(std::int64_t(waiting.until));
    }
    return text;
}

}  // namespace

class TestQueuePlan : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void plans_data() {
        QTest::addColumn<std::string>("input");
        QTest::addColumn<std::string>("expected");
        const auto row = [](const char* name, std::string input, std::string expected) {
            QTest::newRow(name) << std::move(input) << std::move(expected);
        };
        const std::string here = "at here 2 1 0\nat in-process 1 0 0\n", box = "at ssh:box 8 1 2\n";
        row("nothing", here, " |");
        row("in order, as many as there is room for", here + "wait 5 here\nwait 3 here\nwait 4 here\n",
            "5 3 | 4 turn");
        row("a pause before another try holds nobody else up",
            here + "now 100\nretry 3 101\nretry 4 100\nwait 3 here\nwait 4 here\nwait 5 here\n",
            "4 5 | 3 retry at 101");
        row("held, and before another try", here + "now 100\nretry 3 101\nwait 3 here held\n",
            " | 3 release");
        row("what is going takes a place", here + "going 9 here\nwait 1 here\nwait 2 here\n", "1 | 2 turn");
        row("who takes it is said",
            here + box + "going 7 ssh:box far\ngoing 9 in-process near\nwait 1 here\nwait 2 here\n",
            "1 | 2 turn near");
        row("what the queue has started, too", here + "wait 1 here started\nwait 2 here\nwait 3 here\n",
            "2 | 3 turn");
        row("a full machine", here + "going 8 here\ngoing 9 here\nwait 1 here\n", " | 1 turn");
        row("more than it should", here + "going 7 here\ngoing 8 here\ngoing 9 here\nwait 1 here\n",
            " | 1 turn");
        row("machines do not wait for each other",
            here + box + "wait 1 here\nwait 2 here\nwait 3 here\nwait 4 ssh:box\n", "1 2 4@0 | 3 turn");
        row("held", here + "wait 1 here held\nwait 2 here\nwait 3 here\n", "2 3 | 1 release");
        row("one in this program at a time", here + "wait 1 in-process\nwait 2 in-process\nwait 3 here\n",
            "1 3 | 2 turn");
        row("this program is on this machine", here + "going 8 here\ngoing 9 here\nwait 1 in-process\n",
            " | 1 turn");
        row("a scheduler takes all", "at slurm:c 0 0 0\nwait 1 slurm:c\nwait 2 slurm:c\n", "1 2 |");
        row("nowhere", here + "wait 1 ssh:gone\nwait 2 here\n", "2 | 1 nowhere ssh:gone");
        row("out of reach", "at ssh:box 4 0 0 unreachable\nwait 1 ssh:box\n", " | 1 place unreachable");

        row("a GPU each", box + "wait 1 ssh:box\nwait 2 ssh:box\nwait 3 ssh:box\n", "1@0 2@1 | 3 gpu");
        row("the free one", box + "wait 1 ssh:box started on=0\nwait 2 ssh:box\nwait 3 ssh:box\n",
            "2@1 | 3 gpu");
        row("two a GPU, the emptier first",
            "at ssh:box 8 2 2\nwait 1 ssh:box started on=0\nwait 2 ssh:box\nwait 3 ssh:box\nwait 4 "
            "ssh:box\nwait 5 ssh:box\n",
            "2@1 3@0 4@1 | 5 gpu");
        row("without the queue it is on the first", box + "going 9 ssh:box\nwait 1 ssh:box\n", "1@1 |");
        row("the CPU alone needs none",
            box + "wait 1 ssh:box\nwait 2 ssh:box\nwait 3 ssh:box\nwait 4 ssh:box cpu\n",
            "1@0 2@1 4 | 3 gpu");
        row("GPUs that do not matter", "at ssh:box 3 0 2\nwait 1 ssh:box\nwait 2 ssh:box\nwait 3 ssh:box\n",
            "1 2 3 |");
        row("the machine's limit holds with free GPUs", "at ssh:box 1 1 4\nwait 1 ssh:box\nwait 2 ssh:box\n",
            "1@0 | 2 turn");
        row("no GPU there", "at ssh:box 2 1 0\nwait 1 ssh:box\nwait 2 ssh:box\nwait 3 ssh:box\n",
            "1 2 | 3 turn");

        const std::string four = "at ssh:box 8 1 4\n";
        row("several GPUs", four + "wait 1 ssh:box gpus=3\nwait 2 ssh:box\nwait 3 ssh:box\n",
            "1@012 2@3 | 3 gpu");
        row("those that are free", four + "wait 1 ssh:box started on=1\nwait 2 ssh:box gpus=2\n", "2@02 |");
        row("several are waited for", four + "wait 1 ssh:box started on=012\nwait 2 ssh:box gpus=2\n",
            " | 2 gpu");
        row("nobody behind takes one of them, but what needs none starts",
            four +
                "wait 1 ssh:box started on=0\nwait 2 ssh:box gpus=4\nwait 3 ssh:box\nwait 4 ssh:box "
                "cpu\n",
            "4 | 2 gpu, 3 gpu");
        row("who is held keeps none",
            four + "wait 1 ssh:box started on=0\nwait 2 ssh:box gpus=4 held\nwait 3 ssh:box\n",
            "3@1 | 2 release");
        row("more than there are", box + "wait 1 ssh:box gpus=8\nwait 2 ssh:box\n", "1@01 | 2 gpu");
        row("without the queue it is on the first ones", four + "going 9 ssh:box x 2\nwait 1 ssh:box\n",
            "1@2 |");
        row("two a GPU, several each",
            "at ssh:box 8 2 2\nwait 1 ssh:box gpus=2\nwait 2 ssh:box\nwait 3 ssh:box gpus=2\n",
            "1@01 2@0 | 3 gpu");

        const std::string chain = "wait 1 here\nwait 2 here after=1\nwait 3 here after=2\n";
        row("a chain begins", here + chain, "1 | 2 after 1, 3 after 2");
        row("its second", here + "run 1 finished\nwait 2 here after=1\nwait 3 here after=2\n",
            "2 | 3 after 2");
        row("later in the queue all the same", here + "wait 2 here after=1\nwait 1 here\n", "1 | 2 after 1");
        row("two before", here + "run 1 finished\nwait 2 here started\nwait 3 here after=1,2\n",
            " | 3 after 2");
        row("both over", here + "run 1 finished\nrun 2 finished\nwait 3 here after=1,2\n", "3 |");
        for (const char* state : {"failed", "stopped", "lost"})
            row(state, here + "run 1 " + state + "\nwait 2 here after=1\nwait 3 here after=2\n",
                " | 2 failed 1, 3 after 2");
        row("one that is gone", here + "wait 2 here after=1\n", " | 2 failed 1");
        row("failed in the queue", here + "run 1 failed\nwait 1 here broken\nwait 2 here after=1\n",
            " | 2 failed 1");
        row("failed before, and waits to be retried",
            here + "run 1 failed\nwait 1 here\nwait 2 here after=1\n", "1 | 2 after 1");
        row("a failure counts more than what still goes",
            here + "run 1 running\nrun 2 failed\nwait 3 here after=1,2\n", " | 3 failed 2");
        for (const char* state : {"running", "paused"})
            row(state, here + "run 1 " + state + "\nwait 2 here after=1\n", " | 2 after 1");
        row("nobody started it", here + "run 1 created\nwait 2 here after=1\n", " | 2 idle 1");
        row("each other", here + "wait 1 here after=2\nwait 2 here after=1\n", " | 1 after 2, 2 after 1");
        row("waits and is held", here + "run 1 running\nwait 2 here after=1 held\n", " | 2 after 1");
        row("what waits for another takes nobody's place",
            here + "run 9 running\nwait 1 here after=9\nwait 2 here\nwait 3 here\n", "2 3 | 1 after 9");
    }
    void plans() {
        QFETCH(std::string, input);
        QFETCH(std::string, expected);
        QCOMPARE(textOf(planQueue(inputFrom(input))), expected);
    }

    // Everything starts in the end, and never too much at once.
    void everyRunStartsOnce() {
        QueueInput input = inputFrom("at ssh:box 5 2 2\n");
        for (int run = 1; run <= 40; ++run) {
            QueuedRun entry;
            entry.run = run;
            entry.backend = "ssh:box";
            entry.gpus = run % 5 == 0 ? 0 : run % 7 == 0 ? 2 : 1;
            if (run % 3 == 0) entry.after = {run - 1, run / 2};
            input.queue.push_back(entry);
        }
        int started = 0, round = 0;
        while (!input.queue.empty() && ++round < 100) {
            const QueuePlan plan = planQueue(input);
            std::map<int, int> onGpu;
            for (QueuedRun& entry : input.queue)
                for (const QueueStart& start : plan.starts)
                    if (entry.run == start.run) {
                        QVERIFY(entry.state == QueuedState::Waiting);
                        entry.state = QueuedState::Started;
                        entry.onGpus = start.gpus;
                        ++started;
                    }
            int going = 0;
            for (const QueuedRun& entry : input.queue)
                if (entry.state == QueuedState::Started) {
                    ++going;
                    for (const int gpu : entry.onGpus) ++onGpu[gpu];
                }
            QVERIFY(going > 0 && going <= 5);
            for (const auto& [gpu, runs] : onGpu) QVERIFY(gpu < 2 && runs <= 2);
            // The first one that goes ends.
            const auto first =
                std::find_if(input.queue.begin(), input.queue.end(),
                             [](const QueuedRun& entry) { return entry.state == QueuedState::Started; });
            input.states[first->run] = "finished";
            input.queue.erase(first);
        }
        QCOMPARE(started, 40);
    }

    void limits_data() {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<int>("atOnce");
        QTest::addColumn<int>("perGpu");
        const int usual = QueueLimits::usual().runsAtOnce;
        QVERIFY(usual >= 1);
        QTest::newRow("given") << QByteArray(R"({"runs_at_once":7,"runs_per_gpu":0})") << 7 << 0;
        QTest::newRow("half given") << QByteArray(R"({"runs_per_gpu":3})") << usual << 3;
        QTest::newRow("none") << QByteArray("{}") << usual << 1;
        QTest::newRow("nonsense") << QByteArray(R"({"runs_at_once":"x","runs_per_gpu":1.5})") << usual << 1;
        QTest::newRow("out of range") << QByteArray(R"({"runs_at_once":0,"runs_per_gpu":-4})") << 1 << 0;
        QTest::newRow("huge") << QByteArray(R"({"runs_at_once":99999999999})") << 999 << 1;
        QTest::newRow("no object") << QByteArray("[]") << usual << 1;
    }
    void limits() {
        QFETCH(QByteArray, json);
        QFETCH(int, atOnce);
        QFETCH(int, perGpu);
        const QueueLimits limits = queueLimitsFrom(Json::parse(json.toStdString()));
        QCOMPARE(limits.runsAtOnce, atOnce);
        QCOMPARE(limits.runsPerGpu, perGpu);
        QVERIFY(queueLimitsFrom(toJson(limits)) == limits);
    }

    void retryPauses() {
        QueueLimits limits;
        for (const auto& [attempts, seconds] : {std::pair(0, 30), {1, 30}, {2, 120}, {3, 600}, {99, 600}})
            QCOMPARE(retryPauseSeconds(limits, attempts), double(seconds));
        limits.retryPause = 0;
        QCOMPARE(retryPauseSeconds(limits, 3), 0.0);
        QCOMPARE(queueLimitsFrom(Json::parse(R"({"retry_pause": 5})")).retryPause, 5);
        QCOMPARE(queueLimitsFrom(Json::parse(R"({"retry_pause": -5})")).retryPause, 0);
    }

    void stateWords() {
        for (const QueuedState state : {QueuedState::Waiting, QueuedState::Started, QueuedState::Failed})
            QVERIFY(queuedStateFrom(toString(state)) == state);
        QVERIFY_THROWS_EXCEPTION(Error, queuedStateFrom("asleep"));
    }
};

QTEST_GUILESS_MAIN(TestQueuePlan)
#include "tst_queue_plan.moc"
