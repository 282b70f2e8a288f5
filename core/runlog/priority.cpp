#include "core/runlog/priority.h"

#include <charconv>
#include <chrono>
#include <thread>

#include "core/util/error.h"
#include "core/util/files.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr std::size_t longestFile = 4096;

std::optional<int> numberIn(const std::string& text) {
    int number = 0;
    const char* end = text.data() + text.size();
    const auto [rest, code] = std::from_chars(text.data(), end, number);
    if (code != std::errc() || rest != end || number < normalNice || number > lowestNice) return std::nullopt;
    return number;
}

fs::path fileOf(const fs::path& runDirectory, const char* name) {
    return runDirectory / "control" / name;
}

void write(const fs::path& file, const std::string& text) {
    std::error_code code;
    fs::create_directory(file.parent_path(), code);
    if (code) throw Error("cannot be made: " + code.message(), file.parent_path().string());
    writeFileAtomically(file, text + "\n");
}

}  // namespace

int niceFrom(const std::string& text) {
    if (text == "normal") return normalNice;
    if (text == "low") return lowNice;
    if (text == "lowest") return lowestNice;
    if (const auto number = numberIn(text)) return *number;
    throw Error("'" + text + "' is no priority", "priority",
                "use normal, low, lowest, or a nice value from 0 to 19");
}

void askPriority(const fs::path& runDirectory, int nice) {
    write(fileOf(runDirectory, "priority"), std::to_string(niceFrom(std::to_string(nice))));
}

std::optional<int> askedPriority(const fs::path& runDirectory) try {
    std::error_code code;  // looked at often, and mostly not there
    if (!fs::exists(fileOf(runDirectory, "priority"), code)) return std::nullopt;
    std::string text = readFile(fileOf(runDirectory, "priority"), longestFile);
    while (!text.empty() && text.back() == '\n') text.pop_back();
    return numberIn(text);
} catch (const Error&) {
    return std::nullopt;
}

Json toJson(const PriorityState& state) {
    Json json = {{"nice", state.nice}};
    if (state.asked) json["asked"] = *state.asked;
    if (!state.problem.empty()) json["problem"] = state.problem;
    return json;
}

PriorityState priorityStateFrom(const Json& json) {
    PriorityState state;
    state.nice = json.at("nice").get<int>();
    if (json.contains("asked")) state.asked = json["asked"].get<int>();
    state.problem = json.value("problem", "");
    return state;
}

void writePriorityState(const fs::path& runDirectory, const PriorityState& state) {
    write(fileOf(runDirectory, "nice.json"),
          toJson(state).dump(-1, ' ', false, Json::error_handler_t::replace));
}

std::optional<PriorityState> readPriorityState(const fs::path& runDirectory) try {
    return priorityStateFrom(Json::parse(readFile(fileOf(runDirectory, "nice.json"), longestFile)));
} catch (const Error&) {
    return std::nullopt;
} catch (const Json::exception&) {
    return std::nullopt;
}

std::optional<PriorityState> awaitPriority(const fs::path& runDirectory, int nice) {
    using Clock = std::chrono::steady_clock;
    for (const auto until = Clock::now() + std::chrono::seconds(5); Clock::now() < until;) {
        if (const auto state = readPriorityState(runDirectory); state && state->asked == nice) return state;
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return std::nullopt;
}

}  // namespace retort
