// The items of the open queue, with their states.
#pragma once

#include <QAbstractListModel>
#include <vector>

#include "core/annotations/annotation_queue.h"

namespace retort {

class AnnotationSession;

QString itemStateText(ItemState state);

class QueueItemModel : public QAbstractListModel {
    Q_OBJECT
  public:
    enum Role { StateRole = Qt::UserRole + 1, CurrentRole };

    explicit QueueItemModel(AnnotationSession& session, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

  private:
    void onQueueChanged();

    AnnotationSession& m_session;
    int m_rows = 0;
    int m_current = -1;
};

}  // namespace retort
