#include "views/compare/flip_table.h"

#include <QGridLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <algorithm>

namespace retort {

FlipTable::FlipTable(QWidget* parent) : QWidget(parent) {
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setSpacing(4);
    for (int i = 0; i < 4; ++i) {
        m_heads[i] = new QLabel(this);
        m_heads[i]->setTextFormat(Qt::PlainText);
        m_buttons[i] = new QPushButton(this);
        m_buttons[i]->setCheckable(true);
        m_buttons[i]->setMinimumHeight(m_buttons[i]->sizeHint().height() + 14);
        connect(m_buttons[i], &QPushButton::clicked, this,
                [this, i](bool on) { choose(on ? std::optional(static_cast<FlipCell>(i)) : std::nullopt); });
    }
    grid->addWidget(m_heads[0], 0, 1, Qt::AlignCenter);
    grid->addWidget(m_heads[1], 0, 2, Qt::AlignCenter);
    grid->addWidget(m_heads[2], 1, 0);
    grid->addWidget(m_heads[3], 2, 0);
    grid->addWidget(m_buttons[static_cast<int>(FlipCell::Both)], 1, 1);
    grid->addWidget(m_buttons[static_cast<int>(FlipCell::OnlyFirst)], 1, 2);
    grid->addWidget(m_buttons[static_cast<int>(FlipCell::OnlySecond)], 2, 1);
    grid->addWidget(m_buttons[static_cast<int>(FlipCell::Neither)], 2, 2);
    grid->setColumnStretch(1, 1);
    grid->setColumnStretch(2, 1);
    setAccessibleName(tr("Problems by who solves them"));
}

void FlipTable::setCounts(const PairedCounts& counts, const QString& first, const QString& second) {
    const auto shortened = [this](const QString& name) {
        return fontMetrics().elidedText(name, Qt::ElideMiddle, fontMetrics().averageCharWidth() * 16);
    };
    m_heads[0]->setText(tr("%1 ✓").arg(shortened(second)));
    m_heads[1]->setText(tr("%1 ✗").arg(shortened(second)));
    m_heads[2]->setText(tr("%1 ✓").arg(shortened(first)));
    m_heads[3]->setText(tr("%1 ✗").arg(shortened(first)));
    for (QLabel* head : m_heads) head->setToolTip(head == m_heads[0] || head == m_heads[1] ? second : first);
    const std::int64_t values[] = {counts.both, counts.onlyFirst, counts.onlySecond, counts.neither};
    const QString names[] = {tr("both solve"), tr("lost"), tr("won"), tr("neither solves")};
    const QString tips[] = {tr("Both solve these"), tr("Only %1 solves these").arg(first),
                            tr("Only %1 solves these").arg(second), tr("Neither solves these")};
    for (int i = 0; i < 4; ++i) {
        const double share = 100.0 * double(values[i]) / double(std::max<std::int64_t>(counts.total(), 1));
        m_buttons[i]->setText(
            QStringLiteral("%1\n%2 (%3 %)")
                .arg(names[i], QLocale().toString(qlonglong(values[i])), QLocale().toString(share, 'f', 1)));
        m_buttons[i]->setToolTip(tips[i] + QLatin1Char('\n') + tr("Click to list them below; again for all"));
        m_buttons[i]->setAccessibleName(tips[i] + QStringLiteral(": ") + QString::number(values[i]));
    }
}

void FlipTable::choose(std::optional<FlipCell> cell) {
    for (int i = 0; i < 4; ++i) m_buttons[i]->setChecked(cell && static_cast<int>(*cell) == i);
    if (cell == m_chosen) return;
    m_chosen = cell;
    Q_EMIT chosenChanged();
}

}  // namespace retort
