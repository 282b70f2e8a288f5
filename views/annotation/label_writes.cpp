#include "views/annotation/label_writes.h"

#include <utility>

namespace retort {

void LabelWrites::push(std::function<void()> wait) {
    m_waits.push_back(std::move(wait));
    ++m_pending;
    Q_EMIT pendingChanged();
    waitForNext();
}

// One wait at a time: it takes a thread of the pool, and writes end in their order anyway.
void LabelWrites::waitForNext() {
    if (m_waiting || m_waits.empty()) return;
    m_waiting = true;
    std::deque<std::function<void()>> waits = std::exchange(m_waits, {});
    const int count = static_cast<int>(waits.size());
    m_lab.compute(
        this,
        [waits = std::move(waits)] {
            QStringList errors;
            for (const auto& wait : waits) {
                try {
                    wait();
                } catch (const Error& e) {
                    errors << errorText(e);
                } catch (const std::exception& e) {
                    errors << QString::fromUtf8(e.what());
                }
            }
            errors.removeDuplicates();
            return errors;
        },
        [this, count](const QStringList& errors) {
            m_waiting = false;
            m_pending -= count;
            for (const QString& error : errors) Q_EMIT failed(error);
            Q_EMIT pendingChanged();
            waitForNext();
            if (m_pending > 0) return;
            Q_EMIT settled();
            for (const auto& then : std::exchange(m_whenSettled, {})) then();
        });
}

void LabelWrites::whenSettled(std::function<void()> then) {
    if (m_pending == 0) return then();
    m_whenSettled.push_back(std::move(then));
}

}  // namespace retort
