// mergekit's own outputs (tests/peers/mergekit_merges.py; golden/mergekit/, or another set in
// $RETORT_MERGEKIT_SET): each recipe runs unchanged, and gives tensors of the same names, types, shapes and
// numbers, and the same config.json.
#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "core/formats/sharded_safetensors.h"
#include "core/util/error.h"
#include "core/util/files.h"
#include "training/merging/merge_executor.h"
#include "training/merging/merge_plan.h"

using namespace retort;
namespace fs = std::filesystem;
using nlohmann::json;  // unlike Json without an order of keys

namespace {

constexpr double limit = 1e-6;

fs::path setFolder() {
    const QByteArray given = qgetenv("RETORT_MERGEKIT_SET");
    if (!given.isEmpty()) return given.toStdString();
    return fs::path(RETORT_SOURCE_DIR) / "tests/peers/golden/mergekit";
}

const json& recipes() {
    static const json all = json::parse(readFile(setFolder() / "recipes.json"));
    return all;
}

/// A method's recipe without the suffix that says which; rows for recipes that have `key`.
void recipeRows(const char* key) {
    QTest::addColumn<QString>("name");
    for (const auto& [name, entry] : recipes().items())
        if (entry.contains(key)) QTest::newRow(name.c_str()) << QString::fromStdString(name);
}

class Merged {
  public:
    explicit Merged(const std::string& name, std::uint64_t seed = 0) {
        const MergeRecipe recipe =
            parseMergeRecipe(recipes().at(name).at("recipe"), name + ".yml", setFolder());
        MergeModels models;
        const MergePlan plan = planMerge(recipe, models, {.seed = seed});
        MergeOutputOptions options;
        options.out = folder();
        executeMerge(plan, options);
    }
    fs::path folder() const { return m_folder.filePath("out").toStdString(); }

  private:
    QTemporaryDir m_folder;
};

std::vector<float> floatsOf(const CheckpointWeights& weights, const TensorInfo& tensor) {
    std::vector<float> values(std::size_t(tensor.elements()));
    weights.readFloats(tensor, values.data());
    return values;
}

json vocabularyOf(const fs::path& folder) {
    const json tokenizer = json::parse(readFile(folder / "tokenizer.json"));
    json vocabulary = tokenizer.at("model").at("vocab");
    for (const json& token : tokenizer.value("added_tokens", json::array()))
        vocabulary[token.at("content").get<std::string>()] = token.at("id");
    return vocabulary;
}

/// Rows in the order of the other's tokens: mergekit numbers the tokens that it adds as a hash map has them.
std::vector<float> rearranged(const std::vector<float>& rows, std::size_t width, const json& own,
                              const json& other) {
    std::vector<float> result = rows;
    for (const auto& [token, place] : other.items())
        std::copy_n(rows.begin() + std::ptrdiff_t(own.at(token).get<std::size_t>() * width), width,
                    result.begin() + std::ptrdiff_t(place.get<std::size_t>() * width));
    return result;
}

/// Empty, or how two tensors differ. Half types may be one rounding apart in few elements.
std::string difference(const std::vector<float>& ours, const std::vector<float>& theirs, Dtype dtype) {
    double largest = 0;
    std::size_t rounded = 0;
    for (std::size_t i = 0; i < ours.size(); ++i) {
        const double off = std::fabs(double(ours[i]) - double(theirs[i]));
        const double step = std::fabs(double(theirs[i])) * (dtype == Dtype::BFloat16 ? 0x1p-7 : 0x1p-10);
        if (dtype != Dtype::Float32 && off > 0 && off <= step) {
            ++rounded;
            continue;
        }
        if (!(off <= largest)) largest = std::isnan(off) ? INFINITY : off;
    }
    if (largest < limit && rounded * 50 <= ours.size()) return {};
    return "max |difference| " + std::to_string(largest) + ", rounded otherwise " + std::to_string(rounded);
}

}  // namespace

class TestMergekitParity : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void sameOutput_data() { recipeRows("config"); }
    void sameOutput() {
        QFETCH(QString, name);
        const json& entry = recipes().at(name.toStdString());
        const Merged merged(name.toStdString());
        const CheckpointWeights ours(merged.folder());
        const SafetensorsFile theirs(setFolder() / "outputs" / (name.toStdString() + ".safetensors"));
        std::set<std::string> ourNames, theirNames;
        for (const TensorInfo* tensor : ours.tensors()) ourNames.insert(tensor->name);
        for (const TensorInfo& tensor : theirs.tensors()) theirNames.insert(tensor.name);
        QCOMPARE(ourNames, theirNames);

        const bool hasVocabulary = entry.contains("vocabulary");
        json vocabulary;
        if (hasVocabulary) {
            vocabulary = vocabularyOf(merged.folder());
            std::set<std::string> ourTokens, theirTokens;
            for (const auto& [token, place] : vocabulary.items()) ourTokens.insert(token);
            for (const auto& [token, place] : entry["vocabulary"].items()) theirTokens.insert(token);
            QCOMPARE(ourTokens, theirTokens);
        }
        for (const TensorInfo& expected : theirs.tensors()) {
            const TensorInfo& tensor = ours.at(expected.name);
            QCOMPARE(std::string(dtypeName(tensor.dtype)), std::string(dtypeName(expected.dtype)));
            QCOMPARE(tensor.shape, expected.shape);
            std::vector<float> values = floatsOf(ours, tensor);
            const bool isVocabulary = expected.name.find("embed") != std::string::npos ||
                                      expected.name.find("lm_head") != std::string::npos;
            if (hasVocabulary && isVocabulary)
                values = rearranged(values, std::size_t(expected.shape[1]), vocabulary, entry["vocabulary"]);
            const std::string off = difference(values, theirs.readFloats(expected), expected.dtype);
            QVERIFY2(off.empty(), (expected.name + ": " + off).c_str());
        }
    }

    void sameConfig_data() { recipeRows("config"); }
    void sameConfig() {
        QFETCH(QString, name);
        const Merged merged(name.toStdString());
        json ours = json::parse(readFile(merged.folder() / "config.json"));
        json theirs = recipes().at(name.toStdString()).at("config");
        for (json* config : {&ours, &theirs}) config->erase("transformers_version");
        QCOMPARE(QString::fromStdString(ours.dump(1)), QString::fromStdString(theirs.dump(1)));
    }

    // Masks cannot be the same; how much they keep, and what is scaled to what, can.
    void sameStatistics_data() { recipeRows("facts"); }
    void sameStatistics() {
        QFETCH(QString, name);
        const json& facts = recipes().at(name.toStdString()).at("facts");
        const Merged merged(name.toStdString(), 3);
        const CheckpointWeights ours(merged.folder());
        const SafetensorsFile base(setFolder() / "models/base/model.safetensors"),
            tuned(setFolder() / "models/b/model.safetensors");
        double kept = 0, elements = 0, normKept = 0, norm = 0;
        for (const TensorInfo* tensor : ours.tensors()) {
            const std::vector<float> values = floatsOf(ours, *tensor),
                                     b = base.readFloats(base.at(tensor->name)),
                                     t = tuned.readFloats(tuned.at(tensor->name));
            for (std::size_t i = 0; i < values.size(); ++i) {
                const double delta = std::fabs(double(values[i]) - b[i]);
                kept += delta > 1e-6;
                normKept += delta;
                norm += std::fabs(double(t[i]) - b[i]);
                ++elements;
            }
        }
        QCOMPARE(elements, facts.at("elements").get<double>());
        // Both are draws: five standard deviations of their difference.
        const double share = facts.at("kept").get<double>();
        const double spread = 5 * std::sqrt(2 * share * (1 - share) / elements);
        QVERIFY2(std::fabs(kept / elements - share) < spread, std::to_string(kept / elements).c_str());
        const double ratio = facts.at("l1").get<double>();
        const bool isMatched = std::fabs(ratio - 1) < 1e-6;
        QVERIFY2(std::fabs(normKept / norm - ratio) < (isMatched ? 1e-5 : 1.5 * spread),
                 std::to_string(normKept / norm).c_str());
    }
};

QTEST_APPLESS_MAIN(TestMergekitParity)
#include "tst_mergekit_parity.moc"
