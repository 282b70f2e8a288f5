#include "views/design/slurm_panel.h"

#include <QFontDatabase>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QTextCursor>
#include <QVBoxLayout>
#include <map>

#include "training/backends/slurm/remembered_request.h"
#include "training/backends/slurm/slurm_backend.h"
#include "views/design/slurm_form.h"
#include "views/lab.h"
#include "views/models/format.h"
#include "views/widgets/theme.h"

namespace retort {
namespace {

constexpr int pauseMs = 800;  // in typing, before Slurm is asked

/// Lines of either that the other has not.
int linesThatDiffer(const QString& one, const QString& other) {
    std::map<QString, int> count;
    for (const QString& line : one.split(QLatin1Char('\n'))) ++count[line];
    for (const QString& line : other.split(QLatin1Char('\n'))) --count[line];
    int added = 0, removed = 0;
    for (const auto& [line, times] : count) (times > 0 ? added : removed) += std::abs(times);
    return std::max(added, removed);
}

/// As one step that can be undone.
void replaceText(QPlainTextEdit* editor, const QString& text) {
    QTextCursor cursor(editor->document());
    cursor.select(QTextCursor::Document);
    cursor.insertText(text);
}

}  // namespace

SlurmPanel::SlurmPanel(Lab& lab, QWidget* parent) : QWidget(parent), m_lab(lab) {
    m_form = new SlurmForm(this);
    m_editor = new QPlainTextEdit(this);
    m_editor->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_editor->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_editor->setTabChangesFocus(true);
    m_editor->setAccessibleName(tr("Batch script"));
    m_difference = new QLabel(this);
    m_difference->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_answer = new QLabel(this);
    m_answer->setWordWrap(true);
    m_answer->setTextFormat(Qt::PlainText);
    m_answer->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_answer->setAccessibleName(tr("Slurm's answer"));
    m_asMade = new QPushButton(tr("As &made from the form"), this);
    m_asMade->setToolTip(tr("Takes your changes of the script back; Ctrl+Z in it brings them again"));
    m_check = new QPushButton(tr("As&k Slurm"), this);
    m_check->setToolTip(
        tr("Whether it would take this script, and when it would begin (sbatch --test-only)"));
    auto* about = new QLabel(
        tr("Remembered for this machine: the queue, studies and retort-cli ask for the same there."), this);
    about->setWordWrap(true);
    about->setForegroundRole(QPalette::PlaceholderText);
    auto* label = new QLabel(tr("&Script that is submitted"), this);
    label->setBuddy(m_editor);
    auto* bar = new QHBoxLayout;
    bar->addWidget(label);
    bar->addWidget(m_difference, 1);
    bar->addWidget(m_asMade);
    bar->addWidget(m_check);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 6, 0, 0);
    layout->addWidget(m_form);
    layout->addWidget(about);
    layout->addLayout(bar);
    layout->addWidget(m_editor, 1);
    layout->addWidget(m_answer);
    m_pause.setSingleShot(true);
    m_pause.setInterval(pauseMs);
    connect(&m_pause, &QTimer::timeout, this, &SlurmPanel::ask);
    connect(m_form, &SlurmForm::edited, this, &SlurmPanel::makeScript);
    connect(m_editor, &QPlainTextEdit::textChanged, this, &SlurmPanel::showDifference);
    connect(m_asMade, &QPushButton::clicked, this, [this] { replaceText(m_editor, m_made); });
    connect(m_check, &QPushButton::clicked, this, &SlurmPanel::ask);
}

SlurmPanel::~SlurmPanel() {
    remember();
}

void SlurmPanel::setBackend(SlurmBackend* backend) {
    if (backend == m_backend) return;
    remember();
    m_backend = backend;
    m_isRestored = false;
    ++m_question;
    m_form->setPartitions({});
    say({}, false);
    if (!backend) return;
    m_lab.read(
        this,
        [name = backend->machine().name](StoreReader& reader) {
            return rememberedSlurmRequest(reader, name);
        },
        [this, asked = m_backend](const SlurmRequest& request) {
            if (!asked || asked != m_backend) return;
            m_remembered = request;
            m_made.clear();  // another machine's script is made anew, edited or not
            m_form->setRequest(request);
            m_isRestored = true;
        });
    if (isVisible()) askPartitions();
}

void SlurmPanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    askPartitions();
    m_pause.start();
}

void SlurmPanel::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_answer) say(m_answer->text(), m_isBad);
}

void SlurmPanel::setRuns(const QString& name, const QString& recipe, int count, int atOnce) {
    if (name == m_name && recipe == m_recipe && count == m_count && atOnce == m_atOnce) return;
    m_name = name;
    m_recipe = recipe;
    m_count = count;
    m_atOnce = atOnce;
    makeScript();
}

SlurmRequest SlurmPanel::request() const {
    SlurmRequest request = m_form->request();
    request.arrayAtOnce = m_count > 1 && m_atOnce < m_count ? m_atOnce : 0;
    return request;
}

std::string SlurmPanel::script() const {
    const QString text = m_editor->toPlainText();
    return text == m_made ? std::string() : text.toStdString();
}

QString SlurmPanel::obstacle() const {
    if (const auto problems = problemsOf(request()); !problems.empty()) return toQString(problems.front());
    try {
        if (const std::string edited = script(); !edited.empty()) checkSlurmScript(edited, m_count);
    } catch (const Error& error) {
        return errorText(error);
    }
    return {};
}

/// Only what was changed here: the command line may have set another one meanwhile.
void SlurmPanel::remember() {
    if (!m_backend || !m_isRestored || m_form->request() == m_remembered) return;
    m_remembered = m_form->request();
    m_lab.writer().setSetting(slurmRequestSetting(m_backend->machine().name), toJson(m_remembered));
}

/// What a person has changed stays; beside it is said that the form has gone on.
void SlurmPanel::makeScript() {
    if (!m_backend) return;
    const bool isEdited = !m_made.isEmpty() && m_editor->toPlainText() != m_made;
    try {
        SlurmScript parts =
            slurmScriptParts(m_backend->machine(), m_name.toStdString(), m_recipe.toStdString());
        parts.arraySize = m_count > 1 ? m_count : 0;
        m_made = toQString(sbatchScript(request(), parts));
        if (!isEdited && m_editor->toPlainText() != m_made) {
            const QSignalBlocker quiet(m_editor);
            replaceText(m_editor, m_made);
            m_editor->document()->clearUndoRedoStacks();
        }
    } catch (const Error&) {  // what is wrong with the form is said below it
    }
    showDifference();
}

void SlurmPanel::showDifference() {
    const bool isEdited = m_editor->toPlainText() != m_made;
    m_asMade->setEnabled(isEdited);
    m_difference->setText(
        isEdited ? tr("edited: %n line(s) differ", nullptr, linesThatDiffer(m_editor->toPlainText(), m_made))
                 : QString());
    ++m_question;
    const QString wrong = obstacle();
    say(wrong, true);
    if (wrong.isEmpty() && m_backend && isVisible()) m_pause.start();
    Q_EMIT changed();
}

void SlurmPanel::ask() {
    m_pause.stop();
    if (!m_backend || !obstacle().isEmpty()) return;
    say(tr("Asking Slurm…"), false);
    const quint64 question = ++m_question;
    const std::string text = withSlurmProgram(m_editor->toPlainText().toStdString(), "retort-cli");
    const QPointer<SlurmPanel> guard(this);
    m_backend->client().test(
        text,
        [guard, question](const std::string& said) {
            if (!guard || question != guard->m_question) return;
            guard->remember();
            guard->say(toQString(said), false);
        },
        [guard, question](const Error& error) {
            if (guard && question == guard->m_question) guard->say(errorText(error), true);
        });
}

void SlurmPanel::askPartitions() {
    if (!m_backend) return;
    const QPointer<SlurmPanel> guard(this);
    m_backend->client().partitions(
        [guard, asked = m_backend](const std::vector<SlurmPartition>& found) {
            if (guard && asked == guard->m_backend) guard->m_form->setPartitions(found);
        },
        [](const Error&) {});  // test() says what is wrong with the machine
}

void SlurmPanel::say(const QString& text, bool isBad) {
    m_isBad = isBad;
    m_answer->setText(text);
    m_answer->setVisible(!text.isEmpty());
    QPalette colors = palette();
    colors.setColor(QPalette::WindowText, isBad ? tones().bad : tones().muted);
    m_answer->setPalette(colors);
}

}  // namespace retort
