// How the Compare page has a checkpoint answer: the model lives in training, the views know none. app/
// connects it; tests bring their own.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace retort {

struct AnswerSettings {
    double temperature = 0;  ///< 0: the likeliest token each time
    std::int64_t maxTokens = 128;
    std::int64_t samples = 1;
    std::uint64_t seed = 1;
    bool operator==(const AnswerSettings&) const = default;
};

struct AnswerRequest {
    std::filesystem::path checkpoint;  ///< folder
    std::string prompt;                ///< as the model gets it
    AnswerSettings settings;
};

struct GeneratedAnswer {
    std::string text;
    std::string finish;  ///< "stop" or "length"
    std::int64_t tokens = 0;
    bool operator==(const GeneratedAnswer&) const = default;
};

/// Called off the GUI thread; the samples, those that are whole where `stop` came. Throws Error for a
/// checkpoint that cannot be used. Empty: there is none.
using AnswerService = std::function<std::vector<GeneratedAnswer>(const AnswerRequest&, std::stop_token)>;

}  // namespace retort
