#include "views/widgets/command_palette.h"

#include <QAction>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QVBoxLayout>
#include <algorithm>

#include "views/actions.h"
#include "views/widgets/theme.h"

namespace retort {

namespace {

/// The command's name on the left, its group and shortcut muted on the right.
class CommandDelegate final : public QStyledItemDelegate {
  public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override {
        QStyleOptionViewItem plain = option;
        initStyleOption(&plain, index);
        QStyledItemDelegate::paint(painter, option, index);
        const bool selected = plain.state & QStyle::State_Selected;
        painter->setPen(selected ? plain.palette.color(QPalette::HighlightedText) : tones().muted);
        painter->drawText(plain.rect.adjusted(0, 0, -10, 0), Qt::AlignRight | Qt::AlignVCenter,
                          index.data(Qt::UserRole + 1).toString());
    }

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        return QStyledItemDelegate::sizeHint(option, index) + QSize(0, 10);
    }
};

bool isWindowWide(const QAction* command) {
    const auto* owner = qobject_cast<const QWidget*>(command->parent());
    return owner && owner->isWindow();
}

QString aside(const QAction* command) {
    const QString keys = command->shortcut().toString(QKeySequence::NativeText);
    return keys.isEmpty() ? commandGroup(command) : commandGroup(command) + QStringLiteral("   ") + keys;
}

}  // namespace

int matchScore(const QString& typed, const QString& text) {
    int score = 0;
    qsizetype at = 0;
    for (const QChar wanted : typed) {
        if (wanted.isSpace()) continue;
        const qsizetype found = text.indexOf(wanted, at, Qt::CaseInsensitive);
        if (found < 0) return -1;
        const bool startsWord = found == 0 || !text[found - 1].isLetterOrNumber();
        score += startsWord ? 4 : (found == at ? 2 : 0);
        at = found + 1;
    }
    // Letters that stand together as they were typed beat any that are picked from here and there (the first
    // letter may have been picked before: the "t" of "to" in "Go to Traces").
    const QString together = typed.trimmed();
    const qsizetype whole = together.isEmpty() ? -1 : text.indexOf(together, 0, Qt::CaseInsensitive);
    if (whole < 0) return score;
    const bool startsWord = whole == 0 || !text[whole - 1].isLetterOrNumber();
    const auto letters = static_cast<int>(together.size());
    return std::max(score, (startsWord ? 4 : 0) + 2 * (letters - 1)) + (whole == 0 ? 40 : 20);
}

CommandPalette::CommandPalette(QWidget* window)
    : QFrame(window, Qt::Popup), m_edit(new QLineEdit(this)), m_list(new QListWidget(this)) {
    setFrameShape(QFrame::StyledPanel);
    setAccessibleName(tr("Command palette"));
    m_edit->setPlaceholderText(tr("Type a command"));
    m_edit->setAccessibleName(tr("Command"));
    m_edit->setClearButtonEnabled(true);
    m_edit->installEventFilter(this);
    m_list->setAccessibleName(tr("Matching commands"));
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setUniformItemSizes(true);
    m_list->setItemDelegate(new CommandDelegate(m_list));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 8, 8);
    layout->addWidget(m_edit);
    layout->addWidget(m_list);
    connect(m_edit, &QLineEdit::textChanged, this, &CommandPalette::fill);
    connect(m_edit, &QLineEdit::returnPressed, this, &CommandPalette::runCurrent);
    connect(m_list, &QListWidget::itemClicked, this, &CommandPalette::runCurrent);
}

void CommandPalette::open(std::vector<QAction*> commands) {
    m_commands = std::move(commands);
    m_edit->clear();
    fill();
    const QWidget* window = parentWidget();
    const int width = std::min(620, window->width() - 40);
    resize(width, std::min(440, window->height() - 120));
    move(window->mapToGlobal(QPoint((window->width() - width) / 2, 70)));
    QFrame::show();
    m_edit->setFocus();
}

void CommandPalette::fill() {
    std::vector<std::pair<int, QAction*>> fitting;
    for (QAction* command : m_commands) {
        if (!command->isEnabled()) continue;
        const QString text = commandText(command), typed = m_edit->text().trimmed();
        int score = matchScore(typed, text);
        // "compare" goes to Compare, whatever the page in sight can compare.
        if (isWindowWide(command) && text.endsWith(QLatin1Char(' ') + typed, Qt::CaseInsensitive))
            score += 20;
        if (score >= 0) fitting.emplace_back(score, command);
    }
    // Where names fit alike, what works everywhere goes before what belongs to one page: "traces" goes to
    // Traces.
    const auto before = [](const auto& a, const auto& b) {
        return std::pair(a.first, isWindowWide(a.second)) > std::pair(b.first, isWindowWide(b.second));
    };
    std::stable_sort(fitting.begin(), fitting.end(), before);
    m_list->clear();
    for (const auto& [score, command] : fitting) {
        auto* item = new QListWidgetItem(commandText(command), m_list);
        item->setData(Qt::UserRole, QVariant::fromValue(static_cast<QObject*>(command)));
        item->setData(Qt::UserRole + 1, aside(command));
    }
    m_list->setCurrentRow(0);
}

void CommandPalette::runCurrent() {
    const QListWidgetItem* item = m_list->currentItem();
    if (!item) return;
    auto* command = qobject_cast<QAction*>(item->data(Qt::UserRole).value<QObject*>());
    close();
    if (command) command->trigger();
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_edit && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        const int step = key == Qt::Key_Down ? 1 : key == Qt::Key_Up ? -1 : 0;
        if (step && m_list->count() > 0) {
            m_list->setCurrentRow((m_list->currentRow() + step + m_list->count()) % m_list->count());
            return true;
        }
    }
    return QFrame::eventFilter(watched, event);
}

}  // namespace retort
