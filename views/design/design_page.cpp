#include "views/design/design_page.h"

#include <QAction>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QSplitter>
#include <QTabWidget>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "core/config/parallel_recipes.h"
#include "core/config/values.h"
#include "core/util/error.h"
#include "views/actions.h"
#include "views/design/launch_bar.h"
#include "views/design/loss_forecast.h"
#include "views/design/parameter_field.h"
#include "views/design/parameter_form.h"
#include "views/design/run_estimate.h"
#include "views/design/schedule_preview.h"
#include "views/design/slurm_panel.h"
#include "views/design/templates.h"
#include "views/design/yaml_editor.h"
#include "views/design/yaml_patch.h"
#include "views/lab.h"
#include "views/models/format.h"
#include "views/selection.h"

namespace retort {

namespace {

/// Text that is no YAML map at all has problems without a path; the form then has nothing to stand on.
bool isReadable(const ParsedConfig& parsed) {
    return std::none_of(parsed.problems.begin(), parsed.problems.end(), [](const ConfigProblem& problem) {
        return problem.path.empty() && problem.line > 0;
    });
}

/// Why so many processes cannot train it together; empty: they can.
QString processesProblem(const RunConfig& config, int processes) try {
    requireParallelRecipe(config, processes);
    return {};
} catch (const Error& error) {
    return toQString(error.what_happened()) + QStringLiteral(" (") + toQString(error.where()) +
           QLatin1Char(')');
}

}  // namespace

DesignPage::DesignPage(Lab& lab, QWidget* parent)
    : QWidget(parent), m_lab(lab), m_history(std::make_shared<LossHistory>()) {
    setObjectName(QStringLiteral("designPage"));
    m_checkTimer.setSingleShot(true);
    m_checkTimer.setInterval(150);
    connect(&m_checkTimer, &QTimer::timeout, this, &DesignPage::check);
    m_draftTimer.setSingleShot(true);
    m_draftTimer.setInterval(2000);
    connect(&m_draftTimer, &QTimer::timeout, this, &DesignPage::saveDraft);

    m_forecastTimer.setSingleShot(true);
    m_forecastTimer.setInterval(200);
    connect(&m_forecastTimer, &QTimer::timeout, this, &DesignPage::forecastLoss);

    auto* splitter = new QSplitter(Qt::Horizontal, this);
    splitter->setObjectName(QStringLiteral("designSplitter"));
    splitter->setChildrenCollapsible(false);
    QWidget* top = makeTop();
    splitter->addWidget(makeFormSide());
    m_side = new QTabWidget(this);
    m_side->setAccessibleName(tr("The configuration as text, and its job"));
    m_side->setDocumentMode(true);
    m_side->setTabBarAutoHide(true);
    m_side->addTab(makeYamlSide(), tr("YAML"));
    m_slurm = new SlurmPanel(lab, this);
    m_slurm->hide();
    splitter->addWidget(m_side);
    splitter->setStretchFactor(0, 1);
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({620, 520});
    m_launch = new LaunchBar(lab, this);
    connect(m_launch, &LaunchBar::choiceChanged, this, &DesignPage::showSlurm);
    connect(&lab, &Lab::backendsChanged, this, &DesignPage::showSlurm);
    connect(m_slurm, &SlurmPanel::changed, this, &DesignPage::showObstacle);
    connect(m_launch, &LaunchBar::launchRequested, this, &DesignPage::launch);
    connect(m_launch, &LaunchBar::queueRequested, this, &DesignPage::enqueue);
    connect(m_launch, &LaunchBar::nameEdited, this,
            [this](const QString& name) { setParameter("name", Json(name.toStdString())); });
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(top);
    layout->addWidget(splitter, 1);
    layout->addWidget(m_launch);
    makeCommands();

    connect(&lab.selection(), &Selection::copyRequested, this, &DesignPage::designCopyOf);
    connect(&lab, &Lab::runsChanged, this, [this] {
        if (isVisible()) readSuggestions();
    });
    setYaml(toQString(starterYaml("sft")));
    m_editor->document()->clearUndoRedoStacks();
    readDraft();
}

DesignPage::~DesignPage() {
    saveDraft();
}

void DesignPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    readSuggestions();
    m_forecastTimer.start();
}

QWidget* DesignPage::makeTop() {
    auto* top = new QWidget(this);
    auto* layout = new QHBoxLayout(top);
    layout->setContentsMargins(0, 0, 0, 0);
    m_recipe = new QComboBox(top);
    for (const RecipeSchema& schema : recipeSchemas()) {
        m_recipe->addItem(toQString(schema.name), toQString(schema.name));
        m_recipe->setItemData(m_recipe->count() - 1, translatedSchemaText(schema.help), Qt::ToolTipRole);
    }
    connect(m_recipe, &QComboBox::activated, this,
            [this] { changeRecipe(m_recipe->currentData().toString()); });
    auto* label = new QLabel(tr("&Recipe"), top);
    label->setBuddy(m_recipe);
    m_recipeHelp = new QLabel(top);
    m_recipeHelp->setForegroundRole(QPalette::PlaceholderText);
    m_recipeHelp->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    layout->addWidget(label);
    layout->addWidget(m_recipe);
    layout->addWidget(m_recipeHelp, 1);
    return top;
}

QWidget* DesignPage::makeFormSide() {
    auto* side = new QWidget(this);
    m_filter = new QLineEdit(side);
    m_filter->setClearButtonEnabled(true);
    m_filter->setPlaceholderText(tr("Find a parameter"));
    m_filter->setAccessibleName(tr("Find a parameter"));
    m_form = new ParameterForm(side);
    m_blocked = new QLabel(tr("The text beside cannot be read as YAML. The form waits until it can."), side);
    m_blocked->setWordWrap(true);
    m_blocked->hide();
    m_schedule = new SchedulePreview(side);
    m_estimate = new QLabel(side);
    m_estimate->setWordWrap(true);
    connect(m_filter, &QLineEdit::textChanged, m_form, &ParameterForm::setFilter);
    connect(m_form, &ParameterForm::edited, this, &DesignPage::setParameter);
    connect(m_form, &ParameterForm::resetRequested, this, &DesignPage::resetParameter);
    auto* layout = new QVBoxLayout(side);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_filter);
    layout->addWidget(m_blocked);
    layout->addWidget(m_form, 1);
    layout->addWidget(m_schedule);
    layout->addWidget(m_estimate);
    return side;
}

QWidget* DesignPage::makeYamlSide() {
    auto* side = new QWidget(this);
    m_editor = new YamlEditor(side);
    connect(m_editor, &QPlainTextEdit::textChanged, this, [this] {
        if (!m_checking) m_checkTimer.start();
        m_draftTimer.start();
    });
    m_problems = new QListWidget(side);
    m_problems->setAccessibleName(tr("Problems"));
    m_problems->setWordWrap(true);
    m_problems->setMaximumHeight(fontMetrics().height() * 6);
    const auto goToProblem = [this](const QListWidgetItem* item) {
        if (!item) return;
        const int line = item->data(Qt::UserRole).toInt();
        if (line > 0) return m_editor->goTo(line, item->data(Qt::UserRole + 1).toInt());
        m_form->reveal(item->data(Qt::UserRole + 2).toString().toStdString());
    };
    connect(m_problems, &QListWidget::itemActivated, this, goToProblem);
    connect(m_problems, &QListWidget::itemClicked, this, goToProblem);
    auto* layout = new QVBoxLayout(side);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_editor, 1);
    layout->addWidget(m_problems);
    return side;
}

void DesignPage::makeCommands() {
    const QString group = tr("Design");
    addCommand(this, {"design.launch", tr("&Launch"), group, QKeySequence(Qt::CTRL | Qt::Key_Return)},
               [this] { launch(); });
    addCommand(this,
               {"design.queue", tr("Put into the queue"), group,
                QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Return)},
               [this] { enqueue(); });
    auto* undo =
        addCommand(this, {"design.undo", tr("&Undo"), group, QKeySequence::Undo, QStringLiteral("restore")},
                   [this] { m_editor->undo(); });
    auto* redo = addCommand(this, {"design.redo", tr("&Redo"), group, QKeySequence::Redo},
                            [this] { m_editor->redo(); });
    connect(m_editor, &QPlainTextEdit::undoAvailable, undo, &QAction::setEnabled);
    connect(m_editor, &QPlainTextEdit::redoAvailable, redo, &QAction::setEnabled);
    // The editor tells of changes only.
    undo->setEnabled(m_editor->document()->isUndoAvailable());
    redo->setEnabled(m_editor->document()->isRedoAvailable());
    auto* open = addCommand(this, {"design.open", tr("&Open YAML…"), group, QKeySequence::Open},
                            [this] { chooseFile(); });
    auto* save = addCommand(this, {"design.save", tr("&Save YAML…"), group, QKeySequence::Save},
                            [this] { saveFile(); });
    addCommand(this, {"design.find", tr("&Find a parameter"), group, QKeySequence::Find}, [this] {
        m_filter->setFocus(Qt::ShortcutFocusReason);
        m_filter->selectAll();
    });
    auto* bar = static_cast<QHBoxLayout*>(m_recipe->parentWidget()->layout());
    const auto button = [&](QAction* action) {
        auto* tool = new QToolButton(this);
        tool->setDefaultAction(action);
        tool->setAutoRaise(true);
        tool->setToolButtonStyle(Qt::ToolButtonTextOnly);
        tool->setFocusPolicy(Qt::TabFocus);
        tool->setAccessibleName(commandText(action));
        bar->addWidget(tool);
    };
    for (QAction* action : {undo, redo, open, save}) button(action);
    auto* templates = new QToolButton(this);
    templates->setText(tr("&Templates"));
    templates->setAutoRaise(true);
    templates->setPopupMode(QToolButton::InstantPopup);
    m_templates = new QMenu(templates);
    m_templates->setToolTipsVisible(true);
    templates->setMenu(m_templates);
    bar->addWidget(templates);
    makeTemplates();
}

void DesignPage::makeTemplates() {
    for (const Template& entry : designTemplates()) {
        QAction* action = m_templates->addAction(entry.title);
        action->setToolTip(entry.help);
        connect(action, &QAction::triggered, this, [this, yaml = entry.yaml] {
            m_file.clear();
            setYaml(yaml);
        });
    }
}

// --- one text, two views ---

QString DesignPage::yaml() const {
    return m_editor->toPlainText();
}

void DesignPage::setYaml(const QString& yaml) {
    m_editor->replaceText(yaml);
    check();
}

void DesignPage::check() {
    m_checkTimer.stop();
    m_checking = true;
    m_parsed = parseConfig(yaml().toStdString(), m_file.isEmpty() ? "config.yaml" : m_file.toStdString());
    const bool readable = isReadable(m_parsed);
    m_form->setEnabled(readable);
    m_blocked->setVisible(!readable);
    if (readable) {
        const std::string& recipe = m_parsed.config.recipe;
        m_form->setRecipe(recipeSchema(recipe));
        m_form->showState(m_parsed.values, m_parsed.problems);
        m_recipe->setCurrentIndex(m_recipe->findData(toQString(recipe)));
        m_recipeHelp->setText(translatedSchemaText(recipeSchema(recipe).help));
        m_launch->setName(toQString(m_parsed.config.name));
        showSlurm();
        // A command has a schedule of its own.
        m_schedule->setVisible(recipe != externalRecipe);
        m_schedule->setTraining(m_parsed.config.training);
        showEstimate();
    }
    showProblems();
    m_checking = false;
    ++m_design;
    m_forecastTimer.start();
}

void DesignPage::forecastLoss() {
    if (!isVisible()) return;  // showEvent() asks again
    m_lab.read(
        this,
        [history = m_history, design = m_parsed](StoreReader& reader) {
            return history->forecast(reader, design);
        },
        [this, number = m_design](LossForecast forecast) {
            if (number == m_design) m_schedule->setForecast(std::move(forecast));
        });
}

void DesignPage::showProblems() {
    // A text that is wrong in thousands of places is marked at the first ones.
    constexpr std::size_t most = 100;
    std::vector<ConfigProblem> problems = m_parsed.problems;
    if (problems.size() > most) problems.resize(most);
    m_editor->setProblems(problems);
    m_problems->clear();
    for (const ConfigProblem& problem : problems) {
        QString text = QStringLiteral("✗ ");
        if (problem.line > 0) text += tr("line %1: ").arg(problem.line);
        if (!problem.path.empty()) text += toQString(problem.path) + QStringLiteral(": ");
        text += toQString(problem.message);
        if (!problem.hint.empty()) text += QStringLiteral(" — ") + toQString(problem.hint);
        auto* item = new QListWidgetItem(text, m_problems);
        item->setData(Qt::UserRole, problem.line);
        item->setData(Qt::UserRole + 1, problem.column);
        item->setData(Qt::UserRole + 2, toQString(problem.path));
    }
    m_problems->setVisible(!problems.empty());
    showObstacle();
}

void DesignPage::showObstacle() {
    const int count = static_cast<int>(m_parsed.problems.size());
    QString text = count == 0 ? QString() : tr("%n problem(s) to solve first", nullptr, count);
    if (text.isEmpty() && m_side->count() > 1 && !m_slurm->obstacle().isEmpty())
        text = tr("the job for Slurm is not in order");
    m_launch->setOneProcessReason(count == 0 ? processesProblem(m_parsed.config, 2) : QString());
    if (text.isEmpty()) text = processesProblem(m_parsed.config, m_launch->processes());
    m_launch->setObstacle(text);
}

/// The second tab is there while the runs are to be jobs of Slurm.
void DesignPage::showSlurm() {
    SlurmBackend* backend = m_lab.slurm(m_launch->backend());
    m_slurm->setBackend(backend);
    if (backend && m_side->count() == 1)
        m_side->addTab(m_slurm, tr("Slurm job"));
    else if (!backend && m_side->count() > 1)
        m_side->removeTab(1);
    m_slurm->setRuns(toQString(m_parsed.config.name), toQString(m_parsed.config.recipe), m_launch->seeds(),
                     m_launch->arrayAtOnce());
    showObstacle();
}

void DesignPage::showEstimate() {
    const RunEstimate estimate = estimateRun(m_parsed.config);
    QStringList parts;
    if (estimate.parameters) {
        parts << tr("%1 M parameters")
                     .arg(QLocale().toString(static_cast<double>(*estimate.parameters) / 1e6, 'f', 2));
    }
    if (estimate.sequencesPerStep > 0) {
        parts << tr("%n sequence(s) a step", nullptr, static_cast<int>(estimate.sequencesPerStep));
        parts << tr("at most %1 M tokens")
                     .arg(QLocale().toString(static_cast<double>(estimate.mostTokens) / 1e6, 'f', 1));
    }
    m_estimate->setText(parts.join(QStringLiteral(" · ")));
}

void DesignPage::setParameter(const std::string& path, const Json& value) {
    apply(patchYaml(yaml().toStdString(), path, value), path, &value);
}

void DesignPage::resetParameter(const std::string& path) {
    apply(removeFromYaml(yaml().toStdString(), path), path, nullptr);
}

void DesignPage::apply(const std::optional<std::string>& text, const std::string& path, const Json* value) {
    if (text) return setYaml(toQString(*text));
    if (!m_parsed.problems.empty()) {
        m_lab.report(Error("the form cannot change this place of the YAML text", path,
                           "solve the problems of the text first, or edit it there"));
        return check();
    }
    Json values = m_parsed.values;
    const Parameter* parameter = recipeSchema(m_parsed.config.recipe).find(path);
    setValueAt(values, path, value ? *value : parameter ? parameter->defaultValue : Json());
    setYaml(toQString(toYaml(m_parsed.config.recipe, values, true)));
}

void DesignPage::changeRecipe(const QString& name) {
    const std::string recipe = name.toStdString();
    if (recipe == m_parsed.config.recipe || !isReadable(m_parsed)) return;
    // What was changed goes along where the other recipe has it too; its own defaults rule the rest.
    const RecipeSchema& from = recipeSchema(m_parsed.config.recipe);
    const RecipeSchema& to = recipeSchema(recipe);
    Json values = Json::object();
    for (const Parameter& parameter : from.parameters) {
        const Json* value = valueAt(m_parsed.values, parameter.path);
        if (value && *value != parameter.defaultValue && to.find(parameter.path)) {
            setValueAt(values, parameter.path, *value);
        }
    }
    setYaml(toQString(toYaml(recipe, values, true)));
}

void DesignPage::startFromCheckpoint(const QString& folder) {
    setParameter("model.from", Json(folder.toStdString()));
    m_form->reveal("model.from");
}

void DesignPage::readSuggestions() {
    m_lab.read(
        this,
        [](StoreReader& reader) {
            Suggestions known;
            constexpr int most = 40;
            auto runs = reader.runs(false);
            std::sort(runs.begin(), runs.end(),
                      [](const RunRow& a, const RunRow& b) { return a.created > b.created; });
            for (const RunRow& run : runs) {
                const auto checkpoints = reader.checkpoints(run.id);
                const bool any = std::any_of(checkpoints.begin(), checkpoints.end(),
                                             [](const CheckpointRow& c) { return c.exists; });
                if (any) {
                    known << std::pair(
                        QStringLiteral("%1  (%2)").arg(toQString(run.name), formatTime(run.created)),
                        QStringLiteral("run:") + toQString(run.uuid.substr(0, 8)));
                }
                if (known.size() >= most) break;
            }
            return known;
        },
        [this](const Suggestions& known) { m_form->setModelSuggestions(known); });
}

}  // namespace retort
