#include "views/runs/adopting/adoption_panel.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

#include "core/adoption/adoption_record.h"
#include "core/adoption/far_folder.h"
#include "training/backends/adopted_backend.h"
#include "views/lab_adopted.h"
#include "views/models/format.h"

namespace retort {

namespace {

constexpr int mostNotes = 3;

}  // namespace

AdoptionPanel::AdoptionPanel(Lab& lab, QWidget* parent)
    : QWidget(parent), m_lab(lab), m_origin(new QLabel(this)), m_follow(new QPushButton(this)) {
    m_origin->setWordWrap(true);
    m_origin->setTextFormat(Qt::PlainText);
    m_origin->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_origin->setAccessibleName(tr("Where the run was adopted from"));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_origin, 1);
    layout->addWidget(m_follow, 0, Qt::AlignTop);
    connect(m_follow, &QPushButton::clicked, this, [this] {
        if (!m_run) return;
        const bool isFollowed = adoptedBackend(m_lab)->isRunning(toQString(m_run->directory));
        isFollowed ? leaveAdopted(m_lab, *m_run) : followAdopted(m_lab, *m_run);
        showState();
    });
    AdoptedBackend* backend = adoptedBackend(m_lab);
    connect(backend, &AdoptedBackend::connectionChanged, this, &AdoptionPanel::showState);
    connect(backend, &AdoptedBackend::notesChanged, this, &AdoptionPanel::showState);
    connect(backend, &AdoptedBackend::left, this, &AdoptionPanel::showState);
    connect(backend, &Backend::ended, this, &AdoptionPanel::showState);
    connect(&m_lab, &Lab::runChanged, this, [this](RowId run) {
        if (m_run && m_run->id == run) showState();
    });
    hide();
}

AdoptionPanel::Origin AdoptionPanel::originOf(const std::filesystem::path& run) {
    const AdoptionRecord record = AdoptionRecord::load(run);
    Origin origin;
    FoundRun found;
    for (const AdoptedFile& file : record.files) found.sources.push_back(file.source);
    origin.text = toQString(sourceText(record.root)) + QLatin1Char('\n') + toQString(found.summary());
    if (const auto place = farPlaceOf(record.root)) {
        origin.machine = toQString(place->folder.machine);
        origin.home = toQString(place->home.string());
    }
    return origin;
}

void AdoptionPanel::showRun(const RunRow* run) {
    const bool isOther = !run || !m_run || m_run->id != run->id;
    if (isOther) m_from = {};
    m_run = run && isAdopted(*run) ? std::optional(*run) : std::nullopt;
    setVisible(m_run.has_value());
    if (!m_run) return;
    if (isOther) {
        m_lab.compute(
            this,
            [directory = std::filesystem::path(run->directory)] {
                try {
                    return originOf(directory);
                } catch (const Error& error) {
                    return Origin{errorText(error), {}, {}};
                }
            },
            [this, id = run->id](Origin from) {
                if (!m_run || m_run->id != id) return;
                m_from = std::move(from);
                showState();
                Q_EMIT originRead();
            });
    }
    showState();
}

void AdoptionPanel::showState() {
    if (!m_run) return;
    const bool isFollowed = adoptedBackend(m_lab)->isRunning(toQString(m_run->directory));
    QStringList lines;
    if (!m_from.text.isEmpty()) lines << tr("Adopted from %1").arg(m_from.text);  // it is read meanwhile
    const QString problem =
        m_from.machine.isEmpty() ? QString() : adoptedBackend(m_lab)->problemWith(m_from.machine);
    if (!isFollowed)
        lines << tr("Not followed: what its program writes from now on is not read.");
    else if (!problem.isEmpty())
        lines << tr("Not reached, trying again: %1").arg(problem);
    else
        lines << tr("Followed: what its program writes is read as it comes.");
    const QStringList notes =
        m_from.home.isEmpty() ? QStringList() : adoptedBackend(m_lab)->notesOn(m_from.home);
    for (const QString& note : notes.mid(0, mostNotes)) lines << tr("Not read: %1").arg(note);
    if (notes.size() > mostNotes) lines << tr("and %n more", nullptr, int(notes.size()) - mostNotes);
    m_origin->setToolTip(notes.join(QLatin1Char('\n')));
    m_origin->setText(lines.join(QLatin1Char('\n')));
    m_follow->setText(isFollowed ? tr("Stop &following") : tr("&Follow again"));
}

}  // namespace retort
