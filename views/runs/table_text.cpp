#include "views/runs/table_text.h"

#include <QLocale>
#include <algorithm>

namespace retort {

namespace {

QString quoted(QString text, TableFormat format) {
    if (format == TableFormat::Tsv) {
        return text.replace(QLatin1Char('\t'), QLatin1Char(' ')).replace(QLatin1Char('\n'), QLatin1Char(' '));
    }
    static const QString special = QStringLiteral(",\"\n\r");
    const bool needed = std::any_of(text.begin(), text.end(), [](QChar c) { return special.contains(c); });
    if (!needed) return text;
    return QLatin1Char('"') + text.replace(QLatin1Char('"'), QStringLiteral("\"\"")) + QLatin1Char('"');
}

QString cell(const QModelIndex& index, int exactRole) {
    if (exactRole >= 0) {
        const QVariant exact = index.data(exactRole);
        // Files are read by programs: a point, whatever the user's locale.
        if (exact.typeId() == QMetaType::Double) {
            return QLocale::c().toString(exact.toDouble(), 'g', QLocale::FloatingPointShortest);
        }
    }
    return index.data().toString();
}

}  // namespace

QString tableText(const QAbstractItemModel& model, const QList<int>& rows, const QList<int>& columns,
                  TableFormat format, int exactRole) {
    const QString separator = format == TableFormat::Tsv ? QStringLiteral("\t") : QStringLiteral(",");
    QStringList lines, cells;
    for (int column : columns) cells << quoted(model.headerData(column, Qt::Horizontal).toString(), format);
    lines << cells.join(separator);
    for (int row : rows) {
        cells.clear();
        for (int column : columns) cells << quoted(cell(model.index(row, column), exactRole), format);
        lines << cells.join(separator);
    }
    return lines.join(QLatin1Char('\n')) + QLatin1Char('\n');
}

}  // namespace retort
