#include "views/lineage/lineage_page.h"

#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabWidget>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

#include "core/lineage/lineage_difference.h"
#include "views/lab.h"
#include "views/lineage/lineage_details.h"
#include "views/lineage/lineage_difference_panel.h"
#include "views/lineage/lineage_legend.h"
#include "views/lineage/lineage_texts.h"
#include "views/lineage/lineage_view.h"
#include "views/models/format.h"
#include "views/selection.h"
#include "views/widgets/empty_state.h"
#include "views/widgets/theme.h"

namespace retort {

namespace {

constexpr char stateSetting[] = "lineage.view";
constexpr qreal smallestReadable = 0.24;
constexpr int reloadMs = 400;  // rows change up to 50 times a second while a run trains

}  // namespace

LineagePage::LineagePage(Lab& lab, QWidget* parent)
    : QWidget(parent),
      m_lab(lab),
      m_view(new LineageView(this)),
      m_details(new LineageDetails(lab, this)),
      m_difference(new LineageDifferencePanel(this)) {
    setObjectName(QStringLiteral("lineagePage"));
    setAcceptDrops(true);
    buildLayout();
    m_reload.setSingleShot(true);
    m_reload.setInterval(reloadMs);
    connect(&m_reload, &QTimer::timeout, this, &LineagePage::reload);
    m_searchTimer.setSingleShot(true);
    m_searchTimer.setInterval(150);
    connect(&m_searchTimer, &QTimer::timeout, this, &LineagePage::search);
    const auto later = [this] {
        m_stale = true;
        if (isVisible() && !m_reload.isActive()) m_reload.start();
    };
    connect(&m_lab, &Lab::lineageChanged, this, later);
    connect(&m_lab, &Lab::runsChanged, this, later);
    connect(&m_lab, &Lab::evaluationsChanged, this, later);

    connect(m_view, &LineageView::currentChanged, this, &LineagePage::onCurrentChanged);
    connect(m_view, &LineageView::otherChanged, this, &LineagePage::compareSelected);
    connect(m_view, &LineageView::activated, this, &LineagePage::openNode);
    connect(m_view, &LineageView::foldToggled, this, &LineagePage::toggleFold);
    connect(m_view, &LineageView::menuRequested, this,
            [this](std::size_t, const QPoint& at) { m_menu->popup(at); });
    connect(m_details, &LineageDetails::nodeWanted, this, [this](std::size_t node) {
        if (node < m_graph->nodes().size()) m_view->setCurrent(node);
    });
    connect(m_details, &LineageDetails::openWanted, this, [this] {
        if (m_view->current()) openNode(*m_view->current());
    });
    connect(m_details, &LineageDetails::compareWanted, this,
            [this] { Q_EMIT compareRequested(selectedPaths()); });
    connect(m_details, &LineageDetails::mergeWanted, this,
            [this] { Q_EMIT mergeRequested(selectedPaths()); });
    m_details->show(*m_graph, std::nullopt);
}

LineagePage::~LineagePage() {
    saveState();
}

void LineagePage::buildLayout() {
    m_search = new QLineEdit(this);
    m_search->setClearButtonEnabled(true);
    m_search->setPlaceholderText(tr("Search name, recipe, method, study, path, hash"));
    m_search->setAccessibleName(tr("Search checkpoints"));
    m_search->setMinimumWidth(180);
    connect(m_search, &QLineEdit::textChanged, &m_searchTimer, qOverload<>(&QTimer::start));
    connect(m_search, &QLineEdit::returnPressed, this, [this] {
        if (m_searchTimer.isActive()) {
            m_searchTimer.stop();
            search();
        } else {
            stepThroughHits(1);
        }
    });
    m_found = new QLabel(this);
    m_problems = new QLabel(this);
    m_problems->setWordWrap(true);
    m_problems->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_problems->setAccessibleName(tr("What is wrong with the records"));
    m_problems->hide();

    m_side = new QTabWidget(this);
    m_side->setDocumentMode(true);
    m_side->setAccessibleName(tr("Details of the checkpoint"));
    m_side->addTab(m_details, tr("Checkpoint"));
    m_side->addTab(m_difference, tr("What differs"));
    m_side->setMinimumWidth(260);
    m_splitter = new QSplitter(Qt::Horizontal, this);
    m_splitter->setObjectName(QStringLiteral("lineageSplitter"));
    m_splitter->setChildrenCollapsible(false);
    m_splitter->addWidget(m_view);
    m_splitter->addWidget(m_side);
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setSizes({820, 340});

    m_empty = new EmptyState(QStringLiteral("lineage"), tr("No checkpoints yet"),
                             tr("Every checkpoint that a run saves appears here, joined to what it was "
                                "trained, distilled or merged "
                                "from. Checkpoints that were made elsewhere join by dropping their folder on "
                                "this page; mergekit's and "
                                "Retort's own records in it are read."),
                             this);
    m_empty->addButton(tr("Run the quickstart"), [this] { m_lab.selection().startQuickstart(); });
    m_empty->addButton(tr("Add a folder…"), [this] { addFolder(); });
    auto* whole = new QWidget(this);
    auto* column = new QVBoxLayout(whole);
    column->setContentsMargins(0, 0, 0, 0);
    auto* bar = new QHBoxLayout;
    bar->addWidget(m_search, 1);
    bar->addWidget(m_found);
    makeCommands(bar);
    column->addLayout(bar);
    column->addWidget(m_problems);
    column->addWidget(m_splitter, 1);
    m_legend = new LineageLegend(this);
    column->addWidget(m_legend);
    m_stack = new QStackedWidget(this);
    m_stack->addWidget(whole);
    m_stack->addWidget(m_empty);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_stack);
    setFocusProxy(m_view);
}

void LineagePage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    // The first look reads everything: a window that opens elsewhere does not wait for it.
    if (!std::exchange(m_shown, true)) {
        m_lab.read(
            this, [](StoreReader& reader) { return reader.setting(stateSetting); },
            [this](const std::optional<Json>& state) {
                restoreState(state);
                reload();
            });
    } else if (m_stale && m_loaded) {
        m_reload.start();
    }
}

void LineagePage::hideEvent(QHideEvent* event) {
    saveState();
    QWidget::hideEvent(event);
}

// --- what the store has ---

void LineagePage::reload() {
    m_stale = false;
    m_lab.read(
        this, [](StoreReader& reader) { return std::make_shared<const LineageGraph>(reader.lineage()); },
        [this](std::shared_ptr<const LineageGraph> graph) { accept(std::move(graph)); });
}

void LineagePage::accept(std::shared_ptr<const LineageGraph> graph) {
    const bool first = !m_loaded;
    const bool same = m_loaded && graph->nodes() == m_graph->nodes() && graph->edges() == m_graph->edges();
    m_loaded = true;
    m_stack->setCurrentIndex(graph->nodes().empty() ? 1 : 0);
    if (same) return;
    m_graph = std::move(graph);
    m_legend->showKindsOf(*m_graph);
    applyFolds();
    showProblems();
    if (first) lookAtNewest();
}

// Where the whole graph would be too small to read, what was made last.
void LineagePage::lookAtNewest() {
    if (m_view->isFitted() && m_view->zoom() >= smallestReadable) return;
    const auto& shown = m_view->picture().folded().shown;
    const auto newest = std::max_element(shown.begin(), shown.end(), [this](std::size_t a, std::size_t b) {
        return m_graph->nodes()[a].created < m_graph->nodes()[b].created;
    });
    if (m_view->isFitted()) m_view->setZoom(0.5);
    if (newest != shown.end()) m_view->ensureVisible(*newest);
}

void LineagePage::applyFolds() {
    m_view->setGraph(m_graph, m_folds);
    search();
    m_details->show(*m_graph, m_view->current());
}

void LineagePage::showProblems() {
    QString text;
    constexpr std::size_t most = 3;
    const auto& problems = m_graph->problems();
    for (std::size_t i = 0; i < std::min(most, problems.size()); ++i)
        text += (i ? QStringLiteral("\n") : QString()) + QStringLiteral("⚠ ") + toQString(problems[i]);
    if (problems.size() > most) text += QLatin1Char('\n') + tr("and %1 more").arg(problems.size() - most);
    m_problems->setText(text);
    m_problems->setVisible(!text.isEmpty());
}

void LineagePage::restoreState(const std::optional<Json>& state) {
    if (!state || !state->is_object()) return;
    const auto keys = [&](const char* name) {
        std::set<std::string> list;
        if (state->contains(name) && (*state)[name].is_array())
            for (const Json& key : (*state)[name])
                if (key.is_string()) list.insert(key.get<std::string>());
        return list;
    };
    m_folds = {keys("subtrees"), keys("chains")};
    if (state->contains("zoom") && (*state)["zoom"].is_number())
        m_view->setZoom((*state)["zoom"].get<double>());
    m_saved = state->dump();
}

void LineagePage::saveState() {
    if (!m_loaded) return;
    Json state = {{"subtrees", m_folds.subtrees}, {"chains", m_folds.chains}};
    if (!m_view->isFitted()) state["zoom"] = m_view->zoom();
    if (state.dump() == m_saved) return;
    m_saved = state.dump();
    m_lab.writer().setSetting(stateSetting, state);
}

// --- selection ---

void LineagePage::onCurrentChanged() {
    m_details->show(*m_graph, m_view->current());
    if (m_view->other())
        compareSelected();
    else
        m_side->setCurrentWidget(m_details);
}

void LineagePage::compareSelected() {
    const int asked = ++m_asked;
    if (!m_view->current() || !m_view->other() || m_view->current() == m_view->other()) {
        m_difference->clear();
        m_side->setCurrentWidget(m_details);
        return;
    }
    m_difference->wait();
    m_side->setCurrentWidget(m_difference);
    m_lab.read(
        this,
        [graph = m_graph, a = m_view->isMarked() ? *m_view->other() : *m_view->current(),
         b = m_view->isMarked() ? *m_view->current() : *m_view->other()](StoreReader& reader) {
            return whatDiffers(*graph, a, b, [&reader](std::int64_t run) {
                const auto row = reader.run(run);
                return row ? row->config : std::string();
            });
        },
        [this, asked, graph = m_graph](const LineageDifference& difference) {
            if (asked == m_asked) m_difference->show(*graph, difference);
        });
}

QStringList LineagePage::selectedPaths() const {
    QStringList paths;
    for (const auto node : {m_view->current(), m_view->other()})
        if (node && !m_graph->nodes()[*node].path.empty()) paths << toQString(m_graph->nodes()[*node].path);
    return paths;
}

void LineagePage::openNode(std::size_t node) {
    const LineageNode& is = m_graph->nodes()[node];
    if (is.run == 0) return m_side->setCurrentWidget(m_details);
    m_lab.selection().setRuns({is.run});
    m_lab.selection().open(is.state == "running" ? Place::Live : Place::Runs);
}

void LineagePage::search() {
    m_hits.clear();
    m_hit = 0;
    const QString wanted = m_search->text().trimmed();
    if (!wanted.isEmpty()) {
        for (std::size_t i = 0; i < m_graph->nodes().size(); ++i) {
            const LineageNode& node = m_graph->nodes()[i];
            for (const std::string* text :
                 {&node.name, &node.recipe, &node.method, &node.study, &node.path, &node.hash})
                if (toQString(*text).contains(wanted, Qt::CaseInsensitive)) {
                    m_hits.push_back(i);
                    break;
                }
        }
    }
    m_view->setHits(m_hits);
    m_found->setText(wanted.isEmpty()
                         ? tr("%n checkpoint(s)", nullptr, static_cast<int>(m_graph->nodes().size()))
                         : tr("%n found", nullptr, static_cast<int>(m_hits.size())));
    if (!m_hits.empty() && m_search->hasFocus()) stepThroughHits(0);
}

void LineagePage::stepThroughHits(int by) {
    if (m_hits.empty()) return;
    const auto count = static_cast<int>(m_hits.size());
    m_hit = static_cast<std::size_t>((static_cast<int>(m_hit) + by + count) % count);
    m_view->setCurrent(m_hits[m_hit]);
    m_found->setText(tr("%1 of %2").arg(m_hit + 1).arg(count));
}

// --- folding ---

void LineagePage::toggleFold(std::size_t node) {
    const std::string& key = m_graph->nodes()[node].key;
    if (m_folds.chains.erase(key) == 0 && m_folds.subtrees.erase(key) == 0 &&
        !m_graph->edgesToChildren(node).empty())
        m_folds.subtrees.insert(key);
    applyFolds();
}

void LineagePage::toggleChain() {
    if (!m_view->current()) return;
    const std::string& key = m_graph->nodes()[*m_view->current()].key;
    if (m_folds.chains.erase(key) == 0 && !chainBehind(*m_graph, *m_view->current()).empty())
        m_folds.chains.insert(key);
    applyFolds();
}

void LineagePage::markOther() {
    if (m_view->current()) m_view->markForComparison();
}

// --- folders ---

void LineagePage::addFolder() {
    const QString folder = QFileDialog::getExistingDirectory(this, tr("Add the folder of a checkpoint"));
    if (!folder.isEmpty()) addFolders({folder});
}

void LineagePage::addFolders(const QStringList& folders) {
    for (const QString& folder : folders)
        m_lab.compute(
            this,
            [lab = &m_lab, path = std::filesystem::path(folder.toStdString())] {
                lab->writer().addLineageFolder(path).get();
                return true;
            },
            [this](bool) { m_reload.start(); });
}

void LineagePage::dragEnterEvent(QDragEnterEvent* event) {
    for (const QUrl& url : event->mimeData()->urls())
        if (QFileInfo(url.toLocalFile()).isDir()) return event->acceptProposedAction();
}

void LineagePage::dropEvent(QDropEvent* event) {
    QStringList folders;
    for (const QUrl& url : event->mimeData()->urls())
        if (QFileInfo(url.toLocalFile()).isDir()) folders << url.toLocalFile();
    addFolders(folders);
    event->acceptProposedAction();
}

}  // namespace retort
