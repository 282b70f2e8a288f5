#include "views/design/yaml_patch.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "core/config/values.h"
#include "core/config/yaml_text.h"

namespace retort {

namespace {

using Lines = std::vector<std::string>;

Lines splitLines(const std::string& text) {
    Lines lines;
    std::size_t begin = 0;
    while (begin < text.size()) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        lines.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return lines;
}

std::string joinLines(const Lines& lines) {
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    return text;
}

std::size_t indentOf(std::string_view line) {
    return std::min(line.find_first_not_of(' '), line.size());
}

/// Blank, or a comment alone on its line: belongs to no key.
bool isSilent(std::string_view line) {
    const std::size_t at = line.find_first_not_of(" \t\r");
    return at == std::string_view::npos || line[at] == '#';
}

/// A key with its value: lines [begin, end), the last of them not silent.
struct Entry {
    std::size_t begin = 0, end = 0, indent = 0;
};

bool startsKey(std::string_view line, std::size_t indent, std::string_view key) {
    if (indentOf(line) != indent || line.substr(indent, key.size()) != key) return false;
    const std::string_view rest = line.substr(indent + key.size());
    const std::size_t colon = rest.find_first_not_of(' ');
    return colon != std::string_view::npos && rest[colon] == ':';
}

/// What stands behind the colon of an entry's first line, without a comment.
std::string_view inlineValue(std::string_view line) {
    std::string_view value = line.substr(line.find(':') + 1);
    const std::size_t comment = value.find(" #");
    if (comment != std::string_view::npos) value = value.substr(0, comment);
    const std::size_t first = value.find_first_not_of(" \t\r");
    if (first == std::string_view::npos) return {};
    return value.substr(first, value.find_last_not_of(" \t\r") - first + 1);
}

/// Opens a block of text, in which a '#' is no comment.
bool opensBlock(std::string_view line) {
    const std::string_view value = inlineValue(line);
    return !value.empty() && (value[0] == '|' || value[0] == '>');
}

std::size_t entryEnd(const Lines& lines, std::size_t begin, std::size_t limit, std::size_t indent) {
    std::size_t end = begin + 1;
    std::optional<std::size_t> block;  // the indentation of the key whose block of text this is
    if (opensBlock(lines[begin])) block = indent;
    for (std::size_t i = end; i < limit; ++i) {
        const std::size_t depth = indentOf(lines[i]);
        const bool isText = block && depth > *block && depth < lines[i].size();
        if (!isText && isSilent(lines[i])) continue;
        // A block list may stand at its key's own indentation.
        const bool listItem = depth == indent && lines[i][depth] == '-';
        if (depth <= indent && !listItem) break;
        if (!isText) block = opensBlock(lines[i]) ? std::optional(depth) : std::nullopt;
        end = i + 1;
    }
    return end;
}

std::optional<Entry> findKey(const Lines& lines, std::size_t from, std::size_t to, std::size_t indent,
                             const std::string& key) {
    for (std::size_t i = from; i < to; ++i) {
        if (startsKey(lines[i], indent, key)) return Entry{i, entryEnd(lines, i, to, indent), indent};
    }
    return std::nullopt;
}

std::string commentOf(const std::string& line) {
    // A '#' inside quotes is no comment; such lines lose nothing but the alignment of a comment they don't
    // have.
    if (line.find('"') != std::string::npos || line.find('\'') != std::string::npos) return {};
    const std::size_t comment = line.find(" #");
    if (comment == std::string::npos) return {};
    return line.substr(line.find_last_not_of(' ', comment) + 1);
}

std::size_t childIndent(const Lines& lines, const Entry& section) {
    for (std::size_t i = section.begin + 1; i < section.end; ++i) {
        if (!isSilent(lines[i])) return indentOf(lines[i]);
    }
    return section.indent + 2;
}

bool isListOfMaps(const Json& value) {
    return value.is_array() &&
           std::any_of(value.begin(), value.end(), [](const Json& v) { return v.is_structured(); });
}

/// The lines of `key: value` at an indentation.
Lines writeEntry(const std::string& key, const Json& value, std::size_t indent, const std::string& comment) {
    const std::string margin(indent, ' ');
    if (const auto block = yamlBlock(value)) {
        Lines lines{margin + key + ": " + block->front() + comment};
        for (std::size_t i = 1; i < block->size(); ++i)
            lines.push_back((*block)[i].empty() ? "" : margin + "  " + (*block)[i]);
        return lines;
    }
    if (!isListOfMaps(value)) return {margin + key + ": " + yamlScalar(value) + comment};
    Lines lines{margin + key + ":" + comment};
    for (const Json& item : value) {
        std::string lead = margin + "  - ";
        for (const auto& [name, member] : item.items()) {
            lines.push_back(lead + name + ": " + yamlScalar(member));
            lead = margin + "    ";
        }
        if (item.empty()) lines.push_back(lead + "{}");
    }
    return lines;
}

void replaceLines(Lines& lines, std::size_t begin, std::size_t end, const Lines& by) {
    lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(begin),
                lines.begin() + static_cast<std::ptrdiff_t>(end));
    lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(begin), by.begin(), by.end());
}

/// Where the parts of a path lead: the sections that exist, then the key if it does.
struct Found {
    std::vector<Entry> sections;
    std::optional<Entry> key;
    bool editable = true;
};

Found find(const Lines& lines, const std::vector<std::string>& parts) {
    Found found;
    std::size_t from = 0, to = lines.size(), indent = 0;
    for (std::size_t depth = 0; depth < parts.size(); ++depth) {
        const auto entry = findKey(lines, from, to, indent, parts[depth]);
        if (!entry) return found;
        if (depth + 1 == parts.size()) {
            found.key = entry;
            return found;
        }
        const std::string_view value = inlineValue(lines[entry->begin]);
        if (!value.empty()) found.editable = false;
        found.sections.push_back(*entry);
        from = entry->begin + 1;
        to = entry->end;
        indent = childIndent(lines, *entry);
    }
    return found;
}

}  // namespace

std::optional<std::string> patchYaml(const std::string& text, const std::string& path, const Json& value) {
    Lines lines = splitLines(text);
    const std::vector<std::string> parts = splitPath(path);
    const Found found = find(lines, parts);
    if (!found.editable) return std::nullopt;
    if (found.key) {
        const Entry& key = *found.key;
        replaceLines(lines, key.begin, key.end,
                     writeEntry(parts.back(), value, key.indent, commentOf(lines[key.begin])));
        return joinLines(lines);
    }
    // The sections that are missing, and then the key, go behind what is there of the innermost one that
    // exists.
    std::size_t at = lines.size(), indent = 0;
    if (!found.sections.empty()) {
        const Entry& section = found.sections.back();
        at = section.end;
        indent = childIndent(lines, section);
    }
    Lines added;
    for (std::size_t depth = found.sections.size(); depth + 1 < parts.size(); ++depth) {
        added.push_back(std::string(indent, ' ') + parts[depth] + ":");
        indent += 2;
    }
    const Lines entry = writeEntry(parts.back(), value, indent, {});
    added.insert(added.end(), entry.begin(), entry.end());
    replaceLines(lines, at, at, added);
    return joinLines(lines);
}

std::optional<std::string> removeFromYaml(const std::string& text, const std::string& path) {
    Lines lines = splitLines(text);
    const Found found = find(lines, splitPath(path));
    if (!found.editable) return std::nullopt;
    if (!found.key) return text;
    replaceLines(lines, found.key->begin, found.key->end, {});
    const std::size_t removed = found.key->end - found.key->begin;
    // A section without a key left would be a null, which is no section.
    for (auto section = found.sections.rbegin(); section != found.sections.rend(); ++section) {
        const std::size_t end = section->end - removed;
        const auto first = lines.begin() + static_cast<std::ptrdiff_t>(section->begin) + 1;
        const auto last = lines.begin() + static_cast<std::ptrdiff_t>(end);
        if (std::any_of(first, last, [](const std::string& line) { return !isSilent(line); })) break;
        lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(section->begin));
        break;
    }
    return joinLines(lines);
}

}  // namespace retort
