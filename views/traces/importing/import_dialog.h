// Other programs' traces and step labels, as a run: which files, of which format, and what became of them.
#pragma once

#include <QDialog>
#include <QStringList>
#include <vector>

#include "core/store/rows.h"
#include "core/trace_formats/import_run.h"

class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QListWidget;
class QProgressBar;
class QPushButton;

namespace retort {

class ImportJob;
class Lab;
class TablePanel;

class ImportDialog : public QDialog {
    Q_OBJECT
  public:
    ImportDialog(Lab& lab, const QStringList& files, QWidget* parent);

    void addFiles(const QStringList& files);
    void reject() override;

    QListWidget* files() const { return m_files; }
    QComboBox* format() const { return m_format; }
    QLineEdit* name() const { return m_name; }
    QLineEdit* members() const { return m_members; }
    QPushButton* importButton() const { return m_import; }
    QLabel* status() const { return m_status; }
    TablePanel* problems() const { return m_problems; }

  Q_SIGNALS:
    void imported(retort::RowId run);

  protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

  private:
    void makeForm();
    void chooseFiles();
    void removeChosen();
    void start();
    void showState();
    void onEnded(RowId run, const std::vector<ImportedFile>& files, const QString& error);
    void showProblems(const std::vector<ImportedFile>& files);

    Lab& m_lab;
    ImportJob* m_job;
    QListWidget* m_files;
    QPushButton *m_add, *m_remove, *m_import;
    QComboBox* m_format;
    QLineEdit *m_name, *m_members;
    QFormLayout* m_form;
    QProgressBar* m_progress;
    QLabel* m_status;
    TablePanel* m_problems;
};

}  // namespace retort
