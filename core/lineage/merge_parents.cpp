#include "core/lineage/merge_parents.h"

#include <charconv>
#include <cmath>

#include "core/config/yaml_reader.h"
#include "core/util/error.h"

namespace retort {
namespace {

constexpr std::size_t maxParents = 1000;

using Kind = YamlNode::Kind;

std::optional<double> numberOf(const YamlNode& node) {
    double value = 0;
    const char* const end = node.scalar.data() + node.scalar.size();
    const auto [stop, code] = std::from_chars(node.scalar.data(), end, value);
    if (node.kind != Kind::Scalar || code != std::errc() || stop != end || !std::isfinite(value))
        return std::nullopt;
    return value;
}

// "model+adapter", or {model: {path: …, revision: …}, lora: {path: …}}.
MergeParent reference(const YamlNode& node) {
    MergeParent parent;
    if (node.kind == Kind::Scalar) {
        const std::size_t plus = node.scalar.find('+');
        parent.model = node.scalar.substr(0, plus);
        if (plus != std::string::npos) parent.adapter = node.scalar.substr(plus + 1);
        return parent;
    }
    const auto path = [](const YamlNode* from) -> std::string {
        if (from == nullptr) return {};
        if (from->kind == Kind::Scalar) return from->scalar;
        const YamlNode* name = from->find("path");
        return name != nullptr ? name->scalar : std::string();
    };
    parent.model = path(node.find("model"));
    if (parent.model.empty()) parent.model = path(&node);
    parent.adapter = path(node.find("lora"));
    return parent;
}

class Reader {
  public:
    explicit Reader(const std::string& where) : m_where(where) {}
    RecipeParents result;

    void read(const YamlNode& root) {
        if (const YamlNode* method = root.find("merge_method")) result.method = method->scalar;
        models(root);
        slices(root);
        if (const YamlNode* modules = root.find("modules"))
            for (const auto& [name, module] : modules->entries) {
                models(module);
                slices(module);
            }
        if (const YamlNode* base = root.find("base_model"); base != nullptr && base->kind != Kind::Null) {
            MergeParent parent = reference(*base);
            parent.isBase = true;
            add(parent, *base);
        }
    }

  private:
    void models(const YamlNode& node) {
        const YamlNode* list = node.find("models");
        if (list == nullptr) return;
        for (const YamlNode& item : list->items) input(item);
    }
    void slices(const YamlNode& node) {
        const YamlNode* list = node.find("slices");
        if (list == nullptr) return;
        for (const YamlNode& slice : list->items)
            if (const YamlNode* sources = slice.find("sources"))
                for (const YamlNode& source : sources->items) input(source);
    }
    // {model: …, parameters: {weight: …}}
    void input(const YamlNode& item) {
        const YamlNode* model = item.kind == Kind::Map ? item.find("model") : &item;
        if (model == nullptr) fail(item, "a model is missing here");
        MergeParent parent = reference(*model);
        if (const YamlNode* parameters = item.find("parameters"))
            if (const YamlNode* weight = parameters->find("weight")) parent.weight = numberOf(*weight);
        add(parent, *model);
    }
    // A model may serve several slices: its weight is known where they agree.
    void add(const MergeParent& parent, const YamlNode& at) {
        if (parent.model.empty()) fail(at, "the name of a model is missing here");
        for (MergeParent& known : result.parents) {
            if (known.model != parent.model || known.adapter != parent.adapter) continue;
            if (!parent.isBase && known.weight != parent.weight) known.weight.reset();
            known.isBase |= parent.isBase;
            return;
        }
        if (result.parents.size() >= maxParents) fail(at, "names more than 1000 models");
        result.parents.push_back(parent);
    }
    [[noreturn]] void fail(const YamlNode& at, const std::string& what) const {
        throw Error(what, m_where + ":" + std::to_string(at.place.line), "see mergekit's docs/config.md");
    }

    const std::string& m_where;
};

}  // namespace

RecipeParents readMergeParents(const std::string& yaml, const std::string& where) {
    std::vector<YamlComplaint> complaints;
    const YamlNode root = readYaml(yaml, complaints);
    if (!complaints.empty())
        throw Error(complaints[0].message, where + ":" + std::to_string(complaints[0].place.line),
                    complaints[0].hint);
    Reader reader(where);
    if (root.kind == Kind::Map) reader.read(root);
    if (reader.result.parents.empty())
        throw Error("names no models", where, "a merge recipe has models, slices or modules");
    return std::move(reader.result);
}

}  // namespace retort
