// The queue of an AnnotationSession: which item comes next, and how far each one is.
#include <algorithm>
#include <utility>

#include "views/annotation/annotation_session.h"
#include "views/lab.h"

namespace retort {

namespace {

bool isOpen(const QueueItem& item) {
    return item.trace != 0 && (item.state == ItemState::Pending || item.state == ItemState::Draft);
}

ItemState stateOf(const TraceLabels& labels) {
    const std::string outcome = labels.outcome();
    if (outcome == "skipped") return ItemState::Skipped;
    if (!outcome.empty()) return ItemState::Done;
    return labels.isEmpty() ? ItemState::Pending : ItemState::Draft;
}

}  // namespace

void AnnotationSession::openQueue(RowId queue) {
    m_queue = QueueRow();
    m_queue->id = queue;
    m_items.clear();
    readQueue(true);
}

void AnnotationSession::closeQueue() {
    if (!m_queue) return;
    m_queue.reset();
    m_items.clear();
    Q_EMIT queueChanged();
    Q_EMIT concealedChanged();
    Q_EMIT labelsChanged();
}

void AnnotationSession::readQueue(bool openFirst) {
    struct Found {
        std::optional<QueueRow> row;
        std::vector<QueueItem> items;
    };
    // What is said meanwhile is not in the answer: then it is asked for again.
    const std::size_t said = m_undo.size();
    m_lab.read(
        this,
        [id = m_queue->id, annotator = m_annotator](StoreReader& reader) {
            Found found;
            for (QueueRow& row : reader.annotationQueues())
                if (row.id == id) found.row = std::move(row);
            if (found.row) found.items = reader.queueItems(id, annotator);
            return found;
        },
        [this, openFirst, said, id = m_queue->id](Found found) {
            if (!m_queue || m_queue->id != id) return;
            if (m_writes.pending() > 0 || said != m_undo.size())
                return m_writes.whenSettled([this, openFirst] {
                    if (m_queue) readQueue(openFirst);
                });
            if (!found.row) return closeQueue();
            const Concealed before = concealed();
            m_queue = std::move(found.row);
            m_items = std::move(found.items);
            Q_EMIT queueChanged();
            if (concealed() != before) Q_EMIT concealedChanged();
            if (!openFirst) return;
            const auto first = std::find_if(m_items.begin(), m_items.end(), isOpen);
            if (first != m_items.end())
                openItem(static_cast<int>(first - m_items.begin()));
            else if (!m_items.empty())
                openItem(0);
        });
}

int AnnotationSession::itemIndex() const {
    for (std::size_t i = 0; m_queue && i < m_items.size(); ++i)
        if (m_items[i].trace != 0 && m_items[i].trace == m_trace) return static_cast<int>(i);
    return -1;
}

void AnnotationSession::openItem(int index) {
    if (index < 0 || index >= static_cast<int>(m_items.size())) return;
    const RowId trace = m_items[static_cast<std::size_t>(index)].trace;
    if (trace == 0) {
        Q_EMIT refused(tr("This trace is not in the store any more."));
    } else if (trace != m_trace) {
        openThen(trace, {});
    }
}

bool AnnotationSession::isQueueFinished() const {
    return m_queue && !m_items.empty() && std::none_of(m_items.begin(), m_items.end(), isOpen);
}

int AnnotationSession::nextItem() const {
    const int count = static_cast<int>(m_items.size()), here = itemIndex();
    for (int i = 1; i <= count; ++i) {
        const int index = (here + i + count) % count;
        if (isOpen(m_items[static_cast<std::size_t>(index)])) return index;
    }
    return -1;
}

void AnnotationSession::updateItemState() {
    const int index = itemIndex();
    if (index < 0) return;
    QueueItem& item = m_items[static_cast<std::size_t>(index)];
    const Concealed before = concealed();
    const ItemState state = stateOf(m_labels);
    if (state == item.state) return;
    item.state = state;
    Q_EMIT itemChanged(index);
    if (concealed() != before) Q_EMIT concealedChanged();
}

// The next item comes when this one is safe in the store, and nothing can be said until it is there: a key
// that is held down judges nothing unseen.
void AnnotationSession::leave() {
    setReady(false);
    m_writes.whenSettled([this, reading = m_reading, moves = m_moves] {
        if (m_reading != reading || m_moves != moves || m_ready)
            return;  // a failure has read it anew, or somebody went elsewhere
        if (itemIndex() < 0) {
            Q_EMIT nextWanted();
            return;
        }
        const int next = nextItem();
        if (next >= 0) return openItem(next);
        setReady(true);
        Q_EMIT queueFinished();
    });
}

}  // namespace retort
