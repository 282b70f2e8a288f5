// The rules of design.md that a compiler does not check: who may include what, what each binary links, and
// the size and beginnings of source files.
#include <elf.h>

#include <QDirIterator>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>
#include <QTest>
#include <cstring>

namespace {

struct SourceFile {
    QString path;  // relative to the root
    QString text;
};

std::vector<SourceFile> sourceFiles() {
    const QDir root(QStringLiteral(RETORT_SOURCE_DIR));
    std::vector<SourceFile> files;
    for (const char* folder : {"core", "training", "views", "app", "tests"}) {
        QDirIterator it(root.filePath(QLatin1String(folder)),
                        {QStringLiteral("*.h"), QStringLiteral("*.cpp")}, QDir::Files,
                        QDirIterator::Subdirectories);
        while (it.hasNext()) {
            QFile file(it.next());
            if (!file.open(QIODevice::ReadOnly)) continue;
            files.push_back({root.relativeFilePath(file.fileName()), QString::fromUtf8(file.readAll())});
        }
    }
    return files;
}

QString withoutComments(const QString& text) {
    // Strings come first, so that a "//" in one is not taken for a comment.
    static const QRegularExpression tokens(QStringLiteral(R"(("(?:\\.|[^"\\\n])*")|//[^\n]*|/\*.*?\*/)"),
                                           QRegularExpression::DotMatchesEverythingOption);
    QString kept;
    qsizetype from = 0;
    for (auto it = tokens.globalMatch(text); it.hasNext();) {
        const auto match = it.next();
        if (match.hasCaptured(1)) continue;
        kept += text.mid(from, match.capturedStart() - from);
        // Line breaks stay, so that line numbers hold.
        kept += QString(match.captured().count(QLatin1Char('\n')), QLatin1Char('\n'));
        from = match.capturedEnd();
    }
    return kept + text.mid(from);
}

/// "path:line: what" for each match of `pattern` in the files that `in` accepts.
template <class Accepts>
QStringList findings(const std::vector<SourceFile>& files, Accepts in, const QString& pattern) {
    const QRegularExpression expression(pattern, QRegularExpression::MultilineOption);
    QStringList found;
    for (const SourceFile& file : files) {
        if (!in(file.path)) continue;
        const QString text = withoutComments(file.text);
        for (auto it = expression.globalMatch(text); it.hasNext();) {
            const auto match = it.next();
            const auto line = QStringView(text).left(match.capturedStart()).count(QLatin1Char('\n')) + 1;
            found << QStringLiteral("%1:%2: %3").arg(file.path).arg(line).arg(match.captured().trimmed());
        }
    }
    return found;
}

/// The libraries that an ELF file asks for itself (DT_NEEDED); empty when it is none.
QStringList neededLibraries(const QByteArray& image) {
    const auto read = [&image](auto& value, std::uint64_t offset) {
        if (offset > std::uint64_t(image.size()) || sizeof value > std::uint64_t(image.size()) - offset)
            return false;
        std::memcpy(&value, image.constData() + offset, sizeof value);
        return true;
    };
    Elf64_Ehdr header;
    if (!read(header, 0) || std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) return {};
    for (int i = 0; i < header.e_shnum; ++i) {
        Elf64_Shdr section, strings;
        if (!read(section, header.e_shoff + std::uint64_t(i) * sizeof section) ||
            section.sh_type != SHT_DYNAMIC)
            continue;
        if (!read(strings, header.e_shoff + std::uint64_t(section.sh_link) * sizeof strings)) return {};
        QStringList needed;
        Elf64_Dyn entry;
        for (std::uint64_t at = 0; at < section.sh_size && read(entry, section.sh_offset + at);
             at += sizeof entry)
            if (entry.d_tag == DT_NEEDED)
                needed << QString::fromUtf8(image.constData() + strings.sh_offset + entry.d_un.d_val);
        return needed;
    }
    return {};
}

const QString qtInclude = QStringLiteral(R"(^\s*#\s*include\s*[<"](Q[A-Z]\w*|Qt\w+/.*|q[a-z]+\.h)[>"])");
const QString torchInclude = QStringLiteral(R"(^\s*#\s*include\s*[<"](torch|ATen|c10|caffe2)/)");
const QString sqlInclude = QStringLiteral(R"(^\s*#\s*include\s*[<"](sqlite3\.h|SQLiteCpp/|QSql|QtSql))");
const QString widgetInclude = QStringLiteral(
    R"(^\s*#\s*include\s*[<"](QtWidgets|QtGui|QtCharts|Q\w*Widget\w*|QApplication|QMessageBox|QDialog|QMainWindow|QPainter|QColor|QIcon|QFont|QPixmap)\b)");
const QString chartInclude = QStringLiteral(
    R"(^\s*#\s*include\s*[<"](QtCharts|QChart\w*|Q\w+Series|QValueAxis|QLogValueAxis|QAbstractAxis|QLegend)\b)");

}  // namespace

class TestArchitecture : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase();
    void folderNeverUses_data();
    void folderNeverUses();
    void binaryNeverLinks_data();
    void binaryNeverLinks();
    void filesBeginWithTheirPurpose();
    void filesStaySmall();
    void rulesBite_data();
    void rulesBite();
    void neededLibrariesAreRead();

  private:
    std::vector<SourceFile> m_files;
};

void TestArchitecture::initTestCase() {
    m_files = sourceFiles();
    QVERIFY2(m_files.size() > 20, "the source tree is not where it was when this test was built");
}

void TestArchitecture::folderNeverUses_data() {
    QTest::addColumn<QString>("folders");  // regular expression over relative paths
    QTest::addColumn<QString>("exceptFor");
    QTest::addColumn<QString>("pattern");

    QTest::newRow("core: Qt") << "^core/"
                              << "" << qtInclude;
    QTest::newRow("core: LibTorch") << "^core/"
                                    << "" << torchInclude;
    QTest::newRow("core: training, views, app") << "^core/"
                                                << ""
                                                << R"(^\s*#\s*include\s*"(training|views|app)/)";
    QTest::newRow("training: Qt") << "^training/"
                                  << "^training/backends/" << qtInclude;
    QTest::newRow("training: views, app, backends") << "^training/"
                                                    << "^training/backends/"
                                                    << R"(^\s*#\s*include\s*"(views|app|training/backends)/)";
    QTest::newRow("training/api: LibTorch") << "^training/api/"
                                            << "" << torchInclude;
    QTest::newRow("backends: LibTorch") << "^training/backends/"
                                        << "" << torchInclude;
    QTest::newRow("backends: Qt Widgets") << "^training/backends/"
                                          << "" << widgetInclude;
    QTest::newRow("backends: views, app") << "^training/backends/"
                                          << ""
                                          << R"(^\s*#\s*include\s*"(views|app)/)";
    QTest::newRow("views: LibTorch") << "^views/"
                                     << "" << torchInclude;
    QTest::newRow("views: training's inside") << "^views/"
                                              << ""
                                              << R"(^\s*#\s*include\s*"training/(?!backends/|api/|merging/))";
    QTest::newRow("views: SQL") << "^views/"
                                << "" << sqlInclude;
    QTest::newRow("app: LibTorch") << "^app/"
                                   << "" << torchInclude;
    QTest::newRow("Qt Charts outside PlotView") << "^(core|training|views|app)/"
                                                << "^views/widgets/plot_" << chartInclude;
    QTest::newRow("PlotView's inside")
        << "."
        << "^views/widgets/plot_|^tests/core/tst_architecture"
        << R"(^\s*#\s*include\s*"views/widgets/plot_(?!(view|picture)\.h)\w+\.h")";
    QTest::newRow("LibTorch's version outside torch_compat.h") << "^(core|training|views|app)/"
                                                               << "^training/torch_compat\\.h$"
                                                               << R"(\bTORCH_VERSION_(MAJOR|MINOR|PATCH)\b)";
    QTest::newRow("Qt's keyword macros")
        << "."
        << "^tests/core/tst_architecture"
        << R"(\b(public|protected|private)\s+slots\b|^\s*signals\s*:|^\s*emit\s+\w)";
    QTest::newRow("SIGNAL() and SLOT() strings") << "."
                                                 << "^tests/core/tst_architecture"
                                                 << R"(\b(SIGNAL|SLOT)\()";
    QTest::newRow("pickles") << "^(core|training|app)/"
                             << ""
                             << R"(\b(torch::(load|pickle_load|jit::load))\b)";
}

void TestArchitecture::folderNeverUses() {
    QFETCH(QString, folders);
    QFETCH(QString, exceptFor);
    QFETCH(QString, pattern);
    const QRegularExpression included(folders), excluded(exceptFor);
    const auto accepts = [&](const QString& path) {
        return included.match(path).hasMatch() && (exceptFor.isEmpty() || !excluded.match(path).hasMatch());
    };
    const QStringList found = findings(m_files, accepts, pattern);
    QVERIFY2(found.isEmpty(), qPrintable(found.join(QLatin1Char('\n'))));
}

void TestArchitecture::binaryNeverLinks_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("forbidden");

    // Paths of the targets that this configuration has: "name=path,name=path".
    const QString qt = QStringLiteral("^libQt[0-9]"), torch = QStringLiteral("^lib(torch|c10|caffe2|gomp)");
    const std::map<QString, QString> rules = {{QStringLiteral("retort_core"), qt + QLatin1Char('|') + torch},
                                              {QStringLiteral("retort-cli"), qt + QLatin1Char('|') + torch},
                                              {QStringLiteral("retort"), torch},
                                              {QStringLiteral("retort_training"), qt}};
    const QStringList targets = QStringLiteral(RETORT_BINARIES).split(QLatin1Char(','), Qt::SkipEmptyParts);
    for (const QString& target : targets) {
        const QString name = target.section(QLatin1Char('='), 0, 0);
        QTest::newRow(qPrintable(name)) << target.section(QLatin1Char('='), 1) << rules.at(name);
    }
}

void TestArchitecture::binaryNeverLinks() {
    QFETCH(QString, file);
    QFETCH(QString, forbidden);
    QFile binary(file);
    QVERIFY2(binary.open(QIODevice::ReadOnly), qPrintable(file + QStringLiteral(" is not built")));
    const QStringList needed = neededLibraries(binary.readAll());
    QVERIFY2(!needed.isEmpty(), "no dynamic section: not an ELF file?");
    const QStringList found = needed.filter(QRegularExpression(forbidden));
    QVERIFY2(found.isEmpty(), qPrintable(found.join(QStringLiteral(", "))));
}

void TestArchitecture::filesBeginWithTheirPurpose() {
    QStringList bad;
    for (const SourceFile& file : m_files)
        if (!file.text.startsWith(QLatin1String("//")) && !file.text.startsWith(QLatin1String("#include")))
            bad << file.path;
    QVERIFY2(bad.isEmpty(), qPrintable(bad.join(QLatin1Char('\n'))));
}

void TestArchitecture::filesStaySmall() {
    constexpr int mostLines = 900;
    QStringList bad;
    for (const SourceFile& file : m_files)
        if (const auto lines = file.text.count(QLatin1Char('\n')); lines > mostLines)
            bad << QStringLiteral("%1: %2 lines").arg(file.path).arg(lines);
    QVERIFY2(bad.isEmpty(), qPrintable(bad.join(QLatin1Char('\n'))));
}

// A rule that matches nothing would pass for ever: each pattern is shown what it must and must not find.
void TestArchitecture::rulesBite_data() {
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<QString>("line");
    QTest::addColumn<bool>("found");

    QTest::newRow("class header") << qtInclude << "#include <QString>" << true;
    QTest::newRow("module header") << qtInclude << "#include <QtCore/QString>" << true;
    QTest::newRow("old header") << qtInclude << "#include <qglobal.h>" << true;
    QTest::newRow("no Qt") << qtInclude << "#include <queue>" << false;
    QTest::newRow("comment") << qtInclude << "// #include <QString>" << false;
    QTest::newRow("torch") << torchInclude << "#include <torch/torch.h>" << true;
    QTest::newRow("ATen") << torchInclude << "#  include <ATen/core/Tensor.h>" << true;
    QTest::newRow("our compat header") << torchInclude << "#include \"training/torch_compat.h\"" << false;
    QTest::newRow("sqlite3") << sqlInclude << "#include <sqlite3.h>" << true;
    QTest::newRow("chart view") << chartInclude << "#include <QtCharts/QChartView>" << true;
    QTest::newRow("series") << chartInclude << "#include <QLineSeries>" << true;
    QTest::newRow("our series") << chartInclude << "#include \"views/models/series_model.h\"" << false;
    QTest::newRow("widget") << widgetInclude << "#include <QTableWidget>" << true;
    QTest::newRow("timer") << widgetInclude << "#include <QTimer>" << false;
}

void TestArchitecture::rulesBite() {
    QFETCH(QString, pattern);
    QFETCH(QString, line);
    QFETCH(bool, found);
    const std::vector<SourceFile> files = {{QStringLiteral("x.cpp"), line + QLatin1Char('\n')}};
    QCOMPARE(!findings(
                  files, [](const QString&) { return true; }, pattern)
                  .isEmpty(),
             found);
}

void TestArchitecture::neededLibrariesAreRead() {
    QFile self(QCoreApplication::applicationFilePath());
    QVERIFY(self.open(QIODevice::ReadOnly));
    const QByteArray image = self.readAll();
    const QStringList needed = neededLibraries(image);
    QVERIFY(!needed.filter(QRegularExpression(QStringLiteral("^libQt6Test\\.so"))).isEmpty());
    QVERIFY(neededLibraries("no ELF file").isEmpty());
    QVERIFY(neededLibraries(image.left(300)).isEmpty());
}

QTEST_GUILESS_MAIN(TestArchitecture)
#include "tst_architecture.moc"
