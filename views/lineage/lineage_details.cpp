#include "views/lineage/lineage_details.h"

#include <QClipboard>
#include <QDesktopServices>
#include <QGridLayout>
#include <QGuiApplication>
#include <QPointer>
#include <QPushButton>
#include <QTextBrowser>
#include <QUrl>

#include "core/lineage/lineage_record.h"
#include "views/lab.h"
#include "views/lineage/lineage_texts.h"
#include "views/models/format.h"
#include "views/widgets/theme.h"

namespace retort {

namespace {

QString row(const QString& name, const QString& value) {
    return value.isEmpty()
               ? QString()
               : QStringLiteral("<tr><td style='color:%1;padding-right:10px'>%2</td><td>%3</td></tr>")
                     .arg(tones().muted.name(), name, value);
}

QString escaped(const std::string& text) {
    return toQString(text).toHtmlEscaped();
}

QString heading(const QString& text) {
    return QStringLiteral("<p style='margin-top:10px;margin-bottom:2px'><b>%1</b></p>").arg(text);
}

}  // namespace

LineageDetails::LineageDetails(Lab& lab, QWidget* parent)
    : QWidget(parent), m_lab(lab), m_text(new QTextBrowser(this)) {
    m_text->setOpenLinks(false);
    m_text->setAccessibleName(tr("Details of the checkpoint"));
    connect(m_text, &QTextBrowser::anchorClicked, this,
            [this](const QUrl& link) { Q_EMIT nodeWanted(link.path().toULongLong()); });
    auto* buttons = new QGridLayout;
    int count = 0;
    const auto button = [&](const QString& text, const QString& tip, auto act) {
        auto* made = new QPushButton(text, this);
        made->setToolTip(tip);
        connect(made, &QPushButton::clicked, this, act);
        buttons->addWidget(made, count / 2, count % 2);
        ++count;
        return made;
    };
    m_open =
        button(tr("&Open its run"), tr("Shows the run in Runs (Enter)"), [this] { Q_EMIT openWanted(); });
    m_hash = button(tr("Compute &hash"), tr("Reads the weights once; equal hashes are equal weights"),
                    [this] { computeHash(); });
    m_copy = button(tr("Copy &path"), tr("Path of the checkpoint's folder"), [this] { copyPath(); });
    m_reveal = button(tr("Show &folder"), tr("Opens the folder in the file manager"), [this] { reveal(); });
    m_compare = button(tr("Co&mpare…"), tr("This checkpoint with the one that is marked beside it"),
                       [this] { Q_EMIT compareWanted(); });
    m_merge = button(tr("Mer&ge…"), tr("Opens the merge bench with the marked checkpoints"),
                     [this] { Q_EMIT mergeWanted(); });
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_text, 1);
    layout->addLayout(buttons);
}

LineageDetails::~LineageDetails() {
    m_hashing.request_stop();
}

void LineageDetails::show(const LineageGraph& graph, std::optional<std::size_t> node) {
    const QString before = m_path;
    m_path = node ? toQString(graph.nodes()[*node].path) : QString();
    if (m_path != before) m_hashing.request_stop();
    m_text->setHtml(
        node ? html(graph, *node)
             : QStringLiteral("<p style='color:%1'>%2</p>")
                   .arg(tones().muted.name(),
                        tr("Select a checkpoint to see where it came from. With a second one (Ctrl and "
                           "click, or M), what differs between the two is listed.")));
    const bool isHere = node && !m_path.isEmpty() && graph.nodes()[*node].kind != LineageNode::Kind::Missing;
    m_open->setEnabled(node && graph.nodes()[*node].run != 0);
    m_copy->setEnabled(!m_path.isEmpty());
    m_reveal->setEnabled(isHere);
    m_hash->setEnabled(isHere && graph.nodes()[*node].hash.empty());
    m_hash->setText(node && !graph.nodes()[*node].hash.empty() ? tr("Hash is known") : tr("Compute &hash"));
}

QString LineageDetails::html(const LineageGraph& graph, std::size_t node) const {
    const LineageNode& is = graph.nodes()[node];
    QString text = QStringLiteral("<p style='font-size:large'><b>%1</b></p><table>").arg(escaped(is.name));
    text += row(tr("What"), lineageSubtitle(is).toHtmlEscaped());
    text += row(tr("State"), is.state.empty() ? QString() : stateText(is.state));
    text += row(tr("Study"), escaped(is.study));
    text += row(tr("Made"), is.created > 0 ? formatTime(is.created) : QString());
    text += row(tr("Folder"), escaped(is.path).replace(QLatin1Char('/'), QStringLiteral("/&#8203;")));
    text += row(tr("Hash"), escaped(is.hash));
    text += row(tr("Known from"), escaped(is.source));
    QStringList steps;
    for (const std::int64_t step : is.otherSteps) steps << QString::number(step);
    text += row(tr("Earlier checkpoints"), steps.join(QStringLiteral(", ")));
    text += QStringLiteral("</table>");
    if (!is.problem.empty())
        text += QStringLiteral("<p style='color:%1'>%2</p>").arg(tones().bad.name(), escaped(is.problem));
    const auto list = [&](const QString& title, const std::vector<std::size_t>& edges, bool parents) {
        if (edges.empty()) return;
        text += heading(title) + QStringLiteral("<table>");
        for (const std::size_t each : edges) {
            const LineageEdge& edge = graph.edges()[each];
            const std::size_t other = parents ? edge.parent : edge.child;
            text += QStringLiteral(
                        "<tr><td><a href='node:%1'>%2</a></td><td "
                        "style='color:%3;padding-left:10px'>%4</td></tr>")
                        .arg(other)
                        .arg(escaped(graph.nodes()[other].name), tones().muted.name(),
                             lineageEdgeText(edge).toHtmlEscaped());
        }
        text += QStringLiteral("</table>");
    };
    list(tr("Parents"), graph.edgesToParents(node), true);
    list(tr("Children"), graph.edgesToChildren(node), false);
    if (!is.accuracies.empty()) {
        text += heading(tr("Accuracy")) + QStringLiteral("<table>");
        for (const auto& [set, value] : is.accuracies) text += row(escaped(set), formatNumber(value));
        text += QStringLiteral("</table>");
    }
    return text;
}

void LineageDetails::copyPath() {
    if (!m_path.isEmpty()) QGuiApplication::clipboard()->setText(m_path);
}

void LineageDetails::reveal() {
    if (!m_path.isEmpty()) QDesktopServices::openUrl(QUrl::fromLocalFile(m_path));
}

// Off the GUI thread; another selection stops it.
void LineageDetails::computeHash() {
    m_hash->setEnabled(false);
    m_hash->setText(tr("Hashing…"));
    m_hashing = std::stop_source();
    const std::filesystem::path folder = m_path.toStdString();
    m_lab.compute(
        this,
        [lab = &m_lab, folder, stop = m_hashing.get_token()]() -> std::string {
            try {
                const std::string hash = contentHash(folder, stop);
                lab->writer().setContentHash(folder, hash).get();
                return {};
            } catch (const Error& error) {
                return stop.stop_requested() ? std::string() : std::string(error.what());
            }
        },
        [this, path = m_path](const std::string& problem) {
            if (problem.empty() || path != m_path) return;  // the hash comes with the graph
            m_hash->setEnabled(true);
            m_hash->setText(tr("Compute &hash"));
            m_lab.report(Error(problem));
        });
}

}  // namespace retort
