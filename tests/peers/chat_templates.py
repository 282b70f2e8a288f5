#!/usr/bin/env python3
# needs: jinja2==3.1.6
"""tests/peers/golden/chat/: what Python's Jinja makes of the templates in tests/core/chat/templates and of many small
expressions, set up as transformers' apply_chat_template does it.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install jinja2==3.1.6
    /tmp/venv/bin/python tests/peers/chat_templates.py --write      # makes the golden files anew

Called as a check (tests/peers/run), it fails when the golden file is not what Jinja gives; tst_chat_templates compares
with it on every run, without Python.
"""
import json
import pathlib
import sys
from datetime import datetime

import jinja2
import jinja2.ext
from jinja2.sandbox import ImmutableSandboxedEnvironment

HERE = pathlib.Path(__file__).parent
TEMPLATES = HERE.parent / "core" / "chat" / "templates"
GOLDEN = HERE / "golden" / "chat.json"
NOW = 1763700000  # 2025-11-21, the same day in every time zone up to ±4 h


class Generation(jinja2.ext.Extension):
    """{% generation %} … {% endgeneration %}: the body, and where in the result it is."""
    tags = {"generation"}

    def __init__(self, environment):
        super().__init__(environment)
        environment.extend(spans=[])

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return jinja2.nodes.CallBlock(self.call_method("_said", []), [], [], body).set_lineno(line)

    def _said(self, caller):
        # The place is found by what marks it: private characters that the cases do not use.
        return "\ue000" + caller() + "\ue001"


def raise_exception(message):
    raise jinja2.exceptions.TemplateError(message)


def tojson(value, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


def environment():
    env = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True,
                                        extensions=[Generation, jinja2.ext.loopcontrols])
    env.filters["tojson"] = tojson
    env.globals["raise_exception"] = raise_exception
    env.globals["strftime_now"] = lambda fmt: datetime.fromtimestamp(NOW).strftime(fmt)
    return env


def say(role, content, **more):
    return {"role": role, "content": content, **more}


WEATHER = {"type": "function", "function": {
    "name": "get_weather", "description": "The weather of a place <&> 'today'", "parameters": {
        "type": "object", "required": ["place"], "properties": {
            "place": {"type": "string", "description": "Stadt, z. B. \"Köln\""},
            "days": {"type": "integer", "minimum": 1, "maximum": 1e3, "default": 1.5},
            "units": {"enum": ["°C", "°F"], "type": "string"},
            "tags": {"type": "array", "items": {"type": "string"}}, "flags": {"type": ["boolean", "null"]},
            "where": {"type": "object", "properties": {"lat": {"type": "number"}, "lon": {"type": "number"}}}}}}}
NOTHING = {"type": "function", "function": {"name": "noop", "parameters": {"type": "object", "properties": {}}}}
CALL = {"type": "function", "id": "c1", "function": {"name": "get_weather", "arguments": {"place": "Köln", "days": 2, "x": None}}}
TEXT_CALL = {"type": "function", "function": {"name": "noop", "arguments": "{\"a\": 1}"}}

CASES = {
    "question": {"messages": [say("user", "Hi there!")]},
    "prompt": {"messages": [say("user", "Hi there!")], "add_generation_prompt": True},
    "turns": {"messages": [say("system", "Be brief."), say("user", " 2+2? "), say("assistant", "4\n"), say("user", "Sure?\n\n")],
              "add_generation_prompt": True},
    "unicode": {"messages": [say("system", "Ünïcödé — “quotes” 'single' \"double\""), say("user", "你好，世界 👩‍👩‍👧 \u0301e\u200d\t|"),
                             say("assistant", "ПРИВЕТ\\n\x0b\u2028x\u00a0")]},
    "empty": {"messages": []},
    "empty prompt": {"messages": [], "add_generation_prompt": True},
    "empty texts": {"messages": [say("user", ""), say("assistant", ""), say("user", "   \n ")]},
    "thinking": {"messages": [say("user", "Why?"), say("assistant", "<think>\nBecause of x.\n</think>\n\nSo."), say("user", "And?"),
                              say("assistant", "<think>a</think>b</think>\nc")]},
    "reasoning": {"messages": [say("user", "Why?"), say("assistant", "So.", reasoning_content="\nlong thoughts\n")],
                  "enable_thinking": True},
    "no thinking": {"messages": [say("user", "Why?")], "add_generation_prompt": True, "enable_thinking": False},
    "tools": {"messages": [say("system", "Use tools."), say("user", "Weather?"), say("assistant", None, tool_calls=[CALL]),
                           say("tool", "{\"t\": 7}"), say("tool", "rain"), say("assistant", "7 and rain"), say("user", "Thanks")],
              "tools": [WEATHER, NOTHING], "add_generation_prompt": True},
    "two calls": {"messages": [say("user", "Both"), say("assistant", "", tool_calls=[CALL, TEXT_CALL]), say("tool", "ok")],
                  "tools": [NOTHING]},
    "call with words": {"messages": [say("user", "x"), say("assistant", "I look.", tool_calls=[TEXT_CALL]), say("tool", {"a": [1, 2.5]})]},
    "tools only": {"messages": [say("user", "x")], "tools": []},
    "wrong turns": {"messages": [say("assistant", "me first"), say("user", "no")]},
    "two systems": {"messages": [say("system", "a"), say("user", "b"), say("system", "c"), say("user", "d")]},
    "unknown role": {"messages": [say("critic", "hm")]},
    "no role": {"messages": [{"content": "x"}]},
    "no content": {"messages": [{"role": "user"}]},
    "parts": {"messages": [say("user", [{"type": "text", "text": "a"}, {"type": "image"}, {"type": "text", "text": "b"}]),
                           say("assistant", "c")]},
    "many": {"messages": [say("user" if i % 2 == 0 else "assistant", f"line {i}\n" * (i % 4)) for i in range(12)]},
    "dated": {"messages": [say("user", "x")], "date_string": "26 Jul 2024"},
}

VARIABLES = {"s": "Hello World", "u": "ÄÖü ß İı", "n": 7, "f": 2.5, "l": [3, 1, 2], "d": {"b": 1, "a": [1, "x"], "items": 5}, "e": [],
             "t": True, "no": None, "w": "  a  b\tc\n", "m": [say("user", "A"), say("assistant", "b"), {"role": "user", "x": {"y": 3}}],
             "q": "it's \"q\"\\ \n\x00\u200b", "big": 1e22, "small": 1e-7, "neg": -3}

SNIPPETS = r"""
{{ 1 }} {{ -1 }} {{ 1.0 }} {{ 1e3 }} {{ 2.50 }} {{ big }} {{ small }} {{ 0.1 + 0.2 }} {{ 1e16 }} {{ 123456789012345.0 }}
{{ none }}{{ None }}{{ true }}{{ True }}{{ false }}{{ False }}{{ missing }}|
{{ l }} {{ d }} {{ m }} {{ () }} {{ (1,) }} {{ (1, 'a') }} {{ [none, true, 1.5, "x'y", 'x"y', q] }}
{{ q }}|{{ [q] }}|{{ q | tojson }}|{{ {'k': q} }}
{{ 7 / 2 }} {{ 7 // 2 }} {{ -7 // 2 }} {{ 7 % 3 }} {{ -7 % 3 }} {{ 7 % -3 }} {{ 7.5 // 2 }} {{ -7.5 % 2 }} {{ 2 ** 10 }} {{ 2 ** -1 }} {{ 2 ** 0.5 }}
{{ 2 + 3 * 4 - 1 }} {{ (2 + 3) * 4 }} {{ 2 ** 3 ** 2 }} {{ -2 ** 2 }} {{ 10 - 2 - 3 }} {{ 1 ~ 2 ~ 3 }} {{ 'a' ~ 1 ~ none ~ [1] }}
{{ true + 1 }} {{ true == 1 }} {{ 1 == 1.0 }} {{ '1' == 1 }} {{ [1, 2] == [1, 2] }} {{ (1,) == [1] }} {{ {'a': 1} == {'a': 1.0} }} {{ none == false }}
{{ 'a' < 'b' }} {{ [1, 2] < [1, 3] }} {{ 1 < 2 < 3 }} {{ 1 < 3 < 2 }} {{ 3 > 2 >= 2 != 1 }} {{ 'ä' > 'z' }}
{{ 1 < 'a' }}
{{ none < 1 }}
{{ 'a' + 1 }}
{{ 'a' + missing }}
{{ 1 + none }}
{{ 'a' * 3 }} {{ 3 * 'ab' }} {{ [1] * 2 }} {{ 'a' * -1 }}|{{ 'x' * true }}
{{ 1 / 0 }}
{{ 1 // 0 }}
{{ 1 in l }} {{ 'a' in d }} {{ 'lo' in s }} {{ 1 not in l }} {{ not 1 in l }} {{ 1 in missing }} {{ 5 in d }} {{ '' in s }}
{{ 1 in s }}
{{ 1 in none }}
{{ s[0] }} {{ s[-1] }} {{ s[1:3] }} {{ s[::-1] }} {{ s[:-3] }} {{ s[-3:] }} {{ s[::2] }} {{ s[10:2:-2] }} {{ u[0] }} {{ u[::-1] }} {{ s[99] }}|{{ s[99:] }}|
{{ l[0] }} {{ l[-1] }} {{ l[5] }}|{{ l[::-1] }} {{ l[1:] }} {{ l[:1] }} {{ l[-2:] }} {{ l[::-2] }} {{ l[5:1:-1] }} {{ l[-9:9] }} {{ l[none:none] }} {{ (1, 2, 3)[1:] }}
{{ l[::0] }}
{{ d.b }} {{ d['b'] }} {{ d.a[1] }} {{ d.missing }}|{{ d['items'] }} {{ m.0.role }} {{ m[0].role }} {{ m[2].x.y }} {{ d.get('b') }} {{ d.get('z') }} {{ d.get('z', 3) }}
{{ d.missing.more }}
{{ missing.x }}
{{ missing['x'] }}
{{ none.x }}|
{{ n.x }}|{{ n[0] }}|{{ s.nothing }}|
{{ d.items() | list }} {{ d.keys() | list }} {{ d.values() | list }} {{ d | list }} {{ d | length }} {{ d | dictsort }}
{{ s.upper() }} {{ s.lower() }} {{ s.title() }} {{ s.capitalize() }} {{ u.upper() }} {{ 'hELLO wORLD'.capitalize() }} {{ "it's a-b c1d".title() }}
{{ w.strip() }}|{{ w.lstrip() }}|{{ w.rstrip() }}|{{ 'xxabxx'.strip('x') }} {{ 'xyab'.lstrip('yx') }} {{ 'abé'.rstrip('é') }} {{ w | trim }}| {{ 'xax' | trim('x') }} {{ 5 | trim }}
{{ w.split() }} {{ 'a,b,,c'.split(',') }} {{ 'a,b,c'.split(',', 1) }} {{ ''.split(',') }} {{ ''.split() }} {{ ' a b c '.split(none, 1) }} {{ 'a,b,c'.rsplit(',', 1) }} {{ 'abc'.split('x') }}
{{ 'a'.split('') }}
{{ 'a\nb\r\nc\n'.splitlines() }} {{ 'a\nb'.splitlines(true) }} {{ ''.splitlines() }} {{ 'k=v=w'.partition('=') }} {{ 'k=v=w'.rpartition('=') }} {{ 'k'.partition('=') }}
{{ s.startswith('He') }} {{ s.endswith(('x', 'ld')) }} {{ s.find('o') }} {{ s.rfind('o') }} {{ s.find('z') }} {{ s.count('l') }} {{ s.index('W') }} {{ u.find('ß') }} {{ 'aaa'.count('aa') }} {{ 'ab'.count('') }}
{{ s.index('z') }}
{{ s.replace('l', 'L') }} {{ s.replace('l', 'L', 1) }} {{ s | replace('o', '0') }} {{ s | replace('o', '0', 1) }} {{ 'ab'.replace('', '-') }} {{ 5 | replace('5', '6') }}
{{ ', '.join(['a', 'b']) }} {{ ''.join('abc') }} {{ [1, 'a', none] | join('-') }} {{ m | join(',', attribute='role') }} {{ 'abc' | join('.') }} {{ [] | join }}|
{{ ', '.join([1]) }}
{{ '12'.isdigit() }} {{ 'a1'.isdigit() }} {{ ''.isdigit() }} {{ 'ab'.isalpha() }} {{ 'aé1'.isalnum() }} {{ ' \t'.isspace() }} {{ 'ab'.islower() }} {{ 'A1'.isupper() }} {{ '1'.isupper() }} {{ 'abc'.removeprefix('a') }} {{ 'abc'.removesuffix('c') }} {{ 'abc'.removesuffix('') }}
{{ l | length }} {{ s | length }} {{ u | length }} {{ missing | length }} {{ l | count }} {{ '👩‍👩‍👧' | length }}
{{ none | length }}
{{ 5 | length }}
{{ l | first }} {{ l | last }} {{ e | first }}|{{ s | first }} {{ s | last }} {{ l | sort }} {{ l | sort(reverse=true) }} {{ ['b', 'A', 'c'] | sort }} {{ ['b', 'A'] | sort(case_sensitive=true) }} {{ m | sort(attribute='role') | map(attribute='role') | list }}
{{ l | reverse | list }} {{ s | reverse }} {{ l | min }} {{ l | max }} {{ l | sum }} {{ [1, 2.5] | sum }} {{ l | sum(start=10) }} {{ [1, 1, 'a', 'A'] | unique | list }} {{ e | max }}|
{{ missing | default('x') }} {{ '' | default('x') }}|{{ '' | default('x', true) }} {{ none | default('x') }} {{ none | d('x', boolean=true) }} {{ missing | default }}|
{{ s | upper }} {{ s | lower }} {{ s | title }} {{ s | capitalize }} {{ 'foo-bar (baz) it\'s' | title }} {{ 5 | string }} {{ none | upper }} {{ [1] | string }} {{ '<&>' | safe }}
{{ '3' | int }} {{ '3.9' | int }} {{ 'x' | int }} {{ 'x' | int(5) }} {{ 3.9 | int }} {{ none | int }} {{ '1e2' | float }} {{ 'x' | float }} {{ 3 | float }} {{ -2.5 | abs }} {{ neg | abs }} {{ true | int }} {{ ' 7 ' | int }}
{{ 2.5 | round }} {{ 2.675 | round(2) }} {{ 2.1 | round(method='ceil') }} {{ 2.9 | round(0, 'floor') }} {{ 3 | round }} {{ 1234.5 | round(-2) }} {{ 3.14159 | round(3) }}
{{ d | tojson }} {{ d | tojson(indent=2) }} {{ 'ä"\\\n\u2028' | tojson }} {{ 'ä😀' | tojson(ensure_ascii=true) }} {{ d | tojson(sort_keys=true) }} {{ l | tojson(separators=(',', ':')) }} {{ [] | tojson(indent=2) }} {{ [1.0, 1e30, none, true] | tojson }} {{ {} | tojson(indent=1) }} {{ {'a': {}} | tojson(indent=1) }}
{{ missing | tojson }}
{{ 'a\nb\n\nc' | indent }}|{{ 'a\nb' | indent(2, true) }}|{{ 'a\n\nb' | indent(1, blank=true) }}|{{ 'a\nb' | indent('> ') }}|{{ 'a\n' | indent(2) }}|
{{ l | select('odd') | list }} {{ l | reject('odd') | list }} {{ l | select('greaterthan', 1) | list }} {{ [0, 1, '', 'a'] | select | list }} {{ m | selectattr('role', 'equalto', 'user') | list | length }} {{ m | rejectattr('content') | list }} {{ m | selectattr('content', 'defined') | map(attribute='content') | list }} {{ m[2:] | map(attribute='x.y', default=0) | list }} {{ m | map(attribute='z', default=0) | list }} {{ ['a', 'b'] | map('upper') | list }} {{ [' a '] | map('replace', ' ', '-') | join }} {{ m | selectattr('role', 'in', ['user']) | list | length }}
{{ l | map('nothing') | list }}
{{ l | select('nothing') | list }}
{{ l | nothing }}
{{ l is nothing }}
{{ s.nothing() }}
{{ s is defined }} {{ missing is defined }} {{ missing is undefined }} {{ none is none }} {{ none is not none }} {{ s is string }} {{ d is mapping }} {{ l is sequence }} {{ l is iterable }} {{ 5 is iterable }} {{ missing is iterable }} {{ none is iterable }} {{ t is boolean }} {{ 1 is boolean }} {{ 1 is integer }} {{ t is integer }} {{ 1.0 is float }} {{ t is number }} {{ 1 is true }} {{ t is true }} {{ t is not false }} {{ d is sequence }}
{{ 4 is even }} {{ 3 is odd }} {{ 6 is divisibleby 3 }} {{ 6 is divisibleby(4) }} {{ 1 is eq 1 }} {{ 1 is equalto(2) }} {{ 1 is ne 2 }} {{ 1 is lt 2 }} {{ 1 is ge 2 }} {{ 'a' is in 'abc' }} {{ 1 is in [1] }} {{ 'a' is lower }} {{ 'aB' is upper }} {{ not 1 is odd }}
{{ 1 if true else 2 }} {{ 1 if false else 2 }} {{ 1 if false }}|{{ 1 if false else 2 if false else 3 }} {{ (1 if missing) is defined }} {{ 'a' if s == 'x' or n > 5 and not e else 'b' }}
{{ missing or 'x' }} {{ none or 0 or '' or 'z' }} {{ 1 and 2 and 3 }} {{ 0 and missing.x }} {{ e or 'empty' }} {{ not e }} {{ not not l }}
{{ range(3) | list }} {{ range(1, 4) | list }} {{ range(5, 0, -2) | list }} {{ dict(a=1, b='x') }} {{ dict({'a': 1}, b=2) }} {{ [1, 2,] }} {{ {'a': 1,} }} {{ {} }} {{ [] }} {{ ['a' 'b'] }}
{{ range(1, 2, 0) }}
{{ range(200000) | length }}
{{ strftime_now('%d %b %Y %A %%') }}
{{ raise_exception('no') }}
{{ nofunction() }}
{{ s() }}
{{ l.append(1) }}
{{ d.update({'a': 1}) }}
{% set x = 1 %}{{ x }}{% set x = x + 1 %}{{ x }}{% set a, b = 1, 2 %}{{ a }}{{ b }}{% set (c, y) = [3, 4] %}{{ c }}{{ y }}
{% set a, b = [1] %}
{% for i in l %}{% set x = i %}{{ x }}{% endfor %}{{ x }}|
{% set x = 0 %}{% for i in l %}{{ x }}{% set x = x + i %}{{ x }},{% endfor %}{{ x }}
{% set ns = namespace(x=0, y='a') %}{% for i in l %}{% set ns.x = ns.x + i %}{% set ns.z = i %}{% endfor %}{{ ns.x }}{{ ns.y }}{{ ns.z }}{{ ns.q }}|{{ ns['x'] }}
{% set ns = namespace({'a': 1}, b=2) %}{{ ns.a }}{{ ns.b }}
{% set d.x = 1 %}
{% set nothing.x = 1 %}
{% if true %}{% set x = 5 %}{% endif %}{{ x }}
{% for i in l %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }}{{ loop.previtem }}{{ loop.nextitem }};{% endfor %}
{% for i in l if i > 1 %}{{ loop.index }}{{ i }}{{ loop.length }};{% endfor %}{% for i in e %}x{% else %}none{% endfor %}{% for i in l if i > 9 %}x{% else %}nothing{% endfor %}
{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}{% for k in d %}{{ k }}{% endfor %}{% for c in 'äb' %}{{ c }}.{% endfor %}{% for a, b in [[1, 2], (3, 4)] %}{{ a + b }}{% endfor %}{% for x in missing %}x{% endfor %}
{% for a, b in [[1]] %}{% endfor %}
{% for x in 5 %}{% endfor %}
{% for x in none %}{% endfor %}
{% for i in l %}{% for j in l %}{{ loop.index }}{% endfor %}{{ loop.index }} {% endfor %}{{ loop is defined }}
{% for i in range(9) %}{% if i == 2 %}{% continue %}{% endif %}{% if i == 5 %}{% break %}{% endif %}{{ i }}{% endfor %}
{% for i in l %}{{ i }}{% set l = [9] %}{{ l }}{% endfor %}{{ l }}
{% for x in 1, 2, 3 %}{{ x }}{% endfor %}{% for x in (1, 2) if x > 1 %}{{ x }}{% endfor %}{% for x in l | sort %}{{ x }}{% endfor %}
{% macro f(a, b=2, c=b) %}{{ a }}{{ b }}{{ c }}{% endmacro %}{{ f(1) }} {{ f(1, 3) }} {{ f(c=5, a=4) }} {{ f() }} {{ f is callable }}
{% macro f(a) %}{{ a }}{% endmacro %}{{ f(1, 2) }}
{% macro f(a) %}{{ a }}{% endmacro %}{{ f(b=2) }}
{% macro f(n) %}{{ n }}{% if n > 0 %}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(3) }}
{% set x = 1 %}{% macro f() %}{{ x }}{% set x = 7 %}{{ x }}{% endmacro %}{% set x = 2 %}{{ f() }}{{ x }}
{% macro f() %}<b>{{ '<' }}</b>{% endmacro %}{{ f() | length }} {{ f().upper() }} {{ f() ~ '&' }} {{ (f() + 'x') }} {% set y = f() %}{{ y }}
{% set x %}a{{ 1 + 1 }} {% endset %}[{{ x }}] {{ x | length }}{% set z %}{% set inner = 3 %}{{ inner }}{% endset %}{{ z }}{{ inner }}
{% generation %}a{{ 1 }}{% set g = 2 %}{{ g }}{% endgeneration %}{{ g }}|
{% raw %}{{ x }} {% if %}{# #}{% endraw %}|{%- raw -%}  a  {%- endraw -%}  b
a {# comment {{ x }} #} b {#- c -#} d {#
 e #}
f
  {% if true %}
  a
  {% endif %}
b
  {%- if true -%}  a  {%- endif -%}  b
  {%+ if true +%}
  a
  {%+ endif %}
b
x {% if true %} y {% endif %}  z
{% if true %}

a

{% endif %}

b
{{- 1 -}}  {{ 2 }}   {{- 3 }}
	{% if true %}	tab
	{% endif %}
{{ 'a' if true }}
{{ '{{' }} {{ "%}" }} {{ '}' }} {{ {'a': {'b': 1}} }} {{ {'a': {'b': 1}}.a.b }}{{ [{'x': [{}]}] }}
{{ 'a\tb\\c\'d\"e\x41\u00e9\U0001F600\101\q' }}
{{ "double 'single'" }} {{ 'single "double"' }} {{ 'two
lines' }}
{{ 'a' ~ ('b' if n == 7 else 'c') ~ (l | length) ~ -1 }} {{ -l[0] }} {{ - n + 2 }} {{ +3 }} {{ not n == 7 }} {{ 3 * -1 }}
{{ s | replace('l', '') | upper | length }} {{ l | length > 2 }} {{ l | length + 1 }} {{ (l | first) ~ l | last }} {{ -1 | abs }} {{ 1 ~ 2 | string }}
{{ m | map(attribute='role') | unique | list }} {{ m[1:] | map(attribute='role') | join('>') }} {{ (m | last).role }} {{ m[-1]['role'] }} {{ (m | selectattr('role', 'equalto', 'user') | first).content }}
{{ s is string and n is number }} {{ n is not string or missing.x }} {{ (s is string) ~ '' }} {{ 'x' if s is string else 'y' }} {{ s is string == true }}
{% if l %}a{% elif missing %}b{% else %}c{% endif %}{% if missing %}a{% elif n > 100 %}b{% else %}c{% endif %}{% if e %}x{% endif %}{% if not e and (n == 7 or missing.x) %}y{% endif %}
{% include 'x' %}
{% extends 'x' %}
{% import 'x' as y %}
{% from 'x' import y %}
{% nothing %}
{% if true %}
{% for x in l %}
{% endif %}
{% if true %}{% endfor %}
{{ 1 + }}
{{ (1 }}
{{ [1, 2 }}
{{ 'a }}
{{ }}
{{ 1 2 }}
{{ a.b. }}
{% set = 1 %}
{% set x 1 %}
{% for in l %}{% endfor %}
{% break %}
{{ 1 | }}
{{ x is }}
{# never ends
{% raw %} never ends
{{ never ends
""".lstrip("\n")

def snippets():
    """The lines above; those that belong together as one."""
    result, rows = [], SNIPPETS.split("\n")[:-1]
    groups = {"a {# comment {{ x }} #} b {#- c -#} d {#": 3, "  {% if true %}": 4, "  {%+ if true +%}": 4,
              "\t{% if true %}\ttab": 2, "{{ \"double 'single'\" }} {{ 'single \"double\"' }} {{ 'two": 2}
    i = 0
    while i < len(rows):
        size = groups.get(rows[i], 1)
        if rows[i] == "{% if true %}" and i + 1 < len(rows) and rows[i + 1] == "":
            size = 6
        result.append("\n".join(rows[i:i + size]))
        i += size
    return result + ["a\n", "a\n\n", "{{ 1 }}\n", "{% if true %}a{% endif %}\n\n", "a\r\nb\rc\r\n", "", "\n", "x\n  {% set y = 1 %}  \nz\n",
                     "{% for i in l %}\n  {{ i }}\n{% endfor %}\nend", "a  \n {#- x #}\n b", "{%- set x = 1 -%}\n\n  {{ x }}",
                     "  {{ 1 }}\n  {% if true %}{% if true %}\n  x\n{% endif %}{% endif %}  y"]


def rendered(env, source, variables):
    try:
        text = env.from_string(source).render(**variables)
    except Exception as error:  # every way to refuse counts as one
        return {"error": f"{type(error).__name__}: {error}".split("\n")[0][:160]}
    spans, plain = [], ""
    for part in text.split("\ue000"):
        if "\ue001" in part:
            said, rest = part.split("\ue001", 1)
            spans.append([len(plain.encode()), len((plain + said).encode())])
            plain += said + rest
        else:
            plain += part
    return {"text": plain, **({"generated": spans} if spans else {})}


def golden():
    env = environment()
    tokens = {"bos_token": "<s>", "eos_token": "</s>"}
    result = {"now": NOW, "special_tokens": tokens, "cases": CASES, "variables": VARIABLES, "templates": {}, "snippets": []}
    for path in sorted(TEMPLATES.glob("*.jinja")):
        result["templates"][path.stem] = {
            name: rendered(env, path.read_text(), {"tools": None, "documents": None, "add_generation_prompt": False, **tokens, **case})
            for name, case in CASES.items()}
    for source in snippets():
        result["snippets"].append({"source": source, **rendered(env, source, {**VARIABLES})})
    return json.dumps(result, ensure_ascii=False, indent=0) + "\n"


def main():
    if "--write" in sys.argv:
        GOLDEN.write_text(golden())
        return 0
    if GOLDEN.read_text() != golden():
        print(f"{GOLDEN} is not what Jinja gives")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
