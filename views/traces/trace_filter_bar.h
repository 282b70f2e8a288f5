// The controls that say which traces the list shows.
#pragma once

#include <QTimer>
#include <QWidget>

#include "core/store/rows.h"

class QComboBox;
class QLineEdit;

namespace retort {

class TraceFilterBar : public QWidget {
    Q_OBJECT
  public:
    explicit TraceFilterBar(QWidget* parent = nullptr);

    TraceFilter filter() const;
    void setRun(RowId run, const QString& name);
    void setTasks(const QStringList& tasks);
    /// Back to everything of the run.
    void clear();
    void focusSearch();
    bool isNarrowed() const;  ///< whether anything but the run and the order is asked for

  Q_SIGNALS:
    void changed();

  private:
    QComboBox* addChoice(const QString& name, const QList<std::pair<QString, QVariant>>& choices);
    QLineEdit* addNumber(const QString& name, const QString& placeholder, bool whole);

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
};

}  // namespace retort
