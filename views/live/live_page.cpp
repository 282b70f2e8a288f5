#include "views/live/live_page.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSlider>
#include <QStackedLayout>
#include <QToolButton>
#include <algorithm>
#include <utility>

#include "views/actions.h"
#include "views/launch_step.h"
#include "views/live/alarm_strip.h"
#include "views/live/chart_card.h"
#include "views/live/chart_grid.h"
#include "views/session.h"
#include "views/widgets/empty_state.h"
#include "views/widgets/theme.h"

namespace retort {

namespace {

constexpr int kFrameMs = 33;           // at most 30 pictures a second
constexpr int kRowsMs = 250;           // progress, new metrics, alarms
constexpr std::size_t kMostRuns = 12;  // over each other; more cannot be told apart

}  // namespace

LivePage::LivePage(Lab& lab, QWidget* parent)
    : QWidget(parent),
      m_lab(lab),
      m_curves(std::make_shared<CurveStore>()),
      m_strip(new RunStrip(this)),
      m_alarms(new AlarmStrip(this)),
      m_grid(new ChartGrid),
      m_single(new QWidget),
      m_sheets(new QStackedLayout) {
    setObjectName(QStringLiteral("live"));
    auto* empty =
        new EmptyState(QStringLiteral("live"), tr("No run is selected"),
                       tr("Select runs in Runs to see their curves here, or start the quickstart study: a "
                          "small model learns a reasoning task in a few minutes."),
                       this);
    empty->addButton(tr("Start the quickstart"), [this] { m_lab.selection().startQuickstart(); });
    empty->addButton(tr("Design a run"), [this] { m_lab.selection().open(Place::Design); });
    m_waiting = new EmptyState(QStringLiteral("live"), tr("No values yet"),
                               tr("The curves appear as soon as the run writes its first step."), this);
    auto* singleLayout = new QVBoxLayout(m_single);
    singleLayout->setContentsMargins(12, 4, 12, 12);
    for (QWidget* sheet : std::initializer_list<QWidget*>{empty, m_waiting, m_grid, m_single})
        m_sheets->addWidget(sheet);
    m_toolbar = makeToolbar();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    layout->addWidget(m_strip);
    layout->addWidget(m_alarms);
    layout->addWidget(m_toolbar);
    layout->addLayout(m_sheets, 1);
    makeCommands();
    connectLab();
    onSmoothing();
    onSelection();
}

LivePage::~LivePage() = default;

void LivePage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    refreshSoon();
}

/// The runs' colours belong to the theme.
void LivePage::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() != QEvent::PaletteChange || m_runs.empty()) return;
    for (ChartCard* card : m_grid->cards()) card->version = 0;
    if (m_singleCard) m_singleCard->version = 0;
    showRuns(std::exchange(m_runs, {}));
}

QWidget* LivePage::makeToolbar() {
    auto* bar = new QWidget(this);
    auto* layout = new QHBoxLayout(bar);
    layout->setContentsMargins(12, 2, 12, 4);
    layout->setSpacing(8);
    m_filter = new QLineEdit(bar);
    m_filter->setPlaceholderText(tr("Filter metrics"));
    m_filter->setAccessibleName(tr("Filter metrics by name"));
    m_filter->setClearButtonEnabled(true);
    m_filter->setMaximumWidth(240);
    auto* axisLabel = new QLabel(tr("&X axis"), bar);
    m_axis = new QComboBox(bar);
    m_axis->addItems({tr("Step"), tr("Tokens"), tr("Time")});
    m_axis->setObjectName(QStringLiteral("live.axis"));
    m_axis->setAccessibleName(tr("X axis"));
    axisLabel->setBuddy(m_axis);
    auto* smoothingLabel = new QLabel(tr("S&moothing"), bar);
    m_smoothing = new QSlider(Qt::Horizontal, bar);
    m_smoothing->setRange(0, 99);
    m_smoothing->setValue(75);
    m_smoothing->setFixedWidth(130);
    m_smoothing->setObjectName(QStringLiteral("live.smoothing"));
    m_smoothing->setAccessibleName(tr("Smoothing"));
    m_smoothing->setToolTip(
        tr("Debiased exponential moving average over all points; the raw line stays behind it"));
    smoothingLabel->setBuddy(m_smoothing);
    m_smoothingText = new QLabel(bar);
    m_smoothingText->setMinimumWidth(fontMetrics().horizontalAdvance(QStringLiteral("0.000")));
    m_logAll = new QToolButton(bar);
    m_logAll->setText(tr("Log scale"));
    m_logAll->setIcon(lineIcon(QStringLiteral("log-scale")));
    m_logAll->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_logAll->setCheckable(true);
    m_logAll->setObjectName(QStringLiteral("live.log"));
    m_logAll->setToolTip(tr("Logarithmic scale in all charts"));
    m_logAll->setAccessibleName(m_logAll->toolTip());
    m_note = new QLabel(bar);
    for (QWidget* widget : std::initializer_list<QWidget*>{m_axis, m_smoothing, m_logAll})
        markRemembered(widget);
    layout->addWidget(m_filter, 1);
    layout->addSpacing(8);
    for (QWidget* widget : std::initializer_list<QWidget*>{axisLabel, m_axis, smoothingLabel, m_smoothing,
                                                           m_smoothingText, m_logAll})
        layout->addWidget(widget);
    layout->addStretch(1);
    layout->addWidget(m_note);
    connect(m_filter, &QLineEdit::textChanged, m_grid, &ChartGrid::setFilter);
    connect(m_axis, &QComboBox::currentIndexChanged, this, &LivePage::onAxis);
    connect(m_smoothing, &QSlider::valueChanged, this, &LivePage::onSmoothing);
    connect(m_logAll, &QToolButton::toggled, this, [this](bool on) {
        for (ChartCard* card : m_grid->cards()) card->setLogY(on);
        if (m_singleCard) m_singleCard->setLogY(on);
    });
    return bar;
}

void LivePage::makeCommands() {
    const QString group = tr("Live");
    addCommand(this,
               {"live.filter", tr("Filter metrics"), group, QKeySequence::Find, QStringLiteral("search")},
               [this] {
                   m_filter->setFocus();
                   m_filter->selectAll();
               });
    addCommand(
        this,
        {"live.log", tr("Logarithmic scale in all charts"), group, QKeySequence(QStringLiteral("Ctrl+L"))},
        [this] { m_logAll->toggle(); });
    addCommand(this, {"live.byStep", tr("X axis: step"), group}, [this] { m_axis->setCurrentIndex(0); });
    addCommand(this, {"live.byTokens", tr("X axis: tokens"), group}, [this] { m_axis->setCurrentIndex(1); });
    addCommand(this, {"live.byTime", tr("X axis: time"), group}, [this] { m_axis->setCurrentIndex(2); });
    addCommand(this, {"live.unsmoothed", tr("No smoothing"), group}, [this] { m_smoothing->setValue(0); });
    addCommand(this, {"live.all", tr("Back to all charts"), group, QKeySequence(Qt::Key_Escape)},
               [this] { maximise({}); });
}

void LivePage::connectLab() {
    m_refreshTimer.setSingleShot(true);
    m_refreshTimer.setInterval(kFrameMs);
    connect(&m_refreshTimer, &QTimer::timeout, this, &LivePage::refresh);
    m_rowsTimer.setSingleShot(true);
    m_rowsTimer.setInterval(kRowsMs);
    connect(&m_rowsTimer, &QTimer::timeout, this, &LivePage::readRuns);
    connect(&m_applyTimer, &QTimer::timeout, this, &LivePage::applyNext);
    const auto rowsSoon = [this] {
        if (!m_rowsTimer.isActive()) m_rowsTimer.start();
    };
    connect(&m_lab, &Lab::seriesChanged, this, [this, rowsSoon](RowId run) {
        if (!isShown(run)) return;
        refreshSoon();
        rowsSoon();
    });
    connect(&m_lab, &Lab::runChanged, this, [this, rowsSoon](RowId run) {
        if (isShown(run)) rowsSoon();
    });
    connect(&m_lab, &Lab::runsChanged, this, rowsSoon);
    connect(&m_lab, &Lab::machinesChanged, this, rowsSoon);  // what a scheduler says of jobs
    connect(&m_lab.selection(), &Selection::runsChanged, this, &LivePage::onSelection);
    connect(m_strip, &RunStrip::requested, this, &LivePage::steer);
    connect(m_grid, &ChartGrid::seenChanged, this, &LivePage::refreshSoon);
    connect(m_grid, &ChartGrid::cardMade, this, &LivePage::addCard);
}

void LivePage::onSelection() {
    m_curves->keepOnly(m_lab.selection().runs());
    if (m_lab.selection().runs().empty())
        showRuns({});
    else
        readRuns();
}

// One reading at a time; what changes meanwhile is read afterwards.
void LivePage::readRuns() {
    if (m_readingRows) {
        m_rowsAgain = true;
        return;
    }
    m_readingRows = true;
    std::vector<RowId> ids = m_lab.selection().runs();
    if (ids.size() > kMostRuns) ids.resize(kMostRuns);
    const auto query = [ids](StoreReader& reader) {
        std::vector<LiveRun> runs;
        for (const RowId id : ids) {
            auto row = reader.run(id);
            if (!row) continue;
            LiveRun run{std::move(*row), {}, reader.alarms(id), reader.job(id), {}};
            run.priority = {readPriorityState(run.row.directory), askedPriority(run.row.directory)};
            for (SeriesRow& series : reader.series(id)) run.metrics.push_back(std::move(series.name));
            runs.push_back(std::move(run));
        }
        return runs;
    };
    m_lab.read(this, query, [this](std::vector<LiveRun> runs) {
        m_readingRows = false;
        showRuns(std::move(runs));
        if (std::exchange(m_rowsAgain, false)) readRuns();
    });
}

void LivePage::showRuns(std::vector<LiveRun> runs) {
    m_runs = std::move(runs);
    std::vector<RunRow> rows;
    std::vector<RowId> ids;
    std::vector<std::string> metrics;
    std::vector<AlarmStrip::Entry> alarms;
    std::map<RowId, JobRow> jobs;
    std::map<RowId, RunPriority> priorities;
    for (const LiveRun& run : m_runs) {
        if (run.job) jobs[run.row.id] = *run.job;
        priorities[run.row.id] = run.priority;
        rows.push_back(run.row);
        ids.push_back(run.row.id);
        metrics.insert(metrics.end(), run.metrics.begin(), run.metrics.end());
        const auto entries = alarmEntries(run.row, run.alarms);
        alarms.insert(alarms.end(), entries.begin(), entries.end());
    }
    std::sort(metrics.begin(), metrics.end());
    metrics.erase(std::unique(metrics.begin(), metrics.end()), metrics.end());
    noteLaunchSteps(m_lab, rows);
    m_colors = runColors(ids);
    m_strip->setRuns(rows, m_colors.empty() ? std::vector{seriesColor(0)} : m_colors, jobs, priorities);
    m_alarms->setEntries(std::move(alarms));
    m_grid->setMetrics(metrics);
    const std::size_t selected = m_lab.selection().runs().size();
    m_note->setText(selected > kMostRuns ? tr("The first %1 of %2 selected runs").arg(kMostRuns).arg(selected)
                                         : QString());
    chooseSheet();
    refreshSoon();
}

void LivePage::chooseSheet() {
    const bool any = !m_grid->cards().empty();
    m_strip->setVisible(!m_runs.empty());
    m_toolbar->setVisible(any);
    if (m_runs.empty())
        m_sheets->setCurrentIndex(Empty);
    else if (!any)
        m_sheets->setCurrentIndex(Waiting);
    else
        m_sheets->setCurrentIndex(m_singleCard ? Single : Charts);
}

void LivePage::addCard(ChartCard* card) {
    showAxis(*card);
    card->setLogY(m_logAll->isChecked());
    connect(card, &ChartCard::needsData, this, &LivePage::refreshSoon);
    connect(card, &ChartCard::maximiseToggled, this,
            [this, card] { maximise(card == m_singleCard ? std::string() : card->metric()); });
    connect(card, &ChartCard::crosshairMoved, this, [this](std::optional<double> x) {
        m_marked.reset();
        for (ChartCard* each : seenCards())
            if (each->hasPlot()) each->plot().setCrosshair(x);
    });
    connect(card, &ChartCard::pointActivated, this, [this, card](double x) {
        if (!m_runs.empty()) openTracesAt(m_runs.front().row.id, card->metric(), x);
    });
    connect(card, &ChartCard::menuWanted, this,
            [this, card](double x, const QPoint& at) { showPointMenu(card->metric(), x, at); });
    connect(card, &ChartCard::csvWanted, this,
            [this, card](bool toClipboard) { exportCsv(card->metric(), toClipboard); });
    connect(card, &ChartCard::imageWanted, this,
            [this, card](const QString& format) { exportImage(*card, format); });
}

void LivePage::maximise(const std::string& metric) {
    if (m_singleCard) {
        m_singleCard->deleteLater();
        m_singleCard = nullptr;
    }
    if (const ChartCard* small = m_grid->card(metric)) {
        m_singleCard = new ChartCard(metric, m_single);
        m_single->layout()->addWidget(m_singleCard);
        addCard(m_singleCard);
        m_singleCard->setLogY(small->isLogY());
        m_singleCard->setMaximised(true);
        m_singleCard->plot().setFocus();
    }
    chooseSheet();
    refreshSoon();
}

ChartCard* LivePage::chart(const std::string& metric) const {
    return m_singleCard && m_singleCard->metric() == metric ? m_singleCard : m_grid->card(metric);
}

std::vector<ChartCard*> LivePage::seenCards() const {
    if (!m_singleCard) return m_grid->seenCards();
    if (!m_singleCard->isSeen()) return {};
    return {m_singleCard};
}

void LivePage::refreshSoon() {
    if (!m_refreshTimer.isActive()) m_refreshTimer.start();
}

void LivePage::refresh() {
    if (m_reading) {
        m_readAgain = true;
        return;
    }
    CurveRequest request;
    request.axis = axis();
    for (const LiveRun& run : m_runs) request.runs.push_back({run.row.id, run.row.attempts});
    for (ChartCard* card : seenCards()) {
        ChartRequest chart{card->metric(), std::nullopt, 0, card->info().smooth ? smoothing() : 0,
                           card->version};
        chart.columns = card->hasPlot() ? card->plot().pixelColumns()
                                        : std::max(16, static_cast<int>(card->width() * devicePixelRatioF()));
        if (card->hasPlot()) chart.range = card->plot().userRange();
        request.charts.push_back(std::move(chart));
    }
    if (request.charts.empty() || request.runs.empty()) return;
    m_reading = true;
    const auto query = [curves = m_curves, request](StoreReader& reader) {
        return curves->read(reader, request);
    };
    m_lab.read(this, query, [this](std::vector<ChartAnswer> answers) {
        m_reading = false;
        apply(std::move(answers));
        if (std::exchange(m_readAgain, false)) refreshSoon();
    });
}

void LivePage::apply(std::vector<ChartAnswer> answers) {
    for (ChartAnswer& answer : answers) {
        const auto same = [&](const ChartAnswer& other) { return other.metric == answer.metric; };
        const auto waiting = std::find_if(m_toApply.begin(), m_toApply.end(), same);
        if (waiting != m_toApply.end())
            *waiting = std::move(answer);
        else
            m_toApply.push_back(std::move(answer));
    }
    if (!m_toApply.empty()) m_applyTimer.start(0);
}

// One chart a turn of the event loop: a dozen of them at once would hold the window for longer than a frame.
void LivePage::applyNext() {
    if (m_toApply.empty()) {
        m_applyTimer.stop();
        return;
    }
    const ChartAnswer answer = std::move(m_toApply.front());
    m_toApply.pop_front();
    ChartCard* card = chart(answer.metric);
    if (!card) return;
    std::vector<PlotSeries> series;
    for (const RunCurve& curve : answer.curves)
        series.push_back(
            {nameOf(curve.run), colorOf(curve.run), curve.points, curve.raw, curve.marks, curve.breaks});
    card->version = answer.version;
    const bool one = series.size() == 1 && !series.front().points.empty();
    card->setLastValue(one ? numberText(series.front().points.back().y()) : QString());
    card->plot().setSeries(std::move(series));
    if (m_marked) card->plot().setCrosshair(m_marked);
    card->plot().repaint();
    Q_EMIT chartUpdated(answer.metric);
}

XAxis LivePage::axis() const {
    switch (m_axis->currentIndex()) {
        case 1:
            return XAxis::Tokens;
        case 2:
            return XAxis::Seconds;
        default:
            return XAxis::Step;
    }
}

double LivePage::smoothing() const {
    return m_smoothing->value() / 100.0;
}

void LivePage::onAxis() {
    for (ChartCard* card : m_grid->cards()) showAxis(*card);
    if (m_singleCard) showAxis(*m_singleCard);
    refreshSoon();
}

void LivePage::showAxis(ChartCard& card) const {
    const QString title = axis() == XAxis::Tokens    ? tr("tokens")
                          : axis() == XAxis::Seconds ? tr("time")
                                                     : tr("step");
    const AxisFormat format = axis() == XAxis::Seconds ? AxisFormat::Duration : AxisFormat::Number;
    card.setXAxis(title, format);
}

void LivePage::onSmoothing() {
    m_smoothingText->setText(m_smoothing->value() == 0 ? tr("off") : QLocale().toString(smoothing(), 'f', 2));
    refreshSoon();
}

QColor LivePage::colorOf(RowId run) const {
    for (std::size_t i = 0; i < m_runs.size(); ++i)
        if (m_runs[i].row.id == run) return m_colors[i];
    return seriesColor(0);
}

QString LivePage::nameOf(RowId run) const {
    for (const LiveRun& each : m_runs)
        if (each.row.id == run) return QString::fromStdString(each.row.name);
    return {};
}

bool LivePage::isShown(RowId run) const {
    const auto& selected = m_lab.selection().runs();
    return std::find(selected.begin(), selected.end(), run) != selected.end();
}

void LivePage::steer(RowId run, RunRequest request) {
    for (const LiveRun& each : m_runs) {
        if (each.row.id != run) continue;
        switch (request) {
            case RunRequest::Stop:
                m_lab.requestStop(each.row);
                break;
            case RunRequest::Pause:
                m_lab.requestPause(each.row, true);
                break;
            case RunRequest::GoOn:
                m_lab.requestPause(each.row, false);
                break;
            case RunRequest::Checkpoint:
                m_lab.requestCheckpoint(each.row);
                break;
            case RunRequest::Resume:
                m_lab.resume(each.row, {});
                break;
        }
    }
}

}  // namespace retort
