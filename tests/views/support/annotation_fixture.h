// What the tests of annotating share: a store with traces whose truth is written in words that nobody else
// uses, and the Traces page over it, driven by keys.
#pragma once

#include <QApplication>
#include <QDialog>
#include <QInputDialog>
#include <QLineEdit>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>

#include "core/runlog/run_directory.h"
#include "core/runlog/writer.h"
#include "views/annotation/annotation_bar.h"
#include "views/annotation/annotation_desk.h"
#include "views/annotation/annotation_panel.h"
#include "views/annotation/key_button.h"
#include "views/annotation/key_guard.h"
#include "views/annotation/queue_pane.h"
#include "views/lab.h"
#include "views/models/trace_list_model.h"
#include "views/traces/trace_view.h"
#include "views/traces/traces_page.h"
#include "views/widgets/theme.h"

namespace retort::test {

/// Three steps; the second is wrong in every third trace. Two samples a group.
inline Trace secretTrace(int index) {
    Trace trace;
    trace.step = 1 + index / 2;
    trace.task = "addition";
    trace.problemId = "problem-" + std::to_string(index / 2);
    trace.group = index / 2;
    trace.sample = index % 2;
    trace.prompt = "Add " + std::to_string(index / 2) + " and 34";
    trace.completion = "<first line;second line;third line;>the end";
    const bool wrong = index % 3 == 0;
    trace.gold = "GOLDSECRET";
    trace.extracted = "FOUNDSECRET";
    trace.correct = !wrong;
    trace.worked = true;
    trace.reward = wrong ? -77.25 : 77.25;
    trace.advantage = wrong ? -66.5 : 66.5;
    trace.rewards = {{"REWARDSECRET", *trace.reward}};
    trace.steps = {{1, 11, StepVerdict::Correct, ""},
                   {12, 23, wrong ? StepVerdict::Wrong : StepVerdict::Correct, wrong ? "CHECKSECRET" : ""},
                   {24, 34, StepVerdict::Correct, ""}};
    trace.lanes = {{LaneKind::Prm, "PRMSECRET", {{1, 11, std::nullopt, 0.9, 0, 0, "WHYSECRET"}}}};
    trace.stepAccuracy = 0.5;
    trace.numTokens = 9;
    return trace;
}

class AnnotationFixture : public QObject {
    Q_OBJECT

  protected:
    void makeStore(int traces) {
        initTheme();
        applyTheme(Theme::Light);
        qputenv("USER", "tester");
        m_folder = std::make_unique<QTemporaryDir>();
        const std::filesystem::path root = m_folder->path().toStdString();
        RunIdentity identity;
        identity.id = "11111111-2222-3333-4444-555555555555";
        identity.name = "walk";
        identity.recipe = "grpo";
        const RunDirectory directory =
            RunDirectory::create(root / "runs", "walk", "recipe: grpo\n", identity);
        RunLogWriter log(directory.eventsFile());
        log.write(StartEvent{1, 0, 3, 1, "here", "test"});
        for (int i = 0; i < traces; ++i) log.write(TraceEvent{secretTrace(i)});
        log.sync();
        m_store = root / "lab.db";
        m_lab = std::make_unique<Lab>(m_store);
        m_run = m_lab->writer().addRun(directory, "test").get();
        m_lab->writer().ingest(m_run).get();
        StoreReader reader(m_store);
        TraceFilter filter;
        filter.order = TraceFilter::Order::Oldest;
        m_traces.clear();
        for (const TraceRow& row : reader.traces(filter, 0, traces)) m_traces.push_back(row.id);
        QCOMPARE(m_traces.size(), std::size_t(traces));
    }

    void openPage(const QString& annotator = QStringLiteral("alice")) {
        if (!m_lab) m_lab = std::make_unique<Lab>(m_store);
        m_lab->selection().setRuns({m_run});
        m_page = std::make_unique<TracesPage>(*m_lab);
        m_page->resize(1400, 900);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
        QTRY_VERIFY(m_page->currentTrace() != 0);
        if (!annotator.isEmpty()) session().setAnnotator(annotator);
        QTRY_VERIFY(isReady());
    }
    void closeAll() {
        m_page.reset();
        m_lab.reset();
    }
    bool isReady() { return session().isReady() && m_lab->pendingReads() == 0; }

    RowId makeQueue(int items, bool blind, const std::string& name = "queue") {
        QueueSettings settings;
        settings.name = name;
        settings.blind = blind;
        settings.annotators = 2;
        if (!m_lab) m_lab = std::make_unique<Lab>(m_store);
        return m_lab->writer()
            .addQueue(settings, QueuePreset::Listed, {m_traces.begin(), m_traces.begin() + items})
            .get();
    }
    void openQueue(RowId queue) {
        desk().command(AnnotationCommand::ShowQueue)->trigger();
        desk().queuePane()->openQueue(queue);
        QTRY_VERIFY(session().itemIndex() >= 0 && isReady());
    }
    void openTrace(int index) {
        m_page->openTrace(m_traces[static_cast<std::size_t>(index)]);
        QTRY_COMPARE(session().trace(), m_traces[static_cast<std::size_t>(index)]);
        QTRY_VERIFY(isReady());
    }

    AnnotationDesk& desk() { return *m_page->desk(); }
    AnnotationSession& session() { return desk().session(); }
    /// A window manager hands the focus back when a dialog closes; the offscreen platform does not.
    void activate() {
        if (QApplication::activeWindow() == m_page.get()) return;
        m_page->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
    }
    static void key(int code, Qt::KeyboardModifiers modifiers = Qt::NoModifier) {
        QWidget* focus = QApplication::focusWidget();
        QVERIFY(focus);
        QTest::keyClick(focus, static_cast<Qt::Key>(code), modifiers);
    }
    static void keys(const char* letters) {
        for (const char* letter = letters; *letter; ++letter) {
            QVERIFY(QApplication::focusWidget());
            QTest::keyClick(QApplication::focusWidget(), *letter);
        }
    }
    /// "+0-.u" and the marked first error, as the labels stand on the screen.
    QString line() {
        QString text;
        const TraceLabels& labels = session().labels();
        for (int i = 0; i < labels.stepCount(); ++i) {
            const auto rating = labels.rating(i);
            text += rating ? QLatin1Char(*rating < 0 ? '-'
                                         : *rating   ? '+'
                                                     : '0')
                           : QLatin1Char(labels.isUnsure(i) ? 'u' : '.');
        }
        if (const auto first = labels.firstError()) text += QStringLiteral("|%1").arg(*first);
        return text;
    }
    std::vector<Annotation> stored(int index, const std::string& annotator) {
        StoreReader reader(m_store);
        return reader.annotations(m_traces[static_cast<std::size_t>(index)], annotator);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::filesystem::path m_store;
    std::unique_ptr<Lab> m_lab;
    std::unique_ptr<TracesPage> m_page;
    std::vector<RowId> m_traces;
    RowId m_run = 0;
};

}  // namespace retort::test
