// Distances of the reading view, in px.
#pragma once

#include <QFont>

namespace retort::canvas {

constexpr int margin = 6;
constexpr int foldWidth = 14;    // the triangle
constexpr int markWidth = 28;    // notes in the right margin
constexpr int rowPadding = 4;    // above and below a step
constexpr int headPadding = 10;  // of a region's head, both sides together
constexpr int longestReason = 2000;

inline QFont smaller(QFont font) {
    font.setPointSizeF(font.pointSizeF() * 0.9);
    return font;
}

}  // namespace retort::canvas
