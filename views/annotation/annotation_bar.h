// The bar below a trace, always in sight however long the trace is: what can be said of the current step and
// of the trace, the key of each, and what holds.
#pragma once

#include <QHash>
#include <QTimer>
#include <QWidget>
#include <functional>

#include "views/annotation/key_map.h"

class QAction;
class QLabel;

namespace retort {

class AnnotationSession;
class ElidedLabel;
class KeyButton;

class AnnotationBar : public QWidget {
    Q_OBJECT
  public:
    AnnotationBar(AnnotationSession& session, std::function<QAction*(AnnotationCommand)> commandOf,
                  QWidget* parent = nullptr);

    KeyButton* button(AnnotationCommand command) const { return m_buttons.value(command); }
    /// The letters of a chord that waits; empty: none waits.
    void showChord(const QString& letters);
    /// Why something was not done; goes away with the next action.
    void showRefusal(const QString& why);
    QString status() const;

  private:
    void refresh();
    QString describeStep() const;

    AnnotationSession& m_session;
    QHash<AnnotationCommand, KeyButton*> m_buttons;
    QLabel* m_chord;
    QLabel* m_status;
    QLabel* m_saved;
    QString m_refusal;
};

}  // namespace retort
