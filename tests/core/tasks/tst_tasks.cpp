// Properties that every task has, over many problems of each.
#include <QTest>
#include <set>

#include "core/tasks/task.h"
#include "core/util/error.h"

using namespace retort;

namespace {

struct Case {
    const char* name;
    const char* task;
    const char* parameters;
};

const Case cases[] = {
    {"addition", "addition", "{}"},
    {"addition plain", "addition", R"({"format":"plain","max_digits":20})"},
    {"addition reversed", "addition", R"({"format":"reversed","equal_length":false})"},
    {"addition answer reversed", "addition", R"({"format":"reversed_scratchpad","reverse_operands":false})"},
    {"addition scratchpad", "addition", R"({"format":"scratchpad","operands":9,"max_digits":3})"},
    {"modular_chain", "modular_chain", "{}"},
    {"modular_chain 97", "modular_chain", R"({"modulus":97,"max_operations":12,"operators":"+-"})"},
    {"multiplication", "multiplication", "{}"},
    {"multiplication plain", "multiplication", R"({"format":"plain","max_digits":9})"},
    {"multiplication scratchpad", "multiplication",
     R"({"format":"scratchpad","max_digits":3,"equal_length":false})"},
    {"multiplication reversed", "multiplication",
     R"({"format":"reversed_scratchpad","reverse_operands":false})"},
    {"expression", "expression", "{}"},
    {"expression integers", "expression",
     R"({"modulus":0,"max_number":12,"max_depth":4,"max_operations":9})"},
    {"expression modulo 23", "expression", R"({"modulus":23,"min_depth":2,"max_depth":5})"},
    {"countdown", "countdown", "{}"},
    {"countdown division", "countdown",
     R"({"operators":"+-*/","max_numbers":5,"max_number":25,"max_target":999})"},
    {"boolean", "boolean", "{}"},
    {"boolean or", "boolean", R"({"operators":"|","negation":false,"max_depth":6})"},
    {"sorting", "sorting", "{}"},
    {"sorting long", "sorting", R"({"max_length":32})"},
};

std::unique_ptr<Task> make(const QString& task, const QString& parameters) {
    return makeTask(task.toStdString(), Json::parse(parameters.toStdString()));
}

}  // namespace

class TestTasks : public QObject {
    Q_OBJECT

    void columns() {
        QTest::addColumn<QString>("task");
        QTest::addColumn<QString>("parameters");
        for (const Case& c : cases) QTest::newRow(c.name) << c.task << c.parameters;
    }

  private Q_SLOTS:
    void everyTaskHasACase() {
        std::set<std::string> covered;
        for (const Case& c : cases) covered.insert(c.task);
        for (const ParameterVariant& variant : taskVariants()) {
            QVERIFY2(covered.contains(variant.name), variant.name.c_str());
            QVERIFY(!variant.help.empty());
            for (const Parameter& parameter : variant.parameters) QVERIFY(!parameter.help.empty());
        }
    }

    void reference_data() { columns(); }
    void reference() {
        QFETCH(QString, task);
        QFETCH(QString, parameters);
        const auto subject = make(task, parameters);
        const std::string alphabet = subject->alphabet();
        for (std::uint64_t i = 0; i < 1000; ++i) {
            const Problem problem = subject->problem(Split::Train, 7, i);
            QVERIFY2(problem.id.starts_with(subject->kind() + ":"), problem.id.c_str());
            QVERIFY(problem.prompt.ends_with('='));
            QVERIFY((problem.prompt + problem.worked + problem.answer).find_first_not_of(alphabet) ==
                    std::string::npos);
            const Verdict bare = subject->verify(problem, problem.answer);
            QVERIFY2(bare.correct && bare.wellFormed && !bare.worked && bare.reason.empty(),
                     bare.reason.c_str());
            const Verdict worked = subject->verify(problem, problem.worked);
            QVERIFY2(worked.correct && worked.wellFormed, problem.worked.c_str());
            QCOMPARE(worked.worked, problem.worked != problem.answer);
            QCOMPARE(worked.stepAccuracy, worked.worked ? 1.0 : 0.0);
            std::string steps;
            for (const TraceStep& step : worked.steps) {
                QVERIFY2(step.verdict == StepVerdict::Correct && step.reason.empty(), step.reason.c_str());
                steps += problem.worked.substr(std::size_t(step.begin), std::size_t(step.end - step.begin));
            }
            if (worked.worked) QCOMPARE("<" + steps + ">" + problem.answer, problem.worked);
        }
    }

    void mutatedAnswers_data() { columns(); }
    void mutatedAnswers() {
        QFETCH(QString, task);
        QFETCH(QString, parameters);
        const auto subject = make(task, parameters);
        const std::string alphabet = subject->alphabet();
        for (std::uint64_t i = 0; i < 100; ++i) {
            const Problem problem = subject->problem(Split::Test, 3, i);
            for (std::size_t at = 0; at < problem.answer.size(); ++at) {
                for (char c : alphabet) {
                    std::string mutated = problem.answer;
                    if (mutated[at] == c || c == ' ') continue;
                    mutated[at] = c;
                    const Verdict verdict = subject->verify(problem, mutated);
                    // Countdown accepts any expression that gives the target: 2+2 for 2*2.
                    const bool sameValue =
                        task == "countdown" && std::string("+-*/").find(c) != std::string::npos;
                    QVERIFY2(!verdict.correct || sameValue, mutated.c_str());
                    QCOMPARE(verdict.correct, verdict.reason.empty());
                }
            }
            QVERIFY(!subject->verify(problem, problem.answer + problem.answer).correct);
        }
    }

    // A step with one digit changed is wrong and says why; those before it stay correct.
    void mutatedSteps_data() { columns(); }
    void mutatedSteps() {
        QFETCH(QString, task);
        QFETCH(QString, parameters);
        const auto subject = make(task, parameters);
        for (std::uint64_t i = 0; i < 200; ++i) {
            const Problem problem = subject->problem(Split::Train, 5, i);
            const Verdict reference = subject->verify(problem, problem.worked);
            for (std::size_t k = 0; k < reference.steps.size(); ++k) {
                std::string mutated = problem.worked;
                char& last = mutated[std::size_t(reference.steps[k].end) - 2];
                last = last == '1' ? '2' : last == 'T' ? 'F' : last == 'F' ? 'T' : '1';
                const Verdict verdict = subject->verify(problem, mutated);
                QCOMPARE(verdict.steps.size(), reference.steps.size());
                for (std::size_t j = 0; j < k; ++j) QVERIFY(verdict.steps[j].verdict == StepVerdict::Correct);
                QVERIFY2(verdict.steps[k].verdict == StepVerdict::Wrong, mutated.c_str());
                QVERIFY(!verdict.steps[k].reason.empty());
                QVERIFY(verdict.stepAccuracy < 1);
                QVERIFY(verdict.correct);
            }
        }
    }

    void splitsAreDisjoint_data() { columns(); }
    void splitsAreDisjoint() {
        QFETCH(QString, task);
        QFETCH(QString, parameters);
        const auto subject = make(task, parameters);
        std::set<std::string> seen[3];
        for (Split split : {Split::Train, Split::Validation, Split::Test})
            for (std::uint64_t i = 0; i < 1000; ++i) {
                const Problem problem = subject->problem(split, 1, i);
                QVERIFY(splitOf(problem.id) == split);
                seen[int(split)].insert(problem.id);
            }
        for (const std::string& id : seen[0]) QVERIFY(!seen[1].contains(id) && !seen[2].contains(id));
        for (const std::string& id : seen[1]) QVERIFY(!seen[2].contains(id));
    }

    void seeds_data() { columns(); }
    void seeds() {
        QFETCH(QString, task);
        QFETCH(QString, parameters);
        const auto first = make(task, parameters), second = make(task, parameters);
        int equal = 0;
        for (std::uint64_t i = 0; i < 100; ++i) {
            const Problem a = first->problem(Split::Train, 11, i), b = second->problem(Split::Train, 11, i);
            QCOMPARE(a.prompt, b.prompt);
            QCOMPARE(a.worked, b.worked);
            equal += a.prompt == first->problem(Split::Train, 12, i).prompt;
        }
        QVERIFY(equal < 50);
    }

    void malformed_data() { columns(); }
    void malformed() {
        QFETCH(QString, task);
        QFETCH(QString, parameters);
        const auto subject = make(task, parameters);
        const Problem problem = subject->problem(Split::Train, 1, 0);
        const std::string garbage[] = {"",
                                       "<",
                                       ">",
                                       "<>",
                                       "<;>",
                                       "<<>>",
                                       ";",
                                       "<1;",
                                       "x",
                                       "<1=1",
                                       "<1+1=2;>",
                                       "><",
                                       "\xff\xfe\x80",
                                       std::string(3, '\0'),
                                       "=",
                                       "<a;>b<c;>d",
                                       "<" + std::string(1 << 20, ';') + ">1",
                                       std::string(1 << 20, '9'),
                                       std::string(1 << 20, '<'),
                                       "<" + std::string(1 << 20, '(') + ";>1",
                                       std::string(1 << 20, '('),
                                       "<" + std::string(1 << 20, '1')};
        for (const std::string& text : garbage) {
            const Verdict verdict = subject->verify(problem, text);
            QVERIFY(!verdict.correct || text.ends_with(problem.answer));
            QVERIFY(verdict.stepAccuracy >= 0 && verdict.stepAccuracy <= 1);
            QVERIFY(verdict.steps.size() <= 4096);
            for (const TraceStep& step : verdict.steps)
                QVERIFY(step.begin <= step.end && step.end <= std::int64_t(text.size()));
        }
        // Every prefix of the reference is handled, and only the whole is correct and well-formed.
        for (std::size_t n = 0; n < problem.worked.size(); ++n) {
            if (problem.worked == problem.answer) break;
            const Verdict verdict = subject->verify(problem, problem.worked.substr(0, n));
            QVERIFY(!verdict.correct || n >= problem.worked.size() - problem.answer.size());
        }
        QVERIFY(!subject->verify(problem, problem.worked + ";").wellFormed);
        QVERIFY(!subject->verify(problem, problem.worked + "<>").correct);
    }

    // 321+654 and 654+321 are different problems of the same split.
    void commutedSums() {
        for (int a = 0; a < 60; ++a)
            for (int b = 0; b < 60; ++b) {
                const auto id = [](const char* kind, const char* sign, int x, int y) {
                    return std::string(kind) + ":" + std::to_string(x) + sign + std::to_string(y);
                };
                QVERIFY(splitOf(id("addition", "+", a, b)) == splitOf(id("addition", "+", b, a)));
                QVERIFY(splitOf(id("multiplication", "*", a, b)) == splitOf(id("multiplication", "*", b, a)));
            }
    }

    void splitShares() {
        int counts[3] = {};
        for (int i = 0; i < 10'000; ++i) ++counts[int(splitOf("sorting:" + std::to_string(i)))];
        QVERIFY(std::abs(counts[0] - 8000) < 200);
        QVERIFY(std::abs(counts[1] - 1000) < 150);
        QVERIFY(std::abs(counts[2] - 1000) < 150);
    }

    // Every difficulty is equally frequent, however many more long numbers there are than short ones.
    void difficultyIsBalanced() {
        const auto task = makeTask("addition", {{"max_digits", 5}});
        int counts[6] = {};
        for (std::uint64_t i = 0; i < 5000; ++i) ++counts[task->problem(Split::Train, 1, i).difficulty];
        for (int digits = 2; digits <= 5; ++digits) QVERIFY(std::abs(counts[digits] - 1000) < 150);
    }

    void refused_data() {
        QTest::addColumn<QString>("task");
        QTest::addColumn<QString>("parameters");
        QTest::newRow("unknown task") << "additions"
                                      << "{}";
        QTest::newRow("unknown parameter") << "addition"
                                           << R"({"digits":3})";
        QTest::newRow("out of range") << "addition"
                                      << R"({"max_digits":65})";
        QTest::newRow("wrong type") << "addition"
                                    << R"({"max_digits":"3"})";
        QTest::newRow("real") << "addition"
                              << R"({"max_digits":3.5})";
        QTest::newRow("unknown format") << "addition"
                                        << R"({"format":"backwards"})";
        QTest::newRow("crossed") << "addition"
                                 << R"({"min_digits":5,"max_digits":4})";
        QTest::newRow("a list") << "addition"
                                << "[3]";
        QTest::newRow("too few problems") << "modular_chain"
                                          << R"({"modulus":2,"max_operations":1,"operators":"+"})";
    }
    void refused() {
        QFETCH(QString, task);
        QFETCH(QString, parameters);
        QVERIFY_EXCEPTION_THROWN(make(task, parameters), Error);
    }
};

QTEST_APPLESS_MAIN(TestTasks)
#include "tst_tasks.moc"
