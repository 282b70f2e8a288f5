#include "views/design/yaml_highlighter.h"

#include <QRegularExpression>

#include "views/widgets/theme.h"

namespace retort {

void YamlHighlighter::highlightBlock(const QString& text) {
    static const QRegularExpression key(QStringLiteral("^\\s*(?:- )?\\s*([\\w.@-]+)\\s*:(?=\\s|$)"));
    static const QRegularExpression number(
        QStringLiteral("(?<=[\\s\\[,:])[-+]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][-+]?\\d+)?(?=[\\s,\\]}]|$)"));
    static const QRegularExpression word(
        QStringLiteral("(?<=[\\s\\[,:])(?:true|false|null|~)(?=[\\s,\\]}]|$)"));
    static const QRegularExpression string(QStringLiteral("\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^']|'')*'"));
    static const QRegularExpression comment(QStringLiteral("(?:^|(?<=\\s))#.*$"));

    QTextCharFormat keyFormat, valueFormat, stringFormat, commentFormat;
    keyFormat.setForeground(tones().accent);
    keyFormat.setFontWeight(QFont::DemiBold);
    valueFormat.setForeground(tones().info);
    stringFormat.setForeground(tones().good);
    commentFormat.setForeground(tones().muted);
    commentFormat.setFontItalic(true);
    const auto paint = [&](const QRegularExpression& pattern, int group, const QTextCharFormat& format) {
        for (auto it = pattern.globalMatch(text); it.hasNext();) {
            const auto match = it.next();
            setFormat(static_cast<int>(match.capturedStart(group)),
                      static_cast<int>(match.capturedLength(group)), format);
        }
    };
    paint(number, 0, valueFormat);
    paint(word, 0, valueFormat);
    paint(key, 1, keyFormat);
    paint(string, 0, stringFormat);
    paint(comment, 0, commentFormat);
}

}  // namespace retort
