#include "views/traces/trees/tree_layout.h"

namespace retort {

TreeLayout layOutTree(const std::vector<std::int32_t>& parents) {
    const std::size_t count = parents.size();
    TreeLayout layout;
    layout.column.resize(count);
    layout.row.resize(count);
    layout.children.resize(count);
    if (count == 0) return layout;
    const auto at = [](std::int32_t node) { return static_cast<std::size_t>(node); };
    for (std::size_t i = 1; i < count; ++i) {
        layout.children[at(parents[i])].push_back(static_cast<std::int32_t>(i));
        layout.column[i] = layout.column[at(parents[i])] + 1;
    }
    // Leaves take the rows in order of a depth-first walk, so each subtree has rows of its own; a parent
    // stands between its first and its last child.
    std::vector<std::int32_t> order, open = {0};
    while (!open.empty()) {
        const std::int32_t node = open.back();
        open.pop_back();
        order.push_back(node);
        const auto& children = layout.children[at(node)];
        open.insert(open.end(), children.rbegin(), children.rend());
    }
    for (const std::int32_t node : order) {
        if (layout.children[at(node)].empty()) layout.row[at(node)] = layout.rows++;
        const auto column = at(layout.column[at(node)]);
        if (layout.columns.size() <= column) layout.columns.resize(column + 1);
        layout.columns[column].push_back(node);
    }
    for (std::size_t i = count; i-- > 0;) {
        const auto& children = layout.children[i];
        if (!children.empty())
            layout.row[i] = (layout.row[at(children.front())] + layout.row[at(children.back())]) / 2;
    }
    return layout;
}

}  // namespace retort
