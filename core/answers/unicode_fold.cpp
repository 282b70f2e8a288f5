#include "core/answers/unicode_fold.h"

#include <unordered_map>

#include "core/tokenizers/utf8.h"

namespace retort::answers {
namespace {

// A vulgar fraction is bracketed with a space before it, so that "7½" is the mixed number 7 1/2.
const std::unordered_map<std::string_view, std::string_view>& replacements() {
    static const std::unordered_map<std::string_view, std::string_view> table = {
        {"−", "-"},
        {"‐", "-"},
        {"‑", "-"},
        {"–", "-"},
        {"—", "-"},
        {"﹣", "-"},
        {"－", "-"},
        {"＋", "+"},
        {"×", "\\times "},
        {"✕", "\\times "},
        {"⋅", "\\cdot "},
        {"·", "\\cdot "},
        {"∙", "\\cdot "},
        {"÷", "\\div "},
        {"∕", "/"},
        {"⁄", "/"},
        {"∶", ":"},
        {"：", ":"},
        {"√", "\\sqrt "},
        {"∛", "\\sqrt[3] "},
        {"∜", "\\sqrt[4] "},
        {"π", "\\pi "},
        {"𝜋", "\\pi "},
        {"∞", "\\infty "},
        {"≤", "\\le "},
        {"⩽", "\\le "},
        {"≦", "\\le "},
        {"≥", "\\ge "},
        {"⩾", "\\ge "},
        {"≧", "\\ge "},
        {"≠", "\\ne "},
        {"≡", "\\equiv "},
        {"≈", "\\approx "},
        {"≃", "\\approx "},
        {"∪", "\\cup "},
        {"∩", "\\cap "},
        {"∈", "\\in "},
        {"∖", "\\setminus "},
        {"∴", " "},
        {"¢", "\\text{cents}"},
        {"€", "\\text{euros}"},
        {"£", "\\text{pounds}"},
        {"¥", "\\text{yen}"},
        {"₹", "\\text{rupees}"},
        {"`", " "},
        {"∅", "\\emptyset "},
        {"±", "\\pm "},
        {"∓", "\\mp "},
        {"°", "^\\circ "},
        {"º", "^\\circ "},
        {"′", "'"},
        {"’", "'"},
        {"‘", "'"},
        {"“", "\""},
        {"”", "\""},
        {"…", "\\ldots "},
        {"⋯", "\\ldots "},
        {"∠", "\\angle "},
        {"△", "\\triangle "},
        {"ℝ", "\\mathbb{R}"},
        {"ℤ", "\\mathbb{Z}"},
        {"ℚ", "\\mathbb{Q}"},
        {"ℕ", "\\mathbb{N}"},
        {"ℂ", "\\mathbb{C}"},
        {"α", "\\alpha "},
        {"β", "\\beta "},
        {"γ", "\\gamma "},
        {"δ", "\\delta "},
        {"θ", "\\theta "},
        {"λ", "\\lambda "},
        {"μ", "\\mu "},
        {"φ", "\\phi "},
        {"ω", "\\omega "},
        {"σ", "\\sigma "},
        {"Δ", "\\Delta "},
        {"⌊", "\\lfloor "},
        {"⌋", "\\rfloor "},
        {"⌈", "\\lceil "},
        {"⌉", "\\rceil "},
        {"⟨", "\\langle "},
        {"⟩", "\\rangle "},
        {"〈", "\\langle "},
        {"〉", "\\rangle "},
        {"％", "%"},
        {"（", "("},
        {"）", ")"},
        {"，", ","},
        {"；", ";"},
        {"＝", "="},
        {"＜", "<"},
        {"＞", ">"},
        {"。", "."},
        {"［", "["},
        {"］", "]"},
        {"｛", "{"},
        {"｝", "}"},
        {"．", "."},
        {"、", ","},
        {"½", " \\frac{1}{2}"},
        {"⅓", " \\frac{1}{3}"},
        {"⅔", " \\frac{2}{3}"},
        {"¼", " \\frac{1}{4}"},
        {"¾", " \\frac{3}{4}"},
        {"⅕", " \\frac{1}{5}"},
        {"⅖", " \\frac{2}{5}"},
        {"⅗", " \\frac{3}{5}"},
        {"⅘", " \\frac{4}{5}"},
        {"⅙", " \\frac{1}{6}"},
        {"⅚", " \\frac{5}{6}"},
        {"⅛", " \\frac{1}{8}"},
        {"⅜", " \\frac{3}{8}"},
        {"⅝", " \\frac{5}{8}"},
        {"⅞", " \\frac{7}{8}"},
        {"\u00a0", " "},
        {"\u2002", " "},
        {"\u2003", " "},
        {"\u2009", "\\,"},
        {"\u200a", "\\,"},
        {"\u202f", "\\,"},
        {"\u2005", " "},
        {"\u2006", " "},
        {"\u2007", " "},
        {"\u2008", " "},
        {"\u3000", " "},
        {"\u200b", ""},
        {"\u2060", ""},
        {"\ufeff", ""},
        {"\u2061", ""},
        {"\u2062", "*"},
    };
    return table;
}

// ⁰¹²³…⁻ and ₀₁₂…: the character in the middle of the line; 0 for others.
char raised(std::string_view c) {
    constexpr std::pair<std::string_view, char> table[] = {
        {"⁰", '0'}, {"¹", '1'}, {"²", '2'}, {"³", '3'}, {"⁴", '4'}, {"⁵", '5'}, {"⁶", '6'},
        {"⁷", '7'}, {"⁸", '8'}, {"⁹", '9'}, {"⁻", '-'}, {"ⁿ", 'n'}, {"⁺", '+'},
    };
    for (const auto& [from, to] : table)
        if (from == c) return to;
    return 0;
}

char lowered(std::string_view c) {
    constexpr std::pair<std::string_view, char> table[] = {
        {"₀", '0'}, {"₁", '1'}, {"₂", '2'}, {"₃", '3'}, {"₄", '4'},
        {"₅", '5'}, {"₆", '6'}, {"₇", '7'}, {"₈", '8'}, {"₉", '9'},
    };
    for (const auto& [from, to] : table)
        if (from == c) return to;
    return 0;
}

// Full-width digits and letters.
char fullWidth(std::string_view c) {
    if (c.size() != 3 || c[0] != '\xef') return 0;
    const unsigned code = (0xfu << 12) | (unsigned(c[1]) & 0x3fu) << 6 | (unsigned(c[2]) & 0x3fu);
    const bool digit = code >= 0xff10 && code <= 0xff19;
    const bool letter = (code >= 0xff21 && code <= 0xff3a) || (code >= 0xff41 && code <= 0xff5a);
    return digit || letter ? char(code - 0xff01 + 0x21) : 0;
}

class Folder {
  public:
    void take(std::string_view c) {
        const char up = raised(c), down = up ? 0 : lowered(c);
        if (const char script = up ? '^' : down ? '_' : 0; script != m_script) {
            if (m_script) m_out += '}';
            if (script) m_out.append(1, script).append(1, '{');
            m_script = script;
        }
        if (up || down)
            m_out += up ? up : down;
        else if (const char wide = fullWidth(c))
            m_out += wide;
        else if (const auto found = replacements().find(c); found != replacements().end())
            m_out += found->second;
        else
            m_out += c;
    }
    std::string finish() {
        if (m_script) m_out += '}';
        return std::move(m_out);
    }

  private:
    std::string m_out;
    char m_script = 0;
};

}  // namespace

std::string foldUnicode(std::string_view text) {
    Folder folder;
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t length = std::max<std::size_t>(utf8Length(text, i), 1);
        folder.take(text.substr(i, length));
        i += length;
    }
    return folder.finish();
}

}  // namespace retort::answers
