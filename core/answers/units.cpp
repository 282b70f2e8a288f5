#include "core/answers/units.h"

#include <map>
#include <set>
#include <vector>

#include "core/answers/text_form.h"

namespace retort::answers {
namespace {

struct UnitEntry {
    std::string_view name;      // the one name
    std::string_view quantity;  // units of one quantity convert; empty: only into itself
    const char* factor;         // to the quantity's base unit
    std::vector<std::string_view> aliases;
};

const std::vector<UnitEntry>& table() {
    static const std::vector<UnitEntry> units = {
        {"mm", "length", "1/1000", {"millimeter", "millimetre"}},
        {"cm", "length", "1/100", {"centimeter", "centimetre"}},
        {"dm", "length", "1/10", {"decimeter", "decimetre"}},
        {"m", "length", "1", {"meter", "metre"}},
        {"km", "length", "1000", {"kilometer", "kilometre"}},
        {"in", "length", "127/5000", {"inch", "inches"}},
        {"ft", "length", "381/1250", {"foot", "feet"}},
        {"yd", "length", "1143/1250", {"yard"}},
        {"mi", "length", "201168/125", {"mile"}},
        {"mg", "mass", "1/1000", {"milligram"}},
        {"g", "mass", "1", {"gram", "gm", "gms"}},
        {"kg", "mass", "1000", {"kilogram", "kgs"}},
        {"ton", "", "1", {"tonne"}},
        {"lb", "pounds", "1", {"pound", "lbs"}},
        {"oz", "pounds", "1/16", {"ounce"}},
        {"ms", "time", "1/1000", {"millisecond"}},
        {"s", "time", "1", {"second", "sec", "secs"}},
        {"min", "time", "60", {"minute", "mins"}},
        {"h", "time", "3600", {"hour", "hr", "hrs"}},
        {"day", "time", "86400", {}},
        {"week", "time", "604800", {"wk"}},
        {"month", "months", "1", {}},
        {"year", "months", "12", {"yr", "yrs"}},
        {"ml", "volume", "1/1000", {"mL", "milliliter", "millilitre"}},
        {"L", "volume", "1", {"liter", "litre", "l"}},
        {"gallon", "", "1", {"gal"}},
        {"cent", "money", "1/100", {"¢"}},
        {"dollar", "money", "1", {"usd", "bucks"}},
        {"euro", "", "1", {"eur"}},
        {"yuan", "", "1", {}},
        {"rupee", "", "1", {}},
        {"degree", "angle", "1", {"deg", "°"}},
        {"radian", "", "1", {"rad"}},
        {"mi per h", "", "1", {"mph"}},
        {"km per h", "", "1", {"kph", "kmh"}},
        {"Hz", "", "1", {"hertz"}},
        {"N", "", "1", {"newton"}},
        {"J", "energy", "1", {"joule"}},
        {"kJ", "energy", "1000", {"kilojoule"}},
        {"W", "", "1", {"watt"}},
        {"V", "", "1", {"volt"}},
        {"A", "", "1", {"ampere", "amp"}},
        {"Pa", "", "1", {"pascal"}},
        {"K", "", "1", {"kelvin"}},
        {"mol", "", "1", {"mole"}},
        {"unit", "", "1", {}},
    };
    return units;
}

const UnitEntry* find(std::string_view word) {
    static const std::map<std::string, const UnitEntry*, std::less<>> index = [] {
        std::map<std::string, const UnitEntry*, std::less<>> all;
        for (const UnitEntry& unit : table()) {
            all.emplace(unit.name, &unit);
            for (std::string_view alias : unit.aliases) all.emplace(alias, &unit);
        }
        return all;
    }();
    if (const auto found = index.find(word); found != index.end()) return found->second;
    if (word.size() > 3 && word.back() == 's') return find(word.substr(0, word.size() - 1));
    return nullptr;
}

std::string lower(std::string_view text) {
    std::string out;
    for (char c : text) out += c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
    return out;
}

std::string oneName(std::string_view word) {
    while (word.ends_with('.')) word.remove_suffix(1);
    if (const UnitEntry* unit = find(word)) return std::string(unit->name);
    const std::string small = lower(word);
    if (const UnitEntry* unit = small.size() > 2 ? find(small) : nullptr) return std::string(unit->name);
    return small.size() > 3 && small.back() == 's' && !small.ends_with("ss")
               ? small.substr(0, small.size() - 1)
               : small;
}

// "cm^2" -> {"cm", "^2"}
std::pair<std::string_view, std::string_view> splitExponent(std::string_view name) {
    const std::size_t caret = name.find('^');
    return caret == std::string_view::npos ? std::pair(name, std::string_view())
                                           : std::pair(name.substr(0, caret), name.substr(caret));
}

}  // namespace

bool isUnitWord(std::string_view word) {
    static const std::set<std::string_view> more = {"square", "sq",      "cubic", "cu",
                                                    "units",  "percent", "pct",   "per"};
    return find(word) != nullptr || more.count(word) > 0 || multiplier(word);
}

bool changesMeaning(std::string_view words) {
    static const std::set<std::string_view> qualifiers = {
        "and",     "or",      "not",     "no",    "less",  "more",    "than",    "least",
        "most",    "times",   "over",    "plus",  "minus", "squared", "cubed",   "factorial",
        "choose",  "divided", "by",      "if",    "when",  "where",   "then",    "to",
        "mod",     "modulo",  "of",      "is",    "are",   "half",    "about",   "approximately",
        "but",     "because", "since",   "for",   "from",  "until",   "between", "except",
        "without", "with",    "however", "wait",  "never", "false",   "wrong",   "incorrect",
        "base",    "am",      "pm",      "pairs", "pair",  "above",   "below",   "greater",
        "fewer",   "higher",  "lower",   "under", "out"};
    std::string word;
    for (std::size_t i = 0; i <= words.size(); ++i) {
        const bool letter = i < words.size() && ((words[i] | 32) >= 'a' && (words[i] | 32) <= 'z');
        if (letter) {
            word += char(words[i] | 32);
        } else if (qualifiers.count(word)) {
            return true;
        } else {
            word.clear();
        }
    }
    return false;
}

std::optional<mpq_class> multiplier(std::string_view word) {
    static const std::map<std::string, mpq_class, std::less<>> table = {
        {"dozen", 12},
        {"hundred", 100},
        {"thousand", 1000},
        {"million", 1000000},
        {"billion", 1000000000},
        {"trillion", mpq_class("1000000000000")},
        {"half", mpq_class(1, 2)},
        {"halve", mpq_class(1, 2)},
        {"third", mpq_class(1, 3)},
        {"quarter", mpq_class(1, 4)},
        {"fourth", mpq_class(1, 4)},
        {"fifth", mpq_class(1, 5)},
        {"sixth", mpq_class(1, 6)},
        {"seventh", mpq_class(1, 7)},
        {"eighth", mpq_class(1, 8)},
        {"ninth", mpq_class(1, 9)},
        {"tenth", mpq_class(1, 10)},
        {"hundredth", mpq_class(1, 100)},
        {"thousandth", mpq_class(1, 1000)},
    };
    std::string small = lower(word);
    if (small.size() > 1 && small.back() == 's') small.pop_back();
    const auto found = table.find(small);
    return found == table.end() ? std::nullopt : std::optional(found->second);
}

std::string unitName(std::string_view written) {
    std::vector<std::string> words(1);
    for (const char c : written) {
        if (c == ' ' || c == '*') {
            if (!words.back().empty()) words.emplace_back();
        } else if (c == '/') {
            words.push_back("per");
            words.emplace_back();
        } else {
            words.back() += c;
        }
    }
    std::string name, exponent;
    for (const std::string& word : words) {
        const std::string small = lower(word);
        if (word.empty()) continue;
        if (small == "square" || small == "sq" || small == "sq.")
            exponent = "^2";
        else if (small == "cubic" || small == "cu" || small == "cu.")
            exponent = "^3";
        else {
            const auto [base, power] = splitExponent(word);
            name.append(name.empty() ? "" : " ")
                .append(oneName(base))
                .append(power.empty() ? exponent : std::string(power));
            exponent.clear();
        }
    }
    return name;
}

std::optional<mpq_class> conversion(std::string_view from, std::string_view to) {
    if (from == to) return mpq_class(1);
    const auto [fromBase, fromExponent] = splitExponent(from);
    const auto [toBase, toExponent] = splitExponent(to);
    const UnitEntry *a = find(fromBase), *b = find(toBase);
    if (a == nullptr || b == nullptr || a->quantity.empty() || a->quantity != b->quantity ||
        fromExponent != toExponent)
        return std::nullopt;
    const int power = fromExponent.empty() ? 1 : fromExponent == "^2" ? 2 : fromExponent == "^3" ? 3 : 0;
    if (power == 0) return std::nullopt;
    mpq_class once = mpq_class(a->factor) / mpq_class(b->factor), factor = 1;
    for (int i = 0; i < power; ++i) factor *= once;
    return factor;
}

}  // namespace retort::answers
