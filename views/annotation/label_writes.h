// The writes that are under way to the store, in their order. The window never waits for one; who wants to
// know how they ended asks here.
#pragma once

#include <QObject>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <vector>

#include "views/lab.h"

namespace retort {

class LabelWrites : public QObject {
    Q_OBJECT
  public:
    explicit LabelWrites(Lab& lab, QObject* parent = nullptr) : QObject(parent), m_lab(lab) {}

    /// Watches a write that the writer has accepted already.
    template <class T>
    void watch(std::future<T> write) {
        auto shared = std::make_shared<std::future<T>>(std::move(write));
        push([shared] { shared->get(); });
    }
    int pending() const { return m_pending; }
    /// Calls `then` when nothing is under way any more: at once, or in a later turn of the event loop.
    void whenSettled(std::function<void()> then);

  Q_SIGNALS:
    void pendingChanged();
    /// A write failed; settled() follows when those behind it have ended, too.
    void failed(const QString& message);
    void settled();

  private:
    void push(std::function<void()> wait);
    void waitForNext();

    Lab& m_lab;
    std::deque<std::function<void()>> m_waits;
    std::vector<std::function<void()>> m_whenSettled;
    int m_pending = 0;
    bool m_waiting = false;
};

}  // namespace retort
