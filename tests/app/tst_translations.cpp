// The window's texts: the German ones are complete, and none in the source is missing from the file.
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>

#include "core/config/parameter.h"

using namespace retort;

namespace {

const QString kSource = QStringLiteral(RETORT_SOURCE_DIR);

struct Text {
    QString context, source, translation, type;
};

QList<Text> readTexts(const QString& file) {
    QList<Text> texts;
    QFile input(file);
    if (!input.open(QIODevice::ReadOnly)) return texts;
    QXmlStreamReader xml(&input);
    Text text;
    while (!xml.atEnd()) {
        xml.readNext();
        if (!xml.isStartElement()) continue;
        if (xml.name() == QLatin1String("name")) text.context = xml.readElementText();
        if (xml.name() == QLatin1String("source")) text.source = xml.readElementText();
        if (xml.name() != QLatin1String("translation")) continue;
        text.type = xml.attributes().value(QLatin1String("type")).toString();
        text.translation = xml.readElementText(QXmlStreamReader::IncludeChildElements);
        texts << text;
    }
    return texts;
}

QStringList placeholders(const QString& text) {
    static const QRegularExpression pattern(QStringLiteral("%(\\d|n)"));
    QStringList found;
    for (auto match = pattern.globalMatch(text); match.hasNext();) found << match.next().captured();
    found.removeDuplicates();
    found.sort();
    return found;
}

void addTexts(const std::vector<Parameter>& parameters, QSet<QString>& texts) {
    for (const Parameter& parameter : parameters) {
        for (const std::string* text : {&parameter.group, &parameter.unit, &parameter.help})
            texts << QString::fromStdString(*text);
        for (const ParameterVariant& variant : parameter.variants) {
            texts << QString::fromStdString(variant.help);
            addTexts(variant.parameters, texts);
        }
    }
}

}  // namespace

class TestTranslations : public QObject {
    Q_OBJECT

    const QString m_german = kSource + QStringLiteral("/translations/retort_de.ts");

  private Q_SLOTS:
    void germanIsComplete() {
        const QList<Text> texts = readTexts(m_german);
        QVERIFY(texts.size() > 300);
        for (const Text& text : texts) {
            const QByteArray where = qPrintable(text.context + QStringLiteral(": ") + text.source);
            QVERIFY2(text.type.isEmpty(), where.constData());
            QVERIFY2(!text.translation.trimmed().isEmpty(), where.constData());
            QVERIFY2(placeholders(text.source) == placeholders(text.translation), where.constData());
        }
    }

    // The form shows what core declares; core has no Qt, so a list of its texts stands in views/design.
    void theParametersTextsAreListed() {
        QSet<QString> declared, listed;
        for (const RecipeSchema& schema : recipeSchemas()) {
            declared << QString::fromStdString(schema.help);
            addTexts(schema.parameters, declared);
        }
        declared.remove(QString());
        for (const Text& text : readTexts(m_german))
            if (text.context == QLatin1String("Schema")) listed << text.source;
        const QSet<QString> missing = declared - listed, gone = listed - declared;
        QVERIFY2(missing.isEmpty(),
                 qPrintable(QStringList(missing.begin(), missing.end()).join(QLatin1Char('\n'))));
        QVERIFY2(gone.isEmpty(), qPrintable(QStringList(gone.begin(), gone.end()).join(QLatin1Char('\n'))));
    }

    // lupdate over the sources as they are finds nothing that the file does not have.
    void noTextIsMissing() {
        QTemporaryDir folder;
        const QString copy = folder.filePath(QStringLiteral("retort_de.ts"));
        QVERIFY(QFile::copy(m_german, copy));
        QProcess lupdate;
        lupdate.start(QStringLiteral(RETORT_LUPDATE),
                      {QStringLiteral("-no-obsolete"), QStringLiteral("-locations"), QStringLiteral("none"),
                       QStringLiteral("-I"), kSource, QStringLiteral("-extensions"), QStringLiteral("cpp"),
                       kSource + QStringLiteral("/views"), kSource + QStringLiteral("/app/window"),
                       kSource + QStringLiteral("/training/backends"), QStringLiteral("-ts"), copy});
        QVERIFY(lupdate.waitForFinished(60'000));
        QCOMPARE(lupdate.exitCode(), 0);
        QStringList missing;
        for (const Text& text : readTexts(copy))
            if (text.type == QLatin1String("unfinished"))
                missing << text.context + QStringLiteral(": ") + text.source;
        QVERIFY2(missing.isEmpty(), qPrintable(missing.join(QLatin1Char('\n'))));
    }
};

QTEST_GUILESS_MAIN(TestTranslations)
#include "tst_translations.moc"
