// Mouse and keyboard of the reading view: caret, selection, clicks in the gutter.
#include <QApplication>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QScrollBar>
#include <QToolTip>
#include <algorithm>

#include "core/tokenizers/utf8.h"
#include "views/traces/reader/canvas_metrics.h"
#include "views/traces/reader/trace_canvas.h"

namespace retort {

using namespace canvas;

namespace {

bool isWordByte(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= 'a' && byte <= 'z') || byte == '_';
}

}  // namespace

TraceCanvas::Hit TraceCanvas::hitAt(const QPoint& point) const {
    Hit hit;
    qint64 y = -m_place.offset;
    for (int row = m_rows.empty() ? -1 : m_place.row; row >= 0; row = nextShown(row, 1)) {
        const int tall = m_heights.height(static_cast<std::size_t>(row));
        const bool inside = point.y() < y + tall;
        const int below = inside || y > viewport()->height() ? -1 : nextShown(row, 1);
        if (!inside && below >= 0) {
            y += tall;
            continue;
        }
        hit.row = row;
        hit.y = static_cast<int>(y);
        const ReaderRow& of = m_rows[static_cast<std::size_t>(row)];
        if (of.kind == ReaderRow::Kind::RegionHead) {
            hit.byte = of.begin;
            return hit;
        }
        const QPointF at(point.x() - m_gutter.width, point.y() - hit.y - (of.first ? rowPadding : 0));
        hit.byte = of.begin + layoutOf(row).byteAt(at);
        if (const qint64 character = inside ? layoutOf(row).characterAt(at) : -1; character >= 0)
            hit.character = of.begin + character;
        return hit;
    }
    return hit;
}

// --- the caret ---

void TraceCanvas::stepToCaret() {
    const int step = m_document.stepAt(m_caret);
    if (step < 0 || step == m_step) return;
    m_step = step;
    updateAccessible();
    Q_EMIT currentStepChanged(m_step);
}

void TraceCanvas::moveCaret(qint64 byte, bool extend) {
    const auto before = selection();
    m_caret = characterStart(m_trace->completion, byte);
    if (!extend) m_selectionStart = m_caret;
    stepToCaret();
    if (!m_selecting) reveal(m_caret, false);
    viewport()->update();
    Q_EMIT caretMoved();
    if (const auto now = selection();
        now != before && !m_selecting && (extend || before.first != before.second))
        Q_EMIT spanSelected(now.first, now.second);
}

qint64 TraceCanvas::besideCaret(int by, bool word) const {
    const std::string& text = m_trace->completion;
    const auto size = static_cast<qint64>(text.size());
    const auto beside = [&](qint64 at) -> qint64 {
        if (by < 0) return at > 0 ? characterStart(text, at - 1) : 0;
        const std::size_t length = at < size ? utf8Length(text, static_cast<std::size_t>(at)) : 0;
        return std::min(size, at + static_cast<qint64>(std::max<std::size_t>(length, 1)));
    };
    if (!word) return beside(m_caret);
    const auto isWord = [&](qint64 at) {  // what a further step would go over
        const qint64 over = by < 0 ? at - 1 : at;
        return over >= 0 && over < size && isWordByte(text[static_cast<std::size_t>(over)]);
    };
    qint64 at = m_caret;
    const qint64 last = by < 0 ? 0 : size;
    while (at != last && !isWord(at)) at = beside(at);
    while (at != last && isWord(at)) at = beside(at);
    return at;
}

void TraceCanvas::moveByLine(int by, bool extend) {
    const QRect now = rectOfByte(m_caret);
    if (!now.isValid()) return setCurrentStep(m_step + (by < 0 ? -1 : 1));
    const qreal x = m_caretX >= 0 ? m_caretX : now.left();
    reveal(m_caret, false);  // the neighbouring lines are laid out then
    const QRect seen = rectOfByte(m_caret);
    const int line = std::max(1, static_cast<int>(seen.height() * lineSpacing));
    const int steps = std::abs(by) > 1 ? viewport()->height() - 2 * line : line;
    if (std::abs(by) > 1) scrollTo(m_top + (by < 0 ? -steps : steps));
    const QRect from = std::abs(by) > 1 ? seen : rectOfByte(m_caret);
    // Heads and distances between steps may lie between: go on until another line is met.
    for (int reach = std::abs(by) > 1 ? 0 : line; reach <= line * 4; reach += line / 2 + 1) {
        const Hit hit = hitAt(QPoint(static_cast<int>(x), from.center().y() + (by < 0 ? -reach : reach)));
        if (hit.byte < 0 || hit.row < 0) break;
        if (m_rows[static_cast<std::size_t>(hit.row)].kind == ReaderRow::Kind::RegionHead) continue;
        const QRect there = rectOfByte(hit.byte);
        if (std::abs(by) == 1 && there.isValid() && there.top() == from.top()) continue;
        moveCaret(hit.byte, extend);
        break;
    }
    m_caretX = x;
}

void TraceCanvas::selectWordAt(qint64 byte) {
    const std::string& text = m_trace->completion;
    qint64 begin = byte, end = byte;
    while (begin > 0 && isWordByte(text[static_cast<std::size_t>(begin - 1)])) --begin;
    while (end < static_cast<qint64>(text.size()) && isWordByte(text[static_cast<std::size_t>(end)])) ++end;
    m_selectionStart = begin;
    m_caret = end;
    stepToCaret();
    viewport()->update();
    if (begin < end) Q_EMIT spanSelected(begin, end);
}

// --- mouse ---

bool TraceCanvas::pressGutter(const Hit& hit, const QPoint& point) {
    const ReaderRow& row = m_rows[static_cast<std::size_t>(hit.row)];
    if (row.kind == ReaderRow::Kind::RegionHead) {
        toggleRegionFold(row.region);
        return true;
    }
    if (point.x() >= viewport()->width() - markWidth && !m_marks.empty()) {
        for (std::size_t i = 0; i < m_marks.size(); ++i) {
            const QRect line = rectOfByte(m_marks[i].begin);
            if (line.isValid() && point.y() >= line.top() && point.y() <= line.bottom()) {
                Q_EMIT markClicked(static_cast<int>(i));
                return true;
            }
        }
    }
    if (point.x() >= m_gutter.width) return false;
    for (int rating = -1; rating <= 1 && m_ratingEnabled; ++rating) {
        if (!ratingRect(row.step, rating).contains(point)) continue;
        setCurrentStep(row.step);
        Q_EMIT ratingClicked(row.step, rating);
        return true;
    }
    const bool triangle = point.x() < margin + foldWidth && row.first;
    if (triangle && (row.step == m_step || m_folds.steps[static_cast<std::size_t>(row.step)]))
        toggleStepFold(row.step);
    setCurrentStep(row.step);
    return true;
}

void TraceCanvas::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    const Hit hit = hitAt(event->pos());
    m_caretX = -1;
    if (hit.row < 0 || pressGutter(hit, event->pos())) return;
    m_selecting = true;
    moveCaret(hit.byte, event->modifiers() & Qt::ShiftModifier);
}

void TraceCanvas::mouseMoveEvent(QMouseEvent* event) {
    const Hit hit = hitAt(event->pos());
    if (m_selecting) {
        const bool outside = event->pos().y() < 0 || event->pos().y() >= viewport()->height();
        if (outside && !m_autoScroll.isActive()) m_autoScroll.start();
        if (!outside) m_autoScroll.stop();
        if (hit.byte >= 0) moveCaret(hit.byte, true);
        return;
    }
    const int step = hit.row >= 0 ? m_rows[static_cast<std::size_t>(hit.row)].step : -1;
    if (step != m_hovered) {
        m_hovered = step;
        if (m_ratingEnabled) viewport()->update(QRect(0, 0, m_gutter.width, viewport()->height()));
    }
    const bool gutter = event->pos().x() < m_gutter.width || step < 0;
    viewport()->setCursor(gutter ? Qt::ArrowCursor : Qt::IBeamCursor);
    Q_EMIT hoveredToken(hit.character >= 0 ? m_tokens.tokenAt(hit.character) : -1);
}

void TraceCanvas::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton || !m_selecting) return;
    m_selecting = false;
    m_autoScroll.stop();
    const auto [begin, end] = selection();
    Q_EMIT spanSelected(begin, end);
}

void TraceCanvas::mouseDoubleClickEvent(QMouseEvent* event) {
    const Hit hit = hitAt(event->pos());
    if (event->button() != Qt::LeftButton || hit.row < 0) return;
    if (event->pos().x() < m_gutter.width || m_rows[static_cast<std::size_t>(hit.row)].step < 0) return;
    if (hit.character >= 0) selectWordAt(hit.character);
}

// --- keyboard ---

// n and N go through hits while there are any, whatever command has these keys otherwise.
bool TraceCanvas::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride && !m_hits.empty()) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (key->key() == Qt::Key_N && !(key->modifiers() & ~Qt::ShiftModifier)) {
            event->accept();
            return true;
        }
    }
    return QAbstractScrollArea::event(event);
}

void TraceCanvas::keyPressEvent(QKeyEvent* event) {
    const bool extend = event->modifiers() & Qt::ShiftModifier;
    const bool word = event->modifiers() & Qt::ControlModifier;
    if (event->modifiers() & (Qt::AltModifier | Qt::MetaModifier))
        return QAbstractScrollArea::keyPressEvent(event);
    const int key = event->key();
    if (key != Qt::Key_Up && key != Qt::Key_Down && key != Qt::Key_PageUp && key != Qt::Key_PageDown)
        m_caretX = -1;
    const auto size = static_cast<qint64>(m_trace->completion.size());
    switch (key) {
        case Qt::Key_Left:
        case Qt::Key_Right: {
            const int by = key == Qt::Key_Left ? -1 : 1;
            // With a lane the caret goes from token to token, so that each one's values can be read.
            const int token = m_tokens.tokenAt(m_caret);
            if (m_lane && !extend && !word && token >= 0) {
                int next = token + by;
                while (next >= 0 && next < static_cast<int>(m_tokens.size()) &&
                       m_tokens.begin(static_cast<std::size_t>(next)) ==
                           m_tokens.end(static_cast<std::size_t>(next)))
                    next += by;
                if (next >= 0 && next < static_cast<int>(m_tokens.size()))
                    moveCaret(m_tokens.begin(static_cast<std::size_t>(next)), false);
                return;
            }
            return moveCaret(besideCaret(by, word), extend);
        }
        case Qt::Key_Up:
        case Qt::Key_Down:
            return moveByLine(key == Qt::Key_Up ? -1 : 1, extend);
        case Qt::Key_PageUp:
        case Qt::Key_PageDown:
            return moveByLine(key == Qt::Key_PageUp ? -2 : 2, extend);
        case Qt::Key_Home:
        case Qt::Key_End: {
            if (word) return moveCaret(key == Qt::Key_Home ? 0 : size, extend);
            const QRect line = rectOfByte(m_caret);
            const int x = key == Qt::Key_Home ? m_gutter.width : viewport()->width();
            const Hit hit = hitAt(QPoint(x, line.center().y()));
            if (line.isValid() && hit.byte >= 0) moveCaret(hit.byte, extend);
            return;
        }
        case Qt::Key_N:
            if (m_hits.empty()) break;
            Q_EMIT hitWanted(extend ? -1 : 1);
            return;
        case Qt::Key_Escape:
            if (m_caret == m_selectionStart) break;
            return moveCaret(m_caret, false);
        default:
            break;
    }
    QAbstractScrollArea::keyPressEvent(event);
}

void TraceCanvas::focusInEvent(QFocusEvent* event) {
    QAbstractScrollArea::focusInEvent(event);
    viewport()->update();
}

void TraceCanvas::focusOutEvent(QFocusEvent* event) {
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

bool TraceCanvas::viewportEvent(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const Hit hit = hitAt(help->pos());
        QString text;
        if (help->pos().x() < m_gutter.width && hit.row >= 0)
            text = stepToolTip(m_rows[static_cast<std::size_t>(hit.row)].step);
        else if (hit.character >= 0)
            text = describeToken(m_tokens.tokenAt(hit.character));
        for (const CanvasMark& mark : m_marks) {
            const QRect line = rectOfByte(mark.begin);
            const bool inMargin = help->pos().x() >= viewport()->width() - markWidth && line.isValid() &&
                                  help->pos().y() >= line.top() && help->pos().y() <= line.bottom();
            if (inMargin || (hit.character >= mark.begin && hit.character < mark.end))
                text = mark.text + (text.isEmpty() ? QString() : QStringLiteral("\n\n") + text);
        }
        QToolTip::showText(help->globalPos(), text, viewport());
        return true;
    }
    if (event->type() == QEvent::Leave) {
        m_hovered = -1;
        viewport()->update(QRect(0, 0, m_gutter.width, viewport()->height()));
        Q_EMIT hoveredToken(-1);
    }
    return QAbstractScrollArea::viewportEvent(event);
}

}  // namespace retort
