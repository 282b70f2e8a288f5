// Every parameter of every recipe, set to a random legal value, survives config -> YAML -> config.
#include <QtTest>

#include "core/config/load.h"
#include "core/config/parameter.h"
#include "core/config/values.h"
#include "core/util/random.h"

using namespace retort;

namespace {

std::string randomText(Random& random) {
    static const std::vector<std::string> pieces = {
        "a",    "B",      "7",    "-",      ".",    " ",    "#",        ": ", "'",    "\"",   "\\",
        "\n",   "\t",     "@run", "é",      "中",   "true", "null",     "~",  "1e5",  "{",    "]",
        "%",    "&",      "*",    "\x7f",   "|\n",  "\r",   "\b",       "😀",  "0x1f", ".nan", "- x",
        "--- ", "\u2028", "!",    "\u0085", "\x01", "yes",  "\ufeff x", ", ", "?"};
    std::string text;
    const std::int64_t length = random.integer(0, 6);
    for (std::int64_t i = 0; i < length; ++i)
        text += pieces[std::size_t(random.integer(0, std::int64_t(pieces.size()) - 1))];
    return text;
}

double randomReal(Random& random, const Parameter& parameter) {
    const double low = parameter.minimum.value_or(-1e9), high = parameter.maximum.value_or(1e9);
    const std::int64_t kind = random.integer(0, 3);
    if (kind == 0) return high;
    if (kind == 1 && !parameter.exclusiveMinimum) return low;
    // Small numbers as well as large ones.
    const double share = kind == 2 ? random.uniform() : std::pow(10, -12 * random.uniform());
    const double value = low + (high - low) * share;
    return parameter.exclusiveMinimum && value <= low ? high : std::min(value, high);
}

Json randomInteger(Random& random, const Parameter& parameter) {
    const auto low = std::int64_t(parameter.minimum.value_or(-1e15)),
               high = std::int64_t(parameter.maximum.value_or(1e15));
    return random.integer(low + (parameter.exclusiveMinimum ? 1 : 0), high);
}

Json randomChoice(Random& random, const Parameter& parameter) {
    return parameter.choices[std::size_t(random.integer(0, std::int64_t(parameter.choices.size()) - 1))];
}

Json randomValue(Random& random, const Parameter& parameter);

Json randomObject(Random& random, const Parameter& parameter) {
    const auto last = std::int64_t(parameter.variants.size()) - 1;
    const ParameterVariant& variant = parameter.variants[std::size_t(random.integer(0, last))];
    Json object = Json::object();
    if (!parameter.discriminator.empty()) object[parameter.discriminator] = variant.name;
    for (const Parameter& member : variant.parameters) object[member.path] = randomValue(random, member);
    return object;
}

Json randomValue(Random& random, const Parameter& parameter) {
    Json list = Json::array();
    const std::int64_t length = random.integer(0, 4);
    switch (parameter.type) {
        case ParameterType::Bool:
            return random.integer(0, 1) == 1;
        case ParameterType::Integer:
            return randomInteger(random, parameter);
        case ParameterType::Real:
            return randomReal(random, parameter);
        case ParameterType::Text:
            return randomText(random);
        case ParameterType::Choice:
            return randomChoice(random, parameter);
        case ParameterType::IntegerList:
            for (std::int64_t i = 0; i < length; ++i) list.push_back(randomInteger(random, parameter));
            return list;
        case ParameterType::RealList:
            for (std::int64_t i = 0; i < length; ++i) list.push_back(randomReal(random, parameter));
            return list;
        case ParameterType::TextList:
            for (std::int64_t i = 0; i < length; ++i)
                list.push_back(parameter.choices.empty() ? Json(randomText(random))
                                                         : randomChoice(random, parameter));
            return list;
        case ParameterType::ObjectList:
            for (std::int64_t i = 0; i < length; ++i) list.push_back(randomObject(random, parameter));
            return list;
    }
    return {};
}

}  // namespace

class TestConfigRoundtrip : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void everyParameterSurvives_data();
    void everyParameterSurvives();
    void numbersAreExact();
};

void TestConfigRoundtrip::everyParameterSurvives_data() {
    QTest::addColumn<QString>("recipe");
    for (const RecipeSchema& schema : recipeSchemas())
        QTest::newRow(schema.name.c_str()) << QString::fromStdString(schema.name);
}

void TestConfigRoundtrip::everyParameterSurvives() {
    QFETCH(QString, recipe);
    const RecipeSchema& schema = recipeSchema(recipe.toStdString());
    Random random(7, stableHash(schema.name));
    for (int round = 0; round < 60; ++round) {
        Json values = Json::object();
        values["recipe"] = schema.name;
        for (const Parameter& parameter : schema.parameters)
            setValueAt(values, parameter.path, randomValue(random, parameter));

        for (const bool onlyChanged : {false, true}) {
            const std::string yaml = toYaml(schema.name, values, onlyChanged);
            const ParsedConfig parsed = parseConfig(yaml, "random.yaml");
            QVERIFY2(parsed.values == values,
                     (yaml + "\n" + Json::diff(values, parsed.values).dump()).c_str());
            if (onlyChanged) continue;
            // And the struct holds it all: written from there, it is the same text.
            QCOMPARE(QString::fromStdString(toYaml(parsed.config)), QString::fromStdString(yaml));
        }
    }
}

void TestConfigRoundtrip::numbersAreExact() {
    for (const double number : {0.1, 1e-8, 1.0 / 3, 5e-324, 9.999999999999999, 3e-4}) {
        ParsedConfig parsed = parseConfig("", "c.yaml");
        parsed.config.training.learning_rate = number;
        QCOMPARE(parseConfig(toYaml(parsed.config), "c.yaml").config.training.learning_rate, number);
    }
}

QTEST_APPLESS_MAIN(TestConfigRoundtrip)
#include "tst_config_roundtrip.moc"
