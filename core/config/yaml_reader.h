// YAML text to a tree that remembers where everything stood. Bounded: size, depth and number of nodes;
// aliases, tags and several documents in one file are refused, so that hostile text costs no more than its
// length.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/util/json.h"

namespace retort {

struct TextPlace {
    int line = 0, column = 0;  ///< 1-based; 0: not from a file (an override, a default)
};

struct YamlNode {
    enum class Kind { Null, Scalar, List, Map } kind = Kind::Null;
    TextPlace place{};
    std::string scalar{};
    bool quoted = false;  ///< a quoted scalar is text, whatever it looks like
    bool fromOverride = false;
    std::vector<YamlNode> items{};                            ///< of a List
    std::vector<std::pair<std::string, YamlNode>> entries{};  ///< of a Map, in file order
    std::vector<TextPlace> keyPlaces{};                       ///< of each entry

    const YamlNode* find(const std::string& key) const;
    YamlNode* find(const std::string& key);
    /// Adds an entry or replaces its value.
    YamlNode& set(const std::string& key, YamlNode value);
};

struct YamlComplaint {
    TextPlace place;
    std::string message, hint;
};

/// `complaints` gets what was wrong; then the tree holds what could still be read (nothing after a syntax
/// error).
YamlNode readYaml(const std::string& text, std::vector<YamlComplaint>& complaints);

/// A tree for values that came from no file.
YamlNode nodeFromJson(const Json& value);

/// 1-based line of the first byte that is not UTF-8; 0 when all is well.
int firstLineThatIsNotUtf8(const std::string& text);

}  // namespace retort
