// retort-cli traces export: traces and step labels for other programs.
#include <algorithm>
#include <cstdio>
#include <map>

#include "app/cli/context.h"
#include "app/cli/interrupt.h"
#include "app/cli/lane_reference.h"
#include "core/trace_formats/prm800k.h"
#include "core/trace_formats/trace_export.h"
#include "core/util/clock.h"
#include "core/util/error.h"

namespace fs = std::filesystem;

namespace retort::cli {
namespace {

constexpr std::int64_t pageRows = 20000;

NeutralMeaning neutralNamed(const std::string& name) {
    if (name == "wrong") return NeutralMeaning::Wrong;
    return name == "unlabelled" ? NeutralMeaning::Unlabelled : NeutralMeaning::Correct;
}

void stopIfAsked() {
    if (InterruptGuard::isAsked()) throw Error("interrupted: nothing was written");
}

class Export {
  public:
    Export(StoreReader& reader, TraceFilter traces, const fs::path& out, TraceExportOptions options)
        : m_reader(reader), m_traces(std::move(traces)), m_out(out), m_options(std::move(options)) {}

    TraceExportReport write(const std::string& pairs) {
        if (needsLane(m_options.format)) chooseLabels();
        TraceExporter exporter(m_out, m_options);
        if (m_options.format != TraceExportFormat::TrlPreference)
            forEachRow([&](const TraceRow& row) { addTrace(row.id, exporter); });
        else if (pairs == "preferences")
            forEachRow([&](const TraceRow& row) { addPreferences(row.id, exporter); });
        else if (pairs == "corrections")
            forEachRow([&](const TraceRow& row) { addCorrections(row.id, exporter); });
        else
            addAnswerPairs(exporter);
        return exporter.finish();
    }

    const std::optional<LaneName>& lane() const { return m_options.lane; }

  private:
    /// Every trace that was asked for, in the order in which they came.
    template <class Take>
    void forEachRow(Take take) {
        for (std::int64_t offset = 0;; offset += pageRows) {
            const std::vector<TraceRow> rows = m_reader.traces(m_traces, offset, pageRows);
            for (const TraceRow& row : rows) {
                stopIfAsked();
                take(row);
            }
            if (std::int64_t(rows.size()) < pageRows) return;
        }
    }

    /// With what was judged and annotated here.
    std::optional<Trace> traceWithLanes(RowId id) {
        std::optional<Trace> trace = m_reader.trace(id);
        if (!trace) return trace;
        trace->lanes = m_reader.lanes(id);
        // The task's own checker stays with its steps.
        std::erase_if(trace->lanes, [](const StepLane& lane) { return lane.kind == LaneKind::Checker; });
        return trace;
    }

    void noteLanes(RowId id) {
        const auto note = [this](LaneName lane) {
            if (std::find(m_lanes.begin(), m_lanes.end(), lane) == m_lanes.end())
                m_lanes.push_back(std::move(lane));
        };
        for (const StepLane& lane : m_reader.lanes(id))
            if (lane.kind != LaneKind::Detector)
                note({lane.kind, lane.kind == LaneKind::Checker ? "" : lane.name});
        for (const Annotation& each : m_reader.annotations(id))
            if (each.target.kind == AnnotationKind::FirstError ||
                each.target.kind == AnnotationKind::StepRating)
                note({LaneKind::Human, each.annotator});
    }

    /// Whose labels are written has to be known before the first of them is.
    void chooseLabels() {
        forEachRow([&](const TraceRow& row) { noteLanes(row.id); });
        std::sort(m_lanes.begin(), m_lanes.end());
        const LaneName checker;
        if (!m_options.lane && m_options.format == TraceExportFormat::Csv &&
            std::find(m_lanes.begin(), m_lanes.end(), checker) != m_lanes.end())
            m_options.lane = checker;
        m_options.lane = chooseLane(m_lanes, m_options.lane);
        if (!m_options.lane) m_options.lane = checker;
    }

    std::optional<AnnotatedSolution> saidBy(const std::string& annotator, RowId id) {
        return annotatedSolution(annotator, m_reader.annotations(id, annotator),
                                 m_reader.annotationEvents(id));
    }

    void addTrace(RowId id, TraceExporter& exporter) {
        std::optional<Trace> trace = traceWithLanes(id);
        if (!trace) return;
        std::optional<AnnotatedSolution> said;
        if (m_options.lane && m_options.lane->kind == LaneKind::Human)
            said = saidBy(m_options.lane->name, id);
        if (said) addFirstError(*trace, *said);
        exporter.add(*trace, said ? &*said : nullptr);
    }

    bool isAsked(const std::string& annotator) const {
        return !m_options.lane ||
               (m_options.lane->kind == LaneKind::Human && m_options.lane->name == annotator);
    }

    void addPreferences(RowId id, TraceExporter& exporter) {
        for (const Annotation& each : m_reader.annotations(id)) {
            if (each.target.kind != AnnotationKind::Preference || !isAsked(each.annotator)) continue;
            const std::string choice = each.value.value("choice", "");
            const auto other = each.value.find("other");
            if (choice == "tie" || other == each.value.end() || !other->is_number_integer()) continue;
            const auto mine = m_reader.trace(id),
                       its = m_reader.trace(m_reader.traceOfMark(other->get<std::int64_t>()));
            if (mine && its)
                exporter.addPreference(choice == "this" ? *mine : *its, choice == "this" ? *its : *mine);
        }
    }

    void addCorrections(RowId id, TraceExporter& exporter) {
        std::vector<std::string> annotators;
        for (const Annotation& each : m_reader.annotations(id))
            if (each.target.kind == AnnotationKind::Correction && isAsked(each.annotator) &&
                std::find(annotators.begin(), annotators.end(), each.annotator) == annotators.end())
                annotators.push_back(each.annotator);
        for (const std::string& annotator : annotators) {
            const std::optional<Trace> trace = traceWithLanes(id);
            const std::optional<AnnotatedSolution> said = saidBy(annotator, id);
            if (trace && said) exporter.addCorrections(*trace, *said);
        }
    }

    /// Of each problem the right answers beside the wrong ones, in the order in which they came, as many
    /// pairs as there are of the fewer.
    void addAnswerPairs(TraceExporter& exporter) {
        std::map<std::string, std::pair<std::vector<RowId>, std::vector<RowId>>> problems;
        forEachRow([&](const TraceRow& row) {
            auto& [right, wrong] = problems[row.task + "\x1f" + row.problemId];
            (row.correct ? right : wrong).push_back(row.id);
        });
        for (const auto& [problem, answers] : problems) {
            const auto& [right, wrong] = answers;
            std::size_t next = 0;
            for (const RowId id : wrong) {
                if (next == right.size()) break;
                stopIfAsked();
                const std::optional<Trace> rejected = m_reader.trace(id);
                if (!rejected || !TraceExporter::isKnownWrong(*rejected)) continue;
                if (const std::optional<Trace> chosen = m_reader.trace(right[next++]))
                    exporter.addPair(*chosen, *rejected);
            }
        }
    }

    StoreReader& m_reader;
    TraceFilter m_traces;
    fs::path m_out;
    TraceExportOptions m_options;
    std::vector<LaneName> m_lanes;
};

void print(const Context& context, const fs::path& out, const TraceExportReport& report,
           const std::optional<LaneName>& lane) {
    if (context.json()) {
        Json why = Json::object();
        for (const auto& [reason, count] : report.why) why[reason] = count;
        Json json = {
            {"file", out.string()}, {"written", report.written}, {"skipped", report.skipped}, {"why", why}};
        json["lane"] = lane ? Json(toText(*lane)) : Json(nullptr);
        std::puts(json.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
        return;
    }
    std::printf("%s: %lld records", out.c_str(), static_cast<long long>(report.written));
    if (lane) std::printf(", labels of %s", toText(*lane).c_str());
    std::puts("");
    for (const auto& [reason, count] : report.why)
        std::printf("  left out, %s: %lld\n", reason.c_str(), static_cast<long long>(count));
}

}  // namespace

int runTracesExport(Context& context) {
    const InterruptGuard guard;
    const Arguments& arguments = context.arguments();
    if (!arguments.has("--out") || !arguments.has("--format")) {
        std::fprintf(stderr, "retort-cli: traces export: %s is missing\n",
                     arguments.has("--out") ? "--format FORMAT" : "--out FILE");
        return exitUsage;
    }
    StoreReader reader = context.reader();
    const std::string name = arguments.positional(0);
    const RowId run = name.empty() ? 0 : context.findRun(reader, name).id;
    TraceExportOptions options;
    options.format = *traceExportFormatNamed(arguments.text("--format"));
    if (arguments.has("--neutral")) options.neutral = neutralNamed(arguments.text("--neutral"));
    if (arguments.has("--lane")) options.lane = laneNamed(arguments.text("--lane"));
    options.threshold = arguments.real("--threshold", options.threshold);
    options.labeler = arguments.text("--labeler");
    options.generator = arguments.text("--generator", options.generator);
    options.timestamp = prm800kTime(unixTime());
    options.overwrite = arguments.has("--overwrite");
    const fs::path out = arguments.text("--out");
    Export work(reader, traceFilterOf(arguments, run), out, options);
    TraceExportReport report;
    try {
        report = work.write(arguments.text("--pairs", "answers"));
    } catch (const Error&) {
        if (!InterruptGuard::isAsked()) throw;
        context.note("stopped: nothing was written");
        return exitInterrupted;
    }
    print(context, out, report, work.lane());
    return exitOk;
}

}  // namespace retort::cli
