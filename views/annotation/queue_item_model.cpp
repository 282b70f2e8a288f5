#include "views/annotation/queue_item_model.h"

#include <QFont>

#include "views/annotation/annotation_session.h"
#include "views/models/format.h"
#include "views/widgets/theme.h"

namespace retort {

namespace {

QString glyph(ItemState state) {
    switch (state) {
        case ItemState::Pending:
            return QStringLiteral("○");
        case ItemState::Draft:
            return QStringLiteral("◐");
        case ItemState::Done:
            return QStringLiteral("●");
        case ItemState::Skipped:
            return QStringLiteral("⊘");
    }
    return {};
}

}  // namespace

QString itemStateText(ItemState state) {
    switch (state) {
        case ItemState::Pending:
            return QueueItemModel::tr("not begun");
        case ItemState::Draft:
            return QueueItemModel::tr("begun");
        case ItemState::Done:
            return QueueItemModel::tr("done");
        case ItemState::Skipped:
            return QueueItemModel::tr("skipped");
    }
    return {};
}

QueueItemModel::QueueItemModel(AnnotationSession& session, QObject* parent)
    : QAbstractListModel(parent), m_session(session) {
    connect(&session, &AnnotationSession::queueChanged, this, &QueueItemModel::onQueueChanged);
    connect(&session, &AnnotationSession::itemChanged, this, [this](int row) {
        if (row < m_rows) Q_EMIT dataChanged(index(row), index(row));
    });
    connect(&session, &AnnotationSession::readyChanged, this, [this] {
        const int before = m_current;
        m_current = m_session.itemIndex();
        for (const int row : {before, m_current})
            if (row >= 0 && row < m_rows && before != m_current) Q_EMIT dataChanged(index(row), index(row));
    });
    onQueueChanged();
}

// The same number of items is the same items: selection and scroll position stay.
void QueueItemModel::onQueueChanged() {
    const int rows = static_cast<int>(m_session.items().size());
    m_current = m_session.itemIndex();
    if (rows != m_rows) {
        beginResetModel();
        m_rows = rows;
        endResetModel();
    } else if (rows > 0) {
        Q_EMIT dataChanged(index(0), index(rows - 1));
    }
}

int QueueItemModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : m_rows;
}

QVariant QueueItemModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid)) return {};
    const QueueItem& item = m_session.items()[static_cast<std::size_t>(index.row())];
    QString head = toQString(item.promptHead).simplified();
    if (item.trace == 0) head = tr("(not in the store any more)");
    switch (role) {
        case Qt::DisplayRole:
            return QStringLiteral("%1 %2  %3").arg(glyph(item.state)).arg(index.row() + 1).arg(head);
        case Qt::AccessibleTextRole:
            return tr("Item %1, %2: %3").arg(index.row() + 1).arg(itemStateText(item.state), head);
        case Qt::ToolTipRole:
            return tr("%1 (%2)").arg(head, itemStateText(item.state));
        case Qt::ForegroundRole:
            if (item.state == ItemState::Done || item.state == ItemState::Skipped) return tones().muted;
            return {};
        case Qt::FontRole: {
            QFont font;
            font.setBold(index.row() == m_current);
            return font;
        }
        case StateRole:
            return static_cast<int>(item.state);
        case CurrentRole:
            return index.row() == m_current;
        default:
            return {};
    }
}

}  // namespace retort
