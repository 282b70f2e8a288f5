#include "views/models/trace_delegates.h"

#include <QFontDatabase>
#include <QPainter>

#include "views/models/format.h"
#include "views/models/group_ticks.h"
#include "views/models/trace_group_model.h"
#include "views/models/trace_list_model.h"
#include "views/models/verdict_glyph.h"
#include "views/widgets/theme.h"

namespace retort {

namespace {

constexpr int margin = 6;

void drawVerdict(QPainter* painter, const QRect& rect, bool correct, const QColor& pen) {
    painter->setPen(pen);
    painter->drawText(rect, Qt::AlignCenter,
                      verdictGlyph(correct ? StepVerdict::Correct : StepVerdict::Wrong));
}

QColor verdictTone(bool correct) {
    return correct ? tones().good : tones().bad;
}

QFont smaller(QFont font) {
    font.setPointSizeF(font.pointSizeF() * 0.9);
    return font;
}

}  // namespace

void TraceRowDelegate::paintContent(QPainter* painter, const QStyleOptionViewItem& option,
                                    const QModelIndex& index, const Pens& pens) const {
    const int line = QFontMetrics(option.font).height();
    const QRect inner = option.rect.adjusted(margin, margin / 2, -margin, -margin / 2);
    if (!index.data(TraceListModel::LoadedRole).toBool()) {
        painter->setPen(pens.faint);
        painter->drawText(inner, Qt::AlignVCenter, index.data().toString());
        return;
    }
    const QRect glyph(inner.left(), inner.top(), line, line);
    const bool correct = index.data(TraceListModel::CorrectRole).toBool();
    drawVerdict(painter, glyph, correct, pens.toned(verdictTone(correct)));
    const QRect text = inner.adjusted(line + 4, 0, 0, 0);
    const QFont fixed = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    painter->setFont(fixed);
    painter->setPen(pens.strong);
    const QString head = index.data(TraceListModel::PromptRole).toString() + QStringLiteral("  ") +
                         index.data(TraceListModel::CompletionRole).toString();
    painter->drawText(QRect(text.topLeft(), QSize(text.width(), line)), Qt::AlignVCenter,
                      QFontMetrics(fixed).elidedText(head, Qt::ElideRight, text.width()));
    QRect below(text.left(), text.top() + line, text.width(), line);
    const GroupStrip group = index.data(TraceListModel::GroupRole).value<GroupStrip>();
    if (const int width = groupStripWidth(group.ticks.size()); width > 0 && width < below.width() / 2) {
        const QRect strip(below.right() - width, below.top() + 1, width, below.height() - 2);
        paintGroupStrip(*painter, strip, group.ticks, group.current, pens.toned(tones().good),
                        pens.toned(tones().bad), pens.strong);
        below.setRight(strip.left() - 4);
        if (hasNoSpread(group.ticks)) {
            painter->setPen(pens.toned(tones().warning));
            const QRect sign(below.right() - line, below.top(), line, below.height());
            painter->drawText(sign, Qt::AlignCenter, QStringLiteral("="));
            below.setRight(sign.left());
        }
    }
    const QFont small = smaller(option.font);
    painter->setFont(small);
    painter->setPen(pens.faint);
    painter->drawText(below, Qt::AlignVCenter,
                      QFontMetrics(small).elidedText(index.data(TraceListModel::MetaRole).toString(),
                                                     Qt::ElideRight, below.width()));
}

QSize TraceRowDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const {
    return {200, 2 * QFontMetrics(option.font).height() + margin};
}

void SampleCardDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                               const QModelIndex& index) const {
    QStyleOptionViewItem item = option;
    initStyleOption(&item, index);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const bool selected = option.state & QStyle::State_Selected;
    const QColor base = option.palette.color(QPalette::Base), ink = option.palette.color(QPalette::Text);
    const QRectF card = QRectF(option.rect).adjusted(3.5, 3.5, -3.5, -3.5);
    const QColor frame = selected ? option.palette.color(QPalette::Highlight) : blend(base, ink, 0.25);
    painter->setPen(QPen(frame, selected ? 2.5 : 1));
    painter->setBrush(blend(base, ink, selected ? 0.08 : 0.03));
    painter->drawRoundedRect(card, 5, 5);
    const int line = QFontMetrics(option.font).height();
    QRect at(option.rect.left() + 10, option.rect.top() + 8, option.rect.width() - 20, line);
    const bool correct = index.data(TraceGroupModel::CorrectRole).toBool();
    painter->setPen((correct ? tones().good : tones().bad));
    painter->drawText(at, Qt::AlignRight, verdictGlyph(correct ? StepVerdict::Correct : StepVerdict::Wrong));
    QFont bold = option.font;
    bold.setBold(true);
    painter->setFont(bold);
    painter->setPen(ink);
    painter->drawText(at, Qt::AlignLeft, index.data().toString());
    const QFont small = smaller(option.font);
    const QFontMetrics metrics(small);
    painter->setFont(small);
    for (const QString& text : index.data(TraceGroupModel::LinesRole).toStringList()) {
        at.translate(0, metrics.height() + 1);
        if (at.bottom() > option.rect.bottom() - 6) break;
        painter->drawText(at, Qt::AlignLeft, metrics.elidedText(text, Qt::ElideRight, at.width()));
    }
    painter->restore();
}

QSize SampleCardDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const {
    const QFontMetrics metrics(smaller(option.font));
    const auto lines = index.data(TraceGroupModel::LinesRole).toStringList();
    int width = 20 * metrics.averageCharWidth();  // cards of one width, but for a long line
    for (const QString& text : lines) width = std::max(width, metrics.horizontalAdvance(text) + 26);
    return {std::min(width, 220), QFontMetrics(option.font).height() +
                                      static_cast<int>(lines.size()) * (metrics.height() + 1) + 20};
}

}  // namespace retort
