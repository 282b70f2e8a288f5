#include "training/merging/merge_recipe.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <set>

#include "core/config/names.h"
#include "core/util/error.h"
#include "core/util/files.h"
#include "training/merging/merge_method.h"
#include "training/merging/methods/sparse_delta.h"

namespace retort {
namespace {

using Kind = YamlNode::Kind;

// true and false are mergekit's; the words name what it does not have.
std::optional<double> rescaleOrNumber(std::string_view text) {
    const std::optional<double> word = rescaleNumber(text);
    return word ? word : recipeNumber(text);
}

// Reads the tree from the top down; what is wrong is collected, so that one look at the messages mends all of
// it.
class RecipeReader {
  public:
    explicit RecipeReader(MergeRecipe& recipe) : m_recipe(recipe) {}

    void read(const YamlNode& root) {
        if (root.kind != Kind::Map)
            return complain(root.place, "is not a recipe: keys and values were expected");
        readMethod(root);
        eachKey(root, "a recipe",
                {{"merge_method", [](const YamlNode&) {}},
                 {"models", [this](const YamlNode& node) { readModels(node); }},
                 {"slices", [this](const YamlNode& node) { readSlices(node); }},
                 {"modules", [this](const YamlNode& node) { readModules(node); }},
                 {"base_model", [this](const YamlNode& node) { m_recipe.baseModel = model(node); }},
                 {"parameters", [this](const YamlNode& node) { m_recipe.parameters = settings(node); }},
                 {"dtype", [this](const YamlNode& node) { m_recipe.dtype = dtype(node); }},
                 {"out_dtype", [this](const YamlNode& node) { m_recipe.outDtype = dtype(node); }},
                 {"tokenizer_source", [this](const YamlNode& node) { readTokenizerSource(node); }},
                 {"tokenizer", [this](const YamlNode& node) { readTokenizer(node); }},
                 {"chat_template", [this](const YamlNode& node) { m_recipe.chatTemplate = text(node); }},
                 {"name", [](const YamlNode&) {}}});
        if (m_structures != 1)
            complain(root.place, "exactly one of models, slices and modules must be there");
    }

    /// Throws what was collected.
    void finish() const {
        if (m_problems.empty()) return;
        std::string all;
        for (const std::string& problem : m_problems) all.append(all.empty() ? "" : "\n").append(problem);
        throw Error(all);
    }

    void complain(TextPlace place, const std::string& what, const std::string& hint = {}) {
        m_problems.push_back(m_recipe.at(place) + ": " + what + (hint.empty() ? "" : " (" + hint + ")"));
    }

  private:
    using Handlers = std::vector<std::pair<std::string, std::function<void(const YamlNode&)>>>;

    void eachKey(const YamlNode& map, const std::string& what, const Handlers& handlers) {
        if (map.kind != Kind::Map) return complain(map.place, what + " has keys and values");
        for (std::size_t i = 0; i < map.entries.size(); ++i) {
            const auto& [key, value] = map.entries[i];
            const auto found =
                std::find_if(handlers.begin(), handlers.end(),
                             [&, &name = key](const auto& each) { return each.first == name; });
            if (found == handlers.end()) {
                std::vector<std::string> known;
                for (const auto& [name, handler] : handlers) known.push_back(name);
                complain(map.keyPlaces[i], "unknown key '" + key + "' of " + what, didYouMean(key, known));
            } else if (value.kind != Kind::Null) {
                found->second(value);
            }
        }
    }

    void eachItem(const YamlNode& list, const std::string& what,
                  const std::function<void(const YamlNode&)>& take) {
        if (list.kind != Kind::List || list.items.empty())
            return complain(list.place, what + " must be a list of at least one");
        for (const YamlNode& item : list.items) take(item);
    }

    std::string text(const YamlNode& node) {
        if (node.kind == Kind::Scalar) return node.scalar;
        complain(node.place, "expected a text");
        return {};
    }

    // mergekit's ModelReference also takes {model: {path, revision}, lora}, which its own programs write.
    std::string model(const YamlNode& node) {
        if (node.kind == Kind::Map) {
            std::string name;
            eachKey(
                node, "a model",
                {{"model", [&](const YamlNode& value) { name = model(value); }},
                 {"path", [&](const YamlNode& value) { name = text(value); }},
                 {"revision", [&](const YamlNode& value) { name += "@" + text(value); }},
                 {"lora", [&](const YamlNode& value) { name += "+" + model(value); }},
                 {"override_architecture", [&](const YamlNode& value) {
                      m_recipe.warnings.push_back(m_recipe.at(value.place) +
                                                  ": override_architecture is not used: tensors are found by "
                                                  "their names");
                  }}});
            return name;
        }
        const std::string name = text(node);
        if (name.empty())
            complain(node.place, "expected a model: a folder, run:NAME or an id of the Hugging Face hub");
        if (name.find('+') != std::string::npos)
            complain(node.place, "'" + name + "': a model with an adapter cannot take part as such",
                     "make it a checkpoint first: retort-cli merge-adapter MODEL ADAPTER OUT");
        return name;
    }

    std::optional<Dtype> dtype(const YamlNode& node) {
        const std::string name = text(node);
        const std::optional<Dtype> found = floatDtypeOf(name);
        const std::vector<std::string> known = {"float32", "float16", "bfloat16", "float64"};
        if (!found)
            complain(node.place, "unknown dtype '" + name + "'",
                     didYouMean(name, known).empty() ? "float32, float16, bfloat16 or float64"
                                                     : didYouMean(name, known));
        return found;
    }

    std::optional<std::int64_t> integer(const YamlNode& node) {
        std::int64_t value = 0;
        const std::string& digits = node.scalar;
        const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        if (node.kind == Kind::Scalar && code == std::errc() && end == digits.data() + digits.size() &&
            value >= 0)
            return value;
        complain(node.place, "expected a whole number that is not negative");
        return std::nullopt;
    }

    void readMethod(const YamlNode& root) {
        std::vector<std::string> known;
        for (const MergeMethod* each : mergeMethods()) known.emplace_back(each->name());
        const YamlNode* node = root.find("merge_method");
        if (node == nullptr) return complain(root.place, "merge_method is missing");
        m_recipe.method = text(*node);
        m_method = findMergeMethod(m_recipe.method);
        if (m_method != nullptr) return;
        std::string all;
        for (const std::string& name : known) all.append(all.empty() ? "known: " : ", ").append(name);
        const std::string nearest = didYouMean(m_recipe.method, known);
        complain(node->place, "unknown merge_method '" + m_recipe.method + "'",
                 nearest.empty() ? all : nearest);
    }

    MergeSettingMap settings(const YamlNode& node, bool isOfModel = false) {
        MergeSettingMap result;
        if (node.kind != Kind::Map) {
            complain(node.place, "parameters are keys and values");
            return result;
        }
        for (std::size_t i = 0; i < node.entries.size(); ++i) {
            const auto& [key, value] = node.entries[i];
            if (!judgeParameter(key, node.keyPlaces[i], isOfModel)) continue;
            try {
                result.emplace(key,
                               readMergeSetting(value, key == "rescale" ? rescaleOrNumber : recipeNumber));
            } catch (const Error& error) {
                complain(value.place.line > 0 ? value.place : node.keyPlaces[i],
                         "parameter '" + key + "': " + error.what_happened(), error.hint());
            }
        }
        return result;
    }

    // mergekit passes over parameters that its method does not have, and recipes leave them there when they
    // change the method; only a name that no method knows is a mistake for certain.
    bool judgeParameter(const std::string& key, TextPlace place, bool isOfModel) {
        if (m_method == nullptr) return false;
        std::vector<std::string> own, all;
        for (const MergeParameterInfo& info : m_method->parameters()) own.push_back(info.name);
        for (const MergeMethod* method : mergeMethods())
            for (const MergeParameterInfo& info : method->parameters()) all.push_back(info.name);
        const auto has = [&key](const std::vector<std::string>& names) {
            return std::find(names.begin(), names.end(), key) != names.end();
        };
        if (has(own)) {
            const auto info = std::find_if(m_method->parameters().begin(), m_method->parameters().end(),
                                           [&](const MergeParameterInfo& each) { return each.name == key; });
            if (isOfModel && info->scope == MergeParameterInfo::Scope::Merge)
                m_recipe.warnings.push_back(m_recipe.at(place) + ": parameter '" + key +
                                            "' is one of the whole merge; it has no effect at a model");
            return true;
        }
        if (has(all) || key == "int8_mask") {
            if (key != "int8_mask")
                m_recipe.warnings.push_back(m_recipe.at(place) + ": parameter '" + key +
                                            "' means nothing to " + m_recipe.method);
            return false;
        }
        const std::string nearest = didYouMean(key, own);
        complain(place, "unknown parameter '" + key + "' of " + m_recipe.method,
                 nearest.empty() ? didYouMean(key, all) : nearest);
        return false;
    }

    MergeInput input(const YamlNode& node, bool isSource) {
        MergeInput result;
        result.place = node.place;
        Handlers handlers = {
            {"model", [&](const YamlNode& value) { result.model = model(value); }},
            {"parameters", [&](const YamlNode& value) { result.parameters = settings(value, true); }},
            {"statistics", [&](const YamlNode& value) { result.statistics = text(value); }}};
        if (isSource)
            handlers.emplace_back("layer_range",
                                  [&](const YamlNode& value) { result.layerRange = range(value); });
        eachKey(node, isSource ? "a source" : "a model", handlers);
        if (result.model.empty()) complain(node.place, "model is missing");
        if (isSource && !result.layerRange) complain(node.place, "layer_range is missing");
        return result;
    }

    std::optional<std::array<int, 2>> range(const YamlNode& node) {
        constexpr std::int64_t most = 100'000;
        if (node.kind == Kind::List && node.items.size() == 2) {
            const auto first = integer(node.items[0]), end = integer(node.items[1]);
            if (!first || !end) return std::array{0, 1};
            if (*first < *end && *end <= most) return std::array{int(*first), int(*end)};
        }
        complain(node.place, "layer_range is [first, one past the last], such as [0, 12]");
        return std::array{0, 1};  // said already
    }

    void readModels(const YamlNode& node) {
        ++m_structures;
        MergeSlice slice;
        slice.place = node.place;
        eachItem(node, "models", [&](const YamlNode& item) { slice.sources.push_back(input(item, false)); });
        requireDistinct(slice);
        m_recipe.slices = {std::move(slice)};
    }

    void readSlices(const YamlNode& node) {
        ++m_structures;
        m_recipe.isSliced = true;
        m_recipe.slices.clear();
        eachItem(node, "slices", [&](const YamlNode& item) { m_recipe.slices.push_back(slice(item)); });
    }

    MergeSlice slice(const YamlNode& node) {
        MergeSlice result;
        result.place = node.place;
        eachKey(node, "a slice",
                {{"sources",
                  [&](const YamlNode& value) {
                      eachItem(value, "sources",
                               [&](const YamlNode& item) { result.sources.push_back(input(item, true)); });
                  }},
                 {"base_model", [&](const YamlNode& value) { result.baseModel = model(value); }},
                 {"parameters", [&](const YamlNode& value) { result.parameters = settings(value); }},
                 {"residual_weight", [](const YamlNode&) {}}});  // declared by mergekit, used by nothing
        if (result.sources.empty()) complain(node.place, "sources are missing");
        requireDistinct(result);
        const auto length = [](const MergeInput& each) {
            return each.layerRange ? (*each.layerRange)[1] - (*each.layerRange)[0] : 0;
        };
        for (const MergeInput& each : result.sources)
            if (length(each) != length(result.sources.front()))
                complain(each.place, "the sources of a slice must have the same number of layers: " +
                                         std::to_string(length(each)) + " here, " +
                                         std::to_string(length(result.sources.front())) + " in the first");
        return result;
    }

    void requireDistinct(const MergeSlice& slice) {
        std::set<std::string> seen;
        for (const MergeInput& each : slice.sources)
            if (!each.model.empty() && !seen.insert(each.model).second)
                complain(each.place, "model '" + each.model + "' takes part twice in one merge");
    }

    void readModules(const YamlNode& node) {
        eachKey(node, "modules", {{"default", [this](const YamlNode& module) {
                                       eachKey(
                                           module, "a module",
                                           {{"models", [this](const YamlNode& value) { readModels(value); }},
                                            {"slices", [this](const YamlNode& value) { readSlices(value); }},
                                            {"parameters", [this](const YamlNode& value) {
                                                 m_recipe.moduleParameters = settings(value);
                                             }}});
                                   }}});
    }

    void readTokenizerSource(const YamlNode& node) {
        if (m_recipe.tokenizer) complain(node.place, "either tokenizer_source or tokenizer, not both");
        m_recipe.tokenizer.emplace();
        m_recipe.tokenizer->source = node.kind == Kind::Scalar ? node.scalar : model(node);
        m_recipe.tokenizer->place = node.place;
    }

    void readTokenizer(const YamlNode& node) {
        if (m_recipe.tokenizer) complain(node.place, "either tokenizer_source or tokenizer, not both");
        MergeTokenizer& tokenizer = m_recipe.tokenizer.emplace();
        tokenizer.source = "union";
        tokenizer.place = node.place;
        eachKey(node, "tokenizer",
                {{"source",
                  [&](const YamlNode& value) {
                      tokenizer.source = value.kind == Kind::Scalar ? value.scalar : model(value);
                  }},
                 {"tokens", [&](const YamlNode& value) { readTokens(value, tokenizer); }},
                 {"pad_to_multiple_of",
                  [&](const YamlNode& value) { tokenizer.padToMultipleOf = integer(value); }}});
    }

    void readTokens(const YamlNode& node, MergeTokenizer& tokenizer) {
        if (node.kind != Kind::Map) return complain(node.place, "tokens are a map: \"<token>\": {source: …}");
        for (const auto& [token, value] : node.entries) {
            MergeTokenSource source;
            source.place = value.place;
            eachKey(value, "a token",
                    {{"source", [&](const YamlNode& from) { readTokenSource(from, source); }},
                     {"force", [&](const YamlNode& from) {
                          source.force = recipeNumber(text(from)).value_or(0) != 0;
                      }}});
            tokenizer.tokens.emplace_back(token, source);
        }
    }

    void readTokenSource(const YamlNode& node, MergeTokenSource& source) {
        if (node.kind == Kind::Scalar) {
            source.kind = MergeTokenSource::Kind::Model;
            source.model = model(node);
            return;
        }
        std::string kind;
        eachKey(node, "a token's source",
                {{"kind", [&](const YamlNode& value) { kind = text(value); }},
                 {"model", [&](const YamlNode& value) { source.model = model(value); }},
                 {"token", [&](const YamlNode& value) { source.token = text(value); }},
                 {"token_id", [&](const YamlNode& value) { source.tokenId = integer(value); }}});
        if (kind == "zero") {
            source.kind = MergeTokenSource::Kind::Zero;
        } else if (kind == "model_token") {
            source.kind = MergeTokenSource::Kind::ModelToken;
            if (source.model.empty() || source.token.empty() == !source.tokenId)
                complain(node.place, "model_token needs model, and one of token and token_id");
        } else {
            complain(node.place, "kind must be zero or model_token");
        }
    }

    MergeRecipe& m_recipe;
    const MergeMethod* m_method = nullptr;
    int m_structures = 0;
    std::vector<std::string> m_problems;
};

}  // namespace

std::vector<std::string> MergeRecipe::models() const {
    std::vector<std::string> all;
    const auto add = [&all](const std::string& name) {
        if (!name.empty() && std::find(all.begin(), all.end(), name) == all.end()) all.push_back(name);
    };
    add(baseModel);
    for (const MergeSlice& slice : slices) {
        for (const MergeInput& source : slice.sources) add(source.model);
        add(slice.baseModel);
    }
    return all;
}

std::string MergeRecipe::at(TextPlace place) const {
    return place.line > 0 ? where + ":" + std::to_string(place.line) : where;
}

MergeRecipe parseMergeRecipe(const std::string& text, const std::string& where,
                             const std::filesystem::path& folder) {
    MergeRecipe recipe;
    recipe.text = text;
    recipe.where = where;
    recipe.folder = folder;
    RecipeReader reader(recipe);
    std::vector<YamlComplaint> complaints;
    const YamlNode root = readYaml(text, complaints);
    for (const YamlComplaint& complaint : complaints)
        reader.complain(complaint.place, complaint.message, complaint.hint);
    if (complaints.empty()) reader.read(root);
    reader.finish();
    return recipe;
}

MergeRecipe readMergeRecipe(const std::filesystem::path& file) {
    constexpr std::size_t largest = 4u << 20;
    return parseMergeRecipe(readFile(file, largest), file.string(),
                            std::filesystem::absolute(file).parent_path());
}

std::optional<Dtype> floatDtypeOf(std::string_view name) {
    if (name.starts_with("torch.")) name.remove_prefix(6);
    for (const Dtype each : {Dtype::Float64, Dtype::Float32, Dtype::Float16, Dtype::BFloat16})
        if (name == floatDtypeName(each)) return each;
    return std::nullopt;
}

const char* floatDtypeName(Dtype dtype) {
    switch (dtype) {
        case Dtype::Float64:
            return "float64";
        case Dtype::Float32:
            return "float32";
        case Dtype::Float16:
            return "float16";
        case Dtype::BFloat16:
            return "bfloat16";
        default:
            return "";
    }
}

}  // namespace retort
