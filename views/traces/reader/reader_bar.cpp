#include "views/traces/reader/reader_bar.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QSignalBlocker>
#include <QStandardItemModel>
#include <QToolButton>
#include <QVBoxLayout>
#include <QWidgetAction>

#include "views/session.h"
#include "views/traces/reader/lane_legend.h"
#include "views/traces/reader/trace_canvas.h"
#include "views/widgets/theme.h"

namespace retort {

ReaderBar::ReaderBar(TraceCanvas& canvas, QWidget* parent) : QWidget(parent), m_canvas(canvas) {
    const auto combo = [this](const QString& name, const QString& accessible) {
        auto* box = new QComboBox(this);
        box->setObjectName(name);
        box->setAccessibleName(accessible);
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        box->setMinimumContentsLength(12);
        markRemembered(box);
        return box;
    };
    m_rule = combo(QStringLiteral("traceStepRule"), tr("Steps"));
    m_rule->addItem(tr("Steps as marked"), static_cast<int>(StepRule::Automatic));
    m_rule->addItem(tr("Paragraphs"), static_cast<int>(StepRule::Paragraphs));
    m_rule->addItem(tr("Thoughts"), static_cast<int>(StepRule::Thoughts));
    m_rule->addItem(tr("Own rule…"), static_cast<int>(StepRule::Expression));
    const std::pair<QString, int> tips[] = {
        {tr("The task's own steps; paragraphs where it has none."), 0},
        {tr("A step begins behind a blank line; at each line where there are no blank lines."), 1},
        {tr("A step begins where the model turns: Wait, Alternatively, Let me check …"), 2},
        {tr("A step begins where a regular expression of yours matches."), 3}};
    for (const auto& [tip, item] : tips) m_rule->setItemData(item, tip, Qt::ToolTipRole);
    m_expression = new QLineEdit(this);
    m_expression->setObjectName(QStringLiteral("traceStepExpression"));
    markRemembered(m_expression);
    m_expression->setPlaceholderText(QStringLiteral("^Step \\d+:"));
    m_expression->setToolTip(tr("A step begins at each match (PCRE2; ^ and $ are at lines)."));
    m_expression->setAccessibleName(tr("Regular expression at which steps begin"));
    m_expression->hide();

    m_lane = combo(QStringLiteral("traceTokenLane"), tr("Token lane"));
    m_lane->addItem(tr("No token lane"), -1);
    for (int i = 0; i < tokenLaneCount; ++i) {
        m_lane->addItem(laneTitle(static_cast<TokenLane>(i)), i);
        m_lane->setItemData(i + 1, laneToolTip(static_cast<TokenLane>(i)), Qt::ToolTipRole);
    }
    m_unit = combo(QStringLiteral("traceRollUp"), tr("Rolled up"));
    for (const RollUp unit : {RollUp::Token, RollUp::Word, RollUp::Sentence, RollUp::Step})
        m_unit->addItem(rollUpTitle(unit), static_cast<int>(unit));
    m_extreme = new QCheckBox(tr("extreme"), this);
    m_extreme->setObjectName(QStringLiteral("traceRollUpExtreme"));
    m_extreme->setToolTip(tr("The value farthest from paper in each unit instead of the mean"));
    markRemembered(m_extreme);
    m_legend = new LaneLegend(this);
    m_problem = new QLabel(this);
    m_problem->setWordWrap(true);
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->hide();
    auto* more = new QToolButton(this);
    m_menu = new QMenu(more);
    more->setText(QStringLiteral("⋯"));
    more->setToolTip(tr("How the text is shown"));
    more->setAccessibleName(more->toolTip());
    more->setAutoRaise(true);
    more->setMenu(m_menu);
    more->setPopupMode(QToolButton::InstantPopup);

    auto* marks = new QWidget(m_menu);
    m_marks = new QLineEdit(marks);
    m_marks->setObjectName(QStringLiteral("traceThinkMarks"));
    markRemembered(m_marks);
    m_marks->setPlaceholderText(QStringLiteral("<think> </think>"));
    m_marks->setToolTip(
        tr("What opens and what closes the thinking, with a space between; one word: what closes it. "
           "The marks that models commonly write are known without."));
    auto* marksLabel = new QLabel(tr("&Own think marks:"), marks);
    marksLabel->setBuddy(m_marks);
    auto* marksLayout = new QHBoxLayout(marks);
    marksLayout->addWidget(marksLabel);
    marksLayout->addWidget(m_marks, 1);
    auto* marksAction = new QWidgetAction(m_menu);
    marksAction->setDefaultWidget(marks);
    m_menu->addAction(marksAction);
    connect(m_marks, &QLineEdit::textChanged, this, [this] { m_pause.start(); });

    auto* line = new QHBoxLayout;
    line->setContentsMargins(0, 0, 0, 0);
    line->addWidget(m_rule);
    line->addWidget(m_expression, 1);
    line->addWidget(m_lane);
    line->addWidget(m_unit);
    line->addWidget(m_extreme);
    line->addWidget(m_legend);
    line->addStretch();
    line->addWidget(more);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addLayout(line);
    layout->addWidget(m_problem);

    m_pause.setSingleShot(true);
    m_pause.setInterval(250);  // an expression is tried when typing pauses
    connect(&m_pause, &QTimer::timeout, this, &ReaderBar::cuttingChanged);
    connect(m_expression, &QLineEdit::textChanged, this, [this] {
        if (cutting().rule == StepRule::Expression) m_pause.start();
    });
    connect(m_expression, &QLineEdit::returnPressed, this, [this] {
        m_pause.stop();
        Q_EMIT cuttingChanged();
    });
    connect(m_rule, &QComboBox::currentIndexChanged, this, [this] {
        m_expression->setVisible(cutting().rule == StepRule::Expression);
        Q_EMIT cuttingChanged();
    });
    connect(m_lane, &QComboBox::currentIndexChanged, this, &ReaderBar::applyLane);
    connect(m_unit, &QComboBox::currentIndexChanged, this, &ReaderBar::applyLane);
    connect(m_extreme, &QCheckBox::toggled, this, &ReaderBar::applyLane);
    traceChanged();
}

StepCutting ReaderBar::cutting() const {
    StepCutting cutting;
    cutting.rule = static_cast<StepRule>(m_rule->currentData().toInt());
    if (cutting.rule == StepRule::Expression) cutting.expression = m_expression->text().toStdString();
    const QStringList marks = m_marks->text().split(QLatin1Char(' '), Qt::SkipEmptyParts);
    if (!marks.isEmpty())
        cutting.delimiters.push_back(
            {marks.size() > 1 ? marks.first().toStdString() : std::string(), marks.last().toStdString()});
    return cutting;
}

void ReaderBar::setRule(StepRule rule) {
    m_rule->setCurrentIndex(m_rule->findData(static_cast<int>(rule)));
}

void ReaderBar::setProblem(const QString& problem) {
    m_problem->setVisible(!problem.isEmpty());
    m_problem->setText(problem);
    QPalette ink = m_problem->palette();
    ink.setColor(QPalette::WindowText, tones().bad);
    m_problem->setPalette(ink);
}

void ReaderBar::traceChanged() {
    auto* items = qobject_cast<QStandardItemModel*>(m_lane->model());
    for (int i = 0; i < tokenLaneCount && items; ++i)
        items->item(i + 1)->setEnabled(m_canvas.tokens().has(static_cast<TokenLane>(i)));
    applyLane();
}

void ReaderBar::applyLane() {
    const int lane = m_lane->currentData().toInt();
    m_canvas.setRollUp(static_cast<RollUp>(m_unit->currentData().toInt()), m_extreme->isChecked());
    m_canvas.setTokenLane(lane < 0 ? std::nullopt : std::optional(static_cast<TokenLane>(lane)));
    const bool shown = !m_canvas.shares().empty();
    m_unit->setVisible(lane >= 0);
    m_extreme->setVisible(lane >= 0 && m_unit->currentIndex() > 0);
    m_legend->setVisible(shown);
    if (shown) m_legend->setScale(static_cast<TokenLane>(lane), m_canvas.laneScale());
}

void ReaderBar::cycleLane(int by) {
    const int count = m_lane->count();
    for (int i = 1; i <= count; ++i) {
        const int next = ((m_lane->currentIndex() + by * i) % count + count) % count;
        if (next > 0 && !m_canvas.tokens().has(static_cast<TokenLane>(next - 1))) continue;
        m_lane->setCurrentIndex(next);
        return;
    }
}

}  // namespace retort
