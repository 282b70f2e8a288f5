// LineagePage's part that offers what can be done: commands with their keys, the menu, and the exports.
#include <QAction>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QImage>
#include <QLineEdit>
#include <QMenu>
#include <QPainter>
#include <QSaveFile>
#include <QSvgGenerator>
#include <QToolButton>

#include "core/lineage/lineage_export.h"
#include "views/actions.h"
#include "views/lab.h"
#include "views/lineage/lineage_details.h"
#include "views/lineage/lineage_page.h"
#include "views/lineage/lineage_view.h"
#include "views/models/format.h"

namespace retort {

namespace {

constexpr int pictureMargin = 24;
constexpr double mostPixels = 60e6;  // of a PNG: 240 MB while it is drawn

QString write(const QString& file, const QByteArray& content) {
    QSaveFile out(file);
    if (out.open(QIODevice::WriteOnly) && out.write(content) == content.size() && out.commit()) return {};
    return LineagePage::tr("Could not write %1: %2").arg(file, out.errorString());
}

}  // namespace

void LineagePage::makeCommands(QHBoxLayout* bar) {
    const QString group = tr("Lineage");
    // Single letters belong to the graph alone: nothing is stolen from the search field.
    const auto graphCommand = [&](const char* id, const QString& text, const QKeySequence& key,
                                  const QString& icon, std::function<void()> act) {
        return addCommand(m_view, {id, text, group, key, icon}, std::move(act));
    };
    const auto focusSearch = [this] {
        m_search->setFocus(Qt::ShortcutFocusReason);
        m_search->selectAll();
    };
    addCommand(this, {"lineage.find", tr("&Find checkpoints"), group, QKeySequence::Find}, focusSearch);
    graphCommand("lineage.search", tr("Search the graph"), Qt::Key_Slash, {}, focusSearch);
    graphCommand("lineage.nextHit", tr("Next hit"), Qt::Key_N, {}, [this] { stepThroughHits(1); });
    graphCommand("lineage.previousHit", tr("Previous hit"), Qt::SHIFT | Qt::Key_N, {},
                 [this] { stepThroughHits(-1); });
    QAction* fit = graphCommand("lineage.fit", tr("Fit the whole graph"), Qt::Key_0,
                                QStringLiteral("maximise"), [this] { m_view->fit(); });
    QAction* in = graphCommand("lineage.zoomIn", tr("Zoom in"), Qt::Key_Plus, QStringLiteral("zoom-in"),
                               [this] { m_view->zoomBy(1.25); });
    QAction* out = graphCommand("lineage.zoomOut", tr("Zoom out"), Qt::Key_Minus, QStringLiteral("zoom-out"),
                                [this] { m_view->zoomBy(0.8); });
    graphCommand("lineage.actualSize", tr("Actual size"), Qt::Key_1, {}, [this] { m_view->setZoom(1); });
    QAction* mark = graphCommand("lineage.mark", tr("Mark to compare with the next one"), Qt::Key_M,
                                 QStringLiteral("compare"), [this] { markOther(); });
    QAction* fold =
        graphCommand("lineage.fold", tr("Fold or unfold what came from it"), Qt::Key_F, {}, [this] {
            if (m_view->current()) toggleFold(*m_view->current());
        });
    QAction* chain = graphCommand("lineage.chain", tr("Fold or unfold the chain behind it"), Qt::Key_C, {},
                                  [this] { toggleChain(); });
    QAction* chains = addCommand(this, {"lineage.foldChains", tr("Fold all chains"), group}, [this] {
        m_folds.chains = allChains(*m_graph);
        applyFolds();
    });
    QAction* unfold = addCommand(this, {"lineage.unfold", tr("Unfold everything"), group}, [this] {
        m_folds = {};
        applyFolds();
    });
    QAction* add = addCommand(
        this, {"lineage.addFolder", tr("Add a checkpoint's folder…"), group, {}, QStringLiteral("plus")},
        [this] { addFolder(); });
    QAction* copy = addCommand(m_view, {"lineage.copyPath", tr("Copy its path"), group, QKeySequence::Copy},
                               [this] { m_details->copyPath(); });
    QAction* reveal =
        addCommand(this, {"lineage.reveal", tr("Show its folder"), group}, [this] { m_details->reveal(); });
    makeExports();

    m_menu = new QMenu(this);
    QAction* open = m_menu->addAction(tr("&Open its run"), this, [this] {
        if (m_view->current()) openNode(*m_view->current());
    });
    m_menu->addActions({mark, fold, chain});
    m_menu->addSeparator();
    m_menu->addActions({copy, reveal});
    connect(m_menu, &QMenu::aboutToShow, this, [this, open, fold, chain] {
        const auto node = m_view->current();
        open->setEnabled(node && m_graph->nodes()[*node].run != 0);
        fold->setEnabled(node && !m_graph->edgesToChildren(*node).empty());
        chain->setEnabled(node && (!chainBehind(*m_graph, *node).empty() ||
                                   m_folds.chains.contains(m_graph->nodes()[*node].key)));
    });
    // A disabled command would also have no key.
    connect(m_menu, &QMenu::aboutToHide, this, [fold, chain] {
        fold->setEnabled(true);
        chain->setEnabled(true);
    });

    const auto button = [&](QAction* action) {
        auto* made = new QToolButton(this);
        made->setDefaultAction(action);
        made->setAutoRaise(true);
        made->setAccessibleName(commandText(action));
        made->setFocusPolicy(Qt::TabFocus);
        QString tip = commandText(action);
        if (!action->shortcut().isEmpty())
            tip += QStringLiteral("  (%1)").arg(action->shortcut().toString(QKeySequence::NativeText));
        action->setToolTip(tip);
        bar->addWidget(made);
        return made;
    };
    for (QAction* action : {fit, in, out, mark}) button(action);
    QToolButton* folding = button(chains);
    folding->addAction(unfold);
    folding->setPopupMode(QToolButton::MenuButtonPopup);
    button(add);
    auto* save = new QToolButton(this);
    save->setIcon(m_exports->menuAction()->icon());
    save->setMenu(m_exports);
    save->setPopupMode(QToolButton::InstantPopup);
    save->setAutoRaise(true);
    save->setFocusPolicy(Qt::TabFocus);
    save->setToolTip(tr("Export the graph"));
    save->setAccessibleName(tr("Export the graph"));
    bar->addWidget(save);
}

void LineagePage::makeExports() {
    const QString group = tr("Lineage");
    m_exports = new QMenu(this);
    m_exports->setIcon(QIcon());
    const std::pair<const char*, QString> formats[] = {{"png", tr("Export as &PNG…")},
                                                       {"svg", tr("Export as &SVG…")},
                                                       {"dot", tr("Export as &DOT (Graphviz)…")},
                                                       {"csv", tr("Export as &CSV…")}};
    for (const auto& [ending, text] : formats) {
        const QByteArray id = QByteArray("lineage.export.") + ending;
        m_exports->addAction(addCommand(this, {id.constData(), text, group, {}, QStringLiteral("export")},
                                        [this, ending = ending] { exportGraph(ending); }));
    }
    m_exports->setIcon(m_exports->actions().constFirst()->icon());
}

void LineagePage::exportGraph(const char* ending) {
    const QString suffix = QString::fromLatin1(ending);
    QString file =
        QFileDialog::getSaveFileName(this, tr("Export the graph"), QStringLiteral("lineage.") + suffix,
                                     QStringLiteral("%1 (*.%2)").arg(suffix.toUpper(), suffix));
    if (file.isEmpty()) return;
    if (!file.contains(QLatin1Char('.'))) file += QLatin1Char('.') + suffix;
    if (const QString problem = exportTo(file); !problem.isEmpty())
        m_lab.report(Error(problem.toStdString()));
}

QString LineagePage::exportTo(const QString& file) const {
    if (file.endsWith(QLatin1String(".dot"), Qt::CaseInsensitive))
        return write(file, QByteArray::fromStdString(lineageDot(*m_graph)));
    if (file.endsWith(QLatin1String(".csv"), Qt::CaseInsensitive))
        return write(file, QByteArray::fromStdString(lineageCsv(*m_graph)));
    const LineagePicture& picture = m_view->picture();
    const QSizeF size = picture.size() + QSizeF(2 * pictureMargin, 2 * pictureMargin);
    const auto draw = [&](QPaintDevice* device, double scale) {
        QPainter painter(device);
        if (!painter.isActive()) return false;
        painter.scale(scale, scale);
        painter.fillRect(QRectF(QPointF(), size), palette().window());
        painter.translate(pictureMargin, pictureMargin);
        picture.paint(painter, QRectF(QPointF(), picture.size()), 1, {});
        return true;
    };
    if (file.endsWith(QLatin1String(".svg"), Qt::CaseInsensitive)) {
        QSvgGenerator svg;
        svg.setFileName(file);
        svg.setSize(size.toSize());
        svg.setViewBox(QRectF(QPointF(), size));
        svg.setTitle(tr("Lineage"));
        return draw(&svg, 1) ? QString() : tr("Could not write %1").arg(file);
    }
    const double scale = std::min(2.0, std::sqrt(mostPixels / (size.width() * size.height())));
    QImage image((size * scale).toSize(), QImage::Format_RGB32);
    if (image.isNull() || !draw(&image, scale))
        return tr("The graph is too large for a PNG; export it as SVG.");
    return image.save(file) ? QString() : tr("Could not write %1").arg(file);
}

}  // namespace retort
