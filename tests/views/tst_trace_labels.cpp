// What actions change in the labels of a trace, written as a line: a step each (+ great, 0 okay, - bad, . not
// rated, u unsure, ^ implied right), the marked first error behind a bar.
#include <QKeySequence>
#include <QSet>
#include <QTest>

#include "views/annotation/focused_time.h"
#include "views/annotation/key_map.h"
#include "views/annotation/trace_labels.h"

using namespace retort;

namespace {

TraceLabels ofSteps(int count) {
    std::vector<LabelStep> steps;
    for (int i = 0; i < count; ++i) steps.push_back({{10 * i, 10 * i + 8}, true, i + 1});
    return TraceLabels(std::move(steps));
}

QString line(const TraceLabels& labels) {
    QString text;
    for (int i = 0; i < labels.stepCount(); ++i) {
        const auto rating = labels.rating(i);
        text += rating ? QLatin1Char(*rating < 0 ? '-'
                                     : *rating   ? '+'
                                                 : '0')
                       : QLatin1Char(labels.isUnsure(i)         ? 'u'
                                     : labels.isImpliedRight(i) ? '^'
                                                                : '.');
    }
    if (const auto first = labels.firstError()) text += QStringLiteral("|%1").arg(*first);
    return text;
}

/// "+", "0", "-", ".", "u" at a step; "x" marks it; "c" says that no step is wrong; "s" submits.
void act(TraceLabels& labels, const QString& action) {
    const QStringList parts = action.split(QLatin1Char(' '));
    const int step = parts.value(1, QStringLiteral("0")).toInt();
    const char c = parts[0][0].toLatin1();
    LabelChanges changes;
    if (c == '+' || c == '0' || c == '-') changes = labels.rate(step, c == '+' ? 1 : c == '0' ? 0 : -1);
    if (c == '.') changes = labels.rate(step, std::nullopt);
    if (c == 'u') changes = labels.toggleUnsure(step);
    if (c == 'x') changes = labels.markFirstError(step);
    if (c == 'c') changes = labels.markNoError();
    if (c == 's') {
        const auto submission = labels.submission();
        QVERIFY2(submission.missingStep < 0, "something is missing");
        changes = submission.changes;
    }
    const auto before = labels.said();
    labels.apply(changes);
    TraceLabels undone = labels;
    undone.revert(changes);
    QCOMPARE(undone.said() == before, true);
}

}  // namespace

class TestTraceLabels : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void actions_data() {
        QTest::addColumn<QString>("does");
        QTest::addColumn<QString>("gives");
        const auto row = [](const char* name, const char* does, const char* gives) {
            QTest::newRow(name) << QString::fromLatin1(does) << QString::fromLatin1(gives);
        };
        row("nothing", "", "....");
        row("ratings", "+ 0,0 1,- 2", "+0-.");
        row("a rating is taken back", "+ 0,. 0", "....");
        row("unsure, twice", "u 1,u 2,u 2", ".u..");
        row("unsure and rated", "u 1,0 1", ".0..");
        row("first error: before is implied", "x 2", "^^-.|2");
        row("first error: what is said stays", "0 0,u 1,x 3", "0u^-|3");
        row("first error: before it nothing is bad", "- 0,x 2", "^^-.|2");
        row("first error: behind it all is void", "+ 3,0 2,x 1", "^-..|1");
        row("first error moves", "x 1,x 3", "^^^-|3");
        row("first error twice takes the mark back", "x 2,x 2", "..-.");
        row("rated anew it is none", "x 2,+ 2", "..+.");
        row("its rating cleared it is none", "x 2,. 2", "....");
        row("an earlier bad step is the first", "x 2,- 1", "^--.|1");
        row("a later bad step changes nothing", "x 1,- 3", "^-.-|1");
        row("no error", "+ 0,c", "+...|-1");
        row("no error: nothing is bad", "- 1,+ 2,c", "..+.|-1");
        row("no error twice", "c,c", "....");
        row("bad after no error", "c,- 1", ".-..");
        row("first error after no error", "c,x 1", "^-..|1");
        row("submitted: all rated", "+ 0,0 1,+ 2,+ 3,s", "+0++|-1");
        row("submitted: the first bad one is the error", "+ 0,u 1,- 2,s", "+u-.|2");
        row("submitted: implied ones are said", "0 0,x 2,s", "0+-.|2");
        row("submitted: no error, nothing rated", "c,s", "....|-1");
    }
    void actions() {
        QFETCH(QString, does);
        QFETCH(QString, gives);
        TraceLabels labels = ofSteps(4);
        for (const QString& action : does.split(QLatin1Char(','), Qt::SkipEmptyParts)) act(labels, action);
        QCOMPARE(line(labels), gives);
    }

    void whatIsMissing_data() {
        QTest::addColumn<QString>("does");
        QTest::addColumn<int>("missing");
        QTest::newRow("everything") << QString() << 0;
        QTest::newRow("a gap") << QStringLiteral("+ 0,+ 2") << 1;
        QTest::newRow("before the first bad one") << QStringLiteral("+ 0,- 3") << 1;
        QTest::newRow("the end") << QStringLiteral("+ 0,u 1,+ 2") << 3;
        QTest::newRow("nothing behind the first bad one") << QStringLiteral("- 0") << -1;
        QTest::newRow("marked") << QStringLiteral("x 3") << -1;
        QTest::newRow("no error") << QStringLiteral("c") << -1;
    }
    void whatIsMissing() {
        QFETCH(QString, does);
        QFETCH(int, missing);
        TraceLabels labels = ofSteps(4);
        for (const QString& action : does.split(QLatin1Char(','), Qt::SkipEmptyParts)) act(labels, action);
        QCOMPARE(labels.submission().missingStep, missing);
    }

    void whatNeedNotBeRated() {
        std::vector<LabelStep> steps = {{{0, 4}, true, 1}, {{5, 9}, false, 0}};
        TraceLabels labels(steps);
        labels.apply(labels.rate(0, 1));
        QCOMPARE(labels.submission().missingStep, -1);
        labels.apply(labels.rate(1, -1));  // but may be
        labels.apply(labels.submission().changes);
        QCOMPARE(labels.firstError(), std::optional(1));
        QCOMPARE(TraceLabels().submission().missingStep, -1);
    }

    void labelsOutliveAnotherCutting() {
        TraceLabels labels(std::vector<LabelStep>{{{0, 20}, true, 1}, {{20, 40}, true, 2}});
        labels.setSaid({{"me", {AnnotationKind::StepRating, 0, 8}, 1, 0},
                        {"me", {AnnotationKind::FirstError, -1, -1}, 25, 0},
                        {"me", {AnnotationKind::StepRating, 30, 40}, -1, 0}});
        QCOMPARE(line(labels), QStringLiteral("+.|1"));
        labels.apply(labels.rate(0, 0));  // the same label is changed, none is added
        QCOMPARE(labels.said().size(), std::size_t(3));
    }

    void otherThings() {
        TraceLabels labels = ofSteps(2);
        labels.apply(labels.toggleErrorType(1, "misread_problem"));
        labels.apply(labels.toggleErrorType(1, "algebra"));
        QCOMPARE(labels.errorTypes(1), (std::vector<std::string>{"algebra", "misread_problem"}));
        labels.apply(labels.toggleErrorType(1, "algebra"));
        labels.apply(labels.toggleErrorType(1, "misread_problem"));
        QVERIFY(labels.isEmpty());
        labels.apply(labels.setNote({3, 6}, "why?"));
        labels.apply(labels.setNote({}, "nice"));
        labels.apply(labels.setCorrection(0, "1+1=2"));
        labels.apply(labels.setScore(AnnotationKind::Helpfulness, {}, 6));
        labels.apply(labels.setScore(AnnotationKind::Helpfulness, {10, 18}, 0));
        QCOMPARE(labels.notes().size(), std::size_t(2));
        QCOMPARE(labels.correction(0), std::string("1+1=2"));
        QCOMPARE(labels.score(AnnotationKind::Helpfulness, {}), std::optional(6));
        QCOMPARE(labels.score(AnnotationKind::Helpfulness, {10, 18}), std::optional(0));
        QVERIFY(labels.setNote({3, 6}, "why?").empty());  // what holds already changes nothing
        for (const auto& [target, value] : labels.said()) checkAnnotation({target, value, {}, 0});
    }

    void onlyFocusedTimeCounts() {
        FocusedTime time;
        time.touch(100);
        QCOMPARE(time.take(110), 0.0);  // the window is not active
        time.setFocused(true, 120);
        QCOMPARE(time.take(130), 10.0);
        QCOMPARE(time.take(1000), 50.0);  // idle from 180 on
        time.touch(1010);
        QCOMPARE(time.take(1015), 5.0);
        time.setFocused(false, 1020);
        QCOMPARE(time.take(2000), 5.0);
    }

    void noKeyIsThereTwice() {
        QSet<QKeySequence> keys;
        QSet<QString> ids;
        for (const AnnotationKey& key : annotationKeys()) {
            const QKeySequence sequence(QString::fromLatin1(key.keys), QKeySequence::PortableText);
            QVERIFY2(!sequence.isEmpty() && sequence[0].key() != Qt::Key_unknown, key.id);
            QVERIFY2(!keys.contains(sequence), key.id);
            QVERIFY2(!ids.contains(QString::fromLatin1(key.id)), key.id);
            QCOMPARE(&annotationKey(key.command), &key);
            keys << sequence;
            ids << QString::fromLatin1(key.id);
        }
    }
};

QTEST_GUILESS_MAIN(TestTraceLabels)
#include "tst_trace_labels.moc"
