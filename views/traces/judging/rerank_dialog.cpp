#include "views/traces/judging/rerank_dialog.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QVBoxLayout>
#include <cmath>

#include "views/compare/table_panel.h"
#include "views/lab.h"
#include "views/traces/judging/lane_box.h"
#include "views/widgets/plot_view.h"
#include "views/widgets/theme.h"

namespace retort {

namespace {
constexpr std::int64_t kMostTraces = 20000;
}

RerankDialog::RerankDialog(Lab& lab, TraceTargets targets, QWidget* parent)
    : QDialog(parent),
      m_lab(lab),
      m_lane(new LaneBox(this)),
      m_rule(new QComboBox(this)),
      m_summary(new QLabel(tr("Reading the traces…"), this)),
      m_plot(new PlotView(this)),
      m_table(new TablePanel(lab, tr("Answers chosen by score"), this)) {
    setWindowTitle(tr("Rerank"));
    setAttribute(Qt::WA_DeleteOnClose);
    resize(760, 640);
    m_rule->addItem(tr("its worst step"), int(StepScore::Min));
    m_rule->addItem(tr("its last step"), int(StepScore::Last));
    m_rule->addItem(tr("the mean of its steps"), int(StepScore::Mean));
    m_rule->addItem(tr("the product of its steps"), int(StepScore::Product));
    m_rule->setAccessibleName(tr("Score of an answer"));
    m_summary->setWordWrap(true);
    m_plot->setTitle(tr("Right answers against the number of samples"));
    m_plot->setAxisTitles(tr("samples"), tr("share of problems"));
    m_plot->setYCovers(std::pair(0.0, 1.0));
    auto* form = new QFormLayout;
    form->addRow(tr("&Scores of"), m_lane);
    form->addRow(tr("An answer is worth"), m_rule);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* layout = new QVBoxLayout(this);
    layout->addLayout(form);
    layout->addWidget(m_summary);
    layout->addWidget(m_plot, 2);
    layout->addWidget(m_table, 1);
    layout->addWidget(buttons);
    connect(m_lane, &QComboBox::currentIndexChanged, this, &RerankDialog::compute);
    connect(m_rule, &QComboBox::currentIndexChanged, this, &RerankDialog::compute);
    m_lab.read(
        this,
        [targets](StoreReader& reader) {
            std::vector<std::pair<std::int64_t, Trace>> traces;
            for (TargetTrace& each : readTargets(reader, targets, TargetScope::List, kMostTraces)) {
                each.trace.tokens = {};
                each.trace.completion.clear();  // scores, answers and verdicts are enough
                traces.emplace_back(each.run, std::move(each.trace));
            }
            return traces;
        },
        [this](std::vector<std::pair<std::int64_t, Trace>> read) {
            std::vector<Trace> traces;
            for (const auto& [run, trace] : read) traces.push_back(trace);
            m_traces = std::make_shared<const std::vector<std::pair<std::int64_t, Trace>>>(std::move(read));
            m_lane->setLanes(lanesIn(traces));
            if (!m_lane->lane())
                m_summary->setText(tr("Nobody has scored the traces of the list: judge them first."));
        });
}

void RerankDialog::compute() {
    const KnownLane* lane = m_lane->lane();
    if (!lane || !m_traces) return;
    struct Result {
        std::vector<RerankRow> rows;
        std::size_t problems = 0;
    };
    m_lab.compute(
        this,
        [traces = m_traces, kind = lane->kind, name = lane->name,
         rule = static_cast<StepScore>(m_rule->currentData().toInt())] {
            const auto problems = scoredProblems(*traces, kind, name, rule);
            return Result{rerank(problems), problems.size()};
        },
        [this, asked = ++m_asked](Result result) {
            if (asked == m_asked) showRows(std::move(result.rows), result.problems);
        });
}

void RerankDialog::showRows(std::vector<RerankRow> rows, std::size_t problems) {
    m_rows = std::move(rows);
    m_summary->setText(m_rows.empty() || m_rows.back().n < 2
                           ? tr("No problem of the list has two scored answers to choose from.")
                           : tr("%n problem(s). Best of N takes the answer with the highest score, the "
                                "weighted vote the answer whose "
                                "scores sum to most; pass@N is what a perfect judge would reach.",
                                nullptr, static_cast<int>(problems)));
    ValueTable table;
    table.headers = {tr("N"),           tr("Problems"),   tr("One at random %"), tr("Majority %"),
                     tr("Best of N %"), tr("Weighted %"), tr("pass@N %"),        tr("Best − majority, 95 %")};
    const QString names[] = {tr("majority"), tr("best of N"), tr("weighted vote"), tr("pass@N")};
    std::vector<PlotSeries> series;
    for (const QString& name : names) series.push_back({name, seriesColor(series.size()), {}, {}, {}, {}});
    for (const RerankRow& row : m_rows) {
        table.rows.push_back({numberCell(double(row.n)), numberCell(double(row.problems)),
                              percentCell(row.first), percentCell(row.majority), percentCell(row.bestOf),
                              percentCell(row.weighted), percentCell(row.pass),
                              percentIntervalCell(row.low, row.high)});
        const double values[] = {row.majority, row.bestOf, row.weighted, row.pass};
        for (std::size_t i = 0; i < 4; ++i) series[i].points.emplace_back(double(row.n), values[i]);
    }
    m_table->setTable(std::move(table));
    m_plot->setSeries(std::move(series));
}

}  // namespace retort
