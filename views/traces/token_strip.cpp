#include "views/traces/token_strip.h"

#include <QFontDatabase>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>
#include <algorithm>
#include <cmath>

#include "views/models/format.h"
#include "views/widgets/theme.h"

namespace retort {

namespace {

QFont tokenFont() {
    return QFontDatabase::systemFont(QFontDatabase::FixedFont);
}

/// White space made visible; a token without text is the end of the sequence.
QString shown(QString text) {
    if (text.isEmpty()) return QStringLiteral("⏎");
    text.replace(QLatin1Char(' '), QChar(0x00b7));
    text.replace(QLatin1Char('\n'), QStringLiteral("↵"));
    return text.replace(QLatin1Char('\t'), QStringLiteral("→"));
}

}  // namespace

TokenStrip::TokenStrip(QWidget* parent) : QAbstractScrollArea(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Tokens"));
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    viewport()->setMouseTracking(true);
}

QSize TokenStrip::sizeHint() const {
    return {300, 4 * (QFontMetrics(tokenFont()).height() + 8)};
}

void TokenStrip::setTrace(const Trace& trace) {
    const TokenArrays& arrays = trace.tokens;
    const std::size_t count = arrays.ends.size();
    m_hasLogprobs = arrays.logprobs.size() == count;
    m_hasEntropies = arrays.entropies.size() == count;
    m_hasRef = arrays.refLogprobs.size() == count;
    m_tokens.clear();
    m_tokens.reserve(count);
    const auto size = static_cast<std::int64_t>(trace.completion.size());
    std::int64_t begin = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const std::int64_t end = std::clamp<std::int64_t>(arrays.ends[i], begin, size);
        Token token;
        token.begin = begin;
        token.text = shown(
            toQString(std::string_view(trace.completion)
                          .substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin))));
        if (m_hasLogprobs) token.logprob = arrays.logprobs[i];
        if (m_hasEntropies) token.entropy = arrays.entropies[i];
        if (m_hasRef) token.refLogprob = arrays.refLogprobs[i];
        m_tokens.push_back(std::move(token));
        begin = end;
    }
    m_current = -1;
    verticalScrollBar()->setValue(0);
    rescale();
    layOut();
}

void TokenStrip::setLane(Lane lane) {
    m_lane = lane;
    rescale();
    viewport()->update();
}

double TokenStrip::valueOf(const Token& token) const {
    const double value = m_lane == Lane::Surprise ? -double(token.logprob) : double(token.entropy);
    return std::isfinite(value) ? std::max(value, 0.0) : 0.0;
}

void TokenStrip::rescale() {
    std::vector<double> values;
    for (const Token& token : m_tokens) values.push_back(valueOf(token));
    m_scaleEnd = 1;
    if (values.empty()) return;
    const auto at = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) * 99 / 100);
    std::nth_element(values.begin(), at, values.end());
    m_scaleEnd = std::max(*at, 0.1);  // a trace without a doubt shall not look doubtful
}

void TokenStrip::layOut() {
    const QFontMetrics metrics(tokenFont());
    const int line = metrics.height() + 8, width = viewport()->width();
    QPoint at(2, 2);
    for (Token& token : m_tokens) {
        const int advance = metrics.horizontalAdvance(token.text) + 2;
        if (at.x() + advance > width && at.x() > 2) at = QPoint(2, at.y() + line);
        token.place = QRect(at, QSize(advance, line - 2));
        at.rx() += advance;
        if (token.text.endsWith(QStringLiteral("↵"))) at = QPoint(2, at.y() + line);
    }
    m_height = at.y() + line;
    verticalScrollBar()->setPageStep(viewport()->height());
    verticalScrollBar()->setSingleStep(line);
    verticalScrollBar()->setRange(0, std::max(0, m_height - viewport()->height()));
    viewport()->update();
}

int TokenStrip::tokenAt(const QPoint& position) const {
    const QPoint at = position + QPoint(0, verticalScrollBar()->value());
    const auto found = std::find_if(m_tokens.begin(), m_tokens.end(),
                                    [&at](const Token& t) { return t.place.contains(at); });
    return found == m_tokens.end() ? -1 : static_cast<int>(found - m_tokens.begin());
}

QString TokenStrip::describe(int index) const {
    if (index < 0 || index >= static_cast<int>(m_tokens.size())) return {};
    const Token& token = m_tokens[static_cast<std::size_t>(index)];
    QStringList lines{tr("Token %1: %2").arg(index + 1).arg(token.text)};
    if (m_hasLogprobs) {
        lines << tr("log-probability %1 (p = %2)")
                     .arg(formatNumber(token.logprob), formatNumber(std::exp(double(token.logprob))));
    }
    if (m_hasEntropies) lines << tr("entropy %1 nats").arg(formatNumber(token.entropy));
    if (m_hasRef) lines << tr("reference log-probability %1").arg(formatNumber(token.refLogprob));
    return lines.join(QLatin1Char('\n'));
}

void TokenStrip::choose(int token) {
    if (token < 0 || token >= static_cast<int>(m_tokens.size())) return;
    m_current = token;
    const Token& chosen = m_tokens[static_cast<std::size_t>(token)];
    const int top = verticalScrollBar()->value();
    if (chosen.place.top() < top) verticalScrollBar()->setValue(chosen.place.top() - 2);
    if (chosen.place.bottom() > top + viewport()->height()) {
        verticalScrollBar()->setValue(chosen.place.bottom() - viewport()->height() + 4);
    }
    setAccessibleDescription(describe(token));
    viewport()->update();
    Q_EMIT tokenChosen(chosen.begin);
}

void TokenStrip::paintEvent(QPaintEvent* event) {
    QPainter painter(viewport());
    const QColor base = palette().color(QPalette::Base), ink = palette().color(QPalette::Text);
    painter.fillRect(event->rect(), base);
    painter.setFont(tokenFont());
    painter.translate(0, -verticalScrollBar()->value());
    const QRect visible = event->rect().translated(0, verticalScrollBar()->value());
    const bool hasLane = m_lane == Lane::Surprise ? m_hasLogprobs : m_hasEntropies;
    for (std::size_t i = 0; i < m_tokens.size(); ++i) {
        const Token& token = m_tokens[i];
        if (!token.place.intersects(visible)) continue;
        const double share = hasLane ? std::min(valueOf(token) / m_scaleEnd, 1.0) : 0;
        const QRect cell = token.place.adjusted(0, 0, -1, -1);
        painter.fillRect(cell, blend(base, tones().warning, 0.45 * share));
        // The same value as a bar, so that it can be read without colour.
        const int bar = static_cast<int>(std::lround(share * 5));
        painter.fillRect(QRect(cell.left(), cell.bottom() - bar + 1, cell.width(), bar), tones().warning);
        painter.setPen(ink);
        painter.drawText(cell.adjusted(0, 0, 0, -5), Qt::AlignCenter, token.text);
        if (static_cast<int>(i) == m_current) {
            painter.setPen(QPen(palette().color(QPalette::Highlight), 2));
            painter.drawRect(cell.adjusted(1, 1, -1, -1));
        }
    }
    if (m_tokens.empty()) {
        painter.setPen(tones().muted);
        painter.drawText(viewport()->rect(), Qt::AlignCenter,
                         tr("No per-token numbers were recorded for this trace."));
    }
}

void TokenStrip::resizeEvent(QResizeEvent* event) {
    QAbstractScrollArea::resizeEvent(event);
    layOut();
}

void TokenStrip::mousePressEvent(QMouseEvent* event) {
    choose(tokenAt(event->position().toPoint()));
}

void TokenStrip::keyPressEvent(QKeyEvent* event) {
    const int last = static_cast<int>(m_tokens.size()) - 1;
    switch (event->key()) {
        case Qt::Key_Left:
            return choose(std::max(m_current - 1, 0));
        case Qt::Key_Right:
            return choose(std::min(m_current + 1, last));
        case Qt::Key_Home:
            return choose(0);
        case Qt::Key_End:
            return choose(last);
        default:
            QAbstractScrollArea::keyPressEvent(event);
    }
}

void TokenStrip::changeEvent(QEvent* event) {
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange) layOut();
}

bool TokenStrip::viewportEvent(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        QToolTip::showText(help->globalPos(), describe(tokenAt(help->pos())), viewport());
        return true;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

}  // namespace retort
