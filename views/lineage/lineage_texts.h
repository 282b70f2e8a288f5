// How kinds of ancestry are named, coloured and drawn: in the graph, its legend and the details.
#pragma once

#include <QColor>
#include <QPen>
#include <QString>
#include <array>

#include "core/lineage/lineage_graph.h"

namespace retort {

inline constexpr std::array lineageKinds{LineageKind::Trained, LineageKind::Distilled, LineageKind::Merged,
                                         LineageKind::Adapter, LineageKind::Resumed,   LineageKind::Grown,
                                         LineageKind::Judged};

/// "trained from", "distilled from" …: child to parent.
QString lineageKindText(LineageKind kind);
/// Told apart by colour and by dashes; `width` in device-independent pixels.
QPen lineagePen(LineageKind kind, qreal width, bool dashed);
/// The second line of a card: recipe and step, method, or what kind of folder it is.
QString lineageSubtitle(const LineageNode& node);
/// "accuracy 0.83"; empty where it was not evaluated.
QString lineageMetric(const LineageNode& node);
/// The card's stripe: one colour a recipe.
QColor lineageColor(const LineageNode& node);
/// "merged from · weight 0.3 · base".
QString lineageEdgeText(const LineageEdge& edge);

}  // namespace retort
