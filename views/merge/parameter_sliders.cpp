#include "views/merge/parameter_sliders.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QScrollArea>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "views/merge/slider_field.h"
#include "views/models/format.h"
#include "views/widgets/elided_label.h"
#include "views/widgets/theme.h"

namespace retort {

ParameterSliders::ParameterSliders(std::function<QString(const std::string&)> shortName, QWidget* parent)
    : QWidget(parent), m_shortName(std::move(shortName)) {
    m_method = new QComboBox(this);
    m_method->setObjectName(QStringLiteral("mergeMethod"));
    auto* label = new QLabel(tr("&Method"), this);
    label->setBuddy(m_method);
    connect(m_method, &QComboBox::activated, this,
            [this] { Q_EMIT methodChosen(m_method->currentData().toString()); });
    m_help = new QLabel(this);
    m_help->setWordWrap(true);
    m_help->setForegroundRole(QPalette::PlaceholderText);
    m_note = new QLabel(this);
    m_note->setWordWrap(true);
    m_note->hide();
    m_scroll = new QScrollArea(this);
    m_scroll->setWidgetResizable(true);
    m_scroll->setAccessibleName(tr("Parameters"));
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* top = new QHBoxLayout;
    top->addWidget(label);
    top->addWidget(m_method, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addLayout(top);
    layout->addWidget(m_help);
    layout->addWidget(m_note);
    layout->addWidget(m_scroll, 1);
}

void ParameterSliders::setMethods(std::vector<BenchMethod> methods) {
    m_methods = std::move(methods);
    m_method->clear();
    for (const BenchMethod& each : m_methods) {
        m_method->addItem(toQString(each.name), toQString(each.name));
        m_method->setItemData(m_method->count() - 1, toQString(each.help), Qt::ToolTipRole);
    }
    m_builtMethod = {};
    m_builtModels = {};
}

const BenchMethod* ParameterSliders::method(const std::string& name) const {
    for (const BenchMethod& each : m_methods)
        if (each.name == name) return &each;
    return nullptr;
}

SliderField* ParameterSliders::field(const std::string& parameter, int model) const {
    for (const auto& [of, each] : m_fields)
        if (of == model && each->parameter().name == parameter) return each;
    return nullptr;
}

void ParameterSliders::show(const RecipeView& recipe) {
    const BenchMethod* method = this->method(recipe.method);
    m_method->setCurrentIndex(m_method->findData(toQString(recipe.method)));
    m_help->setText(method                  ? toQString(method->help)
                    : recipe.method.empty() ? tr("Choose how the models become one.")
                    : m_methods.empty()     ? tr("This program was built without merge methods.")
                                            : tr("There is no method '%1'.").arg(toQString(recipe.method)));
    m_note->setVisible(!recipe.isFlat);
    m_note->setText(recipe.readable
                        ? tr("The recipe has slices or modules: the text below rules.")
                        : tr("The text below cannot be read yet: %1").arg(toQString(recipe.problem)));
    m_scroll->setEnabled(recipe.readable);
    if (!recipe.readable) return;
    std::vector<std::string> models;
    for (const RecipeModel& model : recipe.models) models.push_back(model.name);
    if (!m_rows || models != m_builtModels || recipe.method != m_builtMethod || recipe.base != m_builtBase) {
        m_builtModels = models;
        m_builtMethod = recipe.method;
        m_builtBase = recipe.base;
        rebuild(recipe, method);
    }
    for (const auto& [model, field] : m_fields) {
        const auto index = static_cast<std::size_t>(std::max(model, 0));
        field->setInText(!recipe.isFlat || recipe.isInText(field->parameter(), index));
        field->setValue(recipe.valueOf(field->parameter(), index));
    }
}

void ParameterSliders::rebuild(const RecipeView& recipe, const BenchMethod* method) {
    m_fields.clear();
    m_rows = new QWidget;
    m_layout = new QVBoxLayout(m_rows);
    m_layout->setContentsMargins(0, 0, 6, 0);
    m_layout->setSpacing(3);
    for (std::size_t i = 0; i < recipe.models.size(); ++i) {
        const std::string& name = recipe.models[i].name;
        const bool isBase = name == recipe.base;
        const QString shown = m_shortName(name);
        m_layout->addWidget(
            heading(isBase ? tr("%1 (the base)").arg(shown) : shown, toQString(name), static_cast<int>(i)));
        if (!method || isBase) continue;
        for (const BenchParameter& parameter : method->parameters)
            if (parameter.perModel) addField(parameter, static_cast<int>(i), shown);
    }
    const bool hasGlobal = method && std::any_of(method->parameters.begin(), method->parameters.end(),
                                                 [](const BenchParameter& p) { return !p.perModel; });
    if (hasGlobal) m_layout->addWidget(heading(tr("Whole merge"), {}, -1));
    if (method)
        for (const BenchParameter& parameter : method->parameters)
            if (!parameter.perModel) addField(parameter, -1, {});
    m_layout->addStretch(1);
    m_scroll->setWidget(m_rows);  // deletes the old one
}

QWidget* ParameterSliders::heading(const QString& text, const QString& tip, int model) {
    auto* row = new QWidget(m_rows);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 6, 0, 0);
    auto* label = new ElidedLabel(text, row);
    QFont bold = label->font();
    bold.setBold(true);
    label->setFont(bold);
    if (!tip.isEmpty()) label->setToolTip(tip);
    layout->addWidget(label, 1);
    if (model < 0) return row;
    auto* remove = new QToolButton(row);
    remove->setIcon(lineIcon(QStringLiteral("close")));
    remove->setIconSize(QSize(12, 12));
    remove->setAutoRaise(true);
    remove->setFocusPolicy(Qt::TabFocus);
    remove->setToolTip(tr("Take %1 out of the merge").arg(text));
    remove->setAccessibleName(remove->toolTip());
    // Queued: the button goes away with the row.
    connect(
        remove, &QToolButton::clicked, this, [this, model] { Q_EMIT removeRequested(model); },
        Qt::QueuedConnection);
    layout->addWidget(remove);
    return row;
}

void ParameterSliders::addField(const BenchParameter& parameter, int model, const QString& of) {
    auto* field = new SliderField(parameter, of, m_rows);
    connect(field, &SliderField::edited, this, [this, model, parameter](double value, bool going) {
        Q_EMIT edited(model, toQString(parameter.name), value, parameter.isFlag, going);
    });
    m_fields.emplace_back(model, field);
    m_layout->addWidget(field);
}

}  // namespace retort
