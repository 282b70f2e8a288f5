#include "app/window/options.h"

#include <QCommandLineParser>
#include <QRegularExpression>

namespace retort {

namespace {

const QStringList& views() {
    static const QStringList names = {
        QStringLiteral("runs"),   QStringLiteral("design"),   QStringLiteral("live"),
        QStringLiteral("traces"), QStringLiteral("lineage"),  QStringLiteral("compare"),
        QStringLiteral("merge"),  QStringLiteral("machines"), QStringLiteral("queue")};
    return names;
}

void declareOptions(QCommandLineParser& parser) {
    parser.setApplicationDescription(QStringLiteral("The window of Retort."));
    parser.addOptions({
        {QStringLiteral("store"), QStringLiteral("Experiment store to open."), QStringLiteral("file")},
        {QStringLiteral("quickstart"), QStringLiteral("Start the quickstart study and watch it.")},
        {QStringLiteral("screenshot"),
         QStringLiteral(
             "Render views (runs, design, live, traces, lineage, compare, merge, machines, queue, all) to "
             "PNG without a display."),
         QStringLiteral("view,…")},
        {QStringLiteral("out"), QStringLiteral("Folder for screenshots."), QStringLiteral("folder"),
         QStringLiteral(".")},
        {QStringLiteral("theme"), QStringLiteral("system, light or dark."), QStringLiteral("theme")},
        {QStringLiteral("size"), QStringLiteral("Window size in pixels before scaling."),
         QStringLiteral("WxH"), QStringLiteral("1280x800")},
        {QStringLiteral("scale"), QStringLiteral("Scale factor of a screenshot."), QStringLiteral("factor"),
         QStringLiteral("1")},
        {QStringLiteral("lang"), QStringLiteral("Language: en or de."), QStringLiteral("code")},
        {{QStringLiteral("h"), QStringLiteral("help")}, QStringLiteral("Show this help.")},
        {{QStringLiteral("v"), QStringLiteral("version")}, QStringLiteral("Show the version.")},
    });
    QCommandLineOption benchStartup(QStringLiteral("bench-startup"));
    benchStartup.setFlags(QCommandLineOption::HiddenFromHelp);
    parser.addOption(benchStartup);
}

/// What is wrong with the values, or nothing.
QString readValues(const QCommandLineParser& parser, WindowOptions& options) {
    options.store = parser.value(QStringLiteral("store"));
    options.quickstart = parser.isSet(QStringLiteral("quickstart"));
    options.benchStartup = parser.isSet(QStringLiteral("bench-startup"));
    options.out = parser.value(QStringLiteral("out"));
    options.language = parser.value(QStringLiteral("lang"));
    if (parser.isSet(QStringLiteral("theme"))) {
        const QString name = parser.value(QStringLiteral("theme"));
        options.theme = themeNamed(name);
        if (themeName(*options.theme) != name)
            return QStringLiteral("--theme: expected system, light or dark, found '%1'").arg(name);
    }
    static const QRegularExpression pattern(QStringLiteral("^(\\d{2,5})x(\\d{2,5})$"));
    const auto size = pattern.match(parser.value(QStringLiteral("size")));
    if (!size.hasMatch()) return QStringLiteral("--size: expected WxH such as 1280x800");
    options.size = QSize(size.captured(1).toInt(), size.captured(2).toInt());
    bool isNumber = false;
    options.scale = parser.value(QStringLiteral("scale")).toDouble(&isNumber);
    if (!isNumber || options.scale < 0.5 || options.scale > 4)
        return QStringLiteral("--scale: expected 0.5 to 4");
    if (!options.language.isEmpty() && options.language != QLatin1String("de") &&
        options.language != QLatin1String("en"))
        return QStringLiteral("--lang: expected en or de, found '%1'").arg(options.language);
    for (const QString& view : parser.value(QStringLiteral("screenshot")).split(u',', Qt::SkipEmptyParts)) {
        if (view == QLatin1String("all"))
            options.screenshots = views();
        else if (views().contains(view))
            options.screenshots << view;
        else
            return QStringLiteral("--screenshot: no view '%1'; there are %2 and all")
                .arg(view, views().join(QStringLiteral(", ")));
    }
    options.screenshots.removeDuplicates();
    if (parser.isSet(QStringLiteral("screenshot")) && options.screenshots.isEmpty())
        return QStringLiteral("--screenshot: name at least one view");
    return {};
}

}  // namespace

CommandLine parseCommandLine(const QStringList& arguments) {
    QCommandLineParser parser;
    declareOptions(parser);
    CommandLine line;
    QString mistake;
    if (!parser.parse(arguments))
        mistake = parser.errorText();
    else if (!parser.positionalArguments().isEmpty())
        mistake = QStringLiteral("unexpected argument '%1'").arg(parser.positionalArguments().first());
    else
        mistake = readValues(parser, line.options);
    if (!mistake.isEmpty())
        line = {{}, QStringLiteral("retort: %1\nSee retort --help.\n").arg(mistake), 2, true};
    else if (parser.isSet(QStringLiteral("help")))
        line = {{}, parser.helpText(), 0, true};
    else if (parser.isSet(QStringLiteral("version")))
        line = {{}, QStringLiteral("retort " RETORT_VERSION "\n"), 0, true};
    return line;
}

}  // namespace retort
