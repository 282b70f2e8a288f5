// A chart's points and its picture, into a file or the clipboard.
#include <QApplication>
#include <QClipboard>
#include <QFileDialog>

#include "core/util/files.h"
#include "views/live/chart_card.h"
#include "views/live/chart_csv.h"
#include "views/live/live_page.h"
#include "views/widgets/plot_picture.h"

namespace retort {

namespace {

QString fileNameFor(const std::string& metric, const QString& suffix) {
    QString name = QString::fromStdString(metric);
    name.replace(QLatin1Char('/'), QLatin1Char('-'));
    return name + QLatin1Char('.') + suffix;
}

}  // namespace

void LivePage::exportCsv(const std::string& metric, bool toClipboard) {
    QString file;
    if (!toClipboard) {
        file = QFileDialog::getSaveFileName(
            this, tr("Save all points"), fileNameFor(metric, QStringLiteral("csv")), tr("CSV files (*.csv)"));
        if (file.isEmpty()) return;
    }
    std::vector<RowId> ids;
    for (const LiveRun& run : m_runs) ids.push_back(run.row.id);
    const auto query = [ids, metric, file](StoreReader& reader) {
        std::string text = chartCsv(reader, ids, metric);
        if (!file.isEmpty()) writeFileAtomically(file.toStdString(), text);
        return text;
    };
    m_lab.read(this, query, [file](const std::string& text) {
        if (file.isEmpty()) QApplication::clipboard()->setText(QString::fromStdString(text));
    });
}

/// Drawn and written on the pool: a picture twice as large as the screen's takes longer than a frame.
void LivePage::exportImage(ChartCard& card, const QString& format) {
    const auto picture = std::make_shared<const PlotPicture>(card.plot().picture());
    if (format.isEmpty()) {
        m_lab.compute(
            this, [picture] { return drawPicture(*picture); },
            [](const QImage& image) { QApplication::clipboard()->setImage(image); });
        return;
    }
    const QString filter =
        format == QLatin1String("svg") ? tr("SVG pictures (*.svg)") : tr("PNG pictures (*.png)");
    const QString file = QFileDialog::getSaveFileName(this, tr("Save the picture"),
                                                      fileNameFor(card.metric(), format), filter);
    if (file.isEmpty()) return;
    const auto write = [picture, file] {
        writePicture(*picture, file);
        return true;
    };
    m_lab.compute(this, write, [](bool) {});
}

}  // namespace retort
