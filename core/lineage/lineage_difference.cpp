#include "core/lineage/lineage_difference.h"

#include <algorithm>

#include "core/config/config_diff.h"
#include "core/config/load.h"
#include "core/lineage/checkpoint_facts.h"

namespace retort {
namespace {

using Row = LineageDifference::Row;

void findWay(LineageDifference& difference, const LineageGraph& graph, std::size_t first,
             std::size_t second) {
    const std::vector<std::size_t> way = graph.path(first, second);
    for (std::size_t i = 1; i < way.size(); ++i) {
        LineageDifference::Step step{way[i - 1], way[i], 0, true};
        // Of several edges between two nodes, one that carries weights.
        bool found = false;
        const auto look = [&](const std::vector<std::size_t>& edges, bool forward) {
            for (const std::size_t each : edges) {
                const LineageEdge& edge = graph.edges()[each];
                const std::size_t other = forward ? edge.child : edge.parent;
                if (other != way[i] || (found && !carriesWeights(edge.kind))) continue;
                step.edge = each;
                step.forward = forward;
                found = true;
            }
        };
        look(graph.edgesToChildren(way[i - 1]), true);
        look(graph.edgesToParents(way[i - 1]), false);
        difference.way.push_back(step);
    }
}

void chooseColumns(LineageDifference& difference, const LineageGraph& graph, std::size_t first,
                   std::size_t second) {
    difference.columns.push_back(first);
    for (const auto& step : difference.way) {
        const LineageNode& node = graph.nodes()[step.to];
        const LineageNode& before = graph.nodes()[difference.columns.back()];
        if (step.to != second && node.run != 0 && node.run != before.run)
            difference.columns.push_back(step.to);
    }
    difference.columns.push_back(second);
}

std::string groupOf(const std::string& key) {
    if (key == "recipe") return "recipe";
    if (key.rfind("data.", 0) == 0 || key.rfind("pairs.", 0) == 0) return "data";
    return "configuration";
}

void compareConfigs(LineageDifference& difference, const LineageGraph& graph, const ConfigOfRun& configOf) {
    std::vector<Json> configs;
    for (const std::size_t column : difference.columns) {
        const std::int64_t run = graph.nodes()[column].run;
        const std::string yaml = run != 0 ? configOf(run) : std::string();
        Json values = yaml.empty() ? Json::object() : parseConfig(yaml, "config.yaml").values;
        if (!values.is_object()) values = Json::object();
        for (const char* shown : {"name", "study", "tags"}) values.erase(shown);
        configs.push_back(std::move(values));
    }
    std::vector<Row> rows;
    for (ConfigDifference& each : diffConfigs(configs))
        rows.push_back({groupOf(each.key), each.key, std::move(each.values)});
    const auto rank = [](const Row& row) { return row.group == "recipe" ? 0 : row.group == "data" ? 1 : 2; };
    std::stable_sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) { return rank(a) < rank(b); });
    difference.rows.insert(difference.rows.end(), rows.begin(), rows.end());
}

void compareFacts(LineageDifference& difference, const LineageGraph& graph, std::size_t first,
                  std::size_t second) {
    const auto factsOf = [&](std::size_t node) {
        const std::string& path = graph.nodes()[node].path;
        return path.empty() ? CheckpointFacts() : readCheckpointFacts(path);
    };
    const CheckpointFacts a = factsOf(first), b = factsOf(second);
    const std::size_t between = difference.columns.size() - 2;
    const auto add = [&](const char* key, const std::string& left, const std::string& right) {
        std::vector<std::string> values{left};
        values.resize(1 + between);
        values.push_back(right);
        difference.rows.push_back({"checkpoint", key, std::move(values)});
    };
    const auto row = [&](const char* key, const std::string& left, const std::string& right) {
        if (left != right) add(key, left, right);
    };
    row("content hash", graph.nodes()[first].hash, graph.nodes()[second].hash);
    row("architecture", a.architecture, b.architecture);
    row("shape", a.shape, b.shape);
    if (a.parameters > 0 && b.parameters > 0)
        row("parameters", std::to_string(a.parameters), std::to_string(b.parameters));
    row("dtype", a.dtype, b.dtype);
    row("tokenizer", a.tokenizerHash.substr(0, 17), b.tokenizerHash.substr(0, 17));
    row("chat template", a.chatTemplateHash.substr(0, 12), b.chatTemplateHash.substr(0, 12));
    std::size_t onlyA = 0, onlyB = 0, shapes = 0;
    for (const auto& [name, tensor] : a.tensors) {
        const auto other = b.tensors.find(name);
        if (other == b.tensors.end())
            ++onlyA;
        else
            shapes += tensor.shape != other->second.shape;
    }
    for (const auto& [name, tensor] : b.tensors) onlyB += !a.tensors.contains(name);
    if (!a.tensors.empty() && !b.tensors.empty() && onlyA + onlyB > 0)
        add("tensors that the other has not", std::to_string(onlyA), std::to_string(onlyB));
    if (shapes > 0) add("tensors of another shape", std::to_string(shapes), std::to_string(shapes));
    for (const CheckpointFacts* facts : {&a, &b})
        difference.problems.insert(difference.problems.end(), facts->problems.begin(), facts->problems.end());
}

}  // namespace

LineageDifference whatDiffers(const LineageGraph& graph, std::size_t first, std::size_t second,
                              const ConfigOfRun& configOf) {
    LineageDifference difference;
    findWay(difference, graph, first, second);
    difference.common = graph.commonAncestors({first, second});
    chooseColumns(difference, graph, first, second);
    compareFacts(difference, graph, first, second);
    compareConfigs(difference, graph, configOf);
    return difference;
}

}  // namespace retort
