// Where the text comes from and where it goes: a run's configuration, a file, the draft of the last time.
#include <QFileDialog>
#include <QFileInfo>

#include "core/util/files.h"
#include "views/design/design_page.h"
#include "views/lab.h"
#include "views/models/format.h"

namespace retort {

namespace {

constexpr char draftSetting[] = "design.draft";
constexpr std::size_t largestFile = 1 << 20;

}  // namespace

void DesignPage::designCopyOf(RowId run) {
    m_lab.read(
        this, [run](StoreReader& reader) { return reader.run(run); },
        [this](const std::optional<RunRow>& row) {
            if (!row) return;
            m_file.clear();  // its paths are absolute
            const ParsedConfig parsed = parseConfig(row->config, "config.yaml");
            if (!parsed.problems.empty()) return setYaml(toQString(row->config));
            Json values = parsed.values;
            values["name"] = row->name + "-copy";
            setYaml(toQString(toYaml(parsed.config.recipe, values, true)));
        });
}

void DesignPage::chooseFile() {
    const QString file = QFileDialog::getOpenFileName(this, tr("Open a configuration"), m_file,
                                                      tr("YAML files (*.yaml *.yml)"));
    if (!file.isEmpty()) openFile(file);
}

void DesignPage::openFile(const QString& file) {
    m_lab.compute(
        this, [path = file.toStdString()] { return readFile(path, largestFile); },
        [this, file](const std::string& text) {
            m_file = QFileInfo(file).absoluteFilePath();
            setYaml(toQString(text));
        });
}

void DesignPage::saveFile() {
    const QString suggestion =
        m_file.isEmpty() ? toQString(m_parsed.config.name) + QStringLiteral(".yaml") : m_file;
    const QString file = QFileDialog::getSaveFileName(this, tr("Save the configuration"), suggestion,
                                                      tr("YAML files (*.yaml *.yml)"));
    if (file.isEmpty()) return;
    m_lab.compute(
        this,
        [path = file.toStdString(), text = yaml().toStdString()] {
            writeFileAtomically(path, text);
            return true;
        },
        [this, file](bool) { m_file = QFileInfo(file).absoluteFilePath(); });
}

void DesignPage::readDraft() {
    m_savedDraft = yaml();
    m_lab.read(
        this, [](StoreReader& reader) { return reader.setting(draftSetting); },
        [this](const std::optional<Json>& draft) {
            // Only when nothing else was opened meanwhile.
            if (draft && yaml() == m_savedDraft) restoreDraft(*draft);
        });
}

void DesignPage::restoreDraft(const Json& draft) {
    if (!draft.is_object()) return;
    const auto text = draft.find("yaml"), file = draft.find("file");
    if (file != draft.end() && file->is_string()) m_file = toQString(file->get<std::string>());
    if (text != draft.end() && text->is_string()) setYaml(toQString(text->get<std::string>()));
}

/// The file goes along: relative paths in the text are meant from its folder.
void DesignPage::saveDraft() {
    const QString text = yaml();
    if (text == m_savedDraft) return;
    m_savedDraft = text;
    m_lab.writer().setSetting(draftSetting, {{"yaml", text.toStdString()}, {"file", m_file.toStdString()}});
}

}  // namespace retort
