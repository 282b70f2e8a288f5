// Conflicts before merging: how far the models' task vectors agree, as a map over layers and modules and as a
// table.
#pragma once

#include <QWidget>
#include <functional>
#include <stop_token>
#include <thread>
#include <vector>

#include "views/merge/bench_services.h"

class QComboBox;
class QLabel;
class QProgressBar;
class QPushButton;
class QStackedWidget;
class QTableView;

namespace retort {

class ConflictModel;
class HeatMapView;

class ConflictView : public QWidget {
    Q_OBJECT
  public:
    using Compute = decltype(BenchServices::conflicts);

    explicit ConflictView(QWidget* parent = nullptr);
    ~ConflictView() override;

    void setCompute(Compute compute);
    /// Folders, and what is shown of the models' names. `obstacle`: why it cannot be asked; empty: it can.
    void setRequest(ConflictRequest request, QStringList names, const QString& obstacle);
    void compute();
    void cancel();
    bool isComputing() const { return m_isComputing; }

    HeatMapView* map() const { return m_map; }
    QTableView* table() const { return m_table; }
    ConflictModel* model() const { return m_model; }
    QComboBox* pairChooser() const { return m_pair; }
    QComboBox* measureChooser() const { return m_measure; }
    QPushButton* computeButton() const { return m_start; }
    QLabel* hint() const { return m_hint; }

  private:
    void accept(quint64 number, std::vector<PairConflicts> pairs, const QString& error);
    void showPair();
    void showState();

    Compute m_compute;
    ConflictRequest m_request;
    QStringList m_names;
    QString m_obstacle, m_error;
    std::vector<PairConflicts> m_pairs;
    quint64 m_number = 0;
    bool m_isComputing = false;

    QPushButton *m_start, *m_cancel;
    QProgressBar* m_progress;
    QComboBox *m_pair, *m_measure;
    QStackedWidget* m_stack;
    QLabel* m_hint;
    HeatMapView* m_map;
    ConflictModel* m_model;
    QTableView* m_table;
    std::jthread m_thread;
};

}  // namespace retort
