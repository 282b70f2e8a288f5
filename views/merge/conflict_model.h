// How two models' task vectors stand to each other, layer by layer.
#pragma once

#include <QAbstractTableModel>
#include <vector>

#include "views/merge/bench_services.h"
#include "views/widgets/heat_map_view.h"

namespace retort {

/// All tensors of a layer as one vector.
struct LayerConflict {
    int layer = -1;  ///< -1: outside of the layers
    std::int64_t elements = 0;
    double cosine = 0;  ///< exact; NaN where one did not move
    double normA = 0, normB = 0;
    double signConflict = 0;  ///< mean over tensors, by elements
};

/// Layers in order, what is outside of them first.
std::vector<LayerConflict> layersOf(const std::vector<TensorConflict>& tensors);

enum class ConflictMeasure { Cosine, SignConflict, NormA, NormB };
QString conflictMeasureText(ConflictMeasure measure, const QString& a, const QString& b);
/// Layers by modules.
HeatMap conflictMap(const std::vector<TensorConflict>& tensors, ConflictMeasure measure, const QString& a,
                    const QString& b);

class ConflictModel : public QAbstractTableModel {
    Q_OBJECT
  public:
    enum Column { Layer, Cosine, SignConflict, NormA, NormB, Elements, ColumnCount };
    static constexpr int NumberRole = Qt::UserRole + 1;

    using QAbstractTableModel::QAbstractTableModel;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    void setLayers(std::vector<LayerConflict> layers, const QString& a, const QString& b);

  private:
    double number(const LayerConflict& layer, int column) const;

    std::vector<LayerConflict> m_layers;
    QString m_a, m_b;
};

QString layerText(int layer);

}  // namespace retort
