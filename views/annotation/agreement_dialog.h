// How far everybody is, how far they agree, and where they do not: for one queue, or for everything.
#pragma once

#include <QDialog>
#include <string>

#include "core/annotations/agreement_report.h"
#include "views/annotation/label_differences.h"

class QComboBox;
class QLabel;

namespace retort {

class Lab;
class TablePanel;

class AgreementDialog : public QDialog {
    Q_OBJECT
  public:
    /// Items that `annotator` has not finished yet in a blind queue are left out: what others say of them is
    /// not for their eyes.
    AgreementDialog(Lab& lab, const QString& annotator, RowId queue, QWidget* parent);

    TablePanel* progress() const { return m_progress; }
    TablePanel* overall() const { return m_overall; }
    TablePanel* pairs() const { return m_pairs; }
    TablePanel* differences() const { return m_differences; }

  Q_SIGNALS:
    void traceWanted(retort::RowId trace, qint64 byte);

  private:
    struct Found {
        std::vector<QueueRow> queues;
        AgreementReport agreement;
        std::vector<LabelDifference> differences;
        std::vector<std::string> heads;  ///< of the problem, one a difference
        std::int64_t hidden = 0;
    };
    static Found read(StoreReader& reader, RowId queue, const std::string& annotator);
    void read();
    void showFound(const Found& found);
    void showProgress(const std::vector<QueueRow>& queues);
    void showOverall(const AgreementReport& agreement);
    void showPairs(const AgreementReport& agreement);
    void showDifferences(const Found& found);

    Lab& m_lab;
    std::string m_annotator;
    RowId m_queue;
    quint64 m_question = 0;
    std::vector<LabelDifference> m_shown;
    QComboBox* m_queues;
    QLabel* m_summary;
    TablePanel *m_progress, *m_overall, *m_pairs, *m_differences;
};

}  // namespace retort
