// What the tests of the merge bench share: a lab with runs, a page with a fake bench of known optimum, and
// recipes.
#pragma once

#include <QDropEvent>
#include <QFile>
#include <QMimeData>
#include <QTemporaryDir>
#include <QTest>
#include <atomic>

#include "core/runlog/run_directory.h"
#include "core/runlog/writer.h"
#include "tests/views/support/fake_merge_bench.h"
#include "views/lab.h"
#include "views/merge/bench_measuring.h"
#include "views/merge/measure_session.h"
#include "views/merge/merge_page.h"
#include "views/merge/point_model.h"
#include "views/merge/recipe_edit.h"
#include "views/merge/results_panel.h"
#include "views/models/format.h"
#include "views/widgets/theme.h"

namespace retort::test {

namespace fs = std::filesystem;

class MergePageFixture : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase() {
        initTheme();
        applyTheme(Theme::Light);
    }
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        const QString trainer = m_folder->filePath(QStringLiteral("trainer"));
        write(trainer, "#!/bin/sh\nexit 0\n");
        QFile::setPermissions(trainer, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        qputenv("RETORT_CLI", trainer.toUtf8());
        m_lab = std::make_unique<Lab>(m_folder->filePath(QStringLiteral("lab.db")).toStdString());
        for (auto* each : {&m_log.opened, &m_log.coarse, &m_log.refined, &m_log.stopped, &m_log.coarseMs,
                           &m_log.refinedMs, &m_log.openMs})
            each->store(0);
        m_conflictMs = 0;
        m_page = std::make_unique<MergePage>(*m_lab);
        m_page->setServices(services());
        m_page->resize(1200, 740);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
        QTRY_COMPARE(m_lab->pendingReads(), 0);
    }
    void cleanup() {
        m_page.reset();
        m_lab.reset();
    }

  protected:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Lab> m_lab;
    std::unique_ptr<MergePage> m_page;
    Log m_log;
    std::atomic<int> m_conflictMs{0};

    static void write(const QString& file, const QByteArray& text) {
        QFile out(file);
        QVERIFY(out.open(QIODevice::WriteOnly));
        out.write(text);
    }
    /// A folder that looks like a checkpoint.
    QString folder(const char* name) {
        const QString path = m_folder->filePath(QLatin1String(name));
        if (QDir().mkpath(path)) {
            write(path + QStringLiteral("/config.json"), "{}");
            write(path + QStringLiteral("/model.safetensors"), "");
        }
        return path;
    }
    static QByteArray twoTasks() {
        return "recipe: sft\nname: mixed\ndata:\n  tasks:\n    - task: addition\n  "
               "    name: add\n      max_digits: 2\n"
               "    - task: modular_chain\n      name: mod\nevaluation:\n  "
               "max_completion_length: 48\n";
    }
    void addRun(const char* name, const QByteArray& config, const std::vector<int>& steps) {
        static int number = 0;
        RunIdentity identity;
        identity.id = QStringLiteral("11111111-2222-3333-4444-%1")
                          .arg(++number, 12, 10, QLatin1Char('0'))
                          .toStdString();
        identity.name = name;
        identity.recipe = "sft";
        identity.created = 1000.0 + number;
        const RunDirectory directory = RunDirectory::create(m_folder->path().toStdString() + "/runs", name,
                                                            config.toStdString(), identity);
        RunLogWriter log(directory.eventsFile());
        log.write(StartEvent{1, 0, 300, 1, "here", "test"});
        for (const int step : steps) {
            const fs::path checkpoint = directory.checkpointFolder(step);
            fs::create_directories(checkpoint);
            for (const char* file : {"config.json", "model.safetensors", "tokenizer.json", "trainer.json"})
                write(toQString((checkpoint / file).string()), "{}");
            log.write(CheckpointEvent{step, "checkpoints/" + checkpoint.filename().string()});
        }
        log.sync();
        const RowId run = m_lab->writer().addRun(directory, "test").get();
        m_lab->writer().ingest(run).get();
    }
    /// Two checkpoints of a run with two tasks, merged by "linear", looked at and
    /// measured once.
    void twoParents() {
        addRun("mixed", twoTasks(), {100, 200});
        const fs::path runs = m_folder->path().toStdString() + "/runs";
        QStringList folders;
        for (const auto& run : fs::directory_iterator(runs))
            for (const auto& checkpoint : fs::directory_iterator(run.path() / "checkpoints"))
                folders << toQString(checkpoint.path().string());
        folders.sort();
        m_page->addParents(folders);
        QTRY_VERIFY(m_page->obstacle().isEmpty());
        QTRY_COMPARE(m_page->results()->model()->rowCount(), 1);
    }
    double weightInText(std::size_t model) const {
        const RecipeView view = readRecipe(m_page->recipe().toStdString());
        return view.models.at(model).values.numbers.at("weight");
    }
    void drop(const QStringList& paths) {
        QMimeData mime;
        QList<QUrl> urls;
        for (const QString& path : paths) urls << QUrl::fromLocalFile(path);
        mime.setUrls(urls);
        QDragEnterEvent enter(QPoint(100, 100), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(m_page.get(), &enter);
        QDropEvent event(QPointF(100, 100), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(m_page.get(), &event);
    }
    static MergeBenchRequest request(const char* weight) {
        MergeBenchRequest request;
        request.recipe = std::string(
                             "merge_method: linear\nmodels:\n  - model: "
                             "/x\n    parameters: {weight: ") +
                         weight + "}\n";
        request.tasks.emplace_back();
        request.tasks.back().task = "addition";
        return request;
    }
    MeasureSession::Opener opener() {
        return [this](const MergeBenchRequest& request, std::stop_token stop) -> std::unique_ptr<MergeBench> {
            ++m_log.opened;
            for (int ms = m_log.openMs; ms > 0 && !stop.stop_requested(); --ms) QThread::msleep(1);
            return std::make_unique<FakeBench>(m_log, request);
        };
    }
    BenchServices services() {
        BenchServices services;
        services.methods = someMethods();
        services.open = opener();
        services.warnings = [](const std::string&, const std::vector<std::string>& models) {
            std::vector<std::string> all;
            for (const std::string& model : models)
                if (model.find("strange") != std::string::npos)
                    all.push_back("strange and the others have no common ancestor.");
            return all;
        };
        services.conflicts = [this](const ConflictRequest& request,
                                    const std::function<void(double)>& progress, std::stop_token stop) {
            for (int ms = 0; ms < m_conflictMs; ++ms) {
                if (stop.stop_requested()) return std::vector<PairConflicts>();
                progress(double(ms) / m_conflictMs);
                QThread::msleep(1);
            }
            std::vector<PairConflicts> pairs;
            for (std::size_t a = 0; a < request.models.size(); ++a)
                for (std::size_t b = a + 1; b < request.models.size(); ++b)
                    pairs.push_back({a, b, someTensors()});
            return pairs;
        };
        services.coefficients = [](const std::string& recipe) {
            std::vector<TensorCoefficient> all;
            const RecipeView view = readRecipe(recipe);
            for (int layer = 0; layer < 3; ++layer)
                all.push_back({"t", layer, "mlp", view.models.at(0).name, "weight", 0.5 * layer});
            return all;
        };
        return services;
    }
};

}  // namespace retort::test
