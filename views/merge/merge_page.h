// The place where checkpoints are merged: parents, method and sliders beside the recipe's text, both views of
// the same thing; what a merge scores while a slider moves; conflicts before merging; and the way to keep a
// point.
#pragma once

#include <QTimer>
#include <QWidget>
#include <vector>

#include "core/store/rows.h"
#include "views/merge/bench_services.h"
#include "views/merge/known_parents.h"
#include "views/merge/recipe_text.h"

class QAction;
class QCheckBox;
class QLabel;
class QStackedWidget;
class QTabWidget;

namespace retort {

class BenchMeasuring;
class ConflictView;
class KeepDialog;
class Lab;
class LayerView;
class ParameterSliders;
class ParentsPanel;
class ResultCards;
class ResultsPanel;
class SweepPanel;
class TaskPanel;
class YamlEditor;
struct BenchSubject;

class MergePage : public QWidget {
    Q_OBJECT
  public:
    explicit MergePage(Lab& lab, QWidget* parent = nullptr);
    ~MergePage() override;

    void setServices(BenchServices services);
    /// Replaces the recipe (undoable; `join`: as more of the step before).
    void setRecipe(const QString& yaml, bool join = false);
    QString recipe() const;
    void addParents(const QStringList& folders);
    void openFile(const QString& file);
    /// Launches a run that keeps what the recipe makes.
    void keep(const QString& name, const QString& backend);
    KeepDialog* askToKeep();

    /// Why the recipe cannot be measured; empty: it can.
    QString obstacle() const;

    ParentsPanel* parents() const { return m_parents; }
    ParameterSliders* sliders() const { return m_sliders; }
    YamlEditor* editor() const { return m_editor; }
    TaskPanel* tasks() const { return m_tasks; }
    ResultCards* cards() const { return m_cards; }
    ResultsPanel* results() const { return m_results; }
    SweepPanel* sweepPanel() const { return m_sweep; }
    ConflictView* conflicts() const { return m_conflicts; }
    LayerView* layers() const { return m_layers; }
    QTabWidget* tabs() const { return m_tabs; }
    QLabel* status() const { return m_status; }
    QCheckBox* liveButton() const { return m_live; }
    BenchMeasuring* measuring() const { return m_measuring; }

  Q_SIGNALS:
    void kept(retort::RowId run);

  protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

  private:
    struct SweepTarget {
        QString text;
        int model = -1;
        std::string parameter;
        bool isBlend = false;  ///< the first model's weight falls as the second's rises
    };
    QWidget* makeTop();
    QWidget* makeRecipeSide();
    QWidget* makeResultSide();
    QWidget* makeEmpty();
    void makeCommands();
    void connectParts();
    void connectMeasuring();

    QString title(const std::string& name) const;
    const BenchMethod* method() const;
    void edit(const std::optional<std::string>& text, bool join = false);
    void check();
    void onEdited(int model, const QString& parameter, double value, bool isFlag, bool going);
    void chooseBase(const QString& name);
    void chooseMethod(const QString& name);
    void removeModel(int model);
    std::string levelled(std::string text, const std::vector<double>& before) const;
    std::vector<std::string> namesInText() const;
    void lookUpParents();
    void acceptParents(KnownParents parents);
    void showWarnings();
    void showConflictRequest();
    void showLayers();
    void showSweepTargets();
    void showState();

    void setOpener();
    BenchSubject subject(const std::string& recipe) const;
    std::string setting() const;
    void follow();
    void measureNow();
    void sweep(int target, const std::vector<double>& values);

    void chooseFile();
    void saveFile();
    void saveDraft();

    Lab& m_lab;
    BenchServices m_services;
    RecipeView m_recipe;
    KnownParents m_found;
    std::vector<std::string> m_lookedUp, m_foundFor;  ///< names asked for, and those that m_found answers for
    quint64 m_lookUp = 0;
    QTimer m_checkTimer, m_draftTimer, m_layerTimer;
    QString m_file, m_savedDraft, m_activity, m_followed, m_problem, m_problemOf;
    std::string m_dragged;  ///< the slider that is held
    bool m_checking = false;
    std::vector<SweepTarget> m_targets;

    QStackedWidget* m_stack;
    QWidget* m_empty;
    ParentsPanel* m_parents;
    ParameterSliders* m_sliders;
    YamlEditor* m_editor;
    TaskPanel* m_tasks;
    ResultCards* m_cards;
    ResultsPanel* m_results;
    SweepPanel* m_sweep;
    ConflictView* m_conflicts;
    LayerView* m_layers;
    QTabWidget* m_tabs;
    QLabel *m_status, *m_kept;
    QCheckBox* m_live;
    QAction *m_measureAction = nullptr, *m_keepAction = nullptr;
    BenchMeasuring* m_measuring;
};

}  // namespace retort
