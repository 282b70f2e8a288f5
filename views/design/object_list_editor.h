// A list of maps, such as the tasks of a mixture or the terms of a reward: add one of the declared kinds,
// edit, move, remove.
#pragma once

#include <QWidget>
#include <vector>

#include "core/config/parameter.h"

class QLabel;
class QVBoxLayout;

namespace retort {

class ParameterField;

class ObjectListEditor : public QWidget {
    Q_OBJECT
  public:
    explicit ObjectListEditor(const Parameter& parameter, QWidget* parent = nullptr);

    /// Members that equal their default are left out of value().
    void setValue(const Json& items);
    Json value() const;
    void setProblems(const QList<std::pair<QString, QString>>& problems);

    void flush();

    void addItem(const std::string& variant);
    void removeItem(int index);
    void moveItem(int index, int by);
    int count() const { return static_cast<int>(m_items.size()); }
    ParameterField* field(int index, const std::string& member) const;

  Q_SIGNALS:
    void edited(const retort::Json& items);

  private:
    struct Item {
        std::string variant;
        Json values = Json::object();  ///< as written, members that the form doesn't know included
        QWidget* box = nullptr;
        QLabel* problem = nullptr;
        std::vector<ParameterField*> fields;
    };
    const ParameterVariant* variantNamed(const std::string& name) const;
    void rebuild();
    QWidget* makeBox(int index);
    QWidget* makeHeader(int index, QWidget* box);
    void showValues(int index);
    void memberEdited(int index, const Parameter& member, const Json& value);

    Parameter m_parameter;
    std::vector<Item> m_items;
    QVBoxLayout* m_layout;
};

}  // namespace retort
