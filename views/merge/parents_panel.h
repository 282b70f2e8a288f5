// Where the models of a merge come from, which one is the base, and what speaks against merging them.
#pragma once

#include <QWidget>
#include <functional>
#include <string>
#include <vector>

#include "views/merge/recipe_text.h"

class QComboBox;
class QLabel;

namespace retort {

class CheckpointPicker;
class Lab;

class ParentsPanel : public QWidget {
    Q_OBJECT
  public:
    ParentsPanel(Lab& lab, std::function<QString(const std::string&)> shortName, QWidget* parent = nullptr);

    void show(const RecipeView& recipe);
    void setWarnings(const std::vector<std::string>& warnings);
    /// Opens the dialog that adds checkpoints of runs.
    CheckpointPicker* pick();
    void addFolder();
    QComboBox* baseChooser() const { return m_base; }
    QLabel* warnings() const { return m_warnings; }

  Q_SIGNALS:
    void added(const QStringList& folders);
    void baseChosen(const QString& name);  ///< empty: none

  private:
    Lab& m_lab;
    std::function<QString(const std::string&)> m_shortName;
    QComboBox* m_base;
    QLabel* m_warnings;
};

}  // namespace retort
