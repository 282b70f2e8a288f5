#include "views/design/object_list_editor.h"

#include <QFormLayout>
#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "views/design/parameter_field.h"
#include "views/models/format.h"
#include "views/widgets/theme.h"

namespace retort {

ObjectListEditor::ObjectListEditor(const Parameter& parameter, QWidget* parent)
    : QWidget(parent), m_parameter(parameter), m_layout(new QVBoxLayout) {
    auto* add = new QPushButton(tr("Add"), this);
    add->setIcon(lineIcon(QStringLiteral("plus")));
    add->setAccessibleName(tr("Add to %1").arg(toQString(parameter.path)));
    if (parameter.variants.size() == 1) {
        connect(add, &QPushButton::clicked, this, [this] { addItem(m_parameter.variants.front().name); });
    } else {
        auto* menu = new QMenu(add);
        menu->setToolTipsVisible(true);
        for (const ParameterVariant& variant : parameter.variants) {
            QAction* action = menu->addAction(toQString(variant.name));
            action->setToolTip(translatedSchemaText(variant.help));
            connect(action, &QAction::triggered, this, [this, name = variant.name] { addItem(name); });
        }
        add->setMenu(menu);
    }
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addLayout(m_layout);
    outer->addWidget(add, 0, Qt::AlignLeft);
    setFocusProxy(add);
}

const ParameterVariant* ObjectListEditor::variantNamed(const std::string& name) const {
    for (const ParameterVariant& variant : m_parameter.variants) {
        if (variant.name == name) return &variant;
    }
    return nullptr;
}

void ObjectListEditor::setValue(const Json& items) {
    std::vector<Item> fresh;
    for (const Json& values : items.is_array() ? items : Json::array()) {
        if (!values.is_object()) continue;
        Item item;
        const std::string& key = m_parameter.discriminator;
        if (!key.empty() && values.contains(key) && values[key].is_string())
            item.variant = values[key].get<std::string>();
        item.values = values;
        fresh.push_back(std::move(item));
    }
    const bool sameShape = fresh.size() == m_items.size() &&
                           std::equal(fresh.begin(), fresh.end(), m_items.begin(),
                                      [](const Item& a, const Item& b) { return a.variant == b.variant; });
    if (!sameShape) {
        for (Item& item : m_items) item.box->deleteLater();
        m_items = std::move(fresh);
        return rebuild();
    }
    for (int i = 0; i < count(); ++i) {
        m_items[static_cast<std::size_t>(i)].values = fresh[static_cast<std::size_t>(i)].values;
        showValues(i);
    }
}

void ObjectListEditor::rebuild() {
    for (int i = 0; i < count(); ++i) {
        m_items[static_cast<std::size_t>(i)].box = makeBox(i);
        m_layout->addWidget(m_items[static_cast<std::size_t>(i)].box);
        showValues(i);
    }
}

QWidget* ObjectListEditor::makeHeader(int index, QWidget* box) {
    auto* header = new QWidget(box);
    auto* layout = new QHBoxLayout(header);
    layout->setContentsMargins(0, 0, 0, 0);
    const Item& item = m_items[static_cast<std::size_t>(index)];
    const ParameterVariant* variant = variantNamed(item.variant);
    const QString name = item.variant.empty() ? QString::number(index + 1) : toQString(item.variant);
    auto* title = new QLabel(QStringLiteral("<b>%1</b>").arg(name.toHtmlEscaped()), header);
    if (variant) title->setToolTip(translatedSchemaText(variant->help));
    layout->addWidget(title, 1);
    const auto button = [&](const QString& sign, const QString& text, bool enabled, auto act) {
        auto* tool = new QToolButton(header);
        tool->setText(sign);
        tool->setAutoRaise(true);
        tool->setToolTip(text);
        tool->setAccessibleName(text + QLatin1Char(' ') + name);
        tool->setEnabled(enabled);
        connect(tool, &QToolButton::clicked, this, act);
        layout->addWidget(tool);
    };
    button(QStringLiteral("↑"), tr("Move up"), index > 0, [this, index] { moveItem(index, -1); });
    button(QStringLiteral("↓"), tr("Move down"), index + 1 < count(), [this, index] { moveItem(index, 1); });
    button(QStringLiteral("×"), tr("Remove"), true, [this, index] { removeItem(index); });
    return header;
}

QWidget* ObjectListEditor::makeBox(int index) {
    Item& item = m_items[static_cast<std::size_t>(index)];
    auto* box = new QFrame(this);
    box->setFrameShape(QFrame::StyledPanel);
    auto* form = new QFormLayout(box);
    form->setContentsMargins(8, 4, 8, 6);
    form->setVerticalSpacing(3);
    form->addRow(makeHeader(index, box));
    item.fields.clear();
    if (const ParameterVariant* variant = variantNamed(item.variant)) {
        for (const Parameter& member : variant->parameters) {
            auto* field = new ParameterField(member, box);
            connect(field, &ParameterField::edited, this,
                    [this, index, member](const Json& value) { memberEdited(index, member, value); });
            auto* label = new QLabel(toQString(member.path), box);
            label->setToolTip(translatedSchemaText(member.help));
            label->setBuddy(field->editor());
            form->addRow(label, field);
            item.fields.push_back(field);
        }
    }
    item.problem = new QLabel(box);
    item.problem->setWordWrap(true);
    item.problem->hide();
    form->addRow(item.problem);
    return box;
}

void ObjectListEditor::showValues(int index) {
    Item& item = m_items[static_cast<std::size_t>(index)];
    for (ParameterField* field : item.fields) {
        const Parameter& member = field->parameter();
        field->setValue(item.values.contains(member.path) ? item.values[member.path] : member.defaultValue);
    }
}

void ObjectListEditor::memberEdited(int index, const Parameter& member, const Json& value) {
    Item& item = m_items[static_cast<std::size_t>(index)];
    item.values[member.path] = value;
    Q_EMIT edited(this->value());
}

Json ObjectListEditor::value() const {
    Json items = Json::array();
    for (const Item& item : m_items) {
        Json values = Json::object();
        if (!m_parameter.discriminator.empty()) values[m_parameter.discriminator] = item.variant;
        const ParameterVariant* variant = variantNamed(item.variant);
        for (const auto& [key, value] : item.values.items()) {
            const auto isKey = [&key = key](const Parameter& member) { return member.path == key; };
            const Parameter* member = nullptr;
            if (variant) {
                const auto found =
                    std::find_if(variant->parameters.begin(), variant->parameters.end(), isKey);
                if (found != variant->parameters.end()) member = &*found;
            }
            if (member && member->defaultValue == value) continue;
            values[key] = value;
        }
        items.push_back(std::move(values));
    }
    return items;
}

void ObjectListEditor::flush() {
    for (const Item& item : m_items) {
        for (ParameterField* field : item.fields) field->flush();
    }
}

void ObjectListEditor::addItem(const std::string& variant) {
    Json items = value();
    Json item = Json::object();
    if (!m_parameter.discriminator.empty()) item[m_parameter.discriminator] = variant;
    items.push_back(std::move(item));
    setValue(items);
    Q_EMIT edited(value());
    if (!m_items.back().fields.empty()) m_items.back().fields.front()->setFocus();
}

void ObjectListEditor::removeItem(int index) {
    Json items = value();
    items.erase(static_cast<std::size_t>(index));
    setValue(items);
    Q_EMIT edited(value());
}

void ObjectListEditor::moveItem(int index, int by) {
    const int to = index + by;
    if (to < 0 || to >= count()) return;
    Json items = value();
    std::swap(items[static_cast<std::size_t>(index)], items[static_cast<std::size_t>(to)]);
    setValue(items);
    Q_EMIT edited(value());
}

ParameterField* ObjectListEditor::field(int index, const std::string& member) const {
    for (ParameterField* candidate : m_items[static_cast<std::size_t>(index)].fields) {
        if (candidate->parameter().path == member) return candidate;
    }
    return nullptr;
}

void ObjectListEditor::setProblems(const QList<std::pair<QString, QString>>& problems) {
    // An item of no known kind is in the text alone: editing the list here would drop it.
    const QString kind = QLatin1Char('.') + toQString(m_parameter.discriminator);
    setEnabled(m_parameter.discriminator.empty() ||
               std::none_of(problems.begin(), problems.end(),
                            [&kind](const auto& problem) { return problem.first.endsWith(kind); }));
    for (int i = 0; i < count(); ++i) {
        QStringList texts;
        const QString prefix = QString::number(i);
        for (const auto& [path, text] : problems) {
            if (path == prefix || path.startsWith(prefix + QLatin1Char('.'))) {
                texts << QStringLiteral("✗ ") + path.mid(prefix.size() + 1) + QStringLiteral(" ") + text;
            }
        }
        Item& item = m_items[static_cast<std::size_t>(i)];
        for (ParameterField* field : item.fields) {
            const QString own = prefix + QLatin1Char('.') + toQString(field->parameter().path);
            field->setWrong(std::any_of(problems.begin(), problems.end(),
                                        [&own](const auto& problem) { return problem.first == own; }));
        }
        QPalette colors = palette();
        colors.setColor(QPalette::WindowText, tones().bad);
        item.problem->setPalette(colors);
        item.problem->setText(texts.join(QLatin1Char('\n')));
        item.problem->setVisible(!texts.isEmpty());
    }
}

}  // namespace retort
