#include "views/traces/reader/minimap.h"

#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "views/models/format.h"
#include "views/traces/reader/trace_canvas.h"
#include "views/widgets/theme.h"

namespace retort {

namespace {

// Columns from left to right: rating, PRM, token lane, hits.
constexpr int ratingX = 2, ratingWidth = 6, prmX = 10, prmWidth = 12, laneX = 24, laneWidth = 12, hitX = 38,
              hitWidth = 6;

/// What one line of pixels says.
struct Line {
    int rating = 2;    // -1, 0, 1; 2: nobody rated
    double prm = 2;    // the lowest; 2: none
    double share = 0;  // the farthest from paper
    bool hit = false, text = false;
};

}  // namespace

Minimap::Minimap(TraceCanvas& canvas) : QWidget(&canvas), m_canvas(canvas) {
    setToolTip(tr("The whole trace: ratings, PRM score, token lane, search hits. Click to go there."));
    connect(&canvas, &TraceCanvas::changed, this, [this] {
        m_stale = true;
        update();
    });
}

int Minimap::mapY(qint64 contentY) const {
    const double whole = double(std::max<qint64>(m_canvas.contentHeight(), 1));
    // A short trace is not blown up.
    const double scale = std::min(1.0, height() / whole);
    return static_cast<int>(double(contentY) * scale);
}

qint64 Minimap::contentAt(int y) const {
    const double whole = double(std::max<qint64>(m_canvas.contentHeight(), 1));
    return static_cast<qint64>(y / std::min(1.0, height() / whole));
}

void Minimap::draw() {
    std::vector<Line> lines(static_cast<std::size_t>(std::max(height(), 1)));
    const auto lineAt = [&lines, this](qint64 y) -> Line& {
        return lines[static_cast<std::size_t>(std::clamp(mapY(y), 0, static_cast<int>(lines.size()) - 1))];
    };
    const auto& rows = m_canvas.rows();
    const auto& facts = m_canvas.facts();
    const auto& steps = m_canvas.document().steps();
    const std::vector<float>& shares = m_canvas.shares();
    const TokenTable& tokens = m_canvas.tokens();
    std::size_t token = 0, hit = 0;
    qint64 top = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const qint64 tall = m_canvas.heights().height(i);
        const ReaderRow& row = rows[i];
        if (row.kind == ReaderRow::Kind::RegionHead || tall == 0) {
            top += tall;
            continue;
        }
        const auto step = static_cast<std::size_t>(row.step);
        const int first = mapY(top), last = std::max(first, mapY(top + tall) - 1);
        for (int y = first; y <= last && y < height(); ++y) {
            Line& line = lines[static_cast<std::size_t>(y)];
            line.text = true;
            const int said = facts[step].human                             ? *facts[step].human
                             : steps[step].verdict == StepVerdict::Wrong   ? -1
                             : steps[step].verdict == StepVerdict::Correct ? 1
                             : facts[step].critic                          ? *facts[step].critic
                                                                           : 2;
            line.rating = std::min(line.rating, said);
            if (facts[step].prm) line.prm = std::min(line.prm, *facts[step].prm);
        }
        const double perByte = double(tall) / double(std::max<qint64>(row.end - row.begin, 1));
        const auto placeOf = [&](qint64 byte) {
            return top + static_cast<qint64>(double(byte - row.begin) * perByte);
        };
        while (token < shares.size() && tokens.begin(token) < row.begin) ++token;
        for (; token < shares.size() && tokens.begin(token) < row.end; ++token) {
            Line& line = lineAt(placeOf(tokens.begin(token)));
            if (std::abs(shares[token]) > std::abs(line.share)) line.share = shares[token];
        }
        while (hit < m_canvas.hits().size() && m_canvas.hits()[hit].first < row.begin) ++hit;
        for (; hit < m_canvas.hits().size() && m_canvas.hits()[hit].first < row.end; ++hit)
            lineAt(placeOf(m_canvas.hits()[hit].first)).hit = true;
        top += tall;
    }

    const qreal ratio = devicePixelRatioF();
    m_picture = QPixmap(size() * ratio);
    m_picture.setDevicePixelRatio(ratio);
    m_picture.fill(tones().sunken);
    QPainter painter(&m_picture);
    const Tones& t = tones();
    const LanePalette sequential(t.sunken, false), diverging(t.sunken, true);
    for (int y = 0; y < height(); ++y) {
        const Line& line = lines[static_cast<std::size_t>(y)];
        const QColor faint = blend(t.sunken, t.muted, 0.25);
        if (line.text) painter.fillRect(ratingX, y, ratingWidth, 1, faint);
        // Bad reaches over the whole column, good over half of it: told apart without colour.
        if (line.rating == -1) painter.fillRect(ratingX, y, ratingWidth, 1, t.bad);
        if (line.rating == 0) painter.fillRect(ratingX, y, ratingWidth / 2, 1, t.muted);
        if (line.rating == 1) painter.fillRect(ratingX, y, ratingWidth / 2, 1, t.good);
        if (line.prm <= 1) {
            const int dip = static_cast<int>(std::lround((1 - std::clamp(line.prm, 0.0, 1.0)) * prmWidth));
            painter.fillRect(prmX, y, std::max(1, dip), 1, line.prm < 0.5 ? t.bad : t.info);
        }
        if (line.share != 0) {
            const auto& shade = m_canvas.laneScale().diverging ? diverging : sequential;
            painter.fillRect(laneX, y, laneWidth, 1, shade.color(line.share));
        }
        if (line.hit) painter.fillRect(hitX, y, hitWidth, 2, t.accent);
    }
    m_stale = false;
}

void Minimap::paintEvent(QPaintEvent*) {
    if (m_stale || m_picture.size() != size() * devicePixelRatioF()) draw();
    QPainter painter(this);
    painter.drawPixmap(0, 0, m_picture);
    const int top = mapY(m_canvas.contentTop());
    const int tall = std::max(6, mapY(m_canvas.viewport()->height()));
    QColor veil = palette().color(QPalette::Text);
    veil.setAlphaF(0.10f);
    const QRect seen(0, top, width() - 1, std::min(tall, height() - top - 1));
    painter.fillRect(seen, veil);
    painter.setPen(tones().muted);
    painter.drawRect(seen);
}

void Minimap::goTo(int y) {
    m_canvas.scrollTo(contentAt(y) - m_canvas.viewport()->height() / 2);
}

void Minimap::mousePressEvent(QMouseEvent* event) {
    goTo(event->pos().y());
}

void Minimap::mouseMoveEvent(QMouseEvent* event) {
    if (event->buttons() & Qt::LeftButton) goTo(event->pos().y());
}

void Minimap::wheelEvent(QWheelEvent* event) {
    event->ignore();  // the view scrolls
}

}  // namespace retort
