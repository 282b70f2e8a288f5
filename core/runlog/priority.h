// How much of a machine's processor time a run gets beside other programs: the nice value of its processes
// (nice(7)), which may be chosen while it goes on, and holds for its later attempts, too. Like the requests
// (control.h) it goes through files in control/: `priority` says what is wanted, and the trainer answers in
// `nice.json` what holds.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/util/json.h"

namespace retort {

constexpr int normalNice = 0, lowNice = 10, lowestNice = 19;

/// "normal", "low", "lowest", or a number from 0 to 19. Throws Error for anything else.
int niceFrom(const std::string& text);

/// Throws Error when it is not in 0 … 19, or cannot be written.
void askPriority(const std::filesystem::path& runDirectory, int nice);
/// Nothing where none was chosen.
std::optional<int> askedPriority(const std::filesystem::path& runDirectory);

/// What the trainer says.
struct PriorityState {
    int nice = normalNice;     ///< of its process
    std::optional<int> asked;  ///< what this answers
    std::string problem;       ///< why it is not what was asked; empty: it is

    bool operator==(const PriorityState&) const = default;
};

/// {"nice", "asked", "problem"}; the latter two where there are any.
Json toJson(const PriorityState& state);
/// Throws Json::exception.
PriorityState priorityStateFrom(const Json& json);

/// Throws Error when it cannot be written.
void writePriorityState(const std::filesystem::path& runDirectory, const PriorityState& state);
/// Nothing where no trainer has said any. Of a run that has ended it is the last attempt's.
std::optional<PriorityState> readPriorityState(const std::filesystem::path& runDirectory);
/// What the trainer says to a nice value that was asked for, for which it has five seconds. Nothing: it says
/// nothing.
std::optional<PriorityState> awaitPriority(const std::filesystem::path& runDirectory, int nice);

}  // namespace retort
