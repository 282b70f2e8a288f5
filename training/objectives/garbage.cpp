#include "training/objectives/garbage.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/tokenizers/regex.h"
#include "core/tokenizers/unicode_class.h"
#include "core/tokenizers/utf8.h"
#include "core/util/error.h"

namespace retort {
namespace {

// Of Unicode, with letters. Those written beside each other in one text stand on one line and are one.
constexpr const char* scripts[] = {"Latin",
                                   "Common",
                                   "Inherited",
                                   "Greek",
                                   "Cyrillic",
                                   "Hiragana|Katakana|Han",
                                   "Hangul",
                                   "Arabic",
                                   "Hebrew",
                                   "Devanagari",
                                   "Thai",
                                   "Bengali",
                                   "Tamil",
                                   "Telugu",
                                   "Kannada",
                                   "Malayalam",
                                   "Gujarati",
                                   "Gurmukhi",
                                   "Oriya",
                                   "Sinhala",
                                   "Lao",
                                   "Tibetan",
                                   "Myanmar",
                                   "Georgian",
                                   "Armenian",
                                   "Ethiopic",
                                   "Khmer",
                                   "Mongolian",
                                   "Bopomofo",
                                   "Cherokee",
                                   "Canadian_Aboriginal",
                                   "Ogham",
                                   "Runic",
                                   "Syriac",
                                   "Thaana",
                                   "Yi",
                                   "Braille",
                                   "Coptic",
                                   "Gothic",
                                   "Old_Italic",
                                   "Deseret",
                                   "Tagalog",
                                   "Hanunoo",
                                   "Buhid",
                                   "Tagbanwa",
                                   "Limbu",
                                   "Tai_Le",
                                   "Linear_B",
                                   "Ugaritic",
                                   "Shavian",
                                   "Osmanya",
                                   "Cypriot",
                                   "Buginese",
                                   "New_Tai_Lue",
                                   "Glagolitic",
                                   "Tifinagh",
                                   "Syloti_Nagri",
                                   "Old_Persian",
                                   "Kharoshthi",
                                   "Balinese",
                                   "Cuneiform",
                                   "Phoenician",
                                   "Phags_Pa",
                                   "Nko",
                                   "Sundanese",
                                   "Lepcha",
                                   "Ol_Chiki",
                                   "Vai",
                                   "Saurashtra",
                                   "Kayah_Li",
                                   "Rejang",
                                   "Lycian",
                                   "Carian",
                                   "Lydian",
                                   "Cham",
                                   "Tai_Tham",
                                   "Tai_Viet",
                                   "Avestan",
                                   "Egyptian_Hieroglyphs",
                                   "Samaritan",
                                   "Lisu",
                                   "Bamum",
                                   "Javanese",
                                   "Meetei_Mayek",
                                   "Imperial_Aramaic",
                                   "Old_South_Arabian",
                                   "Inscriptional_Parthian",
                                   "Inscriptional_Pahlavi",
                                   "Old_Turkic",
                                   "Kaithi",
                                   "Batak",
                                   "Brahmi",
                                   "Mandaic",
                                   "Chakma",
                                   "Meroitic_Cursive",
                                   "Meroitic_Hieroglyphs",
                                   "Miao",
                                   "Sharada",
                                   "Sora_Sompeng",
                                   "Takri",
                                   "Caucasian_Albanian",
                                   "Bassa_Vah",
                                   "Duployan",
                                   "Elbasan",
                                   "Grantha",
                                   "Pahawh_Hmong",
                                   "Khojki",
                                   "Linear_A",
                                   "Mahajani",
                                   "Manichaean",
                                   "Mende_Kikakui",
                                   "Modi",
                                   "Mro",
                                   "Old_North_Arabian",
                                   "Nabataean",
                                   "Palmyrene",
                                   "Pau_Cin_Hau",
                                   "Old_Permic",
                                   "Psalter_Pahlavi",
                                   "Siddham",
                                   "Khudawadi",
                                   "Tirhuta",
                                   "Warang_Citi",
                                   "Ahom",
                                   "Anatolian_Hieroglyphs",
                                   "Hatran",
                                   "Multani",
                                   "Old_Hungarian",
                                   "SignWriting",
                                   "Adlam",
                                   "Bhaiksuki",
                                   "Marchen",
                                   "Newa",
                                   "Osage",
                                   "Tangut",
                                   "Masaram_Gondi",
                                   "Nushu",
                                   "Soyombo",
                                   "Zanabazar_Square",
                                   "Dogra",
                                   "Gunjala_Gondi",
                                   "Hanifi_Rohingya",
                                   "Makasar",
                                   "Medefaidrin",
                                   "Old_Sogdian",
                                   "Sogdian",
                                   "Elymaic",
                                   "Nandinagari",
                                   "Nyiakeng_Puachue_Hmong",
                                   "Wancho",
                                   "Chorasmian",
                                   "Dives_Akuru",
                                   "Khitan_Small_Script",
                                   "Yezidi",
                                   "Cypro_Minoan",
                                   "Old_Uyghur",
                                   "Tangsa",
                                   "Toto",
                                   "Vithkuqi",
                                   "Kawi",
                                   "Nag_Mundari"};
constexpr int latin = 0, inherited = 2, greek = 3;

std::optional<Regex> scriptPattern(std::string_view names) {
    std::string pattern = "[";
    for (std::size_t begin = 0; begin <= names.size();) {
        const std::size_t end = std::min(names.find('|', begin), names.size());
        pattern += "\\p{" + std::string(names.substr(begin, end - begin)) + "}";
        begin = end + 1;
    }
    try {
        return Regex(pattern + "]");
    } catch (const Error&) {
        return std::nullopt;  // younger than this PCRE2
    }
}

/// The letter's index in `scripts`; -1: one that is not known here.
int findScript(char32_t letter) {
    static const std::vector<std::optional<Regex>> patterns = [] {
        std::vector<std::optional<Regex>> all;
        for (const char* names : scripts) all.push_back(scriptPattern(names));
        return all;
    }();
    const std::string text = utf8Encode(letter);
    for (std::size_t i = 0; i < patterns.size(); ++i)
        if (patterns[i] && !patterns[i]->matches(text).empty()) return int(i);
    return -1;
}

int scriptOf(char32_t letter) {
    if (letter < 0x80) return latin;
    // A text has few different letters, and a search through all scripts takes a good 10 µs.
    thread_local std::unordered_map<char32_t, int> known;
    const auto [found, isNew] = known.try_emplace(letter, 0);
    if (isNew) found->second = findScript(letter);
    return found->second;
}

bool isUnusable(char32_t c) {
    if (c == '\n' || c == '\t') return false;
    if (c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xfffd) return true;
    if (c < 0xa0 || isLetter(c)) return false;
    static const Regex unusable("[\\p{Cn}\\p{Co}]");
    thread_local std::unordered_map<char32_t, bool> known;
    const auto [found, isNew] = known.try_emplace(c, false);
    if (isNew) found->second = !isNumber(c) && !unusable.matches(utf8Encode(c)).empty();
    return found->second;
}

/// A part that is not UTF-8 becomes one U+FFFD.
std::vector<char32_t> charactersOf(std::string_view bytes) {
    const std::string text = utf8Lossy(bytes);
    std::vector<char32_t> characters;
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t length = utf8Length(text, i);
        characters.push_back(utf8Decode(text, i, length));
        i += length;
    }
    return characters;
}

bool isGreek(const std::vector<char32_t>& text, std::size_t i) {
    return i < text.size() && isLetter(text[i]) && scriptOf(text[i]) == greek;
}

}  // namespace

double garbageShare(std::string_view prompt, std::string_view completion) {
    if (completion.empty()) return 0;
    std::set<int> allowed = {latin, 1, inherited};
    for (const char32_t c : charactersOf(prompt))
        if (isLetter(c)) allowed.insert(scriptOf(c));
    const std::vector<char32_t> text = charactersOf(completion);
    std::int64_t garbage = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!isLetter(text[i])) {
            garbage += isUnusable(text[i]);
            continue;
        }
        const int script = scriptOf(text[i]);
        const bool isSymbol = script == greek && !(i > 0 && isGreek(text, i - 1)) && !isGreek(text, i + 1);
        garbage += !allowed.contains(script) && !isSymbol;
    }
    return double(garbage) / double(text.size());
}

double garbagePenalty(std::string_view prompt, std::string_view completion, double maxShare) {
    return garbageShare(prompt, completion) > maxShare ? -1 : 0;
}

}  // namespace retort
