#include "core/traces/search_tree.h"

#include "core/util/error.h"

namespace retort {

std::string textOf(const SearchTree& tree, std::int32_t node) {
    std::vector<const std::string*> pieces;
    while (node >= 0) {
        const TreeNode& at = tree.nodes.at(std::size_t(node));
        if (at.parent >= node) throw Error("a search tree's node stands before its parent");
        pieces.push_back(&at.text);
        node = at.parent;
    }
    std::string text;
    for (auto piece = pieces.rbegin(); piece != pieces.rend(); ++piece) text += **piece;
    return text;
}

}  // namespace retort
