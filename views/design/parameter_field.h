// The editor of one parameter, made from its declaration.
#pragma once

#include <QTimer>
#include <QWidget>

#include "core/config/parameter.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;

namespace retort {

class ObjectListEditor;

/// Help texts and group names come from core, in English: translated here by the text itself.
QString translatedSchemaText(const std::string& text);

/// What is shown, and the value that it stands for.
using Suggestions = QList<std::pair<QString, QString>>;

class ParameterField : public QWidget {
    Q_OBJECT
  public:
    explicit ParameterField(const Parameter& parameter, QWidget* parent = nullptr);

    const Parameter& parameter() const { return m_parameter; }
    /// Shows a value without telling anybody. A field that is being typed in is left alone while it means the
    /// same.
    void setValue(const Json& value);
    /// Text that the check refused stays as it was typed: setValue() then leaves it alone.
    void setWrong(bool wrong) { m_wrong = wrong; }
    /// What the field says now: text that is no number stays text, so that the file shows it and the check
    /// explains it.
    Json value() const;
    /// Says at once what is being typed, instead of after a pause.
    void flush();
    /// For texts with known values (checkpoints to start from).
    void setSuggestions(const Suggestions& suggestions);
    /// The widget that takes the focus.
    QWidget* editor() const;
    /// Problems by path below this parameter ("0.max_digits"), for lists.
    void setItemProblems(const QList<std::pair<QString, QString>>& problems);

  Q_SIGNALS:
    void edited(const retort::Json& value);

  protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

  private:
    void makeEditor();
    void makeText(const QString& placeholder);
    void makeLines(const QString& placeholder, int lines);
    bool isOfCommand() const;
    QString typed() const;
    Json parsedText() const;
    Json itemFrom(const QString& text) const;
    /// What an empty reference to a checkpoint means.
    QString noneText() const;
    QString rangeText() const;

    Parameter m_parameter;
    QTimer m_pause;
    QCheckBox* m_check = nullptr;
    QComboBox* m_choice = nullptr;
    QComboBox* m_suggestions = nullptr;
    QLineEdit* m_text = nullptr;
    QPlainTextEdit* m_lines = nullptr;  ///< instead of m_text: YAML in YAML, scripts, words of a command
    ObjectListEditor* m_list = nullptr;
    bool m_wrong = false;
};

}  // namespace retort
