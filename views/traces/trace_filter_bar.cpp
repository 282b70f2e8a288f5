#include "views/traces/trace_filter_bar.h"

#include <QComboBox>
#include <QDoubleValidator>
#include <QGridLayout>
#include <QIntValidator>
#include <QLineEdit>
#include <QLocale>
#include <QSignalBlocker>
#include <QToolButton>
#include <algorithm>
#include <limits>

#include "views/session.h"
#include "views/widgets/theme.h"

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
    connect(&m_pause, &QTimer::timeout, this, [this] {
        showCount();
        Q_EMIT changed();
    });

    m_text = new QLineEdit(this);
    m_text->setPlaceholderText(tr("Search prompts and completions"));
    m_text->setAccessibleName(tr("Search prompts and completions"));
    m_text->setClearButtonEnabled(true);
    connect(m_text, &QLineEdit::textChanged, &m_pause, qOverload<>(&QTimer::start));
    makeFields();
    addPresets();
    m_fold = new QToolButton(this);
    m_fold->setCheckable(true);
    m_fold->setAutoRaise(true);
    m_fold->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_fold->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    m_fold->setObjectName(QStringLiteral("traces.unfoldFilters"));
    markRemembered(m_fold);
    connect(m_fold, &QToolButton::toggled, this, &TraceFilterBar::setUnfolded);

    m_more = new QWidget(this);
    auto* more = new QGridLayout(m_more);
    more->setContentsMargins(0, 0, 0, 0);
    more->setSpacing(4);
    int cell = 0;
    for (QWidget* widget : std::initializer_list<QWidget*>{m_phase, m_task, m_correct, m_worked, m_finish,
                                                           m_annotated, m_fromStep, m_toStep, m_minReward,
                                                           m_maxReward, m_minTokens, m_maxTokens}) {
        more->addWidget(widget, cell / 2, cell % 2);
        ++cell;
    }
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setSpacing(4);
    grid->addWidget(m_text, 0, 0, 1, 2);
    grid->addWidget(m_scope, 1, 0);
    grid->addWidget(m_order, 1, 1);
    grid->addWidget(m_preset, 2, 0);
    grid->addWidget(m_fold, 2, 1);
    grid->addWidget(m_more, 3, 0, 1, 2);
    setUnfolded(false);
}

void TraceFilterBar::makeFields() {
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
    m_finish = addChoice(tr("Ending"), {{tr("Ended or cut off"), QString()},
                                        {tr("Ended by itself"), QStringLiteral("stop")},
                                        {tr("Cut off"), QStringLiteral("length")}});
    m_annotated =
        addChoice(tr("Annotated"),
                  {{tr("Annotated or not"), {}}, {tr("Annotated"), true}, {tr("Not annotated"), false}});
    m_fromStep = addNumber(tr("From step"), tr("from step"), true);
    m_toStep = addNumber(tr("To step"), tr("to step"), true);
    m_minReward = addNumber(tr("Lowest reward"), tr("reward from"), false);
    m_maxReward = addNumber(tr("Highest reward"), tr("reward to"), false);
    m_minTokens = addNumber(tr("Fewest tokens"), tr("tokens from"), true);
    m_maxTokens = addNumber(tr("Most tokens"), tr("tokens to"), true);
}

void TraceFilterBar::addPresets() {
    const auto value = [](QueuePreset preset) { return QVariant(static_cast<int>(preset)); };
    m_preset =
        addChoice(tr("Which traces"), {{tr("All traces"), value(QueuePreset::Listed)},
                                       {tr("Longest tenth"), value(QueuePreset::LongestDecile)},
                                       {tr("All rewards equal"), value(QueuePreset::ZeroVariance)},
                                       {tr("Lanes disagree"), value(QueuePreset::LaneDisagreement)},
                                       {tr("Reward flipped"), value(QueuePreset::RewardFlipped)},
                                       {tr("Graders disagree"), value(QueuePreset::GraderDisagreement)},
                                       {tr("PRM near ½"), value(QueuePreset::PrmNearThreshold)},
                                       {tr("Right, with a low step"), value(QueuePreset::RightWithLowStep)},
                                       {tr("Convincing but wrong"), value(QueuePreset::ConvincingWrong)}});
    const QStringList tips = {
        {},
        tr("The longest tenth of what the filters let through, longest first"),
        tr("Groups in which all rewards are equal: a group-relative method learns nothing from them"),
        tr("Two judges say opposite things of one step"),
        tr("The same problem was right at one training step and wrong at the next"),
        tr("The reward says one thing, the exact checker another"),
        tr("A step's PRM score is nearest to one half"),
        tr("Right answers with a step that the PRM scores low"),
        tr("Wrong answers whose steps the PRM scores high")};
    for (int i = 0; i < tips.size(); ++i) m_preset->setItemData(i, tips[i], Qt::ToolTipRole);
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
    filter.finish = m_finish->currentData().toString().toStdString();
    filter.annotated = choice(m_annotated);
    filter.minTokens = wholeNumber(m_minTokens);
    filter.maxTokens = wholeNumber(m_maxTokens);
    const auto chosen = static_cast<QueuePreset>(m_preset->currentData().toInt());
    filter.zeroVariance = chosen == QueuePreset::ZeroVariance;
    filter.lanesDisagree = chosen == QueuePreset::LaneDisagreement;
    filter.order = static_cast<TraceFilter::Order>(m_order->currentData().toInt());
    return filter;
}

std::vector<QLineEdit*> TraceFilterBar::numbers() const {
    return {m_fromStep, m_toStep, m_minReward, m_maxReward, m_minTokens, m_maxTokens};
}

std::vector<QComboBox*> TraceFilterBar::choices() const {
    return {m_phase, m_task, m_correct, m_worked, m_finish, m_annotated};
}

bool TraceFilterBar::isNarrowed() const {
    const auto fields = numbers();
    const auto boxes = choices();
    return !m_text->text().trimmed().isEmpty() || m_preset->currentIndex() > 0 ||
           std::any_of(fields.begin(), fields.end(),
                       [](const QLineEdit* e) { return !e->text().isEmpty(); }) ||
           std::any_of(boxes.begin(), boxes.end(), [](const QComboBox* b) { return b->currentIndex() > 0; });
}

/// How many of the fields that may be folded away are in use.
void TraceFilterBar::showCount() {
    int used = 0;
    for (const QLineEdit* edit : numbers()) used += !edit->text().isEmpty();
    for (const QComboBox* box : choices()) used += box->currentIndex() > 0;
    m_fold->setText(used == 0 ? tr("Filters") : tr("Filters (%1)").arg(used));
    m_fold->setIcon(lineIcon(m_fold->isChecked() ? QStringLiteral("expand") : QStringLiteral("collapse")));
    m_fold->setAccessibleName(m_fold->text());
}

void TraceFilterBar::setUnfolded(bool on) {
    m_fold->setChecked(on);
    m_more->setVisible(on);
    showCount();
}

QueuePreset TraceFilterBar::preset() const {
    const auto chosen = static_cast<QueuePreset>(m_preset->currentData().toInt());
    const bool isFilter = chosen == QueuePreset::ZeroVariance || chosen == QueuePreset::LaneDisagreement;
    return isFilter ? QueuePreset::Listed : chosen;
}

void TraceFilterBar::setPreset(QueuePreset preset) {
    m_preset->setCurrentIndex(std::max(0, m_preset->findData(static_cast<int>(preset))));
}

void TraceFilterBar::setRewards(std::optional<Range> range) {
    // As many digits as it takes to be the same number when it is read back.
    const auto text = [](double value) { return QLocale().toString(value, 'g', 12); };
    m_minReward->setText(range ? text(range->first) : QString());
    m_maxReward->setText(range ? text(range->second) : QString());
}

void TraceFilterBar::setTokens(std::optional<Range> range) {
    const auto text = [](double value) { return QString::number(static_cast<qlonglong>(value)); };
    m_minTokens->setText(range ? text(range->first) : QString());
    m_maxTokens->setText(range ? text(range->second) : QString());
}

namespace {
std::optional<TraceFilterBar::Range> rangeOf(std::optional<double> low, std::optional<double> high) {
    if (!low && !high) return std::nullopt;
    constexpr double infinity = std::numeric_limits<double>::infinity();
    return TraceFilterBar::Range{low.value_or(-infinity), high.value_or(infinity)};
}
}  // namespace

std::optional<TraceFilterBar::Range> TraceFilterBar::rewards() const {
    return rangeOf(number(m_minReward), number(m_maxReward));
}

std::optional<TraceFilterBar::Range> TraceFilterBar::tokens() const {
    return rangeOf(number(m_minTokens), number(m_maxTokens));
}

void TraceFilterBar::setStep(std::int64_t step, const std::string& phase) {
    clear();
    const QString text = QString::number(step);
    m_fromStep->setText(text);
    m_toStep->setText(text);
    m_phase->setCurrentIndex(std::max(0, m_phase->findData(QString::fromStdString(phase))));
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
    for (QComboBox* box : choices()) box->setCurrentIndex(0);
    m_preset->setCurrentIndex(0);
    for (QLineEdit* edit : numbers()) edit->clear();
    m_text->clear();
}

void TraceFilterBar::focusSearch() {
    m_text->setFocus(Qt::ShortcutFocusReason);
    m_text->selectAll();
}

}  // namespace retort
