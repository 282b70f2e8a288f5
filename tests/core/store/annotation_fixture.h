// A store with one run, whose log has traces to annotate.
#pragma once

#include "tests/core/store/store_fixture.h"

namespace retort {

/// Steps of 4 bytes each; the third is wrong where the answer is.
inline Trace simpleTrace(std::int64_t step, std::int64_t group, std::int32_t sample, bool correct = true) {
    Trace trace;
    trace.step = step;
    trace.task = "sums";
    trace.problemId = "problem " + std::to_string(group);
    trace.group = group;
    trace.sample = sample;
    trace.prompt = "prompt " + std::to_string(group);
    trace.completion = "one;two;tri;four";
    trace.correct = correct;
    trace.reward = correct ? 1 : 0;
    trace.numTokens = 16;
    for (int i = 0; i < 4; ++i)
        trace.steps.push_back({4 * i, 4 * i + 4, correct || i < 2 ? StepVerdict::Correct : StepVerdict::Wrong,
                               correct || i < 2 ? "" : "why"});
    return trace;
}

struct AnnotatedStore : StoreFolder {
    /// `log`: lines behind the start event, which has seq 1.
    explicit AnnotatedStore(const std::string& log) {
        const RunDirectory logged = makeRun();
        appendTo(logged.eventsFile(), lineOf(1, StartEvent{}) + log);
        writer = std::make_unique<StoreWriter>(file());
        run = writer->addRun(logged, "process").get();
        writer->ingest(run).get();
    }
    explicit AnnotatedStore(int traces) : AnnotatedStore(linesOf(traces)) {}

    static std::string linesOf(int traces) {
        std::string log;
        for (int i = 0; i < traces; ++i)
            log += lineOf(i + 2, TraceEvent{simpleTrace(1, i / 4, i % 4, i % 2 == 0)});
        return log;
    }

    StoreReader reader() const { return StoreReader(file()); }
    std::vector<RowId> annotate(RowId trace, const char* who, const std::vector<NewAnnotation>& said,
                                RowId queue = 0) {
        return writer->annotate(trace, who, said, queue).get();
    }
    std::string refusal(RowId trace, const char* who, const std::vector<NewAnnotation>& said,
                        RowId queue = 0) {
        return errorOf([&] { annotate(trace, who, said, queue); });
    }

    std::unique_ptr<StoreWriter> writer;
    RowId run = 0;
};

inline NewAnnotation rating(int step, int value) {
    return {{AnnotationKind::StepRating, 4 * step, 4 * step + 4}, value, {}, 1.5};
}
inline NewAnnotation cleared(int step) {
    return {{AnnotationKind::StepRating, 4 * step, 4 * step + 4}, nullptr, {}, 0};
}
inline NewAnnotation firstError(std::int64_t byte) {
    return {{AnnotationKind::FirstError, -1, -1}, byte, {}, 0};
}
inline NewAnnotation note(const std::string& text) {
    return {{AnnotationKind::Note, -1, -1}, text, {}, 0};
}
inline NewAnnotation outcome(const std::string& what) {
    return {{AnnotationKind::Outcome, -1, -1}, {{"outcome", what}}, {}, 2};
}

}  // namespace retort
