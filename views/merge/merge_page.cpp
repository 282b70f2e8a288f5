#include "views/merge/merge_page.h"

#include <QDir>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QLabel>
#include <QMimeData>
#include <QStackedWidget>
#include <QUrl>

#include "core/util/files.h"
#include "views/design/yaml_editor.h"
#include "views/lab.h"
#include "views/merge/conflict_view.h"
#include "views/merge/layer_view.h"
#include "views/merge/parameter_sliders.h"
#include "views/merge/parents_panel.h"
#include "views/merge/recipe_edit.h"
#include "views/models/format.h"

namespace retort {

namespace {

constexpr std::size_t largestFile = 1 << 20;

/// What the parts of a checkpoint's path say of it, when no run is known.
QString titleOfPath(const QString& path) {
    const QString clean = QDir::cleanPath(path);
    const QString last = clean.section(QLatin1Char('/'), -1);
    if (!last.startsWith(QLatin1String("step-"))) return last.isEmpty() ? path : last;
    return clean.section(QLatin1Char('/'), -3, -3) + QLatin1Char('@') + last.mid(5);
}

std::vector<double> weightsOf(const RecipeView& recipe) {
    std::vector<double> weights;
    for (const RecipeModel& model : recipe.models)
        if (const auto found = model.values.numbers.find("weight"); found != model.values.numbers.end())
            weights.push_back(found->second);
    return weights;
}

}  // namespace

MergePage::~MergePage() {
    saveDraft();
}

void MergePage::setServices(BenchServices services) {
    m_services = std::move(services);
    m_sliders->setMethods(m_services.methods);
    m_conflicts->setCompute(m_services.conflicts);
    setOpener();
    check();
}

QString MergePage::title(const std::string& name) const {
    const auto found = m_found.titles.find(name);
    return found == m_found.titles.end() ? titleOfPath(toQString(name)) : toQString(found->second);
}

const BenchMethod* MergePage::method() const {
    return m_sliders->method(m_recipe.method);
}

// --- one text, two views ---

QString MergePage::recipe() const {
    return m_editor->toPlainText();
}

void MergePage::setRecipe(const QString& yaml, bool join) {
    m_checking = true;
    m_editor->replaceText(yaml, join);
    check();
}

void MergePage::edit(const std::optional<std::string>& text, bool join) {
    if (text) return setRecipe(toQString(*text), join);
    m_lab.report(Error("the form cannot change this place of the recipe", "recipe",
                       "it is written in a form that is not edited line by line; change it in the text"));
    check();
}

void MergePage::check() {
    m_checkTimer.stop();
    m_recipe = readRecipe(recipe().toStdString());
    std::vector<ConfigProblem> problems;
    if (!m_recipe.readable) problems.push_back({"recipe", m_recipe.line, 1, {}, m_recipe.problem, {}});
    m_editor->setProblems(std::move(problems));
    m_sliders->show(m_recipe);
    if (m_recipe.readable) m_parents->show(m_recipe);
    m_checking = false;
    const bool isEmpty = m_recipe.readable && m_recipe.isFlat && m_recipe.names().empty() &&
                         !m_editor->hasFocus() && recipe().trimmed().isEmpty();
    m_stack->setCurrentIndex(isEmpty ? 1 : 0);
    showSweepTargets();
    if (m_recipe.readable && namesInText() != m_lookedUp) lookUpParents();
    m_layerTimer.start();
    follow();
}

void MergePage::onEdited(int model, const QString& parameter, double value, bool isFlag, bool going) {
    const std::string key = std::to_string(model) + "/" + parameter.toStdString();
    const bool join = m_dragged == key;
    m_dragged = going ? key : std::string();
    edit(withNumber(recipe().toStdString(), model, parameter.toStdString(), value, isFlag), join);
}

void MergePage::chooseMethod(const QString& name) {
    if (const BenchMethod* chosen = m_sliders->method(name.toStdString()))
        edit(withMethod(recipe().toStdString(), *chosen));
}

/// What was the base becomes a model again, and what was a model is no longer one: nothing gets lost.
void MergePage::chooseBase(const QString& name) {
    const std::string chosen = name.toStdString(), before = m_recipe.base;
    if (chosen == before) return;
    std::optional<std::string> text = recipe().toStdString();
    const std::vector<double> weights = weightsOf(m_recipe);
    for (std::size_t i = 0; text && i < m_recipe.models.size(); ++i)
        if (m_recipe.models[i].name == chosen) text = withoutModel(*text, i);
    if (text) text = withBase(*text, chosen);
    const RecipeView now = text ? readRecipe(*text) : RecipeView();
    const bool isListed = std::any_of(now.models.begin(), now.models.end(),
                                      [&](const RecipeModel& model) { return model.name == before; });
    if (text && !before.empty() && !isListed) text = withModel(*text, before, method());
    edit(text ? std::optional(levelled(*text, weights)) : text);
}

void MergePage::removeModel(int model) {
    const auto text = withoutModel(recipe().toStdString(), static_cast<std::size_t>(model));
    edit(text ? std::optional(levelled(*text, weightsOf(m_recipe))) : text);
}

void MergePage::addParents(const QStringList& folders) {
    std::optional<std::string> text = recipe().toStdString();
    if (m_recipe.readable && m_recipe.method.empty() && !m_services.methods.empty()) {
        const BenchMethod* linear = m_sliders->method("linear");
        text = withMethod(*text, linear ? *linear : m_services.methods.front());
    }
    for (const QString& folder : folders) {
        if (!text) break;
        const RecipeView now = readRecipe(*text);
        const std::string name = folder.toStdString();
        const std::vector<std::string> known = now.names();
        if (std::find(known.begin(), known.end(), name) != known.end()) continue;
        text = withModel(*text, name, m_sliders->method(now.method));
        if (text) text = levelled(*text, weightsOf(now));
    }
    edit(text);
}

/// Weights that nobody has moved stay equal when models come and go.
std::string MergePage::levelled(std::string text, const std::vector<double>& before) const {
    const RecipeView now = readRecipe(text);
    const BenchMethod* chosen = m_sliders->method(now.method);
    const BenchParameter* weight = chosen ? chosen->find("weight", true) : nullptr;
    if (!weight || weight->fallback || !now.isFlat) return text;
    for (const double each : before)
        if (each != startValue(*weight, before.size())) return text;
    for (std::size_t i = 0; i < now.models.size(); ++i)
        if (now.models[i].values.numbers.contains("weight"))
            text = withNumber(text, static_cast<int>(i), "weight", startValue(*weight, now.mergedModels()))
                       .value_or(text);
    return text;
}

// --- in and out ---

void MergePage::dragEnterEvent(QDragEnterEvent* event) {
    for (const QUrl& url : event->mimeData()->urls())
        if (url.isLocalFile()) return event->acceptProposedAction();
}

void MergePage::dropEvent(QDropEvent* event) {
    QStringList folders;
    for (const QUrl& url : event->mimeData()->urls()) {
        const QFileInfo info(url.toLocalFile());
        if (info.isDir())
            folders << info.absoluteFilePath();
        else if (info.fileName() == QLatin1String("config.json") ||
                 info.suffix() == QLatin1String("safetensors"))
            folders << info.absolutePath();
        else if (info.suffix() == QLatin1String("yml") || info.suffix() == QLatin1String("yaml"))
            return openFile(info.absoluteFilePath());
    }
    folders.removeDuplicates();
    if (folders.isEmpty())
        return m_lab.report(Error("this is no checkpoint", "what was dropped",
                                  "drop a checkpoint's folder, or a recipe (.yml)"));
    event->acceptProposedAction();
    addParents(folders);
}

void MergePage::chooseFile() {
    const QString file = QFileDialog::getOpenFileName(this, tr("Open a merge recipe"), m_file,
                                                      tr("YAML files (*.yml *.yaml)"));
    if (!file.isEmpty()) openFile(file);
}

void MergePage::openFile(const QString& file) {
    m_lab.compute(
        this, [path = file.toStdString()] { return readFile(path, largestFile); },
        [this, file](const std::string& text) {
            m_file = QFileInfo(file).absoluteFilePath();
            m_lookedUp = {};  // relative names mean something else now
            setRecipe(toQString(text));
        });
}

void MergePage::saveFile() {
    const QString file = QFileDialog::getSaveFileName(this, tr("Save the merge recipe"),
                                                      m_file.isEmpty() ? QStringLiteral("merge.yml") : m_file,
                                                      tr("YAML files (*.yml *.yaml)"));
    if (file.isEmpty()) return;
    m_lab.compute(
        this,
        [path = file.toStdString(), text = recipe().toStdString()] {
            writeFileAtomically(path, text);
            return true;
        },
        [this, file](bool) {
            m_file = QFileInfo(file).absoluteFilePath();
            m_kept->setText(tr("Saved %1").arg(file));
        });
}

void MergePage::saveDraft() {
    const QString text = recipe();
    if (text == m_savedDraft) return;
    m_savedDraft = text;
    m_lab.writer().setSetting("merge.draft", {{"yaml", text.toStdString()}, {"file", m_file.toStdString()}});
}

}  // namespace retort
