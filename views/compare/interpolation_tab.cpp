#include "views/compare/interpolation_tab.h"

#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QListWidget>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QThread>
#include <algorithm>
#include <cmath>
#include <set>

#include "core/util/json.h"
#include "core/weights/checkpoint_difference.h"
#include "views/lab.h"
#include "views/merge/task_panel.h"
#include "views/models/format.h"

namespace retort {

namespace {

constexpr std::size_t kCurveSteps = 40;  // of the finest curve: places are 0 … 40

}  // namespace

InterpolationTab::~InterpolationTab() {
    if (m_geometryJob) m_geometryJob->stop.request_stop();
    m_run.disconnect(this);
}

void InterpolationTab::setOpener(MeasureSession::Opener open) {
    m_run.setOpener(std::move(open));
    onChoice();
}

// --- what is chosen ---

void InterpolationTab::setCheckpoints(const std::vector<ComparedCheckpoint>& checkpoints, std::size_t first,
                                      std::size_t second, std::vector<std::string> evaluations) {
    const auto isSame = [](const ComparedCheckpoint& a, const ComparedCheckpoint& b) {
        return a.folder == b.folder && a.name == b.name;
    };
    const bool sameList =
        std::equal(checkpoints.begin(), checkpoints.end(), m_given.begin(), m_given.end(), isSame);
    m_evaluations = std::move(evaluations);
    if (sameList && first == m_givenFirst && second == m_givenSecond) return;
    if (isMeasuring()) {
        // The choice says what is measured, and goes on to do so when that has ended.
        if (sameList) return;
        cancel();
    }
    m_given = checkpoints;
    m_givenFirst = first;
    m_givenSecond = second;
    m_checkpoints.clear();
    std::vector<int> wanted;
    const auto add = [&](std::size_t index) {
        if (index < checkpoints.size() && !checkpoints[index].folder.empty()) {
            for (std::size_t i = 0; i < m_checkpoints.size(); ++i)
                if (m_checkpoints[i].folder == checkpoints[index].folder) wanted.push_back(int(i));
        }
    };
    for (const ComparedCheckpoint& each : checkpoints)
        if (!each.folder.empty()) m_checkpoints.push_back(each);
    add(first);
    add(second);
    // What is still missing is filled up with the others.
    for (int i = 0; i < int(m_checkpoints.size()); ++i)
        if (std::find(wanted.begin(), wanted.end(), i) == wanted.end()) wanted.push_back(i);
    for (int i = 0; i < 3; ++i) {
        const QSignalBlocker quiet(m_choices[i]);
        m_choices[i]->clear();
        for (const ComparedCheckpoint& each : m_checkpoints) m_choices[i]->addItem(toQString(each.name));
        m_choices[i]->setCurrentIndex(i < int(wanted.size()) ? wanted[std::size_t(i)] : -1);
    }
    onChoice();
}

InterpolationTab::Mode InterpolationTab::chosenMode() const {
    return m_mode->currentIndex() == 1 ? Mode::Plane : Mode::Curve;
}

std::vector<ComparedCheckpoint> InterpolationTab::chosen() const {
    std::vector<ComparedCheckpoint> all;
    for (int i = 0; i < (chosenMode() == Mode::Plane ? 3 : 2); ++i) {
        const int index = m_choices[i]->currentIndex();
        if (index >= 0 && index < int(m_checkpoints.size())) all.push_back(m_checkpoints[std::size_t(index)]);
    }
    return all;
}

InterpolationTab::Subject InterpolationTab::subject() const {
    Subject subject;
    subject.mode = chosenMode();
    subject.effort = static_cast<InterpolationEffort>(std::max(0, m_effort->currentIndex()));
    for (const ComparedCheckpoint& each : chosen()) {
        subject.folders.push_back(each.folder);
        subject.names << toQString(each.name);
    }
    Json key = {{"mode", int(subject.mode)}, {"folders", subject.folders}, {"effort", int(subject.effort)}};
    for (const BenchTask& task : m_tasks->chosen()) {
        key["tasks"].push_back({task.name, task.value});
        if (task.isFile)
            subject.request.files.push_back(task.file);
        else
            subject.request.tasks.push_back(task.task);
    }
    subject.request.numProblems = m_tasks->problems();
    subject.request.maxCompletionLength = m_tasks->maxCompletionLength();
    if (subject.effort == InterpolationEffort::Accuracy)
        key["generation"] = {m_tasks->problems(), m_tasks->maxCompletionLength()};
    subject.key = key.dump(-1, ' ', false, Json::error_handler_t::replace);
    subject.place = Json(subject.folders).dump(-1, ' ', false, Json::error_handler_t::replace);
    return subject;
}

QString InterpolationTab::obstacle() const {
    const auto checkpoints = chosen();
    const std::size_t wanted = chosenMode() == Mode::Plane ? 3 : 2;
    if (!m_run.canMeasure()) return tr("This program was built without training: merges cannot be measured.");
    if (m_checkpoints.size() < wanted)
        return wanted == 2
                   ? tr("There is a way between two checkpoints that are still on the disk. Add another one.")
                   : tr("A plane goes through three checkpoints that are still on the disk. Add another "
                        "one.");
    std::set<std::string> folders;
    for (const ComparedCheckpoint& each : checkpoints) folders.insert(each.folder);
    if (folders.size() < wanted) return tr("Choose different checkpoints.");
    std::vector<std::string> now;
    for (const ComparedCheckpoint& each : checkpoints) now.push_back(each.folder);
    if (now != m_factsFor) return tr("Looking at the checkpoints…");
    QStringList errors;
    for (const std::string& error : m_facts.errors) errors << toQString(error);
    if (!errors.isEmpty())
        return tr("There is no way between these checkpoints:") + QLatin1Char('\n') +
               errors.join(QLatin1Char('\n'));
    if (m_tasks->chosen().empty()) return tr("Tick a task to measure on.");
    return {};
}

void InterpolationTab::onChoice() {
    m_problem.clear();
    m_said.clear();
    lookUp();
    showEverything();
}

void InterpolationTab::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    lookUp();
}

/// Whether they can be added up, and on which tasks; read when somebody looks.
void InterpolationTab::lookUp() {
    if (!isVisible() || isMeasuring()) return;
    auto checkpoints = chosen();
    std::vector<std::string> folders;
    for (const ComparedCheckpoint& each : checkpoints) folders.push_back(each.folder);
    if (folders.size() < 2 || folders == m_askedFor) return;
    m_askedFor = folders;
    m_lab.read(
        this, [checkpoints](StoreReader& reader) { return readInterpolationFacts(reader, checkpoints); },
        [this, number = ++m_ask, folders](InterpolationFacts facts) {
            if (number != m_ask) return;
            // As they were evaluated; what the user has set since then stays.
            if (m_factsFor.empty() && facts.numProblems > 0) {
                const QSignalBlocker quiet(m_tasks);
                m_tasks->problemsBox()->setValue(facts.numProblems);
                m_tasks->setMaxCompletionLength(facts.maxCompletionLength);
            }
            m_factsFor = folders;
            acceptFacts(std::move(facts));
        });
}

void InterpolationTab::acceptFacts(InterpolationFacts facts) {
    m_facts = std::move(facts);
    {
        const QSignalBlocker quiet(m_tasks);
        QListWidget* list = m_tasks->list();
        std::set<QString> before;
        for (int i = 0; i < list->count(); ++i) before.insert(list->item(i)->text());
        m_tasks->setTasks(m_facts.tasks.empty() ? everyTask() : m_facts.tasks, !m_facts.tasks.empty());
        // Ticked are those that the checkpoints are compared on; where none is, all of the runs'.
        const auto isCompared = [this](const QString& name) {
            return std::any_of(m_evaluations.begin(), m_evaluations.end(),
                               [&](const std::string& evaluation) {
                                   const QString wanted = toQString(evaluation);
                                   return name == wanted || name.startsWith(wanted + QStringLiteral(" ("));
                               });
        };
        bool any = false;
        for (int i = 0; i < list->count(); ++i) any = any || isCompared(list->item(i)->text());
        for (int i = 0; any && i < list->count(); ++i)
            if (QListWidgetItem* item = list->item(i); !before.contains(item->text()))
                item->setCheckState(isCompared(item->text()) ? Qt::Checked : Qt::Unchecked);
    }
    showEverything();
}

// --- measuring ---

std::vector<std::size_t> InterpolationTab::missing(const Subject& subject) const {
    std::vector<std::size_t> slots;
    if (subject.mode == Mode::Curve) {
        const auto points = static_cast<std::size_t>(m_curveDetail->currentData().toInt());
        const auto known = m_curves.find(subject.key);
        for (const std::size_t place : bisectionOrder(points)) {
            const std::size_t slot = place * (kCurveSteps / (points - 1));
            if (known == m_curves.end() || !known->second.contains(slot)) slots.push_back(slot);
        }
        return slots;
    }
    const auto side = static_cast<std::size_t>(m_planeDetail->currentData().toInt());
    const auto known = m_planes.find(subject.key);
    for (std::size_t corner = 0; corner < 3; ++corner)
        if (known == m_planes.end() || !known->second.corners[corner]) slots.push_back(corner);
    for (const std::size_t index : coarseToFine(side)) {
        const std::size_t fine = PlaneMeasurements::fineIndex(side, index);
        if (known == m_planes.end() || !known->second.points.contains(fine)) slots.push_back(3 + fine);
    }
    return slots;
}

std::vector<double> InterpolationTab::weightsOf(const Subject& subject, std::size_t slot) const {
    if (subject.mode == Mode::Curve) {
        const double t = double(slot) / kCurveSteps;
        return {1 - t, t};
    }
    if (slot < 3) return {slot == 0 ? 1.0 : 0.0, slot == 1 ? 1.0 : 0.0, slot == 2 ? 1.0 : 0.0};
    const CheckpointPlane& plane = m_geometries.at(subject.place);
    constexpr std::size_t side = PlaneMeasurements::kFinest;
    const PlaneGrid grid = gridAround(plane, PlaneMeasurements::kMargin, side);
    const auto weights = plane.weights(grid.place((slot - 3) % side, (slot - 3) / side));
    return {weights.begin(), weights.end()};
}

void InterpolationTab::measure() {
    if (isMeasuring() || !obstacle().isEmpty()) return showState();
    m_problem.clear();
    m_said.clear();
    Subject now = subject();
    if (missing(now).empty()) return showState();
    m_isGoing = true;
    if (now.mode == Mode::Plane && !m_geometries.contains(now.place))
        measureGeometry(std::move(now));
    else
        start(std::move(now));
    showEverything();
}

/// How far the three are from each other and at what angle, which is where the plane's points are.
void InterpolationTab::measureGeometry(Subject subject) {
    m_going = subject;
    m_slots.clear();
    m_geometryJob = std::make_shared<GeometryJob>();
    WeightOptions options;
    options.base = subject.folders[0];
    options.threads = std::max(1, QThread::idealThreadCount() - 1);
    options.progress = [job = m_geometryJob](std::int64_t done, std::int64_t total) {
        job->done = done;
        job->total = total;
    };
    struct Result {
        std::optional<CheckpointPlane> plane;
        QString problem;
    };
    m_lab.compute(
        this,
        [folders = subject.folders, options, job = m_geometryJob] {
            Result result;
            try {
                const auto difference =
                    compareCheckpoints(folders[1], folders[2], options, job->stop.get_token());
                if (difference.complete) result.plane = CheckpointPlane(gramOf(difference));
            } catch (const Error& error) {
                result.problem = errorText(error);
            }
            return result;
        },
        [this, job = m_geometryJob, subject](const Result& result) {
            if (job != m_geometryJob) return;  // cancelled
            m_geometryJob.reset();
            m_problem = result.problem;
            if (!result.plane) return end();
            m_geometries[subject.place] = *result.plane;
            start(subject);
            showEverything();
        });
}

void InterpolationTab::start(Subject subject) {
    m_going = std::move(subject);
    m_slots = missing(m_going);
    if (m_going.mode == Mode::Plane) m_planes[m_going.key].plane = m_geometries.at(m_going.place);
    std::vector<std::vector<double>> weights;
    for (const std::size_t slot : m_slots) weights.push_back(weightsOf(m_going, slot));
    m_run.start(m_going.request, m_going.folders, m_going.effort, std::move(weights));
}

void InterpolationTab::accept(const InterpolationPoint& point) {
    m_isOpening = false;
    if (m_run.done() == 0 || m_run.done() > m_slots.size()) return;
    const std::size_t slot = m_slots[m_run.done() - 1];
    if (m_going.mode == Mode::Curve)
        m_curves[m_going.key][slot] = point;
    else if (slot < 3)
        m_planes[m_going.key].corners[slot] = point;
    else
        m_planes[m_going.key].points[slot - 3] = point;
    if (!m_pace.isActive()) m_pace.start();
}

void InterpolationTab::cancel() {
    if (!isMeasuring()) return;
    m_said = tr("Cancelled. What was measured is kept, and measuring goes on from there.");
    if (m_geometryJob) {
        m_geometryJob->stop.request_stop();
        m_geometryJob.reset();
        return end();
    }
    m_run.cancel();
}

void InterpolationTab::end() {
    m_isGoing = m_isOpening = false;
    lookUp();
    showEverything();
}

void InterpolationTab::copyRecipe(const std::vector<double>& weights) {
    const Subject now = isMeasuring() ? m_going : subject();
    if (weights.size() != now.folders.size()) return;
    QGuiApplication::clipboard()->setText(toQString(linearRecipe(now.folders, weights)));
    m_said = tr("Copied: the recipe of this point, as mergekit and the Merge page take it.");
    showState();
}

}  // namespace retort
