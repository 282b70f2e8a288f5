// Prompts chosen by an earlier run's rewards, on logs whose variances are computed here by themselves.
#include <QtTest>
#include <algorithm>
#include <fstream>
#include <random>

#include "core/runlog/writer.h"
#include "core/util/error.h"
#include "tests/training/recipes/recipe_parts.h"
#include "tests/training/recipes/tiny_run.h"
#include "training/recipes/prompt_history.h"

using namespace retort;
using namespace retort::test;
namespace fs = std::filesystem;

namespace {

/// 30 sums of one or two digits.
RunConfig configOf(std::int64_t prompts) {
    RunConfig config = tinyConfig("grpo");
    config.data.tasks.resize(1);
    config.data.tasks[0].examples = 30;
    config.grpo.fixed_prompts = prompts;
    return config;
}

Trace rollout(std::int64_t step, const Problem& problem, double reward) {
    Trace trace;
    trace.step = step;
    trace.task = "addition";
    trace.problemId = problem.id;
    trace.prompt = problem.prompt;
    trace.reward = reward;
    return trace;
}

}  // namespace

class TestPromptHistory : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void byNumberWithoutAHistory();
    void highestVarianceFirst_data();
    void highestVarianceFirst();
    void varianceIsThatOfGroupMeans();
    void onlyWhatHolds();
    void promptsWithoutIds();
    void theChoiceIsKept();
    void fewerThanWanted();
    void emptyHistoriesAreRefused();

  private:
    /// A run with these rollouts.
    RunDirectory history(const std::vector<EventPayload>& events) {
        RunDirectory run = makeRun(m_folder, tinyConfig("grpo"));
        RunLogWriter log(run.eventsFile());
        for (const EventPayload& event : events) log.write(event);
        log.sync();
        return run;
    }
    std::vector<std::uint64_t> chosen(const TrainerParts& parts) {
        const RunDirectory run = makeRun(m_folder, parts.config);
        return chosenIn(run, parts);
    }
    std::vector<std::uint64_t> chosenIn(const RunDirectory& run, const TrainerParts& parts) {
        RunSession session(run, m_said, 0, {});
        return fixedPromptNumbers(parts, session, parts.config.grpo, mixtureOf(parts));
    }
    static DataMixture mixtureOf(const TrainerParts& parts) {
        return {parts.sources, std::uint64_t(parts.config.seed)};
    }

    QTemporaryDir m_folder;
    EventList m_said;
};

void TestPromptHistory::byNumberWithoutAHistory() {
    TrainerParts parts = partsOf(configOf(3));
    parts.config.grpo.fixed_prompt_offset = 7;
    QCOMPARE(chosen(parts), (std::vector<std::uint64_t>{7, 8, 9}));
    parts.config.grpo.fixed_prompts = 0;
    QVERIFY(chosen(parts).empty());
}

void TestPromptHistory::highestVarianceFirst_data() {
    QTest::addColumn<int>("seed");
    QTest::addColumn<int>("skipped");
    for (int seed = 1; seed <= 5; ++seed) QTest::addRow("seed %d", seed) << seed << (seed - 1) * 2;
}

// Random visits of random prompts, four completions each; the ranking is computed from a table of all
// rewards.
void TestPromptHistory::highestVarianceFirst() {
    QFETCH(int, seed);
    QFETCH(int, skipped);
    TrainerParts parts = partsOf(configOf(4));
    const DataMixture mixture = mixtureOf(parts);
    std::mt19937 random{unsigned(seed)};
    std::vector<EventPayload> events;
    std::map<std::string, std::vector<double>> means;
    for (std::int64_t step = 1; step <= 40; ++step)
        for (const std::uint64_t number : {random() % 30, random() % 30}) {
            const Problem problem = mixture.draw(number).problem;
            if (events.size() > 4 && std::get<TraceEvent>(events.back()).trace.problemId == problem.id)
                continue;  // twice in a step is another test's
            double sum = 0;
            for (int sample = 0; sample < 4; ++sample) {
                const double reward = double(random() % 1000) / 1000;
                events.push_back(TraceEvent{rollout(step, problem, reward)});
                sum += reward;
            }
            means[problem.id].push_back(sum / 4);
        }
    std::vector<std::pair<double, std::string>> ranking;
    for (const auto& [id, values] : means) {
        if (values.size() < 2) continue;
        double squares = 0, sum = 0;
        for (const double value : values) {
            squares += value * value;
            sum += value;
        }
        const double n = double(values.size());
        ranking.emplace_back(-(squares - sum * sum / n) / (n - 1), id);
    }
    std::sort(ranking.begin(), ranking.end());
    const int most = 4;
    QVERIFY(int(ranking.size()) >= most + skipped);
    parts.config.grpo.fixed_prompt_history = history(events).path().string();
    parts.config.grpo.fixed_prompt_offset = skipped;
    const auto numbers = chosen(parts);
    QCOMPARE(int(numbers.size()), most);
    for (int i = 0; i < most; ++i)
        QCOMPARE(mixture.draw(numbers[std::size_t(i)]).problem.id, ranking[std::size_t(i + skipped)].second);
}

// Completions of one step are averaged first: what differs within a group is no variance of the history.
void TestPromptHistory::varianceIsThatOfGroupMeans() {
    const TrainerParts parts = partsOf(configOf(1));
    const DataMixture mixture = mixtureOf(parts);
    const Problem noisy = mixture.draw(1).problem, steady = mixture.draw(2).problem;
    std::vector<EventPayload> events;
    for (const std::int64_t step : {1, 2, 3}) {
        for (const double reward : {0.0, 1.0}) events.push_back(TraceEvent{rollout(step, noisy, reward)});
        events.push_back(TraceEvent{rollout(step, steady, 0.1 * double(step))});
    }
    const PromptHistory found = PromptHistory::read(history(events).path());
    QCOMPARE(found.size(), std::size_t(2));
    QVERIFY(std::abs(found.find(noisy)->variance) < 1e-12);
    QVERIFY(std::abs(found.find(steady)->variance - 0.01) < 1e-12);  // of 0.1, 0.2, 0.3
    QCOMPARE(found.find(steady)->visits, std::int64_t(3));
    QVERIFY(!found.find(mixture.draw(3).problem));
}

// Neither what a resume superseded counts, nor evaluations, nor traces without a reward.
void TestPromptHistory::onlyWhatHolds() {
    const TrainerParts parts = partsOf(configOf(1));
    const Problem problem = mixtureOf(parts).draw(5).problem;
    Trace evaluated = rollout(3, problem, 100), unrewarded = rollout(4, problem, 0);
    evaluated.phase = "eval";
    unrewarded.reward.reset();
    const PromptHistory found = PromptHistory::read(
        history({TraceEvent{rollout(1, problem, 0)}, TraceEvent{rollout(2, problem, 50)},
                 TraceEvent{rollout(3, problem, 70)}, RewindEvent{1}, TraceEvent{rollout(2, problem, 1)},
                 TraceEvent{evaluated}, TraceEvent{unrewarded}})
            .path());
    QCOMPARE(found.find(problem)->visits, std::int64_t(2));
    QCOMPARE(found.find(problem)->variance, 0.5);  // of 0 and 1
}

// Of another trainer, which knows no problem ids.
void TestPromptHistory::promptsWithoutIds() {
    TrainerParts parts = partsOf(configOf(1));
    std::vector<EventPayload> events;
    for (std::uint64_t number = 0; number < 10; ++number)
        for (const std::int64_t step : {1, 2}) {
            Trace trace =
                rollout(step, mixtureOf(parts).draw(number).problem, number == 6 ? double(step) : 0.5);
            trace.problemId.clear();
            events.push_back(TraceEvent{trace});
        }
    parts.config.grpo.fixed_prompt_history = history(events).path().string();
    QCOMPARE(chosen(parts), std::vector<std::uint64_t>{6});
    QVERIFY(m_said.messages("info").find("variance 0.5 over 2 steps") != std::string::npos);
}

// A resumed run asks the same prompts, whatever has become of the history.
void TestPromptHistory::theChoiceIsKept() {
    TrainerParts parts = partsOf(configOf(2));
    std::vector<EventPayload> events;
    for (std::uint64_t number = 0; number < 10; ++number)
        for (const std::int64_t step : {1, 2})
            events.push_back(TraceEvent{
                rollout(step, mixtureOf(parts).draw(number).problem, double(number * std::uint64_t(step)))});
    const RunDirectory earlier = history(events), run = makeRun(m_folder, parts.config);
    parts.config.grpo.fixed_prompt_history = earlier.path().string();
    const auto first = chosenIn(run, parts);
    QCOMPARE(first, (std::vector<std::uint64_t>{9, 8}));
    fs::remove_all(earlier.path());
    QCOMPARE(chosenIn(run, parts), first);
    QVERIFY(!errorOf([&] { chosen(parts); }).empty());  // another run has nothing to go by
    std::ofstream(run.path() / "fixed_prompts.json") << "{\"prompts\": 3}";
    QVERIFY(!errorOf([&] { chosenIn(run, parts); }).empty());
}

void TestPromptHistory::fewerThanWanted() {
    TrainerParts parts = partsOf(configOf(3));
    const Problem problem = mixtureOf(parts).draw(4).problem;
    parts.config.grpo.fixed_prompt_history =
        history({TraceEvent{rollout(1, problem, 0)}, TraceEvent{rollout(2, problem, 1)}}).path().string();
    QCOMPARE(chosen(parts), std::vector<std::uint64_t>{4});
    QVERIFY(m_said.messages("warning").find("only 1 of 3") != std::string::npos);
    parts.config.grpo.fixed_prompt_offset = 1;
    QVERIFY(errorOf([&] { chosen(parts); }).find("1 are skipped") != std::string::npos);
}

void TestPromptHistory::emptyHistoriesAreRefused() {
    TrainerParts parts = partsOf(configOf(1));
    Problem stranger;
    stranger.id = stranger.prompt = "of another task";
    const Problem problem = mixtureOf(parts).draw(0).problem;
    const auto error = [&](const fs::path& folder) {
        parts.config.grpo.fixed_prompt_history = folder.string();
        return errorOf([&] { chosen(parts); });
    };
    const char* hint = "traces.groups_per_step and traces.every_steps";
    const std::string
        none = error(history({}).path()),
        once = error(history({TraceEvent{rollout(1, problem, 1)}}).path()),
        other =
            error(history({TraceEvent{rollout(1, stranger, 0)}, TraceEvent{rollout(2, stranger, 1)}}).path());
    QVERIFY2(none.find("kept no rollouts") != std::string::npos && none.find(hint) != std::string::npos,
             none.c_str());
    QVERIFY2(once.find("at two steps") != std::string::npos && once.find(hint) != std::string::npos,
             once.c_str());
    QVERIFY2(other.find("in this run's data") != std::string::npos && other.find(hint) != std::string::npos,
             other.c_str());
    QVERIFY(!error(fs::path(m_folder.path().toStdString()) / "nowhere").empty());
}

QTEST_GUILESS_MAIN(TestPromptHistory)
#include "tst_prompt_history.moc"
