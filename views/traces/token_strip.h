// The completion token by token, shaded by log-probability or entropy: where the model was sure and where it
// guessed.
#pragma once

#include <QAbstractScrollArea>
#include <vector>

#include "core/traces/trace.h"

namespace retort {

class TokenStrip : public QAbstractScrollArea {
    Q_OBJECT
  public:
    enum class Lane { Surprise, Entropy };  ///< −log p of the sampled token; entropy of the distribution

    explicit TokenStrip(QWidget* parent = nullptr);

    void setTrace(const Trace& trace);
    void setLane(Lane lane);
    Lane lane() const { return m_lane; }
    bool hasTokens() const { return !m_tokens.empty(); }
    /// The value at which the shade is darkest: the 99th percentile of the trace.
    double scaleEnd() const { return m_scaleEnd; }
    int tokenAt(const QPoint& viewportPosition) const;  ///< -1: none
    QString describe(int token) const;
    QSize sizeHint() const override;

  Q_SIGNALS:
    /// The token at this byte of the completion was chosen.
    void tokenChosen(qint64 byte);

  protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;
    bool viewportEvent(QEvent* event) override;

  private:
    struct Token {
        QString text;
        qint64 begin = 0;
        QRect place;
        float logprob = 0, entropy = 0, refLogprob = 0;
    };
    double valueOf(const Token& token) const;
    void layOut();
    void rescale();
    void choose(int token);

    std::vector<Token> m_tokens;
    bool m_hasLogprobs = false, m_hasEntropies = false, m_hasRef = false;
    Lane m_lane = Lane::Surprise;
    double m_scaleEnd = 1;
    int m_current = -1, m_height = 0;
};

}  // namespace retort
