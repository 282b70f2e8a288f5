#include "views/annotation/score_field.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>

#include "views/widgets/theme.h"

namespace retort {

ScoreField::ScoreField(const QString& name, const QString& low, const QString& high, QWidget* parent)
    : QWidget(parent) {
    auto* line = new QHBoxLayout;
    line->setSpacing(2);
    for (int score = 0; score <= 6; ++score) {
        auto* button = new QToolButton(this);
        button->setText(QString::number(score));
        button->setCheckable(true);
        button->setFocusPolicy(Qt::TabFocus);
        button->setAccessibleName(tr("%1: %2 of 6").arg(name).arg(score));
        const QString meaning = score == 0 ? low : score == 6 ? high : QString();
        button->setToolTip(meaning.isEmpty() ? button->accessibleName() : meaning);
        connect(button, &QToolButton::clicked, this, [this, score] {
            setScore(m_score == score ? std::nullopt : std::optional(score));
            Q_EMIT chosen(m_score);
        });
        line->addWidget(button);
        m_buttons.push_back(button);
    }
    line->addStretch();
    auto* head = new QLabel(QStringLiteral("%1  <small>0 %2 · 6 %3</small>")
                                .arg(name.toHtmlEscaped(), low.toHtmlEscaped(), high.toHtmlEscaped()),
                            this);
    head->setWordWrap(true);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    layout->addWidget(head);
    layout->addLayout(line);
}

void ScoreField::setScore(std::optional<int> score) {
    m_score = score;
    for (int i = 0; i < static_cast<int>(m_buttons.size()); ++i)
        m_buttons[static_cast<std::size_t>(i)]->setChecked(score == i);
}

}  // namespace retort
