#include "core/datasets/reader.h"

#include <simdjson.h>

#include "core/datasets/row.h"
#include "core/util/error.h"

namespace retort {
namespace {

// What a file that is no JSONL probably is.
std::string otherFormat(std::string_view beginning) {
    if (beginning.starts_with("PAR1"))
        return "a Parquet file; convert it: datasets.load_dataset(…).to_json(…)";
    if (beginning.starts_with("\x1f\x8b")) return "compressed with gzip; unpack it first";
    if (beginning.starts_with("\x28\xb5\x2f\xfd")) return "compressed with zstd; unpack it first";
    if (beginning.starts_with("PK\x03\x04")) return "a zip archive; unpack it first";
    return "";
}

// NaN and Infinity outside of strings: Python's json module writes them, JSON does not have them.
bool hasNonFiniteNumber(std::string_view line) {
    bool inString = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (inString && line[i] == '\\')
            ++i;
        else if (line[i] == '"')
            inString = !inString;
        else if (!inString && (line[i] == 'N' || line[i] == 'I'))
            return true;
    }
    return false;
}

}  // namespace

DatasetReader::DatasetReader(const std::filesystem::path& path)
    : m_lines(path, maxLineBytes), m_parser(std::make_unique<simdjson::dom::parser>()) {}

DatasetReader::~DatasetReader() = default;

void DatasetReader::fail(const std::string& what, const std::string& hint) const {
    throw Error(what, m_lines.place(), hint);
}

bool DatasetReader::nextLine() {
    for (;;) {
        try {
            if (!m_lines.next(m_line)) return false;
        } catch (const Error&) {
            m_line.clear();
            m_lines.skipLine();
            throw;
        }
        if (m_lines.number() == 1) {
            if (m_line.starts_with("\xef\xbb\xbf")) m_line.erase(0, 3);
            if (const std::string format = otherFormat(m_line); !format.empty())
                fail("is no JSONL, but " + format, "one JSON object a line is read");
        }
        if (m_line.find_first_not_of(" \t\r") != std::string::npos) return true;
    }
}

bool DatasetReader::next(DatasetExample& example) {
    if (!nextLine()) return false;
    m_line.reserve(m_line.size() + simdjson::SIMDJSON_PADDING);
    simdjson::dom::element parsed;
    if (const auto code = m_parser->parse(m_line.data(), m_line.size(), false).get(parsed)) {
        if (code == simdjson::UTF8_ERROR) fail("invalid UTF-8");
        if (hasNonFiniteNumber(m_line))
            fail("not valid JSON: NaN or Infinity", "write null, or leave the member out");
        fail(std::string("not valid JSON: ") + simdjson::error_message(code),
             "each line holds one JSON object");
    }
    simdjson::dom::object row;
    if (parsed.get(row) != simdjson::SUCCESS)
        fail("expected a JSON object", parsed.is_array()
                                           ? "a file that is one list has to be written as one object a line"
                                           : "each line holds one JSON object");
    try {
        const auto finding = shapeOf(row);
        if (!finding)
            throw Error("no shape of a dataset fits its keys", "",
                        "known: prompt + completion (+ label), messages, prompt + chosen + rejected, prompt "
                        "+ completions + "
                        "labels, problem + solution or answer, text");
        example = readExample(row, finding->shape);
        m_explanation = finding->explanation;
    } catch (const Error& error) {
        fail(error.what_happened(), error.hint());
    } catch (const simdjson::simdjson_error& error) {
        fail(error.what());
    }
    example.line = m_lines.number();
    return true;
}

}  // namespace retort
