// A button of a command, with its key beside its text. It lights up when the key was pressed, and wears an
// outline when somebody else suggests it.
#pragma once

#include <QColor>
#include <QToolButton>
#include <QVariantAnimation>

namespace retort {

class KeyButton : public QToolButton {
    Q_OBJECT
  public:
    /// `face`: what is written on it; its name for screen readers is the command's.
    KeyButton(QAction* command, const QString& face, QWidget* parent = nullptr);

    QString face() const { return m_face; }
    /// What it stands for holds: filled with the colour.
    void setOn(bool on);
    bool isOn() const { return m_on; }
    void setTone(const QColor& tone) { m_tone = tone; }
    /// Not empty: outlined, and said in the tool tip.
    void setSuggestion(const QString& from);
    QString suggestion() const { return m_suggestion; }
    void pulse();
    bool isPulsing() const { return m_pulse.state() == QAbstractAnimation::Running; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

  protected:
    void paintEvent(QPaintEvent* event) override;

  private:
    void describe();
    QString keyText() const;

    QAction* m_command;
    QString m_face, m_suggestion;
    QColor m_tone;
    QVariantAnimation m_pulse;
    bool m_on = false;
};

}  // namespace retort
