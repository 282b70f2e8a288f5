// One chart of the Live page with its heading and buttons. The chart itself is made when it is first seen.
#pragma once

#include <QFrame>
#include <string>

#include "views/live/curve_store.h"
#include "views/live/metric_catalog.h"
#include "views/widgets/plot_view.h"

class QLabel;
class QToolButton;
class QVBoxLayout;

namespace retort {

class ChartCard : public QFrame {
    Q_OBJECT
  public:
    ChartCard(std::string metric, QWidget* parent = nullptr);

    const std::string& metric() const { return m_metric; }
    const MetricInfo& info() const { return m_info; }
    /// Some of it is on the screen.
    bool isSeen() const;
    /// Made on first use.
    PlotView& plot();
    bool hasPlot() const { return m_plot != nullptr; }

    void setXAxis(const QString& title, AxisFormat format);
    void setLogY(bool on);
    bool isLogY() const;
    void setMaximised(bool on);
    void setLastValue(const QString& text);

    std::uint64_t version = 0;  ///< of what the chart shows

  Q_SIGNALS:
    void maximiseToggled();
    void needsData();  ///< another range, another size
    void crosshairMoved(std::optional<double> x);
    void pointActivated(double x);  ///< Ctrl+click or Enter at a place of the x axis
    void menuWanted(double x, const QPoint& globalPos);
    void csvWanted(bool toClipboard);
    void imageWanted(const QString& format);  ///< "png", "svg", or empty: to the clipboard

  protected:
    void paintEvent(QPaintEvent*) override;

  private:
    QToolButton* addButton(const QString& iconName, const QString& name);
    void makeMenu(QToolButton* button);

    std::string m_metric;
    MetricInfo m_info;
    QVBoxLayout* m_layout;
    QLabel* m_lastValue;
    QToolButton *m_log, *m_maximise;
    PlotView* m_plot = nullptr;
    QString m_xTitle;
    AxisFormat m_xFormat = AxisFormat::Number;
};

}  // namespace retort
