#include "views/merge/task_panel.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QMenu>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QToolButton>
#include <QWidgetAction>
#include <map>

#include "core/config/load.h"
#include "core/config/parameter.h"
#include "core/config/values.h"
#include "views/models/format.h"
#include "views/widgets/theme.h"

namespace retort {

std::vector<BenchTask> tasksOfConfig(const std::string& yaml) {
    const ParsedConfig parsed = parseConfig(yaml, "config.yaml");
    std::vector<BenchTask> all;
    const Json* tasks = valueAt(parsed.values, "data.tasks");
    for (std::size_t i = 0; i < parsed.config.data.tasks.size(); ++i) {
        const TaskSettings& task = parsed.config.data.tasks[i];
        if (!tasks || !tasks->is_array() || i >= tasks->size()) break;
        all.push_back({task.name.empty() ? task.task : task.name, (*tasks)[i], task, {}, false});
    }
    const Json* files = valueAt(parsed.values, "data.files");
    for (std::size_t i = 0; i < parsed.config.data.files.size(); ++i) {
        const FileSettings& file = parsed.config.data.files[i];
        if (!files || !files->is_array() || i >= files->size()) break;
        all.push_back({std::filesystem::path(file.path).filename().string(), (*files)[i], {}, file, true});
    }
    return all;
}

std::vector<BenchTask> everyTask() {
    const Parameter* tasks = recipeSchema("sft").find("data.tasks");
    std::vector<BenchTask> all;
    for (const ParameterVariant& kind : tasks ? tasks->variants : std::vector<ParameterVariant>())
        for (BenchTask& task : tasksOfConfig("recipe: sft\ndata:\n  tasks:\n    - task: " + kind.name + "\n"))
            all.push_back(std::move(task));
    return all;
}

TaskPanel::TaskPanel(QWidget* parent) : QWidget(parent) {
    m_list = new QListWidget;
    m_list->setAccessibleName(tr("Held-out tasks"));
    m_list->setMinimumSize(240, 180);
    auto* menu = new QMenu(this);
    auto* holder = new QWidgetAction(menu);
    holder->setDefaultWidget(m_list);
    menu->addAction(holder);
    connect(menu, &QMenu::aboutToShow, m_list, [this] { m_list->setFocus(); });
    m_button = new QToolButton(this);
    m_button->setMenu(menu);
    m_button->setPopupMode(QToolButton::InstantPopup);
    m_button->setFocusPolicy(Qt::TabFocus);
    m_button->setToolTip(tr("What every merge is measured on"));
    connect(m_list, &QListWidget::itemChanged, this, [this] {
        showCount();
        Q_EMIT changed();
    });
    const auto box = [this](int low, int high, int value, const QString& tip) {
        auto* spin = new QSpinBox(this);
        spin->setRange(low, high);
        spin->setValue(value);
        spin->setKeyboardTracking(false);
        spin->setToolTip(tip);
        connect(spin, &QSpinBox::valueChanged, this, &TaskPanel::changed);
        return spin;
    };
    m_problems = box(1, 100'000, 64, tr("Held-out problems a task: more of them, narrower intervals"));
    m_problems->setObjectName(QStringLiteral("mergeProblems"));
    m_length = box(1, 100'000, 64, tr("Answers are cut off at so many tokens"));
    const auto label = [this](const QString& text, QWidget* buddy) {
        auto* each = new QLabel(text, this);
        each->setBuddy(buddy);
        return each;
    };
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_button);
    layout->addWidget(label(tr("&problems"), m_problems));
    layout->addWidget(m_problems);
    layout->addWidget(label(tr("to&kens"), m_length));
    layout->addWidget(m_length);
    showCount();
}

void TaskPanel::setTasks(std::vector<BenchTask> tasks, bool chosen) {
    std::map<QString, Qt::CheckState> before;
    for (int i = 0; i < m_list->count(); ++i) before[m_list->item(i)->text()] = m_list->item(i)->checkState();
    m_tasks = std::move(tasks);
    {
        const QSignalBlocker quiet(m_list);
        m_list->clear();
        for (const BenchTask& task : m_tasks) {
            auto* item = new QListWidgetItem(toQString(task.name), m_list);
            item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
            const auto known = before.find(item->text());
            item->setCheckState(known != before.end() ? known->second : chosen ? Qt::Checked : Qt::Unchecked);
            item->setToolTip(toQString(task.value.dump(-1, ' ', false, Json::error_handler_t::replace)));
        }
        if (m_list->count() > 0) m_list->setCurrentRow(0);
    }
    showCount();
}

void TaskPanel::setMaxCompletionLength(int tokens) {
    const QSignalBlocker quiet(m_length);
    m_length->setValue(tokens);
}

std::vector<BenchTask> TaskPanel::chosen() const {
    std::vector<BenchTask> all;
    for (int i = 0; i < m_list->count(); ++i)
        if (m_list->item(i)->checkState() == Qt::Checked) all.push_back(m_tasks[static_cast<std::size_t>(i)]);
    return all;
}

int TaskPanel::problems() const {
    return m_problems->value();
}

int TaskPanel::maxCompletionLength() const {
    return m_length->value();
}

void TaskPanel::showCount() {
    m_button->setText(tr("Tasks: %1 of %2").arg(chosen().size()).arg(m_tasks.size()));
    m_button->setAccessibleName(m_button->text());
}

}  // namespace retort
