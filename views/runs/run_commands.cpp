#include "views/runs/run_commands.h"

#include <QAction>
#include <QActionGroup>
#include <QClipboard>
#include <QDesktopServices>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHeaderView>
#include <QMenu>
#include <QTableView>
#include <QUndoCommand>
#include <QUrl>
#include <algorithm>

#include "core/util/files.h"
#include "training/backends/adopted_backend.h"
#include "views/actions.h"
#include "views/lab_adopted.h"
#include "views/models/format.h"
#include "views/models/priority_text.h"
#include "views/models/run_table_model.h"
#include "views/runs/compare_dialog.h"
#include "views/runs/table_text.h"

namespace retort {

namespace {

/// An edit of the store that can be taken back.
class StoreEdit : public QUndoCommand {
  public:
    StoreEdit(const QString& text, std::function<void()> redo, std::function<void()> undo)
        : QUndoCommand(text), m_redo(std::move(redo)), m_undo(std::move(undo)) {}
    void redo() override { m_redo(); }
    void undo() override { m_undo(); }

  private:
    std::function<void()> m_redo, m_undo;
};

std::vector<std::string> splitTags(const QString& text) {
    std::vector<std::string> tags;
    for (const QString& part : text.split(QLatin1Char(','), Qt::SkipEmptyParts)) {
        const std::string tag = part.trimmed().toStdString();
        if (!tag.empty() && std::find(tags.begin(), tags.end(), tag) == tags.end()) tags.push_back(tag);
    }
    return tags;
}

QList<int> visibleColumns(const QHeaderView& header) {
    QList<int> columns;
    for (int visual = 0; visual < header.count(); ++visual) {
        const int column = header.logicalIndex(visual);
        if (!header.isSectionHidden(column) && column != RunTableModel::Trend) columns << column;
    }
    return columns;
}

/// A run that waits can be started without waiting, but not one that waits where it was launched, as a job in
/// Slurm's queue.
bool canBeResumed(const Lab& lab, const RunRow& run) {
    if (isAdopted(run)) return false;
    if (run.state != "created") return run.state == "stopped" || run.state == "failed" || run.state == "lost";
    const Backend* backend = lab.backend(toQString(run.backend));
    return !backend || !backend->isRunning(toQString(run.directory));
}

}  // namespace

struct RunCommands::Actions {
    QAction *create = nullptr, *live = nullptr, *traces = nullptr, *compare = nullptr, *duplicate = nullptr,
            *stop = nullptr, *pause = nullptr, *checkpoint = nullptr, *kill = nullptr, *rename = nullptr,
            *tag = nullptr, *notes = nullptr, *archive = nullptr, *copy = nullptr, *csv = nullptr,
            *folder = nullptr, *follow = nullptr, *requeue = nullptr, *hold = nullptr, *release = nullptr;
};

RunCommands::RunCommands(Lab& lab, QTableView* table, RunTableModel* model, SelectedRuns selected,
                         QWidget* page)
    : QObject(page),
      m_lab(lab),
      m_table(table),
      m_model(model),
      m_selected(std::move(selected)),
      m_page(page),
      m_menu(new QMenu(page)),
      m_actions(std::make_unique<Actions>()) {
    m_undo.setUndoLimit(200);
    addOpeners();
    m_menu->addSeparator();
    addSteering();
    addJobs();
    m_menu->addSeparator();
    addEdits();
    m_menu->addSeparator();
    addCopies();
    update();
}

RunCommands::~RunCommands() = default;

QAction* RunCommands::add(const char* id, const QString& text, const QKeySequence& key, const QString& icon,
                          std::function<void()> act) {
    QAction* action = addCommand(m_table, {id, text, tr("Runs"), key, icon}, std::move(act));
    // Only while the table itself has the focus: keys never act on runs while somebody types a name or a
    // note.
    action->setShortcutContext(Qt::WidgetShortcut);
    m_menu->addAction(action);
    return action;
}

void RunCommands::addOpeners() {
    Actions& a = *m_actions;
    Selection& selection = m_lab.selection();
    a.create = addCommand(m_page, {"runs.new", tr("&New run"), tr("Runs"), {}, QStringLiteral("plus")},
                          [&selection] { selection.open(Place::Design); });
    a.live = add("runs.live", tr("Open &live"), Qt::Key_Return, QStringLiteral("live"),
                 [&selection] { selection.open(Place::Live); });
    a.live->setShortcuts({Qt::Key_Return, Qt::Key_Enter});
    connect(m_table, &QTableView::doubleClicked, a.live, &QAction::trigger);
    a.traces = add("runs.traces", tr("Open &traces"), Qt::CTRL | Qt::Key_T, QStringLiteral("traces"),
                   [&selection] { selection.open(Place::Traces); });
    a.compare = add("runs.compare", tr("&Compare"), Qt::CTRL | Qt::SHIFT | Qt::Key_K,
                    QStringLiteral("compare"), [this] { compare(); });
    a.duplicate = add("runs.duplicate", tr("&Duplicate and edit"), Qt::CTRL | Qt::Key_D,
                      QStringLiteral("duplicate"), [this, &selection] {
                          if (const auto rows = m_selected(); !rows.empty())
                              selection.designCopyOf(rows.front()->id);
                      });
}

void RunCommands::addSteering() {
    const auto each = [this](auto act) {
        return [this, act] {
            for (const RunRow* run : m_selected()) act(*run);
        };
    };
    Actions& a = *m_actions;
    a.stop = add("runs.stop", tr("&Stop"), Qt::CTRL | Qt::Key_Period, QStringLiteral("stop"),
                 each([this](const RunRow& run) {
                     if (isActive(run) && !isAdopted(run)) m_lab.requestStop(run);
                 }));
    a.pause = add("runs.pause", tr("&Pause or resume"), Qt::CTRL | Qt::Key_P, QStringLiteral("pause"),
                  [this] { pauseOrResume(); });
    a.checkpoint = add("runs.checkpoint", tr("Chec&kpoint now"), Qt::CTRL | Qt::SHIFT | Qt::Key_S,
                       QStringLiteral("checkpoint"), each([this](const RunRow& run) {
                           if (run.state == "running" && !isAdopted(run)) m_lab.requestCheckpoint(run);
                       }));
    addPriorities();
    a.kill = add("runs.kill", tr("Kill"), {}, {}, each([this](const RunRow& run) {
                     if (isActive(run) && !isAdopted(run)) m_lab.kill(run);
                 }));
    a.follow = add("runs.follow", tr("&Follow again"), {}, {}, [this] { followOrLeave(); });
    a.follow->setToolTip(tr("Of runs of other programs: whether what they write is read as it comes"));
    a.kill->setToolTip(tr("Ends the trainer at once; the run can be resumed from its last checkpoint"));
}

void RunCommands::addPriorities() {
    m_priorities = m_menu->addMenu(tr("Pr&iority"));
    m_priorities->setToolTipsVisible(true);
    auto* oneOf = new QActionGroup(this);
    oneOf->setExclusionPolicy(QActionGroup::ExclusionPolicy::ExclusiveOptional);
    constexpr int between = 5;  // what local processes begin with
    for (const int nice : {normalNice, between, lowNice, lowestNice}) {
        const QByteArray id = "runs.priority" + QByteArray::number(nice);
        const QString name = nice == normalNice || nice == lowNice || nice == lowestNice
                                 ? tr("%1 (nice %2)").arg(priorityName(nice)).arg(nice)
                                 : priorityName(nice);
        QAction* action =
            addCommand(m_table, {id.constData(), tr("Priority: %1").arg(name), tr("Runs")}, [this, nice] {
                for (const RunRow* run : m_selected())
                    if (isActive(*run) && !isAdopted(*run)) m_lab.requestPriority(*run, nice);
            });
        action->setToolTip(
            tr("How much processor time it gets beside other programs; to raise it again, systems ask for an "
               "administrator's rights"));
        action->setCheckable(true);
        action->setActionGroup(oneOf);
        action->setData(nice);
        m_priorities->addAction(action);
    }
    connect(m_priorities, &QMenu::aboutToShow, this, &RunCommands::markPriority);
}

/// Which of the priorities the current run has.
void RunCommands::markPriority() {
    const auto mark = [this](std::optional<int> nice) {
        for (QAction* action : m_priorities->actions()) action->setChecked(nice && action->data() == *nice);
    };
    mark(std::nullopt);
    const int request = ++m_markRequest;
    const auto rows = m_selected();
    if (rows.empty() || !isActive(*rows.front())) return;
    m_lab.compute(
        this,
        [folder = std::filesystem::path(rows.front()->directory),
         isGoing = rows.front()->state != "created"] {
            return niceOf({readPriorityState(folder), askedPriority(folder)}, isGoing);
        },
        [this, mark, request](std::optional<int> nice) {
            if (request == m_markRequest) mark(nice);
        });
}

/// Of runs that are jobs of Slurm.
void RunCommands::addJobs() {
    const auto steer = [this](JobAction action) {
        return [this, action] {
            for (const RunRow* run : m_selected())
                if (isActive(*run) && m_lab.slurm(toQString(run->backend))) m_lab.steerJob(*run, action);
        };
    };
    Actions& a = *m_actions;
    a.requeue = add("runs.requeue", tr("Re&queue the job"), {}, {}, steer(JobAction::Requeue));
    a.requeue->setToolTip(
        tr("The trainer saves, the job goes back into Slurm's queue, and the run goes on from there"));
    a.hold = add("runs.hold", tr("&Hold the job"), {}, {}, steer(JobAction::Hold));
    a.hold->setToolTip(tr("A job that waits does not begin until it is released"));
    a.release = add("runs.release", tr("Rele&ase the job"), {}, {}, steer(JobAction::Release));
}

void RunCommands::addEdits() {
    Actions& a = *m_actions;
    a.rename = add("runs.rename", tr("&Rename"), Qt::Key_F2, {}, [this] {
        const QModelIndex current = m_table->currentIndex();
        if (current.isValid()) m_table->edit(current.siblingAtColumn(RunTableModel::Name));
    });
    a.tag = add("runs.tags", tr("Edit ta&gs"), Qt::CTRL | Qt::Key_G, QStringLiteral("tag"),
                [this] { Q_EMIT tagsWanted(); });
    a.notes =
        add("runs.notes", tr("Edit &notes"), Qt::CTRL | Qt::Key_N, {}, [this] { Q_EMIT notesWanted(); });
    a.archive =
        add("runs.archive", tr("&Archive"), Qt::Key_Delete, QStringLiteral("archive"), [this] { archive(); });
}

void RunCommands::addCopies() {
    Actions& a = *m_actions;
    a.copy = add("runs.copy", tr("Cop&y as table"), QKeySequence::Copy, QStringLiteral("copy"),
                 [this] { copyTable(); });
    a.csv = add("runs.csv", tr("&Export CSV…"), Qt::CTRL | Qt::Key_E, QStringLiteral("export"),
                [this] { exportCsv(); });
    a.folder = add("runs.folder", tr("Open &folder"), Qt::CTRL | Qt::Key_O, {}, [this] { openFolders(); });
}

std::vector<QAction*> RunCommands::forBar() const {
    const Actions& a = *m_actions;
    return {a.create, a.live, a.traces, a.compare, a.duplicate, a.stop, a.pause, a.archive};
}

void RunCommands::update() {
    Actions& a = *m_actions;
    const auto rows = m_selected();
    const auto any = [&rows](auto test) {
        return std::any_of(rows.begin(), rows.end(), [&test](const RunRow* run) { return test(*run); });
    };
    const auto all = [&rows](auto test) {
        return !rows.empty() &&
               std::all_of(rows.begin(), rows.end(), [&test](const RunRow* run) { return test(*run); });
    };
    for (QAction* action :
         {a.live, a.traces, a.duplicate, a.rename, a.tag, a.notes, a.archive, a.copy, a.folder}) {
        action->setEnabled(!rows.empty());
    }
    a.compare->setEnabled(rows.size() >= 2);
    const auto isQueued = [](const RunRow& run) { return run.state == "created"; };
    const auto isFollowed = [this](const RunRow& run) {
        return isAdopted(run) && adoptedBackend(m_lab)->isRunning(toQString(run.directory));
    };
    a.follow->setEnabled(any(isAdopted));
    a.follow->setText(any(isFollowed) ? tr("Stop &following") : tr("&Follow again"));
    a.stop->setEnabled(any([](const RunRow& run) { return isActive(run) && !isAdopted(run); }));
    a.stop->setText(all(isQueued) ? tr("Take out of the &queue") : tr("&Stop"));
    const auto isGoing = [](const RunRow& run) {
        return !isAdopted(run) && (run.state == "running" || run.state == "paused");
    };
    a.kill->setEnabled(any(isGoing));
    const bool anyActive = any([](const RunRow& run) { return isActive(run) && !isAdopted(run); });
    m_priorities->setEnabled(anyActive);
    for (QAction* action : m_priorities->actions()) action->setEnabled(anyActive);
    const auto isJob = [this](const RunRow& run) {
        return isActive(run) && m_lab.slurm(toQString(run.backend)) != nullptr;
    };
    const bool anyJob = any(isJob);
    for (QAction* action : {a.requeue, a.hold, a.release}) action->setVisible(anyJob);
    a.requeue->setEnabled(any([&](const RunRow& run) { return isJob(run) && isGoing(run); }));
    a.hold->setEnabled(any([&](const RunRow& run) { return isJob(run) && isQueued(run); }));
    a.release->setEnabled(anyJob);
    const bool running = any([](const RunRow& run) { return run.state == "running" && !isAdopted(run); });
    a.checkpoint->setEnabled(running);
    a.pause->setText(running ? tr("&Pause") : all(isQueued) ? tr("Sta&rt now") : tr("&Resume"));
    a.pause->setEnabled(running || any([this](const RunRow& run) {
                            return (run.state == "paused" && !isAdopted(run)) || canBeResumed(m_lab, run);
                        }));
    a.archive->setText(all([](const RunRow& run) { return run.archived; }) ? tr("Take out of the &archive")
                                                                           : tr("&Archive"));
}

// --- edits of the store ---

void RunCommands::edit(const QString& text, std::function<void()> redo, std::function<void()> undo) {
    m_undo.push(new StoreEdit(text, std::move(redo), std::move(undo)));
}

void RunCommands::rename(RowId id, const QString& name) {
    const RunRow* run = m_model->run(id);
    const std::string fresh = name.trimmed().toStdString();
    if (!run || fresh.empty() || fresh == run->name) return;
    edit(
        tr("Renamed to %1").arg(name.trimmed()), [this, id, fresh] { m_lab.writer().rename(id, fresh); },
        [this, id, old = run->name] { m_lab.writer().rename(id, old); });
}

void RunCommands::setTags(RowId id, const QString& text) {
    const RunRow* run = m_model->run(id);
    const auto tags = splitTags(text);
    if (!run || tags == run->tags) return;
    edit(
        tr("Changed the tags of %1").arg(toQString(run->name)),
        [this, id, tags] { m_lab.writer().setTags(id, tags); },
        [this, id, old = run->tags] { m_lab.writer().setTags(id, old); });
}

void RunCommands::setNotes(RowId id, const QString& text) {
    const RunRow* run = m_model->run(id);
    const std::string notes = text.toStdString();
    if (!run || notes == run->notes) return;
    edit(
        tr("Changed the notes of %1").arg(toQString(run->name)),
        [this, id, notes] { m_lab.writer().setNotes(id, notes); },
        [this, id, old = run->notes] { m_lab.writer().setNotes(id, old); });
}

void RunCommands::archive() {
    std::vector<RowId> ids;
    bool all = true;
    for (const RunRow* run : m_selected()) {
        ids.push_back(run->id);
        all = all && run->archived;
    }
    if (ids.empty()) return;
    const int count = static_cast<int>(ids.size());
    edit(
        all ? tr("Took %n run(s) out of the archive", nullptr, count)
            : tr("Archived %n run(s)", nullptr, count),
        [this, ids, all] { m_lab.writer().setArchived(ids, !all); },
        [this, ids, all] { m_lab.writer().setArchived(ids, all); });
}

// --- what changes nothing in the store ---

void RunCommands::compare() {
    std::vector<RunRow> runs;
    for (const RunRow* run : m_selected()) runs.push_back(*run);
    if (runs.size() < 2) return;
    auto* dialog = new CompareDialog(std::move(runs), m_page);
    dialog->show();
}

void RunCommands::pauseOrResume() {
    const auto rows = m_selected();
    const bool pausing = std::any_of(rows.begin(), rows.end(), [](const RunRow* run) {
        return run->state == "running" && !isAdopted(*run);
    });
    for (const RunRow* run : rows) {
        if (isAdopted(*run)) continue;
        if (run->state == "running" && pausing) m_lab.requestPause(*run, true);
        if (pausing) continue;
        if (run->state == "paused") m_lab.requestPause(*run, false);
        if (canBeResumed(m_lab, *run)) m_lab.resume(*run, toQString(run->backend));
    }
}

void RunCommands::followOrLeave() {
    std::vector<RunRow> followed, others;
    for (const RunRow* run : m_selected())
        if (isAdopted(*run))
            (adoptedBackend(m_lab)->isRunning(toQString(run->directory)) ? followed : others).push_back(*run);
    for (const RunRow& run : followed) leaveAdopted(m_lab, run);
    if (followed.empty())
        for (const RunRow& run : others) followAdopted(m_lab, run);
}

void RunCommands::copyTable() {
    QList<int> rows;
    for (const QModelIndex& index : m_table->selectionModel()->selectedRows()) rows << index.row();
    std::sort(rows.begin(), rows.end());
    QGuiApplication::clipboard()->setText(
        tableText(*m_table->model(), rows, visibleColumns(*m_table->horizontalHeader()), TableFormat::Tsv));
}

void RunCommands::exportCsv() {
    const QString name = QFileDialog::getSaveFileName(m_page, tr("Export the table"),
                                                      QStringLiteral("runs.csv"), tr("CSV files (*.csv)"));
    if (name.isEmpty()) return;
    QList<int> rows;
    for (int row = 0; row < m_table->model()->rowCount(); ++row) rows << row;
    const QString text = tableText(*m_table->model(), rows, visibleColumns(*m_table->horizontalHeader()),
                                   TableFormat::Csv, RunTableModel::SortRole);
    m_lab.compute(
        m_page,
        [text, file = name.toStdString()] {
            writeFileAtomically(file, text.toStdString());
            return true;
        },
        [](bool) {});
}

void RunCommands::openFolders() {
    for (const RunRow* run : m_selected()) {
        QDesktopServices::openUrl(QUrl::fromLocalFile(toQString(run->directory)));
    }
}

}  // namespace retort
