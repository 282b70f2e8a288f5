#include "core/lineage/lineage_export.h"

#include "core/config/values.h"

namespace retort {
namespace {

const char* kindName(LineageNode::Kind kind) {
    switch (kind) {
        case LineageNode::Kind::Run:
            return "run";
        case LineageNode::Kind::Folder:
            return "folder";
        case LineageNode::Kind::Adapter:
            return "adapter";
        case LineageNode::Kind::Hub:
            return "hub";
        case LineageNode::Kind::Missing:
            break;
    }
    return "missing";
}

// In DOT's quoted strings only the quote and the backslash mean something; names must not break lines.
std::string dotText(const std::string& text) {
    std::string out;
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
    return out;
}

std::string csvCell(const std::string& text) {
    if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"') out += '"';
        out += c;
    }
    out += '"';
    return out;
}

std::string edgeText(const LineageEdge& edge) {
    std::string text = lineageKindName(edge.kind);
    if (edge.weight) text.append(" ").append(shortestNumber(*edge.weight));
    if (edge.isBase) text += " (base)";
    return text;
}

const char* dotStyle(LineageKind kind) {
    switch (kind) {
        case LineageKind::Distilled:
            return "dashed";
        case LineageKind::Judged:
        case LineageKind::Adapter:
            return "dotted";
        case LineageKind::Merged:
            return "bold";
        default:
            return "solid";
    }
}

}  // namespace

std::string lineageDot(const LineageGraph& graph) {
    std::string out = "digraph lineage {\n  rankdir=LR;\n  node [shape=box, style=rounded];\n";
    for (std::size_t i = 0; i < graph.nodes().size(); ++i) {
        const LineageNode& node = graph.nodes()[i];
        std::string label = dotText(node.name);
        if (node.run != 0)
            label += "\\n" + dotText(node.recipe) +
                     (node.path.empty() ? "" : ", step " + std::to_string(node.step));
        if (!node.method.empty()) label += "\\n" + dotText(node.method);
        out += "  n" + std::to_string(i) + " [label=\"" + label + "\"];\n";
    }
    for (const LineageEdge& edge : graph.edges())
        out += "  n" + std::to_string(edge.parent) + " -> n" + std::to_string(edge.child) + " [label=\"" +
               dotText(edgeText(edge)) + "\", style=" + dotStyle(edge.kind) + "];\n";
    return out + "}\n";
}

std::string lineageCsv(const LineageGraph& graph) {
    std::string out =
        "checkpoint,recipe,step,accuracy,path,hash,kind,parent,parent_path,weight,is_base,detail\n";
    for (std::size_t i = 0; i < graph.nodes().size(); ++i) {
        const LineageNode& node = graph.nodes()[i];
        const auto accuracy = node.accuracy();
        const std::string head = csvCell(node.name) + "," + csvCell(node.recipe) + "," +
                                 (node.run != 0 ? std::to_string(node.step) : "") + "," +
                                 (accuracy ? shortestNumber(*accuracy) : "") + "," + csvCell(node.path) +
                                 "," + node.hash + ",";
        if (graph.edgesToParents(i).empty()) out += head + ",,,,,\n";
        for (const std::size_t each : graph.edgesToParents(i)) {
            const LineageEdge& edge = graph.edges()[each];
            const LineageNode& parent = graph.nodes()[edge.parent];
            out += head + lineageKindName(edge.kind) + "," + csvCell(parent.name) + "," +
                   csvCell(parent.path) + "," + (edge.weight ? shortestNumber(*edge.weight) : "") + "," +
                   (edge.isBase ? "1" : "0") + "," + csvCell(edge.detail) + "\n";
        }
    }
    return out;
}

Json lineageJson(const LineageGraph& graph) {
    Json json = {{"nodes", Json::array()}, {"edges", Json::array()}, {"problems", graph.problems()}};
    for (const LineageNode& node : graph.nodes()) {
        Json each = {{"key", node.key}, {"name", node.name}, {"kind", kindName(node.kind)}};
        const auto text = [&](const char* name, const std::string& value) {
            if (!value.empty()) each[name] = value;
        };
        text("path", node.path);
        text("hash", node.hash);
        text("run", node.runId);
        text("recipe", node.recipe);
        text("state", node.state);
        text("study", node.study);
        text("method", node.method);
        text("source", node.source);
        text("problem", node.problem);
        if (node.run != 0) each["step"] = node.step;
        if (!node.otherSteps.empty()) each["other_steps"] = node.otherSteps;
        for (const auto& [set, value] : node.accuracies) each["accuracy"][set] = value;
        json["nodes"].push_back(std::move(each));
    }
    for (const LineageEdge& edge : graph.edges()) {
        Json each = {{"kind", lineageKindName(edge.kind)},
                     {"parent", graph.nodes()[edge.parent].key},
                     {"child", graph.nodes()[edge.child].key}};
        if (edge.weight) each["weight"] = *edge.weight;
        if (edge.isBase) each["is_base"] = true;
        if (!edge.detail.empty()) each["detail"] = edge.detail;
        json["edges"].push_back(std::move(each));
    }
    return json;
}

}  // namespace retort
