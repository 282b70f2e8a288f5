#include "training/recipes/data_source.h"

#include <cstdio>
#include <filesystem>
#include <unordered_set>

#include "core/tasks/jsonl_data.h"
#include "core/util/error.h"
#include "core/util/random.h"

namespace retort {
namespace {

void addTask(std::vector<DataSource>& sources, const TaskSettings& settings) {
    const std::string name = settings.name.empty() ? settings.task : settings.name;
    sources.push_back({name,
                       settings.weight,
                       settings.worked_share,
                       makeTask(settings.task, settings.parameters),
                       true,
                       settings.examples,
                       {}});
}

void addFile(std::vector<DataSource>& sources, const FileSettings& settings, const DialogueFormat& dialogue) {
    const std::string name = std::filesystem::path(settings.path).stem().string();
    sources.push_back(
        {name, settings.weight, 1, makeFileTask(settings, dialogue), settings.held_out_share > 0, 0, {}});
}

/// The index of a source's problem that is drawn at `index`.
std::uint64_t placeOf(const DataSource& source, std::uint64_t index) {
    if (!source.kept.empty()) return source.kept[index % source.kept.size()];
    return source.examples > 0 ? index % std::uint64_t(source.examples) : index;
}

void checkSources(const std::vector<DataSource>& sources) {
    double weight = 0;
    std::unordered_set<std::string> names;
    for (const DataSource& source : sources) {
        weight += source.weight;
        if (!names.insert(source.name).second)
            throw Error("two sources are called '" + source.name + "'", "data", "give each its own `name`");
    }
    if (sources.empty())
        throw Error("there is nothing to learn from", "data", "name at least one task or file");
    if (weight <= 0) throw Error("all sources have weight 0", "data");
}

}  // namespace

std::vector<DataSource> makeDataSources(const std::vector<TaskSettings>& tasks,
                                        const std::vector<FileSettings>& files,
                                        const DialogueFormat& dialogue, bool mayBeNone) {
    std::vector<DataSource> sources;
    for (const TaskSettings& task : tasks) addTask(sources, task);
    for (const FileSettings& file : files) addFile(sources, file, dialogue);
    if (!sources.empty() || !mayBeNone) checkSources(sources);
    return sources;
}

std::uint64_t dataSeed(std::uint64_t seed) {
    return stableHash("data", seed);
}

DataMixture::DataMixture(const std::vector<DataSource>& sources, std::uint64_t seed)
    : m_sources(sources), m_seed(dataSeed(seed)) {
    for (const DataSource& source : sources) m_totalWeight += source.weight;
}

DrawnProblem DataMixture::draw(std::uint64_t index) const {
    if (m_sources.empty())
        throw Error("there is nothing to draw from", "data", "name at least one task or file");
    Random random(m_seed, index);
    DrawnProblem drawn;
    double rest = random.uniform() * m_totalWeight;
    while (drawn.source + 1 < m_sources.size() && (rest -= m_sources[drawn.source].weight) >= 0)
        ++drawn.source;
    while (m_sources[drawn.source].weight <= 0) --drawn.source;  // rounding at the very end of the range
    const DataSource& source = m_sources[drawn.source];
    drawn.problem = source.task->problem(Split::Train, m_seed, placeOf(source, index));
    drawn.worked = !drawn.problem.worked.empty() && random.uniform() < source.workedShare;
    return drawn;
}

std::vector<Problem> heldOutProblems(const Task& task, std::int64_t count) {
    constexpr std::uint64_t seed = 20;  // any fixed number
    constexpr std::uint64_t longestDrought = 1000;
    std::vector<Problem> problems;
    std::unordered_set<std::string> seen;
    std::uint64_t sinceLast = 0;
    for (std::uint64_t index = 0; std::int64_t(problems.size()) < count && sinceLast < longestDrought;
         ++index) {
        Problem problem = task.problem(Split::Validation, seed, index);
        ++sinceLast;
        if (!seen.insert(problem.id).second) continue;
        problems.push_back(std::move(problem));
        sinceLast = 0;
    }
    return problems;
}

std::string problemSetHash(const std::vector<Problem>& problems) {
    std::uint64_t hash = 0;
    for (const Problem& problem : problems) hash = stableHash(problem.id, hash);
    char text[17];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash));
    return text;
}

}  // namespace retort
