// What the tests of interpolations share: runs with checkpoints of four numbers, a bench whose losses are
// known, the tab.
#pragma once

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

namespace retort::test {

namespace fs = std::filesystem;

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

inline constexpr const char* kTwoTasks =
    "recipe: sft\ndata:\n  tasks:\n    - task: addition\n      worked_share: 1\n    - task: sorting\n"
    "evaluation:\n  num_problems: 50\n  max_completion_length: 40\n";

class InterpolationFixture : public QObject {
    Q_OBJECT

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

  protected:
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
};

}  // namespace retort::test
