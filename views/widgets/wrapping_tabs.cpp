#include "views/widgets/wrapping_tabs.h"

#include <QButtonGroup>
#include <QPainter>
#include <QShortcut>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include "views/widgets/flow_layout.h"
#include "views/widgets/theme.h"

namespace retort {

namespace {

/// Its text, underlined while its page is shown.
class Tab final : public QToolButton {
  public:
    explicit Tab(QWidget* parent) : QToolButton(parent) {
        setCheckable(true);
        setAutoRaise(true);
        setFocusPolicy(Qt::TabFocus);
    }
    QSize sizeHint() const override {
        ensurePolished();
        return {fontMetrics().horizontalAdvance(text()) + 18, fontMetrics().height() + 12};
    }
    QSize minimumSizeHint() const override { return sizeHint(); }

  protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const Tones& t = tones();
        if (underMouse() || hasFocus()) {
            painter.setPen(hasFocus() ? QPen(t.accent, 1) : QPen(Qt::NoPen));
            painter.setBrush(t.sunken);
            painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -4), 3, 3);
        }
        painter.setPen(isChecked() ? t.accent
                                   : palette().color(isEnabled() ? QPalette::Normal : QPalette::Disabled,
                                                     QPalette::WindowText));
        painter.drawText(rect().adjusted(0, 0, 0, -3), Qt::AlignCenter, text());
        painter.setRenderHint(QPainter::Antialiasing, false);
        const int inset = isChecked() ? 6 : 0, thickness = isChecked() ? 2 : 1;
        painter.fillRect(QRect(inset, height() - thickness, width() - 2 * inset, thickness),
                         isChecked() ? t.accent : t.border);
    }
};

}  // namespace

WrappingTabs::WrappingTabs(QWidget* parent)
    : QWidget(parent),
      m_bar(new QWidget(this)),
      m_group(new QButtonGroup(this)),
      m_pages(new QStackedWidget(this)) {
    new FlowLayout(m_bar, 0);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    layout->addWidget(m_bar);
    layout->addWidget(m_pages, 1);
    m_group->setExclusive(true);  // the arrow keys then go from tab to tab
    connect(m_group, &QButtonGroup::idToggled, this, [this](int index, bool on) {
        if (!on) return;
        m_pages->setCurrentIndex(index);
        Q_EMIT currentChanged(index);
    });
    // As in every tab widget.
    const auto shortcut = [this](const QKeySequence& key, int by) {
        connect(new QShortcut(key, this, nullptr, nullptr, Qt::WidgetWithChildrenShortcut),
                &QShortcut::activated, this, [this, by] { step(by); });
    };
    shortcut(Qt::CTRL | Qt::Key_Tab, 1);
    shortcut(Qt::CTRL | Qt::SHIFT | Qt::Key_Backtab, -1);
    shortcut(Qt::CTRL | Qt::Key_PageDown, 1);
    shortcut(Qt::CTRL | Qt::Key_PageUp, -1);
}

int WrappingTabs::addTab(QWidget* page, const QString& text) {
    const int index = count();
    auto* tab = new Tab(m_bar);
    m_tabs << tab;
    setTabText(index, text);
    m_bar->layout()->addWidget(tab);
    m_pages->addWidget(page);
    m_group->addButton(tab, index);
    if (index == 0) tab->setChecked(true);
    return index;
}

int WrappingTabs::currentIndex() const {
    return m_pages->currentIndex();
}

QWidget* WrappingTabs::widget(int index) const {
    return m_pages->widget(index);
}

QString WrappingTabs::tabText(int index) const {
    return index >= 0 && index < count() ? m_tabs[index]->text() : QString();
}

void WrappingTabs::setTabText(int index, const QString& text) {
    if (index < 0 || index >= count() || m_tabs[index]->text() == text) return;
    m_tabs[index]->setText(text);
    m_tabs[index]->setAccessibleName(text);
    m_tabs[index]->updateGeometry();
}

QRect WrappingTabs::tabGeometry(int index) const {
    if (index < 0 || index >= count()) return {};
    return {m_tabs[index]->mapTo(this, QPoint(0, 0)), m_tabs[index]->size()};
}

void WrappingTabs::setCurrentIndex(int index) {
    if (index >= 0 && index < count()) m_tabs[index]->setChecked(true);
}

void WrappingTabs::step(int by) {
    const bool wasOnTab = m_tabs.value(currentIndex()) && m_tabs[currentIndex()]->hasFocus();
    setCurrentIndex((currentIndex() + by + count()) % count());
    if (wasOnTab) m_tabs[currentIndex()]->setFocus(Qt::TabFocusReason);
}

}  // namespace retort
