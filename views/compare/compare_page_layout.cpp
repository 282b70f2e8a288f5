// How the Compare page is laid out, and its commands.
#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabWidget>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

#include "core/comparison/comparison_export.h"
#include "views/actions.h"
#include "views/compare/answer_diff.h"
#include "views/compare/compare_page.h"
#include "views/compare/flip_table.h"
#include "views/compare/generation_tab.h"
#include "views/compare/interpolation_tab.h"
#include "views/compare/relatives_strip.h"
#include "views/compare/table_panel.h"
#include "views/compare/weights_tab.h"
#include "views/lab.h"
#include "views/models/comparison_item_model.h"
#include "views/models/format.h"
#include "views/models/row_delegate.h"
#include "views/widgets/empty_state.h"
#include "views/widgets/plot_view.h"
#include "views/widgets/theme.h"

namespace retort {

ComparePage::ComparePage(Lab& lab, QWidget* parent)
    : QWidget(parent), m_lab(lab), m_items(new ComparisonItemModel(this)) {
    setObjectName(QStringLiteral("comparePage"));
    m_table = new TablePanel(lab, tr("Checkpoints"), this);
    m_notes = new QLabel(this);
    m_notes->setWordWrap(true);
    m_notes->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_notes->setAccessibleName(tr("What to know about this comparison"));
    m_relatives = new RelativesStrip(this);
    makeCommands();
    m_tabs = new QTabWidget(this);
    m_tabs->setDocumentMode(true);
    m_tabs->setAccessibleName(tr("Details of the comparison"));
    m_tabs->addTab(makeProblems(), tr("Problems"));
    m_tabs->addTab(makeGroups(), tr("Tasks and difficulty"));
    m_tabs->addTab(makeLengths(), tr("Lengths"));
    m_tabs->addTab(makeCalibration(), tr("Calibration"));
    m_weights = new WeightsTab(lab, this);
    m_tabs->addTab(m_weights, tr("Weights"));
    m_interpolation = new InterpolationTab(lab, this);
    m_tabs->addTab(m_interpolation, tr("Interpolation"));
    m_generation = new GenerationTab(lab, this);
    m_tabs->addTab(m_generation, tr("Ask"));

    auto* splitter = new QSplitter(Qt::Vertical, this);
    splitter->setObjectName(QStringLiteral("compareSplitter"));
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(m_table);
    splitter->addWidget(m_tabs);
    splitter->setSizes({230, 480});
    m_content = new QWidget(this);
    auto* content = new QVBoxLayout(m_content);
    content->setContentsMargins(0, 0, 0, 0);
    content->addWidget(m_notes);
    content->addWidget(m_relatives);
    content->addWidget(splitter, 1);
    m_stack = new QStackedWidget(this);
    m_stack->addWidget(m_content);
    makeEmptyStates();
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(makeBar());
    layout->addWidget(m_stack, 1);

    connect(m_table, &TablePanel::currentRowChanged, this, &ComparePage::showFlips);
    connect(m_relatives, &RelativesStrip::addRequested, this, [this](const auto& relatives) {
        std::vector<CheckpointRef> refs = m_refs;
        refs.insert(refs.end(), relatives.begin(), relatives.end());
        setCheckpoints(std::move(refs));
    });
    connect(m_flips, &FlipTable::chosenChanged, this, &ComparePage::applyItemFilter);
    connect(m_tabs, &QTabWidget::currentChanged, this, [this] {
        if (m_tabs->currentWidget() == m_calibration->parentWidget()) loadCalibration();
    });
    // Holding an arrow key down must not start a read a row.
    m_openTimer.setSingleShot(true);
    m_openTimer.setInterval(60);
    connect(&m_openTimer, &QTimer::timeout, this, &ComparePage::openItem);
    connect(&m_lab.selection(), &Selection::runsChanged, this, [this] {
        if (!m_touched && isVisible()) fromSelection();
    });
    connect(&m_lab, &Lab::evaluationsChanged, this, [this] {
        m_anything = true;
        if (m_refs.empty()) showState();
    });
    fillSaved();
    showState();
}

QWidget* ComparePage::makeBar() {
    auto* bar = new QWidget(this);
    auto* line = new QHBoxLayout(bar);
    line->setContentsMargins(0, 0, 0, 0);
    const QString group = tr("Compare");
    line->addWidget(
        button(addCommand(this,
                          {"compare.add", tr("&Add checkpoints…"), group,
                           QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_A), QStringLiteral("plus")},
                          [this] { chooseMore(); }),
               true));
    line->addWidget(button(addCommand(this, {"compare.selection", tr("Those selected in &Runs"), group},
                                      [this] { fromSelection(); }),
                           true));
    for (QAction* action : {m_setBaseline, m_parent, m_remove})
        line->addWidget(button(action, action != m_remove));
    m_evaluations = new QComboBox(bar);
    m_evaluations->setAccessibleName(tr("Evaluation"));
    m_evaluations->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_evaluations->addItem(tr("All they have in common"), QString());
    connect(m_evaluations, &QComboBox::activated, this,
            [this] { setEvaluation(m_evaluations->currentData().toString().toStdString()); });
    line->addWidget(m_evaluations);
    line->addStretch(1);
    auto* saved = new QToolButton(bar);
    saved->setText(tr("Saved"));
    saved->setToolTip(tr("Comparisons that were saved"));
    saved->setPopupMode(QToolButton::InstantPopup);
    saved->setAutoRaise(true);
    saved->setFocusPolicy(Qt::TabFocus);
    m_savedMenu = new QMenu(saved);
    saved->setMenu(m_savedMenu);
    line->addWidget(button(m_saveAction, true));
    line->addWidget(saved);
    line->addWidget(button(m_json, false));
    return bar;
}

void ComparePage::makeCommands() {
    const QString group = tr("Compare");
    const auto selected = [this](auto act) {
        return [this, act] {
            if (const auto rows = selectedRows(); !rows.empty())
                act(m_result->comparison->checkpoints[rows[0]].ref);
        };
    };
    m_setBaseline = addCommand(this,
                               {"compare.baseline", tr("Set as &baseline"), group,
                                QKeySequence(Qt::CTRL | Qt::Key_B), QStringLiteral("checkpoint")},
                               selected([this](const CheckpointRef& ref) { setBaseline(ref); }));
    m_parent = addCommand(this, {"compare.parent", tr("Mark as &parent"), group}, [this] { toggleParent(); });
    m_parent->setToolTip(
        tr("Others are then rated as merges of the parents: normalised accuracy, synergy, forgetting"));
    m_lineageParents =
        addCommand(this, {"compare.lineageParents", tr("Parents as the &lineage knows them"), group},
                   [this] { useLineage(m_lineageParents->isChecked()); });
    m_lineageParents->setCheckable(true);
    m_lineageParents->setChecked(true);
    m_lineageParents->setToolTip(
        tr("Each merge is rated against its own parents; marking one by hand ends this"));
    m_remove = addCommand(m_table,
                          {"compare.remove", tr("&Remove from the comparison"), group,
                           QKeySequence(Qt::Key_Delete), QStringLiteral("close")},
                          [this] { removeSelected(); });
    m_saveAction = addCommand(this, {"compare.save", tr("&Save…"), group, QKeySequence(Qt::CTRL | Qt::Key_S)},
                              [this] { askName(); });
    m_json = addCommand(this,
                        {"compare.json", tr("&Export the comparison as JSON…"), group,
                         QKeySequence(Qt::CTRL | Qt::Key_E), QStringLiteral("export")},
                        [this] { exportJson(); });
    m_askAgain = addCommand(this,
                            {"compare.askAgain", tr("&Ask again…"), group, QKeySequence(Qt::CTRL | Qt::Key_G),
                             QStringLiteral("follow")},
                            [this] { askAgain(); });
    m_askAgain->setToolTip(tr("Has every compared checkpoint answer this problem anew"));
    m_askAgain->setEnabled(false);
    addCommand(this, {"compare.find", tr("&Find problems"), group, QKeySequence::Find}, [this] {
        m_tabs->setCurrentIndex(0);
        m_itemSearch->setFocus(Qt::ShortcutFocusReason);
        m_itemSearch->selectAll();
    });
    auto* view = m_table->view();
    view->setContextMenuPolicy(Qt::ActionsContextMenu);
    view->addActions({m_setBaseline, m_parent, m_lineageParents, m_remove});
    connect(m_table, &TablePanel::activated, m_setBaseline, &QAction::trigger);
}

QToolButton* ComparePage::button(QAction* action, bool withText) {
    auto* button = new QToolButton(this);
    button->setDefaultAction(action);
    button->setToolButtonStyle(!withText                 ? Qt::ToolButtonIconOnly
                               : action->icon().isNull() ? Qt::ToolButtonTextOnly
                                                         : Qt::ToolButtonTextBesideIcon);
    button->setAutoRaise(true);
    button->setAccessibleName(commandText(action));
    button->setFocusPolicy(Qt::TabFocus);
    return button;
}

QWidget* ComparePage::makeProblems() {
    auto* pane = new QWidget(this);
    m_flips = new FlipTable(pane);
    m_itemSearch = new QLineEdit(pane);
    m_itemSearch->setClearButtonEnabled(true);
    m_itemSearch->setPlaceholderText(tr("Search problem or task"));
    m_itemSearch->setAccessibleName(tr("Search problems"));
    connect(m_itemSearch, &QLineEdit::textChanged, this, &ComparePage::applyItemFilter);
    m_itemCount = new QLabel(pane);
    m_allGroups = addCommand(
        pane,
        {"compare.allGroups", tr("Problems of all &groups"), tr("Compare"), QKeySequence(Qt::Key_Escape)},
        [this] { setGroup(std::nullopt); });
    m_allGroups->setEnabled(false);
    m_groupChip = new QPushButton(lineIcon(QStringLiteral("close")), {}, pane);
    m_groupChip->setToolTip(tr("Only this group; press to list all problems again (Esc)"));
    m_groupChip->setLayoutDirection(Qt::RightToLeft);  // the cross behind the name
    m_groupChip->hide();
    connect(m_groupChip, &QPushButton::clicked, m_allGroups, &QAction::trigger);
    m_itemView = new QTableView(pane);
    m_itemView->setModel(m_items);
    m_itemView->setAccessibleName(tr("Problems"));
    m_itemView->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_itemView->setSelectionMode(QAbstractItemView::SingleSelection);
    m_itemView->setAlternatingRowColors(true);
    m_itemView->setShowGrid(false);
    m_itemView->setWordWrap(false);
    m_itemView->setTabKeyNavigation(false);
    m_itemView->setItemDelegate(new RowDelegate(m_itemView));
    m_itemView->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_itemView->verticalHeader()->hide();
    m_itemView->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_itemView->verticalHeader()->setDefaultSectionSize(m_itemView->fontMetrics().height() + 8);
    m_itemView->horizontalHeader()->setDefaultSectionSize(112);
    m_itemView->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_itemView->horizontalHeader()->setHighlightSections(false);
    m_itemView->horizontalHeader()->setResizeContentsPrecision(50);
    m_itemView->setContextMenuPolicy(Qt::ActionsContextMenu);
    m_itemView->addActions({m_askAgain, m_allGroups});
    connect(m_itemView->selectionModel(), &QItemSelectionModel::currentRowChanged, &m_openTimer,
            qOverload<>(&QTimer::start));
    QToolButton* more = exportButton(tr("Problems"), pane);
    auto* menu = new QMenu(more);
    const auto all = [this](char separator) {
        return m_result ? QString::fromStdString(itemsCsv(*m_result->comparison, separator)) : QString();
    };
    menu->addAction(tr("Copy all problems as a table"), this,
                    [all] { QGuiApplication::clipboard()->setText(all('\t')); });
    menu->addAction(tr("Save all problems as CSV…"), this, [this, all] {
        saveText(m_lab, this, QStringLiteral("problems.csv"), tr("CSV files (*.csv)"), all(','));
    });
    menu->addAction(tr("Copy the answers"), this,
                    [this] { QGuiApplication::clipboard()->setText(m_answers->asText()); });
    more->setMenu(menu);
    auto* line = new QHBoxLayout;
    line->addWidget(m_itemSearch, 1);
    line->addWidget(m_groupChip);
    line->addWidget(m_itemCount);
    line->addWidget(button(m_askAgain, true));
    line->addWidget(more);
    auto* left = new QWidget(pane);
    auto* leftLayout = new QVBoxLayout(left);
    leftLayout->setContentsMargins(0, 0, 0, 0);
    leftLayout->addWidget(m_flips);
    leftLayout->addLayout(line);
    leftLayout->addWidget(m_itemView, 1);
    m_answers = new AnswerDiff(pane);
    auto* splitter = new QSplitter(Qt::Horizontal, pane);
    splitter->setObjectName(QStringLiteral("compareItemsSplitter"));
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(left);
    splitter->addWidget(m_answers);
    splitter->setSizes({520, 620});
    auto* layout = new QVBoxLayout(pane);
    layout->addWidget(splitter);
    return pane;
}

QWidget* ComparePage::makeGroups() {
    auto* pane = new QWidget(this);
    m_grouping = new QComboBox(pane);
    m_grouping->addItems({tr("By task"), tr("By difficulty")});
    m_grouping->setAccessibleName(tr("Groups of problems"));
    m_groups = new TablePanel(m_lab, tr("Groups of problems"), pane);
    m_merges = new TablePanel(m_lab, tr("Merges against their parents"), pane);
    m_merges->setMaximumHeight(190);
    m_merges->hide();
    auto* line = new QHBoxLayout;
    line->addWidget(m_grouping);
    line->addStretch();
    auto* layout = new QVBoxLayout(pane);
    layout->addLayout(line);
    layout->addWidget(m_groups, 1);
    layout->addWidget(m_merges);
    auto* list = new QAction(tr("&List its problems"), m_groups);
    list->setShortcut(QKeySequence(Qt::Key_Return));
    list->setShortcutContext(Qt::WidgetShortcut);
    m_groups->view()->setContextMenuPolicy(Qt::ActionsContextMenu);
    m_groups->view()->addAction(list);
    connect(list, &QAction::triggered, this, [this] { showGroupOfRow(m_groups->currentRow()); });
    connect(m_groups, &TablePanel::activated, this, &ComparePage::showGroupOfRow);
    connect(m_grouping, &QComboBox::currentIndexChanged, this, &ComparePage::showGroups);
    return pane;
}

QWidget* ComparePage::makeLengths() {
    auto* pane = new QWidget(this);
    m_lengths = new TablePanel(m_lab, tr("Lengths"), pane);
    m_lengths->setNote(
        tr("Mean tokens an answer; differences are paired by problem, intervals are Student's t."));
    m_lengthPlot = new PlotView(pane);
    m_lengthPlot->setTitle(tr("Share of the problems answered within a length"));
    m_lengthPlot->setAxisTitles(tr("tokens"), {});
    m_lengthPlot->setYCovers(std::pair(0.0, 1.0));
    QToolButton* more = exportButton(tr("Chart of lengths"), pane);
    addPlotMenu(m_lab, more, m_lengthPlot);
    auto* right = new QVBoxLayout;
    right->addWidget(more, 0, Qt::AlignRight);
    right->addWidget(m_lengthPlot, 1);
    auto* layout = new QHBoxLayout(pane);
    layout->addWidget(m_lengths, 1);
    layout->addLayout(right, 1);
    return pane;
}

QWidget* ComparePage::makeCalibration() {
    auto* pane = new QWidget(this);
    m_calibration = new TablePanel(m_lab, tr("Calibration"), pane);
    m_reliability = new PlotView(pane);
    m_reliability->setTitle(tr("Accuracy by mean token probability of the answer"));
    m_reliability->setAxisTitles(tr("confidence"), {});
    m_reliability->setYCovers(std::pair(0.0, 1.0));
    QToolButton* more = exportButton(tr("Reliability chart"), pane);
    addPlotMenu(m_lab, more, m_reliability);
    auto* right = new QVBoxLayout;
    right->addWidget(more, 0, Qt::AlignRight);
    right->addWidget(m_reliability, 1);
    auto* layout = new QHBoxLayout(pane);
    layout->addWidget(m_calibration, 1);
    layout->addLayout(right, 1);
    return pane;
}

void ComparePage::makeEmptyStates() {
    m_nothing = new EmptyState(
        QStringLiteral("compare"), tr("Nothing to compare yet"),
        tr("Checkpoints are compared by what they answered to the same held-out problems. No run has been "
           "evaluated so far: runs evaluate while they train, and a run of the recipe evaluate does it for "
           "any "
           "checkpoint."),
        this);
    m_nothing->addButton(tr("Run the quickstart"), [this] { m_lab.selection().startQuickstart(); });
    m_nothing->addButton(tr("Design a run"), [this] { m_lab.selection().open(Place::Design); });
    m_noneChosen = new EmptyState(QStringLiteral("compare"), tr("Which checkpoints?"),
                                  tr("Choose two or more: steps of one run, or of several. Each is set "
                                     "against a baseline, with intervals and "
                                     "tests, problem by problem."),
                                  this);
    m_noneChosen->addButton(tr("Choose checkpoints"), [this] { chooseMore(); });
    m_noneChosen->addButton(tr("Those selected in Runs"), [this] { fromSelection(); });
    m_stack->addWidget(m_nothing);
    m_stack->addWidget(m_noneChosen);
}

}  // namespace retort
