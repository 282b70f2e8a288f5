// Shades of a token lane: paper to orange for what only grows, blue to paper to vermillion for what has two
// sides (Okabe and Ito's, told apart by all kinds of colour vision), and what stands beside them in words.
#pragma once

#include <QColor>
#include <QString>

#include "core/traces/token_table.h"

namespace retort {

class LanePalette {
  public:
    LanePalette() = default;
    /// `paper` is what text stands on otherwise.
    LanePalette(const QColor& paper, bool diverging);
    /// For a share as LaneScale has it, -1 … 1. All shades keep the text on them readable.
    const QColor& color(double share) const;

  private:
    std::vector<QColor> m_colors;
};

QString laneTitle(TokenLane lane);    ///< "−log p", "Entropy" …
QString laneUnit(TokenLane lane);     ///< "nats" or nothing
QString laneToolTip(TokenLane lane);  ///< what it is, in a sentence
QString rollUpTitle(RollUp unit);
/// "−log p 0.31 nats" with what belongs to it; "clipped above" for the mask.
QString laneValueText(TokenLane lane, double value);

}  // namespace retort
