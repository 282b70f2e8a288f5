// The left side of the Traces page: what is asked for (filters, presets, histograms), and the list of it.
#pragma once

#include <QTimer>
#include <QWidget>

#include "core/store/rows.h"

class QHBoxLayout;
class QLabel;
class QPushButton;
class QTreeView;

namespace retort {

class Lab;
class TraceFilterBar;
class TraceListModel;
class ValueHistogram;

class TraceListPane : public QWidget {
    Q_OBJECT
  public:
    explicit TraceListPane(Lab& lab, QWidget* parent = nullptr);

    TraceListModel* model() const { return m_list; }
    QTreeView* list() const { return m_listView; }
    TraceFilterBar* filters() const { return m_filters; }
    ValueHistogram* rewards() const { return m_rewards; }
    ValueHistogram* lengths() const { return m_lengths; }
    QLabel* count() const { return m_count; }

    /// Reads the list anew for the selected run and the filters.
    void apply();
    /// Looks for what was added; while `follow` is off, it says that there is something.
    void onTracesAdded();
    void setFollowing(bool on);
    /// The row of the open trace; nothing is chosen where the list does not have it.
    void setCurrentTrace(RowId id);
    /// The rollouts of a step, or of the nearest one that has any.
    void showStep(RowId run, std::int64_t step);
    /// Buttons above the list.
    void addToBar(QWidget* button);

  Q_SIGNALS:
    void traceChosen(retort::RowId id);
    void counted(int total, bool narrowed);

  private:
    void makeList();
    QWidget* makeHistograms();
    void readRun();
    void readHistograms();
    void onCounted(int total);

    Lab& m_lab;
    TraceListModel* m_list;
    TraceFilterBar* m_filters;
    ValueHistogram *m_rewards, *m_lengths;
    QLabel* m_count;
    QPushButton* m_newTraces;
    QHBoxLayout* m_bar;
    QTreeView* m_listView;
    QWidget* m_nothingFound;
    QTimer m_refreshTimer, m_histogramTimer;
    bool m_openFirst = true, m_following = true, m_showing = false;
    quint64 m_asked = 0;  ///< presets and histograms of an older filter are dropped
};

}  // namespace retort
