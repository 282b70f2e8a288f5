// What can be said of a step beyond its rating: kinds of errors, notes, the text that should stand there; and
// scores of the step or the trace.
#pragma once

#include <QHash>
#include <QString>
#include <QWidget>
#include <functional>
#include <string>

#include "views/annotation/trace_labels.h"

class QComboBox;
class QLabel;
class QListWidget;
class QPlainTextEdit;
class QToolButton;
class QVBoxLayout;

namespace retort {

class AnnotationSession;
class ScoreField;

class AnnotationPanel : public QWidget {
    Q_OBJECT
  public:
    /// `stepText`: of a step, as the trace has it.
    AnnotationPanel(AnnotationSession& session, std::function<QString(int)> stepText,
                    QWidget* parent = nullptr);

    void editNote();
    void editCorrection();
    /// Says what is written in a field that has the focus still.
    void flush();

    QPlainTextEdit* noteField() const { return m_note; }
    QPlainTextEdit* correctionField() const { return m_correction; }
    QListWidget* notes() const { return m_notes; }
    QToolButton* chip(const std::string& id) const { return m_chips.value(QString::fromStdString(id)); }
    ScoreField* correctness() const { return m_correctness; }
    ScoreField* helpfulness() const { return m_helpfulness; }

  protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

  private:
    void makeStepPart(QVBoxLayout* layout);
    void makeScorePart(QVBoxLayout* layout);
    void refresh();
    void showNotes();
    void showScores();
    void readFields();
    TextRange scoreRange() const;

    AnnotationSession& m_session;
    std::function<QString(int)> m_stepText;
    QLabel* m_head;
    QHash<QString, QToolButton*> m_chips;
    QLabel* m_noteHead;
    QPlainTextEdit* m_note;
    QListWidget* m_notes;
    QPlainTextEdit* m_correction;
    QComboBox* m_scope;
    ScoreField *m_correctness, *m_helpfulness;
    TextRange m_noteRange;      ///< what the note field is about
    int m_correctionStep = -1;  ///< what the correction field is about
    std::int64_t m_fieldsTrace = 0;
};

}  // namespace retort
