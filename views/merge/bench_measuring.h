// When what is measured: coarsely at once while a recipe changes, closely when it rests, a row of recipes one
// after the other for a sweep.
#pragma once

#include <QObject>
#include <QTimer>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "views/merge/bench_point.h"
#include "views/merge/measure_session.h"

namespace retort {

/// What is to be measured, and what its point will say of it.
struct BenchSubject {
    MergeBenchRequest request;  ///< with folders
    std::string recipe;         ///< as written
    std::string method;
    std::vector<BenchCoefficient> coefficients;
    std::string setting;
};

class BenchMeasuring : public QObject {
    Q_OBJECT
  public:
    static constexpr int kRestMs = 300;  ///< after the last change, before a close look

    explicit BenchMeasuring(QObject* parent = nullptr);

    void setOpener(MeasureSession::Opener open) { m_session.setOpener(std::move(open)); }
    /// The recipe changed to this.
    void follow(BenchSubject subject);
    /// Forgets what was to be followed: it cannot be measured, or was.
    void rest();
    void measure(BenchSubject subject);
    void sweep(std::vector<std::pair<double, BenchSubject>> row);
    void cancel();
    bool isSweeping() const { return m_sweepLeft > 0; }
    bool isBusy() const { return m_session.isBusy() || m_rest.isActive(); }

  Q_SIGNALS:
    void looked(const std::vector<retort::MergeBenchTask>& tasks, retort::MergeBenchEffort effort);
    void measured(const retort::BenchPoint& point);
    void swept(double x, const retort::BenchPoint& point);
    void sweepEnded();
    void activityChanged(const QString& text);  ///< empty: nothing goes on
    void failed(const QString& message);

  private:
    struct Asked {
        BenchSubject subject;
        std::optional<double> x;  ///< of a sweep
    };
    void accept(quint64 job, MergeBenchEffort effort, const MergeBenchPoint& found);
    void endJob(quint64 job);

    MeasureSession m_session;
    QTimer m_rest;
    std::optional<BenchSubject> m_followed;
    std::map<quint64, Asked> m_asked;
    int m_sweepLeft = 0;
};

}  // namespace retort
