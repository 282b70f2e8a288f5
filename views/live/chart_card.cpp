#include "views/live/chart_card.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPainter>
#include <QToolButton>
#include <QVBoxLayout>

#include "views/widgets/elided_label.h"
#include "views/widgets/theme.h"

namespace retort {

namespace {
/// Half of what is left between cards. A grid layout's own spacing would leave out empty columns, and cards
/// of short rows would be wider than others.
constexpr int kGap = 5;
}  // namespace

ChartCard::ChartCard(std::string metric, QWidget* parent)
    : QFrame(parent),
      m_metric(std::move(metric)),
      m_info(metricInfo(m_metric)),
      m_layout(new QVBoxLayout(this)),
      m_lastValue(new QLabel(this)) {
    m_layout->setContentsMargins(kGap + 1, kGap + 1, kGap + 1, kGap + 1);
    m_layout->setSpacing(0);
    auto* head = new QHBoxLayout;
    head->setContentsMargins(10, 4, 4, 0);
    head->setSpacing(2);
    auto* title = new ElidedLabel(m_info.title, this);
    QFont bold = title->font();
    bold.setBold(true);
    title->setFont(bold);
    title->setToolTip(m_info.title + QLatin1Char('\n') + QString::fromStdString(m_metric));
    head->addWidget(title, 1);
    head->addSpacing(6);
    head->addWidget(m_lastValue);
    head->addSpacing(6);
    m_log = addButton(QStringLiteral("log-scale"), tr("Logarithmic scale: %1").arg(m_info.title));
    m_log->setCheckable(true);
    m_maximise = addButton(QStringLiteral("maximise"), tr("Maximise: %1").arg(m_info.title));
    QToolButton* more = addButton(QStringLiteral("export"), tr("Copy or save: %1").arg(m_info.title));
    makeMenu(more);
    for (QToolButton* button : {m_log, m_maximise, more}) head->addWidget(button);
    m_layout->addLayout(head);
    m_layout->addStretch(1);
    connect(m_log, &QToolButton::toggled, this, [this](bool on) {
        if (m_plot) m_plot->setLogY(on);
    });
    connect(m_maximise, &QToolButton::clicked, this, &ChartCard::maximiseToggled);
}

QToolButton* ChartCard::addButton(const QString& iconName, const QString& name) {
    auto* button = new QToolButton(this);
    button->setAutoRaise(true);
    button->setIcon(lineIcon(iconName));
    button->setIconSize(QSize(15, 15));
    button->setToolTip(name);
    button->setAccessibleName(name);
    return button;
}

void ChartCard::makeMenu(QToolButton* button) {
    auto* menu = new QMenu(button);
    menu->addAction(tr("Copy all points as CSV"), this, [this] { Q_EMIT csvWanted(true); });
    menu->addAction(tr("Save all points as CSV…"), this, [this] { Q_EMIT csvWanted(false); });
    menu->addSeparator();
    menu->addAction(tr("Copy picture"), this, [this] { Q_EMIT imageWanted({}); });
    menu->addAction(tr("Save as PNG…"), this, [this] { Q_EMIT imageWanted(QStringLiteral("png")); });
    menu->addAction(tr("Save as SVG…"), this, [this] { Q_EMIT imageWanted(QStringLiteral("svg")); });
    button->setMenu(menu);
    button->setPopupMode(QToolButton::InstantPopup);
    // Without the arrow that Fusion draws over the icon.
    button->setStyleSheet(QStringLiteral("QToolButton::menu-indicator { image: none; }"));
}

bool ChartCard::isSeen() const {
    return isVisible() && !visibleRegion().isEmpty();
}

PlotView& ChartCard::plot() {
    if (m_plot) return *m_plot;
    m_plot = new PlotView(this);
    m_plot->setTitle(m_info.title, false);
    m_plot->setAxisTitles(m_xTitle, {});
    m_plot->setXFormat(m_xFormat);
    m_plot->setYCovers(m_info.covers);
    m_plot->setLogY(m_log->isChecked());
    delete m_layout->takeAt(m_layout->count() - 1);  // the stretch that kept its place
    m_layout->addWidget(m_plot, 1);
    m_layout->activate();
    connect(m_plot, &PlotView::rangeChanged, this, &ChartCard::needsData);
    connect(m_plot, &PlotView::crosshairMoved, this, &ChartCard::crosshairMoved);
    connect(m_plot, &PlotView::pointActivated, this, &ChartCard::pointActivated);
    m_plot->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_plot, &QWidget::customContextMenuRequested, this, [this](const QPoint& at) {
        if (m_plot->crosshair()) Q_EMIT menuWanted(*m_plot->crosshair(), m_plot->mapToGlobal(at));
    });
    return *m_plot;
}

void ChartCard::setXAxis(const QString& title, AxisFormat format) {
    const bool changed = title != m_xTitle;
    m_xTitle = title;
    m_xFormat = format;
    if (!m_plot || !changed) return;
    m_plot->setAxisTitles(title, {});
    m_plot->setXFormat(format);
    m_plot->resetZoom();  // the old range means nothing on another axis
}

void ChartCard::setLogY(bool on) {
    m_log->setChecked(on);
}
bool ChartCard::isLogY() const {
    return m_log->isChecked();
}

void ChartCard::setMaximised(bool on) {
    m_maximise->setIcon(lineIcon(on ? QStringLiteral("restore") : QStringLiteral("maximise")));
    const QString name = on ? tr("Back to all charts") : tr("Maximise: %1").arg(m_info.title);
    m_maximise->setToolTip(name);
    m_maximise->setAccessibleName(name);
}

void ChartCard::setLastValue(const QString& text) {
    if (m_lastValue->text() != text) m_lastValue->setText(text);
}

void ChartCard::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(tones().border);
    painter.setBrush(tones().surface);
    painter.drawRoundedRect(QRectF(rect()).adjusted(kGap + 0.5, kGap + 0.5, -kGap - 0.5, -kGap - 0.5), 6, 6);
}

}  // namespace retort
