// The coefficients of a merge as a map over layers and modules, where a recipe has gradients or filters.
#pragma once

#include <QWidget>
#include <functional>
#include <string>
#include <vector>

#include "views/merge/bench_services.h"

class QComboBox;
class QLabel;
class QStackedWidget;

namespace retort {

class HeatMapView;

class LayerView : public QWidget {
    Q_OBJECT
  public:
    explicit LayerView(std::function<QString(const std::string&)> shortName, QWidget* parent = nullptr);

    void show(std::vector<TensorCoefficient> coefficients);
    void showMessage(const QString& text);
    HeatMapView* map() const { return m_map; }
    QComboBox* chooser() const { return m_what; }

  private:
    void showMap();

    std::function<QString(const std::string&)> m_shortName;
    std::vector<TensorCoefficient> m_coefficients;
    QComboBox* m_what;
    QStackedWidget* m_stack;
    QLabel* m_hint;
    HeatMapView* m_map;
};

}  // namespace retort
