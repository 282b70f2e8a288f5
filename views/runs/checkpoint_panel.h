// The checkpoints of one run: where they lie, fetching one from the machine on which the run trains, and a
// new run from one.
#pragma once

#include <QThreadPool>
#include <QWidget>
#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/store/rows.h"

class QLabel;
class QPushButton;
class QTableWidget;

namespace retort {

class Lab;

class CheckpointPanel : public QWidget {
    Q_OBJECT
  public:
    /// The table is the panel's from then on: its columns are step, time, folder.
    CheckpointPanel(Lab& lab, QTableWidget* table, QWidget* parent = nullptr);
    ~CheckpointPanel() override;

    struct Content {
        RowId run = 0;
        std::filesystem::path directory;  ///< of the run
        std::vector<CheckpointRow> checkpoints;
        std::string machine;  ///< from which one can be fetched; empty: from none
        QString absent;       ///< of those that are not here: "removed", "on box"
    };
    void showContent(const Content& content);

  Q_SIGNALS:
    void startFromRequested(const QString& checkpointFolder);
    /// One is here now that was not.
    void fetched();

  private:
    void startFromSelected();
    void fetchOrCancel();
    void showState();
    const CheckpointRow* selected() const;

    Lab& m_lab;
    QTableWidget* m_table;
    QLabel* m_note;
    QPushButton *m_fetch, *m_start;
    Content m_content;
    RowId m_fetchedRun = 0;  ///< whose checkpoint is on its way; 0: none
    std::shared_ptr<std::atomic<bool>> m_isCancelled;
    QThreadPool m_thread;
};

}  // namespace retort
