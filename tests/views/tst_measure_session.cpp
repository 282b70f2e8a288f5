// The thread behind the merge bench: the newest request wins, models stay open, what fails is said.
#include <QSignalSpy>
#include <QTest>

#include "core/util/error.h"
#include "tests/views/support/merge_page_fixture.h"
#include "views/merge/measure_session.h"
#include "views/merge/merge_page.h"

using namespace retort;

using namespace retort::test;

class TestMeasureSession : public MergePageFixture {
    Q_OBJECT

  private Q_SLOTS:
    // --- the recipe's text ---

    void theNewestRequestWins() {
        m_log.refinedMs = 3000;
        m_log.coarseMs = 30;
        MeasureSession session;
        session.setOpener(opener());
        QSignalSpy measured(&session, &MeasureSession::measured);
        session.measure(request("0.1"), MergeBenchEffort::Refined);
        QTRY_COMPARE(m_log.refined.load(), 1);
        QElapsedTimer timer;
        timer.start();
        const quint64 last = [&] {
            for (int i = 0; i < 50; ++i) session.measure(request("0.2"), MergeBenchEffort::Coarse);
            return session.measure(request("0.3"), MergeBenchEffort::Coarse);
        }();
        QTRY_VERIFY(!measured.isEmpty() && measured.last().first().toULongLong() == last);
        QCOMPARE(m_log.stopped.load(), 1);  // the refined one, at once
        QCOMPARE(m_log.opened.load(), 1);   // the same models stay open
        QVERIFY(m_log.coarse.load() <= 3);  // what waited was replaced
        QVERIFY(!session.isBusy());
    }

    void otherModelsAreOpenedAnewAndCancelIsPrompt() {
        MeasureSession session;
        session.setOpener(opener());
        QSignalSpy measured(&session, &MeasureSession::measured);
        session.measure(request("0.1"), MergeBenchEffort::Coarse);
        QTRY_COMPARE(measured.count(), 1);
        MergeBenchRequest other = request("0.1");
        other.numProblems = 7;
        session.measure(other, MergeBenchEffort::Coarse);
        QTRY_COMPARE(measured.count(), 2);
        QCOMPARE(m_log.opened.load(), 2);
        m_log.refinedMs = 5000;
        for (int i = 0; i < 3; ++i) session.add(other);
        QTRY_COMPARE(m_log.refined.load(), 1);
        session.cancel();
        QVERIFY(!session.isBusy());
        QTRY_COMPARE(m_log.stopped.load(), 1);
        QTest::qWait(30);
        QCOMPARE(measured.count(), 2);
        QCOMPARE(m_log.refined.load(), 1);  // what waited was dropped
    }

    void whatFailsIsSaid() {
        MeasureSession session;
        QSignalSpy failed(&session, &MeasureSession::failed);
        session.measure(request("0.1"), MergeBenchEffort::Coarse);
        QTRY_COMPARE(failed.count(), 1);  // there is no opener
        session.setOpener([](const MergeBenchRequest&, std::stop_token) -> std::unique_ptr<MergeBench> {
            throw Error("shapes differ", "layers.0", "choose others");
        });
        session.measure(request("0.1"), MergeBenchEffort::Coarse);
        QTRY_COMPARE(failed.count(), 2);
        QVERIFY(failed.last().at(1).toString().contains(QStringLiteral("shapes differ")));
    }
};

QTEST_MAIN(TestMeasureSession)
#include "tst_measure_session.moc"
