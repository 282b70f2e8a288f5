// What a build's log says, and what is missing on a machine.
#include <QTest>

#include "training/backends/remote/build_texts.h"

using namespace retort;

class TestBuildTexts : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void progressIsRead_data() {
        QTest::addColumn<QByteArray>("log");
        QTest::addColumn<QByteArray>("step");
        QTest::addColumn<int>("done");
        QTest::addColumn<int>("all");
        QTest::newRow("nothing") << QByteArray() << QByteArray() << 0 << 0;
        QTest::newRow("step") << QByteArray("retort-step unpacking\n") << QByteArray("unpacking") << 0 << 0;
        QTest::newRow("ninja") << QByteArray("retort-step compiling\n[1/61] Building\n[12/61] Building x\n")
                               << QByteArray("compiling") << 12 << 61;
        QTest::newRow("make") << QByteArray("retort-step compiling\n[  3%] Building\n[ 45%] Building x\n")
                              << QByteArray("compiling") << 45 << 100;
        QTest::newRow("no count before compiling")
            << QByteArray("retort-step configuring\n[1/2] Re-checking\n") << QByteArray("configuring") << 0
            << 0;
        QTest::newRow("half a line") << QByteArray("retort-step compiling\n[1/61] Building\n[12/6")
                                     << QByteArray("compiling") << 1 << 61;
        QTest::newRow("next step") << QByteArray(
                                          "retort-step compiling\n[61/61] Linking\nretort-step installing\n")
                                   << QByteArray("installing") << 0 << 0;
        QTest::newRow("what looks like one")
            << QByteArray("retort-step compiling\n[2/9] a\nnote: [5/9] in a text\n[x/9]\n")
            << QByteArray("compiling") << 2 << 9;
    }
    void progressIsRead() {
        QFETCH(QByteArray, log);
        for (const int size : {1, 7, 1000}) {
            BuildLog read;
            for (int at = 0; at < log.size(); at += size) read.add(log.mid(at, size).toStdString());
            QTEST(QByteArray::fromStdString(read.progress().step), "step");
            QTEST(read.progress().done, "done");
            QTEST(read.progress().all, "all");
        }
    }

    void lastWordsAreThoseOfTheFailure_data() {
        QTest::addColumn<QByteArray>("log");
        QTest::addColumn<QByteArray>("words");
        QTest::newRow("ninja")
            << QByteArray(
                   "retort-step compiling\n[1/3] Building a\n[2/3] Building b\nFAILED: b.o \n"
                   "/usr/bin/c++ -O3 -c b.cpp\nb.cpp:1:5: error: 'x' does not name a type\n"
                   "    1 | x y;\n\n[3/3] Building c\nc.cpp: note\nninja: build stopped.\n")
            << QByteArray("FAILED: b.o \nb.cpp:1:5: error: 'x' does not name a type\n    1 | x y;");
        QTest::newRow("make")
            << QByteArray(
                   "retort-step compiling\n[ 10%] Building a\nb.cpp:1:5: error: 'x' is not\n"
                   "make[1]: *** [b.o] Error 1\n")
            << QByteArray("b.cpp:1:5: error: 'x' is not\nmake[1]: *** [b.o] Error 1");
        QTest::newRow("cmake")
            << QByteArray(
                   "retort-step configuring\n-- The CXX compiler identification is GNU 12\n"
                   "CMake Error at CMakeLists.txt:3 (find_package):\n  By not providing \"FindX.cmake\"\n")
            << QByteArray(
                   "CMake Error at CMakeLists.txt:3 (find_package):\n  By not providing \"FindX.cmake\"");
        QTest::newRow("of no known form, without an end")
            << QByteArray("retort-step unpacking\ntar: Truncated input")
            << QByteArray("tar: Truncated input");
        QTest::newRow("nothing") << QByteArray() << QByteArray();
    }
    void lastWordsAreThoseOfTheFailure() {
        QFETCH(QByteArray, log);
        BuildLog read;
        read.add(log.toStdString());
        QTEST(QByteArray::fromStdString(read.lastWords()), "words");
    }

    void aLogWithoutEndIsBounded() {
        BuildLog read;
        for (int i = 0; i < 200000; ++i)
            read.add("[" + std::to_string(i) + "/200000] " + std::string(50, 'x') + "\n");
        read.add("a.cpp:1: error: no\n" + std::string(100000, 'y') + "\n");
        QVERIFY(read.lastWords().size() < 30000);
        QVERIFY(read.lastWords().find("error: no") != std::string::npos);
    }

    void toolsAreRead_data() {
        QTest::addColumn<QByteArray>("output");
        QTest::addColumn<QStringList>("problems");
        const QByteArray rest = "compiler c++\ngcc 12 __clang_major__\nmake ninja\npkgconfig pkg-config\n";
        QTest::newRow("all") << "cmake 3.25.1\n" + rest << QStringList();
        QTest::newRow("newer") << "cmake 4.0.2\n" + rest << QStringList();
        QTest::newRow("old cmake") << "cmake 3.16.3\n" + rest
                                   << QStringList{"CMake there is 3.16.3, 3.25 or newer is needed"};
        QTest::newRow("none") << QByteArray("cmake \ncompiler \nmake \npkgconfig \n")
                              << QStringList{"CMake is missing (cmake, 3.25 or newer)",
                                             "a C++ compiler is missing (g++)",
                                             "ninja or make is missing (ninja-build)",
                                             "pkg-config is missing"};
        QTest::newRow("old gcc") << QByteArray(
                                        "cmake 3.30.0\ncompiler g++\ngcc 9 __clang_major__\nmake make\n")
                                 << QStringList{"the compiler there is GCC 9, 11 or newer is needed"};
        // Clang calls itself GCC 4.
        QTest::newRow("clang") << QByteArray("cmake 3.30.0\ncompiler c++\ngcc 4 17\nmake make\n")
                               << QStringList();
    }
    void toolsAreRead() {
        QFETCH(QByteArray, output);
        QStringList problems;
        for (const std::string& each : parseBuildTools(output.toStdString()).problems)
            problems << QString::fromStdString(each);
        QTEST(problems, "problems");
    }

    void missingLibrariesHavePackages() {
        const BuildTools tools = parseBuildTools("cmake 3.25.1\nunseen simdjson\nunseen libzip\n");
        // CMake stops at the first; pkg-config knows the others.
        QCOMPARE(adviceForBuild("CMake Error at core/CMakeLists.txt:4:\n  Could not find SQLite3", tools),
                 std::string("install there (Debian's names): libsqlite3-dev, libsimdjson-dev, libzip-dev"));
        QCOMPARE(adviceForBuild("x.h:1: fatal error: Eigen/Dense: No such file", {}),
                 std::string("install there (Debian's names): libeigen3-dev"));
        QCOMPARE(adviceForBuild("x.cpp:1: error: spdlog is no type", tools), std::string());
    }
};

QTEST_GUILESS_MAIN(TestBuildTexts)
#include "tst_build_texts.moc"
