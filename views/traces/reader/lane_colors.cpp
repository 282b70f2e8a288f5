#include "views/traces/reader/lane_colors.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>

#include "views/models/format.h"
#include "views/widgets/theme.h"

namespace retort {

namespace {

struct LaneText {
    Q_DECLARE_TR_FUNCTIONS(LaneText)
};

constexpr int halfSteps = 32;

}  // namespace

LanePalette::LanePalette(const QColor& paper, bool diverging) {
    const bool dark = tones().dark;
    const QColor blue = dark ? QColor(0x2f7fc4) : QColor(0x56a5e0);
    const QColor vermillion = dark ? QColor(0xb8500f) : QColor(0xf0803c);
    const QColor orange = dark ? QColor(0xa86a00) : QColor(0xf2a32b);
    for (int i = -halfSteps; i <= halfSteps; ++i) {
        const double share = double(i) / halfSteps;
        const QColor& over = !diverging ? orange : share < 0 ? blue : vermillion;
        m_colors.push_back(blend(paper, over, 0.85 * std::abs(share)));
    }
}

const QColor& LanePalette::color(double share) const {
    const auto at = static_cast<std::size_t>(std::lround((std::clamp(share, -1.0, 1.0) + 1) * halfSteps));
    return m_colors[at];
}

QString laneTitle(TokenLane lane) {
    switch (lane) {
        case TokenLane::Surprise:
            return LaneText::tr("−log p");
        case TokenLane::Entropy:
            return LaneText::tr("Entropy");
        case TokenLane::Advantage:
            return LaneText::tr("Advantage");
        case TokenLane::ReferenceKl:
            return LaneText::tr("KL to reference");
        case TokenLane::LogRatio:
            return LaneText::tr("Log ratio");
        case TokenLane::Clipped:
            return LaneText::tr("Clip mask");
        case TokenLane::Value:
            return LaneText::tr("Value");
        case TokenLane::Score:
            return LaneText::tr("PRM score");
    }
    return {};
}

QString laneUnit(TokenLane lane) {
    switch (lane) {
        case TokenLane::Surprise:
        case TokenLane::Entropy:
        case TokenLane::ReferenceKl:
        case TokenLane::LogRatio:
            return LaneText::tr("nats");
        default:
            return {};
    }
}

QString laneToolTip(TokenLane lane) {
    switch (lane) {
        case TokenLane::Surprise:
            return LaneText::tr("How unlikely the sampled token was under the policy.");
        case TokenLane::Entropy:
            return LaneText::tr("How undecided the policy was at this place.");
        case TokenLane::Advantage:
            return LaneText::tr("What the token was credited with: above 0 reinforced, below 0 discouraged.");
        case TokenLane::ReferenceKl:
            return LaneText::tr("log p − log p under the reference policy: where the policy moved away.");
        case TokenLane::LogRatio:
            return LaneText::tr("Logarithm of policy / sampling policy in the step's last update.");
        case TokenLane::Clipped:
            return LaneText::tr(
                "Whether the ratio was outside the clip range, so that the token taught nothing.");
        case TokenLane::Value:
            return LaneText::tr("The value model's estimate after the token; low values are dark.");
        case TokenLane::Score:
            return LaneText::tr(
                "The reward model's probability that all is right so far; low ones are dark.");
    }
    return {};
}

QString rollUpTitle(RollUp unit) {
    switch (unit) {
        case RollUp::Token:
            return LaneText::tr("by token");
        case RollUp::Word:
            return LaneText::tr("by word");
        case RollUp::Sentence:
            return LaneText::tr("by sentence");
        case RollUp::Step:
            return LaneText::tr("by step");
    }
    return {};
}

QString laneValueText(TokenLane lane, double value) {
    if (!std::isfinite(value)) return QStringLiteral("–");
    if (lane == TokenLane::Clipped && value == std::floor(value))
        return value < 0   ? LaneText::tr("clipped, below the range")
               : value > 0 ? LaneText::tr("clipped, above the range")
                           : LaneText::tr("in the range");
    QString text = formatNumber(value);
    if (const QString unit = laneUnit(lane); !unit.isEmpty()) text += QLatin1Char(' ') + unit;
    if (lane == TokenLane::Surprise) text += LaneText::tr(" (p = %1)").arg(formatNumber(std::exp(-value)));
    if (lane == TokenLane::LogRatio) text += LaneText::tr(" (ratio %1)").arg(formatNumber(std::exp(value)));
    return text;
}

}  // namespace retort
