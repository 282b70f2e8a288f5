// Icons that follow the palette: the SVG's currentColor becomes the text colour at the moment of painting.
#include <QApplication>
#include <QFile>
#include <QIconEngine>
#include <QPainter>
#include <QPalette>
#include <QPixmapCache>
#include <QSvgRenderer>

#include "views/widgets/theme.h"

namespace retort {

namespace {

class LineIconEngine final : public QIconEngine {
  public:
    LineIconEngine(QString name, QColor color) : m_name(std::move(name)), m_color(std::move(color)) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override {
        const qreal ratio = painter->device()->devicePixelRatioF();
        QPixmap pixmap = drawn(rect.size() * ratio, mode);
        pixmap.setDevicePixelRatio(ratio);
        painter->drawPixmap(rect, pixmap);
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State) override { return drawn(size, mode); }
    QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State, qreal) override {
        return drawn(size, mode);
    }
    QIconEngine* clone() const override { return new LineIconEngine(*this); }
    QString key() const override { return QStringLiteral("retort-line"); }

  private:
    QColor colorFor(QIcon::Mode mode) const {
        const QPalette palette = QApplication::palette();
        if (mode == QIcon::Disabled) return palette.color(QPalette::Disabled, QPalette::ButtonText);
        if (m_color.isValid()) return m_color;
        if (mode == QIcon::Selected) return palette.color(QPalette::HighlightedText);
        return palette.color(QPalette::ButtonText);
    }

    QPixmap drawn(const QSize& size, QIcon::Mode mode) const {
        const QColor color = colorFor(mode);
        const QString cacheKey = QStringLiteral("retort/%1/%2/%3x%4")
                                     .arg(m_name, color.name())
                                     .arg(size.width())
                                     .arg(size.height());
        QPixmap pixmap;
        if (QPixmapCache::find(cacheKey, &pixmap)) return pixmap;
        QFile file(QStringLiteral(":/icons/") + m_name + QStringLiteral(".svg"));
        pixmap = QPixmap(size);
        pixmap.fill(Qt::transparent);
        if (file.open(QIODevice::ReadOnly)) {
            QSvgRenderer renderer(file.readAll().replace("currentColor", color.name().toLatin1()));
            QPainter painter(&pixmap);
            renderer.render(&painter);
        }
        QPixmapCache::insert(cacheKey, pixmap);
        return pixmap;
    }

    QString m_name;
    QColor m_color;
};

}  // namespace

QIcon lineIcon(const QString& name, const QColor& color) {
    return QIcon(new LineIconEngine(name, color));
}

}  // namespace retort
