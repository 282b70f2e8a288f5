#include "training/recipes/trainer_state.h"

#include "core/analysis/alarms.h"
#include "core/util/error.h"
#include "core/util/files.h"

namespace retort {
namespace {

constexpr int currentFormat = 1;

TrainerState stateFrom(const Json& json) {
    TrainerState state;
    state.step = json.at("step").get<std::int64_t>();
    state.updates = json.at("updates").get<std::int64_t>();
    state.tokens = json.at("tokens").get<std::int64_t>();
    state.attempt = json.at("attempt").get<std::int32_t>();
    state.evaluated = json.at("evaluated").get<bool>();
    state.threads = json.at("threads").get<int>();
    state.precision = json.at("precision").get<std::string>();
    state.recipe = json.at("recipe").get<std::string>();
    state.seed = json.at("seed").get<std::int64_t>();
    if (const auto alarms = json.find("alarms"); alarms != json.end() && !alarms->is_null()) {
        AlarmMonitor::fromJson(*alarms);  // throws what a malformed file throws
        state.alarms = *alarms;
    }
    return state;
}

bool isPlausible(const TrainerState& state) {
    return state.step >= 0 && state.updates >= 0 && state.tokens >= 0 && state.threads >= 1 &&
           state.threads <= 4096;
}

}  // namespace

void writeTrainerState(const std::filesystem::path& file, const TrainerState& state) {
    const Json json{{"format_version", currentFormat},
                    {"recipe", state.recipe},
                    {"seed", state.seed},
                    {"step", state.step},
                    {"updates", state.updates},
                    {"tokens", state.tokens},
                    {"attempt", state.attempt},
                    {"evaluated", state.evaluated},
                    {"threads", state.threads},
                    {"precision", state.precision},
                    {"alarms", state.alarms}};
    writeFileAtomically(file, json.dump() + "\n");
}

TrainerState readTrainerState(const std::filesystem::path& file) {
    const std::string text = readFile(file, std::size_t(64) << 20);
    try {
        const Json json = Json::parse(text);
        if (json.at("format_version").get<int>() > currentFormat)
            throw Error("was written by a newer version of Retort", file.string(),
                        "update Retort to resume this run");
        const TrainerState state = stateFrom(json);
        if (!isPlausible(state))
            throw Error("malformed trainer state: a number is out of range", file.string());
        return state;
    } catch (const Json::parse_error& error) {
        throw Error("malformed trainer state: not valid JSON at byte " + std::to_string(error.byte),
                    file.string(), "remove the folder of this checkpoint to resume from the one before it");
    } catch (const Json::exception& error) {
        throw Error(std::string("malformed trainer state: ") + error.what(), file.string(),
                    "remove the folder of this checkpoint to resume from the one before it");
    }
}

}  // namespace retort
