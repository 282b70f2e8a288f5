// The way between two checkpoints in weight space, or the plane of three: their weighted sums measured in the
// background, coarse first, by what the merge bench measures merges with.
#pragma once

#include <QTimer>
#include <QWidget>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/comparison/comparison.h"
#include "views/compare/interpolation_facts.h"
#include "views/compare/interpolation_run.h"
#include "views/compare/plane_panel.h"

class QComboBox;
class QLabel;
class QProgressBar;
class QPushButton;
class QStackedWidget;

namespace retort {

class CurvePanel;
class Lab;
class TaskPanel;

class InterpolationTab : public QWidget {
    Q_OBJECT
  public:
    enum class Mode { Curve, Plane };

    explicit InterpolationTab(Lab& lab, QWidget* parent = nullptr);
    ~InterpolationTab() override;

    /// What measures; without one the tab says that the program was built without training.
    void setOpener(MeasureSession::Opener open);
    /// Those that can be chosen from, and the two that are; `evaluations`: the names of what they were
    /// compared on, whose tasks are ticked. What is being measured goes on.
    void setCheckpoints(const std::vector<ComparedCheckpoint>& checkpoints, std::size_t first,
                        std::size_t second, std::vector<std::string> evaluations);

    /// Why there is nothing to measure; empty: there is.
    QString obstacle() const;
    void measure();
    void cancel();
    bool isMeasuring() const { return m_isGoing; }

    QComboBox* mode() const { return m_mode; }
    QComboBox* effort() const { return m_effort; }
    QComboBox* curveDetail() const { return m_curveDetail; }
    QComboBox* planeDetail() const { return m_planeDetail; }
    QComboBox* checkpoint(int index) const { return m_choices[index]; }
    QPushButton* button() const { return m_button; }
    QProgressBar* progress() const { return m_progress; }
    QLabel* status() const { return m_status; }
    QLabel* message() const { return m_message; }
    TaskPanel* tasks() const { return m_tasks; }
    CurvePanel* curve() const { return m_curve; }
    PlanePanel* plane() const { return m_plane; }

  protected:
    void showEvent(QShowEvent* event) override;

  private:
    /// What a measurement is of: results are kept by it.
    struct Subject {
        Mode mode = Mode::Curve;
        std::vector<std::string> folders;
        QStringList names;
        InterpolationEffort effort = InterpolationEffort::Loss;
        MergeBenchRequest request;  ///< without the recipe
        std::string key, place;     ///< `place`: of the folders alone
    };
    struct GeometryJob {
        std::stop_source stop;
        std::atomic<std::int64_t> done = 0, total = 0;
    };

    QWidget* makeChoiceBar();
    QWidget* makeSettingsBar();
    Mode chosenMode() const;
    std::vector<ComparedCheckpoint> chosen() const;
    Subject subject() const;
    void onChoice();
    void lookUp();
    void acceptFacts(InterpolationFacts facts);

    void measureGeometry(Subject subject);
    void start(Subject subject);
    void accept(const InterpolationPoint& point);
    void end();
    void copyRecipe(const std::vector<double>& weights);
    /// Places of the chosen detail that are not measured yet, coarse first: a curve's weights of B in
    /// 1/kFinest…, a plane's corners (0 to 2) and then 3 + its place on the finest grid.
    std::vector<std::size_t> missing(const Subject& subject) const;
    std::vector<double> weightsOf(const Subject& subject, std::size_t slot) const;

    void showEverything();
    void showResults();
    void showState();
    QString restText(const Subject& subject) const;
    QString goingText() const;

    Lab& m_lab;
    std::vector<ComparedCheckpoint> m_given, m_checkpoints;
    std::size_t m_givenFirst = 0, m_givenSecond = 0;
    std::vector<std::string> m_evaluations;

    InterpolationFacts m_facts;
    std::vector<std::string> m_factsFor, m_askedFor;
    quint64 m_ask = 0;

    InterpolationRun m_run;
    std::shared_ptr<GeometryJob> m_geometryJob;
    Subject m_going;
    std::vector<std::size_t> m_slots;  ///< of the run's points
    bool m_isGoing = false, m_isOpening = false;
    QString m_problem, m_said;
    std::map<std::string, std::map<std::size_t, InterpolationPoint>> m_curves;  ///< by key and place
    std::map<std::string, PlaneMeasurements> m_planes;                          ///< by key
    std::map<std::string, CheckpointPlane> m_geometries;                        ///< by place
    QTimer m_pace;

    QComboBox *m_mode, *m_effort, *m_curveDetail, *m_planeDetail;
    QComboBox* m_choices[3];
    QWidget* m_third;
    QPushButton* m_button;
    QProgressBar* m_progress;
    QLabel *m_status, *m_message;
    TaskPanel* m_tasks;
    CurvePanel* m_curve;
    PlanePanel* m_plane;
    QStackedWidget* m_stack;
};

}  // namespace retort
