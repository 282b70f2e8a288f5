#include "views/merge/conflict_model.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>
#include <map>

#include "views/models/format.h"

namespace retort {

namespace {

struct Conflict {
    Q_DECLARE_TR_FUNCTIONS(ConflictModel)
};

double measureOf(const TensorConflict& tensor, ConflictMeasure measure) {
    switch (measure) {
        case ConflictMeasure::Cosine:
            return tensor.cosine;
        case ConflictMeasure::SignConflict:
            return tensor.signConflict;
        case ConflictMeasure::NormA:
            return tensor.normA;
        case ConflictMeasure::NormB:
            break;
    }
    return tensor.normB;
}

/// "self_attn.q_proj.weight" is told from others by less.
QString moduleText(const std::string& module) {
    QString text = toQString(module);
    if (text.endsWith(QLatin1String(".weight"))) text.chop(7);
    return text.section(QLatin1Char('.'), -1) == QLatin1String("bias") ? text
                                                                       : text.section(QLatin1Char('.'), -1);
}

}  // namespace

QString layerText(int layer) {
    return layer < 0 ? Conflict::tr("outside") : Conflict::tr("layer %1").arg(layer);
}

std::vector<LayerConflict> layersOf(const std::vector<TensorConflict>& tensors) {
    struct Sum {
        double dot = 0, a = 0, b = 0, conflicts = 0, weight = 0;
        std::int64_t elements = 0;
    };
    std::map<int, Sum> sums;
    for (const TensorConflict& tensor : tensors) {
        Sum& sum = sums[tensor.layer];
        sum.a += tensor.normA * tensor.normA;
        sum.b += tensor.normB * tensor.normB;
        if (std::isfinite(tensor.cosine)) sum.dot += tensor.cosine * tensor.normA * tensor.normB;
        sum.elements += tensor.elements;
        if (!std::isfinite(tensor.signConflict)) continue;
        sum.conflicts += tensor.signConflict * static_cast<double>(tensor.elements);
        sum.weight += static_cast<double>(tensor.elements);
    }
    std::vector<LayerConflict> layers;
    for (const auto& [layer, sum] : sums)  // 0/0 is the NaN that says that there is nothing to say
        layers.push_back({layer, sum.elements, sum.dot / std::sqrt(sum.a * sum.b), std::sqrt(sum.a),
                          std::sqrt(sum.b), sum.conflicts / sum.weight});
    return layers;
}

QString conflictMeasureText(ConflictMeasure measure, const QString& a, const QString& b) {
    switch (measure) {
        case ConflictMeasure::Cosine:
            return Conflict::tr("cosine");
        case ConflictMeasure::SignConflict:
            return Conflict::tr("sign conflicts");
        case ConflictMeasure::NormA:
            return Conflict::tr("norm of %1").arg(a);
        case ConflictMeasure::NormB:
            break;
    }
    return Conflict::tr("norm of %1").arg(b);
}

HeatMap conflictMap(const std::vector<TensorConflict>& tensors, ConflictMeasure measure, const QString& a,
                    const QString& b) {
    HeatMap map;
    std::vector<int> layers;
    std::vector<std::string> modules;  // in the model's order
    double largest = 0;
    for (const TensorConflict& tensor : tensors) {
        if (std::find(layers.begin(), layers.end(), tensor.layer) == layers.end())
            layers.push_back(tensor.layer);
        if (std::find(modules.begin(), modules.end(), tensor.module) == modules.end())
            modules.push_back(tensor.module);
        if (const double value = measureOf(tensor, measure); std::isfinite(value))
            largest = std::max(largest, std::abs(value));
    }
    std::sort(layers.begin(), layers.end());
    map.title = Conflict::tr("%1 against %2").arg(a, b);
    map.rowTitle = Conflict::tr("layer");
    map.columnTitle = Conflict::tr("module");
    map.valueTitle = conflictMeasureText(measure, a, b);
    for (const int layer : layers) map.rows << layerText(layer);
    for (const std::string& module : modules) map.columns << moduleText(module);
    map.values.assign(layers.size() * modules.size(), std::numeric_limits<double>::quiet_NaN());
    for (const TensorConflict& tensor : tensors) {
        const auto row = std::find(layers.begin(), layers.end(), tensor.layer) - layers.begin();
        const auto column = std::find(modules.begin(), modules.end(), tensor.module) - modules.begin();
        map.values[static_cast<std::size_t>(row) * modules.size() + static_cast<std::size_t>(column)] =
            measureOf(tensor, measure);
    }
    map.diverging = measure == ConflictMeasure::Cosine;
    map.low = map.diverging ? -1 : 0;
    // Half of the signs in conflict is chance.
    map.high = map.diverging                              ? 1
               : measure == ConflictMeasure::SignConflict ? std::max(0.5, largest)
                                                          : largest;
    return map;
}

int ConflictModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_layers.size());
}

int ConflictModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

double ConflictModel::number(const LayerConflict& layer, int column) const {
    switch (column) {
        case Cosine:
            return layer.cosine;
        case SignConflict:
            return layer.signConflict;
        case NormA:
            return layer.normA;
        case NormB:
            return layer.normB;
        case Elements:
            return static_cast<double>(layer.elements);
        default:
            return layer.layer;
    }
}

QVariant ConflictModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const LayerConflict& layer = m_layers[static_cast<std::size_t>(index.row())];
    const double value = number(layer, index.column());
    if (role == NumberRole) return value;
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>((index.column() == Layer ? Qt::AlignLeft : Qt::AlignRight) |
                                Qt::AlignVCenter);
    if (role != Qt::DisplayRole) return {};
    if (index.column() == Layer) return layerText(layer.layer);
    return std::isfinite(value) ? formatNumber(value) : QStringLiteral("–");
}

QVariant ConflictModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (role != Qt::DisplayRole || orientation != Qt::Horizontal) return {};
    switch (section) {
        case Layer:
            return tr("Layer");
        case Cosine:
            return conflictMeasureText(ConflictMeasure::Cosine, m_a, m_b);
        case SignConflict:
            return conflictMeasureText(ConflictMeasure::SignConflict, m_a, m_b);
        case NormA:
            return conflictMeasureText(ConflictMeasure::NormA, m_a, m_b);
        case NormB:
            return conflictMeasureText(ConflictMeasure::NormB, m_a, m_b);
        case Elements:
            return tr("elements");
        default:
            return {};
    }
}

void ConflictModel::setLayers(std::vector<LayerConflict> layers, const QString& a, const QString& b) {
    beginResetModel();
    m_layers = std::move(layers);
    m_a = a;
    m_b = b;
    endResetModel();
}

}  // namespace retort
