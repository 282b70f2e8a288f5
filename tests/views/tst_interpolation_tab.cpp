// The interpolation tab over checkpoints on the disk and a bench whose losses are known in closed form:
// curve, barrier, plane, going on from what there is, and all the reasons not to measure.
#include <QAbstractItemModelTester>
#include <QAccessible>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QLabel>
#include <QListWidget>
#include <QMenu>
#include <QProgressBar>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QStandardPaths>
#include <QTableView>
#include <QTest>
#include <QThread>
#include <atomic>
#include <cmath>
#include <mutex>

#include "core/formats/sharded_safetensors.h"
#include "core/runlog/writer.h"
#include "core/util/files.h"
#include "tests/core/store/store_fixture.h"
#include "views/compare/curve_panel.h"
#include "views/compare/interpolation_tab.h"
#include "views/compare/plane_map.h"
#include "views/compare/plane_panel.h"
#include "views/compare/table_panel.h"
#include "views/lab.h"
#include "views/merge/recipe_text.h"
#include "views/merge/task_panel.h"
#include "views/widgets/plot_picture.h"
#include "views/widgets/plot_view.h"
#include "views/widgets/theme.h"

using namespace retort;
namespace fs = std::filesystem;

namespace {

/// What the bench did, read while it runs.
struct Log {
    std::atomic<int> opened{0}, open{0}, coarse{0}, refined{0}, delayMs{0};
    std::atomic<bool> fails{false};
    std::atomic<double> dip{0};  // of accuracy on the way
    std::mutex mutex;
    MergeBenchRequest request;
    std::vector<std::vector<double>> weights;
};

/// Two models: the first task's loss is 1 + t + 2·t·(1 − t), a barrier of 0.5 at 0.5; that of the others
/// 0.2 + (t − 0.3)², none. Three, at (0, 0), (3, 0) and (1, 2): 0.1 + (x − 1)² + (y − 1)², and 5.
class FakeBench final : public MergeBench {
  public:
    FakeBench(Log& log, MergeBenchRequest request) : m_log(log), m_request(std::move(request)) {
        ++m_log.open;
    }
    ~FakeBench() override { --m_log.open; }

    std::optional<MergeBenchPoint> measure(const std::string& recipe, MergeBenchEffort effort,
                                           std::stop_token stop) override {
        const bool refined = effort == MergeBenchEffort::Refined;
        for (int ms = m_log.delayMs; ms > 0; --ms) {
            if (stop.stop_requested()) return std::nullopt;
            QThread::msleep(1);
        }
        if (m_log.fails)
            throw Error("the merge has another shape than its parents", "merge bench", "take others");
        const RecipeView view = readRecipe(recipe);
        std::vector<double> w;
        for (const RecipeModel& model : view.models) w.push_back(model.values.numbers.at("weight"));
        // Without this flag the weights would be divided by their sum.
        if (view.method != "linear" || view.values.numbers.at("normalize") != 0)
            throw Error("not the recipe");
        ++(refined ? m_log.refined : m_log.coarse);
        {
            const std::scoped_lock lock(m_log.mutex);
            m_log.weights.push_back(w);
        }
        MergeBenchPoint point;
        for (std::size_t i = 0; i < m_request.tasks.size(); ++i) {
            const double t = w[1];
            MergeBenchTask task;
            task.name = m_request.tasks[i].name;
            if (w.size() == 2) {
                task.loss = i == 0 ? 1 + t + 2 * t * (1 - t) : 0.2 + (t - 0.3) * (t - 0.3);
            } else {
                const double x = 3 * w[1] + w[2], y = 2 * w[2];
                task.loss = i == 0 ? 0.1 + (x - 1) * (x - 1) + (y - 1) * (y - 1) : 5;
            }
            if (refined) {
                task.accuracy = 1 - t / 2 - m_log.dip * t * (1 - t);
                task.meanLength = 10 + t;
                task.problems = m_request.numProblems;
            }
            point.tasks.push_back(task);
        }
        point.seconds = 0.001;
        return point;
    }

  private:
    Log& m_log;
    MergeBenchRequest m_request;
};

const char* kTwoTasks =
    "recipe: sft\ndata:\n  tasks:\n    - task: addition\n      worked_share: 1\n    - task: sorting\n"
    "evaluation:\n  num_problems: 50\n  max_completion_length: 40\n";

}  // namespace

class TestInterpolationTab : public QObject {
    Q_OBJECT

    std::unique_ptr<StoreFolder> m_folder;
    std::unique_ptr<Lab> m_lab;
    std::unique_ptr<InterpolationTab> m_tab;
    Log m_log;

    /// A run with a checkpoint of the four values; another `rows` makes another shape.
    ComparedCheckpoint add(const std::string& name, std::vector<float> values,
                           const std::string& config = kTwoTasks, std::int64_t rows = 1) {
        RunIdentity identity;
        identity.name = name;
        const RunDirectory run = RunDirectory::create(m_folder->path() / "runs", name, config, identity);
        {
            RunLogWriter log(run.eventsFile());
            log.write(StartEvent{1, 0, 10, 1, "here", "test"});
            log.write(EndEvent{"finished", ""});
            log.sync();
        }
        const RowId id = m_lab->writer().addRun(run, "test").get();
        m_lab->writer().ingest(id).get();
        const fs::path folder = m_folder->path() / (name + "-weights");
        fs::create_directories(folder);
        const std::int64_t columns = std::int64_t(values.size()) / rows;
        writeCheckpointWeights(folder,
                               {{"model.layers.0.w", Dtype::Float32, {rows, columns}, values.data(), false}});
        writeFileAtomically(folder / "config.json", R"({"model_type": "llama"})");
        return {{id, 10}, "", name + " @ 10", folder.string()};
    }
    ComparedCheckpoint first() { return add("left", {0, 0, 0, 0}); }
    ComparedCheckpoint second() { return add("right", {3, 0, 0, 0}); }
    ComparedCheckpoint third() { return add("third", {1, 0, 2, 0}); }

    void open(const std::vector<ComparedCheckpoint>& checkpoints, std::vector<std::string> evaluations = {}) {
        m_tab = std::make_unique<InterpolationTab>(*m_lab);
        m_tab->resize(1100, 620);
        m_tab->setOpener([this](const MergeBenchRequest& request, std::stop_token) {
            ++m_log.opened;
            const std::scoped_lock lock(m_log.mutex);
            m_log.request = request;
            return std::make_unique<FakeBench>(m_log, request);
        });
        m_tab->setCheckpoints(checkpoints, 0, 1, std::move(evaluations));
        m_tab->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_tab.get()));
        settle();
    }
    void settle() { QTRY_COMPARE(m_lab->pendingReads(), 0); }
    void press() { QTest::mouseClick(m_tab->button(), Qt::LeftButton); }
    void finish() {
        QTRY_VERIFY(!m_tab->isMeasuring());
        settle();
    }
    void choosePlane() {
        m_tab->mode()->setCurrentIndex(1);
        m_tab->planeDetail()->setCurrentIndex(0);
        settle();
    }
    static double exact(const TablePanel* table, int row, int column) {
        return table->model()->index(row, column).data(ValueTableModel::ExactRole).toDouble();
    }
    static bool near(double a, double b) { return std::abs(a - b) < 1e-9; }

  private Q_SLOTS:
    void initTestCase() {
        QStandardPaths::setTestModeEnabled(true);
        initTheme();
    }
    void init() {
        m_folder = std::make_unique<StoreFolder>();
        m_lab = std::make_unique<Lab>(m_folder->file());
        m_log.opened = m_log.coarse = m_log.refined = m_log.delayMs = 0;
        m_log.fails = false;
        m_log.weights.clear();
    }
    void cleanup() {
        m_tab.reset();
        m_lab.reset();
        m_folder.reset();
    }

    void theCurveAndItsBarriers() {
        open({first(), second()});
        QVERIFY2(m_tab->obstacle().isEmpty(), qPrintable(m_tab->obstacle()));
        const CurvePanel* curve = m_tab->curve();
        QAbstractItemModelTester barriers(curve->barriers()->model(),
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
        QAbstractItemModelTester points(curve->table()->model(),
                                        QAbstractItemModelTester::FailureReportingMode::QtTest);
        QVERIFY(curve->isVisible() && !m_tab->plane()->isVisible());
        press();
        QVERIFY(m_tab->isMeasuring() && m_tab->progress()->isVisible());
        QVERIFY(!m_tab->checkpoint(0)->isEnabled());
        finish();
        QVERIFY(!m_tab->progress()->isVisible() && m_tab->checkpoint(0)->isEnabled());
        QCOMPARE(m_log.refined.load(), 11);
        QCOMPARE(m_log.opened.load(), 1);
        QTRY_COMPARE(m_log.open.load(), 0);  // the models are not kept in memory when it is done
        // Coarse first: the ends, the middle.
        QCOMPARE(m_log.weights[0], (std::vector<double>{1, 0}));
        QCOMPARE(m_log.weights[1], (std::vector<double>{0, 1}));
        QCOMPARE(m_log.weights[2], (std::vector<double>{0.5, 0.5}));
        // Accuracy was not asked for: as little as possible is generated, and none of it shown.
        QCOMPARE(m_log.request.numProblems, 1);
        QCOMPARE(m_log.request.maxCompletionLength, 1);
        QVERIFY(!curve->table()->text(true).contains(QStringLiteral("ccuracy")));
        // Mean: half of 2·t·(1 − t) less half of t·(1 − t).
        QCOMPARE(curve->barriers()->model()->rowCount(), 3);
        QVERIFY(near(exact(curve->barriers(), 0, 1), 0.125) && near(exact(curve->barriers(), 0, 2), 0.5));
        QVERIFY(near(exact(curve->barriers(), 1, 1), 0.5) && near(exact(curve->barriers(), 1, 2), 0.5));
        QVERIFY(near(exact(curve->barriers(), 2, 1), 0));
        QVERIFY(near(exact(curve->barriers(), 2, 5), 0.2) && near(exact(curve->barriers(), 2, 6), 0.3));
        QVERIFY(curve->summary()->text().contains(QStringLiteral("0.125")));
        QVERIFY(curve->summary()->text().contains(QStringLiteral("left @ 10")));
        QCOMPARE(curve->table()->model()->rowCount(), 11);
        QVERIFY(curve->table()->json().contains(QStringLiteral("\"Above the line\"")));
    }

    void finerGoesOnFromCoarse() {
        open({first(), second()});
        press();
        finish();
        QVERIFY(!m_tab->button()->isEnabled());  // all of it is there
        m_tab->curveDetail()->setCurrentIndex(1);
        QVERIFY(m_tab->button()->isEnabled());
        QTest::keyClick(m_tab->button(), Qt::Key_Space);
        finish();
        QCOMPARE(m_log.refined.load(), 21);
        QCOMPARE(m_tab->curve()->table()->model()->rowCount(), 21);
        // Another effort is another measurement; the first one is still there.
        m_tab->effort()->setCurrentIndex(int(InterpolationEffort::Quick));
        QCOMPARE(m_tab->curve()->table()->model()->rowCount(), 0);
        press();
        finish();
        QCOMPARE(m_log.coarse.load(), 21);
        m_tab->effort()->setCurrentIndex(int(InterpolationEffort::Loss));
        QCOMPARE(m_tab->curve()->table()->model()->rowCount(), 21);
        QCOMPARE(m_log.refined.load(), 21);
    }

    void accuracyOnDemand() {
        open({first(), second(), third()});
        m_tab->effort()->setCurrentIndex(int(InterpolationEffort::Accuracy));
        QVERIFY(m_tab->status()->text().contains(QStringLiteral("50")));  // as the run was evaluated
        press();
        finish();
        QCOMPARE(m_log.request.numProblems, 50);
        QCOMPARE(m_log.request.maxCompletionLength, 40);
        m_tab->tasks()->problemsBox()->setValue(7);
        m_tab->mode()->setCurrentIndex(1);  // other checkpoints are looked at: the user's number stays
        m_tab->mode()->setCurrentIndex(0);
        settle();
        QCOMPARE(m_tab->tasks()->problems(), 7);
        QCOMPARE(m_tab->curve()->table()->model()->rowCount(), 0);
        m_tab->tasks()->problemsBox()->setValue(50);
        const TablePanel* table = m_tab->curve()->table();
        QVERIFY(table->text(true).contains(QStringLiteral("Mean accuracy")));
        // The error rises evenly: no barrier of it.
        QVERIFY(near(exact(m_tab->curve()->barriers(), 0, 7), 0));
        m_tab->curve()->measure()->setCurrentIndex(1);
        QCOMPARE(m_tab->curve()->plot()->series().front().points.back(), QPointF(1, 0.5));
        QVERIFY(m_tab->curve()->plot()->series().front().spans.empty());
    }

    void answersLostWithoutALoss() {
        m_log.dip = 0.8;
        open({first(), second()});
        m_tab->effort()->setCurrentIndex(int(InterpolationEffort::Accuracy));
        press();
        finish();
        QVERIFY(near(exact(m_tab->curve()->barriers(), 0, 7), 0.2));
        const QString summary = m_tab->curve()->summary()->text();
        QVERIFY2(summary.contains(QStringLiteral("wrong answers rises 0.2000")), qPrintable(summary));
        m_log.dip = 0;
    }

    void theChart() {
        open({first(), second()});
        press();
        finish();
        PlotView* plot = m_tab->curve()->plot();
        QCOMPARE(plot->series().size(), 3u);
        QCOMPARE(plot->series()[0].points.size(), 11u);
        // The line between the ends stands behind, and the mean's barrier is pointed out.
        QVERIFY(near(plot->series()[1].raw[5].y(), 1.5));
        QCOMPARE(plot->series()[0].spans.size(), 1u);
        QVERIFY(near(plot->series()[0].spans[0].high - plot->series()[0].spans[0].low, 0.125));
        QVERIFY(plot->series()[1].spans.empty());
        QVERIFY(plot->accessibleDescription().contains(QStringLiteral("barrier 0.125")));
        const auto actions = m_tab->curve()->lines()->actions();
        QCOMPARE(actions.size(), 3);
        const QImage with = drawPicture(plot->picture());
        actions[0]->trigger();  // the mean
        QCOMPARE(plot->series().size(), 2u);
        QVERIFY(near(plot->series()[0].spans.at(0).high, 2));
        QVERIFY(plot->series()[1].spans.empty());  // no barrier, nothing to point out
        QVERIFY(drawPicture(plot->picture()) != with);
        actions[1]->trigger();
        actions[2]->trigger();
        QVERIFY(plot->series().empty());
    }

    void cancelledAndContinued() {
        m_log.delayMs = 30;
        open({first(), second()});
        press();
        QTRY_VERIFY(m_log.refined >= 3);
        press();
        QVERIFY(!m_tab->isMeasuring());
        QVERIFY(m_tab->status()->text().contains(QStringLiteral("Cancelled")));
        const int kept = m_tab->curve()->table()->model()->rowCount();
        QVERIFY(kept >= 2 && kept < 11);
        m_log.delayMs = 0;
        press();
        finish();
        QCOMPARE(m_tab->curve()->table()->model()->rowCount(), 11);
        QVERIFY(m_log.refined <= 12);  // the one that was stopped, at most, twice
    }

    // What goes wrong is told, what was there stays, and it can be tried again.
    void aBenchThatFails() {
        m_log.fails = true;
        open({first(), second()});
        press();
        finish();
        QVERIFY(m_tab->status()->text().contains(QStringLiteral("✗")));
        QVERIFY(m_tab->status()->text().contains(QStringLiteral("another shape")));
        m_log.fails = false;
        QVERIFY(m_tab->button()->isEnabled());
        press();
        finish();
        QVERIFY(!m_tab->status()->text().contains(QStringLiteral("✗")));
        QCOMPARE(m_tab->curve()->table()->model()->rowCount(), 11);
    }

    void obstacles() {
        const ComparedCheckpoint left = first();
        open({left});
        QVERIFY(m_tab->obstacle().contains(QStringLiteral("Add another one")));
        QVERIFY(m_tab->message()->isVisible() && !m_tab->button()->isEnabled());
        ComparedCheckpoint gone = second();
        gone.folder.clear();  // not on the disk any more
        m_tab->setCheckpoints({left, gone}, 0, 1, {});
        QVERIFY(m_tab->obstacle().contains(QStringLiteral("Add another one")));
        const ComparedCheckpoint other = add("other", {1, 2, 3, 4}, kTwoTasks, 2);
        m_tab->setCheckpoints({left, other}, 0, 1, {});
        settle();
        QVERIFY2(m_tab->obstacle().contains(QStringLiteral("shape")), qPrintable(m_tab->obstacle()));
        QVERIFY(!m_tab->button()->isEnabled());
        m_tab->checkpoint(1)->setCurrentIndex(0);
        QVERIFY(m_tab->obstacle().contains(QStringLiteral("different checkpoints")));
        ComparedCheckpoint empty = add("empty", {1, 2, 3, 4});
        fs::remove_all(empty.folder);
        m_tab->setCheckpoints({left, empty}, 0, 1, {});
        settle();
        QVERIFY(m_tab->obstacle().contains(QStringLiteral("cannot be read")));
        m_tab->setOpener({});
        QVERIFY(m_tab->obstacle().contains(QStringLiteral("without training")));
        m_tab->measure();
        QVERIFY(!m_tab->isMeasuring());
        QCOMPARE(m_log.opened.load(), 0);
    }

    // Runs that mean two things by one name: both are measured, and the names say which is which.
    void tasksOfTheRuns() {
        const std::string bare =
            "recipe: sft\ndata:\n  tasks:\n    - task: addition\n      worked_share: 0\n    - task: "
            "sorting\n      "
            "weight: 3\n";
        open({first(), add("bare", {3, 0, 0, 0}, bare)}, {"addition"});
        const QListWidget* list = m_tab->tasks()->list();
        QStringList names, ticked;
        for (int i = 0; i < list->count(); ++i) {
            names << list->item(i)->text();
            if (list->item(i)->checkState() == Qt::Checked) ticked << list->item(i)->text();
        }
        QCOMPARE(names, (QStringList{QStringLiteral("addition (left)"), QStringLiteral("sorting"),
                                     QStringLiteral("addition (bare)")}));
        // They are compared on addition, so that is what is measured at first.
        QCOMPARE(ticked, (QStringList{names[0], names[2]}));
        QVERIFY(m_tab->status()->text().contains(QStringLiteral("256")));  // 512 examples, two tasks
        press();
        finish();
        QCOMPARE(m_log.request.tasks.size(), 2u);
        QCOMPARE(m_log.request.tasks[1].worked_share, 0.0);
        QVERIFY(m_log.request.tasks[0].name != m_log.request.tasks[1].name);
        for (int i = 0; i < list->count(); ++i) list->item(i)->setCheckState(Qt::Unchecked);
        QVERIFY(m_tab->obstacle().contains(QStringLiteral("Tick a task")));
    }

    void recipesOfPoints() {
        open({first(), second()});
        press();
        finish();
        QTableView* view = m_tab->curve()->table()->view();
        view->setFocus();
        view->setCurrentIndex(view->model()->index(3, 0));
        QTest::keyClick(view, Qt::Key_Return);
        const RecipeView recipe = readRecipe(QGuiApplication::clipboard()->text().toStdString());
        QCOMPARE(recipe.method, std::string("linear"));
        QCOMPARE(recipe.models.size(), 2u);
        QVERIFY(near(recipe.models[1].values.numbers.at("weight"), 0.3));
        QVERIFY(recipe.models[0].name.ends_with("left-weights"));
        QVERIFY(m_tab->status()->text().contains(QStringLiteral("Copied")));
        // Names are data: what YAML could stumble over is quoted.
        const RecipeView odd = readRecipe(linearRecipe({"/a: b # \"c\"", "/d\\e"}, {-0.25, 1.25}));
        QCOMPARE(odd.models.at(0).name, std::string("/a: b # \"c\""));
        QCOMPARE(odd.models.at(1).name, std::string("/d\\e"));
        QCOMPARE(odd.models.at(0).values.numbers.at("weight"), -0.25);
    }

    void thePlane() {
        open({first(), second(), third()});
        choosePlane();
        QVERIFY2(m_tab->obstacle().isEmpty(), qPrintable(m_tab->obstacle()));
        const PlanePanel* plane = m_tab->plane();
        QAbstractItemModelTester points(plane->table()->model(),
                                        QAbstractItemModelTester::FailureReportingMode::QtTest);
        QVERIFY(plane->isVisible());
        press();
        finish();
        QCOMPARE(m_log.refined.load(), 3 + 25);
        QCOMPARE(plane->table()->model()->rowCount(), 3 + 25);
        // The checkpoints themselves come first, exactly.
        QCOMPARE(m_log.weights[2], (std::vector<double>{0, 0, 1}));
        QCOMPARE(plane->table()->model()->index(1, 0).data().toString(), QStringLiteral("B"));
        QVERIFY(near(exact(plane->table(), 1, 5), 0.1 + 4 + 1));
        // Their true geometry: (0, 0), (3, 0), (1, 2), with 0.3 of the extent around.
        const PlaneMapContent& content = plane->map()->content();
        QVERIFY(near(content.plane.corners()[2].x, 1) && near(content.plane.corners()[2].y, 2));
        QVERIFY(near(content.grid.left, -0.9) && near(content.grid.top, 2.6));
        QVERIFY2(plane->summary()->text().contains(QStringLiteral("63.4")),
                 qPrintable(plane->summary()->text()));
        // Every point has the loss of its place.
        plane->task()->setCurrentIndex(1);
        for (std::size_t i = 0; i < 25; ++i) {
            const auto place = content.grid.place(i % 5, i / 5);
            QVERIFY(std::abs(plane->map()->content().values[i] -
                             (0.1 + std::pow(place.x - 1, 2) + std::pow(place.y - 1, 2))) < 1e-6);
        }
        for (const auto& weights : m_log.weights) QVERIFY(near(weights[0] + weights[1] + weights[2], 1));
        // (1.5, 1) is the middle of the grid, and the lowest of its points.
        QVERIFY(std::abs(exact(plane->table(), 3 + 12, 5) - (0.1 + 0.25)) < 1e-6);
        QVERIFY(plane->summary()->text().contains(QStringLiteral("lowest")));
        // Finer: only what lies between is measured.
        m_tab->planeDetail()->setCurrentIndex(1);
        QCOMPARE(plane->map()->content().values.size(), 81u);
        QVERIFY(!plane->map()->content().measured[1] && std::isfinite(plane->map()->content().values[1]));
        press();
        finish();
        QCOMPARE(m_log.refined.load(), 3 + 81);
        QVERIFY(plane->map()->content().measured[1]);
    }

    void mapByKeyboardAndPointer() {
        open({first(), second(), third()});
        choosePlane();
        press();
        finish();
        PlaneMap* map = m_tab->plane()->map();
        map->setFocus();
        QSignalSpy moved(map, &PlaneMap::currentChanged);
        QTest::keyClick(map, Qt::Key_Home);
        QTest::keyClick(map, Qt::Key_PageDown);
        QCOMPARE(*map->current(), std::size_t(0));
        QTest::keyClick(map, Qt::Key_Left);  // stays within
        QCOMPARE(*map->current(), std::size_t(0));
        QTest::keyClick(map, Qt::Key_Up);
        QTest::keyClick(map, Qt::Key_Right);
        QCOMPARE(*map->current(), std::size_t(6));
        QVERIFY(moved.count() >= 3);
        // The table goes along, and back.
        TablePanel* table = m_tab->plane()->table();
        QCOMPARE(table->currentRow(), 3 + 6);
        table->setCurrentRow(3 + 20);
        QCOMPARE(*map->current(), std::size_t(20));
        table->setCurrentRow(1);  // B itself
        QCOMPARE(*map->current(), map->content().grid.nearest({3, 0}));
        QCOMPARE(table->currentRow(), 1);
        QTest::keyClick(map, Qt::Key_3);
        QCOMPARE(*map->current(), map->content().grid.nearest({1, 2}));
        QVERIFY(map->accessibleDescription().contains(QStringLiteral("·C")));
        QTest::mouseClick(map, Qt::LeftButton, {}, map->cellRect(7).center().toPoint());
        QCOMPARE(*map->current(), std::size_t(7));
        QTest::keyClick(map, Qt::Key_Return);
        QCOMPARE(readRecipe(QGuiApplication::clipboard()->text().toStdString()).models.size(), 3u);
        QTest::keyClick(map, Qt::Key_C, Qt::ControlModifier);
        QVERIFY(!QGuiApplication::clipboard()->image().isNull());
        // Low and high are drawn in the ends of the scale; files are written.
        const QImage image = map->image(1);
        const auto colourAt = [&](std::size_t cell) {
            const QRectF at = map->cellRect(cell);
            return image.pixelColor(int(at.left()) + 3, int(at.top()) + 3);
        };
        QVERIFY(colourAt(12).lightness() < colourAt(24).lightness());
        const QString file = QString::fromStdString((m_folder->path() / "plane").string());
        map->write(file + QStringLiteral(".png"));
        map->write(file + QStringLiteral(".svg"));
        QVERIFY(!QImage(file + QStringLiteral(".png")).isNull());
        QVERIFY(fs::file_size((file + QStringLiteral(".svg")).toStdString()) > 1000);
        QVERIFY_EXCEPTION_THROWN(map->write(file + QStringLiteral("/no/such/folder.png")), Error);
    }

    void noPlaneThroughOneLine() {
        open({first(), second(), add("between", {1.5, 0, 0, 0})});
        choosePlane();
        press();
        finish();
        QVERIFY2(m_tab->status()->text().contains(QStringLiteral("one line")),
                 qPrintable(m_tab->status()->text()));
        QCOMPARE(m_log.opened.load(), 0);
        m_tab->setCheckpoints({}, 0, 0, {});
        QVERIFY(!m_tab->obstacle().isEmpty());
    }

    void theChoiceIsKeptWhileItIsMeasured() {
        const auto left = first(), right = second(), other = third();
        m_log.delayMs = 20;
        open({left, right, other});
        press();
        QTRY_VERIFY(m_log.refined >= 1);
        m_tab->setCheckpoints({left, right, other}, 0, 2, {});  // another row was chosen above
        QVERIFY(m_tab->isMeasuring());
        QCOMPARE(m_tab->checkpoint(1)->currentText(), QStringLiteral("right @ 10"));
        m_log.delayMs = 0;
        finish();
        m_tab->setCheckpoints({left, right, other}, 0, 2, {});
        settle();
        QCOMPARE(m_tab->checkpoint(1)->currentText(), QStringLiteral("third @ 10"));
        QCOMPARE(m_tab->curve()->table()->model()->rowCount(), 0);
        m_tab->checkpoint(1)->setCurrentIndex(1);
        settle();
        QCOMPARE(m_tab->curve()->table()->model()->rowCount(), 11);
        // Gone in the middle of it: nothing hangs, nothing is told to the dead.
        m_log.delayMs = 50;
        m_tab->curveDetail()->setCurrentIndex(2);
        press();
        QTest::qWait(20);
        m_tab.reset();
    }

    void everythingHasAName() {
        open({first(), second(), third()});
        for (int mode = 0; mode < 2; ++mode) {
            m_tab->mode()->setCurrentIndex(mode);
            settle();
            for (const QWidget* each : m_tab->findChildren<QWidget*>())
                if (each->isVisible() && (each->focusPolicy() & Qt::TabFocus) && !each->focusProxy() &&
                    !each->objectName().startsWith(QStringLiteral("qt_"))) {
                    QAccessibleInterface* interface =
                        QAccessible::queryAccessibleInterface(const_cast<QWidget*>(each));
                    QVERIFY2(interface && !interface->text(QAccessible::Name).isEmpty(),
                             each->metaObject()->className());
                }
        }
    }
};

QTEST_MAIN(TestInterpolationTab)
#include "tst_interpolation_tab.moc"
