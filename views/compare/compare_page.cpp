#include "views/compare/compare_page.h"

#include <QAction>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QStackedWidget>
#include <QTabWidget>
#include <QTableView>
#include <algorithm>

#include "views/compare/answer_diff.h"
#include "views/compare/checkpoint_chooser.h"
#include "views/compare/flip_table.h"
#include "views/compare/generation_tab.h"
#include "views/compare/interpolation_tab.h"
#include "views/compare/relatives_strip.h"
#include "views/compare/table_panel.h"
#include "views/compare/weights_tab.h"
#include "views/lab.h"
#include "views/models/comparison_item_model.h"
#include "views/models/format.h"
#include "views/widgets/empty_state.h"
#include "views/widgets/plot_view.h"
#include "views/widgets/theme.h"

namespace retort {

namespace {

PlotSeries line(const QString& name, std::size_t color,
                const std::vector<std::pair<double, double>>& points) {
    PlotSeries series;
    series.name = name;
    series.color = seriesColor(color);
    for (const auto& [x, y] : points) series.points.emplace_back(x, y);
    return series;
}

}  // namespace

ComparePage::~ComparePage() {
    m_stop.request_stop();
}

void ComparePage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (!m_touched && m_refs.empty()) fromSelection();
}

// --- what is compared ---

void ComparePage::fromSelection() {
    const auto query = [runs = m_lab.selection().runs()](StoreReader& reader) {
        std::vector<CheckpointRef> refs;
        for (const RowId run : runs)
            if (const auto last = lastEvaluated(reader, run)) refs.push_back(*last);
        return std::pair(refs, refs.empty() && reader.evaluatedCheckpoints().empty());
    };
    m_lab.read(this, query, [this](std::pair<std::vector<CheckpointRef>, bool> found) {
        m_anything = !found.second;
        if (found.first.empty()) return showState();
        setCheckpoints(std::move(found.first));
        m_touched = false;  // another selection may come
    });
}

void ComparePage::setCheckpoints(std::vector<CheckpointRef> checkpoints) {
    m_savedHash.clear();
    take(std::move(checkpoints));
}

void ComparePage::take(std::vector<CheckpointRef> checkpoints) {
    m_refs.clear();
    for (const CheckpointRef& ref : checkpoints)
        if (std::find(m_refs.begin(), m_refs.end(), ref) == m_refs.end()) m_refs.push_back(ref);
    m_touched = true;
    m_anything = m_anything || !m_refs.empty();
    if (std::find(m_refs.begin(), m_refs.end(), m_baseline) == m_refs.end())
        m_baseline = m_refs.empty() ? CheckpointRef{} : m_refs.front();
    recompute();
}

void ComparePage::setBaseline(const CheckpointRef& baseline) {
    if (std::find(m_refs.begin(), m_refs.end(), baseline) == m_refs.end()) return;
    m_baseline = baseline;
    recompute();
}

void ComparePage::setEvaluation(const std::string& name) {
    m_evaluation = name;
    recompute();
}

void ComparePage::setAnswerService(AnswerService service) {
    m_generation->setService(std::move(service));
}

void ComparePage::chooseMore() {
    m_lab.read(
        this, [](StoreReader& reader) { return reader.evaluatedCheckpoints(); },
        [this](std::vector<EvaluatedCheckpoint> all) {
            auto* chooser = new CheckpointChooser(std::move(all), this);
            chooser->setAttribute(Qt::WA_DeleteOnClose);
            connect(chooser, &QDialog::accepted, this, [this, chooser] {
                std::vector<CheckpointRef> refs = m_refs;
                for (const CheckpointRef& ref : chooser->chosen()) refs.push_back(ref);
                setCheckpoints(std::move(refs));
            });
            chooser->open();
        });
}

std::vector<std::size_t> ComparePage::selectedRows() const {
    const int row = m_table->currentRow();
    if (!m_result || row < 0 || row >= static_cast<int>(m_result->comparison->checkpoints.size())) return {};
    return {static_cast<std::size_t>(row)};
}

void ComparePage::removeSelected() {
    std::vector<CheckpointRef> refs = m_refs;
    for (const std::size_t row : selectedRows()) std::erase(refs, m_result->comparison->checkpoints[row].ref);
    setCheckpoints(std::move(refs));
}

// What is marked by hand counts from then on; it begins with what lineage says.
void ComparePage::toggleParent() {
    if (!m_result) return;
    const auto& checkpoints = m_result->comparison->checkpoints;
    if (!m_parents) {
        m_parents.emplace();
        for (const MergeFamily& family : m_result->families)
            for (const std::size_t parent : family.parents)
                if (const CheckpointRef& ref = checkpoints[parent].ref;
                    std::find(m_parents->begin(), m_parents->end(), ref) == m_parents->end())
                    m_parents->push_back(ref);
    }
    for (const std::size_t row : selectedRows())
        if (std::erase(*m_parents, checkpoints[row].ref) == 0) m_parents->push_back(checkpoints[row].ref);
    recompute();
}

void ComparePage::useLineage(bool on) {
    if (on == !m_parents) return;
    m_parents.reset();
    if (!on) m_parents.emplace();
    recompute();
}

// --- computing ---

void ComparePage::recompute() {
    m_stop.request_stop();
    m_stop = std::stop_source();
    const int wanted = ++m_wanted;
    if (m_refs.empty()) {
        m_result.reset();
        m_shown = wanted;
        return showState();
    }
    m_lab.read(
        this,
        [request = request(), stop = m_stop.get_token()](StoreReader& reader) {
            return openComparison(reader, request, stop);
        },
        [this, wanted](const std::shared_ptr<const ComparisonResult>& result) {
            if (wanted != m_wanted) return;
            m_shown = wanted;
            accept(result);
            m_lab.read(
                this,
                [result, request = request(), stop = m_stop.get_token()](StoreReader& reader) {
                    return completeComparison(reader, *result, request, stop);
                },
                [this, wanted](const std::shared_ptr<const ComparisonResult>& whole) {
                    if (wanted == m_wanted) acceptRest(whole);
                });
        });
}

ComparisonRequest ComparePage::request() const {
    const auto place = std::find(m_refs.begin(), m_refs.end(), m_baseline) - m_refs.begin();
    return {m_refs, std::size_t(place), m_evaluation, m_parents};
}

void ComparePage::accept(std::shared_ptr<const ComparisonResult> result) {
    const std::size_t kept = m_result ? other() : 0;
    m_result = std::move(result);
    const Comparison& comparison = *m_result->comparison;
    // First: what the table's selection sets off already asks it.
    m_items->setComparison(m_result->comparison);
    {
        const QSignalBlocker blocker(m_flips);
        m_flips->choose(std::nullopt);
    }
    {
        // One refresh below instead of one a row that becomes current.
        const QSignalBlocker blocker(m_table);
        m_table->setTable(checkpointTable(*m_result));
        if (m_table->currentRow() < 0 && comparison.checkpoints.size() > 1)
            m_table->setCurrentRow(
                static_cast<int>(kept != comparison.baseline && kept < comparison.checkpoints.size()
                                     ? kept
                                     : comparison.baseline == 0));
    }
    m_lengths->setTable(lengthTable(*m_result));
    m_calibrated = false;
    keepGroup();
    showGroups(m_grouping->currentIndex());
    showHead();
    showState();
    showFlips();
    m_itemView->resizeColumnToContents(ComparisonItemModel::Problem);
    m_itemView->setColumnWidth(0, std::clamp(m_itemView->columnWidth(0), 140, 280));
    if (m_tabs->currentWidget() == m_calibration->parentWidget()) loadCalibration();
}

void ComparePage::acceptRest(std::shared_ptr<const ComparisonResult> result) {
    m_result = std::move(result);
    {
        const QSignalBlocker blocker(m_table);
        m_table->setTable(checkpointTable(*m_result));
    }
    m_merges->setTable(mergeTable(*m_result));
    m_merges->setVisible(!m_result->merges.empty());
    m_merges->setNote(m_result->parentsByHand
                          ? tr("Merges against the checkpoints that are marked as parents")
                          : tr("Merges against their parents, as the lineage knows them"));
    m_relatives->setFamilies(*m_result->comparison,
                             m_result->parentsByHand ? std::vector<MergeFamily>() : m_result->families);
    showCharts();
    showState();
}

std::size_t ComparePage::other() const {
    if (!m_result) return 0;
    const Comparison& comparison = *m_result->comparison;
    for (const std::size_t row : selectedRows())
        if (row != comparison.baseline) return row;
    const std::size_t first = comparison.baseline == 0 ? 1 : 0;
    return first < comparison.checkpoints.size() ? first : comparison.baseline;
}

// --- showing ---

void ComparePage::showState() {
    m_stack->setCurrentWidget(!m_refs.empty() ? m_content
                              : m_anything    ? static_cast<QWidget*>(m_noneChosen)
                                              : m_nothing);
    const bool any = m_result && m_result->comparison->items() > 0;
    m_saveAction->setEnabled(!m_refs.empty());
    m_json->setEnabled(any && m_result->isComplete);
    m_lineageParents->setChecked(!m_parents);
    const bool row = !selectedRows().empty();
    for (QAction* action : {m_setBaseline, m_parent, m_remove}) action->setEnabled(row);
}

void ComparePage::showHead() {
    const Comparison& comparison = *m_result->comparison;
    {
        const QSignalBlocker blocker(m_evaluations);
        m_evaluations->clear();
        m_evaluations->addItem(tr("All they have in common"), QString());
        for (const std::string& name : m_result->evaluations)
            m_evaluations->addItem(toQString(name), toQString(name));
        m_evaluations->setCurrentIndex(std::max(m_evaluations->findData(toQString(m_evaluation)), 0));
    }
    QStringList sets;
    for (const ComparedSet& set : comparison.sets)
        sets << tr("%1 (%2, set %3)")
                    .arg(toQString(set.name))
                    .arg(set.count)
                    .arg(toQString(set.hash).left(12));
    m_table->setNote(comparison.items() == 0
                         ? QString()
                         : tr("%n problem(s): ", nullptr, static_cast<int>(comparison.items())) +
                               sets.join(QStringLiteral(", ")));
    QStringList notes;
    for (const ComparisonNote& note : comparison.notes) notes << noteSentence(note);
    if (!m_savedHash.empty() && m_savedHash != comparison.setHash())
        notes << tr("When this comparison was saved it rested on other problems (set %1): it was measured "
                    "anew since.")
                     .arg(toQString(m_savedHash).left(8));
    m_notes->setText(notes.isEmpty() ? QString() : QStringLiteral("⚠ ") + notes.join(QLatin1Char(' ')));
    m_notes->setVisible(!notes.isEmpty());
}

void ComparePage::showCharts() {
    const Comparison& comparison = *m_result->comparison;
    std::vector<PlotSeries> lines;
    for (std::size_t i = 0; i < m_result->lengthCurves.size(); ++i)
        lines.push_back(line(toQString(comparison.checkpoints[i].name), i, m_result->lengthCurves[i]));
    m_lengthPlot->setSeries(std::move(lines));
}

void ComparePage::showFlips() {
    if (!m_result) return;
    const Comparison& comparison = *m_result->comparison;
    const std::size_t second = other();
    const bool pair = comparison.items() > 0 && comparison.checkpoints.size() > 1;
    m_flips->setVisible(pair);
    if (pair)
        m_flips->setCounts(flipsOfGroup(second), toQString(comparison.checkpoints[comparison.baseline].name),
                           toQString(comparison.checkpoints[second].name));
    m_weights->setCheckpoints(comparison.checkpoints, comparison.baseline, second);
    std::vector<std::string> evaluations;
    for (const ComparedSet& set : comparison.sets) evaluations.push_back(set.name);
    m_interpolation->setCheckpoints(comparison.checkpoints, comparison.baseline, second,
                                    std::move(evaluations));
    m_generation->setCheckpoints(comparison.checkpoints, comparison.baseline);
    applyItemFilter();
    showState();
}

void ComparePage::loadCalibration() {
    if (!m_result || m_calibrated) return;
    m_calibrated = true;
    const auto comparison = m_result->comparison;
    const auto query = [comparison](StoreReader& reader) {
        std::vector<CheckpointCalibration> all;
        for (const ComparedCheckpoint& checkpoint : comparison->checkpoints) {
            std::vector<double> probability, agreement, correct;
            for (const ComparedSet& set : comparison->sets)
                for (const AnswerConfidence& each :
                     reader.confidences(checkpoint.ref.run, checkpoint.ref.step, set.name)) {
                    probability.push_back(each.probability);
                    agreement.push_back(each.agreement);
                    correct.push_back(each.correct);
                }
            all.push_back(
                {checkpoint.name, calibrationOf(probability, correct), calibrationOf(agreement, correct)});
        }
        return all;
    };
    m_lab.read(this, query, [this, comparison](const std::vector<CheckpointCalibration>& all) {
        if (!m_result || comparison != m_result->comparison) return;
        std::vector<PlotSeries> lines;
        std::int64_t answers = 0;
        for (std::size_t i = 0; i < all.size(); ++i) {
            std::vector<std::pair<double, double>> points;
            for (const ReliabilityBin& bin : all[i].probability.bins)
                if (bin.count > 0) points.emplace_back(bin.confidence, bin.accuracy);
            answers += all[i].probability.count + all[i].agreement.count;
            if (!points.empty()) lines.push_back(line(toQString(all[i].name), i, points));
        }
        PlotSeries ideal = line(tr("ideal"), 7, {{0, 0}, {1, 1}});
        ideal.color = tones().muted;
        lines.push_back(std::move(ideal));
        m_reliability->setSeries(std::move(lines));
        m_calibration->setTable(calibrationTable(all));
        m_calibration->setNote(answers == 0 ? tr("No answers with token probabilities, and no several "
                                                 "samples, were kept of these evaluations.")
                                            : tr("Of the answers whose texts were kept, by ten bins of equal "
                                                 "width. Confidence: the geometric mean "
                                                 "of the answer's token probabilities, or the share of the "
                                                 "problem's samples that agree."));
    });
}

}  // namespace retort
