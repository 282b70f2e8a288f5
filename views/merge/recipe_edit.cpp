#include "views/merge/recipe_edit.h"

#include <algorithm>
#include <cmath>

#include "core/config/values.h"
#include "core/config/yaml_reader.h"
#include "core/config/yaml_text.h"

namespace retort {

namespace {

using Kind = YamlNode::Kind;

/// A text and its tree, in which places become offsets.
class Editor {
  public:
    explicit Editor(std::string text) : m_text(std::move(text)) {
        if (!m_text.empty() && m_text.back() != '\n') m_text += '\n';
        std::vector<YamlComplaint> complaints;
        m_root = readYaml(m_text, complaints);
        m_ok = complaints.empty() && (m_root.kind == Kind::Map || m_root.kind == Kind::Null);
        for (std::size_t at = 0; at < m_text.size(); at = m_text.find('\n', at) + 1) m_lines.push_back(at);
    }

    bool ok() const { return m_ok; }
    const YamlNode& root() const { return m_root; }
    const std::string& text() const { return m_text; }

    std::optional<std::size_t> offset(TextPlace place) const {
        if (place.line < 1 || static_cast<std::size_t>(place.line) > m_lines.size()) return std::nullopt;
        const std::size_t at =
            m_lines[static_cast<std::size_t>(place.line) - 1] + static_cast<std::size_t>(place.column - 1);
        return at <= m_text.size() ? std::optional(at) : std::nullopt;
    }
    std::size_t lineBegin(std::size_t at) const {
        const std::size_t newline = at == 0 ? std::string::npos : m_text.rfind('\n', at - 1);
        return newline == std::string::npos ? 0 : newline + 1;
    }
    std::size_t lineEnd(std::size_t at) const { return std::min(m_text.find('\n', at), m_text.size()); }

    /// One past a scalar that stands on one line.
    std::optional<std::size_t> scalarEnd(const YamlNode& node) const {
        const auto begin = offset(node.place);
        if (!begin || node.kind != Kind::Scalar) return std::nullopt;
        if (!node.quoted) {
            const std::size_t size = node.scalar.size();
            return m_text.compare(*begin, size, node.scalar) == 0 ? std::optional(*begin + size)
                                                                  : std::nullopt;
        }
        const std::size_t end = lineEnd(*begin);
        const char quote = m_text[*begin];
        if (quote != '"' && quote != '\'') return std::nullopt;  // a block
        for (std::size_t i = *begin + 1; i < end; ++i) {
            if (quote == '"' && m_text[i] == '\\')
                ++i;
            else if (m_text[i] == quote && !(quote == '\'' && i + 1 < end && m_text[i + 1] == quote))
                return i + 1;
            else if (m_text[i] == quote)
                ++i;
        }
        return std::nullopt;
    }

    /// Whether the entry's key is the first word of its line ("- " aside), so that keys stand below each
    /// other.
    bool isBlock(TextPlace key) const {
        const auto at = offset(key);
        if (!at) return false;
        const std::string_view before(m_text.data() + lineBegin(*at), *at - lineBegin(*at));
        return before.find_first_not_of(" -") == std::string_view::npos;
    }

    EditedRecipe replaced(std::size_t begin, std::size_t end, const std::string& by) const {
        return m_text.substr(0, begin) + by + m_text.substr(end);
    }

    /// The last line that a node has a part on.
    static int lastLine(const YamlNode& node) {
        // yaml-cpp says of nothing that it stands where the next thing does.
        int line = node.kind == Kind::Null ? 0 : node.place.line;
        for (const YamlNode& item : node.items) line = std::max(line, lastLine(item));
        for (const auto& [key, value] : node.entries) line = std::max(line, lastLine(value));
        for (const TextPlace& place : node.keyPlaces) line = std::max(line, place.line);
        return line;
    }
    std::size_t afterLine(int line) const {
        const auto index = static_cast<std::size_t>(line);
        return index < m_lines.size() ? m_lines[index] : m_text.size();
    }

    /// `map` with one more entry behind its last.
    EditedRecipe withEntry(const YamlNode& map, const std::string& key, const std::string& value) const {
        if (map.kind != Kind::Map || map.entries.empty()) return std::nullopt;
        if (isBlock(map.keyPlaces.front())) {
            const std::string margin(static_cast<std::size_t>(map.keyPlaces.front().column - 1), ' ');
            const std::size_t at = afterLine(lastLine(map));
            return replaced(at, at, margin + key + ": " + value + "\n");
        }
        const auto end = scalarEnd(map.entries.back().second);
        if (!end) return std::nullopt;
        return replaced(*end, *end, ", " + key + ": " + value);
    }

  private:
    std::string m_text;
    YamlNode m_root;
    bool m_ok = false;
    std::vector<std::size_t> m_lines;
};

const YamlNode* modelNode(const YamlNode& root, std::size_t model) {
    const YamlNode* models = root.find("models");
    if (!models || models->kind != Kind::List || model >= models->items.size()) return nullptr;
    const YamlNode& item = models->items[model];
    return item.kind == Kind::Map ? &item : nullptr;
}

/// What has the parameters: a model's map or the whole.
const YamlNode* ownerNode(const YamlNode& root, int model) {
    return model < 0 ? &root : modelNode(root, static_cast<std::size_t>(model));
}

TextPlace keyPlace(const YamlNode& map, const std::string& key) {
    for (std::size_t i = 0; i < map.entries.size(); ++i)
        if (map.entries[i].first == key) return map.keyPlaces[i];
    return {};
}

EditedRecipe withScalar(const Editor& editor, const YamlNode& map, const std::string& key,
                        const std::string& value) {
    const YamlNode* node = map.find(key);
    if (!node) return editor.withEntry(map, key, value);
    const auto begin = editor.offset(node->place);
    const auto end = editor.scalarEnd(*node);
    return begin && end ? editor.replaced(*begin, *end, value) : std::nullopt;
}

/// Without the lines, or the part of a line, of one entry.
EditedRecipe withoutEntry(const Editor& editor, const YamlNode& map, const std::string& key) {
    const TextPlace place = keyPlace(map, key);
    const YamlNode* node = map.find(key);
    const auto at = editor.offset(place);
    if (!node || !at) return std::nullopt;
    const std::size_t begin = editor.lineBegin(*at);
    const std::string_view before(editor.text().data() + begin, *at - begin);
    if (before.find_first_not_of(' ') != std::string_view::npos)
        return std::nullopt;  // flow, or behind a dash
    return editor.replaced(begin, editor.afterLine(std::max(place.line, Editor::lastLine(*node))), "");
}

std::string indented(int column, const std::string& line) {
    return std::string(static_cast<std::size_t>(std::max(column - 1, 0)), ' ') + line + "\n";
}

std::string numberText(double value, bool isFlag) {
    return isFlag ? (value != 0 ? "true" : "false") : shortestNumber(value);
}

bool isFlatWithMethod(const RecipeView& view) {
    return view.readable && view.isFlat && view.values.inText.empty() &&
           std::all_of(view.models.begin(), view.models.end(),
                       [](const RecipeModel& model) { return model.values.inText.empty(); });
}

}  // namespace

double startValue(const BenchParameter& parameter, std::size_t models) {
    if (parameter.fallback) return *parameter.fallback;
    if (parameter.name != "weight") return 0.5;
    return std::round(1000.0 / static_cast<double>(std::max<std::size_t>(models, 1))) / 1000;
}

EditedRecipe withNumber(const std::string& text, int model, const std::string& parameter, double value,
                        bool isFlag) {
    const Editor editor(text);
    const YamlNode* owner = editor.ok() ? ownerNode(editor.root(), model) : nullptr;
    if (!owner) return std::nullopt;
    const std::string written = numberText(value, isFlag);
    const YamlNode* parameters = owner->find("parameters");
    if (parameters && parameters->kind == Kind::Map && !parameters->entries.empty())
        return withScalar(editor, *parameters, parameter, written);
    if (parameters && parameters->kind != Kind::Null) return std::nullopt;
    if (owner->kind != Kind::Map || owner->entries.empty())
        return model < 0 ? EditedRecipe(editor.text() + "parameters:\n  " + parameter + ": " + written + "\n")
                         : std::nullopt;
    if (!editor.isBlock(owner->keyPlaces.front()))
        return parameters ? std::nullopt
                          : editor.withEntry(*owner, "parameters", "{" + parameter + ": " + written + "}");
    const int column = owner->keyPlaces.front().column;
    const std::string line = indented(column + 2, parameter + ": " + written);
    if (parameters) {
        const std::size_t at = editor.afterLine(keyPlace(*owner, "parameters").line);
        return editor.replaced(at, at, line);
    }
    const std::size_t at = editor.afterLine(Editor::lastLine(*owner));
    return editor.replaced(at, at, indented(column, "parameters:") + line);
}

EditedRecipe withoutNumber(const std::string& text, int model, const std::string& parameter) {
    const Editor editor(text);
    const YamlNode* owner = editor.ok() ? ownerNode(editor.root(), model) : nullptr;
    const YamlNode* parameters = owner ? owner->find("parameters") : nullptr;
    if (!parameters || !parameters->find(parameter)) return text;
    // A map without entries would be a null.
    return parameters->entries.size() == 1 ? withoutEntry(editor, *owner, "parameters")
                                           : withoutEntry(editor, *parameters, parameter);
}

EditedRecipe withBase(const std::string& text, const std::string& name) {
    const Editor editor(text);
    if (!editor.ok()) return std::nullopt;
    if (name.empty())
        return editor.root().find("base_model") ? withoutEntry(editor, editor.root(), "base_model") : text;
    const std::string value = yamlScalar(Json(name));
    if (editor.root().find("base_model")) return withScalar(editor, editor.root(), "base_model", value);
    const TextPlace method = keyPlace(editor.root(), "merge_method");
    const std::size_t at = method.line > 0 && editor.isBlock(method) ? editor.afterLine(method.line) : 0;
    return editor.replaced(at, at, "base_model: " + value + "\n");
}

EditedRecipe withMethod(const std::string& text, const BenchMethod& method) {
    const Editor editor(text);
    if (!editor.ok()) return std::nullopt;
    EditedRecipe edited =
        editor.root().entries.empty() ? EditedRecipe("merge_method: " + method.name + "\n" + editor.text())
        : editor.root().find("merge_method") ? withScalar(editor, editor.root(), "merge_method", method.name)
                                             : editor.replaced(0, 0, "merge_method: " + method.name + "\n");
    if (!edited || !isFlatWithMethod(readRecipe(*edited))) return edited;
    const RecipeView view = readRecipe(*edited);
    const auto isKnown = [&](const std::string& name) {
        return name == "int8_mask" || method.find(name, true) || method.find(name, false);
    };
    const auto drop = [&](const RecipeValues& values, int model) {
        for (const auto& [name, value] : values.numbers)
            if (edited && !isKnown(name)) edited = withoutNumber(*edited, model, name);
    };
    drop(view.values, -1);
    for (std::size_t i = 0; i < view.models.size(); ++i) drop(view.models[i].values, static_cast<int>(i));
    for (const BenchParameter& parameter : method.parameters) {
        if (parameter.fallback) continue;
        for (std::size_t i = 0; i < (parameter.perModel ? view.models.size() : 1); ++i) {
            if (!edited || view.valueOf(parameter, i)) continue;
            if (parameter.perModel && view.models[i].name == view.base) continue;
            edited = withNumber(*edited, parameter.perModel ? static_cast<int>(i) : -1, parameter.name,
                                startValue(parameter, view.mergedModels()));
        }
    }
    return edited;
}

EditedRecipe withModel(const std::string& text, const std::string& name, const BenchMethod* method) {
    const Editor editor(text);
    if (!editor.ok() || !readRecipe(text).isFlat) return std::nullopt;
    const YamlNode* models = editor.root().find("models");
    const bool isFirst = !models || models->kind == Kind::Null;
    if (!isFirst && (models->kind != Kind::List || models->items.empty())) return std::nullopt;
    int column = 3;
    std::size_t at = editor.text().size();
    std::string lines;
    if (isFirst) {
        if (models) at = editor.afterLine(keyPlace(editor.root(), "models").line);
        // Behind the method and the base, before parameters and the rest.
        for (const char* key : {"merge_method", "base_model"})
            if (const TextPlace place = keyPlace(editor.root(), key); !models && place.line > 0)
                at = editor.afterLine(place.line);
        if (!models) lines = "models:\n";
    } else {
        const auto first = editor.offset(models->items.front().place);
        if (!first) return std::nullopt;
        const std::size_t begin = editor.lineBegin(*first);
        const std::size_t dash = editor.text().find_first_not_of(' ', begin);
        if (dash == std::string::npos || editor.text()[dash] != '-') return std::nullopt;  // a flow list
        column = static_cast<int>(dash - begin) + 1;
        at = editor.afterLine(Editor::lastLine(*models));
    }
    lines += indented(column, "- model: " + yamlScalar(Json(name)));
    std::string parameters;
    const std::size_t count = readRecipe(text).mergedModels() + 1;
    for (const BenchParameter& parameter : method ? method->parameters : std::vector<BenchParameter>())
        if (parameter.perModel && (!parameter.fallback || parameter.name == "weight"))
            parameters +=
                indented(column + 4, parameter.name + ": " + shortestNumber(startValue(parameter, count)));
    if (!parameters.empty()) lines += indented(column + 2, "parameters:") + parameters;
    return editor.replaced(at, at, lines);
}

EditedRecipe withoutModel(const std::string& text, std::size_t model) {
    const Editor editor(text);
    const YamlNode* models = editor.ok() ? editor.root().find("models") : nullptr;
    if (!models || models->kind != Kind::List || model >= models->items.size()) return std::nullopt;
    if (models->items.size() == 1) return withoutEntry(editor, editor.root(), "models");
    const YamlNode& item = models->items[model];
    const auto at = editor.offset(item.place);
    if (!at) return std::nullopt;
    const std::size_t begin = editor.lineBegin(*at);
    const std::size_t dash = editor.text().find_first_not_of(' ', begin);
    if (dash == std::string::npos || editor.text()[dash] != '-') return std::nullopt;
    return editor.replaced(begin, editor.afterLine(Editor::lastLine(item)), "");
}

}  // namespace retort
