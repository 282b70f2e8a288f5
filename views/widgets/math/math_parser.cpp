// TeX's mathematics, the part of it that reasoning traces write.
#include <QHash>

#include "views/widgets/math/math_symbols.h"

namespace retort {

namespace {

using Kind = MathNode::Kind;

constexpr int mostDepth = 24, mostNodes = 3000;
constexpr qsizetype mostCharacters = 8000;

struct Unknown {};  // thrown and caught here alone

MathNode atom(const QString& text, MathClass type = MathClass::Ordinary, bool italic = false) {
    MathNode node;
    node.kind = Kind::Atom;
    node.text = text;
    node.type = type;
    node.italic = italic;
    return node;
}

MathNode with(Kind kind, std::vector<MathNode> children) {
    MathNode node;
    node.kind = kind;
    node.children = std::move(children);
    return node;
}

MathNode space(double em) {
    MathNode node;
    node.kind = Kind::Space;
    node.amount = em;
    return node;
}

QString doubleStruck(const QString& text) {
    static const QHash<QChar, QString> letters = {{u'N', QStringLiteral("ℕ")}, {u'Z', QStringLiteral("ℤ")},
                                                  {u'Q', QStringLiteral("ℚ")}, {u'R', QStringLiteral("ℝ")},
                                                  {u'C', QStringLiteral("ℂ")}, {u'P', QStringLiteral("ℙ")},
                                                  {u'H', QStringLiteral("ℍ")}};
    return text.size() == 1 ? letters.value(text[0], text) : text;
}

class Parser {
  public:
    explicit Parser(QStringView tex) : m_tex(tex) {}

    MathNode whole() {
        MathNode row = parseRow({});
        if (m_at < m_tex.size()) throw Unknown();
        return row;
    }

  private:
    // --- tokens ---
    void skipWhite() {
        while (m_at < m_tex.size()) {
            if (m_tex[m_at].isSpace())
                ++m_at;
            else if (m_tex[m_at] == u'%')
                while (m_at < m_tex.size() && m_tex[m_at] != u'\n') ++m_at;
            else
                break;
        }
    }
    /// "x", "\\frac", "\\{", "{" …; empty at the end.
    QStringView peek() {
        skipWhite();
        if (m_at >= m_tex.size()) return {};
        if (m_tex[m_at] != u'\\') return m_tex.mid(m_at, m_tex[m_at].isHighSurrogate() ? 2 : 1);
        qsizetype end = m_at + 1;
        const auto isLetter = [this](qsizetype i) {
            const char16_t c = m_tex[i].unicode();
            return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z');
        };
        if (end >= m_tex.size()) throw Unknown();
        if (!isLetter(end)) return m_tex.mid(m_at, 2);
        while (end < m_tex.size() && isLetter(end)) ++end;
        return m_tex.mid(m_at, end - m_at);
    }
    QStringView take() {
        const QStringView token = peek();
        m_at += token.size();
        return token;
    }
    void expect(QStringView token) {
        if (take() != token) throw Unknown();
    }

    struct Deeper {
        explicit Deeper(int& depth) : m_depth(depth) {
            if (++m_depth > mostDepth) throw Unknown();
        }
        ~Deeper() { --m_depth; }
        int& m_depth;
    };
    void count() {
        if (++m_nodes > mostNodes) throw Unknown();
    }

    // --- what formulas are made of ---
    /// Up to one of the tokens that end it, which is left.
    MathNode parseRow(std::initializer_list<QStringView> ends) {
        const Deeper deeper(m_depth);
        MathNode row;
        for (;;) {
            const QStringView token = peek();
            if (token.isEmpty()) {
                if (ends.size() > 0) throw Unknown();
                return row;
            }
            for (const QStringView end : ends)
                if (token == end) return row;
            if (token == u"}" || token == u"&" || token == u"\\\\" || token == u"\\right" ||
                token == u"\\end")
                throw Unknown();
            parseInto(row);
        }
    }

    void parseInto(MathNode& row) {
        count();
        const QStringView token = peek();
        if (token == u"^" || token == u"_" || token == u"'") {
            // Nothing before it, as in "{}_n C".
            MathNode base;
            row.children.push_back(parseScripts(std::move(base)));
            return;
        }
        std::optional<MathNode> node = parseOne();
        if (!node) return;
        row.children.push_back(parseScripts(std::move(*node)));
    }

    MathNode parseScripts(MathNode base) {
        MathNode upper, lower;
        bool any = false, hasUpper = false, hasLower = false;
        for (;;) {
            const QStringView token = peek();
            if (token == u"\\limits" || token == u"\\nolimits") {
                base.limits = token == u"\\limits";
                take();
            } else if (token == u"'") {
                take();
                count();
                upper.children.push_back(atom(QStringLiteral("′")));
                any = true;
            } else if (token == u"^" && !hasUpper) {
                take();
                upper.children.push_back(parseArgument());
                any = hasUpper = true;
            } else if (token == u"_" && !hasLower) {
                take();
                lower.children.push_back(parseArgument());
                any = hasLower = true;
            } else if (token == u"^" || token == u"_") {
                throw Unknown();  // TeX: double superscript
            } else {
                break;
            }
        }
        if (!any) return base;
        MathNode node = with(Kind::Scripts, {});
        node.type = base.type;
        node.limits = base.limits;
        node.children.push_back(std::move(base));
        node.children.push_back(std::move(upper));
        node.children.push_back(std::move(lower));
        return node;
    }

    /// A group in braces or one token.
    MathNode parseArgument() {
        const Deeper deeper(m_depth);
        if (peek() == u"{") {
            take();
            MathNode row = parseRow({u"}"});
            take();
            return row;
        }
        if (peek().isEmpty() || peek() == u"}") throw Unknown();
        std::optional<MathNode> node = parseOne();
        if (!node) throw Unknown();
        return *node;
    }

    /// The text of a group, as it stands.
    QString parseText() {
        expect(u"{");
        QString text;
        for (int open = 1; m_at < m_tex.size(); ++m_at) {
            const QChar c = m_tex[m_at];
            if (c == u'\\' && m_at + 1 < m_tex.size() && !m_tex[m_at + 1].isLetter()) {
                text += m_tex[++m_at];
                continue;
            }
            if (c == u'\\' || c == u'$') throw Unknown();  // mathematics in text
            if (c == u'{') ++open;
            if (c == u'}' && --open == 0) {
                ++m_at;
                return text;
            }
            if (c != u'{' && c != u'}') text += c.isSpace() ? QChar(u' ') : c;
        }
        throw Unknown();
    }

    std::optional<MathNode> parseOne() {
        const QStringView token = take();
        if (token == u"{") {
            MathNode row = parseRow({u"}"});
            take();
            return row;
        }
        if (token == u"~") return space(0.33);
        if (token.startsWith(u'\\')) return parseCommand(token.mid(1));
        if (token == u"-") return atom(QStringLiteral("−"), MathClass::Binary);
        if (token == u"*") return atom(QStringLiteral("∗"), MathClass::Binary);
        if (token == u"$" || token == u"#" || token == u"}" || token == u"&") throw Unknown();
        const bool letter = token[0].isLetter() && token.size() == 1;
        return atom(token.toString(), classOf(token[0]), letter && token[0].script() == QChar::Script_Latin);
    }

    std::optional<MathNode> parseCommand(QStringView name) {
        if (const auto symbol = mathSymbol(name)) {
            MathNode node = atom(QString::fromUtf16(symbol->text), symbol->type);
            const bool integral = name.endsWith(u"int");
            node.limits = symbol->type == MathClass::Operator && !integral;
            node.italic = symbol->type == MathClass::Ordinary && node.text.size() == 1 &&
                          node.text[0].unicode() >= 0x3b1 && node.text[0].unicode() <= 0x3f5;  // small Greek
            return node;
        }
        if (isMathFunction(name)) {
            MathNode node = atom(name == u"argmax"   ? QStringLiteral("arg max")
                                 : name == u"argmin" ? QStringLiteral("arg min")
                                                     : name.toString(),
                                 MathClass::Function);
            node.limits = takesLimits(name);
            return node;
        }
        if (const auto em = spaceOf(name)) return space(*em);
        if (const QString accent = accentOf(name); !accent.isEmpty()) {
            MathNode node = with(Kind::Accent, {parseArgument()});
            node.text = accent;
            return node;
        }
        return parseConstruct(name);
    }

    static std::optional<double> spaceOf(QStringView name) {
        static const QHash<QString, double> spaces = {
            {QStringLiteral(","), 0.17},     {QStringLiteral(":"), 0.22},        {QStringLiteral(">"), 0.22},
            {QStringLiteral(";"), 0.28},     {QStringLiteral("!"), -0.17},       {QStringLiteral(" "), 0.33},
            {QStringLiteral("\n"), 0.33},    {QStringLiteral("quad"), 1},        {QStringLiteral("qquad"), 2},
            {QStringLiteral("enspace"), .5}, {QStringLiteral("thinspace"), 0.17}};
        const auto found = spaces.constFind(name.toString());
        return found == spaces.constEnd() ? std::nullopt : std::optional(*found);
    }

    std::optional<MathNode> parseConstruct(QStringView name) {
        if (name == u"frac" || name == u"dfrac" || name == u"tfrac" || name == u"cfrac") {
            MathNode above = parseArgument(), below = parseArgument();
            return with(Kind::Fraction, {std::move(above), std::move(below)});
        }
        if (name == u"binom" || name == u"dbinom" || name == u"tbinom") {
            MathNode above = parseArgument(), below = parseArgument();
            MathNode inner = with(Kind::Fraction, {std::move(above), std::move(below)});
            inner.bare = true;
            MathNode node = with(Kind::Fenced, {std::move(inner)});
            node.left = QStringLiteral("(");
            node.right = QStringLiteral(")");
            return node;
        }
        if (name == u"sqrt") {
            std::optional<MathNode> degree;
            if (peek() == u"[") {
                take();
                degree = parseRow({u"]"});
                take();
            }
            MathNode node = with(Kind::Root, {parseArgument()});
            if (degree) node.children.push_back(std::move(*degree));
            return node;
        }
        if (name == u"overline" || name == u"bar" || name == u"underline") {
            MathNode node = with(Kind::Line, {parseArgument()});
            node.bare = name == u"underline";
            return node;
        }
        if (name == u"boxed" || name == u"fbox" || name == u"framebox")
            return with(Kind::Boxed, {name == u"boxed" ? parseArgument() : atom(parseText())});
        if (name == u"left") return parseFenced();
        if (name == u"begin") return parseEnvironment();
        if (name == u"not") return negated();
        if (name == u"overset" || name == u"stackrel" || name == u"underset") {
            MathNode mark = parseArgument(), base = parseArgument();
            MathNode node = with(Kind::Stack, {});
            node.type = base.type;
            MathNode nothing;
            node.children.push_back(std::move(base));
            node.children.push_back(name == u"underset" ? nothing : mark);
            node.children.push_back(name == u"underset" ? mark : nothing);
            return node;
        }
        if (name == u"pmod" || name == u"pod") {
            MathNode row;
            row.children = {space(0.5), atom(name == u"pmod" ? QStringLiteral("(mod ") : QStringLiteral("(")),
                            parseArgument(), atom(QStringLiteral(")"))};
            return row;
        }
        if (name == u"tag")
            return row2(space(1), atom(QStringLiteral("(") + parseText() + QStringLiteral(")")));
        return parseFont(name);
    }

    static MathNode row2(MathNode first, MathNode second) {
        MathNode row;
        row.children.push_back(std::move(first));
        row.children.push_back(std::move(second));
        return row;
    }

    std::optional<MathNode> parseFont(QStringView name) {
        if (name == u"text" || name == u"textrm" || name == u"mbox" || name == u"textnormal" ||
            name == u"textsf" || name == u"texttt")
            return atom(parseText());
        if (name == u"textbf" || name == u"textit" || name == u"emph") {
            MathNode node = atom(parseText());
            node.bold = name == u"textbf";
            node.italic = !node.bold;
            return node;
        }
        if (name == u"operatorname") {
            if (peek() == u"*") take();
            return atom(parseText(), MathClass::Function);
        }
        const bool bold = name == u"mathbf" || name == u"boldsymbol" || name == u"bm";
        if (bold || name == u"mathrm" || name == u"mathit" || name == u"mathbb" || name == u"mathcal" ||
            name == u"mathsf" || name == u"mathtt" || name == u"mathfrak" || name == u"mathscr") {
            MathNode node = parseArgument();
            restyle(node, bold, name == u"mathit" || name == u"mathcal" || name == u"mathscr",
                    name == u"mathbb");
            return node;
        }
        // What only says how large or where; sizes of delimiters stay as they are.
        for (const QStringView ignored :
             {u"displaystyle", u"textstyle", u"scriptstyle", u"limits", u"nolimits", u"nonumber", u"notag"})
            if (name == ignored) return std::nullopt;
        for (const QStringView size : {u"big", u"Big", u"bigg", u"Bigg", u"bigl", u"bigr", u"Bigl", u"Bigr",
                                       u"biggl", u"biggr", u"Biggl", u"Biggr", u"bigm", u"middle"})
            if (name == size) {
                const auto delimiter = delimiterOf(take());
                if (!delimiter) throw Unknown();
                const bool opens = name.endsWith(u'l'), closes = name.endsWith(u'r');
                return atom(*delimiter, opens    ? MathClass::Open
                                        : closes ? MathClass::Close
                                                 : MathClass::Ordinary);
            }
        throw Unknown();
    }

    static void restyle(MathNode& node, bool bold, bool italic, bool struck) {
        if (node.kind == Kind::Atom) {
            node.bold = node.bold || bold;
            node.italic = bold ? false : italic;
            if (struck) node.text = doubleStruck(node.text);
        }
        for (MathNode& child : node.children) restyle(child, bold, italic, struck);
    }

    MathNode negated() {
        static const QHash<QString, QString> known = {
            {QStringLiteral("="), QStringLiteral("≠")}, {QStringLiteral("∈"), QStringLiteral("∉")},
            {QStringLiteral("≡"), QStringLiteral("≢")}, {QStringLiteral("∣"), QStringLiteral("∤")},
            {QStringLiteral("⊂"), QStringLiteral("⊄")}, {QStringLiteral("⊆"), QStringLiteral("⊈")},
            {QStringLiteral("<"), QStringLiteral("≮")}, {QStringLiteral(">"), QStringLiteral("≯")},
            {QStringLiteral("∼"), QStringLiteral("≁")}, {QStringLiteral("≈"), QStringLiteral("≉")},
            {QStringLiteral("∃"), QStringLiteral("∄")}, {QStringLiteral("≅"), QStringLiteral("≇")}};
        const MathNode node = parseArgument();
        if (node.kind != Kind::Atom || !known.contains(node.text)) throw Unknown();
        return atom(known.value(node.text), MathClass::Relation);
    }

    MathNode parseFenced() {
        const auto left = delimiterOf(take());
        if (!left) throw Unknown();
        MathNode inner = parseRow({u"\\right"});
        take();
        const auto right = delimiterOf(take());
        if (!right) throw Unknown();
        MathNode node = with(Kind::Fenced, {std::move(inner)});
        node.left = *left;
        node.right = *right;
        return node;
    }

    MathNode parseEnvironment() {
        const QString name = parseText();
        struct Environment {
            const char16_t *left, *right;
            bool leftAligned, aligned;
        };
        static const QHash<QString, Environment> known = {
            {QStringLiteral("matrix"), {u"", u"", false, false}},
            {QStringLiteral("smallmatrix"), {u"", u"", false, false}},
            {QStringLiteral("pmatrix"), {u"(", u")", false, false}},
            {QStringLiteral("bmatrix"), {u"[", u"]", false, false}},
            {QStringLiteral("Bmatrix"), {u"{", u"}", false, false}},
            {QStringLiteral("vmatrix"), {u"|", u"|", false, false}},
            {QStringLiteral("Vmatrix"), {u"‖", u"‖", false, false}},
            {QStringLiteral("array"), {u"", u"", false, false}},
            {QStringLiteral("cases"), {u"{", u"", true, false}},
            {QStringLiteral("aligned"), {u"", u"", false, true}},
            {QStringLiteral("align"), {u"", u"", false, true}},
            {QStringLiteral("align*"), {u"", u"", false, true}},
            {QStringLiteral("split"), {u"", u"", false, true}},
            {QStringLiteral("gather"), {u"", u"", false, false}},
            {QStringLiteral("gather*"), {u"", u"", false, false}},
            {QStringLiteral("gathered"), {u"", u"", false, false}},
            {QStringLiteral("equation"), {u"", u"", false, false}},
            {QStringLiteral("equation*"), {u"", u"", false, false}}};
        const auto found = known.constFind(name);
        if (found == known.constEnd()) throw Unknown();
        if (name == QLatin1String("array")) {
            const QString columns = parseText();  // lines between columns are not drawn
            for (const QChar c : columns)
                if (!QStringView(u"lcr| ").contains(c)) throw Unknown();
        }
        MathNode matrix = parseCells();
        if (parseText() != name) throw Unknown();
        matrix.leftAligned = found->leftAligned;
        matrix.aligned = found->aligned;
        if (*found->left == 0 && *found->right == 0) return matrix;
        MathNode node = with(Kind::Fenced, {std::move(matrix)});
        node.left = QString::fromUtf16(found->left);
        node.right = QString::fromUtf16(found->right);
        return node;
    }

    /// Up to and with \end.
    MathNode parseCells() {
        std::vector<std::vector<MathNode>> rows(1);
        for (;;) {
            while (peek() == u"\\hline") take();
            rows.back().push_back(parseRow({u"&", u"\\\\", u"\\end"}));
            const QStringView token = take();
            if (token == u"\\end") break;
            if (token == u"\\\\") {
                if (peek() == u"[") {  // an extra distance
                    while (!peek().isEmpty() && peek() != u"]") take();
                    take();
                }
                rows.emplace_back();
            }
        }
        if (rows.size() > 1 && rows.back().size() == 1 && rows.back()[0].children.empty()) rows.pop_back();
        std::size_t columns = 1;
        for (const auto& row : rows) columns = std::max(columns, row.size());
        MathNode matrix = with(Kind::Matrix, {});
        matrix.columns = static_cast<int>(columns);
        if (columns * rows.size() > mostNodes) throw Unknown();
        for (auto& row : rows) {
            row.resize(columns);
            for (MathNode& cell : row) matrix.children.push_back(std::move(cell));
        }
        return matrix;
    }

    QStringView m_tex;
    qsizetype m_at = 0;
    int m_depth = 0, m_nodes = 0;
};

}  // namespace

std::optional<MathNode> parseMath(QStringView tex) {
    if (tex.size() > mostCharacters) return std::nullopt;
    try {
        return Parser(tex).whole();
    } catch (const Unknown&) {
        return std::nullopt;
    }
}

}  // namespace retort
