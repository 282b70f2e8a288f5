// retort-cli lineage: what came from what, as a tree; what differs between two checkpoints; whether several
// can be merged.
#include <charconv>
#include <cstdio>
#include <set>

#include "app/cli/context.h"
#include "app/cli/table.h"
#include "core/config/names.h"
#include "core/lineage/lineage_difference.h"
#include "core/lineage/lineage_export.h"
#include "core/lineage/merge_check.h"
#include "core/util/error.h"

namespace fs = std::filesystem;

namespace retort::cli {
namespace {

std::string nameOf(const LineageNode& node) {
    std::string text = printable(node.name);
    if (node.run != 0 && !node.path.empty()) text += "@" + std::to_string(node.step);
    return text;
}

std::string describe(const LineageNode& node) {
    std::vector<std::string> words;
    if (!node.method.empty())
        words.push_back(node.method + " merge");
    else if (node.run != 0)
        words.push_back(node.recipe);
    if (node.kind == LineageNode::Kind::Adapter) words.emplace_back("adapter");
    if (node.kind == LineageNode::Kind::Hub) words.emplace_back("on a hub");
    if (node.kind == LineageNode::Kind::Missing) words.emplace_back("no longer there");
    if (node.run != 0 && node.path.empty()) words.emplace_back("no checkpoint yet");
    if (node.state == "running" || node.state == "failed" || node.state == "lost")
        words.push_back(node.state);
    if (const auto accuracy = node.accuracy()) words.push_back("accuracy " + shortNumber(*accuracy));
    std::string text = nameOf(node);
    for (std::size_t i = 0; i < words.size(); ++i)
        text.append(i == 0 ? " (" : ", ").append(printable(words[i]));
    return words.empty() ? text : text + ")";
}

std::string edgeText(const LineageEdge& edge) {
    std::string text = lineageKindName(edge.kind);
    if (edge.weight) text.append(" ").append(shortNumber(*edge.weight));
    return edge.isBase ? text + ", base" : text;
}

/// A checkpoint by its folder, its run's directory, or its run's name or id with or without "@step".
std::size_t findNode(const LineageGraph& graph, const std::string& name) {
    fs::path path = fs::absolute(name).lexically_normal();
    if (path.filename().empty()) path = path.parent_path();
    std::error_code code;
    if (fs::exists(path / "run.json", code)) path = lastCheckpoint(path);
    if (const auto node = graph.find(path.string())) return *node;
    std::optional<std::size_t> found;
    std::set<std::string> known;
    for (std::size_t i = 0; i < graph.nodes().size(); ++i) {
        const LineageNode& node = graph.nodes()[i];
        known.insert(node.name);
        const bool byId = name.size() >= 4 && node.runId.rfind(name, 0) == 0;
        if (nameOf(node) == name || ((node.name == name || byId) && node.isLast)) found = i;
    }
    if (found) return *found;
    if (fs::is_directory(path, code))
        throw Error("nothing is recorded about it", path.string(),
                    "retort-cli lineage add FOLDER takes it in");
    const std::string hint = didYouMean(name, {known.begin(), known.end()});
    throw Error("there is no checkpoint '" + name + "'", "lineage",
                hint.empty() ? "retort-cli lineage lists them" : hint);
}

class Tree {
  public:
    Tree(const LineageGraph& graph, std::set<std::size_t> shown, std::optional<std::size_t> marked)
        : m_graph(graph), m_shown(std::move(shown)), m_marked(marked) {}

    void print() {
        for (const std::size_t node : m_graph.topologicalOrder())
            if (m_shown.contains(node) && parentsOf(node) == 0) print(node, "", "", "");
    }

  private:
    std::size_t parentsOf(std::size_t node) const {
        std::size_t count = 0;
        for (const std::size_t each : m_graph.edgesToParents(node))
            count += m_shown.contains(m_graph.edges()[each].parent);
        return count;
    }
    // With several parents it stands below the first that is printed, and is named below the others.
    void print(std::size_t node, const std::string& before, const std::string& below,
               const std::string& how) {
        const bool again = !m_printed.insert(node).second;
        const LineageNode& is = m_graph.nodes()[node];
        std::printf("%s%s%s%s%s\n", before.c_str(), how.c_str(), m_marked == node ? "* " : "",
                    (again ? nameOf(is) : describe(is)).c_str(), again ? " (above)" : "");
        if (again) return;
        std::vector<std::size_t> edges;
        for (const std::size_t each : m_graph.edgesToChildren(node))
            if (m_shown.contains(m_graph.edges()[each].child)) edges.push_back(each);
        for (std::size_t i = 0; i < edges.size(); ++i) {
            const bool last = i + 1 == edges.size();
            const LineageEdge& edge = m_graph.edges()[edges[i]];
            print(edge.child, below + (last ? "└─ " : "├─ "), below + (last ? "   " : "│  "),
                  edgeText(edge) + ": ");
        }
    }

    const LineageGraph& m_graph;
    std::set<std::size_t> m_shown, m_printed;
    std::optional<std::size_t> m_marked;
};

void requireTwo(const std::vector<std::string>& names, const char* option, bool exactly) {
    if (names.size() < 2 || (exactly && names.size() > 2))
        throw Error(
            std::string(option) + " needs " + (exactly ? "two checkpoints" : "at least two checkpoints"),
            "lineage", std::string("retort-cli lineage ") + option + " A B");
}

int printDifference(const Context& context, StoreReader& reader, const LineageGraph& graph) {
    const auto& names = context.arguments().positionals();
    requireTwo(names, "--diff", true);
    const auto configOf = [&](std::int64_t run) {
        const auto row = reader.run(run);
        return row ? row->config : std::string();
    };
    const LineageDifference difference =
        whatDiffers(graph, findNode(graph, names[0]), findNode(graph, names[1]), configOf);
    std::vector<std::string> head{"what"}, common;
    for (const std::size_t node : difference.columns) head.push_back(nameOf(graph.nodes()[node]));
    for (const std::size_t node : difference.common) common.push_back(nameOf(graph.nodes()[node]));
    if (context.json()) {
        Json json = {{"way", Json::array()},
                     {"common_ancestors", common},
                     {"columns", Json::array()},
                     {"rows", Json::array()}};
        for (const auto& step : difference.way)
            json["way"].push_back({{"from", graph.nodes()[step.from].key},
                                   {"to", graph.nodes()[step.to].key},
                                   {"kind", lineageKindName(graph.edges()[step.edge].kind)},
                                   {"forward", step.forward}});
        for (const std::size_t node : difference.columns) json["columns"].push_back(graph.nodes()[node].key);
        for (const auto& row : difference.rows)
            json["rows"].push_back({{"group", row.group}, {"key", row.key}, {"values", row.values}});
        std::puts(json.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
        return exitOk;
    }
    if (difference.way.empty()) {
        std::printf("not related by anything that is recorded\n");
    } else {
        std::string way = nameOf(graph.nodes()[difference.way[0].from]);
        for (const auto& step : difference.way)
            way += (step.forward ? " → " : " ← ") + nameOf(graph.nodes()[step.to]);
        std::printf("%s\n", way.c_str());
        std::string list;
        for (const std::string& name : common) list.append(list.empty() ? "" : ", ").append(name);
        std::printf("common ancestor: %s\n", common.empty() ? "none is known" : list.c_str());
    }
    std::vector<std::vector<std::string>> rows;
    for (const auto& row : difference.rows) {
        rows.push_back({row.key});
        for (const std::string& value : row.values) rows.back().push_back(shortened(printable(value), 40));
    }
    if (!rows.empty()) std::printf("\n%s", formatTable(head, rows).c_str());
    for (const std::string& problem : difference.problems) context.note(problem);
    return exitOk;
}

// Checkpoints that nothing is recorded of can be checked, too.
std::string pathOf(const LineageGraph& graph, const std::string& name) {
    std::error_code code;
    if (fs::exists(fs::path(name) / "config.json", code)) {
        const fs::path path = fs::absolute(name).lexically_normal();
        return (path.filename().empty() ? path.parent_path() : path).string();
    }
    const LineageNode& node = graph.nodes()[findNode(graph, name)];
    if (node.path.empty()) throw Error("has no folder on this disk", node.name);
    return node.path;
}

int printCheck(const Context& context, const LineageGraph& graph) {
    const auto& names = context.arguments().positionals();
    requireTwo(names, "--check", false);
    std::vector<std::string> paths;
    for (const std::string& name : names) paths.push_back(pathOf(graph, name));
    constexpr const char* severities[] = {"error", "warning", "note"};
    bool failed = false;
    Json json = Json::array();
    for (const MergeFinding& finding : checkMergeable(graph, paths)) {
        const char* severity = severities[std::size_t(finding.severity)];
        failed |= finding.severity == MergeFinding::Severity::Error;
        json.push_back({{"severity", severity}, {"text", finding.text}, {"hint", finding.hint}});
        if (context.json()) continue;
        std::printf("%s: %s\n", severity, printable(finding.text).c_str());
        if (!finding.hint.empty()) std::printf("         %s\n", finding.hint.c_str());
    }
    if (context.json()) std::puts(json.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
    return failed ? exitProblemsFound : exitOk;
}

}  // namespace

int runLineage(Context& context) {
    StoreReader reader = context.reader();
    const LineageGraph graph = reader.lineage();
    if (context.arguments().has("--diff")) return printDifference(context, reader, graph);
    if (context.arguments().has("--check")) return printCheck(context, graph);
    std::set<std::size_t> shown;
    std::optional<std::size_t> marked;
    for (const std::string& name : context.arguments().positionals()) {
        marked = findNode(graph, name);
        shown.insert(*marked);
        for (const auto& family : {graph.ancestors(*marked), graph.descendants(*marked)})
            shown.insert(family.begin(), family.end());
    }
    if (!marked) shown.insert(graph.topologicalOrder().begin(), graph.topologicalOrder().end());
    if (context.json()) {
        std::puts(lineageJson(graph.part(shown)).dump(2, ' ', false, Json::error_handler_t::replace).c_str());
    } else if (context.arguments().has("--dot")) {
        std::fputs(lineageDot(graph.part(shown)).c_str(), stdout);
    } else {
        if (graph.nodes().empty()) context.note("no checkpoints yet");
        Tree(graph, std::move(shown), marked).print();
    }
    for (const std::string& problem : graph.problems()) context.note(problem);
    return exitOk;
}

int runLineageAdd(Context& context) {
    StoreWriter writer(context.storeFile());
    for (const std::string& folder : context.arguments().positionals())
        writer.addLineageFolder(fs::absolute(folder)).get();
    const LineageGraph graph = StoreReader(context.storeFile()).lineage();
    for (const std::string& folder : context.arguments().positionals()) {
        const std::size_t node = findNode(graph, folder);
        context.note(nameOf(graph.nodes()[node]) + ": " + std::to_string(graph.edgesToParents(node).size()) +
                     " parents");
    }
    return exitOk;
}

}  // namespace retort::cli
