#include "views/compare/relatives_strip.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>
#include <algorithm>

#include "views/models/format.h"
#include "views/widgets/theme.h"

namespace retort {

RelativesStrip::RelativesStrip(QWidget* parent)
    : QWidget(parent), m_label(new QLabel(this)), m_add(new QPushButton(tr("Add &them"), this)) {
    m_label->setWordWrap(true);
    m_label->setTextFormat(Qt::PlainText);
    m_label->setAccessibleName(tr("Parents that are not compared"));
    auto* close = new QToolButton(this);
    close->setIcon(lineIcon(QStringLiteral("close")));
    close->setAutoRaise(true);
    close->setToolTip(tr("Dismiss"));
    close->setAccessibleName(close->toolTip());
    close->setFocusPolicy(Qt::TabFocus);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_label, 1);
    layout->addWidget(m_add);
    layout->addWidget(close);
    connect(m_add, &QPushButton::clicked, this, [this] { Q_EMIT addRequested(m_missing); });
    connect(close, &QToolButton::clicked, this, [this] {
        m_dismissed = m_label->text();
        hide();
    });
    hide();
}

void RelativesStrip::setFamilies(const Comparison& comparison, const std::vector<MergeFamily>& families) {
    m_missing.clear();
    QStringList sentences;
    for (const MergeFamily& family : families) {
        QStringList parents, elsewhere, unknown;
        for (const MissingRelative& each : family.missing) {
            const QString name =
                each.isBase ? tr("%1 (base)").arg(toQString(each.name)) : toQString(each.name);
            (each.ref ? parents : each.isMeasuredElsewhere ? elsewhere : unknown) << name;
            if (each.ref && std::find(m_missing.begin(), m_missing.end(), *each.ref) == m_missing.end())
                m_missing.push_back(*each.ref);
        }
        const QString merge = toQString(comparison.checkpoints[family.checkpoint].name);
        const auto say = [&](const QString& sentence, const QStringList& names) {
            if (!names.isEmpty()) sentences << sentence.arg(merge, names.join(QStringLiteral(", ")));
        };
        say(tr("%1 came from %2, not compared here."), parents);
        say(tr("%1 came from %2, evaluated on other problems."), elsewhere);
        say(tr("%1 came from %2, never evaluated."), unknown);
    }
    m_label->setText(sentences.join(QLatin1Char(' ')));
    m_add->setVisible(!m_missing.empty());
    setVisible(!sentences.isEmpty() && m_label->text() != m_dismissed);
}

}  // namespace retort
