#include "views/traces/groups/trace_list_pane.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QTreeView>
#include <QVBoxLayout>
#include <cstdlib>
#include <utility>

#include "views/lab.h"
#include "views/models/format.h"
#include "views/models/trace_delegates.h"
#include "views/models/trace_list_model.h"
#include "views/traces/groups/value_histogram.h"
#include "views/traces/trace_filter_bar.h"

namespace retort {

namespace {
constexpr int kBins = 20;
constexpr std::int64_t kMostPicked = 2000;
}  // namespace

TraceListPane::TraceListPane(Lab& lab, QWidget* parent)
    : QWidget(parent),
      m_lab(lab),
      m_list(new TraceListModel(lab, this)),
      m_filters(new TraceFilterBar(this)),
      m_rewards(new ValueHistogram(tr("Reward"), false, this)),
      m_lengths(new ValueHistogram(tr("Tokens"), true, this)),
      m_count(new QLabel(this)),
      m_newTraces(new QPushButton(tr("Show new traces"), this)),
      m_bar(new QHBoxLayout) {
    m_newTraces->hide();
    makeList();
    auto* line = new QHBoxLayout;
    line->addWidget(m_count, 1);
    line->addWidget(m_newTraces);
    line->addLayout(m_bar);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_filters);
    layout->addWidget(makeHistograms());
    layout->addLayout(line);
    layout->addWidget(m_nothingFound);
    layout->addWidget(m_listView, 1);
    m_refreshTimer.setSingleShot(true);
    m_refreshTimer.setInterval(250);
    m_histogramTimer.setSingleShot(true);
    m_histogramTimer.setInterval(1000);  // of a run that goes on: what is read is not read for every step
    connect(&m_refreshTimer, &QTimer::timeout, this, [this] {
        m_newTraces->hide();
        m_list->refresh();
        readRun();
        if (!m_histogramTimer.isActive()) m_histogramTimer.start();
    });
    connect(&m_histogramTimer, &QTimer::timeout, this, &TraceListPane::readHistograms);
    connect(m_newTraces, &QPushButton::clicked, this, [this] { m_refreshTimer.start(0); });
    connect(m_filters, &TraceFilterBar::changed, this, &TraceListPane::apply);
    connect(m_list, &TraceListModel::counted, this, &TraceListPane::onCounted);
    connect(m_list, &TraceListModel::rowsLoaded, this, [this] {
        if (m_openFirst && m_list->at(0)) {
            m_openFirst = false;
            m_listView->setCurrentIndex(m_list->index(0));
        }
    });
}

void TraceListPane::makeList() {
    // A list view needs 160 ms for 100 000 rows, or lays them out in batches and then can stay blank when the
    // model changes meanwhile; a tree view without a tree needs 7 (style.md c.2).
    m_listView = new QTreeView(this);
    m_listView->setModel(m_list);
    m_listView->setItemDelegate(new TraceRowDelegate(m_listView));
    m_listView->setUniformRowHeights(true);
    m_listView->setRootIsDecorated(false);
    m_listView->setItemsExpandable(false);
    m_listView->setHeaderHidden(true);
    m_listView->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_listView->setAccessibleName(tr("Traces"));
    connect(m_listView->selectionModel(), &QItemSelectionModel::currentChanged, this, [this] {
        const TraceRow* row = m_list->at(m_listView->currentIndex().row());
        if (row && !m_showing) Q_EMIT traceChosen(row->id);
    });
    m_nothingFound = new QWidget(this);
    auto* text = new QLabel(tr("No trace matches these filters."), m_nothingFound);
    text->setWordWrap(true);
    auto* reset = new QPushButton(tr("Clear the filters"), m_nothingFound);
    connect(reset, &QPushButton::clicked, m_filters, &TraceFilterBar::clear);
    auto* layout = new QVBoxLayout(m_nothingFound);
    layout->addWidget(text);
    layout->addWidget(reset);
    m_nothingFound->hide();
}

QWidget* TraceListPane::makeHistograms() {
    auto* box = new QWidget(this);
    auto* line = new QHBoxLayout(box);
    line->setContentsMargins(0, 0, 0, 0);
    line->addWidget(m_rewards);
    line->addWidget(m_lengths);
    connect(m_rewards, &ValueHistogram::rangeChosen, m_filters, &TraceFilterBar::setRewards);
    connect(m_lengths, &ValueHistogram::rangeChosen, m_filters, &TraceFilterBar::setTokens);
    return box;
}

void TraceListPane::addToBar(QWidget* button) {
    m_bar->addWidget(button);
}

void TraceListPane::setFollowing(bool on) {
    m_following = on;
    if (on && m_newTraces->isVisible()) m_newTraces->click();
}

void TraceListPane::onTracesAdded() {
    if (!m_following && m_list->rowCount() > 0) return m_newTraces->show();
    // What a preset chose is not chosen anew under the reader's eyes.
    if (m_list->isPicked()) return m_newTraces->show();
    if (!m_refreshTimer.isActive()) m_refreshTimer.start();
}

void TraceListPane::apply() {
    const RowId run = m_lab.selection().currentRun();
    m_filters->setRun(run, {});
    readRun();
    m_newTraces->hide();
    m_openFirst = true;
    const quint64 asked = ++m_asked;
    const TraceFilter filter = m_filters->filter();
    const QueuePreset preset = m_filters->preset();
    if (preset == QueuePreset::Listed) {
        m_list->setFilter(filter);
    } else {
        m_count->setText(tr("Choosing…"));
        m_lab.read(
            this,
            [filter, preset](StoreReader& reader) {
                return reader.selectForQueue(filter, preset, kMostPicked);
            },
            [this, filter, asked](std::vector<RowId> ids) {
                if (asked == m_asked) m_list->setPicked(filter, std::move(ids));
            });
    }
    readHistograms();
}

void TraceListPane::readHistograms() {
    m_rewards->setSelected(m_filters->rewards());
    m_lengths->setSelected(m_filters->tokens());
    struct Histograms {
        TraceHistogram rewards, lengths;
    };
    m_lab.read(
        this,
        [filter = m_filters->filter()](StoreReader& reader) {
            // Each without its own range: what is around the chosen part stays in view.
            TraceFilter anyReward = filter, anyLength = filter;
            anyReward.minReward = anyReward.maxReward = std::nullopt;
            anyLength.minTokens = anyLength.maxTokens = std::nullopt;
            return Histograms{reader.rewardHistogram(anyReward, kBins),
                              reader.lengthHistogram(anyLength, kBins)};
        },
        [this, asked = m_asked](Histograms histograms) {
            if (asked != m_asked) return;
            m_rewards->setHistogram(std::move(histograms.rewards));
            m_lengths->setHistogram(std::move(histograms.lengths));
        });
}

void TraceListPane::readRun() {
    const RowId run = m_lab.selection().currentRun();
    struct About {
        RowId run = 0;
        QString name;
        QStringList tasks;
    };
    m_lab.read(
        this,
        [run](StoreReader& reader) {
            About about{run, {}, {}};
            if (run == 0) return about;
            if (const auto row = reader.run(run)) about.name = toQString(row->name);
            for (const std::string& task : reader.traceTasks(run)) about.tasks << toQString(task);
            return about;
        },
        [this](const About& about) {
            if (about.run != m_lab.selection().currentRun()) return;
            m_filters->setRun(about.run, about.name);
            m_filters->setTasks(about.tasks);
        });
}

void TraceListPane::onCounted(int total) {
    m_count->setText(m_list->isPicked() && total == kMostPicked ? tr("the first %n trace(s)", nullptr, total)
                                                                : tr("%n trace(s)", nullptr, total));
    m_nothingFound->setVisible(total == 0 && m_filters->isNarrowed());
    Q_EMIT counted(total, m_filters->isNarrowed());
}

void TraceListPane::setCurrentTrace(RowId id) {
    m_showing = true;
    const int row = m_list->rowOf(id);
    if (row >= 0) {
        m_listView->setCurrentIndex(m_list->index(row));
    } else {
        m_listView->clearSelection();
    }
    m_showing = false;
}

void TraceListPane::showStep(RowId run, std::int64_t step) {
    struct Nearest {
        std::optional<TraceRow> row;
    };
    m_lab.read(
        this,
        [run, step](StoreReader& reader) {
            Nearest nearest;
            for (const char* phase : {"train", ""}) {  // an evaluation only where there are no rollouts
                TraceFilter filter;
                filter.run = run;
                filter.phase = phase;
                filter.toStep = step;
                filter.order = TraceFilter::Order::Newest;
                std::vector<TraceRow> found = reader.traces(filter, 0, 1);
                filter.toStep.reset();
                filter.fromStep = step;
                filter.order = TraceFilter::Order::Oldest;
                for (TraceRow& row : reader.traces(filter, 0, 1)) found.push_back(std::move(row));
                for (TraceRow& row : found)
                    if (!nearest.row || std::abs(row.step - step) < std::abs(nearest.row->step - step))
                        nearest.row = std::move(row);
                if (nearest.row) break;
            }
            return nearest;
        },
        [this, run, step](Nearest nearest) {
            if (!nearest.row)
                return m_lab.report(Error("this run has kept no traces", "step " + std::to_string(step)));
            std::vector<RowId> runs = m_lab.selection().runs();
            std::erase(runs, run);
            runs.insert(runs.begin(), run);
            m_lab.selection().setRuns(std::move(runs));
            m_filters->setStep(nearest.row->step, nearest.row->phase);
        });
}

}  // namespace retort
