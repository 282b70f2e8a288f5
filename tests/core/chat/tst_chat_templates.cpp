// Chat templates against Python's Jinja (tests/peers/chat_templates.py wrote the golden file), what is
// refused, and templates that mean harm.
#include <QTemporaryDir>
#include <QTest>

#include "core/chat/chat_template.h"
#include "core/util/error.h"
#include "core/util/files.h"
#include "core/util/json.h"

using namespace retort;
namespace fs = std::filesystem;

namespace {

const Json& golden() {
    static const Json json = Json::parse(readFile(fs::path(RETORT_GOLDEN) / "chat.json"));
    return json;
}

QString shown(const Json& row) {
    return row.contains("error") ? "an error" : QString::fromStdString(row["text"].get<std::string>());
}

}  // namespace

class TestChatTemplates : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void families_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("chat");
        for (const auto& [name, cases] : golden()["templates"].items())
            for (const auto& [chat, result] : cases.items())
                QTest::addRow("%s: %s", name.c_str(), chat.c_str())
                    << QString::fromStdString(name) << QString::fromStdString(chat);
    }
    void families() {
        QFETCH(QString, name);
        QFETCH(QString, chat);
        const Json& expected = golden()["templates"][name.toStdString()][chat.toStdString()];
        Json input = golden()["cases"][chat.toStdString()];
        const fs::path path = fs::path(RETORT_TEMPLATES) / (name.toStdString() + ".jinja");
        const ChatTemplate chatTemplate(readFile(path), path.string());
        QCOMPARE(chatTemplate.hasGenerationBlocks(), name == "generation");
        ChatFormat format;
        format.templates.emplace("default", chatTemplate);
        format.specialTokens = golden()["special_tokens"];
        const auto take = [&](const char* key) {
            Json value = input.value(key, Json());
            input.erase(key);
            return value;
        };
        const Json messages = take("messages");
        ChatOptions options;
        options.tools = take("tools");
        options.addGenerationPrompt = take("add_generation_prompt") == true;
        options.variables = input;
        options.now = golden()["now"].get<std::time_t>();
        try {
            const RenderedChat rendered = format.render(messages, options);
            QCOMPARE(QString::fromStdString(rendered.text), shown(expected));
            Json spans = Json::array();
            for (const auto& [begin, end] : rendered.generated) spans.push_back({begin, end});
            QVERIFY2(spans == expected.value("generated", Json::array()), spans.dump().c_str());
        } catch (const Error& error) {
            QVERIFY2(expected.contains("error"), error.what());
            QVERIFY2(error.where().starts_with(path.string() + ":"), error.what());
        }
    }

    void snippets_data() {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < golden()["snippets"].size(); ++i)
            QTest::addRow("%03zu %s", i,
                          golden()["snippets"][i]["source"].get<std::string>().substr(0, 60).c_str())
                << int(i);
    }
    void snippets() {
        QFETCH(int, index);
        const Json& row = golden()["snippets"][std::size_t(index)];
        const std::string source = row["source"].get<std::string>();
        ChatOptions options;
        options.variables = golden()["variables"];
        options.now = golden()["now"].get<std::time_t>();
        try {
            const RenderedChat rendered = ChatTemplate(source).render(Json::array(), options);
            QCOMPARE(QString::fromStdString(rendered.text), shown(row));
        } catch (const Error& error) {
            QVERIFY2(row.contains("error"), error.what());
        }
    }

    // The reader is told which line and which name.
    void refusedWithLineAndName_data() {
        QTest::addColumn<QString>("source");
        QTest::addColumn<QString>("message");
        QTest::newRow("filter") << "a\n\n{{ x | wordwrap(3) }}"
                                << "t:3: the filter 'wordwrap' is not supported";
        QTest::newRow("test") << "\n{% if x is escaped %}"
                              << "t:2: the test 'escaped' is not supported";
        QTest::newRow("tag") << "\n\n\n{% include 'etc' %}"
                             << "t:4: the tag 'include' is not supported";
        QTest::newRow("method") << "{{ ''.format(1) }}"
                                << "t:1: the method 'format' is not supported";
        QTest::newRow("private method") << "{{ ''.__class__.mro() }}"
                                        << "t:1: the method 'mro' is not supported";
        QTest::newRow("function") << "\n{{ lipsum() }}"
                                  << "t:2: 'lipsum' is undefined: it cannot be called";
        QTest::newRow("argument") << "{{ 'a' | trim(colour=1) }}"
                                  << "t:1: the argument 'colour' is not supported";
        QTest::newRow("recursive") << "{% for x in y recursive %}{% endfor %}"
                                   << "t:1: recursive loops";
        QTest::newRow("star") << "{{ dict(**x) }}"
                              << "t:1: arguments from a list";
        QTest::newRow("changing") << "{{ messages.append(1) }}"
                                  << "t:1: 'append' would change";
        QTest::newRow("raise") << "\n{{ raise_exception('No system role!') }}"
                               << "t:2: the chat template refuses these messages: No system role!";
        QTest::newRow("undefined") << "{% macro f() %}\n{{ a.b }}{% endmacro %}{{ f() }}"
                                   << "t:2: 'a' is undefined";
        QTest::newRow("missing end") << "\n{% if true %}\n\n"
                                     << "t:2: 'endif' is missing";
    }
    void refusedWithLineAndName() {
        QFETCH(QString, source);
        QFETCH(QString, message);
        try {
            ChatTemplate(source.toStdString(), "t").render(Json::array());
            QFAIL("was accepted");
        } catch (const Error& error) {
            QVERIFY2(QString(error.what()).startsWith(message), error.what());
        }
    }

    // Each would run for years, fill the memory or overrun the stack.
    void harm_data() {
        QTest::addColumn<QString>("source");
        const auto repeated = [](const char* text, int count) { return QString(text).repeated(count); };
        QTest::newRow("loops") << "{% for a in range(99999) %}{% for b in range(99999) %}{% for c in "
                                  "range(99999) %}{% endfor %}{% endfor %}{% endfor %}";
        QTest::newRow("endless macro") << "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}";
        QTest::newRow("doubling macro")
            << "{% macro f(n) %}{{ f(n - 1) }}{{ f(n - 1) }}{% endmacro %}{{ f(5) }}";
        QTest::newRow("two macros")
            << "{% macro f() %}{{ g() }}{% endmacro %}{% macro g() %}{{ f() }}{% endmacro %}{{ f() }}";
        QTest::newRow("long text") << "{{ 'aaaaaaaaaa' * 1000000000 }}";
        QTest::newRow("long list") << "{{ [1, 2, 3] * 9000000000000000000 }}";
        QTest::newRow("doubling text") << "{% set ns = namespace(x='abcdefgh') %}{% for i in range(99) %}{% "
                                          "set ns.x = ns.x ~ ns.x %}{% endfor %}";
        QTest::newRow("doubling list") << "{% set ns = namespace(x=[1]) %}{% for i in range(99) %}{% set "
                                          "ns.x = ns.x + ns.x %}{% endfor %}";
        QTest::newRow("doubling depth") << "{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set "
                                           "ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x == ns.x }}";
        QTest::newRow("written doubling")
            << "{% set ns = namespace(x=[1]) %}{% for i in range(21) %}{% set ns.x = [ns.x, ns.x] %}{% "
               "endfor %}{% for i in range(99999) %}{{ ns.x }}{% endfor %}";
        QTest::newRow("deep list")
            << "{% set ns = namespace(x=[1]) %}{% for i in range(9999) %}{% set ns.x = [ns.x] %}{% endfor %}";
        QTest::newRow("deep dict") << "{% set ns = namespace(x={}) %}{% for i in range(9999) %}{% set ns.x = "
                                      "{'a': ns.x} %}{% endfor %}";
        QTest::newRow("replacing") << "{% set ns = namespace(x='aaaaaaaa') %}{% for i in range(99) %}{% set "
                                      "ns.x = ns.x | replace('a', 'aaaa') %}{% endfor %}";
        QTest::newRow("joining") << "{% set s = 'x' * 60000000 %}{{ [1, 2, 3, 4] | join(s) }}";
        QTest::newRow("output")
            << "{% set s = 'x' * 1000000 %}{% for i in range(99999) %}{{ s }}{% endfor %}";
        QTest::newRow("splitting") << "{% set s = 'x,' * 9000000 %}{{ s.split(',') | length }}";
        QTest::newRow("power") << "{{ 10 ** 100000000 }}";
        QTest::newRow("overflow") << "{{ 9223372036854775807 + 1 }}";
        QTest::newRow("smallest") << "{{ (-9223372036854775807 - 1) // -1 }}";
        QTest::newRow("smallest, abs") << "{{ (-9223372036854775807 - 1) | abs }}";
        QTest::newRow("smallest range") << "{{ range(-9223372036854775807 - 1, 9223372036854775807) }}";
        QTest::newRow("long separators")
            << "{% set s = 'x' * 60000000 %}{{ range(99) | list | tojson(separators=[s, s]) }}";
        const QString doubled =
            "{% set ns = namespace(x=[1]) %}{% for i in range(20) %}{% set ns.x = [ns.x, ns.x] %}{% endfor "
            "%}";
        QTest::newRow("equality test")
            << doubled + "{% for i in range(99999) %}{{ ns.x is eq(ns.x) }}{% endfor %}";
        QTest::newRow("containment test")
            << doubled + "{% for i in range(99999) %}{{ 1 is in(ns.x) }}{% endfor %}";
        QTest::newRow("index of") << doubled +
                                         "{% for i in range(99999) %}{{ [ns.x].index(ns.x) }}{% endfor %}";
        QTest::newRow("count of") << doubled +
                                         "{% for i in range(99999) %}{{ [ns.x].count(ns.x) }}{% endfor %}";
        QTest::newRow("order of") << doubled + "{% for i in range(99999) %}{{ ns.x < ns.x }}{% endfor %}";
        QTest::newRow("greatest") << doubled +
                                         "{% for i in range(99999) %}{{ [ns.x, ns.x] | max }}{% endfor %}";
        QTest::newRow("range") << "{{ range(-9007199254740992, 9007199254740992) }}";
        QTest::newRow("mapping") << "{{ [[1]] | map('map', 'map', 'map', 'map', 'list') | list }}{{ 1 / 0 }}";
        QTest::newRow("brackets") << "{{ " + repeated("(", 100'000);
        QTest::newRow("lists") << "{{ " + repeated("[", 100'000) + repeated("]", 100'000) + " }}";
        QTest::newRow("nots") << "{{ " + repeated("not ", 100'000) + "1 }}";
        QTest::newRow("minuses") << "{{ " + repeated("- ", 100'000) + "1 }}";
        QTest::newRow("sum") << "{{ 1" + repeated(" + 1", 100'000) + " }}";
        QTest::newRow("attributes") << "{{ a" + repeated(".a", 100'000) + " }}";
        QTest::newRow("filters") << "{{ a" + repeated("|trim", 100'000) + " }}";
        QTest::newRow("conditions") << "{{ 1" + repeated(" if 1 else 1", 20'000) + " }}";
        QTest::newRow("ifs") << repeated("{% if true %}", 20'000);
        QTest::newRow("whole megabyte") << repeated("{{ 1 }}", 200'000);
        QTest::newRow("NUL") << QString(QChar(0)) + "{{ \x01 }}";
    }
    void harm() {
        QFETCH(QString, source);
        QVERIFY_EXCEPTION_THROWN(ChatTemplate(source.toStdString()).render(Json::array()), Error);
    }

    void limitsAreTheCallers() {
        ChatOptions options;
        options.limits.textBytes = 10;
        const ChatTemplate chatTemplate("{{ '123456789' }}{{ more }}");
        QCOMPARE(chatTemplate.render(Json::array(), options).text, std::string("123456789"));
        options.variables["more"] = "xx";
        QVERIFY_EXCEPTION_THROWN(chatTemplate.render(Json::array(), options), Error);
    }

    // Every prefix and many damaged copies of real templates: a template or an Error, never a crash.
    void damaged() {
        for (const char* name : {"llama3", "qwen3", "macros"}) {
            const std::string source = readFile(fs::path(RETORT_TEMPLATES) / (std::string(name) + ".jinja"));
            for (std::size_t i = 0; i < source.size(); i += 7) {
                std::string changed = source;
                changed[i] = char(changed[i] ^ (1 << (i % 7)));
                for (const std::string& text : {changed, source.substr(0, i)}) {
                    try {
                        ChatOptions options;
                        options.limits.steps = 20'000;
                        ChatTemplate(text).render(golden()["cases"]["tools"]["messages"], options);
                    } catch (const Error&) {
                    }
                }
            }
        }
    }

    void folders() {
        const QTemporaryDir temporary;
        const fs::path folder = temporary.path().toStdString();
        QVERIFY(loadChatFormat(folder).templates.empty());
        QVERIFY_EXCEPTION_THROWN(loadChatFormat(folder).render(Json::array()), Error);
        const auto write = [&](const char* name, const Json& json) {
            writeFileAtomically(folder / name, json.dump());
        };
        write("tokenizer_config.json", {{"chat_template", "config {{ bos_token }}{{ eos_token }}"},
                                        {"bos_token", {{"content", "<b>"}}},
                                        {"eos_token", "<e>"},
                                        {"pad_token", nullptr}});
        QCOMPARE(loadChatFormat(folder).render(Json::array()).text, std::string("config <b><e>"));
        write("tokenizer_config.json",
              {{"chat_template",
                {{{"name", "default"}, {"template", "one"}},
                 {{"name", "tool_use"}, {"template", "two {{ tools | length }}"}}}}});
        const ChatFormat format = loadChatFormat(folder);
        QCOMPARE(format.render(Json::array()).text, std::string("one"));
        ChatOptions options;
        options.tools = Json::array({1, 2});
        QCOMPARE(format.render(Json::array(), options).text, std::string("two 2"));
        writeFileAtomically(folder / "chat_template.jinja", "file");
        QCOMPARE(loadChatFormat(folder).render(Json::array()).text, std::string("file"));
        fs::create_directory(folder / "additional_chat_templates");
        writeFileAtomically(folder / "additional_chat_templates/tool_use.jinja", "three");
        QCOMPARE(loadChatFormat(folder).render(Json::array(), options).text, std::string("three"));
        fs::remove(folder / "chat_template.jinja");
        for (const char* text :
             {"[]", "{", "{\"chat_template\":3}", "{\"chat_template\":[3]}",
              "{\"chat_template\":\"{% x %}\"}", "{\"chat_template\":[{\"name\":\"x\"}]}"}) {
            writeFileAtomically(folder / "tokenizer_config.json", text);
            QVERIFY_EXCEPTION_THROWN(loadChatFormat(folder), Error);
        }
    }

    void messagesThatAreNone() {
        const ChatTemplate chatTemplate("{{ messages }}");
        for (const char* text : {"{}", "null", "\"a\"", "3"})
            QVERIFY_EXCEPTION_THROWN(chatTemplate.render(Json::parse(text)), Error);
        Json deep = Json::array();
        for (int i = 0; i < 500; ++i) deep = Json::array({deep});
        QVERIFY_EXCEPTION_THROWN(chatTemplate.render(deep), Error);
        QVERIFY_EXCEPTION_THROWN(chatTemplate.render(Json::parse("[18446744073709551615]")), Error);
    }
};

QTEST_APPLESS_MAIN(TestChatTemplates)
#include "tst_chat_templates.moc"
