// The graph for other programs: Graphviz, spreadsheets, scripts.
#pragma once

#include <string>

#include "core/lineage/lineage_graph.h"
#include "core/util/json.h"

namespace retort {

/// Graphviz: `dot -Tsvg`.
std::string lineageDot(const LineageGraph& graph);
/// One line an edge, and one a node that has no parents (RFC 4180).
std::string lineageCsv(const LineageGraph& graph);
/// {"nodes": […], "edges": […], "problems": […]}; edges name their ends by key.
Json lineageJson(const LineageGraph& graph);

}  // namespace retort
