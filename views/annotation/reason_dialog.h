// Asks for a reason, in a line.
#pragma once

#include <QDialog>

class QLineEdit;

namespace retort {

class ReasonDialog : public QDialog {
    Q_OBJECT
  public:
    /// `required`: an empty reason is none.
    ReasonDialog(const QString& title, const QString& question, bool required, QWidget* parent);

    QString reason() const;

  private:
    QLineEdit* m_reason;
};

}  // namespace retort
