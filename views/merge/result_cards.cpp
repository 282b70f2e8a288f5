#include "views/merge/result_cards.h"

#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QVBoxLayout>
#include <cmath>
#include <optional>

#include "core/analysis/estimators.h"
#include "views/models/format.h"
#include "views/widgets/elided_label.h"
#include "views/widgets/theme.h"

namespace retort {

struct ResultCards::Card final : public QFrame {
    explicit Card(QWidget* parent) : QFrame(parent) {
        auto* layout = new QVBoxLayout(this);
        layout->setContentsMargins(12, 8, 12, 15);
        layout->setSpacing(1);
        name = new ElidedLabel({}, this);
        big = new QLabel(this);
        QFont font = big->font();
        font.setPointSizeF(font.pointSizeF() * 1.7);
        font.setBold(true);
        big->setFont(font);
        interval = new QLabel(this);
        rest = new ElidedLabel({}, this);
        for (QLabel* each : {name, big, interval, rest}) {
            each->setTextFormat(Qt::PlainText);
            layout->addWidget(each);
        }
        setMinimumWidth(150);
        setFocusPolicy(Qt::NoFocus);
    }

    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(tones().border);
        painter.setBrush(tones().surface);
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
        if (!share || isStale) return;
        // The share as a bar with its interval: what differs by less than the interval is noise.
        const QRectF bar(12, height() - 9, width() - 24, 3);
        painter.setPen(Qt::NoPen);
        painter.setBrush(tones().grid);
        painter.drawRoundedRect(bar, 1.5, 1.5);
        painter.setBrush(blend(tones().surface, tones().accent, 0.45));
        painter.drawRect(
            QRectF(bar.left() + low * bar.width(), bar.top() - 1, (high - low) * bar.width(), 5));
        painter.setBrush(tones().accent);
        painter.drawRect(QRectF(bar.left() + *share * bar.width() - 1, bar.top() - 2, 2.5, 7));
    }

    QLabel *name, *big, *interval, *rest;
    std::optional<double> share, before, lossBefore;
    double low = 0, high = 1;
    bool isStale = false;
};

namespace {

QString change(double by) {
    if (std::abs(by) < 5e-4) return {};
    const QLocale locale;
    return (by > 0 ? QStringLiteral("  ▲ ") : QStringLiteral("  ▼ ")) + locale.toString(std::abs(by), 'f', 3);
}

}  // namespace

ResultCards::ResultCards(QWidget* parent) : QWidget(parent), m_layout(new QHBoxLayout(this)) {
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_hint = new QLabel(tr("What a merge scores appears here as soon as one was measured."), this);
    m_hint->setForegroundRole(QPalette::PlaceholderText);
    m_layout->addWidget(m_hint);
    setMinimumHeight(fontMetrics().height() * 6 + 22);
}

ResultCards::Card* ResultCards::card(std::size_t index) {
    while (m_cards.size() <= index) {
        m_cards.push_back(new Card(this));
        m_layout->addWidget(m_cards.back(), 1);
    }
    return m_cards[index];
}

void ResultCards::show(const std::vector<MergeBenchTask>& tasks, MergeBenchEffort effort) {
    m_hint->setVisible(tasks.empty());
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        const MergeBenchTask& task = tasks[i];
        Card* to = card(i);
        const bool sameTask = to->name->text() == toQString(task.name);
        if (!sameTask) to->before = to->lossBefore = std::nullopt;
        to->name->setText(toQString(task.name));
        const QLocale locale;
        const bool refined = effort == MergeBenchEffort::Refined;
        QStringList rest;
        if (task.accuracy) {
            const auto right =
                static_cast<std::int64_t>(std::llround(*task.accuracy * double(task.problems)));
            const Interval interval = wilsonInterval(right, task.problems);
            to->big->setText(locale.toString(*task.accuracy, 'f', 3));
            to->interval->setText(
                tr("%1 to %2, 95 %  (%3 of %4)%5")
                    .arg(locale.toString(interval.low, 'f', 2), locale.toString(interval.high, 'f', 2))
                    .arg(right)
                    .arg(task.problems)
                    .arg(to->before ? change(*task.accuracy - *to->before) : QString()));
            to->share = task.accuracy;
            to->low = interval.low;
            to->high = interval.high;
            to->before = task.accuracy;
            rest << tr("loss %1").arg(formatNumber(task.loss));
            if (task.meanLength) rest << tr("length %1").arg(formatNumber(*task.meanLength));
        } else {
            to->big->setText(tr("loss %1").arg(locale.toString(task.loss, 'f', 3)));
            to->interval->setText(refined ? tr("answers are not judged") : tr("first look, a few rows"));
            rest << (to->lossBefore ? change(task.loss - *to->lossBefore).trimmed() : QString());
            to->share.reset();
        }
        to->lossBefore = task.loss;
        to->rest->setText(rest.join(QStringLiteral(" · ")));
        to->interval->setForegroundRole(refined ? QPalette::WindowText : QPalette::PlaceholderText);
        to->setAccessibleName(
            QStringLiteral("%1: %2, %3, %4")
                .arg(to->name->text(), to->big->text(), to->interval->text(), to->rest->text()));
        to->setVisible(true);
        to->update();
    }
    for (std::size_t i = tasks.size(); i < m_cards.size(); ++i) m_cards[i]->hide();
    setStale(false);
}

void ResultCards::clear() {
    for (Card* each : m_cards) {
        each->hide();
        each->name->clear();
    }
    m_hint->show();
}

void ResultCards::setStale(bool stale) {
    for (Card* each : m_cards) {
        if (each->isStale == stale) continue;
        each->isStale = stale;
        each->big->setForegroundRole(stale ? QPalette::PlaceholderText : QPalette::WindowText);
        each->update();
    }
}

QString ResultCards::text() const {
    QStringList lines;
    for (const Card* each : m_cards)
        if (!each->isHidden()) lines << each->accessibleName();
    return lines.join(QLatin1Char('\n'));
}

}  // namespace retort
