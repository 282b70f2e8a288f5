// How the tab that asks checkpoints is laid out, and its commands.
#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>
#include <QSplitter>
#include <QToolButton>
#include <QVBoxLayout>
#include <limits>

#include "views/actions.h"
#include "views/compare/answer_session.h"
#include "views/compare/generation_tab.h"
#include "views/compare/table_panel.h"

namespace retort {

GenerationTab::GenerationTab(Lab& lab, QWidget* parent)
    : QWidget(parent), m_lab(lab), m_session(new AnswerSession(this)), m_prompt(new QPlainTextEdit(this)) {
    m_prompt->setPlaceholderText(tr("Prompt, as the model gets it"));
    m_prompt->setAccessibleName(tr("Prompt"));
    m_prompt->setTabChangesFocus(true);
    m_prompt->setMinimumHeight(m_prompt->fontMetrics().lineSpacing() * 2 + 12);
    makeCommands();
    auto* top = new QWidget(this);
    auto* topLayout = new QVBoxLayout(top);
    topLayout->setContentsMargins(0, 0, 0, 0);
    topLayout->addWidget(m_prompt, 1);
    topLayout->addWidget(makeBar());
    auto* splitter = new QSplitter(Qt::Vertical, this);
    splitter->setObjectName(QStringLiteral("compareGenerationSplitter"));
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(top);
    splitter->addWidget(makeResults());
    splitter->setStretchFactor(0, 0);
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({96, 400});
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(splitter);
    connect(m_session, &AnswerSession::began, this, &GenerationTab::began);
    connect(m_session, &AnswerSession::answered, this, &GenerationTab::answered);
    connect(m_session, &AnswerSession::ended, this, &GenerationTab::showState);
    connect(m_prompt, &QPlainTextEdit::textChanged, this, &GenerationTab::showState);
    connect(m_temperature, &QDoubleSpinBox::valueChanged, this, &GenerationTab::showState);
    showState();
}

void GenerationTab::makeCommands() {
    const QString group = tr("Compare");
    m_generate = addCommand(
        this, {"compare.generate", tr("&Generate answers"), group, QKeySequence(Qt::CTRL | Qt::Key_Return)},
        [this] { generate(); });
    m_generate->setShortcuts(
        {QKeySequence(Qt::CTRL | Qt::Key_Return), QKeySequence(Qt::CTRL | Qt::Key_Enter)});
    m_cancel = addCommand(this,
                          {"compare.cancelGeneration", tr("&Cancel generating"), group,
                           QKeySequence(Qt::Key_Escape), QStringLiteral("stop")},
                          [this] { cancel(); });
}

QWidget* GenerationTab::makeBar() {
    auto* bar = new QWidget(this);
    auto* line = new QHBoxLayout(bar);
    line->setContentsMargins(0, 0, 0, 0);
    const auto field = [&](const QString& text, QWidget* box) {
        auto* label = new QLabel(text, bar);
        label->setBuddy(box);
        label->setContentsMargins(0, 0, 4, 0);  // an underlined first letter makes it wider than its hint
        box->setAccessibleName(QString(text).remove(QLatin1Char('&')));
        line->addWidget(label);
        line->addWidget(box);
    };
    const auto whole = [&](int low, int high, int value) {
        auto* box = new QSpinBox(bar);
        box->setRange(low, high);
        box->setValue(value);
        return box;
    };
    m_temperature = new QDoubleSpinBox(bar);
    m_temperature->setRange(0, 10);
    m_temperature->setSingleStep(0.1);
    m_temperature->setSpecialValueText(tr("0 (greedy)"));
    m_maxTokens = whole(1, 1 << 20, 128);
    m_samples = whole(1, 64, 1);
    m_seed = whole(0, std::numeric_limits<int>::max(), 1);
    for (QSpinBox* box : {m_samples, m_seed})
        box->setToolTip(tr("For temperatures above 0: a greedy answer is always the same"));
    field(tr("&Temperature"), m_temperature);
    field(tr("Ma&x. tokens"), m_maxTokens);
    field(tr("Sam&ples"), m_samples);
    field(tr("S&eed"), m_seed);
    m_run = new QPushButton(tr("&Generate"), bar);
    m_run->setToolTip(tr("Ctrl+Enter asks every compared checkpoint, Esc cancels"));
    connect(m_run, &QPushButton::clicked, this, [this] { isGenerating() ? cancel() : generate(); });
    m_progress = new QProgressBar(bar);
    m_progress->setFixedWidth(120);
    m_progress->setFormat(QStringLiteral("%v / %m"));
    m_progress->setAccessibleName(tr("Checkpoints that have answered"));
    m_status = new QLabel(bar);
    m_status->setTextFormat(Qt::PlainText);
    m_about = new QLabel(bar);
    m_about->setTextFormat(Qt::PlainText);
    m_about->setTextInteractionFlags(Qt::TextSelectableByMouse);
    // Long names must not make the window wider.
    for (QLabel* label : {m_status, m_about})
        label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_historyButton = new QToolButton(bar);
    m_historyButton->setText(tr("Asked before"));
    m_historyButton->setToolTip(tr("The prompts of this session, with their answers"));
    m_historyButton->setPopupMode(QToolButton::InstantPopup);
    m_historyButton->setAutoRaise(true);
    m_historyButton->setFocusPolicy(Qt::TabFocus);
    m_historyMenu = new QMenu(m_historyButton);
    m_historyButton->setMenu(m_historyMenu);
    line->addWidget(m_run);
    line->addWidget(m_progress);
    line->addWidget(m_status, 1);
    line->addWidget(m_about, 1);
    line->addWidget(m_historyButton);
    return bar;
}

QWidget* GenerationTab::makeResults() {
    m_table = new TablePanel(m_lab, tr("Answers of the checkpoints"), this);
    connect(m_table, &TablePanel::currentRowChanged, this, &GenerationTab::showAnswers);
    m_columns = new QComboBox(this);
    m_columns->addItems({tr("All side by side"), tr("The chosen one against the baseline")});
    m_columns->setAccessibleName(tr("Which answers are shown"));
    connect(m_columns, &QComboBox::currentIndexChanged, this, &GenerationTab::showAnswers);
    m_answers = new AnswerDiff(this);
    m_export = exportButton(tr("Answers"), this);
    auto* menu = new QMenu(m_export);
    menu->addAction(tr("Copy the answers"), this,
                    [this] { QGuiApplication::clipboard()->setText(m_answers->asText()); });
    const auto json = [this] {
        return m_shown ? QString::fromStdString(
                             askedJson(*m_shown).dump(2, ' ', false, Json::error_handler_t::replace)) +
                             QLatin1Char('\n')
                       : QString();
    };
    menu->addAction(tr("Copy as JSON"), this, [json] { QGuiApplication::clipboard()->setText(json()); });
    menu->addAction(tr("Save as JSON…"), this, [this, json] {
        saveText(m_lab, this, QStringLiteral("answers.json"), tr("JSON files (*.json)"), json());
    });
    menu->addAction(tr("Save as CSV…"), this, [this] {
        saveText(m_lab, this, QStringLiteral("answers.csv"), tr("CSV files (*.csv)"), m_table->text(true));
    });
    m_export->setMenu(menu);
    auto* right = new QWidget(this);
    auto* head = new QHBoxLayout;
    head->addWidget(m_columns);
    head->addStretch(1);
    head->addWidget(m_export);
    auto* rightLayout = new QVBoxLayout(right);
    rightLayout->setContentsMargins(0, 0, 0, 0);
    rightLayout->addLayout(head);
    rightLayout->addWidget(m_answers, 1);
    auto* splitter = new QSplitter(Qt::Horizontal, this);
    splitter->setObjectName(QStringLiteral("compareAnswersSplitter"));
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(m_table);
    splitter->addWidget(right);
    splitter->setSizes({480, 660});
    return splitter;
}

}  // namespace retort
