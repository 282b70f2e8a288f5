#include "views/traces/groups/group_view.h"

#include <QClipboard>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>
#include <QSignalBlocker>
#include <algorithm>

#include "views/models/format.h"
#include "views/models/row_delegate.h"
#include "views/models/verdict_glyph.h"
#include "views/traces/groups/group_table_model.h"
#include "views/widgets/theme.h"

namespace retort {

namespace {

constexpr int kMargin = 6, kLeastColumn = 150, kMostColumn = 520, kMostLines = 14, kBar = 3;

QFont fixedFont() {
    return QFontDatabase::systemFont(QFontDatabase::FixedFont);
}

/// Lines of a text in the fixed font, wrapped anywhere: counted, for laying out thousands of cells costs
/// seconds.
int linesOf(const QString& text, int columns) {
    int lines = 0;
    for (const auto& line : QStringView(text).split(QLatin1Char('\n')))
        lines += std::max(1, static_cast<int>((line.size() + columns - 1) / columns));
    return lines;
}

class GroupCellDelegate : public PaintedRowDelegate {
  public:
    using PaintedRowDelegate::PaintedRowDelegate;

  protected:
    void paintContent(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index,
                      const Pens& pens) const override {
        const QVariant text = index.data();
        if (!text.isValid()) {
            if (!pens.selected) painter->fillRect(option.rect, blend(pens.under, pens.strong, 0.05));
            return;
        }
        const auto verdict = static_cast<StepVerdict>(index.data(GroupTableModel::VerdictRole).toInt());
        const QColor tone = verdict == StepVerdict::Wrong     ? tones().bad
                            : verdict == StepVerdict::Correct ? tones().good
                                                              : pens.faint;
        if (verdict == StepVerdict::Wrong)
            painter->fillRect(QRect(option.rect.topLeft(), QSize(3, option.rect.height())), tone);
        const QRect inner = option.rect.adjusted(kMargin, kMargin / 2, -kMargin, -kMargin / 2);
        const QFont fixed = fixedFont();
        const QFontMetrics metrics(fixed);
        const int gutter = 2 * metrics.averageCharWidth();
        painter->setFont(fixed);
        painter->setPen(pens.toned(tone));
        const bool isStep =
            index.data(GroupTableModel::KindRole).toInt() == static_cast<int>(TraceSegment::Kind::Step);
        if (isStep)
            painter->drawText(QRect(inner.topLeft(), QSize(gutter, metrics.height())), Qt::AlignLeft,
                              verdictGlyph(verdict));
        painter->setPen(pens.strong);
        painter->setClipRect(inner);
        painter->drawText(inner.adjusted(gutter, 0, 0, 0), Qt::TextWrapAnywhere | Qt::AlignLeft,
                          text.toString());
    }
};

}  // namespace

// --- the head ---

GroupHeader::GroupHeader(QWidget* parent) : QHeaderView(Qt::Horizontal, parent) {
    setSectionsClickable(true);
    setHighlightSections(false);
    setMinimumSectionSize(kLeastColumn / 2);
}

void GroupHeader::setCurrent(int column) {
    if (m_current == column) return;
    m_current = column;
    viewport()->update();
}

QSize GroupHeader::sizeHint() const {
    int lines = 1;
    if (model() && model()->columnCount() > 0) {
        const auto facts =
            model()->headerData(0, Qt::Horizontal, GroupTableModel::FactsRole).value<SampleFacts>();
        lines += static_cast<int>(facts.parts.size());
    }
    const int line = fontMetrics().height();
    return {QHeaderView::sizeHint().width(), line * lines + (lines - 1) * (kBar + 2) + 2 * kMargin};
}

QSize GroupHeader::sectionSizeFromContents(int) const {
    return {kLeastColumn, sizeHint().height()};
}

void GroupHeader::paintSection(QPainter* painter, const QRect& rect, int section) const {
    const auto facts =
        model()->headerData(section, Qt::Horizontal, GroupTableModel::FactsRole).value<SampleFacts>();
    const bool current = section == m_current;
    const QColor base = tones().surface, ink = palette().color(QPalette::Text);
    painter->save();
    painter->setClipRect(rect);
    painter->fillRect(rect, current ? blend(base, tones().accent, 0.16) : base);
    painter->setPen(tones().border);
    painter->drawLine(rect.topRight(), rect.bottomRight());
    painter->drawLine(rect.bottomLeft(), rect.bottomRight());
    if (current) painter->fillRect(QRect(rect.topLeft(), QSize(rect.width(), 3)), tones().accent);
    const int line = fontMetrics().height();
    QRect at = rect.adjusted(kMargin, kMargin, -kMargin, 0);
    at.setHeight(line);
    QFont bold = font();
    bold.setBold(true);
    painter->setFont(bold);
    painter->setPen(ink);
    painter->drawText(at, Qt::AlignLeft, facts.title);
    const int titleWidth = QFontMetrics(bold).horizontalAdvance(facts.title) + kMargin;
    painter->setFont(font());
    painter->setPen(facts.correct ? tones().good : tones().bad);
    const QString verdict =
        facts.finish.isEmpty() ? facts.verdict : facts.verdict + QStringLiteral(" · ") + facts.finish;
    const QRect right = at.adjusted(titleWidth, 0, 0, 0);
    painter->drawText(right, Qt::AlignRight,
                      fontMetrics().elidedText(verdict, Qt::ElideRight, right.width()));
    for (const SampleFacts::Part& part : facts.parts) {
        at.translate(0, line + kBar + 2);
        const int valueWidth = fontMetrics().horizontalAdvance(part.value);
        painter->setPen(tones().muted);
        const QRect name = at.adjusted(0, 0, -valueWidth - kMargin, 0);
        painter->drawText(name, Qt::AlignLeft,
                          fontMetrics().elidedText(part.name, Qt::ElideMiddle, name.width()));
        painter->setPen(ink);
        painter->drawText(at, Qt::AlignRight, part.value);
        const QRect track(at.left(), at.bottom() + 1, at.width(), kBar);
        painter->fillRect(track, blend(base, ink, 0.1));
        painter->fillRect(QRect(track.topLeft(), QSize(qRound(part.share * track.width()), kBar)),
                          tones().accent);
    }
    painter->restore();
}

// --- the table ---

GroupView::GroupView(QWidget* parent)
    : QTableView(parent), m_model(new GroupTableModel(this)), m_head(new GroupHeader(this)) {
    setHorizontalHeader(m_head);
    setModel(m_model);
    setItemDelegate(new GroupCellDelegate(this));
    setAccessibleName(tr("The group side by side"));
    setSelectionMode(QAbstractItemView::SingleSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setWordWrap(true);
    setCornerButtonEnabled(false);
    setTabKeyNavigation(false);
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setDefaultAlignment(Qt::AlignTop | Qt::AlignRight);
    connect(m_head, &QHeaderView::sectionClicked, this,
            [this](int column) { Q_EMIT sampleChosen(m_model->idAt(column)); });
    connect(m_head, &QHeaderView::sectionDoubleClicked, this,
            [this](int column) { Q_EMIT opened(m_model->idAt(column)); });
    connect(m_head, &QHeaderView::sectionResized, this, [this](int, int before, int after) {
        if (before != after && !m_showing) layOut();
    });
    connect(this, &QTableView::doubleClicked, this,
            [this](const QModelIndex& at) { Q_EMIT opened(m_model->idAt(at.column())); });
    connect(selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex& now, const QModelIndex& before) {
                if (m_showing || !now.isValid() || now.column() == before.column()) return;
                m_head->setCurrent(now.column());
                Q_EMIT sampleChosen(m_model->idAt(now.column()));
            });
}

void GroupView::setGroup(const std::vector<std::pair<RowId, Trace>>& group) {
    const int row = currentIndex().row();
    m_showing = true;
    m_model->setGroup(group);
    const int samples = m_model->columnCount();
    if (samples > 0) {
        const int width = std::clamp(viewport()->width() / samples, kLeastColumn, kMostColumn);
        for (int column = 0; column < samples; ++column) setColumnWidth(column, width);
    }
    m_showing = false;
    m_head->setCurrent(-1);
    layOut();
    if (samples > 0) {
        m_showing = true;
        setCurrentIndex(m_model->index(std::clamp(row, 0, m_model->rowCount() - 1), 0));
        m_showing = false;
    }
}

void GroupView::layOut() {
    const QFontMetrics metrics(fixedFont());
    const int character = std::max(1, metrics.averageCharWidth());
    const QSignalBlocker quiet(verticalHeader());
    for (int row = 0; row < m_model->rowCount(); ++row) {
        int lines = 1;
        for (int column = 0; column < m_model->columnCount(); ++column) {
            const int fitting = std::max(4, (columnWidth(column) - 2 * kMargin) / character - 3);
            lines = std::max(lines, linesOf(m_model->index(row, column).data().toString(), fitting));
        }
        verticalHeader()->resizeSection(row,
                                        std::min(lines, kMostLines) * metrics.lineSpacing() + kMargin + 2);
    }
    updateGeometries();
    viewport()->update();
}

void GroupView::setCurrentTrace(RowId id) {
    const int column = m_model->columnOf(id);
    m_head->setCurrent(column);
    if (column < 0 || m_model->rowCount() == 0) return;
    m_showing = true;
    setCurrentIndex(m_model->index(std::max(0, currentIndex().row()), column));
    m_showing = false;
}

void GroupView::moveStep(int by) {
    if (m_model->rowCount() == 0) return;
    const QModelIndex now = currentIndex();
    const int row = now.isValid() ? std::clamp(now.row() + by, 0, m_model->rowCount() - 1) : 0;
    setCurrentIndex(m_model->index(row, std::max(0, now.column())));
}

void GroupView::moveSample(int by) {
    if (m_model->rowCount() == 0) return;
    const QModelIndex now = currentIndex();
    const int column = std::clamp(now.column() + by, 0, m_model->columnCount() - 1);
    setCurrentIndex(m_model->index(std::max(0, now.row()), column));
}

QString GroupView::currentRowText() const {
    QStringList lines;
    const int row = currentIndex().row();
    for (int column = 0; row >= 0 && column < m_model->columnCount(); ++column)
        lines << m_model->facts(column).title + QLatin1Char('\t') +
                     m_model->index(row, column).data().toString();
    return lines.join(QLatin1Char('\n'));
}

void GroupView::resizeEvent(QResizeEvent* event) {
    QTableView::resizeEvent(event);
    const int samples = m_model->columnCount();
    if (samples == 0) return;
    const int width = std::clamp(viewport()->width() / samples, kLeastColumn, kMostColumn);
    m_showing = true;
    for (int column = 0; column < samples; ++column) setColumnWidth(column, width);
    m_showing = false;
    layOut();
}

void GroupView::keyPressEvent(QKeyEvent* event) {
    if (event->matches(QKeySequence::Copy)) {
        QGuiApplication::clipboard()->setText(currentRowText());
        return;
    }
    if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && currentIndex().isValid()) {
        Q_EMIT opened(m_model->idAt(currentIndex().column()));
        return;
    }
    QTableView::keyPressEvent(event);
}

void GroupView::changeEvent(QEvent* event) {
    QTableView::changeEvent(event);
    if (event->type() == QEvent::FontChange) layOut();
}

}  // namespace retort
