// Making a queue, or changing one: which traces, how many, and how they are to be judged.
#pragma once

#include <QDialog>
#include <QTimer>
#include <vector>

#include "core/store/store.h"

class QCheckBox;
class QComboBox;
class QDialogButtonBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QSpinBox;

namespace retort {

class Lab;

QString presetText(QueuePreset preset);
/// PRM800K's rating rules as Markdown: the guidelines of queues that have none of their own.
QString ratingRules();

class QueueDialog : public QDialog {
    Q_OBJECT
  public:
    /// A new queue of what `filter` lets through.
    QueueDialog(Lab& lab, const TraceFilter& filter, QWidget* parent);
    /// Changes the settings of one that there is.
    QueueDialog(Lab& lab, const QueueRow& queue, QWidget* parent);

    QueueSettings settings() const;
    const std::vector<RowId>& traces() const { return m_traces; }

  Q_SIGNALS:
    void made(retort::RowId queue);

  protected:
    void accept() override;

  private:
    void build();
    void count();
    void showCount();
    void save();

    Lab& m_lab;
    TraceFilter m_filter;
    RowId m_queue = 0;
    std::vector<RowId> m_traces;
    quint64 m_question = 0;
    bool m_counting = false;
    QTimer m_countTimer;

    QLineEdit* m_name;
    QComboBox* m_preset;
    QSpinBox *m_most, *m_annotators, *m_controls;
    QLabel* m_found;
    QCheckBox *m_blind, *m_gold;
    QPlainTextEdit* m_guidelines;
    QLabel* m_problem;
    QDialogButtonBox* m_buttons;
};

/// Steps of a trace that are all checked by its task: where the first wrong one begins (-1: none); nothing
/// where that is not known. What quality-control items are made from.
std::optional<std::int64_t> knownFirstError(const Trace& trace);

}  // namespace retort
