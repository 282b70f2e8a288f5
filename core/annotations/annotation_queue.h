// Queues of traces to annotate: what is in them, what an annotator sees, and how far everybody is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace retort {

/// Which traces are worth a person's time (traces.md d, "active selection").
enum class QueuePreset {
    Listed,             ///< those that a list shows, in its order
    LaneDisagreement,   ///< two judges say opposite things of one step
    PrmNearThreshold,   ///< a step's PRM score is nearest to one half
    RightWithLowStep,   ///< right answer, a step with a low PRM score
    ConvincingWrong,    ///< wrong answer, the lowest PRM score of its steps is highest first (PRM800K's
                        ///< strategy)
    RewardFlipped,      ///< the same problem was right at one training step and wrong at the next
    ZeroVariance,       ///< groups in which all rewards are equal
    LongestDecile,      ///< longest first, of the longest tenth
    GraderDisagreement  ///< the reward says one thing, the exact checker another
};
/// "lane_disagreement", "convincing_wrong" …
std::string_view name(QueuePreset preset);
std::optional<QueuePreset> queuePresetNamed(std::string_view name);

struct QueueSettings {
    std::string name;        ///< unique
    std::string guidelines;  ///< Markdown, shown beside the item; empty: PRM800K's rating rules
    bool blind = true;  ///< others' labels, automatic lanes, gold and verdict stay hidden until submitted
    bool showGoldAfter = true;    ///< once the item is submitted
    std::int32_t annotators = 1;  ///< wanted for each item
};

/// What is known of a quality-control item: where its first error begins (-1: none).
struct QualityControl {
    std::int64_t firstError = -1;
};

enum class ItemState { Pending, Draft, Done, Skipped };

struct QueueItem {
    std::int64_t idx = 0;                  ///< place in the queue
    std::int64_t mark = 0;                 ///< see AnnotationEvent::mark
    std::int64_t trace = 0;                ///< row id; 0: not in the store any more
    ItemState state = ItemState::Pending;  ///< of the annotator that was asked for
    std::string promptHead;
    bool isQualityControl = false;  ///< annotators are not shown this
};

struct QueueRow {
    std::int64_t id = 0;
    QueueSettings settings;
    QueuePreset preset = QueuePreset::Listed;
    double created = 0;
    std::int64_t items = 0;
    struct Progress {
        std::string annotator;
        std::int64_t done = 0, skipped = 0, drafts = 0;
        double seconds = 0;                   ///< of focused time
        std::int64_t controls = 0, hits = 0;  ///< quality-control items that were answered, and rightly
    };
    std::vector<Progress> progress;  ///< who said anything, by name
};

}  // namespace retort
