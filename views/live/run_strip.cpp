#include "views/live/run_strip.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QProgressBar>
#include <QToolButton>
#include <QVBoxLayout>

#include "views/lab_adopted.h"
#include "views/models/job_text.h"
#include "views/models/run_state.h"
#include "views/widgets/axis_ticks.h"
#include "views/widgets/theme.h"

namespace retort {

namespace {

constexpr std::size_t kRowsShown = 4;  // more scroll
constexpr int kNameAtMost = 300;

/// A short piece of the run's line.
class Swatch final : public QWidget {
  public:
    explicit Swatch(QWidget* parent) : QWidget(parent) { setFixedSize(22, 12); }
    void setColor(const QColor& color) {
        m_color = color;
        update();
    }

  protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(m_color);
        painter.drawRoundedRect(QRectF(0, 4, 22, 4), 2, 2);
    }

  private:
    QColor m_color;
};

QString activityText(const std::string& activity) {
    if (activity == "measuring") return RunStrip::tr("measuring this machine");
    if (activity == "training") return RunStrip::tr("training");
    if (activity == "generating") return RunStrip::tr("generating");
    if (activity == "evaluating") return RunStrip::tr("evaluating");
    if (activity == "saving") return RunStrip::tr("saving a checkpoint");
    if (activity == "paused") return RunStrip::tr("paused");
    if (activity == "stopping") return RunStrip::tr("stopping");
    return QString::fromStdString(activity);
}

/// On a machine, by this window: noteLaunchSteps().
bool isLaunching(const RunRow& run) {
    return run.state == "created" && !run.activity.empty();
}

}  // namespace

class RunStripRow final : public QWidget {
  public:
    RunStripRow(RunStrip* strip, QWidget* parent) : QWidget(parent), m_strip(strip) {
        auto* layout = new QHBoxLayout(this);
        layout->setContentsMargins(12, 2, 8, 2);
        layout->setSpacing(8);
        m_swatch = new Swatch(this);
        setFixedHeight(fontMetrics().height() + 14);
        m_name = new QLabel(this);
        QFont bold = m_name->font();
        bold.setBold(true);
        m_name->setFont(bold);
        m_name->setTextInteractionFlags(Qt::TextSelectableByMouse);
        m_state = new QLabel(this);
        m_state->setFixedWidth(fontMetrics().horizontalAdvance(QStringLiteral("abgeschlossen")));
        m_progress = new QProgressBar(this);
        m_progress->setTextVisible(false);
        m_progress->setFixedWidth(170);
        m_progress->setMaximumHeight(10);
        m_detail = new QLabel(this);
        m_detail->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
        layout->addWidget(m_swatch);
        layout->addWidget(m_name);
        layout->addWidget(m_state);
        layout->addWidget(m_progress);
        layout->addWidget(m_detail, 1);
        m_checkpoint = addButton(layout, QStringLiteral("checkpoint"), RunRequest::Checkpoint);
        m_pause = addButton(layout, QStringLiteral("pause"), RunRequest::Pause);
        m_goOn = addButton(layout, QStringLiteral("resume"), RunRequest::GoOn);
        m_resume = addButton(layout, QStringLiteral("resume"), RunRequest::Resume);
        m_stop = addButton(layout, QStringLiteral("stop"), RunRequest::Stop);
    }

    void setRun(const RunRow& run, const QColor& color, const JobRow& job, const RunPriority& priority) {
        m_run = run.id;
        const QString name = QString::fromStdString(run.name);
        m_swatch->setColor(color);
        m_name->setText(name);
        showState(run);
        showProgress(run, name, job, priority);
        showButtons(run, name, !job.jobId.empty());
    }

    /// Names are given one width, so that what follows them stands in columns.
    int wantedNameWidth() const { return m_name->sizeHint().width(); }
    void setNameWidth(int width) { m_name->setFixedWidth(width); }

  private:
    QToolButton* addButton(QHBoxLayout* layout, const QString& iconName, RunRequest request) {
        auto* button = new QToolButton(this);
        button->setIcon(lineIcon(iconName));
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button->setAutoRaise(true);
        QObject::connect(button, &QToolButton::clicked, m_strip,
                         [this, request] { Q_EMIT m_strip->requested(m_run, request); });
        layout->addWidget(button);
        return button;
    }

    void showState(const RunRow& run) {
        m_state->setText(runStateText(run));
        QPalette palette = m_state->palette();
        palette.setColor(QPalette::WindowText, runStateColor(run));
        m_state->setPalette(palette);
    }

    void showProgress(const RunRow& run, const QString& name, const JobRow& job,
                      const RunPriority& priority) {
        const QLocale locale;
        m_progress->setVisible(run.totalSteps > 0);
        if (run.totalSteps > 0)
            m_progress->setValue(static_cast<int>(100 * std::min(run.step, run.totalSteps) / run.totalSteps));
        m_progress->setAccessibleName(RunStrip::tr("Progress of %1").arg(name));
        QStringList parts;
        parts << (run.totalSteps > 0
                      ? RunStrip::tr("step %1 of %2")
                            .arg(locale.toString(static_cast<qlonglong>(run.step)),
                                 locale.toString(static_cast<qlonglong>(run.totalSteps)))
                      : RunStrip::tr("step %1").arg(locale.toString(static_cast<qlonglong>(run.step))));
        const bool goes = run.state == "running" || run.state == "paused";
        if (goes && !run.activity.empty()) parts << activityText(run.activity);
        if (run.state == "running" && run.secondsLeft)
            parts << RunStrip::tr("%1 left").arg(durationText(*run.secondsLeft));
        if (goes && priority.asked) parts << priorityText(priority, true);
        if (run.attempts > 1) parts << RunStrip::tr("attempt %1").arg(run.attempts);
        // First, because it is long and the rest says little before the job begins.
        QString said = run.state == "created" || goes ? jobText(job) : QString();
        if (isLaunching(run)) said = QString::fromStdString(run.activity);
        if (!said.isEmpty()) parts.insert(run.state == "created" ? 0 : parts.size(), said);
        m_detail->setToolTip(said);
        const QString detail = parts.join(QStringLiteral("  ·  "));
        if (m_detail->text() != detail) m_detail->setText(detail);
    }

    void showButtons(const RunRow& run, const QString& name, bool isJob) {
        // Of another program's run nothing can be asked.
        const bool isOurs = !isAdopted(run);
        const bool running = isOurs && run.state == "running", paused = isOurs && run.state == "paused";
        const auto show = [&](QToolButton* button, bool visible, const QString& text, const QString& help) {
            button->setVisible(visible);
            button->setText(text);
            button->setToolTip(help);
            button->setAccessibleName(QStringLiteral("%1: %2").arg(text, name));
        };
        show(m_checkpoint, running, RunStrip::tr("Checkpoint"),
             RunStrip::tr("Save a checkpoint after this step"));
        show(m_pause, running, RunStrip::tr("Pause"),
             RunStrip::tr("Wait after this step; the process stays"));
        show(m_goOn, paused, RunStrip::tr("Go on"), RunStrip::tr("Go on where it waits"));
        const bool waits = isOurs && run.state == "created";
        show(m_stop, running || paused || waits, waits ? RunStrip::tr("Cancel") : RunStrip::tr("Stop"),
             isLaunching(run) ? RunStrip::tr("Do not start it; what was brought stays there")
             : waits          ? RunStrip::tr("Take it out of the queue")
                              : RunStrip::tr("End after this step, with a checkpoint"));
        const bool resumable =
            isOurs && (run.state == "stopped" || run.state == "failed" || run.state == "lost");
        // When a job starts is the scheduler's to say.
        show(m_resume, resumable || (waits && !isJob && !isLaunching(run)),
             waits ? RunStrip::tr("Start now") : RunStrip::tr("Resume"),
             waits ? RunStrip::tr("Do not wait for the runs before it")
                   : RunStrip::tr("Continue from the last complete checkpoint"));
    }

    RunStrip* m_strip;
    RowId m_run = 0;
    Swatch* m_swatch;
    QLabel *m_name, *m_state, *m_detail;
    QProgressBar* m_progress;
    QToolButton *m_checkpoint, *m_pause, *m_goOn, *m_resume, *m_stop;
};

RunStrip::RunStrip(QWidget* parent) : QScrollArea(parent) {
    auto* content = new QWidget;
    m_layout = new QVBoxLayout(content);
    m_layout->setContentsMargins(0, 4, 0, 4);
    m_layout->setSpacing(0);
    setWidget(content);
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::NoFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Selected runs"));
}

void RunStrip::setRuns(const std::vector<RunRow>& runs, const std::vector<QColor>& colors,
                       const std::map<RowId, JobRow>& jobs, const std::map<RowId, RunPriority>& priorities) {
    const bool resized = m_rows.size() != runs.size();
    while (m_rows.size() > runs.size()) {
        delete m_rows.back();
        m_rows.pop_back();
    }
    while (m_rows.size() < runs.size()) {
        m_rows.push_back(new RunStripRow(this, widget()));
        m_layout->addWidget(m_rows.back());
    }
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const auto job = jobs.find(runs[i].id);
        const auto priority = priorities.find(runs[i].id);
        m_rows[i]->setRun(runs[i], colors[i % colors.size()], job == jobs.end() ? JobRow() : job->second,
                          priority == priorities.end() ? RunPriority() : priority->second);
    }
    int width = 110;
    for (RunStripRow* row : m_rows) width = std::max(width, row->wantedNameWidth());
    for (RunStripRow* row : m_rows) row->setNameWidth(std::min(width, kNameAtMost));
    if (resized) setFixedHeight(sizeHint().height());
}

QSize RunStrip::sizeHint() const {
    const auto rows = static_cast<int>(std::min(m_rows.size(), kRowsShown));
    return {400, rows * (fontMetrics().height() + 14) + 8};
}

}  // namespace retort
