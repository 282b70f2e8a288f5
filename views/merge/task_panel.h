// What merges are measured on: held-out problems of these tasks, so many of each.
#pragma once

#include <QWidget>
#include <string>
#include <vector>

#include "core/config/settings/data_settings.h"
#include "core/util/json.h"

class QListWidget;
class QSpinBox;
class QToolButton;

namespace retort {

/// A task or file that can be measured on, as a configuration has it.
struct BenchTask {
    std::string name;
    Json value;  ///< the item of data.tasks or data.files
    TaskSettings task;
    FileSettings file;
    bool isFile = false;
};

/// The tasks and files of a run's configuration; empty when it cannot be read.
std::vector<BenchTask> tasksOfConfig(const std::string& yaml);
/// Every kind of task with its defaults: for models of unknown origin.
std::vector<BenchTask> everyTask();

class TaskPanel : public QWidget {
    Q_OBJECT
  public:
    explicit TaskPanel(QWidget* parent = nullptr);

    /// `chosen`: whether they are ticked at first. What has the same name as before keeps its tick.
    void setTasks(std::vector<BenchTask> tasks, bool chosen);
    void setMaxCompletionLength(int tokens);
    std::vector<BenchTask> chosen() const;
    int problems() const;
    int maxCompletionLength() const;

    QListWidget* list() const { return m_list; }
    QSpinBox* problemsBox() const { return m_problems; }

  Q_SIGNALS:
    void changed();

  private:
    void showCount();

    std::vector<BenchTask> m_tasks;
    QToolButton* m_button;
    QListWidget* m_list;
    QSpinBox *m_problems, *m_length;
};

}  // namespace retort
