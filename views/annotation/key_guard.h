// What keeps single-letter commands honest (traces.md d): letters typed into fields, choices and lists belong
// to them, Enter presses the button that has the focus, Escape leaves a field, and while a chord waits for
// its letter, the letter is the chord's.
#pragma once

#include <QObject>
#include <QPointer>
#include <functional>

class QKeyEvent;
class QWidget;

namespace retort {

class KeyGuard : public QObject {
    Q_OBJECT
  public:
    /// Watches everything inside of `page`.
    explicit KeyGuard(QWidget* page);

    /// Called with the next key instead of any command, until endChord().
    void beginChord(std::function<void(const QKeyEvent&)> key);
    void endChord() { m_chord = {}; }
    bool hasChord() const { return static_cast<bool>(m_chord); }
    /// Where the focus goes when a field is left with Escape; only fields inside of `fields` are left so.
    void addFields(QWidget* fields, std::function<void()> leave);

  Q_SIGNALS:
    void touched();  ///< somebody is at work: a key, a click, a turn of the wheel
    void chordLeft();

  protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

  private:
    bool onOverride(QWidget* widget, QKeyEvent* event);
    bool onPress(QWidget* widget, QKeyEvent* event);

    QWidget* m_page;
    std::function<void(const QKeyEvent&)> m_chord;
    std::vector<std::pair<QPointer<QWidget>, std::function<void()>>> m_fields;
};

/// Whether plain letters typed there are the widget's own.
bool ownsLetters(const QWidget* widget);

}  // namespace retort
