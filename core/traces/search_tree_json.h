// Search trees as members of a JSON object: the run log's form.
#pragma once

#include <string>

#include "core/traces/search_tree.h"
#include "core/util/json_fields.h"

namespace retort {

void appendTreeMembers(const SearchTree& tree, std::string& out, bool first);
/// Throws Error; the nodes stand behind their parents, the first is the only root, and the chosen one exists.
SearchTree readSearchTree(const JsonFields& fields);

}  // namespace retort
