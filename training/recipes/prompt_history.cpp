#include "training/recipes/prompt_history.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <set>

#include "core/runlog/follower.h"
#include "core/util/error.h"
#include "core/util/files.h"
#include "core/util/json.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr const char* whatIsKept =
    "traces.groups_per_step and traces.every_steps of that run decide what it keeps";
/// Of this run's data at least so many are looked through for the history's prompts.
constexpr std::uint64_t numbersSearched = 1 << 16;

std::string keyOfId(const std::string& id) {
    return "id " + id;
}
std::string keyOfPrompt(const std::string& prompt) {
    return "prompt " + prompt;
}

struct Mean {
    double sum = 0;
    std::int64_t count = 0;
};
/// Rewards of a prompt's completions at each step.
using Visits = std::map<std::int64_t, Mean>;

std::map<std::string, Visits> rolloutsIn(const fs::path& eventsFile) {
    std::map<std::string, Visits> prompts;
    const RunLogFollower follower(eventsFile);
    FollowerBatch batch;
    do {
        batch = follower.read(batch.offset, batch.lastSeq);
        for (const Event& event : batch.events) {
            if (const auto* rewind = std::get_if<RewindEvent>(&event.payload))
                for (auto& [key, visits] : prompts)
                    visits.erase(visits.upper_bound(rewind->toStep), visits.end());
            const auto* said = std::get_if<TraceEvent>(&event.payload);
            if (!said || said->trace.phase != "train") continue;
            const Trace& trace = said->trace;
            if (!trace.reward || !std::isfinite(*trace.reward)) continue;
            Mean& mean = prompts[trace.problemId.empty() ? keyOfPrompt(trace.prompt)
                                                         : keyOfId(trace.problemId)][trace.step];
            mean.sum += *trace.reward;
            ++mean.count;
        }
    } while (!batch.atEnd);
    std::erase_if(prompts, [](const auto& prompt) { return prompt.second.empty(); });
    return prompts;
}

double varianceOf(const Visits& visits) {
    double mean = 0, squares = 0;
    for (const auto& [step, rewards] : visits) mean += rewards.sum / double(rewards.count);
    mean /= double(visits.size());
    for (const auto& [step, rewards] : visits)
        squares += std::pow(rewards.sum / double(rewards.count) - mean, 2);
    return squares / double(visits.size() - 1);
}

struct Candidate {
    std::uint64_t number = 0;
    std::string id, prompt;
    PromptHistory::Prompt history;
};

/// The history's prompts among this run's data, those of highest variance first.
std::vector<Candidate> matching(const PromptHistory& history, const TrainerParts& parts,
                                const RolloutSettings& settings, const DataMixture& mixture) {
    const auto asked = std::uint64_t(parts.config.training.max_steps * settings.prompts_per_step);
    std::vector<Candidate> found;
    std::set<const PromptHistory::Prompt*> seen;
    for (std::uint64_t number = 0; number < std::max(numbersSearched, asked) && seen.size() < history.size();
         ++number) {
        const Problem problem = mixture.draw(number).problem;
        const PromptHistory::Prompt* known = history.find(problem);
        if (known && seen.insert(known).second) found.push_back({number, problem.id, problem.prompt, *known});
    }
    std::stable_sort(found.begin(), found.end(), [](const Candidate& a, const Candidate& b) {
        return a.history.variance > b.history.variance;
    });
    return found;
}

void say(RunSession& session, const std::vector<Candidate>& chosen, std::int64_t wanted) {
    constexpr std::size_t named = 3, longest = 60;
    std::string text;
    for (std::size_t i = 0; i < std::min(chosen.size(), named); ++i) {
        char numbers[80];
        std::snprintf(numbers, sizeof numbers, "variance %.3g over %lld steps", chosen[i].history.variance,
                      static_cast<long long>(chosen[i].history.visits));
        const std::string& name = chosen[i].id.size() <= longest ? chosen[i].id : chosen[i].prompt;
        text += (i > 0 ? ", " : "") + name.substr(0, longest) + " (" + numbers + ")";
    }
    session.message("info", "fixed prompts by their history: " + text + (chosen.size() > named ? " …" : ""));
    if (std::int64_t(chosen.size()) < wanted)
        session.message("warning", "only " + std::to_string(chosen.size()) + " of " + std::to_string(wanted) +
                                       " fixed prompts: the history has no more of this run's data");
}

std::vector<Candidate> choose(const TrainerParts& parts, const RolloutSettings& settings,
                              const DataMixture& mixture) {
    const std::string key = parts.config.recipe + ".fixed_prompt_history: " + settings.fixed_prompt_history;
    std::vector<Candidate> found =
        matching(PromptHistory::read(settings.fixed_prompt_history), parts, settings, mixture);
    if (found.empty())
        throw Error("none of the prompts of that run's kept rollouts is in this run's data", key,
                    std::string("give both runs the same tasks or files and the same seed; ") + whatIsKept);
    if (std::uint64_t(settings.fixed_prompt_offset) >= found.size())
        throw Error("has " + std::to_string(found.size()) + " prompts of this run's data, and " +
                        std::to_string(settings.fixed_prompt_offset) + " are skipped",
                    key, "lower " + parts.config.recipe + ".fixed_prompt_offset");
    found.erase(found.begin(), found.begin() + settings.fixed_prompt_offset);
    found.resize(std::min(found.size(), std::size_t(settings.fixed_prompts)));
    return found;
}

std::vector<std::uint64_t> readNumbers(const fs::path& file) {
    try {
        std::vector<std::uint64_t> numbers;
        const Json json = Json::parse(readFile(file));
        for (const Json& prompt : json.at("prompts"))
            numbers.push_back(prompt.at("number").get<std::uint64_t>());
        if (!numbers.empty()) return numbers;
    } catch (const Json::exception&) {
    }
    throw Error("is no list of fixed prompts", file.string());
}

void writeNumbers(const fs::path& file, const std::vector<Candidate>& chosen, const std::string& history) {
    Json prompts = Json::array();
    for (const Candidate& each : chosen)
        prompts.push_back({{"number", each.number},
                           {"id", each.id},
                           {"variance", each.history.variance},
                           {"visits", each.history.visits}});
    writeFileAtomically(file, Json{{"history", history}, {"prompts", prompts}}.dump(2) + "\n");
}

}  // namespace

PromptHistory PromptHistory::read(const fs::path& folder) {
    const RunDirectory run = RunDirectory::open(folder);
    const std::map<std::string, Visits> prompts = rolloutsIn(run.eventsFile());
    if (prompts.empty()) throw Error("this run kept no rollouts", folder.string(), whatIsKept);
    PromptHistory history;
    for (const auto& [key, visits] : prompts)
        if (visits.size() > 1) history.m_prompts[key] = {varianceOf(visits), std::int64_t(visits.size())};
    if (history.m_prompts.empty())
        throw Error("this run kept no prompt's rollouts at two steps, so none has a variance",
                    folder.string(),
                    std::string("it needs more steps, or fewer different prompts; ") + whatIsKept);
    return history;
}

const PromptHistory::Prompt* PromptHistory::find(const Problem& problem) const {
    for (const std::string& key : {keyOfId(problem.id), keyOfPrompt(problem.prompt)})
        if (const auto found = m_prompts.find(key); found != m_prompts.end()) return &found->second;
    return nullptr;
}

std::vector<std::uint64_t> fixedPromptNumbers(const TrainerParts& parts, RunSession& session,
                                              const RolloutSettings& settings, const DataMixture& mixture) {
    std::vector<std::uint64_t> numbers;
    if (settings.fixed_prompt_history.empty()) {
        for (std::int64_t i = 0; i < settings.fixed_prompts; ++i)
            numbers.push_back(std::uint64_t(settings.fixed_prompt_offset + i));
        return numbers;
    }
    const fs::path file = session.run().path() / "fixed_prompts.json";
    std::error_code code;
    if (fs::exists(file, code)) return readNumbers(file);
    const std::vector<Candidate> chosen = choose(parts, settings, mixture);
    writeNumbers(file, chosen, settings.fixed_prompt_history);
    say(session, chosen, settings.fixed_prompts);
    for (const Candidate& each : chosen) numbers.push_back(each.number);
    return numbers;
}

}  // namespace retort
