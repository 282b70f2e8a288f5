// The last question before a merge becomes a checkpoint: its name, and where it is made.
#pragma once

#include <QDialog>

class QComboBox;
class QLineEdit;

namespace retort {

class Lab;

class KeepDialog : public QDialog {
    Q_OBJECT
  public:
    KeepDialog(Lab& lab, const QString& name, QWidget* parent = nullptr);

    QLineEdit* nameField() const { return m_name; }
    QComboBox* backendChooser() const { return m_backend; }

  Q_SIGNALS:
    void chosen(const QString& name, const QString& backend);

  private:
    void accept() override;

    QLineEdit* m_name;
    QComboBox* m_backend;
};

}  // namespace retort
