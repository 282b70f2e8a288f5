// Where in a completion the answer stands.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace retort::answers {

struct Candidate {
    std::string text;  ///< as written; empty: there is none
    std::string rule;  ///< "boxed", "answer phrase", "####", …
};

/// What follows the last think region; nothing when one was opened and never closed.
std::optional<std::string_view> afterThinking(std::string_view text);

/// The `\boxed{…}` (and `\fbox{…}`) of a text, outermost ones only, the last 32.
struct Boxes {
    std::vector<std::string> contents;
    std::vector<std::string> gaps;  ///< gaps[i] stands between box i and box i+1
    bool truncated = false;         ///< the last one never closes

    /// The boxes at the end with nothing but commas, "and" or "or" between them, when they are several.
    std::optional<std::string> listed() const;
    /// The last `count` boxes as one list, when little more than a separator stands between them.
    std::optional<std::string> joined(std::size_t count) const;
};
Boxes findBoxes(std::string_view text);

/// Candidates in the order in which they are to be tried; of the rules that name an answer (`<answer>`, "the
/// answer is", `####`) only the last one that occurs, alone. Boxes are not among them. Linear time.
std::vector<Candidate> candidates(std::string_view text);

/// The reference: its last box, what follows `####`, or all of it.
Candidate referenceAnswer(std::string_view text);

}  // namespace retort::answers
