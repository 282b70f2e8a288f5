#include "views/merge/layer_view.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <algorithm>

#include "views/merge/conflict_model.h"
#include "views/models/format.h"
#include "views/widgets/heat_map_view.h"

namespace retort {

LayerView::LayerView(std::function<QString(const std::string&)> shortName, QWidget* parent)
    : QWidget(parent), m_shortName(std::move(shortName)) {
    m_what = new QComboBox(this);
    m_what->setAccessibleName(tr("Coefficient"));
    m_what->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    connect(m_what, &QComboBox::currentIndexChanged, this, &LayerView::showMap);
    m_hint = new QLabel(this);
    m_hint->setWordWrap(true);
    m_hint->setAlignment(Qt::AlignCenter);
    m_hint->setContentsMargins(40, 0, 40, 0);
    m_map = new HeatMapView(this);
    m_stack = new QStackedWidget(this);
    m_stack->addWidget(m_hint);
    m_stack->addWidget(m_map);
    auto* bar = new QHBoxLayout;
    bar->addWidget(m_what);
    bar->addStretch(1);
    auto* layout = new QVBoxLayout(this);
    layout->addLayout(bar);
    layout->addWidget(m_stack, 1);
    showMessage({});
}

void LayerView::showMessage(const QString& text) {
    m_coefficients.clear();
    m_what->hide();
    m_hint->setText(text);
    m_stack->setCurrentWidget(m_hint);
}

void LayerView::show(std::vector<TensorCoefficient> coefficients) {
    if (coefficients.empty()) return showMessage(tr("The recipe gives no tensor a coefficient."));
    m_coefficients = std::move(coefficients);
    const QString before = m_what->currentText();
    const QSignalBlocker quiet(m_what);
    m_what->clear();
    for (const TensorCoefficient& each : m_coefficients) {
        const QString name = toQString(each.parameter);
        const QString text = each.model.empty() ? name : tr("%1 of %2").arg(name, m_shortName(each.model));
        if (m_what->findText(text) < 0) {
            m_what->addItem(text, QStringList{name, toQString(each.model)});
        }
    }
    m_what->setCurrentIndex(std::max(0, m_what->findText(before)));
    m_what->show();
    m_stack->setCurrentWidget(m_map);
    showMap();
}

void LayerView::showMap() {
    const QStringList what = m_what->currentData().toStringList();
    if (what.size() != 2) return;
    // The same grid as that of conflicts, with another number in it.
    std::vector<TensorConflict> cells;
    double low = 0, high = 1;
    for (const TensorCoefficient& each : m_coefficients) {
        if (toQString(each.parameter) != what[0] || toQString(each.model) != what[1]) continue;
        TensorConflict cell;
        cell.layer = each.layer;
        cell.module = each.module;
        cell.normA = each.value;
        low = std::min(low, each.value);
        high = std::max(high, each.value);
        cells.push_back(cell);
    }
    HeatMap map = conflictMap(cells, ConflictMeasure::NormA, {}, {});
    map.title = m_what->currentText();
    map.valueTitle = what[0];
    map.low = low;
    map.high = high;
    m_map->setMap(std::move(map));
}

}  // namespace retort
