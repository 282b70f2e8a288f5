// What is asked of Slurm, as fields by sbatch's own names; what is wrong is said under them.
#pragma once

#include <QWidget>

#include "training/backends/slurm/slurm_partition.h"
#include "training/backends/slurm/slurm_request.h"

class QCheckBox;
class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QSpinBox;

namespace retort {

class SlurmForm : public QWidget {
    Q_OBJECT
  public:
    explicit SlurmForm(QWidget* parent = nullptr);

    SlurmRequest request() const;
    void setRequest(const SlurmRequest& request);
    /// Offered in the field; what is typed need not be among them.
    void setPartitions(const std::vector<SlurmPartition>& partitions);

    QComboBox* partition() const { return m_partition; }
    QLineEdit* timeLimit() const { return m_time; }
    QLineEdit* gpus() const { return m_gpus; }
    QSpinBox* nodes() const { return m_nodes; }
    QPlainTextEdit* extra() const { return m_extra; }
    QLabel* about() const { return m_about; }

  Q_SIGNALS:
    void edited();

  private:
    QLineEdit* addText(QFormLayout* column, const QString& label, const QString& example,
                       const QString& help);
    QSpinBox* addNumber(QFormLayout* column, const QString& label, int least, int most, const QString& help);
    void showPartition();

    std::vector<SlurmPartition> m_partitions;
    SlurmRequest m_kept;  ///< what there is no field for
    QComboBox* m_partition;
    QLineEdit *m_account, *m_qos, *m_time, *m_gpus, *m_memory, *m_constraint;
    QSpinBox *m_nodes, *m_tasks, *m_cpus, *m_grace;
    QCheckBox* m_continue;
    QPlainTextEdit* m_extra;
    QLabel* m_about;
};

}  // namespace retort
