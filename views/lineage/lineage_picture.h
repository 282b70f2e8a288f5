// The graph as it is drawn: what is folded, where everything stands, and the painting of cards and edges at
// any zoom; the view and the exports draw with the same functions.
#pragma once

#include <QPainter>
#include <QPainterPath>
#include <QSet>
#include <memory>
#include <optional>
#include <vector>

#include "core/lineage/layered_layout.h"
#include "core/lineage/lineage_folding.h"

namespace retort {

class LineagePicture {
  public:
    struct Marks {
        std::optional<std::size_t> current,
            other;               ///< the selected node, and the one that it is compared with
        QSet<std::size_t> hits;  ///< of the search
        bool hasFocus = false;
    };

    /// Lays out anew; what was there keeps its order.
    void set(std::shared_ptr<const LineageGraph> graph, const LineageFolds& folds);

    const LineageGraph& graph() const { return *m_graph; }
    const FoldedLineage& folded() const { return m_folded; }
    const LineageFolds& folds() const { return m_folds; }
    QSizeF size() const { return {m_layout.width, m_layout.height}; }
    /// Empty for a node that is folded away.
    QRectF rectOf(std::size_t node) const;
    std::optional<std::size_t> nodeAt(const QPointF& point) const;
    /// The edges of the picture that a node has, to parents or children.
    std::vector<std::size_t> neighbours(std::size_t node, bool parents) const;
    /// In its column, the next one above or below.
    std::optional<std::size_t> beside(std::size_t node, int by) const;

    /// What lies in `area` (in the picture's coordinates; the painter is scaled by `zoom`).
    void paint(QPainter& painter, const QRectF& area, qreal zoom, const Marks& marks) const;

  private:
    std::vector<double> arrivals() const;
    void makePaths();
    void paintEdges(QPainter& painter, const QRectF& area, qreal zoom, const Marks& marks) const;
    void paintWeights(QPainter& painter, const QRectF& area) const;
    void paintCard(QPainter& painter, std::size_t shown, qreal zoom, const Marks& marks) const;

    std::shared_ptr<const LineageGraph> m_graph = std::make_shared<LineageGraph>();
    LineageFolds m_folds;
    FoldedLineage m_folded;
    LayeredLayout m_layout;
    std::vector<std::size_t> m_place;  // by node: index in m_folded.shown
    std::vector<QPainterPath> m_paths;
    std::vector<QRectF> m_bounds;  // of the paths
};

}  // namespace retort
