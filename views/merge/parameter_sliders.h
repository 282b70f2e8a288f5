// The method and all its parameters, model by model and then those of the whole merge: made from the methods'
// declarations, showing what the recipe says.
#pragma once

#include <QWidget>
#include <functional>
#include <vector>

#include "views/merge/recipe_text.h"

class QComboBox;
class QLabel;
class QScrollArea;
class QVBoxLayout;

namespace retort {

class SliderField;

class ParameterSliders : public QWidget {
    Q_OBJECT
  public:
    explicit ParameterSliders(std::function<QString(const std::string&)> shortName,
                              QWidget* parent = nullptr);

    void setMethods(std::vector<BenchMethod> methods);
    const BenchMethod* method(const std::string& name) const;
    void show(const RecipeView& recipe);
    /// Models are called something else now: the rows are made anew at the next show().
    void rename() { m_builtModels.clear(); }

    QComboBox* methodChooser() const { return m_method; }
    /// `model` < 0: of the whole merge; nullptr when there is none.
    SliderField* field(const std::string& parameter, int model) const;

  Q_SIGNALS:
    void methodChosen(const QString& name);
    void edited(int model, const QString& parameter, double value, bool isFlag, bool going);
    void removeRequested(int model);

  private:
    void rebuild(const RecipeView& recipe, const BenchMethod* method);
    QWidget* heading(const QString& text, const QString& tip, int model);
    void addField(const BenchParameter& parameter, int model, const QString& of);

    std::function<QString(const std::string&)> m_shortName;
    std::vector<BenchMethod> m_methods;
    QComboBox* m_method;
    QLabel *m_help, *m_note;
    QScrollArea* m_scroll;
    QWidget* m_rows = nullptr;
    QVBoxLayout* m_layout = nullptr;
    std::vector<std::pair<int, SliderField*>> m_fields;
    std::string m_builtMethod;
    std::vector<std::string> m_builtModels;
    std::string m_builtBase;
};

}  // namespace retort
