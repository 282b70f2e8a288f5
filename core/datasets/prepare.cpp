#include "core/datasets/prepare.h"

#include <unordered_map>

#include "core/datasets/contamination.h"
#include "core/datasets/output_file.h"
#include "core/datasets/reader.h"
#include "core/datasets/text_hash.h"
#include "core/util/error.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

struct Place {
    std::uint32_t file;
    std::int64_t line;
};
using Seen = std::unordered_map<TextHash, Place, TextHashHash>;

class Preparation {
  public:
    Preparation(const PrepareSettings& settings, const std::function<bool()>& stopped)
        : m_settings(settings), m_stopped(stopped), m_index(settings.ngram) {
        requireOutput();
        for (const fs::path& file : settings.against) m_index.add(file);
        m_report.evaluationProblems = std::int64_t(m_index.problems());
        for (const std::string& file : m_index.files()) m_report.contaminatedBy.emplace_back(file, 0);
    }

    PrepareReport run() {
        OutputFile output(m_settings.output);
        for (m_file = 0; m_file < m_settings.inputs.size(); ++m_file) copy(output);
        output.finish();
        return std::move(m_report);
    }

  private:
    void requireOutput() const {
        std::error_code code;
        if (!fs::exists(m_settings.output, code)) return;
        for (const std::vector<fs::path>* list : {&m_settings.inputs, &m_settings.against})
            for (const fs::path& file : *list)
                if (fs::equivalent(file, m_settings.output, code))
                    throw Error("is read and would be overwritten", m_settings.output.string(),
                                "choose another output");
        if (!m_settings.overwrite)
            throw Error("exists already", m_settings.output.string(),
                        "give another name, or --force to overwrite it");
    }

    std::string place(std::uint32_t file, std::int64_t line) const {
        return m_settings.inputs[file].string() + ":" + std::to_string(line);
    }

    void copy(OutputFile& output) {
        DatasetReader reader(m_settings.inputs[m_file]);
        for (DatasetExample example;;) {
            try {
                if (!reader.next(example)) return;
            } catch (const Error& error) {
                if (!m_settings.skipBadLines) throw;
                ++m_report.read;
                drop(m_report.bad, reader.line(), error.what_happened());
                continue;
            }
            if (++m_report.read % 1024 == 0 && m_stopped && m_stopped())
                throw Error("interrupted; nothing was written");
            if (!isWanted(example)) continue;
            output.writeLine(reader.rawLine());
            ++m_report.kept;
        }
    }

    bool isWanted(const DatasetExample& example) {
        // Unpaired and stepwise labels make two rows of one text different examples.
        std::string label;
        if (example.label) label += *example.label ? '+' : '-';
        for (const LabelledStep& step : example.steps) label += step.correct ? '+' : '-';
        const std::string prompt = example.promptText(), learned = example.learnedText();
        if (const Place* first = insert(
                m_exact,
                hashOf(std::string(prompt).append("\x1f").append(learned).append("\x1f").append(label)),
                example.line)) {
            drop(m_report.exactDuplicates, example.line, "duplicate of " + place(first->file, first->line));
            return false;
        }
        if (m_settings.nearDuplicates) {
            const TextHash near = hashOf(normalizedWords(prompt)
                                             .append("\x1f")
                                             .append(normalizedWords(learned))
                                             .append("\x1f")
                                             .append(label));
            if (const Place* first = insert(m_near, near, example.line)) {
                drop(m_report.nearDuplicates, example.line,
                     "near-duplicate of " + place(first->file, first->line));
                return false;
            }
        }
        if (const auto leak = m_index.find(example)) {
            ++m_report.contaminatedBy[leak->file].second;
            const std::string where = m_index.files()[leak->file] + ":" + std::to_string(leak->line);
            drop(m_report.contaminated, example.line,
                 leak->exact ? "is the evaluation problem " + where
                             : "shares " + std::to_string(m_settings.ngram) +
                                   " words with the evaluation problem " + where);
            return false;
        }
        return true;
    }

    // Null when the hash is new; else where it was met first.
    const Place* insert(Seen& seen, const TextHash& hash, std::int64_t line) const {
        const auto [entry, isNew] = seen.emplace(hash, Place{m_file, line});
        return isNew ? nullptr : &entry->second;
    }

    void drop(std::int64_t& count, std::int64_t line, const std::string& reason) {
        if (++count <= PrepareReport::maxListed) m_report.dropped.push_back({place(m_file, line), reason});
    }

    const PrepareSettings& m_settings;
    const std::function<bool()>& m_stopped;
    ContaminationIndex m_index;
    Seen m_exact, m_near;
    std::uint32_t m_file = 0;
    PrepareReport m_report;
};

}  // namespace

PrepareReport prepareDataset(const PrepareSettings& settings, const std::function<bool()>& stopped) {
    if (settings.ngram < 1 || settings.ngram > 100) throw Error("n-grams of 1 to 100 words are possible");
    return Preparation(settings, stopped).run();
}

}  // namespace retort
