// The data's cursor is a number: what is drawn depends on (seed, index) alone, by the weights that were asked
// for.
#include <QtTest>
#include <set>

#include "core/util/error.h"
#include "training/recipes/data_source.h"

using namespace retort;

namespace {

TaskSettings task(const char* name, double weight, double workedShare) {
    TaskSettings settings;
    settings.task = "addition";
    settings.name = name;
    settings.weight = weight;
    settings.worked_share = workedShare;
    settings.parameters = Json{{"min_digits", 1}, {"max_digits", 3}};
    return settings;
}

}  // namespace

class TestDataSource : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void drawsDependOnSeedAndIndexAlone();
    void sharesAreKept();
    void trainingNeverSeesHeldOutProblems();
    void heldOutProblemsAreDistinctAndAlwaysTheSame();
    void smallTasksGiveFewerProblems();
    void filesAreSourcesToo();
    void badSourcesAreRefused();
};

void TestDataSource::drawsDependOnSeedAndIndexAlone() {
    const auto sources = makeDataSources({task("a", 1, 0.5), task("b", 1, 0.5)}, {});
    const DataMixture one(sources, 7), again(sources, 7), other(sources, 8);
    int different = 0;
    for (std::uint64_t index : {900, 3, 77, 0, 12345}) {
        const DrawnProblem drawn = one.draw(index), second = again.draw(index);
        QCOMPARE(second.problem.id, drawn.problem.id);
        QCOMPARE(second.source, drawn.source);
        QCOMPARE(second.worked, drawn.worked);
        different += other.draw(index).problem.id != drawn.problem.id;
    }
    QVERIFY(different > 0);
}

void TestDataSource::sharesAreKept() {
    const auto sources = makeDataSources({task("a", 3, 0.25), task("none", 0, 1), task("b", 1, 1)}, {});
    const DataMixture mixture(sources, 1);
    double first = 0, worked = 0;
    for (std::uint64_t index = 0; index < 4000; ++index) {
        const DrawnProblem drawn = mixture.draw(index);
        QVERIFY(drawn.source != 1);
        if (drawn.source != 0) {
            QVERIFY(drawn.worked);
            continue;
        }
        first += 1;
        worked += drawn.worked;
        QCOMPARE(drawn.completion(), drawn.worked ? drawn.problem.worked : drawn.problem.answer);
    }
    QVERIFY(std::abs(first / 4000 - 0.75) < 0.03);  // four standard deviations
    QVERIFY(std::abs(worked / first - 0.25) < 0.035);
}

void TestDataSource::trainingNeverSeesHeldOutProblems() {
    const auto sources = makeDataSources({task("a", 1, 1)}, {});
    std::set<std::string> heldOut;
    for (const Problem& problem : heldOutProblems(*sources[0].task, 200)) heldOut.insert(problem.id);
    const DataMixture mixture(sources, 3);
    for (std::uint64_t index = 0; index < 5000; ++index)
        QVERIFY(!heldOut.contains(mixture.draw(index).problem.id));
}

void TestDataSource::heldOutProblemsAreDistinctAndAlwaysTheSame() {
    const auto sources = makeDataSources({task("a", 1, 1)}, {}),
               again = makeDataSources({task("b", 1, 1)}, {});
    const auto problems = heldOutProblems(*sources[0].task, 100);
    QCOMPARE(problems.size(), std::size_t(100));
    std::set<std::string> ids;
    for (const Problem& problem : problems) ids.insert(problem.id);
    QCOMPARE(ids.size(), problems.size());
    QCOMPARE(problemSetHash(heldOutProblems(*again[0].task, 100)), problemSetHash(problems));
    QVERIFY(problemSetHash(heldOutProblems(*sources[0].task, 99)) != problemSetHash(problems));
}

void TestDataSource::smallTasksGiveFewerProblems() {
    TaskSettings tiny = task("tiny", 1, 1);
    tiny.parameters = Json{{"min_digits", 1}, {"max_digits", 1}};
    const auto sources = makeDataSources({tiny}, {});
    const auto problems = heldOutProblems(*sources[0].task, 1000);
    QVERIFY(!problems.empty() && problems.size() < 100);
}

void TestDataSource::filesAreSourcesToo() {
    QTemporaryDir folder;
    QFile file(folder.filePath("own.jsonl"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    for (int i = 0; i < 200; ++i)
        file.write(QStringLiteral("{\"prompt\": \"double %1=\", \"completion\": \"%2\"}\n")
                       .arg(i)
                       .arg(2 * i)
                       .toUtf8());
    file.close();
    FileSettings settings;
    settings.path = file.fileName().toStdString();
    const auto sources = makeDataSources({task("a", 1, 1)}, {settings});
    QCOMPARE(sources[1].name, std::string("own"));
    std::set<std::string> heldOut;
    for (const Problem& problem : heldOutProblems(*sources[1].task, 1000)) heldOut.insert(problem.id);
    QVERIFY(!heldOut.empty() && heldOut.size() < 40);
    const DataMixture mixture(sources, 5);
    int fromFile = 0;
    for (std::uint64_t index = 0; index < 400; ++index) {
        const DrawnProblem drawn = mixture.draw(index);
        if (drawn.source != 1) continue;
        ++fromFile;
        QVERIFY(!heldOut.contains(drawn.problem.id));
        QVERIFY(drawn.problem.prompt.starts_with("double "));
    }
    QVERIFY(fromFile > 100);
    settings.path = "/nowhere.jsonl";
    QVERIFY_EXCEPTION_THROWN(makeDataSources({}, {settings}), Error);
}

void TestDataSource::badSourcesAreRefused() {
    QVERIFY_EXCEPTION_THROWN(makeDataSources({}, {}), Error);
    QVERIFY_EXCEPTION_THROWN(makeDataSources({task("a", 1, 1), task("a", 1, 1)}, {}), Error);
    QVERIFY_EXCEPTION_THROWN(makeDataSources({task("a", 0, 1)}, {}), Error);
    TaskSettings unknown = task("a", 1, 1);
    unknown.task = "telepathy";
    QVERIFY_EXCEPTION_THROWN(makeDataSources({unknown}, {}), Error);
}

QTEST_APPLESS_MAIN(TestDataSource)
#include "tst_data_source.moc"
