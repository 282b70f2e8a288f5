// Monte-Carlo values of steps, with scripts in the policy's place: pits by hand and by counting.
#include <QtTest>
#include <map>
#include <set>

#include "core/util/random.h"
#include "training/recipes/step_values.h"

using namespace retort;

namespace {

using Ids = std::vector<std::int32_t>;

/// Lines are steps, none of them checked; the last line is the answer, and "R" is right.
class Lines : public Task {
  public:
    std::string kind() const override { return "file"; }
    Problem problem(Split, std::uint64_t, std::uint64_t) const override { return {}; }
    std::string alphabet() const override { return {}; }
    Verdict verify(const Problem&, std::string_view completion) const override {
        Verdict verdict;
        for (std::size_t begin = 0; begin < completion.size();) {
            const std::size_t end = std::min(completion.find('\n', begin), completion.size() - 1) + 1;
            verdict.steps.push_back({std::int64_t(begin), std::int64_t(end), StepVerdict::Unchecked, {}});
            begin = end;
        }
        if (verdict.steps.size() == 1) verdict.steps.clear();
        verdict.correct = completion == "R" || completion.ends_with("\nR");
        return verdict;
    }
};

const Lines task;
const std::shared_ptr<const Tokenizer> tokenizer = makeCharacterTokenizer("abcdefghijklmnopqRW?\n0123456789");

/// A text whose last character is `!` was cut off there.
Completion completionOf(std::string text) {
    Completion completion;
    completion.finished = !text.ends_with('!');
    if (!completion.finished) text.pop_back();
    completion.ids = tokenizer->encode(text);
    if (completion.finished) completion.ids.push_back(tokenizer->eosId());
    completion.whole = true;
    return completion;
}

JudgedCompletion judgedOf(const std::string& text) {
    JudgedCompletion judged;
    judged.completion = completionOf(text);
    judged.text = tokenizer->decode(judged.completion.ids);
    judged.verdict = task.verify({}, judged.text);
    return judged;
}

SampledGroup groupOf(const std::string& prompt, const std::vector<std::string>& samples) {
    SampledGroup group;
    group.drawn.problem.prompt = prompt;
    for (const std::string& sample : samples) group.samples.push_back(judgedOf(sample));
    return group;
}

/// What follows each text, in turn; notes what it is asked.
struct Script {
    SampleFunction sampler() {
        return [this](const std::vector<Ids>& prompts, std::int64_t samples, const SamplingSettings& sampling,
                      std::uint64_t stream) {
            ++calls;
            settings = sampling;
            streamBase = stream;
            std::vector<Completion> completions;
            for (const Ids& prompt : prompts) {
                const std::string text = tokenizer->decode(prompt);
                asked.push_back(text);
                const std::vector<std::string>& ways = follows[text];
                for (std::int64_t s = 0; s < samples; ++s) {
                    completions.push_back(
                        completionOf(ways.empty() ? "W" : ways[std::size_t(s) % ways.size()]));
                    completions.back().whole = !isStopped;
                    tokens += std::int64_t(completions.back().ids.size());
                }
            }
            return completions;
        };
    }

    std::map<std::string, std::vector<std::string>> follows;  ///< other texts: only "W"
    bool isStopped = false;
    int calls = 0;
    std::int64_t tokens = 0;
    std::vector<std::string> asked;
    SamplingSettings settings;
    std::uint64_t streamBase = 0;
};

/// "prompt|chosen|rejected", `$` where a completion ends, `/` for a line's end.
QString said(const PreferencePair& pair) {
    return QString::fromStdString(pair.prompt + "|" + pair.chosen + (pair.chosenEnds ? "$" : "") + "|" +
                                  pair.rejected + (pair.rejectedEnds ? "$" : ""))
        .replace('\n', '/');
}

QStringList said(const std::optional<StepValuePairs>& found) {
    QStringList texts;
    for (const PreferencePair& pair : found->pairs) texts << said(pair);
    return texts;
}

std::string text(QString written) {
    return written.replace('/', '\n').toStdString();
}

struct Row {
    QStringList samples, script;  ///< "a/: b/R, cW": what follows "a/"
    QStringList pairs;
    double drop = 0.5;
    int rollouts = 2;
    int maxLength = 100;
};

}  // namespace

class TestStepValues : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void pitsByHand_data();
    void pitsByHand();
    void pitsByCounting();
    void stepsEndWhereTheyEnd_data();
    void stepsEndWhereTheyEnd();
    void rolloutsAreOneCall();
    void stopsAreSaid();
    void groupsAreKeptApart();
};

void TestStepValues::pitsByHand_data() {
    QTest::addColumn<QStringList>("samples");
    QTest::addColumn<QStringList>("script");
    QTest::addColumn<QStringList>("pairs");
    QTest::addColumn<double>("drop");
    QTest::addColumn<int>("rollouts");
    QTest::addColumn<int>("maxLength");
    const auto row = [](const char* name, const Row& r) {
        QTest::newRow(name) << r.samples << r.script << r.pairs << r.drop << r.rollouts << r.maxLength;
    };
    // 1/2, then 1/2 after a, 0 after b: b is the pit.
    row("second step", {{"a/b/W", "c/R"}, {"a/: c/R, W"}, {"?a/|c/|b/"}});
    // What follows a prompt is known from the samples.
    row("first step", {{"a/b/W", "c/R"}, {}, {"?|c/|a/"}});
    row("the answer", {{"a/b/W", "c/R"}, {"a/: R, W", "a/b/: R, R"}, {"?a/b/|R$|W$"}});
    row("no pit", {{"a/b/W", "c/R", "d/W", "d/W"},
                   {"a/: R, R, W, W", "a/b/: R, W, W, W", "d/: R, W, W, W"},
                   {},
                   0.5,
                   4});
    row("a smaller drop is enough", {{"a/b/W", "c/R", "d/W", "d/W"},
                                     {"a/: R, R, W, W", "a/b/: R, W, W, W", "d/: R, W, W, W"},
                                     {"?a/|R$|b/", "?d/|R$|W$"},
                                     0.25,
                                     4});
    // 0.7 - 0.2 is a drop by 1/2 in spite of rounding.
    row("exactly the drop", {{"a/b/W", "W", "W", "c/R", "c/R", "c/R", "d/R", "d/R", "d/R", "d/R"},
                             {"a/: R, R, W, W, W, W, W, W, W, W"},
                             {"?|c/|a/"},
                             0.5,
                             10});
    row("better, then worse", {{"a/b/W", "W"}, {"a/: e/R, R"}, {"?a/|e/|b/"}});
    // The right one begins as the wrong one does: there is no other step to take.
    row("no other step", {{"a/b/W", "a/R"}, {"a/: W, W"}, {}});
    row("the other of two", {{"a/b/W", "a/R", "c/R"}, {"a/: W, W"}, {"?|c/|a/"}});
    // An answer without working is no step.
    row("no steps", {{"W", "R", "R"}, {}, {}});
    row("right ones without steps", {{"a/b/W", "R"}, {}, {}});
    row("equal pairs are one", {{"a/b/W", "a/b/W", "a/c/W", "d/R", "d/R", "d/R"}, {}, {"?|d/|a/"}});
    // Cut off in its third step, which has no value; b, that it had finished, is the pit.
    row("cut off", {{"a/b/e!", "c/R"}, {"a/: c/R, W"}, {"?a/|c/|b/"}});
    row("cut off before the pit", {{"a/b!", "c/R"}, {"a/: c/R, W"}, {}});
    // After a/ there is room for four tokens: "c/R" and its end, but not "cc/R".
    row("within the length", {{"a/b/W", "c/R"}, {"a/: c/R, W"}, {"?a/|c/|b/"}, 0.5, 2, 6});
    row("beyond the length", {{"a/b/W", "c/R"}, {"a/: cccc/R, W"}, {"?|c/|a/"}, 0.5, 2, 6});
    // No token can follow b/: nothing is right from there, and nothing is asked.
    row("no room", {{"a/b/W", "c/R"}, {"a/: R, W", "a/b/: R, R"}, {"?a/|R$|b/"}, 0.5, 2, 4});
}

void TestStepValues::pitsByHand() {
    QFETCH(QStringList, samples);
    QFETCH(QStringList, script);
    QFETCH(QStringList, pairs);
    QFETCH(double, drop);
    QFETCH(int, rollouts);
    QFETCH(int, maxLength);
    const std::string asked = "?";
    Script policy;
    for (const QString& line : script) {
        const QStringList parts = line.split(QStringLiteral(": "));
        for (const QString& way : parts[1].split(QStringLiteral(", ")))
            policy.follows[asked + text(parts[0])].push_back(text(way));
    }
    std::vector<std::string> texts;
    for (const QString& sample : samples) texts.push_back(text(sample));
    PairSettings settings;
    settings.step_drop = drop;
    settings.step_rollouts = rollouts;
    settings.max_completion_length = maxLength;
    const auto found =
        stepValuePairs({groupOf(asked, texts)}, {&task}, *tokenizer, {&settings}, policy.sampler());
    QVERIFY(found);
    QCOMPARE(said(found), pairs);
    QCOMPARE(found->rolloutTokens, policy.tokens);
}

// Random numbers of successes after each step, all in whole eighths; the pit is counted.
void TestStepValues::pitsByCounting() {
    int pits = 0, none = 0;
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        Random random(seed);
        const auto right = random.integer(0, 7), drop = random.integer(1, 6), steps = random.integer(2, 6);
        std::string wrong;
        Script policy;
        std::vector<std::int64_t> counts = {right};  // of eight
        for (std::int64_t k = 0; k < steps; ++k) {
            wrong += std::string(1, char('a' + k)) + "\n";
            counts.push_back(random.integer(0, 8));
            for (std::int64_t i = 0; i < 8; ++i)
                policy.follows["?" + wrong].push_back(i < counts.back() ? "q\nR" : "q\nW");
        }
        counts.push_back(0);
        std::vector<std::string> samples(std::size_t(right), "q\nR");
        samples.resize(8, wrong + "W");
        std::size_t pit = 1;
        while (pit < counts.size() && counts[pit - 1] - counts[pit] < drop) ++pit;

        PairSettings settings;
        settings.step_drop = double(drop) / 8;
        settings.step_rollouts = 8;
        const auto found =
            stepValuePairs({groupOf("?", samples)}, {&task}, *tokenizer, {&settings}, policy.sampler());
        if (pit == counts.size()) {
            ++none;
            QVERIFY(found->pairs.empty());
            continue;
        }
        ++pits;
        QCOMPARE(found->pairs.size(), std::size_t(1));
        const PreferencePair& pair = found->pairs[0];
        const std::size_t begin = 2 * (pit - 1);
        QCOMPARE(pair.prompt.substr(1), wrong.substr(0, begin));
        QCOMPARE(pair.rejected, (wrong + "W").substr(begin, 2));
        QCOMPARE(pair.chosen, std::string("q\n"));
        QCOMPARE(pair.rejectedEnds, pit + 1 == counts.size());
        QVERIFY(!pair.chosenEnds);
    }
    QVERIFY(pits > 50 && none > 5);
}

void TestStepValues::stepsEndWhereTheyEnd_data() {
    QTest::addColumn<QString>("written");
    QTest::addColumn<QVector<int>>("ends");
    QTest::newRow("lines") << "a/bb/R" << QVector<int>{2, 5, 6};
    QTest::newRow("ends with a line") << "a/bb/" << QVector<int>{2, 5};
    QTest::newRow("cut off") << "a/bb/c!" << QVector<int>{2, 5};
    QTest::newRow("cut off at a line's end") << "a/bb/!" << QVector<int>{2};
    QTest::newRow("no steps") << "R" << QVector<int>{};
}

void TestStepValues::stepsEndWhereTheyEnd() {
    QFETCH(QString, written);
    QFETCH(QVector<int>, ends);
    const std::vector<std::size_t> found = stepEnds(judgedOf(text(written)));
    QCOMPARE(QVector<int>(found.begin(), found.end()), ends);
    // In our own format the answer follows the region; the checker's steps end before.
    TaskSettings settings;
    settings.task = "addition";
    const auto addition = makeDataSources({settings}, {});
    const Problem problem = addition[0].task->problem(Split::Train, 1, 1);
    JudgedCompletion worked;
    worked.text = problem.worked;
    worked.completion.finished = true;
    worked.verdict = addition[0].task->verify(problem, worked.text);
    const std::vector<std::size_t> all = stepEnds(worked);
    QVERIFY(all.size() >= 2);
    QCOMPARE(all.back(), worked.text.size());
    for (std::size_t i = 0; i + 1 < all.size(); ++i) QCOMPARE(worked.text[all[i] - 1], ';');
}

void TestStepValues::rolloutsAreOneCall() {
    PairSettings settings;
    settings.step_rollouts = 3;
    settings.temperature = 0.6;
    settings.top_p = 0.9;
    settings.max_completion_length = 30;
    StepValueSettings values{&settings};
    values.seed = 17;
    values.streamBase = 99;
    Script policy;
    std::vector<SampledGroup> groups = {groupOf("?", {text("a/b/W"), text("a/c/W"), text("d/R")}),
                                        groupOf("0", {text("a/R"), text("a/b/W")})};
    const auto found = stepValuePairs(groups, {&task, &task}, *tokenizer, values, policy.sampler());
    QCOMPARE(policy.calls, 1);
    // What two completions begin with is rolled out once, right completions not at all.
    QVERIFY((policy.asked == std::vector<std::string>{"?a\n", "?a\nb\n", "?a\nc\n", "0a\n", "0a\nb\n"}));
    QCOMPARE(policy.settings.temperature, 0.6);
    QCOMPARE(policy.settings.topP, 0.9);
    QCOMPARE(policy.settings.seed, std::uint64_t(17));
    QCOMPARE(policy.settings.maxNewTokens, std::int64_t(28));
    QCOMPARE(policy.streamBase, std::uint64_t(99));
    QCOMPARE(found->rolloutTokens, std::int64_t(5 * 3 * 2));  // "W" and its end
    const auto again = stepValuePairs(groups, {&task, &task}, *tokenizer, values, policy.sampler());
    QCOMPARE(said(again), said(found));
    // Positions bound them, too.
    values.maxPositions = 4;  // "?a/" has one left, "?a/b/" none
    policy.asked.clear();
    stepValuePairs(groups, {&task, &task}, *tokenizer, values, policy.sampler());
    QVERIFY((policy.asked == std::vector<std::string>{"?a\n", "0a\n"}));
    QCOMPARE(policy.settings.maxNewTokens, std::int64_t(1));
}

void TestStepValues::stopsAreSaid() {
    PairSettings settings;
    Script policy;
    policy.isStopped = true;
    QVERIFY(!stepValuePairs({groupOf("?", {text("a/b/W"), text("c/R")})}, {&task}, *tokenizer, {&settings},
                            policy.sampler()));
    // Where there is nothing to roll out, a stop changes nothing.
    QVERIFY(stepValuePairs({groupOf("?", {"R", "W"})}, {&task}, *tokenizer, {&settings}, policy.sampler()));
}

// The same texts in another group are another problem's.
void TestStepValues::groupsAreKeptApart() {
    PairSettings settings;
    settings.step_rollouts = 2;
    Script policy;
    policy.follows["0a\n"] = {"e\nR"};
    const std::vector<std::string> samples = {text("a/b/W"), text("c/R")};
    const auto found = stepValuePairs({groupOf("?", samples), groupOf("0", samples)}, {&task, &task},
                                      *tokenizer, {&settings}, policy.sampler());
    QCOMPARE(said(found), (QStringList{"?|c/|a/", "0a/|e/|b/"}));
}

QTEST_GUILESS_MAIN(TestStepValues)
#include "tst_step_values.moc"
