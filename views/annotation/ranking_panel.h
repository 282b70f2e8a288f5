// The trace beside others of its group: which of two is better, and an order of all of them with ties.
#pragma once

#include <QWidget>
#include <functional>
#include <vector>

#include "core/store/rows.h"
#include "views/annotation/key_map.h"

class QAction;
class QComboBox;
class QLabel;
class QListWidget;
class QPushButton;
class QToolButton;

namespace retort {

class AnnotationSession;
class KeyButton;
class Lab;

class RankingPanel : public QWidget {
    Q_OBJECT
  public:
    RankingPanel(Lab& lab, AnnotationSession& session, std::function<QAction*(AnnotationCommand)> commandOf,
                 QWidget* parent = nullptr);

    struct Sample {
        RowId trace = 0;
        QString text;  ///< "sample 3: …"; what is said of it beside its text stays hidden in blind queues
    };
    /// The group of the open trace, in sample order, the trace itself among them.
    void setGroup(std::vector<Sample> samples);
    /// The sample that preferences are about; the next one of the group unless somebody chose another.
    void setOther(RowId trace);
    RowId other() const;

    /// "this", "other", "tie".
    void prefer(const std::string& choice);
    void focusRanking();

    QListWidget* ranking() const { return m_ranking; }
    QComboBox* others() const { return m_others; }
    /// Moves the current sample of the ranking: up or down by one rank.
    void move(int by);
    /// Ties the current sample with the one above it, or parts them.
    void toggleTie();

  protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

  private:
    /// Marks are what annotations name traces by; made where there are none yet.
    void withMarks(std::function<void()> then);
    std::int64_t markOf(RowId trace) const;
    RowId traceOf(std::int64_t mark) const;
    void refresh();
    void readRanking();
    void saveRanking();
    void fillRanking();

    Lab& m_lab;
    AnnotationSession& m_session;
    std::vector<Sample> m_samples;
    std::vector<std::int64_t> m_marks;        ///< parallel to the samples; empty: not known yet
    std::vector<std::vector<RowId>> m_ranks;  ///< best first
    QComboBox* m_others;
    KeyButton *m_this, *m_that, *m_tie;
    QListWidget* m_ranking;
    QToolButton *m_up, *m_down, *m_equal, *m_clear;
    QLabel* m_hint;
};

}  // namespace retort
