// What annotators said differently.
#include <QTest>

#include "views/annotation/label_differences.h"

using namespace retort;

namespace {

Annotation rating(const std::string& who, int step, int value) {
    return {who, {AnnotationKind::StepRating, 10 * step, 10 * step + 9}, value, 0};
}
Annotation firstError(const std::string& who, std::int64_t byte) {
    return {who, {AnnotationKind::FirstError, -1, -1}, byte, 0};
}

}  // namespace

class TestLabelDifferences : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void ratings() {
        const auto found = labelDifferences({{4, {rating("a", 0, 1), rating("b", 0, 1), rating("a", 1, 1)}},
                                             {7,
                                              {rating("a", 2, 1), rating("b", 2, -1), rating("c", 2, 0),
                                               rating("b", 3, 0), rating("a", 3, 0)}}});
        QCOMPARE(found.size(), std::size_t(1));
        QCOMPARE(found[0].trace, RowId(7));
        QCOMPARE(found[0].begin, std::int64_t(20));
        QVERIFY((found[0].said == std::map<std::string, std::string>{{"a", "+1"}, {"b", "-1"}, {"c", "0"}}));
    }

    void firstErrors() {
        const auto found =
            labelDifferences({{1, {firstError("a", -1), firstError("b", -1)}},
                              {2, {firstError("a", 10), firstError("b", 30)}},
                              {3, {firstError("a", 20), firstError("b", -1), rating("a", 0, 1)}},
                              {4, {firstError("a", 20)}}});
        QCOMPARE(found.size(), std::size_t(2));
        QVERIFY(found[0].trace == 2 && found[0].begin == -1);
        QCOMPARE(found[0].said.at("b"), std::string("byte 30"));
        QCOMPARE(found[1].said.at("b"), std::string("none"));
        QVERIFY(labelDifferences({}).empty());
    }
};

QTEST_GUILESS_MAIN(TestLabelDifferences)
#include "tst_label_differences.moc"
