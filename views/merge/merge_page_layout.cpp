// MergePage's part that places its parts and connects them.
#include <QAction>
#include <QCheckBox>
#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabBar>
#include <QTabWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include "views/actions.h"
#include "views/design/yaml_editor.h"
#include "views/lab.h"
#include "views/merge/bench_measuring.h"
#include "views/merge/conflict_view.h"
#include "views/merge/layer_view.h"
#include "views/merge/merge_page.h"
#include "views/merge/parameter_sliders.h"
#include "views/merge/parents_panel.h"
#include "views/merge/result_cards.h"
#include "views/merge/results_panel.h"
#include "views/merge/sweep_panel.h"
#include "views/merge/task_panel.h"
#include "views/models/format.h"
#include "views/session.h"
#include "views/widgets/empty_state.h"

namespace retort {

MergePage::MergePage(Lab& lab, QWidget* parent) : QWidget(parent), m_lab(lab) {
    setObjectName(QStringLiteral("mergePage"));
    setAcceptDrops(true);
    m_measuring = new BenchMeasuring(this);
    const auto timer = [this](QTimer& each, int ms, void (MergePage::*slot)()) {
        each.setSingleShot(true);
        each.setInterval(ms);
        connect(&each, &QTimer::timeout, this, slot);
    };
    timer(m_checkTimer, 150, &MergePage::check);
    timer(m_draftTimer, 2000, &MergePage::saveDraft);
    timer(m_layerTimer, 200, &MergePage::showLayers);
    auto* content = new QWidget(this);
    auto* splitter = new QSplitter(Qt::Horizontal, content);
    splitter->setObjectName(QStringLiteral("mergeSplitter"));
    splitter->setChildrenCollapsible(false);
    QWidget* top = makeTop();
    splitter->addWidget(makeRecipeSide());
    splitter->addWidget(makeResultSide());
    splitter->setStretchFactor(0, 2);
    splitter->setStretchFactor(1, 3);
    splitter->setSizes({430, 740});
    auto* inside = new QVBoxLayout(content);
    inside->setContentsMargins(0, 0, 0, 0);
    inside->addWidget(splitter, 1);
    m_empty = makeEmpty();
    m_stack = new QStackedWidget(this);
    m_stack->addWidget(content);
    m_stack->addWidget(m_empty);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(top);
    layout->addWidget(m_stack, 1);
    makeCommands();
    connectParts();
    connectMeasuring();
    check();
    m_editor->document()->clearUndoRedoStacks();
    m_lab.read(
        this, [](StoreReader& reader) { return reader.setting("merge.draft"); },
        [this](const std::optional<Json>& draft) {
            // Only when nothing else was begun meanwhile.
            if (!draft || !draft->is_object() || !recipe().isEmpty()) return;
            m_file = toQString(draft->value("file", std::string()));
            m_savedDraft = toQString(draft->value("yaml", std::string()));
            setRecipe(m_savedDraft);
            m_editor->document()->clearUndoRedoStacks();
        });
}

QWidget* MergePage::makeTop() {
    auto* top = new QWidget(this);
    top->setObjectName(QStringLiteral("mergeTop"));
    auto* layout = new QHBoxLayout(top);
    layout->setContentsMargins(0, 0, 0, 0);
    m_kept = new QLabel(top);
    m_kept->setTextFormat(Qt::PlainText);
    layout->addWidget(m_kept, 1);
    return top;
}

QWidget* MergePage::makeRecipeSide() {
    const auto shown = [this](const std::string& name) { return title(name); };
    m_parents = new ParentsPanel(m_lab, shown, this);
    m_sliders = new ParameterSliders(shown, this);
    m_editor = new YamlEditor(this);
    m_editor->setAcceptDrops(false);  // folders dropped on it are parents, too
    m_editor->setAccessibleName(tr("Recipe as YAML"));
    m_editor->setPlaceholderText(tr("mergekit's YAML"));
    auto* form = new QWidget(this);
    auto* formLayout = new QVBoxLayout(form);
    formLayout->setContentsMargins(0, 0, 0, 0);
    formLayout->addWidget(m_parents);
    formLayout->addWidget(m_sliders, 1);
    auto* side = new QSplitter(Qt::Vertical, this);
    side->setObjectName(QStringLiteral("mergeRecipeSplitter"));
    side->setChildrenCollapsible(false);
    side->addWidget(form);
    side->addWidget(m_editor);
    side->setStretchFactor(0, 3);
    side->setStretchFactor(1, 2);
    side->setSizes({430, 240});
    side->setMinimumWidth(340);
    return side;
}

QWidget* MergePage::makeResultSide() {
    const auto shown = [this](const std::string& name) { return title(name); };
    auto* side = new QWidget(this);
    m_tasks = new TaskPanel(side);
    m_live = new QCheckBox(tr("measure &live"), side);
    m_live->setObjectName(QStringLiteral("mergeLive"));
    m_live->setChecked(true);
    m_live->setToolTip(tr("Measure while the sliders move: at first coarsely, closely when they rest"));
    markRemembered(m_live);
    m_status = new QLabel(side);
    m_status->setTextFormat(Qt::PlainText);
    m_status->setWordWrap(true);
    m_cards = new ResultCards(side);
    m_results = new ResultsPanel(shown, side);
    m_sweep = new SweepPanel(side);
    m_conflicts = new ConflictView(side);
    m_layers = new LayerView(shown, side);
    m_tabs = new QTabWidget(side);
    m_tabs->setDocumentMode(true);
    m_tabs->setAccessibleName(tr("Measurements"));
    m_tabs->tabBar()->setAccessibleName(m_tabs->accessibleName());
    m_tabs->addTab(m_results, tr("Trade-off"));
    m_tabs->addTab(m_sweep, tr("Sweep"));
    m_tabs->addTab(m_conflicts, tr("Conflicts"));
    m_tabs->addTab(m_layers, tr("Layers"));
    auto* bar = new QHBoxLayout;
    bar->setObjectName(QStringLiteral("mergeMeasureBar"));
    bar->addWidget(m_tasks);
    bar->addStretch(1);
    bar->addWidget(m_live);
    auto* layout = new QVBoxLayout(side);
    layout->setContentsMargins(6, 0, 0, 0);
    layout->addLayout(bar);
    layout->addWidget(m_status);
    layout->addWidget(m_cards);
    layout->addWidget(m_tabs, 1);
    return side;
}

QWidget* MergePage::makeEmpty() {
    auto* empty = new EmptyState(
        QStringLiteral("merge"), tr("Merge checkpoints"),
        tr("Choose two or more checkpoints that came from the same start. Sliders set how much of each goes "
           "into the merge, and what it scores on held-out problems is measured while they move. Folders can "
           "be "
           "dropped here, too."),
        this);
    empty->addButton(tr("Add from runs…"), [this] { m_parents->pick(); });
    empty->addButton(tr("Add a folder…"), [this] { m_parents->addFolder(); });
    empty->addButton(tr("Open a recipe…"), [this] { chooseFile(); });
    return empty;
}

void MergePage::makeCommands() {
    const QString group = tr("Merge");
    auto* bar = static_cast<QHBoxLayout*>(findChild<QWidget*>(QStringLiteral("mergeTop"))->layout());
    const auto command = [&](const CommandSpec& spec, std::function<void()> run) {
        QAction* action = addCommand(this, spec, std::move(run));
        auto* button = new QToolButton(this);
        button->setDefaultAction(action);
        button->setAutoRaise(true);
        button->setToolButtonStyle(Qt::ToolButtonTextOnly);
        button->setFocusPolicy(Qt::TabFocus);
        button->setAccessibleName(commandText(action));
        bar->addWidget(button);
        return action;
    };
    QAction* undo =
        command({"merge.undo", tr("&Undo"), group, QKeySequence::Undo}, [this] { m_editor->undo(); });
    QAction* redo =
        command({"merge.redo", tr("Red&o"), group, QKeySequence::Redo}, [this] { m_editor->redo(); });
    connect(m_editor, &QPlainTextEdit::undoAvailable, undo, &QAction::setEnabled);
    connect(m_editor, &QPlainTextEdit::redoAvailable, redo, &QAction::setEnabled);
    undo->setEnabled(false);
    redo->setEnabled(false);
    command({"merge.open", tr("&Open recipe…"), group, QKeySequence::Open}, [this] { chooseFile(); });
    command({"merge.save", tr("&Save recipe…"), group, QKeySequence::Save}, [this] { saveFile(); });
    command({"merge.copy", tr("&Copy recipe"), group},
            [this] { QGuiApplication::clipboard()->setText(recipe()); });
    m_measureAction =
        command({"merge.measure", tr("&Measure now"), group, QKeySequence(Qt::CTRL | Qt::Key_Return)},
                [this] { measureNow(); });
    m_keepAction =
        command({"merge.keep", tr("&Keep as checkpoint…"), group, {}, QStringLiteral("checkpoint")},
                [this] { askToKeep(); });
    if (auto* button = qobject_cast<QToolButton*>(bar->itemAt(bar->count() - 1)->widget())) {
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button->setAutoRaise(false);
    }
    addCommand(this, {"merge.addRuns", tr("&Add checkpoints of runs to the merge…"), group},
               [this] { m_parents->pick(); });
    addCommand(this, {"merge.addFolder", tr("Add a checkpoint's &folder to the merge…"), group},
               [this] { m_parents->addFolder(); });
    addCommand(this, {"merge.sweep", tr("Measure a &row of points"), group}, [this] {
        m_tabs->setCurrentWidget(m_sweep);
        m_sweep->start();
    });
    addCommand(this, {"merge.conflicts", tr("Compare &task vectors"), group}, [this] {
        m_tabs->setCurrentWidget(m_conflicts);
        m_conflicts->compute();
    });
    addCommand(this, {"merge.cancel", tr("Cancel &measuring"), group}, [this] { m_measuring->cancel(); });
    addCommand(this, {"merge.forget", tr("Forget the measured &points"), group},
               [this] { m_results->clear(); });
}

void MergePage::connectParts() {
    connect(m_editor, &QPlainTextEdit::textChanged, this, [this] {
        if (!m_checking) m_checkTimer.start();
        m_draftTimer.start();
    });
    connect(m_parents, &ParentsPanel::added, this, &MergePage::addParents);
    connect(m_parents, &ParentsPanel::baseChosen, this, &MergePage::chooseBase);
    connect(m_sliders, &ParameterSliders::methodChosen, this, &MergePage::chooseMethod);
    connect(m_sliders, &ParameterSliders::edited, this, &MergePage::onEdited);
    connect(m_sliders, &ParameterSliders::removeRequested, this, &MergePage::removeModel);
    connect(m_tasks, &TaskPanel::changed, this, [this] {
        m_followed.clear();
        follow();
    });
    connect(m_live, &QCheckBox::toggled, this, [this](bool on) {
        if (!on && !m_measuring->isSweeping()) m_measuring->cancel();
        m_followed.clear();
        if (on) follow();
    });
    connect(m_results, &ResultsPanel::recipeWanted, this, &MergePage::setRecipe);
    connect(m_sweep, &SweepPanel::sweepRequested, this, &MergePage::sweep);
    connect(m_sweep, &SweepPanel::cancelRequested, m_measuring, &BenchMeasuring::cancel);
    connect(m_tabs, &QTabWidget::currentChanged, this, [this] { m_layerTimer.start(); });
    connect(&m_lab, &Lab::runsChanged, this, [this] {
        // A parent that was not there may be now.
        if (!m_found.problems.empty()) lookUpParents();
    });
}

}  // namespace retort
