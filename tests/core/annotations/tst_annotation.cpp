// Which values annotations may have, what holds after events, first errors, names, JSON and the taxonomy.
#include <QTest>
#include <cmath>
#include <set>

#include "core/annotations/annotation_check.h"
#include "core/annotations/annotation_json.h"
#include "core/annotations/annotation_queue.h"
#include "core/util/error.h"

using namespace retort;
using Kind = AnnotationKind;

namespace {

std::string errorOf(const NewAnnotation& annotation) {
    try {
        checkAnnotation(annotation);
    } catch (const Error& error) {
        return error.what();
    }
    return {};
}

AnnotationEvent eventOf(std::int64_t id, const char* who, AnnotationTarget target, Json value) {
    AnnotationEvent event;
    event.id = id;
    event.annotator = who;
    event.t = double(id);
    event.target = target;
    event.newValue = std::move(value);
    return event;
}

Annotation said(AnnotationTarget target, Json value) {
    return {"a", target, std::move(value), 0};
}

}  // namespace

class TestAnnotation : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void values_data() {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("begin");
        QTest::addColumn<int>("end");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QByteArray>("kept");  // empty: refused
        const auto row = [](const char* name, Kind kind, int begin, int end, const char* value,
                            const char* kept) {
            QTest::newRow(name) << int(kind) << begin << end << QByteArray(value) << QByteArray(kept);
        };
        row("rating", Kind::StepRating, 0, 5, "-1", "-1");
        row("rating taken back", Kind::StepRating, 0, 5, "null", "null");
        row("rating of 2", Kind::StepRating, 0, 5, "2", "");
        row("rating of -2", Kind::StepRating, 0, 5, "-2", "");
        row("rating of half", Kind::StepRating, 0, 5, "0.5", "");
        row("rating of 1.0", Kind::StepRating, 0, 5, "1.0", "");
        row("rating in words", Kind::StepRating, 0, 5, "\"good\"", "");
        row("rating of 2^64 - 1", Kind::StepRating, 0, 5, "18446744073709551615", "");
        row("rating of the trace", Kind::StepRating, -1, -1, "1", "");
        row("range backwards", Kind::StepRating, 5, 3, "1", "");
        row("half a range", Kind::StepRating, -1, 4, "1", "");
        row("range before the text", Kind::StepRating, -7, -3, "1", "");
        row("unsure", Kind::StepUnsure, 0, 5, "true", "true");
        row("not unsure", Kind::StepUnsure, 0, 5, "false", "null");
        row("unsure as a number", Kind::StepUnsure, 0, 5, "1", "");
        row("first error", Kind::FirstError, -1, -1, "17", "17");
        row("no error", Kind::FirstError, -1, -1, "-1", "-1");
        row("first error before the text", Kind::FirstError, -1, -1, "-2", "");
        row("first error of a step", Kind::FirstError, 0, 5, "0", "");
        row("types", Kind::ErrorTypes, 0, 5, "[\"b\",\"a\"]", "[\"a\",\"b\"]");
        row("no types", Kind::ErrorTypes, 0, 5, "[]", "null");
        row("types twice", Kind::ErrorTypes, 0, 5, "[\"a\",\"a\"]", "");
        row("type without a name", Kind::ErrorTypes, 0, 5, "[\"\"]", "");
        row("types as a text", Kind::ErrorTypes, 0, 5, "\"a\"", "");
        row("note on the trace", Kind::Note, -1, -1, "\"n\"", "\"n\"");
        row("note on a span", Kind::Note, 3, 3, "\"n\"", "\"n\"");
        row("empty note", Kind::Note, -1, -1, "\"\"", "null");
        row("note as a list", Kind::Note, -1, -1, "[\"n\"]", "");
        row("correction", Kind::Correction, 0, 5, "\"5+5=10\"", "\"5+5=10\"");
        row("correction of the trace", Kind::Correction, -1, -1, "\"x\"", "");
        row("correctness", Kind::Correctness, -1, -1, "6", "6");
        row("correctness of a turn", Kind::Correctness, 0, 9, "0", "0");
        row("correctness of 7", Kind::Correctness, -1, -1, "7", "");
        row("helpfulness of -1", Kind::Helpfulness, -1, -1, "-1", "");
        row("preference", Kind::Preference, -1, -1, "{\"choice\":\"tie\",\"other\":3}",
            "{\"other\":3,\"choice\":\"tie\"}");
        row("preference for nothing", Kind::Preference, -1, -1, "{\"choice\":\"tie\"}", "");
        row("preference unknown", Kind::Preference, -1, -1, "{\"other\":3,\"choice\":\"left\"}", "");
        row("preference with more", Kind::Preference, -1, -1, "{\"other\":3,\"choice\":\"tie\",\"x\":1}", "");
        row("ranking", Kind::Ranking, -1, -1, "[[4,2],[9]]", "[[2,4],[9]]");
        row("ranking twice", Kind::Ranking, -1, -1, "[[4],[4]]", "");
        row("ranking with a hole", Kind::Ranking, -1, -1, "[[4],[]]", "");
        row("ranking flat", Kind::Ranking, -1, -1, "[4,5]", "");
        row("outcome", Kind::Outcome, -1, -1, "{\"outcome\":\"submitted\"}",
            "{\"outcome\":\"submitted\",\"reason\":\"\"}");
        row("outcome with a reason", Kind::Outcome, -1, -1, "{\"reason\":\"r\",\"outcome\":\"give_up\"}",
            "{\"outcome\":\"give_up\",\"reason\":\"r\"}");
        row("outcome unknown", Kind::Outcome, -1, -1, "{\"outcome\":\"done\"}", "");
        row("outcome as a text", Kind::Outcome, -1, -1, "\"submitted\"", "");
    }
    void values() {
        QFETCH(int, kind);
        QFETCH(int, begin);
        QFETCH(int, end);
        QFETCH(QByteArray, value);
        QFETCH(QByteArray, kept);
        const NewAnnotation annotation{{Kind(kind), begin, end}, Json::parse(value.toStdString()), {}, 0};
        const std::string error = errorOf(annotation);
        QCOMPARE(error.empty(), !kept.isEmpty());
        if (!kept.isEmpty()) QCOMPARE(canonicalValue(annotation).dump(), kept.toStdString());
    }

    void secondsAreChecked() {
        NewAnnotation annotation{{Kind::Note, -1, -1}, "n", {}, -1};
        QVERIFY(!errorOf(annotation).empty());
        annotation.seconds = std::nan("");
        QVERIFY(!errorOf(annotation).empty());
        annotation.seconds = 0;
        QVERIFY(errorOf(annotation).empty());
        annotation.target.kind = Kind(99);
        QVERIFY(!errorOf(annotation).empty());
    }

    void whatHolds() {
        const AnnotationTarget first{Kind::StepRating, 0, 3}, second{Kind::StepRating, 3, 6},
            note{Kind::Note, -1, -1};
        const auto current = currentAnnotations(
            {eventOf(1, "b", first, 1), eventOf(2, "a", second, -1), eventOf(3, "a", first, 0),
             eventOf(4, "a", note, "n"), eventOf(5, "a", second, nullptr), eventOf(6, "b", first, -1)});
        QCOMPARE(current.size(), 3u);
        QVERIFY(current[0] == (Annotation{"a", first, 0, 3}));
        QVERIFY(current[1] == (Annotation{"a", note, "n", 4}));
        QVERIFY(current[2] == (Annotation{"b", first, -1, 6}));
        QVERIFY(currentAnnotations({}).empty());
    }

    void firstErrors() {
        QVERIFY(!firstErrorOf({}));
        QVERIFY(!firstErrorOf({said({Kind::Note, -1, -1}, "n")}));
        QVERIFY(firstErrorOf({said({Kind::StepRating, 0, 3}, 1), said({Kind::StepRating, 3, 6}, 0)}) == -1);
        QVERIFY(firstErrorOf({said({Kind::StepRating, 0, 3}, 1), said({Kind::StepRating, 3, 6}, -1),
                              said({Kind::StepRating, 6, 9}, -1)}) == 3);
        QVERIFY(firstErrorOf({said({Kind::StepRating, 3, 6}, -1), said({Kind::FirstError, -1, -1}, 0)}) == 0);
        QVERIFY(firstErrorOf({said({Kind::FirstError, -1, -1}, -1)}) == -1);
    }

    void names() {
        for (int kind = 0; kind <= int(Kind::Outcome); ++kind)
            QVERIFY(annotationKindNamed(name(Kind(kind))) == Kind(kind));
        for (int preset = 0; preset <= int(QueuePreset::GraderDisagreement); ++preset)
            QVERIFY(queuePresetNamed(name(QueuePreset(preset))) == QueuePreset(preset));
        QCOMPARE(std::string(name(Kind::ErrorTypes)), std::string("error_types"));
        QCOMPARE(std::string(name(QueuePreset::ConvincingWrong)), std::string("convincing_wrong"));
        QVERIFY(!annotationKindNamed("Step_rating") && !queuePresetNamed(""));
    }

    void json() {
        const NewAnnotation read = newAnnotation(
            {{"kind", "step_rating"}, {"begin", 2}, {"end", 4}, {"value", -1}, {"seconds", 1.5}});
        QVERIFY(read.target == (AnnotationTarget{Kind::StepRating, 2, 4}));
        QVERIFY(read.value == -1);
        QCOMPARE(read.seconds, 1.5);
        QVERIFY(newAnnotation({{"kind", "note"}, {"value", "n"}}).target ==
                (AnnotationTarget{Kind::Note, -1, -1}));
        for (const Json& bad :
             {Json(5), Json{{"kind", "note"}}, Json{{"kind", "nothing"}, {"value", 1}},
              Json{{"kind", "note"}, {"value", "n"}, {"begin", "x"}}, Json{{"kind", "note"}, {"value", 3}}})
            QVERIFY_EXCEPTION_THROWN(newAnnotation(bad), Error);
        AnnotationEvent all = eventOf(7, "a", {Kind::Note, -1, -1}, "n");
        all.undoes = 3;
        QCOMPARE(
            toJson(all).dump(),
            std::string("{\"id\":7,\"trace\":0,\"mark\":0,\"annotator\":\"a\",\"t\":7.0,\"kind\":\"note\","
                        "\"old\":null,\"new\":\"n\",\"reason\":\"\",\"seconds\":0.0,\"undoes\":3}"));
        QCOMPARE(toJson(Annotation{"a", {Kind::StepRating, 1, 2}, 0, 0.5}).dump(),
                 std::string("{\"annotator\":\"a\",\"kind\":\"step_rating\",\"begin\":1,\"end\":2,"
                             "\"value\":0,\"t\":0.5}"));
    }

    void taxonomy() {
        std::set<char> keys;
        std::set<std::string> ids;
        for (const ErrorType& type : errorTaxonomy()) {
            QVERIFY(type.key >= 'a' && type.key <= 'z' && !type.text.empty());
            keys.insert(type.key);
            ids.insert(type.id);
        }
        QCOMPARE(errorTaxonomy().size(), 12u);
        QCOMPARE(keys.size(), 12u);
        QCOMPARE(ids.size(), 12u);
    }
};

QTEST_APPLESS_MAIN(TestAnnotation)
#include "tst_annotation.moc"
