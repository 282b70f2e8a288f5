// How the interpolation tab is laid out.
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "views/compare/curve_panel.h"
#include "views/compare/interpolation_tab.h"
#include "views/merge/task_panel.h"
#include "views/session.h"

namespace retort {

namespace {

QComboBox* remembered(const QString& name, const QString& accessible, QWidget* parent) {
    auto* box = new QComboBox(parent);
    box->setObjectName(name);
    box->setAccessibleName(accessible);
    markRemembered(box);
    return box;
}

}  // namespace

InterpolationTab::InterpolationTab(Lab& lab, QWidget* parent)
    : QWidget(parent),
      m_lab(lab),
      m_status(new QLabel(this)),
      m_message(new QLabel(this)),
      m_curve(new CurvePanel(lab, this)),
      m_plane(new PlanePanel(lab, this)),
      m_stack(new QStackedWidget(this)) {
    setObjectName(QStringLiteral("interpolationTab"));
    for (QLabel* label : {m_status, m_message}) {
        label->setWordWrap(true);
        label->setTextFormat(Qt::PlainText);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    m_status->setAccessibleName(tr("State of the measurement"));
    m_message->setAccessibleName(tr("Why nothing can be measured"));
    m_message->setAlignment(Qt::AlignCenter);
    m_message->setMargin(24);
    m_stack->addWidget(m_message);
    m_stack->addWidget(m_curve);
    m_stack->addWidget(m_plane);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(makeChoiceBar());
    layout->addWidget(makeSettingsBar());
    layout->addWidget(m_stack, 1);

    connect(&m_run, &InterpolationRun::opening, this, [this] {
        m_isOpening = true;
        showState();
    });
    connect(&m_run, &InterpolationRun::measured, this, &InterpolationTab::accept);
    connect(&m_run, &InterpolationRun::failed, this, [this](const QString& message) { m_problem = message; });
    connect(&m_run, &InterpolationRun::ended, this, &InterpolationTab::end);
    connect(m_curve, &CurvePanel::recipeWanted, this, [this](double t) { copyRecipe({1 - t, t}); });
    connect(m_plane, &PlanePanel::recipeWanted, this, &InterpolationTab::copyRecipe);
    // Small models are measured faster than tables and charts need to follow.
    m_pace.setSingleShot(true);
    m_pace.setInterval(120);
    connect(&m_pace, &QTimer::timeout, this, &InterpolationTab::showEverything);
    showEverything();
}

QWidget* InterpolationTab::makeChoiceBar() {
    auto* bar = new QWidget(this);
    auto* line = new QHBoxLayout(bar);
    line->setContentsMargins(0, 0, 0, 0);
    m_mode = remembered(QStringLiteral("interpolationMode"), tr("What is measured"), bar);
    m_mode->addItems({tr("Between two"), tr("Plane of three")});  // as Mode
    line->addWidget(m_mode);
    const QString letters[] = {tr("A"), tr("B"), tr("C")};
    for (int i = 0; i < 3; ++i) {
        auto* holder = new QWidget(bar);
        auto* inside = new QHBoxLayout(holder);
        inside->setContentsMargins(0, 0, 0, 0);
        m_choices[i] = new QComboBox(holder);
        m_choices[i]->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        m_choices[i]->setMinimumContentsLength(8);
        m_choices[i]->setAccessibleName(tr("Checkpoint %1").arg(letters[i]));
        auto* label = new QLabel(letters[i], holder);
        label->setBuddy(m_choices[i]);
        inside->addWidget(label);
        inside->addWidget(m_choices[i], 1);
        line->addWidget(holder, 1);
        if (i == 2) m_third = holder;
        connect(m_choices[i], &QComboBox::currentIndexChanged, this, &InterpolationTab::onChoice);
    }
    m_button = new QPushButton(tr("&Measure"), bar);
    m_progress = new QProgressBar(bar);
    m_progress->setFixedWidth(120);
    m_progress->setAccessibleName(tr("Progress"));
    line->addWidget(m_button);
    line->addWidget(m_progress);
    connect(m_mode, &QComboBox::currentIndexChanged, this, &InterpolationTab::onChoice);
    connect(m_button, &QPushButton::clicked, this, [this] { isMeasuring() ? cancel() : measure(); });
    return bar;
}

QWidget* InterpolationTab::makeSettingsBar() {
    auto* bar = new QWidget(this);
    auto* line = new QHBoxLayout(bar);
    line->setContentsMargins(0, 0, 0, 0);
    m_effort =
        remembered(QStringLiteral("interpolationEffort"), tr("How closely each point is measured"), bar);
    m_effort->addItems(
        {tr("Loss, a quick look"), tr("Loss"), tr("Loss and accuracy")});  // as InterpolationEffort
    m_effort->setCurrentIndex(int(InterpolationEffort::Loss));
    m_effort->setToolTip(
        tr("A quick look takes a few examples; accuracy lets every merge write its answers, which takes "
           "longest"));
    m_curveDetail = remembered(QStringLiteral("interpolationCurveDetail"), tr("Points of the curve"), bar);
    for (const int points : {11, 21, 41}) m_curveDetail->addItem(tr("%1 points").arg(points), points);
    m_planeDetail = remembered(QStringLiteral("interpolationPlaneDetail"), tr("Points of the plane"), bar);
    for (const int side : {5, 9, 17, 33}) m_planeDetail->addItem(tr("%1 × %1 points").arg(side), side);
    m_planeDetail->setCurrentIndex(1);
    m_tasks = new TaskPanel(bar);
    for (QWidget* each : std::initializer_list<QWidget*>{m_effort, m_curveDetail, m_planeDetail, m_tasks})
        line->addWidget(each, 0, Qt::AlignTop);
    line->addWidget(m_status, 1);
    for (QComboBox* box : {m_effort, m_curveDetail, m_planeDetail})
        connect(box, &QComboBox::currentIndexChanged, this, &InterpolationTab::onChoice);
    connect(m_tasks, &TaskPanel::changed, this, &InterpolationTab::onChoice);
    return bar;
}

}  // namespace retort
