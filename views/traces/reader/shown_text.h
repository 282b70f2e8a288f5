// Bytes of a trace as text to show, with the way back from every shown character to its bytes. Offsets never
// fall inside a character; invalid bytes are shown as U+FFFD each.
#pragma once

#include <QString>
#include <cstdint>
#include <string_view>
#include <vector>

namespace retort {

struct ShownText {
    QString text;
    std::vector<std::int32_t> bytes;  ///< of each UTF-16 unit, the byte where its character begins; one more

    void append(QStringView shown, std::int32_t byte);
    /// The first unit of the first character that begins at or behind `byte`.
    int unitAt(std::int64_t byte) const;
    std::int32_t byteAt(int unit) const;
};

/// Line breaks become U+2028, other control characters their pictures. With `marks` a line break has a
/// visible sign, so that its token can be seen.
ShownText shownText(std::string_view utf8, bool marks = false);
/// The same for a part of a row: appends to `shown` what stands in [begin, end).
void appendShown(ShownText& shown, std::string_view utf8, std::int32_t begin, std::int32_t end, bool marks);

/// The nearest place at or before `at` where a character begins (at most 3 bytes away).
std::int64_t characterStart(std::string_view utf8, std::int64_t at);

}  // namespace retort
