#include "views/widgets/theme.h"

#include <QApplication>
#include <QCoreApplication>
#include <QFontDatabase>
#include <QPalette>
#include <QStyle>
#include <QToolTip>
#include <algorithm>
#include <array>
#include <map>

#include "views/widgets/field_style.h"

namespace retort {

namespace {

bool g_systemIsDark = false;
Tones g_tones;

Tones lightTones() {
    Tones t;
    t.dark = false;
    t.accent = QColor(0x1f5fbf);
    t.onAccent = Qt::white;
    t.surface = QColor(0xffffff);
    t.sunken = QColor(0xe9ecf1);
    t.border = QColor(0xd3d8e0);
    t.grid = QColor(0xe6e9ef);
    t.muted = QColor(0x566072);
    t.good = QColor(0x17703c);
    t.warning = QColor(0x8f5a00);
    t.bad = QColor(0xb3261e);
    t.info = QColor(0x1f5fbf);
    return t;
}

Tones darkTones() {
    Tones t;
    t.dark = true;
    t.accent = QColor(0x7fb2ff);
    t.onAccent = QColor(0x0b1626);
    t.surface = QColor(0x1d222a);
    t.sunken = QColor(0x11151a);
    t.border = QColor(0x333b47);
    t.grid = QColor(0x2b323d);
    t.muted = QColor(0x9ba7b8);
    t.good = QColor(0x62cf8d);
    t.warning = QColor(0xf0b84d);
    t.bad = QColor(0xff8a80);
    t.info = QColor(0x7fb2ff);
    return t;
}

QPalette paletteFor(const Tones& t) {
    const QColor window = t.dark ? QColor(0x161a20) : QColor(0xf4f6f9);
    const QColor text = t.dark ? QColor(0xe7ebf2) : QColor(0x1a1f29);
    const QColor button = t.dark ? QColor(0x262c36) : QColor(0xfafbfd);
    QPalette p(text, button, button.lighter(115), button.darker(130), button.darker(112), text, t.surface);
    p.setColor(QPalette::Window, window);
    p.setColor(QPalette::WindowText, text);
    p.setColor(QPalette::Base, t.surface);
    p.setColor(QPalette::AlternateBase, t.dark ? QColor(0x222831) : QColor(0xf7f8fb));
    p.setColor(QPalette::Text, text);
    p.setColor(QPalette::Button, button);
    p.setColor(QPalette::ButtonText, text);
    p.setColor(QPalette::BrightText, t.bad);
    p.setColor(QPalette::Highlight, t.accent);
    p.setColor(QPalette::HighlightedText, t.onAccent);
    p.setColor(QPalette::Link, t.accent);
    p.setColor(QPalette::LinkVisited, t.accent);
    p.setColor(QPalette::PlaceholderText, t.muted);
    p.setColor(QPalette::ToolTipBase, t.dark ? QColor(0x2c3440) : QColor(0x262c36));
    p.setColor(QPalette::ToolTipText, QColor(0xf2f5fa));
    p.setColor(QPalette::Mid, t.border);
    p.setColor(QPalette::Midlight, t.dark ? QColor(0x2c333e) : QColor(0xe9ecf1));
    p.setColor(QPalette::Dark, t.dark ? QColor(0x0c0f13) : QColor(0xb6bdc9));
    p.setColor(QPalette::Shadow, t.dark ? QColor(0x05070a) : QColor(0x8a93a3));
    const QColor disabled = t.dark ? QColor(0x6d7887) : QColor(0x8e97a6);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        p.setColor(QPalette::Disabled, role, disabled);
    p.setColor(QPalette::Disabled, QPalette::Highlight, t.border);
    return p;
}

/// The offscreen platform and bare systems name fonts that are not there; text would be boxes.
void ensureFont() {
    const QFont current = QApplication::font();
    const QFontInfo info(current);
    QFont font = current;
    if (!QFontDatabase::hasFamily(info.family()) && QFontDatabase::hasFamily(QStringLiteral("DejaVu Sans")))
        font.setFamily(QStringLiteral("DejaVu Sans"));
    if (font.pointSizeF() > 0 && font.pointSizeF() < 9.5) font.setPointSizeF(9.5);
    QApplication::setFont(font);
}

}  // namespace

QString themeName(Theme theme) {
    switch (theme) {
        case Theme::Light:
            return QStringLiteral("light");
        case Theme::Dark:
            return QStringLiteral("dark");
        case Theme::System:
            break;
    }
    return QStringLiteral("system");
}

Theme themeNamed(const QString& name) {
    if (name == QLatin1String("light")) return Theme::Light;
    if (name == QLatin1String("dark")) return Theme::Dark;
    return Theme::System;
}

void initTheme() {
    // Qt 6.4 has no QStyleHints::colorScheme(); the palette that the platform hands out is what says it.
    g_systemIsDark = QApplication::palette().color(QPalette::Window).lightness() < 128;
    QApplication::setStyle(new FieldStyle);
    ensureFont();
    applyTheme(Theme::System);
}

void applyTheme(Theme theme) {
    const bool dark = theme == Theme::Dark || (theme == Theme::System && g_systemIsDark);
    g_tones = dark ? darkTones() : lightTones();
    const QPalette palette = paletteFor(g_tones);
    QApplication::setPalette(palette);
    QToolTip::setPalette(palette);
}

const Tones& tones() {
    if (!g_tones.accent.isValid()) g_tones = lightTones();
    return g_tones;
}

QColor seriesColor(std::size_t index) {
    // Blue, vermillion, bluish green, reddish purple, orange, sky blue, and two neutrals. The yellow of the
    // original set and its black are replaced by tones that stand on both backgrounds.
    static constexpr std::array<QRgb, 8> light = {0xff0072b2, 0xffd55e00, 0xff009e73, 0xffcc79a7,
                                                  0xffb87d00, 0xff3a9bd5, 0xff6a51a3, 0xff4d5563};
    static constexpr std::array<QRgb, 8> dark = {0xff56b4e9, 0xffff8a3d, 0xff2cc79a, 0xffe79ac6,
                                                 0xfff0c043, 0xff9ad0f5, 0xffb59cf0, 0xffb8c0cc};
    return QColor::fromRgb((tones().dark ? dark : light)[index % light.size()]);
}

std::vector<QColor> runColors(const std::vector<std::int64_t>& runs) {
    constexpr std::size_t count = 8;
    std::vector<std::int64_t> sorted = runs;
    std::sort(sorted.begin(), sorted.end());
    std::map<std::int64_t, std::size_t> index;
    std::array<bool, count> taken{};
    for (const std::int64_t run : sorted) {
        std::size_t wanted = static_cast<std::size_t>(run < 0 ? -run : run) % count;
        if (index.size() < count)
            while (taken[wanted]) wanted = (wanted + 1) % count;
        taken[wanted] = true;
        index.emplace(run, wanted);
    }
    std::vector<QColor> colors;
    for (const std::int64_t run : runs) colors.push_back(seriesColor(index.at(run)));
    return colors;
}

QColor stateColor(const std::string& state) {
    const Tones& t = tones();
    if (state == "running") return t.accent;
    if (state == "finished") return t.good;
    if (state == "failed" || state == "lost") return t.bad;
    if (state == "paused" || state == "stopped") return t.warning;
    return t.muted;
}

QString stateText(const std::string& state) {
    struct Word {
        const char* state;
        const char* text;
    };
    static constexpr Word words[] = {
        {"created", QT_TRANSLATE_NOOP("retort::State", "queued")},
        {"running", QT_TRANSLATE_NOOP("retort::State", "running")},
        {"paused", QT_TRANSLATE_NOOP("retort::State", "paused")},
        {"finished", QT_TRANSLATE_NOOP("retort::State", "finished")},
        {"stopped", QT_TRANSLATE_NOOP("retort::State", "stopped")},
        {"failed", QT_TRANSLATE_NOOP("retort::State", "failed")},
        {"lost", QT_TRANSLATE_NOOP("retort::State", "lost")},
    };
    for (const Word& word : words)
        if (state == word.state) return QCoreApplication::translate("retort::State", word.text);
    return QString::fromStdString(state);
}

}  // namespace retort
