// Lines that other writers may leave in a log. In a header of their own, because moc gives up on their raw
// strings.
#pragma once

#include <limits>
#include <vector>

namespace retort {

inline const double notANumber = std::numeric_limits<double>::quiet_NaN();
inline const double infinity = std::numeric_limits<double>::infinity();

/// A scalars event with one value, "x".
struct ForeignLine {
    const char *name, *text;
    double expected;
};

inline std::vector<ForeignLine> foreignLines() {
    return {
        {"bare NaN", R"({"seq":1,"t":1,"kind":"scalars","step":1,"values":{"x":NaN}})", notANumber},
        {"bare Infinity", R"({"seq": 1, "t": 1, "kind": "scalars", "step": 1, "values": {"x": Infinity}})",
         infinity},
        {"bare -Infinity", R"({"seq":1,"t":1,"kind":"scalars","step":1,"values":{"x":-Infinity}})",
         -infinity},
        {"NaN word in a string too",
         R"({"seq":1,"t":1,"note":"a \" NaN","kind":"scalars","step":1,"values":{"x":NaN}})", notANumber},
        {"null", R"({"seq":1,"t":1,"kind":"scalars","step":1,"values":{"x":null}})", notANumber},
        {"integer", R"({"seq":1,"t":1,"kind":"scalars","step":1,"values":{"x":3}})", 3},
        {"step as 1.0", R"({"seq":1,"t":1,"kind":"scalars","step":1.0,"values":{"x":3}})", 3},
        {"kind last, unknown keys",
         R"({"values":{"x":2},"extra":[1,{"y":[]}],"step":1,"t":1,"seq":1,"kind":"scalars"})", 2},
        {"carriage return", "{\"seq\":1,\"t\":1,\"kind\":\"scalars\",\"step\":1,\"values\":{\"x\":4}}\r", 4},
        {"escaped key", R"({"seq":1,"t":1,"kind":"scalars","step":1,"values":{"\u0078":4}})", 4},
    };
}

struct BadLine {
    const char *name, *text, *message;
};

inline std::vector<BadLine> badEventLines() {
    return {
        {"empty", "", "not JSON"},
        {"prose", "Traceback (most recent call last):", "not JSON"},
        {"torn", R"({"seq":1,"t":1,"kind":"scal)", "not JSON"},
        {"array", "[1,2]", "not an object"},
        {"number", "17", "not an object"},
        {"two objects", R"({"seq":1}{"seq":2})", "not JSON"},
        {"no seq", R"({"t":1,"kind":"message","text":"x"})", "\"seq\" is missing"},
        {"seq 0", R"({"seq":0,"t":1,"kind":"message","text":"x"})", "\"seq\" must be 1 or more"},
        {"seq text", R"({"seq":"1","t":1,"kind":"message","text":"x"})", "\"seq\" must be an integer"},
        {"seq 1.5", R"({"seq":1.5,"t":1,"kind":"message","text":"x"})", "\"seq\" must be an integer"},
        {"seq huge", R"({"seq":99999999999999999999,"t":1,"kind":"message","text":"x"})", "number"},
        {"t NaN", R"({"seq":1,"t":NaN,"kind":"message","text":"x"})", "\"t\" must be a finite number"},
        {"no kind", R"({"seq":1,"t":1})", "\"kind\" is missing"},
        {"unknown kind", R"({"seq":1,"t":1,"kind":"hologram"})", "unknown kind \"hologram\""},
        {"value is text", R"({"seq":1,"t":1,"kind":"scalars","step":1,"values":{"loss":"high"}})",
         "\"loss\" must be a number"},
        {"values is a list", R"({"seq":1,"t":1,"kind":"scalars","step":1,"values":[1]})",
         "\"values\" must be an object"},
        {"no step", R"({"seq":1,"t":1,"kind":"scalars","values":{}})", "\"step\" is missing"},
        {"backward step",
         R"({"seq":1,"t":1,"kind":"trace","step":1,"prompt":"","completion":"","steps":[{"begin":5,"end":2}]})",
         "no range"},
        {"verdict",
         R"({"seq":1,"t":1,"kind":"trace","step":1,"prompt":"","completion":"","steps":[{"begin":0,"end":2,"verdict":"so-so"}]})",
         "\"verdict\" must be"},
        {"token id of 33 bits",
         R"({"seq":1,"t":1,"kind":"trace","step":1,"prompt":"","completion":"","per_token":{"ids":[4294967296]}})",
         "32 bits"},
        {"invalid UTF-8", "{\"seq\":1,\"t\":1,\"kind\":\"message\",\"text\":\"\xff\"}", "not JSON"},
        {"bare NaN in broken JSON", R"({"seq":NaN,)", "not JSON"},
    };
}

}  // namespace retort
