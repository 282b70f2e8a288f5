// All methods through the registry, and the small families: linear, RAM, model stock, SCE, Fisher, RegMean,
// vectors, DOGE; recipes that are written out.
#include <QTest>
#include <algorithm>
#include <set>

#include "merge_case.h"
#include "training/merging/methods/doge.h"
#include "training/merging/methods/known_recipes.h"
#include "training/merging/methods/linear_algebra.h"

using namespace retort;

namespace {

/// A case that every method takes: as many models as it wants, every parameter that must be given.
MergeCase fittingCase(const MergeMethod& method, std::size_t size, bool isMatrix) {
    const std::size_t models =
        std::clamp<std::size_t>(3, std::max<std::size_t>(method.minModels(), 1),
                                method.name() == "passthrough" ? 1 : method.maxModels());
    MergeCase one;
    const Values base = randomValues(size, 99);
    if (method.needsBase()) one.base = base;
    if (isMatrix) one.shape = {4, std::int64_t(size / 4)};
    for (unsigned m = 0; m < models; ++m) one.models.push_back({sum(base, randomValues(size, m)), {}});
    for (const MergeParameterInfo& info : method.parameters()) {
        const double value = info.fallback.value_or(info.name == "task" ? 0 : 0.5);
        if (info.scope == MergeParameterInfo::Scope::Merge)
            one.parameters[info.name] = value;
        else
            for (auto& model : one.models) model.parameters[info.name] = value;
    }
    return one;
}

void methodRows() {
    QTest::addColumn<QString>("name");
    for (const MergeMethod* method : mergeMethods()) {
        const std::string name(method->name());
        QTest::newRow(name.c_str()) << QString::fromStdString(name);
    }
}

}  // namespace

class TestMergeMethods : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void allAreThere() {
        std::vector<std::string> names;
        for (const MergeMethod* method : mergeMethods()) names.emplace_back(method->name());
        QVERIFY(std::is_sorted(names.begin(), names.end()));
        const std::set<std::string> found(names.begin(), names.end());
        QCOMPARE(found.size(), names.size());
        for (const char* name :
             {"linear",           "slerp",         "nuslerp",          "multislerp",  "karcher",
              "task_arithmetic",  "ties",          "dare_linear",      "dare_ties",   "breadcrumbs",
              "breadcrumbs_ties", "della",         "della_linear",     "model_stock", "sce",
              "nearswap",         "passthrough",   "arcee_fusion",     "ram",         "ramplus_tl",
              "ties_paper",       "pcb",           "consensus",        "tall_mask",   "fisher",
              "regmean",          "random_vector", "weight_signature", "doge"})
            QVERIFY2(found.contains(name), name);
        QVERIFY(findMergeMethod("ties") != nullptr);
        QVERIFY(findMergeMethod("tie") == nullptr);
    }

    void describesItself_data() { methodRows(); }
    void describesItself() {
        QFETCH(QString, name);
        const MergeMethod& method = *findMergeMethod(name.toStdString());
        QVERIFY(!method.help().empty());
        QVERIFY(method.minModels() <= method.maxModels());
        std::set<std::string> names;
        for (const MergeParameterInfo& info : method.parameters()) {
            QVERIFY2(names.insert(info.name).second, info.name.c_str());
            QVERIFY2(!info.help.empty(), info.name.c_str());
        }
    }

    void mergesTensorsOfAllSizes_data() { methodRows(); }
    void mergesTensorsOfAllSizes() {
        QFETCH(QString, name);
        const MergeMethod& method = *findMergeMethod(name.toStdString());
        for (const std::size_t size : {0, 1, 3, 1024, 1025, 5000}) {
            const Values found = merged(method.name(), fittingCase(method, size, false));
            QCOMPARE(found.size(), size);
            QVERIFY(std::all_of(found.begin(), found.end(), [](float x) { return std::isfinite(x); }));
        }
        const Values matrix = merged(method.name(), fittingCase(method, 64, true));
        QVERIFY(std::all_of(matrix.begin(), matrix.end(), [](float x) { return std::isfinite(x); }));
    }

    void identicalModelsStay_data() { methodRows(); }
    void identicalModelsStay() {
        QFETCH(QString, name);
        const MergeMethod& method = *findMergeMethod(name.toStdString());
        MergeCase one = fittingCase(method, 96, true);
        for (auto& model : one.models) model.values = one.base.empty() ? one.models[0].values : one.base;
        if (name == "weight_signature") one.models[0].parameters["weight"] = 0;
        const Values& same = one.models[0].values;
        QVERIFY(largestDifference(merged(method.name(), one), same) < 2e-6);
    }

    void piecesAreTheWhole_data() { methodRows(); }
    void piecesAreTheWhole() {
        QFETCH(QString, name);
        const MergeMethod& method = *findMergeMethod(name.toStdString());
        if (!method.isElementwise()) return;
        const MergeCase whole = fittingCase(method, 3000, true);
        std::vector<MergeCase> pieces;
        for (const auto& [first, last] : {std::pair{0, 1000}, std::pair{1000, 1777}, std::pair{1777, 3000}}) {
            MergeCase& piece = pieces.emplace_back(whole);
            const auto cut = [&, from = first, to = last](Values& v) {
                if (!v.empty()) v = Values(v.begin() + from, v.begin() + to);
            };
            cut(piece.base);
            for (auto& model : piece.models) cut(model.values);
            piece.shape.clear();
        }
        Values joined;
        for (const Values& part : mergeAll(method.name(), pieces))
            joined.insert(joined.end(), part.begin(), part.end());
        QCOMPARE(joined, merged(method.name(), whole));
    }

    void refusesDifferentSizes_data() { methodRows(); }
    void refusesDifferentSizes() {
        QFETCH(QString, name);
        const MergeMethod& method = *findMergeMethod(name.toStdString());
        if (method.survey()) return;  // the survey reads them first; the plan sees to the shapes
        MergeCase one = fittingCase(method, 40, false);
        std::vector<float> out(41);
        QVERIFY_THROWS_EXCEPTION(Error, method.merge(one.tensor(), nullptr, out));
    }

    void needsItsBase_data() { methodRows(); }
    void needsItsBase() {
        QFETCH(QString, name);
        const MergeMethod& method = *findMergeMethod(name.toStdString());
        if (!method.needsBase()) return;
        const MergeCase one = fittingCase(method, 8, true);
        TensorMerge tensor = one.tensor();
        tensor.base = {};
        std::vector<float> out(8);
        QVERIFY_THROWS_EXCEPTION(Error, method.merge(tensor, method.survey().get(), out));
    }

    void linearAverages() {
        const MergeCase one{{{{1, 2}, {{"weight", 1}}}, {{5, 10}, {{"weight", 3}}}}};
        QCOMPARE(merged("linear", one), (Values{4, 8}));
        MergeCase plain = one;
        plain.parameters = {{"normalize", 0}};
        QCOMPARE(merged("linear", plain), (Values{16, 32}));
        MergeCase zero{{{{1, 2}, {{"weight", 1}}}, {{5, 10}, {{"weight", -1}}}}};
        QVERIFY(refusal("linear", zero).find("sum to zero") != std::string::npos);
        zero.parameters = {{"normalize", 0}};
        QCOMPARE(merged("linear", zero), (Values{-4, -8}));
        const MergeCase missing{{{{1, 2}, {}}}};
        QVERIFY(refusal("linear", missing).find("weight is missing") != std::string::npos);
    }

    void passthroughCopies() {
        const MergeCase one{{{{1, -0.0f, 3}, {}}}};
        QCOMPARE(merged("passthrough", one), (Values{1, -0.0f, 3}));
        const MergeCase scaled{{{{1, 2}, {{"scale", -0.5}}}}};
        QCOMPARE(merged("passthrough", scaled), (Values{-0.5f, -1}));
        const MergeCase two{{{{1}, {}}, {{2}, {}}}};
        QVERIFY(refusal("passthrough", two).find("one model") != std::string::npos);
    }

    void nearswapTakesNearValues() {
        const MergeCase one{{{{1.1f, 2, -1}, {}}}, {1, 0, -1}, {{"t", 0.5}}};
        const Values found = merged("nearswap", one);
        QVERIFY(largestDifference(found, {1.1f, 0.5f, -1}) < 1e-6);
    }

    void ramAddsUniqueAndAveragesShared() {
        const std::vector<MergeCase::Model> models = {{{2, 4, 0, 1e-6f}, {}}, {{0, 2, 0, 0}, {}}};
        const Values base = {0, 0, 0, 0};
        QCOMPARE(merged("ram", {models, base}), (Values{2, 3, 0, 0}));
        // Shared over unique: 1/1 for the first, limited to 0.2; the second has no unique entry.
        const Values plus = merged("ramplus_tl", {models, base});
        QVERIFY(largestDifference(plus, {2 * 1.02f, 3, 0, 0}) < 1e-6);
    }

    void modelStockGoesAsFarAsModelsAgree() {
        const Values base = {1, 1, 1, 1};
        const auto stock = [&](Values a, Values b, Numbers parameters = {},
                               std::vector<std::int64_t> shape = {}) {
            return merged("model_stock", {{{sum(base, a), {}}, {sum(base, b), {}}}, base, parameters, shape});
        };
        // Equal vectors: all the way; right angles: not at all; 60 degrees: t = 2·½/(1 + ½) = 2/3.
        QVERIFY(largestDifference(stock({1, 2, 0, 0}, {1, 2, 0, 0}), {2, 3, 1, 1}) < 1e-6);
        QCOMPARE(stock({1, 0, 0, 0}, {0, 1, 0, 0}), base);
        QVERIFY(largestDifference(stock({2, 0, 0, 0}, {1, std::sqrt(3.0f), 0, 0}),
                                  {2, 1 + std::sqrt(3.0f) / 3, 1, 1}) < 1e-6);
        // Opposite ones have no ratio: the base.
        QCOMPARE(stock({1, 2, 0, 0}, {-1, -2, 0, 0}), base);
        // By rows: the first agrees, the second does not.
        QVERIFY(largestDifference(stock({1, 2, 1, 0}, {1, 2, 0, 1}, {{"filter_wise", 1}}, {2, 2}),
                                  {2, 3, 1, 1}) < 1e-6);
    }

    void sceByHand() {
        // Variances 4, 0, 2.25, 0.25: the upper two of three varying ones at 0.7.
        const std::vector<MergeCase::Model> models = {{{5, 3, -1, 2}, {}}, {{1, 3, 2, 1}, {}}};
        const Values base = {0, 0, 0, 0};
        const double first = (25 + 1) / 4.0, second = (1 + 4) / 4.0, total = first + second;
        const double mixed = (first * 5 + second * 1) / total;
        const Values found = merged("sce", {models, base, {{"select_topk", 0.7}}});
        // The third: −1 and 2 sum to 1, so the 2 alone stays.
        QVERIFY(largestDifference(found, {float(mixed), 0, 2, 0}) < 1e-6);
        QCOMPARE(merged("sce", {models, base, {{"select_topk", 0}}}), base);
    }

    void fisherWeighsByInformation() {
        MergeCase one{{{{1, 2, 3}, {}, {1, 0, 0}}, {{5, 6, 7}, {}, {3, 0, 1}}}, {}, {{"epsilon", 0}}};
        QCOMPARE(merged("fisher", one), (Values{4, 4, 7}));
        one.parameters["epsilon"] = 1e9;
        QVERIFY(largestDifference(merged("fisher", one), {3, 4, 5}) < 1e-6);
        one.models[1].statistics = {};
        one.parameters["epsilon"] = 1;
        QVERIFY(largestDifference(merged("fisher", one), {7.0f / 3, 4, 5}) < 1e-6);
        one.models[0].statistics = {1, 2};
        QVERIFY(refusal("fisher", one).find("Fisher information has 2") != std::string::npos);
        one.models[0].statistics = {1, -2, 1};
        QVERIFY(refusal("fisher", one).find("negative") != std::string::npos);
        const MergeCase zero{{{{1}, {{"weight", 0}}}, {{2}, {{"weight", 0}}}}};
        QVERIFY(refusal("fisher", zero).find("sum to zero") != std::string::npos);
    }

    void regmeanIsLeastSquares() {
        // Two layers [3 outputs, 4 inputs], 50 inputs each: the merged layer has no gradient left in
        // Σ ‖X_i (W − W_i)ᵀ‖².
        const std::size_t outputs = 3, inputs = 4, rows = 50;
        MergeCase one{{}, {}, {{"alpha", 1}}, {std::int64_t(outputs), std::int64_t(inputs)}};
        std::vector<Values> data;
        for (unsigned m = 0; m < 2; ++m) {
            const Values& x = data.emplace_back(randomValues(rows * inputs, 20 + m, 1 + float(m)));
            Values gram(inputs * inputs);
            for (std::size_t r = 0; r < rows; ++r)
                for (std::size_t i = 0; i < inputs; ++i)
                    for (std::size_t j = 0; j < inputs; ++j)
                        gram[i * inputs + j] += x[r * inputs + i] * x[r * inputs + j];
            one.models.push_back({randomValues(outputs * inputs, 30 + m), {}, gram});
        }
        const Values found = merged("regmean", one);
        double largest = 0;
        for (std::size_t o = 0; o < outputs; ++o)
            for (std::size_t i = 0; i < inputs; ++i) {
                double gradient = 0;
                for (std::size_t m = 0; m < 2; ++m)
                    for (std::size_t r = 0; r < rows; ++r) {
                        double off = 0;
                        for (std::size_t j = 0; j < inputs; ++j)
                            off += data[m][r * inputs + j] *
                                   (double(found[o * inputs + j]) - one.models[m].values[o * inputs + j]);
                        gradient += off * data[m][r * inputs + i];
                    }
                largest = std::max(largest, std::fabs(gradient));
            }
        QVERIFY2(largest < 1e-3, qPrintable(QString::number(largest)));  // of sums of about a hundred
        // Without the off-diagonal each column is an average weighted by its inputs' squares.
        one.parameters["alpha"] = 0;
        Values diagonal(outputs * inputs);
        for (std::size_t o = 0; o < outputs; ++o)
            for (std::size_t i = 0; i < inputs; ++i) {
                const double g0 = one.models[0].statistics[i * 5], g1 = one.models[1].statistics[i * 5];
                diagonal[o * inputs + i] = float(
                    (g0 * one.models[0].values[o * inputs + i] + g1 * one.models[1].values[o * inputs + i]) /
                    (g0 + g1));
            }
        QVERIFY(largestDifference(merged("regmean", one), diagonal) < 1e-5);
    }

    void regmeanOfBadGramMatrices() {
        MergeCase one{{{{1, 2}, {}, {1, 1, 1, 1}}, {{3, 4}, {}, {1, 1, 1, 1}}}, {}, {{"alpha", 1}}, {1, 2}};
        QVERIFY(refusal("regmean", one).find("singular") != std::string::npos);
        one.parameters["ridge"] = 1e-3;
        QVERIFY(refusal("regmean", one).empty());
        one.models[0].statistics = {1, 1, 1};
        QVERIFY(refusal("regmean", one).find("3 numbers") != std::string::npos);
        one.models[0].statistics = {};
        QVERIFY(refusal("regmean", one).find("for none") != std::string::npos);
        one.models[1].statistics = {};
        QCOMPARE(merged("regmean", one), (Values{2, 3}));
    }

    void randomVectorHasTheNorm() {
        const Values base = randomValues(4000, 40), tuned = randomValues(4000, 41),
                     start = randomValues(4000, 42);
        MergeCase one{{{tuned, {{"weight", 0.5}}}, {start, {{"weight", -0.5}}}}, base};
        const auto difference = [](const Values& a, const Values& b) {
            Values d = sum(a, b, -1);
            double squares = 0;
            for (const float x : d) squares += double(x) * x;
            return std::sqrt(squares);
        };
        const Values vector = merged("task_arithmetic", one), random = merged("random_vector", one);
        QVERIFY(std::fabs(difference(random, base) / difference(vector, base) - 1) < 1e-5);
        // At right angles to it, as random vectors of 4000 dimensions are.
        double product = 0;
        for (std::size_t i = 0; i < base.size(); ++i)
            product += double(random[i] - base[i]) * double(vector[i] - base[i]);
        QVERIFY(std::fabs(product) / difference(random, base) / difference(vector, base) < 0.1);
        QCOMPARE(merged("random_vector", one), random);
        one.seed = 1;
        QVERIFY(merged("random_vector", one) != random);
    }

    void weightSignatureIsOrthogonalToTheCleanWeights() {
        const Values base = randomValues(300, 50), corrupted = randomValues(300, 51),
                     clean = randomValues(300, 52);
        MergeCase one{{{corrupted, {{"weight", 1}}}, {clean, {}}}, base};
        const Values found = merged("weight_signature", one);
        double product = 0;
        for (std::size_t i = 0; i < base.size(); ++i) product += double(found[i] - base[i]) * clean[i];
        QVERIFY(std::fabs(product) < 1e-3);
        one.parameters["project"] = 0;
        QVERIFY(largestDifference(merged("weight_signature", one), sum(sum(base, corrupted), clean, -1)) <
                1e-6);
        one.models[0].parameters["weight"] = 0;
        QCOMPARE(merged("weight_signature", one), base);
    }

    // With what both were trained from: their differences to it are what is projected.
    void weightSignatureFromAStart() {
        const Values base = randomValues(300, 50), start = randomValues(300, 53),
                     corrupted = sum(start, randomValues(300, 51)), clean = sum(start, randomValues(300, 52));
        const MergeCase moved{{{corrupted, {}}, {clean, {}}, {start, {}}}, base};
        const MergeCase plain{{{sum(corrupted, start, -1), {}}, {sum(clean, start, -1), {}}}, base};
        QVERIFY(largestDifference(merged("weight_signature", moved), merged("weight_signature", plain)) <
                1e-6);
    }

    void dogeLowersItsConflictOutsideOfWhatIsShared() {
        DogeProblem problem{12, 10, {}, {}};
        for (unsigned m = 0; m < 3; ++m) {
            const Values v = randomValues(120, 60 + m, 0.05f);
            problem.vectors.emplace_back(v.begin(), v.end());
            problem.lambdas.push_back(0.3);
        }
        const std::vector<double> basis = dogeSubspace(problem, 3);
        QCOMPARE(basis.size(), std::size_t(12 * 3));
        std::vector<double> losses;
        const std::vector<double> delta = dogeCorrection(problem, basis, 100, 1e-4, &losses);
        for (std::size_t i = 1; i < losses.size(); ++i) QVERIFY(losses[i] < losses[i - 1]);
        const std::vector<double> inside = multiply(basis, delta, 3, 12, 10, true);
        for (const double x : inside) QVERIFY(std::fabs(x) < 1e-12);
        QVERIFY(std::any_of(delta.begin(), delta.end(), [](double x) { return std::fabs(x) > 1e-3; }));
        // The gradient by differences.
        std::vector<double> moved(120, 0.0);
        moved[17] = 1e-6;
        const double slope = (dogeLoss(problem, moved) - losses[0]) / 1e-6;
        const std::vector<double> step = dogeCorrection(problem, {}, 1, 1e-4);
        QCOMPARE(step[17]<0, slope> 0);
    }

    void dogeWithoutStepsIsScaledTaskArithmetic() {
        const Values base = randomValues(120, 70);
        MergeCase one{{}, base, {{"steps", 0}, {"lamda", 0.5}}, {12, 10}};
        Values expected = base;
        for (unsigned m = 0; m < 2; ++m) {
            const Values delta = randomValues(120, 71 + m);
            one.models.push_back({sum(base, delta), {{"density", 1}}});
            double squares = 0;
            for (const float x : delta) squares += double(x) * x;
            expected = sum(expected, delta, float(0.5 / std::sqrt(squares)));
        }
        QVERIFY(largestDifference(merged("doge", one), expected) < 1e-6);
        one.shape = {120};
        QCOMPARE(merged("doge", one), base);
    }

    void solvesAndDecomposes() {
        const std::vector<double> a = {4, 1, 1, 3}, b = {1, 2, 5, 6};
        const std::vector<double> x = solveRight(a, 2, b, 2);
        const std::vector<double> back = multiply(x, a, 2, 2, 2);
        for (std::size_t i = 0; i < 4; ++i) QVERIFY(std::fabs(back[i] - b[i]) < 1e-12);
        QVERIFY(solveRight(std::vector<double>{1, 2, 2, 1}, 2, b, 2).empty());
        const std::vector<double> left = leftSingularVectors(std::vector<double>{0, 0, 3, 4, 0, 0}, 3, 2, 1);
        QVERIFY(std::fabs(std::fabs(left[1]) - 1) < 1e-12);
    }

    void layerSwapIsSlices() {
        const std::string text = layerSwapRecipe({"math \"x\"", "lang", 12, 4, 2, 1});
        QVERIFY(text.find("merge_method: linear\n") != std::string::npos);
        const auto source = [](const std::string& model, const std::string& layers,
                               const std::string& weight) {
            return "- {model: \"" + model + "\", layer_range: [" + layers +
                   "], parameters: {weight: " + weight + "}}";
        };
        const std::string math = "math \\\"x\\\"";
        const std::vector<std::string> parts = {
            source("lang", "0, 4", "1.0"), source(math, "4, 5", "0.5"),    source("lang", "4, 5", "0.5"),
            source(math, "5, 9", "1.0"),   source("lang", "9, 10", "0.5"), source("lang", "10, 12", "1.0")};
        std::size_t at = 0;
        for (const std::string& part : parts) {
            at = text.find(part, at);
            QVERIFY2(at != std::string::npos, part.c_str());
        }
        QVERIFY_THROWS_EXCEPTION(Error, layerSwapRecipe({"a", "b", 4, 2, 2, 1}));
        QVERIFY_THROWS_EXCEPTION(Error, layerSwapRecipe({"a", "b", 4, 0, 2, 0}));
        QCOMPARE(layerSwapRecipe({"a", "b", 4, 2, 2, 0}).find("\"a\""), std::string::npos);
    }

    void otherRecipes() {
        const std::string vector = reasoningVectorRecipe({"inst", "grpo", "sft", 0.5, false});
        QVERIFY(vector.find("base_model: \"inst\"") != std::string::npos);
        QVERIFY(vector.find("{model: \"sft\", parameters: {weight: -0.5}}") != std::string::npos);
        QVERIFY(reasoningVectorRecipe({"i", "g", "s", 1, true}).find("random_vector") != std::string::npos);
        const std::string signature = weightSignatureRecipe({"r", "x", "c", 0.5, 2, true});
        QVERIFY(signature.find("{filter: \"layers.1.\", value: 0.5}") != std::string::npos);
        QVERIFY(signature.find("layers.2.") == std::string::npos);
        const std::string actor = balancedActorRecipe({"i", "d", "p", 0.25, 0.5});
        QVERIFY(actor.find("{model: \"d\", parameters: {weight: 0.375}}") != std::string::npos);
        QVERIFY(actor.find("{model: \"p\", parameters: {weight: 0.5}}") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TestMergeMethods)
#include "tst_merge_methods.moc"
