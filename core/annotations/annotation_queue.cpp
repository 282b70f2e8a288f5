#include "core/annotations/annotation_queue.h"

#include <algorithm>
#include <array>

namespace retort {
namespace {

constexpr std::array<std::string_view, 9> presetNames = {
    "listed",         "lane_disagreement", "prm_near_threshold", "right_with_low_step", "convincing_wrong",
    "reward_flipped", "zero_variance",     "longest_decile",     "grader_disagreement"};

}  // namespace

std::string_view name(QueuePreset preset) {
    return presetNames[std::size_t(preset)];
}

std::optional<QueuePreset> queuePresetNamed(std::string_view name) {
    const auto found = std::find(presetNames.begin(), presetNames.end(), name);
    if (found == presetNames.end()) return std::nullopt;
    return QueuePreset(found - presetNames.begin());
}

}  // namespace retort
