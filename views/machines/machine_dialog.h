// Adds a machine, or changes one.
#pragma once

#include <QDialog>

#include "core/machines/machine.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QSpinBox;

namespace retort {

class Lab;
class SecretsEditor;

class MachineDialog : public QDialog {
    Q_OBJECT
  public:
    /// A machine without a name is a new one.
    MachineDialog(Lab& lab, const Machine& machine, QWidget* parent);

    /// As the fields have it.
    Machine machine() const;
    QLineEdit* name() const { return m_name; }
    QLineEdit* destination() const { return m_destination; }
    QComboBox* scheduler() const { return m_scheduler; }
    QPlainTextEdit* environment() const { return m_environment; }
    QLabel* problem() const { return m_problem; }
    QPushButton* saveButton() const { return m_save; }
    SecretsEditor* secrets() const { return m_secrets; }

  Q_SIGNALS:
    void saved(const QString& name);

  private:
    void showProblem();
    void save();

    Lab& m_lab;
    std::string m_before;  ///< its name in the store; empty: it is new
    QLineEdit *m_name, *m_destination, *m_folder, *m_libtorch;
    QSpinBox *m_port, *m_atOnce, *m_perGpu, *m_nice;
    QPlainTextEdit* m_environment;
    QComboBox* m_scheduler;
    SecretsEditor* m_secrets;
    QLabel* m_problem;
    QPushButton* m_save;
};

}  // namespace retort
