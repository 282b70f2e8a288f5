// The place where a run is designed: the form and the YAML file are two views of one text, checked as it is
// written.
#pragma once

#include <QTimer>
#include <QWidget>
#include <memory>
#include <optional>
#include <vector>

#include "core/config/load.h"
#include "core/store/rows.h"
#include "views/selection.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QListWidget;
class QMenu;
class QTabWidget;

namespace retort {

class Lab;
class LaunchBar;
class LossHistory;
class ParameterForm;
class SchedulePreview;
class SlurmPanel;
class YamlEditor;

class DesignPage : public QWidget {
    Q_OBJECT
  public:
    explicit DesignPage(Lab& lab, QWidget* parent = nullptr);
    ~DesignPage() override;

    /// Replaces what is being designed (undoable).
    void setYaml(const QString& yaml);
    QString yaml() const;
    /// A copy of the run's configuration, to be edited.
    void designCopyOf(RowId run);
    /// What it names by relative paths is looked for from the file's folder.
    void openFile(const QString& file);
    void startFromCheckpoint(const QString& folder);
    /// Several seeds take turns in the queue.
    void launch();
    /// Into the queue, and shows that.
    void enqueue();

    bool isValid() const { return m_parsed.problems.empty(); }
    ParameterForm* form() const { return m_form; }
    YamlEditor* editor() const { return m_editor; }
    LaunchBar* launchBar() const { return m_launch; }
    QComboBox* recipeChooser() const { return m_recipe; }
    QListWidget* problemList() const { return m_problems; }
    /// Beside the YAML while a machine with Slurm is chosen.
    SlurmPanel* slurmPanel() const { return m_slurm; }
    QTabWidget* side() const { return m_side; }
    SchedulePreview* schedule() const { return m_schedule; }

  Q_SIGNALS:
    void launched(const std::vector<retort::RowId>& runs);

  protected:
    void showEvent(QShowEvent* event) override;

  private:
    struct Launching;

    QWidget* makeTop();
    QWidget* makeFormSide();
    QWidget* makeYamlSide();
    void makeCommands();
    void makeTemplates();
    void check();
    void showProblems();
    void showEstimate();
    void forecastLoss();
    void setParameter(const std::string& path, const Json& value);
    void resetParameter(const std::string& path);
    void apply(const std::optional<std::string>& text, const std::string& path, const Json* value);
    void changeRecipe(const QString& recipe);
    void readSuggestions();
    void chooseFile();
    void saveFile();
    void readDraft();
    void restoreDraft(const Json& draft);
    void saveDraft();
    void showSlurm();
    void showObstacle();
    void submit();
    void finishLaunching(const std::vector<RowId>& runs, Place then);
    void launchAll(bool isQueued, Place then);
    void launchNext(const std::shared_ptr<Launching>& launching);
    std::string replicaYaml(int index, int count) const;

    Lab& m_lab;
    ParsedConfig m_parsed;
    QTimer m_checkTimer, m_draftTimer, m_forecastTimer;
    std::shared_ptr<LossHistory> m_history;  ///< shared with the thread that reads
    quint64 m_design = 0;                    ///< counts the texts: a forecast of an older one is dropped
    QString m_file, m_savedDraft;
    bool m_checking = false;

    QComboBox* m_recipe;
    QLabel* m_recipeHelp;
    QLineEdit* m_filter;
    ParameterForm* m_form;
    YamlEditor* m_editor;
    QListWidget* m_problems;
    SchedulePreview* m_schedule;
    QLabel* m_estimate;
    QLabel* m_blocked;
    QMenu* m_templates;
    LaunchBar* m_launch;
    QTabWidget* m_side;
    SlurmPanel* m_slurm;
};

}  // namespace retort
