// The controls that say which traces the list shows.
#pragma once

#include <QTimer>
#include <QWidget>
#include <optional>
#include <utility>

#include "core/annotations/annotation_queue.h"
#include "core/store/rows.h"

class QComboBox;
class QGridLayout;
class QLineEdit;
class QToolButton;

namespace retort {

class TraceFilterBar : public QWidget {
    Q_OBJECT
  public:
    explicit TraceFilterBar(QWidget* parent = nullptr);

    using Range = std::pair<double, double>;

    TraceFilter filter() const;
    /// What the store is asked to choose among them (QueuePreset::Listed: nothing). Those that a filter can
    /// say are in filter() instead.
    QueuePreset preset() const;
    void setPreset(QueuePreset preset);
    /// Shows only values in the range, or all.
    void setRewards(std::optional<Range> range);
    void setTokens(std::optional<Range> range);
    std::optional<Range> rewards() const;  ///< open ends are infinite
    std::optional<Range> tokens() const;
    /// Only the rollouts of this step.
    void setStep(std::int64_t step, const std::string& phase);
    void setRun(RowId run, const QString& name);
    void setTasks(const QStringList& tasks);
    /// Back to everything of the run.
    void clear();
    void focusSearch();
    bool isNarrowed() const;  ///< whether anything but the run and the order is asked for
    /// The filters below the first lines.
    void setUnfolded(bool on);

  Q_SIGNALS:
    void changed();

  private:
    QComboBox* addChoice(const QString& name, const QList<std::pair<QString, QVariant>>& choices);
    QLineEdit* addNumber(const QString& name, const QString& placeholder, bool whole);
    void makeFields();
    void addPresets();
    std::vector<QLineEdit*> numbers() const;
    std::vector<QComboBox*> choices() const;
    void showCount();

    RowId m_run = 0;
    QTimer m_pause;
    QLineEdit* m_text;
    QComboBox* m_scope;
    QComboBox* m_phase;
    QComboBox* m_task;
    QComboBox* m_correct;
    QComboBox* m_worked;
    QComboBox* m_order;
    QLineEdit* m_fromStep;
    QLineEdit* m_toStep;
    QLineEdit* m_minReward;
    QLineEdit* m_maxReward;
    QLineEdit* m_minTokens;
    QLineEdit* m_maxTokens;
    QComboBox* m_finish;
    QComboBox* m_annotated;
    QComboBox* m_preset;
    QToolButton* m_fold;
    QWidget* m_more;
};

}  // namespace retort
