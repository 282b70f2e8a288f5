#include "views/widgets/math/math_symbols.h"

#include <QHash>

namespace retort {

namespace {

using Class = MathClass;

struct Named {
    const char* name;
    const char16_t* text;
    Class type;
};

constexpr Named symbols[] = {
    // Greek
    {"alpha", u"α", Class::Ordinary},
    {"beta", u"β", Class::Ordinary},
    {"gamma", u"γ", Class::Ordinary},
    {"delta", u"δ", Class::Ordinary},
    {"epsilon", u"ϵ", Class::Ordinary},
    {"varepsilon", u"ε", Class::Ordinary},
    {"zeta", u"ζ", Class::Ordinary},
    {"eta", u"η", Class::Ordinary},
    {"theta", u"θ", Class::Ordinary},
    {"vartheta", u"ϑ", Class::Ordinary},
    {"iota", u"ι", Class::Ordinary},
    {"kappa", u"κ", Class::Ordinary},
    {"lambda", u"λ", Class::Ordinary},
    {"mu", u"μ", Class::Ordinary},
    {"nu", u"ν", Class::Ordinary},
    {"xi", u"ξ", Class::Ordinary},
    {"pi", u"π", Class::Ordinary},
    {"varpi", u"ϖ", Class::Ordinary},
    {"rho", u"ρ", Class::Ordinary},
    {"varrho", u"ϱ", Class::Ordinary},
    {"sigma", u"σ", Class::Ordinary},
    {"varsigma", u"ς", Class::Ordinary},
    {"tau", u"τ", Class::Ordinary},
    {"upsilon", u"υ", Class::Ordinary},
    {"phi", u"ϕ", Class::Ordinary},
    {"varphi", u"φ", Class::Ordinary},
    {"chi", u"χ", Class::Ordinary},
    {"psi", u"ψ", Class::Ordinary},
    {"omega", u"ω", Class::Ordinary},
    {"Gamma", u"Γ", Class::Ordinary},
    {"Delta", u"Δ", Class::Ordinary},
    {"Theta", u"Θ", Class::Ordinary},
    {"Lambda", u"Λ", Class::Ordinary},
    {"Xi", u"Ξ", Class::Ordinary},
    {"Pi", u"Π", Class::Ordinary},
    {"Sigma", u"Σ", Class::Ordinary},
    {"Upsilon", u"Υ", Class::Ordinary},
    {"Phi", u"Φ", Class::Ordinary},
    {"Psi", u"Ψ", Class::Ordinary},
    {"Omega", u"Ω", Class::Ordinary},
    // binary operators
    {"times", u"×", Class::Binary},
    {"cdot", u"·", Class::Binary},
    {"div", u"÷", Class::Binary},
    {"pm", u"±", Class::Binary},
    {"mp", u"∓", Class::Binary},
    {"ast", u"∗", Class::Binary},
    {"star", u"⋆", Class::Binary},
    {"circ", u"∘", Class::Binary},
    {"bullet", u"∙", Class::Binary},
    {"cap", u"∩", Class::Binary},
    {"cup", u"∪", Class::Binary},
    {"setminus", u"∖", Class::Binary},
    {"wedge", u"∧", Class::Binary},
    {"land", u"∧", Class::Binary},
    {"vee", u"∨", Class::Binary},
    {"lor", u"∨", Class::Binary},
    {"oplus", u"⊕", Class::Binary},
    {"ominus", u"⊖", Class::Binary},
    {"otimes", u"⊗", Class::Binary},
    {"odot", u"⊙", Class::Binary},
    {"bmod", u"mod", Class::Binary},
    // relations
    {"leq", u"≤", Class::Relation},
    {"le", u"≤", Class::Relation},
    {"geq", u"≥", Class::Relation},
    {"ge", u"≥", Class::Relation},
    {"leqslant", u"⩽", Class::Relation},
    {"geqslant", u"⩾", Class::Relation},
    {"neq", u"≠", Class::Relation},
    {"ne", u"≠", Class::Relation},
    {"equiv", u"≡", Class::Relation},
    {"approx", u"≈", Class::Relation},
    {"sim", u"∼", Class::Relation},
    {"simeq", u"≃", Class::Relation},
    {"cong", u"≅", Class::Relation},
    {"propto", u"∝", Class::Relation},
    {"ll", u"≪", Class::Relation},
    {"gg", u"≫", Class::Relation},
    {"lt", u"<", Class::Relation},
    {"gt", u">", Class::Relation},
    {"in", u"∈", Class::Relation},
    {"notin", u"∉", Class::Relation},
    {"ni", u"∋", Class::Relation},
    {"subset", u"⊂", Class::Relation},
    {"subseteq", u"⊆", Class::Relation},
    {"supset", u"⊃", Class::Relation},
    {"supseteq", u"⊇", Class::Relation},
    {"subsetneq", u"⊊", Class::Relation},
    {"mid", u"∣", Class::Relation},
    {"nmid", u"∤", Class::Relation},
    {"parallel", u"∥", Class::Relation},
    {"perp", u"⊥", Class::Relation},
    {"prec", u"≺", Class::Relation},
    {"succ", u"≻", Class::Relation},
    {"vdash", u"⊢", Class::Relation},
    {"models", u"⊨", Class::Relation},
    {"doteq", u"≐", Class::Relation},
    {"colon", u":", Class::Punctuation},
    // arrows
    {"to", u"→", Class::Relation},
    {"rightarrow", u"→", Class::Relation},
    {"leftarrow", u"←", Class::Relation},
    {"gets", u"←", Class::Relation},
    {"leftrightarrow", u"↔", Class::Relation},
    {"Rightarrow", u"⇒", Class::Relation},
    {"Leftarrow", u"⇐", Class::Relation},
    {"Leftrightarrow", u"⇔", Class::Relation},
    {"implies", u"⟹", Class::Relation},
    {"impliedby", u"⟸", Class::Relation},
    {"iff", u"⟺", Class::Relation},
    {"mapsto", u"↦", Class::Relation},
    {"longrightarrow", u"⟶", Class::Relation},
    {"longleftarrow", u"⟵", Class::Relation},
    {"Longrightarrow", u"⟹", Class::Relation},
    {"hookrightarrow", u"↪", Class::Relation},
    {"uparrow", u"↑", Class::Relation},
    {"downarrow", u"↓", Class::Relation},
    {"nearrow", u"↗", Class::Relation},
    {"rightleftharpoons", u"⇌", Class::Relation},
    // large operators
    {"sum", u"∑", Class::Operator},
    {"prod", u"∏", Class::Operator},
    {"coprod", u"∐", Class::Operator},
    {"int", u"∫", Class::Operator},
    {"iint", u"∬", Class::Operator},
    {"iiint", u"∭", Class::Operator},
    {"oint", u"∮", Class::Operator},
    {"bigcup", u"⋃", Class::Operator},
    {"bigcap", u"⋂", Class::Operator},
    {"bigoplus", u"⨁", Class::Operator},
    {"bigotimes", u"⨂", Class::Operator},
    {"bigvee", u"⋁", Class::Operator},
    {"bigwedge", u"⋀", Class::Operator},
    // others
    {"infty", u"∞", Class::Ordinary},
    {"partial", u"∂", Class::Ordinary},
    {"nabla", u"∇", Class::Ordinary},
    {"forall", u"∀", Class::Ordinary},
    {"exists", u"∃", Class::Ordinary},
    {"nexists", u"∄", Class::Ordinary},
    {"neg", u"¬", Class::Ordinary},
    {"lnot", u"¬", Class::Ordinary},
    {"emptyset", u"∅", Class::Ordinary},
    {"varnothing", u"∅", Class::Ordinary},
    {"angle", u"∠", Class::Ordinary},
    {"triangle", u"△", Class::Ordinary},
    {"square", u"□", Class::Ordinary},
    {"Box", u"□", Class::Ordinary},
    {"blacksquare", u"■", Class::Ordinary},
    {"hbar", u"ℏ", Class::Ordinary},
    {"ell", u"ℓ", Class::Ordinary},
    {"Re", u"ℜ", Class::Ordinary},
    {"Im", u"ℑ", Class::Ordinary},
    {"aleph", u"ℵ", Class::Ordinary},
    {"wp", u"℘", Class::Ordinary},
    {"degree", u"°", Class::Ordinary},
    {"prime", u"′", Class::Ordinary},
    {"dagger", u"†", Class::Ordinary},
    {"checkmark", u"✓", Class::Ordinary},
    {"top", u"⊤", Class::Ordinary},
    {"bot", u"⊥", Class::Ordinary},
    {"ldots", u"…", Class::Ordinary},
    {"dots", u"…", Class::Ordinary},
    {"cdots", u"⋯", Class::Ordinary},
    {"vdots", u"⋮", Class::Ordinary},
    {"ddots", u"⋱", Class::Ordinary},
    {"dotsc", u"…", Class::Ordinary},
    {"dotsb", u"⋯", Class::Ordinary},
    {"therefore", u"∴", Class::Relation},
    {"because", u"∵", Class::Relation},
    {"imath", u"ı", Class::Ordinary},
    {"jmath", u"ȷ", Class::Ordinary},
    {"pounds", u"£", Class::Ordinary},
    // delimiters
    {"langle", u"⟨", Class::Open},
    {"rangle", u"⟩", Class::Close},
    {"lfloor", u"⌊", Class::Open},
    {"rfloor", u"⌋", Class::Close},
    {"lceil", u"⌈", Class::Open},
    {"rceil", u"⌉", Class::Close},
    {"lbrace", u"{", Class::Open},
    {"rbrace", u"}", Class::Close},
    {"lbrack", u"[", Class::Open},
    {"rbrack", u"]", Class::Close},
    {"lvert", u"|", Class::Open},
    {"rvert", u"|", Class::Close},
    {"vert", u"|", Class::Ordinary},
    {"Vert", u"‖", Class::Ordinary},
    {"lVert", u"‖", Class::Open},
    {"rVert", u"‖", Class::Close},
    {"|", u"‖", Class::Ordinary},
    {"backslash", u"\\", Class::Ordinary},
    // characters that mean something in TeX
    {"{", u"{", Class::Open},
    {"}", u"}", Class::Close},
    {"%", u"%", Class::Ordinary},
    {"$", u"$", Class::Ordinary},
    {"&", u"&", Class::Ordinary},
    {"#", u"#", Class::Ordinary},
    {"_", u"_", Class::Ordinary},
    {"textdollar", u"$", Class::Ordinary},
    {"lbr", u"[", Class::Open}};

constexpr const char* functions[] = {
    "sin", "cos",    "tan",    "cot", "sec", "csc", "arcsin", "arccos", "arctan", "sinh",   "cosh", "tanh",
    "log", "ln",     "lg",     "exp", "det", "dim", "ker",    "deg",    "gcd",    "lcm",    "hom",  "arg",
    "lim", "limsup", "liminf", "max", "min", "sup", "inf",    "Pr",     "argmax", "argmin", "mod"};
constexpr const char* withLimits[] = {"lim", "limsup", "liminf", "max",    "min", "sup",
                                      "inf", "Pr",     "argmax", "argmin", "det", "gcd"};

bool among(QStringView word, const auto& list) {
    for (const char* one : list)
        if (word == QLatin1String(one)) return true;
    return false;
}

}  // namespace

std::optional<MathSymbol> mathSymbol(QStringView command) {
    static const QHash<QString, MathSymbol> table = [] {
        QHash<QString, MathSymbol> made;
        for (const Named& one : symbols) made.insert(QString::fromLatin1(one.name), {one.text, one.type});
        return made;
    }();
    const auto found = table.constFind(command.toString());
    return found == table.constEnd() ? std::nullopt : std::optional(*found);
}

MathClass classOf(QChar c) {
    switch (c.unicode()) {
        case u'+':
        case u'-':
        case u'*':
        case u'×':
        case u'·':
        case u'÷':
        case u'±':
        case u'∓':
        case u'∪':
        case u'∩':
            return MathClass::Binary;
        case u'=':
        case u'<':
        case u'>':
        case u':':
        case u'≤':
        case u'≥':
        case u'≠':
        case u'≈':
        case u'≡':
        case u'∈':
        case u'→':
        case u'⇒':
            return MathClass::Relation;
        case u'(':
        case u'[':
            return MathClass::Open;
        case u')':
        case u']':
        case u'!':
        case u'?':
            return MathClass::Close;
        case u',':
        case u';':
            return MathClass::Punctuation;
        default:
            return MathClass::Ordinary;
    }
}

bool isMathFunction(QStringView command) {
    return among(command, functions);
}

bool takesLimits(QStringView command) {
    return among(command, withLimits);
}

QString accentOf(QStringView command) {
    static const QHash<QString, QString> accents = {{QStringLiteral("hat"), QStringLiteral("ˆ")},
                                                    {QStringLiteral("widehat"), QStringLiteral("ˆ")},
                                                    {QStringLiteral("tilde"), QStringLiteral("˜")},
                                                    {QStringLiteral("widetilde"), QStringLiteral("˜")},
                                                    {QStringLiteral("vec"), QStringLiteral("→")},
                                                    {QStringLiteral("overrightarrow"), QStringLiteral("→")},
                                                    {QStringLiteral("dot"), QStringLiteral("˙")},
                                                    {QStringLiteral("ddot"), QStringLiteral("¨")},
                                                    {QStringLiteral("check"), QStringLiteral("ˇ")},
                                                    {QStringLiteral("acute"), QStringLiteral("´")},
                                                    {QStringLiteral("overarc"), QStringLiteral("⌢")}};
    return accents.value(command.toString());
}

std::optional<QString> delimiterOf(QStringView token) {
    if (token == u".") return QString();
    if (token.size() == 1 && QStringView(u"()[]|/<>").contains(token[0]))
        return token == u"<" ? QStringLiteral("⟨") : token == u">" ? QStringLiteral("⟩") : token.toString();
    if (!token.startsWith(u'\\')) return std::nullopt;
    const auto symbol = mathSymbol(token.mid(1));
    if (!symbol) return std::nullopt;
    const QString text = QString::fromUtf16(symbol->text);
    return QStringView(u"{}⟨⟩⌊⌋⌈⌉[]|‖\\").contains(text) ? std::optional(text) : std::nullopt;
}

}  // namespace retort
