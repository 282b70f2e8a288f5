// What the merge bench is made of below its page: the recipe's edits, the front, sweeps.
#include <QTest>
#include <cmath>
#include <limits>
#include <random>

#include "core/util/error.h"
#include "tests/views/support/fake_merge_bench.h"
#include "views/merge/bench_point.h"
#include "views/merge/recipe_edit.h"
#include "views/models/format.h"

using namespace retort;
using namespace retort::test;

class TestMergeParts : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void readsWhatSlidersCanShow() {
        const RecipeView view = readRecipe(kFlat.toStdString());
        QVERIFY(view.readable && view.isFlat);
        QCOMPARE(view.method, std::string("ties"));
        QCOMPARE(view.names(), (std::vector<std::string>{"/b", "/x", "/y"}));
        const BenchMethod ties = someMethods().back();
        QCOMPARE(view.valueOf(*ties.find("density", true), 0).value(),
                 1.0);  // the method's
        QCOMPARE(view.valueOf(*ties.find("density", true), 1).value(), 0.5);
        QCOMPARE(view.valueOf(*ties.find("lambda", false), 0).value(), 0.8);
        QCOMPARE(readRecipe(writeRecipe(view)).models, view.models);
    }

    void brokenTexts_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("readable");
        QTest::addColumn<bool>("flat");
        QTest::newRow("nothing") << "" << true << true;
        QTest::newRow("list") << "- a\n- b\n" << false << false;
        QTest::newRow("bad yaml") << "models: [\n" << false << false;
        QTest::newRow("alias bomb") << "a: &a [1]\nb: *a\n" << false << false;
        QTest::newRow("slices") << "slices:\n  - sources: []\n" << true << false;
        QTest::newRow("models is text") << "models: x\n" << true << true;
        QTest::newRow("models of texts") << "models: [a, {model: b}]\n" << true << true;
        QTest::newRow("nan") << "parameters: {lambda: .nan, t: 1e999}\n" << true << true;
        QTest::newRow("deep") << QString(200, QLatin1Char('[')) << false << false;
    }
    void brokenTexts() {
        QFETCH(QString, text);
        const RecipeView view = readRecipe(text.toStdString());
        QTEST(view.readable, "readable");
        QTEST(view.isFlat, "flat");
        QVERIFY(view.values.numbers.empty());
        // No edit turns what cannot be edited into something else.
        for (const auto& edited :
             {withNumber(text.toStdString(), 0, "weight", 1), withoutModel(text.toStdString(), 7)})
            QVERIFY(!edited || *edited == text.toStdString() || readRecipe(*edited).readable);
    }

    void editsLeaveTheRestAlone_data() {
        QTest::addColumn<int>("model");
        QTest::addColumn<QString>("parameter");
        QTest::addColumn<double>("value");
        QTest::addColumn<QString>("removed");
        QTest::addColumn<QString>("added");
        QTest::newRow("block") << 0 << "weight" << 0.75 << "weight: 0.5\n"
                               << "weight: 0.75\n";
        QTest::newRow("block, new") << 0 << "density" << 0.3 << ""
                                    << "      density: 0.3\n";
        QTest::newRow("flow") << 1 << "weight" << -2.0 << "{weight: 0.25,"
                              << "{weight: -2,";
        QTest::newRow("flow, new") << 1 << "gamma" << 0.01 << "density: 0.5}"
                                   << "density: 0.5, gamma: 0.01}";
        QTest::newRow("whole") << -1 << "lambda" << 1e-7 << "lambda: 0.8"
                               << "lambda: 1e-07";
        QTest::newRow("whole, new") << -1 << "seed" << 3.0 << ""
                                    << "  seed: 3\n";
    }
    void editsLeaveTheRestAlone() {
        QFETCH(int, model);
        QFETCH(QString, parameter);
        QFETCH(double, value);
        QFETCH(QString, removed);
        QFETCH(QString, added);
        const auto edited = withNumber(kFlat.toStdString(), model, parameter.toStdString(), value);
        QVERIFY(edited);
        QString expected = kFlat;
        if (!removed.isEmpty()) {
            expected.replace(removed, added);
        } else {
            QVERIFY(toQString(*edited).contains(added));
            QCOMPARE(toQString(*edited).remove(added), kFlat);
        }
        if (!removed.isEmpty()) QCOMPARE(toQString(*edited), expected);
        const RecipeView view = readRecipe(*edited);
        const RecipeValues& of = model < 0 ? view.values : view.models[std::size_t(model)].values;
        QCOMPARE(of.numbers.at(parameter.toStdString()), value);
    }

    void modelsComeAndGo() {
        const std::vector<BenchMethod> methods = someMethods();
        std::string text = *withMethod("", methods[0]);
        text = *withModel(text, "/one", &methods[0]);
        text = *withModel(text, "/two words", &methods[0]);
        QCOMPARE(readRecipe(text).models.size(), std::size_t(2));
        QCOMPARE(readRecipe(text).models[1].name, std::string("/two words"));
        QCOMPARE(readRecipe(text).models[0].values.numbers.at("weight"), 1.0);
        text = *withBase(text, "/base");
        QCOMPARE(readRecipe(text).base, std::string("/base"));
        const std::string withIt = text;
        text = *withBase(text, "");
        QVERIFY(text.find("base_model") == std::string::npos);
        text = *withoutModel(text, 0);
        QCOMPARE(readRecipe(text).names(), std::vector<std::string>{"/two words"});
        text = *withoutModel(text, 0);
        QVERIFY(readRecipe(text).models.empty() && readRecipe(text).readable);
        // Another method: what it does not know goes, what it wants comes.
        const RecipeView slerp = readRecipe(*withMethod(withIt, methods[1]));
        QCOMPARE(slerp.values.numbers.at("t"), 0.5);
        QVERIFY(slerp.models[0].values.numbers.empty());
        const RecipeView back = readRecipe(*withMethod(*withMethod(withIt, methods[1]), methods[2]));
        QCOMPARE(back.models[1].values.numbers.at("weight"), 0.5);
        QVERIFY(!back.values.numbers.contains("t"));
        // What is commented stays.
        QVERIFY(withoutModel(kFlat.toStdString(), 1)->starts_with("# mine\n"));
        QVERIFY(withModel(kFlat.toStdString(), "/z", &methods[3])->find("/x  # first") != std::string::npos);
    }

    // --- front, interpolation, values of a sweep ---

    void theFrontIsWhatBruteForceSays() {
        std::mt19937 random(7);
        std::uniform_int_distribution<int> any(0, 9);
        for (int round = 0; round < 300; ++round) {
            const bool xHigh = round & 1, yHigh = round & 2;
            std::vector<QPointF> points(static_cast<std::size_t>(round % 12));
            for (QPointF& point : points) point = QPointF(any(random), any(random));
            if (!points.empty()) points.back().setX(std::numeric_limits<double>::quiet_NaN());
            QSet<QString> expected, found;
            const auto key = [](const QPointF& p) { return QStringLiteral("%1/%2").arg(p.x()).arg(p.y()); };
            for (const QPointF& p : points) {
                bool beaten = std::isnan(p.x());
                for (const QPointF& q : points) {
                    if (std::isnan(q.x())) continue;
                    const double dx = (q.x() - p.x()) * (xHigh ? 1 : -1),
                                 dy = (q.y() - p.y()) * (yHigh ? 1 : -1);
                    beaten = beaten || (dx >= 0 && dy >= 0 && dx + dy > 0);
                }
                if (!beaten) expected << key(p);
            }
            const auto front = tradeOffFront(points, xHigh, yHigh);
            for (const std::size_t i : front) found << key(points[i]);
            QCOMPARE(found, expected);
            QCOMPARE(front.size(),
                     static_cast<std::size_t>(found.size()));  // equal points once
            for (std::size_t i = 1; i < front.size(); ++i)
                QVERIFY(points[front[i - 1]].x() < points[front[i]].x());
        }
    }

    void betweenTwoPoints() {
        BenchPoint a, b;
        a.method = b.method = "linear";
        a.recipe =
            "merge_method: linear\nmodels:\n  - model: /x\n    parameters: "
            "{weight: 0.2}\n";
        b.recipe =
            "merge_method: linear\nmodels:\n  - model: /x\n    parameters: "
            "{weight: 0.6}\n";
        a.coefficients = {{"weight", "/x", 0.2}};
        b.coefficients = {{"weight", "/x", 0.6}};
        const auto weight = [&](double t) {
            return readRecipe(recipeBetween(a, b, t)).models[0].values.numbers.at("weight");
        };
        QCOMPARE(weight(0), 0.2);
        QCOMPARE(weight(0.25), 0.3);
        QCOMPARE(weight(1), 0.6);
        b.method = "ties";
        QCOMPARE(recipeBetween(a, b, 0.4), a.recipe);
        QCOMPARE(recipeBetween(a, b, 0.6), b.recipe);
    }

    void sweepTexts_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QList<double>>("values");
        QTest::newRow("range") << "0:1:0.25" << QList<double>{0, 0.25, 0.5, 0.75, 1};
        QTest::newRow("end is met") << "0:0.3:0.1" << QList<double>{0, 0.1, 0.2, 0.3};
        QTest::newRow("down") << "1:0:-0.5" << QList<double>{1, 0.5, 0};
        QTest::newRow("list and range") << " 3, 0:1:1 " << QList<double>{3, 0, 1};
        QTest::newRow("one") << "5:5:1" << QList<double>{5};
        for (const char* wrong :
             {"", ",", "a", "0:1", "0:1:0", "0:1:-1", "0:1:1e-9", "nan", "0:inf:1", "0:1:0.1:2"})
            QTest::newRow(qPrintable(QStringLiteral("wrong '%1'").arg(QLatin1String(wrong))))
                << wrong << QList<double>();
    }
    void sweepTexts() {
        QFETCH(QString, text);
        QFETCH(QList<double>, values);
        if (values.isEmpty()) {
            QVERIFY_EXCEPTION_THROWN(sweepValues(text), Error);
            return;
        }
        const std::vector<double> found = sweepValues(text);
        QCOMPARE(QList<double>(found.begin(), found.end()), values);
    }

    // --- the session's thread ---
};

QTEST_GUILESS_MAIN(TestMergeParts)
#include "tst_merge_parts.moc"
