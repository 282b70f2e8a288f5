// Merges in memory against sums by hand and formulas; losses against whole logits.
#include <QTemporaryDir>
#include <QtTest>
#include <atomic>
#include <cmath>
#include <limits>

#include "tests/training/search/tiny_parents.h"

using namespace retort;
using namespace retort::test;

namespace {

/// θ0 + Σ w·(θ − θ0), written the plain way; it has to be surveyed twice first.
class PlainSum final : public MergeMethod {
  public:
    struct Survey final : MergeSurvey {
        void observe(const TensorMerge&) override { ++seen; }
        bool wantsAnotherPass() override { return ++passes < 2; }
        std::atomic<int> seen = 0;
        int passes = 0;
    };
    std::string_view name() const override { return "plain_sum"; }
    std::string_view help() const override { return "a test's"; }
    const std::vector<MergeParameterInfo>& parameters() const override {
        static const std::vector<MergeParameterInfo> none;
        return none;
    }
    bool needsBase() const override { return true; }
    std::unique_ptr<MergeSurvey> survey() const override { return std::make_unique<Survey>(); }
    void merge(const TensorMerge& tensor, const MergeSurvey* survey, std::span<float> out) const override {
        const auto& seen = dynamic_cast<const Survey&>(*survey);
        if (seen.passes != 2 || seen.seen % 2 != 0) throw Error("not surveyed");
        std::int64_t size = 1;
        for (const std::int64_t extent : tensor.shape) size *= extent;
        if (std::size_t(size) != out.size() || tensor.base.size() != out.size()) throw Error("sizes");
        for (std::size_t i = 0; i < out.size(); ++i) {
            // Depends on the element's place: a wrong orientation shows.
            const double place =
                1 + double(i % std::size_t(tensor.shape.back())) / double(tensor.shape.back());
            out[i] = tensor.base[i];
            for (const ModelTensor& model : tensor.models)
                out[i] +=
                    float(place * model.parameters.number("weight", 0)) * (model.values[i] - tensor.base[i]);
        }
    }
};

ModelShape gpt2Shape() {
    ModelShape shape;
    shape.block = DecoderBlock::Gpt2;
    shape.vocabSize = 40;
    shape.hiddenSize = 16;
    shape.layers = 2;
    shape.heads = shape.kvHeads = 2;
    shape.headDim = 8;
    shape.intermediateSize = 32;
    shape.maxPositions = 32;
    shape.positionEmbedding = "learned";
    return shape;
}

MergeSpace spaceOf(const MergeParents& parents, std::int64_t groups) {
    MergeSpace space;
    space.base = "base";
    for (std::size_t i = 0; i < parents.models.size(); ++i) space.models.push_back(std::to_string(i));
    space.groups = layerGroups(parents.weightNames(), groups);
    return space;
}

std::vector<double> someCoefficients(const MergeSpace& space) {
    std::vector<double> x;
    for (std::size_t i = 0; i < space.dimensions(); ++i) x.push_back(0.1 + 0.07 * double(i));
    return x;
}

/// Mean cross entropy of the completions, one example after the other, from whole logits.
double lossByHand(CausalLM& model, const TrainerParts& parts, std::size_t source, std::int64_t rows) {
    const torch::NoGradGuard noGradient;
    double sum = 0, tokens = 0;
    for (const Problem& problem : heldOutProblems(*parts.sources[source].task, rows)) {
        std::vector<std::int32_t> ids = parts.tokenizer->encode(problem.prompt);
        const std::size_t prompt = ids.size();
        for (const std::int32_t id : parts.tokenizer->encode(problem.answer)) ids.push_back(id);
        ids.push_back(parts.tokenizer->eosId());
        const torch::Tensor logprobs = torch::log_softmax(
            model.logits(PackedBatch::pack({ids}, {std::vector<std::int32_t>(ids.size(), 0)})), -1);
        for (std::size_t i = prompt; i < ids.size(); ++i, tokens += 1)
            sum -= logprobs[std::int64_t(i) - 1][ids[i]].item<double>();
    }
    return sum / tokens;
}

}  // namespace

class TestMergeEvaluator : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase() { m_tiny = std::make_unique<TinyParents>(); }
    void sumsByHand();
    void endsAreExact();
    void linearAveragesModels();
    void formulas_data();
    void formulas();
    void lossAgainstLogits();
    void refiningEndsWhereTheWholeIs();
    void accuracyOfParents();
    void objectivesForSearches();
    void aSearchOverRealMerges();
    void foldersAreRead();
    void badParents();
    void badInput();

  private:
    std::unique_ptr<MergeEvaluator> evaluator() const {
        return std::make_unique<MergeEvaluator>(m_tiny->parents(), m_tiny->parts.tokenizer,
                                                m_tiny->parts.sources, m_tiny->settings());
    }
    std::unique_ptr<TinyParents> m_tiny;
};

void TestMergeEvaluator::sumsByHand() {
    const MergeParents parents = m_tiny->parents();
    MergeSpace space = spaceOf(parents, 0);
    space.lambda = 0.5;
    for (const bool normalize : {false, true}) {
        space.normalize = normalize;
        const std::vector<double> x = someCoefficients(space);
        CausalLM out(parents.shape, 9);
        mergeSum(parents, space, x, out.flatParameters());
        const auto base = m_tiny->base->namedWeights(), a = m_tiny->experts[0]->namedWeights(),
                   b = m_tiny->experts[1]->namedWeights(), merged = out.namedWeights();
        for (std::size_t i = 0; i < merged.size(); ++i) {
            const std::size_t group = groupOf(space.groups, merged[i].first);
            double wa = space.weightAt(x, group, 0), wb = space.weightAt(x, group, 1);
            if (normalize) wa /= wa + wb, wb = 1 - wa;
            const torch::Tensor expected = base[i].second + 0.5 * (wa * (a[i].second - base[i].second) +
                                                                   wb * (b[i].second - base[i].second));
            QVERIFY((merged[i].second - expected).abs().max().item<double>() < 1e-6);
        }
    }
}

void TestMergeEvaluator::endsAreExact() {
    const auto judge = evaluator();
    const MergeSpace space = m_tiny->space(1);
    const torch::Tensor flat = judge->model()->flatParameters();
    judge->merge(space, std::vector<double>{0, 0});
    QVERIFY(flat.equal(m_tiny->base->flatParameters()));
    judge->merge(space, std::vector<double>{0, 1});
    QVERIFY(flat.equal(m_tiny->experts[1]->flatParameters()));
    judge->merge(space, std::vector<double>{-1, 0});  // negation: forgetting a task
    QVERIFY((flat + m_tiny->experts[0]->flatParameters() - 2 * m_tiny->base->flatParameters())
                .abs()
                .max()
                .item<double>() < 1e-6);
}

void TestMergeEvaluator::linearAveragesModels() {
    const MergeParents parents = MergeParents::of(nullptr, m_tiny->experts);
    MergeSpace space = spaceOf(parents, 1);
    space.method = "linear";
    space.normalize = true;
    CausalLM out(parents.shape, 9);
    mergeSum(parents, space, std::vector<double>{3, 1}, out.flatParameters());
    const torch::Tensor expected =
        0.75 * m_tiny->experts[0]->flatParameters() + 0.25 * m_tiny->experts[1]->flatParameters();
    QVERIFY((out.flatParameters() - expected).abs().max().item<double>() < 1e-6);
    QVERIFY(!errorOf([&] {
                 mergeSum(parents, space, std::vector<double>{1, -1}, out.flatParameters());
             }).empty());
    space.method = "task_arithmetic";
    QVERIFY(!errorOf([&] {
                 mergeSum(parents, space, std::vector<double>{1, 1}, out.flatParameters());
             }).empty());
}

void TestMergeEvaluator::formulas_data() {
    QTest::addColumn<bool>("gpt2");
    QTest::newRow("Llama") << false;
    QTest::newRow("GPT-2, whose files have matrices the other way round") << true;
}

void TestMergeEvaluator::formulas() {
    QFETCH(bool, gpt2);
    const ModelShape shape = gpt2 ? gpt2Shape() : m_tiny->base->shape();
    const auto base = std::make_shared<CausalLM>(shape, 1);
    const std::vector<std::shared_ptr<CausalLM>> models = {movedBy(*base, 0.1, 2), movedBy(*base, 0.1, 3)};
    const MergeParents parents = MergeParents::of(base, models);
    const MergeSpace space = spaceOf(parents, 2);
    const std::vector<double> x = someCoefficients(space);
    CausalLM out(shape, 5);
    mergeByFormula(parents, space, x, PlainSum(), {1, 2}, 1, out.flatParameters());
    const auto merged = out.namedWeights(), from = base->namedWeights();
    for (std::size_t i = 0; i < merged.size(); ++i) {
        const bool turned = out.slices()[i].transposedInFile;
        const auto oriented = [&](const torch::Tensor& t) { return turned ? t.t() : t; };
        const torch::Tensor start = oriented(from[i].second);
        const std::int64_t columns = start.size(-1);
        const torch::Tensor place = 1 + torch::arange(columns, torch::kFloat64) / double(columns);
        torch::Tensor expected = start.to(torch::kFloat64);
        const std::size_t group = groupOf(space.groups, merged[i].first);
        for (std::size_t m = 0; m < 2; ++m)
            expected =
                expected + space.weightAt(x, group, m) * place *
                               (oriented(models[m]->namedWeights()[i].second) - start).to(torch::kFloat64);
        QVERIFY2((oriented(merged[i].second) - expected).abs().max().item<double>() < 1e-5,
                 merged[i].first.c_str());
    }
}

void TestMergeEvaluator::lossAgainstLogits() {
    const auto judge = evaluator();
    const auto score = judge->loss(0);
    QCOMPARE(score->tasks.size(), std::size_t(2));
    double mean = 0;
    for (std::size_t task = 0; task < 2; ++task) {
        const double expected = lossByHand(*m_tiny->experts[0], m_tiny->parts, task, 32);
        QVERIFY(std::abs(score->tasks[task].loss - expected) < 1e-4);
        QCOMPARE(score->tasks[task].rows > 0, true);
        mean += score->tasks[task].loss / 2;
    }
    QVERIFY(std::abs(score->loss - mean) < 1e-9 && std::isnan(score->accuracy));
    QCOMPARE(score->tasks[0].name, std::string("addition"));
    // Each expert is the better one on its own task.
    judge->merge(m_tiny->space(1), std::vector<double>{0, 1});
    const auto other = judge->loss(0);
    QVERIFY(other->tasks[0].loss > score->tasks[0].loss && other->tasks[1].loss < score->tasks[1].loss);
}

void TestMergeEvaluator::refiningEndsWhereTheWholeIs() {
    const auto judge = evaluator();
    std::vector<MergeResult> scores;
    QVERIFY(judge->refine([&](const MergeResult& score) { scores.push_back(score); }));
    QCOMPARE(scores.front().rows, std::int64_t(8));
    QVERIFY(scores.size() >= 2 && scores[1].rows > 8);
    const auto whole = judge->loss(0), coarse = judge->loss(8);
    QCOMPARE(scores.back().rows, whole->rows);
    QCOMPARE(scores.back().loss, whole->loss);
    QCOMPARE(scores.front().loss, coarse->loss);
    for (const TaskScore& task : scores.front().tasks) QCOMPARE(task.rows, std::int64_t(4));
    std::stop_source stop;
    int seen = 0;
    QVERIFY(!judge->refine([&](const MergeResult&) { ++seen, stop.request_stop(); }, stop.get_token()));
    QCOMPARE(seen, 1);
    QVERIFY(!judge->loss(0, stop.get_token()) && !judge->accuracy(stop.get_token()));
}

void TestMergeEvaluator::accuracyOfParents() {
    const auto judge = evaluator();
    const auto sets = makeEvaluationSets(m_tiny->parts.sources, m_tiny->settings().generation.num_problems);
    for (std::size_t m = 0; m < 2; ++m) {
        std::vector<double> x = {0, 0};
        x[m] = 1;
        judge->merge(m_tiny->space(1), x);
        const auto score = judge->accuracy();
        Generator generator(m_tiny->experts[m], m_tiny->parts.tokenizer);
        generator.refresh();
        const auto reports = evaluateSets(sets, generator, *m_tiny->parts.tokenizer,
                                          m_tiny->settings().generation, false, 1, 0, {});
        for (std::size_t task = 0; task < 2; ++task) {
            QCOMPARE(score->tasks[task].accuracy, reports[task].event.metrics[0].second);
            QVERIFY(score->tasks[task].meanLength > 0 && std::isnan(score->tasks[task].loss));
        }
    }
}

void TestMergeEvaluator::objectivesForSearches() {
    const auto judge = evaluator();
    const MergeSpace space = m_tiny->space(1);
    const std::vector<SearchObjective> objectives = {
        {"loss"}, {"loss/modular_chain"}, {"accuracy/addition", true}, {"mean_length"}};
    const auto values = judge->evaluation(space, objectives)({0.5, 0.5});
    judge->merge(space, std::vector<double>{0.5, 0.5});
    const auto losses = judge->loss(0), generated = judge->accuracy();
    QCOMPARE(values, (std::vector<double>{losses->loss, losses->tasks[1].loss, generated->tasks[0].accuracy,
                                          generated->meanLength}));
    for (const char* name : {"los", "loss/none", "", "accuracy/"})
        QVERIFY(!errorOf([&] { judge->evaluation(space, {{name}})({0.5, 0.5}); }).empty());
    std::stop_source stop;
    stop.request_stop();
    QVERIFY(judge->evaluation(space, objectives, stop.get_token())({0.5, 0.5}).empty());
}

// The best of a sweep is no worse than its ends, and a short evolution no worse than its start.
void TestMergeEvaluator::aSearchOverRealMerges() {
    const auto judge = evaluator();
    const MergeSpace space = m_tiny->space(0);
    SearchContext context;
    context.objectives = {{"loss"}};
    context.evaluate = judge->evaluation(space, context.objectives);
    EvolutionSettings settings;
    settings.maxEvaluations = 80;
    const SearchOutcome outcome = evolve(context, space, settings);
    QVERIFY(outcome.best()->score < outcome.points.front().score);
    judge->merge(space, outcome.best()->coefficients);
    QCOMPARE(judge->loss(0)->loss, outcome.best()->score);  // the point says all
}

void TestMergeEvaluator::foldersAreRead() {
    const QTemporaryDir folder;
    const std::filesystem::path root = folder.path().toStdString();
    const auto save = [&](const CausalLM& model, const Tokenizer& tokenizer, const char* name) {
        std::filesystem::create_directories(root / name);
        model.save(root / name);
        tokenizer.save(root / name);
        return root / name;
    };
    const auto base = save(*m_tiny->base, *m_tiny->parts.tokenizer, "base");
    const auto expert = save(*m_tiny->experts[0], *m_tiny->parts.tokenizer, "expert");
    const MergeParents parents = MergeParents::load(base, {expert});
    QVERIFY(parents.base.equal(m_tiny->base->flatParameters()));
    QVERIFY(parents.models[0].equal(m_tiny->experts[0]->flatParameters()));
    QVERIFY(!MergeParents::load({}, {expert}).base.defined());
    // As many tokens, but others.
    std::string alphabet;
    for (std::int32_t i = 3; i < m_tiny->parts.tokenizer->vocabularySize(); ++i) alphabet += char('0' + i);
    const auto other = save(*m_tiny->experts[0], *makeCharacterTokenizer(alphabet), "other");
    QVERIFY(errorOf([&] { MergeParents::load(base, {other}); }).find("vocabular") != std::string::npos);
    ModelShape deep = m_tiny->base->shape();
    deep.layers = 3;
    const auto larger = save(CausalLM(deep, 1), *m_tiny->parts.tokenizer, "larger");
    QVERIFY(errorOf([&] { MergeParents::load(base, {larger}); }).find("shapes") != std::string::npos);
    QVERIFY(!errorOf([&] { MergeParents::load(root / "none", {expert}); }).empty());
    QVERIFY(!errorOf([&] { MergeParents::load(base, {}); }).empty());
}

void TestMergeEvaluator::badParents() {
    const auto broken = copyOf(*m_tiny->base);
    broken->namedWeights()[3].second.data_ptr<float>()[5] = std::numeric_limits<float>::quiet_NaN();
    QVERIFY(errorOf([&] { MergeParents::of(m_tiny->base, {broken}); }).find("finite") != std::string::npos);
    QVERIFY(!errorOf([&] {
                 MergeParents::of(m_tiny->base, {std::make_shared<CausalLM>(gpt2Shape(), 1)});
             }).empty());
    QVERIFY(!errorOf([&] { MergeParents::of(m_tiny->base, {}); }).empty());
}

void TestMergeEvaluator::badInput() {
    const auto judge = evaluator();
    MergeSpace space = m_tiny->space(1);
    QVERIFY(!errorOf([&] { judge->merge(space, std::vector<double>{1}); }).empty());
    QVERIFY(!errorOf([&] { judge->merge(space, std::vector<double>{1, NAN}); }).empty());
    space.method = "nonsense";
    QVERIFY(errorOf([&] {
                judge->merge(space, std::vector<double>{1, 1});
            }).find("nonsense") != std::string::npos);
    space = m_tiny->space(1);
    space.models.pop_back();
    QVERIFY(!errorOf([&] { judge->merge(space, std::vector<double>{1}); }).empty());
    const std::vector<DataSource> none;
    QVERIFY(!errorOf([&] {
                 MergeEvaluator nothing(m_tiny->parents(), m_tiny->parts.tokenizer, none, m_tiny->settings());
             }).empty());
}

QTEST_GUILESS_MAIN(TestMergeEvaluator)
#include "tst_merge_evaluator.moc"
