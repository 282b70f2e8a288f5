// The form made from a recipe's declarations: groups that fold, help and range at each field, what differs
// from the default marked and resettable, problems at their field.
#pragma once

#include <QScrollArea>
#include <map>
#include <vector>

#include "core/config/load.h"
#include "core/config/parameter.h"
#include "views/design/parameter_field.h"

class QLabel;
class QToolButton;
class QVBoxLayout;

namespace retort {

class ParameterForm : public QScrollArea {
    Q_OBJECT
  public:
    explicit ParameterForm(QWidget* parent = nullptr);

    void setRecipe(const RecipeSchema& schema);
    /// What the text means, and what is wrong with it.
    void showState(const Json& values, const std::vector<ConfigProblem>& problems);
    /// Shows only parameters whose name or help has the text.
    void setFilter(const QString& text);
    void setModelSuggestions(const Suggestions& suggestions);
    void reveal(const std::string& path);
    /// What is being typed counts now (before a launch).
    void flush();
    ParameterField* field(const std::string& path) const;

  Q_SIGNALS:
    void edited(const std::string& path, const retort::Json& value);
    void resetRequested(const std::string& path);

  private:
    struct Row {
        Parameter parameter;
        QWidget* box = nullptr;
        QLabel* label = nullptr;
        QLabel* problem = nullptr;
        QToolButton* reset = nullptr;
        ParameterField* field = nullptr;
        std::size_t section = 0;
        bool changed = false, wrong = false;
        QList<std::pair<QString, QString>> itemProblems;  ///< of a list, by path within it
    };
    struct Section {
        QString title;
        QToolButton* header = nullptr;
        QWidget* body = nullptr;
        QToolButton* advanced = nullptr;  ///< nullptr: it has no advanced parameters
    };
    std::size_t sectionFor(const std::string& group, QVBoxLayout* column);
    void addRow(const Parameter& parameter, QVBoxLayout* column);
    void showProblems(Row& row, const std::vector<ConfigProblem>& problems);
    void showValue(Row& row, const Json& values);
    void updateVisibility();
    void updateHeader(std::size_t section);

    std::vector<Section> m_sections;
    std::vector<Row> m_rows;
    std::map<std::string, bool> m_folded;  ///< by group, kept over a change of recipe
    QString m_filter, m_recipe;
    Suggestions m_suggestions;
};

}  // namespace retort
