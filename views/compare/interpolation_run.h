// Measures a list of weighted sums of checkpoints one after the other, in the background.
#pragma once

#include <QObject>
#include <memory>
#include <string>
#include <vector>

#include "views/compare/interpolation_points.h"
#include "views/merge/measure_session.h"

namespace retort {

class InterpolationRun : public QObject {
    Q_OBJECT
  public:
    explicit InterpolationRun(QObject* parent = nullptr);

    void setOpener(MeasureSession::Opener open);
    bool canMeasure() const { return bool(m_open); }

    /// `request` without its recipe: that of each point is made of `folders`. Ends what goes on.
    void start(MergeBenchRequest request, std::vector<std::string> folders, InterpolationEffort effort,
               std::vector<std::vector<double>> weights);
    void cancel();
    bool isGoing() const { return m_isGoing; }
    std::size_t done() const { return m_done; }
    std::size_t total() const { return m_weights.size(); }
    /// Of a point, so far; 0 before the first.
    double secondsEach() const { return m_done > 0 ? m_seconds / double(m_done) : 0; }

  Q_SIGNALS:
    void opening();
    void measured(const retort::InterpolationPoint& point);
    void ended();  ///< all are measured, or it was cancelled
    void failed(const QString& message);

  private:
    void next();
    void accept(const MergeBenchPoint& found);
    void end();

    MeasureSession::Opener m_open;
    /// Only while there is something to measure: it holds models in memory.
    std::unique_ptr<MeasureSession> m_session;
    MergeBenchRequest m_request;
    std::vector<std::string> m_folders;
    InterpolationEffort m_effort = InterpolationEffort::Loss;
    std::vector<std::vector<double>> m_weights;
    std::size_t m_done = 0;
    double m_seconds = 0;
    quint64 m_job = 0;
    bool m_isGoing = false;
};

}  // namespace retort
