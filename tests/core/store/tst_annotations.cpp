// Annotations as events: what holds, undo and redo in every order, several annotators and programs, and what
// a reindex leaves.
#include <QTest>
#include <filesystem>
#include <map>
#include <mutex>
#include <set>

#include "core/store/sqlite.h"
#include "core/util/random.h"
#include "tests/core/store/annotation_fixture.h"

namespace fs = std::filesystem;
using namespace retort;
using Kind = AnnotationKind;

namespace {

using Values = std::map<AnnotationTarget, Json>;

Values valuesOf(StoreReader& reader, RowId trace, const std::string& who) {
    Values values;
    for (const Annotation& each : reader.annotations(trace, who)) values[each.target] = each.value;
    return values;
}

/// What the store is compared with: actions as a plain stack.
struct Model {
    struct Change {
        RowId trace;
        AnnotationTarget target;
        Json before, after;
    };
    using Action = std::vector<Change>;

    std::map<RowId, Values> now;
    std::vector<Action> done, undone;

    void set(RowId trace, const AnnotationTarget& target, const Json& value) {
        if (value.is_null())
            now[trace].erase(target);
        else
            now[trace][target] = value;
    }
    Json at(RowId trace, const AnnotationTarget& target) {
        const auto found = now[trace].find(target);
        return found == now[trace].end() ? Json() : found->second;
    }
    void annotate(RowId trace, const std::vector<NewAnnotation>& said) {
        Action action;
        for (const NewAnnotation& each : said) {
            const Json before = at(trace, each.target);
            if (before == each.value) continue;
            action.push_back({trace, each.target, before, each.value});
            set(trace, each.target, each.value);
        }
        if (action.empty()) return;
        done.push_back(action);
        undone.clear();
    }
    bool undo() {
        if (done.empty()) return false;
        for (auto each = done.back().rbegin(); each != done.back().rend(); ++each)
            set(each->trace, each->target, each->before);
        undone.push_back(done.back());
        done.pop_back();
        return true;
    }
    bool redo() {
        if (undone.empty()) return false;
        for (const Change& each : undone.back()) set(each.trace, each.target, each.after);
        done.push_back(undone.back());
        undone.pop_back();
        return true;
    }
};

NewAnnotation randomAnnotation(Random& random) {
    const int step = int(random.integer(0, 3));
    switch (random.integer(0, 5)) {
        case 0:
            return cleared(step);
        case 1:
            return firstError(4 * random.integer(0, 3));
        case 2:
            return {{Kind::ErrorTypes, 4 * step, 4 * step + 4}, Json::array({"algebra"}), {}, 0};
        case 3:
            return {{Kind::Note, -1, -1}, random.uniform() < 0.3 ? Json() : Json("n"), {}, 0};
        default:
            return rating(step, int(random.integer(-1, 1)));
    }
}

}  // namespace

class TestAnnotations : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void eventsAndWhatHolds() {
        AnnotatedStore store(4);
        const auto first = store.annotate(1, "ann", {rating(0, 1), rating(1, -1), firstError(4)});
        QCOMPARE(first.size(), 3u);
        QVERIFY(store.annotate(1, "ann", {rating(0, 1)}).empty());  // holds already
        QCOMPARE(store.annotate(1, "ann", {rating(0, 0), note("n"), note("m")}).size(), 3u);
        StoreReader reader = store.reader();
        const auto events = reader.annotationEvents(1);
        QCOMPARE(events.size(), 6u);
        QCOMPARE(events[0].trace, 1);
        QCOMPARE(events[0].mark, reader.markOf(1));
        QCOMPARE(reader.traceOfMark(events[0].mark), 1);
        QCOMPARE(events[0].annotator, std::string("ann"));
        QVERIFY(events[0].oldValue.is_null() && events[0].newValue == 1 && events[0].seconds == 1.5);
        QVERIFY(events[3].oldValue == 1 && events[3].newValue == 0 && events[3].undoes == 0);
        QVERIFY(events[5].oldValue == "n" && events[5].newValue == "m");
        const Values expected = {{{Kind::StepRating, 0, 4}, 0},
                                 {{Kind::StepRating, 4, 8}, -1},
                                 {{Kind::FirstError, -1, -1}, 4},
                                 {{Kind::Note, -1, -1}, "m"}};
        QVERIFY(valuesOf(reader, 1, "ann") == expected);
        QVERIFY(reader.annotations(2).empty() && reader.annotationEvents(77).empty());
        QVERIFY(reader.annotators() == std::vector<std::string>{"ann"});
        QVERIFY(reader.check().problems.empty());
    }

    void wrongValuesLeaveNothing() {
        AnnotatedStore store(2);
        QVERIFY(contains(store.refusal(99, "ann", {note("n")}), "no trace 99"));
        QVERIFY(contains(store.refusal(1, "", {note("n")}), "needs a name"));
        QVERIFY(contains(store.refusal(1, "ann", {note("n")}, 5), "no annotation queue 5"));
        QVERIFY(contains(store.refusal(1, "ann", {note("n"), rating(0, 2)}), "from -1 to 1"));
        QVERIFY(contains(store.refusal(1, "ann", {note("n"), rating(4, 1)}), "beyond the end"));
        QVERIFY(contains(store.refusal(1, "ann", {firstError(17)}), "beyond the end"));
        const RowId mark = store.writer->mark({2}).get().at(0);
        const auto preference = [](RowId other) {
            return NewAnnotation{{Kind::Preference, -1, -1}, {{"other", other}, {"choice", "this"}}, {}, 0};
        };
        QVERIFY(contains(store.refusal(2, "ann", {preference(mark)}), "to itself"));
        QVERIFY(contains(store.refusal(1, "ann", {preference(77)}), "no mark 77"));
        QVERIFY(contains(store.refusal(1, "ann", {{{Kind::Ranking, -1, -1}, {{mark}, {78}}, {}, 0}}),
                         "no mark 78"));
        StoreReader reader = store.reader();
        QVERIFY(reader.annotationEvents(1).empty() && reader.annotators().empty());
        QVERIFY(reader.markOf(1) == 0 && reader.markOf(2) == mark);
        store.annotate(1, "ann", {preference(mark), firstError(16)});
        QCOMPARE(reader.annotations(1).size(), 2u);
    }

    void whatWasSaidAtOnceIsUndoneAtOnce() {
        AnnotatedStore store(4);
        store.annotate(1, "ann", {rating(0, 1)});
        store.annotate(2, "ann", {rating(0, 1), rating(1, -1), firstError(4)});
        StoreReader reader = store.reader();
        QVERIFY(reader.lastUndoable("ann")->target.kind == Kind::FirstError);
        QVERIFY(!reader.lastUndone("ann") && !reader.lastUndoable("nobody"));

        const auto undone = store.writer->undoAnnotation("ann").get();
        QCOMPARE(undone->trace, 2);
        QVERIFY(reader.annotations(2).empty());
        QCOMPARE(reader.annotationEvents(2).size(), 6u);
        QCOMPARE(reader.lastUndone("ann")->id, undone->id);
        QCOMPARE(reader.lastUndoable("ann")->trace, 1);

        store.writer->undoAnnotation("ann").get();
        QVERIFY(reader.annotations(1).empty());
        QVERIFY(!store.writer->undoAnnotation("ann").get());

        QCOMPARE(store.writer->redoAnnotation("ann").get()->trace, 1);
        QCOMPARE(store.writer->redoAnnotation("ann").get()->trace, 2);
        QVERIFY(!store.writer->redoAnnotation("ann").get());
        QCOMPARE(valuesOf(reader, 2, "ann").size(), 3u);

        // What is said after an undo ends the redoing.
        store.writer->undoAnnotation("ann").get();
        store.annotate(1, "ann", {note("n")});
        QVERIFY(!reader.lastUndone("ann"));
        QVERIFY(!store.writer->redoAnnotation("ann").get());
        QVERIFY(!store.writer->undoAnnotation("nobody").get());
        QVERIFY(reader.check().problems.empty());
    }

    void undoAfterSubmittingAndReopening() {
        AnnotatedStore store(4);
        store.annotate(1, "ann", {rating(0, 1)});
        store.annotate(1, "ann", {outcome("submitted")});
        store.annotate(2, "ann", {outcome("skipped")});
        store.writer.reset();
        store.writer = std::make_unique<StoreWriter>(store.file());
        QCOMPARE(store.writer->undoAnnotation("ann").get()->trace, 2);
        QVERIFY(store.writer->undoAnnotation("ann").get()->target.kind == Kind::Outcome);
        store.writer.reset();
        store.writer = std::make_unique<StoreWriter>(store.file());
        StoreReader reader = store.reader();
        QCOMPARE(valuesOf(reader, 1, "ann").size(), 1u);
        QVERIFY(store.writer->redoAnnotation("ann").get()->newValue["outcome"] == "submitted");
        QCOMPARE(valuesOf(reader, 1, "ann").size(), 2u);
    }

    void annotatorsUndoTheirOwn() {
        AnnotatedStore store(4);
        store.annotate(1, "ann", {rating(0, 1)});
        store.annotate(1, "bob", {rating(0, -1)});
        store.annotate(1, "bob", {note("b")});
        StoreReader reader = store.reader();
        QCOMPARE(reader.annotations(1).size(), 3u);
        QVERIFY(reader.annotations(1, "ann").size() == 1 && reader.annotations(1, "nobody").empty());
        store.writer->undoAnnotation("ann").get();
        QVERIFY(reader.annotations(1, "ann").empty());
        QCOMPARE(reader.annotations(1, "bob").size(), 2u);
        QVERIFY(!store.writer->undoAnnotation("ann").get());
        QVERIFY(store.writer->undoAnnotation("bob").get()->target.kind == Kind::Note);
        QVERIFY((reader.annotators() == std::vector<std::string>{"ann", "bob"}));
    }

    void againstAModel_data() {
        QTest::addColumn<int>("seed");
        for (int seed = 0; seed < 12; ++seed) QTest::addRow("%d", seed) << seed;
    }
    void againstAModel() {
        QFETCH(int, seed);
        Random random(std::uint64_t(seed) + 7);
        AnnotatedStore store(4);
        StoreWriter other(store.file());  // as another program has it open
        StoreReader reader = store.reader();
        std::map<std::string, Model> models;
        for (int i = 0; i < 120; ++i) {
            const std::string who = random.uniform() < 0.5 ? "ann" : "bob";
            StoreWriter& writer = random.uniform() < 0.5 ? *store.writer : other;
            Model& model = models[who];
            const double kind = random.uniform();
            if (kind < 0.5) {
                const RowId trace = random.integer(1, 4);
                std::vector<NewAnnotation> said;
                for (auto n = random.integer(1, 4); n > 0; --n) said.push_back(randomAnnotation(random));
                model.annotate(trace, said);
                writer.annotate(trace, who, said).get();
            } else if (kind < 0.8) {
                QCOMPARE(writer.undoAnnotation(who).get().has_value(), model.undo());
            } else {
                QCOMPARE(writer.redoAnnotation(who).get().has_value(), model.redo());
            }
            QCOMPARE(reader.lastUndoable(who).has_value(), !model.done.empty());
            QCOMPARE(reader.lastUndone(who).has_value(), !model.undone.empty());
        }
        for (auto& [who, model] : models)
            for (RowId trace = 1; trace <= 4; ++trace)
                QVERIFY(valuesOf(reader, trace, who) == model.now[trace]);
        const auto report = reader.check();
        QVERIFY2(report.problems.empty(), report.problems.empty() ? "" : report.problems[0].c_str());
    }

    void reindexKeepsAndFindsAgain() {
        // Two traces with one key, and one whose group comes in a second attempt.
        std::string log = AnnotatedStore::linesOf(3);
        Trace twin = simpleTrace(1, 0, 2);
        twin.completion = "one;two;tri;FOUR";
        log += lineOf(5, TraceEvent{twin});
        log += lineOf(6, StartEvent{}) + lineOf(7, TraceEvent{simpleTrace(1, 0, 2)});
        AnnotatedStore store(log);
        store.annotate(1, "ann", {rating(0, 1)});
        store.annotate(3, "ann", {note("the first")});
        store.annotate(4, "ann", {note("the twin")});
        store.annotate(5, "ann", {note("second attempt")});
        store.writer->setLanes(4, {{LaneKind::Prm, "prm-1", {{0, 4, {}, 0.25, 0, 0, ""}}}}).get();
        const RowId queue =
            store.writer->addQueue({"q", "", true, true, 1}, QueuePreset::Listed, {4, 1}).get();
        StoreReader reader = store.reader();
        const RowId mark = reader.markOf(4);

        // Interrupted after the old rows went: what was said is still there, and waits for its traces.
        {
            Database database(store.file(), Database::Mode::ReadWrite);
            database.execute(
                "PRAGMA foreign_keys = ON; DELETE FROM traces; UPDATE runs SET log_offset = 0, "
                "log_seq = 0, attempts = 0");
        }
        QCOMPARE(reader.traceOfMark(mark), 0);
        QCOMPARE(reader.queueItems(queue, "ann").at(0).trace, 0);
        QVERIFY(store.writer->undoAnnotation("ann").get().has_value());
        QVERIFY(store.writer->redoAnnotation("ann").get().has_value());
        store.writer->ingest(store.run).get();
        QCOMPARE(reader.traceOfMark(mark), 4);

        // A trace that nobody knows moves the row ids.
        store.writer->reindex(store / "runs").get();
        const RowId moved = reader.traceOfMark(mark);
        QVERIFY(moved != 0);
        QVERIFY(reader.trace(moved)->completion == twin.completion);
        QVERIFY(reader.annotations(moved, "ann").at(0).value == "the twin");
        QCOMPARE(reader.lanes(moved).at(1).name, std::string("prm-1"));
        QCOMPARE(reader.queueItems(queue, "ann").at(0).trace, moved);
        std::set<std::string> notes;
        for (const TraceRow& row : reader.traces({}, 0, 10))
            for (const Annotation& each : reader.annotations(row.id))
                if (each.target.kind == Kind::Note) notes.insert(each.value.get<std::string>());
        QVERIFY((notes == std::set<std::string>{"the first", "the twin", "second attempt"}));
        const auto report = reader.check();
        QVERIFY2(report.problems.empty(), report.problems.empty() ? "" : report.problems[0].c_str());
    }

    void supersededTracesKeepWhatWasSaid() {
        AnnotatedStore store(2);
        store.annotate(1, "ann", {rating(0, 1)});
        appendTo(store.path() / "runs" / "run" / "events.jsonl", "");
        const RunRow row = *store.reader().run(store.run);
        appendTo(fs::path(row.directory) / "events.jsonl", lineOf(4, RewindEvent{0}) +
                                                               lineOf(5, StartEvent{}) +
                                                               lineOf(6, TraceEvent{simpleTrace(1, 0, 0)}));
        store.writer->ingest(store.run).get();
        StoreReader reader = store.reader();
        QCOMPARE(reader.countTraces({}), 1);
        QCOMPARE(reader.annotations(1).size(), 1u);
        QVERIFY(reader.annotations(3).empty());
        store.annotate(1, "ann", {note("still")});
        store.writer->reindex(store / "runs").get();
        TraceFilter filter;
        filter.annotated = true;
        QCOMPARE(reader.countTraces(filter), 0);
        std::int64_t kept = 0;
        for (RowId trace = 1; trace < 20; ++trace) kept += std::int64_t(reader.annotations(trace).size());
        QCOMPARE(kept, 2);
    }

    void noticesHereAndInAnotherProgram() {
        AnnotatedStore store(4);
        StoreWriter other(store.file());
        std::mutex mutex;
        std::set<RowId> here, there;
        bool queuesHere = false, queuesThere = false;
        store.writer->onChange([&](const StoreChange& change) {
            const std::lock_guard lock(mutex);
            here.insert(change.judgedTraces.begin(), change.judgedTraces.end());
            queuesHere = queuesHere || change.queuesChanged;
        });
        other.onChange([&](const StoreChange& change) {
            const std::lock_guard lock(mutex);
            there.insert(change.judgedTraces.begin(), change.judgedTraces.end());
            queuesThere = queuesThere || change.queuesChanged;
        });
        const auto seen = [&](const std::set<RowId>& wanted) {
            const std::lock_guard lock(mutex);
            return there == wanted && here == wanted;
        };
        store.annotate(2, "ann", {rating(0, 1)});
        QTRY_VERIFY(seen({2}));
        store.writer->setLanes(3, {{LaneKind::Prm, "p", {{0, 4, {}, 0.5, 0, 0, ""}}}}).get();
        QTRY_VERIFY(seen({2, 3}));
        {
            const std::lock_guard lock(mutex);
            queuesHere = queuesThere = false;
        }
        store.writer->addQueue({"q", "", true, true, 1}, QueuePreset::Listed, {1}).get();
        const auto bothQueues = [&] {
            const std::lock_guard lock(mutex);
            return queuesHere && queuesThere;
        };
        QTRY_VERIFY(bothQueues());
    }

    void agreementReadsWhatTwoFinished() {
        AnnotatedStore store(4);
        for (const char* who : {"ann", "bob"}) store.annotate(1, who, {rating(0, 1), outcome("submitted")});
        store.annotate(1, "eve", {rating(0, -1)});  // a draft
        store.annotate(2, "ann", {outcome("submitted")});
        store.annotate(2, "bob", {outcome("skipped")});
        store.annotate(3, "ann", {outcome("submitted")});
        store.annotate(3, "bob", {outcome("give_up")});
        const RowId queue = store.writer->addQueue({"q", "", true, true, 2}, QueuePreset::Listed, {3}).get();
        StoreReader reader = store.reader();
        const auto all = reader.annotatedTraces();
        QCOMPARE(all.size(), 2u);
        QCOMPARE(all[0].trace, 1);
        QCOMPARE(all[0].annotations.size(), 4u);
        QCOMPARE(all[1].trace, 3);
        const auto ofQueue = reader.annotatedTraces(queue);
        QVERIFY(ofQueue.size() == 1 && ofQueue[0].trace == 3);
        store.writer->undoAnnotation("bob").get();
        QCOMPARE(reader.annotatedTraces().size(), 1u);
    }
};

QTEST_GUILESS_MAIN(TestAnnotations)
#include "tst_annotations.moc"
