#include "views/design/yaml_editor.h"

#include <QFontDatabase>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QTextBlock>
#include <QToolTip>
#include <algorithm>

#include "views/design/yaml_highlighter.h"
#include "views/models/format.h"
#include "views/widgets/theme.h"

namespace retort {

namespace {

class Gutter final : public QWidget {
  public:
    explicit Gutter(YamlEditor* editor) : QWidget(editor), m_editor(editor) {}
    QSize sizeHint() const override { return {m_editor->gutterWidth(), 0}; }

  protected:
    void paintEvent(QPaintEvent* event) override { m_editor->paintGutter(event); }

  private:
    YamlEditor* m_editor;
};

}  // namespace

YamlEditor::YamlEditor(QWidget* parent) : QPlainTextEdit(parent), m_gutter(new Gutter(this)) {
    setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    setLineWrapMode(NoWrap);
    setAccessibleName(tr("Configuration as YAML"));
    new YamlHighlighter(document());
    connect(this, &QPlainTextEdit::blockCountChanged, this,
            [this] { setViewportMargins(gutterWidth(), 0, 0, 0); });
    connect(this, &QPlainTextEdit::updateRequest, this, [this](const QRect& rect, int dy) {
        if (dy != 0) {
            m_gutter->scroll(0, dy);
        } else {
            m_gutter->update(0, rect.y(), m_gutter->width(), rect.height());
        }
    });
    setViewportMargins(gutterWidth(), 0, 0, 0);
}

int YamlEditor::gutterWidth() const {
    const auto digits = QString::number(std::max(blockCount(), 10)).size();
    return fontMetrics().horizontalAdvance(QLatin1Char('9')) * static_cast<int>(digits + 2) + 10;
}

void YamlEditor::resizeEvent(QResizeEvent* event) {
    QPlainTextEdit::resizeEvent(event);
    const QRect area = contentsRect();
    m_gutter->setGeometry(QRect(area.topLeft(), QSize(gutterWidth(), area.height())));
}

void YamlEditor::paintGutter(QPaintEvent* event) {
    QPainter painter(m_gutter);
    painter.setFont(font());
    painter.fillRect(event->rect(), tones().sunken);
    QTextBlock block = firstVisibleBlock();
    double top = blockBoundingGeometry(block).translated(contentOffset()).top();
    while (block.isValid() && top <= event->rect().bottom()) {
        const double height = blockBoundingRect(block).height();
        const QRect line(0, static_cast<int>(top), m_gutter->width() - 5, fontMetrics().height());
        const bool wrong = !problemsOf(block.blockNumber() + 1).isEmpty();
        painter.setPen(wrong ? tones().bad : tones().muted);
        painter.drawText(line, Qt::AlignRight, QString::number(block.blockNumber() + 1));
        if (wrong) painter.drawText(line.adjusted(4, 0, 0, 0), Qt::AlignLeft, QStringLiteral("✗"));
        top += height;
        block = block.next();
    }
}

void YamlEditor::replaceText(const QString& text, bool join) {
    const QString now = toPlainText();
    if (now == text) return;
    const auto shorter = std::min(now.size(), text.size());
    qsizetype same = 0, sameEnd = 0;
    while (same < shorter && now[same] == text[same]) ++same;
    while (sameEnd < shorter - same && now[now.size() - 1 - sameEnd] == text[text.size() - 1 - sameEnd])
        ++sameEnd;
    QTextCursor cursor(document());
    if (join)
        cursor.joinPreviousEditBlock();
    else
        cursor.beginEditBlock();
    cursor.setPosition(static_cast<int>(same));
    cursor.setPosition(static_cast<int>(now.size() - sameEnd), QTextCursor::KeepAnchor);
    cursor.insertText(text.mid(same, text.size() - same - sameEnd));
    cursor.endEditBlock();
}

void YamlEditor::setProblems(std::vector<ConfigProblem> problems) {
    m_problems = std::move(problems);
    markProblems();
}

QString YamlEditor::problemsOf(int line) const {
    QStringList texts;
    for (const ConfigProblem& problem : m_problems) {
        if (problem.line != line) continue;
        QString text = toQString(problem.message);
        if (!problem.hint.empty()) text += QStringLiteral(" — ") + toQString(problem.hint);
        texts << text;
    }
    return texts.join(QLatin1Char('\n'));
}

void YamlEditor::markProblems() {
    QList<QTextEdit::ExtraSelection> marks;
    for (const ConfigProblem& problem : m_problems) {
        const QTextBlock block = document()->findBlockByNumber(problem.line - 1);
        if (problem.line < 1 || !block.isValid()) continue;
        QTextEdit::ExtraSelection mark;
        mark.format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        mark.format.setUnderlineColor(tones().bad);
        mark.cursor = QTextCursor(block);
        const int start = std::clamp(problem.column - 1, 0, std::max(block.length() - 2, 0));
        mark.cursor.setPosition(block.position() + start);
        mark.cursor.movePosition(QTextCursor::EndOfBlock, QTextCursor::KeepAnchor);
        marks << mark;
    }
    setExtraSelections(marks);
    m_gutter->update();
}

void YamlEditor::goTo(int line, int column) {
    const QTextBlock block = document()->findBlockByNumber(std::max(line - 1, 0));
    if (!block.isValid()) return;
    QTextCursor cursor(block);
    cursor.setPosition(block.position() + std::clamp(column - 1, 0, std::max(block.length() - 1, 0)));
    setTextCursor(cursor);
    centerCursor();
    setFocus();
}

void YamlEditor::keyPressEvent(QKeyEvent* event) {
    // YAML forbids tabs, and a new line mostly goes on at the same depth.
    if (event->key() == Qt::Key_Tab && !(event->modifiers() & Qt::ControlModifier))
        return insertPlainText(QStringLiteral("  "));
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (!enter || event->modifiers() != Qt::NoModifier) return QPlainTextEdit::keyPressEvent(event);
    const QString line = textCursor().block().text().left(textCursor().positionInBlock());
    qsizetype depth = 0;
    while (depth < line.size() && line[depth] == QLatin1Char(' ')) ++depth;
    if (line.trimmed().endsWith(QLatin1Char(':'))) depth += 2;
    insertPlainText(QLatin1Char('\n') + QString(depth, QLatin1Char(' ')));
    ensureCursorVisible();
}

void YamlEditor::changeEvent(QEvent* event) {
    QPlainTextEdit::changeEvent(event);
    if (event->type() != QEvent::PaletteChange) return;
    if (auto* highlighter = document()->findChild<YamlHighlighter*>()) highlighter->rehighlight();
    markProblems();
}

bool YamlEditor::viewportEvent(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        QToolTip::showText(help->globalPos(), problemsOf(cursorForPosition(help->pos()).blockNumber() + 1),
                           viewport());
        return true;
    }
    return QPlainTextEdit::viewportEvent(event);
}

}  // namespace retort
