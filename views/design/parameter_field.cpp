#include "views/design/parameter_field.h"

#include <QCheckBox>
#include <QComboBox>
#include <QCoreApplication>
#include <QEvent>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSignalBlocker>
#include <cmath>

#include "core/config/values.h"
#include "views/design/object_list_editor.h"
#include "views/models/format.h"

namespace retort {

namespace {

QString plainText(const Json& value, const QString& between = QStringLiteral(", ")) {
    if (value.is_string()) return toQString(value.get<std::string>());
    if (value.is_number_float()) return toQString(shortestNumber(value.get<double>()));
    if (value.is_array()) {
        QStringList parts;
        for (const Json& item : value) parts << plainText(item);
        return parts.join(between);
    }
    return value.is_null() ? QString() : toQString(value.dump());
}

Json integerOrText(const QString& text) {
    bool ok = false;
    const qlonglong number = text.toLongLong(&ok);
    if (ok) return Json(static_cast<std::int64_t>(number));
    const double real = text.toDouble(&ok);  // 1e6
    if (ok && std::abs(real) < 9e15 && real == std::floor(real)) return Json(static_cast<std::int64_t>(real));
    return Json(text.toStdString());
}

Json realOrText(const QString& text) {
    bool ok = false;
    const double number = text.toDouble(&ok);
    return ok && std::isfinite(number) ? Json(number) : Json(text.toStdString());
}

bool means(const Json& a, const Json& b) {
    return a == b || (a.is_number() && b.is_number() && a.get<double>() == b.get<double>());
}

}  // namespace

QString translatedSchemaText(const std::string& text) {
    return QCoreApplication::translate("Schema", text.c_str());
}

ParameterField::ParameterField(const Parameter& parameter, QWidget* parent)
    : QWidget(parent), m_parameter(parameter) {
    m_pause.setSingleShot(true);
    m_pause.setInterval(250);
    connect(&m_pause, &QTimer::timeout, this, [this] { Q_EMIT edited(value()); });
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    makeEditor();
    layout->addWidget(editor(), 1);
    if (!parameter.unit.empty()) layout->addWidget(new QLabel(translatedSchemaText(parameter.unit), this));
    QString tip = translatedSchemaText(parameter.help);
    if (const QString range = rangeText(); !range.isEmpty()) tip += QLatin1Char('\n') + range;
    editor()->setToolTip(tip + QLatin1Char('\n') + toQString(parameter.path));
    // Scrolling through the form must not change what lies under the pointer.
    if (m_choice) m_choice->installEventFilter(this);
    if (m_suggestions) m_suggestions->installEventFilter(this);
    editor()->setAccessibleName(toQString(parameter.path));
    editor()->setAccessibleDescription(tip);
    setFocusProxy(editor());
}

bool ParameterField::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() != QEvent::Wheel) return QWidget::eventFilter(watched, event);
    event->ignore();
    return true;
}

QString ParameterField::rangeText() const {
    const auto& [low, high] = std::pair(m_parameter.minimum, m_parameter.maximum);
    const QString lowText = low ? toQString(shortestNumber(*low)) : QString();
    const QString highText = high ? toQString(shortestNumber(*high)) : QString();
    const QString atLeast = m_parameter.exclusiveMinimum ? QStringLiteral("> ") : QStringLiteral("≥ ");
    if (low && high) return tr("Range: %1 to %2").arg(atLeast + lowText, highText);
    if (low) return tr("Range: %1").arg(atLeast + lowText);
    return high ? tr("Range: %1").arg(QStringLiteral("≤ ") + highText) : QString();
}

void ParameterField::makeEditor() {
    switch (m_parameter.type) {
        case ParameterType::Bool:
            m_check = new QCheckBox(this);
            connect(m_check, &QCheckBox::toggled, this, [this] { Q_EMIT edited(value()); });
            return;
        case ParameterType::Choice:
            m_choice = new QComboBox(this);
            for (const std::string& name : m_parameter.choices) m_choice->addItem(toQString(name));
            connect(m_choice, &QComboBox::textActivated, this, [this] { Q_EMIT edited(value()); });
            return;
        case ParameterType::ObjectList:
            m_list = new ObjectListEditor(m_parameter, this);
            connect(m_list, &ObjectListEditor::edited, this, &ParameterField::edited);
            return;
        case ParameterType::IntegerList:
        case ParameterType::RealList:
        case ParameterType::TextList:
            if (isOfCommand()) return makeLines(tr("one a line"), 3);
            return makeText(tr("separated by commas"));
        default:
            if (m_parameter.reference == Reference::MergeRecipe)
                return makeLines(QStringLiteral("merge_method: linear\nmodels:\n  - model: run:first\n    "
                                                "parameters: {weight: 0.5}"),
                                 12);
            return m_parameter.path == "external.shell" ? makeLines({}, 4) : makeText({});
    }
}

/// Words of a command and of its environment may hold commas.
bool ParameterField::isOfCommand() const {
    return m_parameter.type == ParameterType::TextList && m_parameter.path.rfind("external.", 0) == 0;
}

void ParameterField::makeLines(const QString& placeholder, int lines) {
    m_lines = new QPlainTextEdit(this);
    m_lines->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_lines->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_lines->setTabChangesFocus(true);
    m_lines->setMinimumHeight(lines * m_lines->fontMetrics().lineSpacing());
    if (lines < 12) m_lines->setMaximumHeight((lines + 2) * m_lines->fontMetrics().lineSpacing());
    m_lines->setPlaceholderText(placeholder);
    connect(m_lines, &QPlainTextEdit::textChanged, &m_pause, qOverload<>(&QTimer::start));
}

void ParameterField::makeText(const QString& placeholder) {
    if (m_parameter.reference == Reference::Checkpoint) {
        m_suggestions = new QComboBox(this);
        m_suggestions->setEditable(true);
        m_suggestions->setInsertPolicy(QComboBox::NoInsert);
        m_suggestions->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        m_suggestions->setMinimumContentsLength(12);
        m_text = m_suggestions->lineEdit();
        m_text->setPlaceholderText(noneText());
        connect(m_suggestions, &QComboBox::activated, this, [this](int index) {
            m_text->setText(m_suggestions->itemData(index).toString());
            Q_EMIT edited(value());
        });
    } else {
        m_text = new QLineEdit(this);
        m_text->setPlaceholderText(placeholder);
    }
    connect(m_text, &QLineEdit::textEdited, &m_pause, qOverload<>(&QTimer::start));
    connect(m_text, &QLineEdit::editingFinished, this, &ParameterField::flush);
}

void ParameterField::flush() {
    if (m_list) return m_list->flush();
    if (!m_pause.isActive()) return;
    m_pause.stop();
    Q_EMIT edited(value());
}

QWidget* ParameterField::editor() const {
    if (m_check) return m_check;
    if (m_choice) return m_choice;
    if (m_list) return m_list;
    if (m_lines) return m_lines;
    return m_suggestions ? static_cast<QWidget*>(m_suggestions) : m_text;
}

QString ParameterField::typed() const {
    return m_lines ? m_lines->toPlainText() : m_text->text().trimmed();
}

void ParameterField::setValue(const Json& fresh) {
    if (m_list) return m_list->setValue(fresh);
    if (m_check) {
        const QSignalBlocker quiet(m_check);
        m_check->setChecked(fresh == true);
        return;
    }
    if (m_choice) return m_choice->setCurrentIndex(m_choice->findText(plainText(fresh)));
    if (m_pause.isActive() || (m_wrong && !typed().isEmpty()) || means(value(), fresh)) return;
    if (!m_lines) return m_text->setText(plainText(fresh));
    const QSignalBlocker quiet(m_lines);
    m_lines->setPlainText(plainText(fresh, QStringLiteral("\n")));
}

QString ParameterField::noneText() const {
    // A command that is given no checkpoint has its own way to a model.
    const bool isModel = m_parameter.path == "model.from" && m_parameter.group == "Model";
    return isModel ? tr("a new model") : tr("none");
}

Json ParameterField::itemFrom(const QString& text) const {
    if (m_parameter.type == ParameterType::IntegerList) return integerOrText(text);
    if (m_parameter.type == ParameterType::RealList) return realOrText(text);
    return Json(text.toStdString());
}

Json ParameterField::parsedText() const {
    const QString text = typed();
    switch (m_parameter.type) {
        case ParameterType::Integer:
            return integerOrText(text);
        case ParameterType::Real:
            return realOrText(text);
        case ParameterType::IntegerList:
        case ParameterType::RealList:
        case ParameterType::TextList: {
            Json list = Json::array();
            if (m_lines) {
                for (const QString& line : text.split(QLatin1Char('\n'), Qt::SkipEmptyParts))
                    list.push_back(itemFrom(line));
                return list;
            }
            for (const QString& part : text.split(QLatin1Char(','), Qt::SkipEmptyParts)) {
                const QString item = part.trimmed();
                if (item.isEmpty()) continue;
                list.push_back(itemFrom(item));
            }
            return list;
        }
        default:
            return Json(text.toStdString());
    }
}

Json ParameterField::value() const {
    if (m_list) return m_list->value();
    if (m_check) return m_check->isChecked();
    if (m_choice) return m_choice->currentText().toStdString();
    return parsedText();
}

void ParameterField::setSuggestions(const Suggestions& suggestions) {
    if (!m_suggestions) return;
    const QString text = m_text->text();
    const QSignalBlocker quiet(m_suggestions);
    m_suggestions->clear();
    m_suggestions->addItem(noneText(), QString());
    for (const auto& [label, choice] : suggestions) m_suggestions->addItem(label, choice);
    m_text->setText(text);
}

void ParameterField::setItemProblems(const QList<std::pair<QString, QString>>& problems) {
    if (m_list) m_list->setProblems(problems);
}

}  // namespace retort
