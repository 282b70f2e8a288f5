#include "views/live/chart_grid.h"

#include <QGridLayout>
#include <QScrollBar>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "views/live/chart_card.h"
#include "views/widgets/theme.h"

namespace retort {

namespace {

constexpr int kCardWidth = 370;  // the least
constexpr int kCardHeight = 246;

bool comesBefore(const ChartCard* a, const ChartCard* b) {
    return std::tuple(a->info().order, a->metric()) < std::tuple(b->info().order, b->metric());
}

}  // namespace

ChartGrid::ChartGrid(QWidget* parent)
    : QScrollArea(parent), m_content(new QWidget), m_layout(new QVBoxLayout(m_content)) {
    setWidget(m_content);
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(tr("Charts"));
    setFocusPolicy(Qt::NoFocus);
    m_layout->setContentsMargins(8, 2, 8, 8);
    m_layout->setSpacing(0);
    m_layout->addStretch(1);
    verticalScrollBar()->setSingleStep(40);
    connect(verticalScrollBar(), &QScrollBar::valueChanged, this, &ChartGrid::seenChanged);
}

ChartGrid::Section& ChartGrid::section(int key, const QString& title) {
    Section& section = m_sections[key];
    if (section.header) return section;
    section.title = title;
    section.header = new QToolButton(m_content);
    section.header->setAutoRaise(true);
    section.header->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    section.header->setIcon(lineIcon(QStringLiteral("expand")));
    QFont font = section.header->font();
    font.setBold(true);
    section.header->setFont(font);
    section.body = new QWidget(m_content);
    section.grid = new QGridLayout(section.body);
    section.grid->setContentsMargins(0, 0, 0, 4);
    section.grid->setSpacing(0);
    connect(section.header, &QToolButton::clicked, this, [this, key] {
        Section& toggled = m_sections[key];
        toggled.open = !toggled.open;
        toggled.header->setIcon(
            lineIcon(toggled.open ? QStringLiteral("expand") : QStringLiteral("collapse")));
        toggled.body->setVisible(toggled.open);
        QTimer::singleShot(0, this, &ChartGrid::seenChanged);
    });
    int row = 0;  // its place among the sections that there are
    for (const auto& [other, unused] : m_sections)
        if (other < key) row += 2;
    m_layout->insertWidget(row, section.header);
    m_layout->insertWidget(row + 1, section.body);
    return section;
}

void ChartGrid::addCard(const std::string& metric) {
    const MetricInfo info = metricInfo(metric);
    Section& into = section(static_cast<int>(info.section), info.sectionTitle);
    auto* made = new ChartCard(metric, into.body);
    made->setMinimumHeight(kCardHeight);
    made->setMaximumHeight(kCardHeight);
    into.cards.insert(std::upper_bound(into.cards.begin(), into.cards.end(), made, comesBefore), made);
    Q_EMIT cardMade(made);
}

void ChartGrid::setMetrics(const std::vector<std::string>& metrics) {
    bool changed = false;
    for (const std::string& metric : metrics)
        if (!card(metric)) {
            addCard(metric);
            changed = true;
        }
    for (auto& [key, section] : m_sections)
        for (ChartCard* each : std::vector(section.cards))
            if (std::find(metrics.begin(), metrics.end(), each->metric()) == metrics.end()) {
                std::erase(section.cards, each);
                delete each;
                changed = true;
            }
    if (changed) layOut();
}

void ChartGrid::setFilter(const QString& text) {
    m_filter = text.trimmed();
    layOut();
}

bool ChartGrid::fits(const ChartCard& card) const {
    const QString searched = card.info().title + QLatin1Char(' ') + QString::fromStdString(card.metric());
    for (const QString& word : m_filter.split(QLatin1Char(' '), Qt::SkipEmptyParts))
        if (!searched.contains(word, Qt::CaseInsensitive)) return false;
    return true;
}

int ChartGrid::columns() const {
    return std::max(1, (viewport()->width() - 16) / kCardWidth);
}

void ChartGrid::layOut() {
    m_columns = columns();
    for (auto& [key, section] : m_sections) {
        while (QLayoutItem* item = section.grid->takeAt(0)) delete item;
        int index = 0;
        for (ChartCard* each : section.cards) {
            each->setVisible(fits(*each));
            if (fits(*each)) {
                section.grid->addWidget(each, index / m_columns, index % m_columns);
                ++index;
            }
        }
        for (int column = 0; column < std::max(m_columns, section.grid->columnCount()); ++column) {
            section.grid->setColumnStretch(column, column < m_columns ? 1 : 0);
            section.grid->setColumnMinimumWidth(column, 0);
        }
        section.header->setText(QStringLiteral("%1  ·  %2").arg(section.title).arg(index));
        section.header->setVisible(index > 0);
        section.body->setVisible(index > 0 && section.open);
    }
    QTimer::singleShot(0, this, &ChartGrid::seenChanged);
}

std::vector<ChartCard*> ChartGrid::cards() const {
    std::vector<ChartCard*> all;
    for (const auto& [key, section] : m_sections)
        all.insert(all.end(), section.cards.begin(), section.cards.end());
    return all;
}

std::vector<ChartCard*> ChartGrid::seenCards() const {
    std::vector<ChartCard*> seen = cards();
    std::erase_if(seen, [](const ChartCard* each) { return !each->isSeen(); });
    return seen;
}

ChartCard* ChartGrid::card(const std::string& metric) const {
    for (ChartCard* each : cards())
        if (each->metric() == metric) return each;
    return nullptr;
}

int ChartGrid::shownCount() const {
    const auto all = cards();
    return static_cast<int>(
        std::count_if(all.begin(), all.end(), [this](const ChartCard* each) { return fits(*each); }));
}

void ChartGrid::resizeEvent(QResizeEvent* event) {
    QScrollArea::resizeEvent(event);
    if (columns() != m_columns) layOut();
    Q_EMIT seenChanged();
}

void ChartGrid::showEvent(QShowEvent* event) {
    QScrollArea::showEvent(event);
    QTimer::singleShot(0, this, &ChartGrid::seenChanged);
}

}  // namespace retort
