#include "training/backends/slurm/slurm_job.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace retort {
namespace {

constexpr std::array<std::string_view, 8> waiting = {"PENDING",     "REQUEUED",     "REQUEUE_HOLD",
                                                     "REQUEUE_FED", "SPECIAL_EXIT", "RESV_DEL_HOLD",
                                                     "SUSPENDED",   "STOPPED"};
constexpr std::array<std::string_view, 10> over = {"COMPLETED", "CANCELLED",     "FAILED",    "TIMEOUT",
                                                   "NODE_FAIL", "OUT_OF_MEMORY", "PREEMPTED", "BOOT_FAIL",
                                                   "DEADLINE",  "REVOKED"};
constexpr std::array<std::string_view, 3> ending = {"COMPLETING", "SIGNALING", "STAGE_OUT"};

template <std::size_t size>
bool isAmong(const std::array<std::string_view, size>& words, const std::string& word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

template <class Line>
void forEachLine(std::string_view text, const Line& line) {
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        line(text.substr(0, end));
        if (end == std::string_view::npos) return;
        text.remove_prefix(end + 1);
    }
}

/// The last field takes what is left.
std::vector<std::string_view> fieldsOf(std::string_view line, std::size_t most) {
    std::vector<std::string_view> fields;
    while (fields.size() + 1 < most) {
        const std::size_t end = line.find(slurmSeparator);
        if (end == std::string_view::npos) break;
        fields.push_back(line.substr(0, end));
        line.remove_prefix(end + 1);
    }
    fields.push_back(line);
    return fields;
}

std::optional<int> integer(std::string_view text) {
    int value = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || code != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

/// "N/A" and "Unknown" are no times; a job without a limit ends in a year or never.
std::optional<double> unixTime(std::string_view text) {
    double value = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || code != std::errc() || end != text.data() + text.size() || value <= 0)
        return std::nullopt;
    return value;
}

bool isDigits(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string firstWord(std::string_view text) {
    return std::string(text.substr(0, text.find(' ')));
}

std::string said(std::string_view text) {
    return text == "None" || text == "(null)" || text == "N/A" ? std::string() : std::string(text);
}

/// "130:0", or "0:9" for a signal.
void readExitCode(std::string_view text, SlurmJob& job) {
    const std::size_t colon = text.find(':');
    job.exitStatus = integer(text.substr(0, colon));
    if (colon != std::string_view::npos) job.signal = integer(text.substr(colon + 1));
}

/// The value behind "Key=" in a line of "Key=value Key=value": keys begin the line or stand behind a blank.
std::optional<std::string_view> valueOf(std::string_view line, std::string_view key) {
    const std::string begin = std::string(key) + "=";
    for (std::size_t at = line.find(begin); at != std::string_view::npos; at = line.find(begin, at + 1)) {
        if (at > 0 && line[at - 1] != ' ') continue;
        const std::string_view rest = line.substr(at + begin.size());
        return rest.substr(0, rest.find(' '));
    }
    return std::nullopt;
}

}  // namespace

SlurmPhase slurmPhase(const std::string& state) {
    if (isAmong(waiting, state)) return SlurmPhase::Waiting;
    if (isAmong(over, state)) return SlurmPhase::Over;
    if (isAmong(ending, state)) return SlurmPhase::Ending;
    return SlurmPhase::Running;
}

std::string squeueFormat(const std::string& marker) {
    std::string format = marker;
    for (const char* field : {"%F", "%K", "%A", "%T", "%S", "%e", "%N", "%r", "%j"})
        format.append(1, slurmSeparator).append(field);
    return format;
}

std::vector<SlurmJob> parseSqueue(std::string_view text, const std::string& marker) {
    constexpr std::size_t fieldCount = 10;
    std::vector<SlurmJob> jobs;
    forEachLine(text, [&](std::string_view line) {
        const auto fields = fieldsOf(line, fieldCount);
        if (fields.size() != fieldCount || fields[0] != marker || !isDigits(fields[1]) ||
            !isDigits(fields[3]))
            return;
        SlurmJob job;
        job.id = isDigits(fields[2]) ? std::string(fields[1]) + "_" + std::string(fields[2])
                                     : std::string(fields[3]);
        job.state = fields[4];
        job.start = unixTime(fields[5]);
        job.end = unixTime(fields[6]);
        job.nodes = said(fields[7]);
        job.reason = said(fields[8]);
        job.name = fields[9];
        jobs.push_back(std::move(job));
    });
    return jobs;
}

std::vector<SlurmJob> parseSacct(std::string_view text) {
    constexpr std::size_t fieldCount = 6;
    std::vector<SlurmJob> jobs;
    forEachLine(text, [&](std::string_view line) {
        const auto fields = fieldsOf(line, fieldCount);
        if (fields.size() != fieldCount || !isSlurmJobId(std::string(fields[0]))) return;
        SlurmJob job;
        job.id = fields[0];
        job.state = firstWord(fields[1]);  // "CANCELLED by 1000"
        readExitCode(fields[2], job);
        job.start = unixTime(fields[3]);
        job.end = unixTime(fields[4]);
        job.nodes = said(fields[5]);
        if (job.nodes == "None assigned") job.nodes.clear();
        const auto same =
            std::find_if(jobs.begin(), jobs.end(), [&](const SlurmJob& other) { return other.id == job.id; });
        if (same == jobs.end())
            jobs.push_back(std::move(job));
        else
            *same = std::move(job);
    });
    return jobs;
}

std::optional<SlurmJob> parseScontrolJob(std::string_view text) {
    constexpr std::string_view idKey = "JobId=", indent = "   ";
    if (text.substr(0, idKey.size()) != idKey) return std::nullopt;
    SlurmJob job;
    // What stands before the name, which may look like anything.
    std::string_view first = text.substr(0, text.find('\n'));
    first = first.substr(0, first.find(" JobName="));
    job.id = valueOf(first, "JobId").value_or("");
    const auto array = valueOf(first, "ArrayJobId"), task = valueOf(first, "ArrayTaskId");
    if (array && task && isDigits(*array) && isDigits(*task))
        job.id = std::string(*array) + "_" + std::string(*task);
    forEachLine(text, [&](std::string_view line) {
        if (line.substr(0, indent.size()) != indent) return;
        line.remove_prefix(indent.size());
        if (line.substr(0, 9) == "JobState=") {
            job.state = valueOf(line, "JobState").value_or("");
            job.reason = said(valueOf(line, "Reason").value_or(""));
        }
        if (line.substr(0, 8) != "Requeue=") return;
        if (const auto restarts = valueOf(line, "Restarts")) job.restarts = integer(*restarts);
        if (const auto code = valueOf(line, "ExitCode")) readExitCode(*code, job);
    });
    if (!isSlurmJobId(job.id) || job.state.empty()) return std::nullopt;
    return job;
}

std::string slurmArrayOf(const std::string& job) {
    return job.substr(0, job.find('_'));
}

bool isSlurmJobId(const std::string& text) {
    constexpr std::size_t longest = 24;
    const std::size_t bar = text.find('_');
    return text.size() <= longest && isDigits(std::string_view(text).substr(0, bar)) &&
           (bar == std::string::npos || isDigits(std::string_view(text).substr(bar + 1)));
}

}  // namespace retort
