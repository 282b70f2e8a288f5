#include "views/annotation/queue_pane.h"

#include <QAction>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QProgressBar>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSortFilterProxyModel>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

#include "views/actions.h"
#include "views/annotation/annotation_session.h"
#include "views/annotation/queue_item_model.h"
#include "views/lab.h"
#include "views/models/format.h"
#include "views/widgets/theme.h"

namespace retort {

namespace {

constexpr int kUndoRemoveMs = 10'000;
constexpr int kAnyState = -1, kOpenStates = -2;

class StateFilter final : public QSortFilterProxyModel {
  public:
    using QSortFilterProxyModel::QSortFilterProxyModel;
    void setState(int state) {
        m_state = state;
        invalidateFilter();
    }

  protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override {
        const int state = sourceModel()->index(row, 0, parent).data(QueueItemModel::StateRole).toInt();
        if (m_state == kAnyState) return true;
        if (m_state == kOpenStates)
            return state == static_cast<int>(ItemState::Pending) ||
                   state == static_cast<int>(ItemState::Draft);
        return state == m_state;
    }

  private:
    int m_state = kAnyState;
};

QLabel* mutedLabel(QWidget* parent) {
    auto* label = new QLabel(parent);
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    return label;
}

}  // namespace

QueuePane::QueuePane(Lab& lab, AnnotationSession& session, QWidget* parent)
    : QWidget(parent),
      m_lab(lab),
      m_session(session),
      m_model(new QueueItemModel(session, this)),
      m_filtered(new StateFilter(this)) {
    setObjectName(QStringLiteral("queuePane"));
    m_filtered->setSourceModel(m_model);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(makeHead());
    m_list = new QTreeView(this);
    m_list->setModel(m_filtered);
    m_list->setUniformRowHeights(true);
    m_list->setRootIsDecorated(false);
    m_list->setItemsExpandable(false);
    m_list->setHeaderHidden(true);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setAccessibleName(tr("Items of the queue"));
    layout->addWidget(m_list, 1);
    m_message = mutedLabel(this);
    layout->addWidget(m_message);
    addCommand(m_list, {"queue.next", tr("Next item in the list"), tr("Annotate"), Qt::Key_J},
               [this] { move(1); });
    addCommand(m_list, {"queue.previous", tr("Previous item in the list"), tr("Annotate"), Qt::Key_K},
               [this] { move(-1); });
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this, &QueuePane::openCurrent);
    connect(m_states, &QComboBox::currentIndexChanged, this, [this] {
        static_cast<StateFilter*>(m_filtered)->setState(m_states->currentData().toInt());
        refresh();
    });
    m_removeTimer.setSingleShot(true);
    m_removeTimer.setInterval(kUndoRemoveMs);
    connect(&m_removeTimer, &QTimer::timeout, this, [this] {
        m_removedStrip->hide();
        commitRemove();
    });
    m_readTimer.setSingleShot(true);
    m_readTimer.setInterval(200);
    connect(&m_readTimer, &QTimer::timeout, this, &QueuePane::readQueues);
    connect(&lab, &Lab::queuesChanged, this, [this] {
        if (!m_readTimer.isActive()) m_readTimer.start();
    });
    connect(&session, &AnnotationSession::queueChanged, this, &QueuePane::refresh);
    connect(&session, &AnnotationSession::itemChanged, this, &QueuePane::refresh);
    connect(&session, &AnnotationSession::readyChanged, this, &QueuePane::refresh);
    connect(&session, &AnnotationSession::annotatorChanged, this, &QueuePane::refresh);
    connect(&session, &AnnotationSession::queueFinished, this, &QueuePane::showFeedback);
    readQueues();
    refresh();
}

QueuePane::~QueuePane() {
    commitRemove();
}

QWidget* QueuePane::makeHead() {
    auto* head = new QWidget(this);
    m_queues = new QComboBox(head);
    m_queues->setAccessibleName(tr("Queue"));
    m_queues->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    connect(m_queues, &QComboBox::activated, this, [this] {
        if (const RowId id = m_queues->currentData().toLongLong())
            m_session.openQueue(id);
        else
            m_session.closeQueue();
    });
    m_menu = new QToolButton(head);
    m_menu->setIcon(lineIcon(QStringLiteral("columns")));
    m_menu->setToolTip(tr("More about queues"));
    m_menu->setAccessibleName(m_menu->toolTip());
    m_menu->setPopupMode(QToolButton::InstantPopup);
    m_menu->setFocusPolicy(Qt::TabFocus);
    m_menu->setStyleSheet(QStringLiteral("QToolButton::menu-indicator { image: none; }"));
    auto* menu = new QMenu(m_menu);
    const QString group = tr("Annotate");
    const auto add = [&](const char* id, const QString& text, std::function<void()> act) {
        QAction* action = addCommand(this, {id, text, group}, std::move(act));
        menu->addAction(action);
    };
    add("queue.new", tr("New queue…"), [this] { Q_EMIT newQueueWanted(); });
    add("queue.settings", tr("Settings of the queue…"), [this] {
        if (m_session.queue()) Q_EMIT settingsWanted(*m_session.queue());
    });
    add("queue.agreement", tr("Progress and agreement…"),
        [this] { Q_EMIT agreementWanted(m_session.queue() ? m_session.queue()->id : 0); });
    add("queue.export", tr("Export the labels…"),
        [this] { Q_EMIT exportWanted(m_session.queue() ? m_session.queue()->id : 0); });
    menu->addSeparator();
    add("queue.annotator", tr("Who annotates…"), [this] { Q_EMIT annotatorWanted(); });
    add("queue.remove", tr("Delete the queue"), [this] { removeQueue(); });
    m_menu->setMenu(menu);
    m_progress = new QProgressBar(head);
    m_progress->setMaximumHeight(14);
    m_progress->setTextVisible(false);
    m_progress->setAccessibleName(tr("Progress of the queue"));
    m_count = mutedLabel(head);
    m_who = new QPushButton(head);
    m_who->setFlat(true);
    m_who->setFocusPolicy(Qt::TabFocus);
    connect(m_who, &QPushButton::clicked, this, &QueuePane::annotatorWanted);
    m_states = new QComboBox(head);
    m_states->setAccessibleName(tr("Items to show"));
    m_states->addItem(tr("All items"), kAnyState);
    m_states->addItem(tr("Open items"), kOpenStates);
    for (const ItemState state : {ItemState::Pending, ItemState::Draft, ItemState::Done, ItemState::Skipped})
        m_states->addItem(itemStateText(state), static_cast<int>(state));
    m_removedStrip = new QWidget(head);
    m_undoRemove = new QPushButton(tr("Undo"), m_removedStrip);
    connect(m_undoRemove, &QPushButton::clicked, this, &QueuePane::undoRemove);
    auto* removed = new QHBoxLayout(m_removedStrip);
    removed->setContentsMargins(0, 0, 0, 0);
    removed->addWidget(new QLabel(tr("Queue deleted; its labels stay."), m_removedStrip), 1);
    removed->addWidget(m_undoRemove);
    m_removedStrip->hide();
    m_empty = new QWidget(head);
    auto* text = mutedLabel(m_empty);
    text->setText(
        tr("A queue is a list of traces to judge one after the other: those of the list, or those that are "
           "worth a person's time, such as wrong answers that look convincing."));
    auto* make = new QPushButton(tr("Make a queue…"), m_empty);
    connect(make, &QPushButton::clicked, this, &QueuePane::newQueueWanted);
    auto* empty = new QVBoxLayout(m_empty);
    empty->setContentsMargins(0, 0, 0, 0);
    empty->addWidget(text);
    empty->addWidget(make);
    auto* line = new QHBoxLayout;
    line->addWidget(m_queues, 1);
    line->addWidget(m_menu);
    auto* second = new QHBoxLayout;
    second->addWidget(m_states, 1);
    second->addWidget(m_who);
    auto* layout = new QVBoxLayout(head);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addLayout(line);
    layout->addWidget(m_removedStrip);
    layout->addWidget(m_empty);
    layout->addWidget(m_progress);
    layout->addWidget(m_count);
    layout->addLayout(second);
    return head;
}

void QueuePane::readQueues() {
    m_lab.read(
        this, [](StoreReader& reader) { return reader.annotationQueues(); },
        [this](std::vector<QueueRow> queues) { showQueues(std::move(queues)); });
}

void QueuePane::showQueues(std::vector<QueueRow> queues) {
    std::erase_if(queues, [this](const QueueRow& row) { return row.id == m_removed; });
    m_rows = std::move(queues);
    const RowId open = m_session.queue() ? m_session.queue()->id : 0;
    {
        const QSignalBlocker quiet(m_queues);
        m_queues->clear();
        m_queues->addItem(tr("No queue"), 0);
        for (const QueueRow& row : m_rows)
            m_queues->addItem(tr("%1 (%2)").arg(toQString(row.settings.name)).arg(row.items),
                              static_cast<qlonglong>(row.id));
        m_queues->setCurrentIndex(std::max(0, m_queues->findData(static_cast<qlonglong>(open))));
    }
    refresh();
}

void QueuePane::openQueue(RowId queue) {
    m_session.openQueue(queue);
    readQueues();
}

void QueuePane::refresh() {
    const bool open = m_session.queue().has_value();
    const auto& items = m_session.items();
    const auto finished = std::count_if(items.begin(), items.end(), [](const QueueItem& item) {
        return item.state == ItemState::Done || item.state == ItemState::Skipped;
    });
    m_empty->setVisible(m_rows.empty() && !open);
    m_queues->setVisible(!m_rows.empty() || open);
    for (QWidget* widget : std::initializer_list<QWidget*>{m_progress, m_count, m_list, m_states})
        widget->setVisible(open);
    m_progress->setMaximum(std::max(1, static_cast<int>(items.size())));
    m_progress->setValue(static_cast<int>(finished));
    m_count->setText(tr("%1 of %n item(s) finished", nullptr, static_cast<int>(items.size())).arg(finished));
    m_who->setText(m_session.annotator().isEmpty() ? tr("Who are you?")
                                                   : tr("as %1").arg(m_session.annotator()));
    m_who->setAccessibleName(tr("Annotator: %1").arg(m_session.annotator()));
    if (m_queues->findData(static_cast<qlonglong>(open ? m_session.queue()->id : 0)) !=
        m_queues->currentIndex()) {
        const QSignalBlocker quiet(m_queues);
        m_queues->setCurrentIndex(
            std::max(0, m_queues->findData(static_cast<qlonglong>(open ? m_session.queue()->id : 0))));
    }
    m_showing = true;
    const int row = m_session.itemIndex();
    const QModelIndex index = row < 0 ? QModelIndex() : m_filtered->mapFromSource(m_model->index(row));
    if (index.isValid() && index != m_list->currentIndex()) m_list->setCurrentIndex(index);
    if (!index.isValid()) m_list->clearSelection();
    m_showing = false;
    if (!m_session.isQueueFinished()) m_message->clear();
    m_message->setVisible(!m_message->text().isEmpty());
}

QString QueuePane::message() const {
    return m_message->text();
}

void QueuePane::openCurrent() {
    if (m_showing) return;
    const QModelIndex index = m_filtered->mapToSource(m_list->currentIndex());
    if (index.isValid()) m_session.openItem(index.row());
}

void QueuePane::move(int by) {
    const int rows = m_filtered->rowCount();
    if (rows == 0) return;
    const int row = m_list->currentIndex().row();
    m_list->setCurrentIndex(m_filtered->index(row < 0 ? 0 : std::clamp(row + by, 0, rows - 1), 0));
}

void QueuePane::focusList() {
    if (m_list->isVisible())
        m_list->setFocus();
    else
        m_queues->setFocus();
}

// What a finished queue says: how many of each, and how the control items went.
void QueuePane::showFeedback() {
    const RowId id = m_session.queue()->id;
    m_lab.read(
        this,
        [id, annotator = m_session.annotator().toStdString()](StoreReader& reader) {
            std::optional<QueueRow::Progress> mine;
            for (const QueueRow& row : reader.annotationQueues())
                for (const QueueRow::Progress& each : row.progress)
                    if (row.id == id && each.annotator == annotator) mine = each;
            return mine;
        },
        [this, id](const std::optional<QueueRow::Progress>& mine) {
            if (!m_session.queue() || m_session.queue()->id != id || !mine) return;
            QString text = tr("The queue is finished: %1 done, %2 skipped, in %3.")
                               .arg(mine->done)
                               .arg(mine->skipped)
                               .arg(formatDuration(mine->seconds));
            if (mine->controls > 0)
                text += QLatin1Char(' ') + tr("Of %n control item(s), you found the first error in %1.",
                                              nullptr, static_cast<int>(mine->controls))
                                               .arg(mine->hits);
            m_message->setText(text);
            m_message->show();
        });
}

// Deleting waits until nobody can want it back: the items of a queue cannot be made anew.
void QueuePane::removeQueue() {
    if (!m_session.queue()) return;
    commitRemove();
    m_removed = m_session.queue()->id;
    m_session.closeQueue();
    m_removedStrip->show();
    m_removeTimer.start();
    showQueues(m_rows);
}

void QueuePane::undoRemove() {
    if (m_removed == 0) return;
    m_removeTimer.stop();
    m_removedStrip->hide();
    openQueue(std::exchange(m_removed, 0));
}

void QueuePane::commitRemove() {
    if (m_removed == 0) return;
    m_removeTimer.stop();
    m_lab.writer().removeQueue(std::exchange(m_removed, 0));
}

}  // namespace retort
