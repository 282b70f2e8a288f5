#include "views/traces/reader/shown_text.h"

#include <algorithm>

#include "core/tokenizers/utf8.h"

namespace retort {

void ShownText::append(QStringView shown, std::int32_t byte) {
    text += shown;
    bytes.insert(bytes.end(), static_cast<std::size_t>(shown.size()), byte);
}

int ShownText::unitAt(std::int64_t byte) const {
    const auto last = bytes.empty() ? bytes.end() : std::prev(bytes.end());
    return static_cast<int>(std::lower_bound(bytes.begin(), last, byte) - bytes.begin());
}

std::int32_t ShownText::byteAt(int unit) const {
    if (bytes.empty()) return 0;
    return bytes[static_cast<std::size_t>(std::clamp(unit, 0, static_cast<int>(bytes.size()) - 1))];
}

void appendShown(ShownText& shown, std::string_view utf8, std::int32_t begin, std::int32_t end, bool marks) {
    for (std::int32_t at = begin; at < end;) {
        const auto byte = static_cast<unsigned char>(utf8[static_cast<std::size_t>(at)]);
        if (byte >= 0x20 && byte < 0x7f) {
            shown.text += QLatin1Char(static_cast<char>(byte));
            shown.bytes.push_back(at++);
            continue;
        }
        if (byte == '\n') {
            shown.append(marks ? QStringView(u"↵\u2028") : QStringView(u"\u2028"), at++);
            continue;
        }
        if (byte < 0x20 || byte == 0x7f) {
            const char16_t picture = byte == '\t'   ? u'\t'
                                     : byte == '\r' ? u' '
                                     : byte == 0x7f ? char16_t(0x2421)
                                                    : char16_t(0x2400 + byte);
            shown.append(QStringView(&picture, 1), at++);
            continue;
        }
        const auto length = static_cast<std::int32_t>(utf8Length(utf8, static_cast<std::size_t>(at)));
        if (length == 0) {
            shown.append(u"\ufffd", at++);
            continue;
        }
        const char32_t code =
            utf8Decode(utf8, static_cast<std::size_t>(at), static_cast<std::size_t>(length));
        shown.append(QString::fromUcs4(&code, 1), at);
        at += length;
    }
}

ShownText shownText(std::string_view utf8, bool marks) {
    ShownText shown;
    const auto size = static_cast<std::int32_t>(utf8.size());
    shown.text.reserve(size);
    shown.bytes.reserve(utf8.size() + 1);
    appendShown(shown, utf8, 0, size, marks);
    shown.bytes.push_back(size);
    return shown;
}

std::int64_t characterStart(std::string_view utf8, std::int64_t at) {
    const auto size = static_cast<std::int64_t>(utf8.size());
    at = std::clamp<std::int64_t>(at, 0, size);
    for (std::int64_t back = at; back > 0 && at - back < 3 && at < size; --back) {
        const auto byte = static_cast<unsigned char>(utf8[static_cast<std::size_t>(back)]);
        if ((byte & 0xc0u) == 0x80u) continue;
        const std::size_t length = utf8Length(utf8, static_cast<std::size_t>(back));
        return length > static_cast<std::size_t>(at - back) ? back : at;
    }
    if (at < size && at > 0) {  // the lead byte may be the third before
        const std::int64_t lead = std::max<std::int64_t>(0, at - 3);
        const std::size_t length = utf8Length(utf8, static_cast<std::size_t>(lead));
        if (length > static_cast<std::size_t>(at - lead)) return lead;
    }
    return at;
}

}  // namespace retort
