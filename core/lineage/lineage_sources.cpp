#include "core/lineage/lineage_sources.h"

#include <sys/stat.h>

#include <algorithm>

#include "core/config/yaml_reader.h"
#include "core/lineage/merge_parents.h"
#include "core/util/error.h"
#include "core/util/files.h"
#include "core/util/json.h"
#include "core/util/json_fields.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr std::size_t maxCardBytes = 1u << 20, maxRecipeBytes = 1u << 20, maxJsonBytes = 1u << 20;

bool isThere(const fs::path& path) {
    std::error_code code;
    return fs::exists(path, code);
}

std::string absoluteFolder(const std::string& name, const fs::path& base) {
    fs::path path = fs::absolute(base / name).lexically_normal();
    if (path.filename().empty()) path = path.parent_path();  // a slash at the end
    return path.string();
}

std::string textAt(const YamlNode& root, std::initializer_list<const char*> path) {
    const YamlNode* node = &root;
    for (const char* key : path)
        if (node = node->find(key); node == nullptr) return {};
    return node->kind == YamlNode::Kind::Scalar ? node->scalar : std::string();
}

// What a run's configuration names, by the paths of core/config/recipes.
class ConfigLinks {
  public:
    ConfigLinks(const YamlNode& root, const fs::path& base) : m_root(root), m_base(base) {}
    RunLineage result;

    void read() {
        const std::string rank = textAt(m_root, {"lora", "r"});
        add(LineageKind::Trained, {"model", "from"}, rank.empty() || rank == "0" ? "" : "LoRA, r = " + rank);
        add(LineageKind::Adapter, {"lora", "from"}, "adapter");
        add(LineageKind::Distilled, {"distillation", "teacher"}, "teacher");
        add(LineageKind::Distilled, {"grpo", "teacher"}, "teacher");
        add(LineageKind::Judged, {"ppo", "value_from"}, "value model");
        for (const char* section : {"grpo", "ppo"}) rewards(section);
        merge();
    }

  private:
    void add(LineageKind kind, std::initializer_list<const char*> path, const std::string& detail) {
        const std::string name = textAt(m_root, path);
        if (!name.empty()) result.links.push_back({kind, parentOfName(name, m_base), {}, {}, false, detail});
    }
    void rewards(const char* section) {
        const YamlNode* node = m_root.find(section);
        const YamlNode* terms = node != nullptr ? node->find("rewards") : nullptr;
        if (terms == nullptr) return;
        for (const YamlNode& term : terms->items)
            if (const std::string path = textAt(term, {"path"}); !path.empty())
                result.links.push_back({LineageKind::Judged,
                                        parentOfName(path, m_base),
                                        {},
                                        {},
                                        false,
                                        textAt(term, {"reward"})});
    }
    void merge() {
        const std::string recipe = textAt(m_root, {"merge", "recipe"});
        if (recipe.empty()) return;
        const RecipeParents merged = readMergeParents(recipe, "merge.recipe");
        for (const MergeParent& parent : merged.parents)
            result.links.push_back({LineageKind::Merged,
                                    parentOfName(parent.model, m_base),
                                    {},
                                    parent.weight,
                                    parent.isBase,
                                    merged.method});
    }

    const YamlNode& m_root;
    const fs::path& m_base;
};

void takeRecipe(FolderLineage& lineage, const std::string& yaml, const fs::path& file) {
    const RecipeParents merged = readMergeParents(yaml, file.string());
    lineage.method = merged.method;
    lineage.recipe = yaml;
    for (const MergeParent& parent : merged.parents) {
        lineage.links.push_back({LineageKind::Merged,
                                 parentOfName(parent.model, file.parent_path()),
                                 {},
                                 parent.weight,
                                 parent.isBase,
                                 merged.method});
        if (!parent.adapter.empty())
            lineage.links.push_back({LineageKind::Adapter,
                                     parentOfName(parent.adapter, file.parent_path()),
                                     {},
                                     {},
                                     false,
                                     "adapter of " + parent.model});
    }
}

void takeRecord(FolderLineage& lineage, const LineageRecord& record) {
    lineage.method = record.method;
    lineage.recipe = record.recipe;
    lineage.program = record.program;
    if (record.created > 0) lineage.created = record.created;
    for (const LineageParent& parent : record.parents)
        lineage.links.push_back({parent.kind, absoluteFolder(parent.path.string(), "/"), parent.hash,
                                 parent.weight, parent.isBase,
                                 parent.kind == LineageKind::Merged ? record.method : ""});
}

// "---\nfront matter\n---\ntext"
std::string frontMatter(const std::string& card) {
    if (card.rfind("---\n", 0) != 0) return {};
    const std::size_t end = card.find("\n---", 3);
    return end == std::string::npos ? std::string() : card.substr(4, end - 3);
}

// mergekit writes its recipe into the card, as a block of YAML.
std::string recipeInCard(const std::string& card) {
    for (std::size_t at = 0; (at = card.find("```yaml\n", at)) != std::string::npos;) {
        at += 8;
        const std::size_t end = card.find("\n```", at);
        if (end == std::string::npos) break;
        const std::string block = card.substr(at, end - at + 1);
        if (block.find("merge_method:") != std::string::npos) return block;
    }
    return {};
}

// Hugging Face's model card: base_model, and base_model_relation (merge, finetune, adapter, quantized).
void takeCard(FolderLineage& lineage, const fs::path& file) {
    const std::string card = readFile(file, maxCardBytes);
    if (const std::string recipe = recipeInCard(card); !recipe.empty())
        return takeRecipe(lineage, recipe, file);
    std::vector<YamlComplaint> complaints;
    const YamlNode root = readYaml(frontMatter(card), complaints);
    const YamlNode* base = root.find("base_model");
    if (base == nullptr) return;
    std::vector<std::string> names;
    if (base->kind == YamlNode::Kind::Scalar) names.push_back(base->scalar);
    for (const YamlNode& item : base->items) names.push_back(item.scalar);
    const std::string relation = textAt(root, {"base_model_relation"});
    const bool merged = relation == "merge" || (relation.empty() && names.size() > 1);
    const LineageKind kind = merged ? LineageKind::Merged
                             : relation == "adapter" || lineage.state == FolderLineage::State::Adapter
                                 ? LineageKind::Adapter
                                 : LineageKind::Trained;
    for (const std::string& name : names)
        if (!name.empty())
            lineage.links.push_back({kind, parentOfName(name, file.parent_path()), {}, {}, false, relation});
}

void takeAdapterConfig(FolderLineage& lineage, const fs::path& file) {
    const std::string text = readFile(file, maxJsonBytes);
    simdjson::dom::parser parser;
    simdjson::dom::object root;
    std::string_view base;
    if (parser.parse(text).get(root) != simdjson::SUCCESS) throw Error("is not a JSON object", file.string());
    if (root.at_key("base_model_name_or_path").get(base) == simdjson::SUCCESS && !base.empty())
        lineage.links.push_back({LineageKind::Adapter,
                                 parentOfName(std::string(base), file.parent_path()),
                                 {},
                                 {},
                                 false,
                                 "adapter"});
}

void readSources(FolderLineage& lineage, const fs::path& folder) {
    if (auto record = readLineageRecord(folder)) {
        lineage.source = "lineage.json";
        return takeRecord(lineage, *record);
    }
    for (const char* name : {"mergekit_config.yml", "mergekit_config.yaml"})
        if (isThere(folder / name)) {
            lineage.source = name;
            return takeRecipe(lineage, readFile(folder / name, maxRecipeBytes), folder / name);
        }
    if (isThere(folder / "README.md")) {
        lineage.source = "README.md";
        takeCard(lineage, folder / "README.md");
        if (!lineage.links.empty()) return;
        lineage.source.clear();
    }
    if (lineage.state == FolderLineage::State::Adapter) {
        lineage.source = "adapter_config.json";
        takeAdapterConfig(lineage, folder / "adapter_config.json");
    }
}

}  // namespace

std::string parentOfName(const std::string& name, const fs::path& base) {
    if (name.empty()) return {};
    if (name.rfind("run:", 0) == 0 || name.rfind("hub:", 0) == 0) return name;
    std::error_code code;
    if (fs::is_directory(base / name, code)) return absoluteFolder(name, base);
    // "gpt2" and "org/name" that are no folders are names on a hub; anything that looks like a path stays
    // one.
    const bool isPath = name.front() == '/' || name.front() == '.' || name.front() == '~' ||
                        std::count(name.begin(), name.end(), '/') > 1;
    return isPath ? absoluteFolder(name, base) : "hub:" + name;
}

RunLineage lineageOfConfig(const std::string& yaml, const fs::path& base) {
    std::vector<YamlComplaint> complaints;
    const YamlNode root = readYaml(yaml, complaints);
    ConfigLinks links(root, base);
    try {
        links.read();
    } catch (const Error& error) {
        links.result.problem = error.what();
    }
    return std::move(links.result);
}

FolderLineage lineageOfFolder(const fs::path& folder) {
    FolderLineage lineage;
    std::error_code code;
    if (!fs::is_directory(folder, code)) return lineage;
    if (isThere(folder / "config.json"))
        lineage.state = FolderLineage::State::Checkpoint;
    else if (isThere(folder / "adapter_config.json"))
        lineage.state = FolderLineage::State::Adapter;
    struct stat status {};
    if (::stat(folder.c_str(), &status) == 0) lineage.created = double(status.st_mtime);
    try {
        readSources(lineage, folder);
    } catch (const std::exception& error) {
        lineage.problem = error.what();
    }
    return lineage;
}

}  // namespace retort
