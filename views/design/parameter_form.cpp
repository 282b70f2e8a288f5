#include "views/design/parameter_form.h"

#include <QGridLayout>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "core/config/values.h"
#include "views/design/parameter_field.h"
#include "views/models/format.h"
#include "views/widgets/theme.h"

namespace retort {

namespace {

QToolButton* foldButton(const QString& text, QWidget* parent) {
    auto* button = new QToolButton(parent);
    button->setText(text);
    button->setCheckable(true);
    button->setAutoRaise(true);
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setArrowType(Qt::RightArrow);
    button->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    QObject::connect(button, &QToolButton::toggled, button,
                     [button](bool open) { button->setArrowType(open ? Qt::DownArrow : Qt::RightArrow); });
    return button;
}

void setInk(QWidget* widget, const QColor& color) {
    QPalette palette = widget->palette();
    palette.setColor(QPalette::WindowText, color);
    widget->setPalette(palette);
}

}  // namespace

ParameterForm::ParameterForm(QWidget* parent) : QScrollArea(parent) {
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(tr("Parameters"));
}

void ParameterForm::setRecipe(const RecipeSchema& schema) {
    const QString name = toQString(schema.name);
    if (m_recipe == name) return;
    m_recipe = name;
    for (const Section& section : m_sections)
        m_folded[section.title.toStdString()] = !section.header->isChecked();
    m_rows.clear();
    m_sections.clear();
    auto* page = new QWidget;
    page->setMaximumWidth(fontMetrics().averageCharWidth() *
                          120);  // a number's field a metre wide helps nobody
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(4, 4, 10, 4);
    column->setSpacing(2);
    for (const Parameter& parameter : schema.parameters) addRow(parameter, column);
    column->addStretch();
    setWidget(page);  // deletes the old one
    setModelSuggestions(m_suggestions);
    updateVisibility();
}

std::size_t ParameterForm::sectionFor(const std::string& group, QVBoxLayout* column) {
    const QString title = group.empty() ? tr("Run") : translatedSchemaText(group);
    const auto known = std::find_if(m_sections.begin(), m_sections.end(),
                                    [&](const Section& s) { return s.title == title; });
    if (known != m_sections.end()) return static_cast<std::size_t>(known - m_sections.begin());
    Section section;
    section.title = title;
    section.header = foldButton(title, column->parentWidget());
    QFont bold = section.header->font();
    bold.setBold(true);
    section.header->setFont(bold);
    // What nearly every design touches is open; the rest is one click away.
    const auto folded = m_folded.find(title.toStdString());
    const bool usual =
        group.empty() || group == "Data" || group == "Optimisation" || group == "GRPO" || group == "Training";
    section.header->setChecked(folded == m_folded.end() ? usual : !folded->second);
    section.body = new QWidget(column->parentWidget());
    auto* body = new QVBoxLayout(section.body);
    body->setContentsMargins(18, 0, 0, 8);
    body->setSpacing(6);
    connect(section.header, &QToolButton::toggled, this, &ParameterForm::updateVisibility);
    column->addWidget(section.header);
    column->addWidget(section.body);
    m_sections.push_back(section);
    return m_sections.size() - 1;
}

void ParameterForm::addRow(const Parameter& parameter, QVBoxLayout* column) {
    Row row;
    row.parameter = parameter;
    row.section = sectionFor(parameter.group, column);
    Section& section = m_sections[row.section];
    auto* body = static_cast<QVBoxLayout*>(section.body->layout());
    if (parameter.advanced && !section.advanced) {
        section.advanced = foldButton(tr("Advanced"), section.body);
        connect(section.advanced, &QToolButton::toggled, this, &ParameterForm::updateVisibility);
        body->addWidget(section.advanced);
    }
    row.box = new QWidget(section.body);
    row.field = new ParameterField(parameter, row.box);
    const std::string name = parameter.path.substr(parameter.path.rfind('.') + 1);
    row.label = new QLabel(toQString(name), row.box);
    row.label->setBuddy(row.field->editor());
    row.label->setMinimumWidth(fontMetrics().averageCharWidth() * 26);
    row.reset = new QToolButton(row.box);
    row.reset->setText(QStringLiteral("↺"));
    row.reset->setAutoRaise(true);
    row.reset->setAccessibleName(tr("Reset %1").arg(toQString(parameter.path)));
    QSizePolicy keepPlace = row.reset->sizePolicy();
    keepPlace.setRetainSizeWhenHidden(true);
    row.reset->setSizePolicy(keepPlace);
    auto* help = new QLabel(translatedSchemaText(parameter.help), row.box);
    help->setWordWrap(true);
    QFont small = help->font();
    small.setPointSizeF(small.pointSizeF() * 0.88);
    help->setFont(small);
    help->setForegroundRole(QPalette::PlaceholderText);
    row.problem = new QLabel(row.box);
    row.problem->setWordWrap(true);
    row.problem->hide();

    auto* grid = new QGridLayout(row.box);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setVerticalSpacing(0);
    const bool wide = parameter.type == ParameterType::ObjectList;
    grid->addWidget(row.label, 0, 0, Qt::AlignVCenter);
    grid->addWidget(row.reset, 0, 2, Qt::AlignVCenter);
    if (wide) {
        grid->addWidget(help, 0, 1);
        grid->addWidget(row.field, 1, 0, 1, 3);
        grid->addWidget(row.problem, 2, 0, 1, 3);
    } else {
        grid->addWidget(row.field, 0, 1);
        grid->addWidget(help, 1, 1);
        grid->addWidget(row.problem, 2, 1);
    }
    grid->setColumnStretch(1, 1);
    // Plain parameters stand before the fold of the advanced ones.
    const int at = parameter.advanced || !section.advanced ? -1 : body->indexOf(section.advanced);
    body->insertWidget(at, row.box);

    connect(row.field, &ParameterField::edited, this,
            [this, path = parameter.path](const Json& value) { Q_EMIT edited(path, value); });
    connect(row.reset, &QToolButton::clicked, this,
            [this, path = parameter.path] { Q_EMIT resetRequested(path); });
    m_rows.push_back(row);
}

void ParameterForm::showState(const Json& values, const std::vector<ConfigProblem>& problems) {
    for (Row& row : m_rows) {
        showProblems(row, problems);  // first: what is wrong is not overwritten
        showValue(row, values);
    }
    for (std::size_t i = 0; i < m_sections.size(); ++i) updateHeader(i);
}

void ParameterForm::showValue(Row& row, const Json& values) {
    const Json* value = valueAt(values, row.parameter.path);
    const Json& shown = value ? *value : row.parameter.defaultValue;
    row.field->setValue(shown);
    row.field->setItemProblems(row.itemProblems);  // for boxes that the new value brought
    row.changed = row.wrong || shown != row.parameter.defaultValue;
    QFont font = row.label->font();
    font.setBold(row.changed);
    row.label->setFont(font);
    row.label->setAccessibleDescription(row.changed ? tr("changed") : QString());
    row.reset->setVisible(row.changed);
    row.reset->setToolTip(tr("Back to the default: %1").arg(toQString(row.parameter.defaultValue.dump())));
}

void ParameterForm::showProblems(Row& row, const std::vector<ConfigProblem>& problems) {
    QStringList own;
    row.itemProblems.clear();
    const std::string prefix = row.parameter.path + ".";
    for (const ConfigProblem& problem : problems) {
        QString text = toQString(problem.message);
        if (!problem.hint.empty()) text += QStringLiteral(" — ") + toQString(problem.hint);
        if (problem.path == row.parameter.path) own << QStringLiteral("✗ ") + text;
        if (problem.path.starts_with(prefix)) {
            row.itemProblems << std::pair(toQString(problem.path.substr(prefix.size())), text);
        }
    }
    row.wrong = !own.isEmpty() || !row.itemProblems.isEmpty();
    row.problem->setText(own.join(QLatin1Char('\n')));
    row.problem->setVisible(!own.isEmpty());
    setInk(row.problem, tones().bad);
    row.field->setWrong(!own.isEmpty());
    row.field->setItemProblems(row.itemProblems);
}

void ParameterForm::updateHeader(std::size_t index) {
    int changed = 0, wrong = 0;
    for (const Row& row : m_rows) {
        if (row.section != index) continue;
        changed += row.changed;
        wrong += row.wrong;
    }
    const Section& section = m_sections[index];
    QString text = section.title;
    if (changed > 0) text += QStringLiteral("  ·  ") + tr("%n changed", nullptr, changed);
    if (wrong > 0) text += QStringLiteral("  ·  ✗ ") + tr("%n problem(s)", nullptr, wrong);
    section.header->setText(text);
}

void ParameterForm::setFilter(const QString& text) {
    m_filter = text.trimmed();
    updateVisibility();
}

void ParameterForm::updateVisibility() {
    std::vector<int> shown(m_sections.size(), 0);
    for (const Row& row : m_rows) {
        const Section& section = m_sections[row.section];
        const bool matches = m_filter.isEmpty() ||
                             toQString(row.parameter.path).contains(m_filter, Qt::CaseInsensitive) ||
                             translatedSchemaText(row.parameter.help).contains(m_filter, Qt::CaseInsensitive);
        // A filter looks into folded places too.
        const bool unfolded = !m_filter.isEmpty() || !row.parameter.advanced || section.advanced->isChecked();
        row.box->setVisible(matches && unfolded);
        shown[row.section] += matches;
    }
    for (std::size_t i = 0; i < m_sections.size(); ++i) {
        const Section& section = m_sections[i];
        section.header->setVisible(shown[i] > 0);
        section.body->setVisible(shown[i] > 0 && (section.header->isChecked() || !m_filter.isEmpty()));
        if (section.advanced) section.advanced->setVisible(m_filter.isEmpty());
    }
}

void ParameterForm::setModelSuggestions(const Suggestions& suggestions) {
    m_suggestions = suggestions;
    if (ParameterField* from = field("model.from")) from->setSuggestions(suggestions);
}

ParameterField* ParameterForm::field(const std::string& path) const {
    for (const Row& row : m_rows) {
        if (row.parameter.path == path) return row.field;
    }
    return nullptr;
}

void ParameterForm::flush() {
    for (const Row& row : m_rows) row.field->flush();
}

void ParameterForm::reveal(const std::string& path) {
    for (const Row& row : m_rows) {
        if (path != row.parameter.path && !path.starts_with(row.parameter.path + ".")) continue;
        const Section& section = m_sections[row.section];
        section.header->setChecked(true);
        if (row.parameter.advanced) section.advanced->setChecked(true);
        ensureWidgetVisible(row.box);
        row.field->editor()->setFocus();
        return;
    }
}

}  // namespace retort
