// Beam search over steps: against all solutions there are, against a search written down anew, and by hand.
#include <QTemporaryDir>
#include <QtTest>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "core/util/random.h"
#include "tests/training/recipes/search_record_check.h"
#include "training/recipes/beam_search.h"
#include "training/recipes/judge_model.h"

using namespace retort;

namespace {

using Ids = std::vector<std::int32_t>;

constexpr std::int32_t eos = 1, end = 2;  ///< `end` ends a step

/// A language: what may follow a text, each a step that ends with `end` or `eos`.
using Language = std::function<std::vector<Ids>(const Ids&)>;

/// The i-th sample of a text is the i-th of the steps that may follow: with as many samples as there are such
/// steps, all of them. Notes what it is asked.
struct Script {
    explicit Script(Language what) : language(std::move(what)) {}

    SampleFunction sampler() {
        return [this](const std::vector<Ids>& texts, std::int64_t samples, const SamplingSettings& settings,
                      std::uint64_t stream) {
            ++calls;
            std::vector<Completion> completions;
            for (std::size_t t = 0; t < texts.size(); ++t) {
                isRepeated |= !streams.insert({settings.seed, stream + t}).second;
                delimiters[texts[t][0]].insert(settings.stop.begin(), settings.stop.end());
                temperatures.insert(settings.temperature);
                const std::vector<Ids> steps = language(texts[t]);
                for (std::int64_t s = 0; s < samples; ++s) completions.push_back(step(steps, s, settings));
            }
            return completions;
        };
    }

    Completion step(const std::vector<Ids>& steps, std::int64_t sample, const SamplingSettings& settings) {
        Completion completion;
        if (calls == stopAtCall) return completion;
        completion.ids = steps[std::size_t(sample) % steps.size()];
        completion.finished = std::int64_t(completion.ids.size()) <= settings.maxNewTokens;
        if (!completion.finished) completion.ids.resize(std::size_t(settings.maxNewTokens));
        completion.whole = true;
        tokens += std::int64_t(completion.ids.size());
        return completion;
    }

    Language language;
    int calls = 0, stopAtCall = 0;
    std::int64_t tokens = 0;
    bool isRepeated = false;
    std::set<std::pair<std::uint64_t, std::uint64_t>> streams;
    std::map<std::int32_t, std::set<std::string>> delimiters;  ///< by the prompt's first token
    std::set<double> temperatures;
};

double hashed(const Ids& text, std::uint64_t seed) {
    std::string bytes;
    for (const std::int32_t id : text) bytes += std::to_string(id) + ' ';
    return Random(stableHash(bytes, seed)).uniform();
}

/// Trees of random shape: two or three steps of one or two tokens follow, or the end; at the latest after
/// four steps.
Language randomTree(std::uint64_t seed) {
    return [seed](const Ids& text) {
        const auto steps = std::count(text.begin(), text.end(), end);
        const int count = 2 + int(2 * hashed(text, seed));
        std::vector<Ids> next;
        for (int i = 0; i < count; ++i) {
            Ids step = {10 + i};
            if (hashed(text, seed + 1 + std::uint64_t(i)) < 0.3) step.push_back(20 + i);
            const bool isLast = steps == 4 || hashed(text, seed + 100 + std::uint64_t(i)) < 0.25;
            step.push_back(isLast ? eos : end);
            next.push_back(step);
        }
        return next;
    };
}

ValueFunction valuesBy(const std::function<double(const Ids&)>& value) {
    return [value](const std::vector<Ids>& texts) {
        std::vector<double> values;
        for (const Ids& text : texts) values.push_back(value(text));
        return values;
    };
}

Ids extended(Ids text, const Ids& step) {
    text.insert(text.end(), step.begin(), step.end());
    return text;
}

/// All solutions, without their prompt's token.
void collect(const Language& language, const Ids& text, std::vector<Ids>& solutions) {
    for (const Ids& step : language(text)) {
        const Ids longer = extended(text, step);
        if (step.back() == eos)
            solutions.push_back({longer.begin() + 1, longer.end()});
        else
            collect(language, longer, solutions);
    }
}

/// The search as a loop over sets of texts, of one problem.
Ids searchedAnew(const Language& language, const std::function<double(const Ids&)>& value,
                 std::int32_t prompt, std::size_t size, std::int64_t expansion) {
    const auto isOver = [](const Ids& text) { return text.back() == eos; };
    std::vector<Ids> beam = {{prompt}};
    for (bool first = true; !std::all_of(beam.begin(), beam.end(), isOver); first = false) {
        std::vector<Ids> all;
        for (const Ids& text : beam) {
            if (isOver(text)) {
                all.push_back(text);
                continue;
            }
            const std::vector<Ids> steps = language(text);
            const std::size_t samples = std::size_t(expansion) * (first ? size : 1);
            for (std::size_t i = 0; i < std::min(samples, steps.size()); ++i)
                all.push_back(extended(text, steps[i]));
        }
        beam.clear();
        while (beam.size() < size && !all.empty()) {
            const auto best = std::max_element(
                all.begin(), all.end(), [&](const Ids& a, const Ids& b) { return value(a) < value(b); });
            beam.push_back(*best);
            all.erase(best);
        }
    }
    return {beam.front().begin() + 1, beam.front().end()};
}

BeamSettings settingsOf(std::int64_t size, std::int64_t expansion) {
    BeamSettings settings;
    settings.size = size;
    settings.expansion = expansion;
    settings.eosId = eos;
    return settings;
}

/// A task of which only the kind matters.
class Kind : public Task {
  public:
    explicit Kind(std::string name) : m_name(std::move(name)) {}
    std::string kind() const override { return m_name; }
    Problem problem(Split, std::uint64_t, std::uint64_t) const override { return {}; }
    Verdict verify(const Problem&, std::string_view) const override { return {}; }
    std::string alphabet() const override { return {}; }

  private:
    std::string m_name;
};

}  // namespace

class TestBeamSearch : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void wideBeamsFindTheBest_data();
    void wideBeamsFindTheBest();
    void searchIsWhatItSays_data();
    void searchIsWhatItSays();
    void beamsLookBeyondTheBestStep_data();
    void beamsLookBeyondTheBestStep();
    void equalCandidatesAreOne();
    void lengthsAreKept_data() { test::addLengthRows(); }
    void lengthsAreKept();
    void finishedOnesComeBeforeCutOnes();
    void noNumberIsTheLeastValue();
    void stopsAreSaid();
    void samplingIsReproducible();
    void delimitersAreTheTasks_data();
    void delimitersAreTheTasks();
    void valuesAreThoseOfTheLastToken();
};

void TestBeamSearch::wideBeamsFindTheBest_data() {
    QTest::addColumn<int>("seed");
    for (int seed = 0; seed < 12; ++seed)
        QTest::newRow(qPrintable(QString("tree %1").arg(seed))) << seed * 1000;
}

// As wide as the tree, the search sees every solution.
void TestBeamSearch::wideBeamsFindTheBest() {
    QFETCH(int, seed);
    Script script(randomTree(std::uint64_t(seed)));
    const auto value = [&](const Ids& text) { return hashed(text, std::uint64_t(seed) + 500); };
    const auto results = searchBeams({{{100}, ";"}}, settingsOf(400, 3), script.sampler(), valuesBy(value));
    std::vector<Ids> all;
    collect(script.language, {100}, all);
    QVERIFY(all.size() > 1);
    const auto best = std::max_element(all.begin(), all.end(), [&](const Ids& a, const Ids& b) {
        return value(extended({100}, a)) < value(extended({100}, b));
    });
    QVERIFY(results[0].whole && results[0].best.finished);
    QCOMPARE(results[0].best.ids, *best);
    QCOMPARE(results[0].best.value, value(extended({100}, *best)));
    QCOMPARE(results[0].tokens, script.tokens);
}

void TestBeamSearch::searchIsWhatItSays_data() {
    QTest::addColumn<int>("size");
    QTest::addColumn<int>("expansion");
    for (const auto& [size, expansion] : {std::pair(1, 1), {1, 3}, {2, 2}, {3, 1}, {3, 3}, {2, 200}})
        QTest::newRow(qPrintable(QString("%1 x %2").arg(size).arg(expansion))) << size << expansion;
}

// Of many problems side by side (2 x 200: one at a time), each as if it were alone.
void TestBeamSearch::searchIsWhatItSays() {
    QFETCH(int, size);
    QFETCH(int, expansion);
    Script script(randomTree(7));
    const auto value = [](const Ids& text) { return hashed(text, 8); };
    std::vector<SearchProblem> problems;
    for (std::int32_t p = 0; p < 20; ++p) problems.push_back({{100 + p}, p % 3 == 0 ? "\n" : ";"});
    const auto results =
        searchBeams(problems, settingsOf(size, expansion), script.sampler(), valuesBy(value));
    QCOMPARE(results.size(), problems.size());
    std::int64_t tokens = 0;
    for (std::size_t p = 0; p < problems.size(); ++p) {
        const Ids expected =
            searchedAnew(script.language, value, problems[p].prompt[0], std::size_t(size), expansion);
        QCOMPARE(results[p].best.ids, expected);
        QVERIFY(results[p].whole);
        tokens += results[p].tokens;
        const std::string wrong = test::wrongInRecord(results[p]);
        QVERIFY2(wrong.empty(), wrong.c_str());
    }
    QCOMPARE(tokens, script.tokens);
}

void TestBeamSearch::beamsLookBeyondTheBestStep_data() {
    QTest::addColumn<int>("size");
    QTest::addColumn<int>("found");
    QTest::addColumn<int>("tokens");
    // Sampled: size x 2 first steps of 2 tokens each, then 2 of each of the beam.
    QTest::newRow("one") << 1 << 50 << 4 + 4;
    QTest::newRow("two") << 2 << 52 << 8 + 8;
}

// 10 looks better than 11, but its solutions 50 and 51 are worth less than 11's 52.
void TestBeamSearch::beamsLookBeyondTheBestStep() {
    QFETCH(int, size);
    QFETCH(int, found);
    QFETCH(int, tokens);
    Script script([](const Ids& text) -> std::vector<Ids> {
        if (text.size() == 1) return {{10, end}, {11, end}};
        if (text[1] == 10) return {{50, eos}, {51, eos}};
        return {{52, eos}, {53, eos}};
    });
    const std::map<std::int32_t, double> values = {{10, 0.6}, {11, 0.5}, {50, 0.4},
                                                   {51, 0.3}, {52, 0.9}, {53, 0.1}};
    const auto results =
        searchBeams({{{100}, ";"}}, settingsOf(size, 2), script.sampler(),
                    valuesBy([&](const Ids& text) { return values.at(text[text.size() - 2]); }));
    QCOMPARE(results[0].best.ids[2], found);
    QCOMPARE(results[0].tokens, std::int64_t(tokens));
}

// Three of four first steps are the same: they take one place of the two.
void TestBeamSearch::equalCandidatesAreOne() {
    Script script([](const Ids& text) -> std::vector<Ids> {
        if (text.size() == 1) return {{10, end}, {10, end}, {10, end}, {11, end}};
        return {{text[1] + 40, eos}};
    });
    const std::map<std::int32_t, double> values = {{10, 0.6}, {11, 0.5}, {50, 0.4}, {51, 0.9}};
    std::size_t rated = 0;
    const auto results =
        searchBeams({{{100}, ";"}}, settingsOf(2, 2), script.sampler(), [&](const std::vector<Ids>& texts) {
            rated += texts.size();
            std::vector<double> found;
            for (const Ids& text : texts) found.push_back(values.at(text[text.size() - 2]));
            return found;
        });
    QCOMPARE(results[0].best.ids, (Ids{11, end, 51, eos}));
    QCOMPARE(rated, std::size_t(4));  // and each is rated once
}

// Three steps of three tokens. Another problem, of short steps, shares the calls and has its own length.
void TestBeamSearch::lengthsAreKept() {
    QFETCH(int, tokens);
    QFETCH(int, positions);
    QFETCH(int, length);
    QFETCH(bool, finished);
    Script script([](const Ids& text) -> std::vector<Ids> {
        const bool isLast = std::count(text.begin(), text.end(), end) == 2;
        if (text[0] == 101) return {{10, isLast ? eos : end}};
        return {{10, 11, isLast ? eos : end}};
    });
    BeamSettings settings = settingsOf(2, 2);
    settings.maxTokens = tokens;
    settings.maxPositions = positions;
    const auto results = searchBeams({{{100}, ";"}, {{101}, ";"}}, settings, script.sampler(),
                                     valuesBy([](const Ids&) { return 0.5; }));
    QVERIFY(results[0].whole);
    QCOMPARE(results[0].best.ids.size(), std::size_t(length));
    QCOMPARE(results[0].best.finished, finished);
    QCOMPARE(results[0].best.cut, !finished);
    QVERIFY(std::int64_t(results[1].best.ids.size()) <= std::min(tokens, 6));
}

void TestBeamSearch::finishedOnesComeBeforeCutOnes() {
    Script script([](const Ids&) -> std::vector<Ids> { return {{10, 10, 10, 10, end}, {11, eos}}; });
    BeamSettings settings = settingsOf(2, 1);
    settings.maxTokens = 4;
    const auto results = searchBeams({{{100}, ";"}}, settings, script.sampler(),
                                     valuesBy([](const Ids& text) { return text[1] == 10 ? 0.9 : 0.1; }));
    QCOMPARE(results[0].best.ids, (Ids{11, eos}));
}

void TestBeamSearch::noNumberIsTheLeastValue() {
    Script script([](const Ids&) -> std::vector<Ids> { return {{10, eos}, {11, eos}}; });
    const auto results =
        searchBeams({{{100}, ";"}}, settingsOf(1, 2), script.sampler(),
                    valuesBy([](const Ids& text) { return text[1] == 10 ? std::nan("") : -5; }));
    QCOMPARE(results[0].best.ids[0], 11);
}

// Two problems at a time (2 x 128 rows each). The stop comes in the second pair's second round.
void TestBeamSearch::stopsAreSaid() {
    Script script([](const Ids& text) -> std::vector<Ids> {
        return {{10, text[0] == 102 || text.size() > 1 ? eos : end}};
    });
    script.stopAtCall = 4;
    std::vector<SearchProblem> problems;
    for (std::int32_t p = 0; p < 6; ++p) problems.push_back({{100 + p}, ";"});
    const auto results =
        searchBeams(problems, settingsOf(2, 128), script.sampler(), valuesBy([](const Ids&) { return 0.5; }));
    QCOMPARE(script.calls, 4);
    QCOMPARE(results.size(), std::size_t(6));
    const bool whole[] = {true, true, true, false, false, false};  // 102 was over after one step
    for (std::size_t p = 0; p < 6; ++p) QCOMPARE(results[p].whole, whole[p]);
}

void TestBeamSearch::samplingIsReproducible() {
    BeamSettings settings = settingsOf(4, 32);
    settings.temperature = 0.7;
    std::vector<SearchProblem> problems;
    for (std::int32_t p = 0; p < 12; ++p) problems.push_back({{100 + p}, p % 2 == 0 ? ";" : "\n"});
    const auto streamsOf = [&](std::uint64_t seed) {
        Script script(randomTree(3));
        settings.seed = seed;
        searchBeams(problems, settings, script.sampler(),
                    valuesBy([](const Ids& text) { return hashed(text, 4); }));
        // No random number is used twice, and nobody's text is cut at another's delimiter.
        if (script.isRepeated || script.temperatures != std::set<double>{0.7})
            return decltype(script.streams)();
        for (const auto& [prompt, delimiters] : script.delimiters)
            if (delimiters != std::set<std::string>{prompt % 2 == 0 ? ";" : "\n"})
                return decltype(script.streams)();
        return script.streams;
    };
    const auto streams = streamsOf(5);
    QVERIFY(!streams.empty());
    QVERIFY(streamsOf(5) == streams);
    QVERIFY(streamsOf(6) != streams);
}

void TestBeamSearch::delimitersAreTheTasks_data() {
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("worked");
    QTest::addColumn<QString>("delimiter");
    QTest::newRow("ours") << "addition"
                          << "<1+2=3;>3"
                          << ";";
    QTest::newRow("ours, bare") << "addition"
                                << "3"
                                << ";";
    QTest::newRow("a file of ours") << "file"
                                    << "<1+2=3;>3"
                                    << ";";
    QTest::newRow("a file of lines") << "file"
                                     << "One and two; that is\n3"
                                     << "\n";
    QTest::newRow("a file of answers") << "file"
                                       << "3"
                                       << "\n";
}

void TestBeamSearch::delimitersAreTheTasks() {
    QFETCH(QString, kind);
    QFETCH(QString, worked);
    QFETCH(QString, delimiter);
    Problem problem;
    problem.worked = worked.toStdString();
    QCOMPARE(stepDelimiter(Kind(kind.toStdString()), problem), delimiter.toStdString());
}

// The judge's word on a text is what its head makes of the last hidden state, whatever stands beside it.
void TestBeamSearch::valuesAreThoseOfTheLastToken() {
    const auto tokenizer = makeCharacterTokenizer("0123456789+=");
    ModelSettings settings;
    settings.hidden_size = 32;
    settings.num_hidden_layers = 2;
    settings.num_attention_heads = settings.num_key_value_heads = 2;
    settings.intermediate_size = 40;
    settings.initializer_range = 0.3;
    const ModelShape shape = ModelShape::fromSettings(settings, tokenizer->vocabularySize());
    const ScoreModel model{std::make_shared<CausalLM>(shape, 3), ScoreHead(2, 32, 9)};
    const QTemporaryDir folder;
    const std::filesystem::path path = folder.path().toStdString();
    model.save(path);
    tokenizer->save(path);
    const JudgeModel judge(path, *tokenizer, true);
    std::vector<Ids> texts;
    for (int i = 0; i < 300; ++i) {  // more than the judge takes at once
        Ids text;
        for (int t = 0; t <= i % 17; ++t) text.push_back(3 + (i * 7 + t * t) % 12);
        texts.push_back(text);
    }
    const std::vector<double> values = judge.valuesAtEnd(texts);
    QCOMPARE(values.size(), texts.size());
    const torch::NoGradGuard noGrad;
    double least = 1, most = 0;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const PackedBatch alone = PackedBatch::pack({texts[i]}, {Ids(texts[i].size(), -100)});
        const torch::Tensor logits = model.head(model.backbone->hidden(alone)[-1].unsqueeze(0))[0];
        const double no = logits[0].item<double>(), yes = logits[1].item<double>();
        const double expected = 1 / (1 + std::exp(no - yes));
        QVERIFY2(std::abs(values[i] - expected) < 1e-5, qPrintable(QString::number(values[i] - expected)));
        least = std::min(least, expected);
        most = std::max(most, expected);
    }
    QVERIFY(most - least > 0.05);
}

QTEST_GUILESS_MAIN(TestBeamSearch)
#include "tst_beam_search.moc"
