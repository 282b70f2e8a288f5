#include "training/merging/merge_vocabulary.h"

#include <algorithm>
#include <functional>
#include <set>

#include "core/util/error.h"
#include "core/util/files.h"
#include "training/merging/merge_model.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr std::size_t largestTokenizer = 256u << 20;

// Rows of the input embeddings: a token beyond them has no weights.
std::int64_t embeddingRows(const MergeModel& model) {
    for (const std::string& name : model.names())
        if (isInputEmbedding(name)) {
            const TensorInfo& tensor = *model.find(name);
            return tensor.shape.empty() ? 0 : tensor.shape.front();
        }
    throw Error("has no input embeddings that its tokens could index", model.folder().string());
}

std::int64_t idOf(const Json& value, const std::string& where) {
    if (!value.is_number_integer() || value.get<std::int64_t>() < 0 || value.get<std::int64_t>() > (1 << 30))
        throw Error("holds a token whose id is no whole number", where);
    return value.get<std::int64_t>();
}

/// The vocabulary of the output while it is built from the source's.
class VocabularyBuilder {
  public:
    VocabularyBuilder(const MergeVocabulary& source, VocabularyPlan& plan)
        : m_plan(plan), m_vocabulary(source) {}

    const MergeVocabulary& vocabulary() const { return m_vocabulary; }

    void addToken(const std::string& token, const Json* flags) {
        if (m_vocabulary.idOf.contains(token)) return;
        const std::int64_t id = m_vocabulary.largestId() + 1;
        Json entry =
            flags != nullptr ? *flags : Json{{"id", id},        {"content", token}, {"single_word", false},
                                             {"lstrip", false}, {"rstrip", false},  {"normalized", true},
                                             {"special", false}};
        entry["id"] = id;
        m_vocabulary.add(token, id);
        m_vocabulary.tokenizer["added_tokens"].push_back(entry);
        m_plan.added.push_back(std::move(entry));
    }

    // Plain tokens of every model first, then the added ones, as mergekit orders them.
    void addTokensOf(const std::vector<const MergeModel*>& models) {
        for (const bool isAdded : {false, true})
            for (const MergeModel* model : models) {
                const MergeVocabulary& vocabulary = model->vocabulary();
                const std::int64_t rows = embeddingRows(*model);
                for (const auto& [id, token] : vocabulary.tokens) {
                    const auto flags = vocabulary.added.find(token);
                    if (id >= rows || (flags != vocabulary.added.end()) != isAdded) continue;
                    addToken(token, isAdded ? &flags->second : nullptr);
                }
            }
    }

  private:
    VocabularyPlan& m_plan;
    MergeVocabulary m_vocabulary;
};

const MergeTokenSource* sourceOf(const MergeTokenizer& tokenizer, const std::string& token) {
    const auto found = std::find_if(tokenizer.tokens.begin(), tokenizer.tokens.end(),
                                    [&](const auto& each) { return each.first == token; });
    return found == tokenizer.tokens.end() ? nullptr : &found->second;
}

/// Fills own and defaults of a plan, token by token.
class RowPlanner {
  public:
    using Open = std::function<const MergeModel*(const std::string&)>;

    RowPlanner(const MergeRecipe& recipe, const std::vector<const MergeModel*>& models,
               const MergeModel* base, const Open& open, VocabularyPlan& plan)
        : m_recipe(recipe), m_models(models), m_base(base), m_open(open), m_plan(plan) {
        for (const MergeModel* model : models) {
            m_rows[model] = embeddingRows(*model);
            m_plan.own[model].assign(std::size_t(plan.rows), VocabularyPlan::noRow);
        }
    }

    void take(const std::string& token, std::int64_t id) {
        const MergeTokenSource* said = sourceOf(*m_recipe.tokenizer, token);
        const bool force = said != nullptr && said->force;
        std::vector<VocabularyPlan::Place> places;
        for (const MergeModel* model : m_models)
            if (const auto row = rowOf(*model, token)) {
                places.push_back({model, *row});
                if (!force) m_plan.own[model][std::size_t(id)] = std::int32_t(*row);
            }
        if (!force && places.size() == m_models.size()) return;
        if (said != nullptr && said->kind != MergeTokenSource::Kind::Default)
            m_plan.defaults[id] = named(token, *said);
        else
            m_plan.defaults[id] = usual(std::move(places));
    }

    int tokensNowhere() const { return m_nowhere; }

  private:
    std::optional<std::int64_t> rowOf(const MergeModel& model, const std::string& token) const {
        const auto& ids = model.vocabulary().idOf;
        const auto found = ids.find(token);
        if (found == ids.end() || found->second >= m_rows.at(&model)) return std::nullopt;
        return found->second;
    }

    // The only donor's; else the base's; else the mean of those that have it.
    std::vector<VocabularyPlan::Place> usual(std::vector<VocabularyPlan::Place> places) {
        if (places.empty()) ++m_nowhere;
        if (places.size() < 2) return places;
        const auto base =
            std::find_if(places.begin(), places.end(),
                         [this](const VocabularyPlan::Place& each) { return each.model == m_base; });
        if (base != places.end()) return {*base};
        return places;
    }

    std::vector<VocabularyPlan::Place> named(const std::string& token, const MergeTokenSource& said) {
        if (said.kind == MergeTokenSource::Kind::Zero) return {};
        const MergeModel* model = m_open(said.model);
        const std::string where = m_recipe.at(said.place);
        if (!m_rows.contains(model))
            throw Error("token '" + token + "' takes its row from '" + said.model +
                            "', which takes no part in this merge",
                        where);
        const std::string wanted = said.kind == MergeTokenSource::Kind::ModelToken ? said.token : token;
        const auto row = said.tokenId ? said.tokenId : rowOf(*model, wanted);
        if (!row || *row >= m_rows.at(model))
            throw Error("token '" + token + "': '" + said.model + "' has no row of '" +
                            (said.tokenId ? std::to_string(*said.tokenId) : wanted) + "'",
                        where);
        return {{model, *row}};
    }

    const MergeRecipe& m_recipe;
    const std::vector<const MergeModel*>& m_models;
    const MergeModel* m_base;
    const Open& m_open;
    VocabularyPlan& m_plan;
    std::map<const MergeModel*, std::int64_t> m_rows;
    int m_nowhere = 0;
};

}  // namespace

void MergeVocabulary::add(const std::string& token, std::int64_t id) {
    if (idOf.emplace(token, id).second) tokens.emplace_back(id, token);
}

MergeVocabulary readMergeVocabulary(const fs::path& folder) {
    const fs::path path = folder / "tokenizer.json";
    const std::string where = path.string();
    MergeVocabulary vocabulary;
    vocabulary.tokenizer = Json::parse(readFile(path, largestTokenizer), nullptr, false);
    const Json& json = vocabulary.tokenizer;
    if (!json.is_object() || !json.contains("model") || !json["model"].is_object() ||
        !json["model"].contains("vocab"))
        throw Error("is no tokenizer: model.vocab is missing", where);
    const Json& vocab = json["model"]["vocab"];
    if (vocab.is_object()) {
        for (const auto& [token, id] : vocab.items()) vocabulary.add(token, idOf(id, where));
    } else if (vocab.is_array()) {  // Unigram: [token, score], by id
        for (std::size_t id = 0; id < vocab.size(); ++id) {
            if (!vocab[id].is_array() || vocab[id].empty() || !vocab[id][0].is_string())
                throw Error("holds a token that is no [text, score]", where);
            vocabulary.add(vocab[id][0].get<std::string>(), std::int64_t(id));
        }
    } else {
        throw Error("is no tokenizer: model.vocab is neither a map nor a list", where);
    }
    if (json.contains("added_tokens") && json["added_tokens"].is_array())
        for (const Json& entry : json["added_tokens"]) {
            if (!entry.is_object() || !entry.contains("content") || !entry["content"].is_string() ||
                !entry.contains("id"))
                throw Error("holds an added token without content and id", where);
            const std::string token = entry["content"].get<std::string>();
            vocabulary.add(token, idOf(entry["id"], where));
            vocabulary.added.emplace(token, entry);
        }
    std::sort(vocabulary.tokens.begin(), vocabulary.tokens.end());
    return vocabulary;
}

VocabularyPlan planVocabulary(const MergeRecipe& recipe, const std::vector<const MergeModel*>& models,
                              const MergeModel* base,
                              const std::function<const MergeModel*(const std::string&)>& open,
                              std::vector<std::string>& warnings) {
    const MergeTokenizer& tokenizer = *recipe.tokenizer;
    VocabularyPlan plan;
    const bool isNamed = tokenizer.source != "union" && tokenizer.source != "base";
    plan.source = isNamed ? open(tokenizer.source) : base != nullptr ? base : models.front();
    VocabularyBuilder builder(plan.source->vocabulary(), plan);
    if (tokenizer.source == "union") builder.addTokensOf(models);
    for (const auto& [token, source] : tokenizer.tokens) builder.addToken(token, nullptr);
    const MergeVocabulary& vocabulary = builder.vocabulary();

    // mergekit cuts to the tokenizer's length, which takes rows from models that are padded; only when the
    // recipe says how to pad do we.
    plan.rows = vocabulary.largestId() + 1;
    const std::int64_t tokenRows = plan.rows;
    const std::int64_t sourceRows = embeddingRows(*plan.source);
    if (const auto multiple = tokenizer.padToMultipleOf; multiple && *multiple > 0)
        plan.rows = (plan.rows + *multiple - 1) / *multiple * *multiple;
    else
        plan.rows = std::max(plan.rows, sourceRows);
    plan.meanFrom = plan.rows;
    RowPlanner planner(recipe, models, base, open, plan);
    std::vector<bool> isToken(std::size_t(plan.rows), false);
    for (const auto& [id, token] : vocabulary.tokens) {
        planner.take(token, id);
        isToken[std::size_t(id)] = true;
    }
    if (planner.tokensNowhere() > 0)
        warnings.push_back(std::to_string(planner.tokensNowhere()) +
                           " tokens of the output's vocabulary are in no model: their rows are zeros");
    const bool isInput = std::find(models.begin(), models.end(), plan.source) != models.end();
    if (tokenizer.padToMultipleOf || !isInput) plan.meanFrom = tokenRows;
    if (isInput)
        for (std::int64_t row = 0; row < std::min(sourceRows, plan.meanFrom); ++row)
            if (!isToken[std::size_t(row)]) plan.defaults[row] = {{plan.source, row}};
    plan.tokenizer = vocabulary.tokenizer;
    return plan;
}

}  // namespace retort
