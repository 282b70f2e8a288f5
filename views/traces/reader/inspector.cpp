#include "views/traces/reader/inspector.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QTreeWidget>
#include <QVBoxLayout>
#include <cmath>

#include "core/analysis/estimators.h"
#include "views/models/format.h"
#include "views/traces/reader/trace_canvas.h"

namespace retort {

namespace {

using Fact = FactTable::Fact;

constexpr int longestValue = 600;  // characters; the tool tip and the clipboard have all of it

QString visible(std::string_view text) {
    QString shown = toQString(text);
    shown.replace(QLatin1Char('\n'), QStringLiteral("↵")).replace(QLatin1Char('\t'), QStringLiteral("→"));
    if (shown.trimmed().isEmpty() || shown.startsWith(QLatin1Char(' ')) || shown.endsWith(QLatin1Char(' ')))
        shown.replace(QLatin1Char(' '), QStringLiteral("␣"));
    return shown;
}

/// In lines of at most `width` px, broken at spaces: a tree view elides what is longer than its column.
QString wrapped(const QString& text, const QFontMetrics& metrics, int width) {
    QString lines, line;
    for (const QString& word : text.left(longestValue).split(QLatin1Char(' '))) {
        const QString longer = line.isEmpty() ? word : line + QLatin1Char(' ') + word;
        if (!line.isEmpty() && metrics.horizontalAdvance(longer) > width) {
            lines += line + QLatin1Char('\n');
            line = word;
        } else {
            line = longer;
        }
    }
    return lines + line;
}

QString ratingWord(int rating) {
    return rating < 0    ? Inspector::tr("✗ bad (−1)")
           : rating == 0 ? Inspector::tr("○ okay (0)")
                         : Inspector::tr("✓ great (+1)");
}

QString kindWord(LaneKind kind) {
    switch (kind) {
        case LaneKind::Checker:
            return Inspector::tr("Checker");
        case LaneKind::Human:
            return Inspector::tr("Person");
        case LaneKind::MonteCarlo:
            return Inspector::tr("Monte Carlo");
        case LaneKind::Prm:
            return Inspector::tr("Reward model");
        case LaneKind::Critic:
            return Inspector::tr("Critic");
        case LaneKind::Detector:
            return Inspector::tr("Detector");
    }
    return {};
}

void addRewards(const Trace& trace, std::vector<Fact>& facts) {
    facts.push_back({Inspector::tr("Rewards"), {}, {}, true});
    if (trace.reward)
        facts.push_back({Inspector::tr("Reward"), formatNumber(*trace.reward), {}, false, true});
    for (const auto& [name, value] : trace.rewards) facts.push_back({toQString(name), formatNumber(value)});
    if (trace.advantage) facts.push_back({Inspector::tr("Advantage"), formatNumber(*trace.advantage)});
}

QString judgementText(const StepJudgement& said) {
    QStringList parts;
    if (said.rating) parts << ratingWord(*said.rating);
    if (said.rollouts > 0) {
        const Interval range = wilsonInterval(said.successes, said.rollouts);
        parts << Inspector::tr("%1 of %2 succeed (95 %: %3–%4)")
                     .arg(said.successes)
                     .arg(said.rollouts)
                     .arg(formatNumber(range.low), formatNumber(range.high));
    } else if (said.value) {
        parts << formatNumber(*said.value);
    }
    if (!said.text.empty()) parts << toQString(said.text);
    return parts.join(QStringLiteral(", "));
}

}  // namespace

FactTable::FactTable(const QString& name, QWidget* parent) : QWidget(parent) {
    m_tree = new QTreeWidget(this);
    m_tree->setColumnCount(2);
    m_tree->setHeaderHidden(true);
    m_tree->setRootIsDecorated(false);
    m_tree->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_tree->setWordWrap(true);
    m_tree->setAccessibleName(name);
    m_tree->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_tree->header()->setStretchLastSection(true);
    m_tree->setFrameShape(QFrame::NoFrame);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_tree);
    auto* copyRows = new QAction(tr("Copy"), m_tree);
    copyRows->setShortcut(QKeySequence::Copy);
    copyRows->setShortcutContext(Qt::WidgetShortcut);
    m_tree->addAction(copyRows);
    m_tree->setContextMenuPolicy(Qt::ActionsContextMenu);
    connect(copyRows, &QAction::triggered, this, &FactTable::copy);
}

void FactTable::setFacts(const std::vector<Fact>& facts) {
    m_tree->clear();
    QList<QTreeWidgetItem*> items;
    int named = 0;  // headings go over both columns and do not widen the first one
    for (const Fact& fact : facts)
        if (!fact.heading) named = std::max(named, m_tree->fontMetrics().horizontalAdvance(fact.what) + 14);
    const int whole = m_tree->viewport()->width();
    const int first = std::clamp(named, 60, std::max(60, whole * 11 / 20));
    m_tree->header()->resizeSection(0, first);
    const QFontMetrics metrics(m_tree->font());
    const int room = std::max(40, whole - first - 14);
    for (const Fact& fact : facts) {
        auto* item = new QTreeWidgetItem({fact.heading ? wrapped(fact.what, metrics, whole - 14) : fact.what,
                                          wrapped(fact.value, metrics, room)});
        item->setData(1, Qt::UserRole, fact.value);
        item->setToolTip(0, fact.toolTip);
        item->setToolTip(1, fact.toolTip.isEmpty() ? fact.value : fact.toolTip);
        item->setTextAlignment(0, Qt::AlignTop | Qt::AlignLeft);
        if (fact.heading || fact.strong) {
            QFont bold = m_tree->font();
            bold.setBold(true);
            item->setFont(0, bold);
            item->setFont(1, bold);
        }
        item->setFirstColumnSpanned(fact.heading);
        items << item;
    }
    m_tree->addTopLevelItems(items);
    for (int i = 0; i < items.size(); ++i)
        items[i]->setFirstColumnSpanned(facts[static_cast<std::size_t>(i)].heading);
}

void FactTable::copy() const {
    QStringList lines;
    for (int i = 0; i < m_tree->topLevelItemCount(); ++i) {
        const QTreeWidgetItem* item = m_tree->topLevelItem(i);
        if (item->isSelected() || m_tree->selectedItems().isEmpty())
            lines << item->text(0) + QLatin1Char('\t') + item->data(1, Qt::UserRole).toString();
    }
    QGuiApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
}

Inspector::Inspector(TraceCanvas& canvas, QWidget* parent) : QTabWidget(parent), m_canvas(canvas) {
    setAccessibleName(tr("Inspector"));
    setDocumentMode(true);
    m_token = new FactTable(tr("Token"), this);
    m_step = new FactTable(tr("Step"), this);
    m_sample = new FactTable(tr("Sample"), this);
    addTab(m_token, tr("Token"));
    addTab(m_step, tr("Step"));
    addTab(m_sample, tr("Sample"));
    connect(&canvas, &TraceCanvas::caretMoved, this, [this] { showToken(-1); });
    connect(&canvas, &TraceCanvas::hoveredToken, this, &Inspector::showToken);
    connect(&canvas, &TraceCanvas::currentStepChanged, this, &Inspector::showStep);
    connect(&canvas, &TraceCanvas::changed, this, &Inspector::showStep);
    connect(this, &QTabWidget::currentChanged, this, [this] {
        showToken(-1);
        showStep();
    });
}

void Inspector::showToken(int token) {
    if (currentWidget() != m_token || !isVisible()) return;  // hovering shall cost nothing unseen
    if (token < 0) token = m_canvas.currentToken();
    const TokenTable& table = m_canvas.tokens();
    if (table.empty()) return m_token->setFacts({{tr("No per-token numbers were recorded."), {}, {}, true}});
    if (token < 0) return m_token->setFacts({{tr("No token here."), {}, {}, true}});
    const auto at = static_cast<std::size_t>(token);
    const std::string_view text = std::string_view(m_canvas.trace().completion)
                                      .substr(static_cast<std::size_t>(table.begin(at)),
                                              static_cast<std::size_t>(table.end(at) - table.begin(at)));
    std::vector<Fact> facts{{visible(text), {}, {}, true}};
    facts.push_back({tr("Place"), tr("%1 of %2").arg(token + 1).arg(table.size())});
    if (const auto id = table.id(at)) facts.push_back({tr("Id"), QString::number(*id)});
    for (const TokenLane lane : table.lanes())
        facts.push_back({laneTitle(lane), laneValueText(lane, table.value(lane, at)), laneToolTip(lane),
                         false, m_canvas.tokenLane() == lane});
    const auto alternatives = table.alternatives(at);
    if (!alternatives.empty()) {
        facts.push_back({tr("Most probable here"), {}, {}, true});
        const auto rank = table.rank(at);
        facts.push_back({tr("Rank of the sampled"),
                         rank ? QString::number(*rank) : tr("below the first %1").arg(alternatives.size())});
        for (const auto& one : alternatives)
            facts.push_back({(one.sampled ? QStringLiteral("▸ ") : QStringLiteral("   ")) +
                                 (one.text.empty() ? tr("token %1").arg(one.id) : visible(one.text)),
                             formatNumber(std::exp(one.logprob)),
                             tr("id %1, log p %2").arg(QString::number(one.id), formatNumber(one.logprob)),
                             false, one.sampled});
    }
    m_token->setFacts(facts);
}

void Inspector::showStep() {
    if (currentWidget() != m_step || !isVisible()) return;
    const int step = m_canvas.currentStep();
    if (step < 0) return m_step->setFacts({{tr("No step is chosen."), {}, {}, true}});
    const DocumentStep& of = m_canvas.document().steps()[static_cast<std::size_t>(step)];
    std::vector<Fact> facts{{of.number > 0                           ? tr("Step %1").arg(of.number)
                             : of.kind == DocumentStep::Kind::Answer ? tr("Answer")
                                                                     : tr("Thinking, in no step"),
                             {},
                             {},
                             true}};
    facts.push_back({tr("Bytes"), tr("%1 to %2").arg(of.begin).arg(of.end)});
    if (of.verdict != StepVerdict::Unchecked)
        facts.push_back({tr("Task's checker"),
                         (of.verdict == StepVerdict::Correct ? tr("✓ right") : tr("✗ wrong")) +
                             (of.reason.empty() ? QString() : QStringLiteral(": ") + toQString(of.reason))});
    for (const StepLane& lane : m_canvas.lanes())
        for (const StepJudgement& said : lane.steps) {
            if (said.end <= of.begin || said.begin >= of.end) continue;
            facts.push_back({kindWord(lane.kind), judgementText(said), toQString(lane.name)});
            if (!lane.name.empty())
                facts.back().what += QStringLiteral(" · ") + toQString(lane.name).left(40);
        }
    if (m_canvas.facts()[static_cast<std::size_t>(step)].disagree)
        facts.push_back({tr("≠ These judges disagree."), {}, {}, true});
    const TokenTable& tokens = m_canvas.tokens();
    const auto [first, last] = tokens.tokensIn(of.begin, of.end);
    if (first < last) {
        facts.push_back({tr("Tokens"), QString::number(last - first)});
        facts.push_back({tr("Mean, and lowest to highest"), {}, {}, true});
        for (const TokenLane lane : tokens.lanes()) {
            double sum = 0, low = INFINITY, high = -INFINITY;
            int count = 0;
            for (std::size_t i = first; i < last; ++i) {
                const double value = tokens.value(lane, i);
                if (!std::isfinite(value)) continue;
                sum += value;
                low = std::min(low, value);
                high = std::max(high, value);
                ++count;
            }
            if (count > 0)
                facts.push_back(
                    {laneTitle(lane),
                     tr("%1, %2 to %3").arg(formatNumber(sum / count), formatNumber(low), formatNumber(high)),
                     laneToolTip(lane)});
        }
    }
    m_step->setFacts(facts);
}

void Inspector::showSample(const QString& runName, const std::vector<Fact>& verdict, bool blind) {
    const Trace& trace = m_canvas.trace();
    std::vector<Fact> facts{{tr("Answer"), {}, {}, true}};
    facts.insert(facts.end(), verdict.begin(), verdict.end());
    if (!blind) addRewards(trace, facts);
    facts.push_back({tr("Sample"), {}, {}, true});
    if (!runName.isEmpty()) facts.push_back({tr("Run"), runName});
    facts.push_back({tr("Task"), toQString(trace.task)});
    facts.push_back({tr("Problem"), toQString(trace.problemId)});
    facts.push_back({tr("Step"), QString::number(trace.step)});
    facts.push_back({tr("Phase"), toQString(trace.phase)});
    facts.push_back({tr("Sample"), QString::number(trace.sample + 1)});
    facts.push_back({tr("Tokens"), QString::number(trace.numTokens)});
    facts.push_back({tr("Bytes"), QString::number(trace.completion.size())});
    facts.push_back(
        {tr("Ended by"), trace.finish == "length" ? tr("the length limit") : toQString(trace.finish)});
    if (trace.stepAccuracy && !blind)
        facts.push_back({tr("Right steps"), tr("%1 %").arg(qRound(*trace.stepAccuracy * 100))});
    if (trace.branch) {
        const TraceBranch& from = *trace.branch;
        facts.push_back({tr("Branched off"), {}, {}, true});
        facts.push_back(
            {tr("Origin"),
             tr("step %1, group %2, sample %3").arg(from.step).arg(from.group).arg(from.sample + 1)});
        facts.push_back({tr("At byte"), QString::number(from.byte)});
        if (!from.checkpoint.empty()) facts.push_back({tr("Went on by"), toQString(from.checkpoint)});
        if (from.edited) facts.push_back({tr("Before it"), tr("edited by hand or forced")});
    }
    m_sample->setFacts(facts);
}

}  // namespace retort
