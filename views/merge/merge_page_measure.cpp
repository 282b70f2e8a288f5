// MergePage's part that looks parents up, measures, sweeps and keeps.
#include <QAction>
#include <QCheckBox>
#include <QLabel>
#include <QTabWidget>
#include <algorithm>

#include "core/config/merge_models.h"
#include "views/lab.h"
#include "views/merge/bench_measuring.h"
#include "views/merge/conflict_view.h"
#include "views/merge/keep_dialog.h"
#include "views/merge/layer_view.h"
#include "views/merge/merge_page.h"
#include "views/merge/parameter_sliders.h"
#include "views/merge/parents_panel.h"
#include "views/merge/point_model.h"
#include "views/merge/recipe_edit.h"
#include "views/merge/result_cards.h"
#include "views/merge/results_panel.h"
#include "views/merge/sweep_panel.h"
#include "views/models/format.h"

namespace retort {

// --- parents ---

/// Every model that the text names, wherever it stands in it.
std::vector<std::string> MergePage::namesInText() const {
    try {
        std::vector<std::string> names;
        for (std::string& name : mergeModels(recipe().toStdString()))
            if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end())
                names.push_back(std::move(name));
        return names;
    } catch (const Error&) {
        return m_lookedUp;  // being written
    }
}

void MergePage::lookUpParents() {
    m_lookedUp = namesInText();
    const auto base = std::filesystem::path(m_file.toStdString()).parent_path();
    m_lab.read(
        this,
        [names = m_lookedUp, base](StoreReader& reader) { return findKnownParents(reader, names, base); },
        [this, number = ++m_lookUp](KnownParents parents) {
            if (number == m_lookUp) acceptParents(std::move(parents));
        });
}

void MergePage::acceptParents(KnownParents parents) {
    m_found = std::move(parents);
    m_foundFor = m_lookedUp;
    m_parents->show(m_recipe);
    m_sliders->rename();
    m_sliders->show(m_recipe);
    const bool isKnown = !m_found.tasks.empty();
    m_tasks->setTasks(isKnown ? m_found.tasks : everyTask(), isKnown);
    if (m_found.maxCompletionLength > 0) m_tasks->setMaxCompletionLength(m_found.maxCompletionLength);
    showSweepTargets();
    showWarnings();
    m_layerTimer.start();
    m_followed.clear();
    follow();
}

void MergePage::showWarnings() {
    std::vector<std::string> own;
    for (const auto& [name, problem] : m_found.problems) own.push_back(name + ": " + problem);
    m_parents->setWarnings(own);
    std::string base;
    std::vector<std::string> models;
    for (const std::string& name : m_recipe.names())
        if (const auto found = m_found.folders.find(name); found != m_found.folders.end())
            (name == m_recipe.base ? base : models.emplace_back()) = found->second;
    if (!m_services.warnings || models.size() + !base.empty() < 2) return;
    m_lab.compute(
        this, [ask = m_services.warnings, base, models] { return ask(base, models); },
        [this, own, number = m_lookUp](std::vector<std::string> warnings) {
            if (number != m_lookUp) return;
            warnings.insert(warnings.begin(), own.begin(), own.end());
            m_parents->setWarnings(warnings);
        });
}

void MergePage::showConflictRequest() {
    ConflictRequest request;
    QStringList names;
    const auto folder = [this](const std::string& name) {
        const auto found = m_found.folders.find(name);
        return found == m_found.folders.end() ? std::string() : found->second;
    };
    request.base = folder(m_recipe.base);
    for (const std::string& name : m_recipe.names()) {
        if (name == m_recipe.base || folder(name).empty()) continue;
        request.models.push_back(folder(name));
        names << title(name);
    }
    const QString obstacle = request.base.empty()
                                 ? tr("Choose a base: task vectors are what the models learned since it.")
                             : request.models.size() < 2 ? tr("Add a second model beside the base.")
                                                         : QString();
    m_conflicts->setRequest(std::move(request), std::move(names), obstacle);
}

void MergePage::showLayers() {
    if (m_tabs->currentWidget() != m_layers) return;
    if (!m_services.coefficients)
        return m_layers->showMessage(tr("This program was built without the resolution of recipes."));
    if (m_recipe.names().empty() && m_recipe.isFlat)
        return m_layers->showMessage(tr("Add models: what each layer takes of them is shown here."));
    struct Result {
        std::vector<TensorCoefficient> coefficients;
        QString error;
    };
    m_lab.compute(
        this,
        [ask = m_services.coefficients, found = m_found, text = recipe().toStdString()] {
            try {
                return Result{ask(found.withFolders(text)), {}};
            } catch (const Error& error) {
                return Result{{}, errorText(error)};
            }
        },
        [this, text = recipe()](Result result) {
            if (text != recipe()) return;
            if (!result.error.isEmpty()) return m_layers->showMessage(result.error);
            // As the recipe names them: titles are by name.
            for (TensorCoefficient& each : result.coefficients)
                for (const auto& [name, folder] : m_found.folders)
                    if (each.model == folder) each.model = name;
            m_layers->show(std::move(result.coefficients));
        });
}

// --- measuring ---

void MergePage::setOpener() {
    m_measuring->setOpener(m_services.open);
    m_followed.clear();
}

QString MergePage::obstacle() const {
    const BenchMethod* chosen = method();
    if (!m_services.open) return tr("This program was built without training: merges cannot be measured.");
    if (!m_recipe.readable) return tr("The recipe cannot be read yet.");
    if (m_recipe.isFlat) {
        if (!chosen) return tr("Choose a method.");
        if (m_recipe.mergedModels() < chosen->minModels)
            return tr("%1 wants at least %n model(s), the base not counted.", nullptr,
                      static_cast<int>(chosen->minModels))
                .arg(toQString(chosen->name));
        if (m_recipe.mergedModels() > chosen->maxModels)
            return tr("%1 takes at most %n model(s), the base not counted.", nullptr,
                      static_cast<int>(chosen->maxModels))
                .arg(toQString(chosen->name));
        if (chosen->needsBase && m_recipe.base.empty())
            return tr("%1 needs a base: choose it on the left.").arg(toQString(chosen->name));
        for (const BenchParameter& parameter : chosen->parameters)
            for (std::size_t i = 0; i < (parameter.perModel ? m_recipe.models.size() : 1); ++i) {
                const bool isBase = parameter.perModel && m_recipe.models[i].name == m_recipe.base;
                if (!isBase && !m_recipe.valueOf(parameter, i) && !m_recipe.isInText(parameter, i))
                    return tr("'%1' has no value yet.").arg(toQString(parameter.name));
            }
    }
    if (m_foundFor != m_lookedUp) return tr("Looking for the models…");
    if (!m_found.problems.empty())
        return tr("%1 was not found.").arg(toQString(m_found.problems.begin()->first));
    if (m_tasks->chosen().empty()) return tr("Tick a task to measure on.");
    return {};
}

std::string MergePage::setting() const {
    Json setting = {{"problems", m_tasks->problems()}, {"length", m_tasks->maxCompletionLength()}};
    for (const BenchTask& task : m_tasks->chosen()) setting["tasks"].push_back(task.value);
    return setting.dump(-1, ' ', false, Json::error_handler_t::replace);
}

BenchSubject MergePage::subject(const std::string& recipe) const {
    BenchSubject subject;
    subject.recipe = recipe;
    subject.setting = setting();
    subject.request.recipe = m_found.withFolders(recipe);
    subject.request.numProblems = m_tasks->problems();
    subject.request.maxCompletionLength = m_tasks->maxCompletionLength();
    for (const BenchTask& task : m_tasks->chosen()) {
        if (task.isFile)
            subject.request.files.push_back(task.file);
        else
            subject.request.tasks.push_back(task.task);
    }
    const RecipeView view = readRecipe(recipe);
    subject.method = view.method;
    if (const BenchMethod* chosen = m_sliders->method(view.method))
        subject.coefficients = coefficientsOf(view, *chosen);
    return subject;
}

/// What is on the page now is looked at, unless it was measured before.
void MergePage::follow() {
    showConflictRequest();
    const QString text = recipe();
    const bool possible = obstacle().isEmpty();
    const std::string setting = this->setting();
    m_results->setSetting(setting);
    if (!possible || text != m_followed) m_cards->setStale(true);
    if (!possible) {
        m_measuring->rest();
        m_followed.clear();
    } else if (const BenchPoint* known = m_results->find(text.toStdString(), setting)) {
        m_measuring->rest();
        m_followed = text;
        m_cards->show(known->tasks, MergeBenchEffort::Refined);
    } else if (m_live->isChecked() && text != m_followed) {
        m_followed = text;
        m_measuring->follow(subject(text.toStdString()));
    }
    showState();
}

void MergePage::measureNow() {
    if (m_checkTimer.isActive()) check();
    if (!obstacle().isEmpty()) return showState();
    m_followed = recipe();
    m_measuring->measure(subject(recipe().toStdString()));
}

void MergePage::connectMeasuring() {
    connect(m_measuring, &BenchMeasuring::looked, m_cards, &ResultCards::show);
    connect(m_measuring, &BenchMeasuring::measured, this,
            [this](const BenchPoint& point) { m_results->add(point); });
    connect(m_measuring, &BenchMeasuring::swept, this, [this](double x, const BenchPoint& point) {
        m_sweep->add(x, point.tasks);
        m_results->add(point);
    });
    connect(m_measuring, &BenchMeasuring::sweepEnded, m_sweep, &SweepPanel::end);
    // The cards, which went along, return to what the sliders say.
    connect(
        m_measuring, &BenchMeasuring::sweepEnded, this,
        [this] {
            m_followed.clear();
            follow();
        },
        Qt::QueuedConnection);
    connect(m_measuring, &BenchMeasuring::activityChanged, this, [this](const QString& text) {
        m_activity = text;
        showState();
    });
    connect(m_measuring, &BenchMeasuring::failed, this, [this](const QString& message) {
        m_cards->setStale(true);
        m_problem = message;
        m_problemOf = recipe();
        showState();
    });
}

void MergePage::showState() {
    const QString why = obstacle();
    const bool failed =
        why.isEmpty() && m_activity.isEmpty() && !m_problem.isEmpty() && m_problemOf == recipe();
    m_status->setText(!why.isEmpty()          ? why
                      : failed                ? QStringLiteral("✗ ") + m_problem
                      : !m_activity.isEmpty() ? m_activity
                      : m_live->isChecked()   ? tr("Move a slider: the merge is measured as you go.")
                                              : tr("Ctrl+Return measures the merge."));
    m_measureAction->setEnabled(why.isEmpty());
    m_sweep->setObstacle(why);
    const bool canKeep = m_recipe.readable && !m_lookedUp.empty() && m_found.problems.empty() &&
                         (!m_recipe.isFlat || (method() && m_recipe.mergedModels() >= method()->minModels));
    m_keepAction->setEnabled(canKeep);
}

// --- sweeping ---

void MergePage::showSweepTargets() {
    m_targets.clear();
    const BenchMethod* chosen = method();
    if (chosen && m_recipe.isFlat) {
        for (const BenchParameter& parameter : chosen->parameters)
            if (!parameter.perModel && !parameter.isFlag)
                m_targets.push_back({toQString(parameter.name), -1, parameter.name, false});
        const auto other = [this](std::size_t i) { return m_recipe.models[i].name != m_recipe.base; };
        if (chosen->find("weight", true) && m_recipe.models.size() == 2 && other(0) && other(1))
            m_targets.insert(
                m_targets.begin(),
                {tr("λ from %1 to %2").arg(title(m_recipe.models[0].name), title(m_recipe.models[1].name)),
                 -1, "weight", true});
        for (const BenchParameter& parameter : chosen->parameters)
            for (std::size_t i = 0; parameter.perModel && i < m_recipe.models.size(); ++i)
                if (other(i))
                    m_targets.push_back(
                        {tr("%1 of %2").arg(toQString(parameter.name), title(m_recipe.models[i].name)),
                         static_cast<int>(i), parameter.name, false});
    }
    QStringList texts;
    for (const SweepTarget& target : m_targets) texts << target.text;
    m_sweep->setTargets(texts);
}

void MergePage::sweep(int index, const std::vector<double>& values) {
    if (index < 0 || index >= static_cast<int>(m_targets.size()) || !obstacle().isEmpty()) return;
    const SweepTarget target = m_targets[static_cast<std::size_t>(index)];
    std::vector<std::pair<double, BenchSubject>> row;
    for (const double value : values) {
        std::optional<std::string> text = recipe().toStdString();
        if (target.isBlend) {
            text = withNumber(*text, 0, "weight", std::round(1e9 * (1 - value)) / 1e9);
            if (text) text = withNumber(*text, 1, "weight", value);
        } else {
            text = withNumber(*text, target.model, target.parameter, value);
        }
        if (!text) return edit(text);
        row.emplace_back(value, subject(*text));
    }
    m_problem.clear();
    m_measuring->sweep(std::move(row));
    m_sweep->begin(static_cast<int>(values.size()), target.text);
}

// --- keeping ---

KeepDialog* MergePage::askToKeep() {
    auto* dialog = new KeepDialog(m_lab, QStringLiteral("merge-") + toQString(m_recipe.method), this);
    connect(dialog, &KeepDialog::chosen, this, &MergePage::keep);
    dialog->open();
    return dialog;
}

void MergePage::keep(const QString& name, const QString& backend) {
    m_kept->setText(tr("Keeping %1…").arg(name));
    LaunchRequest request;
    request.yaml = keepYaml(name.toStdString(), recipe().toStdString(), m_tasks->chosen(),
                            m_tasks->problems(), m_tasks->maxCompletionLength());
    request.backend = backend;
    request.base = std::filesystem::path(m_file.toStdString()).parent_path();
    m_lab.launch(
        request, this,
        [this, name](RowId run) {
            m_kept->setText(tr("%1 is being made: see Runs").arg(name));
            m_lab.selection().setRuns({run});
            Q_EMIT kept(run);
        },
        [this](const Error& error) {
            m_kept->clear();
            m_lab.report(error);
        });
}

}  // namespace retort
