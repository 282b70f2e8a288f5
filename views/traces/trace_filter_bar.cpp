#include "views/traces/trace_filter_bar.h"

#include <QComboBox>
#include <QDoubleValidator>
#include <QGridLayout>
#include <QIntValidator>
#include <QLineEdit>
#include <QLocale>
#include <QSignalBlocker>
#include <algorithm>
#include <limits>

namespace retort {

namespace {

std::optional<double> number(const QLineEdit* edit) {
    bool ok = false;
    const double value = QLocale().toDouble(edit->text(), &ok);
    return ok ? std::optional(value) : std::nullopt;
}

std::optional<std::int64_t> wholeNumber(const QLineEdit* edit) {
    bool ok = false;
    const qlonglong value = edit->text().toLongLong(&ok);
    return ok ? std::optional<std::int64_t>(value) : std::nullopt;
}

std::optional<bool> choice(const QComboBox* box) {
    const QVariant data = box->currentData();
    return data.isValid() ? std::optional(data.toBool()) : std::nullopt;
}

/// The user's words as a full-text query that cannot be malformed: each is a quoted string, all must be
/// there.
std::string fullTextQuery(const QString& text) {
    QStringList words;
    for (QString word : text.split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
        words << QLatin1Char('"') + word.replace(QLatin1Char('"'), QStringLiteral("\"\"")) + QLatin1Char('"');
    }
    return words.join(QLatin1Char(' ')).toStdString();
}

}  // namespace

TraceFilterBar::TraceFilterBar(QWidget* parent) : QWidget(parent) {
    m_pause.setSingleShot(true);
    m_pause.setInterval(150);
    connect(&m_pause, &QTimer::timeout, this, &TraceFilterBar::changed);

    m_text = new QLineEdit(this);
    m_text->setPlaceholderText(tr("Search prompts and completions"));
    m_text->setAccessibleName(tr("Search prompts and completions"));
    m_text->setClearButtonEnabled(true);
    connect(m_text, &QLineEdit::textChanged, &m_pause, qOverload<>(&QTimer::start));
    using Order = TraceFilter::Order;
    const auto order = [](Order value) { return QVariant(static_cast<int>(value)); };
    m_scope = addChoice(tr("Run"), {{tr("Selected run"), true}, {tr("All runs"), false}});
    m_order = addChoice(tr("Order"), {{tr("Newest first"), order(Order::Newest)},
                                      {tr("Oldest first"), order(Order::Oldest)},
                                      {tr("Highest reward"), order(Order::RewardDown)},
                                      {tr("Lowest reward"), order(Order::RewardUp)},
                                      {tr("Longest first"), order(Order::LongestFirst)},
                                      {tr("Shortest first"), order(Order::ShortestFirst)}});
    m_phase = addChoice(tr("Phase"), {{tr("Any phase"), QString()},
                                      {tr("Training"), QStringLiteral("train")},
                                      {tr("Evaluation"), QStringLiteral("eval")}});
    m_task = addChoice(tr("Task"), {{tr("Any task"), QString()}});
    m_correct =
        addChoice(tr("Answer"), {{tr("Right or wrong"), {}}, {tr("✓ Right"), true}, {tr("✗ Wrong"), false}});
    m_worked = addChoice(tr("Working"),
                         {{tr("Worked or bare"), {}}, {tr("Worked out"), true}, {tr("Bare answer"), false}});
    m_fromStep = addNumber(tr("From step"), tr("from step"), true);
    m_toStep = addNumber(tr("To step"), tr("to step"), true);
    m_minReward = addNumber(tr("Lowest reward"), tr("reward from"), false);
    m_maxReward = addNumber(tr("Highest reward"), tr("reward to"), false);

    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setSpacing(4);
    grid->addWidget(m_text, 0, 0, 1, 2);
    int cell = 2;
    for (QWidget* widget :
         std::initializer_list<QWidget*>{m_scope, m_order, m_phase, m_task, m_correct, m_worked, m_fromStep,
                                         m_toStep, m_minReward, m_maxReward}) {
        grid->addWidget(widget, cell / 2, cell % 2);
        ++cell;
    }
}

QComboBox* TraceFilterBar::addChoice(const QString& name,
                                     const QList<std::pair<QString, QVariant>>& choices) {
    auto* box = new QComboBox(this);
    box->setAccessibleName(name);
    box->setToolTip(name);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(8);
    for (const auto& [text, value] : choices) box->addItem(text, value);
    connect(box, &QComboBox::currentIndexChanged, &m_pause, qOverload<>(&QTimer::start));
    return box;
}

QLineEdit* TraceFilterBar::addNumber(const QString& name, const QString& placeholder, bool whole) {
    auto* edit = new QLineEdit(this);
    edit->setAccessibleName(name);
    edit->setPlaceholderText(placeholder);
    if (whole) {
        edit->setValidator(new QIntValidator(0, std::numeric_limits<int>::max(), edit));
    } else {
        edit->setValidator(new QDoubleValidator(edit));
    }
    connect(edit, &QLineEdit::textChanged, &m_pause, qOverload<>(&QTimer::start));
    return edit;
}

TraceFilter TraceFilterBar::filter() const {
    TraceFilter filter;
    filter.run = m_scope->currentData().toBool() ? m_run : 0;
    filter.fromStep = wholeNumber(m_fromStep);
    filter.toStep = wholeNumber(m_toStep);
    filter.minReward = number(m_minReward);
    filter.maxReward = number(m_maxReward);
    filter.correct = choice(m_correct);
    filter.worked = choice(m_worked);
    filter.phase = m_phase->currentData().toString().toStdString();
    filter.task = m_task->currentData().toString().toStdString();
    filter.text = fullTextQuery(m_text->text());
    filter.order = static_cast<TraceFilter::Order>(m_order->currentData().toInt());
    return filter;
}

bool TraceFilterBar::isNarrowed() const {
    const TraceFilter f = filter();
    return f.fromStep || f.toStep || f.minReward || f.maxReward || f.correct || f.worked ||
           !f.phase.empty() || !f.task.empty() || !f.text.empty();
}

void TraceFilterBar::setRun(RowId run, const QString& name) {
    m_run = run;
    m_scope->setItemText(0, name.isEmpty() ? tr("Selected run") : name);
    m_scope->setToolTip(name);
}

void TraceFilterBar::setTasks(const QStringList& tasks) {
    const QString current = m_task->currentData().toString();
    QStringList have;
    for (int i = 1; i < m_task->count(); ++i) have << m_task->itemData(i).toString();
    if (have == tasks) return;
    const QSignalBlocker quiet(m_task);
    while (m_task->count() > 1) m_task->removeItem(1);
    for (const QString& task : tasks) m_task->addItem(task, task);
    const int index = m_task->findData(current);
    m_task->setCurrentIndex(std::max(index, 0));
    if (index < 0) m_pause.start();
}

void TraceFilterBar::clear() {
    for (QComboBox* box : {m_phase, m_task, m_correct, m_worked}) box->setCurrentIndex(0);
    for (QLineEdit* edit : {m_text, m_fromStep, m_toStep, m_minReward, m_maxReward}) edit->clear();
}

void TraceFilterBar::focusSearch() {
    m_text->setFocus(Qt::ShortcutFocusReason);
    m_text->selectAll();
}

}  // namespace retort
