// The run table: changes by difference, search, order, text export, remembered columns, differences of
// configurations.
#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QStandardItemModel>
#include <QTableView>
#include <QTest>
#include <cmath>
#include <limits>

#include "core/config/config_diff.h"
#include "views/models/format.h"
#include "views/models/run_filter_model.h"
#include "views/models/run_table_model.h"
#include "views/runs/column_state.h"
#include "views/runs/table_text.h"

using namespace retort;

namespace {

RunRow makeRun(RowId id, const std::string& name, const std::string& state = "finished") {
    RunRow run;
    run.id = id;
    run.uuid = "0000000" + std::to_string(id) + "-uuid";
    run.name = name;
    run.recipe = "sft";
    run.state = state;
    run.created = 1000.0 + static_cast<double>(id);
    return run;
}

QStringList shownNames(const QAbstractItemModel& model) {
    QStringList names;
    for (int row = 0; row < model.rowCount(); ++row)
        names << model.index(row, RunTableModel::Name).data().toString();
    return names;
}

}  // namespace

class TestRunModels : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void numbers_data() {
        QTest::addColumn<double>("value");
        QTest::addColumn<QString>("text");
        QTest::newRow("zero") << 0.0 << "0";
        QTest::newRow("whole") << 128.0 << "128";
        QTest::newRow("share") << 0.8125 << "0.8125";
        QTest::newRow("rounded") << 0.123456 << "0.1235";
        QTest::newRow("above one") << 12.3456 << "12.35";
        QTest::newRow("tiny") << 0.00002 << "2.00e-05";
        QTest::newRow("nan") << std::numeric_limits<double>::quiet_NaN() << "NaN";
        QTest::newRow("infinite") << -std::numeric_limits<double>::infinity() << "−∞";
    }
    void numbers() {
        QFETCH(double, value);
        QFETCH(QString, text);
        QCOMPARE(formatNumber(value), text);
    }

    void changesByDifference() {
        RunTableModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setRuns({makeRun(1, "a"), makeRun(2, "b"), makeRun(3, "c"), makeRun(4, "d")});
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
        QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        const QPersistentModelIndex keeps = model.index(3, RunTableModel::Name);

        RunRow renamed = makeRun(4, "d");
        renamed.name = "delta";
        model.setRuns({makeRun(1, "a"), renamed, makeRun(5, "e")});

        QCOMPARE(shownNames(model), QStringList({"a", "delta", "e"}));
        QVERIFY(keeps.isValid());
        QCOMPARE(keeps.data().toString(), QStringLiteral("delta"));
        QCOMPARE(resets.count(), 0);
        QCOMPARE(removed.count(), 1);  // 2 and 3 lie side by side: one block
        QCOMPARE(inserted.count(), 1);
        QCOMPARE(changed.count(), 1);
        QCOMPARE(changed[0][0].toModelIndex().row(), 1);
        QCOMPARE(changed[0][0].toModelIndex().column(), int(RunTableModel::Name));
        QCOMPARE(changed[0][1].toModelIndex().column(), int(RunTableModel::Name));
    }

    void sameContentSaysNothing() {
        RunTableModel model;
        model.setRuns({makeRun(1, "a")});
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        model.setRuns({makeRun(1, "a")});
        model.updateRun(makeRun(1, "a"));
        QCOMPARE(changed.count(), 0);
    }

    void metricColumnsComeAndGo() {
        RunTableModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        RunRow run = makeRun(1, "a");
        run.latest = {{"loss", 0.5},
                      {"reward", 1},
                      {"eval/addition/accuracy", 0.75},
                      {"grad_norm", 2},
                      {"completions/mean_length", 14}};
        model.setRuns({run});
        QCOMPARE(model.defaultMetrics(),
                 QStringList({"loss", "reward", "eval/addition/accuracy", "completions/mean_length"}));
        RunRow adopted = makeRun(2, "b");
        adopted.latest = {{"train/loss", 0.25}, {"train/reward", 1}, {"train/epoch", 1}};
        RunTableModel tracked;
        tracked.setRuns({adopted});
        QCOMPARE(tracked.defaultMetrics(), QStringList({"train/loss", "train/reward"}));
        model.setMetrics({"loss", "grad_norm"});
        QCOMPARE(model.columnCount(), RunTableModel::FixedColumns + 2);
        QCOMPARE(model.index(0, RunTableModel::FixedColumns).data().toString(), QStringLiteral("0.5000"));
        model.setMetrics({"grad_norm", "reward"});
        QCOMPARE(model.metrics(), QStringList({"grad_norm", "reward"}));
        QCOMPARE(model.columnKey(RunTableModel::FixedColumns), QStringLiteral("metric:grad_norm"));
    }

    void search_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QStringList>("names");
        QTest::newRow("nothing") << "" << QStringList{"alpha", "beta", "gamma"};
        QTest::newRow("part of a name") << "LPH" << QStringList{"alpha"};
        QTest::newRow("notes") << "carries" << QStringList{"beta"};
        QTest::newRow("tag") << "tag:paper" << QStringList{"gamma"};
        QTest::newRow("state") << "state:failed" << QStringList{"beta"};
        QTest::newRow("two words, both") << "sft paper" << QStringList{"gamma"};
        QTest::newRow("without") << "-paper" << QStringList{"alpha", "beta"};
        QTest::newRow("none") << "nosuch" << QStringList{};
    }
    void search() {
        QFETCH(QString, text);
        QFETCH(QStringList, names);
        RunTableModel model;
        RunFilterModel filter;
        QAbstractItemModelTester tester(&filter, QAbstractItemModelTester::FailureReportingMode::QtTest);
        filter.setSourceModel(&model);
        RunRow beta = makeRun(2, "beta", "failed"), gamma = makeRun(3, "gamma"), hidden = makeRun(4, "old");
        beta.notes = "does it learn carries?";
        gamma.tags = {"paper"};
        hidden.archived = true;
        model.setRuns({makeRun(1, "alpha"), beta, gamma, hidden});
        filter.setSearch(text);
        QCOMPARE(shownNames(filter), names);
    }

    void archivedShowOnRequest() {
        RunTableModel model;
        RunFilterModel filter;
        filter.setSourceModel(&model);
        model.setRuns({makeRun(1, "a")});
        RunRow archived = makeRun(1, "a");
        archived.archived = true;
        model.updateRun(archived);
        QCOMPARE(filter.rowCount(), 0);  // hidden at once, by the live change
        filter.setShowArchived(true);
        QCOMPARE(filter.rowCount(), 1);
    }

    void rowsWithoutValueStayLast() {
        RunTableModel model;
        RunFilterModel filter;
        filter.setSourceModel(&model);
        RunRow a = makeRun(1, "a"), b = makeRun(2, "b"), c = makeRun(3, "c"), d = makeRun(4, "d");
        a.latest["loss"] = 2;
        c.latest["loss"] = 1;
        d.latest["loss"] = std::numeric_limits<double>::quiet_NaN();
        model.setRuns({a, b, c, d});
        model.setMetrics({"loss"});
        filter.sort(RunTableModel::FixedColumns, Qt::AscendingOrder);
        QCOMPARE(shownNames(filter).mid(0, 2), QStringList({"c", "a"}));
        filter.sort(RunTableModel::FixedColumns, Qt::DescendingOrder);
        QCOMPARE(shownNames(filter).mid(0, 2), QStringList({"a", "c"}));
    }

    void editsAreAskedFor() {
        RunTableModel model;
        model.setRuns({makeRun(7, "a")});
        QSignalSpy edited(&model, &RunTableModel::edited);
        QVERIFY(model.setData(model.index(0, RunTableModel::Name), "b", Qt::EditRole));
        QVERIFY(!model.setData(model.index(0, RunTableModel::Step), "b", Qt::EditRole));
        QCOMPARE(edited.count(), 1);
        QCOMPARE(edited[0][2].toString(), QStringLiteral("b"));
        QCOMPARE(model.index(0, RunTableModel::Name).data().toString(),
                 QStringLiteral("a"));  // until the store has it
    }

    void tableAsText() {
        QStandardItemModel model(2, 2);
        model.setHorizontalHeaderLabels({"name", "loss"});
        model.setData(model.index(0, 0), "a, \"quoted\"\nline");
        model.setData(model.index(0, 1), "0.33");
        model.setData(model.index(0, 1), 1.0 / 3.0, Qt::UserRole);
        model.setData(model.index(1, 0), "b\tc");
        QCOMPARE(tableText(model, {0, 1}, {0, 1}, TableFormat::Csv, Qt::UserRole),
                 QStringLiteral("name,loss\n\"a, \"\"quoted\"\"\nline\",0.3333333333333333\nb\tc,\n"));
        QCOMPARE(tableText(model, {1}, {1, 0}, TableFormat::Tsv), QStringLiteral("loss\tname\n\tb c\n"));
    }

    void columnsAreRememberedByName() {
        RunTableModel model;
        model.setRuns({makeRun(1, "a")});
        model.setMetrics({"loss", "reward"});
        QTableView table;
        table.setModel(&model);
        const auto key = [&model](int column) { return model.columnKey(column); };
        QHeaderView& header = *table.horizontalHeader();
        header.moveSection(header.visualIndex(RunTableModel::FixedColumns + 1), 1);  // reward second
        header.setSectionHidden(RunTableModel::Recipe, true);
        header.resizeSection(RunTableModel::Name, 321);
        const Json saved = columnsToJson(header, key);

        RunTableModel other;
        other.setRuns({makeRun(1, "a")});
        other.setMetrics({"reward"});  // loss is gone
        QTableView again;
        again.setModel(&other);
        applyColumns(saved, *again.horizontalHeader(),
                     [&other](int column) { return other.columnKey(column); });
        QCOMPARE(again.horizontalHeader()->logicalIndex(1), int(RunTableModel::FixedColumns));
        QVERIFY(again.isColumnHidden(RunTableModel::Recipe));
        QCOMPARE(again.columnWidth(RunTableModel::Name), 321);
        applyColumns(Json::parse(R"({"columns":[{"key":3},7,{"key":"name","width":"x"}],"sort":1})"),
                     *again.horizontalHeader(), [](int) { return QString(); });  // nonsense is ignored
    }

    void configsDifferOnlyWhereTheyDo() {
        const Json a = Json::parse(
            R"({"seed":1,"training":{"lr":0.1,"steps":5},"data":{"tasks":[{"task":"x"}]},"k":[1,2]})");
        const Json b =
            Json::parse(R"({"seed":1,"training":{"lr":0.2,"steps":5},"data":{"tasks":[]},"k":[1,2]})");
        const auto differences = diffConfigs({a, b});
        QStringList lines;
        for (const auto& d : differences) {
            lines << toQString(d.key) + "=" + toQString(d.values[0]) + "|" + toQString(d.values[1]);
        }
        QCOMPARE(lines, QStringList({"training.lr=0.1|0.2", "data.tasks.0.task=x|", "data.tasks=|[]"}));
        QVERIFY(diffConfigs({a, a}).empty());
        QVERIFY(diffConfigs({Json(), Json()}).empty());
    }

    void tenThousandRuns() {
        std::vector<RunRow> runs;
        for (int i = 1; i <= 10000; ++i) runs.push_back(makeRun(i, "run " + std::to_string(i)));
        RunTableModel model;
        RunFilterModel filter;
        filter.setSourceModel(&model);
        model.setRuns(runs);
        filter.sort(RunTableModel::Created, Qt::DescendingOrder);
        QCOMPARE(filter.rowCount(), 10000);
        filter.setSearch(QStringLiteral("9999"));
        QCOMPARE(filter.rowCount(), 1);
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        runs[5].step = 3;
        model.setRuns(runs);
        QCOMPARE(changed.count(), 1);  // one row of ten thousand
    }
};

QTEST_MAIN(TestRunModels)
#include "tst_run_models.moc"
