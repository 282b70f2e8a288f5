// Live: the curves of the selected runs, side by side and over each other, as they are written.
#pragma once

#include <QTimer>
#include <QWidget>
#include <deque>
#include <memory>
#include <vector>

#include "views/lab.h"
#include "views/live/curve_store.h"
#include "views/live/run_strip.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QSlider;
class QStackedLayout;
class QToolButton;

namespace retort {

class AlarmStrip;
class ChartCard;
class ChartGrid;
class EmptyState;

class LivePage : public QWidget {
    Q_OBJECT
  public:
    explicit LivePage(Lab& lab, QWidget* parent = nullptr);
    ~LivePage() override;

    /// The chart of a metric, for tests and the bench; nullptr when there is none.
    ChartCard* chart(const std::string& metric) const;
    void maximise(const std::string& metric);  ///< empty: back to all
    /// The charts of the run, with the crosshair at a step until the mouse moves it.
    void markStep(RowId run, std::int64_t step);

  Q_SIGNALS:
    /// A point of a curve was clicked: what the model wrote at that step is wanted.
    void tracesRequested(retort::RowId run, std::int64_t step);
    /// A chart shows new points of a metric (the end of the way of one number; the bench measures it).
    void chartUpdated(const std::string& metric);

  protected:
    void showEvent(QShowEvent* event) override;
    void changeEvent(QEvent* event) override;

  private:
    struct LiveRun {
        RunRow row;
        std::vector<std::string> metrics;
        std::vector<AlarmRow> alarms;
        std::optional<JobRow> job;
        RunPriority priority;
    };
    enum Sheet { Empty, Waiting, Charts, Single };

    QWidget* makeToolbar();
    void makeCommands();
    void connectLab();
    void onSelection();
    void readRuns();
    void showRuns(std::vector<LiveRun> runs);
    void chooseSheet();
    void addCard(ChartCard* card);

    std::vector<ChartCard*> seenCards() const;
    void refreshSoon();
    void refresh();
    void apply(std::vector<ChartAnswer> answers);
    void applyNext();
    void onAxis();
    void showAxis(ChartCard& card) const;
    void onSmoothing();
    XAxis axis() const;
    double smoothing() const;
    QColor colorOf(RowId run) const;
    QString nameOf(RowId run) const;
    bool isShown(RowId run) const;

    void steer(RowId run, RunRequest request);
    void openTracesAt(RowId run, const std::string& metric, double x);
    void showPointMenu(const std::string& metric, double x, const QPoint& at);
    void exportCsv(const std::string& metric, bool toClipboard);
    void exportImage(ChartCard& card, const QString& format);

    Lab& m_lab;
    std::shared_ptr<CurveStore> m_curves;
    std::vector<LiveRun> m_runs;
    std::vector<QColor> m_colors;

    RunStrip* m_strip;
    AlarmStrip* m_alarms;
    ChartGrid* m_grid;
    EmptyState* m_waiting;
    QWidget* m_toolbar;
    QWidget* m_single;
    ChartCard* m_singleCard = nullptr;
    QStackedLayout* m_sheets;
    QLineEdit* m_filter;
    QComboBox* m_axis;
    QSlider* m_smoothing;
    QLabel *m_smoothingText, *m_note;
    QToolButton* m_logAll;

    std::optional<double> m_marked;  ///< the step that was asked for from elsewhere, until the mouse moves
    QTimer m_refreshTimer, m_rowsTimer, m_applyTimer;
    std::deque<ChartAnswer> m_toApply;
    bool m_reading = false, m_readAgain = false, m_readingRows = false, m_rowsAgain = false;
};

}  // namespace retort
