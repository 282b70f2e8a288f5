#include "views/traces/trees/tree_tab.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSplitter>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "views/lab.h"
#include "views/models/format.h"
#include "views/traces/branching/branch_traces.h"
#include "views/traces/reader/trace_canvas.h"
#include "views/traces/trees/tree_view.h"
#include "views/widgets/plot_view.h"
#include "views/widgets/theme.h"

namespace retort {

namespace {

constexpr std::int64_t kMostTraces = 1000;

QString methodName(const std::string& method) {
    QString name = toQString(method);
    return name.replace(QLatin1Char('_'), QLatin1Char(' '));
}

}  // namespace

TreeTab::TreeTab(Lab& lab, QWidget* parent)
    : QWidget(parent),
      m_lab(lab),
      m_source(new QComboBox(this)),
      m_summary(new QLabel(this)),
      m_branch(new QPushButton(tr("Go on from here…"), this)),
      m_open(new QPushButton(tr("Open its trace"), this)),
      m_tree(new TreeView(this)),
      m_reader(new TraceCanvas(this)),
      m_curves(new PlotView(this)) {
    m_summary->setTextFormat(Qt::PlainText);
    m_summary->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_reader->setAccessibleName(tr("Text up to the node"));
    m_curves->setTitle(tr("Rounds of the search"));
    m_curves->setAxisTitles(tr("round"), {});
    m_curves->hide();
    auto* left = new QSplitter(Qt::Vertical, this);
    left->setObjectName(QStringLiteral("treeCurvesSplitter"));
    left->addWidget(m_tree);
    left->addWidget(m_curves);
    left->setStretchFactor(0, 3);
    left->setStretchFactor(1, 1);
    auto* splitter = new QSplitter(Qt::Horizontal, this);
    splitter->setObjectName(QStringLiteral("treeReaderSplitter"));
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(left);
    splitter->addWidget(m_reader);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    splitter->setSizes({560, 320});
    auto* bar = new QWidget(this);
    makeBar(bar);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(bar);
    layout->addWidget(m_summary);
    layout->addWidget(splitter, 1);
    connect(m_source, &QComboBox::activated, this, &TreeTab::read);
    connect(m_tree, &TreeView::currentChanged, this, &TreeTab::showNode);
    connect(m_tree, &TreeView::activated, this, &TreeTab::activate);
    connect(m_open, &QPushButton::clicked, this, [this] { activate(m_tree->current()); });
    connect(m_branch, &QPushButton::clicked, this, &TreeTab::branchWanted);
}

void TreeTab::makeBar(QWidget* bar) {
    m_source->setAccessibleName(tr("Which tree"));
    m_source->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_source->setMinimumContentsLength(26);
    m_branch->setToolTip(tr("A checkpoint writes on from this step  (R)"));
    auto* line = new QHBoxLayout(bar);
    line->setContentsMargins(0, 0, 0, 0);
    line->addWidget(m_source, 1);
    const auto button = [&](const QString& icon, const QString& name, auto act) {
        auto* tool = new QToolButton(bar);
        tool->setAutoRaise(true);
        tool->setIcon(lineIcon(icon));
        tool->setToolTip(name);
        tool->setAccessibleName(name);
        connect(tool, &QToolButton::clicked, this, act);
        line->addWidget(tool);
    };
    button(QStringLiteral("zoom-out"), tr("Smaller  (−)"), [this] { m_tree->zoomBy(0.8); });
    button(QStringLiteral("zoom-in"), tr("Larger  (+)"), [this] { m_tree->zoomBy(1.25); });
    button(QStringLiteral("maximise"), tr("The whole tree  (0)"), [this] { m_tree->fit(); });
    line->addWidget(m_open);
    line->addWidget(m_branch);
}

void TreeTab::setTrace(RowId id, RowId run, std::vector<std::pair<RowId, Trace>> group) {
    m_id = id;
    m_run = run;
    m_group = std::move(group);
    m_problem = m_group.empty() ? std::string() : m_group.front().second.problemId;
    refresh();
}

void TreeTab::setOpen(RowId id) {
    if (id == m_id) return;
    m_id = id;
    refresh();
}

void TreeTab::refresh() {
    m_stale = true;
    if (isVisible()) readSources();
}

void TreeTab::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (m_stale) readSources();
}

// --- reading ---

void TreeTab::readSources() {
    m_stale = false;
    m_lab.read(
        this,
        [problem = m_problem, run = m_run](StoreReader& reader) {
            std::vector<TreeRow> trees =
                problem.empty() ? std::vector<TreeRow>() : reader.searchTrees(0, problem);
            for (TreeRow& row : reader.searchTrees(run))
                if (row.problemId != problem) trees.push_back(std::move(row));
            return trees;
        },
        [this](const std::vector<TreeRow>& trees) {
            const QVariant before = m_source->currentData();
            const QSignalBlocker quiet(m_source);
            m_source->clear();
            m_source->addItem(tr("This group and its branches"), QVariantList{int(Source::Group), 0});
            m_source->addItem(tr("All samples of the problem in this run"),
                              QVariantList{int(Source::Run), 0});
            m_source->addItem(tr("All samples of the problem, all runs"),
                              QVariantList{int(Source::AllRuns), 0});
            for (const TreeRow& row : trees)
                m_source->addItem(tr("%1 %2 %3, step %4, %5 nodes")
                                      .arg(row.correct ? QStringLiteral("✓") : QStringLiteral("✗"),
                                           methodName(row.method), toQString(row.problemId))
                                      .arg(row.step)
                                      .arg(row.nodes),
                                  QVariantList{int(Source::Search), static_cast<qlonglong>(row.id)});
            m_source->setCurrentIndex(std::max(0, m_source->findData(before)));
            read();
        });
}

void TreeTab::read() {
    const QVariantList wanted = m_source->currentData().toList();
    if (wanted.size() != 2) return;
    m_lab.read(
        this,
        [source = static_cast<Source>(wanted[0].toInt()), tree = wanted[1].toLongLong(), run = m_run,
         problem = m_problem, id = m_id, group = m_group](StoreReader& reader) {
            Content content;
            if (source == Source::Search) {
                content.search = reader.searchTree(tree);
                if (content.search) content.cards = cardsOf(*content.search);
                return content;
            }
            content.traces = group;
            if (source == Source::Group) {
                for (auto& branch : branchesOf(reader, branchRuns(reader), run, group))
                    content.traces.push_back(std::move(branch));
            } else if (!problem.empty()) {
                TraceFilter filter;
                filter.run = source == Source::Run ? run : 0;
                filter.problemId = problem;
                const auto rows = reader.traces(filter, 0, kMostTraces + 1);
                content.cut = std::int64_t(rows.size()) > kMostTraces;
                content.traces.clear();
                for (const TraceRow& row : rows)
                    if (auto trace = reader.trace(row.id))
                        content.traces.emplace_back(row.id, std::move(*trace));
            }
            std::vector<Trace> traces;
            std::optional<std::size_t> open;
            for (auto& [each, trace] : content.traces) {
                if (each == id) open = traces.size();
                trace.tokens = {};  // thousands of them would fill the memory
                traces.push_back(trace);
            }
            content.trie = buildSampleTrie(traces);
            content.cards = cardsOf(content.trie, open);
            return content;
        },
        [this, asked = ++m_asked](Content content) {
            if (asked == m_asked) show(std::move(content));
        });
}

// --- showing ---

void TreeTab::show(Content content) {
    m_content = std::move(content);
    QString text;
    if (m_content.search) {
        const SearchTree& tree = *m_content.search;
        text = tr("%1 at step %2 · %3 nodes · %4 tokens · answer %5 · %6")
                   .arg(methodName(tree.method))
                   .arg(tree.step)
                   .arg(tree.nodes.size())
                   .arg(tree.tokens)
                   .arg(tree.chosen < 0 ? tr("none")
                        : tree.correct  ? tr("✓ right")
                                        : tr("✗ wrong"),
                        toQString(tree.settings));
    } else if (!m_content.trie.empty()) {
        const TrieNode& root = m_content.trie.front();
        text = tr("%n sample(s), %1 right, %2 nodes", nullptr, root.samples)
                   .arg(root.correct)
                   .arg(m_content.trie.size());
        const auto branches = static_cast<int>(root.traces.size()) - root.samples;
        if (branches > 0) text += QStringLiteral(", ") + tr("%n branch(es) made here", nullptr, branches);
        if (m_content.cut) text += QStringLiteral(" · ") + tr("the newest %1 of them only").arg(kMostTraces);
    }
    m_summary->setText(text);
    m_summary->setToolTip(text);
    m_tree->setCards(m_content.cards);
    showCurves();
    showNode(m_tree->current());
}

void TreeTab::showCurves() {
    std::vector<PlotSeries> series;
    if (m_content.search)
        for (const auto& [name, values] : m_content.search->curves) {
            PlotSeries one{toQString(name), seriesColor(series.size()), {}, {}, {}, {}};
            for (std::size_t i = 0; i < values.size(); ++i)
                if (std::isfinite(values[i])) one.points.emplace_back(double(i), values[i]);
            series.push_back(std::move(one));
        }
    m_curves->setVisible(!series.empty());
    m_curves->setSeries(std::move(series));
}

std::optional<TreeTab::Place> TreeTab::currentPlace() const {
    const int node = m_tree->current();
    if (node < 0 || m_content.search || node >= static_cast<int>(m_content.trie.size())) return std::nullopt;
    const TrieNode& at = m_content.trie[static_cast<std::size_t>(node)];
    if (at.traces.empty()) return std::nullopt;
    // The open trace where it goes through the node, else the first that does.
    std::size_t index = at.traces.front();
    for (const std::size_t each : at.traces)
        if (m_content.traces[each].first == m_id) index = each;
    const auto& [id, trace] = m_content.traces[index];
    const auto depth = m_tree->layoutOfTree().column[static_cast<std::size_t>(node)];
    return Place{id, trace, endOfStep(trace, depth)};
}

void TreeTab::showNode(int node) {
    const auto place = currentPlace();
    m_open->setEnabled(place.has_value());
    m_branch->setEnabled(place.has_value());
    if (place) {
        Trace part = place->trace;
        const TrieNode& at = m_content.trie[static_cast<std::size_t>(node)];
        if (at.endings.empty()) {
            // What is behind the node is not said yet.
            part.completion.resize(static_cast<std::size_t>(place->byte));
            std::erase_if(part.steps, [&](const TraceStep& step) { return step.end > place->byte; });
        }
        return showText(std::move(part));
    }
    if (!m_content.search || node < 0) return showText({});
    const SearchTree& tree = *m_content.search;
    Trace part;
    part.step = tree.step;
    part.task = tree.task;
    part.problemId = tree.problemId;
    part.prompt = tree.prompt;
    part.gold = tree.gold;
    part.completion = textOf(tree, node);
    // The pieces of the search as steps.
    std::int64_t end = static_cast<std::int64_t>(part.completion.size());
    for (std::int32_t at = node; at > 0; at = tree.nodes[std::size_t(at)].parent) {
        const TreeNode& piece = tree.nodes[std::size_t(at)];
        const std::int64_t begin = end - static_cast<std::int64_t>(piece.text.size());
        part.numTokens += piece.tokens;
        if (!piece.finished)
            part.steps.insert(part.steps.begin(), TraceStep{begin, end, StepVerdict::Unchecked, {}});
        end = begin;
    }
    part.correct = tree.nodes[std::size_t(node)].correct.value_or(false);
    showText(std::move(part));
}

void TreeTab::showText(Trace trace) {
    TraceDocument document(trace);
    m_reader->setTrace(std::make_shared<const Trace>(std::move(trace)), std::move(document));
    m_reader->setCurrentStep(m_reader->stepCount() - 1);
}

void TreeTab::activate(int node) {
    if (node < 0 || m_content.search) return;
    if (const auto place = currentPlace()) Q_EMIT traceOpened(place->id);
}

}  // namespace retort
