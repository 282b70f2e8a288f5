// A one-line label that ends in "…" where there is no room; the whole text is its tool tip.
#pragma once

#include <QLabel>

namespace retort {

class ElidedLabel : public QLabel {
    Q_OBJECT
  public:
    explicit ElidedLabel(const QString& text, QWidget* parent = nullptr);

    QSize minimumSizeHint() const override;

  protected:
    void paintEvent(QPaintEvent*) override;
};

}  // namespace retort
