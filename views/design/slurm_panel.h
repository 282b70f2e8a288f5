// The job of a run on a machine with Slurm: what is asked for, and the script that will be submitted, which
// may be edited. What was asked for is remembered for each machine; Slurm says what it thinks of it.
#pragma once

#include <QPointer>
#include <QTimer>
#include <QWidget>

#include "training/backends/slurm/slurm_request.h"

class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace retort {

class Lab;
class SlurmBackend;
class SlurmForm;

class SlurmPanel : public QWidget {
    Q_OBJECT
  public:
    explicit SlurmPanel(Lab& lab, QWidget* parent = nullptr);
    ~SlurmPanel() override;

    /// The backend of the machine; null: it is none with Slurm.
    void setBackend(SlurmBackend* backend);
    /// What the job is called, and how many runs go at once of how many; 0: all.
    void setRuns(const QString& name, const QString& recipe, int count, int atOnce);

    SlurmRequest request() const;
    /// As a person has changed it; empty: as made from the form.
    std::string script() const;
    /// The first thing that is wrong; empty: nothing.
    QString obstacle() const;
    void remember();

    SlurmForm* form() const { return m_form; }
    QPlainTextEdit* editor() const { return m_editor; }
    QPushButton* asMade() const { return m_asMade; }
    QPushButton* checkButton() const { return m_check; }
    QLabel* difference() const { return m_difference; }
    QLabel* answer() const { return m_answer; }

  Q_SIGNALS:
    void changed();

  protected:
    void showEvent(QShowEvent* event) override;
    void changeEvent(QEvent* event) override;

  private:
    void makeScript();
    void showDifference();
    void ask();
    void askPartitions();
    void say(const QString& text, bool isBad);

    Lab& m_lab;
    QPointer<SlurmBackend> m_backend;
    QString m_name, m_recipe, m_made;
    SlurmRequest m_remembered;  ///< in the store
    int m_count = 1, m_atOnce = 0;
    quint64 m_question = 0;  ///< counts: an answer to an older script is dropped
    bool m_isRestored = false, m_isBad = false;
    QTimer m_pause;
    SlurmForm* m_form;
    QPlainTextEdit* m_editor;
    QPushButton *m_asMade, *m_check;
    QLabel *m_difference, *m_answer = nullptr;
};

}  // namespace retort
