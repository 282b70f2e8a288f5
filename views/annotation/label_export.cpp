#include "views/annotation/label_export.h"

#include <vector>

#include "core/trace_formats/annotated_solution.h"
#include "core/trace_formats/prm800k.h"
#include "core/util/clock.h"
#include "core/util/error.h"

namespace retort {

namespace {

std::vector<RowId> tracesOf(StoreReader& reader, const LabelExport& wanted) {
    std::vector<RowId> traces;
    if (wanted.queue != 0) {
        for (const QueueItem& item : reader.queueItems(wanted.queue, wanted.annotator))
            if (item.state == ItemState::Done && item.trace != 0) traces.push_back(item.trace);
        return traces;
    }
    TraceFilter filter;
    filter.annotator = wanted.annotator;
    filter.order = TraceFilter::Order::Oldest;
    constexpr std::int64_t kPage = 5000;
    for (std::int64_t offset = 0;; offset += kPage) {
        const std::vector<TraceRow> rows = reader.traces(filter, offset, kPage);
        for (const TraceRow& row : rows) traces.push_back(row.id);
        if (static_cast<std::int64_t>(rows.size()) < kPage) return traces;
    }
}

void addPreference(StoreReader& reader, const Trace& trace, const std::vector<Annotation>& said,
                   TraceExporter& exporter) {
    for (const Annotation& each : said) {
        if (each.target.kind != AnnotationKind::Preference || !each.value.is_object()) continue;
        const std::string choice = each.value.value("choice", std::string());
        const RowId other = reader.traceOfMark(each.value.value("other", RowId(0)));
        const std::optional<Trace> its = other == 0 ? std::nullopt : reader.trace(other);
        if (!its || choice == "tie") continue;
        exporter.addPreference(choice == "this" ? trace : *its, choice == "this" ? *its : trace);
    }
}

}  // namespace

TraceExportReport exportLabels(StoreReader& reader, const LabelExport& wanted) {
    TraceExportOptions options;
    options.format = wanted.format;
    options.lane = LaneName{LaneKind::Human, wanted.annotator};
    options.neutral = wanted.neutral;
    options.labeler = wanted.annotator;
    options.timestamp = prm800kTime(unixTime());
    options.overwrite = true;  // the dialog that chose the file has asked
    TraceExporter exporter(wanted.file, options);
    for (const RowId id : tracesOf(reader, wanted)) {
        std::optional<Trace> trace = reader.trace(id);
        if (!trace) continue;
        trace->lanes = reader.lanes(id);
        // The task's own checker stays with its steps.
        std::erase_if(trace->lanes, [](const StepLane& lane) { return lane.kind == LaneKind::Checker; });
        const std::vector<Annotation> annotations = reader.annotations(id, wanted.annotator);
        const auto said = annotatedSolution(wanted.annotator, annotations, reader.annotationEvents(id));
        if (wanted.format == TraceExportFormat::TrlPreference && !wanted.corrections) {
            addPreference(reader, *trace, annotations, exporter);
            continue;
        }
        if (wanted.format == TraceExportFormat::TrlPreference) {
            if (said) exporter.addCorrections(*trace, *said);
            continue;
        }
        if (said) addFirstError(*trace, *said);
        exporter.add(*trace, said ? &*said : nullptr);
    }
    return exporter.finish();
}

}  // namespace retort
