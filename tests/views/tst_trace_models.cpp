// Traces cut into steps, and the models of the open trace, its group, and a long list read in windows.
#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "tests/views/support/sample_store.h"
#include "views/lab.h"
#include "views/models/format.h"
#include "views/models/last_turn.h"
#include "views/models/trace_group_model.h"
#include "views/models/trace_list_model.h"
#include "views/models/trace_segments.h"

using namespace retort;

namespace {

using Steps = QList<std::pair<int, int>>;

QString asText(const Trace& trace) {
    static const char* const names[] = {"step", "text", "answer"};
    QStringList parts;
    for (const TraceSegment& s : segmentTrace(trace)) {
        parts << QString::fromLatin1(names[static_cast<int>(s.kind)]) + QLatin1Char('(') +
                     toQString(trace.completion.substr(static_cast<std::size_t>(s.begin),
                                                       static_cast<std::size_t>(s.end - s.begin))) +
                     QLatin1Char(')');
    }
    return parts.join(QLatin1Char(' '));
}

Trace workedTrace() {
    Trace trace;
    trace.completion = "<1+2=3;4+5=8;>83";
    trace.steps = {{1, 6, StepVerdict::Correct, ""}, {7, 12, StepVerdict::Wrong, "4+5 is 9"}};
    return trace;
}

}  // namespace

class TestTraceModels : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void segments_data() {
        QTest::addColumn<QString>("completion");
        QTest::addColumn<Steps>("steps");
        QTest::addColumn<QString>("expected");
        QTest::newRow("worked") << "<1+2=3;4+5=8;>83" << Steps{{1, 6}, {7, 12}}
                                << "step(1+2=3) step(4+5=8) answer(83)";
        QTest::newRow("steps with their marks")
            << "<a;b;>c" << Steps{{1, 3}, {3, 5}} << "step(a;) step(b;) answer(c)";
        QTest::newRow("bare") << "975" << Steps{} << "answer(975)";
        QTest::newRow("empty") << "" << Steps{} << "";
        QTest::newRow("never closed") << "<1+2=3;4+" << Steps{{1, 6}} << "step(1+2=3) text(4+)";
        QTest::newRow("thinking without steps") << "<hm>4" << Steps{} << "text(hm) answer(4)";
        QTest::newRow("think tags") << "<think>so it is 4</think>\n4" << Steps{}
                                    << "text(so it is 4) answer(4)";
        QTest::newRow("only marks") << "<;>" << Steps{} << "";
        QTest::newRow("out of range") << "<ab>c" << Steps{{-5, 3}, {3, 99}, {50, 60}} << "step(<ab) step(>c)";
        QTest::newRow("overlapping") << "<abcd>e" << Steps{{1, 4}, {2, 5}} << "step(abc) step(d) answer(e)";
        QTest::newRow("reversed") << "<abcd>e" << Steps{{4, 2}} << "text(abcd) answer(e)";
        QTest::newRow("unordered") << "<a;b;>c" << Steps{{3, 4}, {1, 2}} << "step(a) step(b) answer(c)";
    }
    void segments() {
        QFETCH(QString, completion);
        QFETCH(Steps, steps);
        QFETCH(QString, expected);
        Trace trace;
        trace.completion = completion.toStdString();
        for (const auto& [begin, end] : steps)
            trace.steps.push_back({begin, end, StepVerdict::Unchecked, ""});
        QCOMPARE(asText(trace), expected);
    }

    void lastTurns_data() {
        QTest::addColumn<QString>("prompt");
        QTest::addColumn<QString>("shown");
        QTest::newRow("plain") << QStringLiteral("12+30=") << QStringLiteral("12+30=");
        QTest::newRow("nothing") << QString() << QString();
        QTest::newRow("Qwen") << QStringLiteral(
                                     "<|im_start|>system\nBe short.<|im_end|>\n<|im_start|>user\nWhat is "
                                     "2+1?<|im_end|>\n<|im_start|>assistant\n")
                              << QStringLiteral("What is 2+1?");
        QTest::newRow("the last of two turns") << QStringLiteral(
                                                      "<|im_start|>user\nHello<|im_end|>\n<|im_start|>"
                                                      "assistant\nHi<|im_end|>\n<|im_start|>user\n"
                                                      "Now 3 < 4?<|im_end|>\n")
                                               << QStringLiteral("Now 3 < 4?");
        QTest::newRow("cut in the turn")
            << QStringLiteral("<|im_start|>user\nA long que") << QStringLiteral("A long que");
        QTest::newRow("cut before it")
            << QStringLiteral("<|im_start|>system\nBe sh") << QStringLiteral("<|im_start|>system\nBe sh");
        QTest::newRow("an empty turn")
            << QStringLiteral("[INST] [/INST]") << QStringLiteral("[INST] [/INST]");
        QTest::newRow("Llama 3")
            << QStringLiteral(
                   "<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\nWhy?<|eot_id|>"
                   "<|start_header_id|>assistant<|end_header_id|>\n\n")
            << QStringLiteral("Why?");
        QTest::newRow("Mistral") << QStringLiteral("<s>[INST] Count to 3 [/INST]")
                                 << QStringLiteral("Count to 3");
    }
    void lastTurns() {
        QFETCH(QString, prompt);
        QTEST(lastTurn(prompt), "shown");
    }

    void groupModel() {
        Trace good = workedTrace(), bad = workedTrace();
        good.reward = 1.0;
        good.rewards = {{"correctness", 1.0}};
        good.advantage = 0.7;
        good.numTokens = 12;
        bad.sample = 1;
        bad.reward = 1.0;
        TraceGroupModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setGroup({{10, good}, {11, bad}});
        QVERIFY(model.hasNoSpread());
        QCOMPARE(model.rowOf(11), 1);
        QCOMPARE(model.rowOf(12), -1);
        QCOMPARE(model.index(0).data(TraceGroupModel::LinesRole).toStringList(),
                 QStringList({"reward 1", "correctness 1", "advantage +0.7000", "12 token(s)"}));
    }

    void listIsReadInWindows() {
        QTemporaryDir folder;
        const std::filesystem::path store = folder.filePath("lab.db").toStdString();
        sample::Options options;
        options.runs = 2;  // the second one is a GRPO run
        options.tracesPerRun = 600;
        const auto runs = sample::fillStore(store, options);
        Lab lab(store);
        TraceListModel model(lab);
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QSignalSpy counted(&model, &TraceListModel::counted);
        TraceFilter filter;
        filter.run = runs.back();
        model.setFilter(filter);
        QTRY_VERIFY(!counted.isEmpty());
        const int total = model.rowCount();
        QVERIFY2(total >= 300, "the sample store has too few traces for this test");
        QTRY_VERIFY(model.at(0));
        model.index(total - 1).data();  // looking at the end reads the end
        QTRY_VERIFY(model.at(total - 1));
        QVERIFY(model.at(0)->step >= model.at(total - 1)->step);  // newest first

        filter.order = TraceFilter::Order::Oldest;
        filter.correct = true;
        model.setFilter(filter);
        QTRY_VERIFY(model.rowCount() > 0 && model.at(0));
        QVERIFY(model.rowCount() <= total);
        QVERIFY(model.at(0)->correct);
        filter.text = "\"nowhere to be found\"";
        counted.clear();
        model.setFilter(filter);
        QTRY_VERIFY(!counted.isEmpty());
        QCOMPARE(model.rowCount(), 0);
    }
};

QTEST_MAIN(TestTraceModels)
#include "tst_trace_models.moc"
