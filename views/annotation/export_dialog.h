// Which labels go into a file, in which format; with the question that formats with two labels force.
#pragma once

#include <QDialog>

#include "views/annotation/label_export.h"

class QComboBox;
class QLabel;
class QPushButton;

namespace retort {

class Lab;

class ExportDialog : public QDialog {
    Q_OBJECT
  public:
    ExportDialog(Lab& lab, const QString& annotator, RowId queue, QWidget* parent);

    QComboBox* formats() const { return m_format; }
    /// Writes to `file` as the dialog stands.
    void exportTo(const QString& file);
    QString result() const;

  private:
    void chooseFile();
    void showQuestions();
    QString suffix() const;

    Lab& m_lab;
    RowId m_queue;
    QComboBox *m_who, *m_what, *m_format, *m_neutral;
    QLabel *m_neutralHead, *m_result;
    QPushButton* m_export;
};

}  // namespace retort
