// A program's last words, whatever it wrote.
#include <QTemporaryDir>
#include <QtTest>

#include "core/util/files.h"
#include "training/external/output_tail.h"

using namespace retort;

class TestOutputTail : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void lastWords_data();
    void lastWords();
    void onlyBehindTheOffset();
    void missingFileIsSilent();
};

void TestOutputTail::lastWords_data() {
    QTest::addColumn<QByteArray>("output");
    QTest::addColumn<QByteArray>("tail");
    QTest::newRow("nothing") << QByteArray() << QByteArray();
    QTest::newRow("blank") << QByteArray("\n \n\t\n") << QByteArray();
    QTest::newRow("one line") << QByteArray("boom\n") << QByteArray("boom");
    QTest::newRow("no newline") << QByteArray("a\nboom") << QByteArray("a\nboom");
    QTest::newRow("the last three") << QByteArray("a\nb\n\nc\nd\n\n") << QByteArray("b\nc\nd");
    QTest::newRow("progress bar") << QByteArray("  1%|\r 50%|#\r100%|##\n") << QByteArray("100%|##");
    QTest::newRow("DOS") << QByteArray("a\r\nb\r\n") << QByteArray("a\nb");
    QTest::newRow("colours") << QByteArray("\x1b[1;31merror\x1b[0m: \x1b]0;title\x07no\n")
                             << QByteArray("error: no");
    QTest::newRow("escape at the end") << QByteArray("a\x1b") << QByteArray("a");
    QTest::newRow("torn sequence") << QByteArray("a\x1b[12") << QByteArray("a");
    QTest::newRow("controls") << QByteArray(
                                     "a\0b\x01\x7f"
                                     "c\n",
                                     7)
                              << QByteArray("abc");
    QTest::newRow("controls beyond ASCII")
        << QByteArray("\xc2\xa7 a\xc2\x9b\xc2\x80 b\n") << QByteArray("\xc2\xa7 a b");
    QTest::newRow("carriage returns alone") << QByteArray("a\n") + QByteArray(60000, '\r') << QByteArray("a");
    QTest::newRow("no UTF-8") << QByteArray("a\xff\xfe b\n") << QByteArray("a\xef\xbf\xbd\xef\xbf\xbd b");
    QTest::newRow("long") << QByteArray(100000, 'x') << QByteArray(400, 'x') + "\xe2\x80\xa6";
    QTest::newRow("long, of wide letters")
        << QByteArray("x") + QByteArray("\xc3\xa4").repeated(5000)
        << QByteArray("x") + QByteArray("\xc3\xa4").repeated(199) + "\xe2\x80\xa6";
}

void TestOutputTail::lastWords() {
    QFETCH(QByteArray, output);
    QFETCH(QByteArray, tail);
    QTemporaryDir home;
    const std::filesystem::path file = home.filePath(QStringLiteral("out")).toStdString();
    writeFileAtomically(file, output.toStdString());
    QCOMPARE(QByteArray::fromStdString(outputTail(file, 0, 3)), tail);
}

void TestOutputTail::onlyBehindTheOffset() {
    QTemporaryDir home;
    const std::filesystem::path file = home.filePath(QStringLiteral("out")).toStdString();
    writeFileAtomically(file, "the attempt before\nnow\n");
    QCOMPARE(outputTail(file, 19, 8), std::string("now"));
    QCOMPARE(outputTail(file, 23, 8), std::string());
    QCOMPARE(outputTail(file, 1000, 8), std::string());
}

void TestOutputTail::missingFileIsSilent() {
    QCOMPARE(outputTail("/nowhere/at/all", 0, 8), std::string());
}

QTEST_GUILESS_MAIN(TestOutputTail)
#include "tst_output_tail.moc"
