#include "views/traces/branching/branch_traces.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "core/answers/answer_checker.h"
#include "core/runlog/run_directory.h"
#include "core/runlog/writer.h"
#include "core/util/error.h"
#include "views/compare/asked_problem.h"

namespace retort {

namespace {

constexpr std::int64_t kMostBranches = 500;

/// The run of branches of another run, if there is one already.
std::optional<RunRow> runOfBranches(StoreReader& reader, const std::string& uuid) {
    for (const RunRow& row : reader.runs(true)) {
        if (row.recipe != branchRecipe) continue;
        const RunDirectory directory = RunDirectory::open(row.directory);
        if (directory.identity().parent == uuid) return row;
    }
    return std::nullopt;
}

/// Without a reference only what was checked before is known: the steps of the text that was taken over.
void keepKnownVerdicts(Trace& trace, const Trace& source, bool edited) {
    for (TraceStep& step : trace.steps) {
        step.verdict = StepVerdict::Unchecked;
        step.reason.clear();
        for (const TraceStep& known : source.steps)
            if (!edited && known.begin == step.begin && known.end == step.end &&
                step.end <= trace.branch->byte) {
                step.verdict = known.verdict;
                step.reason = known.reason;
            }
    }
}

RunDirectory makeRun(const std::filesystem::path& runsFolder, const BranchPoint& from) {
    RunIdentity identity;
    identity.name = "branches of " + from.runName;
    identity.recipe = branchRecipe;
    identity.program = "retort";
    identity.parent = from.runUuid;
    // With the source's configuration: its tasks judge what is branched off a branch.
    return RunDirectory::create(runsFolder, identity.name, from.runConfig, identity);
}

}  // namespace

BranchJudge judgeOf(const BranchPoint& from) {
    BranchJudge judge;
    if (from.runConfig.empty()) return judge;
    try {
        AskedProblem problem;
        findTask(problem, from.runConfig, from.trace.task);
        judge.task = problem.task;
        judge.maxTokens = problem.maxTokens;
    } catch (const Error&) {
        // An import has no configuration to speak of: answers are compared with the reference.
    }
    return judge;
}

std::string referenceAmong(const std::vector<std::pair<RowId, Trace>>& traces, const Trace& of) {
    for (const auto& [id, trace] : traces) {
        const bool isRight = std::all_of(trace.steps.begin(), trace.steps.end(), [](const TraceStep& step) {
            return step.verdict == StepVerdict::Correct;
        });
        if (trace.correct && !trace.steps.empty() && isRight && trace.prompt == of.prompt)
            return trace.completion;
    }
    return {};
}

std::string ownPrefix(const BranchPoint& from) {
    const auto size = static_cast<std::int64_t>(from.trace.completion.size());
    return from.trace.completion.substr(
        0, static_cast<std::size_t>(std::clamp<std::int64_t>(from.byte, 0, size)));
}

Trace branchTrace(const BranchPoint& from, const BranchJudge& judge, const std::string& prefix,
                  const std::string& checkpoint, std::int64_t checkpointStep, const GeneratedAnswer& answer) {
    const Trace& source = from.trace;
    Trace trace;
    trace.step = checkpointStep;
    trace.phase = source.phase;
    trace.task = source.task;
    trace.problemId = source.problemId;
    trace.prompt = source.prompt;
    trace.gold = source.gold;
    trace.completion = prefix + answer.text;
    trace.numTokens = static_cast<std::int32_t>(answer.tokens);
    trace.finish = answer.finish;
    trace.branch = TraceBranch{from.runUuid, source.step,
                               source.group, source.sample,
                               source.phase, static_cast<std::int64_t>(prefix.size()),
                               checkpoint,   prefix != ownPrefix(from)};
    if (judge.task) {
        Problem problem;
        problem.id = source.problemId;
        problem.prompt = source.prompt;
        problem.answer = source.gold;
        problem.worked = from.reference;
        Verdict verdict = judge.task->verify(problem, trace.completion);
        trace.correct = verdict.correct;
        trace.extracted = std::move(verdict.extracted);
        trace.worked = verdict.worked;
        trace.steps = std::move(verdict.steps);
        if (from.reference.empty())
            keepKnownVerdicts(trace, source, trace.branch->edited);
        else if (!trace.steps.empty())
            trace.stepAccuracy = verdict.stepAccuracy;
    } else if (!source.gold.empty()) {
        AnswerCheck check = checkAnswer(trace.completion, source.gold);
        trace.correct = check.correct;
        trace.extracted = std::move(check.extracted);
    }
    return trace;
}

RowId keepBranches(StoreWriter& writer, StoreReader& reader, const std::filesystem::path& runsFolder,
                   const BranchPoint& from, std::vector<Trace> traces) {
    const auto known = runOfBranches(reader, from.runUuid);
    const RunDirectory directory = known ? RunDirectory::open(known->directory) : makeRun(runsFolder, from);
    std::int64_t group = 0;
    if (known) {
        TraceFilter all;
        all.run = known->id;
        group = reader.countTraces(all);  // each group has at least one: never a number twice
    }
    RunLock lock(directory);  // two windows on one store
    RunLogWriter log(directory.eventsFile());
    StartEvent start;
    start.attempt = log.attempts() + 1;
    start.fromStep = log.lastStep();
    start.program = "retort";
    log.write(start);
    std::int32_t sample = 0;
    for (Trace& trace : traces) {
        trace.group = group;
        trace.sample = sample++;
        log.write(TraceEvent{std::move(trace)});
    }
    log.write(EndEvent{"finished", ""});
    log.sync();
    if (const std::string failure = log.failure(); !failure.empty())
        throw Error(failure, directory.eventsFile().string());
    const RowId run = writer.addRun(directory, branchBackend).get();
    writer.ingest(run).get();
    return run;
}

std::vector<BranchRun> branchRuns(StoreReader& reader) {
    std::vector<BranchRun> found;
    for (const RunRow& row : reader.runs(true))
        if (row.recipe == branchRecipe) found.push_back({row.id, row.uuid});
    std::sort(found.begin(), found.end(), [](const BranchRun& a, const BranchRun& b) { return a.id < b.id; });
    return found;
}

std::vector<std::pair<RowId, Trace>> branchesOf(StoreReader& reader, const std::vector<BranchRun>& runs,
                                                RowId run,
                                                const std::vector<std::pair<RowId, Trace>>& group) {
    std::vector<std::pair<RowId, Trace>> found;
    if (runs.empty() || group.empty() || group.front().second.problemId.empty()) return found;
    using Key = std::tuple<std::string, std::int64_t, std::string, std::int64_t, std::int32_t>;
    const auto keyOf = [](const std::string& uuid, const Trace& trace) {
        return Key(uuid, trace.step, trace.phase, trace.group, trace.sample);
    };
    std::set<Key> sources;
    if (const auto row = reader.run(run))
        for (const auto& [id, trace] : group) sources.insert(keyOf(row->uuid, trace));
    // Branches of branches are in runs of their own, made later: one way through the runs in order finds all.
    for (const BranchRun& row : runs) {
        TraceFilter filter;
        filter.run = row.id;
        filter.problemId = group.front().second.problemId;
        filter.order = TraceFilter::Order::Oldest;
        for (const TraceRow& line : reader.traces(filter, 0, kMostBranches)) {
            auto trace = reader.trace(line.id);
            if (!trace || !trace->branch) continue;
            const TraceBranch& from = *trace->branch;
            if (!sources.contains(Key(from.run, from.step, from.phase, from.group, from.sample))) continue;
            sources.insert(keyOf(row.uuid, *trace));
            const bool isThere = std::any_of(group.begin(), group.end(),
                                             [&](const auto& each) { return each.first == line.id; });
            if (!isThere) found.emplace_back(line.id, std::move(*trace));
        }
    }
    return found;
}

}  // namespace retort
