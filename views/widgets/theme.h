// Our look: Fusion with light and dark palettes of our own, and the few further tones that painting needs.
#pragma once

#include <QColor>
#include <QIcon>
#include <QString>
#include <cstdint>
#include <vector>

namespace retort {

enum class Theme { System, Light, Dark };

QString themeName(Theme theme);         ///< "system", "light", "dark": as settings and --theme have it
Theme themeNamed(const QString& name);  ///< System for anything unknown

/// Colours beyond QPalette's roles. All text tones reach a contrast of 4.5 on the window and the raised
/// surface.
struct Tones {
    bool dark = false;
    QColor accent, onAccent;
    QColor surface;  ///< cards and charts
    QColor sunken;   ///< navigation rail, strips
    QColor border;   ///< hairlines around cards
    QColor grid;     ///< lines in charts
    QColor muted;    ///< secondary text
    QColor good, warning, bad, info;
};

/// Call once, right after QApplication is made: remembers what the system's own palette says (dark or light).
void initTheme();
void applyTheme(Theme theme);
const Tones& tones();

/// Okabe and Ito's colours that all kinds of colour vision tell apart, adjusted to the theme's background;
/// index counts round. Pair them with labels: colour is never the only carrier.
QColor seriesColor(std::size_t index);

/// A colour for each of `runs`: fixed by the run's id, moved on to the next free one where two of them would
/// share it.
std::vector<QColor> runColors(const std::vector<std::int64_t>& runs);

/// A line icon of resources/icons by its file name ("live"), drawn in the palette's text colour at any size
/// and redrawn when the theme changes. `color` overrides that.
QIcon lineIcon(const QString& name, const QColor& color = {});

/// Text colour for a run's state ("running", "failed" …).
QColor stateColor(const std::string& state);
/// Its translated word.
QString stateText(const std::string& state);

}  // namespace retort
