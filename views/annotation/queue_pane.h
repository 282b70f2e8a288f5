// The queue on the left: which one, how far it is, and its items one below the other.
#pragma once

#include <QTimer>
#include <QWidget>
#include <vector>

#include "core/store/store.h"

class QAction;
class QComboBox;
class QLabel;
class QProgressBar;
class QPushButton;
class QSortFilterProxyModel;
class QToolButton;
class QTreeView;

namespace retort {

class AnnotationSession;
class Lab;
class QueueItemModel;

class QueuePane : public QWidget {
    Q_OBJECT
  public:
    QueuePane(Lab& lab, AnnotationSession& session, QWidget* parent = nullptr);
    ~QueuePane() override;  ///< a queue that was deleted is gone now

    QTreeView* list() const { return m_list; }
    QComboBox* queues() const { return m_queues; }
    QComboBox* states() const { return m_states; }
    QString message() const;
    /// Opens a queue, and the pane with it.
    void openQueue(RowId queue);
    void removeQueue();
    void undoRemove();
    bool canUndoRemove() const { return m_removed != 0; }
    /// To the next item of the list as it is filtered.
    void move(int by);
    void focusList();

  Q_SIGNALS:
    void newQueueWanted();
    void settingsWanted(const retort::QueueRow& queue);
    void agreementWanted(retort::RowId queue);
    void exportWanted(retort::RowId queue);
    void annotatorWanted();

  private:
    QWidget* makeHead();
    void readQueues();
    void showQueues(std::vector<QueueRow> queues);
    void refresh();
    void showFeedback();
    void openCurrent();
    void commitRemove();

    Lab& m_lab;
    AnnotationSession& m_session;
    QueueItemModel* m_model;
    QSortFilterProxyModel* m_filtered;
    std::vector<QueueRow> m_rows;
    RowId m_removed = 0;  ///< out of sight, and gone when nobody takes it back
    bool m_showing = false;
    QTimer m_removeTimer, m_readTimer;

    QComboBox *m_queues, *m_states;
    QToolButton* m_menu;
    QPushButton *m_who, *m_undoRemove;
    QProgressBar* m_progress;
    QTreeView* m_list;
    QLabel *m_count, *m_message;
    QWidget *m_empty, *m_removedStrip;
};

}  // namespace retort
