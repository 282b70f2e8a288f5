// The problems of a comparison: which of them are listed, and what was answered to one.
#include <QAction>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTabWidget>
#include <QTableView>
#include <algorithm>

#include "views/compare/answer_diff.h"
#include "views/compare/asked_problem.h"
#include "views/compare/compare_page.h"
#include "views/compare/flip_table.h"
#include "views/compare/generation_tab.h"
#include "views/compare/table_panel.h"
#include "views/lab.h"
#include "views/models/comparison_item_model.h"
#include "views/models/format.h"

namespace retort {

namespace {

/// The answer that was kept of a problem; the first of several samples.
std::optional<Trace> keptAnswer(StoreReader& reader, const Comparison& comparison, std::size_t checkpoint,
                                std::size_t item) {
    const CheckpointRef& ref = comparison.checkpoints[checkpoint].ref;
    TraceFilter filter;
    filter.run = ref.run;
    filter.fromStep = filter.toStep = ref.step;
    filter.phase = "eval";
    filter.task = comparison.setOf(item).name;
    filter.problemId = comparison.problems[item];
    filter.order = TraceFilter::Order::Oldest;
    const auto rows = reader.traces(filter, 0, 1);
    return rows.empty() ? std::nullopt : reader.trace(rows[0].id);
}

AskedProblem problemOf(StoreReader& reader, const Comparison& comparison, std::size_t item) {
    AskedProblem problem;
    problem.id = comparison.problems[item];
    for (std::size_t i = 0; i < comparison.checkpoints.size(); ++i) {
        const auto kept = keptAnswer(reader, comparison, i, item);
        if (!kept) continue;
        problem.prompt = kept->prompt;
        problem.gold = kept->gold;
        if (const auto run = reader.run(comparison.checkpoints[i].ref.run))
            findTask(problem, run->config, comparison.setOf(item).name);
        break;
    }
    return problem;
}

}  // namespace

// --- groups as filters ---

const std::vector<ProblemGroup>& ComparePage::shownGroups() const {
    return m_grouping->currentIndex() == 0 ? m_result->tasks : m_result->difficulty;
}

void ComparePage::showGroups(int grouping) {
    if (!m_result) return;
    const auto& groups = shownGroups();
    m_groups->setTable(groupsTable(*m_result->comparison, groups,
                                   grouping == 0 ? m_result->taskCells : m_result->difficultyCells));
    const bool byRate = std::any_of(groups.begin(), groups.end(), [](const ProblemGroup& group) {
        return group.kind == ProblemGroup::Kind::PassRate;
    });
    const QString how = tr("A double click or Enter lists a row's problems.");
    m_groups->setNote(
        (grouping == 0 ? tr("p values are corrected for all comparisons of this table.")
         : byRate ? tr("Where the problems' ids do not say how hard they are, the level is the mean pass "
                       "rate over the compared checkpoints: it sorts noise in, too, so read the ends of "
                       "the scale with care.")
                  : tr("The level is what the problems' ids say. p values are corrected for all "
                       "comparisons of this table.")) +
        QLatin1Char(' ') + how);
}

// A row is a group and a checkpoint: both are taken over.
void ComparePage::showGroupOfRow(int row) {
    if (!m_result || row < 0) return;
    const std::size_t checkpoints = m_result->comparison->checkpoints.size();
    const std::size_t group = std::size_t(row) / checkpoints, checkpoint = std::size_t(row) % checkpoints;
    if (group >= shownGroups().size()) return;
    if (checkpoint != m_result->comparison->baseline) m_table->setCurrentRow(static_cast<int>(checkpoint));
    setGroup(shownGroups()[group]);
    m_tabs->setCurrentIndex(0);
    m_itemView->setFocus(Qt::OtherFocusReason);
}

void ComparePage::setGroup(const std::optional<ProblemGroup>& group) {
    m_group = group;
    m_groupChip->setVisible(group.has_value());
    m_allGroups->setEnabled(group.has_value());
    if (group) {
        const QString name = groupText(*group);
        m_groupChip->setText(QString(name).replace(QLatin1Char('&'), QStringLiteral("&&")));
        m_groupChip->setAccessibleName(tr("Only %1; press to list all problems again").arg(name));
    }
    if (m_result) showFlips();
}

/// The same group of another comparison has other items; where there is none, all problems are listed.
void ComparePage::keepGroup() {
    if (!m_group) return;
    const auto same = [this](const ProblemGroup& each) {
        return each.kind == m_group->kind && each.task == m_group->task && each.level == m_group->level;
    };
    std::optional<ProblemGroup> kept;
    for (const auto* groups : {&m_result->tasks, &m_result->difficulty})
        if (const auto found = std::find_if(groups->begin(), groups->end(), same); found != groups->end())
            kept = *found;
    m_group = kept;
    m_groupChip->setVisible(kept.has_value());
    m_allGroups->setEnabled(kept.has_value());
}

PairedCounts ComparePage::flipsOfGroup(std::size_t second) const {
    const Comparison& comparison = *m_result->comparison;
    if (!m_group) return flipCounts(comparison, comparison.baseline, second);
    std::int64_t counts[4] = {};
    for (const std::uint32_t item : m_group->items)
        ++counts[static_cast<std::size_t>(flipOf(comparison, comparison.baseline, second, item))];
    return {counts[0], counts[1], counts[2], counts[3]};
}

// --- the list and the opened problem ---

void ComparePage::applyItemFilter() {
    if (!m_result) return;
    ComparisonItemModel::Filter filter;
    filter.text = m_itemSearch->text();
    filter.cell = m_flips->chosen();
    filter.first = m_result->comparison->baseline;
    filter.second = other();
    if (m_group) filter.items = m_group->items;
    m_items->setFilter(filter);
    m_itemCount->setText(tr("%1 of %2").arg(m_items->rowCount()).arg(m_result->comparison->items()));
    m_askAgain->setEnabled(m_items->rowCount() > 0);
    if (m_items->rowCount() > 0)
        m_itemView->setCurrentIndex(m_items->index(0, 0));
    else
        m_answers->showNothing(tr("No problem is like this."));
}

void ComparePage::openItem() {
    const std::int64_t item = m_items->itemAt(m_itemView->currentIndex().row());
    if (!m_result || item < 0) return;
    const auto comparison = m_result->comparison;
    std::vector<std::size_t> shown = {comparison->baseline};
    if (other() != comparison->baseline) shown.push_back(other());
    const quint64 asked = ++m_itemAsked;
    const auto query = [comparison, item = std::size_t(item), shown](StoreReader& reader) {
        std::vector<ShownAnswer> answers;
        for (const std::size_t checkpoint : shown) {
            const ItemResult& result = comparison->results[checkpoint][item];
            answers.push_back({toQString(comparison->checkpoints[checkpoint].name),
                               keptAnswer(reader, *comparison, checkpoint, item), result.correct,
                               result.samples});
        }
        return answers;
    };
    m_lab.read(this, query, [this, asked, comparison, item](std::vector<ShownAnswer> answers) {
        if (asked != m_itemAsked) return;
        ShownProblem problem{toQString(comparison->problems[std::size_t(item)])};
        if (answers.size() == 1)
            problem.hint = tr("Add a second checkpoint to see its answer beside this one.");
        m_answers->showAnswers(problem, std::move(answers));
    });
}

void ComparePage::askAgain() {
    const std::int64_t item = m_items->itemAt(m_itemView->currentIndex().row());
    if (!m_result || item < 0) return;
    m_lab.read(
        this,
        [comparison = m_result->comparison, item = std::size_t(item)](StoreReader& reader) {
            return problemOf(reader, *comparison, item);
        },
        [this](const AskedProblem& problem) {
            m_tabs->setCurrentWidget(m_generation);
            m_generation->setProblem(problem);
        });
}

}  // namespace retort
