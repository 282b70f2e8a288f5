// The whole trace as a narrow column beside the text: ratings, dips of the PRM, the token lane's intensity,
// search hits and what is in view. A click or drag goes there.
#pragma once

#include <QPixmap>
#include <QWidget>

namespace retort {

class TraceCanvas;

class Minimap : public QWidget {
    Q_OBJECT
  public:
    static constexpr int columnWidth = 46;

    explicit Minimap(TraceCanvas& canvas);

    /// The content's y that a place on the map stands for.
    qint64 contentAt(int y) const;

  protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;

  private:
    void draw();
    int mapY(qint64 contentY) const;
    void goTo(int y);

    TraceCanvas& m_canvas;
    QPixmap m_picture;
    bool m_stale = true;
};

}  // namespace retort
