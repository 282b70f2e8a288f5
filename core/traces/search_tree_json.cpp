#include "core/traces/search_tree_json.h"

#include "core/util/error.h"
#include "core/util/json_text.h"

namespace retort {
namespace {

void appendNode(std::string& out, const TreeNode& node) {
    out += '{';
    JsonMembers members(out);
    members.add("parent", node.parent).add("text", node.text).add("round", node.round);
    if (node.tokens > 0) members.add("tokens", node.tokens);
    if (node.value) members.add("value", *node.value);
    if (node.weight) members.add("weight", *node.weight);
    if (node.rollouts > 0) members.add("successes", node.successes).add("rollouts", node.rollouts);
    if (node.visits > 0) members.add("visits", node.visits);
    if (!node.kept) members.add("kept", false);
    if (node.finished) members.add("finished", true);
    if (node.correct) members.add("correct", *node.correct);
    out += '}';
}

void appendCurve(std::string& out, const std::pair<std::string, std::vector<double>>& curve) {
    out += '{';
    JsonMembers members(out);
    members.add("name", curve.first);
    appendJsonArray(members.key("values"), curve.second,
                    [](std::string& text, double value) { appendJsonNumber(text, value); });
    out += '}';
}

TreeNode readNode(const JsonFields& fields, std::size_t index) {
    TreeNode node;
    node.parent = fields.integer32("parent", -1);
    const bool inOrder =
        index == 0 ? node.parent == -1 : node.parent >= 0 && std::size_t(node.parent) < index;
    if (!inOrder)
        throw Error("\"nodes\": node " + std::to_string(index) + " does not stand behind its parent");
    node.text = fields.text("text", "");
    node.round = fields.integer32("round", 0);
    node.tokens = fields.integer32("tokens", 0);
    node.value = fields.optionalNumber("value");
    node.weight = fields.optionalNumber("weight");
    node.successes = fields.integer32("successes", 0);
    node.rollouts = fields.integer32("rollouts", 0);
    if (node.successes < 0 || node.successes > node.rollouts)
        throw Error("\"successes\" must lie between 0 and \"rollouts\"");
    node.visits = fields.integer32("visits", 0);
    node.kept = fields.flag("kept", true);
    node.finished = fields.flag("finished", false);
    if (fields.find("correct")) node.correct = fields.flag("correct", false);
    return node;
}

}  // namespace

void appendTreeMembers(const SearchTree& tree, std::string& out, bool first) {
    JsonMembers members(out, first);
    members.add("step", tree.step).add("method", tree.method).add("task", tree.task);
    members.add("problem", tree.problemId).add("prompt", tree.prompt).add("gold", tree.gold);
    if (!tree.settings.empty()) members.add("settings", tree.settings);
    members.add("tokens", tree.tokens).add("chosen", tree.chosen).add("correct", tree.correct);
    appendJsonArray(members.key("nodes"), tree.nodes, appendNode);
    if (!tree.curves.empty()) appendJsonArray(members.key("curves"), tree.curves, appendCurve);
}

SearchTree readSearchTree(const JsonFields& fields) {
    SearchTree tree;
    tree.step = fields.integer("step", 0);
    tree.method = fields.text("method");
    tree.task = fields.text("task", "");
    tree.problemId = fields.text("problem", "");
    tree.prompt = fields.text("prompt", "");
    tree.gold = fields.text("gold", "");
    tree.settings = fields.text("settings", "");
    tree.tokens = fields.integer("tokens", 0);
    tree.chosen = fields.integer32("chosen", -1);
    tree.correct = fields.flag("correct", false);
    for (const auto node : jsonArray(fields.need("nodes"), "nodes"))
        tree.nodes.push_back(readNode(JsonFields(jsonObject(node, "nodes")), tree.nodes.size()));
    if (tree.chosen < -1 || tree.chosen >= std::int32_t(tree.nodes.size()))
        throw Error("\"chosen\" is no node of the tree");
    if (const auto curves = fields.find("curves"))
        for (const auto curve : jsonArray(*curves, "curves")) {
            const JsonFields members(jsonObject(curve, "curves"));
            auto& [name, values] = tree.curves.emplace_back(members.text("name"), std::vector<double>{});
            for (const auto value : jsonArray(members.need("values"), "values"))
                values.push_back(jsonNumber(value, "values"));
        }
    return tree;
}

}  // namespace retort
