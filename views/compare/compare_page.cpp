#include "views/compare/compare_page.h"

#include <QAction>
#include <QComboBox>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QStackedWidget>
#include <QTabWidget>
#include <QTableView>
#include <QThread>
#include <algorithm>
#include <future>
#include <set>

#include "core/comparison/comparison_export.h"
#include "views/compare/answer_diff.h"
#include "views/compare/checkpoint_chooser.h"
#include "views/compare/flip_table.h"
#include "views/compare/interpolation_tab.h"
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

/// All that the page shows of a comparison at once.
ComparisonResult compute(StoreReader& reader, const std::vector<CheckpointRef>& refs, std::size_t baseline,
                         const std::string& evaluation, const std::vector<CheckpointRef>& parents,
                         const std::stop_token& stop) {
    ComparisonResult result;
    const auto comparison =
        std::make_shared<const Comparison>(loadComparison(reader, refs, baseline, evaluation));
    result.comparison = comparison;
    std::set<std::string> names;
    for (const CheckpointRef& ref : refs)
        for (const EvaluationRow& row : reader.evaluations(ref.run))
            if (row.step == ref.step) names.insert(row.name);
    result.evaluations.assign(names.begin(), names.end());
    if (comparison->items() == 0) return result;
    BootstrapOptions options;
    options.threads = std::clamp(QThread::idealThreadCount(), 1, 4);
    result.scores = scoreCheckpoints(*comparison, options, stop);
    result.tasks = groupsByTask(*comparison);
    result.taskCells = groupTable(*comparison, result.tasks);
    result.difficulty = groupsByDifficulty(*comparison);
    result.difficultyCells = groupTable(*comparison, result.difficulty);
    std::vector<std::size_t> parentRows;
    for (std::size_t i = 0; i < comparison->checkpoints.size(); ++i)
        if (i != comparison->baseline &&
            std::find(parents.begin(), parents.end(), comparison->checkpoints[i].ref) != parents.end())
            parentRows.push_back(i);
    result.merges = mergeScores(*comparison, parentRows);
    return result;
}

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

void ComparePage::toggleParent() {
    for (const std::size_t row : selectedRows()) {
        const CheckpointRef ref = m_result->comparison->checkpoints[row].ref;
        if (std::erase(m_parents, ref) == 0) m_parents.push_back(ref);
    }
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
    const auto place = std::find(m_refs.begin(), m_refs.end(), m_baseline) - m_refs.begin();
    m_lab.read(
        this,
        [refs = m_refs, baseline = std::size_t(place), evaluation = m_evaluation, parents = m_parents,
         stop = m_stop.get_token()](StoreReader& reader) {
            return std::make_shared<const ComparisonResult>(
                compute(reader, refs, baseline, evaluation, parents, stop));
        },
        [this, wanted](const std::shared_ptr<const ComparisonResult>& result) {
            if (wanted != m_wanted) return;
            m_shown = wanted;
            accept(result);
        });
}

void ComparePage::accept(std::shared_ptr<const ComparisonResult> result) {
    const std::size_t kept = m_result ? other() : 0;
    m_result = std::move(result);
    const Comparison& comparison = *m_result->comparison;
    // First: what the table's selection sets off already asks it.
    m_items->setComparison(m_result->comparison);
    m_table->setTable(checkpointTable(*m_result, m_parents));
    if (m_table->currentRow() < 0 && comparison.checkpoints.size() > 1)
        m_table->setCurrentRow(static_cast<int>(
            kept != comparison.baseline && kept < comparison.checkpoints.size() ? kept
                                                                                : comparison.baseline == 0));
    m_itemView->resizeColumnToContents(ComparisonItemModel::Problem);
    m_itemView->setColumnWidth(0, std::clamp(m_itemView->columnWidth(0), 140, 280));
    m_merges->setTable(mergeTable(*m_result));
    m_merges->setVisible(!m_result->merges.empty());
    m_lengths->setTable(lengthTable(*m_result));
    m_calibrated = false;
    m_flips->choose(std::nullopt);
    Q_EMIT m_grouping->currentIndexChanged(m_grouping->currentIndex());
    showHead();
    showState();
    showCharts();
    showFlips();
    if (m_tabs->currentWidget() == m_calibration->parentWidget()) loadCalibration();
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
    m_json->setEnabled(any);
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
    if (comparison.checkpoints.size() == 1 && m_refs.size() == 1)
        notes << tr("Add a second checkpoint to compare this one with.");
    m_notes->setText(notes.isEmpty() ? QString() : QStringLiteral("⚠ ") + notes.join(QLatin1Char(' ')));
    m_notes->setVisible(!notes.isEmpty());
}

void ComparePage::showCharts() {
    const Comparison& comparison = *m_result->comparison;
    std::vector<PlotSeries> lines;
    for (std::size_t i = 0; i < comparison.checkpoints.size(); ++i)
        lines.push_back(line(toQString(comparison.checkpoints[i].name), i, lengthCurve(comparison, i)));
    m_lengthPlot->setSeries(std::move(lines));
}

void ComparePage::showFlips() {
    if (!m_result) return;
    const Comparison& comparison = *m_result->comparison;
    const std::size_t second = other();
    const bool pair = comparison.items() > 0 && comparison.checkpoints.size() > 1;
    m_flips->setVisible(pair);
    if (pair)
        m_flips->setCounts(flipCounts(comparison, comparison.baseline, second),
                           toQString(comparison.checkpoints[comparison.baseline].name),
                           toQString(comparison.checkpoints[second].name));
    m_weights->setCheckpoints(comparison.checkpoints, comparison.baseline, second);
    std::vector<std::string> evaluations;
    for (const ComparedSet& set : comparison.sets) evaluations.push_back(set.name);
    m_interpolation->setCheckpoints(comparison.checkpoints, comparison.baseline, second,
                                    std::move(evaluations));
    applyItemFilter();
    showState();
}

void ComparePage::applyItemFilter() {
    if (!m_result) return;
    ComparisonItemModel::Filter filter;
    filter.text = m_itemSearch->text();
    filter.cell = m_flips->chosen();
    filter.first = m_result->comparison->baseline;
    filter.second = other();
    m_items->setFilter(filter);
    m_itemCount->setText(tr("%1 of %2").arg(m_items->rowCount()).arg(m_result->comparison->items()));
    if (m_items->rowCount() > 0)
        m_itemView->setCurrentIndex(m_items->index(0, 0));
    else
        m_answers->showNothing(tr("No problem is like this."));
}

void ComparePage::openItem() {
    const std::int64_t item = m_items->itemAt(m_itemView->currentIndex().row());
    if (!m_result || item < 0) return;
    const auto comparison = m_result->comparison;
    const std::size_t first = comparison->baseline, second = other();
    const quint64 asked = ++m_itemAsked;
    const auto query = [comparison, item = std::size_t(item), first, second](StoreReader& reader) {
        const auto answerOf = [&](std::size_t checkpoint) {
            ShownAnswer answer;
            answer.checkpoint = toQString(comparison->checkpoints[checkpoint].name);
            answer.correct = comparison->results[checkpoint][item].correct;
            answer.samples = comparison->results[checkpoint][item].samples;
            TraceFilter filter;
            filter.run = comparison->checkpoints[checkpoint].ref.run;
            filter.fromStep = filter.toStep = comparison->checkpoints[checkpoint].ref.step;
            filter.phase = "eval";
            filter.task = comparison->setOf(item).name;
            filter.problemId = comparison->problems[item];
            filter.order = TraceFilter::Order::Oldest;
            const auto rows = reader.traces(filter, 0, 1);
            if (!rows.empty()) answer.trace = reader.trace(rows[0].id);
            return answer;
        };
        return std::pair(answerOf(first), answerOf(second));
    };
    m_lab.read(this, query,
               [this, asked, problem = toQString(comparison->problems[std::size_t(item)])](
                   std::pair<ShownAnswer, ShownAnswer> answers) {
                   if (asked == m_itemAsked)
                       m_answers->showAnswers(problem, std::move(answers.first), std::move(answers.second));
               });
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

// --- kept and given away ---

void ComparePage::askName() {
    bool accepted = false;
    const QString name =
        QInputDialog::getText(this, tr("Save the comparison"), tr("Name"), QLineEdit::Normal, {}, &accepted);
    if (accepted && !name.trimmed().isEmpty()) save(name.trimmed());
}

void ComparePage::save(const QString& name) {
    SavedComparison saved;
    saved.name = name.toStdString();
    saved.evaluation = m_evaluation;
    if (m_result && isUpToDate()) saved.setHash = m_result->comparison->setHash();
    const auto query = [refs = m_refs, parents = m_parents, baseline = m_baseline,
                        saved](StoreReader& reader) mutable {
        Json parentPlaces = Json::array();
        for (std::size_t i = 0; i < refs.size(); ++i) {
            const auto run = reader.run(refs[i].run);
            saved.checkpoints.push_back({run ? run->uuid : std::string(), refs[i].step});
            if (refs[i] == baseline) saved.baseline = std::int32_t(i);
            if (std::find(parents.begin(), parents.end(), refs[i]) != parents.end())
                parentPlaces.push_back(i);
        }
        saved.options["parents"] = std::move(parentPlaces);
        return saved;
    };
    m_lab.read(this, query, [this](const SavedComparison& whole) {
        // Waited for on the pool: what goes wrong is said, and the GUI thread does not stand still.
        auto done = std::make_shared<std::future<RowId>>(m_lab.writer().saveComparison(whole));
        m_lab.compute(
            this, [done] { return done->get(); }, [this](RowId) { fillSaved(); });
    });
}

void ComparePage::reopen(const SavedComparison& comparison) {
    const auto query = [comparison](StoreReader& reader) {
        std::vector<CheckpointRef> refs;
        for (const CheckpointKey& key : comparison.checkpoints) {
            const auto run = reader.findRun(key.runUuid);
            refs.push_back(run ? CheckpointRef{run->id, key.step} : CheckpointRef{});
        }
        return refs;
    };
    m_lab.read(this, query, [this, comparison](const std::vector<CheckpointRef>& refs) {
        std::vector<CheckpointRef> known;
        m_parents.clear();
        for (std::size_t i = 0; i < refs.size(); ++i) {
            if (refs[i].run == 0) continue;
            known.push_back(refs[i]);
            if (std::int32_t(i) == comparison.baseline) m_baseline = refs[i];
            for (const Json& parent : comparison.options.value("parents", Json::array()))
                if (parent.is_number_integer() && parent.get<std::size_t>() == i)
                    m_parents.push_back(refs[i]);
        }
        if (known.size() < refs.size())
            m_lab.report(Error(std::to_string(refs.size() - known.size()) +
                               " of the compared runs are not in this store any more"));
        m_evaluation = comparison.evaluation;
        m_savedHash = comparison.setHash;
        take(std::move(known));
    });
}

void ComparePage::fillSaved() {
    m_lab.read(
        this, [](StoreReader& reader) { return reader.comparisons(); },
        [this](const std::vector<SavedComparison>& all) {
            m_savedMenu->clear();
            for (const SavedComparison& each : all)
                m_savedMenu->addAction(toQString(each.name), this, [this, each] { reopen(each); });
            if (all.empty()) m_savedMenu->addAction(tr("Nothing is saved yet"))->setEnabled(false);
            if (all.empty()) return;
            m_savedMenu->addSeparator();
            QMenu* removals = m_savedMenu->addMenu(tr("Forget"));
            for (const SavedComparison& each : all)
                removals->addAction(toQString(each.name), this, [this, id = each.id] {
                    auto done = std::make_shared<std::future<void>>(m_lab.writer().removeComparison(id));
                    m_lab.compute(
                        this,
                        [done] {
                            done->get();
                            return true;
                        },
                        [this](bool) { fillSaved(); });
                });
        });
}

void ComparePage::exportJson() {
    if (!m_result) return;
    std::vector<std::size_t> parents;
    for (std::size_t i = 0; i < m_result->comparison->checkpoints.size(); ++i)
        if (std::find(m_parents.begin(), m_parents.end(), m_result->comparison->checkpoints[i].ref) !=
            m_parents.end())
            parents.push_back(i);
    m_lab.compute(
        this,
        [result = m_result, parents] {
            return comparisonJson(*result->comparison, result->scores, parents).dump(2);
        },
        [this](const std::string& json) {
            saveText(m_lab, this, QStringLiteral("comparison.json"), tr("JSON files (*.json)"),
                     QString::fromStdString(json) + QLatin1Char('\n'));
        });
}

}  // namespace retort
