#include "app/window/first_paint.h"

#include <QEvent>
#include <QTimer>
#include <QWidget>
#include <cstdio>

namespace retort {

namespace {

class FirstPaint : public QObject {
  public:
    explicit FirstPaint(QWidget& window) : QObject(&window) { window.installEventFilter(this); }

    bool eventFilter(QObject* watched, QEvent* event) override {
        if (event->type() == QEvent::Paint) {
            watched->removeEventFilter(this);
            // The event comes before the painting; the next turn of the event loop is behind it.
            QTimer::singleShot(0, this, [this] {
                std::puts("painted");
                std::fflush(stdout);
                deleteLater();
            });
        }
        return false;
    }
};

}  // namespace

void announceFirstPaint(QWidget& window) {
    new FirstPaint(window);
}

}  // namespace retort
