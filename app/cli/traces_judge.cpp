// retort-cli traces label and score: what judges say of the steps of stored traces, as lanes in the store.
#include <chrono>
#include <cstdio>
#include <map>
#include <set>

#include "app/cli/context.h"
#include "app/cli/interrupt.h"
#include "app/cli/judged_output.h"
#include "app/cli/lane_reference.h"
#include "app/cli/table.h"
#include "app/cli/terminal.h"
#include "core/adoption/adopted_run.h"
#include "core/trace_formats/import_run.h"
#include "core/traces/detectors.h"
#include "core/util/error.h"
#include "training/api/training_module.h"

namespace fs = std::filesystem;

namespace retort::cli {
namespace {

constexpr std::int64_t pageRows = 20000;
constexpr std::size_t tracesAtOnce = 1024;  // of one request

std::int64_t between(const Arguments& arguments, const char* option, std::int64_t fallback, std::int64_t low,
                     std::int64_t high) {
    const std::int64_t value = arguments.integer(option, fallback);
    if (value < low || value > high)
        throw Error("expected " + std::to_string(low) + " to " + std::to_string(high) + ", found " +
                        std::to_string(value),
                    option);
    return value;
}

fs::path checkpointNamed(const Context& context, const std::string& reference) {
    std::error_code code;
    const bool isPath = fs::exists(reference, code) || reference.rfind("run:", 0) == 0;
    return findCheckpoint(isPath ? reference : "run:" + reference, fs::current_path(), context.runFinder());
}

/// What was done, and what for.
struct Report {
    std::string lane;
    std::int64_t traces = 0, judged = 0, known = 0, findings = 0, rollouts = 0, tokens = 0;
    std::map<std::string, std::int64_t> stepsFrom, notJudged;
    std::string treeRun;
};

/// One line that is written over, ten times a second.
class Line {
  public:
    explicit Line(const Context& context) : m_width(context.quiet() ? std::nullopt : terminalWidth(2)) {}
    ~Line() {
        if (m_width) std::fputs("\r\033[K", stderr);
    }
    void show(const Report& report, std::int64_t of) {
        const auto now = Clock::now();
        if (!m_width || now - m_last < std::chrono::milliseconds(100)) return;
        m_last = now;
        std::string line = std::to_string(report.traces) + " of " + std::to_string(of) + " traces";
        if (report.rollouts > 0) line += "  " + std::to_string(report.rollouts) + " rollouts";
        std::fprintf(stderr, "\r\033[K%s", shortened(line, *m_width > 1 ? *m_width - 1 : 1).c_str());
        std::fflush(stderr);
    }

  private:
    using Clock = std::chrono::steady_clock;
    std::optional<std::size_t> m_width;
    Clock::time_point m_last;
};

/// Traces to judge, by run: each run's tasks check its own.
std::map<RowId, std::vector<RowId>> wantedTraces(StoreReader& reader, const Arguments& arguments, RowId run) {
    const TraceFilter filter = traceFilterOf(arguments, run);
    std::int64_t left = arguments.has("--limit") ? between(arguments, "--limit", 0, 1, 1LL << 40) : 1LL << 40;
    std::map<RowId, std::vector<RowId>> wanted;
    for (std::int64_t offset = 0; left > 0; offset += pageRows) {
        const std::vector<TraceRow> rows = reader.traces(filter, offset, std::min(pageRows, left));
        for (const TraceRow& row : rows) wanted[row.run].push_back(row.id);
        left -= std::int64_t(rows.size());
        if (std::int64_t(rows.size()) < pageRows) break;
    }
    return wanted;
}

class Labelling {
  public:
    Labelling(Context& context, StoreReader& reader, std::string runName)
        : m_context(context),
          m_reader(reader),
          m_lanes(context.storeFile()),
          m_trees(context.runsFolder(), (runName.empty() ? "all" : runName) + "-" + treeRecipe),
          m_line(context) {}

    Report run(const std::map<RowId, std::vector<RowId>>& wanted,
               const std::optional<JudgeRequest>& request) {
        for (const auto& [run, traces] : wanted) m_count += std::int64_t(traces.size());
        for (const auto& [run, traces] : wanted) {
            if (m_interrupt.isAsked()) break;
            request ? judge(run, traces, *request) : detect(traces);
        }
        m_lanes.flush();
        m_report.treeRun = m_trees.finish(m_lanes.store());
        return m_report;
    }
    bool isInterrupted() const { return m_interrupt.isAsked(); }

  private:
    void detect(const std::vector<RowId>& traces) {
        m_report.lane = "detector";
        for (const RowId id : traces) {
            if (m_interrupt.isAsked()) return;
            const std::optional<Trace> trace = m_reader.trace(id);
            ++m_report.traces;
            if (!trace) continue;
            std::vector<StepLane> lanes = detectAll(*trace);
            std::erase_if(lanes, [](const StepLane& lane) { return lane.steps.empty(); });
            for (const StepLane& lane : lanes) {
                m_report.findings += std::int64_t(lane.steps.size());
                m_report.stepsFrom[lane.name] += 1;
            }
            ++m_report.judged;
            m_lanes.add(id, std::move(lanes));
            m_line.show(m_report, m_count);
        }
    }

    void judge(RowId run, const std::vector<RowId>& traces, JudgeRequest request) {
        const std::optional<RunRow> row = m_reader.run(run);
        if (row && row->recipe != importRecipe && row->recipe != adoptedRecipe && row->recipe != treeRecipe)
            request.runConfig = row->config;
        const LaneKind kind = request.method == JudgeRequest::Method::Prm      ? LaneKind::Prm
                              : request.method == JudgeRequest::Method::Critic ? LaneKind::Critic
                                                                               : LaneKind::MonteCarlo;
        m_report.lane = std::string(name(kind)) + ":" + request.laneName;
        std::vector<RowId> ids;
        for (std::size_t i = 0; i <= traces.size(); ++i) {
            if (i == traces.size() || ids.size() == tracesAtOnce) {
                if (!ids.empty()) ask(request, ids);
                ids.clear();
                request.traces.clear();
            }
            if (i == traces.size() || m_interrupt.isAsked()) break;
            if (!m_context.arguments().has("--again") && hasLane(traces[i], kind, request.laneName)) {
                ++m_report.traces;
                ++m_report.known;
                continue;
            }
            std::optional<Trace> trace = m_reader.trace(traces[i]);
            if (!trace) continue;
            trace->tokens = {};  // nobody asks for them
            request.traces.push_back(std::move(*trace));
            ids.push_back(traces[i]);
        }
    }

    bool hasLane(RowId trace, LaneKind kind, const std::string& name) {
        for (const StepLane& lane : m_reader.lanes(trace))
            if (lane.kind == kind && lane.name == name) return true;
        return false;
    }

    void ask(const JudgeRequest& request, const std::vector<RowId>& ids) {
        loadTrainingModule().judge(
            request, [&](JudgedTrace judged) { take(ids[judged.trace], std::move(judged)); },
            m_interrupt.token());
    }

    void take(RowId trace, JudgedTrace judged) {
        ++m_report.traces;
        m_report.rollouts += judged.rollouts;
        m_report.tokens += judged.tokens;
        if (judged.lane.steps.empty()) {
            ++m_report.notJudged[judged.note];
        } else {
            ++m_report.judged;
            ++m_report.stepsFrom[judged.stepsFrom];
            m_lanes.add(trace, {std::move(judged.lane)});
        }
        if (judged.tree) m_trees.add(std::move(*judged.tree));
        m_line.show(m_report, m_count);
    }

    Context& m_context;
    StoreReader& m_reader;
    LaneWriter m_lanes;
    TreeRun m_trees;
    InterruptStop m_interrupt;
    Line m_line;
    Report m_report;
    std::int64_t m_count = 0;
};

void print(const Context& context, const Report& report, bool detectors) {
    if (context.json()) {
        Json json = {{"lane", report.lane},          {"traces", report.traces},
                     {"judged", report.judged},      {"known", report.known},
                     {"findings", report.findings},  {"rollouts", report.rollouts},
                     {"tokens", report.tokens},      {"steps_from", Json::object()},
                     {"not_judged", Json::object()}, {"tree_run", report.treeRun}};
        for (const auto& [what, count] : report.stepsFrom) json["steps_from"][what] = count;
        for (const auto& [why, count] : report.notJudged) json["not_judged"][why] = count;
        std::puts(json.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
        return;
    }
    const auto number = [](std::int64_t value) { return std::to_string(value); };
    std::printf("%s: %s of %s traces judged\n", printable(report.lane).c_str(), number(report.judged).c_str(),
                number(report.traces).c_str());
    if (detectors) std::printf("  findings: %s\n", number(report.findings).c_str());
    if (report.known > 0)
        std::printf("  judged before: %s (--again judges them anew)\n", number(report.known).c_str());
    if (report.rollouts > 0)
        std::printf("  rollouts: %s, %s tokens\n", number(report.rollouts).c_str(),
                    number(report.tokens).c_str());
    for (const auto& [what, count] : report.stepsFrom)
        std::printf("  %s%s: %s\n", detectors ? "" : "steps by ", what.c_str(), number(count).c_str());
    for (const auto& [why, count] : report.notJudged)
        std::printf("  not judged, %s: %s\n", printable(why).c_str(), number(count).c_str());
    if (!report.treeRun.empty()) std::printf("  trees: run %s\n", printable(report.treeRun).c_str());
}

int label(Context& context, const std::optional<JudgeRequest>& request) {
    const std::string named = context.arguments().positional(0);
    if (named.empty() != context.arguments().has("--all")) {
        std::fprintf(stderr, "retort-cli: name a RUN, or all of them with --all\n");
        return exitUsage;
    }
    // A writer brings a store of an older version up to date.
    if (std::error_code code; fs::exists(context.storeFile(), code)) StoreWriter(context.storeFile());
    StoreReader reader = context.reader();
    const RowId run = named.empty() ? 0 : context.findRun(reader, named).id;
    const auto wanted = wantedTraces(reader, context.arguments(), run);
    Labelling labelling(context, reader, named);
    const Report report = labelling.run(wanted, request);
    print(context, report, !request);
    if (!labelling.isInterrupted()) return exitOk;
    context.note("interrupted: what was judged by then is in the store");
    return exitInterrupted;
}

std::optional<JudgeRequest> requestOf(const Context& context, JudgeRequest::Method method,
                                      const char* checkpoint) {
    const Arguments& arguments = context.arguments();
    if (!arguments.has(checkpoint)) return std::nullopt;
    JudgeRequest request;
    request.method = method;
    request.checkpoint = checkpointNamed(context, arguments.text(checkpoint));
    const bool isCritic = method == JudgeRequest::Method::Critic;
    request.rollouts = between(arguments, "--rollouts", isCritic ? 1 : 8, 1, 1024);
    request.temperature = arguments.real("--temperature", 1);
    request.topP = arguments.real("--top-p", 1);
    request.maxNewTokens = between(arguments, "--max-tokens", 0, 0, 1 << 20);
    request.searches = between(arguments, "--searches", 1, 1, 10000);
    request.seed = std::uint64_t(arguments.integer("--seed", 1));
    request.laneName = arguments.text("--name", shortCheckpointName(request.checkpoint));
    if (method == JudgeRequest::Method::OmegaPrm && !arguments.has("--name"))
        request.laneName += "/omega_prm";
    return request;
}

}  // namespace

int runTracesLabel(Context& context) {
    const std::string method = context.arguments().text("--method");
    if (method == "detectors") return label(context, std::nullopt);
    const auto named = method == "omega-prm" ? JudgeRequest::Method::OmegaPrm
                       : method == "critic"  ? JudgeRequest::Method::Critic
                                             : JudgeRequest::Method::MonteCarlo;
    const std::optional<JudgeRequest> request =
        method.empty() ? std::nullopt : requestOf(context, named, "--checkpoint");
    if (!request) {
        std::fprintf(stderr, "retort-cli: traces label: %s is missing\n",
                     method.empty() ? "--method METHOD" : "--checkpoint CHECKPOINT");
        return exitUsage;
    }
    return label(context, request);
}

int runTracesScore(Context& context) {
    const std::optional<JudgeRequest> request = requestOf(context, JudgeRequest::Method::Prm, "--prm");
    if (!request) {
        std::fprintf(stderr, "retort-cli: traces score: --prm CHECKPOINT is missing\n");
        return exitUsage;
    }
    return label(context, request);
}

}  // namespace retort::cli
