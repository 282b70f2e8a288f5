// The searches over an evaluator that costs nothing, the recipes they end in, and the trace.
#include <yaml-cpp/yaml.h>

#include <QtTest>
#include <cmath>
#include <limits>

#include "core/util/error.h"
#include "training/merging/search/merge_search.h"

using namespace retort;

namespace {

std::vector<std::string> weightNames(int layers) {
    std::vector<std::string> names = {"model.embed_tokens.weight"};
    for (int i = 0; i < layers; ++i)
        for (const char* part : {"self_attn.q_proj.weight", "mlp.down_proj.weight"})
            names.push_back("model.layers." + std::to_string(i) + "." + part);
    names.push_back("model.norm.weight");
    return names;
}

MergeSpace spaceOf(std::int64_t groups, bool density) {
    MergeSpace space;
    space.base = "base";
    space.models = {"a", "b"};
    space.groups = layerGroups(weightNames(12), groups);
    space.searchesDensity = density;
    return space;
}

/// What mergekit makes of a parameter for a weight: a number, or the first filter that the name contains.
double resolved(const YAML::Node& value, const std::string& weight) {
    if (value.IsScalar()) return value.as<double>();
    for (const YAML::Node& entry : value)
        if (!entry["filter"] || weight.find(entry["filter"].as<std::string>()) != std::string::npos)
            return entry["value"].as<double>();
    return std::numeric_limits<double>::quiet_NaN();
}

SearchContext contextOf(PointEvaluation evaluate) {
    SearchContext context;
    context.evaluate = std::move(evaluate);
    context.objectives = {{"loss"}};
    return context;
}

/// Best where group g's weight of model m is 0.1·g + 0.3·m.
double distance(const MergeSpace& space, const std::vector<double>& x) {
    double sum = 0;
    for (std::size_t g = 0; g < space.groups.size(); ++g)
        for (std::size_t m = 0; m < space.models.size(); ++m)
            sum += std::pow(space.weightAt(x, g, m) - 0.1 * double(g) - 0.3 * double(m), 2);
    return sum;
}

}  // namespace

class TestMergeSearch : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void groupsOfLayers();
    void groupsOfOddNames();
    void recipesSayTheSame_data();
    void recipesSayTheSame();
    void recipeText();
    void hostilePaths();
    void evolutionFindsTheOptimum();
    void evolutionStartsAgain();
    void evolutionKeepsItsBudget_data();
    void evolutionKeepsItsBudget();
    void stopsAreHeard();
    void gridsAndSweeps();
    void balancedActor();
    void traceRoundTrip();
    void badInput();
};

void TestMergeSearch::groupsOfLayers() {
    const auto all = layerGroups(weightNames(12), 1);
    QCOMPARE(all.size(), std::size_t(1));
    QCOMPARE(groupOf(all, "anything"), std::size_t(0));
    const auto three = layerGroups(weightNames(12), 3);
    QCOMPARE(three.size(), std::size_t(4));
    QCOMPARE(three[1].name, std::string("layers 4-7"));
    QCOMPARE(groupOf(three, "model.layers.1.mlp.down_proj.weight"), std::size_t(0));
    QCOMPARE(groupOf(three, "model.layers.11.mlp.down_proj.weight"), std::size_t(2));  // not layer 1
    QCOMPARE(groupOf(three, "model.norm.weight"), std::size_t(3));
    const auto each = layerGroups(weightNames(12), 0);
    QCOMPARE(each.size(), std::size_t(13));
    QCOMPARE(each[10].name, std::string("layer 10"));
    const auto tensors = tensorGroups(weightNames(12));
    for (std::size_t i = 0; i < tensors.size(); ++i) QCOMPARE(groupOf(tensors, tensors[i].name), i);
}

void TestMergeSearch::groupsOfOddNames() {
    // Sorted as in a file: layer 10 stands before layer 2.
    const auto gpt =
        layerGroups({"transformer.h.0.a", "transformer.h.10.a", "transformer.h.2.a", "transformer.wte"}, 0);
    QCOMPARE(gpt[1].filters, std::vector<std::string>{"transformer.h.2."});
    QCOMPARE(gpt.size(), std::size_t(4));
    QVERIFY_EXCEPTION_THROWN(layerGroups({"a.weight", "1.weight"}, 0), Error);
    QVERIFY_EXCEPTION_THROWN(layerGroups(weightNames(2), 3), Error);
    QVERIFY_EXCEPTION_THROWN(layerGroups(weightNames(2), -1), Error);
    QVERIFY_EXCEPTION_THROWN(groupOf({{"one", {"x"}}}, "y"), Error);
}

void TestMergeSearch::recipesSayTheSame_data() {
    QTest::addColumn<int>("groups");
    QTest::addColumn<bool>("density");
    QTest::newRow("one") << 1 << false;
    QTest::newRow("one, density") << 1 << true;
    QTest::newRow("three") << 3 << true;
    QTest::newRow("each layer") << 0 << false;
    QTest::newRow("each tensor") << -1 << false;
}

// Read back by YAML, each weight's coefficients are the searched ones, bit by bit.
void TestMergeSearch::recipesSayTheSame() {
    QFETCH(int, groups);
    QFETCH(bool, density);
    MergeSpace space = spaceOf(std::max(groups, 0), density);
    if (groups < 0) space.groups = tensorGroups(weightNames(12));
    space.method = density ? "dare_ties" : "task_arithmetic";
    std::vector<double> x;
    for (std::size_t i = 0; i < space.dimensions(); ++i) x.push_back(1 / (double(i) + 1.7));
    x[0] = 1e-7;
    const YAML::Node recipe = YAML::Load(space.recipe(x));
    QCOMPARE(recipe["merge_method"].as<std::string>(), space.method);
    QCOMPARE(recipe["base_model"].as<std::string>(), std::string("base"));
    for (std::size_t m = 0; m < 2; ++m) {
        const YAML::Node model = recipe["models"][m];
        QCOMPARE(model["model"].as<std::string>(), space.models[m]);
        for (const std::string& weight : weightNames(12)) {
            const std::size_t group = groupOf(space.groups, weight);
            QCOMPARE(resolved(model["parameters"]["weight"], weight), space.weightAt(x, group, m));
            QCOMPARE(bool(model["parameters"]["density"]), density);
            if (density)
                QCOMPARE(resolved(model["parameters"]["density"], weight), space.densityAt(x, group, m));
        }
    }
}

void TestMergeSearch::recipeText() {
    MergeSpace space = spaceOf(1, false);
    space.density = 0.2;
    space.lambda = 1.5;
    space.method = "ties";
    space.normalize = true;
    QCOMPARE(QString::fromStdString(space.recipe(std::vector<double>{0.5, 1e-5})),
             QStringLiteral(R"(merge_method: ties
base_model: "base"
models:
  - model: "a"
    parameters:
      weight: 0.5
      density: 0.2
  - model: "b"
    parameters:
      weight: 1.0e-05
      density: 0.2
parameters:
  normalize: true
  lambda: 1.5
dtype: float32
)"));
}

void TestMergeSearch::hostilePaths() {
    MergeSpace space = spaceOf(1, false);
    space.models = {"/a b/\"c\": #d\n- e", "é"};
    const YAML::Node recipe = YAML::Load(space.recipe(std::vector<double>{1, 0}));
    QCOMPARE(recipe["models"][0]["model"].as<std::string>(), space.models[0]);
    QCOMPARE(recipe["models"][1]["model"].as<std::string>(), space.models[1]);
}

void TestMergeSearch::evolutionFindsTheOptimum() {
    const MergeSpace space = spaceOf(3, false);
    std::vector<std::int64_t> numbers;
    SearchContext context = contextOf([&](const auto& x) { return std::vector<double>{distance(space, x)}; });
    context.progress = [&](const SearchPoint& point, std::int64_t planned) {
        numbers.push_back(point.number);
        QCOMPARE(planned, std::int64_t(800));
    };
    EvolutionSettings settings;
    settings.maxEvaluations = 800;
    int generations = 0;
    settings.onGeneration = [&](const CmaEs& search) {
        QCOMPARE(search.generation(), std::int64_t(++generations));
    };
    const SearchOutcome outcome = evolve(context, space, settings);
    QCOMPARE(outcome.points.front().stage, std::string("start"));
    QCOMPARE(outcome.points.front().coefficients, space.start());
    QVERIFY(outcome.best()->score < 1e-3 && !outcome.stopped && generations > 20);
    QCOMPARE(numbers.size(), outcome.points.size());
    QCOMPARE(numbers.back(), std::int64_t(numbers.size()));
    settings.onGeneration = {};
    const SearchOutcome again = evolve(context, space, settings);
    for (std::size_t i = 0; i < outcome.points.size(); ++i)
        QCOMPARE(again.points[i].coefficients, outcome.points[i].coefficients);
}

// Two basins, of which the search's start leads into the worse.
void TestMergeSearch::evolutionStartsAgain() {
    MergeSpace space = spaceOf(1, false);
    const auto f = [](const std::vector<double>& x) {
        const double near = std::hypot(x[0] - 0.5, x[1] - 0.5), far = std::hypot(x[0] - 1.3, x[1] - 1.3);
        return std::vector<double>{std::min(near, 5 * far - 1)};
    };
    EvolutionSettings settings;
    settings.maxEvaluations = 5000;
    settings.sigma = 0.1;
    const SearchOutcome once = evolve(contextOf(f), space, settings);
    QVERIFY(once.points.size() < 2000);  // it converges before
    settings.restarts = 2;
    QVERIFY(evolve(contextOf(f), space, settings).points.size() > once.points.size());
}

void TestMergeSearch::evolutionKeepsItsBudget_data() {
    QTest::addColumn<int>("budget");
    for (const int budget : {0, 1, 10, 25}) QTest::addRow("%d", budget) << budget;
}

void TestMergeSearch::evolutionKeepsItsBudget() {
    QFETCH(int, budget);
    const MergeSpace space = spaceOf(1, true);
    EvolutionSettings settings;
    settings.maxEvaluations = budget;
    const SearchOutcome outcome =
        evolve(contextOf([](const auto& x) { return std::vector<double>{x[0]}; }), space, settings);
    QCOMPARE(outcome.points.size(), std::size_t(budget));
    QVERIFY(!outcome.stopped);
    for (const SearchPoint& point : outcome.points)
        for (std::size_t i = 0; i < 4; ++i)
            QVERIFY(point.coefficients[i] >= space.lower()[i] && point.coefficients[i] <= space.upper()[i]);
}

void TestMergeSearch::stopsAreHeard() {
    std::stop_source stop;
    int evaluations = 0;
    SearchContext context = contextOf([&](const auto&) {
        if (++evaluations == 7) stop.request_stop();
        return std::vector<double>{1};
    });
    context.stop = stop.get_token();
    const SearchOutcome outcome = evolve(context, spaceOf(1, false), {});
    QVERIFY(outcome.stopped);
    QCOMPARE(outcome.points.size(), std::size_t(7));
    // An evaluation that was cut short itself.
    const SearchOutcome cut =
        sweep(contextOf([](const auto&) { return std::vector<double>(); }), {1}, {0.1, 0.2});
    QVERIFY(cut.stopped && cut.points.empty() && !cut.best());
}

void TestMergeSearch::gridsAndSweeps() {
    const auto f = [](const std::vector<double>& x) {
        return std::vector<double>{std::abs(x[0] - 0.6) + x.back()};
    };
    const SearchOutcome grid = gridSearch(contextOf(f), {{0.5, 0.6}, {3, 2, 1}});
    QCOMPARE(grid.points.size(), std::size_t(6));
    QCOMPARE(grid.points[1].coefficients, (std::vector<double>{0.5, 2}));
    QCOMPARE(grid.points[3].coefficients, (std::vector<double>{0.6, 3}));
    QCOMPARE(grid.best()->coefficients, (std::vector<double>{0.6, 1}));
    const SearchOutcome swept = sweep(contextOf(f), {1, 2}, {0, 0.25, 0.5});
    QCOMPARE(swept.points[1].coefficients, (std::vector<double>{0.25, 0.5}));
    QCOMPARE(swept.points[2].stage, std::string("lambda=0.5"));
    const auto nan = [](const std::vector<double>& x) { return std::vector<double>{x[0] > 0 ? 1.0 : NAN}; };
    QCOMPARE(sweep(contextOf(nan), {1}, {0, 1}).best()->number, std::int64_t(2));
}

void TestMergeSearch::balancedActor() {
    const MergeSpace space = baiSpace("i", "d", "p");
    const SearchOutcome outcome =
        sweepBai(contextOf([](const auto& x) { return std::vector<double>{std::abs(x[0] - 0.35)}; }), {});
    QCOMPARE(outcome.points.size(), std::size_t(9));
    QCOMPARE(outcome.best()->stage, std::string("alpha=0.5 beta=0.7"));
    // Both stages one after the other.
    for (const double alpha : {0.3, 1.0})
        for (const double beta : {0.0, 0.7}) {
            const double i = 3, d = -2, p = 10, a = alpha * i + (1 - alpha) * d;
            const auto weights = baiWeights(alpha, beta);
            QVERIFY(std::abs(weights[0] * i + weights[1] * d + weights[2] * p - (beta * a + (1 - beta) * p)) <
                    1e-12);
        }
    const YAML::Node recipe = YAML::Load(space.recipe(outcome.best()->coefficients));
    QCOMPARE(recipe["merge_method"].as<std::string>(), std::string("linear"));
    QVERIFY(!recipe["base_model"]);
    QCOMPARE(recipe["models"][2]["parameters"]["weight"].as<double>(), 1 - 0.7);
}

void TestMergeSearch::traceRoundTrip() {
    const std::vector<SearchObjective> objectives = {{"loss/add \"x\""}, {"accuracy", true, 2}};
    SearchPoint point{3, "cma-es", {0.1, 1.0 / 3}, {NAN, INFINITY}, -0.5, 0.25};
    const SearchPoint back = searchPointOf(toJsonLine(point, objectives), objectives);
    QVERIFY(std::isnan(back.values[0]) && std::isinf(back.values[1]));
    point.values = {0.7, 0.6};
    QVERIFY(searchPointOf(toJsonLine(point, objectives), objectives) == point);
    QCOMPARE(toJsonLine(point, objectives).find('\n'), std::string::npos);
    QCOMPARE(searchScore(objectives, point.values), 0.7 - 2 * 0.6);
    for (const char* line : {"", "{}", "[1]", R"({"point":1})", R"({"point":"x","stage":1})"})
        QVERIFY_EXCEPTION_THROWN(searchPointOf(line, objectives), Error);
    QVERIFY_EXCEPTION_THROWN(searchPointOf(toJsonLine(point, objectives), {{"loss"}}), Error);
    QVERIFY_EXCEPTION_THROWN(searchPointOf(toJsonLine(point, objectives), {{"loss"}, {"accuracy"}}), Error);
}

void TestMergeSearch::badInput() {
    const MergeSpace space = spaceOf(1, false);
    QVERIFY_EXCEPTION_THROWN(space.recipe(std::vector<double>{1}), Error);
    QVERIFY_EXCEPTION_THROWN(space.recipe(std::vector<double>{1, NAN}), Error);
    QVERIFY_EXCEPTION_THROWN(MergeSpace().recipe(std::vector<double>{}), Error);
    const auto f = [](const auto&) { return std::vector<double>{1}; };
    QVERIFY_EXCEPTION_THROWN(gridSearch(contextOf(f), {{1}, {}}), Error);
    QVERIFY_EXCEPTION_THROWN(
        gridSearch(contextOf(f), std::vector<std::vector<double>>(7, std::vector<double>(10))), Error);
    QVERIFY_EXCEPTION_THROWN(sweep(contextOf({}), {1}, {1}), Error);
    const auto two = [](const auto&) { return std::vector<double>{1, 2}; };
    QVERIFY_EXCEPTION_THROWN(sweep(contextOf(two), {1}, {1}), Error);
    EvolutionSettings wrongStart;
    wrongStart.start = {1};
    QVERIFY_EXCEPTION_THROWN(evolve(contextOf(f), space, wrongStart), Error);
}

QTEST_GUILESS_MAIN(TestMergeSearch)
#include "tst_merge_search.moc"
