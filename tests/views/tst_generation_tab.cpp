// The tab that has every compared checkpoint answer a prompt anew, with checkpoints that are made up.
#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QStandardPaths>
#include <QTabWidget>
#include <QTableView>
#include <QTest>
#include <atomic>
#include <mutex>
#include <thread>

#include "tests/core/comparison/comparison_store.h"
#include "views/compare/answer_diff.h"
#include "views/compare/compare_page.h"
#include "views/compare/generation_tab.h"
#include "views/compare/table_panel.h"
#include "views/lab.h"
#include "views/widgets/theme.h"

using namespace retort;

namespace {

/// Answers by the checkpoint's name; "bad" cannot be loaded, "slow" goes on until it is stopped.
struct Models {
    std::atomic<int> asked = 0;
    std::atomic<bool> stopped = false;
    std::mutex mutex;
    AnswerSettings last;

    AnswerService service() {
        return [this](const AnswerRequest& request, const std::stop_token& stop) {
            ++asked;
            {
                const std::scoped_lock lock(mutex);
                last = request.settings;
            }
            const std::string name = request.checkpoint.filename().string();
            if (name == "bad") throw Error("its weights are torn", "model.safetensors");
            while (name == "slow" && !stop.stop_requested())
                std::this_thread::sleep_for(std::chrono::milliseconds(2));
            if (stop.stop_requested()) {
                stopped = true;
                return std::vector<GeneratedAnswer>();
            }
            std::vector<GeneratedAnswer> answers;
            for (int i = 0; i < request.settings.samples; ++i)
                answers.push_back({"<1+1=2;" + std::string(name == "b" ? "2+1=3;" : "2+1=4;") + ">" + name +
                                       (i > 0 ? std::to_string(i) : ""),
                                   name == "b" ? "length" : "stop", 9});
            return answers;
        };
    }
};

std::vector<ComparedCheckpoint> checkpointsOf(const std::vector<std::string>& names) {
    std::vector<ComparedCheckpoint> all;
    for (const std::string& name : names)
        all.push_back(
            {{RowId(all.size() + 1), 10}, "", name + " @ 10", name.empty() ? "" : "/models/" + name});
    return all;
}

}  // namespace

class TestGenerationTab : public QObject {
    Q_OBJECT

    std::unique_ptr<StoreFolder> m_folder;
    std::unique_ptr<Lab> m_lab;
    std::unique_ptr<Models> m_models;
    std::unique_ptr<GenerationTab> m_tab;

    void open(const std::vector<std::string>& names, std::size_t baseline = 0) {
        m_tab = std::make_unique<GenerationTab>(*m_lab);
        m_tab->resize(1100, 600);
        m_tab->setService(m_models->service());
        m_tab->setCheckpoints(checkpointsOf(names), baseline);
        m_tab->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_tab.get()));
    }
    void ask(const QString& prompt) {
        m_tab->prompt()->setFocus();
        m_tab->prompt()->selectAll();
        QTest::keyClicks(m_tab->prompt(), prompt);
        QTest::keyClick(m_tab->prompt(), Qt::Key_Return, Qt::ControlModifier);
    }
    void settle() {
        QTRY_VERIFY(!m_tab->isGenerating());
        QTRY_COMPARE(m_lab->pendingReads(), 0);
    }
    QString shown(int row, int column) const {
        return m_tab->table()->model()->index(row, column).data().toString();
    }
    QVariant exact(int row, int column) const {
        return m_tab->table()->model()->index(row, column).data(ValueTableModel::ExactRole);
    }

  private Q_SLOTS:
    void initTestCase() {
        QStandardPaths::setTestModeEnabled(true);
        initTheme();
    }
    void init() {
        m_folder = std::make_unique<StoreFolder>();
        m_lab = std::make_unique<Lab>(m_folder->file());
        m_models = std::make_unique<Models>();
    }
    void cleanup() {
        m_tab.reset();
        m_models.reset();
        m_lab.reset();
        m_folder.reset();
    }

    void everyCheckpointAnswers() {
        open({"a", "b", "c"}, 1);
        QAbstractItemModelTester tester(m_tab->table()->model(),
                                        QAbstractItemModelTester::FailureReportingMode::QtTest);
        QVERIFY(!m_tab->runButton()->isEnabled());  // nothing is typed yet
        ask(QStringLiteral("1+1+1="));
        QVERIFY(m_tab->isGenerating());
        settle();
        QCOMPARE(int(m_models->asked), 3);
        QCOMPARE(m_tab->table()->model()->rowCount(), 3);
        QCOMPARE(shown(0, 0), QStringLiteral("b @ 10"));  // the baseline
        QCOMPARE(exact(1, 2).toString(), QStringLiteral("<1+1=2;2+1=4;>a"));
        QCOMPARE(shown(1, 3), QStringLiteral("≠"));
        QCOMPARE(exact(1, 5).toLongLong(), 9);
        QCOMPARE(exact(1, 6).toLongLong(), 15);
        QCOMPARE(exact(0, 7).toString(), QStringLiteral("length"));
        QVERIFY(exact(1, 8).toDouble() > 0);
        // Side by side, the baseline first, and only what differs from it is marked.
        QCOMPARE(m_tab->answers()->answers().size(), 3u);
        const QString html = answersHtml({}, m_tab->answers()->answers());
        QCOMPARE(html.count(QStringLiteral("<u ")), 4);  // 4 and the answer, of a and of c
        QVERIFY(m_tab->answers()->asText().contains(QStringLiteral("c @ 10:\n<1+1=2;2+1=4;>c")));
        const Json json = askedJson(*m_tab->shown());
        QCOMPARE(json["prompt"].get<std::string>(), std::string("1+1+1="));
        QCOMPARE(json["checkpoints"].size(), 3u);
        QCOMPARE(json["checkpoints"][0]["answers"][0]["finish"].get<std::string>(), std::string("length"));
        QVERIFY(!json.contains("problem"));
        QVERIFY(m_tab->table()->text(true).contains(QStringLiteral("2+1=4")));
    }

    void theChosenOneAgainstTheBaseline() {
        open({"a", "b", "c"});
        ask(QStringLiteral("x"));
        settle();
        m_tab->columns()->setCurrentIndex(1);
        m_tab->table()->setCurrentRow(2);
        QCOMPARE(m_tab->answers()->answers().size(), 2u);
        QCOMPARE(m_tab->answers()->answers()[1].checkpoint, QStringLiteral("c @ 10"));
    }

    void samplesAndGreedy() {
        open({"a", "b"});
        QVERIFY(!m_tab->samples()->isEnabled());
        m_tab->samples()->setValue(3);
        ask(QStringLiteral("x"));
        settle();
        QCOMPARE(m_models->last.samples, 1);  // greedy answers are all the same
        QCOMPARE(m_models->last.temperature, 0.0);
        m_tab->temperature()->setValue(0.7);
        QVERIFY(m_tab->samples()->isEnabled());
        ask(QStringLiteral("x"));
        settle();
        QCOMPARE(m_models->last.samples, 3);
        QCOMPARE(m_tab->table()->model()->rowCount(), 6);
        m_tab->table()->setCurrentRow(1);
        QVERIFY(m_tab->answers()->asText().contains(QStringLiteral(">b1")));
    }

    void whatCannotBeLoadedSaysWhy() {
        open({"a", "bad", "", "b"});
        ask(QStringLiteral("x"));
        settle();
        QVERIFY(shown(1, 2).contains(QStringLiteral("its weights are torn")));
        QVERIFY(shown(2, 2).contains(QStringLiteral("No checkpoint of this step")));
        QCOMPARE(exact(3, 2).toString(), QStringLiteral("<1+1=2;2+1=3;>b"));
        QVERIFY(m_tab->answers()->toPlainText().contains(QStringLiteral("its weights are torn")));
        const Json json = askedJson(*m_tab->shown());
        QVERIFY(json["checkpoints"][1].contains("error"));
    }

    void escapeCancels() {
        open({"a", "slow", "b"});
        ask(QStringLiteral("x"));
        QTRY_COMPARE(shown(1, 2), QStringLiteral("answers …"));
        QCOMPARE(m_tab->runButton()->text(), QStringLiteral("&Cancel"));
        QCOMPARE(m_tab->status()->text(), QStringLiteral("slow @ 10"));
        QTest::keyClick(m_tab->prompt(), Qt::Key_Escape);
        QVERIFY(!m_tab->isGenerating());
        QTRY_VERIFY(m_models->stopped);
        QCOMPARE(exact(0, 2).toString(), QStringLiteral("<1+1=2;2+1=4;>a"));  // what is there stays
        QCOMPARE(shown(1, 2), QStringLiteral("cancelled"));
        QCOMPARE(shown(2, 2), QStringLiteral("cancelled"));
        QTest::qWait(20);
        QCOMPARE(int(m_models->asked), 2);
        // And again, at once.
        m_tab->setCheckpoints(checkpointsOf({"a", "b"}), 0);
        m_tab->generate();
        settle();
        QCOMPARE(m_tab->table()->model()->rowCount(), 2);
        QVERIFY(m_tab->shown()->isOver());
    }

    void goingAwayWhileOneAnswers() {
        open({"slow"});
        ask(QStringLiteral("x"));
        QTRY_COMPARE(int(m_models->asked), 1);
        m_tab.reset();
        QVERIFY(m_models->stopped);
    }

    void earlierPromptsComeBack() {
        open({"a", "b"});
        ask(QStringLiteral("first"));
        settle();
        ask(QStringLiteral("second & last"));
        settle();
        QCOMPARE(m_tab->history()->actions().size(), 2);
        QVERIFY(m_tab->history()->actions()[0]->text().startsWith(QStringLiteral("second && last")));
        QVERIFY(m_tab->history()->actions()[0]->isChecked());
        const int asked = m_models->asked;
        m_tab->history()->actions()[1]->trigger();
        QCOMPARE(m_tab->prompt()->toPlainText(), QStringLiteral("first"));
        QCOMPARE(m_tab->shown()->prompt, std::string("first"));
        QCOMPARE(int(m_models->asked), asked);
    }

    void aProblemIsJudged() {
        open({"a", "b"});
        AskedProblem problem;
        problem.id = "addition:1+2";
        problem.prompt = "1+2=";
        problem.gold = "3";
        problem.maxTokens = 17;
        problem.task = makeTask("addition", {{"format", "plain"}});
        m_tab->setProblem(problem);
        QVERIFY(m_tab->runButton()->hasFocus());
        QCOMPARE(int(m_models->asked), 0);
        QTest::keyClick(m_tab->runButton(), Qt::Key_Space);
        settle();
        QCOMPARE(m_models->last.maxTokens, 17);
        QCOMPARE(shown(0, 4), QStringLiteral("✗"));
        QVERIFY(m_tab->answers()->toPlainText().contains(QStringLiteral("reference")));
        QCOMPARE(askedJson(*m_tab->shown())["problem"]["reference"].get<std::string>(), std::string("3"));
        // Another text is another question.
        ask(QStringLiteral("1+2+3="));
        settle();
        QVERIFY(m_tab->shown()->problem.id.empty());
        QVERIFY(shown(0, 4).isEmpty());
        // What was never kept has to be typed.
        problem.prompt.clear();
        m_tab->setProblem(problem);
        QVERIFY(!m_tab->runButton()->isEnabled());
    }

    void askAgainTakesTheOpenedProblem() {
        Trace trace;
        trace.step = 10;
        trace.phase = "eval";
        trace.task = "addition";
        trace.problemId = "addition:1";
        trace.prompt = "12+34=";
        trace.completion = "46";
        trace.gold = "46";
        const RowId a =
            addEvaluated(*m_folder, m_lab->writer(), "a", {evaluationOf("addition", "h", {1, 0})});
        const RowId b =
            addEvaluated(*m_folder, m_lab->writer(), "b", {evaluationOf("addition", "h", {1, 1})}, {trace});
        ComparePage page(*m_lab);
        page.resize(1280, 800);
        page.show();
        QVERIFY(QTest::qWaitForWindowExposed(&page));
        page.setCheckpoints({{a, 10}, {b, 10}});
        QTRY_VERIFY(page.isUpToDate());
        QTRY_COMPARE(m_lab->pendingReads(), 0);
        page.itemView()->setCurrentIndex(page.itemView()->model()->index(1, 0));
        page.itemView()->setFocus();
        QTest::keyClick(page.itemView(), Qt::Key_G, Qt::ControlModifier);
        QTRY_COMPARE(page.tabs()->currentWidget(), page.generation());
        QCOMPARE(page.generation()->prompt()->toPlainText(), QStringLiteral("12+34="));
        // Neither has a checkpoint, and the window no module.
        QVERIFY(!page.generation()->runButton()->isEnabled());
        QVERIFY(!page.generation()->answers()->toPlainText().isEmpty());
    }

    // Hostile and broken text is text; columns are as many as there are.
    void markupAndBrokenBytes() {
        AskedPrompt asked;
        asked.prompt = "<script>\xff";
        for (const char* text : {"<b>x</b>\n\xc3", "", "a\nb\nc"}) {
            AskedCheckpoint& checkpoint = asked.checkpoints.emplace_back();
            checkpoint.state = AskedCheckpoint::State::Done;
            checkpoint.answers = {{text, "stop", 1}};
        }
        const QString html = answersHtml({}, askedAnswers(asked, {0, 1, 2}, 0));
        QVERIFY(!html.contains(QStringLiteral("<script")) && !html.contains(QStringLiteral("<b>x")));
        QVERIFY(!askedJson(asked).dump(-1, ' ', false, Json::error_handler_t::replace).empty());
        QCOMPARE(characterCount("aä€"), 3);
        QCOMPARE(askedTable(asked).rows.size(), 3u);
    }
};

QTEST_MAIN(TestGenerationTab)
#include "tst_generation_tab.moc"
