// The Lineage page over a filled store, by mouse and keyboard: following edges, searching, folding, comparing
// two, exporting, dropping folders, and what it remembers.
#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QFile>
#include <QGuiApplication>
#include <QImage>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QScreen>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QTextBrowser>
#include <QtGui/QDropEvent>

#include "core/lineage/lineage_record.h"
#include "core/util/files.h"
#include "tests/views/support/sample_lineage.h"
#include "views/actions.h"
#include "views/lab.h"
#include "views/lineage/lineage_details.h"
#include "views/lineage/lineage_difference_panel.h"
#include "views/lineage/lineage_page.h"
#include "views/lineage/lineage_view.h"
#include "views/widgets/empty_state.h"
#include "views/widgets/theme.h"

using namespace retort;

class TestLineagePage : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase() {
        initTheme();
        m_filled = std::make_unique<QTemporaryDir>();
        sample::fillLineage(m_filled->filePath("lab.db").toStdString(), {8, 2, 3});
    }
    void init() { open(m_filled->filePath("lab.db")); }
    void cleanup() {
        m_page.reset();
        m_lab.reset();
    }

    void showsTheWholeGraph() {
        QCOMPARE(m_page->graph().nodes().size(), m_page->view()->picture().folded().shown.size());
        QVERIFY(m_page->graph().nodes().size() > 10);
        for (const std::size_t node : m_page->view()->picture().folded().shown)
            QVERIFY(
                m_page->view()->viewport()->rect().contains(m_page->view()->viewRect(node).toAlignedRect()));
        QVERIFY(m_page->graph().problems().empty());
    }

    void clickSelectsAndTellsAll() {
        const std::size_t node = at("sft-4");
        click(node);
        QCOMPARE(m_page->view()->current(), std::optional(node));
        const QString text = m_page->details()->text()->toPlainText();
        QVERIFY(text.contains("sft-4") && text.contains("Parents") && text.contains("trained from"));
        // An empty place deselects.
        QTest::mouseClick(m_page->view()->viewport(), Qt::LeftButton, {}, QPoint(2, 2));
        QVERIFY(!m_page->view()->current());
    }

    void keysFollowTheEdges() {
        const std::size_t node = at("sft-4");
        m_page->view()->setCurrent(node);
        key(Qt::Key_Left);
        const std::size_t parent = m_page->view()->current().value();
        QVERIFY(isEdge(parent, node));
        key(Qt::Key_Right);
        QVERIFY(isEdge(parent, m_page->view()->current().value()));
        const std::size_t child = m_page->view()->current().value();
        key(Qt::Key_Down);
        if (m_page->view()->current() != child) {
            QVERIFY(m_page->view()->viewRect(*m_page->view()->current()).y() >
                    m_page->view()->viewRect(child).y());
            key(Qt::Key_Up);
            QCOMPARE(m_page->view()->current(), std::optional(child));
        }
        key(Qt::Key_Escape);
        QVERIFY(!m_page->view()->current());
        key(Qt::Key_Right);  // with nothing selected: the first
        QVERIFY(m_page->view()->current());
    }

    void linksInTheDetails() {
        const std::size_t node = at("sft-4");
        click(node);
        const LineageEdge& edge = m_page->graph().edges()[m_page->graph().edgesToParents(node)[0]];
        Q_EMIT m_page->details()->text()->anchorClicked(QUrl(QString("node:%1").arg(edge.parent)));
        QCOMPARE(m_page->view()->current(), std::optional(edge.parent));
    }

    void zooms() {
        LineageView* view = m_page->view();
        QVERIFY(view->isFitted());
        const qreal fitted = view->zoom();
        key(Qt::Key_Plus);
        QVERIFY(view->zoom() > fitted);
        key(Qt::Key_Minus);
        QVERIFY(qAbs(view->zoom() - fitted) < 1e-9);
        key(Qt::Key_1);
        QCOMPARE(view->zoom(), 1.0);
        // The point below the pointer stays there.
        const std::size_t node = at("sft-4");
        view->ensureVisible(node);
        const QPointF before = view->viewRect(node).center();
        QWheelEvent wheel(before, view->viewport()->mapToGlobal(before), {}, {0, 120}, Qt::NoButton,
                          Qt::ControlModifier, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(view->viewport(), &wheel);
        QVERIFY(view->zoom() > 1);
        if (view->horizontalScrollBar()->maximum() > 0 && view->verticalScrollBar()->maximum() > 0)
            QVERIFY(QLineF(view->viewRect(node).center(), before).length() < 60);
        key(Qt::Key_0);
        QCOMPARE(view->zoom(), fitted);
    }

    void dragPans() {
        LineageView* view = m_page->view();
        view->setZoom(2);
        view->horizontalScrollBar()->setValue(100);
        const QPoint from(300, 300);
        QTest::mousePress(view->viewport(), Qt::LeftButton, {}, from);
        QMouseEvent move(QEvent::MouseMove, from + QPoint(-60, 0),
                         view->viewport()->mapToGlobal(from + QPoint(-60, 0)), Qt::NoButton, Qt::LeftButton,
                         {});
        QCoreApplication::sendEvent(view->viewport(), &move);
        QCOMPARE(view->horizontalScrollBar()->value(), 160);
        QTest::mouseRelease(view->viewport(), Qt::LeftButton, {}, from + QPoint(-60, 0));
    }

    // What stays in view is moved, not painted: the picture is the same as painted anew.
    void scrolledPictureIsRight() {
        LineageView* view = m_page->view();
        view->setZoom(1.3);
        view->horizontalScrollBar()->setValue(0);
        QVERIFY(view->horizontalScrollBar()->maximum() > 37);
        QCoreApplication::processEvents();
        view->horizontalScrollBar()->setValue(37);
        view->verticalScrollBar()->setValue(11);
        QCoreApplication::processEvents();
        // What is on the screen: grab() would paint it anew.
        const auto onScreen = [this] { return m_page->screen()->grabWindow(m_page->winId()).toImage(); };
        const QImage scrolled = onScreen();
        QVERIFY(!scrolled.isNull());
        view->viewport()->repaint();
        QCOMPARE(onScreen(), scrolled);
    }

    void searchStepsThroughHits() {
        key(Qt::Key_Slash);
        auto* search = m_page->findChild<QLineEdit*>();
        QVERIFY(search->hasFocus());
        QTest::keyClicks(search, "soup");
        QTRY_VERIFY(m_page->view()->current());
        const std::size_t first = m_page->view()->current().value();
        QVERIFY(QString::fromStdString(m_page->graph().nodes()[first].name).startsWith("soup"));
        QTest::keyClick(search, Qt::Key_Return);
        QVERIFY(m_page->view()->current() != first);
        m_page->view()->setFocus();
        key(Qt::Key_N, Qt::ShiftModifier);
        QCOMPARE(m_page->view()->current(), std::optional(first));
        search->setText("nothing has this");
        QTRY_VERIFY(hasLabel("0 found"));
    }

    void foldsAndRemembers() {
        const std::size_t root = at("pretrain-0");
        const auto& folded = m_page->view()->picture().folded();
        m_page->view()->setCurrent(root);
        key(Qt::Key_Space);
        QVERIFY(folded.shown.size() < m_page->graph().nodes().size());
        QVERIFY(folded.hidden[root] > 0);
        const std::size_t shown = folded.shown.size();
        cleanup();
        open(m_filled->filePath("lab.db"));
        QTRY_COMPARE(m_page->view()->picture().folded().shown.size(), shown);
        trigger("lineage.unfold");
        QCOMPARE(m_page->view()->picture().folded().shown.size(), m_page->graph().nodes().size());
    }

    void twoAreCompared() {
        click(at("sft-4"));
        click(at("grpo-1"), Qt::ControlModifier);
        QTableWidget* table = m_page->differencePanel()->table();
        QAbstractItemModelTester tester(table->model());
        QTRY_VERIFY(table->rowCount() > 0);
        QStringList keys;
        for (int row = 0; row < table->rowCount(); ++row) keys << table->item(row, 0)->text();
        QVERIFY2(keys.contains("recipe") && keys.contains("seed"), qPrintable(keys.join(", ")));
        QVERIFY(m_page->differencePanel()->way()->text().contains("sft-4@200"));
        QTest::keyClick(m_page->view(), Qt::Key_Escape);
        QCOMPARE(table->rowCount(), 0);
    }
    // By keyboard alone: mark, go on, read.
    void markedIsCompared() {
        m_page->view()->setFocus();
        m_page->view()->setCurrent(at("sft-4"));
        key(Qt::Key_M);
        key(Qt::Key_Left);
        QTableWidget* table = m_page->differencePanel()->table();
        QTRY_VERIFY(table->columnCount() >= 3);
        QVERIFY(table->horizontalHeaderItem(1)->text().startsWith("sft-4"));
    }

    void enterOpensTheRun() {
        QSignalSpy places(&m_lab->selection(), &Selection::placeRequested);
        m_page->view()->setCurrent(at("sft-4"));
        key(Qt::Key_Return);
        QCOMPARE(places.size(), 1);
        QCOMPARE(places[0][0].value<Place>(), Place::Runs);
        QCOMPARE(m_lab->selection().currentRun(), m_page->graph().nodes()[at("sft-4")].run);
    }

    void copiesThePath() {
        m_page->view()->setCurrent(at("sft-4"));
        QTest::keySequence(m_page->view(), QKeySequence::Copy);
        QCOMPARE(QGuiApplication::clipboard()->text().toStdString(),
                 m_page->graph().nodes()[at("sft-4")].path);
    }

    void exports_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QByteArray>("begin");
        QTest::newRow("png") << "g.png" << QByteArray("\x89PNG");
        QTest::newRow("svg") << "g.svg" << QByteArray("<?xml");
        QTest::newRow("dot") << "g.dot" << QByteArray("digraph");
        QTest::newRow("csv") << "g.csv" << QByteArray("checkpoint,");
    }
    void exports() {
        QFETCH(QString, file);
        QFETCH(QByteArray, begin);
        QTemporaryDir folder;
        QCOMPARE(m_page->exportTo(folder.filePath(file)), QString());
        QFile written(folder.filePath(file));
        QVERIFY(written.open(QIODevice::ReadOnly));
        const QByteArray content = written.readAll();
        QVERIFY(content.startsWith(begin) && content.size() > 500);
        QVERIFY(!m_page->exportTo(folder.filePath("no/such/" + file)).isEmpty());
    }

    // Nothing at first; a folder is dropped, then appears with its parent.
    void emptyThenDropped() {
        cleanup();
        QTemporaryDir folder;
        open(folder.filePath("lab.db"));
        QVERIFY(m_page->findChild<EmptyState*>()->isVisible());
        QDir(folder.path()).mkpath("merged");
        const std::filesystem::path merged = folder.filePath("merged").toStdString();
        writeFileAtomically(merged / "config.json", "{}");
        writeLineageRecord(merged, {"ties", {{LineageKind::Merged, "/gone/base", {}, 0.5, true}}, "", 0, ""});
        drop(folder.filePath("merged"));
        QTRY_COMPARE(m_page->graph().nodes().size(), 2u);
        QVERIFY(!m_page->findChild<EmptyState*>()->isVisible());
        // And a folder that is none is said to be none.
        QSignalSpy failed(m_lab.get(), &Lab::failed);
        drop(folder.path());
        QTRY_COMPARE(failed.size(), 1);
        QVERIFY(failed[0][0].toString().contains("holds no checkpoint"));
    }

    void colourIsNotAlone() {
        QVERIFY(!m_page->view()->accessibleName().isEmpty());
        m_page->view()->setCurrent(at("sft-4"));
        QVERIFY(m_page->view()->accessibleDescription().contains("sft-4"));
    }

  private:
    void open(const QString& store) {
        m_lab = std::make_unique<Lab>(store.toStdString());
        m_page = std::make_unique<LineagePage>(*m_lab);
        m_page->resize(1280, 800);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
        QTRY_COMPARE(m_lab->pendingReads(), 0);
        QTRY_COMPARE(m_lab->pendingReads(), 0);
        m_page->view()->setFocus();
    }
    /// The last checkpoint of the run of this name.
    std::size_t at(const std::string& name) const {
        std::size_t found = 0;
        for (std::size_t i = 0; i < m_page->graph().nodes().size(); ++i)
            if (m_page->graph().nodes()[i].name == name && m_page->graph().nodes()[i].isLast) found = i;
        return found;
    }
    bool isEdge(std::size_t parent, std::size_t child) const {
        for (const LineageEdge& edge : m_page->graph().edges())
            if (edge.parent == parent && edge.child == child) return true;
        return false;
    }
    bool hasLabel(const QString& text) const {
        for (const QLabel* label : m_page->findChildren<QLabel*>())
            if (label->text() == text) return true;
        return false;
    }
    void drop(const QString& folder) {
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(folder)});
        QDragEnterEvent enter({100, 100}, Qt::CopyAction, &data, Qt::LeftButton, {});
        QCoreApplication::sendEvent(m_page.get(), &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent dropped({100, 100}, Qt::CopyAction, &data, Qt::LeftButton, {});
        QCoreApplication::sendEvent(m_page.get(), &dropped);
    }
    void click(std::size_t node, Qt::KeyboardModifiers modifiers = {}) {
        QTest::mouseClick(m_page->view()->viewport(), Qt::LeftButton, modifiers,
                          m_page->view()->viewRect(node).center().toPoint());
    }
    void key(int which, Qt::KeyboardModifiers modifiers = {}) {
        QTest::keyClick(m_page->view(), Qt::Key(which), modifiers);
    }
    void trigger(const char* id) {
        for (QAction* action : commandsOf(m_page.get()))
            if (action->objectName() == QLatin1String(id)) return action->trigger();
        QFAIL(id);
    }

    std::unique_ptr<QTemporaryDir> m_filled;
    std::unique_ptr<Lab> m_lab;
    std::unique_ptr<LineagePage> m_page;
};

QTEST_MAIN(TestLineagePage)
#include "tst_lineage_page.moc"
