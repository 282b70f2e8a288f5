// One parameter as a recipe gives it (mergekit's grammar): a number or flag, a list that is a gradient over
// the layers, or a list of {filter, value}.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/yaml_reader.h"

namespace retort {

struct MergeSetting {
    struct Case {
        std::optional<std::string> filter;  ///< part of a tensor's name; none: every tensor
        std::vector<double> values;         ///< one: constant; more: at t = 0 … 1, linear between
        TextPlace place;

        bool fits(std::string_view tensor) const;
    };
    std::vector<Case> cases;  ///< the first that fits holds
    TextPlace place;

    /// The value for a tensor of relative depth `t`. Flags are not interpolated: the value at or before `t`
    /// holds. Nothing when no case fits, or the one that does has an empty list.
    std::optional<double> at(std::string_view tensor, double t, bool isFlag) const;
};

/// By parameter's name.
using MergeSettingMap = std::map<std::string, MergeSetting, std::less<>>;

/// A number as YAML and Python write it ("1e-5", ".5", "+3"), a flag ("true", "no", "on") as 0 or 1; nothing
/// for other text and for what is not finite.
std::optional<double> recipeNumber(std::string_view text);

/// `number` makes numbers of values. Throws Error, `where` being empty, with what is wrong; `node.place` says
/// where.
MergeSetting readMergeSetting(
    const YamlNode& node,
    const std::function<std::optional<double>(std::string_view)>& number = recipeNumber);

}  // namespace retort
