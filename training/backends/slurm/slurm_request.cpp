#include "training/backends/slurm/slurm_request.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include "core/util/error.h"

namespace retort {
namespace {

constexpr std::int64_t mostNodes = 100000, mostTasksPerNode = 4096, mostCpus = 4096, mostAtOnce = 100000;
constexpr std::int64_t shortestGrace = 5, longestGrace = 24 * 3600;
constexpr std::size_t mostExtraLines = 100;
constexpr std::int64_t mostTimeNumber = 100000000;

bool hasControl(const std::string& text) {
    return std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

/// sbatch takes such values as one word; what they mean is the cluster's business.
void checkWord(const std::string& field, const std::string& word, std::vector<std::string>& problems) {
    if (hasControl(word) || word.find(' ') != std::string::npos)
        problems.push_back(field + ": has a blank or a control character in it");
}

void checkRange(const std::string& field, std::int64_t value, std::int64_t least, std::int64_t most,
                std::vector<std::string>& problems) {
    if (value < least || value > most)
        problems.push_back(field + ": " + std::to_string(value) + " is not in " + std::to_string(least) +
                           " … " + std::to_string(most));
}

std::optional<std::int64_t> number(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || code != std::errc() || end != text.data() + text.size() || value < 0 ||
        value > mostTimeNumber)
        return std::nullopt;
    return value;
}

std::optional<std::vector<std::int64_t>> numbers(std::string_view text, char separator) {
    std::vector<std::int64_t> found;
    while (true) {
        const std::size_t end = text.find(separator);
        const auto value = number(text.substr(0, end));
        if (!value) return std::nullopt;
        found.push_back(*value);
        if (end == std::string_view::npos) return found;
        text.remove_prefix(end + 1);
    }
}

bool isUnlimited(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return char(std::toupper(c)); });
    return text == "UNLIMITED" || text == "INFINITE";
}

void checkTime(const SlurmRequest& request, std::vector<std::string>& problems) {
    if (request.timeLimit.empty() || isUnlimited(request.timeLimit)) return;
    const auto seconds = slurmSeconds(request.timeLimit);
    if (!seconds || *seconds == 0)
        problems.push_back("time: '" + request.timeLimit +
                           "' is not a time limit: minutes (90), hours:minutes:seconds (1:30:00), or "
                           "days-hours (2-12)");
    else if (*seconds <= request.graceSeconds)
        problems.push_back("time: " + request.timeLimit + " is not longer than the " +
                           std::to_string(request.graceSeconds) +
                           " s that are kept for the last checkpoint (grace)");
}

void checkMemory(const std::string& memory, std::vector<std::string>& problems) {
    if (memory.empty()) return;
    std::string_view digits = memory;
    if (std::string_view("KMGTkmgt").find(digits.back()) != std::string_view::npos) digits.remove_suffix(1);
    if (!number(digits))
        problems.push_back("mem: '" + memory +
                           "' is not an amount of memory, such as 16G (without a letter: MB)");
}

/// What the script sets itself; with another value the run would not be found or followed.
constexpr std::array<std::string_view, 17> ours = {
    "--output", "-o",     "--error", "-e", "--open-mode", "--signal",    "--array",    "-a", "--chdir",
    "-D",       "--wrap", "--input", "-i", "--parsable",  "--test-only", "--job-name", "-J"};

void checkExtraLine(const std::string& line, std::vector<std::string>& problems) {
    const std::string field = "extra: '" + line + "'";
    if (hasControl(line)) return problems.push_back("extra: a line has a control character in it");
    if (line.rfind('-', 0) != 0 || line.size() < 2)
        return problems.push_back(field + " does not begin with an option of sbatch (--mail-type=END)");
    const bool isLong = line.rfind("--", 0) == 0;
    const std::string name = isLong ? line.substr(0, line.find_first_of("= ")) : line.substr(0, 2);
    if (std::find(ours.begin(), ours.end(), name) != ours.end())
        problems.push_back(field + ": " + name + " is set by the run itself");
}

}  // namespace

std::optional<std::int64_t> slurmSeconds(const std::string& text) {
    const std::size_t dash = text.find('-');
    const std::string_view clock = std::string_view(text).substr(dash == std::string::npos ? 0 : dash + 1);
    const auto parts = numbers(clock, ':');
    if (!parts || parts->size() > 3) return std::nullopt;
    const auto part = [&](std::size_t index) { return index < parts->size() ? (*parts)[index] : 0; };
    if (dash != std::string::npos) {
        const auto days = number(std::string_view(text).substr(0, dash));
        if (!days) return std::nullopt;
        return ((*days * 24 + part(0)) * 60 + part(1)) * 60 + part(2);
    }
    if (parts->size() == 3) return (part(0) * 60 + part(1)) * 60 + part(2);
    return part(0) * 60 + part(1);
}

std::vector<std::string> problemsOf(const SlurmRequest& request) {
    std::vector<std::string> problems;
    checkWord("partition", request.partition, problems);
    checkWord("account", request.account, problems);
    checkWord("qos", request.qos, problems);
    checkWord("gres", request.gpus, problems);
    checkWord("constraint", request.constraint, problems);
    checkMemory(request.memory, problems);
    checkRange("nodes", request.nodes, 1, mostNodes, problems);
    checkRange("tasks_per_node", request.tasksPerNode, 1, mostTasksPerNode, problems);
    checkRange("cpus_per_task", request.cpusPerTask, 0, mostCpus, problems);
    checkRange("array_at_once", request.arrayAtOnce, 0, mostAtOnce, problems);
    checkRange("grace", request.graceSeconds, shortestGrace, longestGrace, problems);
    checkTime(request, problems);
    if (request.extraLines.size() > mostExtraLines) problems.emplace_back("extra: more than 100 lines");
    for (const std::string& line : request.extraLines) checkExtraLine(line, problems);
    return problems;
}

void checkSlurmRequest(const SlurmRequest& request) {
    const std::vector<std::string> problems = problemsOf(request);
    if (!problems.empty()) throw Error(problems.front(), "Slurm");
}

std::string optionsText(const SlurmRequest& request) {
    const SlurmRequest byDefault;
    std::string text;
    const auto add = [&text](const std::string& word) { text += (text.empty() ? "" : " ") + word; };
    const auto say = [&](const char* name, const std::string& value) {
        if (!value.empty()) add(std::string("--") + name + "=" + value);
    };
    const auto count = [&](const char* name, std::int64_t value, std::int64_t usual) {
        if (value != usual) say(name, std::to_string(value));
    };
    say("partition", request.partition);
    say("account", request.account);
    say("qos", request.qos);
    say("time", request.timeLimit);
    count("nodes", request.nodes, byDefault.nodes);
    count("tasks-per-node", request.tasksPerNode, byDefault.tasksPerNode);
    count("cpus-per-task", request.cpusPerTask, byDefault.cpusPerTask);
    say("gres", request.gpus);
    say("mem", request.memory);
    say("constraint", request.constraint);
    count("array-at-once", request.arrayAtOnce, byDefault.arrayAtOnce);
    count("grace", request.graceSeconds, byDefault.graceSeconds);
    if (request.isContinuedAtTimeLimit) add("--continue");
    for (const std::string& line : request.extraLines) add(line);
    return text;
}

Json toJson(const SlurmRequest& request) {
    return {{"partition", request.partition},
            {"account", request.account},
            {"qos", request.qos},
            {"time", request.timeLimit},
            {"gres", request.gpus},
            {"nodes", request.nodes},
            {"tasks_per_node", request.tasksPerNode},
            {"cpus_per_task", request.cpusPerTask},
            {"mem", request.memory},
            {"constraint", request.constraint},
            {"extra", request.extraLines},
            {"array_at_once", request.arrayAtOnce},
            {"grace", request.graceSeconds},
            {"continue", request.isContinuedAtTimeLimit}};
}

SlurmRequest slurmRequestFrom(const Json& json) try {
    const SlurmRequest byDefault;
    const Json known = toJson(byDefault);
    for (const auto& [key, value] : json.items())
        if (!known.contains(key)) throw Error("Slurm is asked for no '" + key + "'", "Slurm");
    SlurmRequest request;
    request.partition = json.value("partition", std::string());
    request.account = json.value("account", std::string());
    request.qos = json.value("qos", std::string());
    request.timeLimit = json.value("time", std::string());
    request.gpus = json.value("gres", std::string());
    request.nodes = json.value("nodes", byDefault.nodes);
    request.tasksPerNode = json.value("tasks_per_node", byDefault.tasksPerNode);
    request.cpusPerTask = json.value("cpus_per_task", byDefault.cpusPerTask);
    request.memory = json.value("mem", std::string());
    request.constraint = json.value("constraint", std::string());
    request.extraLines = json.value("extra", byDefault.extraLines);
    request.arrayAtOnce = json.value("array_at_once", byDefault.arrayAtOnce);
    request.graceSeconds = json.value("grace", byDefault.graceSeconds);
    request.isContinuedAtTimeLimit = json.value("continue", byDefault.isContinuedAtTimeLimit);
    return request;
} catch (const Json::exception& error) {
    throw Error(std::string("malformed request to Slurm: ") + error.what(), "Slurm");
}

}  // namespace retort
