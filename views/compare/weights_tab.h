// Two checkpoints in weight space: what differs in architecture, vocabulary and template, a table of tensors
// and a layer map. Computed in the background when asked for, with progress and a way to stop.
#pragma once

#include <QTimer>
#include <QWidget>
#include <atomic>
#include <memory>
#include <stop_token>

#include "core/comparison/comparison.h"
#include "core/weights/checkpoint_difference.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QProgressBar;
class QPushButton;

namespace retort {

class Lab;
class LayerMap;
class TablePanel;

class WeightsTab : public QWidget {
    Q_OBJECT
  public:
    explicit WeightsTab(Lab& lab, QWidget* parent = nullptr);
    ~WeightsTab() override;

    void setCheckpoints(const std::vector<ComparedCheckpoint>& checkpoints, std::size_t first,
                        std::size_t second);
    void compute();
    void cancel();
    bool isComputing() const { return m_job != nullptr; }
    TablePanel* table() const { return m_table; }
    LayerMap* map() const { return m_map; }
    QLabel* summary() const { return m_summary; }

  private:
    struct Job {
        std::stop_source stop;
        std::atomic<std::int64_t> done = 0, total = 0;
    };
    QWidget* makeBar();
    void showProgress();
    void finished(const CheckpointDifference& difference, const QStringList& about);

    Lab& m_lab;
    std::vector<ComparedCheckpoint> m_checkpoints;
    std::shared_ptr<Job> m_job;
    QTimer m_pace;

    QComboBox *m_first, *m_second, *m_base, *m_measure;
    QCheckBox* m_spectra;
    QPushButton* m_run;
    QProgressBar* m_progress;
    QLabel* m_summary;
    TablePanel* m_table;
    LayerMap* m_map;
};

}  // namespace retort
