#include "views/lineage/lineage_texts.h"

#include <QCoreApplication>
#include <QLocale>

#include "core/util/random.h"
#include "views/models/format.h"
#include "views/widgets/theme.h"

namespace retort {

namespace {
struct Lineage {
    Q_DECLARE_TR_FUNCTIONS(Lineage)
};
}  // namespace

QString lineageKindText(LineageKind kind) {
    switch (kind) {
        case LineageKind::Trained:
            return Lineage::tr("trained from");
        case LineageKind::Distilled:
            return Lineage::tr("distilled from");
        case LineageKind::Merged:
            return Lineage::tr("merged from");
        case LineageKind::Adapter:
            return Lineage::tr("adapter of");
        case LineageKind::Resumed:
            return Lineage::tr("same run, later");
        case LineageKind::Grown:
            return Lineage::tr("grown from");
        case LineageKind::Judged:
            return Lineage::tr("judged by");
    }
    return {};
}

QPen lineagePen(LineageKind kind, qreal width, bool dashed) {
    // Index of seriesColor(), and dashes in units of the pen's width.
    struct Look {
        std::size_t color;
        QList<qreal> dashes;
    };
    static const std::array<Look, lineageKinds.size()> looks{
        {{0, {}}, {3, {6, 4}}, {1, {}}, {6, {2, 3}}, {7, {}}, {2, {10, 3}}, {4, {1, 3, 5, 3}}}};
    const Look& look = looks[static_cast<std::size_t>(kind)];
    QPen pen(seriesColor(look.color), width);
    pen.setCapStyle(Qt::FlatCap);
    if (dashed && !look.dashes.isEmpty()) pen.setDashPattern(look.dashes);
    return pen;
}

QString lineageSubtitle(const LineageNode& node) {
    switch (node.kind) {
        case LineageNode::Kind::Run: {
            const QString recipe = node.method.empty() ? toQString(node.recipe) : toQString(node.method);
            if (node.path.empty()) return Lineage::tr("%1 · no checkpoint yet").arg(recipe);
            return Lineage::tr("%1 · step %2").arg(recipe).arg(node.step);
        }
        case LineageNode::Kind::Folder:
            return node.method.empty() ? Lineage::tr("folder")
                                       : Lineage::tr("%1 merge").arg(toQString(node.method));
        case LineageNode::Kind::Adapter:
            return Lineage::tr("adapter");
        case LineageNode::Kind::Hub:
            return Lineage::tr("on a hub");
        case LineageNode::Kind::Missing:
            return Lineage::tr("no longer there");
    }
    return {};
}

QString lineageMetric(const LineageNode& node) {
    const auto accuracy = node.accuracy();
    return accuracy ? QLocale().toString(*accuracy, 'f', 3) : QString();
}

QColor lineageColor(const LineageNode& node) {
    if (node.kind == LineageNode::Kind::Hub || node.kind == LineageNode::Kind::Missing) return tones().muted;
    const std::string name = node.method.empty() ? node.recipe : "merge";
    if (name.empty()) return seriesColor(7);
    return seriesColor(static_cast<std::size_t>(stableHash(name, 3) % 8));
}

QString lineageEdgeText(const LineageEdge& edge) {
    QString text = lineageKindText(edge.kind);
    if (edge.weight) text += Lineage::tr(" · weight %1").arg(formatNumber(*edge.weight));
    if (edge.isBase) text += Lineage::tr(" · base");
    if (!edge.detail.empty() && edge.kind != LineageKind::Resumed)
        text += QStringLiteral(" · ") + toQString(edge.detail);
    return text;
}

}  // namespace retort
